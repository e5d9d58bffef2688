#include <doctest/doctest.h>

#include "compute/reference.h"

using namespace reference;
using lab::Kernels;

namespace {

// Ordinary numbers of many sizes, then what has a case of its own somewhere.
template <class T>
std::vector<T> arguments(std::size_t n, std::uint64_t seed) {
  using Limits = std::numeric_limits<T>;
  static const T special[] = {0,
                              T(-0.0),
                              1,
                              -1,
                              kInf<T>,
                              -kInf<T>,
                              kNan<T>,
                              Limits::max(),
                              Limits::lowest(),
                              Limits::min(),
                              Limits::denorm_min(),
                              -Limits::denorm_min(),
                              T(1e6),
                              T(-1e6),
                              T(87.5),
                              T(-87.5),
                              T(709.5),
                              T(-745),
                              T(0.41421356),
                              T(1e-10),
                              T(20),
                              T(-37)};
  Numbers source(seed);
  std::vector<T> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double scale = source.next();
    const double value = source.next();
    const double place = source.next();
    x[i] = static_cast<T>(value * (scale < 0 ? 3.0 : 60.0));
    if (place > 0.7)
      x[i] = special[static_cast<std::size_t>((place - 0.7) / 0.3 * std::size(special))];
  }
  return x;
}

template <class T, class Kernel, class Scalar>
void check_map(const Kernels& k, Kernel kernel, Scalar scalar) {
  for (const std::size_t n : sizes()) {
    const std::vector<T> x = arguments<T>(n, n + 1);
    std::vector<T> expected(n), y(n, T(7)), in_place = x;
    for (std::size_t i = 0; i < n; ++i) expected[i] = scalar(x[i]);
    kernel(k, x, y);
    CHECK(difference(y, expected) == "");
    kernel(k, in_place, in_place);
    CHECK(difference(in_place, expected) == "");
  }
}

template <class T>
using In = std::span<const T>;
template <class T>
using Out = std::span<T>;

template <class T>
void check_all_maps(const Kernels& k) {
  check_map<T>(
      k, [](const Kernels& t, In<T> x, Out<T> y) { t.exp(x, y); }, [](T v) { return lab::exp(v); });
  check_map<T>(
      k, [](const Kernels& t, In<T> x, Out<T> y) { t.log(x, y); }, [](T v) { return lab::log(v); });
  check_map<T>(
      k, [](const Kernels& t, In<T> x, Out<T> y) { t.tanh(x, y); },
      [](T v) { return lab::tanh(v); });
  check_map<T>(
      k, [](const Kernels& t, In<T> x, Out<T> y) { t.sigmoid(x, y); },
      [](T v) { return lab::sigmoid(v); });
  check_map<T>(
      k, [](const Kernels& t, In<T> x, Out<T> y) { t.softplus(x, y); },
      [](T v) { return lab::softplus(v); });
}

template <class T>
void check_axpy_and_scale(const Kernels& k) {
  for (const std::size_t n : sizes()) {
    const std::vector<T> x = numbers<T>(n, n), y = numbers<T>(n, n + 77);
    std::vector<T> expected = y, actual = y;
    for (std::size_t i = 0; i < n; ++i) expected[i] = y[i] + T(0.3) * x[i];
    k.axpy(T(0.3), x, actual);
    CHECK(difference(actual, expected) == "");
    for (std::size_t i = 0; i < n; ++i) expected[i] = T(0.3) * x[i];
    actual = x;
    k.scale(T(0.3), actual);
    CHECK(difference(actual, expected) == "");
  }
}

// The largest distance in ulp between a fast kernel and the strict function, both finite and
// normal.
template <class T, class Kernel, class Scalar>
std::uint64_t fast_distance(const Kernels& k, Kernel kernel, Scalar scalar) {
  std::uint64_t worst = 0;
  const std::vector<T> x = arguments<T>(20000, 5);
  std::vector<T> y(x.size());
  kernel(k, x, y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::uint64_t distance = lab::ulp_distance(y[i], T(scalar(x[i])));
    worst = distance > worst ? distance : worst;
  }
  return worst;
}

template <class T>
void check_fast_maps(const Kernels& k) {
  CHECK(fast_distance<T>(
            k, [](auto& t, In<T> x, Out<T> y) { t.exp(x, y); }, [](T v) { return lab::exp(v); }) <=
        2);
  CHECK(fast_distance<T>(
            k, [](auto& t, In<T> x, Out<T> y) { t.log(x, y); }, [](T v) { return lab::log(v); }) <=
        2);
  CHECK(fast_distance<T>(
            k, [](auto& t, In<T> x, Out<T> y) { t.tanh(x, y); },
            [](T v) { return lab::tanh(v); }) <= 3);
  CHECK(fast_distance<T>(
            k, [](auto& t, In<T> x, Out<T> y) { t.sigmoid(x, y); },
            [](T v) { return lab::sigmoid(v); }) <= 3);
  CHECK(fast_distance<T>(
            k, [](auto& t, In<T> x, Out<T> y) { t.softplus(x, y); },
            [](T v) { return lab::softplus(v); }) <= 3);
}

}  // namespace

TEST_CASE("Elementwise kernels give the bits of the scalar functions, at every size and in place") {
  for_each_strict([](const Kernels& k) {
    check_all_maps<double>(k);
    check_all_maps<float>(k);
  });
}

TEST_CASE("axpy and scale are the plain loops") {
  for_each_strict([](const Kernels& k) {
    check_axpy_and_scale<double>(k);
    check_axpy_and_scale<float>(k);
  });
}

TEST_CASE("Fast elementwise kernels stay within 3 ulp of the strict ones") {
  for_each_fast([](const Kernels& k) {
    check_fast_maps<double>(k);
    check_fast_maps<float>(k);
  });
}
