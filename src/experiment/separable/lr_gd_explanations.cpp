#include "experiment/separable/lr_gd_explanations.h"

#include <algorithm>

#include "core/numerics.h"
#include "data/text.h"
#include "experiment/words.h"

namespace lab::separable {
namespace {

constexpr double kBegin = 0.6931471805599453;  // log 2: the loss at theta = 0

std::vector<double> margins_of(const SignedSamples& samples, std::span<const double> theta) {
  std::vector<double> margins(samples.count());
  for (std::size_t i = 0; i < margins.size(); ++i) {
    for (std::size_t j = 0; j < theta.size(); ++j) margins[i] += samples.z(i, j) * theta[j];
  }
  return margins;
}

// Who has the largest part of the loss, and how much.
struct Worst {
  std::size_t row = 0;  // from 1
  double margin = 0;
  double percent = 0;  // of the loss
};

Worst worst_of(std::span<const double> margins) {
  const auto least = std::ranges::min_element(margins);
  double sum = 0;
  for (const double margin : margins) sum += lab::softplus(-margin);
  return {.row = static_cast<std::size_t>(least - margins.begin()) + 1,
          .margin = *least,
          .percent = sum > 0 ? 100 * lab::softplus(-*least) / sum : 0};
}

std::string name_of(const Progress& progress) {
  return std::string(name(progress.descent->learner()));
}

std::string label_of(const Progress& progress) {
  return std::string(label(progress.descent->learner()));
}

}  // namespace

std::optional<Explanation> why_the_loss_leapt(const Progress& progress,
                                              const SignedSamples& samples) {
  if (progress.rise == nullptr || progress.rise->step == 0) return std::nullopt;
  const LargestRise& rise = *progress.rise;
  if (!(rise.after > kBegin && rise.after > 2 * rise.before)) return std::nullopt;
  const std::vector<double> before = margins_of(samples, rise.theta_before);
  const std::vector<double> after = margins_of(samples, rise.theta_after);
  std::size_t flipped = 0, wrong = 0;
  double weights = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (after[i] <= 0) ++wrong;
    if (before[i] > 0 && after[i] <= 0) ++flipped;
    weights += lab::sigmoid(-before[i]);
  }
  const Worst worst = worst_of(after);
  const double curvature = Sharpness(samples).at(before);
  const bool normalized = progress.descent->learner() == Learner::normalized_lr_gd;
  // The normalised step is a plain one, divided by the mean error weight.
  const double step =
      normalized ? rise.gamma * static_cast<double>(before.size()) / weights : rise.gamma;
  std::string text = "In step " + std::to_string(rise.step) + " the loss of " + label_of(progress) +
                     " rose from " + shown(rise.before) + " to " + shown(rise.after) + " nats. " +
                     counted(wrong, "sample") + (wrong == 1 ? " is" : " are") +
                     " on the wrong side after it, " + std::to_string(flipped) +
                     " of which had been right. Row " + std::to_string(worst.row) +
                     ", now with the margin " + shown(worst.margin) + ", makes up " +
                     shown(worst.percent) + " % of the loss.";
  text += " The step size was " + shown(step);
  if (normalized) text += " (gamma divided by the mean error weight)";
  text +=
      "; a step is sure to lower the loss only below 2 / L = " + shown(2 / smoothness(samples)) +
      ". ";
  if (curvature > 0 && step > 2 / curvature) {
    text +=
        "Where this one began, the curvature (the largest eigenvalue of the loss's Hessian) was " +
        shown(curvature) + ", and 2 / " + shown(curvature) + " = " + shown(2 / curvature) +
        ": the step went over the valley and up its other side.";
  } else {
    text +=
        "Where this one began, the curvature (the largest eigenvalue of the loss's Hessian) was "
        "only " +
        shown(curvature) +
        ": far out the loss is nearly straight, and the step went on to where it is not.";
  }
  text +=
      " A wrong sample costs as much as its margin is negative, and margins grow with gamma: the "
      "height of the loss says little about how many samples are wrong.";
  return Explanation{.id = "loss-leapt-" + name_of(progress),
                     .title = "Why did the loss of " + label_of(progress) + " leap?",
                     .text = std::move(text)};
}

std::optional<Explanation> why_the_loss_is_high(const Progress& progress) {
  constexpr double kHigh = 0.05;  // nats; less is what a solved problem looks like
  const Descent& descent = *progress.descent;
  if (!follows_loss(descent.learner()) || descent.updates() == 0 || !descent.solved() ||
      !(descent.loss() > kHigh)) {
    return std::nullopt;
  }
  const Worst worst = worst_of(descent.margins());
  std::string text =
      "All " + counted(descent.margins().size(), "sample") +
      " are on the right side since update " + std::to_string(progress.solved_at) +
      ", and yet the loss of " + label_of(progress) + " is " + shown(descent.loss()) +
      " nats (it began at " + shown(kBegin) +
      "). To be right a margin need only be above 0; for a small loss it must be "
      "large. Row " +
      std::to_string(worst.row) + " has the least, " + shown(worst.margin) + " = " +
      shown(descent.normalized_margin()) + " times the norm of theta, " +
      shown(descent.theta_norm()) + ", and makes up " + shown(worst.percent) +
      " % of the loss. With more steps in this direction the norm grows and the loss "
      "falls, while nothing more gets right: set keep_going to see it.";
  return Explanation{
      .id = "high-loss-" + name_of(progress),
      .title = "Why is the loss of " + label_of(progress) + " high although no sample is wrong?",
      .text = std::move(text)};
}

std::optional<std::uint64_t> cycle_length(Descent descent, std::uint64_t most) {
  std::vector<double> kept(descent.theta().begin(), descent.theta().end());
  std::uint64_t power = 1, length = 0;
  for (std::uint64_t made = 0; made < most; ++made) {
    if (length == power) {
      std::ranges::copy(descent.theta(), kept.begin());
      power *= 2;
      length = 0;
    }
    descent.update();
    ++length;
    if (!descent.finite()) return std::nullopt;
    if (std::ranges::equal(descent.theta(), kept)) return length;
  }
  return std::nullopt;
}

std::optional<Explanation> why_it_never_stops(double margin_upper, const SignedSamples& samples,
                                              std::span<const Progress> unsolved) {
  // So many multiplications are done within a frame.
  constexpr std::uint64_t kMostWork = 10'000'000;
  constexpr std::uint64_t kMostUpdates = 4096;
  if (unsolved.empty()) return std::nullopt;
  std::string text =
      "No plane puts every sample on its own side: a weighted mean of the signed "
      "samples comes as near to the origin as " +
      shown(margin_upper) + " (the longest of them is " + shown(samples.radius) +
      "), so the margin is at most that, whatever the plane. The perceptrons only "
      "stop when every sample is right: they never do.";
  const std::uint64_t work = samples.count() * samples.dimension() * unsolved.size();
  const std::uint64_t most = std::min(kMostUpdates, kMostWork / std::max<std::uint64_t>(1, work));
  for (const Progress& progress : unsolved) {
    if (!progress.descent->finite()) continue;
    const std::optional<std::uint64_t> length = cycle_length(*progress.descent, most);
    if (!length) continue;
    const std::string wrong = counted(progress.descent->errors(), "sample") + " wrong";
    if (*length == 1) {
      text += " " + label_of(progress) + " does not move any more, with " + wrong +
              ": its step is smaller than the last bit of theta.";
    } else {
      text += " " + label_of(progress) + " goes round in a circle, now with " + wrong +
              ": after every " + std::to_string(*length) +
              " updates its theta is the same to the last bit.";
    }
  }
  return Explanation{
      .id = "never-stops", .title = "Why does it never stop?", .text = std::move(text)};
}

std::optional<Explanation> why_it_stopped(std::uint64_t limit, std::span<const Progress> unsolved) {
  if (unsolved.empty()) return std::nullopt;
  std::string text =
      "The run ended at max_iterations = " + std::to_string(limit) + ", not because ";
  text += unsolved.size() == 1 ? "the method was done:" : "all methods were done:";
  for (const Progress& progress : unsolved) {
    text += " " + label_of(progress) + " has " + counted(progress.descent->errors(), "sample") +
            " wrong";
    if (progress.bound) text += " and needs " + shown(*progress.bound) + " updates at the most";
    text += progress.descent == unsolved.back().descent ? "." : ";";
  }
  return Explanation{.id = "step-limit", .title = "Why did it stop?", .text = std::move(text)};
}

}  // namespace lab::separable
