// The finite world of sheet 12 (arXiv:2402.00742): prompts with a few outputs each, true utilities,
// rewards learnt of them with noise, and outputs that fool the rewards.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "experiment/config.h"
#include "experiment/field_list.h"
#include "method/fusion/reward_transform.h"

namespace lab::fusion {

// Numbers of outputs stand prompt by prompt; those of attributes as rows (prompt, attribute).
struct RewardWorld {
  std::size_t prompts = 0, outputs = 0, attributes = 0;
  std::vector<double> log_prior;       // prompts x outputs
  std::vector<double> truth, reward;   // prompts x attributes x outputs
  std::vector<char> hacked;            // prompts x outputs: of some attribute
  std::vector<double> reference;       // prompts x attributes: r_ref
  std::vector<double> true_reference;  // the same quantile of the true utilities
  std::string digest;

  std::span<const double> prior_of(std::size_t prompt) const {
    return std::span(log_prior).subspan(prompt * outputs, outputs);
  }
};

void add_reward_fields(FieldList& fields);
RewardWorld reward_world(const Config& config, std::uint64_t seed);

// What a policy comes to, as means over prompts.
struct PolicyScore {
  double utility = 0;   // expected true utility, summed over attributes
  double improved = 0;  // share of prompts whose expected true utility is above the prior's
  double good = 0;      // probability that all attributes are good: sigmoid(truth - its reference)
  double hacked = 0;    // probability of an output that fools a reward
};

// Policies of one transform over a world, at any strength. Allocates when it is made only.
class TransformedPolicy {
 public:
  TransformedPolicy(const RewardWorld& world, RewardTransform transform);

  // The mean divergence from the prior at this gamma.
  double tilt_all(double gamma);
  // Finds the one gamma for all prompts whose mean divergence is this, by bisection of log gamma;
  // whether there is one. (A constraint has no strength: its divergence is what it is.)
  bool match(double divergence);

  double gamma() const { return gamma_; }
  double divergence() const { return divergence_; }
  std::span<const double> log_policy(std::size_t prompt) const {
    return std::span(log_policy_).subspan(prompt * world_.outputs, world_.outputs);
  }
  // Of the policy as it stands; gains: prompts numbers, expected true utility above the prior's.
  PolicyScore score(std::span<double> gains) const;

 private:
  const RewardWorld& world_;
  RewardTransform transform_;
  std::vector<double> utilities_, log_policy_;  // prompts x outputs
  double gamma_ = 1, divergence_ = 0;
};

}  // namespace lab::fusion
