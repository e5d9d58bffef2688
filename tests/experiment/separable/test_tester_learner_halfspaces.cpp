// The tester-learner's experiment: what a run records, that it goes on from saved bytes, that
// settings are checked, and what it says.
#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "core/error.h"
#include "experiment/registry.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("tester-learner-halfspaces");
}

const Settings kShort = {{"samples", std::int64_t{800}},
                         {"updates", std::int64_t{10}},
                         {"baseline_updates", std::int64_t{20}},
                         {"reference_samples", std::int64_t{6}},
                         {"sweep_repeats", std::int64_t{1}}};

Settings with(Settings settings, const Settings& more) {
  for (const auto& [name, value] : more) settings[name] = value;
  return settings;
}

std::unique_ptr<Run> make(const Settings& settings) {
  return experiment().make({experiment().id, experiment().schema, settings}, {.seed = 0});
}

Outcome finished(const Settings& settings, std::uint64_t seed = 0) {
  return run_to_end(experiment(), {experiment().id, experiment().schema, settings}, {.seed = seed});
}

}  // namespace

TEST_CASE(
    "tester-learner: saved and restored it goes on with the same bits, and a step allocates "
    "nothing") {
  for (const std::string learner :
       {"backtracking", "fixed_step", "stochastic", "chow", "logistic", "hinge", "perceptron"}) {
    CAPTURE(learner);
    const Settings settings = with(
        kShort, {{"learner", learner}, {"starts", std::int64_t{3}}, {"widths", std::int64_t{2}}});
    // While it learns, in the tests, in the reference samples, in the sweep.
    for (const std::uint64_t at : {3, 15, 39, 50}) {
      const std::unique_ptr<Run> whole = make(settings);
      Recorder recorder(experiment().recordings);
      recorder.reserve(200);
      recorder.begin_step(0);
      whole->begin(recorder);
      recorder.end_step();
      const auto advance = [&](Run& run, std::uint64_t from, std::uint64_t to) {
        for (std::uint64_t step = from; step <= to; ++step) {
          recorder.begin_step(step);
          const bool more = run.step(recorder);
          recorder.end_step();
          if (!more) return;
        }
      };
      advance(*whole, 1, at);
      const Recorder::Mark mark = recorder.mark();
      ByteWriter writer;
      whole->save(writer);
      const std::size_t before = allocations_made();
      advance(*whole, at + 1, at + 4);
      CHECK(allocations_made() == before);
      whole->observe(recorder);
      const std::string digest = recorder.digest();

      recorder.rewind(mark);
      const std::unique_ptr<Run> again = make(settings);
      ByteReader reader(writer.view());
      again->restore(reader);
      reader.expect_end();
      advance(*again, at + 1, at + 4);
      again->observe(recorder);
      CHECK(recorder.digest() == digest);
      CHECK_FALSE(whole->explain(recorder).empty());
    }
  }
}

TEST_CASE("tester-learner: the default run shows the demonstration, and says honestly what it is") {
  Recorder recorder = finished({}).recorder;
  CHECK(*recorder.value("tested/accepted") == 0);
  CHECK(*recorder.value("tested/broken") == 1);
  const double limit = 2 * *recorder.value("data/optimum") + 0.03;
  CHECK(recorder.buckets(recorder.find("backtracking/error")).back().last <= limit);
  const std::unique_ptr<Run> run = make({});
  Recorder again(experiment().recordings);
  again.begin_step(0);
  run->begin(again);
  again.end_step();
  CHECK(run->explain(again).front().title == "Where is the learner?");
  for (std::uint64_t step = 1; step <= 70; ++step) {
    again.begin_step(step);
    run->step(again);
    again.end_step();
  }
  const std::vector<Explanation> explanations = run->explain(again);
  REQUIRE(explanations.size() >= 2);
  CHECK(explanations[0].title == "Rejected: why?");
  CHECK(explanations[1].text.find("The ramp is not to blame") != std::string::npos);
}

TEST_CASE("tester-learner: arrays have the shapes that their figures draw") {
  const Recorder recorder = finished(kShort).recorder;
  const auto shape = [&](const char* name) { return recorder.array(recorder.find(name)).shape; };
  CHECK(shape("data/points") == std::vector<std::size_t>{800, 3});
  CHECK(shape("ramp/landscape") == std::vector<std::size_t>{361, 2});
  CHECK(shape("tester/accept_rate") == std::vector<std::size_t>{11, 2});
  CHECK(shape("sweep/trials") == std::vector<std::size_t>{11, 3});
  const std::size_t passed = shape("passed/tests")[0], failed = shape("failed/tests")[0];
  CHECK(passed + failed == 8);
  CHECK(labels_of(recorder.array(recorder.find("tests/names"))).size() == 8);
  // The slope changes its sign an even number of times on a circle.
  CHECK(shape("ramp/stationary")[0] % 2 == 0);
  CHECK(shape("ramp/stationary")[0] >= 2);
}

TEST_CASE("tester-learner: the same settings and seed give the same digest, another seed another") {
  CHECK(finished(kShort).digest == finished(kShort).digest);
  CHECK(finished(kShort).digest != finished(kShort, 1).digest);
}

TEST_CASE("tester-learner: tests that are off neither run nor decide") {
  const Recorder recorder = finished(with(kShort, {{"test_stationary", false},
                                                   {"test_band_mass", false},
                                                   {"test_spread", false},
                                                   {"test_moments", false},
                                                   {"test_wedge", false}}))
                                .recorder;
  CHECK(*recorder.value("tested/accepted") == 1);
  CHECK_FALSE(recorder.value("band_mass/statistic"));
}

TEST_CASE("tester-learner: a small sample is not accepted by default, and the reason is said") {
  const Settings settings = with(kShort, {{"marginal", std::string("gaussian")},
                                          {"samples", std::int64_t{300}},
                                          {"learner", std::string("backtracking")}});
  const std::unique_ptr<Run> run = make(settings);
  Recorder recorder(experiment().recordings);
  recorder.begin_step(0);
  run->begin(recorder);
  recorder.end_step();
  for (std::uint64_t step = 1; step <= 20; ++step) {
    recorder.begin_step(step);
    run->step(recorder);
    recorder.end_step();
  }
  CHECK(*recorder.value("tested/accepted") == 0);
  CHECK(run->explain(recorder).front().text.find("too few to say anything") != std::string::npos);
}

TEST_CASE("tester-learner: settings outside their range are refused, with what would be right") {
  const Schema& schema = experiment().schema;
  CHECK_THROWS_WITH_AS(schema.parse("dimension", "1", "--set"), doctest::Contains("2"), Error);
  CHECK_THROWS_AS(schema.parse("theta", "1.6", "--set"), Error);
  CHECK_THROWS_AS(schema.parse("marginal", "uniform", "--set"), Error);
  CHECK_THROWS_AS(schema.parse("degrees", "2", "--set"), Error);
}

TEST_CASE("tester-learner: bytes of another run are refused") {
  const std::unique_ptr<Run> run = make(kShort);
  ByteWriter writer;
  make(with(kShort, {{"starts", std::int64_t{3}}, {"learner", std::string("backtracking")}}))
      ->save(writer);
  ByteReader reader(writer.view());
  CHECK_THROWS_AS(
      [&] {
        run->restore(reader);
        reader.expect_end();
      }(),
      Error);
}
