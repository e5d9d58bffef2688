#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "method/separable/limit_cycles.h"
#include "method/separable/vectors.h"

using namespace lab;
using namespace lab::separable;

namespace {

// V7: 1, 1, 1 against -1 on a line.
SignedSamples opposed() {
  return test::samples({{1}, {1}, {1}, {-1}});
}

std::vector<double> thetas(const LimitCycle& cycle, const LogisticOptimum& optimum) {
  std::vector<double> values(cycle.positions().begin(), cycle.positions().end());
  for (double& value : values) value += optimum.theta[0];
  std::ranges::stable_sort(values);
  return values;
}

}  // namespace

TEST_CASE("V7: the optimum of three against one is log 3, with the critical step 32/3") {
  const std::optional<LogisticOptimum> optimum = logistic_optimum(opposed());
  REQUIRE(optimum);
  CHECK(optimum->theta[0] == doctest::Approx(1.0986122887).epsilon(1e-10));
  CHECK(optimum->sharpness == doctest::Approx(0.1875).epsilon(1e-10));
  CHECK(optimum->critical_step() == doctest::Approx(32.0 / 3).epsilon(1e-10));
  CHECK(optimum->sharpest == std::vector<double>{1});
}

TEST_CASE("V7: below the critical step it is the optimum, above it cycles of 2 and 4") {
  const SignedSamples samples = opposed();
  const LogisticOptimum optimum = *logistic_optimum(samples);
  LimitCycle cycle(samples, optimum, 64);
  for (const double gamma : {1.0, 10.0, 10.6}) {
    cycle.find(gamma, 5000, LimitCycle::Start::zero);
    CHECK(cycle.period() == 1);
    CHECK(std::abs(cycle.positions()[0]) < 1e-6);
  }
  cycle.find(12, 5000, LimitCycle::Start::zero);
  REQUIRE(cycle.period() == 2);
  CHECK(thetas(cycle, optimum)[0] == doctest::Approx(0.3953630298).epsilon(1e-9));
  CHECK(thetas(cycle, optimum)[1] == doctest::Approx(2.2244861881).epsilon(1e-9));
  cycle.find(40, 5000, LimitCycle::Start::zero);
  REQUIRE(cycle.period() == 4);
  const std::vector<double> expected = {-4.8437, 4.8437, 14.8437, 24.8437};
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(std::abs(thetas(cycle, optimum)[i] - expected[i]) < 1e-4);
  cycle.find(1000, 100, LimitCycle::Start::zero);
  REQUIRE(cycle.period() == 2);
  CHECK(thetas(cycle, optimum)[0] == doctest::Approx(0));
  CHECK(thetas(cycle, optimum)[1] == doctest::Approx(250));
}

TEST_CASE("a slow spiral into the optimum is no cycle") {
  const SignedSamples samples = opposed();
  const LogisticOptimum optimum = *logistic_optimum(samples);
  LimitCycle cycle(samples, optimum, 64);
  cycle.find(0.999 * optimum.critical_step(), 200, LimitCycle::Start::optimum);
  CHECK(cycle.period() == 0);
  CHECK(cycle.losses().size() == 64);
}

TEST_CASE(
    "the optimum's gradient vanishes in more dimensions, and there is none where a plane "
    "separates") {
  const SignedSamples samples = test::samples(
      {{1, 0.5, -0.2}, {0.3, -1, 0.4}, {-0.8, 0.6, 1.1}, {-0.2, 0.1, -0.9}, {0.4, 0.3, 0.2}});
  const std::optional<LogisticOptimum> optimum = logistic_optimum(samples);
  REQUIRE(optimum);
  Descent descent(Learner::lr_gd, samples, 1);
  descent.restart(1, optimum->theta);
  CHECK(descent.gradient_norm() < 1e-10);
  // H v = lambda v.
  const double h = 1e-4;
  std::vector<double> slopes;
  for (const double side : {-1.0, 1.0}) {
    std::vector<double> theta = optimum->theta;
    for (std::size_t j = 0; j < theta.size(); ++j) theta[j] += side * h * optimum->sharpest[j];
    descent.restart(1, theta);
    slopes.push_back(descent.gradient_norm());
  }
  CHECK((slopes[0] + slopes[1]) / (2 * h) == doctest::Approx(optimum->sharpness).epsilon(1e-5));
  CHECK_FALSE(logistic_optimum(test::four_points()));
  CHECK_FALSE(logistic_optimum(test::samples({{1, 0}, {1, 0}})));
}
