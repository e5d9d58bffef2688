#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "app/png.h"

namespace {

using lab::Picture;

std::size_t number(const std::vector<std::byte>& file, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | std::to_integer<std::size_t>(file[at + i]);
  return value;
}

// Reads what `png` writes, in its own way: chunks with right checksums, rows by their filter.
Picture read(const std::vector<std::byte>& file) {
  Picture picture;
  std::vector<unsigned char> packed;
  std::size_t at = 8;
  std::string order;
  while (at < file.size()) {
    const std::size_t length = number(file, at);
    const auto* chunk = reinterpret_cast<const unsigned char*>(&file[at + 4]);
    const std::string type(chunk, chunk + 4);
    order += type + " ";
    CHECK(number(file, at + 8 + length) == crc32(0, chunk, static_cast<uInt>(length + 4)));
    if (type == "IHDR") {
      picture.width = number(file, at + 8);
      picture.height = number(file, at + 12);
    }
    if (type == "IDAT") packed.assign(chunk + 4, chunk + 4 + length);
    at += 12 + length;
  }
  CHECK(at == file.size());
  CHECK(order == "IHDR IDAT IEND ");

  std::vector<unsigned char> rows(picture.height * (1 + 3 * picture.width));
  uLongf size = rows.size();
  REQUIRE(uncompress(rows.data(), &size, packed.data(), packed.size()) == Z_OK);
  REQUIRE(size == rows.size());
  const unsigned char* next = rows.data();
  for (std::size_t y = 0; y < picture.height; ++y) {
    CHECK(*next++ == 1);
    std::uint8_t left[3] = {0, 0, 0};
    for (std::size_t x = 0; x < picture.width; ++x) {
      for (std::uint8_t& colour : left) {
        colour = static_cast<std::uint8_t>(colour + *next++);
        picture.rgba.push_back(colour);
      }
      picture.rgba.push_back(255);
    }
  }
  return picture;
}

Picture gradient(std::size_t width, std::size_t height) {
  Picture picture{.width = width, .height = height, .rgba = {}};
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      for (const std::size_t value : {31 * x, 17 * y, x * y, std::size_t{255}})
        picture.rgba.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return picture;
}

TEST_CASE("a PNG holds every pixel of its picture") {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 2}, {257, 61}}) {
    const Picture picture =
        gradient(static_cast<std::size_t>(width), static_cast<std::size_t>(height));
    const Picture back = read(lab::png(picture));
    CHECK(back.width == picture.width);
    CHECK(back.height == picture.height);
    CHECK(back.rgba == picture.rgba);
  }
}

TEST_CASE("a crop is the rectangle, cut to the picture") {
  const Picture picture = gradient(10, 8);
  const Picture part = lab::crop(picture, 7, 6, 100, 1);
  CHECK(part.width == 3);
  CHECK(part.height == 1);
  CHECK(part.rgba[0] == (31 * 7) % 256);
  CHECK(part.rgba[1] == 17 * 6);
  const Picture outside = lab::crop(picture, 50, 50, 0, 0);
  CHECK(outside.width == 1);
  CHECK(outside.height == 1);
  CHECK(outside.rgba[0] == (31 * 9) % 256);
}

}  // namespace
