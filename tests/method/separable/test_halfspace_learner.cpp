#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "method/separable/halfspace_learner.h"
#include "method/separable/halfspace_samples.h"
#include "method/separable/planted_halfspace.h"

using namespace lab;
using namespace lab::separable;

namespace {

constexpr std::array kWStar = {1.0, 0.0, 0.0};

HalfspaceDescent learned(HalfspaceLearner learner, const HalfspaceSample& sample, int updates,
                         double step = 0.5) {
  HalfspaceDescent descent({.learner = learner, .step = step}, sample.count(), sample.dimension());
  std::vector<double> start(sample.dimension());
  HalfspaceDescent::chow_start(sample, start);
  descent.restart(sample, start, 0.25);
  Stream random(5, "learner");
  for (int k = 0; k < updates; ++k) descent.update(random);
  return descent;
}

}  // namespace

TEST_CASE("every learner comes close to the planted halfspace of clean Gaussian data") {
  Stream stream(2, "data");
  HalfspaceSample sample(4000, 3);
  PlantedHalfspace{}.draw(stream, sample);
  for (std::size_t k = 0; k < kHalfspaceLearners; ++k) {
    const auto learner = static_cast<HalfspaceLearner>(k);
    CAPTURE(name(learner));
    const HalfspaceDescent descent = learned(learner, sample, 100);
    CHECK(descent.error() < 0.03);
    CHECK(angle_between(descent.w(), kWStar) < 0.1);
    double norm = 0;
    for (const double weight : descent.w()) norm += weight * weight;
    CHECK(norm == doctest::Approx(1));
  }
}

TEST_CASE("backtracking never raises the loss, and rests at a stationary point") {
  Stream stream(4, "data");
  HalfspaceSample sample(4000, 3);
  PlantedHalfspace{.noise = LabelNoise::massart}.draw(stream, sample);
  HalfspaceDescent descent({}, 4000, 3);
  descent.restart(sample, std::array{-0.3, 1.0, 0.4}, 0.25);
  Stream random(5, "learner");
  double before = descent.loss();
  for (int k = 0; k < 300 && !descent.at_rest(); ++k) {
    descent.update(random);
    CHECK(descent.loss() <= before);
    before = descent.loss();
  }
  CHECK(descent.at_rest());
  CHECK(descent.gradient_norm() < 0.02);
}

TEST_CASE(
    "stopped early on the cluster the fixed step is wrong, and descended to the end it is not") {
  Stream stream(6, "data");
  HalfspaceSample sample(4000, 2);
  PlantedHalfspace{.marginal = Marginal::cluster, .mass = 0.3}.draw(stream, sample);
  BestHalfspace best(4000);
  const double limit = 2 * best.error(sample) + 0.03;
  CHECK(learned(HalfspaceLearner::fixed_step, sample, 60, 0.05).error() > limit);
  CHECK(learned(HalfspaceLearner::fixed_step, sample, 300, 0.1).error() < limit);
  CHECK(learned(HalfspaceLearner::backtracking, sample, 300).error() < limit);
}

TEST_CASE("a start of length 0 becomes e_1, and a learner goes on from saved bytes") {
  const HalfspaceSample sample = test::reference_sample(2);
  for (std::size_t k = 0; k < kHalfspaceLearners; ++k) {
    const DescentOptions options = {.learner = static_cast<HalfspaceLearner>(k)};
    CAPTURE(name(options.learner));
    HalfspaceDescent descent(options, 600, 2);
    descent.restart(sample, std::array{0.0, 0.0}, 0.5);
    CHECK(descent.w()[0] == 1);
    Stream random(5, "learner");
    for (int u = 0; u < 3; ++u) descent.update(random);
    ByteWriter writer;
    descent.save(writer);
    const std::uint64_t position = random.position();
    for (int u = 0; u < 3; ++u) descent.update(random);
    HalfspaceDescent again(options, 600, 2);
    again.restart(sample, std::array{0.0, 0.0}, 0.5);
    ByteReader reader(writer.view());
    again.restore(reader);
    reader.expect_end();
    random.seek(position);
    for (int u = 0; u < 3; ++u) again.update(random);
    CHECK(again.w()[0] == descent.w()[0]);
    CHECK(again.w()[1] == descent.w()[1]);
    CHECK(again.loss() == descent.loss());
  }
}
