// SHA-256: FIPS 180-4, sections 4.1.2 (functions), 4.2.2 (constants), 5.1.1 (padding), 6.2.2
// (hash).
#include "core/digest.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/bytes.h"

namespace lab {
namespace {

constexpr std::array<std::uint32_t, 64> kRoundConstants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t big_endian(const std::byte* in) {
  std::uint32_t word = 0;
  for (int i = 0; i < 4; ++i) word = word << 8 | static_cast<std::uint32_t>(in[i]);
  return word;
}

// The next sixteen words of the message schedule, in place of the last sixteen.
inline void extend(std::array<std::uint32_t, 16>& w) {
  for (std::size_t i = 0; i < 16; ++i) {
    const std::uint32_t w15 = w[(i + 1) % 16];
    const std::uint32_t w2 = w[(i + 14) % 16];
    const std::uint32_t sigma0 = std::rotr(w15, 7) ^ std::rotr(w15, 18) ^ (w15 >> 3);
    const std::uint32_t sigma1 = std::rotr(w2, 17) ^ std::rotr(w2, 19) ^ (w2 >> 10);
    w[i] += sigma0 + w[(i + 9) % 16] + sigma1;
  }
}

// One round; afterwards d and h hold what the standard calls e and a.
inline void round(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d,
                  std::uint32_t e, std::uint32_t f, std::uint32_t g, std::uint32_t& h,
                  std::uint32_t constant_and_word) {
  const std::uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
  const std::uint32_t choice = g ^ (e & (f ^ g));
  const std::uint32_t t1 = h + sum1 + choice + constant_and_word;
  const std::uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
  const std::uint32_t majority = (a & b) | (c & (a | b));
  d += t1;
  h = t1 + sum0 + majority;
}

// Lays a value down little endian.
template <class Bits>
void put(std::byte* out, Bits bits) {
  for (std::size_t i = 0; i < sizeof(Bits); ++i) {
    out[i] = static_cast<std::byte>((bits >> (8 * i)) & 0xff);
  }
}

std::uint64_t canonical_bits(double value) {
  return value != value ? 0x7ff8000000000000 : std::bit_cast<std::uint64_t>(value);
}
std::uint32_t canonical_bits(float value) {
  return value != value ? 0x7fc00000 : std::bit_cast<std::uint32_t>(value);
}

template <class Bits>
void update_tagged(Sha256& hash, char tag, Bits bits) {
  std::array<std::byte, 1 + sizeof(Bits)> record;
  record[0] = static_cast<std::byte>(tag);
  put(record.data() + 1, bits);
  hash.update(record);
}

// Feeds a count and the elements, a chunk at a time: element by element takes three times as long.
template <class T, class ToBits>
void update_array(Sha256& hash, char tag, std::span<const T> values, ToBits to_bits) {
  update_tagged(hash, tag, static_cast<std::uint64_t>(values.size()));
  using Bits = decltype(to_bits(values[0]));
  constexpr std::size_t kChunk = 256;
  std::array<std::byte, kChunk * sizeof(Bits)> chunk;
  while (!values.empty()) {
    const std::size_t count = std::min(kChunk, values.size());
    for (std::size_t i = 0; i < count; ++i) {
      put(chunk.data() + i * sizeof(Bits), to_bits(values[i]));
    }
    hash.update(std::span<const std::byte>(chunk.data(), count * sizeof(Bits)));
    values = values.subspan(count);
  }
}

}  // namespace

void Sha256::compress(const std::byte* blocks, std::size_t count) {
  std::array<std::uint32_t, 8> state = state_;
  for (; count > 0; --count, blocks += 64) {
    std::array<std::uint32_t, 16> w;  // the message schedule, its last sixteen words
    for (std::size_t t = 0; t < 16; ++t) w[t] = big_endian(blocks + 4 * t);

    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t t = 0; t < 64; t += 16) {
      if (t > 0) extend(w);
      const std::uint32_t* k = kRoundConstants.data() + t;
      // The names move instead of the values: shifting eight variables in every round costs a
      // third.
      for (std::size_t i = 0; i < 16; i += 8) {
        round(a, b, c, d, e, f, g, h, k[i] + w[i]);
        round(h, a, b, c, d, e, f, g, k[i + 1] + w[i + 1]);
        round(g, h, a, b, c, d, e, f, k[i + 2] + w[i + 2]);
        round(f, g, h, a, b, c, d, e, k[i + 3] + w[i + 3]);
        round(e, f, g, h, a, b, c, d, k[i + 4] + w[i + 4]);
        round(d, e, f, g, h, a, b, c, k[i + 5] + w[i + 5]);
        round(c, d, e, f, g, h, a, b, k[i + 6] + w[i + 6]);
        round(b, c, d, e, f, g, h, a, k[i + 7] + w[i + 7]);
      }
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
  state_ = state;
}

Sha256& Sha256::update(std::span<const std::byte> bytes) {
  const std::size_t waiting = length_ % 64;
  length_ += bytes.size();
  if (waiting > 0) {
    const std::size_t taken = std::min(bytes.size(), 64 - waiting);
    std::copy_n(bytes.begin(), taken, block_.begin() + static_cast<std::ptrdiff_t>(waiting));
    bytes = bytes.subspan(taken);
    if (waiting + taken < 64) return *this;
    compress(block_.data(), 1);
  }
  compress(bytes.data(), bytes.size() / 64);
  bytes = bytes.subspan(bytes.size() / 64 * 64);
  std::copy(bytes.begin(), bytes.end(), block_.begin());
  return *this;
}

Sha256& Sha256::update(std::string_view text) {
  return update(std::as_bytes(std::span(text.data(), text.size())));
}

Sha256::Bytes Sha256::finish() const {
  Sha256 last = *this;
  // One bit, then zeros up to eight bytes before the end of a block, then the length in bits.
  const std::size_t waiting = length_ % 64;
  const std::size_t padding = (waiting < 56 ? 56 : 120) - waiting;
  std::array<std::byte, 72> tail{std::byte{0x80}};
  for (std::size_t i = 0; i < 8; ++i) {
    tail[padding + i] = static_cast<std::byte>((length_ * 8) >> (56 - 8 * i) & 0xff);
  }
  last.update(std::span<const std::byte>(tail.data(), padding + 8));

  Bytes bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(last.state_[i / 4] >> (24 - 8 * (i % 4)));
  }
  return bytes;
}

void Sha256::save(ByteWriter& writer) const {
  for (const std::uint32_t word : state_) writer.u32(word);
  writer.u64(length_);
  writer.bytes(std::span(block_).first(length_ % 64));
}

void Sha256::restore(ByteReader& reader) {
  Sha256 restored;
  for (std::uint32_t& word : restored.state_) word = reader.u32();
  restored.length_ = reader.u64();
  const std::vector<std::byte> waiting = reader.bytes();
  if (waiting.size() != restored.length_ % 64) {
    reader.fail("a hash state with " + std::to_string(waiting.size()) + " waiting bytes",
                std::to_string(restored.length_ % 64));
  }
  std::copy(waiting.begin(), waiting.end(), restored.block_.begin());
  *this = restored;
}

std::string hex(const Sha256::Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::span<const std::byte> bytes) {
  return hex(Sha256().update(bytes).finish());
}
std::string sha256_hex(std::string_view text) {
  return hex(Sha256().update(text).finish());
}

Digest& Digest::u64(std::uint64_t value) {
  update_tagged(hash_, 'u', value);
  return *this;
}

Digest& Digest::i64(std::int64_t value) {
  update_tagged(hash_, 'i', static_cast<std::uint64_t>(value));
  return *this;
}

Digest& Digest::f64(double value) {
  update_tagged(hash_, 'd', canonical_bits(value));
  return *this;
}

Digest& Digest::f32(float value) {
  update_tagged(hash_, 'f', canonical_bits(value));
  return *this;
}

Digest& Digest::text(std::string_view value) {
  update_tagged(hash_, 't', static_cast<std::uint64_t>(value.size()));
  hash_.update(value);
  return *this;
}

Digest& Digest::bytes(std::span<const std::byte> values) {
  update_tagged(hash_, 'b', static_cast<std::uint64_t>(values.size()));
  hash_.update(values);
  return *this;
}

Digest& Digest::f64s(std::span<const double> values) {
  update_array(hash_, 'D', values, [](double value) { return canonical_bits(value); });
  return *this;
}

Digest& Digest::f32s(std::span<const float> values) {
  update_array(hash_, 'F', values, [](float value) { return canonical_bits(value); });
  return *this;
}

Digest& Digest::i64s(std::span<const std::int64_t> values) {
  update_array(hash_, 'I', values,
               [](std::int64_t value) { return static_cast<std::uint64_t>(value); });
  return *this;
}

Digest& Digest::i64s(std::span<const std::int32_t> values) {
  update_array(hash_, 'I', values, [](std::int32_t value) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  });
  return *this;
}

std::string Digest::hex() const {
  return lab::hex(hash_.finish());
}

}  // namespace lab
