// Which of many sampled answers does one submit, when k may be submitted and one right one is
// enough? Votes, a reward model, and both: Best-of-Majority, "Best-of-Majority: Minimax-Optimal
// Strategy for Pass@k Inference Scaling", arXiv:2510.03199.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/random.h"

namespace lab::fusion {

// What a question's answers are worth. All three have one number for each different answer.
struct Answers {
  std::span<const double> probability;  // of the model that samples; their sum is 1
  std::span<const double> reward;       // true, in [0, 1]
  std::span<const double> proxy;        // what the reward model says

  std::size_t count() const { return probability.size(); }
  std::size_t best() const;  // y*: the first with the largest true reward
};

// sqrt of the mean of (reward - proxy)^2 under the sampling model.
double reward_error(const Answers& answers);
// |reward - proxy| of the best answer.
double best_answer_error(const Answers& answers);
// C* = 1 / probability of the best answer.
double coverage(const Answers& answers);

// The three terms of the upper bound on Best-of-Majority's regret with the threshold 3 / (4 C*):
//     regret <= best + O(reward) + O(samples).
struct RegretBound {
  double best = 0;     // eps_opt
  double reward = 0;   // sqrt(C* eps_RM^2 / k)
  double samples = 0;  // C* exp(-N / (32 C*))
};
RegretBound regret_bound(const Answers& answers, std::size_t samples, std::size_t k);

enum class SelectionRule {
  majority,          // the most frequent; of equals by chance
  weighted,          // the largest sum of rewards
  best_of_n,         // the largest reward; of equals the more frequent
  soft,              // by chance, samples weighted by exp(inverse temperature * reward)
  best_of_majority,  // the largest reward among those that are frequent enough
};
inline constexpr std::size_t kSelectionRules = 5;

struct Selection {
  std::size_t k = 1;        // at least 1
  double threshold = 0.03;  // best_of_majority: least frequency; 0 is best_of_n
  double sharpness = 5;     // soft: inverse temperature
};

// The least count that a frequency of at least `threshold` of n samples needs: at least 1.
std::uint32_t least_count(double threshold, std::size_t n);

// Chooses among sampled answers. Allocates when it is made only.
class AnswerSelector {
 public:
  AnswerSelector(std::size_t answers, std::size_t most_k);

  // At most k different answers, the first choice first. counts: how often each answer was sampled,
  // n in all; proxy: its reward by the model. Where no answer is frequent enough for
  // best_of_majority, the most frequent one (which the paper leaves open).
  std::span<const std::size_t> select(SelectionRule rule, std::span<const std::uint32_t> counts,
                                      std::size_t n, std::span<const double> proxy,
                                      const Selection& selection, Stream& chance);

 private:
  std::vector<double> first_, second_;  // by what answers are ordered; first below 0: left out
  std::vector<std::size_t> chosen_;
};

// How often best_of_n with k = 1 submits the best answer of n samples. No wrong answer has the
// proxy reward of the best one (asserted): then P = (1 - h)^n - (1 - h - p)^n, with p the best
// answer's probability and h that of all with a larger proxy reward.
double best_of_n_pass_rate(const Answers& answers, std::size_t n);

}  // namespace lab::fusion
