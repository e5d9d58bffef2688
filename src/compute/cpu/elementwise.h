// Kernels that treat each element by itself. The loops are plain: the functions of core/numerics.h
// are inline and free of branches, so the compiler makes vector code of them.
#pragma once

#include <cstddef>

#include "compute/cpu/loop.h"
#include "core/numerics.h"

namespace lab::cpu {
namespace {

template <class T>
void map_exp(const T* x, T* y, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] = lab::exp(x[i]);
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
