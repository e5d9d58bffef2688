// Sheet 31 as an experiment: what its run counts, and that it goes on where it was saved.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "allocations.h"
#include "core/error.h"
#include "experiment/run_steps.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("qalign");
}

Config config(const Settings& settings) {
  return {experiment().id, experiment().schema, settings};
}

Recorder finished(const Settings& settings, std::uint64_t seed = 0) {
  return run_to_end(experiment(), config(settings), {.seed = seed}).recorder;
}

}  // namespace

TEST_CASE("qalign: without noise everybody who trusts the reward is right") {
  const Recorder run = finished({{"noise", 0.0}, {"samples", std::int64_t{200}}});
  CHECK(last(run, "best_of_n/accuracy") == 1);
  CHECK(last(run, "best_of_n/reward") == 1);
  CHECK(last(run, "qalign/accuracy") == 1);
  CHECK(last(run, "ideal/accuracy") == 1);
}

TEST_CASE("qalign: the first step of all methods is one text of the model") {
  const Recorder run = finished({{"samples", std::int64_t{1}}, {"noise", 0.0}});
  for (const char* who :
       {"majority/accuracy", "reward_vote/accuracy", "importance/accuracy", "qalign/accuracy"})
    CHECK(last(run, who) == last(run, "best_of_n/accuracy"));
  CHECK(last(run, "qalign/acceptance") == 1);
}

TEST_CASE("qalign: a reward that weighs nothing accepts every proposal of equal length") {
  const Recorder run = finished({{"beta", 1e6}, {"samples", std::int64_t{300}}});
  CHECK(last(run, "qalign/acceptance") > 0.999);
  CHECK(last(run, "qalign/accuracy") > 0.9);
}

TEST_CASE("qalign: the chain comes to its target, without the length term to another") {
  const Recorder run = finished({{"task", "sums"},
                                 {"questions", std::int64_t{1}},
                                 {"symbols", std::int64_t{2}},
                                 {"samples", std::int64_t{100'000}}},
                                3);
  CHECK(last(run, "qalign/distance") < 0.03);
  CHECK(last(run, "uncorrected/distance") > 2 * last(run, "qalign/distance"));
}

TEST_CASE("qalign: burn-in and chains change who votes, not what is sampled") {
  const Settings settings = {{"samples", std::int64_t{64}}};
  const Recorder plain = finished(settings);
  Settings other = settings;
  other["burn_in"] = std::int64_t{32};
  const Recorder late = finished(other);
  CHECK(last(late, "qalign/reward") == last(plain, "qalign/reward"));
  CHECK(last(late, "majority/accuracy") == last(plain, "majority/accuracy"));
  CHECK(last(late, "qalign/accuracy") != last(plain, "qalign/accuracy"));
  other = settings;
  other["chains"] = std::int64_t{64};  // every chain has one text, the model's
  const Recorder many = finished(other);
  CHECK(last(many, "qalign/accuracy") == last(plain, "majority/accuracy"));
}

TEST_CASE("qalign: steps without allocating, and saved and restored goes on with the same bits") {
  for (const char* task : {"answers", "sums"}) {
    CAPTURE(task);
    const Config c =
        config({{"task", task}, {"questions", std::int64_t{5}}, {"chains", std::int64_t{3}}});
    const RunContext context = {.seed = 7};
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(c, recorder, context);
    recorder.reserve(200);
    advance(*run, recorder, 1, 40);
    const std::size_t before = allocations_made();
    advance(*run, recorder, 41, 80);
    CHECK(allocations_made() == before);
    check_resumes(c, 40, 80, context);
  }
}

TEST_CASE("qalign: more than all probability is refused") {
  CHECK_THROWS_WITH_AS(finished({{"right", 0.7}, {"popular", 0.4}}),
                       doctest::Contains("right + popular at most 1"), Error);
}
