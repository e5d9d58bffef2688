// The plain loops that the kernels must equal, and numbers to try them on.
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "compute/kernels.h"
#include "core/numerics.h"

namespace reference {

template <class T>
constexpr T kInf = std::numeric_limits<T>::infinity();
template <class T>
constexpr T kNan = std::numeric_limits<T>::quiet_NaN();

// Numbers from -1 to 1 by a linear congruential generator (Knuth's MMIX constants).
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed) {}
  double next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 11) / static_cast<double>(1ull << 52) - 1;
  }

 private:
  std::uint64_t state_;
};

template <class T>
std::vector<T> numbers(std::size_t n, std::uint64_t seed, double scale = 1) {
  Numbers source(seed);
  std::vector<T> x(n);
  for (T& v : x) v = static_cast<T>(scale * source.next());
  return x;
}

// Around every block and register size, and a few of the sizes of real data.
inline std::vector<std::size_t> sizes() {
  std::vector<std::size_t> all;
  for (std::size_t n = 0; n <= 70; ++n) all.push_back(n);
  for (std::size_t n : {100, 127, 128, 129, 255, 569, 1000, 1023, 1024, 1025, 2049})
    all.push_back(n);
  return all;
}

template <class T>
bool same_bits(T a, T b) {
  return std::bit_cast<lab::numerics::Bits<T>>(lab::canonical(a)) ==
         std::bit_cast<lab::numerics::Bits<T>>(lab::canonical(b));
}

// Where two arrays differ first, for the message of a failed check; "" if nowhere.
template <class T>
std::string difference(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return "sizes differ";
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same_bits(a[i], b[i]))
      return "element " + std::to_string(i) + " of " + std::to_string(a.size()) + ": " +
             std::to_string(a[i]) + " and " + std::to_string(b[i]);
  return "";
}

// The strict tables, each named in the messages of what fails.
template <class F>
void for_each_strict(F f) {
  for (const lab::Kernels* k : lab::available_kernels())
    if (k->math == lab::Math::strict) {
      INFO(k->name);
      f(*k);
    }
}
template <class F>
void for_each_fast(F f) {
  for (const lab::Kernels* k : lab::available_kernels())
    if (k->math == lab::Math::fast) {
      INFO(k->name);
      f(*k);
    }
}

// term(0) + ... + term(n - 1) in the order that compute/kernels.h states.
template <class Term>
double lane_sum(std::size_t n, Term term) {
  double lane[16] = {};
  for (std::size_t i = 0; i < n; ++i) lane[i % 16] += term(i);
  for (std::size_t step = 8; step > 0; step /= 2)
    for (std::size_t j = 0; j < step; ++j) lane[j] += lane[j + step];
  return lane[0];
}

template <class T>
T largest(const T* x, std::size_t n) {
  T best = -kInf<T>;
  for (std::size_t i = 0; i < n; ++i)
    if (lab::is_nan(x[i])) return kNan<T>;
  for (std::size_t i = 0; i < n; ++i)
    if (x[i] > best) best = x[i];
  return best == 0 ? T(0) : best;
}

}  // namespace reference
