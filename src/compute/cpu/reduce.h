// Kernels that make one number of many: sums in 16 lanes (lanes.h) and extremes.
#pragma once

#include <cstddef>

#include "compute/cpu/lanes.h"
#include "core/numerics.h"

namespace lab::cpu {
namespace {

template <class T>
double sum(const T* x, std::size_t n) {
  Lanes lanes;
  lanes.clear();
  lanes.add(n, [x](std::size_t i) { return static_cast<double>(x[i]); });
  return lanes.total();
}

template <class T>
[[gnu::always_inline]] inline double inline_dot(const T* x, const T* y, std::size_t n) {
  Lanes lanes;
  lanes.clear();
  lanes.add(
      n, [x, y](std::size_t i) { return static_cast<double>(x[i]) * static_cast<double>(y[i]); });
  return lanes.total();
}

template <class T>
double dot(const T* x, const T* y, std::size_t n) {
  return inline_dot(x, y, n);
}

template <class T>
double squared_norm(const T* x, std::size_t n) {
  return inline_dot(x, x, n);
}

// The largest of start and f(x[i]); the canonical NaN if any x[i] is NaN. The order of comparisons
// does not show: equal numbers are the same number but for the sign of zero, which adding +0 makes
// +.
template <class T, class F>
[[gnu::always_inline]] inline T largest(const T* x, std::size_t n, T start, F f) {
  T best[kLanes], nan[kLanes];
  for (std::size_t j = 0; j < kLanes; ++j) {
    best[j] = start;
    nan[j] = 0;
  }
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (std::size_t j = 0; j < kLanes; ++j) {
      const T value = f(x[i + j]);
      best[j] = value > best[j] ? value : best[j];
      nan[j] = value == value ? nan[j] : value;
    }
  T result = start, any_nan = 0;
  for (; i < n; ++i) {
    const T value = f(x[i]);
    result = value > result ? value : result;
    any_nan = value == value ? any_nan : value;
  }
  if (n >= kLanes)
    for (std::size_t j = 0; j < kLanes; ++j) {
      result = best[j] > result ? best[j] : result;
      any_nan = nan[j] == nan[j] ? any_nan : nan[j];
    }
  return any_nan == any_nan ? result + T(0) : canonical_nan<T>;
}

template <class T>
T max(const T* x, std::size_t n) {
  return largest(x, n, -numerics::kInfinity<T>, [](T v) { return v; });
}

template <class T>
T min(const T* x, std::size_t n) {
  const T negated = largest(x, n, -numerics::kInfinity<T>, [](T v) { return -v; });
  return negated != negated ? negated : T(0) - negated;
}

template <class T>
T max_abs(const T* x, std::size_t n) {
  return largest(x, n, T(0), [](T v) { return lab::abs(v); });
}

template <class T>
std::size_t argmax(const T* x, std::size_t n) {
  const T best = max(x, n);
  std::size_t i = 0;
  if (best != best) {
    while (i + 1 < n && x[i] == x[i]) ++i;
    return i;
  }
  // Sixteen at a time without a branch inside, then the place within the sixteen.
  for (; i + kLanes <= n; i += kLanes) {
    bool found = false;
    for (std::size_t j = 0; j < kLanes; ++j) found |= x[i + j] == best;
    if (found) break;
  }
  while (i + 1 < n && x[i] != best) ++i;
  return i;
}

}  // namespace
}  // namespace lab::cpu
