// What does every method make of one context? Models alone, constant coefficients, the coefficients
// of arXiv:2406.15480 and exact ones, oracles, and the mix of a person.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "experiment/fusion/fusion_problem.h"
#include "method/fusion/logit_fusion.h"

namespace lab::fusion {

// In the order of the figures.
enum class Method {
  large,
  base,
  expert,
  expert_2,
  half,           // alpha = 0.5
  one,            // alpha = 1: proxy-tuning
  three_halves,   // alpha = 1.5
  best_constant,  // chosen on a validation text
  dynamic,        // the paper's grid, one expert at a time
  exact,          // the same objective, solved
  joint,          // the paper's grid over all experts at once; of one expert it is `dynamic`
  oracle,         // the best for the token that comes: unattainable
  fine_tuned,     // the large model, fine-tuned
  mix,            // what a person has set
};
inline constexpr std::size_t kMethods = 14;
inline constexpr std::array<std::string_view, kMethods> kNames = {
    "large",         "base",    "expert", "expert_2", "half",   "one",        "three_halves",
    "best_constant", "dynamic", "exact",  "joint",    "oracle", "fine_tuned", "mix"};
inline constexpr std::array<std::string_view, kMethods> kLabels = {
    "large model", "small base", "small expert",      "second expert", "α = 0.5",
    "α = 1",       "α = 1.5",    "best constant α",   "dynamic α",     "exact α",
    "joint grid",  "oracle α",   "large, fine-tuned", "your mix"};

constexpr std::size_t index(Method method) {
  return static_cast<std::size_t>(method);
}
// Large model + alpha (experts - base), with an alpha of some kind.
constexpr bool is_fusion(Method method) {
  return (method >= Method::half && method <= Method::oracle) || method == Method::mix;
}
// Whether there is what it needs: a second expert, a validation text, a token to favour, ..
bool takes_part(Method method, const FusionProblem& problem);

// What the mix does: as another method that takes part, or as the two coefficients say.
struct Mix {
  Method as = Method::dynamic;  // dynamic, exact, best_constant, oracle; mix: the coefficients
  std::array<double, 2> alpha = {1, 1};
};

// The problem must outlive it. Nothing is allocated after it is made.
class LogitMixer {
 public:
  LogitMixer(const FusionProblem& problem, const AlphaGrid& grid, const Objective& objective,
             const Mix& mix);

  // Goes to a context; `token`: the one that the oracle, if it takes part, is to favour.
  void visit(std::size_t context, std::size_t token);

  // Of the context: log probabilities of a method; into: vocabulary numbers.
  void log_probabilities(Method method, std::span<double> into) const;
  // The coefficients of a method that is a fusion.
  std::span<const double> alpha(Method method) const;
  // The expert whose coefficient is the largest.
  std::size_t leading_expert(Method method) const;
  // The paper's objective there.
  double objective(Method method);
  DecodingStep& step() { return step_; }
  const DecodingStep& step() const { return step_; }
  const AlphaGrid& grid() const { return grid_; }
  const Objective& objective() const { return objective_; }
  double best_constant() const { return best_constant_; }

 private:
  std::span<double> coefficients(Method method);
  void set_alone(Method method, const Choice& choice);

  const FusionProblem& problem_;
  AlphaGrid grid_;
  Objective objective_;
  Mix mix_;
  double best_constant_ = 0;
  DecodingStep step_;
  std::size_t context_ = 0;
  std::vector<double> alpha_;  // methods x experts, of the context
  // What was once searched for: of each context dynamic, exact and joint.
  static constexpr std::array kSearched = {Method::dynamic, Method::exact, Method::joint};
  std::vector<char> known_;
  std::vector<double> searched_;
};

}  // namespace lab::fusion
