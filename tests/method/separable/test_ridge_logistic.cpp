#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/random.h"
#include "method/separable/ridge_logistic.h"
#include "method/separable/wdbc.h"

using namespace lab;
using namespace lab::separable;

namespace {

double accuracy(const RidgeLogistic& model, const Matrix& x, const std::vector<double>& y) {
  double right = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    right += (model.decision(view(x).row(i)) > 0) == (y[i] > 0) ? 1 : 0;
  }
  return right / static_cast<double>(y.size());
}

}  // namespace

TEST_CASE("V1: the optimum on all samples and features") {
  const test::Wdbc& data = test::wdbc();
  RidgeLogistic model(569, 30);
  model.fit(view(data.standard.features), data.y, 1);
  CHECK(model.converged());
  CHECK(std::abs(model.objective() - 37.7589459619) < 1e-9);
  CHECK(std::abs(model.bias() - 0.2145027174) < 1e-9);
  CHECK(std::abs(model.weight_norm() - 3.8416087888) < 1e-9);
  CHECK(std::abs(model.weights()[0] - -0.3630925319) < 1e-9);
  CHECK(std::abs(model.weights()[20] - -1.0292622616) < 1e-9);
  CHECK(std::abs(accuracy(model, data.standard.features, data.y) - 0.9876977153) < 1e-9);
  CHECK(model.iterations() == 10);
}

TEST_CASE("V2: the optimum on worst radius and worst smoothness") {
  const test::Wdbc& data = test::wdbc();
  Matrix x = Matrix::from_shape({569, 2});
  for (std::size_t i = 0; i < 569; ++i) {
    x(i, 0) = data.standard.features(i, 20);
    x(i, 1) = data.standard.features(i, 24);
  }
  RidgeLogistic model(569, 30);
  model.fit(view(x), data.y, 1);
  CHECK(std::abs(model.weights()[0] - -4.8936299252) < 1e-9);
  CHECK(std::abs(model.weights()[1] - -1.5128562482) < 1e-9);
  CHECK(std::abs(model.bias() - 0.5965395225) < 1e-9);
  CHECK(std::abs(model.objective() - 88.5547548382) < 1e-9);
  CHECK(std::abs(accuracy(model, x, data.y) - 0.9578207381) < 1e-9);
}

TEST_CASE("other ridges against SciPy (tests/reference/simple-linear-wdbc)") {
  const test::Wdbc& data = test::wdbc();
  RidgeLogistic model(569, 30);
  const auto check = [&](double c, double objective, double bias, double norm) {
    model.fit(view(data.standard.features), data.y, c);
    CHECK(model.converged());
    CHECK(model.objective() == doctest::Approx(objective).epsilon(1e-10));
    CHECK(model.bias() == doctest::Approx(bias).epsilon(1e-7));
    CHECK(model.weight_norm() == doctest::Approx(norm).epsilon(1e-7));
  };
  check(0.01, 1.3318028202946997, 0.6238085353014754, 0.9024480991843021);
  check(100, 1921.6504038030714, -1.9567901410994701, 21.72439342255889);
}

TEST_CASE("the gradient of J by central differences") {
  const test::Wdbc& data = test::wdbc();
  Stream stream(0, "gradient");
  for (const double c : {0.01, 1.0, 100.0}) {
    std::vector<double> theta(31), gradient(31), other(31);
    for (double& value : theta) value = 0.3 * stream.normal();
    const MatrixView<double> x = view(data.standard.features);
    ridge_logistic_objective(x, data.y, c, theta, gradient);
    double scale = 0, error = 0;
    for (std::size_t j = 0; j < theta.size(); ++j) {
      constexpr double kStep = 1e-5;
      std::vector<double> moved = theta;
      moved[j] += kStep;
      const double above = ridge_logistic_objective(x, data.y, c, moved, other);
      moved[j] -= 2 * kStep;
      const double below = ridge_logistic_objective(x, data.y, c, moved, other);
      error = std::max(error, std::abs((above - below) / (2 * kStep) - gradient[j]));
      scale = std::max(scale, std::abs(gradient[j]));
    }
    CHECK(error <= 1e-6 * scale);
  }
}

TEST_CASE("separable data: the weights grow without bound with C while the loss goes to 0") {
  const test::Wdbc& data = test::wdbc();
  RidgeLogistic model(569, 30);
  double norm = 0, loss = 1;
  for (const double c : {1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4, 1e6}) {
    CAPTURE(c);
    model.fit(view(data.standard.features), data.y, c);
    CHECK(model.converged());
    CHECK(model.weight_norm() > norm);
    CHECK(model.mean_loss() < loss);
    norm = model.weight_norm();
    loss = model.mean_loss();
  }
  CHECK(norm > 100);
  CHECK(loss < 0.02);
}

TEST_CASE("features of five orders of magnitude do not overflow, and one class is learnt too") {
  const test::Wdbc& data = test::wdbc();
  RidgeLogistic model(569, 30);
  model.fit(view(data.raw.features), data.y, 1);
  CHECK(std::isfinite(model.objective()));
  CHECK(accuracy(model, data.raw.features, data.y) > 0.95);
  const std::vector<double> ones(569, 1.0);
  model.fit(view(data.standard.features), ones, 1);
  CHECK(accuracy(model, data.standard.features, ones) == 1);
}
