#include "method/separable/block_descent.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "core/error.h"
#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

constexpr double kLeastPivot = 1e-12;
constexpr double kSufficient = 1e-4;  // Armijo's share of the slope
constexpr std::uint64_t kRefresh = 100;
constexpr double kTranscendental = 10;

bool graph_blocks(Blocks blocks) {
  return blocks >= Blocks::colours;
}

Sorting sorting_of(Blocks blocks) {
  switch (blocks) {
    case Blocks::sort:
      return Sorting::sort;
    case Blocks::avg:
      return Sorting::avg;
    case Blocks::hsort:
      return Sorting::hsort;
    case Blocks::havg:
      return Sorting::havg;
    default:
      return Sorting::order;
  }
}

double cube(std::size_t n) {
  const auto size = static_cast<double>(n);
  return size * size * size;
}
double square(std::size_t n) {
  return static_cast<double>(n) * static_cast<double>(n);
}

std::size_t checked_size(const Objective& objective, const BlockMethod& method) {
  if (graph_blocks(method.blocks)) {
    if (objective.loss != Loss::graph) {
      throw Error("there is no graph whose trees could be blocks", "field race",
                  "rules, updates or blocks; or problem = lattice or moons");
    }
    return 1;
  }
  if (method.size < 1 || method.size > objective.dimension()) {
    throw Error("a block of " + std::to_string(method.size) + " of " +
                    std::to_string(objective.dimension()) + " coordinates",
                "field block_size", "at most the number of coordinates");
  }
  return method.size;
}

// x moved by d, then shrunk or cut off as the penalty asks.
double proximal(const Objective& objective, double x, double curvature) {
  switch (objective.penalty) {
    case Penalty::none:
      return x;
    case Penalty::nonnegative:
      return std::max(x, 0.0);
    case Penalty::l1: {
      const double threshold = objective.weight / curvature;
      return x > threshold ? x - threshold : x < -threshold ? x + threshold : 0;
    }
  }
  return x;
}

double penalty_of(const Objective& objective, double x) {
  return objective.penalty == Penalty::l1 ? objective.weight * std::abs(x) : 0;
}

}  // namespace

BlockDescent::BlockDescent(const Objective& objective, const BlockMethod& method,
                           std::span<const double> start, Stream stream, Math math)
    : objective_(objective),
      method_(method),
      kernels_(kernels(math)),
      stream_(std::move(stream)),
      point_(objective, start, math),
      chooser_(objective, checked_size(objective, method), method.rule == Rule::gsq_iht) {
  const std::size_t p = objective.dimension();
  std::size_t largest = method.size;
  if (graph_blocks(method.blocks)) {
    forests_.emplace(objective);
    if (method.blocks == Blocks::colours) partition_ = colour_classes(objective.graph);
    if (method.blocks == Blocks::trees) partition_ = forest_partition(objective.graph);
    if (method.blocks == Blocks::combs) partition_ = combs(p / method.columns, method.columns);
    largest = p;
    method_.update = Update::matrix;
  } else if (method.blocks != Blocks::variable) {
    partition_ = partition(objective, sorting_of(method.blocks), method.size);
    for (const std::vector<std::uint32_t>& block : partition_) {
      Matrix scratch = Matrix::from_shape({block.size(), block.size()});
      partition_lipschitz_.push_back(block_lipschitz(objective, block, scratch));
      std::vector<double>& factor = partition_factors_.emplace_back(block.size() * block.size());
      bound_block(objective, block, factor);
      cholesky(factor, block.size(), kLeastPivot);
      factor_operations_ += 2 * square(block.size());
    }
  }
  block_.reserve(p);
  block_.resize(largest);
  order_.resize(p);
  g_.resize(p);
  reduced_.resize(p);
  block_g_.resize(largest);
  d_.resize(largest);
  trial_.resize(largest);
  if (!forests_) matrix_.resize(largest * largest);
  estimates_.assign(p, 1.0);
  scratch_ = Matrix::from_shape({method.size, method.size});
  const std::size_t rest = p % method.size;
  rest_scratch_ = Matrix::from_shape({rest, rest});
  cursor_ = p;
}

double BlockDescent::residual_operations() const {
  const Objective& o = objective_;
  const auto n = static_cast<double>(o.samples() * o.classes);
  switch (o.loss) {
    case Loss::least_squares:
      return n;
    case Loss::logistic:
      return (kTranscendental + 4) * n;
    case Loss::softmax:
      return (kTranscendental + 3) * n;
    case Loss::graph:
      return 0;
  }
  return 0;
}

void BlockDescent::set_block(std::span<const std::uint32_t> block, std::size_t fixed) {
  std::ranges::copy(block, block_.begin());
  size_ = block.size();
  fixed_ = fixed;
}

void BlockDescent::choose_fixed() {
  const auto score = [&](std::size_t k) {
    const std::vector<std::uint32_t>& block = partition_[k];
    double sum = 0;
    if (method_.rule == Rule::gsq || method_.rule == Rule::gsq_iht) {
      for (std::size_t i = 0; i < block.size(); ++i) d_[i] = reduced_[block[i]];
      const std::span<double> solution = std::span(d_).first(block.size());
      cholesky_solve(partition_factors_[k], block.size(), solution);
      for (std::size_t i = 0; i < block.size(); ++i) sum += reduced_[block[i]] * solution[i];
      return sum;
    }
    const Rule rule = method_.rule == Rule::gsl ? Rule::gs : method_.rule;
    for (const std::uint32_t i : block) sum += chooser_.score(rule, i, reduced_[i]);
    return method_.rule == Rule::gsl ? sum / partition_lipschitz_[k] : sum;
  };
  std::size_t best = 0;
  double best_score = -1;
  switch (method_.rule) {
    case Rule::random:
      best = static_cast<std::size_t>(stream_.below(partition_.size()));
      break;
    case Rule::cyclic:
      best = updates_ % partition_.size();
      break;
    case Rule::lipschitz:
      best = stream_.categorical(std::span<const double>(partition_lipschitz_));
      break;
    default:
      for (std::size_t k = 0; k < partition_.size(); ++k) {
        const double candidate = score(k);
        if (candidate > best_score) {
          best_score = candidate;
          best = k;
        }
      }
      operations_ += 3 * static_cast<double>(g_.size());
      if (method_.rule == Rule::gsq) operations_ += factor_operations_;
  }
  set_block(partition_[best], best);
}

void BlockDescent::choose() {
  const std::size_t p = g_.size();
  const bool looks = method_.blocks == Blocks::growing_tree ||
                     (greedy(method_.rule) && !graph_blocks(method_.blocks));
  if (looks) {
    point_.gradient(g_);
    if (objective_.loss != Loss::graph) operations_ += 2 * objective_.all_entries;
    for (std::size_t i = 0; i < p; ++i) {
      reduced_[i] = reduced_gradient(objective_, point_.x()[i], g_[i]);
    }
  }
  if (method_.blocks == Blocks::growing_tree) {
    for (std::size_t i = 0; i < p; ++i) d_[i] = chooser_.score(Rule::gsd, i, reduced_[i]);
    order_by_score(d_, order_);
    forests_->grow(order_, block_);
    size_ = block_.size();
    block_.resize(p);
    operations_ += chooser_.operations(Rule::gsd) + 2 * objective_.all_entries;
  } else if (graph_blocks(method_.blocks)) {
    set_block(partition_[updates_ % partition_.size()], updates_ % partition_.size());
  } else if (!partition_.empty()) {
    choose_fixed();
  } else if (looks) {
    size_ = method_.size;
    chooser_.choose(method_.rule, reduced_, std::span(block_).first(size_));
    operations_ += chooser_.operations(method_.rule);
  } else if (method_.rule == Rule::lipschitz) {
    // Without replacement, each draw in proportion to the L_i that are left.
    std::ranges::copy(objective_.lipschitz, reduced_.begin());
    size_ = method_.size;
    for (std::size_t k = 0; k < size_; ++k) {
      const std::size_t i = stream_.categorical(std::span<const double>(reduced_));
      reduced_[i] = 0;
      block_[k] = static_cast<std::uint32_t>(i);
    }
  } else {
    // random: the first part of a new permutation; cyclic: all parts of one in turn.
    const bool again = method_.rule == Rule::random || cursor_ >= p;
    if (again) {
      for (std::uint32_t i = 0; i < p; ++i) order_[i] = i;
      const std::size_t drawn = method_.rule == Rule::random ? method_.size : p;
      for (std::size_t k = 0; k < drawn; ++k) {
        const auto other = k + static_cast<std::size_t>(stream_.below(p - k));
        std::swap(order_[k], order_[other]);
      }
      cursor_ = 0;
    }
    size_ = std::min(method_.size, p - cursor_);
    std::copy_n(order_.begin() + static_cast<std::ptrdiff_t>(cursor_), size_, block_.begin());
    cursor_ += size_;
  }
  const std::span<double> block_g = std::span(block_g_).first(size_);
  if (looks) {
    for (std::size_t k = 0; k < size_; ++k) block_g[k] = g_[block_[k]];
  } else {
    point_.gradient(block(), block_g);
    if (objective_.loss != Loss::graph) operations_ += 2 * entries_of(objective_, block());
  }
}

void BlockDescent::update() {
  if (updates_ % kRefresh == kRefresh - 1) point_.refresh();
  choose();
  const double before = point_.value();
  guaranteed_ = 0;
  if (forests_) {
    solve_forest();
  } else {
    switch (method_.update) {
      case Update::gradient:
        follow_gradient();
        break;
      case Update::matrix:
        follow_bound();
        break;
      case Update::newton:
        follow_newton();
        break;
      case Update::approximation:
        follow_approximation();
        break;
    }
  }
  point_.move(block(), std::span(d_).first(size_));
  operations_ += 2 * entries_of(objective_, block()) + residual_operations();
  actual_ = before - point_.value();
  largest_excess_ =
      std::max(largest_excess_, (guaranteed_ - actual_) / std::max(1.0, std::abs(before)));
  ++updates_;
}

double BlockDescent::lipschitz() {
  if (!partition_lipschitz_.empty()) return partition_lipschitz_[fixed_];
  operations_ += size_ > 20 ? square(size_) : size_ > 1 ? 10 * cube(size_) : 0;
  return block_lipschitz(objective_, block(), size_ == method_.size ? scratch_ : rest_scratch_);
}

double BlockDescent::proximal_step(double curvature) {
  double fall = 0;
  for (std::size_t k = 0; k < size_; ++k) {
    const double x = point_.x()[block_[k]], g = block_g_[k];
    const double next = proximal(objective_, x - g / curvature, curvature);
    d_[k] = objective_.penalty == Penalty::none ? -g / curvature : next - x;
    fall -= g * d_[k] + 0.5 * curvature * d_[k] * d_[k] + penalty_of(objective_, next) -
            penalty_of(objective_, x);
  }
  operations_ += 6 * static_cast<double>(size_);
  return fall;
}

void BlockDescent::follow_gradient() {
  guaranteed_ = proximal_step(lipschitz());
}

void BlockDescent::follow_bound() {
  const std::span<double> d = std::span(d_).first(size_);
  const std::span<const double> g = std::span<const double>(block_g_).first(size_);
  if (objective_.penalty == Penalty::none) {
    for (std::size_t k = 0; k < size_; ++k) d[k] = -g[k];
    if (!partition_factors_.empty()) {
      cholesky_solve(partition_factors_[fixed_], size_, d);
    } else {
      bound_block(objective_, block(), matrix_);
      cholesky(matrix_, size_, kLeastPivot);
      cholesky_solve(matrix_, size_, d);
      operations_ += cube(size_) / 3;
    }
    operations_ += 2 * square(size_);
    guaranteed_ = -0.5 * kernels_.dot(g, std::span<const double>(d));
    return;
  }
  // Coordinate descent on the model of the block; trial_ holds H d.
  constexpr int kMostSweeps = 100;
  bound_block(objective_, block(), matrix_);
  std::ranges::fill(d, 0.0);
  const std::span<double> product = std::span(trial_).first(size_);
  std::ranges::fill(product, 0.0);
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    double largest = 0, scale = 0;
    for (std::size_t k = 0; k < size_; ++k) {
      const double curvature = matrix_[k * size_ + k], x = point_.x()[block_[k]] + d[k];
      const double next = proximal(objective_, x - (g[k] + product[k]) / curvature, curvature);
      const double change = next - x;
      scale = std::max(scale, std::abs(next));
      if (change == 0) continue;
      largest = std::max(largest, std::abs(change));
      d[k] += change;
      for (std::size_t j = 0; j < size_; ++j) product[j] += matrix_[j * size_ + k] * change;
    }
    operations_ += 2 * square(size_);
    if (largest <= 1e-14 * scale) break;
  }
  for (std::size_t k = 0; k < size_; ++k) {
    const double x = point_.x()[block_[k]];
    guaranteed_ -= (g[k] + 0.5 * product[k]) * d[k] + penalty_of(objective_, x + d[k]) -
                   penalty_of(objective_, x);
  }
}

void BlockDescent::follow_newton() {
  const std::span<double> d = std::span(d_).first(size_);
  const std::span<double> step = std::span(trial_).first(size_);
  point_.hessian(block(), matrix_);
  if (objective_.loss == Loss::logistic || objective_.loss == Loss::softmax) {
    operations_ += 1.5 * static_cast<double>(size_) * entries_of(objective_, block());
  }
  for (std::size_t k = 0; k < size_; ++k) {
    step[k] = reduced_gradient(objective_, point_.x()[block_[k]], block_g_[k]);
  }
  if (objective_.penalty != Penalty::none) {
    // A coordinate that its own gradient step would take to 0 or beyond is kept out of Newton's
    // system: the step of the others would count on one that the projection takes back.
    for (std::size_t k = 0; k < size_; ++k) {
      const double x = point_.x()[block_[k]];
      const bool stays = step[k] == 0 && x == 0;
      const double reach = std::abs(step[k]) / objective_.lipschitz[block_[k]];
      if (!stays && !(std::abs(x) <= reach && x * step[k] > 0)) continue;
      for (std::size_t j = 0; j < size_; ++j) {
        matrix_[k * size_ + j] = 0;
        matrix_[j * size_ + k] = 0;
      }
      matrix_[k * size_ + k] = objective_.lipschitz[block_[k]];
    }
  }
  for (std::size_t k = 0; k < size_; ++k) d[k] = -step[k];
  cholesky(matrix_, size_, kLeastPivot);
  cholesky_solve(matrix_, size_, d);
  operations_ += cube(size_) / 3 + 2 * square(size_);

  // From here on d is the full step and block_g_ the gradient of F; what is tried goes to trial_.
  std::ranges::copy(step, block_g_.begin());
  const double rounding = 1e-15 * std::max(1.0, std::abs(point_.value()));
  constexpr int kMostHalvings = 60;
  double length = 1;
  for (int halving = 0; halving < kMostHalvings; ++halving, length /= 2) {
    double slope = 0;
    for (std::size_t k = 0; k < size_; ++k) {
      const double x = point_.x()[block_[k]];
      double next = x + length * d[k];
      if (objective_.penalty == Penalty::nonnegative) next = std::max(next, 0.0);
      if (objective_.penalty == Penalty::l1) {
        const double side = x != 0 ? x : -block_g_[k];
        if (next * side <= 0) next = 0;
      }
      step[k] = objective_.penalty == Penalty::none ? length * d[k] : next - x;
      slope += block_g_[k] * step[k];
    }
    const double value = point_.value_after(block(), step);
    operations_ += 2 * entries_of(objective_, block()) + residual_operations();
    if (value <= point_.value() + kSufficient * slope || -slope <= rounding) {
      std::ranges::copy(step, d.begin());
      if (value <= point_.value() + kSufficient * slope) guaranteed_ = -kSufficient * slope;
      return;
    }
  }
  std::ranges::fill(d, 0.0);
}

void BlockDescent::follow_approximation() {
  double curvature = 0;
  for (std::size_t k = 0; k < size_; ++k) curvature = std::max(curvature, estimates_[block_[k]]);
  const double rounding = 1e-15 * std::max(1.0, std::abs(point_.value()));
  for (;;) {
    const double fall = proximal_step(curvature);
    const double value = point_.value_after(block(), std::span<const double>(d_).first(size_));
    operations_ += 2 * entries_of(objective_, block()) + residual_operations();
    if (value <= point_.value() - fall || fall <= rounding) {
      if (value <= point_.value() - fall) guaranteed_ = fall;
      break;
    }
    curvature *= 2;
  }
  for (std::size_t k = 0; k < size_; ++k) estimates_[block_[k]] = curvature;
}

void BlockDescent::solve_forest() {
  const std::span<double> d = std::span(d_).first(size_);
  const std::span<const double> g = std::span<const double>(block_g_).first(size_);
  forests_->solve(block(), g, d);
  for (double& number : d) number = -number;
  guaranteed_ = -0.5 * kernels_.dot(g, std::span<const double>(d));
  operations_ += 10 * static_cast<double>(size_);
}

void BlockDescent::save(ByteWriter& writer) const {
  stream_.save(writer);
  point_.save(writer);
  writer.u64(updates_);
  writer.u32s(std::span(block_).first(size_));
  writer.u32s(order_);
  writer.u64(cursor_);
  writer.f64s(estimates_);
  writer.f64(guaranteed_);
  writer.f64(actual_);
  writer.f64(largest_excess_);
  writer.f64(operations_);
}

void BlockDescent::restore(ByteReader& reader) {
  stream_.restore(reader);
  point_.restore(reader);
  updates_ = reader.u64();
  const std::vector<std::uint32_t> block = reader.u32s();
  const std::vector<std::uint32_t> order = reader.u32s();
  const std::uint64_t cursor = reader.u64();
  const std::size_t p = order_.size();
  const auto known = [p](std::uint32_t i) { return i < p; };
  if (block.size() > block_.size() || order.size() != p || cursor > p ||
      !std::ranges::all_of(block, known) || !std::ranges::all_of(order, known)) {
    reader.fail("the blocks of another problem", "coordinates of this one");
  }
  set_block(block, 0);
  std::ranges::copy(order, order_.begin());
  cursor_ = static_cast<std::size_t>(cursor);
  reader.f64s(std::span(estimates_));
  guaranteed_ = reader.f64();
  actual_ = reader.f64();
  largest_excess_ = reader.f64();
  operations_ = reader.f64();
}

}  // namespace lab::separable
