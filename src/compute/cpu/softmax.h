// Softmax, log-softmax and logsumexp of rows.
//
// Each works in three passes (largest, exponentials and their sum, quotient). Short rows go through
// them several at a time, as many as stay in the first-level cache, so that the exponentials run in
// vector code however short a row is; long rows block by block.
#pragma once

#include <cstddef>

#include "compute/cpu/elementwise.h"
#include "compute/cpu/lanes.h"
#include "compute/cpu/reduce.h"
#include "core/numerics.h"

namespace lab::cpu {
namespace {

constexpr std::size_t kBlock = 1024;  // elements: at most 8 KiB; a multiple of kLanes

// y[i] = x[i] - m, and 0 where they are equal, infinite or not.
template <class T>
[[gnu::always_inline]] inline void subtract_largest(const T* x, T m, T* y, std::size_t n) {
  LAB_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] == m ? T(0) : x[i] - m;
}

template <class T>
[[gnu::always_inline]] inline double inline_sum(const T* x, std::size_t n) {
  Lanes lanes;
  lanes.clear();
  lanes.add(n, [x](std::size_t i) { return static_cast<double>(x[i]); });
  return lanes.total();
}

// The sum of exp(d[i]) without a place to put the exponentials: block by block, the lanes going on.
template <class T, class Difference>
[[gnu::always_inline]] inline double sum_exp(std::size_t n, Difference d) {
  T block[kBlock];
  Lanes lanes;
  lanes.clear();
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t size = n - begin < kBlock ? n - begin : kBlock;
    LAB_INDEPENDENT
    for (std::size_t i = 0; i < size; ++i) block[i] = d(begin + i);
    map_exp(block, block, size);
    lanes.add(size, [&block](std::size_t i) { return static_cast<double>(block[i]); });
  }
  return lanes.total();
}

template <class T>
[[gnu::always_inline]] inline void divide(T* y, T divisor, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] /= divisor;
}

template <class T>
void logsumexp_rows(const T* x, T* y, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r) {
    const T* const row = x + r * cols;
    const T m = max(row, cols);
    const double s =
        sum_exp<T>(cols, [row, m](std::size_t i) { return row[i] == m ? T(0) : row[i] - m; });
    y[r] = static_cast<T>(static_cast<double>(m) + lab::log(s));
  }
}

template <class T>
void softmax_long_row(const T* x, T* y, std::size_t cols) {
  const T m = max(x, cols);
  Lanes lanes;
  lanes.clear();
  for (std::size_t begin = 0; begin < cols; begin += kBlock) {
    const std::size_t size = cols - begin < kBlock ? cols - begin : kBlock;
    T* const block = y + begin;
    subtract_largest(x + begin, m, block, size);
    map_exp(block, block, size);
    lanes.add(size, [block](std::size_t i) { return static_cast<double>(block[i]); });
  }
  divide(y, static_cast<T>(lanes.total()), cols);
}

template <class T>
void softmax_rows(const T* x, T* y, std::size_t rows, std::size_t cols) {
  if (cols == 0) return;
  if (cols > kBlock) {
    for (std::size_t r = 0; r < rows; ++r) softmax_long_row(x + r * cols, y + r * cols, cols);
    return;
  }
  const std::size_t step = kBlock / cols;
  for (std::size_t begin = 0; begin < rows; begin += step) {
    const std::size_t end = rows - begin < step ? rows : begin + step;
    for (std::size_t r = begin; r < end; ++r)
      subtract_largest(x + r * cols, max(x + r * cols, cols), y + r * cols, cols);
    map_exp(y + begin * cols, y + begin * cols, (end - begin) * cols);
    for (std::size_t r = begin; r < end; ++r)
      divide(y + r * cols, static_cast<T>(inline_sum(y + r * cols, cols)), cols);
  }
}

template <class T>
void log_softmax_rows(const T* x, T* y, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r) {
    T* const row = y + r * cols;
    subtract_largest(x + r * cols, max(x + r * cols, cols), row, cols);
    const double s = sum_exp<T>(cols, [row](std::size_t i) { return row[i]; });
    const T log_s = static_cast<T>(lab::log(s));
    for (std::size_t i = 0; i < cols; ++i) row[i] -= log_s;
  }
}

}  // namespace
}  // namespace lab::cpu
