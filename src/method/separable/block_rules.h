// Which coordinates form a block, and which block is taken? Fixed partitions, and the rules that
// score blocks by how much a step on them is sure to bring. J. Nutini, I. Laradji and M. Schmidt,
// "Let's Make Block Coordinate Descent Converge Faster", arXiv:1712.08859, sections 2 and 3; the
// partitions are those of its published code.
//
//   gs         ||g_b||^2                      Gauss and Southwell
//   gsl        ||g_b||^2 / L_b                best for the step -g_b / L_b
//   gsd        sum of g_i^2 / L_i             a ranking: with L_i alone it bounds nothing for |b| >
//   1 gsd_rows   sum of g_i^2 / sum_j |H_ij|    a bound, since the row sums dominate H gsq g_b^T
//   H_b^-1 g_b               best for the step -H_b^-1 g_b
//
// Over all blocks of one size gs and gsd take the largest coordinates; gsl and gsq are hard and
// grow the block one coordinate at a time, gsl with the largest row sum within the block in place
// of L_b [derived]. gsq_iht is the published code's: ten steps of iterative hard thresholding on
// the quadratic model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/tensor.h"
#include "method/separable/block_objective.h"
#include "method/separable/graph_blocks.h"

namespace lab::separable {

enum class Rule { random, cyclic, lipschitz, gs, gsl, gsd, gsd_rows, gsq, gsq_iht };
inline constexpr std::size_t kRules = 9;
std::string_view name(Rule rule);  // "random", ...

// True for the rules that look at the gradient.
bool greedy(Rule rule);

enum class Sorting {
  order,  // as the coordinates come
  sort,   // by L_i: large with large
  avg,    // by L_i, the smallest, the largest, the second smallest, ..
  hsort,  // as sort and avg, by row sums of |H|
  havg,
};

// Consecutive blocks of block_size coordinates, the last one perhaps shorter. 1 <= block_size <= p.
Partition partition(const Objective& objective, Sorting sorting, std::size_t block_size);

// The largest eigenvalue of a symmetric matrix's part for a block, which is lipschitz[i] for one
// coordinate: exact to rounding up to 20 coordinates, beyond the smaller of the trace and the
// largest row sum. scratch: |block| x |block|, or it allocates.
double block_lipschitz(const Objective& objective, Block block, Matrix& scratch);

// The part of H for a block, |block| x |block|, row-major.
void bound_block(const Objective& objective, Block block, std::span<double> out);

// indices: 0 .. scores.size() - 1, ordered by descending score, the lowest index first among
// equals.
void order_by_score(std::span<const double> scores, std::span<std::uint32_t> indices);

// Takes blocks of one size out of all coordinates, without allocating.
class BlockChooser {
 public:
  // objective must outlive this. 1 <= block_size <= p. thresholding: gsq_iht will be asked for,
  // which needs the largest eigenvalue of H.
  BlockChooser(const Objective& objective, std::size_t block_size, bool thresholding = false);

  // The block that a greedy rule takes. g: p numbers; block: block_size coordinates.
  void choose(Rule rule, std::span<const double> g, std::span<std::uint32_t> block);

  // g_i^2, over L_i, over row sums: what the rule sorts by; gsl and gsq as for one coordinate.
  double score(Rule rule, std::size_t i, double g) const;

  // What choosing costs, roughly: multiplications and additions.
  double operations(Rule rule) const;

 private:
  void grow_lipschitz(std::span<const double> g, std::span<std::uint32_t> block);
  void grow_quadratic(std::span<const double> g, std::span<std::uint32_t> block);
  void threshold(std::span<const double> g, std::span<std::uint32_t> block);

  const Objective& objective_;
  std::size_t size_;
  double step_ = 0;                                                // of iterative hard thresholding
  std::vector<double> scores_, residual_, curvature_, direction_;  // p
  std::vector<double> rows_;                                       // size x p
  std::vector<double> sums_;                                       // size
  std::vector<std::uint32_t> indices_;                             // p
};

}  // namespace lab::separable
