#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/numerics.h"
#include "method/separable/kernel_svm.h"
#include "method/separable/wdbc.h"

using namespace lab;
using namespace lab::separable;

TEST_CASE("the optimum on the breast-cancer data is scikit-learn's, standardised and raw") {
  const test::Wdbc& data = test::wdbc();
  KernelSvm model(569, 30);
  const auto check = [&](const Matrix& x, double gamma, double dual, double bias,
                         std::vector<double> decisions, double supports) {
    CHECK(default_gamma(view(x)) == doctest::Approx(gamma).epsilon(1e-12));
    model.fit(view(x), data.y, 1, default_gamma(view(x)));
    CHECK(model.converged());
    CHECK(model.dual() == doctest::Approx(dual).epsilon(1e-5));
    CHECK(std::abs(model.bias() - bias) < 2e-3);
    CHECK(std::abs(static_cast<double>(model.support_vectors()) - supports) <= 3);
    std::size_t k = 0;
    for (const std::size_t row : {0u, 100u, 568u}) {
      CHECK(std::abs(model.decision(view(x).row(row)) - decisions[k++]) < 5e-3);
    }
  };
  check(data.standard.features, 0.03333333333333333, 59.76134537133552, -0.23536713805293918,
        {-1.0000000058909808, -0.6468254517120575, 1.1368771703090046}, 119);
  check(data.raw.features, 6.395533747973492e-07, 129.79415066473874, -0.7302745653918681,
        {-3.107248106331091, -0.14720734125125012, 1.6243945463168545}, 148);
}

TEST_CASE("two samples by hand: equal multipliers, the plane midway") {
  Matrix x = Matrix::from_shape({2, 1});
  x(0, 0) = 0;
  x(1, 0) = 2;
  const std::vector<double> y = {-1, 1};
  KernelSvm model(2, 1);
  model.fit(view(x), y, 100, 0.25);
  // Q = ((1, -k), (-k, 1)) with k = 1/e: a = 1 / (1 - k), dual a.
  const double a = 1 / (1 - lab::exp(-1.0));
  CHECK(model.converged());
  CHECK(model.dual() == doctest::Approx(a).epsilon(1e-6));
  const double middle[] = {1.0}, right[] = {2.0};
  CHECK(std::abs(model.decision(middle)) < 1e-12);
  CHECK(model.decision(right) == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("one class alone is that class everywhere; equal numbers have a kernel too") {
  Matrix x = Matrix::from_shape({3, 2});
  x.fill(4);
  const std::vector<double> y = {-1, -1, -1};
  KernelSvm model(3, 2);
  model.fit(view(x), y, 1, default_gamma(view(x)));
  CHECK(default_gamma(view(x)) == 0.5);
  CHECK(model.support_vectors() == 0);
  CHECK(model.decision(view(x).row(0)) == -1);
}
