// What of a reward should a policy maximise, and how do several rewards add up? Log-sigmoid-centred
// rewards and their neighbours, exactly on finite sets of outputs. Z. Wang et al., "Transforming
// and Combining Rewards for Aligning Large Language Models", arXiv:2402.00742.
//
// A policy that is aligned to a utility u is pi(y) ~ pi_0(y) exp(u(y) / gamma). Everything is in
// nats, float64 and log-space.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace lab::fusion {

// How rewards become a utility; with several rewards the terms are added.
enum class RewardTransform {
  raw,          // r
  centred,      // r - r_ref
  clipped,      // min(r, r_ref)
  log_sigmoid,  // log sigmoid(r)
  lsc,          // log sigmoid(r - r_ref), the paper's
  least,        // the least of the centred rewards, in place of their sum
  constraint,   // 0 where all are at least r_ref, else -infinity
};
inline constexpr std::size_t kTransforms = 7;
inline constexpr std::array<std::string_view, kTransforms> kTransformNames = {
    "raw", "centred", "clipped", "log_sigmoid", "lsc", "least", "constraint"};

// log sigmoid(x), without overflow.
double log_sigmoid(double x);
// The derivative of log sigmoid(r - r_ref) in r: sigmoid(r_ref - r).
double lsc_slope(double reward, double reference);

// The utility of one output with these rewards and references; as many, at least one.
double utility(RewardTransform transform, std::span<const double> rewards,
               std::span<const double> references);

// log pi of pi ~ exp(log_prior + utilities / gamma); gamma > 0. All of one length. utilities:
// finite or -infinity, not all of the latter.
void tilt(std::span<const double> log_prior, std::span<const double> utilities, double gamma,
          std::span<double> log_policy);

// D(policy || prior), where the policy may be 0.
double policy_divergence(std::span<const double> log_policy, std::span<const double> log_prior);

// The least value whose outputs of at most that value have at least `share` of the prior. share: in
// (0, 1]. order: scratch of as many.
double prior_quantile(std::span<const double> values, std::span<const double> log_prior,
                      double share, std::span<std::size_t> order);

}  // namespace lab::fusion
