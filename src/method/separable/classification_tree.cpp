#include "method/separable/classification_tree.h"

#include <algorithm>
#include <cassert>

#include "core/numerics.h"

namespace lab::separable {
namespace {

// A fall of the impurity by less is rounding.
constexpr double kLeastFall = 1e-12;
constexpr double kInverseLn2 = 1.4426950408889634;

}  // namespace

double impurity(Impurity which, std::size_t first, std::size_t second) {
  if (first == 0 || second == 0) return 0;
  const auto total = static_cast<double>(first + second);
  const double p = static_cast<double>(first) / total, q = static_cast<double>(second) / total;
  if (which == Impurity::gini) return 2 * p * q;
  const double first_part = p * lab::log(p);
  const double second_part = q * lab::log(q);
  return -(first_part + second_part) * kInverseLn2;
}

std::vector<std::uint32_t> presorted(MatrixView<double> x) {
  std::vector<std::uint32_t> order(x.rows * x.cols);
  for (std::size_t f = 0; f < x.cols; ++f) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(f * x.rows);
    const auto end = begin + static_cast<std::ptrdiff_t>(x.rows);
    std::uint32_t row = 0;
    std::for_each(begin, end, [&](std::uint32_t& value) { value = row++; });
    std::stable_sort(begin, end,
                     [&](std::uint32_t a, std::uint32_t b) { return x(a, f) < x(b, f); });
  }
  return order;
}

ClassificationTree::ClassificationTree(std::size_t most_samples, std::size_t most_features) {
  nodes_.reserve(2 * most_samples);
  tasks_.reserve(most_samples + 1);
  order_.resize(most_samples * most_features);
  scratch_.resize(most_samples);
}

void ClassificationTree::fit(MatrixView<double> x, std::span<const std::uint8_t> classes,
                             std::span<const std::uint32_t> order,
                             std::span<const std::uint8_t> chosen, Impurity which,
                             const TreeLimits& limits) {
  assert(classes.size() == x.rows && chosen.size() == x.rows && order.size() == x.rows * x.cols);
  rows_ = 0;
  TreeNode root;
  for (std::size_t i = 0; i < x.rows; ++i) {
    if (!chosen[i]) continue;
    ++rows_;
    ++root.counts[classes[i]];
  }
  assert(rows_ > 0 && rows_ * x.cols <= order_.size());
  std::size_t next = 0;
  for (const std::uint32_t row : order) {
    if (chosen[row]) order_[next++] = row;
  }
  nodes_.clear();
  nodes_.push_back(root);
  tasks_.clear();
  tasks_.push_back({0, 0, rows_});
  thresholds_tried_ = 0;
  while (!tasks_.empty()) {
    const Task task = tasks_.back();
    tasks_.pop_back();
    const TreeNode parent = nodes_[task.node];
    if (parent.counts[0] == 0 || parent.counts[1] == 0 || parent.depth >= limits.depth) continue;
    const Split split = best_split(x, classes, task, which, limits.leaf_samples);
    if (split.feature == TreeNode::kNone) continue;
    const std::size_t middle = divide(x, task, split);
    TreeNode left, right;
    left.depth = right.depth = parent.depth + 1;
    for (std::size_t k = task.begin; k < task.end; ++k) {
      TreeNode& side = k < middle ? left : right;
      ++side.counts[classes[order_[k]]];
    }
    const std::size_t at = nodes_.size();
    TreeNode& node = nodes_[task.node];
    node.feature = split.feature;
    node.threshold = split.threshold;
    node.left = at;
    node.right = at + 1;
    nodes_.push_back(left);
    nodes_.push_back(right);
    tasks_.push_back({at + 1, middle, task.end});
    tasks_.push_back({at, task.begin, middle});
  }
}

ClassificationTree::Split ClassificationTree::best_split(MatrixView<double> x,
                                                         std::span<const std::uint8_t> classes,
                                                         const Task& task, Impurity which,
                                                         std::size_t leaf_samples) {
  const std::array<std::size_t, 2>& total = nodes_[task.node].counts;
  const std::size_t count = task.end - task.begin;
  const double whole = impurity(which, total[0], total[1]);
  Split best;
  thresholds_tried_ += static_cast<double>(count * x.cols);
  for (std::size_t f = 0; f < x.cols; ++f) {
    const std::uint32_t* const rows = order_.data() + f * rows_ + task.begin;
    std::array<std::size_t, 2> left = {};
    for (std::size_t k = 0; k + 1 < count; ++k) {
      ++left[classes[rows[k]]];
      const double value = x(rows[k], f), above = x(rows[k + 1], f);
      if (!(value < above)) continue;
      const std::size_t n_left = k + 1, n_right = count - n_left;
      if (n_left < leaf_samples || n_right < leaf_samples) continue;
      const double left_part = static_cast<double>(n_left) * impurity(which, left[0], left[1]);
      const double right_part =
          static_cast<double>(n_right) * impurity(which, total[0] - left[0], total[1] - left[1]);
      const double fall = whole - (left_part + right_part) / static_cast<double>(count);
      if (fall > best.fall + kLeastFall) {
        // Halves first: the sum of two large values could overflow. Between neighbouring numbers
        // the middle may round up to the greater one, which belongs to the right.
        const double middle = value / 2 + above / 2;
        best = {f, middle < above ? middle : value, fall};
      }
    }
  }
  return best;
}

std::size_t ClassificationTree::divide(MatrixView<double> x, const Task& task, const Split& split) {
  std::size_t middle = task.begin;
  for (std::size_t f = 0; f < x.cols; ++f) {
    std::uint32_t* const rows = order_.data() + f * rows_;
    std::size_t left = task.begin, right = 0;
    for (std::size_t k = task.begin; k < task.end; ++k) {
      const std::uint32_t row = rows[k];
      if (x(row, split.feature) <= split.threshold) {
        rows[left++] = row;
      } else {
        scratch_[right++] = row;
      }
    }
    std::copy_n(scratch_.begin(), right, rows + left);
    middle = left;
  }
  return middle;
}

const TreeNode& ClassificationTree::leaf_of(std::span<const double> row, std::size_t depth) const {
  const TreeNode* node = &nodes_.front();
  while (!node->leaf() && node->depth < depth) {
    node = &nodes_[row[node->feature] <= node->threshold ? node->left : node->right];
  }
  return *node;
}

}  // namespace lab::separable
