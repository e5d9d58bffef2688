#include "experiment/separable/presto_explanations.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "data/text.h"
#include "experiment/words.h"

namespace lab::rare {
namespace {

std::string label(Method method) {
  return std::string(kLabels[static_cast<std::size_t>(method)]);
}

// Weights that the true model, and that PRESTO at `index`, change beyond the first boundary.
struct Differences {
  std::size_t of_truth = 0, found = 0, kept = 0, possible = 0;
};
Differences differences(const RareContest& contest, const Path& path, std::size_t index) {
  const OrdinalProblem& problem = contest.problem();
  const std::size_t p = problem.dimension(), size = (problem.classes - 1) * p;
  Differences result;
  for (std::size_t i = p; i < size; ++i) {
    const bool kept = path.psi[index * size + i] != 0;
    const bool there =
        !problem.weights.beta.empty() && problem.weights.beta[i] != problem.weights.beta[i - p];
    ++result.possible;
    result.kept += kept ? 1 : 0;
    result.of_truth += there ? 1 : 0;
    result.found += kept && there ? 1 : 0;
  }
  return result;
}

// While the paths are walked.
std::optional<Explanation> where_it_is(const RareContest& contest) {
  for (const Method method : kPaths) {
    const Path* path = contest.path(method);
    if (!path || path->done) continue;
    const Path::Fit& all = path->fits.front();
    if (all.index == path->lambdas.size()) continue;
    std::size_t kept = 0;
    const std::span<const double> psi = all.odds.psi();
    const std::size_t p = contest.problem().dimension();
    for (std::size_t i = p; i < psi.size(); ++i) kept += psi[i] != 0 ? 1 : 0;
    std::string text =
        "The fit of " + label(method) + " to all samples is at lambda " +
        std::to_string(all.index + 1) + " of " + std::to_string(path->lambdas.size()) + " (" +
        shown(all.odds.lambda()) + "), in iteration " + std::to_string(all.odds.iterations()) +
        ". " + std::to_string(kept) + " of " + std::to_string(psi.size() - p) +
        " differences between neighbouring boundaries are not 0. At the largest lambda ";
    text += contest.settings().base_penalised
                ? "all weights are 0, and every sample gets the class shares. "
                : "all boundaries have the same weights: proportional odds. ";
    text += "As lambda falls, boundaries may differ where the data ask for it. At the same time " +
            counted(path->fits.size() - 1, "fold") +
            " of a cross-validation walk the same path, to say at the end which lambda to take.";
    return Explanation{
        .id = "on-the-path", .title = "Where is it on the path?", .text = std::move(text)};
  }
  return std::nullopt;
}

std::optional<Explanation> who_is_better(RareContest& contest) {
  const Path* path = contest.path(Method::presto);
  const std::optional<std::size_t> index = contest.chosen(Method::presto);
  if (!path || !index || !contest.takes_part(Method::logit)) return std::nullopt;
  const OrdinalProblem& problem = contest.problem();
  const double presto = contest.mse(Method::presto), logit = contest.mse(Method::logit);
  const std::size_t rare = contest.rare_count(), p = problem.dimension();
  std::string text = "Only " + counted(rare, "sample") + " of " + std::to_string(problem.count()) +
                     " are of the rare class. Logistic regression on it alone has " +
                     std::to_string(p + 1) + " numbers to learn from them, " +
                     shown(static_cast<double>(rare) / static_cast<double>(p + 1)) +
                     " events for each: it is right on average, but scatters (error " +
                     shown(logit) + "). ";
  if (contest.takes_part(Method::odds)) {
    text +=
        "Proportional odds takes the weights of the common classes, which it knows well, but "
        "they may not be those of the rare one (error " +
        shown(contest.mse(Method::odds)) + "). ";
  }
  const Differences d = differences(contest, *path, *index);
  text += "PRESTO, at lambda = " + shown(path->lambdas[*index]) + ", lets " +
          std::to_string(d.kept) + " of " + std::to_string(d.possible) + " differences be (error " +
          shown(presto) + ", " + shown(presto / logit) + " times the logit's). ";
  if (!problem.weights.beta.empty()) {
    text += "The true model has " + std::to_string(d.of_truth) + "; " + std::to_string(d.found) +
            " of them are among those kept, shrunk. ";
    if (d.of_truth == 0) {
      text +=
          "Nothing truly differs: proportional odds is the right model here, and what PRESTO "
          "gains over it comes from shrinking the base weights. ";
    } else if (3 * d.of_truth < d.possible && presto > logit) {
      text += "With so few, proportional odds is nearly right. ";
    }
  } else {
    text +=
        "The true probabilities of a data set are not known: errors are against what happened "
        "to the samples held out, and most of such an error is chance that no method can "
        "remove. ";
  }
  return Explanation{.id = "who-is-better",
                     .title = presto < logit ? "Why is PRESTO nearer to the truth than the logit?"
                                             : "Why does PRESTO not win here?",
                     .text = std::move(text)};
}

std::optional<Explanation> who_crosses(RareContest& contest) {
  std::string text;
  for (std::size_t k = 0; k + 1 < kMethods; ++k) {
    const auto method = static_cast<Method>(k);
    if (!contest.takes_part(method)) continue;
    const std::size_t crossed = contest.judge(method).crossed;
    if (crossed == 0) continue;
    text += (text.empty() ? "" : "; ") + label(method) + ": " + counted(crossed, "sample");
  }
  if (text.empty()) return std::nullopt;
  return Explanation{
      .id = "crossing",
      .title = "Some classes have a negative probability",
      .text =
          "Boundaries that are not parallel cross somewhere, and beyond the crossing the class "
          "between them has a negative probability. Among " +
          std::to_string(contest.problem().judged_labels.size()) + " samples: " + text +
          ". The rare probability is not concerned: it is the sigmoid of one boundary's score "
          "and always between 0 and 1. The others are clipped where a score needs them."};
}

std::optional<Explanation> what_weights_do(RareContest& contest) {
  if (!contest.takes_part(Method::weighted)) return std::nullopt;
  const double share =
      static_cast<double>(contest.rare_count()) / static_cast<double>(contest.problem().count());
  std::string text =
      "The weighted logit counts each rare sample as " + shown((1 - share) / share) +
      ". That adds no information, only another balance: left as it is, it would say " +
      shown(100 * contest.uncorrected_mean()) + " % on average where " + shown(100 * share) +
      " % is right, so its intercept is corrected for the weights here. Its error is then " +
      shown(contest.mse(Method::weighted));
  if (contest.takes_part(Method::logit)) {
    text += ", the plain logit's " + shown(contest.mse(Method::logit));
  }
  return Explanation{
      .id = "class-weights", .title = "Do class weights help?", .text = std::move(text) + "."};
}

std::optional<Explanation> whether_at_an_end(const RareContest& contest) {
  const Path* path = contest.path(Method::presto);
  const std::optional<std::size_t> index = contest.chosen(Method::presto);
  if (!path || !index || contest.settings().lambda_index > 0) return std::nullopt;
  const bool first = *index == 0, last = *index + 1 == path->lambdas.size();
  if (!first && !last) return std::nullopt;
  std::string text = "Cross-validation took the " + std::string(first ? "largest" : "smallest") +
                     " lambda of the path, " + shown(path->lambdas[*index]) + ". ";
  text += first ? "Any use of the features made the predictions of the samples left out worse: "
                  "with so few samples the class shares are the safest answer."
                : "A smaller one might do still better: set lambda_ratio lower.";
  return Explanation{
      .id = "end-of-path", .title = "The chosen lambda is at an end", .text = std::move(text)};
}

}  // namespace

std::vector<Explanation> explanations(RareContest& contest) {
  std::vector<Explanation> result;
  const auto add = [&](std::optional<Explanation> explanation) {
    if (explanation) result.push_back(std::move(*explanation));
  };
  add(where_it_is(contest));
  if (contest.separated()) {
    result.push_back(
        {.id = "separated",
         .title = "A plane separates the rare class",
         .text = "All " + counted(contest.rare_count(), "rare sample") +
                 " can be cut off by a plane: the likelihood of the logit grows for ever as its "
                 "weights do, and only a ridge of 1e-8 keeps them finite. Its probabilities are "
                 "then nearly 0 or 1, which is what few events do to maximum likelihood."});
  }
  add(who_is_better(contest));
  add(whether_at_an_end(contest));
  add(what_weights_do(contest));
  add(who_crosses(contest));
  return result;
}

}  // namespace lab::rare
