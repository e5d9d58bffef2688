// Is one model better than another here, and what else should be known before saying so? Answers
// from the run's own folds.
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/decimal.h"
#include "experiment/separable/simple_linear.h"
#include "experiment/words.h"
#include "method/statistics.h"

namespace lab::separable {
namespace {

std::string signed_points(double number) {
  return (number > 0 ? "+" : "") + fixed_text(number, 2);
}

std::string who(Contender contender) {
  return std::string(label(contender));
}

std::string the(Contender contender) {
  const bool bare = contender == Contender::logistic || contender == Contender::normalized_lr_gd;
  return (bare ? "" : "the ") + who(contender);
}

std::string begin_sentence(std::string text) {
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// The paired comparison of two models on the folds that both have been through.
struct Comparison {
  MeanAndInterval difference;  // of the first minus the second, in points
  std::size_t better = 0, equal = 0, worse = 0;

  std::size_t folds() const { return better + equal + worse; }
  bool reliable() const { return difference.low > 0 || difference.high < 0; }
};

std::optional<Comparison> compared(const SimpleLinearState& state, Contender first,
                                   Contender second) {
  const std::span<const double> a = state.test[index(first)], b = state.test[index(second)];
  const std::size_t folds = std::min(a.size(), b.size());
  if (folds < 2) return std::nullopt;
  Comparison result;
  std::vector<double> differences;
  for (std::size_t f = 0; f < folds; ++f) {
    differences.push_back(a[f] - b[f]);
    ++(a[f] > b[f] ? result.better : a[f] < b[f] ? result.worse : result.equal);
  }
  result.difference = resampled_mean(differences, state.test_over_train);
  return result;
}

std::string comparison_text(const Comparison& comparison, Contender first, Contender second) {
  const MeanAndInterval& d = comparison.difference;
  return "On the same " + std::to_string(comparison.folds()) + " folds the accuracy of " +
         the(first) + " minus that of " + the(second) + " is " + signed_points(d.mean) +
         " points on average, with a 95 % interval from " + signed_points(d.low) + " to " +
         signed_points(d.high) +
         " (corrected, because the folds share most of their training samples). " +
         begin_sentence(the(first)) + " was better in " + std::to_string(comparison.better) +
         ", equal in " + std::to_string(comparison.equal) + " and worse in " +
         std::to_string(comparison.worse) + " of them.";
}

std::optional<Explanation> against_logistic(const SimpleLinearState& state, Contender other) {
  const std::optional<Comparison> comparison = compared(state, Contender::logistic, other);
  if (!comparison) return std::nullopt;
  std::string text = comparison_text(*comparison, Contender::logistic, other);
  std::string title;
  if (comparison->reliable()) {
    const bool wins = comparison->difference.mean > 0;
    title = wins ? "Logistic regression is better than the " + who(other) + " here"
                 : "The " + who(other) + " is better than logistic regression here";
    text +=
        " The interval does not hold 0: on these data this is a reliable difference. It is one "
        "data set and one " +
        who(other) +
        ": it says nothing about simple and complex models in "
        "general.";
  } else {
    title = "Logistic regression or " + who(other) + ": no reliable difference";
    text +=
        " The interval holds 0: no reliable difference. Which of the two comes out ahead depends "
        "on how the folds were dealt.";
  }
  const double samples = state.recorder->value("data/samples").value_or(0);
  text += " One test sample more or less moves the accuracy of a fold by " +
          fixed_text(100 * static_cast<double>(state.folds) / std::max(samples, 1.0), 2) +
          " points.";
  return Explanation{"difference-" + std::string(name(other)), std::move(title), std::move(text)};
}

std::optional<Explanation> scaling(const SimpleLinearState& state) {
  const std::optional<Comparison> comparison =
      compared(state, Contender::rbf_svm, Contender::rbf_svm_raw);
  if (!comparison || state.scaler == Scaler::none) return std::nullopt;
  std::string text = comparison_text(*comparison, Contender::rbf_svm, Contender::rbf_svm_raw);
  std::string title = "How much of a gap is only the scale of the features?";
  const std::optional<Comparison> logistic =
      compared(state, Contender::logistic, Contender::rbf_svm);
  const std::optional<Comparison> raw =
      compared(state, Contender::logistic, Contender::rbf_svm_raw);
  if (comparison->difference.low > 0 && logistic && raw) {
    title = "The gap to an SVM on raw features is an artefact of scaling";
    text += " Against raw features logistic regression would seem " +
            signed_points(raw->difference.mean) +
            " points ahead; against the same SVM on "
            "standardised features it is " +
            signed_points(logistic->difference.mean) +
            ". The kernel adds up squared distances over all features, and on raw ones those with "
            "the largest numbers drown the others.";
  }
  return Explanation{"scaling", std::move(title), std::move(text)};
}

std::optional<Explanation> baseline(const SimpleLinearState& state) {
  const std::optional<double> share = state.recorder->value("data/baseline");
  const std::optional<double> logistic = state.recorder->value("logistic/accuracy");
  if (!share || !logistic) return std::nullopt;
  return Explanation{
      "baseline", "What is the accuracy without any model?",
      "Always saying the larger class is right in " + fixed_text(*share, 2) +
          " %. That, and not 0 or 50 %, is what " + fixed_text(*logistic, 2) +
          " % of logistic regression must be compared with. The standard deviation over folds, " +
          fixed_text(state.recorder->value("logistic/accuracy_std").value_or(0), 2) +
          " points, says how much small test parts scatter; it is not the standard error of the "
          "mean."};
}

std::optional<Explanation> no_penalty(const SimpleLinearState& state) {
  // C = 1 and the largest.
  constexpr std::size_t kOne = 3, kLast = kSweptC.size() - 1;
  const double loss = state.train_loss_by_c[kLast], norm = state.norm_by_c[kLast];
  if (!(norm > 0) || !(state.norm_by_c[kOne] > 0) || !(loss < 0.03)) return std::nullopt;
  return Explanation{
      "no-penalty", "Why is there no logistic regression without a penalty here?",
      "At C = " + shown(kSweptC[kOne]) + " the training loss is " +
          shown(state.train_loss_by_c[kOne]) + " nats and |w| = " + shown(state.norm_by_c[kOne]) +
          "; at C = " + shown(kSweptC[kLast]) + " they are " + shown(loss) + " and " + shown(norm) +
          ". The loss goes on falling while the weights go on growing, as it must where a plane "
          "separates "
          "the classes: with C = infinity there is no minimum then. Who wants no penalty stops "
          "early "
          "instead, as gradient descent does in the experiment lr-gd-perceptron."};
}

std::optional<Explanation> signs(const SimpleLinearState& state) {
  const std::optional<double> unsure = state.recorder->value("coefficients/unsure_signs");
  const std::optional<double> features = state.recorder->value("data/features");
  const std::optional<double> correlation = state.recorder->value("data/greatest_correlation");
  if (!unsure || !features || !correlation) return std::nullopt;
  return Explanation{
      "signs", "May one read the single coefficients?",
      "Of " + shown(*features) + " weights " + shown(*unsure) +
          " have a bootstrap interval that holds 0: not even their sign is sure. Features that say "
          "nearly the same share a weight in any proportion; " +
          state.most_correlated + " correlate with " + fixed_text(*correlation, 3) +
          ". The prediction is stable all the same, since what one loses the other takes."};
}

std::optional<Explanation> threshold(const SimpleLinearState& state) {
  const std::optional<double> missed = state.recorder->value("logistic/missed");
  const std::optional<double> alarms = state.recorder->value("logistic/false_alarms");
  const std::optional<double> recall = state.recorder->value("logistic/recall");
  if (!missed || !alarms || !recall) return std::nullopt;
  return Explanation{
      "threshold", "Who pays for the threshold?",
      "With the threshold " + fixed_text(state.threshold, 2) + " on the probability of " +
          state.detected + ", logistic regression misses " + shown(*missed) + " and raises " +
          shown(*alarms) + " false alarms (recall " + fixed_text(100 * *recall, 1) +
          " %). Accuracy counts both alike. Where a miss costs more, a lower threshold is better; "
          "the "
          "figure of recall and precision shows the price." +
          (state.breast_cancer ? " (No clinical use: measurements of one centre in the 1990s.)"
                               : "")};
}

std::optional<Explanation> leak(const SimpleLinearState& state) {
  if (state.scaler != Scaler::leak) return std::nullopt;
  return Explanation{"leak", "The scaler has seen the test part",
                     "Means and deviations come from all samples, those of the test part among "
                     "them: bad practice. "
                     "Every fold's test part is 1 of " +
                         std::to_string(state.folds) +
                         " parts of what the scaler saw. "
                         "With many samples that moves a mean very little; with few, or where "
                         "features are chosen and not "
                         "only scaled, the same mistake makes accuracies worthless. Compare with "
                         "scaler = inside."};
}

std::optional<Explanation> unfinished(const SimpleLinearState& state) {
  std::string text;
  for (const Contender contender : {Contender::perceptron, Contender::normalized_lr_gd}) {
    const std::string prefix = std::string(name(contender)) + "/";
    const auto left = state.recorder->value(prefix + "unfinished");
    const auto training = state.recorder->value(prefix + "train_accuracy");
    const auto comparison = compared(state, Contender::logistic, contender);
    if (!left || !training || !comparison || *left == 0) continue;
    if (!text.empty()) text += " ";
    text += begin_sentence(who(contender)) + ": " + shown(*left) +
            " fits still had training samples on the wrong "
            "side after " +
            std::to_string(state.updates) + " updates, with " + fixed_text(*training, 2) +
            " % right; on the test parts it is " + signed_points(-comparison->difference.mean) +
            " points from logistic regression.";
  }
  if (text.empty()) return std::nullopt;
  return Explanation{"separating",
                     "Is a plane that separates all training samples the best classifier?",
                     text +
                         " Where a plane separates the training samples, more updates "
                         "(max_updates) find one in the "
                         "end; that is no promise for the test part."};
}

std::optional<Explanation> cost(const SimpleLinearState& state) {
  std::string text;
  double least = 0;
  Contender cheapest = Contender::logistic;
  for (const Contender contender : state.contenders) {
    if (contender == Contender::majority || contender == Contender::rbf_svm_raw) continue;
    const auto count = state.recorder->value(std::string(name(contender)) + "/multiply_adds");
    const auto kept = state.recorder->value(std::string(name(contender)) + "/parameters");
    if (!count || !kept || *count == 0) continue;
    text +=
        (text.empty() ? "" : "; ") + who(contender) + " " + shown(*count) + " and " + shown(*kept);
    if (least == 0 || *count < least) {
      least = *count;
      cheapest = contender;
    }
  }
  if (text.empty()) return std::nullopt;
  return Explanation{
      "cost", "Is the simple model the cheap one?",
      "Multiply-adds of one fit (of the tree 12 for each threshold tried) and numbers that must be "
      "kept to "
      "predict: " +
          text + ". The least work to fit has " + the(cheapest) +
          ". Counts are the same on every machine; seconds are not: `logit-lab bench fit` measures "
          "them on yours."};
}

}  // namespace

std::vector<Explanation> simple_linear_explanations(const SimpleLinearState& state) {
  std::vector<Explanation> explanations;
  const auto add = [&](std::optional<Explanation> explanation) {
    if (explanation) explanations.push_back(std::move(*explanation));
  };
  add(leak(state));
  add(against_logistic(state, Contender::rbf_svm));
  add(scaling(state));
  add(against_logistic(state, Contender::tree));
  add(against_logistic(state, Contender::linear_svm));
  add(baseline(state));
  add(threshold(state));
  add(no_penalty(state));
  add(signs(state));
  add(unfinished(state));
  add(cost(state));
  return explanations;
}

}  // namespace lab::separable
