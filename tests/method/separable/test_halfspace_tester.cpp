// The tests of the tester-learner (arXiv:2302.14853) against independent numbers, and what they say
// of Gaussian and other data.
#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "core/random.h"
#include "method/separable/halfspace_samples.h"
#include "method/separable/halfspace_tester.h"
#include "method/separable/planted_halfspace.h"
#include "reference/tester-learner-halfspaces/vector.h"

using namespace lab;
using namespace lab::separable;

TEST_CASE("V3: the Gaussian mass of a band") {
  CHECK(std::abs(gaussian_band_mass(0.3) - 0.2358228444) <= 1e-10);
}

TEST_CASE("every statistic agrees with its definition, reckoned independently") {
  const HalfspaceSample sample = test::reference_sample(4);
  HalfspaceTester tester(600, 4);
  tester.look_at(sample, test::kReferenceDirection);
  const TestLimits limits = {.sigma = 0.5, .theta = 0.4};
  const auto statistic = [&](HalfspaceTest test) { return tester.run(test, limits, 0).statistic; };
  CHECK(statistic(HalfspaceTest::band_mass) == doctest::Approx(test::kBandMass).epsilon(1e-12));
  CHECK(statistic(HalfspaceTest::spread_inner) ==
        doctest::Approx(test::kSpreadInner).epsilon(1e-11));
  CHECK(statistic(HalfspaceTest::spread_outer) ==
        doctest::Approx(test::kSpreadOuter).epsilon(1e-11));
  CHECK(statistic(HalfspaceTest::moments_inner) ==
        doctest::Approx(test::kMomentsInner).epsilon(1e-11));
  CHECK(statistic(HalfspaceTest::moments_outer) ==
        doctest::Approx(test::kMomentsOuter).epsilon(1e-11));
  CHECK(statistic(HalfspaceTest::wedge) == doctest::Approx(test::kWedge).epsilon(1e-11));
  CHECK(statistic(HalfspaceTest::global_moments) ==
        doctest::Approx(test::kGlobalMoments).epsilon(1e-11));
}

TEST_CASE("the wedge's bound is above what any halfspace within theta really disagrees on") {
  const HalfspaceSample sample = test::reference_sample(2);
  HalfspaceTester tester(600, 2);
  const std::array w = {0.6, 0.8};
  tester.look_at(sample, w);
  const TestLimits limits = {.theta = 0.3};
  const double bound = tester.run(HalfspaceTest::wedge, limits, 0).statistic * limits.theta;
  for (const double angle : {-0.3, -0.2, 0.1, 0.3}) {
    const double c = std::sqrt(1 - angle * angle);  // a little less than angle away
    const std::array v = {c * 0.6 - angle * 0.8, c * 0.8 + angle * 0.6};
    double differ = 0;
    for (std::size_t i = 0; i < 600; ++i) {
      const double x = sample.columns(0, i), y = sample.columns(1, i);
      differ += (w[0] * x + w[1] * y > 0) != (v[0] * x + v[1] * y > 0) ? 1 : 0;
    }
    // An angle whose sine is 0.3 is a little above 0.3: the wider wedge is checked where it fits.
    if (std::abs(angle) < 0.29) CHECK(differ / 600 <= bound);
  }
}

TEST_CASE("Gaussian samples pass in any direction, w and -w alike; a band with too few fails") {
  Stream stream(7, "tests");
  HalfspaceSample sample(4000, 5);
  HalfspaceTester tester(4000, 5);
  for (int k = 0; k < 20; ++k) {
    PlantedHalfspace{}.draw(stream, sample);
    std::array<double, 5> w;
    stream.fill_normal(w);
    normalize(w);
    for (std::size_t t = 0; t < kHalfspaceTests; ++t) {
      const auto test = static_cast<HalfspaceTest>(t);
      CAPTURE(name(test));
      tester.look_at(sample, w);
      const TestOutcome outcome = tester.run(test, {}, 0.1);
      CHECK(outcome.passed);
      std::array<double, 5> turned = w;
      for (double& weight : turned) weight = -weight;
      tester.look_at(sample, turned);
      CHECK(tester.run(test, {}, 0.1).statistic == doctest::Approx(outcome.statistic));
    }
  }
  const TestOutcome few =
      tester.run(HalfspaceTest::moments_inner, {.sigma = 0.01, .moments = 1e9}, 0);
  CHECK(few.points < 30);
  CHECK_FALSE(few.passed);
}

TEST_CASE("each pathology fails the test that is made for it") {
  Stream stream(3, "pathologies");
  HalfspaceSample sample(4000, 2);
  HalfspaceTester tester(4000, 2);
  const std::array w = {1.0, 0.0};
  const auto outcome = [&](const PlantedHalfspace& planted, HalfspaceTest test) {
    planted.draw(stream, sample);
    tester.look_at(sample, w);
    return tester.run(test, {}, 0);
  };
  CHECK_FALSE(outcome({.marginal = Marginal::blobs}, HalfspaceTest::band_mass).passed);
  CHECK_FALSE(outcome({.marginal = Marginal::student_t}, HalfspaceTest::moments_outer).passed);
  CHECK_FALSE(outcome({.marginal = Marginal::cluster, .mass = 0.3, .across = 0},
                      HalfspaceTest::spread_outer)
                  .passed);
  CHECK_FALSE(outcome({.marginal = Marginal::cluster, .mass = 0.1, .across = 3, .along = 0},
                      HalfspaceTest::global_moments)
                  .passed);
  CHECK_FALSE(tester.run(HalfspaceTest::stationary, {.alpha = 0.2}, 0.21).passed);
}
