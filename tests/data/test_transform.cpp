#include <doctest/doctest.h>

#include <cmath>

#include "data/generate.h"
#include "data/transform.h"
#include "helpers.h"

using namespace lab;

namespace {

using Names = std::vector<std::string>;

Dataset three_classes() {
  Dataset dataset;
  dataset.name = "three";
  dataset.features = {{1, 0.1, 10}, {2, 0.1, 20}, {3, 0.1, 30}, {6, 0.1, 40}};
  dataset.labels = {0, 1, 2, 0};
  dataset.feature_names = {"u", "same", "w"};
  dataset.class_names = {"a", "b", "c"};
  dataset.provenance.source = "a test";
  return dataset;
}

}  // namespace

TEST_CASE(
    "standardise: mean 0, deviation 1; a constant column is found, not divided by a rounding "
    "error") {
  const Scaling scaling = fit_standardise(three_classes().features);
  CHECK(scaling.offset == std::vector<double>{3, 0.1, 25});
  CHECK(scaling.scale[0] == std::sqrt(3.5));
  CHECK(scaling.scale[1] == 1);
  CHECK(scaling.constant == std::vector<std::size_t>{1});
  const Dataset scaled = standardised(three_classes());
  CHECK(scaled.features(3, 0) == 3 / std::sqrt(3.5));
  for (std::size_t i = 0; i < 4; ++i) CHECK(scaled.features(i, 1) == 0);
  CHECK(scaled.provenance.recipe == "standardised, constant: 'same'");

  const Dataset random = standardised(overlapping_gaussians(500, 3, 2, 1));
  for (std::size_t j = 0; j < 3; ++j) {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < 500; ++i) {
      sum += random.features(i, j);
      squares += random.features(i, j) * random.features(i, j);
    }
    CHECK(std::abs(sum / 500) < 1e-14);
    CHECK(std::abs(squares / 500 - 1) < 1e-14);
  }
}

TEST_CASE("a scaling fitted on one part applies to another") {
  Matrix other = Matrix::from_shape({1, 3});
  other(0, 0) = 5;
  other(0, 1) = 0.2;
  other(0, 2) = 25;
  apply_scaling(fit_standardise(three_classes().features), other);
  CHECK(other(0, 0) == 2 / std::sqrt(3.5));
  CHECK(other(0, 1) == 0.1);
  CHECK(other(0, 2) == 0);
}

TEST_CASE("min-max, division, and what cannot be scaled") {
  const Dataset scaled = min_max_scaled(three_classes());
  CHECK(scaled.features(0, 0) == 0);
  CHECK(scaled.features(3, 0) == 1);
  CHECK(scaled.features(1, 0) == 0.2);
  CHECK(scaled.provenance.recipe == "scaled to 0..1, constant: 'same'");
  CHECK(divided_by(three_classes(), 16).features(0, 2) == 0.625);
  CHECK(divided_by(three_classes(), 16).provenance.recipe == "divided by 16");
  CHECK(error_of([] { divided_by(three_classes(), 0); }) ==
        "scaling: the features cannot be divided by this; expected a finite number other than 0");
  const Matrix huge = {{1e308}, {-1e308}};
  const std::string expected =
      "scaling: the values of feature 1 cannot be scaled; expected values whose spread is a number "
      "between "
      "1e-150 and 1e150";
  CHECK(error_of([&] { fit_standardise(huge); }) == expected);
  CHECK(error_of([&] { fit_min_max(huge); }) == expected);
  const Matrix tiny = {{1e-320}, {2e-320}};
  CHECK(error_of([&] { fit_standardise(tiny); }) == expected);
}

TEST_CASE("rows are selected in the order given") {
  const std::vector<std::size_t> rows = {2, 0, 2};
  const Dataset part = select_rows(three_classes(), rows);
  CHECK(part.labels == std::vector<int>{2, 0, 2});
  CHECK(part.features(0, 0) == 3);
  CHECK(part.features(1, 2) == 10);
  Dataset regression = three_classes();
  regression.labels.clear();
  regression.targets = {1, 2, 3, 4};
  CHECK(select_rows(regression, rows).targets(2) == 3);
}

TEST_CASE("classes are selected; the first named becomes class 0") {
  const Dataset pair = select_classes(three_classes(), Names{"c", "a"});
  CHECK(pair.class_names == Names{"c", "a"});
  CHECK(pair.labels == std::vector<int>{1, 0, 1});
  CHECK(pair.features(1, 0) == 3);
  CHECK(pair.provenance.recipe == "classes c, a");
  CHECK(error_of([] {
          select_classes(three_classes(), Names{"a", "d"});
        }) == "data set 'three': there is no class 'd'; expected one of a, b or c");
  CHECK(error_of([] {
          select_classes(three_classes(), Names{"a", "a"});
        }) == "data set 'three': class 'a' is named twice; expected two classes");
}
