#include <doctest/doctest.h>

#include <cmath>

#include "method/separable/planted_halfspace.h"
#include "method/separable/tester_learner.h"

using namespace lab;
using namespace lab::separable;

namespace {

TesterLearner finished(const TesterLearnerOptions& options, const HalfspaceSample& sample) {
  TesterLearner learner(options, sample.count(), sample.dimension());
  Stream random(9, "learner");
  learner.restart(sample, random);
  while (learner.advance(random)) {
  }
  return learner;
}

HalfspaceSample drawn(const PlantedHalfspace& planted, std::size_t d) {
  Stream stream(8, "data");
  HalfspaceSample sample(4000, d);
  planted.draw(stream, sample);
  return sample;
}

}  // namespace

TEST_CASE("Gaussian data are accepted with a small error, a cluster and blobs are not") {
  const HalfspaceSample clean = drawn({}, 5);
  const TesterLearner accepted = finished({}, clean);
  CHECK(accepted.accepted());
  CHECK(accepted.error() < 0.02);
  CHECK_FALSE(finished({}, drawn({.marginal = Marginal::cluster}, 2)).accepted());
  CHECK_FALSE(finished({}, drawn({.marginal = Marginal::blobs}, 2)).accepted());
}

TEST_CASE("without tests everything is accepted") {
  TesterLearnerOptions options;
  options.on.fill(false);
  const HalfspaceSample cluster = drawn({.marginal = Marginal::cluster}, 2);
  const TesterLearner untested = finished(options, cluster);
  CHECK(untested.accepted());
  CHECK_FALSE(untested.outcome(HalfspaceTest::band_mass));
}

TEST_CASE("of several widths an accepted one is kept, with the least error") {
  TesterLearnerOptions options;
  options.limits.sigma = 1;
  options.widths = 4;
  const HalfspaceSample sample = drawn({.noise = LabelNoise::band}, 2);
  const TesterLearner grid = finished(options, sample);
  REQUIRE(grid.accepted());
  for (int width = 0; width < 4; ++width) {
    TesterLearnerOptions one = options;
    one.widths = 1;
    one.limits.sigma = std::ldexp(1.0, -width);
    const TesterLearner single = finished(one, sample);
    if (single.accepted()) CHECK(grid.error() <= single.error() + 1e-12);
    if (grid.sigma() == one.limits.sigma) CHECK(grid.error() == single.error());
  }
}

TEST_CASE("whatever turns out, w is no worse than -w") {
  const HalfspaceSample sample = drawn({.noise = LabelNoise::random, .rate = 0.45}, 3);
  CHECK(finished({}, sample).error() <= 0.5);
}
