// How is state turned into bytes and back? Snapshots of runs and binary frames use this and nothing
// else.
//
// Everything is little endian and has no padding and no type tags, so that JavaScript's DataView
// and Python's struct can read it: integers and floats are their own bytes, a text or an array is
// its length as u64 followed by the elements. Floats keep every bit, NaN payloads included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

// Appends values to a byte vector.
class ByteWriter {
 public:
  void u8(std::uint8_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void i32(std::int32_t value);
  void i64(std::int64_t value);
  void f32(float value);
  void f64(double value);
  void boolean(bool value);

  // The elements alone, without a length.
  void raw(std::span<const std::byte> bytes);

  // Length as u64, then the elements.
  void text(std::string_view value);
  void bytes(std::span<const std::byte> values);
  void u32s(std::span<const std::uint32_t> values);
  void u64s(std::span<const std::uint64_t> values);
  void i32s(std::span<const std::int32_t> values);
  void i64s(std::span<const std::int64_t> values);
  void f32s(std::span<const float> values);
  void f64s(std::span<const double> values);

  std::size_t size() const { return bytes_.size(); }
  std::span<const std::byte> view() const { return bytes_; }
  std::vector<std::byte> take() { return std::exchange(bytes_, {}); }

 private:
  std::vector<std::byte> bytes_;
};

// Reads back, in the same order, what a ByteWriter wrote. Bytes are outside input: a value that
// ends beyond the data, or a length that the rest of the data cannot hold, throws lab::Error
// ("<source>, byte 17: ..."), before any memory is asked for and without moving the position.
class ByteReader {
 public:
  // bytes: not copied; must outlive the reader. source: what the bytes are, for error texts.
  explicit ByteReader(std::span<const std::byte> bytes, std::string source = "data");

  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  std::int32_t i32();
  std::int64_t i64();
  float f32();
  double f64();
  bool boolean();  // any byte but 0 and 1 is an error

  // The next `size` bytes, not copied.
  std::span<const std::byte> raw(std::size_t size);

  std::string text();
  std::vector<std::byte> bytes();
  std::vector<std::uint32_t> u32s();
  std::vector<std::uint64_t> u64s();
  std::vector<std::int32_t> i32s();
  std::vector<std::int64_t> i64s();
  std::vector<float> f32s();
  std::vector<double> f64s();

  // An array whose length the caller already knows; any other stored length is an error.
  void f32s(std::span<float> into);
  void f64s(std::span<double> into);

  // A count that the caller will loop over: an error if fewer than count * smallest_element bytes
  // are left, so that a forged count cannot make the caller allocate what was never sent.
  std::size_t count(std::size_t smallest_element = 1);

  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }

  // An error if anything is left.
  void expect_end() const;

  // Throws an Error that names the source and the current position, for checks of the caller's own.
  [[noreturn]] void fail(std::string problem, std::string expected) const;

 private:
  std::span<const std::byte> bytes_;
  std::string source_;
  std::size_t position_ = 0;
};

}  // namespace lab
