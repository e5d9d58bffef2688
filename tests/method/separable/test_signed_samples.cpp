#include "method/separable/signed_samples.h"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/error.h"
#include "core/random.h"
#include "method/separable/vectors.h"

using namespace lab;
using namespace lab::separable;

TEST_CASE("hard margin: the sheet's sets") {
  const Margin four = hard_margin(test::four_points());
  CHECK(four.lower == doctest::Approx(0.1414213562).epsilon(1e-9));
  CHECK(four.upper == doctest::Approx(0.1414213562).epsilon(1e-9));
  CHECK(four.direction[0] == doctest::Approx(std::sqrt(0.5)).epsilon(1e-9));
  CHECK(four.direction[1] == doctest::Approx(std::sqrt(0.5)).epsilon(1e-9));
  CHECK(test::four_points().radius == doctest::Approx(1.7029386366).epsilon(1e-10));

  const Margin inversion = hard_margin(test::samples({{1, -1}, {1, 4}}));
  CHECK(inversion.lower == doctest::Approx(1).epsilon(1e-12));
  CHECK(inversion.direction[0] == doctest::Approx(1).epsilon(1e-12));

  for (const std::size_t n : {10u, 100u, 1000u}) {
    const SignedSamples worst = test::worst_case(n);
    const Margin margin = hard_margin(worst);
    CHECK(margin.lower == doctest::Approx(0.5).epsilon(1e-12));
    CHECK(margin.upper == doctest::Approx(0.5).epsilon(1e-12));
    CHECK(worst.radius * worst.radius == doctest::Approx(1.25).epsilon(1e-15));
  }
}

TEST_CASE("hard margin: the certificate is tight on random separable sets") {
  Stream stream(4, "margins");
  for (int trial = 0; trial < 60; ++trial) {
    const std::size_t d = 2 + stream.below(8), n = 3 + stream.below(80);
    std::vector<double> w(d);
    for (double& value : w) value = stream.normal();
    std::vector<std::vector<double>> rows;
    while (rows.size() < n) {
      std::vector<double> row(d);
      double side = 0;
      for (std::size_t j = 0; j < d; ++j) {
        row[j] = stream.normal();
        side += row[j] * w[j];
      }
      if (std::abs(side) < 0.05) continue;
      for (double& value : row) value = side < 0 ? -value : value;
      rows.push_back(row);
    }
    const Margin margin = hard_margin(test::samples(rows));
    CHECK(margin.separable());
    CHECK(margin.lower <= margin.upper * (1 + 1e-12));
    CHECK(margin.upper - margin.lower <= 1e-9 * margin.upper);
    double squares = 0;
    for (const double value : margin.direction) squares += value * value;
    CHECK(squares == doctest::Approx(1).epsilon(1e-12));
  }
}

TEST_CASE("hard margin: none where no line separates") {
  const Margin opposite = hard_margin(test::samples({{1}, {1}, {1}, {-1}}));
  CHECK_FALSE(opposite.separable());
  CHECK(opposite.upper < 1e-12);
  CHECK(opposite.direction.empty());
}

TEST_CASE("sharpness: the sheet's vector V2, and smoothness bounds it") {
  const SignedSamples four = test::four_points();
  Sharpness sharpness(four);
  const auto at = [&](double a, double b) {
    std::vector<double> margins;
    for (std::size_t i = 0; i < 4; ++i) margins.push_back(four.z(i, 0) * a + four.z(i, 1) * b);
    return sharpness.at(margins);
  };
  CHECK(at(0, 0) == doctest::Approx(0.3171221017).epsilon(1e-9));
  CHECK(at(0.5, 0.25) == doctest::Approx(0.3080431645).epsilon(1e-9));
  CHECK(at(5, 2.5) == doctest::Approx(0.0754622456).epsilon(1e-9));
  CHECK(smoothness(four) == at(0, 0));
}

TEST_CASE("signed samples: what is wrong with the data is said") {
  Dataset data;
  data.name = "toy";
  data.features = Matrix::from_shape({2, 1});
  data.features(0, 0) = 0;
  data.features(1, 0) = 2;
  data.labels = {0, 1};
  data.class_names = {"no", "yes"};
  CHECK_THROWS_WITH_AS(signed_samples(data, false), doctest::Contains("row 1 is zero"), Error);
  const SignedSamples with_bias = signed_samples(data, true);
  CHECK(with_bias.z(0, 1) == -1);
  CHECK(with_bias.z(1, 0) == 2);
  CHECK(with_bias.transposed(0, 1) == 2);
  data.class_names = {"a", "b", "c"};
  CHECK_THROWS_WITH_AS(signed_samples(data, true), doctest::Contains("two classes"), Error);
}
