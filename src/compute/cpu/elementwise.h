// Kernels that treat each element by itself. The loops are plain: the functions of core/numerics.h
// are inline and free of branches, so the compiler makes vector code of them.
#pragma once

#include <cstddef>

#include "compute/cpu/loop.h"
#include "core/numerics.h"

namespace lab::cpu {
namespace {

// lab::exp in three short loops over a block that stays in the first-level cache: in one loop the
// chain of dependent operations is so long that few elements fit into the processor's window at
// once, and it waits.
template <class T>
void map_exp(const T* x, T* y, std::size_t n) {
  using F = numerics::Format<T>;
  constexpr std::size_t kSize = 256;
  T r[kSize];
  numerics::Bits<T> scale[kSize];
  for (std::size_t begin = 0; begin < n; begin += kSize) {
    const std::size_t size = n - begin < kSize ? n - begin : kSize;
    const T* const in = x + begin;
    T* const out = y + begin;
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i) {
      const auto e = numerics::reduce_exp(numerics::clamp(in[i], F::kExpMin, F::kExpMax));
      r[i] = e.r;
      scale[i] = e.scale;
    }
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i)
      r[i] = T(1) + (r[i] + r[i] * r[i] * numerics::exp_tail(r[i]));
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i) {
      const T e = numerics::scale_by(r[i], scale[i]);
      out[i] = in[i] != in[i] ? canonical_nan<T> : e;
    }
  }
}

template <class T>
void map_log(const T* x, T* y, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] = lab::log(x[i]);
}

template <class T>
void map_tanh(const T* x, T* y, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] = lab::tanh(x[i]);
}

template <class T>
void map_sigmoid(const T* x, T* y, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] = lab::sigmoid(x[i]);
}

template <class T>
void map_softplus(const T* x, T* y, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] = lab::softplus(x[i]);
}

template <class T>
void axpy(T alpha, const T* x, T* y, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] += alpha * x[i];
}

template <class T>
void scale(T alpha, T* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] *= alpha;
}

}  // namespace
}  // namespace lab::cpu
