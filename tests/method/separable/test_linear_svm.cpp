#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "method/separable/linear_svm.h"
#include "method/separable/wdbc.h"

using namespace lab;
using namespace lab::separable;

TEST_CASE("the optimum on the breast-cancer data is scikit-learn's, with no gap to the dual") {
  const test::Wdbc& data = test::wdbc();
  LinearSvm model(569, 30);
  Stream order(0, "svm");
  model.fit(view(data.standard.features), data.y, 1, order);
  CHECK(model.converged());
  CHECK(model.primal(data.y) == doctest::Approx(26.526351609019414).epsilon(1e-5));
  CHECK(model.dual() <= model.primal(data.y));
  CHECK(model.primal(data.y) - model.dual() < 1e-2);
  CHECK(model.bias() == doctest::Approx(0.0406).epsilon(0.02));
  double squares = 0;
  for (const double weight : model.weights()) squares += weight * weight;
  CHECK(std::sqrt(squares) == doctest::Approx(3.06707).epsilon(1e-3));
}

TEST_CASE("two samples: the widest street, whose edges they stand on") {
  // (x, 1) = (1, 1) and (-1, 1): w = (1, 0), both multipliers 1/2.
  Matrix x = Matrix::from_shape({2, 1});
  x(0, 0) = 1;
  x(1, 0) = -1;
  const std::vector<double> y = {1, -1};
  LinearSvm model(2, 1);
  Stream order(0, "svm");
  model.fit(view(x), y, 10, order);
  CHECK(model.converged());
  CHECK(model.weights()[0] == doctest::Approx(1).epsilon(1e-4));
  CHECK(std::abs(model.bias()) < 1e-4);
  CHECK(model.support_vectors() == 2);
  CHECK(model.dual() == doctest::Approx(0.5).epsilon(1e-4));
  // A small C holds the multipliers: w = 2 C.
  model.fit(view(x), y, 0.1, order);
  CHECK(model.weights()[0] == doctest::Approx(0.2).epsilon(1e-12));
}
