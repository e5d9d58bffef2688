#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "core/bytes.h"
#include "core/error.h"

using lab::ByteReader;
using lab::ByteWriter;

namespace {

std::vector<int> as_ints(std::span<const std::byte> bytes) {
  std::vector<int> ints;
  for (const std::byte b : bytes) ints.push_back(static_cast<int>(b));
  return ints;
}

}  // namespace

TEST_CASE("the layout is little endian, without padding or tags") {
  ByteWriter writer;
  writer.u8(0xab);
  writer.u32(0x01020304);
  writer.u64(0x1112131415161718);
  writer.i64(-2);
  writer.f32(1.5f);
  writer.f64(-2.0);
  writer.boolean(true);
  writer.text("hi");
  CHECK(as_ints(writer.view()) ==
        std::vector<int>{0xab,                                            //
                         4,    3,    2,    1,                             //
                         0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,  //
                         0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,  //
                         0,    0,    0xc0, 0x3f,                          //
                         0,    0,    0,    0,    0,    0,    0,    0xc0,  //
                         1,                                               //
                         2,    0,    0,    0,    0,    0,    0,    0,    'h', 'i'});
}

TEST_CASE("what was written is read back") {
  const std::vector<double> doubles{0.0, -0.0, 1e308, std::numeric_limits<double>::infinity(),
                                    5e-324};
  const std::vector<float> floats{1.0f, -1e-45f};
  const std::vector<std::int32_t> ints{-1, 0, std::numeric_limits<std::int32_t>::min()};
  const std::vector<std::int64_t> longs{std::numeric_limits<std::int64_t>::min(), 7};
  const std::vector<std::uint32_t> words{0, 0xffffffff};
  const std::vector<std::uint64_t> keys{1, ~std::uint64_t{0}};
  const std::vector<std::byte> blob{std::byte{0}, std::byte{255}};
  ByteWriter writer;
  writer.i32(-5);
  writer.i64(std::numeric_limits<std::int64_t>::min());
  writer.f64(0.1);
  writer.f32(0.1f);
  writer.boolean(false);
  writer.text(std::string_view("a\0b", 3));
  writer.text("");
  writer.f64s(doubles);
  writer.f64s(doubles);
  writer.f32s(floats);
  writer.f32s(floats);
  writer.i32s(ints);
  writer.i64s(longs);
  writer.u32s(words);
  writer.u64s(keys);
  writer.bytes(blob);
  writer.raw(blob);
  writer.f64s({});

  const std::vector<std::byte> bytes = writer.take();
  CHECK(writer.size() == 0);
  ByteReader reader(bytes);
  CHECK(reader.i32() == -5);
  CHECK(reader.i64() == std::numeric_limits<std::int64_t>::min());
  CHECK(reader.f64() == 0.1);
  CHECK(reader.f32() == 0.1f);
  CHECK(reader.boolean() == false);
  CHECK(reader.text() == std::string("a\0b", 3));
  CHECK(reader.text().empty());
  const std::vector<double> back = reader.f64s();
  CHECK(back == doubles);
  CHECK(std::signbit(back[1]));
  std::vector<double> into(doubles.size());
  reader.f64s(into);
  CHECK(into == doubles);
  CHECK(reader.f32s() == floats);
  std::vector<float> into_floats(floats.size());
  reader.f32s(into_floats);
  CHECK(into_floats == floats);
  CHECK(reader.i32s() == ints);
  CHECK(reader.i64s() == longs);
  CHECK(reader.u32s() == words);
  CHECK(reader.u64s() == keys);
  CHECK(reader.bytes() == blob);
  CHECK(as_ints(reader.raw(2)) == std::vector<int>{0, 255});
  CHECK(reader.f64s().empty());
  CHECK(reader.remaining() == 0);
  CHECK_NOTHROW(reader.expect_end());
}

TEST_CASE("a NaN keeps its payload") {
  const std::uint64_t bits = 0xfff8000000001234;
  ByteWriter writer;
  writer.f64(std::bit_cast<double>(bits));
  ByteReader reader(writer.view());
  CHECK(std::bit_cast<std::uint64_t>(reader.f64()) == bits);
}

TEST_CASE("every truncation of a record is an error, never a read beyond the end") {
  ByteWriter writer;
  writer.u32(7);
  writer.text("abc");
  writer.f64s(std::vector<double>{1, 2});
  writer.boolean(true);
  const std::vector<std::byte> whole = writer.take();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A copy of exactly this size, so that a sanitizer sees any read beyond it.
    const std::vector<std::byte> part(whole.begin(), whole.begin() + static_cast<long>(size));
    ByteReader reader(part);
    CHECK_THROWS_AS((reader.u32(), reader.text(), reader.f64s(), reader.boolean()), lab::Error);
  }
}

TEST_CASE("absurd lengths are refused before memory is asked for") {
  for (const std::uint64_t length :
       {std::uint64_t{9}, std::uint64_t{1} << 32, std::uint64_t{1} << 61, ~std::uint64_t{0}}) {
    ByteWriter writer;
    writer.u64(length);
    writer.u64(0);
    const auto fresh = [&] { return ByteReader(writer.view(), "snapshot"); };
    CHECK_THROWS_AS(fresh().text(), lab::Error);
    CHECK_THROWS_AS(fresh().bytes(), lab::Error);
    CHECK_THROWS_AS(fresh().f64s(), lab::Error);
    CHECK_THROWS_AS(fresh().f32s(), lab::Error);
    CHECK_THROWS_AS(fresh().u32s(), lab::Error);
    CHECK_THROWS_AS(fresh().count(), lab::Error);
  }
}

TEST_CASE("an error names the source and the byte, and leaves the position") {
  ByteWriter writer;
  writer.u32(1);
  writer.u8(2);
  ByteReader reader(writer.view(), "snapshot 3");
  reader.u32();
  try {
    reader.u64();
    FAIL("no error");
  } catch (const lab::Error& error) {
    CHECK(error.where() == "snapshot 3, byte 4");
    CHECK(error.expected() == "8 bytes");
  }
  CHECK(reader.position() == 4);
  CHECK_THROWS_AS(reader.boolean(), lab::Error);
  CHECK(reader.position() == 4);
  CHECK_THROWS_AS(reader.expect_end(), lab::Error);
  CHECK(reader.u8() == 2);
}

TEST_CASE("an array of another length than the caller's is an error") {
  ByteWriter writer;
  writer.f64s(std::vector<double>{1, 2, 3});
  ByteReader reader(writer.view());
  std::vector<double> two(2);
  CHECK_THROWS_AS(reader.f64s(two), lab::Error);
  std::vector<double> three(3);
  CHECK_NOTHROW(reader.f64s(three));
}

TEST_CASE("a count is bounded by what its elements need at least") {
  ByteWriter writer;
  writer.u64(3);
  writer.raw(std::vector<std::byte>(24));
  CHECK(ByteReader(writer.view()).count(8) == 3);
  CHECK_THROWS_AS(ByteReader(writer.view()).count(9), lab::Error);
}
