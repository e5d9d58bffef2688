// The experiment as a whole: its runs, its figures' numbers, its claims on a first seed.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "core/error.h"
#include "data/store.h"
#include "experiment/registry.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("simple-linear-wdbc");
}

RunContext context(std::uint64_t seed = 0) {
  static const DataStore store(folder_source(data_folders("")));
  return {.seed = seed, .data = &store};
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

const Array& array(const Outcome& outcome, std::string_view name) {
  return outcome.recorder.array(outcome.recorder.find(name));
}

// Small and quick: data in the plane, everything on.
Settings small() {
  return {{"data", "overlapping"},          {"samples", std::int64_t{90}},
          {"folds", std::int64_t{4}},       {"repeats", std::int64_t{2}},
          {"bootstraps", std::int64_t{25}}, {"max_updates", std::int64_t{1200}}};
}

struct Begun {
  std::unique_ptr<Run> run;
  Recorder recorder{experiment().recordings};
  std::uint64_t made = 0;
  bool more = true;

  explicit Begun(const Settings& settings) : run(experiment().make(config(settings), context())) {
    recorder.begin_step(0);
    run->begin(recorder);
    recorder.end_step();
  }
  void advance(std::uint64_t steps) {
    for (std::uint64_t k = 0; k < steps && more; ++k) {
      recorder.begin_step(++made);
      more = run->step(recorder);
      recorder.end_step();
    }
  }
};

}  // namespace

TEST_CASE("simple-linear-wdbc: the models on ten folds, near to what is known of them") {
  const Outcome run = outcome({{"repeats", std::int64_t{1}}, {"bootstraps", std::int64_t{0}}});
  const auto near = [&](std::string who, double accuracy, double by) {
    CAPTURE(who);
    CHECK(std::abs(value(run, who + "/accuracy") - accuracy) < by);
    CHECK(array(run, who + "/folds").values.size() == 10);
  };
  near("logistic", 97.72, 0.6);
  near("tree", 92.26, 2);
  near("linear_svm", 97.36, 0.8);
  near("rbf_svm", 97.54, 0.8);
  near("rbf_svm_raw", 92.1, 1);
  CHECK(value(run, "data/baseline") == doctest::Approx(62.7416520211));
  CHECK(std::abs(value(run, "majority/accuracy") - 62.74) < 0.1);
  CHECK(value(run, "tree/train_accuracy") == 100);
  CHECK(value(run, "logistic/auc") > 0.99);
  CHECK(value(run, "tree/log_loss") > value(run, "majority/log_loss"));
  CHECK(value(run, "logistic/paper_error") == doctest::Approx(2.72));
  CHECK(value(run, "logistic/unfinished") == 0);
  CHECK(value(run, "rbf_svm/unfinished") == 0);
  CHECK(value(run, "linear_svm/unfinished") == 0);
  const Array& difference = array(run, "rbf_svm/difference");
  CHECK(difference.values[0] ==
        doctest::Approx(value(run, "logistic/accuracy") - value(run, "rbf_svm/accuracy")));
  CHECK(difference.values[1] < 0);
  CHECK(difference.values[2] > 0);
  CHECK(labels_of(array(run, "data/class_names")) ==
        std::vector<std::string>{"malignant", "benign"});
  CHECK(labels_of(array(run, "map/axes")) ==
        std::vector<std::string>{"worst radius", "worst smoothness"});
  CHECK(array(run, "coefficients/whole").shape == std::vector<std::size_t>{30, 4});
  CHECK(array(run, "tree/nodes").values[0] == 20);  // the first question: worst radius
}

TEST_CASE("simple-linear-wdbc: recall, threshold and the detected class belong together") {
  const auto run = [&](double threshold, std::string detect) {
    Settings settings = {{"repeats", std::int64_t{1}},
                         {"whole", false},
                         {"c_sweep", false},
                         {"depth_sweep", false},
                         {"feature_sweep", false},
                         {"threshold", threshold},
                         {"detect", detect}};
    for (const char* off :
         {"tree", "linear_svm", "rbf_svm", "rbf_svm_raw", "perceptron", "normalized_lr_gd"}) {
      settings[off] = false;
    }
    return outcome(settings);
  };
  const Outcome half = run(0.5, "minus"), low = run(0.1, "minus"), benign = run(0.5, "plus");
  // Of 212 malignant ones.
  CHECK(value(half, "logistic/recall") ==
        doctest::Approx(1 - value(half, "logistic/missed") / 212));
  CHECK(value(low, "logistic/missed") < value(half, "logistic/missed"));
  CHECK(value(low, "logistic/false_alarms") > value(half, "logistic/false_alarms"));
  CHECK(value(benign, "logistic/specificity") == value(half, "logistic/recall"));
  CHECK(value(benign, "logistic/auc") == value(half, "logistic/auc"));
  CHECK(value(benign, "logistic/log_loss") == doctest::Approx(value(half, "logistic/log_loss")));
}

TEST_CASE("simple-linear-wdbc: a step allocates nothing") {
  for (const char* data : {"overlapping", "wdbc"}) {
    Settings settings = small();
    settings["data"] = std::string(data);
    if (settings["data"] == Value(std::string("wdbc"))) settings["max_updates"] = std::int64_t{600};
    Begun begun(settings);
    begun.recorder.reserve(2000);
    // A whole fold first: the kernels' own scratch memory grows to what they need.
    begun.advance(60);
    REQUIRE(begun.more);
    const std::size_t before = allocations_made();
    begun.advance(2000);
    CHECK(allocations_made() == before);
    CHECK_FALSE(begun.more);
    CHECK(begun.made <= begun.run->step_limit());
  }
}

TEST_CASE("simple-linear-wdbc: saved and restored anywhere it goes on with the same bits") {
  Begun whole(small());
  whole.recorder.reserve(1000);
  std::vector<std::pair<Recorder::Mark, std::vector<std::byte>>> kept;
  // Among them: before anything, amid the fits on all samples, amid a perceptron, in the bootstrap.
  for (const std::uint64_t steps : {1u, 1u, 8u, 1u, 1u, 1u, 1u, 60u, 150u}) {
    whole.advance(steps);
    ByteWriter writer;
    whole.run->save(writer);
    kept.emplace_back(whole.recorder.mark(), writer.take());
  }
  whole.advance(1000);
  whole.run->observe(whole.recorder);
  const std::string digest = whole.recorder.digest();
  for (auto& [mark, bytes] : kept) {
    CAPTURE(mark.step);
    Begun again(small());
    again.recorder.reserve(1000);
    // The series before the mark must be there to go on from.
    again.advance(mark.step);
    again.run = experiment().make(config(small()), context());
    ByteReader reader(bytes);
    again.run->restore(reader);
    reader.expect_end();
    again.advance(1000);
    again.run->observe(again.recorder);
    CHECK(again.recorder.digest() == digest);
  }
}

TEST_CASE("simple-linear-wdbc: a fork with another threshold counts anew") {
  Begun whole(small());
  whole.recorder.reserve(1000);
  while (whole.made + 10 < whole.run->step_limit() && whole.more) whole.advance(1);
  ByteWriter writer;
  whole.run->save(writer);
  const double before = *whole.recorder.value("logistic/missed");
  Settings low = small();
  low["threshold"] = 0.02;
  whole.run = experiment().make(config(low), context());
  ByteReader reader(writer.view());
  whole.run->restore(reader);
  whole.advance(1);
  CHECK(*whole.recorder.value("logistic/missed") < before);
}

TEST_CASE("simple-linear-wdbc: what cannot be is said") {
  CHECK_THROWS_WITH_AS(outcome({{"only_features", "worst radios"}}),
                       doctest::Contains("'worst radius'"), Error);
  CHECK_THROWS_WITH_AS(outcome({{"only_features", "1, mean radius"}}),
                       doctest::Contains("listed twice"), Error);
  CHECK_THROWS_WITH_AS(outcome({{"map_x", "31"}}), doctest::Contains("no feature"), Error);
  CHECK_THROWS_WITH_AS(outcome({{"data", "xor"}, {"samples", std::int64_t{4000}}}),
                       doctest::Contains("too many"), Error);
  CHECK_THROWS_WITH_AS(outcome({{"data", "points:0,0,0;1,1,1;1,2,1"}}),
                       doctest::Contains("at least 2 samples of each class"), Error);
  Settings nothing = {
      {"c_sweep", false}, {"depth_sweep", false}, {"feature_sweep", false}, {"whole", false}};
  for (const char* off : {"logistic", "tree", "linear_svm", "rbf_svm", "rbf_svm_raw", "perceptron",
                          "normalized_lr_gd"}) {
    nothing[off] = false;
  }
  CHECK_THROWS_WITH_AS(outcome(nothing), doctest::Contains("nothing to fit"), Error);
}

TEST_CASE("simple-linear-wdbc: where no plane divides the classes, the complex models win") {
  Settings settings = small();
  settings["data"] = std::string("circles");
  settings["samples"] = std::int64_t{200};
  const Outcome run = outcome(settings);
  CHECK(value(run, "rbf_svm/accuracy") > value(run, "logistic/accuracy") + 20);
  CHECK(value(run, "tree/accuracy") > value(run, "logistic/accuracy") + 20);
  CHECK(value(run, "perceptron/unfinished") == 8);
  CHECK_FALSE(run.recorder.value("logistic/paper_error"));
}

TEST_CASE(
    "simple-linear-wdbc: every set of data is taken, one feature is enough, folds may be tiny") {
  for (const char* data : {"digits", "iris", "wine", "gaussians", "imbalanced", "moons", "xor"}) {
    CAPTURE(data);
    Settings settings = small();
    settings["data"] = std::string(data);
    settings["repeats"] = std::int64_t{1};
    const Outcome run = outcome(settings);
    CHECK_FALSE(run.recorder.divergence());
    CHECK(value(run, "logistic/accuracy") > 0);
  }
  const Outcome tiny = outcome({{"data", "points:0,0,0;0,1,0;3,3,1;4,3,1;3,5,1"},
                                {"folds", std::int64_t{5}},
                                {"bootstraps", std::int64_t{30}}});
  CHECK_FALSE(tiny.recorder.divergence());
  const Outcome one =
      outcome({{"data", "iris"}, {"only_features", "1"}, {"repeats", std::int64_t{1}}});
  CHECK(labels_of(array(one, "map/axes"))[0] == labels_of(array(one, "map/axes"))[1]);
}

TEST_CASE(
    "simple-linear-wdbc: explanations say 'no reliable difference' by the run's own numbers") {
  Settings settings = {{"repeats", std::int64_t{1}}};
  Begun begun(settings);
  begun.recorder.reserve(2000);
  begun.advance(2000);
  std::map<std::string, Explanation> texts;
  for (const Explanation& one : begun.run->explain(begun.recorder)) texts[one.id] = one;
  const auto contains = [&](const std::string& id, std::string_view part) {
    REQUIRE_MESSAGE(texts.contains(id), id);
    return (texts.at(id).title + texts.at(id).text).find(part) != std::string::npos;
  };
  CHECK(contains("difference-rbf_svm", "no reliable difference"));
  CHECK(contains("difference-rbf_svm", "On the same 10 folds"));
  CHECK(contains("difference-rbf_svm", "1.76 points"));
  CHECK(contains("difference-tree", "is better than the decision tree here"));
  CHECK(contains("scaling", "artefact of scaling"));
  CHECK(contains("baseline", "62.74 %"));
  CHECK(contains("threshold", "malignant"));
  CHECK(contains("no-penalty", "C = infinity"));
  CHECK(contains("signs", "mean radius and mean perimeter"));
  CHECK(contains("separating", "500 updates"));
  CHECK(contains("cost", "numbers that must be kept"));
  CHECK_FALSE(texts.contains("leak"));

  // Before anything is known there is nothing to say.
  Begun first(settings);
  CHECK(first.run->explain(first.recorder).empty());
}

TEST_CASE("simple-linear-wdbc: ids are unique, and every claim can be measured") {
  for (const Claim& claim : experiment().claims) {
    CAPTURE(claim.id);
    CHECK(std::ranges::count(experiment().claims, claim.id, &Claim::id) == 1);
    CHECK_FALSE(claim.metric.empty());
    const SeedMeasurement first = measure(experiment(), claim, context());
    CHECK(std::abs(first.value) < 1e200);
    if (claim.kind == ClaimKind::identity || claim.kind == ClaimKind::bound) {
      CHECK(holds(first.value, claim.comparison, claim.threshold));
    }
  }
}
