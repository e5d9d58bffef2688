// What else predicts a rare last class? Proportional odds, logistic regression of each boundary by
// itself, with and without class weights, and the multinomial logit that ignores the order: the
// maximum-likelihood baselines of G. Faletto and J. Bien, arXiv:2305.18700, and two more. All by
// Newton's method with halved steps; standardised features in, standardised weights out.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "method/separable/cumulative_logit.h"

namespace lab::separable {

// One vector of weights for all boundaries.
struct ProportionalOdds {
  std::vector<double> alpha;  // K - 1
  std::vector<double> beta;   // p
  double loss = 0;            // mean negative log-likelihood
  double gradient = 0;        // the largest entry of what is left of the gradient
};
ProportionalOdds proportional_odds(const OrderedSamples& samples);

// P(y <= k | x) = sigmoid(alpha + beta . x) for one boundary alone. A ridge of 1e-8 keeps it finite
// where the classes can be separated.
struct BinaryLogit {
  double alpha = 0;
  std::vector<double> beta;  // p
  double gradient = 0;
  bool separated = false;  // every sample is on its own side: only the ridge keeps it finite
};
inline constexpr double kLogitRidge = 1e-8;
// above_weight: how much a sample above the boundary counts beside one below it. The intercept is
// corrected for it afterwards (King and Zeng 2001), so that probabilities mean the same as without.
BinaryLogit binary_logit(const OrderedSamples& samples, std::size_t boundary,
                         double above_weight = 1);

// P(y = c | x) proportional to exp(alpha_c + beta_c . x), those of class 0 being 0; the same ridge.
struct MultinomialLogit {
  std::vector<double> alpha;  // K
  std::vector<double> beta;   // K x p, row-major
  double gradient = 0;
};
MultinomialLogit multinomial_logit(const OrderedSamples& samples);

// The same in the units of the data.
MultinomialLogit unstandardised(const OrderedSamples& samples, MultinomialLogit weights);
// x: p; probabilities: K.
void class_probabilities(const MultinomialLogit& weights, std::span<const double> x,
                         std::span<double> probabilities);

}  // namespace lab::separable
