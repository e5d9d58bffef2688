// The ramp loss (arXiv:2302.14853): vectors V1 and V2, its gradient, the angle, the best halfspace.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "method/separable/halfspace_samples.h"
#include "method/separable/ramp_loss.h"
#include "reference/tester-learner-halfspaces/vector.h"

using namespace lab;
using namespace lab::separable;

TEST_CASE("V1: the ramp and its slope at width 0.3") {
  constexpr double kRamp[][2] = {{-0.2, 0},    {-0.1, 0.125}, {-0.05, 0.3333333333},
                                 {0, 0.5},     {0.03, 0.6},   {0.05, 0.6666666667},
                                 {0.1, 0.875}, {0.12, 0.949}, {0.15, 1},
                                 {0.2, 1}};
  for (const auto& [t, expected] : kRamp) {
    CAPTURE(t);
    CHECK(std::abs(ramp(t, 0.3) - expected) <= 1e-10);
  }
  constexpr double kSlope[][2] = {{0, 3.3333333333},   {0.05, 3.3333333333}, {0.08, 4.4333333333},
                                  {0.1, 4.1666666667}, {0.12, 3.1},          {0.15, 0}};
  for (const auto& [t, expected] : kSlope) {
    CAPTURE(t);
    CHECK(std::abs(ramp_slope(t, 0.3) - expected) <= 1e-10);
    CHECK(ramp_slope(-t, 0.3) == ramp_slope(t, 0.3));
  }
}

TEST_CASE("the ramp rises from 0 to 1, is odd about 1/2, and its slope is its derivative") {
  double before = 0, steepest = 0;
  for (double t = -0.6; t <= 0.6; t += 1e-3) {
    CHECK(ramp(t, 1) >= before);
    CHECK(ramp(t, 1) + ramp(-t, 1) == doctest::Approx(1).epsilon(1e-15));
    CHECK((ramp(t + 1e-6, 1) - ramp(t - 1e-6, 1)) / 2e-6 ==
          doctest::Approx(ramp_slope(t, 1)).epsilon(1e-4));
    before = ramp(t, 1);
    steepest = std::max(steepest, ramp_slope(t, 1));
  }
  CHECK(steepest <= 4.0 / 3 + 1e-12);
  CHECK(steepest > 1.333);
}

TEST_CASE("V2: loss and gradient of four samples") {
  const HalfspaceSample sample = test::four_samples();
  RampLoss loss(4);
  std::array<double, 2> gradient;
  CHECK(std::abs(loss.gradient(sample, std::array{0.8, 0.6}, 0.3, gradient) - 0.1083333333) <=
        1e-10);
  CHECK(std::abs(gradient[0] - 0.18) <= 1e-10);
  CHECK(std::abs(gradient[1] + 0.24) <= 1e-10);
  CHECK(loss.error() == 0);
}

TEST_CASE("the gradient is orthogonal to w, and that of a batch of all samples is the same") {
  const HalfspaceSample sample = test::reference_sample(4);
  RampLoss loss(600);
  std::array<double, 4> gradient, batch;
  loss.gradient(sample, test::kReferenceDirection, 0.5, gradient);
  double along = 0;
  for (std::size_t j = 0; j < 4; ++j) along += gradient[j] * test::kReferenceDirection[j];
  CHECK(std::abs(along) < 1e-14);
  std::vector<std::size_t> all(600);
  for (std::size_t i = 0; i < 600; ++i) all[i] = i;
  loss.batch_gradient(sample, test::kReferenceDirection, 0.5, all, batch);
  for (std::size_t j = 0; j < 4; ++j) CHECK(std::abs(batch[j] - gradient[j]) < 1e-13);
}

TEST_CASE("w and -w share everything: the losses and the errors add up to 1") {
  const HalfspaceSample sample = test::reference_sample(2);
  RampLoss loss(600);
  const double one = loss.value(sample, std::array{0.6, 0.8}, 0.5), error = loss.error();
  CHECK(loss.value(sample, std::array{-0.6, -0.8}, 0.5) == doctest::Approx(1 - one));
  CHECK(loss.error() == doctest::Approx(1 - error));
}

TEST_CASE("angles are exact from almost 0 to almost pi") {
  for (const double angle : {0.0, 1e-9, 1e-3, 0.5, 1.2, 1.5707963267948966, 2.0, 3.0, 3.1415}) {
    CAPTURE(angle);
    const std::array u = {3.0, 0.0, 4.0};
    const double c = lab::cos(angle), s = lab::sin(angle);
    const std::array v = {2 * (0.6 * c), 2 * s, 2 * (0.8 * c)};
    CHECK(std::abs(angle_between(u, v) - angle) <= 4e-15 + 4e-16 * angle);
  }
  std::array zero = {0.0, 0.0};
  CHECK_FALSE(normalize(zero));
}

TEST_CASE("the best halfspace of the plane is that of a search over all gaps between changes") {
  const HalfspaceSample sample = test::reference_sample(2);
  BestHalfspace best(600);
  CHECK(best.error(sample) == doctest::Approx(test::kBestInThePlane).epsilon(1e-12));
  CHECK(best.error(sample) == best.error(sample));
  // No direction is better.
  RampLoss loss(600);
  for (int k = 0; k < 360; ++k) {
    const double angle = k / 57.29577951308232;
    loss.value(sample, std::array{lab::cos(angle), lab::sin(angle)}, 0.5);
    CHECK(loss.error() >= best.error(sample) - 1e-12);
  }
  BestHalfspace four(4);
  CHECK(four.error(test::four_samples()) == 0);
}
