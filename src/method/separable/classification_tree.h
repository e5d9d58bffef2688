// A decision tree for two classes: CART, one feature and one threshold at a node.
// L. Breiman, J. Friedman, R. Olshen and C. Stone, Classification and Regression Trees, 1984;
// compared with linear models in arXiv:2306.02449.
//
// A node is split where the impurity falls most: I(node) - (n_l I(left) + n_r I(right)) / n, with
// thresholds midway between neighbouring distinct values. Of equal falls (to 1e-12) the smallest
// feature wins, then the smallest threshold, so that the tree does not depend on the machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/view.h"

namespace lab::separable {

enum class Impurity {
  gini,     // 2 p (1 - p)
  entropy,  // in bits
};

// Of a node with so many samples of the two classes; 0 where it has none.
double impurity(Impurity which, std::size_t first, std::size_t second);

struct TreeNode {
  static constexpr std::size_t kNone = SIZE_MAX;
  std::size_t feature = kNone;  // kNone: a leaf
  double threshold = 0;         // left: value <= threshold
  std::size_t left = 0, right = 0;
  std::size_t depth = 0;                   // 0: the root
  std::array<std::size_t, 2> counts = {};  // training samples of the classes 0 and 1

  bool leaf() const { return feature == kNone; }
  std::size_t samples() const { return counts[0] + counts[1]; }
  // The share of class 1, of at least one sample.
  double share() const { return static_cast<double>(counts[1]) / static_cast<double>(samples()); }
};

// For each feature the rows of x in ascending order of it, of equal values the first row first: p
// lists of n. Sorted once, whatever part of the rows a tree is grown on.
std::vector<std::uint32_t> presorted(MatrixView<double> x);

struct TreeLimits {
  std::size_t depth = SIZE_MAX;  // of the deepest leaf
  std::size_t leaf_samples = 1;  // a leaf has at least so many
};

class ClassificationTree {
 public:
  // Has room for so many samples and features; `fit` then allocates nothing.
  ClassificationTree(std::size_t most_samples, std::size_t most_features);

  // x: n x p; classes: n numbers, 0 or 1; order: presorted(x); chosen: n flags, the rows to grow
  // on, at least one.
  void fit(MatrixView<double> x, std::span<const std::uint8_t> classes,
           std::span<const std::uint32_t> order, std::span<const std::uint8_t> chosen,
           Impurity which, const TreeLimits& limits = {});

  // The root first, a node before what is below it, the left side before the right.
  std::span<const TreeNode> nodes() const { return nodes_; }
  std::size_t leaves() const { return (nodes_.size() + 1) / 2; }
  // Where a row of p numbers ends, or the node that it has come to at `depth`: the leaf of the tree
  // that would have been grown no deeper.
  const TreeNode& leaf_of(std::span<const double> row, std::size_t depth = SIZE_MAX) const;
  // Places at which a split was tried: values passed over all features and nodes.
  double thresholds_tried() const { return thresholds_tried_; }

 private:
  struct Split {
    std::size_t feature = TreeNode::kNone;
    double threshold = 0, fall = 0;
  };
  struct Task {
    std::size_t node, begin, end;  // rows order_[f n + begin .. end) of each feature f
  };
  Split best_split(MatrixView<double> x, std::span<const std::uint8_t> classes, const Task& task,
                   Impurity which, std::size_t leaf_samples);
  // Puts the rows of the left side before those of the right, both still in order; the middle.
  std::size_t divide(MatrixView<double> x, const Task& task, const Split& split);

  std::vector<TreeNode> nodes_;
  std::vector<Task> tasks_;
  std::vector<std::uint32_t> order_, scratch_;
  std::size_t rows_ = 0;  // of the samples chosen
  double thresholds_tried_ = 0;
};

}  // namespace lab::separable
