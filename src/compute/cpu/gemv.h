// Matrix times vector. gemv goes along the rows in 16 lanes; gemv_t keeps the partial sums of many
// columns and adds row after row to them, so that each sum is that of the plain loop.
#pragma once

#include <cstddef>

#include "compute/cpu/batch.h"
#include "compute/cpu/reduce.h"

namespace lab::cpu {
namespace {

template <class T>
void gemv(const T* a, const T* x, T* y, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r) y[r] = static_cast<T>(inline_dot(a + r * cols, x, cols));
}

// All rows of up to Registers * kWidth columns, the sums held in registers. The last register ends
// at the last column and overlaps the one before where the columns are no whole number of
// registers: both then hold the same sums. Registers * kWidth >= cols > (Registers - 1) * kWidth,
// cols >= kWidth.
template <class T, std::size_t Registers>
[[gnu::always_inline]] inline void narrow(const T* b, const T* x, T* y, std::size_t rows,
                                          std::size_t stride, std::size_t cols) {
  constexpr std::size_t w = kWidth<T>;
  const std::size_t last = cols - w;
  Batch<T> sums[Registers];
  for (std::size_t v = 0; v < Registers; ++v) sums[v] = Batch<T>(T(0));
  for (std::size_t r = 0; r < rows; ++r, b += stride) {
    const Batch<T> factor(x[r]);
    for (std::size_t v = 0; v + 1 < Registers; ++v) sums[v] = sums[v] + load(b + v * w) * factor;
    sums[Registers - 1] = sums[Registers - 1] + load(b + last) * factor;
  }
  for (std::size_t v = 0; v + 1 < Registers; ++v) sums[v].store_unaligned(y + v * w);
  sums[Registers - 1].store_unaligned(y + last);
}

// Adds `Rows` rows to the sums of all columns, which stay in memory: reads b as it lies there.
template <class T, std::size_t Rows>
[[gnu::always_inline]] inline void wide(const T* b, const T* x, T* y, std::size_t cols) {
  constexpr std::size_t w = kWidth<T>;
  Batch<T> factors[Rows];
  for (std::size_t r = 0; r < Rows; ++r) factors[r] = Batch<T>(x[r]);
  std::size_t c = 0;
  for (; c + w <= cols; c += w) {
    Batch<T> sum = load(y + c);
    for (std::size_t r = 0; r < Rows; ++r) sum = sum + load(b + r * cols + c) * factors[r];
    sum.store_unaligned(y + c);
  }
  for (; c < cols; ++c) {
    T sum = y[c];
    for (std::size_t r = 0; r < Rows; ++r) sum += b[r * cols + c] * x[r];
    y[c] = sum;
  }
}

template <class T>
void gemv_t(const T* b, const T* x, T* y, std::size_t rows, std::size_t cols) {
  constexpr std::size_t w = kWidth<T>;
  if (rows == 0) {  // and b perhaps null
    for (std::size_t c = 0; c < cols; ++c) y[c] = 0;
    return;
  }
  if (cols < w || cols > 16 * w) {
    for (std::size_t c = 0; c < cols; ++c) y[c] = 0;
    std::size_t r = 0;
    for (; r + 10 <= rows; r += 10) wide<T, 10>(b + r * cols, x + r, y, cols);
    if (r + 8 <= rows) wide<T, 8>(b + r * cols, x + r, y, cols), r += 8;
    if (r + 4 <= rows) wide<T, 4>(b + r * cols, x + r, y, cols), r += 4;
    if (r + 2 <= rows) wide<T, 2>(b + r * cols, x + r, y, cols), r += 2;
    if (r < rows) wide<T, 1>(b + r * cols, x + r, y, cols);
    return;
  }
  // At least one register of columns is left each time, for `narrow` to overlap with.
  std::size_t c = 0;
  for (; cols - c >= 9 * w; c += 8 * w) narrow<T, 8>(b + c, x, y + c, rows, cols, 8 * w);
  const std::size_t left = cols - c;
  switch ((left + w - 1) / w) {
    case 1:
      return narrow<T, 1>(b + c, x, y + c, rows, cols, left);
    case 2:
      return narrow<T, 2>(b + c, x, y + c, rows, cols, left);
    case 3:
      return narrow<T, 3>(b + c, x, y + c, rows, cols, left);
    case 4:
      return narrow<T, 4>(b + c, x, y + c, rows, cols, left);
    case 5:
      return narrow<T, 5>(b + c, x, y + c, rows, cols, left);
    case 6:
      return narrow<T, 6>(b + c, x, y + c, rows, cols, left);
    case 7:
      return narrow<T, 7>(b + c, x, y + c, rows, cols, left);
    case 8:
      return narrow<T, 8>(b + c, x, y + c, rows, cols, left);
    default:
      return narrow<T, 9>(b + c, x, y + c, rows, cols, left);
  }
}

}  // namespace
}  // namespace lab::cpu
