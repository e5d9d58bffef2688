#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "method/statistics.h"

using namespace lab;

TEST_CASE("quantiles of Student's t") {
  CHECK(student_t_975(1) == 12.706);
  CHECK(student_t_975(19) == 2.093);
  CHECK(student_t_975(199) == doctest::Approx(1.972).epsilon(1e-3));
  for (std::size_t degrees = 2; degrees < 100; ++degrees) {
    CHECK(student_t_975(degrees) < student_t_975(degrees - 1));
  }
}

TEST_CASE("the corrected interval is wider than that of independent scores") {
  const std::vector<double> scores = {1, 2, 3, 4};
  const MeanAndInterval plain = resampled_mean(scores, 0);
  CHECK(plain.mean == 2.5);
  CHECK(plain.deviation == doctest::Approx(1.2909944487));
  CHECK(plain.high - plain.mean == doctest::Approx(3.182 * 1.2909944487 / 2));
  const MeanAndInterval corrected = resampled_mean(scores, 1.0 / 9);
  CHECK((corrected.high - 2.5) / (plain.high - 2.5) == doctest::Approx(std::sqrt(1 + 4.0 / 9)));
  const std::vector<double> one = {7};
  CHECK(resampled_mean(one, 0.1).low == 7);
}
