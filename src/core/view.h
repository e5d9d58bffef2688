// A read-only, contiguous, row-major matrix that somebody else owns.
#pragma once

#include <cstddef>
#include <span>

namespace lab {

template <class T>
struct MatrixView {
  const T* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;

  std::span<const T> row(std::size_t i) const { return {data + i * cols, cols}; }
  std::span<const T> values() const { return {data, rows * cols}; }
  T operator()(std::size_t i, std::size_t j) const { return data[i * cols + j]; }
};

}  // namespace lab
