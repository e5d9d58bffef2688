#include <doctest/doctest.h>

#include "compute/reference.h"

using namespace reference;
using lab::Kernels;

namespace {

template <class T>
using In = std::span<const T>;

template <class T>
void check_sums(const Kernels& k) {
  for (const std::size_t n : sizes()) {
    const std::vector<T> x = numbers<T>(n, n + 1, 100), y = numbers<T>(n, n + 2);
    const auto wide = [](T v) { return static_cast<double>(v); };
    CHECK(same_bits(k.sum(In<T>(x)), lane_sum(n, [&](auto i) { return wide(x[i]); })));
    CHECK(same_bits(k.dot(In<T>(x), In<T>(y)),
                    lane_sum(n, [&](auto i) { return wide(x[i]) * wide(y[i]); })));
    CHECK(same_bits(k.squared_norm(In<T>(x)),
                    lane_sum(n, [&](auto i) { return wide(x[i]) * wide(x[i]); })));
  }
}

template <class T>
void check_extremes(const Kernels& k) {
  for (const std::size_t n : sizes()) {
    const std::vector<T> x = numbers<T>(n, n + 1);
    std::vector<T> negated = x, magnitude = x;
    for (T& v : negated) v = -v;
    for (T& v : magnitude) v = lab::abs(v);
    CHECK(same_bits(k.max(In<T>(x)), largest(x.data(), n)));
    CHECK(same_bits(k.min(In<T>(x)), -largest(negated.data(), n)));
    CHECK(same_bits(k.max_abs(In<T>(x)), n == 0 ? T(0) : largest(magnitude.data(), n)));
    for (std::size_t place = 0; place<n; place += n> 70 ? 37 : 1) {
      std::vector<T> peak = x;
      peak[place] = 2;
      CHECK(k.max(In<T>(peak)) == 2);
      CHECK(k.argmax(In<T>(peak)) == place);
      peak[n - 1] = 2;  // of two equal ones, the first
      CHECK(k.argmax(In<T>(peak)) == place);
      peak[place] = -3;
      CHECK(k.min(In<T>(peak)) == -3);
      CHECK(k.max_abs(In<T>(peak)) == 3);
      peak[place] = kNan<T>;
      CHECK(same_bits(k.max(In<T>(peak)), kNan<T>));
      CHECK(same_bits(k.min(In<T>(peak)), kNan<T>));
      CHECK(same_bits(k.max_abs(In<T>(peak)), kNan<T>));
      CHECK(k.argmax(In<T>(peak)) == place);
    }
  }
}

template <class T>
void check_special(const Kernels& k) {
  const std::vector<T> zeros(40, T(-0.0)), low(40, -kInf<T>), none;
  CHECK(same_bits(k.max(In<T>(zeros)), T(0)));
  CHECK(same_bits(k.min(In<T>(zeros)), T(0)));
  CHECK(same_bits(k.max_abs(In<T>(zeros)), T(0)));
  CHECK(same_bits(k.sum(In<T>(zeros)), 0.0));
  CHECK(k.max(In<T>(low)) == -kInf<T>);
  CHECK(k.argmax(In<T>(low)) == 0);
  CHECK(k.max_abs(In<T>(low)) == kInf<T>);
  CHECK(k.max(In<T>(none)) == -kInf<T>);
  CHECK(k.min(In<T>(none)) == kInf<T>);
  CHECK(k.max_abs(In<T>(none)) == 0);
}

}  // namespace

TEST_CASE("Sums add in sixteen lanes, whatever the instruction set") {
  for_each_strict([](const Kernels& k) {
    check_sums<double>(k);
    check_sums<float>(k);
  });
}

TEST_CASE("Sums of float elements are accumulated in double") {
  // In float, 1e8 + 1 is 1e8.
  std::vector<float> x(1000, 1.0f);
  x[0] = 1e8f;
  for_each_strict([&](const Kernels& k) { CHECK(k.sum(In<float>(x)) == 1e8 + 999); });
}

TEST_CASE("Extremes: any place, the first of equals, NaN wins, zero is +0") {
  for_each_strict([](const Kernels& k) {
    check_extremes<double>(k);
    check_extremes<float>(k);
    check_special<double>(k);
    check_special<float>(k);
  });
}

TEST_CASE("Fast sums stay within n/16 + 5 roundings") {
  for_each_fast([](const Kernels& k) {
    for (const std::size_t n : sizes()) {
      const std::vector<double> x = numbers<double>(n, n + 1), y = numbers<double>(n, n + 2);
      long double exact = 0, magnitude = 0;
      for (std::size_t i = 0; i < n; ++i) {
        exact += static_cast<long double>(x[i]) * y[i];
        magnitude += lab::abs(x[i] * y[i]);
      }
      const double bound =
          static_cast<double>(magnitude) * (static_cast<double>(n) / 16 + 5) * 0x1p-53;
      CHECK(lab::abs(k.dot(In<double>(x), In<double>(y)) - static_cast<double>(exact)) <= bound);
    }
  });
}
