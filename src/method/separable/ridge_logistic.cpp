#include "method/separable/ridge_logistic.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"
#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

constexpr double kSmallGradient = 1e-10;
constexpr std::size_t kMostIterations = 200;
constexpr int kMostHalvings = 60;
constexpr double kRounding = 1e-13;  // of J, relative: a smaller fall cannot be seen

}  // namespace

RidgeLogistic::RidgeLogistic(std::size_t most_samples, std::size_t most_features, Math math)
    : kernels_(kernels(math)) {
  const std::size_t d = most_features + 1;
  for (auto* vector : {&theta_, &step_, &trial_, &gradient_}) vector->resize(d);
  hessian_.resize(d * d);
  for (auto* vector : {&rows_, &transposed_}) vector->resize(most_samples * d);
  for (auto* vector : {&margins_, &moved_, &at_start_, &errors_, &losses_, &curvature_}) {
    vector->resize(most_samples);
  }
}

void RidgeLogistic::prepare(MatrixView<double> x) {
  n_ = x.rows;
  d_ = x.cols + 1;
  assert(n_ <= margins_.size() && d_ <= theta_.size());
  for (std::size_t i = 0; i < n_; ++i) {
    for (std::size_t j = 0; j < d_; ++j) {
      const double value = j + 1 < d_ ? x(i, j) : 1;
      rows_[i * d_ + j] = value;
      transposed_[j * n_ + i] = value;
    }
  }
}

void RidgeLogistic::evaluate(double c) {
  const std::span<double> losses(losses_.data(), n_);
  kernels_.logistic({margins_.data(), n_}, {errors_.data(), n_}, losses);
  const double sum = kernels_.sum(losses);
  mean_loss_ = sum / static_cast<double>(n_);
  objective_ = c * sum + 0.5 * kernels_.squared_norm({theta_.data(), d_ - 1});
}

void RidgeLogistic::fit(MatrixView<double> x, std::span<const double> y, double c) {
  assert(y.size() == x.rows && c > 0);
  prepare(x);
  const MatrixView<double> rows{rows_.data(), n_, d_}, transposed{transposed_.data(), d_, n_};
  const std::span<double> theta(theta_.data(), d_), step(step_.data(), d_);
  const std::span<double> gradient(gradient_.data(), d_), hessian(hessian_.data(), d_ * d_);
  const std::span<double> moved(moved_.data(), n_), curvature(curvature_.data(), n_);
  const auto n = static_cast<double>(n_), d = static_cast<double>(d_);
  std::ranges::fill(theta, 0.0);
  std::fill_n(margins_.begin(), n_, 0.0);
  evaluate(c);
  iterations_ = 0;
  multiply_adds_ = 0;
  converged_ = false;
  bool flat = false;  // the last step changed J by rounding only
  for (;;) {
    const double gradient_before = largest_gradient_;
    for (std::size_t i = 0; i < n_; ++i) {
      curvature[i] = c * errors_[i] * (1 - errors_[i]);
      moved[i] = y[i] * errors_[i];
    }
    kernels_.gemv_t(rows, moved, gradient);
    for (std::size_t j = 0; j < d_; ++j) {
      gradient[j] = -c * gradient[j] + (j + 1 < d_ ? theta[j] : 0);
    }
    largest_gradient_ = kernels_.max_abs(gradient);
    multiply_adds_ += n * d;
    converged_ =
        largest_gradient_ < kSmallGradient || (flat && largest_gradient_ > 0.5 * gradient_before);
    if (converged_ || iterations_ == kMostIterations) return;

    weighted_gram(rows, curvature, hessian);
    for (std::size_t j = 0; j + 1 < d_; ++j) hessian[j * d_ + j] += 1;
    for (std::size_t j = 0; j < d_; ++j) step[j] = -gradient[j];
    multiply_adds_ += n * d * (d + 1) / 2 + d * d * d / 6 + d * d;
    // Only the bias has no ridge: the curvature along it can vanish where every sample is far from
    // the plane, which with a finite C is at most rounding away from the minimum.
    if (!solve_positive_definite(hessian, step)) {
      converged_ = true;
      return;
    }
    kernels_.gemv_t(transposed, step, moved);
    multiply_adds_ += n * d;
    std::copy_n(theta_.begin(), d_, trial_.begin());
    std::copy_n(margins_.begin(), n_, at_start_.begin());
    const double before = objective_;
    double length = 1;
    int halvings = 0;
    for (; halvings < kMostHalvings; ++halvings, length /= 2) {
      for (std::size_t j = 0; j < d_; ++j) theta[j] = trial_[j] + length * step[j];
      for (std::size_t i = 0; i < n_; ++i) {
        margins_[i] = at_start_[i] + length * (y[i] * moved[i]);
      }
      evaluate(c);
      flat = length == 1 && std::abs(objective_ - before) <= kRounding * before;
      if (objective_ < before || flat) break;
    }
    if (halvings == kMostHalvings) {
      std::copy_n(trial_.begin(), d_, theta_.begin());
      std::copy_n(at_start_.begin(), n_, margins_.begin());
      evaluate(c);
      converged_ = true;
      return;
    }
    ++iterations_;
  }
}

double RidgeLogistic::weight_norm() const {
  return std::sqrt(kernels_.squared_norm(weights()));
}

double RidgeLogistic::decision(std::span<const double> row) const {
  return kernels_.dot(weights(), row) + bias();
}

double ridge_logistic_objective(MatrixView<double> x, std::span<const double> y, double c,
                                std::span<const double> theta, std::span<double> gradient) {
  const std::size_t p = x.cols;
  assert(theta.size() == p + 1 && gradient.size() == p + 1 && y.size() == x.rows);
  double ridge = 0, sum = 0;
  for (std::size_t j = 0; j < p; ++j) {
    ridge += theta[j] * theta[j];
    gradient[j] = theta[j];
  }
  gradient[p] = 0;
  for (std::size_t i = 0; i < x.rows; ++i) {
    double decision = theta[p];
    for (std::size_t j = 0; j < p; ++j) decision += theta[j] * x(i, j);
    const double margin = y[i] * decision;
    sum += lab::softplus(-margin);
    const double pull = -c * lab::sigmoid(-margin) * y[i];
    for (std::size_t j = 0; j < p; ++j) gradient[j] += pull * x(i, j);
    gradient[p] += pull;
  }
  return c * sum + 0.5 * ridge;
}

}  // namespace lab::separable
