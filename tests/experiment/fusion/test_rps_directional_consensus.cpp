// Sheet 17 as an experiment: identities of its contest, and that it goes on where it was saved.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "allocations.h"
#include "experiment/run_steps.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("rps-directional-consensus");
}

Recorder finished(Settings settings) {
  settings.try_emplace("prompts", std::int64_t{200});
  return run_to_end(experiment(), {experiment().id, experiment().schema, settings}, {.seed = 2})
      .recorder;
}

}  // namespace

TEST_CASE("rps: neighbours at no distance are the best of k") {
  const Recorder run = finished({{"width", 0.0}});
  CHECK(last(run, "rps/score") == last(run, "best_of_k/score"));
  CHECK(last(run, "rps/win_rate") == 0.5);
  CHECK(last(run, "rps/margin") == 0);
}

TEST_CASE("rps: with one answer the best of k is the direct one") {
  const Recorder run = finished({{"k", std::int64_t{1}}});
  CHECK(last(run, "best_of_k/score") == last(run, "direct/score"));
}

TEST_CASE("rps: nobody is better than all answers judged without noise") {
  const Recorder run = finished({{"reward_noise", 0.0}});
  for (const char* who :
       {"direct/score", "best_of_k/score", "rps/score", "edge/score", "anywhere/score"})
    CHECK(last(run, who) < last(run, "oracle/score"));
  CHECK(last(run, "direct/score") < last(run, "best_of_k/score"));
}

TEST_CASE("rps: within the arc its edge is the target itself") {
  const Recorder run = finished({{"target", 15.0}});
  CHECK(last(run, "edge/score") == last(run, "best_of_k/score"));
}

TEST_CASE("rps: far out the trained neighbours are better, and nowhere if all are as good") {
  CHECK(last(finished({{"target", 60.0}, {"width", 45.0}, {"reach", 5.0}}), "rps/win_rate") > 0.55);
  CHECK(last(finished({{"target", 60.0}, {"width", 45.0}, {"uniform", true}}), "rps/win_rate") <
        0.5);
}

TEST_CASE("rps: a step allocates nothing, up to the end") {
  Recorder recorder(experiment().recordings);
  const Config config(experiment().id, experiment().schema, {{"prompts", std::int64_t{60}}});
  const std::unique_ptr<Run> run = begun(config, recorder);
  recorder.reserve(60);
  const std::size_t before = allocations_made();
  CHECK(advance(*run, recorder, 1, 100) == 60);
  CHECK(allocations_made() == before);
}

TEST_CASE("rps: saved and restored it goes on with the same bits") {
  const Config config(experiment().id, experiment().schema, {{"answers", std::int64_t{20}}});
  check_resumes(config, 40, 80, {.seed = 7});
}
