#include "experiment/fusion/reward_world.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/digest.h"
#include "core/numerics.h"
#include "core/random.h"

namespace lab::fusion {

void add_reward_fields(FieldList& fields) {
  fields.group("world");
  fields.integer("prompts", 60, {1, 500}, "different prompts");
  fields.integer("outputs", 50, {2, 200}, "possible outputs of each");
  fields.integer("attributes", 1, {1, 2}, "what an output is to be good at, each with a reward");
  fields.real("noise", 0.5, {0, 10}, "standard deviation of a reward's error, of utilities N(0, 1)",
              {.step = 0.05});
  fields.integer("hacked", 3, {0, 50}, "outputs of a prompt that fool a reward, of each attribute");
  fields.real("hack", 5, {0, 50}, "by how much", {.step = 0.5});
  fields.real("concentration", 1, {0.05, 20},
              "of the base policy's Dirichlet distribution: small, and few outputs have it all",
              {.log_scale = true, .advanced = true});
  fields.group("method");
  fields.real("quantile", 0.85, {0.01, 0.99},
              "of the rewards under the base policy: the reference that good is held against",
              {.step = 0.01});
}

RewardWorld reward_world(const Config& config, std::uint64_t seed) {
  RewardWorld world;
  world.prompts = static_cast<std::size_t>(config.integer("prompts"));
  world.outputs = static_cast<std::size_t>(config.integer("outputs"));
  world.attributes = static_cast<std::size_t>(config.integer("attributes"));
  const std::size_t hacked =
      std::min(static_cast<std::size_t>(config.integer("hacked")), world.outputs);
  const double noise = config.real("noise"), hack = config.real("hack"),
               share = config.real("quantile");
  const std::vector<double> concentration(world.outputs, config.real("concentration"));
  std::vector<std::size_t> order(world.outputs);
  Stream stream(seed, "world");
  for (std::size_t p = 0; p < world.prompts; ++p) {
    for (const double probability : stream.dirichlet(concentration)) {
      // What is never said is not to be divided by.
      world.log_prior.push_back(lab::log(std::max(probability, 1e-12)));
    }
    world.hacked.resize((p + 1) * world.outputs);
    for (std::size_t a = 0; a < world.attributes; ++a) {
      const std::size_t at = world.truth.size();
      for (std::size_t y = 0; y < world.outputs; ++y) {
        const double truth = stream.normal();
        const double error = stream.normal();
        world.truth.push_back(truth);
        world.reward.push_back(truth + noise * error);
      }
      for (const std::size_t y : stream.choice(world.outputs, hacked)) {
        world.reward[at + y] += hack;
        world.hacked[p * world.outputs + y] = 1;
      }
      const auto quantile = [&](const std::vector<double>& values) {
        return prior_quantile(std::span(values).subspan(at, world.outputs), world.prior_of(p),
                              share, order);
      };
      world.reference.push_back(quantile(world.reward));
      world.true_reference.push_back(quantile(world.truth));
    }
  }
  Digest digest;
  digest.f64s(world.log_prior).f64s(world.truth).f64s(world.reward);
  world.digest = digest.hex();
  return world;
}

TransformedPolicy::TransformedPolicy(const RewardWorld& world, RewardTransform transform)
    : world_(world),
      transform_(transform),
      utilities_(world.prompts * world.outputs),
      log_policy_(world.log_prior) {
  std::array<double, 2> rewards = {};
  assert(world.attributes <= rewards.size());
  for (std::size_t p = 0; p < world.prompts; ++p) {
    const std::span<const double> references =
        std::span(world.reference).subspan(p * world.attributes, world.attributes);
    bool possible = false;
    for (std::size_t y = 0; y < world.outputs; ++y) {
      for (std::size_t a = 0; a < world.attributes; ++a) {
        rewards[a] = world.reward[(p * world.attributes + a) * world.outputs + y];
      }
      double& u = utilities_[p * world.outputs + y];
      u = utility(transform, std::span(rewards).first(world.attributes), references);
      possible |= is_finite(u);
    }
    // Where no output meets a constraint, it says nothing.
    if (possible) continue;
    for (std::size_t y = 0; y < world.outputs; ++y) utilities_[p * world.outputs + y] = 0;
  }
}

double TransformedPolicy::tilt_all(double gamma) {
  gamma_ = gamma;
  double sum = 0;
  for (std::size_t p = 0; p < world_.prompts; ++p) {
    const std::size_t at = p * world_.outputs;
    const std::span<double> policy = std::span(log_policy_).subspan(at, world_.outputs);
    tilt(world_.prior_of(p), std::span(utilities_).subspan(at, world_.outputs), gamma, policy);
    sum += policy_divergence(policy, world_.prior_of(p));
  }
  divergence_ = sum / static_cast<double>(world_.prompts);
  return divergence_;
}

bool TransformedPolicy::match(double divergence) {
  if (transform_ == RewardTransform::constraint) {
    tilt_all(1);
    return true;
  }
  // The divergence falls as gamma grows.
  double low = lab::log(1e-9), high = lab::log(1e9);
  if (tilt_all(lab::exp(low)) < divergence) return false;
  for (int i = 0; i < 60; ++i) {
    const double middle = low + (high - low) / 2;
    (tilt_all(lab::exp(middle)) > divergence ? low : high) = middle;
  }
  tilt_all(lab::exp(high));
  return true;
}

PolicyScore TransformedPolicy::score(std::span<double> gains) const {
  assert(gains.size() == world_.prompts);
  PolicyScore score;
  for (std::size_t p = 0; p < world_.prompts; ++p) {
    const std::span<const double> policy = log_policy(p), prior = world_.prior_of(p);
    double gain = 0;
    for (std::size_t y = 0; y < world_.outputs; ++y) {
      const double mass = lab::exp(policy[y]);
      double truth = 0, good = 1;
      for (std::size_t a = 0; a < world_.attributes; ++a) {
        const std::size_t row = p * world_.attributes + a;
        const double t = world_.truth[row * world_.outputs + y];
        truth += t;
        good *= lab::sigmoid(t - world_.true_reference[row]);
      }
      score.utility += mass * truth;
      score.good += mass * good;
      score.hacked += world_.hacked[p * world_.outputs + y] ? mass : 0;
      gain += (mass - lab::exp(prior[y])) * truth;
    }
    gains[p] = gain;
    score.improved += gain > 0 ? 1 : 0;
  }
  const auto n = static_cast<double>(world_.prompts);
  return {score.utility / n, score.improved / n, score.good / n, score.hacked / n};
}

}  // namespace lab::fusion
