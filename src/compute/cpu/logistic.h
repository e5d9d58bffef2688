// Logistic regression's two functions of a margin, from one exponential: the hot loop of LR+GD.
//
// sigmoid and softplus of core/numerics.h would do, at twice the time: they carry the exponential
// to more than its own precision, and log1p chooses between two arguments. Here log1p(e) = 2
// artanh(e / (2 + e)) for all of 0 <= e <= 1, by one polynomial.
#pragma once

#include <cstddef>

#include "compute/cpu/loop.h"
#include "compute/cpu/softmax.h"
#include "core/numerics.h"

namespace lab::cpu {
namespace {

// (2 artanh(s) - 2 s) / (s z), z = s^2 <= 1/9: minimax polynomials (Remez), of relative error
// 2^-59.4 and 2^-33.1 in log1p. In pairs of terms, so that the chain of operations is short.
[[gnu::always_inline]] inline double artanh_tail(double z) {
  const double z2 = z * z, z4 = z2 * z2;
  const double a = 0x1.5555555555535p-1 + z * 0x1.99999999a06c1p-2;
  const double b = 0x1.2492492091132p-2 + z * 0x1.c71c741a0638bp-3;
  const double c = 0x1.745cb459bcd87p-3 + z * 0x1.3b1dd3abe6f6ap-3;
  const double d = 0x1.10682ee38ed94p-3 + z * 0x1.efd18c9e2f260p-4;
  const double e = 0x1.55cf5af9dae1ep-4 + z * 0x1.5c5c20c46acdap-3;
  return (a + z2 * b) + z4 * ((c + z2 * d) + z4 * e);
}
[[gnu::always_inline]] inline float artanh_tail(float z) {
  const float z2 = z * z;
  const float a = 0x1.555558p-1f + z * 0x1.9996b0p-2f;
  const float b = 0x1.2508b2p-2f + z * 0x1.b6e6ccp-3f;
  return a + z2 * (b + z2 * 0x1.f17346p-3f);
}

// The polynomial of numerics::exp in pairs of terms.
[[gnu::always_inline]] inline double exp_tail_in_pairs(double r) {
  const double z = r * r, z2 = z * z, z4 = z2 * z2;
  const double a = 0x1p-1 + r * 0x1.5555555555557p-3;
  const double b = 0x1.5555555555557p-5 + r * 0x1.111111111005p-7;
  const double c = 0x1.6c16c16c156a5p-10 + r * 0x1.a01a01ac1e913p-13;
  const double d = 0x1.a01a01ab9885dp-16 + r * 0x1.71de01aacddadp-19;
  const double e = 0x1.27e4cfaefd041p-22 + r * 0x1.af4ecf3058f07p-26;
  return (a + z * b) + z2 * (c + z * d) + z4 * (e + z * 0x1.1f86f0def2ce8p-29);
}
[[gnu::always_inline]] inline float exp_tail_in_pairs(float r) {
  return numerics::exp_tail(r);
}

// Short loops over a block, as in map_exp: exp(-|m|) by argument reduction, polynomial and scaling,
// then what is made of it.
template <class T>
void logistic(const T* margins, T* weights, T* losses, std::size_t n) {
  constexpr std::size_t kSize = 128;
  constexpr T kMin = numerics::Format<T>::kExpMin;
  T block[kSize], loss[kSize];
  numerics::Bits<T> scale[kSize];
  for (std::size_t begin = 0; begin < n; begin += kSize) {
    const std::size_t size = n - begin < kSize ? n - begin : kSize;
    const T* const m = margins + begin;
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i) {
      const T x = -lab::abs(m[i]);
      const auto e = numerics::reduce_exp(x < kMin ? kMin : x);
      block[i] = e.r;
      scale[i] = e.scale;
    }
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i)
      block[i] = T(1) + (block[i] + block[i] * block[i] * exp_tail_in_pairs(block[i]));
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i) {
      const T x = m[i], e = numerics::scale_by(block[i], scale[i]);
      block[i] = e / (T(2) + e);
      loss[i] = x > 0 ? T(0) : -x;
      weights[begin + i] = (x > 0 ? e : T(1)) / (T(1) + e);
    }
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i) {
      const T s = block[i], z = s * s;
      losses[begin + i] = loss[i] + ((s + s) + s * z * artanh_tail(z));
    }
  }
}

template <class T>
void normalized_logistic(const T* margins, T* weights, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) weights[i] = -lab::softplus(margins[i]);
  softmax_rows(weights, weights, 1, n);
}

}  // namespace
}  // namespace lab::cpu
