#include "experiment/separable/halfspace_explanations.h"

#include <algorithm>

#include "experiment/separable/halfspace_run.h"
#include "figure/scale.h"

namespace lab::separable {
namespace {

std::string degrees(double angle) {
  return plain_text(angle * 180 / 3.14159265358979323846, 3) + " degrees";
}

std::string what_it_saw(HalfspaceTest test, const TestOutcome& outcome) {
  const std::string statistic = plain_text(outcome.statistic, 3);
  const std::string points = std::to_string(outcome.points);
  switch (test) {
    case HalfspaceTest::stationary:
      return "the gradient's norm is " + statistic +
             ", above alpha = " + plain_text(outcome.high, 3) +
             ": the learner has not come to a stationary point.";
    case HalfspaceTest::band_mass:
      return "the band about the edge holds " + statistic +
             " times the mass that a Gaussian has there.";
    case HalfspaceTest::spread_inner:
    case HalfspaceTest::spread_outer:
      return "inside the band the largest second moment across w is " + statistic + " (" + points +
             " samples); a Gaussian has 1.";
    case HalfspaceTest::moments_inner:
    case HalfspaceTest::moments_outer:
      return "inside the band a moment of some coordinate is " + statistic +
             " standard deviations from a Gaussian's (" + points +
             " samples): the samples there are not spread alike in all directions.";
    case HalfspaceTest::wedge:
      return "halfspaces within theta of w may disagree with it on a share of " + statistic +
             " theta.";
    case HalfspaceTest::global_moments:
      return "";
  }
  return "";
}

}  // namespace

Explanation what_the_tester_says(const HalfspaceProgress& progress) {
  const TesterLearner& learner = *progress.learner;
  Explanation answer = {"verdict", "", ""};
  if (learner.phase() == TesterLearner::Phase::learning) {
    answer.title = "Where is the learner?";
    answer.text = "After " + std::to_string(learner.updates()) + " updates the candidate is " +
                  degrees(progress.angle) + " from the planted halfspace and wrong on " +
                  plain_text(learner.error(), 3) + " of the samples; the best halfspace known on " +
                  plain_text(progress.optimum, 3) + ". The norm of its gradient is " +
                  plain_text(learner.gradient_norm(), 3) + ".";
    return answer;
  }
  std::string failures;
  for (std::size_t t = 0; t < kLocalTests; ++t) {
    const auto test = static_cast<HalfspaceTest>(t);
    const std::optional<TestOutcome>& outcome = learner.outcome(test);
    if (!outcome || outcome->passed) continue;
    failures += " " + label(test) + ": ";
    const bool outside = outcome->statistic < outcome->low || outcome->statistic > outcome->high;
    failures += outside ? what_it_saw(test, *outcome)
                        : "only " + std::to_string(outcome->points) +
                              " samples in the band, too few to say anything.";
  }
  if (learner.phase() == TesterLearner::Phase::testing) {
    answer.title = "What do the tests see?";
    answer.text = failures.empty() ? "So far every test has passed." : "Failed so far:" + failures;
    return answer;
  }
  if (learner.accepted()) {
    answer.title = "Accepted: what is that worth?";
    answer.text =
        "The samples about the edge look as they would under a Gaussian, so a small gradient means "
        "a direction close to the best. The error is " +
        plain_text(learner.error(), 3) + "; the best halfspace known has " +
        plain_text(progress.optimum, 3) +
        ". The promise is the error, not that the data are "
        "Gaussian: what lies far from the edge was not looked at.";
  } else {
    answer.title = "Rejected: why?";
    answer.text = failures.empty() ? "" : failures.substr(1);
    answer.text += learner.error() <= error_limit(progress.optimum)
                       ? " The answer would have been right here: a rejection says only that "
                         "nothing is promised."
                       : " The answer would have been wrong.";
  }
  if (const std::optional<TestOutcome>& global = learner.outcome(HalfspaceTest::global_moments)) {
    if (global->passed != learner.accepted()) {
      answer.text +=
          global->passed
              ? " The global moment test, blind to the edge, would have accepted."
              : " The global moment test, blind to edge and labels, would have rejected.";
    }
  }
  return answer;
}

std::optional<Explanation> why_the_answer_is_bad(const HalfspaceProgress& progress) {
  const TesterLearner& learner = *progress.learner;
  const double limit = error_limit(progress.optimum);
  if (learner.phase() == TesterLearner::Phase::learning || learner.error() <= limit) return {};
  std::string text =
      "The candidate is wrong on " + plain_text(learner.error(), 3) +
      " of the samples, more than 2 times the optimum + 0.03 = " + plain_text(limit, 3) + ". ";
  const HalfspaceDescent* converged = progress.converged;
  if (converged && std::min(converged->error(), 1 - converged->error()) <= limit) {
    text +=
        "The ramp is not to blame: the same loss from the same start, descended with "
        "backtracking, reaches " +
        plain_text(converged->error(), 3) +
        ". This learner takes small steps and stops early, at a bad point that it takes for an "
        "answer; what the tests do is reject that stopping point.";
  } else if (converged) {
    text += "The same loss from the same start, descended with backtracking, is at " +
            plain_text(converged->error(), 3) + " after " + std::to_string(converged->updates()) +
            " updates.";
  }
  return Explanation{"stopping-point", "Is the ramp fooled?", std::move(text)};
}

std::optional<Explanation> why_logistic_is_dragged(const HalfspaceProgress& progress) {
  if (!progress.logistic || !progress.converged) return {};
  const double logistic = progress.logistic->error(), ramp = progress.converged->error();
  if (!(logistic > ramp + 0.01)) return {};
  return Explanation{
      "dragged", "Why does logistic regression do worse?",
      "It is wrong on " + plain_text(logistic, 3) + " of the samples, the converged ramp on " +
          plain_text(ramp, 3) +
          ". The logistic loss heeds every sample, and a wrong one the more the farther it lies "
          "from the edge; the ramp is flat beyond sigma / 2, so that samples there pull at "
          "nothing."};
}

}  // namespace lab::separable
