#include "core/bytes.h"

#include <bit>
#include <cstring>
#include <type_traits>

#include "core/error.h"

namespace lab {
namespace {

template <std::size_t Size>
struct UnsignedOf;
template <>
struct UnsignedOf<1> {
  using type = std::uint8_t;
};
template <>
struct UnsignedOf<4> {
  using type = std::uint32_t;
};
template <>
struct UnsignedOf<8> {
  using type = std::uint64_t;
};

template <class T>
void store(T value, std::byte* out) {
  using Bits = typename UnsignedOf<sizeof(T)>::type;
  const Bits bits = std::bit_cast<Bits>(value);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out[i] = static_cast<std::byte>((bits >> (8 * i)) & 0xff);
  }
}

template <class T>
T load(const std::byte* in) {
  using Bits = typename UnsignedOf<sizeof(T)>::type;
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bits |= static_cast<Bits>(static_cast<Bits>(in[i]) << (8 * i));
  }
  return std::bit_cast<T>(bits);
}

template <class T>
void append(std::vector<std::byte>& bytes, T value) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof(T));
  store(value, bytes.data() + at);
}

template <class T>
void append_all(std::vector<std::byte>& bytes, std::span<const T> values) {
  append(bytes, static_cast<std::uint64_t>(values.size()));
  if (values.empty()) return;
  const std::size_t at = bytes.size();
  bytes.resize(at + values.size_bytes());
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(bytes.data() + at, values.data(), values.size_bytes());
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) {
      store(values[i], bytes.data() + at + i * sizeof(T));
    }
  }
}

template <class T>
void load_all(std::span<const std::byte> from, std::span<T> into) {
  if (into.empty()) return;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(into.data(), from.data(), from.size());
  } else {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = load<T>(from.data() + i * sizeof(T));
  }
}

template <class T>
T read_one(ByteReader& reader) {
  return load<T>(reader.raw(sizeof(T)).data());
}

template <class T>
std::vector<T> read_all(ByteReader& reader) {
  const std::size_t count = reader.count(sizeof(T));
  std::vector<T> values(count);
  load_all<T>(reader.raw(count * sizeof(T)), values);
  return values;
}

}  // namespace

void ByteWriter::u8(std::uint8_t value) {
  append(bytes_, value);
}
void ByteWriter::u32(std::uint32_t value) {
  append(bytes_, value);
}
void ByteWriter::u64(std::uint64_t value) {
  append(bytes_, value);
}
void ByteWriter::i32(std::int32_t value) {
  append(bytes_, value);
}
void ByteWriter::i64(std::int64_t value) {
  append(bytes_, value);
}
void ByteWriter::f32(float value) {
  append(bytes_, value);
}
void ByteWriter::f64(double value) {
  append(bytes_, value);
}
void ByteWriter::boolean(bool value) {
  u8(value ? 1 : 0);
}

void ByteWriter::raw(std::span<const std::byte> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void ByteWriter::text(std::string_view value) {
  bytes(std::as_bytes(std::span(value.data(), value.size())));
}
void ByteWriter::bytes(std::span<const std::byte> values) {
  append_all(bytes_, values);
}
void ByteWriter::u32s(std::span<const std::uint32_t> values) {
  append_all(bytes_, values);
}
void ByteWriter::u64s(std::span<const std::uint64_t> values) {
  append_all(bytes_, values);
}
void ByteWriter::i32s(std::span<const std::int32_t> values) {
  append_all(bytes_, values);
}
void ByteWriter::i64s(std::span<const std::int64_t> values) {
  append_all(bytes_, values);
}
void ByteWriter::f32s(std::span<const float> values) {
  append_all(bytes_, values);
}
void ByteWriter::f64s(std::span<const double> values) {
  append_all(bytes_, values);
}

ByteReader::ByteReader(std::span<const std::byte> bytes, std::string source)
    : bytes_(bytes), source_(std::move(source)) {}

std::uint8_t ByteReader::u8() {
  return read_one<std::uint8_t>(*this);
}
std::uint32_t ByteReader::u32() {
  return read_one<std::uint32_t>(*this);
}
std::uint64_t ByteReader::u64() {
  return read_one<std::uint64_t>(*this);
}
std::int32_t ByteReader::i32() {
  return read_one<std::int32_t>(*this);
}
std::int64_t ByteReader::i64() {
  return read_one<std::int64_t>(*this);
}
float ByteReader::f32() {
  return read_one<float>(*this);
}
double ByteReader::f64() {
  return read_one<double>(*this);
}

bool ByteReader::boolean() {
  const std::uint8_t value = u8();
  if (value > 1) {
    --position_;
    fail("the byte " + std::to_string(value) + " is not a truth value", "0 or 1");
  }
  return value == 1;
}

std::span<const std::byte> ByteReader::raw(std::size_t size) {
  if (size > remaining()) {
    fail("the data ends too early, " + std::to_string(remaining()) + " bytes are left",
         std::to_string(size) + " bytes");
  }
  const auto found = bytes_.subspan(position_, size);
  position_ += size;
  return found;
}

std::size_t ByteReader::count(std::size_t smallest_element) {
  const std::size_t before = position_;
  const std::uint64_t stored = u64();
  const std::size_t most = smallest_element == 0 ? remaining() : remaining() / smallest_element;
  if (stored > most) {
    position_ = before;
    fail("a length of " + std::to_string(stored) + " does not fit into the data",
         "at most " + std::to_string(most));
  }
  return static_cast<std::size_t>(stored);
}

std::string ByteReader::text() {
  const auto found = raw(count());
  return {reinterpret_cast<const char*>(found.data()), found.size()};
}

std::vector<std::byte> ByteReader::bytes() {
  const auto found = raw(count());
  return {found.begin(), found.end()};
}

std::vector<std::uint32_t> ByteReader::u32s() {
  return read_all<std::uint32_t>(*this);
}
std::vector<std::uint64_t> ByteReader::u64s() {
  return read_all<std::uint64_t>(*this);
}
std::vector<std::int32_t> ByteReader::i32s() {
  return read_all<std::int32_t>(*this);
}
std::vector<std::int64_t> ByteReader::i64s() {
  return read_all<std::int64_t>(*this);
}
std::vector<float> ByteReader::f32s() {
  return read_all<float>(*this);
}
std::vector<double> ByteReader::f64s() {
  return read_all<double>(*this);
}

void ByteReader::f32s(std::span<float> into) {
  const std::size_t before = position_;
  if (const std::size_t stored = count(sizeof(float)); stored != into.size()) {
    position_ = before;
    fail("an array of " + std::to_string(stored) + " numbers", std::to_string(into.size()));
  }
  load_all(raw(into.size_bytes()), into);
}

void ByteReader::f64s(std::span<double> into) {
  const std::size_t before = position_;
  if (const std::size_t stored = count(sizeof(double)); stored != into.size()) {
    position_ = before;
    fail("an array of " + std::to_string(stored) + " numbers", std::to_string(into.size()));
  }
  load_all(raw(into.size_bytes()), into);
}

void ByteReader::expect_end() const {
  if (remaining() > 0) {
    fail(std::to_string(remaining()) + " bytes are left over", "the end of the data");
  }
}

void ByteReader::fail(std::string problem, std::string expected) const {
  throw Error(std::move(problem), source_ + ", byte " + std::to_string(position_),
              std::move(expected));
}

}  // namespace lab
