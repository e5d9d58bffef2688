// The experiment as a whole: its runs, its settings, its claims on a first seed.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "experiment/run_steps.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("transfer-q-star");
}

RunContext context(std::uint64_t seed = 0) {
  return {.seed = seed};
}

Config config(Settings settings) {
  settings.try_emplace("points", std::int64_t{10});
  return {experiment().id, experiment().schema, settings};
}

Outcome outcome(const Settings& settings) {
  return run_to_end(experiment(), config(settings), context());
}

const std::vector<Settings>& kinds() {
  static const std::vector<Settings> all = {
      {},
      {{"vocabulary", std::int64_t{2}}, {"length", std::int64_t{2}}, {"distance", 0.1}},
      {{"correlation", 1.0}, {"tails", std::int64_t{1}}},
      {{"distance", 9.0}},
  };
  return all;
}

}  // namespace

TEST_CASE("transfer q*: a step allocates nothing, up to the end") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    recorder.reserve(20);
    const std::size_t before = allocations_made();
    const std::uint64_t end = advance(*run, recorder, 1, 20);
    CHECK(allocations_made() == before);
    CHECK(end == 10);
    CHECK(end == run->step_limit());
  }
}

TEST_CASE("transfer q*: saved and restored it goes on with the same bits") {
  for (const Settings& settings : kinds()) check_resumes(config(settings), 4, 10);
}

TEST_CASE("transfer q*: nothing is above the aligned law, and best-of-n below it as well") {
  const Recorder recorder = outcome({{"points", std::int64_t{30}}}).recorder;
  const std::vector<double>& exact = recorder.array(recorder.find("exact/curve")).values;
  for (const std::string who : {"transfer", "sft", "next", "sampled", "indirect", "naive"}) {
    const std::vector<double>& curve = recorder.array(recorder.find(who + "/curve")).values;
    CHECK(curve.size() > 4);
    // Beyond the mass of the best texts the aligned law ends, while decoders can go on.
    for (std::size_t i = 0; i < std::min(curve.size(), exact.size()); i += 2) {
      CHECK(curve[i] == exact[i]);
      CHECK(curve[i + 1] <= exact[i + 1] + 1e-9);
    }
  }
  const std::vector<double>& best = recorder.array(recorder.find("best_of_n/curve")).values;
  REQUIRE(best.size() == 14);
  CHECK(best[0] == doctest::Approx(0));
  CHECK(best[1] == doctest::Approx(value(recorder, "unaligned/reward")).epsilon(1e-9));
  for (std::size_t i = 2; i < best.size(); i += 2) {
    CHECK(best[i] > best[i - 2]);
    CHECK(best[i + 1] > best[i - 1]);
    for (std::size_t k = 0; k + 3 < exact.size(); k += 2) {
      if (exact[k] <= best[i] && best[i] <= exact[k + 2]) CHECK(best[i + 1] <= exact[k + 3]);
    }
  }
}

TEST_CASE("transfer q*: with the reward itself all tails count, and unaligned values are lower") {
  const Recorder same = outcome({{"correlation", 1.0}}).recorder;
  CHECK(value(same, "weights/effective") == doctest::Approx(100).epsilon(1e-9));
  CHECK(value(outcome({}).recorder, "weights/effective") < 100);
  const std::vector<double>& sft = same.array(same.find("sft/values")).values;
  const std::vector<double>& transfer = same.array(same.find("transfer/values")).values;
  for (std::size_t i = 0; i < sft.size(); i += 5) {
    // Jensen, and the divergence that the soft value leaves out.
    CHECK(sft[i + 1] <= sft[i + 4]);
    CHECK(transfer[i + 1] >= transfer[i + 4]);
  }
}

TEST_CASE("transfer q*: every kind has explanations, also where a distance is out of reach") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    advance(*run, recorder, 1, 20);
    run->observe(recorder);
    CHECK_FALSE(recorder.divergence());
    const bool reached = recorder.value("exact/reward").has_value();
    const std::vector<Explanation> explanations = run->explain(recorder);
    CHECK(explanations.size() == (reached ? 2 : 1));
    for (const Explanation& explanation : explanations) CHECK(explanation.text.size() > 80);
  }
}

TEST_CASE("transfer q*: claims' ids are unique, and identities hold on a first seed") {
  for (const Claim& claim : experiment().claims) {
    CAPTURE(claim.id);
    CHECK(std::ranges::count(experiment().claims, claim.id, &Claim::id) == 1);
    CHECK(claim.seeds >= 1);
    CHECK_FALSE(claim.metric.empty());
    if (claim.kind == ClaimKind::effect) continue;
    const SeedMeasurement first = measure(experiment(), claim, context());
    CHECK(std::isfinite(first.value));
    CHECK(holds(first.value, claim.comparison, claim.threshold));
  }
}
