// Pictures as PNG files (W3C PNG, second edition), for screenshots and saved figures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
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

// A part of the screen that somebody wants as a file: a rectangle in units of the layout.
struct PictureRequest {
  std::string name;
  float x, y, width, height;
};

// That part of the picture of a screen with so many pixels per unit, as a PNG file.
std::vector<std::byte> requested_png(const Picture& screen, const PictureRequest& request,
                                     float density);

}  // namespace lab
