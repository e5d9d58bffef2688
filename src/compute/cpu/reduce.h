// Kernels that make one number of many: sums in 16 lanes (lanes.h) and extremes.
#pragma once

#include <cstddef>
#include <type_traits>

#include "compute/cpu/batch.h"
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

// The largest of start and f(x[i]); the canonical NaN if any x[i] is NaN. f: of a number, and of a
// register full of them. The order of comparisons does not show: equal numbers are the same number
// but for the sign of zero, which adding +0 makes +.
template <class T, class F>
[[gnu::always_inline]] inline T largest(const T* x, std::size_t n, T start, F f) {
  constexpr std::size_t kRegisters = 4, w = kWidth<T>;
  T result = start, any_nan = 0;
  const auto take = [&](T value) {
    result = value > result ? value : result;
    any_nan = value == value ? any_nan : value;
  };
  std::size_t i = 0;
  if (n >= kRegisters * w) {
    Batch<T> best[kRegisters], nan[kRegisters];
    for (std::size_t v = 0; v < kRegisters; ++v) {
      best[v] = Batch<T>(start);
      nan[v] = Batch<T>(T(0));
    }
    for (; i + kRegisters * w <= n; i += kRegisters * w)
      for (std::size_t v = 0; v < kRegisters; ++v) {
        const Batch<T> value = f(load(x + i + v * w));
        best[v] = xsimd::select(value > best[v], value, best[v]);
        nan[v] = xsimd::select(value == value, nan[v], value);
      }
    for (std::size_t v = 1; v < kRegisters; ++v) {
      best[0] = xsimd::select(best[v] > best[0], best[v], best[0]);
      nan[0] = xsimd::select(nan[v] == nan[v], nan[0], nan[v]);
    }
    T of_best[w], of_nan[w];
    best[0].store_unaligned(of_best);
    nan[0].store_unaligned(of_nan);
    for (std::size_t j = 0; j < w; ++j) {
      take(of_best[j]);
      take(of_nan[j] == of_nan[j] ? start : of_nan[j]);
    }
  }
  for (; i < n; ++i) take(f(x[i]));
  return any_nan == any_nan ? result + T(0) : canonical_nan<T>;
}

template <class T>
T max(const T* x, std::size_t n) {
  return largest(x, n, -numerics::kInfinity<T>, [](auto v) { return v; });
}

template <class T>
T min(const T* x, std::size_t n) {
  const T negated = largest(x, n, -numerics::kInfinity<T>, [](auto v) { return -v; });
  return negated != negated ? negated : T(0) - negated;
}

template <class T>
T max_abs(const T* x, std::size_t n) {
  return largest(x, n, T(0), [](auto v) {
    if constexpr (std::is_same_v<decltype(v), T>) {
      return lab::abs(v);
    } else {
      return xsimd::abs(v);
    }
  });
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
