#include <doctest/doctest.h>

#include "compute/reference.h"

using namespace reference;
using lab::Kernels;

namespace {

template <class T>
std::vector<T> naive(const std::vector<T>& a, const std::vector<T>& b, std::size_t m, std::size_t n,
                     std::size_t k) {
  std::vector<T> c(m * n, T(0));
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t p = 0; p < k; ++p)
      for (std::size_t j = 0; j < n; ++j) c[i * n + j] += a[i * k + p] * b[p * n + j];
  return c;
}

template <class T>
std::vector<T> transposed(const std::vector<T>& a, std::size_t rows, std::size_t cols) {
  std::vector<T> t(a.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < cols; ++j) t[j * rows + i] = a[i * cols + j];
  return t;
}

template <class T>
void check_product(std::size_t m, std::size_t n, std::size_t k) {
  CAPTURE(m);
  CAPTURE(n);
  CAPTURE(k);
  using View = lab::MatrixView<T>;
  const std::vector<T> a = numbers<T>(m * k, m + 5 * k), b = numbers<T>(k * n, n + 7 * k);
  const std::vector<T> a_t = transposed(a, m, k), b_t = transposed(b, k, n);
  const std::vector<T> expected = naive(a, b, m, n, k);
  for_each_strict([&](const Kernels& kernels) {
    std::vector<T> c(m * n, T(7));
    kernels.gemm(View{a.data(), m, k}, View{b.data(), k, n}, c);
    CHECK(difference(c, expected) == "");
    c.assign(m * n, T(7));
    kernels.gemm_nt(View{a.data(), m, k}, View{b_t.data(), n, k}, c);
    CHECK(difference(c, expected) == "");
    c.assign(m * n, T(7));
    kernels.gemm_tn(View{a_t.data(), k, m}, View{b.data(), k, n}, c);
    CHECK(difference(c, expected) == "");
  });
  for_each_fast([&](const Kernels& kernels) {
    std::vector<T> c(m * n, T(7));
    kernels.gemm(View{a.data(), m, k}, View{b.data(), k, n}, c);
    // Both sums have k terms of at most 1: each is within k roundings of the exact one.
    for (std::size_t i = 0; i < m * n; ++i)
      CHECK(lab::abs(c[i] - expected[i]) <= T(k) * T(k) * std::numeric_limits<T>::epsilon());
  });
}

}  // namespace

TEST_CASE("gemm is the naive triple loop, to the bit, for ragged sizes") {
  for (const std::size_t m : {0, 1, 2, 3, 4, 5, 7, 8, 9, 17})
    for (const std::size_t n : {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33})
      for (const std::size_t k : {0, 1, 2, 5, 16, 31}) {
        check_product<double>(m, n, k);
        check_product<float>(m, n, k);
      }
}

TEST_CASE("gemm is the naive triple loop across the blocks of rows, columns and k") {
  check_product<double>(64, 64, 256);
  check_product<double>(65, 30, 257);
  check_product<float>(130, 50, 600);
  check_product<double>(5, 1030, 20);
  check_product<float>(3, 1050, 300);
  check_product<double>(100, 10, 1000);
}

TEST_CASE("gemm carries infinities and NaN as the triple loop does, and no further") {
  std::vector<double> a = numbers<double>(5 * 6, 1), b = numbers<double>(6 * 9, 2);
  a[2 * 6 + 3] = kInf<double>;
  b[1 * 9 + 8] = kNan<double>;
  const std::vector<double> expected = naive(a, b, 5, 9, 6);
  for_each_strict([&](const Kernels& k) {
    std::vector<double> c(5 * 9);
    k.gemm(lab::MatrixView<double>{a.data(), 5, 6}, lab::MatrixView<double>{b.data(), 6, 9}, c);
    CHECK(difference(c, expected) == "");
  });
}
