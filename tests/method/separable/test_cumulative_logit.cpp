// The cumulative logit model: reference numbers, gradients by differences, and far out.

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/random.h"
#include "method/separable/cumulative_logit.h"
#include "presto_samples.h"
#include "reference/presto-rare-events/vector.h"

using namespace lab;
using namespace lab::separable;

namespace {

// Loss and gradient at alpha and beta.
struct At {
  double loss;
  std::vector<double> alpha, beta;
};

At at(const OrderedSamples& samples, std::span<const double> alpha, std::span<const double> beta) {
  CumulativeLoss loss(samples);
  Matrix scores = Matrix::from_shape({alpha.size(), samples.count()});
  Matrix by_score = scores;
  scores.fill(0);
  by_score.fill(0);
  loss.scores(alpha, beta, scores);
  At result = {loss.value(scores, by_score), std::vector<double>(alpha.size()),
               std::vector<double>(beta.size())};
  loss.gradient(by_score, result.alpha, result.beta);
  CHECK(loss.value(scores) == result.loss);
  return result;
}

}  // namespace

TEST_CASE("cumulative logit: reference vector V1") {
  const OrderedSamples samples = presto_test::four_samples();
  const std::vector<double> alpha = {-0.2, 0.8};
  // psi_1 = (0.3, -0.2), psi_2 = (-0.1, 0.15)
  const std::vector<double> beta = {0.3, -0.2, 0.2, -0.05};
  const std::array<std::array<double, 3>, 4> expected = {{
      {0.5374298453, 0.1836853327, 0.2788848220},
      {0.5249791875, 0.2060793912, 0.2689414214},
      {0.3893607661, 0.2732610711, 0.3373781628},
      {0.4013123399, 0.2778663593, 0.3208213008},
  }};
  const BoundaryWeights weights = {alpha, beta};
  for (std::size_t i = 0; i < 4; ++i) {
    std::array<double, 3> probabilities;
    class_probabilities(weights, presto_test::kRows[i], probabilities);
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(probabilities[c] == doctest::Approx(expected[i][c]).epsilon(1e-9));
    }
  }
  const At here = at(samples, alpha, beta);
  // psi_1 is in both boundaries.
  const std::array<double, 6> gradient = {
      here.alpha[0], here.alpha[1], here.beta[0] + here.beta[2], here.beta[1] + here.beta[3],
      here.beta[2],  here.beta[3]};
  CHECK(here.loss == doctest::Approx(reference::presto::kLoss).epsilon(1e-15));
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(gradient[i] == doctest::Approx(reference::presto::kGradient[i]).epsilon(1e-13));
  }

  Matrix columns = Matrix::from_shape({2, 4});
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 2; ++j) columns(j, i) = presto_test::kRows[i][j];
  }
  std::array<double, 4> rare;
  rare_probabilities(weights, columns, rare);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(rare[i] == doctest::Approx(expected[i][2]).epsilon(1e-9));
}

TEST_CASE("cumulative logit: intercepts of the classes' shares, V3") {
  std::vector<int> labels(50, 0);
  labels.insert(labels.end(), 45, 1);
  labels.insert(labels.end(), 4, 2);
  labels.push_back(3);
  const std::vector<double> nothing(100, 1);
  std::vector<std::size_t> rows(100);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const OrderedSamples samples = ordered_samples({nothing.data(), 100, 1}, labels, rows, 4);
  const std::vector<double> alpha = share_intercepts(samples);
  CHECK(alpha[0] == 0);
  CHECK(alpha[1] == doctest::Approx(2.9444389792).epsilon(1e-10));
  CHECK(alpha[2] == doctest::Approx(4.5951198501).epsilon(1e-10));
  // A feature that is the same everywhere says nothing.
  for (const double number : span(samples.columns)) CHECK(number == 0);
  CHECK(samples.deviation[0] == 1);
}

TEST_CASE("cumulative logit: the gradient against central differences") {
  const OrderedSamples samples = presto_test::random_samples(200, 3, {60, 80, 45, 15}, 4);
  Stream stream(3, "test");
  for (int trial = 0; trial < 5; ++trial) {
    std::vector<double> alpha = {-1, 0.9, 2.5}, beta(9);
    for (double& weight : beta) weight = stream.uniform(-0.1, 0.1);
    const At here = at(samples, alpha, beta);
    REQUIRE(std::isfinite(here.loss));
    constexpr double kStep = 1e-5;
    for (std::vector<double>* point : {&alpha, &beta}) {
      for (std::size_t i = 0; i < point->size(); ++i) {
        const double kept = (*point)[i];
        (*point)[i] = kept + kStep;
        const double above = at(samples, alpha, beta).loss;
        (*point)[i] = kept - kStep;
        const double below = at(samples, alpha, beta).loss;
        (*point)[i] = kept;
        const double gradient = point == &alpha ? here.alpha[i] : here.beta[i];
        CHECK((above - below) / (2 * kStep) == doctest::Approx(gradient).epsilon(1e-6));
      }
    }
  }
}

TEST_CASE("cumulative logit: no digits are lost far out, and boundaries that cross have no loss") {
  const OrderedSamples samples = presto_test::four_samples();
  const std::vector<double> none(4);
  // p = sigmoid(40) - sigmoid(39.9999): both are 1 in double precision.
  const At far = at(samples, std::array{39.9999, 40.0}, none);
  // log p of the middle class: log(1 - exp(-d)) - b, to the last digit here.
  const double middle = std::log(-std::expm1(-1e-4)) - 39.9999;
  CHECK(far.loss == doctest::Approx((0 - 2 * middle + 40) / 4).epsilon(1e-9));
  CHECK(far.alpha[1] < 0);
  CHECK(std::isfinite(far.alpha[0]));
  CHECK(at(samples, std::array{1.0, 0.5}, none).loss == HUGE_VAL);
  CHECK(at(samples, std::array{0.5, 0.5}, none).loss == HUGE_VAL);
  // Where they cross only for some x, the class between has a negative probability there.
  const BoundaryWeights crossing = {{0, 0.5}, {0, 0, 1, 0}};
  std::array<double, 3> probabilities;
  class_probabilities(crossing, std::array{-1.0, 0.0}, probabilities);
  CHECK(probabilities[1] < 0);
  CHECK(probabilities[2] > 0);
  CHECK(probabilities[0] + probabilities[1] + probabilities[2] ==
        doctest::Approx(1).epsilon(1e-15));
}

TEST_CASE("cumulative logit: weights in the units of the data give the same scores") {
  Stream stream(1, "test");
  std::vector<double> features(60);
  for (double& number : features) number = 100 + 7 * stream.normal();
  std::vector<int> labels(30);
  std::vector<std::size_t> rows(30);
  for (std::size_t i = 0; i < 30; ++i) {
    labels[i] = static_cast<int>(i % 3);
    rows[i] = i;
  }
  const OrderedSamples samples = ordered_samples({features.data(), 30, 2}, labels, rows, 3);
  const std::vector<double> alpha = {-1, 1}, beta = {0.5, -0.2, 0.4, 0.1};
  BoundaryWeights weights = {std::vector<double>(2), std::vector<double>(4)};
  unstandardised(samples, alpha, beta, weights);
  std::array<double, 3> standardised, raw;
  class_probabilities({alpha, beta}, std::array{samples.columns(0, 0), samples.columns(1, 0)},
                      standardised);
  class_probabilities(weights, std::array{features[0], features[1]}, raw);
  for (std::size_t c = 0; c < 3; ++c)
    CHECK(raw[c] == doctest::Approx(standardised[c]).epsilon(1e-12));
}
