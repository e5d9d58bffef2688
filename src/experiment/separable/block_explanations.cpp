#include "experiment/separable/block_explanations.h"

#include <algorithm>

#include "data/text.h"
#include "experiment/words.h"

namespace lab::separable {
namespace {

double median(std::vector<double> values) {
  std::ranges::stable_sort(values);
  return values[values.size() / 2];
}

}  // namespace

std::optional<Explanation> why_the_same_coordinates(const Objective& objective,
                                                    const BlockProgress& progress) {
  const std::span<const double> touches = progress.touches;
  double all = 0;
  for (const double count : touches) all += count;
  std::vector<std::uint32_t> order(touches.size());
  order_by_score(touches, order);
  double taken = 0;
  std::size_t few = 0;
  std::vector<double> constants;
  while (few < order.size() && taken < all / 2) {
    taken += touches[order[few]];
    constants.push_back(objective.lipschitz[order[few]]);
    ++few;
  }
  // Of evenly spread moves the first half goes to about half of the coordinates.
  if (progress.descent->updates() < 10 || 4 * few > touches.size()) return std::nullopt;
  const double theirs = median(constants), usual = median(objective.lipschitz);
  std::string text = "In " + counted(progress.descent->updates(), "update") + " " + progress.label +
                     " has made half of its moves on only " + counted(few, "coordinate") + " of " +
                     std::to_string(touches.size()) + ". Their median Lipschitz constant is " +
                     shown(theirs) + ", that of all coordinates " + shown(usual) + ". ";
  if (progress.descent->method().rule == Rule::gs && theirs > 2 * usual) {
    text +=
        "A steep coordinate has a large gradient again after the smallest move, so a rule that "
        "looks at the gradient alone comes back to it; divided by L_i it would count for what a "
        "step on it can bring, g_i^2 / (2 L_i).";
  } else if (objective.penalty != Penalty::none) {
    text += "Most of the others are 0, and nothing can be gained by moving them.";
  } else {
    text += "By its measure nothing else brought more; where the bound of F is good, that is true.";
  }
  return Explanation{.id = "same-coordinates",
                     .title = "Why does " + progress.label + " keep taking the same coordinates?",
                     .text = std::move(text)};
}

std::optional<Explanation> what_the_last_step_brought(const BlockProgress& progress) {
  const BlockDescent& descent = *progress.descent;
  if (descent.updates() == 0 || !(descent.guaranteed() > 0)) return std::nullopt;
  std::string text = "Update " + std::to_string(descent.updates()) + " of " + progress.label +
                     " moved " + counted(descent.block().size(), "coordinate") +
                     ". It was sure to lower F by " + shown(descent.guaranteed()) +
                     " and lowered it by " + shown(descent.actual());
  const double ratio = descent.actual() / descent.guaranteed();
  text += ", " + shown(ratio) + " times as much. ";
  if (descent.method().update == Update::newton) {
    text +=
        "A Newton step relies on the curvature where it begins; sure is only what its line search "
        "insists on, a ten-thousandth of the slope.";
  } else if (ratio < 1.05) {
    text += "Here the upper bound of F is nearly F itself: nothing was left on the table.";
  } else if (descent.method().update == Update::approximation) {
    text +=
        "The promise is that of an estimated constant, which is doubled until it is kept, and "
        "never lowered: once too large it stays so.";
  } else {
    text +=
        "The bound holds for the steepest curvature there could be; where F is flatter, a step "
        "made for the bound is too short.";
  }
  return Explanation{.id = "promise",
                     .title = "What was the last step sure to bring, and what did it bring?",
                     .text = std::move(text)};
}

std::optional<Explanation> who_is_ahead(std::span<const BlockProgress> all, double operations,
                                        std::span<const AtEqualWork> at_equal_work) {
  if (all.size() < 2 || at_equal_work.size() != all.size() || all.front().descent->updates() == 0) {
    return std::nullopt;
  }
  std::string text, per_update, per_operation;
  std::vector<const BlockProgress*> arrived;
  for (const BlockProgress& progress : all) {
    if (progress.arrived) arrived.push_back(&progress);
  }
  if (!arrived.empty()) {
    const BlockProgress& first = **std::ranges::min_element(
        arrived, {}, [](const BlockProgress* progress) { return progress->descent->updates(); });
    const BlockProgress& cheapest = **std::ranges::min_element(
        arrived, {}, [](const BlockProgress* progress) { return progress->descent->operations(); });
    per_update = first.label;
    per_operation = cheapest.label;
    text = std::to_string(arrived.size()) + " of " + std::to_string(all.size()) +
           " methods have arrived: " + first.label + " first, after " +
           counted(first.descent->updates(), "update") + " and " +
           shown(first.descent->operations()) + " operations; ";
    text += &cheapest == &first ? "none with fewer operations."
                                : cheapest.label + " with the fewest operations, " +
                                      shown(cheapest.descent->operations()) + ", in " +
                                      counted(cheapest.descent->updates(), "update") + ".";
  } else {
    const auto ahead = std::ranges::min_element(all, {}, &BlockProgress::gap);
    const auto cheap = std::ranges::min_element(at_equal_work, {}, &AtEqualWork::gap);
    const auto dear = std::ranges::max_element(all, {}, [](const BlockProgress& progress) {
      return progress.descent->operations() / static_cast<double>(progress.descent->updates());
    });
    per_update = ahead->label;
    per_operation = cheap->label;
    text = "After " + counted(ahead->descent->updates(), "update") + " " + ahead->label +
           " is closest, with " + shown(ahead->gap) +
           " of the first gap left. But updates differ in price: " + dear->label + " pays about " +
           shown(dear->descent->operations() / static_cast<double>(dear->descent->updates())) +
           " operations for each. When each had done " + shown(operations) + " operations, " +
           cheap->label + " was ahead, with " + shown(cheap->gap) + " of the gap left.";
  }
  return Explanation{
      .id = "work",
      .title = per_update == per_operation
                   ? per_update + " is ahead per update and per operation"
                   : per_update + " is ahead per update, " + per_operation + " per operation",
      .text = std::move(text)};
}

std::optional<Explanation> whether_the_zeros_are_found(std::span<const BlockProgress> all,
                                                       std::size_t nonzeros) {
  std::string text = "At the optimum " + counted(nonzeros, "coordinate") + " differ from 0.";
  for (const BlockProgress& progress : all) {
    text += " " + progress.label;
    text += progress.identified ? " has had exactly these since update " +
                                      std::to_string(*progress.identified) + "."
                                : " does not have them yet.";
  }
  text +=
      " From then on the problem is smooth in what is left, and Newton steps on a block that "
      "holds all of it end it at once.";
  return Explanation{.id = "support",
                     .title = "Which coordinates are 0 at the optimum, and who knows it?",
                     .text = std::move(text)};
}

}  // namespace lab::separable
