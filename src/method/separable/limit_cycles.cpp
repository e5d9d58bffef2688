#include "method/separable/limit_cycles.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

// The push away from the optimum, in units of gamma R.
constexpr double kPush = 1e-3;

// Mean loss, gradient and Hessian at theta.
struct Expansion {
  double loss = 0;
  double least_margin = 0, greatest_margin = 0;
  std::vector<double> gradient;
  Matrix hessian;
};

Expansion expand(const SignedSamples& samples, std::span<const double> theta) {
  const std::size_t n = samples.count(), d = samples.dimension();
  std::vector<double> margins(n), weights(n), losses(n);
  const Kernels& k = kernels();
  k.gemv_t(view(samples.transposed), theta, margins);
  k.logistic(margins, weights, losses);
  const auto count = static_cast<double>(n);
  Expansion result;
  result.least_margin = k.min(margins);
  result.greatest_margin = k.max(margins);
  result.loss = k.sum(losses) / count;
  result.gradient.resize(d);
  k.gemv_t(view(samples.z), weights, result.gradient);
  for (double& slope : result.gradient) slope /= -count;
  for (double& weight : weights) weight = weight * (1 - weight) / count;
  result.hessian = Matrix::from_shape({d, d});
  weighted_gram(view(samples.z), weights, result.hessian);
  return result;
}

// The unit eigenvector of the largest eigenvalue of a positive semidefinite matrix, by power
// iteration.
std::vector<double> top_eigenvector(const Matrix& matrix) {
  constexpr int kIterations = 1000;
  const std::size_t d = matrix.shape(0);
  std::vector<double> vector(d), next(d);
  // Any start that no symmetry of the data makes orthogonal to it.
  for (std::size_t j = 0; j < d; ++j) vector[j] = 1 + 0.1 * static_cast<double>(j);
  for (int i = 0; i < kIterations; ++i) {
    for (std::size_t r = 0; r < d; ++r) {
      next[r] = 0;
      for (std::size_t c = 0; c < d; ++c) next[r] += matrix(r, c) * vector[c];
    }
    const double length = euclidean_norm(next);
    if (!(length > 0)) break;
    for (std::size_t r = 0; r < d; ++r) vector[r] = next[r] / length;
  }
  const double length = euclidean_norm(vector);
  const auto largest = std::ranges::max_element(
      vector, [](double a, double b) { return std::abs(a) < std::abs(b); });
  const double scale = (*largest < 0 ? -1 : 1) / length;
  for (double& value : vector) value *= scale;
  return vector;
}

}  // namespace

std::optional<LogisticOptimum> logistic_optimum(const SignedSamples& samples) {
  constexpr int kNewtonSteps = 100, kHalvings = 60;
  const std::size_t d = samples.dimension();
  LogisticOptimum optimum;
  optimum.theta.assign(d, 0);
  Expansion here = expand(samples, optimum.theta);
  for (int i = 0; i < kNewtonSteps; ++i) {
    // On every sample's side, or in its plane: along this direction the loss falls for ever.
    if (here.least_margin >= 0 && here.greatest_margin > 0) return std::nullopt;
    if (euclidean_norm(here.gradient) <= 1e-12 * samples.radius) {
      optimum.loss = here.loss;
      optimum.sharpness = symmetric_eigenvalues(here.hessian).back();
      optimum.sharpest = top_eigenvector(here.hessian);
      return optimum;
    }
    const std::vector<double> step = least_squares(here.hessian, here.gradient);
    double length = 1;
    bool moved = false;
    for (int h = 0; h < kHalvings && !moved; ++h, length /= 2) {
      std::vector<double> theta = optimum.theta;
      for (std::size_t j = 0; j < d; ++j) theta[j] -= length * step[j];
      Expansion there = expand(samples, theta);
      moved = there.loss < here.loss ||
              (there.loss == here.loss &&
               euclidean_norm(there.gradient) < euclidean_norm(here.gradient));
      if (!moved) continue;
      optimum.theta = std::move(theta);
      here = std::move(there);
    }
    if (!moved) return std::nullopt;
  }
  return std::nullopt;
}

LimitCycle::LimitCycle(const SignedSamples& samples, const LogisticOptimum& optimum,
                       std::size_t most, Math math)
    : optimum_(optimum),
      descent_(Learner::lr_gd, samples, 1, math),
      first_(samples.dimension()),
      positions_(most),
      losses_(most) {
  assert(most > 0);
}

void LimitCycle::start_at(const LogisticOptimum& optimum, Start start, double unit,
                          std::span<double> theta) {
  if (start == Start::zero) {
    std::ranges::fill(theta, 0);
    return;
  }
  for (std::size_t j = 0; j < theta.size(); ++j)
    theta[j] = optimum.theta[j] + kPush * unit * optimum.sharpest[j];
}

void LimitCycle::find(double gamma, std::uint64_t burn_in, Start start) {
  const double unit = gamma * descent_.radius();
  start_at(optimum_, start, unit, first_);
  descent_.restart(gamma, first_);
  for (std::uint64_t t = 0; t < burn_in; ++t) descent_.update();

  std::ranges::copy(descent_.theta(), first_.begin());
  period_ = 0;
  CycleWatch watch(unit, {});
  for (kept_ = 0; kept_ < positions_.size() && period_ == 0;) {
    double position = 0;
    for (std::size_t j = 0; j < first_.size(); ++j)
      position += (descent_.theta()[j] - optimum_.theta[j]) * optimum_.sharpest[j];
    positions_[kept_] = position;
    losses_[kept_] = descent_.loss();
    ++kept_;
    descent_.update();
    if (watch.returned(scaled_distance(descent_.theta(), 1, first_))) period_ = kept_;
  }
}

}  // namespace lab::separable
