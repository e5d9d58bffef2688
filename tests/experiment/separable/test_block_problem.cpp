// The problems of block coordinate descent: generated columns, graphs, and that the seed makes
// them.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "experiment/registry.h"
#include "experiment/separable/block_problem.h"

using namespace lab;

namespace {

BlockProblem problem(const Settings& settings, std::uint64_t seed = 0) {
  const Experiment& experiment = find_experiment("block-coordinate-descent");
  return block_problem({experiment.id, experiment.schema, settings}, {.seed = seed});
}

}  // namespace

TEST_CASE(
    "block problem: generated columns are as badly scaled as asked, and mostly empty where large") {
  const Matrix columns = badly_scaled_columns(40, 1000, 10, 3);
  double kept = 0, largest = 0, smallest = 1e300;
  for (std::size_t i = 0; i < 40; ++i) {
    double squares = 0;
    for (std::size_t s = 0; s < 1000; ++s) {
      kept += columns(i, s) != 0 ? 1 : 0;
      squares += columns(i, s) * columns(i, s);
    }
    largest = std::max(largest, squares);
    smallest = std::min(smallest, squares);
  }
  // 10 log(1000) / 1000 = 0.069
  CHECK(kept / 40'000 == doctest::Approx(0.0691).epsilon(0.05));
  CHECK(largest / smallest > 50);
}

TEST_CASE("block problem: the seed makes the data, and by hand nothing is random") {
  for (const std::string kind : {"logistic", "least_squares", "softmax", "lattice", "moons"}) {
    CAPTURE(kind);
    const Settings settings = {
        {"problem", kind}, {"features", std::int64_t{10}}, {"nodes", std::int64_t{50}}};
    CHECK(problem(settings, 1).digest == problem(settings, 1).digest);
    CHECK(problem(settings, 1).digest != problem(settings, 2).digest);
  }
  const BlockProblem hand = problem({{"data", "hand"}}, 1);
  CHECK(hand.digest == problem({{"data", "hand"}}, 2).digest);
  CHECK(hand.start == std::vector<double>{0.1, -0.2, 0.3});
}

TEST_CASE("block problem: graphs are symmetric, with the labels asked for") {
  for (const std::string kind : {"lattice", "moons"}) {
    CAPTURE(kind);
    const BlockProblem graph =
        problem({{"problem", kind}, {"nodes", std::int64_t{120}}, {"labelled", 0.1}});
    const std::size_t p = graph.objective.dimension();
    CHECK(p == (kind == "lattice" ? 100U : 120U));
    CHECK(graph.positions.size() == p);
    const auto known = static_cast<std::size_t>(
        std::ranges::count_if(graph.known, [](int label) { return label >= 0; }));
    CHECK(known == p / 10);
    for (std::size_t i = 0; i < p; ++i) {
      CHECK((graph.objective.graph.pull[i] == 1e5) == (graph.known[i] >= 0));
      for (std::size_t j = 0; j < p; ++j) {
        CHECK(graph.objective.bound(i, j) == graph.objective.bound(j, i));
      }
      if (kind == "moons") {  // five neighbours, and those whose neighbour it is
        CHECK(graph.objective.graph.offsets[i + 1] - graph.objective.graph.offsets[i] >= 5);
      }
    }
  }
}
