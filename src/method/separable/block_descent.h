// How does block coordinate descent advance? A rule takes a block, an update moves it, and what the
// update was sure to bring is compared with what it brought. J. Nutini, I. Laradji and M. Schmidt,
// "Let's Make Block Coordinate Descent Converge Faster", arXiv:1712.08859.
//
//   gradient       d = -g_b / L_b                  F falls by at least ||g_b||^2 / (2 L_b)
//   matrix         d = -H_b^-1 g_b                 F falls by at least 1/2 g_b^T H_b^-1 g_b
//   newton         d = -alpha (f's Hessian)^-1 g_b, alpha halved until F falls by 1e-4 of alpha
//   times the slope approximation  as gradient, with L the largest of the block's estimates,
//   doubled until F falls as promised
//
// With a penalty the gradient and matrix updates minimise the same upper models with h added (one
// proximal step; coordinate descent within the block), and what is sure is the fall of the model.
// newton is then the two-metric projected method (Bertsekas 1982; for ||x||_1 on the orthant of x
// and the step).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "method/separable/block_objective.h"
#include "method/separable/block_rules.h"
#include "method/separable/graph_blocks.h"

namespace lab::separable {

enum class Update { gradient, matrix, newton, approximation };

// Which blocks there are.
enum class Blocks {
  variable,  // all of one size
  order,
  sort,
  avg,
  hsort,
  havg,  // a fixed partition, see Sorting
  colours,
  trees,
  combs,         // of a graph: fixed, solved exactly, taken in turn
  growing_tree,  // of a graph: the forest grown along gsd's order, solved exactly
};

struct BlockMethod {
  Rule rule = Rule::gs;
  Update update = Update::gradient;
  Blocks blocks = Blocks::variable;
  std::size_t size = 1;     // of a block; of no account for a graph's
  std::size_t columns = 0;  // combs: of the lattice
};

// One method on its way. An update allocates nothing.
class BlockDescent {
 public:
  // objective must outlive the descent; start: p numbers. stream: where random blocks come from.
  // Errors: a block larger than p; a graph's blocks without a graph.
  BlockDescent(const Objective& objective, const BlockMethod& method, std::span<const double> start,
               Stream stream, Math math = Math::strict);

  void update();

  std::uint64_t updates() const { return updates_; }
  const BlockPoint& point() const { return point_; }
  const BlockMethod& method() const { return method_; }
  double value() const { return point_.value(); }

  // Of the last update: its block, the fall of F that was sure (0 for newton on a penalty's face,
  // where only the line search vouches for it), and what it was.
  Block block() const { return {block_.data(), size_}; }
  double guaranteed() const { return guaranteed_; }
  double actual() const { return actual_; }
  // The largest (guaranteed - actual) / max(1, |F|) so far: above 0 only by rounding.
  double largest_excess() const { return largest_excess_; }

  // Multiplications and additions so far, counted on numbers that are not 0: gradients, moves,
  // choosing and solving, each transcendental function as 10. What is done once for all (H, factors
  // of a fixed partition) and what only the records need is not counted.
  double operations() const { return operations_; }

  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  void choose();
  void choose_fixed();
  void set_block(std::span<const std::uint32_t> block, std::size_t fixed);
  void follow_gradient();
  void follow_bound();
  void follow_newton();
  void follow_approximation();
  void solve_forest();
  // The proximal step under curvature L from the block's gradient: d, and the fall of its model.
  double proximal_step(double curvature);
  double lipschitz();
  double residual_operations() const;

  const Objective& objective_;
  BlockMethod method_;
  const Kernels& kernels_;
  Stream stream_;
  BlockPoint point_;
  BlockChooser chooser_;
  std::optional<Forests> forests_;

  // A fixed partition with what can be known of it before.
  Partition partition_;
  std::vector<double> partition_lipschitz_;
  std::vector<std::vector<double>> partition_factors_;
  double factor_operations_ = 0;  // of scoring all blocks by gsq

  std::uint64_t updates_ = 0;
  std::vector<std::uint32_t> block_, order_;
  std::size_t size_ = 0, fixed_ = 0, cursor_ = 0;
  std::vector<double> g_, reduced_;  // p: the gradient of f, and of F (see reduced_gradient)
  std::vector<double> block_g_, d_, trial_;  // of the block
  std::vector<double> matrix_;               // block_size^2
  std::vector<double> estimates_;            // p: of L_i, for approximation
  Matrix scratch_, rest_scratch_;
  double guaranteed_ = 0, actual_ = 0, largest_excess_ = 0, operations_ = 0;
};

}  // namespace lab::separable
