#include <doctest/doctest.h>

#include "data/idx.h"
#include "helpers.h"

using namespace lab;

namespace {

FileArray read(std::string_view hex) {
  return read_idx(from_hex(hex), "f.idx");
}
std::string idx_error(std::string_view hex) {
  return error_of([&] { read(hex); });
}
std::vector<double> values(std::string_view hex) {
  return to_doubles(read(hex), "f.idx");
}

}  // namespace

TEST_CASE("idx: every element type, big-endian") {
  const FileArray pictures = read("00000803 00000002 00000001 00000003 000102 ff807f");
  CHECK(pictures.type == ElementType::u8);
  CHECK(pictures.shape == std::vector<std::size_t>{2, 1, 3});
  CHECK(to_doubles(pictures, "") == std::vector<double>{0, 1, 2, 255, 128, 127});
  CHECK(values("00000901 00000002 ff7f") == std::vector<double>{-1, 127});
  CHECK(values("00000b01 00000002 0102 fffe") == std::vector<double>{258, -2});
  CHECK(values("00000c01 00000001 fffffffd") == std::vector<double>{-3});
  CHECK(values("00000d01 00000002 3fc00000 c0000000") == std::vector<double>{1.5, -2});
  CHECK(values("00000e01 00000001 3fb999999999999a") == std::vector<double>{0.1});
  CHECK(read("00000801 00000000").size() == 0);
}

TEST_CASE("idx: what is one") {
  CHECK(is_idx(from_hex("00000803")));
  CHECK_FALSE(is_idx(from_hex("00000800")));
  CHECK_FALSE(is_idx(from_hex("00000a01")));
  CHECK_FALSE(is_idx(from_hex("0000")));
}

TEST_CASE("idx: errors, and sizes bounded by the file") {
  CHECK(idx_error("0000") ==
        "f.idx: the file has only 2 bytes; expected an IDX header of at least 8 bytes");
  CHECK(idx_error("01000801 00000000") ==
        "f.idx, byte 0: the file does not begin like an IDX file; expected two zero bytes");
  CHECK(idx_error("00000a01 00000000") ==
        "f.idx, byte 2: unknown element type 10; expected 8 (u8), 9 (i8), 11 (i16), 12 (i32), 13 "
        "(f32) or 14 "
        "(f64)");
  CHECK(idx_error("00000800 00000000") == "f.idx, byte 3: the rank is 0; expected 1 to 8");
  CHECK(idx_error("00000809 00000000") == "f.idx, byte 3: the rank is 9; expected 1 to 8");
  CHECK(idx_error("00000802 00000001 0000") ==
        "f.idx, byte 10: the file ends inside its header; expected 12 bytes of header for rank 2");
  CHECK(idx_error("00000801 00000003 0102") ==
        "f.idx: the file has 2 bytes of elements; expected 3 for 3 of u8");
  CHECK(idx_error("00000801 00000003 01020304") ==
        "f.idx: the file has 4 bytes of elements; expected 3 for 3 of u8");
  CHECK(idx_error("00000b01 00000003 01020304") ==
        "f.idx: the file has 4 bytes of elements; expected 6 for 3 of i16");
  CHECK(
      idx_error("00000802 ffffffff ffffffff") ==
      "f.idx: the array has the shape 4294967295 x 4294967295; expected at most 67108864 elements");
}
