#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "compute/reference.h"
#include "model/activations.h"

using namespace reference;
using lab::HiddenActivation;

namespace {

constexpr HiddenActivation kAll[] = {HiddenActivation::relu, HiddenActivation::tanh,
                                     HiddenActivation::gelu};

// The same functions in double, by libm.
double exact(HiddenActivation f, double x) {
  switch (f) {
    case HiddenActivation::relu:
      return x > 0 ? x : 0;
    case HiddenActivation::tanh:
      return std::tanh(x);
    case HiddenActivation::gelu:
      break;
  }
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
}

std::vector<float> values(const lab::Kernels& k, HiddenActivation f, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  lab::activate(k, f, x, y);
  return y;
}

}  // namespace

TEST_CASE("activations: known values") {
  const lab::Kernels& k = lab::kernels();
  CHECK(values(k, HiddenActivation::relu, {-2, 0, 3}) == std::vector<float>{0, 0, 3});
  CHECK(values(k, HiddenActivation::tanh, {0, 1})[1] == doctest::Approx(0.76159416));
  // Far from 0 GELU is 0 or x; at +-1 it is 0.841192 and -0.158808.
  const std::vector<float> gelu = values(k, HiddenActivation::gelu, {-20, -1, 0, 1, 20});
  CHECK(gelu[0] == 0);
  CHECK(gelu[1] == doctest::Approx(-0.158808).epsilon(1e-5));
  CHECK(gelu[2] == 0);
  CHECK(gelu[3] == doctest::Approx(0.841192).epsilon(1e-6));
  CHECK(gelu[4] == 20);
}

TEST_CASE("activations: near the exact function, in every length and on every instruction set") {
  for_each_strict([](const lab::Kernels& k) {
    for (const HiddenActivation f : kAll) {
      const std::vector<float> all = numbers<float>(1000, 5, 6);
      const std::vector<float> y = values(k, f, all);
      for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(std::abs(y[i] - exact(f, all[i])) <= 4e-7 * (1 + std::abs(all[i])));
      for (const std::size_t n : {1, 3, 255, 256, 257, 600}) {
        const std::vector<float> some = values(k, f, {all.begin(), all.begin() + n});
        CHECK(difference(some, {y.begin(), y.begin() + n}) == "");
      }
    }
  });
}

TEST_CASE("activations: gradients are central differences") {
  const lab::Kernels& k = lab::kernels();
  for (const HiddenActivation f : kAll) {
    const std::vector<float> x = numbers<float>(600, 7, 4);
    const std::vector<float> y = values(k, f, x);
    const std::vector<float> above = numbers<float>(600, 8);
    std::vector<float> gradient = above;
    lab::backpropagate(k, f, x, y, gradient);
    constexpr double h = 1e-5;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double slope = (exact(f, x[i] + h) - exact(f, x[i] - h)) / (2 * h);
      CHECK(std::abs(gradient[i] - above[i] * slope) <= 2e-6);
    }
  }
}

TEST_CASE("activations: NaN is not lost, and the slope of relu at 0 is 0") {
  const lab::Kernels& k = lab::kernels();
  for (const HiddenActivation f : kAll) {
    const std::vector<float> x = {kNan<float>, 1}, y = values(k, f, x);
    CHECK(std::isnan(y[0]));
    std::vector<float> gradient = {1, 1};
    lab::backpropagate(k, f, x, y, gradient);
    CHECK((f == HiddenActivation::relu || std::isnan(gradient[0])));
    CHECK_FALSE(std::isnan(gradient[1]));
  }
  std::vector<float> gradient = {5, 5, 5};
  const std::vector<float> x = {0, -0.0f, 1};
  lab::backpropagate(k, HiddenActivation::relu, x, values(k, HiddenActivation::relu, x), gradient);
  CHECK(gradient == std::vector<float>{0, 0, 5});
}
