// The experiment as a whole: its vectors on real data, its runs, its claims on a first seed.

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "allocations.h"
#include "core/error.h"
#include "data/store.h"
#include "experiment/registry.h"

using namespace lab;

namespace {

const Experiment& experiment() { return find_experiment("lr-gd-perceptron"); }

const DataStore& data() {
  static const DataStore store(folder_source(data_folders("")));
  return store;
}

RunContext context(std::uint64_t seed = 0) { return {.seed = seed, .data = &data()}; }

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

}  // namespace

TEST_CASE("V4: digits, margins and radii, and counts within what summation order moves") {
  struct Row {
    std::string positive, negative;
    double n, mu, radius, novikoff, stable_step;
    std::vector<double> lr;          // gamma = 0.1, 1, 10, 100, 1000
    std::vector<double> normalized;  // gamma = 1, 10, 100
    double batch, normalized_batch, perceptron;
  };
  const std::vector<Row> rows = {
      {"0", "1", 360, 0.584945, 4.806002, 67.5, 0.7170, {51, 6, 2, 3, 4}, {9, 10, 14}, 4, 14, 13},
      {"3", "8", 357, 0.207440, 4.601291, 492.0, 0.6697, {2779, 278, 82, 83, 84}, {69, 59, 47}, 86, 49, 90},
      {"4", "9", 361, 0.372574, 4.444537, 142.3, 0.7552, {2814, 281, 28, 17, 20}, {27, 31, 31}, 18, 33, 35},
      {"1", "7", 361, 0.397239, 4.806002, 146.4, 0.6997, {126, 6, 12, 2, 2}, {12, 18, 18}, 2, 16, 10},
  };
  const double gammas[] = {0.1, 1, 10, 100, 1000};
  for (const Row& row : rows) {
    CAPTURE(row.positive + "/" + row.negative);
    for (std::size_t k = 0; k < 5; ++k) {
      CAPTURE(gammas[k]);
      const Outcome run = outcome({{"data", "digits"},
                                   {"positive_class", row.positive},
                                   {"negative_class", row.negative},
                                   {"gamma", gammas[k]}});
      CHECK(value(run, "data/samples") == row.n);
      CHECK(value(run, "data/features") == 64);
      CHECK(std::abs(value(run, "data/margin_lower") - row.mu) < 6e-7);
      CHECK(std::abs(value(run, "data/radius") - row.radius) < 6e-7);
      CHECK(std::abs(value(run, "data/radius2_over_margin2") - row.novikoff) < 0.06);
      CHECK(std::abs(value(run, "data/stable_step") - row.stable_step) < 6e-5);
      const auto near = [&](std::string name, double expected) {
        const double measured = value(run, name + "/iterations");
        CAPTURE(name);
        // Small steps and the perceptrons are robust; chaotic ones move by a few per cent.
        CHECK(std::abs(measured - expected) <= (gammas[k] >= 10 ? 0.06 * expected : 0));
      };
      near("lr_gd", row.lr[k]);
      if (k >= 1 && k <= 3) near("normalized_lr_gd", row.normalized[k - 1]);
      near("batch_perceptron", row.batch);
      near("normalized_batch_perceptron", row.normalized_batch);
      near("perceptron", row.perceptron);
    }
  }
  const auto losses = [&](double gamma, double largest, double solved) {
    const Outcome run = outcome({{"data", "digits"}, {"positive_class", "3"},
                                 {"negative_class", "8"}, {"gamma", gamma}});
    CHECK(value(run, "lr_gd/largest_loss") == doctest::Approx(largest).epsilon(1e-4));
    CHECK(value(run, "lr_gd/loss_when_solved") == doctest::Approx(solved).epsilon(1e-3));
  };
  losses(0.1, 0.6931, 0.03344);
  losses(1, 0.6931, 0.03333);
  losses(10, 14.6295, 0.006899);
  losses(100, 141.7812, 0.003651);
}

TEST_CASE("WDBC: large steps walk the batch perceptron's path") {
  const Outcome run = outcome({{"data", "wdbc"}, {"gamma", 1e12}, {"fraction", 0.8}, {"max_iterations", std::int64_t{2000}}});
  CHECK(value(run, "data/samples") == 455);
  CHECK(value(run, "data/features") == 31);
  CHECK(value(run, "lr_gd/iterations") == value(run, "batch_perceptron/iterations"));
  CHECK(value(run, "batch_perceptron/iterations") <= value(run, "batch_perceptron/bound"));
}

TEST_CASE("run: a step allocates nothing") {
  for (const std::string data : {"wdbc", "overlapping"}) {
    const std::unique_ptr<Run> run = experiment().make(
        config({{"data", data}, {"gamma", 10.0}, {"sharpness", true}}), context());
    Recorder recorder(experiment().recordings);
    recorder.begin_step(0);
    run->begin(recorder);
    recorder.end_step();
    recorder.reserve(200);
    recorder.begin_step(1);
    run->step(recorder);
    recorder.end_step();
    const std::size_t before = allocations_made();
    for (std::uint64_t step = 2; step <= 40; ++step) {
      recorder.begin_step(step);
      run->step(recorder);
      recorder.end_step();
    }
    CHECK(allocations_made() == before);
  }
}

TEST_CASE("run: saved and restored it goes on with the same bits") {
  const Config same = config({{"data", "wdbc"}, {"gamma", 100.0}, {"max_iterations", std::int64_t{300}}});
  const std::unique_ptr<Run> whole = experiment().make(same, context());
  Recorder recorder(experiment().recordings);
  const auto advance = [&](Run& run, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t step = from; step <= to; ++step) {
      recorder.begin_step(step);
      run.step(recorder);
      recorder.end_step();
    }
  };
  recorder.begin_step(0);
  whole->begin(recorder);
  recorder.end_step();
  advance(*whole, 1, 63);
  const Recorder::Mark mark = recorder.mark();
  ByteWriter writer;
  whole->save(writer);
  advance(*whole, 64, 200);
  const std::string digest = recorder.digest();

  recorder.rewind(mark);
  const std::unique_ptr<Run> again = experiment().make(same, context());
  ByteReader reader(writer.view());
  again->restore(reader);
  reader.expect_end();
  advance(*again, 64, 200);
  CHECK(recorder.digest() == digest);

  // Forked with another step size, the bounds of that step size are taken back.
  recorder.rewind(mark);
  const std::unique_ptr<Run> fork = experiment().make(same.with({{"gamma", 1.0}}), context());
  ByteReader forked(writer.view());
  fork->restore(forked);
  CHECK(recorder.value("lr_gd/bound"));
  advance(*fork, 64, 200);
  CHECK_FALSE(recorder.value("lr_gd/bound"));
  CHECK(recorder.value("batch_perceptron/bound"));
  CHECK(recorder.digest() != digest);
}

TEST_CASE("run: data that no line separates are not solved, and no bound is shown") {
  for (const std::string data : {"overlapping", "circles", "xor"}) {
    CAPTURE(data);
    const Outcome run = outcome({{"data", data}, {"max_iterations", std::int64_t{500}}});
    CHECK(run.recorder.step() == 500);
    CHECK_FALSE(run.recorder.divergence());
    CHECK_FALSE(run.recorder.value("data/margin_lower"));
    for (const std::string learner : {"lr_gd", "normalized_lr_gd", "batch_perceptron",
                                      "normalized_batch_perceptron", "perceptron"}) {
      CHECK_FALSE(run.recorder.value(learner + "/iterations"));
      CHECK_FALSE(run.recorder.value(learner + "/bound"));
    }
  }
}

TEST_CASE("run: the seed makes the data, and nothing else does") {
  const Settings settings = {{"data", "gaussians"}, {"samples", std::int64_t{40}}};
  CHECK(outcome(settings, 1).digest == outcome(settings, 1).digest);
  CHECK(outcome(settings, 1).digest != outcome(settings, 2).digest);
  // The four points have nothing random in them.
  const auto theta = [](std::uint64_t seed) {
    const Outcome run = outcome({{"data", "four_points"}}, seed);
    return run.recorder.array(run.recorder.find("perceptron/theta")).values;
  };
  CHECK(theta(1) == theta(2));
}

TEST_CASE("run: with nothing to do it says so") {
  Settings none;
  for (const char* learner : {"lr_gd", "normalized_lr_gd", "batch_perceptron",
                              "normalized_batch_perceptron", "perceptron"}) {
    none[learner] = false;
  }
  CHECK_THROWS_WITH_AS(outcome(none), doctest::Contains("no method is switched on"), Error);
  CHECK_THROWS_WITH_AS(outcome({{"data", "digits"}, {"positive_class", "x"}}),
                       doctest::Contains("'x'"), Error);
}

TEST_CASE("claims: ids are unique, and every claim can be measured") {
  for (const Claim& claim : experiment().claims) {
    CAPTURE(claim.id);
    CHECK(std::ranges::count(experiment().claims, claim.id, &Claim::id) == 1);
    CHECK(claim.seeds >= 1);
    CHECK_FALSE(claim.metric.empty());
    CHECK_FALSE(claim.sentence.empty());
    if (claim.id == "worst-case-counts") continue;  // measured by `reproduce`, and V1 in test_learners
    const SeedMeasurement first = measure(experiment(), claim, context());
    CHECK(std::isfinite(first.value));
    if (claim.kind == ClaimKind::identity || claim.kind == ClaimKind::bound) {
      CHECK(holds(first.value, claim.comparison, claim.threshold));
    }
  }
}

TEST_CASE("registry: an id that is nearly right is understood") {
  CHECK_THROWS_WITH_AS(find_experiment("lr-gd-perceptrn"), doctest::Contains("'lr-gd-perceptron'"),
                       Error);
}

TEST_CASE("lr-gd-perceptron: points written out and a dropped file are data like any other") {
  // The four points, as they are drawn, without a bias.
  const Settings drawn = {{"data", "points:1,-0.3,1;-0.7,0.9,1;0.2,0.4,1;1.3,-1.1,1"},
                          {"bias", "off"},
                          {"gamma", 10.0}};
  const Outcome points = outcome(drawn);
  const Outcome named = outcome({{"data", "four_points"}, {"gamma", 10.0}});
  CHECK(value(points, "lr_gd/iterations") == value(named, "lr_gd/iterations"));
  CHECK(value(points, "data/margin_lower") == value(named, "data/margin_lower"));

  DataStore store(DataSource{});
  const std::string_view csv = "a,b,kind\n1,-0.3,yes\n-0.7,0.9,yes\n0.2,0.4,no\n1.3,-1.1,no\n";
  store.add_file("mine.csv", std::as_bytes(std::span(csv)));
  const Config dropped = config({{"data", "file:mine.csv"}, {"max_iterations", std::int64_t{50}}});
  RunContext here;
  here.data = &store;
  const Outcome first = run_to_end(experiment(), dropped, here);
  CHECK(value(first, "data/samples") == 4);
  // Other numbers under the same name are another result.
  const std::string_view other = "a,b,kind\n1,-0.3,yes\n-0.7,0.9,yes\n0.2,0.4,no\n1.3,-1.2,no\n";
  store.add_file("mine.csv", std::as_bytes(std::span(other)));
  CHECK(run_to_end(experiment(), dropped, here).digest != first.digest);
  CHECK_THROWS_WITH_AS(run_to_end(experiment(), config({{"data", "file:x.csv"}}), here),
                       doctest::Contains("dropped on the window"), Error);
}

TEST_CASE("lr-gd-perceptron: observed margins are distances from the plane, of every sample") {
  const Outcome run = outcome({{"data", "four_points"}, {"gamma", 10.0}});
  for (const char* who : {"lr_gd", "batch_perceptron", "perceptron"}) {
    CAPTURE(who);
    const Recorder& recorder = run.recorder;
    const Array& margins = recorder.array(recorder.find(std::string(who) + "/margins"));
    const Array& theta = recorder.array(recorder.find(std::string(who) + "/theta"));
    const double norm = std::sqrt(theta.values[0] * theta.values[0] + theta.values[1] * theta.values[1]);
    REQUIRE(margins.shape == std::vector<std::size_t>{4});
    const double points[4][2] = {{1, -0.3}, {-0.7, 0.9}, {0.2, 0.4}, {1.3, -1.1}};
    double least = 1e9;
    for (std::size_t i = 0; i < 4; ++i) {
      const double expected =
          (points[i][0] * theta.values[0] + points[i][1] * theta.values[1]) / norm;
      CHECK(margins.values[i] == doctest::Approx(expected).epsilon(1e-12));
      least = std::min(least, margins.values[i]);
    }
    const auto series = recorder.buckets(recorder.find(std::string(who) + "/normalized_margin"));
    CHECK(series.back().last == least);
  }
  // Where there is no plane yet, there is no distance from it.
  const Experiment& all = experiment();
  const std::unique_ptr<Run> begun = all.make(config({{"data", "four_points"}}), context());
  Recorder recorder(all.recordings);
  recorder.begin_step(0);
  begun->begin(recorder);
  begun->observe(recorder);
  CHECK(recorder.array(recorder.find("lr_gd/margins")).shape.empty());
}
