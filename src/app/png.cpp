#include "app/png.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>

#include "core/error.h"

namespace lab {
namespace {

std::array<std::uint8_t, 4> big_endian(std::size_t number) {
  const auto at = [number](int shift) { return static_cast<std::uint8_t>(number >> shift); };
  return {at(24), at(16), at(8), at(0)};
}

void append(std::vector<std::byte>& file, std::span<const std::uint8_t> bytes) {
  const std::span<const std::byte> as_bytes = std::as_bytes(bytes);
  file.insert(file.end(), as_bytes.begin(), as_bytes.end());
}

// Length, type, data, and a checksum of the two latter.
void append_chunk(std::vector<std::byte>& file, std::string_view type,
                  std::span<const std::uint8_t> data) {
  std::vector<std::uint8_t> chunk(type.begin(), type.end());
  chunk.insert(chunk.end(), data.begin(), data.end());
  append(file, big_endian(data.size()));
  append(file, chunk);
  append(file, big_endian(crc32(0, chunk.data(), static_cast<uInt>(chunk.size()))));
}

// Each row as differences from the pixel to the left (filter 1): flat areas become zeros.
std::vector<std::uint8_t> filtered_rows(const Picture& picture) {
  constexpr std::size_t kColours = 3;
  std::vector<std::uint8_t> rows;
  rows.reserve(picture.height * (1 + kColours * picture.width));
  for (std::size_t y = 0; y < picture.height; ++y) {
    rows.push_back(1);
    const std::uint8_t* row = &picture.rgba[4 * picture.width * y];
    for (std::size_t x = 0; x < picture.width; ++x) {
      for (std::size_t colour = 0; colour < kColours; ++colour) {
        const std::uint8_t left = x == 0 ? 0 : row[4 * (x - 1) + colour];
        rows.push_back(static_cast<std::uint8_t>(row[4 * x + colour] - left));
      }
    }
  }
  return rows;
}

}  // namespace

std::vector<std::byte> png(const Picture& picture) {
  assert(picture.width > 0 && picture.height > 0);
  assert(picture.rgba.size() == 4 * picture.width * picture.height);

  const std::vector<std::uint8_t> rows = filtered_rows(picture);
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::vector<std::uint8_t> compressed(size);
  if (compress(compressed.data(), &size, rows.data(), static_cast<uLong>(rows.size())) != Z_OK)
    throw Error("there is not enough memory for the picture", "", "", Error::Kind::machine);
  compressed.resize(size);

  constexpr std::array<std::uint8_t, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  const auto width = big_endian(picture.width), height = big_endian(picture.height);
  // 8 bits a colour, red green blue; the one compression and the one set of filters; not
  // interlaced.
  const std::array<std::uint8_t, 13> header = {width[0],  width[1],  width[2],  width[3], height[0],
                                               height[1], height[2], height[3], 8,        2,
                                               0,         0,         0};

  std::vector<std::byte> file;
  append(file, kSignature);
  append_chunk(file, "IHDR", header);
  append_chunk(file, "IDAT", compressed);
  append_chunk(file, "IEND", {});
  return file;
}

Picture crop(const Picture& picture, std::size_t x, std::size_t y, std::size_t width,
             std::size_t height) {
  assert(picture.width > 0 && picture.height > 0);
  x = std::min(x, picture.width - 1);
  y = std::min(y, picture.height - 1);
  Picture part;
  part.width = std::clamp<std::size_t>(width, 1, picture.width - x);
  part.height = std::clamp<std::size_t>(height, 1, picture.height - y);
  for (std::size_t row = y; row < y + part.height; ++row) {
    const auto begin =
        picture.rgba.begin() + static_cast<std::ptrdiff_t>(4 * (row * picture.width + x));
    part.rgba.insert(part.rgba.end(), begin, begin + static_cast<std::ptrdiff_t>(4 * part.width));
  }
  return part;
}

std::vector<std::byte> requested_png(const Picture& screen, const PictureRequest& request,
                                     float density) {
  const auto pixels = [density](float units) {
    return static_cast<std::size_t>(std::max(0.0f, units * density));
  };
  return png(crop(screen, pixels(request.x), pixels(request.y), pixels(request.width),
                  pixels(request.height)));
}

}  // namespace lab
