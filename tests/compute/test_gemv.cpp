#include <doctest/doctest.h>

#include "compute/reference.h"

using namespace reference;
using lab::Kernels;

namespace {

template <class T>
using In = std::span<const T>;

template <class T>
void check_shape(const Kernels& k, std::size_t rows, std::size_t cols) {
  CAPTURE(rows);
  CAPTURE(cols);
  const std::vector<T> a = numbers<T>(rows * cols, rows + 17 * cols);
  const std::vector<T> across = numbers<T>(cols, 3), down = numbers<T>(rows, 4);
  std::vector<T> expected(rows), y(rows, T(7));
  for (std::size_t r = 0; r < rows; ++r)
    expected[r] = static_cast<T>(lane_sum(cols, [&](std::size_t c) {
      return static_cast<double>(a[r * cols + c]) * static_cast<double>(across[c]);
    }));
  k.gemv(lab::MatrixView<T>{a.data(), rows, cols}, In<T>(across), y);
  CHECK(difference(y, expected) == "");

  expected.assign(cols, T(0));
  y.assign(cols, T(7));
  for (std::size_t c = 0; c < cols; ++c)
    for (std::size_t r = 0; r < rows; ++r) expected[c] += a[r * cols + c] * down[r];
  k.gemv_t(lab::MatrixView<T>{a.data(), rows, cols}, In<T>(down), y);
  CHECK(difference(y, expected) == "");
}

template <class T>
void check_shapes(const Kernels& k) {
  for (const std::size_t n : sizes()) {
    check_shape<T>(k, 13, n);
    check_shape<T>(k, n, 30);
    check_shape<T>(k, n, 150);
  }
  for (std::size_t rows = 0; rows <= 12; ++rows)
    for (std::size_t cols = 0; cols <= 20; ++cols) check_shape<T>(k, rows, cols);
  check_shape<T>(k, 30, 569);
  check_shape<T>(k, 569, 30);
}

}  // namespace

TEST_CASE("gemv is a dot product a row, gemv_t the plain loop over rows") {
  for_each_strict([](const Kernels& k) {
    check_shapes<double>(k);
    check_shapes<float>(k);
  });
}

TEST_CASE("Fast gemv_t stays within the error bound of a sum of as many terms") {
  for_each_fast([](const Kernels& k) {
    const std::size_t rows = 569, cols = 30;
    const std::vector<double> b = numbers<double>(rows * cols, 1), x = numbers<double>(rows, 2);
    std::vector<double> y(cols);
    k.gemv_t(lab::MatrixView<double>{b.data(), rows, cols}, In<double>(x), y);
    for (std::size_t c = 0; c < cols; ++c) {
      long double exact = 0;
      double magnitude = 0;
      for (std::size_t r = 0; r < rows; ++r) {
        exact += static_cast<long double>(b[r * cols + c]) * x[r];
        magnitude += lab::abs(b[r * cols + c] * x[r]);
      }
      CHECK(lab::abs(y[c] - static_cast<double>(exact)) <= rows * 0x1p-53 * magnitude);
    }
  });
}
