#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>

#include "experiment/registry.h"
#include "experiment/separable/lr_gd_explanations.h"

using namespace lab;

namespace {

// What a run explains at its end, or after so many steps, by id.
std::map<std::string, std::string> explained(const Settings& settings, int steps = 1'000'000,
                                             bool restored = false) {
  const Experiment& experiment = find_experiment("lr-gd-perceptron");
  const Config config(experiment.id, experiment.schema, settings);
  std::unique_ptr<Run> run = experiment.make(config, {});
  Recorder recorder(experiment.recordings);
  recorder.begin_step(0);
  run->begin(recorder);
  recorder.end_step();
  bool more = true;
  for (int step = 1; more && step <= steps; ++step) {
    recorder.reserve(1);
    recorder.begin_step(static_cast<std::uint64_t>(step));
    more = run->step(recorder);
    recorder.end_step();
  }
  if (restored) {
    ByteWriter writer;
    run->save(writer);
    run = experiment.make(config, {});
    ByteReader reader(writer.view());
    run->restore(reader);
  }
  std::map<std::string, std::string> texts;
  for (const Explanation& one : run->explain(recorder)) texts[one.id] = one.text;
  return texts;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("explanations: why the loss leapt, with the samples that went over and 2 / curvature") {
  // Theorem 4.1: the first step of size 100 puts the sample (1, 4) on the right side and (1, -1) on
  // the wrong one: theta_1 = 50 (1, 1.5), margins -25 and 350.
  const Settings settings = {{"data", "loss_inversion"}, {"gamma", 100.0}};
  const auto texts = explained(settings, 1);
  REQUIRE(texts.contains("loss-leapt-lr_gd"));
  const std::string& text = texts.at("loss-leapt-lr_gd");
  CHECK(contains(text, "In step 1 the loss of LR+GD rose from 0.693 to 12.5 nats"));
  CHECK(contains(text, "Row 1, now with the margin −25, makes up 100 % of the loss"));
  CHECK(contains(text, "1 sample is on the wrong side after it, 0 of which"));
  CHECK(contains(text,
                 "The step size was 100; a step is sure to lower the loss only below 2 / L = "));
  CHECK(contains(text, "the step went over the valley"));
  CHECK(explained(settings, 1, true) == texts);
  CHECK_FALSE(
      explained({{"data", "loss_inversion"}, {"gamma", 0.01}}, 1).contains("loss-leapt-lr_gd"));
}

TEST_CASE("explanations: a loss that is high although no sample is wrong") {
  const auto texts = explained({{"data", "four_points"}, {"gamma", 0.1}});
  REQUIRE(texts.contains("high-loss-lr_gd"));
  CHECK(contains(texts.at("high-loss-lr_gd"), "All 4 samples are on the right side since update"));
  CHECK(contains(texts.at("high-loss-lr_gd"), "times the norm of theta"));
  CHECK_FALSE(texts.contains("never-stops"));
  CHECK_FALSE(texts.contains("step-limit"));
  CHECK_FALSE(explained({{"data", "four_points"}, {"gamma", 1e6}}).contains("high-loss-lr_gd"));
}

TEST_CASE(
    "explanations: data that no plane separates, with the circle that the perceptrons go in") {
  const auto texts = explained({{"data", "opposed"}, {"max_iterations", std::int64_t{40}}});
  REQUIRE(texts.contains("never-stops"));
  CHECK(contains(texts.at("never-stops"), "No plane puts every sample on its own side"));
  CHECK(contains(texts.at("never-stops"), "batch perceptron goes round in a circle"));
  REQUIRE(texts.contains("step-limit"));
  CHECK(contains(texts.at("step-limit"), "max_iterations = 40"));
}

TEST_CASE("explanations: the limit of steps, with what is still wrong and the proven bound") {
  const auto texts = explained({{"data", "worst_case"},
                                {"samples", std::int64_t{100}},
                                {"gamma", 10.0},
                                {"max_iterations", std::int64_t{5}}});
  CHECK_FALSE(texts.contains("never-stops"));
  REQUIRE(texts.contains("step-limit"));
  CHECK(contains(texts.at("step-limit"), "LR+GD has 1 sample wrong and needs "));
  CHECK(contains(texts.at("step-limit"), "updates at the most"));
}

TEST_CASE("explanations: the length of a cycle, and none where there is none") {
  // On a line, 1, 1, 1 against -1: the perceptron steps to 1 and back to 0.
  Matrix z = Matrix::from_shape({2, 1});
  z(0, 0) = 1;
  z(1, 0) = -1;
  const separable::SignedSamples samples = separable::signed_samples(std::move(z));
  const separable::Descent descent(separable::Learner::perceptron, samples, 1);
  CHECK(separable::cycle_length(descent, 100) == 2);
  Matrix one = Matrix::from_shape({1, 1});
  one(0, 0) = 1;
  const separable::SignedSamples solvable = separable::signed_samples(std::move(one));
  CHECK_FALSE(
      separable::cycle_length(separable::Descent(separable::Learner::lr_gd, solvable, 1), 100));
}
