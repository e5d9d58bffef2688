// The experiment as a whole: its runs, its settings, its claims on a first seed.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "core/error.h"
#include "experiment/run_steps.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("best-of-majority");
}

RunContext context(std::uint64_t seed = 0) {
  return {.seed = seed};
}

Config config(Settings settings) {
  settings.try_emplace("samples", std::int64_t{60});
  settings.try_emplace("simulations", std::int64_t{80});
  return {experiment().id, experiment().schema, settings};
}

Outcome outcome(const Settings& settings) {
  return run_to_end(experiment(), config(settings), context());
}

const std::vector<Settings>& kinds() {
  static const std::vector<Settings> all = {
      {},
      {{"k", std::int64_t{3}}, {"threshold", 0.0}},
      {{"questions", "random"}, {"theory_threshold", true}, {"k", std::int64_t{2}}},
      {{"questions", "adversarial"}, {"k", std::int64_t{4}}},
      {{"rare", std::int64_t{0}}, {"correct", 0.4}, {"popular", 0.4}, {"second", 0.2}},
  };
  return all;
}

}  // namespace

TEST_CASE("best of majority: a step allocates nothing, up to the end") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    recorder.reserve(100);
    const std::size_t before = allocations_made();
    const std::uint64_t end = advance(*run, recorder, 1, 100);
    CHECK(allocations_made() == before);
    CHECK(end == 80);
    CHECK(end == run->step_limit());
  }
}

TEST_CASE("best of majority: saved and restored it goes on with the same bits") {
  for (const Settings& settings : kinds()) check_resumes(config(settings), 30, 80);
}

TEST_CASE("best of majority: every kind has rates, regrets, bars and explanations") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    CHECK(run->explain(recorder).empty());
    advance(*run, recorder, 1, 80);
    run->observe(recorder);
    CHECK_FALSE(recorder.divergence());
    const double oracle = value(recorder, "oracle/pass");
    for (const std::string who :
         {"majority", "weighted", "best_of_n", "soft", "best_of_majority"}) {
      CHECK(value(recorder, who + "/pass") <= oracle);
      CHECK(value(recorder, who + "/regret") >= value(recorder, "oracle/regret") - 1e-12);
      const Array& curve = recorder.array(recorder.find(who + "/pass_curve"));
      CHECK(curve.shape == std::vector<std::size_t>{7, 4});  // 1, 2, 5, 10, 20, 50, 60
      CHECK(curve.values[4 * 6] == 60);
      CHECK(curve.values[4 * 6 + 1] == value(recorder, who + "/pass"));
      for (std::size_t row = 0; row < 7; ++row) {
        CHECK(curve.values[4 * row + 2] <= curve.values[4 * row + 1] + 1e-9);
        CHECK(curve.values[4 * row + 3] >= curve.values[4 * row + 1] - 1e-9);
      }
    }
    const std::vector<Explanation> explanations = run->explain(recorder);
    CHECK(explanations.size() == 3);
    for (const Explanation& explanation : explanations) CHECK(explanation.text.size() > 80);
  }
}

TEST_CASE("best of majority: without a threshold it is best-of-n, with k = all it is the oracle") {
  const Recorder none = outcome({{"threshold", 0.0}}).recorder;
  CHECK(value(none, "best_of_majority/pass") == value(none, "best_of_n/pass"));
  const Recorder strict = outcome({{"threshold", 1.0}}).recorder;
  CHECK(value(strict, "best_of_majority/pass") != value(strict, "best_of_n/pass"));
  const Recorder all = outcome({{"k", std::int64_t{32}}, {"rare", std::int64_t{10}}}).recorder;
  CHECK(value(all, "best_of_n/pass") == value(all, "oracle/pass"));
  CHECK(value(all, "majority/regret") == value(all, "oracle/regret"));
}

TEST_CASE("best of majority: the closed form is drawn where it holds") {
  const Recorder one = outcome({}).recorder;
  CHECK(one.array(one.find("exact/pass_curve")).shape == std::vector<std::size_t>{7, 2});
  const Recorder two = outcome({{"k", std::int64_t{2}}}).recorder;
  CHECK(two.array(two.find("exact/pass_curve")).shape.empty());
  const Recorder tied = outcome({{"correct_reward", 0.5}}).recorder;
  CHECK(tied.array(tied.find("exact/pass_curve")).shape.empty());
}

TEST_CASE("best of majority: adversarial questions lose exactly what they are made for") {
  const Recorder recorder = outcome({{"questions", "adversarial"},
                                     {"k", std::int64_t{4}},
                                     {"samples", std::int64_t{5000}},
                                     {"simulations", std::int64_t{2}},
                                     {"theory_threshold", true}})
                                .recorder;
  // sqrt(64 * 0.05^2 / 4).
  CHECK(value(recorder, "best_of_majority/regret") == doctest::Approx(0.2).epsilon(1e-12));
  CHECK(value(recorder, "question/eps_rm") == doctest::Approx(0.05).epsilon(1e-6));
  CHECK(value(recorder, "question/coverage") == 64);
}

TEST_CASE("best of majority: what cannot be is refused with what would be right") {
  const auto refuse = [](const Settings& settings, const char* why) {
    CHECK_THROWS_WITH_AS(outcome(settings), doctest::Contains(why), Error);
  };
  refuse({{"correct", 0.8}, {"popular", 0.3}}, "the answers' probabilities add up to 1.2");
  refuse({{"rare", std::int64_t{0}}}, "no rare answers");
  refuse({{"questions", "adversarial"}, {"reward_error", 0.5}}, "no such question");
}

TEST_CASE("best of majority: claims' ids are unique, and identities hold on a first seed") {
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
