#include "method/fusion/reward_transform.h"

#include <algorithm>
#include <cassert>

#include "compute/kernels.h"
#include "core/numerics.h"

namespace lab::fusion {

double log_sigmoid(double x) {
  return -lab::softplus(-x);
}

double lsc_slope(double reward, double reference) {
  return lab::sigmoid(reference - reward);
}

double utility(RewardTransform transform, std::span<const double> rewards,
               std::span<const double> references) {
  assert(!rewards.empty() && rewards.size() == references.size());
  if (transform == RewardTransform::least) {
    double least = rewards[0] - references[0];
    for (std::size_t i = 1; i < rewards.size(); ++i) {
      least = std::min(least, rewards[i] - references[i]);
    }
    return least;
  }
  double sum = 0;
  for (std::size_t i = 0; i < rewards.size(); ++i) {
    const double r = rewards[i], reference = references[i];
    switch (transform) {
      case RewardTransform::raw:
        sum += r;
        break;
      case RewardTransform::centred:
        sum += r - reference;
        break;
      case RewardTransform::clipped:
        sum += std::min(r, reference);
        break;
      case RewardTransform::log_sigmoid:
        sum += log_sigmoid(r);
        break;
      case RewardTransform::lsc:
        sum += log_sigmoid(r - reference);
        break;
      case RewardTransform::constraint:
        if (r < reference) return -numerics::kInfinity<double>;
        break;
      case RewardTransform::least:
        break;
    }
  }
  return sum;
}

void tilt(std::span<const double> log_prior, std::span<const double> utilities, double gamma,
          std::span<double> log_policy) {
  assert(gamma > 0 && log_prior.size() == utilities.size() &&
         log_prior.size() == log_policy.size());
  // The greatest utility becomes 0, so that nothing overflows however small gamma is.
  const double greatest = *std::ranges::max_element(utilities);
  for (std::size_t i = 0; i < utilities.size(); ++i) {
    log_policy[i] = log_prior[i] + (utilities[i] - greatest) / gamma;
  }
  kernels().log_softmax(log_policy, log_policy);
}

double policy_divergence(std::span<const double> log_policy, std::span<const double> log_prior) {
  double sum = 0;
  for (std::size_t i = 0; i < log_policy.size(); ++i) {
    const double p = lab::exp(log_policy[i]);
    if (p > 0) sum += p * (log_policy[i] - log_prior[i]);
  }
  return sum;
}

double prior_quantile(std::span<const double> values, std::span<const double> log_prior,
                      double share, std::span<std::size_t> order) {
  assert(values.size() == log_prior.size() && values.size() == order.size() && !values.empty());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  double mass = 0;
  for (const std::size_t i : order) {
    mass += lab::exp(log_prior[i]);
    if (mass >= share) return values[i];
  }
  return values[order.back()];
}

}  // namespace lab::fusion
