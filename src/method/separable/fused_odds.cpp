#include "method/separable/fused_odds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "method/separable/ordinal_baselines.h"

namespace lab::separable {
namespace {

double soft(double number, double threshold) {
  return number > threshold ? number - threshold : number < -threshold ? number + threshold : 0;
}

// The inverse curvature of each intercept and each psi_k at the fit without features, where the
// expected Hessian is the same tridiagonal matrix for every standardised feature.
std::vector<double> inverse_curvature(const OrderedSamples& samples) {
  const std::size_t boundaries = samples.boundaries();
  const auto n = static_cast<double>(samples.count());
  const auto share = [&](std::size_t c) {
    return static_cast<double>(samples.begin[c + 1] - samples.begin[c]) / n;
  };
  const auto slope = [&](std::size_t k) {
    const double below = static_cast<double>(samples.begin[k + 1]) / n;
    return below * (1 - below);
  };
  std::vector<double> metric(2 * boundaries);
  double sum = 0;  // over all boundaries from k on
  for (std::size_t k = boundaries; k-- > 0;) {
    const double diagonal = slope(k) * slope(k) * (1 / share(k) + 1 / share(k + 1));
    sum += diagonal;
    if (k + 1 < boundaries) sum -= 2 * slope(k) * slope(k + 1) / share(k + 1);
    metric[k] = 1 / diagonal;
    metric[boundaries + k] = 1 / sum;
  }
  return metric;
}

}  // namespace

FusedOdds::FusedOdds(const OrderedSamples& samples, const FusedPenalty& penalty, double tolerance,
                     Math math)
    : samples_(&samples),
      function_(samples, math),
      penalty_(penalty),
      tolerance_(tolerance),
      boundaries_(samples.boundaries()),
      features_(samples.features()),
      metric_(inverse_curvature(samples)),
      x_(share_intercepts(samples)) {
  const std::size_t size = boundaries_ * (features_ + 1);
  x_.resize(size);
  for (std::vector<double>* point : {&before_, &ahead_, &candidate_, &gradient_}) {
    point->resize(size);
  }
  beta_.resize(boundaries_ * features_);
  for (Matrix* scores :
       {&scores_, &scores_before_, &scores_ahead_, &scores_candidate_, &by_score_}) {
    *scores = Matrix::from_shape({boundaries_, samples.count()});
    std::ranges::fill(span(*scores), 0.0);
  }
  if (!penalty_.base_penalised) {
    const ProportionalOdds odds = proportional_odds(samples);
    std::ranges::copy(odds.alpha, x_.begin());
    std::ranges::copy(odds.beta, x_.begin() + static_cast<std::ptrdiff_t>(boundaries_));
  }
  start(0);
  function_.value(scores_, by_score_);
  gradient();
  for (std::size_t k = 0; k < boundaries_; ++k) {
    if (!penalised(k)) continue;
    for (std::size_t j = 0; j < features_; ++j) {
      lambda_max_ = std::max(lambda_max_, std::abs(gradient_[boundaries_ + k * features_ + j]));
    }
  }
}

double FusedOdds::penalty(std::span<const double> psi) const {
  double sum = 0;
  for (std::size_t k = penalised(0) ? 0 : 1; k < boundaries_; ++k) {
    for (const double weight : psi.subspan(k * features_, features_)) {
      sum += penalty_.shrinkage == Shrinkage::absolute ? std::abs(weight) : weight * weight / 2;
    }
  }
  return lambda_ * sum;
}

void FusedOdds::accumulate(std::span<const double> psi, std::span<double> beta) const {
  std::ranges::copy(psi, beta.begin());
  for (std::size_t i = features_; i < beta.size(); ++i) beta[i] += beta[i - features_];
}

void FusedOdds::scores_of(std::span<const double> point, Matrix& scores) {
  accumulate(point.subspan(boundaries_), beta_);
  function_.scores(point.first(boundaries_), beta_, scores);
}

void FusedOdds::gradient() {
  const std::span<double> psi = std::span(gradient_).subspan(boundaries_);
  function_.gradient(by_score_, std::span(gradient_).first(boundaries_), psi);
  // psi_k is in every boundary from k on.
  for (std::size_t i = psi.size() - features_; i-- > 0;) psi[i] += psi[i + features_];
}

void FusedOdds::start(double lambda) {
  lambda_ = lambda;
  momentum_ = 1;
  iterations_ = restarts_ = 0;
  step_size_ = std::min(1.0, 2 * step_size_);
  before_ = x_;
  scores_of(x_, scores_);
  std::ranges::copy(span(scores_), span(scores_before_).begin());
  loss_ = function_.value(scores_);
  objective_ = loss_ + penalty(psi());
}

bool FusedOdds::iterate() {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  constexpr double kLeastStep = 0x1p-100;
  ++iterations_;
  const double next = (1 + std::sqrt(1 + 4 * momentum_ * momentum_)) / 2;
  const double beyond = (momentum_ - 1) / next;
  bool moving = beyond > 0;
  double loss_ahead = HUGE_VAL;
  if (moving) {
    for (std::size_t i = 0; i < x_.size(); ++i) ahead_[i] = x_[i] + beyond * (x_[i] - before_[i]);
    for (std::size_t k = 0; k < boundaries_; ++k) {
      const double *now = &scores_(k, 0), *then = &scores_before_(k, 0);
      double* there = &scores_ahead_(k, 0);
      const std::size_t end = function_.last(k);
      for (std::size_t i = function_.first(k); i < end; ++i) {
        there[i] = now[i] + beyond * (now[i] - then[i]);
      }
    }
    loss_ahead = function_.value(scores_ahead_, by_score_);
    // Beyond the edge of where the model is one: from standing then.
    moving = loss_ahead < HUGE_VAL;
  }
  if (!moving) {
    ahead_ = x_;
    loss_ahead = function_.value(scores_, by_score_);
  }
  gradient();

  double loss = HUGE_VAL;
  for (;;) {
    double linear = 0, squares = 0;
    const auto move = [&](std::size_t i, double metric, bool shrinks) {
      const double step = step_size_ * metric;
      double to = ahead_[i] - step * gradient_[i];
      if (shrinks) {
        to = penalty_.shrinkage == Shrinkage::absolute ? soft(to, step * lambda_)
                                                       : to / (1 + step * lambda_);
      }
      candidate_[i] = to;
      const double moved = to - ahead_[i];
      linear += gradient_[i] * moved;
      squares += moved * moved / metric;
    };
    for (std::size_t k = 0; k < boundaries_; ++k) move(k, metric_[k], false);
    for (std::size_t k = 0; k < boundaries_; ++k) {
      for (std::size_t j = 0; j < features_; ++j) {
        move(boundaries_ + k * features_ + j, metric_[boundaries_ + k], penalised(k));
      }
    }
    scores_of(candidate_, scores_candidate_);
    loss = function_.value(scores_candidate_);
    const double bound = loss_ahead + linear + squares / (2 * step_size_);
    if (loss <= bound + 8 * kEpsilon * (1 + std::abs(loss_ahead))) break;
    step_size_ /= 2;
    if (step_size_ < kLeastStep) return true;
  }

  double violation = 0;
  for (std::size_t i = 0; i < x_.size(); ++i) {
    const double metric =
        i < boundaries_ ? metric_[i] : metric_[boundaries_ + (i - boundaries_) / features_];
    violation = std::max(violation, std::abs(ahead_[i] - candidate_[i]) / (step_size_ * metric));
  }
  const double objective = loss + penalty(std::span(candidate_).subspan(boundaries_));
  // Close to the minimum a rise can be one of rounding, while the gradient still knows the way.
  if (objective > objective_ + 8 * kEpsilon * (1 + std::abs(objective_))) {
    if (!moving) return true;
    momentum_ = 1;
    ++restarts_;
    before_ = x_;
    std::ranges::copy(span(scores_), span(scores_before_).begin());
    return false;
  }
  before_.swap(x_);
  x_.swap(candidate_);
  std::swap(scores_before_, scores_);
  std::swap(scores_, scores_candidate_);
  momentum_ = moving || beyond == 0 ? next : 1;
  loss_ = loss;
  objective_ = objective;
  return violation <= tolerance_ / 2;
}

void FusedOdds::weights(BoundaryWeights& weights) const {
  accumulate(psi(), weights.beta);
  unstandardised(*samples_, alpha(), weights.beta, weights);
}

double FusedOdds::violation() {
  function_.value(scores_, by_score_);
  gradient();
  double largest = 0;
  for (std::size_t i = 0; i < x_.size(); ++i) {
    double excess = std::abs(gradient_[i]);
    if (i >= boundaries_ && penalised((i - boundaries_) / features_)) {
      if (penalty_.shrinkage == Shrinkage::squared) {
        excess = std::abs(gradient_[i] + lambda_ * x_[i]);
      } else if (x_[i] == 0) {
        excess -= lambda_;
      } else {
        excess = std::abs(gradient_[i] + (x_[i] > 0 ? lambda_ : -lambda_));
      }
    }
    largest = std::max(largest, excess);
  }
  return largest;
}

void FusedOdds::psi_gradient(std::span<double> gradient_of_psi) {
  function_.value(scores_, by_score_);
  gradient();
  std::ranges::copy(std::span(gradient_).subspan(boundaries_), gradient_of_psi.begin());
}

void FusedOdds::save(ByteWriter& writer) const {
  for (const double number : {lambda_, loss_, objective_, step_size_, momentum_}) {
    writer.f64(number);
  }
  writer.u64(iterations_);
  writer.u64(restarts_);
  writer.f64s(x_);
  writer.f64s(before_);
}

void FusedOdds::restore(ByteReader& reader) {
  for (double* number : {&lambda_, &loss_, &objective_, &step_size_, &momentum_}) {
    *number = reader.f64();
  }
  iterations_ = reader.u64();
  restarts_ = reader.u64();
  reader.f64s(std::span(x_));
  reader.f64s(std::span(before_));
  scores_of(before_, scores_before_);
  scores_of(x_, scores_);
}

}  // namespace lab::separable
