#include "method/fusion/logit_fusion.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "compute/kernels.h"
#include "core/numerics.h"

namespace lab::fusion {
namespace {

// Halvings after which an interval of any size that is used here has no double inside.
constexpr int kHalvings = 60;

// Where a function that rises (or is 0) turns positive between low and high; the nearer end if it
// does not.
template <class Rising>
double root_of(double low, double high, Rising rising) {
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = low + (high - low) / 2;
    (rising(middle) < 0 ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace

double divergence(std::span<const double> log_p, std::span<const double> log_q) {
  assert(log_p.size() == log_q.size());
  double sum = 0;
  for (std::size_t i = 0; i < log_p.size(); ++i) {
    sum += lab::exp(log_p[i]) * (log_p[i] - log_q[i]);
  }
  return sum;
}

AlphaGrid alpha_grid(double low, double high, double step) {
  AlphaGrid grid;
  grid.step = step;
  grid.first = static_cast<int>(lab::ceil(low / step - 1e-9));
  grid.last = static_cast<int>(lab::floor(high / step + 1e-9));
  return grid;
}

DecodingStep::DecodingStep(std::size_t vocabulary, std::size_t experts)
    : vocabulary_(vocabulary),
      large_(vocabulary),
      base_(vocabulary),
      experts_(experts * vocabulary),
      log_large_(vocabulary),
      log_base_(vocabulary),
      log_experts_(experts * vocabulary),
      delta_(experts * vocabulary),
      targets_(experts),
      one_(experts),
      work_(vocabulary) {}

void DecodingStep::set(std::span<const double> large, std::span<const double> base,
                       std::span<const double> experts) {
  assert(large.size() == vocabulary_ && base.size() == vocabulary_ &&
         experts.size() == experts_.size());
  std::ranges::copy(large, large_.begin());
  std::ranges::copy(base, base_.begin());
  std::ranges::copy(experts, experts_.begin());
  kernels().log_softmax(large, log_large_);
  kernels().log_softmax(base, log_base_);
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const std::size_t at = t * vocabulary_;
    kernels().log_softmax(experts.subspan(at, vocabulary_),
                          std::span(log_experts_).subspan(at, vocabulary_));
    for (std::size_t i = 0; i < vocabulary_; ++i) delta_[at + i] = experts[at + i] - base[i];
    targets_[t] = {divergence(log_expert(t), log_base_), divergence(log_base_, log_expert(t))};
  }
}

void DecodingStep::fuse(std::span<const double> alpha, std::span<double> logits) const {
  assert(alpha.size() == targets_.size() && logits.size() == vocabulary_);
  double all = 0;
  for (const double a : alpha) all += a;
  for (std::size_t i = 0; i < vocabulary_; ++i) {
    double sum = large_[i];
    for (std::size_t t = 0; t < alpha.size(); ++t) sum += alpha[t] * experts_[t * vocabulary_ + i];
    logits[i] = sum - all * base_[i];
  }
}

void DecodingStep::log_probabilities(std::span<const double> alpha, std::span<double> into) const {
  fuse(alpha, into);
  kernels().log_softmax(into, into);
}

Divergences DecodingStep::moved(std::span<const double> alpha) {
  log_probabilities(alpha, work_);
  return {divergence(work_, log_large_), divergence(log_large_, work_)};
}

double DecodingStep::loss_of(const Divergences& moved, const Objective& objective) const {
  double sum = 0;
  for (const Divergences& target : targets_) {
    const double forward = moved.forward - target.forward;
    const double reverse = moved.reverse - target.reverse;
    sum += objective.forward * forward * forward + objective.reverse * reverse * reverse;
  }
  return sum;
}

double DecodingStep::objective(std::span<const double> alpha, const Objective& objective) {
  return loss_of(moved(alpha), objective);
}

bool DecodingStep::unmoved(const Objective& objective) const {
  return std::ranges::all_of(targets_, [&](const Divergences& target) {
    return target.forward < objective.least_target && target.reverse < objective.least_target;
  });
}

std::span<const double> DecodingStep::alone(std::size_t expert, double alpha) {
  std::ranges::fill(one_, 0.0);
  one_[expert] = alpha;
  return one_;
}

Choice DecodingStep::unmoved_choice(const Objective& objective) {
  return {0, 0, this->objective(alone(0, 0), objective)};
}

DecodingStep::Place DecodingStep::best_place(std::size_t expert, const AlphaGrid& grid,
                                             const Objective& objective) {
  Place best = {grid.first, numerics::kInfinity<double>};
  for (int i = grid.first; i <= grid.last; ++i) {
    const double loss = this->objective(alone(expert, i * grid.step), objective);
    if (i == grid.first || loss < best.loss) best = {i, loss};
  }
  return best;
}

Choice DecodingStep::search(const AlphaGrid& grid, const Objective& objective) {
  if (unmoved(objective)) return unmoved_choice(objective);
  Choice best;
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const Place place = best_place(t, grid, objective);
    if (t == 0 || place.loss < best.loss) best = {t, place.at * grid.step, place.loss};
  }
  return best;
}

double DecodingStep::search_jointly(const AlphaGrid& grid, const Objective& objective,
                                    std::span<double> into) {
  assert(into.size() == targets_.size());
  std::ranges::fill(into, 0.0);
  double best = this->objective(into, objective);
  if (unmoved(objective)) return best;
  const auto values = static_cast<std::uint64_t>(grid.last - grid.first + 1);
  std::uint64_t candidates = 1;
  for (std::size_t t = 0; t < targets_.size(); ++t) candidates *= values;
  std::uint64_t at = 0;
  // The number of a candidate, in the base of the grid's size, is its places on the grid.
  const auto place = [&](std::uint64_t number) {
    for (double& alpha : one_) {
      alpha = (grid.first + static_cast<int>(number % values)) * grid.step;
      number /= values;
    }
  };
  for (std::uint64_t number = 0; number < candidates; ++number) {
    place(number);
    const double loss = this->objective(one_, objective);
    if (number > 0 && !(loss < best)) continue;
    best = loss;
    at = number;
  }
  place(at);
  std::ranges::copy(one_, into.begin());
  return best;
}

double DecodingStep::mean_under(std::span<const double> log_p,
                                std::span<const double> values) const {
  double sum = 0;
  for (std::size_t i = 0; i < vocabulary_; ++i) sum += lab::exp(log_p[i]) * values[i];
  return sum;
}

Divergences DecodingStep::slopes(std::size_t expert, double alpha) {
  log_probabilities(alone(expert, alpha), work_);
  const std::span<const double> d = delta(expert);
  const double mean = mean_under(work_, d);
  double variance = 0;
  for (std::size_t i = 0; i < vocabulary_; ++i) {
    variance += lab::exp(work_[i]) * (d[i] - mean) * (d[i] - mean);
  }
  return {alpha * variance, mean - mean_under(log_large_, d)};
}

double DecodingStep::objective_slope(std::size_t expert, double alpha, const Objective& objective) {
  const Divergences slope = slopes(expert, alpha);
  const Divergences at = moved(alone(expert, alpha));
  double sum = 0;
  for (const Divergences& target : targets_) {
    sum += 2 * objective.forward * (at.forward - target.forward) * slope.forward +
           2 * objective.reverse * (at.reverse - target.reverse) * slope.reverse;
  }
  return sum;
}

Choice DecodingStep::solve(const AlphaGrid& grid, const Objective& objective) {
  if (unmoved(objective)) return unmoved_choice(objective);
  Choice best;
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const Place place = best_place(t, grid, objective);
    Choice here = {t, place.at * grid.step, place.loss};
    const bool falls = objective_slope(t, here.alpha, objective) < 0;
    if (place.at != (falls ? grid.last : grid.first)) {
      const int from = falls ? place.at : place.at - 1;
      const double alpha = root_of(from * grid.step, (from + 1) * grid.step,
                                   [&](double a) { return objective_slope(t, a, objective); });
      const double loss = this->objective(alone(t, alpha), objective);
      if (loss < here.loss) here = {t, alpha, loss};
    }
    if (t == 0 || here.loss < best.loss) best = here;
  }
  return best;
}

Choice DecodingStep::oracle(std::size_t token, const AlphaGrid& grid) {
  assert(token < vocabulary_);
  Choice best = {0, grid.low(), numerics::kInfinity<double>};
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const std::span<const double> d = delta(t);
    const auto slope = [&](double alpha) {
      log_probabilities(alone(t, alpha), work_);
      return mean_under(work_, d) - d[token];
    };
    const double alpha = slope(grid.low()) >= 0   ? grid.low()
                         : slope(grid.high()) < 0 ? grid.high()
                                                  : root_of(grid.low(), grid.high(), slope);
    log_probabilities(alone(t, alpha), work_);
    const double loss = -work_[token];
    if (loss < best.loss) best = {t, alpha, loss};
  }
  return best;
}

double best_constant(std::span<const double> large, std::span<const double> delta,
                     std::span<const double> counts, std::size_t vocabulary, double low,
                     double high) {
  assert(large.size() == delta.size() && large.size() == counts.size());
  std::vector<double> log_p(vocabulary);
  const auto slope = [&](double alpha) {
    double sum = 0;
    for (std::size_t at = 0; at < large.size(); at += vocabulary) {
      double total = 0;
      for (std::size_t i = 0; i < vocabulary; ++i) total += counts[at + i];
      if (total == 0) continue;
      for (std::size_t i = 0; i < vocabulary; ++i) log_p[i] = large[at + i] + alpha * delta[at + i];
      kernels().log_softmax(log_p, log_p);
      for (std::size_t i = 0; i < vocabulary; ++i) {
        sum += (total * lab::exp(log_p[i]) - counts[at + i]) * delta[at + i];
      }
    }
    return sum;
  };
  if (slope(low) >= 0) return low;
  if (slope(high) < 0) return high;
  return root_of(low, high, slope);
}

}  // namespace lab::fusion
