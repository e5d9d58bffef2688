// The maximum-likelihood baselines: their gradients vanish, and where two of them are the same
// model they agree.

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "method/separable/ordinal_baselines.h"
#include "presto_samples.h"

using namespace lab;
using namespace lab::separable;

TEST_CASE("ordinal baselines: Newton's method ends where the gradient vanishes") {
  const OrderedSamples samples = presto_test::random_samples(400, 5, {180, 140, 60, 20}, 7);
  CHECK(proportional_odds(samples).gradient < 1e-9);
  for (std::size_t k = 0; k < 3; ++k) CHECK(binary_logit(samples, k).gradient < 1e-9);
  CHECK(binary_logit(samples, 2, 19).gradient < 1e-9);
  CHECK(multinomial_logit(samples).gradient < 1e-9);
}

TEST_CASE("ordinal baselines: two classes make all of them one model") {
  const OrderedSamples samples = presto_test::random_samples(300, 3, {220, 80}, 8);
  const ProportionalOdds odds = proportional_odds(samples);
  const BinaryLogit logit = binary_logit(samples, 0);
  const MultinomialLogit softmax = multinomial_logit(samples);
  // The ridge of 1e-8 moves the last digits.
  CHECK(logit.alpha == doctest::Approx(odds.alpha[0]).epsilon(1e-6));
  CHECK(softmax.alpha[1] == doctest::Approx(-odds.alpha[0]).epsilon(1e-6));
  for (std::size_t j = 0; j < 3; ++j) {
    CHECK(logit.beta[j] == doctest::Approx(odds.beta[j]).epsilon(1e-6));
    CHECK(softmax.beta[3 + j] == doctest::Approx(-odds.beta[j]).epsilon(1e-6));
  }
  CHECK_FALSE(logit.separated);
}

TEST_CASE("ordinal baselines: the loss of proportional odds is lowest at the fit") {
  const OrderedSamples samples = presto_test::random_samples(200, 2, {90, 80, 30}, 9);
  const ProportionalOdds odds = proportional_odds(samples);
  CumulativeLoss loss(samples);
  Matrix scores = Matrix::from_shape({2, 200});
  scores.fill(0);
  const auto at = [&](double alpha, double beta) {
    loss.scores(std::array{odds.alpha[0] + alpha, odds.alpha[1]},
                std::array{odds.beta[0], odds.beta[1] + beta, odds.beta[0], odds.beta[1] + beta},
                scores);
    return loss.value(scores);
  };
  CHECK(at(0, 0) == doctest::Approx(odds.loss).epsilon(1e-14));
  for (const double step : {-1e-3, 1e-3}) {
    CHECK(at(step, 0) > odds.loss);
    CHECK(at(0, step) > odds.loss);
  }
}

TEST_CASE("ordinal baselines: weights move the fit, not the meaning of the intercept") {
  const OrderedSamples samples = presto_test::random_samples(20'000, 2, {14'000, 5'400, 600}, 10);
  const BinaryLogit plain = binary_logit(samples, 1), weighted = binary_logit(samples, 1, 97.0 / 3);
  // Both estimate the same model; on many samples they are near each other.
  CHECK(weighted.alpha == doctest::Approx(plain.alpha).epsilon(0.05));
  CHECK(weighted.alpha != plain.alpha);
  for (std::size_t j = 0; j < 2; ++j) CHECK(std::abs(weighted.beta[j] - plain.beta[j]) < 0.15);
}

TEST_CASE("ordinal baselines: separable classes are noticed, and the ridge keeps the fit finite") {
  const std::vector<double> features = {-3, -2, -1.5, 1, 2, 2.5};
  const std::vector<int> labels = {0, 0, 0, 1, 1, 1};
  const std::vector<std::size_t> rows = {0, 1, 2, 3, 4, 5};
  const OrderedSamples samples = ordered_samples({features.data(), 6, 1}, labels, rows, 2);
  const BinaryLogit logit = binary_logit(samples, 0);
  CHECK(logit.separated);
  CHECK(std::isfinite(logit.alpha));
  CHECK(std::abs(logit.beta[0]) > 5);
  CHECK(logit.gradient < 1e-8);
}
