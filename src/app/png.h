// Pictures as PNG files (W3C PNG, second edition), for screenshots and saved figures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lab {

// Rows of pixels from the top, four bytes each: red, green, blue, opacity.
struct Picture {
  std::size_t width = 0, height = 0;
  std::vector<std::uint8_t> rgba;  // 4 * width * height
};

// A PNG file of the picture, without its opacity: what a screen shows is opaque. Neither side may
// be 0. Error (machine): no memory.
std::vector<std::byte> png(const Picture& picture);

// The part of a picture that lies in this rectangle, cut to the picture; a whole row and column of
// pixels at the least.
Picture crop(const Picture& picture, std::size_t x, std::size_t y, std::size_t width,
             std::size_t height);

}  // namespace lab
