// Blocks of a graph: forests against dense solves, partitions of a lattice.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "method/linear_algebra.h"
#include "method/separable/block_rules.h"
#include "method/separable/graph_blocks.h"

using namespace lab;
using namespace lab::separable;

namespace {

Objective lattice(std::uint32_t side) {
  std::vector<Edge> edges;
  for (std::uint32_t r = 0; r < side; ++r) {
    for (std::uint32_t c = 0; c < side; ++c) {
      const std::uint32_t node = r * side + c;
      if (c + 1 < side) edges.push_back({node, node + 1, 1.0 + 0.1 * c});
      if (r + 1 < side) edges.push_back({node, node + side, 2.0 - 0.1 * r});
    }
  }
  std::vector<double> pull(side * side), target(side * side);
  pull[0] = 3;
  target[0] = 1;
  return graph_objective(make_graph(side * side, edges, pull, target));
}

double solve_error(const Objective& objective, Block block, Stream& stream) {
  std::vector<double> rhs(block.size()), d(block.size()), dense;
  stream.fill_normal(std::span(rhs));
  Forests forests(objective);
  forests.solve(block, rhs, d);
  std::vector<double> factor(block.size() * block.size());
  bound_block(objective, block, factor);
  cholesky(factor, block.size(), 1e-12);
  dense = rhs;
  cholesky_solve(factor, block.size(), dense);
  double error = 0, largest = 0;
  for (std::size_t k = 0; k < dense.size(); ++k) {
    error = std::max(error, std::abs(d[k] - dense[k]));
    largest = std::max(largest, std::abs(dense[k]));
  }
  return error / largest;
}

std::size_t total(const Partition& partition) {
  std::size_t sum = 0;
  for (const auto& block : partition) sum += block.size();
  return sum;
}

}  // namespace

TEST_CASE("graph blocks: partitions of a lattice are what they say, and solve exactly") {
  Stream stream(1, "test");
  for (const std::uint32_t side : {2U, 5U, 8U}) {
    const Objective objective = lattice(side);
    const Partition colours = colour_classes(objective.graph);
    CHECK(colours.size() == 2);
    CHECK(total(colours) == side * side);
    const Partition combs_of = combs(side, side);
    const Partition forests = forest_partition(objective.graph);
    CHECK(total(combs_of) == side * side);
    CHECK(total(forests) == side * side);
    for (const Partition& partition : {colours, combs_of, forests}) {
      for (const auto& block : partition) {
        CHECK(is_forest(objective.graph, block));
        CHECK(solve_error(objective, block, stream) < 1e-12);
      }
    }
    std::vector<std::uint32_t> all(side * side);
    for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    CHECK_FALSE(is_forest(objective.graph, all));
  }
}

TEST_CASE("graph blocks: a grown tree takes the first nodes first, and no other would fit") {
  const Objective objective = lattice(6);
  Forests forests(objective);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Stream stream(seed, "test");
    std::vector<std::uint32_t> order, block;
    for (const std::size_t i : stream.permutation(36))
      order.push_back(static_cast<std::uint32_t>(i));
    forests.grow(order, block);
    CHECK(is_forest(objective.graph, block));
    CHECK(block[0] == order[0]);
    CHECK(block[1] == order[1]);
    for (const std::uint32_t i : order) {
      if (std::ranges::count(block, i) > 0) continue;
      std::vector<std::uint32_t> larger = block;
      larger.push_back(i);
      CHECK_FALSE(is_forest(objective.graph, larger));
    }
    CHECK(solve_error(objective, block, stream) < 1e-12);
  }
}

TEST_CASE("graph blocks: a component that nothing pulls does not break the solve") {
  const std::vector<Edge> edges = {{0, 1, 1}, {2, 3, 1}};
  const Objective objective = graph_objective(make_graph(4, edges, {1, 0, 0, 0}, {1, 0, 0, 0}));
  Forests forests(objective);
  const std::vector<std::uint32_t> all = {0, 1, 2, 3};
  std::vector<double> d(4);
  forests.solve(all, std::vector<double>{1, 0, 0, 0}, d);
  CHECK(d[0] == doctest::Approx(1));
  CHECK(d[1] == doctest::Approx(1));
  CHECK(d[2] == 0);
  CHECK(d[3] == 0);
}
