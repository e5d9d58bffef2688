#include "method/separable/kernel_svm.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "core/numerics.h"

namespace lab::separable {
namespace {

constexpr double kTolerance = 1e-3;
constexpr double kLeastCurvature = 1e-12;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

double default_gamma(MatrixView<double> x) {
  const std::span<const double> values = x.values();
  const auto count = static_cast<double>(values.size());
  const auto p = static_cast<double>(x.cols);
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double variance = squares / count;
  return variance > 0 ? 1 / (p * variance) : 1 / p;
}

KernelSvm::KernelSvm(std::size_t most_samples, std::size_t most_features, Math math)
    : kernels_(kernels(math)) {
  gram_.resize(most_samples * most_samples);
  for (auto* vector : {&squares_, &alpha_, &gradient_, &pulls_}) {
    vector->resize(most_samples);
  }
  vectors_.resize(most_samples * most_features);
}

void KernelSvm::fill_gram(MatrixView<double> x) {
  const std::span<double> gram(gram_.data(), n_ * n_);
  kernels_.gemm_nt(x, x, gram);
  for (std::size_t i = 0; i < n_; ++i) squares_[i] = gram[i * n_ + i];
  for (std::size_t i = 0; i < n_; ++i) {
    for (std::size_t j = 0; j < n_; ++j) {
      const double distance = squares_[i] + squares_[j] - 2 * gram[i * n_ + j];
      gram[i * n_ + j] = -gamma_ * std::max(distance, 0.0);
    }
  }
  kernels_.exp(gram, gram);
}

void KernelSvm::fit(MatrixView<double> x, std::span<const double> y, double c, double gamma) {
  n_ = x.rows;
  p_ = x.cols;
  gamma_ = gamma;
  assert(y.size() == n_ && n_ <= alpha_.size() && n_ * p_ <= vectors_.size() && c > 0 && gamma > 0);
  fill_gram(x);
  const auto n = static_cast<double>(n_), p = static_cast<double>(p_);
  multiply_adds_ = n * n * p;
  std::fill_n(alpha_.begin(), n_, 0.0);
  std::fill_n(gradient_.begin(), n_, -1.0);
  converged_ = false;
  double up = kInfinity, low = -kInfinity;  // greatest -y g that may rise, least that may fall
  const auto row = [&](std::size_t i) { return gram_.data() + i * n_; };
  for (iterations_ = 0;; ++iterations_) {
    std::size_t i = n_, j = n_;
    up = -kInfinity;
    low = kInfinity;
    for (std::size_t t = 0; t < n_; ++t) {
      const double pull = -y[t] * gradient_[t];
      const bool may_rise = y[t] > 0 ? alpha_[t] < c : alpha_[t] > 0;
      const bool may_fall = y[t] > 0 ? alpha_[t] > 0 : alpha_[t] < c;
      if (may_rise && pull > up) {
        up = pull;
        i = t;
      }
      if (may_fall && pull < low) {
        low = pull;
        j = t;
      }
    }
    if (i == n_ || j == n_ || up - low < kTolerance) {
      converged_ = true;
      break;
    }
    if (iterations_ == kMostIterations) break;
    // Along a_i += y_i t, a_j -= y_j t the objective has its least at (up - low) / curvature.
    const double curvature = std::max(row(i)[i] + row(j)[j] - 2 * row(i)[j], kLeastCurvature);
    double length = (up - low) / curvature;
    length = std::min(length, y[i] > 0 ? c - alpha_[i] : alpha_[i]);
    length = std::min(length, y[j] > 0 ? alpha_[j] : c - alpha_[j]);
    const auto moved = [&](std::size_t t, double by) {
      const double value = alpha_[t] + by;
      // A step of rounding's size from a bound is at the bound.
      if (value < 1e-14 * c) return 0.0;
      return value > c - 1e-14 * c ? c : value;
    };
    alpha_[i] = moved(i, y[i] * length);
    alpha_[j] = moved(j, -y[j] * length);
    const double* const of_i = row(i);
    const double* const of_j = row(j);
    for (std::size_t t = 0; t < n_; ++t) gradient_[t] += y[t] * (length * (of_i[t] - of_j[t]));
    multiply_adds_ += 2 * n;
  }

  // On a free support vector y f = 1; without one the bias may lie anywhere between the two ends.
  double sum = 0, free = 0;
  for (std::size_t t = 0; t < n_; ++t) {
    if (alpha_[t] > 0 && alpha_[t] < c) {
      sum += -y[t] * gradient_[t];
      ++free;
    }
  }
  const bool one_class = up == -kInfinity || low == kInfinity;
  bias_ = free > 0 ? sum / free : one_class ? y[0] : 0.5 * (up + low);
  supports_ = 0;
  dual_ = 0;
  training_errors_ = 0;
  for (std::size_t t = 0; t < n_; ++t) {
    training_errors_ += gradient_[t] + 1 + y[t] * bias_ > 0 ? 0 : 1;
    if (alpha_[t] == 0) continue;
    dual_ += 0.5 * alpha_[t] * (1 - gradient_[t]);
    std::ranges::copy(x.row(t), vectors_.begin() + static_cast<std::ptrdiff_t>(supports_ * p_));
    pulls_[supports_] = alpha_[t] * y[t];
    ++supports_;
  }
}

double KernelSvm::decision(std::span<const double> row) const {
  double sum = bias_;
  for (std::size_t s = 0; s < supports_; ++s) {
    const double* const vector = vectors_.data() + s * p_;
    double distance = 0;
    for (std::size_t j = 0; j < p_; ++j) {
      const double apart = row[j] - vector[j];
      distance += apart * apart;
    }
    sum += pulls_[s] * lab::exp(-gamma_ * distance);
  }
  return sum;
}

}  // namespace lab::separable
