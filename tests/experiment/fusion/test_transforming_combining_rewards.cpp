// The experiment as a whole: its runs, its settings, its claims on a first seed.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "experiment/fusion/reward_world.h"
#include "experiment/run_steps.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("transforming-combining-rewards");
}

RunContext context(std::uint64_t seed = 0) {
  return {.seed = seed};
}

Config config(Settings settings) {
  settings.try_emplace("prompts", std::int64_t{8});
  settings.try_emplace("outputs", std::int64_t{20});
  settings.try_emplace("points", std::int64_t{12});
  return {experiment().id, experiment().schema, settings};
}

Outcome outcome(const Settings& settings) {
  return run_to_end(experiment(), config(settings), context());
}

const std::vector<Settings>& kinds() {
  static const std::vector<Settings> all = {
      {},
      {{"attributes", std::int64_t{2}}},
      {{"hacked", std::int64_t{0}}, {"quantile", 0.3}},
      {{"distance", 10.0}, {"concentration", 0.1}},
  };
  return all;
}

}  // namespace

TEST_CASE("transforming rewards: a step allocates nothing, up to the end") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    recorder.reserve(20);
    const std::size_t before = allocations_made();
    const std::uint64_t end = advance(*run, recorder, 1, 20);
    CHECK(allocations_made() == before);
    CHECK(end == 12);
    CHECK(end == run->step_limit());
  }
}

TEST_CASE("transforming rewards: saved and restored it goes on with the same bits") {
  for (const Settings& settings : kinds()) check_resumes(config(settings), 5, 12);
}

TEST_CASE(
    "transforming rewards: policies stand where they are asked to, as far as there is a way") {
  const fusion::RewardWorld world = fusion::reward_world(config({}), 3);
  for (std::size_t i = 0; i < fusion::kTransforms; ++i) {
    const auto transform = static_cast<fusion::RewardTransform>(i);
    if (transform == fusion::RewardTransform::constraint) continue;
    fusion::TransformedPolicy policy(world, transform);
    for (const double distance : {0.01, 0.3, 1.0}) {
      REQUIRE(policy.match(distance));
      CHECK(policy.divergence() == doctest::Approx(distance).epsilon(1e-9));
    }
    // Beyond -log of the smallest probability there is nothing.
    CHECK_FALSE(policy.match(40));
  }
}

TEST_CASE("transforming rewards: subtracting a reference alone changes nothing") {
  const Recorder recorder = outcome({}).recorder;
  const std::vector<double>& raw = recorder.array(recorder.find("raw/utility_curve")).values;
  const std::vector<double>& centred =
      recorder.array(recorder.find("centred/utility_curve")).values;
  REQUIRE(raw.size() == centred.size());
  REQUIRE(raw.size() > 10);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    CHECK(raw[i] == doctest::Approx(centred[i]).epsilon(1e-7));
  }
}

TEST_CASE("transforming rewards: every kind has curves, gains and explanations") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    advance(*run, recorder, 1, 20);
    run->observe(recorder);
    CHECK_FALSE(recorder.divergence());
    CHECK(recorder.array(recorder.find("outputs/mass")).shape == std::vector<std::size_t>{20, 3});
    CHECK(recorder.array(recorder.find("constraint/utility_curve")).shape ==
          std::vector<std::size_t>{1, 2});
    const bool two = settings.contains("attributes");
    CHECK(recorder.array(recorder.find("least/utility_curve")).shape.empty() != two);
    const bool reached = recorder.value("lsc/utility").has_value();
    CHECK(reached == !settings.contains("distance"));
    if (reached) {
      CHECK(recorder.array(recorder.find("lsc/gains")).shape == std::vector<std::size_t>{8});
    }
    for (const Explanation& explanation : run->explain(recorder)) {
      CHECK(explanation.text.size() > 80);
    }
    CHECK(run->explain(recorder).size() == (reached ? 2 : 1));
  }
}

TEST_CASE("transforming rewards: without hacked outputs nobody is fooled") {
  const Recorder recorder = outcome({{"hacked", std::int64_t{0}}}).recorder;
  CHECK(*recorder.value("raw/hacked") == 0);
  const Recorder fooled = outcome({}).recorder;
  CHECK(*fooled.value("raw/hacked") > *fooled.value("lsc/hacked"));
}

TEST_CASE("transforming rewards: claims' ids are unique, and identities hold on a first seed") {
  for (const Claim& claim : experiment().claims) {
    CAPTURE(claim.id);
    CHECK(std::ranges::count(experiment().claims, claim.id, &Claim::id) == 1);
    CHECK(claim.seeds >= 1);
    CHECK_FALSE(claim.metric.empty());
    if (claim.kind != ClaimKind::identity) continue;
    const SeedMeasurement first = measure(experiment(), claim, context());
    CHECK(std::isfinite(first.value));
    CHECK(holds(first.value, claim.comparison, claim.threshold));
  }
}
