// Which functions does block coordinate descent minimise, and how is one followed while a few
// coordinates move at a time? F(x) = f(x) + h(x), f smooth with a known upper bound of its Hessian,
// h separable. J. Nutini, I. Laradji and M. Schmidt, "Let's Make Block Coordinate Descent Converge
// Faster", arXiv:1712.08859, sections 2 and 6 and the experiments.
//
//   least squares  f = 1/2 ||A x - b||^2                      H = A^T A
//   logistic       f = sum_j log(1 + exp(-b_j a_j^T x))       H = 1/4 A^T A
//   softmax        f = sum_j logsumexp(a_j^T X) - a_j^T x_y   H = 1/2 (I - 11^T / k) (x) A^T A
//   (Bohning 1992) graph          f = 1/2 sum over edges of w (x_i - x_j)^2 + 1/2 sum_i pull_i (x_i
//   - target_i)^2
//
// each (but the graph's) with ridge/2 ||x||^2 added to f and ridge I to H. Sums, not means: means
// would divide every constant by n. A coordinate of softmax is a feature and a class: feature *
// classes + class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/bytes.h"
#include "core/tensor.h"

namespace lab::separable {

enum class Loss { least_squares, logistic, softmax, graph };
enum class Penalty {
  none,
  l1,
  nonnegative
};  // h = 0, weight ||x||_1, 0 where x >= 0 and else infinite

using Block = std::span<const std::uint32_t>;  // coordinates, each once

// An undirected weighted graph, every edge listed at both of its ends.
struct Graph {
  std::vector<std::uint32_t> offsets;     // nodes + 1: where a node's edges begin
  std::vector<std::uint32_t> neighbours;  // at the other end
  std::vector<double> weights;            // positive
  std::vector<double> pull, target;       // nodes

  std::size_t nodes() const { return offsets.size() - 1; }
};

// From edges (i, j, weight), each given once, i != j; pull and target have one entry for each node.
struct Edge {
  std::uint32_t a, b;
  double weight;
};
Graph make_graph(std::size_t nodes, std::span<const Edge> edges, std::vector<double> pull,
                 std::vector<double> target);

struct Objective {
  Loss loss = Loss::least_squares;
  Matrix columns;               // features x samples: row i is column i of A
  std::vector<double> targets;  // least squares: b; logistic: -1 or 1
  std::vector<int> labels;      // softmax: 0 .. classes - 1
  std::size_t classes = 1;
  Graph graph;
  double ridge = 0;
  Penalty penalty = Penalty::none;
  double weight = 0;  // of ||x||_1

  // What follows from it.
  Matrix bound;  // H, p x p: f's Hessian is nowhere larger
  std::vector<double>
      lipschitz;  // L_i: of the gradient along coordinate i; softmax: 1/4 ||A_i||^2 + ridge
  std::vector<double> row_sums;  // sum_j |H_ij|
  std::vector<double>
      entries;  // non-zero numbers behind a coordinate: what a sparse code would touch
  double all_entries = 0;

  std::size_t dimension() const { return lipschitz.size(); }
  std::size_t samples() const { return columns.shape(1); }
};

// A: columns, features x samples with no row of zeros, on which nothing depends. ridge, weight >=
// 0.
Objective least_squares_objective(Matrix columns, std::vector<double> targets, double ridge,
                                  Penalty penalty = Penalty::none, double weight = 0);
Objective logistic_objective(Matrix columns, std::vector<double> targets, double ridge);
Objective softmax_objective(Matrix columns, std::vector<int> labels, std::size_t classes,
                            double ridge);
Objective graph_objective(Graph graph);

// A point x with what is needed to move a block of it: u = A x and the derivatives of f with
// respect to u (of a graph: the gradient itself), so that a move costs as many operations as the
// block has entries.
class BlockPoint {
 public:
  // objective must outlive the point. start: p numbers.
  BlockPoint(const Objective& objective, std::span<const double> start, Math math = Math::strict);

  std::span<const double> x() const { return x_; }
  double value() const { return value_; }  // F

  // The gradient of f, p numbers; or its part of a block.
  void gradient(std::span<double> out) const;
  void gradient(Block block, std::span<double> out) const;

  // The Hessian of f on a block, |block| x |block|, row-major.
  void hessian(Block block, std::span<double> out) const;

  // The same of all coordinates, p x p, by matrix products; allocates.
  void hessian(Matrix& out) const;

  // x += d on the block.
  void move(Block block, std::span<const double> d);
  // F where x += d on the block would lead; the point stays where it is. Uses scratch memory.
  double value_after(Block block, std::span<const double> d);

  // Computes u from x again, to stop the drift of rounding.
  void refresh();

  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  void add(Block block, std::span<const double> d, std::span<double> u) const;
  double smooth(std::span<const double> u, std::span<double> residuals, std::span<const double> x);
  double penalty(std::span<const double> x) const;

  const Objective& objective_;
  const Kernels& kernels_;
  std::vector<double> x_, u_, residuals_;            // p; samples x classes
  std::vector<double> trial_x_, trial_u_, scratch_;  // the same
  double value_ = 0;
};

// sum_i over the block of |entries|: see Objective::entries.
double entries_of(const Objective& objective, Block block);

// The gradient's part that can be followed: g without a penalty; with one the subgradient of F of
// least norm, which is 0 where x_i stays at 0.
double reduced_gradient(const Objective& objective, double x, double g);

// min F to rounding, and where: Newton's method with backtracking for a smooth F; with a penalty
// cyclic coordinate descent until it stands, in turn with a solve on the coordinates that are not
// 0.
struct Optimum {
  double value = 0;
  std::vector<double> x;
};
Optimum minimize(const Objective& objective, std::span<const double> start);

}  // namespace lab::separable
