// The experiment as a whole: its runs, its settings, its claims on a first seed.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "core/error.h"
#include "data/store.h"
#include "experiment/run_steps.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("presto-rare-events");
}

RunContext context(std::uint64_t seed = 0) {
  static const DataStore data(folder_source(data_folders("")));
  return {.seed = seed, .data = &data};
}

Config config(Settings settings) {
  settings.try_emplace("samples", std::int64_t{300});
  settings.try_emplace("features", std::int64_t{4});
  settings.try_emplace("intercepts", "0,1.5,3");
  settings.try_emplace("density", 0.3);
  settings.try_emplace("lambdas", std::int64_t{6});
  settings.try_emplace("folds", std::int64_t{3});
  return {experiment().id, experiment().schema, settings};
}

Outcome outcome(const Settings& settings) {
  return run_to_end(experiment(), config(settings), context());
}

const std::vector<Settings>& kinds() {
  static const std::vector<Settings> all = {
      {},
      {{"penalise_base", false}, {"criterion", "log_loss"}},
      {{"data", "dense"}, {"features", std::int64_t{2}}, {"presto_l2", false}},
      {{"data", "diabetes"}, {"criterion", "rare_brier"}},
      {{"sweep", "samples"}, {"lambda_index", std::int64_t{3}}},
      {{"intercepts", "2"}, {"softmax", false}},
  };
  return all;
}

}  // namespace

TEST_CASE("presto rare events: a step allocates nothing, up to the end") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder, context());
    recorder.reserve(5000);
    advance(*run, recorder, 1, 3);
    const std::size_t before = allocations_made();
    const std::uint64_t end = advance(*run, recorder, 4, 4000);
    CHECK(allocations_made() == before);
    CHECK(end < 4000);
    CHECK(end <= run->step_limit());
  }
}

TEST_CASE("presto rare events: saved and restored it goes on with the same bits") {
  for (const Settings& settings : kinds()) check_resumes(config(settings), 40, 3000, context());
}

TEST_CASE("presto rare events: every kind ends with finite errors, curves and explanations") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder, context());
    advance(*run, recorder, 1, 10);
    CHECK(run->explain(recorder).front().id == "on-the-path");
    advance(*run, recorder, 11, 4000);
    run->observe(recorder);
    CHECK_FALSE(recorder.divergence());
    for (const std::string who : {"presto", "odds", "logit", "weighted"}) {
      CHECK(value(recorder, who + "/rare_mse") > 0);
      CHECK(value(recorder, who + "/rare_mse") < 1);
      CHECK(recorder.array(recorder.find(who + "/reliability")).shape ==
            std::vector<std::size_t>{10, 2});
    }
    CHECK(recorder.array(recorder.find("presto/validation")).shape ==
          std::vector<std::size_t>{6, 4});
    const std::vector<Explanation> explanations = run->explain(recorder);
    REQUIRE(explanations.size() >= 2);
    for (const Explanation& explanation : explanations) {
      CHECK_FALSE(explanation.title.empty());
      CHECK(explanation.text.size() > 80);
    }
  }
}

TEST_CASE("presto rare events: paths, boundaries and sweeps are recorded for their figures") {
  const Outcome plane = outcome({{"features", std::int64_t{2}}});
  const Recorder& r = plane.recorder;
  CHECK(r.array(r.find("psi_1/path")).shape == std::vector<std::size_t>{2 * 6, 3});
  CHECK(r.array(r.find("psi_4/path")).shape.empty());
  for (const std::string who : {"truth", "presto", "odds", "logit"}) {
    CHECK(r.array(r.find(who + "/boundary_3")).values.size() == 3);
  }
  // The slopes of proportional odds are parallel.
  const std::vector<double>& a = r.array(r.find("odds/boundary_1")).values;
  const std::vector<double>& b = r.array(r.find("odds/boundary_3")).values;
  CHECK(a[0] * b[1] == doctest::Approx(a[1] * b[0]).epsilon(1e-12));
  CHECK(r.array(r.find("presto/sweep")).shape.empty());
  CHECK(value(r, "presto/found") + value(r, "presto/missed") == value(r, "data/true_differences"));

  const Outcome sweep = outcome({{"sweep", "rarity"}, {"samples", std::int64_t{600}}});
  const Array& curve = sweep.recorder.array(sweep.recorder.find("logit/sweep"));
  CHECK(curve.shape == std::vector<std::size_t>{5, 2});
  CHECK(curve.values[0] == 0);
  CHECK(curve.values[8] == 2);
}

TEST_CASE("presto rare events: what cannot be is refused with what would be right") {
  const auto refuse = [](const Settings& settings, const char* why) {
    CHECK_THROWS_WITH_AS(outcome(settings), doctest::Contains(why), Error);
  };
  refuse({{"lambda_index", std::int64_t{7}}}, "no lambda 7");
  refuse({{"data", "diabetes"}, {"sweep", "rarity"}}, "a sweep changes how data are generated");
  Settings none;
  for (const char* method : {"presto", "presto_l2", "odds", "logit", "weighted", "softmax"}) {
    none[method] = false;
  }
  refuse(none, "no method is switched on");
}

TEST_CASE("presto rare events: claims' ids are unique, and identities hold on a first seed") {
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
