#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "method/separable/fold.h"

using namespace lab;
using namespace lab::separable;

TEST_CASE("the scaler of a fold knows nothing of the test part, unless it leaks") {
  const std::vector<double> features = {0, 5, 2, 5, 4, 5, 100, 6};
  const std::vector<double> y = {-1, 1, 1, -1};
  const std::vector<std::uint16_t> fold_of = {0, 0, 0, 1};
  const MatrixView<double> x{features.data(), 4, 2};
  Fold fold(x, y, 3, 3);
  fold.prepare(fold_of, 1, Scaler::inside);
  REQUIRE(fold.train().rows == 3);
  REQUIRE(fold.test().rows == 1);
  const double deviation = std::sqrt(8.0 / 3);
  CHECK(fold.train()(0, 0) == doctest::Approx(-2 / deviation));
  CHECK(fold.train()(1, 1) == 0);  // constant in the training part
  CHECK(fold.test()(0, 0) == doctest::Approx(98 / deviation));
  CHECK(fold.test()(0, 1) == 1);
  CHECK(fold.raw_test()(0, 0) == 100);
  CHECK(fold.y_test()[0] == -1);
  CHECK(fold.test_rows()[0] == 3);
  CHECK(std::vector<std::uint8_t>(fold.in_train().begin(), fold.in_train().end()) ==
        std::vector<std::uint8_t>{1, 1, 1, 0});

  fold.prepare(fold_of, 1, Scaler::leak);
  CHECK(fold.test()(0, 0) < 2);
  fold.prepare(fold_of, 0, Scaler::none);
  CHECK(fold.train().rows == 1);
  CHECK(fold.test()(2, 0) == 4);
}
