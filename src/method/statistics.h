// How sure is a mean? Student's t, and its correction for scores of cross-validation.
#pragma once

#include <cstddef>
#include <span>

namespace lab {

// The quantile at 0.975 of Student's t distribution, of 1 or more degrees of freedom: to 3 digits.
double student_t_975(std::size_t degrees);

struct MeanAndInterval {
  double mean = 0;
  double low = 0, high = 0;  // 95 % interval
  double deviation = 0;      // the standard deviation of the values, with n - 1
};

// The mean of scores (or of paired differences of two models' scores) over test folds, with the
// interval of the corrected resampled t test: mean +- t sqrt((1 / J + m / n) s^2) for J scores, m
// test and n training samples (Nadeau and Bengio, Inference for the Generalization Error, Machine
// Learning 52, 2003). The folds share most of their training samples, so s / sqrt(J) would promise
// far too much. scores: at least one; of one score the interval is that score.
MeanAndInterval resampled_mean(std::span<const double> scores, double test_over_train);

}  // namespace lab
