// When are two results the same? When their digests are: SHA-256 (FIPS 180-4) over typed values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lab {

class ByteReader;
class ByteWriter;

// Plain SHA-256 over bytes, as in FIPS 180-4. A value: a copy goes on by itself.
class Sha256 {
 public:
  using Bytes = std::array<std::uint8_t, 32>;

  Sha256& update(std::span<const std::byte> bytes);
  Sha256& update(std::string_view text);

  // The hash of what has been fed so far; more may be fed afterwards.
  Bytes finish() const;

  // The state between two updates (at most 112 bytes); restore throws lab::Error on a state that
  // cannot be.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  void compress(const std::byte* blocks, std::size_t count);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::uint64_t length_ = 0;           // bytes fed
  std::array<std::byte, 64> block_{};  // the first length_ % 64 of them are waiting
};

// 64 lowercase hexadecimal digits.
std::string hex(const Sha256::Bytes& bytes);

// SHA-256 of a file's bytes or a text as 64 lowercase hexadecimal digits.
std::string sha256_hex(std::span<const std::byte> bytes);
std::string sha256_hex(std::string_view text);

// The digest of a sequence of typed values. Two sequences have the same digest only if they have
// the same values of the same types in the same order: every value is fed to SHA-256 as one tag
// byte and then, little endian,
//   'u' u64     8 bytes
//   'i' i64     8 bytes, two's complement
//   'd' f64     8 bytes of IEEE 754; every NaN as 0x7ff8000000000000, because sign and payload of a
//   NaN
//               differ between processors; -0 and 0 stay different
//   'f' f32     4 bytes; every NaN as 0x7fc00000
//   't' text    length in bytes as u64, UTF-8
//   'b' bytes   length as u64, bytes
//   'D' f64s    count as u64, then each 8 bytes as for 'd'
//   'F' f32s    count as u64, then each 4 bytes as for 'f'
//   'I' i64s    count as u64, then each 8 bytes
// The empty digest is SHA-256 of nothing.
class Digest {
 public:
  Digest& u64(std::uint64_t value);
  Digest& i64(std::int64_t value);
  Digest& f64(double value);
  Digest& f32(float value);
  Digest& text(std::string_view value);
  Digest& bytes(std::span<const std::byte> values);
  Digest& f64s(std::span<const double> values);
  Digest& f32s(std::span<const float> values);
  Digest& i64s(std::span<const std::int64_t> values);
  Digest& i64s(std::span<const std::int32_t> values);  // the same as i64s of the widened values

  // 64 lowercase hexadecimal digits of what has been fed so far; more may be fed afterwards.
  std::string hex() const;
  Sha256::Bytes finish() const { return hash_.finish(); }

  void save(ByteWriter& writer) const { hash_.save(writer); }
  void restore(ByteReader& reader) { hash_.restore(reader); }

 private:
  Sha256 hash_;
};

}  // namespace lab
