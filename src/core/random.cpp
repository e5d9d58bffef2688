// Philox4x32-10: Salmon et al. 2011, section 3.3. Normal quantile: Wichura, "Algorithm AS 241: The
// percentage points of the normal distribution", Applied Statistics 37 (1988), PPND16. Bounded
// integers: Lemire, "Fast random integer generation in an interval", TOMACS 29 (2019). Gamma:
// Marsaglia and Tsang, "A simple method for generating gamma variables", TOMS 26 (2000).
#include "core/random.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "core/bytes.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/numerics.h"

namespace lab {
namespace {

constexpr std::uint64_t kMultiplier0 = 0xd2511f53;
constexpr std::uint64_t kMultiplier1 = 0xcd9e8d57;
constexpr std::uint32_t kWeyl0 = 0x9e3779b9;
constexpr std::uint32_t kWeyl1 = 0xbb67ae85;
constexpr int kRounds = 10;

constexpr std::uint32_t low(std::uint64_t x) {
  return static_cast<std::uint32_t>(x);
}
constexpr std::uint32_t high(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32);
}

// `kLanes` consecutive blocks at once, side by side in vector registers.
constexpr std::size_t kLanes = 16;

void philox_blocks(std::uint64_t first_block, std::uint64_t tag, std::uint64_t seed,
                   std::uint32_t* words) {
  std::array<std::uint32_t, kLanes> c0, c1, c2, c3;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    c0[lane] = low(first_block + lane);
    c1[lane] = high(first_block + lane);
    c2[lane] = low(tag);
    c3[lane] = high(tag);
  }
  std::uint32_t k0 = low(seed);
  std::uint32_t k1 = high(seed);
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::uint64_t product0 = kMultiplier0 * c0[lane];
      const std::uint64_t product1 = kMultiplier1 * c2[lane];
      c0[lane] = high(product1) ^ c1[lane] ^ k0;
      c1[lane] = low(product1);
      c2[lane] = high(product0) ^ c3[lane] ^ k1;
      c3[lane] = low(product0);
    }
    k0 += kWeyl0;
    k1 += kWeyl1;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    words[4 * lane] = c0[lane];
    words[4 * lane + 1] = c1[lane];
    words[4 * lane + 2] = c2[lane];
    words[4 * lane + 3] = c3[lane];
  }
}

double unit_double(std::uint64_t word) {
  return static_cast<double>(word >> 11) * 0x1p-53;
}
float unit_float(std::uint32_t word) {
  return static_cast<float>(word >> 8) * 0x1p-24f;
}

// The normal quantile of 0 < p < 1/2, negated: positive.
double upper_quantile(double p) {
  using numerics::polynomial;
  const double q = 0.5 - p;
  if (q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q *
           polynomial(r, 3.387132872796366608, 133.14166789178437745, 1971.5909503065514427,
                      13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
                      33430.575583588128105, 2509.0809287301226727) /
           polynomial(r, 1.0, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
                      21213.794301586595867, 39307.89580009271061, 28729.085735721942674,
                      5226.495278852545925);
  }
  const double root = std::sqrt(-log(p));
  if (root <= 5) {
    const double r = root - 1.6;
    return polynomial(r, 1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055,
                      3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177,
                      0.0227238449892691845833, 7.7454501427834140764e-4) /
           polynomial(r, 1.0, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
                      0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4,
                      1.05075007164441684324e-9);
  }
  const double r = root - 5;
  return polynomial(r, 6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358,
                    0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386,
                    2.71155556874348757815e-5, 2.01033439929228813265e-7) /
         polynomial(r, 1.0, 0.59983220655588793769, 0.13692988092273580531,
                    0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5,
                    1.4215117583164458887e-7, 2.04426310338993978564e-15);
}

double normal_double(std::uint64_t word) {
  const double magnitude = upper_quantile((static_cast<double>(word >> 12) + 0.5) * 0x1p-53);
  return (word & 1) != 0 ? magnitude : -magnitude;
}
float normal_float(std::uint32_t word) {
  const auto magnitude =
      static_cast<float>(upper_quantile((static_cast<double>(word >> 1) + 0.5) * 0x1p-32));
  return (word & 1) != 0 ? magnitude : -magnitude;
}

// Takes words in chunks, `per_value` for each value.
constexpr std::size_t kChunk = 512;

template <class T, class Convert>
void fill_from_words(Stream& stream, std::span<T> into, Convert convert) {
  constexpr std::size_t kPerValue = sizeof(T) / sizeof(std::uint32_t);
  std::array<std::uint32_t, kChunk> words;
  while (!into.empty()) {
    const std::size_t count = std::min(into.size(), kChunk / kPerValue);
    stream.fill_u32(std::span(words).first(count * kPerValue));
    for (std::size_t i = 0; i < count; ++i) {
      if constexpr (kPerValue == 1) {
        into[i] = convert(words[i]);
      } else {
        into[i] = convert(words[2 * i] | static_cast<std::uint64_t>(words[2 * i + 1]) << 32);
      }
    }
    into = into.subspan(count);
  }
}

// The first index whose running sum of weight(i) exceeds the share `u` of the whole sum.
template <class Weight>
std::size_t pick(std::size_t size, double u, Weight weight) {
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += weight(i);
  assert(sum > 0 && is_finite(sum));
  const double target = u * sum;
  double running = 0;
  std::size_t last = 0;  // in case that target was rounded up to a sum that is a denormal number
  for (std::size_t i = 0; i < size; ++i) {
    const double w = weight(i);
    assert(w >= 0);
    running += w;
    if (target < running) return i;
    if (w > 0) last = i;
  }
  return last;
}

template <class T>
std::size_t pick_by_logits(std::span<const T> logits, double u) {
  assert(!logits.empty());
  double largest = -std::numeric_limits<double>::infinity();
  for (const T logit : logits) {
    assert(!is_nan(logit));
    largest = std::max(largest, static_cast<double>(logit));
  }
  assert(is_finite(largest));
  return pick(logits.size(), u,
              [&](std::size_t i) { return exp(static_cast<double>(logits[i]) - largest); });
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = kMultiplier0 * counter[0];
    const std::uint64_t product1 = kMultiplier1 * counter[2];
    counter = {high(product1) ^ counter[1] ^ key[0], low(product1),
               high(product0) ^ counter[3] ^ key[1], low(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Stream::Stream(std::uint64_t seed, std::string_view name) : seed_(seed), tag_(0) {
  if (seed >= std::uint64_t{1} << 53) {
    throw Error("the seed " + std::to_string(seed) + " is too large", "seed",
                "an integer below 9007199254740992");
  }
  const Sha256::Bytes hash = Sha256().update(name).finish();
  for (std::size_t i = 0; i < 8; ++i) tag_ |= static_cast<std::uint64_t>(hash[i]) << (8 * i);
}

void Stream::load_block() {
  const std::uint64_t block = position_ / 4;
  block_ = philox4x32({low(block), high(block), low(tag_), high(tag_)}, {low(seed_), high(seed_)});
}

void Stream::seek(std::uint64_t position) {
  position_ = position;
  if (position_ % 4 != 0) load_block();
}

void Stream::save(ByteWriter& writer) const {
  writer.u64(seed_);
  writer.u64(tag_);
  writer.u64(position_);
}

void Stream::restore(ByteReader& reader) {
  const std::uint64_t seed = reader.u64();
  const std::uint64_t tag = reader.u64();
  const std::uint64_t position = reader.u64();
  if (seed >= std::uint64_t{1} << 53)
    reader.fail("a stream with too large a seed", "one below 2^53");
  seed_ = seed;
  tag_ = tag;
  seek(position);
}

std::uint32_t Stream::next_u32() {
  const std::size_t within = position_ % 4;
  if (within == 0) load_block();
  ++position_;
  return block_[within];
}

std::uint64_t Stream::next_u64() {
  const std::uint64_t low_word = next_u32();
  const std::uint64_t high_word = next_u32();
  return low_word | high_word << 32;
}

void Stream::fill_u32(std::span<std::uint32_t> into) {
  std::size_t i = 0;
  for (; i < into.size() && position_ % 4 != 0; ++i) into[i] = next_u32();
  for (; into.size() - i >= 4 * kLanes; i += 4 * kLanes) {
    philox_blocks(position_ / 4, tag_, seed_, into.data() + i);
    position_ += 4 * kLanes;
  }
  for (; i < into.size(); ++i) into[i] = next_u32();
}

double Stream::uniform() {
  return unit_double(next_u64());
}

float Stream::uniform_float() {
  return unit_float(next_u32());
}

double Stream::uniform(double low, double high) {
  assert(low < high && is_finite(high - low));
  const double value = low + (high - low) * uniform();
  // Rounding may have led up to the bound.
  return value < high ? value : std::nextafter(high, low);
}

std::uint64_t Stream::below(std::uint64_t count) {
  assert(count > 0);
  if (count <= std::uint64_t{1} << 32) {
    std::uint64_t product = next_u32() * count;
    if (low(product) < count) {
      const std::uint64_t threshold = (std::uint64_t{1} << 32) % count;
      while (low(product) < threshold) product = next_u32() * count;
    }
    return product >> 32;
  }
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(count - 1);
  std::uint64_t value = next_u64() & mask;
  while (value >= count) value = next_u64() & mask;
  return value;
}

bool Stream::bernoulli(double probability) {
  return uniform() < probability;
}

double Stream::normal() {
  return normal_double(next_u64());
}

double Stream::normal(double mean, double deviation) {
  return mean + deviation * normal();
}

float Stream::normal_float() {
  return lab::normal_float(next_u32());
}

double Stream::exponential() {
  return -log(1 - uniform());
}

double Stream::gamma(double shape) {
  if (shape < 1) return exp(log_gamma(shape));
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = 1 - uniform();
    if (log(u) < 0.5 * x * x + d * (1 - v + log(v))) return d * v;
  }
}

double Stream::log_gamma(double shape) {
  assert(shape >= 1e-300 && is_finite(shape));
  if (shape >= 1) return log(gamma(shape));
  const double larger = log(gamma(shape + 1));
  const double u = 1 - uniform();
  return larger + log(u) / shape;
}

double Stream::beta(double a, double b) {
  const double x = log_gamma(a);
  const double y = log_gamma(b);
  return sigmoid(x - y);
}

std::vector<double> Stream::dirichlet(std::span<const double> concentration) {
  std::vector<double> point;
  double largest = -std::numeric_limits<double>::infinity();
  for (const double shape : concentration) {
    point.push_back(log_gamma(shape));
    largest = std::max(largest, point.back());
  }
  double sum = 0;
  for (double& p : point) {
    p = exp(p - largest);
    sum += p;
  }
  for (double& p : point) p /= sum;
  return point;
}

std::size_t Stream::categorical(std::span<const double> weights) {
  return pick(weights.size(), uniform(), [&](std::size_t i) { return weights[i]; });
}
std::size_t Stream::categorical(std::span<const float> weights) {
  return pick(weights.size(), uniform(),
              [&](std::size_t i) { return static_cast<double>(weights[i]); });
}
std::size_t Stream::categorical_logits(std::span<const double> logits) {
  return pick_by_logits(logits, uniform());
}
std::size_t Stream::categorical_logits(std::span<const float> logits) {
  return pick_by_logits(logits, uniform());
}

std::vector<std::size_t> Stream::permutation(std::size_t count) {
  return choice(count, count);
}

std::vector<std::size_t> Stream::choice(std::size_t count, std::size_t chosen) {
  assert(chosen <= count);
  std::vector<std::size_t> indices(count);
  for (std::size_t i = 0; i < count; ++i) indices[i] = i;
  for (std::size_t i = 0; i < chosen && i + 1 < count; ++i) {
    const auto j = i + static_cast<std::size_t>(below(count - i));
    std::swap(indices[i], indices[j]);
  }
  indices.resize(chosen);
  return indices;
}

void Stream::fill_uniform(std::span<double> into) {
  fill_from_words(*this, into, unit_double);
}
void Stream::fill_uniform(std::span<float> into) {
  fill_from_words(*this, into, unit_float);
}
void Stream::fill_normal(std::span<double> into) {
  fill_from_words(*this, into, normal_double);
}
void Stream::fill_normal(std::span<float> into) {
  fill_from_words(*this, into, lab::normal_float);
}

}  // namespace lab
