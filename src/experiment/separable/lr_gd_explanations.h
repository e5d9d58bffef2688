// Why does large-step logistic regression do what it does here? Answers in words, from a run's own
// numbers: why the loss leapt, why it is high although no sample is wrong, why it never stops.
// A. Tyurin, arXiv:2412.08424, sections 4 and 6.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiment/run.h"
#include "method/separable/learners.h"
#include "method/separable/signed_samples.h"

namespace lab::separable {

// The step at which a learner's loss rose most.
struct LargestRise {
  std::uint64_t step = 0;        // the loss rose in this step; 0: it never has
  double gamma = 0;              // of that step
  double before = 0, after = 0;  // loss, nats
  std::vector<double> theta_before, theta_after;
};

// What one learner has come to.
struct Progress {
  const Descent* descent = nullptr;
  std::uint64_t solved_at = 0;        // 0: not yet
  std::optional<double> bound;        // proven, on the updates it needs
  const LargestRise* rise = nullptr;  // of those that follow the loss
};

// "loss-leapt-<learner>": where the largest rise at least doubled the loss, above where it began.
std::optional<Explanation> why_the_loss_leapt(const Progress& progress,
                                              const SignedSamples& samples);

// "high-loss-<learner>": where every sample is right and the loss is not small.
std::optional<Explanation> why_the_loss_is_high(const Progress& progress);

// "never-stops": where no plane separates the samples. margin_upper: certified; `unsolved`: those
// who are not done. Looks for a cycle by going on for a while.
std::optional<Explanation> why_it_never_stops(double margin_upper, const SignedSamples& samples,
                                              std::span<const Progress> unsolved);

// "step-limit": where the run ended before these were done.
std::optional<Explanation> why_it_stopped(std::uint64_t limit, std::span<const Progress> unsolved);

// After how many updates theta is bit for bit what it was, if that shows within `most` updates
// (Brent 1980); 1: it does not move any more.
std::optional<std::uint64_t> cycle_length(Descent descent, std::uint64_t most);

}  // namespace lab::separable
