// Why was this halfspace rejected, and what is an acceptance worth? Answers in words, from a run's
// own numbers. arXiv:2302.14853.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiment/run.h"
#include "method/separable/tester_learner.h"

namespace lab::separable {

struct HalfspaceProgress {
  const TesterLearner* learner = nullptr;
  double optimum = 0;                           // error of the best halfspace that is known
  double angle = 0;                             // of the candidate and w*, radians
  const HalfspaceDescent* converged = nullptr;  // the same loss, descended to its end; may be null
  const HalfspaceDescent* logistic = nullptr;
};

// "verdict": while it learns what is going on, then which test failed and what it saw.
Explanation what_the_tester_says(const HalfspaceProgress& progress);

// "stopping-point": where the answer breaks the inequality. Whether the loss is to blame, or that
// its descent stopped early: never the first, if the converged descent keeps it.
std::optional<Explanation> why_the_answer_is_bad(const HalfspaceProgress& progress);

// "dragged": where logistic regression ends far from where the ramp does.
std::optional<Explanation> why_logistic_is_dragged(const HalfspaceProgress& progress);

}  // namespace lab::separable
