// Where does every random number come from? From a named stream of a counter-based generator: the
// same (seed, name) gives the same numbers on every machine, whatever else was drawn and in
// whatever order.
//
// The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011). The rule, for whoever writes it again in JavaScript or Python:
//   tag       the first 8 bytes of SHA-256(name as UTF-8), little endian, as a 64-bit integer
//   key       (seed mod 2^32, seed / 2^32)
//   counter   (block mod 2^32, block / 2^32, tag mod 2^32, tag / 2^32)
//   word i of the stream is word i mod 4 of Philox(counter with block = i / 4, key)
// Different seeds can never share numbers; different names do only if 64 bits of their hashes
// agree.
//
// All distributions are defined here, by words taken and operations that give the same bits
// everywhere; those of the standard library differ between its implementations. Write one draw a
// statement: the order in which C++ evaluates f(stream.uniform(), stream.uniform()) is open.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lab {

class ByteReader;
class ByteWriter;

// Philox4x32-10: the four words of one counter under one key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

class Stream {
 public:
  // seed: below 2^53, so that JavaScript can hold it; lab::Error otherwise. name: what the numbers
  // are for, "data", "init", "batch/17".
  Stream(std::uint64_t seed, std::string_view name);

  std::uint64_t seed() const { return seed_; }

  // How many 32-bit words have been taken; seek() goes anywhere at once.
  std::uint64_t position() const { return position_; }
  void seek(std::uint64_t position);

  // The whole state (24 bytes); restore() makes this the stream that was saved, and throws
  // lab::Error on bytes that are none.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

  // [SECTION] Words
  std::uint32_t next_u32();
  std::uint64_t next_u64();                      // two words, the low one first
  void fill_u32(std::span<std::uint32_t> into);  // as next_u32() one by one, but twice as fast

  // [SECTION] Uniform
  double uniform();       // in [0, 1): the upper 53 bits of next_u64(), times 2^-53
  float uniform_float();  // in [0, 1): the upper 24 bits of next_u32(), times 2^-24
  double uniform(double low, double high);  // low + (high - low) * uniform(), in [low, high)

  // 0, 1, ..., count - 1, each exactly as likely; count > 0. Up to 2^32: Lemire 2019, the upper
  // half of next_u32() * count, drawn again while the lower half is below 2^32 mod count. Beyond:
  // the low bits of next_u64(), as many as count - 1 has, drawn again until below count.
  std::uint64_t below(std::uint64_t count);

  bool bernoulli(double probability);  // uniform() < probability

  // [SECTION] Continuous distributions
  // Standard normal, by inversion: one 64-bit word w gives the probability (w / 2^12 + 1/2) 2^-53
  // of the lower tail, below 1/2, its quantile by Wichura's AS 241 (relative error 1e-16), and the
  // sign by the lowest bit of w (set: positive). Symmetric to the bit; reaches |z| = 8.2.
  double normal();
  double normal(double mean, double deviation);  // mean + deviation * normal()
  // The same from one 32-bit word: probability (w / 2 + 1/2) 2^-32, sign by the lowest bit; |z|
  // <= 6.3.
  float normal_float();

  double exponential();  // mean 1: -log(1 - uniform())

  // Gamma with shape >= 1e-300 and scale 1: Marsaglia and Tsang 2000; for shape < 1, gamma(shape +
  // 1) times u^(1/shape).
  double gamma(double shape);
  // The logarithm of such a number; exact where the number itself underflows (small shapes).
  double log_gamma(double shape);
  double beta(double a, double b);  // in [0, 1]; a, b >= 1e-300
  // One point of the simplex; each concentration >= 1e-300.
  std::vector<double> dirichlet(std::span<const double> concentration);

  // [SECTION] Choices
  // An index with probability proportional to its weight (finite, >= 0, with a positive sum): the
  // first whose running sum exceeds uniform() * sum.
  std::size_t categorical(std::span<const double> weights);
  std::size_t categorical(std::span<const float> weights);
  // The same with weights exp(logit): logits may be -inf (never drawn) but not all, nor +inf, nor
  // NaN.
  std::size_t categorical_logits(std::span<const double> logits);
  std::size_t categorical_logits(std::span<const float> logits);

  // Fisher and Yates, from the front: element i changes places with element i + below(size - i).
  template <class T>
  void shuffle(std::span<T> values);
  template <class T>
  void shuffle(std::vector<T>& values) {
    shuffle(std::span<T>(values));
  }

  // 0 ... count - 1 in random order.
  std::vector<std::size_t> permutation(std::size_t count);
  // `chosen` different ones of 0 ... count - 1 in random order, chosen <= count: the start of
  // permutation(count).
  std::vector<std::size_t> choice(std::size_t count, std::size_t chosen);

  // [SECTION] Filling: the same numbers as one by one
  void fill_uniform(std::span<double> into);
  void fill_uniform(std::span<float> into);
  void fill_normal(std::span<double> into);
  void fill_normal(std::span<float> into);

 private:
  void load_block();

  std::uint64_t seed_;
  std::uint64_t tag_;
  std::uint64_t position_ = 0;
  std::array<std::uint32_t, 4>
      block_{};  // words of block position_ / 4, if position_ is within one
};

template <class T>
void Stream::shuffle(std::span<T> values) {
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    const auto j = i + static_cast<std::size_t>(below(values.size() - i));
    using std::swap;
    swap(values[i], values[j]);
  }
}

}  // namespace lab
