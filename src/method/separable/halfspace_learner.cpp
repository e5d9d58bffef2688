#include "method/separable/halfspace_learner.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"
#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

constexpr double kFirstAngle = 0.5;
constexpr double kLeastAngle = 1e-9;
constexpr double kSufficientDecrease = 0.1;
constexpr double kHingeRidge = 0.01;

bool works_with_theta(HalfspaceLearner learner) {
  return learner >= HalfspaceLearner::logistic;
}

}  // namespace

std::string_view name(HalfspaceLearner learner) {
  constexpr std::string_view kNames[] = {"backtracking", "fixed_step", "stochastic",
                                         "chow",         "logistic",   "normalized_logistic",
                                         "hinge",        "perceptron"};
  return kNames[static_cast<std::size_t>(learner)];
}

HalfspaceDescent::HalfspaceDescent(const DescentOptions& options, std::size_t count,
                                   std::size_t dimension, Math math)
    : options_(options),
      kernels_(kernels(math)),
      ramp_(count, math),
      w_(dimension),
      best_(dimension),
      theta_(dimension),
      gradient_(dimension),
      direction_(dimension),
      trial_(dimension),
      margins_(count),
      weights_(count),
      losses_(count),
      batch_(std::min(options.batch, count)),
      gram_(Matrix::from_shape({dimension, dimension})) {}

void HalfspaceDescent::chow_start(const HalfspaceSample& sample, std::span<double> w) {
  const Kernels& k = kernels();
  for (std::size_t j = 0; j < sample.dimension(); ++j) {
    w[j] = k.dot(std::span<const double>(sample.labels), sample.feature(j));
  }
  if (normalize(w)) return;
  std::ranges::fill(w, 0);
  w[0] = 1;
}

void HalfspaceDescent::restart(const HalfspaceSample& sample, std::span<const double> w,
                               double sigma) {
  sample_ = &sample;
  sigma_ = sigma;
  std::ranges::copy(w, w_.begin());
  if (!normalize(w_)) {
    std::ranges::fill(w_, 0);
    w_[0] = 1;
  }
  std::ranges::fill(theta_, 0);
  updates_ = 0;
  angle_ = kFirstAngle;
  at_rest_ = options_.learner == HalfspaceLearner::chow;
  if (options_.learner == HalfspaceLearner::logistic) {
    const auto n = static_cast<double>(sample.count());
    for (std::size_t a = 0; a < sample.dimension(); ++a) {
      for (std::size_t b = a; b < sample.dimension(); ++b) {
        gram_(a, b) = gram_(b, a) = kernels_.dot(sample.feature(a), sample.feature(b)) / n;
      }
    }
    diagonalize(gram_);
    smoothness_ = 0;
    for (std::size_t a = 0; a < sample.dimension(); ++a) {
      smoothness_ = std::max(smoothness_, gram_(a, a) / 4);
    }
  }
  gradient_norm_ = 1e300;
  measure();
}

void HalfspaceDescent::measure() {
  const double loss = ramp_.gradient(*sample_, w_, sigma_, gradient_);
  const double norm = euclidean_norm(gradient_);
  // Of a random walk the best point counts, of a descent the last one.
  if (options_.learner == HalfspaceLearner::stochastic && !(norm < gradient_norm_)) return;
  loss_ = loss;
  gradient_norm_ = norm;
  error_ = ramp_.error();
  std::ranges::copy(w_, best_.begin());
}

void HalfspaceDescent::update(Stream& random) {
  assert(sample_ != nullptr);
  if (at_rest_) return;
  ++updates_;
  switch (options_.learner) {
    case HalfspaceLearner::backtracking:
      return backtrack();
    case HalfspaceLearner::fixed_step:
      for (std::size_t j = 0; j < w_.size(); ++j) w_[j] -= options_.step * gradient_[j];
      break;
    case HalfspaceLearner::stochastic: {
      for (std::size_t& i : batch_) {
        i = static_cast<std::size_t>(random.below(sample_->count()));
      }
      ramp_.batch_gradient(*sample_, w_, sigma_, batch_, direction_);
      const double step = options_.step / std::sqrt(1 + static_cast<double>(updates_ - 1) / 10);
      for (std::size_t j = 0; j < w_.size(); ++j) w_[j] -= step * direction_[j];
      break;
    }
    case HalfspaceLearner::chow:
      return;
    case HalfspaceLearner::logistic:
    case HalfspaceLearner::normalized_logistic:
    case HalfspaceLearner::hinge:
      descend();
      break;
    case HalfspaceLearner::perceptron:
      add_errors();
      break;
  }
  if (works_with_theta(options_.learner)) {
    std::ranges::copy(theta_, trial_.begin());
    if (normalize(trial_)) w_ = trial_;
  } else {
    // A gradient is orthogonal to w, so a step never shortens it.
    normalize(w_);
  }
  measure();
}

void HalfspaceDescent::backtrack() {
  if (gradient_norm_ <= options_.tolerance) {
    at_rest_ = true;
    return;
  }
  for (std::size_t j = 0; j < w_.size(); ++j) direction_[j] = -gradient_[j] / gradient_norm_;
  angle_ = std::min(2 * angle_, kFirstAngle);
  for (; angle_ > kLeastAngle; angle_ /= 2) {
    const double c = lab::cos(angle_), s = lab::sin(angle_);
    for (std::size_t j = 0; j < w_.size(); ++j) trial_[j] = c * w_[j] + s * direction_[j];
    normalize(trial_);
    if (ramp_.value(*sample_, trial_, sigma_) <=
        loss_ - kSufficientDecrease * angle_ * gradient_norm_) {
      w_ = trial_;
      measure();
      at_rest_ = gradient_norm_ <= options_.tolerance;
      return;
    }
  }
  at_rest_ = true;  // no descent to rounding
}

void HalfspaceDescent::descend() {
  const auto n = static_cast<double>(sample_->count());
  kernels_.gemv_t(view(sample_->columns), std::span<const double>(theta_), margins_);
  for (std::size_t i = 0; i < margins_.size(); ++i) margins_[i] *= sample_->labels[i];
  double step = 1, decay = 1;
  switch (options_.learner) {
    case HalfspaceLearner::logistic:
      kernels_.logistic(std::span<const double>(margins_), weights_, losses_);
      step = 1 / (n * smoothness_);
      break;
    case HalfspaceLearner::normalized_logistic:
      kernels_.normalized_logistic(std::span<const double>(margins_), weights_);
      break;
    default: {
      const auto t = static_cast<double>(updates_);
      for (std::size_t i = 0; i < margins_.size(); ++i) weights_[i] = margins_[i] < 1 ? 1 : 0;
      step = 1 / (kHingeRidge * t * n);
      decay = 1 - 1 / t;
    }
  }
  for (std::size_t i = 0; i < weights_.size(); ++i) weights_[i] *= sample_->labels[i];
  for (std::size_t j = 0; j < theta_.size(); ++j) {
    theta_[j] = decay * theta_[j] +
                step * kernels_.dot(std::span<const double>(weights_), sample_->feature(j));
  }
}

void HalfspaceDescent::add_errors() {
  for (std::size_t i = 0; i < sample_->count(); ++i) {
    double margin = 0;
    for (std::size_t j = 0; j < theta_.size(); ++j) margin += theta_[j] * sample_->columns(j, i);
    if (sample_->labels[i] * margin > 0) continue;
    for (std::size_t j = 0; j < theta_.size(); ++j) {
      theta_[j] += sample_->labels[i] * sample_->columns(j, i);
    }
  }
}

void HalfspaceDescent::save(ByteWriter& writer) const {
  for (const std::vector<double>* values : {&w_, &best_, &theta_, &gradient_}) {
    writer.f64s(*values);
  }
  for (const double value : {sigma_, loss_, gradient_norm_, error_, angle_}) writer.f64(value);
  writer.u64(updates_);
  writer.boolean(at_rest_);
}

void HalfspaceDescent::restore(ByteReader& reader) {
  for (std::vector<double>* values : {&w_, &best_, &theta_, &gradient_}) {
    reader.f64s(std::span(*values));
  }
  for (double* value : {&sigma_, &loss_, &gradient_norm_, &error_, &angle_}) *value = reader.f64();
  updates_ = reader.u64();
  at_rest_ = reader.boolean();
}

}  // namespace lab::separable
