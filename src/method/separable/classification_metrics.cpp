#include "method/separable/classification_metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"

namespace lab::separable {
namespace {

double share(std::size_t part, std::size_t whole, double of_none) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : of_none;
}

}  // namespace

double Confusion::accuracy() const {
  return share(true_positives + true_negatives, total(), 0);
}
double Confusion::recall() const {
  return share(true_positives, true_positives + false_negatives, 1);
}
double Confusion::precision() const {
  return share(true_positives, true_positives + false_positives, 1);
}
double Confusion::specificity() const {
  return share(true_negatives, true_negatives + false_positives, 1);
}
double Confusion::f1() const {
  return share(2 * true_positives, 2 * true_positives + false_positives + false_negatives, 1);
}

Confusion confusion(std::span<const double> scores, std::span<const std::uint8_t> positive,
                    double threshold) {
  assert(scores.size() == positive.size());
  Confusion counts;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool found = scores[i] >= threshold;
    if (positive[i]) {
      ++(found ? counts.true_positives : counts.false_negatives);
    } else {
      ++(found ? counts.false_positives : counts.true_negatives);
    }
  }
  return counts;
}

double area_under_roc(std::span<const double> scores, std::span<const std::uint8_t> positive) {
  assert(scores.size() == positive.size());
  std::uint64_t halves = 0, positives = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!positive[i]) continue;
    ++positives;
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (positive[j]) continue;
      halves += scores[i] > scores[j] ? 2u : scores[i] == scores[j] ? 1u : 0u;
    }
  }
  const std::uint64_t pairs = positives * (scores.size() - positives);
  return pairs > 0 ? static_cast<double>(halves) / (2 * static_cast<double>(pairs)) : 0.5;
}

std::vector<std::array<double, 2>> roc_points(std::span<const double> scores,
                                              std::span<const std::uint8_t> positive) {
  assert(scores.size() == positive.size());
  std::vector<std::size_t> order(scores.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  const auto positives = static_cast<std::size_t>(std::ranges::count(positive, std::uint8_t{1}));
  const std::size_t negatives = scores.size() - positives;
  std::vector<std::array<double, 2>> points;
  if (positives == 0 || negatives == 0) return points;
  points.push_back({0, 0});
  std::size_t true_positives = 0, false_positives = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    ++(positive[order[k]] ? true_positives : false_positives);
    if (k + 1 < order.size() && scores[order[k + 1]] == scores[order[k]]) continue;
    points.push_back({share(false_positives, negatives, 0), share(true_positives, positives, 0)});
  }
  return points;
}

double log_loss(std::span<const double> probabilities, std::span<const std::uint8_t> positive) {
  assert(probabilities.size() == positive.size() && !positive.empty());
  constexpr double kLeast = 1e-15;
  double sum = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const double p = std::clamp(probabilities[i], kLeast, 1 - kLeast);
    sum -= lab::log(positive[i] ? p : 1 - p);
  }
  return sum / static_cast<double>(positive.size());
}

double brier_score(std::span<const double> probabilities, std::span<const std::uint8_t> positive) {
  assert(probabilities.size() == positive.size() && !positive.empty());
  double sum = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const double off = probabilities[i] - (positive[i] ? 1 : 0);
    sum += off * off;
  }
  return sum / static_cast<double>(positive.size());
}

std::vector<ReliabilityBin> reliability(std::span<const double> probabilities,
                                        std::span<const std::uint8_t> positive, std::size_t bins) {
  assert(probabilities.size() == positive.size() && bins > 0);
  std::vector<ReliabilityBin> all(bins);
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const double place = probabilities[i] * static_cast<double>(bins);
    ReliabilityBin& bin = all[std::min(static_cast<std::size_t>(place), bins - 1)];
    bin.predicted += probabilities[i];
    bin.observed += positive[i] ? 1 : 0;
    ++bin.count;
  }
  std::erase_if(all, [](const ReliabilityBin& bin) { return bin.count == 0; });
  for (ReliabilityBin& bin : all) {
    bin.predicted /= static_cast<double>(bin.count);
    bin.observed /= static_cast<double>(bin.count);
  }
  return all;
}

std::array<double, 2> wilson_interval(std::size_t k, std::size_t n) {
  assert(n >= 1 && k <= n);
  constexpr double kZ = 1.959963984540054;
  const auto count = static_cast<double>(n);
  const double p = static_cast<double>(k) / count;
  const double scale = 1 + kZ * kZ / count;
  const double middle = (p + kZ * kZ / (2 * count)) / scale;
  const double half = kZ / scale * std::sqrt(p * (1 - p) / count + kZ * kZ / (4 * count * count));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace lab::separable
