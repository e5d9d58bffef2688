#include <doctest/doctest.h>

#include <vector>

#include "method/separable/classification_metrics.h"

using namespace lab::separable;

namespace {

const std::vector<double> kScores = {0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.05, 0.6};
const std::vector<std::uint8_t> kTruth = {0, 0, 1, 1, 1, 1, 0, 0};

}  // namespace

TEST_CASE("scores of eight samples against scikit-learn") {
  CHECK(area_under_roc(kScores, kTruth) == 0.78125);
  CHECK(log_loss(kScores, kTruth) == doctest::Approx(0.4847983861287989).epsilon(1e-14));
  CHECK(brier_score(kScores, kTruth) == doctest::Approx(0.170625).epsilon(1e-14));
  // Twelve and a half of sixteen pairs: the formula over mid-ranks, ranks 3, 4.5, 7, 8 of the
  // positives.
  CHECK(area_under_roc(kScores, kTruth) == (3 + 4.5 + 7 + 8 - 4 * 5 / 2.0) / 16);
}

TEST_CASE("the area under the ROC curve is that of its points") {
  const auto points = roc_points(kScores, kTruth);
  CHECK(points.front() == std::array<double, 2>{0, 0});
  CHECK(points.back() == std::array<double, 2>{1, 1});
  CHECK(points.size() == 8);  // seven distinct scores
  double area = 0;
  for (std::size_t k = 1; k < points.size(); ++k) {
    area += (points[k][0] - points[k - 1][0]) * (points[k][1] + points[k - 1][1]) / 2;
  }
  CHECK(area == doctest::Approx(area_under_roc(kScores, kTruth)).epsilon(1e-15));
}

TEST_CASE("counts at a threshold, and what follows from them") {
  const Confusion counts = confusion(kScores, kTruth, 0.4);
  CHECK(counts.true_positives == 3);
  CHECK(counts.false_negatives == 1);
  CHECK(counts.false_positives == 2);
  CHECK(counts.true_negatives == 2);
  CHECK(counts.accuracy() == 0.625);
  CHECK(counts.recall() == 0.75);
  CHECK(counts.precision() == 0.6);
  CHECK(counts.specificity() == 0.5);
  CHECK(counts.f1() == doctest::Approx(2 / (1 / 0.75 + 1 / 0.6)).epsilon(1e-15));
}

TEST_CASE("a certain mistake costs the clipped logarithm, not infinity") {
  const std::vector<double> certain = {0.0};
  const std::vector<std::uint8_t> positive = {1};
  CHECK(log_loss(certain, positive) == doctest::Approx(34.538776).epsilon(1e-7));
}

TEST_CASE("bins that have samples say what was promised and what came") {
  const auto bins = reliability(kScores, kTruth, 5);
  std::size_t count = 0;
  for (const ReliabilityBin& bin : bins) count += bin.count;
  CHECK(count == 8);
  REQUIRE(bins.size() == 5);
  CHECK(bins[0].count == 2);
  CHECK(bins[0].predicted == doctest::Approx(0.075));
  CHECK(bins[0].observed == 0);
  CHECK(bins[4].observed == 1);
}

TEST_CASE("Wilson's interval of 8 of 10 and at the ends") {
  const auto interval = wilson_interval(8, 10);
  CHECK(interval[0] == doctest::Approx(0.490162).epsilon(1e-5));
  CHECK(interval[1] == doctest::Approx(0.943318).epsilon(1e-5));
  CHECK(wilson_interval(0, 10)[0] == 0);
  CHECK(wilson_interval(10, 10)[1] == doctest::Approx(1).epsilon(1e-14));
}
