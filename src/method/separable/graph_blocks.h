// Which large blocks of a graph's nodes can be solved exactly, and how? Blocks whose induced
// subgraph is a forest: eliminating leaves towards the roots and going back (Gaussian belief
// propagation, message passing) takes time in proportion to their size. J. Nutini, I. Laradji and
// M. Schmidt, "Let's Make Block Coordinate Descent Converge Faster", arXiv:1712.08859, section on
// message passing for sparse quadratic functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "method/separable/block_objective.h"

namespace lab::separable {

using Partition = std::vector<std::vector<std::uint32_t>>;

// Nodes in classes without an edge inside one, each node in the first class that takes it: red and
// black on a lattice.
Partition colour_classes(const Graph& graph);

// Nodes in blocks whose induced subgraphs are forests, each node in the first that takes it.
Partition forest_partition(const Graph& graph);

// A lattice of rows x columns nodes, numbered row by row, in two combs that reach into each other:
// the first column with the rows 0, 2, .. and the last column with the others; both are trees.
// rows, columns >= 2.
Partition combs(std::size_t rows, std::size_t columns);

// Whether the subgraph that a block induces has no cycle.
bool is_forest(const Graph& graph, Block block);

// Works on forests of one graph without allocating.
class Forests {
 public:
  // objective: Loss::graph; must outlive this.
  explicit Forests(const Objective& objective);

  // Of the nodes in this order each that closes no cycle with those before it: the best tree blocks
  // first in score. block: cleared, then filled; must have room for all nodes, or it allocates.
  void grow(std::span<const std::uint32_t> order, std::vector<std::uint32_t>& block);

  // Solves A_bb d = rhs. block: induces a forest; rhs and d: |block| numbers.
  void solve(Block block, std::span<const double> rhs, std::span<double> d);

 private:
  std::uint32_t root_of(std::uint32_t node);

  const Objective& objective_;
  std::vector<std::uint32_t> slot_;   // of a node: its place in the block + 1, or 0
  std::vector<std::uint32_t> root_;   // union and find
  std::vector<std::uint32_t> order_;  // places in the block, parents before children
  std::vector<std::uint32_t> parent_;
  std::vector<double> link_, diagonal_, reduced_;
};

}  // namespace lab::separable
