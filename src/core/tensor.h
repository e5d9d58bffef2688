// Which containers hold numbers? xtensor's, always row-major; and light views of them for function
// signatures, so that kernels and methods need not include xtensor.
//
// Elementwise + - x / on tensors is fine. Reductions, products and all transcendental functions go
// through core/numerics and compute/kernels: xtensor's own are slow or differ between systems.
#pragma once

#include <cstddef>
#include <span>

#include <xtensor/xtensor.hpp>

#include "core/view.h"

namespace lab {

template <class T, std::size_t Rank>
using Tensor = xt::xtensor<T, Rank, xt::layout_type::row_major>;

using Vector = Tensor<double, 1>;
using Matrix = Tensor<double, 2>;
using VectorF = Tensor<float, 1>;
using MatrixF = Tensor<float, 2>;

// The elements of a tensor in row-major order; valid while the tensor is neither resized nor assigned
// from an expression (xtensor may then swap in a new buffer).
template <class T, std::size_t Rank>
std::span<const T> span(const Tensor<T, Rank>& tensor) {
  return {tensor.data(), tensor.size()};
}
template <class T, std::size_t Rank>
std::span<T> span(Tensor<T, Rank>& tensor) {
  return {tensor.data(), tensor.size()};
}

template <class T>
MatrixView<T> view(const Tensor<T, 2>& matrix) {
  return {matrix.data(), matrix.shape(0), matrix.shape(1)};
}

}  // namespace lab
