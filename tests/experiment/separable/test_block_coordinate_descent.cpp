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
  return find_experiment("block-coordinate-descent");
}

const DataStore& data() {
  static const DataStore store(folder_source(data_folders("")));
  return store;
}

RunContext context(std::uint64_t seed = 0) {
  return {.seed = seed, .data = &data()};
}

Config config(const Settings& settings) {
  return {experiment().id, experiment().schema, settings};
}

Outcome outcome(const Settings& settings, std::uint64_t seed = 0) {
  return run_to_end(experiment(), config(settings), context(seed));
}

double value(const Outcome& outcome, std::string_view name) {
  const std::optional<double> found = outcome.recorder.value(name);
  REQUIRE_MESSAGE(found, name);
  return *found;
}

const std::vector<Settings>& kinds() {
  static const std::vector<Settings> all = {
      {{"gsd_rows", true}, {"gsq_iht", true}, {"lipschitz", true}},
      {{"problem", "softmax"}, {"features", std::int64_t{15}}, {"update", "matrix"}},
      {{"problem", "lasso"}, {"race", "updates"}},
      {{"problem", "nonnegative"}, {"block_size", std::int64_t{25}}},
      {{"race", "blocks"}, {"rule", "gsq"}, {"block_size", std::int64_t{7}}},
      {{"problem", "lattice"}, {"race", "trees"}, {"nodes", std::int64_t{100}}},
      {{"problem", "moons"}, {"race", "trees"}, {"nodes", std::int64_t{100}}},
      {{"problem", "moons"}, {"update", "approximation"}, {"nodes", std::int64_t{100}}},
  };
  return all;
}

}  // namespace

TEST_CASE("block coordinate descent: a step allocates nothing") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder, context());
    recorder.reserve(300);
    advance(*run, recorder, 1, 3);
    const std::size_t before = allocations_made();
    advance(*run, recorder, 4, 120);
    CHECK(allocations_made() == before);
  }
}

TEST_CASE("block coordinate descent: saved and restored it goes on with the same bits") {
  for (Settings settings : kinds()) {
    settings["max_iterations"] = std::int64_t{1000};
    check_resumes(config(settings), 63, 400, context());
  }
}

TEST_CASE("block coordinate descent: every problem and data set runs, and no promise is broken") {
  for (const std::string problem :
       {"logistic", "least_squares", "softmax", "lasso", "nonnegative", "lattice", "moons"}) {
    for (const std::string data : {"generated", "hand", "wdbc", "iris", "diabetes"}) {
      if (data == "diabetes" && (problem == "logistic" || problem == "softmax")) continue;
      CAPTURE(problem);
      CAPTURE(data);
      const Outcome run = outcome({{"problem", problem},
                                   {"data", data},
                                   {"features", std::int64_t{12}},
                                   {"nodes", std::int64_t{64}},
                                   {"block_size", std::int64_t{2}},
                                   {"update", "matrix"},
                                   {"max_iterations", std::int64_t{40}}});
      CHECK_FALSE(run.recorder.divergence());
      for (const std::string who : {"random", "cyclic", "gs", "gsl", "gsd", "gsq"}) {
        CHECK(value(run, who + "/largest_excess") < 1e-11);
        CHECK(value(run, who + "/log_gap") < 0);
      }
      CHECK(value(run, "data/optimum") < value(run, "data/start"));
    }
  }
}

TEST_CASE("block coordinate descent: digits, one against the rest, and all ten") {
  const Outcome one =
      outcome({{"data", "digits"}, {"positive_class", "3"}, {"max_iterations", std::int64_t{20}}});
  CHECK(value(one, "data/samples") == 100);
  CHECK(value(one, "gsd/log_gap") < value(one, "random/log_gap"));
  const Outcome all = outcome({{"data", "digits"},
                               {"problem", "softmax"},
                               {"promises", false},
                               {"max_iterations", std::int64_t{5}}});
  CHECK(value(all, "data/coordinates") > 500);
  CHECK(value(all, "gs/log_gap") < 0);
}

TEST_CASE("block coordinate descent: what cannot be is refused with what would be right") {
  const auto refuse = [](const Settings& settings, const char* why) {
    CHECK_THROWS_WITH_AS(outcome(settings), doctest::Contains(why), Error);
  };
  refuse({{"block_size", std::int64_t{61}}}, "a block of 61 of 60 coordinates");
  refuse({{"race", "trees"}}, "no graph");
  refuse({{"watch", "newton"}}, "takes no part");
  refuse({{"problem", "softmax"}, {"features", std::int64_t{500}}}, "2000 coordinates");
  refuse({{"data", "diabetes"}}, "no classes");
  refuse({{"data", "digits"}, {"positive_class", "x"}}, "no class 'x'");
  Settings none;
  for (const char* rule : {"random", "cyclic", "gs", "gsl", "gsd", "gsq"}) none[rule] = false;
  refuse(none, "no rule is switched on");
}

TEST_CASE("block coordinate descent: the picture of a graph, and explanations in numbers") {
  const Outcome lattice = outcome({{"problem", "lattice"},
                                   {"race", "trees"},
                                   {"nodes", std::int64_t{64}},
                                   {"watch", "growing_tree"},
                                   {"max_iterations", std::int64_t{50}}});
  const Recorder& recorder = lattice.recorder;
  const Array& field = recorder.array(recorder.find("graph/field"));
  CHECK(field.shape == std::vector<std::size_t>{8, 8});
  CHECK(recorder.array(recorder.find("graph/field_extent")).values ==
        std::vector<double>{-0.5, 7.5, -0.5, 7.5});
  // A harmonic function stays between its labels.
  for (const double x : field.values) CHECK(std::abs(x) <= 1 + 1e-9);

  for (const Settings& settings : kinds()) {
    Recorder here(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), here, context());
    CHECK_NOTHROW(run->explain(here));
    advance(*run, here, 1, 60);
    const std::vector<Explanation> explanations = run->explain(here);
    REQUIRE(explanations.size() >= 1);
    CHECK(explanations.front().id == "work");
    for (const Explanation& explanation : explanations) {
      CHECK_FALSE(explanation.title.empty());
      CHECK(explanation.text.size() > 80);
    }
  }
}

TEST_CASE("block coordinate descent: claims' ids are unique, and bounds hold on a first seed") {
  for (const Claim& claim : experiment().claims) {
    CAPTURE(claim.id);
    CHECK(std::ranges::count(experiment().claims, claim.id, &Claim::id) == 1);
    CHECK(claim.seeds >= 1);
    CHECK_FALSE(claim.metric.empty());
    const SeedMeasurement first = measure(experiment(), claim, context());
    CHECK(std::isfinite(first.value));
    if (claim.kind == ClaimKind::identity || claim.kind == ClaimKind::bound) {
      CHECK(holds(first.value, claim.comparison, claim.threshold));
    }
  }
}
