#include "method/separable/learners.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"

namespace lab::separable {

std::string_view name(Learner learner) {
  switch (learner) {
    case Learner::lr_gd:
      return "lr_gd";
    case Learner::normalized_lr_gd:
      return "normalized_lr_gd";
    case Learner::batch_perceptron:
      return "batch_perceptron";
    case Learner::normalized_batch_perceptron:
      return "normalized_batch_perceptron";
    case Learner::perceptron:
      return "perceptron";
  }
  return "";
}

std::string_view label(Learner learner) {
  switch (learner) {
    case Learner::lr_gd:
      return "LR+GD";
    case Learner::normalized_lr_gd:
      return "normalised LR+GD";
    case Learner::batch_perceptron:
      return "batch perceptron";
    case Learner::normalized_batch_perceptron:
      return "normalised batch perceptron";
    case Learner::perceptron:
      return "perceptron";
  }
  return "";
}

bool follows_loss(Learner learner) {
  return learner == Learner::lr_gd || learner == Learner::normalized_lr_gd;
}

Descent::Descent(Learner learner, const SignedSamples& samples, double gamma, Math math)
    : learner_(learner),
      samples_(samples),
      gamma_(gamma),
      kernels_(kernels(math)),
      theta_(samples.dimension(), 0.0),
      direction_(samples.dimension(), 0.0),
      margins_(samples.count(), 0.0),
      weights_(samples.count(), 0.0),
      scratch_(samples.count(), 0.0) {
  assert(gamma > 0);
  evaluate();
}

void Descent::restart() {
  std::ranges::fill(theta_, 0.0);
  updates_ = 0;
  evaluate();
}

void Descent::update() {
  const auto n = static_cast<double>(samples_.count());
  double scale = 0;  // of direction_
  switch (learner_) {
    case Learner::lr_gd:
      // direction_ is -n times the gradient already.
      scale = gamma_ / n;
      break;
    case Learner::normalized_lr_gd:
      kernels_.normalized_logistic(margins_, scratch_);
      kernels_.gemv_t(view(samples_.z), scratch_, direction_);
      scale = gamma_;
      break;
    case Learner::batch_perceptron:
    case Learner::normalized_batch_perceptron:
      if (errors_ == 0) break;
      for (std::size_t i = 0; i < margins_.size(); ++i) scratch_[i] = margins_[i] <= 0 ? 1 : 0;
      kernels_.gemv_t(view(samples_.z), scratch_, direction_);
      if (learner_ == Learner::normalized_batch_perceptron) {
        scale = 1 / static_cast<double>(errors_);
      } else {
        scale = (updates_ == 0 ? 0.5 : 1) / n;
      }
      break;
    case Learner::perceptron:
      for (std::size_t i = 0; i < margins_.size(); ++i) {
        if (margins_[i] > 0) continue;
        std::ranges::copy(view(samples_.z).row(i), direction_.begin());
        scale = 1;
        break;
      }
      break;
  }
  if (scale != 0) {
    for (std::size_t j = 0; j < theta_.size(); ++j) theta_[j] += scale * direction_[j];
  }
  ++updates_;
  evaluate();
}

void Descent::restart(double gamma, std::span<const double> theta) {
  assert(gamma > 0 && theta.size() == theta_.size());
  gamma_ = gamma;
  updates_ = 0;
  std::ranges::copy(theta, theta_.begin());
  evaluate();
}

void Descent::evaluate() {
  kernels_.gemv_t(view(samples_.transposed), theta_, margins_);
  errors_ = 0;
  least_margin_ = margins_[0];
  finite_ = true;
  for (const double margin : margins_) {
    errors_ += margin > 0 ? 0 : 1;
    least_margin_ = margin < least_margin_ ? margin : least_margin_;
    finite_ = finite_ && std::isfinite(margin);
  }
  theta_norm_ = std::sqrt(kernels_.squared_norm(theta_));
  finite_ = finite_ && std::isfinite(theta_norm_);
  if (!follows_loss(learner_)) return;
  const auto n = static_cast<double>(samples_.count());
  kernels_.logistic(margins_, weights_, scratch_);
  loss_ = kernels_.sum(scratch_) / n;
  kernels_.gemv_t(view(samples_.z), weights_, direction_);
  gradient_norm_ = std::sqrt(kernels_.squared_norm(direction_)) / n;
}

double Descent::normalized_margin() const {
  return theta_norm_ > 0 ? least_margin_ / theta_norm_ : 0;
}

void Descent::save(ByteWriter& writer) const {
  writer.u64(updates_);
  writer.f64s(theta_);
}

void Descent::restore(ByteReader& reader) {
  updates_ = reader.u64();
  reader.f64s(theta_);
  evaluate();
}

double scaled_distance(std::span<const double> a, double scale, std::span<const double> b) {
  double greatest = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double distance = std::abs(a[k] / scale - b[k]);
    greatest = distance > greatest ? distance : greatest;
  }
  return greatest;
}

std::optional<std::uint64_t> updates_to_solve(Learner learner, const SignedSamples& samples,
                                              double gamma, std::uint64_t limit, Math math) {
  Descent descent(learner, samples, gamma, math);
  while (descent.updates() < limit) {
    descent.update();
    if (!descent.finite()) return std::nullopt;
    if (descent.solved()) return descent.updates();
  }
  return std::nullopt;
}

double updates_bound(Learner learner, std::size_t n, double radius, double margin, double gamma) {
  const auto count = static_cast<double>(n);
  const double squared_margin = margin * margin;
  const double novikoff = radius * radius / squared_margin;
  const double normalized = novikoff + 2 * log(2 * count - 1) / (gamma * squared_margin);
  switch (learner) {
    case Learner::lr_gd:
      return 2 * count * normalized;
    case Learner::normalized_lr_gd:
      return normalized;
    case Learner::batch_perceptron:
      return count * novikoff;
    case Learner::normalized_batch_perceptron:
    case Learner::perceptron:
      return novikoff;
  }
  return 0;
}

}  // namespace lab::separable
