#include <doctest/doctest.h>

#include "compute/reference.h"

using namespace reference;
using lab::Kernels;

namespace {

template <class T>
using In = std::span<const T>;
template <class T>
using Out = std::span<T>;

template <class T>
struct Row {
  std::vector<T> softmax, log_softmax;
  T logsumexp;
};

// As compute/kernels.h states it, one element after the other.
template <class T>
Row<T> plain(const T* x, std::size_t n) {
  const T m = largest(x, n);
  std::vector<T> d(n), e(n);
  for (std::size_t i = 0; i < n; ++i) d[i] = x[i] == m ? T(0) : x[i] - m;
  for (std::size_t i = 0; i < n; ++i) e[i] = lab::exp(d[i]);
  const double s = lane_sum(n, [&](std::size_t i) { return static_cast<double>(e[i]); });
  Row<T> row{e, d, static_cast<T>(static_cast<double>(m) + lab::log(s))};
  for (T& v : row.softmax) v /= static_cast<T>(s);
  for (T& v : row.log_softmax) v -= static_cast<T>(lab::log(s));
  return row;
}

template <class T>
void check_rows(const Kernels& k, std::size_t rows, std::size_t cols, double scale) {
  CAPTURE(rows);
  CAPTURE(cols);
  const std::vector<T> x = numbers<T>(rows * cols, rows + 3 * cols, scale);
  std::vector<T> softmax, log_softmax, logsumexp;
  for (std::size_t r = 0; r < rows; ++r) {
    const Row<T> row = plain(x.data() + r * cols, cols);
    softmax.insert(softmax.end(), row.softmax.begin(), row.softmax.end());
    log_softmax.insert(log_softmax.end(), row.log_softmax.begin(), row.log_softmax.end());
    logsumexp.push_back(row.logsumexp);
  }
  const lab::MatrixView<T> view{x.data(), rows, cols};
  std::vector<T> y(rows * cols), z(rows);
  k.softmax_rows(view, y);
  CHECK(difference(y, softmax) == "");
  k.log_softmax_rows(view, y);
  CHECK(difference(y, log_softmax) == "");
  k.logsumexp_rows(view, z);
  CHECK(difference(z, logsumexp) == "");
  y = x;
  k.softmax_rows({y.data(), rows, cols}, y);
  CHECK(difference(y, softmax) == "");
  y = x;
  k.log_softmax_rows({y.data(), rows, cols}, y);
  CHECK(difference(y, log_softmax) == "");
}

template <class T>
void check_all_rows(const Kernels& k) {
  for (const std::size_t cols : sizes()) check_rows<T>(k, 3, cols, 20);
  for (const std::size_t rows : {0, 1, 50, 300}) check_rows<T>(k, rows, 10, 1e6);
}

template <class T>
std::vector<T> softmax_of(const Kernels& k, std::vector<T> x) {
  k.softmax(In<T>(x), Out<T>(x));
  return x;
}
template <class T>
std::vector<T> log_softmax_of(const Kernels& k, std::vector<T> x) {
  k.log_softmax(In<T>(x), Out<T>(x));
  return x;
}

template <class T>
void check_extremes(const Kernels& k) {
  using V = std::vector<T>;
  const T inf = kInf<T>, big = T(1e6);
  CHECK(softmax_of<T>(k, {big, -big, big}) == V{T(0.5), 0, T(0.5)});
  CHECK(softmax_of<T>(k, {-big, -big, -big, -big}) == V(4, T(0.25)));
  CHECK(softmax_of<T>(k, {0, -inf}) == V{1, 0});
  CHECK(log_softmax_of<T>(k, {0, -inf}) == V{0, -inf});
  CHECK(log_softmax_of<T>(k, {big, -big}) == V{0, -2 * big});
  CHECK(k.logsumexp(In<T>(V{big, -big})) == big);
  CHECK(k.logsumexp(In<T>(V{-inf, 3, -inf})) == 3);
  // A row whose largest entry is infinite shares the mass equally among the entries equal to it.
  CHECK(softmax_of<T>(k, V(4, -inf)) == V(4, T(0.25)));
  CHECK(softmax_of<T>(k, {inf, 7, inf, -inf}) == V{T(0.5), 0, T(0.5), 0});
  CHECK(log_softmax_of<T>(k, V(4, -inf)) == V(4, -static_cast<T>(lab::log(4.0))));
  CHECK(k.logsumexp(In<T>(V(4, -inf))) == -inf);
  CHECK(k.logsumexp(In<T>(V{1, inf})) == inf);
  CHECK(k.logsumexp(In<T>(V{})) == -inf);
  CHECK(softmax_of<T>(k, {}).empty());
  // A NaN makes its row NaN, and no other.
  const V x{1, kNan<T>, 2, 1, 1, 1};
  V y(6);
  k.softmax_rows({x.data(), 2, 3}, y);
  for (std::size_t i = 0; i < 3; ++i) CHECK(lab::is_nan(y[i]));
  for (std::size_t i = 3; i < 6; ++i) CHECK(y[i] == T(1) / T(3));
}

template <class T>
void check_identities(const Kernels& k) {
  const T ulp = std::numeric_limits<T>::epsilon();
  for (const std::size_t n : {2, 10, 64, 569, 5000}) {
    // Multiples of 1/8 and a shift by a power of 2: the differences are exact, so nothing may
    // change.
    std::vector<T> x = numbers<T>(n, n, 40), shifted;
    for (T& v : x) v = lab::round_half_even(v * 8) / 8;
    for (const T v : x) shifted.push_back(v + T(1024));
    CHECK(difference(softmax_of(k, x), softmax_of(k, shifted)) == "");
    CHECK(difference(log_softmax_of(k, x), log_softmax_of(k, shifted)) == "");
    // Each probability is rounded once after s, and s (for float) once before.
    const std::vector<T> p = softmax_of(k, x), log_p = log_softmax_of(k, x);
    CHECK(lab::abs(k.sum(In<T>(p)) - 1) <= 1.5 * ulp + static_cast<double>(n) * 0x1p-53);
    for (std::size_t i = 0; i < n; ++i)
      CHECK(lab::abs(lab::exp(log_p[i]) - p[i]) <=
            T(50) * ulp * p[i] + std::numeric_limits<T>::min());
    CHECK(lab::abs(k.logsumexp(In<T>(x)) - (x[0] - log_p[0])) <= T(200) * ulp);
  }
}

}  // namespace

TEST_CASE("Softmax, log-softmax and logsumexp give the bits of the plain loops") {
  for_each_strict([](const Kernels& k) {
    check_all_rows<double>(k);
    check_all_rows<float>(k);
  });
}

TEST_CASE("Softmax has its limit where logits are huge or infinite") {
  for_each_strict([](const Kernels& k) {
    check_extremes<double>(k);
    check_extremes<float>(k);
  });
}

TEST_CASE("Softmax sums to 1, does not see a shift, and agrees with log-softmax") {
  for (const Kernels* k : lab::available_kernels()) {
    INFO(k->name);
    check_identities<double>(*k);
    check_identities<float>(*k);
  }
}
