#include "method/fusion/answer_selection.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"

namespace lab::fusion {
namespace {

constexpr double kLeftOut = -numerics::kInfinity<double>;

}  // namespace

std::size_t Answers::best() const {
  return static_cast<std::size_t>(std::ranges::max_element(reward) - reward.begin());
}

double reward_error(const Answers& answers) {
  double sum = 0;
  for (std::size_t i = 0; i < answers.count(); ++i) {
    const double error = answers.reward[i] - answers.proxy[i];
    sum += answers.probability[i] * error * error;
  }
  return std::sqrt(sum);
}

double best_answer_error(const Answers& answers) {
  const std::size_t best = answers.best();
  return std::abs(answers.reward[best] - answers.proxy[best]);
}

double coverage(const Answers& answers) {
  return 1 / answers.probability[answers.best()];
}

RegretBound regret_bound(const Answers& answers, std::size_t samples, std::size_t k) {
  const double c = coverage(answers), error = reward_error(answers);
  return {best_answer_error(answers), std::sqrt(c * error * error / static_cast<double>(k)),
          c * lab::exp(-static_cast<double>(samples) / (32 * c))};
}

std::uint32_t least_count(double threshold, std::size_t n) {
  // A hair less, so that a frequency of exactly the threshold counts.
  const double least = lab::ceil(threshold * static_cast<double>(n) - 1e-9);
  return least > 1 ? static_cast<std::uint32_t>(std::min(least, 4294967295.0)) : 1;
}

AnswerSelector::AnswerSelector(std::size_t answers, std::size_t most_k)
    : first_(answers), second_(answers) {
  chosen_.reserve(std::max(most_k, std::size_t{1}));
}

std::span<const std::size_t> AnswerSelector::select(SelectionRule rule,
                                                    std::span<const std::uint32_t> counts,
                                                    std::size_t n, std::span<const double> proxy,
                                                    const Selection& selection, Stream& chance) {
  assert(counts.size() == first_.size() && proxy.size() == first_.size() && selection.k >= 1);
  chosen_.clear();
  const bool filters = rule == SelectionRule::best_of_majority;
  const std::uint32_t least = filters ? least_count(selection.threshold, n) : 1;
  const bool any = std::ranges::any_of(counts, [&](std::uint32_t c) { return c >= least; });
  const double greatest = *std::ranges::max_element(proxy);
  for (std::size_t i = 0; i < first_.size(); ++i) {
    const auto count = static_cast<double>(counts[i]);
    second_[i] = count;
    if (counts[i] < (any ? least : 1)) {
      first_[i] = kLeftOut;
    } else if (rule == SelectionRule::majority || !any) {
      first_[i] = count;
      second_[i] = any ? 0 : proxy[i];
    } else if (rule == SelectionRule::weighted) {
      first_[i] = count * proxy[i];
    } else if (rule == SelectionRule::soft) {
      first_[i] = count * lab::exp(selection.sharpness * (proxy[i] - greatest));
    } else {
      first_[i] = proxy[i];
    }
  }
  const std::size_t most = any ? selection.k : 1;
  while (chosen_.size() < most) {
    std::size_t at = first_.size();
    if (rule == SelectionRule::soft) {
      double sum = 0;
      for (const double weight : first_) sum += weight > 0 ? weight : 0;
      double left = chance.uniform() * sum;
      for (std::size_t i = 0; i < first_.size() && sum > 0; ++i) {
        if (!(first_[i] > 0)) continue;
        at = i;  // the last one, if rounding leaves something over
        left -= first_[i];
        if (left < 0) break;
      }
    } else {
      std::uint64_t equals = 0;
      for (std::size_t i = 0; i < first_.size(); ++i) {
        if (first_[i] == kLeftOut) continue;
        const bool greater = at == first_.size() || first_[i] > first_[at] ||
                             (first_[i] == first_[at] && second_[i] > second_[at]);
        if (greater) {
          at = i;
          equals = 1;
        } else if (rule == SelectionRule::majority && first_[i] == first_[at]) {
          // Each of the equals so far is as likely to be the one.
          ++equals;
          if (chance.below(equals) == 0) at = i;
        }
      }
    }
    if (at == first_.size()) break;
    chosen_.push_back(at);
    first_[at] = kLeftOut;
  }
  return chosen_;
}

double best_of_n_pass_rate(const Answers& answers, std::size_t n) {
  const std::size_t best = answers.best();
  double above = 0;
  for (std::size_t i = 0; i < answers.count(); ++i) {
    assert(i == best || answers.proxy[i] != answers.proxy[best]);
    if (answers.proxy[i] > answers.proxy[best]) above += answers.probability[i];
  }
  const auto power = [&](double base) { return lab::pow(base, static_cast<double>(n)); };
  return power(1 - above) - power(std::max(1 - above - answers.probability[best], 0.0));
}

}  // namespace lab::fusion
