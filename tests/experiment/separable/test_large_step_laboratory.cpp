// The laboratory of large steps: cycles where no plane separates, and the map over step size and margin.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "compute/late_backend.h"
#include "core/error.h"
#include "data/store.h"
#include "experiment/registry.h"

using namespace lab;

namespace {

const DataStore& data() {
  static const DataStore store(folder_source(data_folders("")));
  return store;
}

Config config(std::string_view id, const Settings& settings) {
  const Experiment& experiment = find_experiment(id);
  return {experiment.id, experiment.schema, settings};
}

std::unique_ptr<Run> make(std::string_view id, const Settings& settings) {
  return find_experiment(id).make(config(id, settings), {.seed = 0, .data = &data()});
}

Recorder finished(std::string_view id, const Settings& settings) {
  return run_to_end(find_experiment(id), config(id, settings), {.seed = 0, .data = &data()})
      .recorder;
}

// On a device that is lost after so many answers.
struct OnDevice {
  std::shared_ptr<LateBackend> device;
  std::unique_ptr<Run> run;
  Recorder recorder;
  std::uint64_t of_device = 0;  // steps

  OnDevice(std::string_view id, const Settings& settings, std::size_t answers = SIZE_MAX)
      : device(std::make_shared<LateBackend>(1, answers)),
        run(find_experiment(id).make(config(id, settings),
                                     {.seed = 0, .data = &data(), .backend = device})),
        recorder(find_experiment(id).recordings) {
    recorder.begin_step(0);
    run->begin(recorder);
    recorder.end_step();
    bool more = true;
    for (std::uint64_t step = 1; more; ++step) {
      while (!run->ready()) {
        if (run->device_failure() != nullptr) {
          run->leave_backend();
          of_device = step - 1;
        }
        device->poll();
      }
      recorder.begin_step(step);
      more = run->step(recorder);
      recorder.end_step();
    }
    run->observe(recorder);
  }
};

// A whole run that needs nothing more from a device.
Recorder run_on(Run& run, std::string_view id) {
  Recorder recorder(find_experiment(id).recordings);
  recorder.begin_step(0);
  run.begin(recorder);
  recorder.end_step();
  bool more = true;
  for (std::uint64_t step = 1; more; ++step) {
    REQUIRE(run.ready());
    recorder.begin_step(step);
    more = run.step(recorder);
    recorder.end_step();
  }
  run.observe(recorder);
  return recorder;
}

const std::vector<double>& values(const Recorder& recorder, std::string_view array) {
  return recorder.array(recorder.find(array)).values;
}

const Settings kFewColumns = {{"columns", std::int64_t{40}}, {"burn_in", std::int64_t{500}}};
const Settings kSmallMap = {{"columns", std::int64_t{8}}, {"rows", std::int64_t{5}}};

}  // namespace

TEST_CASE("laboratory: saved and restored it goes on with the same bits, and a step allocates nothing") {
  const std::vector<std::pair<std::string, Settings>> cases = {{"lr-gd-cycles", kFewColumns},
                                                               {"lr-gd-step-size-map", kSmallMap}};
  for (const auto& [id, settings] : cases) {
    CAPTURE(id);
    const std::unique_ptr<Run> whole = make(id, settings);
    Recorder recorder(find_experiment(id).recordings);
    recorder.reserve(100);
    recorder.begin_step(0);
    whole->begin(recorder);
    recorder.end_step();
    const auto advance = [&](Run& run, std::uint64_t from, std::uint64_t to) {
      for (std::uint64_t step = from; step <= to; ++step) {
        recorder.begin_step(step);
        run.step(recorder);
        recorder.end_step();
      }
    };
    advance(*whole, 1, 15);
    const Recorder::Mark mark = recorder.mark();
    ByteWriter writer;
    whole->save(writer);
    const std::size_t before = allocations_made();
    advance(*whole, 16, 30);
    CHECK(allocations_made() == before);
    whole->observe(recorder);
    const std::string digest = recorder.digest();

    recorder.rewind(mark);
    const std::unique_ptr<Run> again = make(id, settings);
    ByteReader reader(writer.view());
    again->restore(reader);
    reader.expect_end();
    advance(*again, 16, 30);
    again->observe(recorder);
    CHECK(recorder.digest() == digest);
    CHECK_FALSE(whole->explain(recorder).empty());
  }
}

TEST_CASE("cycles: the sweep crosses the critical step between two of its step sizes") {
  const Recorder recorder = finished("lr-gd-cycles", kFewColumns);
  const double critical = *recorder.value("optimum/critical_step");
  CHECK(critical == doctest::Approx(32.0 / 3));
  const std::vector<double>& periods = recorder.array(recorder.find("descent/periods")).values;
  REQUIRE(periods.size() == 80);
  CHECK(periods[0] == doctest::Approx(0.5 * critical));
  CHECK(periods[78] == doctest::Approx(20 * critical));
  for (std::size_t i = 0; i < 40; ++i) {
    CAPTURE(periods[2 * i]);
    if (periods[2 * i] < 0.9 * critical) CHECK(periods[2 * i + 1] == 1);
    if (periods[2 * i] > 1.05 * critical) CHECK(periods[2 * i + 1] != 1);
  }
  CHECK(*recorder.value("descent/first_cycle") >= 0.9 * critical);
}

TEST_CASE("cycles: data that a plane separates, and a sweep that goes nowhere, are refused with advice") {
  CHECK_THROWS_WITH_AS(make("lr-gd-cycles", {{"data", "gaussians"}}),
                       doctest::Contains("no least value"), Error);
  CHECK_THROWS_WITH_AS(make("lr-gd-cycles", {{"from", 2.0}, {"to", 1.0}}),
                       doctest::Contains("ends where it begins"), Error);
  CHECK_THROWS_AS(make("lr-gd-step-size-map", {{"gamma_from", 2.0}, {"gamma_to", 1.0}}), Error);
  CHECK_THROWS_AS(make("lr-gd-step-size-map", {{"half_gap_from", 2.0}, {"half_gap_to", 1.0}}), Error);
}

TEST_CASE("map: on a device the counts are near the CPU's, and replayed from what it answered") {
  const Settings settings = {{"columns", std::int64_t{12}},
                             {"rows", std::int64_t{6}},
                             {"half_gap_from", 0.05},
                             {"limit", std::int64_t{3000}}};
  const OnDevice device("lr-gd-step-size-map", settings);
  const Recorder strict = finished("lr-gd-step-size-map", settings);
  const std::vector<double>& ours = values(device.recorder, "map/updates");
  const std::vector<double>& theirs = values(strict, "map/updates");
  REQUIRE(ours.size() == theirs.size());
  // Where every update of a large step hangs on the sign of a margin, one rounding moves the count.
  std::size_t far = 0;
  for (std::size_t i = 0; i < ours.size(); ++i)
    far += std::abs(ours[i] - theirs[i]) > 2 + 0.02 * theirs[i] ? 1 : 0;
  CHECK(far <= 4);
  CHECK(*device.recorder.value("map/unsolved") == *strict.value("map/unsolved"));

  const std::unique_ptr<Run> again = make("lr-gd-step-size-map", settings);
  again->take_answers(*device.run);
  CHECK(run_on(*again, "lr-gd-step-size-map").digest() == device.recorder.digest());
}

TEST_CASE("map: when the device is lost the CPU's numbers follow, and none of the device's") {
  const OnDevice device("lr-gd-step-size-map", kSmallMap, 12);
  const Recorder strict = finished("lr-gd-step-size-map", kSmallMap);
  CHECK(device.of_device < 40);
  const std::vector<double>& ours = values(device.recorder, "map/cells");
  const std::vector<double>& theirs = values(strict, "map/cells");
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 2 * device.of_device; i < ours.size(); ++i) CHECK(ours[i] == theirs[i]);
}

TEST_CASE("map: refined from a coarse one, it covers the plane from the first grid on") {
  const Settings settings = {{"columns", std::int64_t{20}}, {"rows", std::int64_t{9}}};
  const std::unique_ptr<Run> run = make("lr-gd-step-size-map", settings);
  Recorder recorder(find_experiment("lr-gd-step-size-map").recordings);
  const auto advance = [&](std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t step = from; step <= to; ++step) {
      recorder.begin_step(step);
      run->step(recorder);
      recorder.end_step();
    }
    run->observe(recorder);
  };
  recorder.begin_step(0);
  run->begin(recorder);
  recorder.end_step();
  advance(1, 5);
  CHECK(recorder.array(recorder.find("map/updates")).values.empty());
  advance(6, 6);  // 2 x 3 cells, each for 8 x 8
  const std::vector<double> coarse = values(recorder, "map/updates");
  REQUIRE(coarse.size() == 180);
  CHECK(coarse[8 * 20] == coarse[1 * 20 + 7]);
  CHECK_FALSE(run->explain(recorder).empty());
  advance(7, 180);
  CHECK(values(recorder, "map/updates")[8 * 20] == coarse[8 * 20]);
}

TEST_CASE("cycles: on a device the sweep crosses the critical step where the CPU's does") {
  for (const char* data : {"opposed", "overlapping"}) {
    CAPTURE(std::string(data));
    Settings settings = kFewColumns;
    settings["data"] = std::string(data);
    settings["to"] = 6.0;  // from there on float32 does not leave an unstable cycle
    const OnDevice device("lr-gd-cycles", settings);
    const Recorder strict = finished("lr-gd-cycles", settings);
    const std::vector<double>& ours = values(device.recorder, "descent/periods");
    const std::vector<double>& theirs = values(strict, "descent/periods");
    REQUIRE(ours.size() == theirs.size());
    std::size_t other = 0;
    for (std::size_t i = 1; i < ours.size(); i += 2) other += ours[i] != theirs[i] ? 1 : 0;
    MESSAGE(other << " of 40 periods differ");
    CHECK(other <= 4);
    // What it settles in has about the same loss, cycle or disorder.
    CHECK(
        device.recorder.buckets(device.recorder.find("descent/mean_loss")).back().last ==
        doctest::Approx(strict.buckets(strict.find("descent/mean_loss")).back().last).epsilon(0.1));
  }
}

TEST_CASE("laboratory: what a device cannot compute is said") {
  const Experiment& map = find_experiment("lr-gd-step-size-map");
  CHECK(backend_refusal(map, config(map.id, {})).empty());
  CHECK(
      backend_refusal(map, config(map.id, {{"learner", "normalized_lr_gd"}})).find("normalised") !=
      std::string::npos);
  CHECK(backend_refusal(find_experiment("lr-gd-perceptron"), config("lr-gd-perceptron", {}))
            .find("CPU alone") != std::string::npos);
}

TEST_CASE("map: complete rows lie between their edges, wide gaps need no more than narrow ones") {
  const Recorder recorder = finished("lr-gd-step-size-map", kSmallMap);
  const Array& map = recorder.array(recorder.find("map/updates"));
  CHECK(map.shape == std::vector<std::size_t>{5, 8});
  const std::vector<double>& extent = recorder.array(recorder.find("map/updates_extent")).values;
  REQUIRE(extent.size() == 4);
  CHECK(extent[0] == doctest::Approx(0.01));
  CHECK(extent[1] == doctest::Approx(1e6));
  CHECK(extent[2] == doctest::Approx(0.01));
  CHECK(extent[3] == doctest::Approx(1));
  CHECK(map.values[0] >= map.values[4 * 8]);  // the smallest step: the narrowest gap, the widest one
  CHECK(*recorder.value("map/largest_share") <= 1);
}

TEST_CASE("map: what is not solved within the limit counts as the limit, and is counted") {
  Settings settings = kSmallMap;
  settings["limit"] = std::int64_t{3};
  const Recorder recorder = finished("lr-gd-step-size-map", settings);
  CHECK(*recorder.value("map/unsolved") > 0);
  for (const double count : recorder.array(recorder.find("map/updates")).values) CHECK(count <= 3);
}
