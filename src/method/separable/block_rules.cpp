#include "method/separable/block_rules.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

constexpr int kThresholdingSteps = 10;

// lambda_max(H) by the power method, raised by a hundredth: only a step size of a ranking.
double largest_eigenvalue(const Matrix& matrix) {
  const std::size_t p = matrix.shape(0);
  std::vector<double> x(p, 1.0), y(p);
  double value = 0;
  for (int step = 0; step < 100; ++step) {
    kernels().gemv(view(matrix), x, y);
    const double norm = std::sqrt(kernels().squared_norm(std::span<const double>(y)));
    if (!(norm > 0)) break;
    value = norm;
    for (std::size_t i = 0; i < p; ++i) x[i] = y[i] / norm;
  }
  return 1.01 * value;
}

}  // namespace

std::string_view name(Rule rule) {
  constexpr std::array<std::string_view, kRules> kNames = {
      "random", "cyclic", "lipschitz", "gs", "gsl", "gsd", "gsd_rows", "gsq", "gsq_iht"};
  return kNames[static_cast<std::size_t>(rule)];
}

bool greedy(Rule rule) {
  return rule >= Rule::gs;
}

void order_by_score(std::span<const double> scores, std::span<std::uint32_t> indices) {
  assert(scores.size() == indices.size());
  const std::size_t n = indices.size();
  for (std::uint32_t i = 0; i < n; ++i) indices[i] = i;
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  // Shell's sort with Ciura's gaps: in place, and the order is total.
  for (const std::size_t gap : {1750, 701, 301, 132, 57, 23, 10, 4, 1}) {
    for (std::size_t i = gap; i < n; ++i) {
      const std::uint32_t moved = indices[i];
      std::size_t j = i;
      for (; j >= gap && before(moved, indices[j - gap]); j -= gap) indices[j] = indices[j - gap];
      indices[j] = moved;
    }
  }
}

Partition partition(const Objective& objective, Sorting sorting, std::size_t block_size) {
  const std::size_t p = objective.dimension();
  assert(block_size >= 1 && block_size <= p);
  std::vector<std::uint32_t> order(p);
  for (std::uint32_t i = 0; i < p; ++i) order[i] = i;
  const bool rows = sorting == Sorting::hsort || sorting == Sorting::havg;
  const std::vector<double>& by = rows ? objective.row_sums : objective.lipschitz;
  if (sorting != Sorting::order) {
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return by[i]; });
  }
  if (sorting == Sorting::avg || sorting == Sorting::havg) {
    std::vector<std::uint32_t> mixed;
    for (std::size_t low = 0, high = p; low < high;) {
      mixed.push_back(order[low++]);
      if (low < high) mixed.push_back(order[--high]);
    }
    order = std::move(mixed);
  }
  Partition blocks;
  for (std::size_t begin = 0; begin < p; begin += block_size) {
    const std::size_t end = std::min(begin + block_size, p);
    blocks.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                        order.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return blocks;
}

double block_lipschitz(const Objective& objective, Block block, Matrix& scratch) {
  constexpr std::size_t kExact = 20;
  const std::size_t size = block.size();
  if (size == 1) return objective.lipschitz[block[0]];
  if (size > kExact) {
    double trace = 0, largest = 0;
    for (const std::uint32_t i : block) {
      double sum = 0;
      for (const std::uint32_t j : block) sum += std::abs(objective.bound(i, j));
      trace += objective.bound(i, i);
      largest = std::max(largest, sum);
    }
    return std::min(trace, largest);
  }
  if (scratch.shape(0) != size) scratch = Matrix::from_shape({size, size});
  bound_block(objective, block, span(scratch));
  diagonalize(scratch);
  double largest = 0;
  for (std::size_t k = 0; k < size; ++k) largest = std::max(largest, scratch(k, k));
  return largest;
}

void bound_block(const Objective& objective, Block block, std::span<double> out) {
  const std::size_t size = block.size();
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = 0; b < size; ++b) out[a * size + b] = objective.bound(block[a], block[b]);
  }
}

BlockChooser::BlockChooser(const Objective& objective, std::size_t block_size, bool thresholding)
    : objective_(objective),
      size_(block_size),
      step_(thresholding ? 1 / largest_eigenvalue(objective.bound) : 0),
      scores_(objective.dimension()),
      residual_(objective.dimension()),
      curvature_(objective.dimension()),
      direction_(objective.dimension()),
      rows_(block_size * objective.dimension()),
      sums_(block_size),
      indices_(objective.dimension()) {
  assert(block_size >= 1 && block_size <= objective.dimension());
}

double BlockChooser::score(Rule rule, std::size_t i, double g) const {
  switch (rule) {
    case Rule::gs:
      return g * g;
    case Rule::gsd_rows:
      return g * g / objective_.row_sums[i];
    default:
      return g * g / objective_.lipschitz[i];
  }
}

void BlockChooser::choose(Rule rule, std::span<const double> g, std::span<std::uint32_t> block) {
  assert(greedy(rule) && g.size() == scores_.size() && block.size() == size_);
  if (size_ > 1) {  // of one coordinate all but gs and gsd_rows are the same rule
    if (rule == Rule::gsl) return grow_lipschitz(g, block);
    if (rule == Rule::gsq) return grow_quadratic(g, block);
    if (rule == Rule::gsq_iht) return threshold(g, block);
  }
  for (std::size_t i = 0; i < g.size(); ++i) scores_[i] = score(rule, i, g[i]);
  order_by_score(scores_, indices_);
  std::copy_n(indices_.begin(), size_, block.begin());
}

void BlockChooser::grow_lipschitz(std::span<const double> g, std::span<std::uint32_t> block) {
  const std::size_t p = g.size();
  double norm = 0;
  for (std::size_t count = 0; count < size_; ++count) {
    std::size_t best = p;
    double best_score = -1;
    for (std::size_t c = 0; c < p; ++c) {
      const auto chosen = block.first(count);
      if (std::ranges::find(chosen, static_cast<std::uint32_t>(c)) != chosen.end()) continue;
      double own = objective_.bound(c, c), largest = 0;
      for (std::size_t k = 0; k < count; ++k) {
        const double between = std::abs(objective_.bound(c, chosen[k]));
        own += between;
        largest = std::max(largest, sums_[k] + between);
      }
      const double score = (norm + g[c] * g[c]) / std::max(own, largest);
      if (score > best_score) {
        best_score = score;
        best = c;
      }
    }
    double own = objective_.bound(best, best);
    for (std::size_t k = 0; k < count; ++k) {
      const double between = std::abs(objective_.bound(best, block[k]));
      own += between;
      sums_[k] += between;
    }
    sums_[count] = own;
    norm += g[best] * g[best];
    block[count] = static_cast<std::uint32_t>(best);
  }
}

void BlockChooser::grow_quadratic(std::span<const double> g, std::span<std::uint32_t> block) {
  // Pivoted Cholesky of H, the pivot being where the model falls most: residual is what is left of
  // g after the block's solve, curvature the Schur complement's diagonal.
  const std::size_t p = g.size();
  std::ranges::copy(g, residual_.begin());
  for (std::size_t i = 0; i < p; ++i) curvature_[i] = objective_.bound(i, i);
  for (std::size_t count = 0; count < size_; ++count) {
    std::size_t best = p;
    double best_score = -1;
    for (std::size_t c = 0; c < p; ++c) {
      if (curvature_[c] < 0) continue;  // in the block
      const double least = 1e-12 * objective_.bound(c, c);
      const double score = residual_[c] * residual_[c] / std::max(curvature_[c], least);
      if (score > best_score) {
        best_score = score;
        best = c;
      }
    }
    block[count] = static_cast<std::uint32_t>(best);
    const double pivot =
        std::sqrt(std::max(curvature_[best], 1e-12 * objective_.bound(best, best)));
    const double part = residual_[best] / pivot;
    double* row = rows_.data() + count * p;
    for (std::size_t c = 0; c < p; ++c) row[c] = objective_.bound(best, c);
    for (std::size_t k = 0; k < count; ++k) {
      const double* earlier = rows_.data() + k * p;
      const double factor = earlier[best];
      for (std::size_t c = 0; c < p; ++c) row[c] -= factor * earlier[c];
    }
    for (std::size_t c = 0; c < p; ++c) {
      if (curvature_[c] < 0) continue;
      row[c] /= pivot;
      residual_[c] -= part * row[c];
      curvature_[c] = std::max(curvature_[c] - row[c] * row[c], 0.0);
    }
    curvature_[best] = -1;
  }
}

void BlockChooser::threshold(std::span<const double> g, std::span<std::uint32_t> block) {
  assert(step_ > 0);
  const std::size_t p = g.size();
  for (std::size_t i = 0; i < p; ++i) {
    // Downhill; the published code begins with the other sign.
    direction_[i] = -g[i] / std::sqrt(objective_.lipschitz[i]);
    scores_[i] = std::abs(direction_[i]);
  }
  order_by_score(scores_, indices_);
  for (int step = 0; step <= kThresholdingSteps; ++step) {
    std::copy_n(indices_.begin(), size_, block.begin());
    if (step == kThresholdingSteps) return;
    std::ranges::copy(g, residual_.begin());
    for (const std::uint32_t j : block) {
      for (std::size_t i = 0; i < p; ++i) residual_[i] += objective_.bound(j, i) * direction_[j];
    }
    for (std::size_t k = size_; k < p; ++k) direction_[indices_[k]] = 0;
    for (std::size_t i = 0; i < p; ++i) {
      direction_[i] -= step_ * residual_[i];
      scores_[i] = std::abs(direction_[i]);
    }
    order_by_score(scores_, indices_);
  }
}

double BlockChooser::operations(Rule rule) const {
  const auto p = static_cast<double>(scores_.size()), size = static_cast<double>(size_);
  double sorting = p;
  for (double n = p; n > 1; n /= 2) sorting += p;
  switch (rule) {
    case Rule::gsl:
      return size > 1 ? p * size * size : 2 * p + sorting;
    case Rule::gsq:
      return size > 1 ? p * size * (size + 6) : 2 * p + sorting;
    case Rule::gsq_iht:
      return kThresholdingSteps * (2 * p * size + sorting);
    default:
      return greedy(rule) ? 2 * p + sorting : 0;
  }
}

}  // namespace lab::separable
