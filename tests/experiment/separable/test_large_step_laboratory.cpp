// The laboratory of large steps: cycles where no plane separates, and the map over step size and margin.
#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
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
