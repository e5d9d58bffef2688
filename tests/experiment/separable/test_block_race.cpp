// Who takes part: names, and the methods that they stand for.

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "experiment/registry.h"
#include "experiment/separable/block_race.h"

using namespace lab;
using namespace lab::block_race;

TEST_CASE("block race: names are unique, and every recording's is") {
  std::set<std::string_view> names;
  for (const Racer& racer : kRacers) CHECK(names.insert(racer.name).second);
  std::set<std::string> recorded;
  for (const Recording& recording : recordings().list) {
    CAPTURE(recording.name);
    CHECK(recorded.insert(recording.name).second);
    CHECK_FALSE(recording.help.empty());
  }
}

TEST_CASE("block race: a racer's own choice goes before the config's") {
  const Experiment& experiment = find_experiment("block-coordinate-descent");
  const auto method = [&](std::string_view name, const Settings& settings) {
    const Config config(experiment.id, experiment.schema, settings);
    for (const Racer& racer : kRacers) {
      if (racer.name == name) {
        return method_of(racer, config, block_problem(config, {}));
      }
    }
    return separable::BlockMethod{};
  };
  const Settings settings = {
      {"rule", "gsl"}, {"update", "newton"}, {"blocks", "havg"}, {"block_size", std::int64_t{7}}};
  CHECK(method("gsq", settings).rule == Rule::gsq);
  CHECK(method("gsq", settings).update == Update::newton);
  CHECK(method("gsq", settings).blocks == Blocks::havg);
  CHECK(method("matrix", settings).update == Update::matrix);
  CHECK(method("matrix", settings).rule == Rule::gsl);
  CHECK(method("sort", settings).blocks == Blocks::sort);
  CHECK(method("sort", settings).size == 7);
  // The cube root of 100 nodes, rounded down; the trees of a lattice are combs.
  const Settings lattice = {{"problem", "lattice"}, {"nodes", std::int64_t{100}}};
  CHECK(method("small_greedy", lattice).size == 4);
  CHECK(method("trees", lattice).blocks == Blocks::combs);
  CHECK(method("trees", lattice).columns == 10);
  CHECK(method("trees", {{"problem", "moons"}}).blocks == Blocks::trees);
}
