#include "method/separable/linear_svm.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace lab::separable {
namespace {

constexpr double kTolerance = 1e-4;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

LinearSvm::LinearSvm(std::size_t most_samples, std::size_t most_features, Math math)
    : kernels_(kernels(math)) {
  rows_.resize(most_samples * (most_features + 1));
  w_.resize(most_features + 1);
  alpha_.resize(most_samples);
  squares_.resize(most_samples);
  active_.resize(most_samples);
}

void LinearSvm::fit(MatrixView<double> x, std::span<const double> y, double c, Stream& order) {
  n_ = x.rows;
  d_ = x.cols + 1;
  c_ = c;
  assert(y.size() == n_ && n_ <= alpha_.size() && d_ <= w_.size() && c > 0);
  const auto row = [&](std::size_t i) { return std::span<double>(rows_.data() + i * d_, d_); };
  const std::span<double> w(w_.data(), d_);
  for (std::size_t i = 0; i < n_; ++i) {
    std::ranges::copy(x.row(i), row(i).begin());
    row(i)[d_ - 1] = 1;
    squares_[i] = kernels_.squared_norm(row(i));
    alpha_[i] = 0;
    active_[i] = static_cast<std::uint32_t>(i);
  }
  std::ranges::fill(w, 0.0);
  multiply_adds_ = static_cast<double>(n_ * d_);
  converged_ = false;
  const auto per_look = static_cast<double>(d_);

  std::size_t active = n_;
  // Samples at a bound whose gradient lies beyond the last epoch's extremes will hardly move again.
  double shrink_above = kInfinity, shrink_below = -kInfinity;
  for (epochs_ = 0; epochs_ < kMostEpochs;) {
    order.shuffle(std::span(active_.data(), active));
    double greatest = -kInfinity, least = kInfinity;
    for (std::size_t k = 0; k < active;) {
      const std::size_t i = active_[k];
      const double gradient = y[i] * kernels_.dot(w, row(i)) - 1;
      multiply_adds_ += per_look;
      const bool at_zero = alpha_[i] == 0, at_c = alpha_[i] == c;
      if ((at_zero && gradient > shrink_above) || (at_c && gradient < shrink_below)) {
        --active;
        std::swap(active_[k], active_[active]);
        continue;
      }
      ++k;
      const bool held = (at_zero && gradient > 0) || (at_c && gradient < 0);
      const double projected = held ? 0 : gradient;
      greatest = std::max(greatest, projected);
      least = std::min(least, projected);
      if (projected == 0) continue;
      const double before = alpha_[i];
      alpha_[i] = std::clamp(before - gradient / squares_[i], 0.0, c);
      const double moved = alpha_[i] - before;
      if (moved == 0) continue;
      kernels_.axpy(moved * y[i], row(i), w);
      multiply_adds_ += per_look;
    }
    ++epochs_;
    if (greatest - least <= kTolerance) {
      if (active == n_) {
        converged_ = true;
        return;
      }
      active = n_;  // once more with all samples: shrinking may have been wrong
      shrink_above = kInfinity;
      shrink_below = -kInfinity;
      continue;
    }
    shrink_above = greatest > 0 ? greatest : kInfinity;
    shrink_below = least < 0 ? least : -kInfinity;
  }
}

double LinearSvm::decision(std::span<const double> row) const {
  return kernels_.dot(weights(), row) + bias();
}

double LinearSvm::primal(std::span<const double> y) const {
  const std::span<const double> w(w_.data(), d_);
  double hinge = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    const double margin = y[i] * kernels_.dot(w, {rows_.data() + i * d_, d_});
    hinge += std::max(0.0, 1 - margin);
  }
  return 0.5 * kernels_.squared_norm(w) + c_ * hinge;
}

double LinearSvm::dual() const {
  return kernels_.sum({alpha_.data(), n_}) - 0.5 * kernels_.squared_norm({w_.data(), d_});
}

std::size_t LinearSvm::support_vectors() const {
  return static_cast<std::size_t>(std::count_if(alpha_.begin(),
                                                alpha_.begin() + static_cast<std::ptrdiff_t>(n_),
                                                [](double alpha) { return alpha > 0; }));
}

}  // namespace lab::separable
