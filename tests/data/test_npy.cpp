#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "data/npy.h"
#include "helpers.h"
#include "numpy_files.h"

using namespace lab;

namespace {

using Shape = std::vector<std::size_t>;
using Bytes = std::vector<std::byte>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

FileArray read(std::string_view hex) {
  return read_npy(from_hex(hex), "f.npy");
}

std::vector<double> values(std::string_view hex) {
  return to_doubles(read(hex), "f.npy");
}

// The bytes of a file of version 1 with this header and these bytes behind it.
Bytes with_header(std::string header, std::size_t element_bytes = 0) {
  std::string file("\x93NUMPY\1\0", 8);
  file += static_cast<char>(header.size() & 0xFF);
  file += static_cast<char>(header.size() >> 8);
  file += header + std::string(element_bytes, '\0');
  const auto bytes = bytes_of(file);
  return {bytes.begin(), bytes.end()};
}

std::string npy_error(std::string header, std::size_t element_bytes = 0) {
  const Bytes bytes = with_header(std::move(header), element_bytes);
  return error_of([&] { read_npy(bytes, "f.npy"); });
}

}  // namespace

TEST_CASE("npy: what NumPy wrote") {
  const std::vector<double> expected = {1.5, -2, 3.25, 0.1, 1e-300, -kInfinity};
  CHECK(read(numpy_files::kF64).shape == Shape{2, 3});
  CHECK(values(numpy_files::kF64) == expected);
  CHECK(read(numpy_files::kF64Fortran).shape == Shape{2, 3});
  CHECK(values(numpy_files::kF64Fortran) == expected);
  CHECK(read(numpy_files::kF32BigEndian).type == ElementType::f32);
  CHECK(values(numpy_files::kF32BigEndian) == std::vector<double>{1, 2, 3, -4, 0.5, 6});
  CHECK(read(numpy_files::kFortran3).shape == Shape{2, 3, 4});
  std::vector<double> counting(24);
  for (int i = 0; i < 24; ++i) counting[static_cast<std::size_t>(i)] = i;
  CHECK(values(numpy_files::kFortran3) == counting);
  CHECK(read(numpy_files::kBool).type == ElementType::boolean);
  CHECK(values(numpy_files::kBool) == std::vector<double>{1, 0, 1});
  CHECK(values(numpy_files::kI64V2) == std::vector<double>{-1, 9007199254740992.0});
  CHECK(values(numpy_files::kU8V3) == std::vector<double>{0, 255});
  CHECK(read(numpy_files::kScalar).shape.empty());
  CHECK(values(numpy_files::kScalar) == std::vector<double>{7});
  CHECK(read(numpy_files::kEmpty).shape == Shape{0, 3});
  CHECK(read(numpy_files::kEmpty).size() == 0);
}

TEST_CASE("npy: written as NumPy writes it") {
  for (const std::string_view file :
       {numpy_files::kF64, numpy_files::kBool, numpy_files::kScalar, numpy_files::kEmpty}) {
    CHECK(write_npy(read(file)) == from_hex(file));
  }
}

TEST_CASE("npy: a round trip keeps every bit") {
  const std::vector<double> doubles = {0.0,        -0.0,        5e-324, 1.7976931348623157e308,
                                       -kInfinity, std::nan("")};
  const FileArray array = make_array(doubles, {3, 2});
  const FileArray again = read_npy(write_npy(array), "f.npy");
  CHECK(again.type == ElementType::f64);
  CHECK(again.shape == Shape{3, 2});
  CHECK(again.bytes == array.bytes);
  const std::vector<float> floats = {1.5f, -0.0f, 1e-45f};
  const FileArray single = read_npy(write_npy(make_array(floats, {3})), "f.npy");
  CHECK(single.type == ElementType::f32);
  CHECK(std::memcmp(single.bytes.data(), floats.data(), 12) == 0);
  for (const ElementType type :
       {ElementType::boolean, ElementType::u8, ElementType::i8, ElementType::u16, ElementType::i16,
        ElementType::u32, ElementType::i32, ElementType::u64, ElementType::i64}) {
    const FileArray zeros{.type = type, .shape = {2, 1, 3}, .bytes = Bytes(6 * size_of(type))};
    const FileArray back = read_npy(write_npy(zeros), "f.npy");
    CHECK(back.type == type);
    CHECK(back.shape == zeros.shape);
    CHECK(back.bytes == zeros.bytes);
  }
}

TEST_CASE("npy: the dictionary in other spellings") {
  CHECK(read_npy(with_header("{\"shape\":(2L,),'descr' : \"=f4\", \"fortran_order\":True}", 8), "f")
            .shape == Shape{2});
  CHECK(
      read_npy(with_header("{'descr':'|u1','fortran_order':False,'shape':()}\n", 1), "f").rank() ==
      0);
}

TEST_CASE("npy: errors") {
  const std::string rest = "'fortran_order': False, 'shape': (2,), }";
  CHECK(error_of([] { read_npy(bytes_of("hello"), "f.npy"); }) ==
        "f.npy: the file does not begin like an NPY file; expected the bytes 93 'NUMPY'");
  CHECK(error_of([] {
          read_npy(bytes_of(std::string_view("\x93NUMPY\4\0\0\0\0\0", 12)), "f.npy");
        }) == "f.npy: the file has NPY version 4; expected version 1, 2 or 3");
  CHECK(error_of([] { read_npy(bytes_of("\x93NUMPY"), "f.npy"); }) ==
        "f.npy: the file ends inside its header; expected at least 12 bytes");
  CHECK(error_of([] {
          read_npy(bytes_of(std::string_view("\x93NUMPY\1\0\xFF\0{", 11)), "f.npy");
        }) == "f.npy: the header claims 255 bytes; expected at most 1");
  CHECK(npy_error("{'descr': '|O', " + rest) ==
        "f.npy: elements of type '|O'; expected b1, u1 to u8, i1 to i8, f4 or f8, such as '<f8'");
  CHECK(npy_error("{'descr': '|f8', " + rest, 16) ==
        "f.npy: elements of type '|f8'; expected b1, u1 to u8, i1 to i8, f4 or f8, such as '<f8'");
  CHECK(npy_error("{'descr': [('a', '<f8')], " + rest) ==
        "f.npy, byte 20: the array holds records of several fields; expected elements of one "
        "number each");
  CHECK(npy_error("{'descr': '<f8', " + rest, 15) ==
        "f.npy: the file has 15 bytes of elements; expected 16 for 2 of f64");
  CHECK(npy_error("{'descr': '<f8', " + rest, 17) ==
        "f.npy: the file has 17 bytes of elements; expected 16 for 2 of f64");
  CHECK(npy_error("{'descr': '<f8', 'fortran_order': 0, 'shape': (2,), }") ==
        "f.npy, byte 44: fortran_order is '0'; expected True or False");
  CHECK(npy_error("{'descr': '<f8', 'fortran_order': False, 'shape': (-2,), }") ==
        "f.npy, byte 61: the shape holds ''; expected whole numbers");
  CHECK(npy_error("{'descr': '<f8', 'shape': (2,), }") ==
        "f.npy, byte 43: the header lacks a key; expected 'descr', 'fortran_order' and 'shape'");
  CHECK(npy_error("{'descr': '<f8', 'descr': '<f8'}") ==
        "f.npy, byte 27: unknown or repeated key 'descr'; expected 'descr', 'fortran_order' and "
        "'shape', once "
        "each");
  CHECK(npy_error("[1]") == "f.npy, byte 10: the header is not a dictionary; expected '{' here");
  CHECK(npy_error("{'descr': '<f8', " + rest + "x") ==
        "f.npy, byte 67: text behind the dictionary; expected only blanks");
}

TEST_CASE("npy: a header cannot ask for more than the file holds") {
  CHECK(
      npy_error("{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 4000000000), }") ==
      "f.npy: the array has the shape 4000000000 x 4000000000; expected at most 67108864 "
      "elements");
  CHECK(npy_error("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4000000000), }")
            .find("at most 67108864 elements") != std::string::npos);
  CHECK(npy_error("{'descr': '<f8', 'fortran_order': True, 'shape': (60000000,), }") ==
        "f.npy: the file has 0 bytes of elements; expected 480000000 for 60000000 of f64");
}

TEST_CASE("npz: what NumPy wrote, deflated and stored") {
  const auto deflated = read_npz(from_hex(numpy_files::kDeflated), "f.npz");
  REQUIRE(deflated.size() == 2);
  CHECK(deflated[0].name == "X");
  CHECK(deflated[0].array.shape == Shape{4, 3});
  CHECK(to_doubles(deflated[0].array, "")[11] == 11.0 / 8);
  CHECK(deflated[1].name == "y");
  CHECK(to_doubles(deflated[1].array, "") == std::vector<double>{0, 1, 1, 0});
  const auto stored = read_npz(from_hex(numpy_files::kStored), "f.npz");
  REQUIRE(stored.size() == 2);
  CHECK(stored[0].name == "first");
  CHECK(stored[0].array.type == ElementType::i32);
  CHECK(to_doubles(stored[1].array, "") == std::vector<double>{0.5});
}

TEST_CASE("npz: a round trip, and the same bytes for the same arrays") {
  const std::vector<double> a = {1, 2, 3};
  const std::vector<float> b = {0.5f};
  const std::vector<NamedArray> arrays = {{"a", make_array(a, {3, 1})},
                                          {"b\xC3\xBC", make_array(b, {1})}};
  const Bytes file = write_npz(arrays);
  CHECK(is_zip(file));
  CHECK(file == write_npz(arrays));
  const auto again = read_npz(file, "f.npz");
  REQUIRE(again.size() == 2);
  CHECK(again[1].name == "b\xC3\xBC");
  CHECK(again[0].array.shape == Shape{3, 1});
  CHECK(again[0].array.bytes == arrays[0].array.bytes);
  CHECK(again[1].array.bytes == arrays[1].array.bytes);
  CHECK(read_npz(write_npz({}), "f.npz").empty());
}

TEST_CASE("npz: damage is found, wherever it is") {
  const Bytes file = from_hex(numpy_files::kDeflated);
  // Every byte in turn: either an Error, or the byte did not matter. Never a crash or other arrays.
  const auto expected = read_npz(file, "f.npz");
  std::size_t refused = 0;
  for (std::size_t i = 0; i < file.size(); ++i) {
    Bytes damaged = file;
    damaged[i] ^= std::byte{0x5A};
    try {
      for (std::size_t k = 0; const NamedArray& entry : read_npz(damaged, "f.npz")) {
        CHECK(entry.array.bytes == expected[k++].array.bytes);
      }
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(refused > file.size() / 2);
  for (std::size_t size = 0; size < file.size(); ++size) {
    CHECK_THROWS_AS(read_npz(std::span(file).first(size), "f.npz"), Error);
  }
}

TEST_CASE("npz: errors") {
  const Bytes file = from_hex(numpy_files::kDeflated);
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const std::size_t entry = text.find("PK\1\2");
  const auto with = [&](std::size_t at, std::initializer_list<int> bytes) {
    Bytes changed = file;
    for (std::size_t i = at; const int b : bytes) changed[i++] = static_cast<std::byte>(b);
    return error_of([&] { read_npz(changed, "f.npz"); });
  };
  CHECK(with(entry + 8, {1}) ==
        "f.npz, entry 'X.npy': the entry is encrypted; expected an open one");
  CHECK(with(entry + 10, {12}) ==
        "f.npz, entry 'X.npy': the entry is compressed by method 12; expected 0 (stored) or 8 "
        "(deflated)");
  CHECK(with(entry + 16, {0}) ==
        "f.npz, entry 'X.npy': the entry's checksum is wrong; expected an undamaged file");
  CHECK(with(entry + 24, {0xFF, 0xFF, 0xFF, 0xFF}).find("at most") != std::string::npos);
  CHECK(with(entry + 20, {0xFF, 0xFF, 0xFF, 0xFF}) ==
        "f.npz: the zip file is in the zip64 form; expected a file of less than 4 GiB and 65535 "
        "entries");
  CHECK(with(entry + 46, {'y'}) ==
        "f.npz, entry 'y.npy': the entry occurs twice; expected each name once");
  CHECK(with(entry + 48, {'x'}) ==
        "f.npz, entry 'X.xpy': the entry is not an array; expected a name in UTF-8 that ends in "
        ".npy");
  CHECK(error_of([] { read_npz(bytes_of("hello"), "f.npz"); }) ==
        "f.npz: the zip file is damaged or cut off: it has no directory at its end; expected a "
        "complete NPZ "
        "file");
}

TEST_CASE("npz: a bomb is refused before it expands") {
  const Bytes file = from_hex(numpy_files::kDeflated);
  CHECK(error_of([&] { read_npz(file, "f.npz", {.max_bytes = 300}); }) ==
        "f.npz, entry 'y.npy': the file expands to too much; expected at most 300 bytes in all");
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  Bytes bomb = file;
  bomb[text.find("PK\1\2") + 27] = std::byte{0x10};  // the size: 268 million bytes
  CHECK(error_of([&] { read_npz(bomb, "f.npz"); }) ==
        "f.npz, entry 'X.npy': 103 compressed bytes cannot hold 268435680; expected a size that "
        "the data can "
        "expand to");
}
