// How good are the scores of a two-class model? Counts, curves and proper scores, the standard
// ones. A score is a number that is larger the more likely the positive class is: a probability, or
// a margin.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lab::separable {

struct Confusion {
  std::size_t true_positives = 0, false_positives = 0, true_negatives = 0, false_negatives = 0;

  std::size_t total() const {
    return true_positives + false_positives + true_negatives + false_negatives;
  }
  double accuracy() const;     // 0 of no samples
  double recall() const;       // share of the positives that are found; 1 where there are none
  double precision() const;    // share of the finds that are right; 1 where nothing is found
  double specificity() const;  // share of the negatives left alone; 1 where there are none
  double f1() const;           // the harmonic mean of recall and precision
};

// positive: 1 where the sample is of the positive class; it is found where score >= threshold.
Confusion confusion(std::span<const double> scores, std::span<const std::uint8_t> positive,
                    double threshold);

// The area under the ROC curve: the share of pairs of a positive and a negative in which the
// positive has the larger score, ties counting half (Mann and Whitney; equal to the formula over
// mid-ranks). 0.5 where one class is missing. Pairs are counted one by one: P N comparisons, no
// memory.
double area_under_roc(std::span<const double> scores, std::span<const std::uint8_t> positive);

// False positive rate and true positive rate from (0, 0) to (1, 1), one point for each distinct
// score. Of both classes there must be a sample; else there are no points.
std::vector<std::array<double, 2>> roc_points(std::span<const double> scores,
                                              std::span<const std::uint8_t> positive);

// The mean of -log of the probability of the true class, in nats, probabilities kept within [1e-15,
// 1 - 1e-15].
double log_loss(std::span<const double> probabilities, std::span<const std::uint8_t> positive);
// The mean of (p - y)^2 (Brier 1950).
double brier_score(std::span<const double> probabilities, std::span<const std::uint8_t> positive);

// Of the samples whose probability falls into one of `bins` equal bins of [0, 1], those bins that
// have any: how likely they were said to be, how many were positive, and how many there are.
struct ReliabilityBin {
  double predicted = 0, observed = 0;
  std::size_t count = 0;
};
std::vector<ReliabilityBin> reliability(std::span<const double> probabilities,
                                        std::span<const std::uint8_t> positive, std::size_t bins);

// The 95 % interval of a share, k of n, by Wilson's score (1927); n >= 1.
std::array<double, 2> wilson_interval(std::size_t k, std::size_t n);

}  // namespace lab::separable
