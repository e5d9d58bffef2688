// Objectives of block coordinate descent: the reference vector, gradients and Hessians by central
// differences, the bound of the Hessian, and the optimum.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/random.h"
#include "method/linear_algebra.h"
#include "method/separable/block_objective.h"

using namespace lab;
using namespace lab::separable;

namespace {

Matrix random_columns(std::size_t features, std::size_t samples, Stream& stream) {
  Matrix columns = Matrix::from_shape({features, samples});
  stream.fill_normal(span(columns));
  return columns;
}

std::vector<double> random_vector(std::size_t size, Stream& stream) {
  std::vector<double> values(size);
  stream.fill_normal(std::span(values));
  return values;
}

Objective make(const std::string& what, Stream& stream) {
  constexpr std::size_t kFeatures = 6, kSamples = 15;
  Matrix columns = random_columns(kFeatures, kSamples, stream);
  std::vector<double> signs, numbers = random_vector(kSamples, stream);
  std::vector<int> labels;
  for (std::size_t s = 0; s < kSamples; ++s) {
    signs.push_back(numbers[s] > 0 ? 1 : -1);
    labels.push_back(static_cast<int>(s % 3));
  }
  if (what == "logistic") return logistic_objective(std::move(columns), signs, 0.3);
  if (what == "softmax") return softmax_objective(std::move(columns), labels, 3, 0.3);
  if (what == "squares") return least_squares_objective(std::move(columns), numbers, 0.3);
  const std::vector<Edge> edges = {{0, 1, 1.5}, {1, 2, 0.5}, {2, 0, 2}, {3, 4, 1}, {2, 3, 0.25}};
  return graph_objective(make_graph(5, edges, {1, 0, 0, 0.5, 0}, {1, 0, 0, -1, 0}));
}

}  // namespace

TEST_CASE(
    "block objective: gradient and Hessian are those of central differences, below the bound") {
  Stream stream(3, "test");
  for (const std::string what : {"logistic", "softmax", "squares", "graph"}) {
    CAPTURE(what);
    const Objective objective = make(what, stream);
    const std::size_t p = objective.dimension();
    BlockPoint point(objective, random_vector(p, stream));
    std::vector<double> g(p);
    point.gradient(g);
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < p; ++i) {
      all.push_back(i);
      constexpr double kStep = 1e-5;
      const Block one(&all.back(), 1);
      const double up = point.value_after(one, std::vector{kStep});
      const double down = point.value_after(one, std::vector{-kStep});
      CHECK(g[i] == doctest::Approx((up - down) / (2 * kStep)).epsilon(1e-6).scale(1));
      double alone = 0;
      point.gradient(one, std::span(&alone, 1));
      CHECK(alone == doctest::Approx(g[i]).epsilon(1e-12));
      std::vector<double> before(p), after(p), hessian(1);
      BlockPoint moved = point;
      moved.move(one, std::vector{kStep});
      moved.gradient(after);
      moved.move(one, std::vector{-2 * kStep});
      moved.gradient(before);
      point.hessian(one, hessian);
      CHECK(hessian[0] ==
            doctest::Approx((after[i] - before[i]) / (2 * kStep)).epsilon(1e-6).scale(1));
      CHECK(hessian[0] <= objective.lipschitz[i] * (1 + 1e-12));
    }
    // H - Hessian is positive semidefinite.
    Matrix difference = Matrix::from_shape({p, p});
    point.hessian(all, span(difference));
    Matrix whole;
    point.hessian(whole);
    for (std::size_t i = 0; i < difference.size(); ++i) {
      CHECK(whole.data()[i] == doctest::Approx(difference.data()[i]).epsilon(1e-12).scale(1));
    }
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t j = 0; j < p; ++j)
        difference(i, j) = objective.bound(i, j) - difference(i, j);
    }
    CHECK(symmetric_eigenvalues(difference).front() > -1e-10);
  }
}

TEST_CASE("block objective: moves add up, and what a trial says is what a move gives") {
  Stream stream(4, "test");
  for (const std::string what : {"logistic", "softmax", "squares", "graph"}) {
    CAPTURE(what);
    const Objective objective = make(what, stream);
    const std::size_t p = objective.dimension();
    BlockPoint point(objective, std::vector<double>(p, 0.0));
    for (int step = 0; step < 50; ++step) {
      std::vector<std::uint32_t> block;
      for (const std::size_t i : stream.choice(p, 3))
        block.push_back(static_cast<std::uint32_t>(i));
      const std::vector<double> d = random_vector(3, stream);
      const double promised = point.value_after(block, d);
      point.move(block, d);
      CHECK(point.value() == promised);
    }
    const double drifted = point.value();
    point.refresh();
    CHECK(point.value() == doctest::Approx(drifted).epsilon(1e-12));
  }
}

TEST_CASE("block objective: at the optimum nothing is left to follow") {
  Stream stream(5, "test");
  for (const std::string what : {"logistic", "softmax", "squares", "graph"}) {
    CAPTURE(what);
    const Objective objective = make(what, stream);
    const Optimum optimum = minimize(objective, std::vector<double>(objective.dimension(), 0.0));
    const BlockPoint point(objective, optimum.x);
    std::vector<double> g(objective.dimension());
    point.gradient(g);
    for (const double number : g) CHECK(std::abs(number) < 1e-7);
  }
}

TEST_CASE(
    "block objective: non-negative least squares agree with Lawson and Hanson, lasso with its "
    "conditions") {
  Stream stream(6, "test");
  for (int trial = 0; trial < 20; ++trial) {
    const Matrix columns = random_columns(8, 12, stream);
    const std::vector<double> b = random_vector(12, stream);
    const std::vector<double> zero(8, 0.0);
    const Objective objective = least_squares_objective(columns, b, 0, Penalty::nonnegative);
    const Optimum optimum = minimize(objective, zero);
    Matrix a = Matrix::from_shape({12, 8});
    for (std::size_t s = 0; s < 12; ++s) {
      for (std::size_t i = 0; i < 8; ++i) a(s, i) = columns(i, s);
    }
    const std::vector<double> reference = nonnegative_least_squares(a, b, 1e-12);
    for (std::size_t i = 0; i < 8; ++i)
      CHECK(optimum.x[i] == doctest::Approx(reference[i]).epsilon(1e-8));

    const Objective lasso = least_squares_objective(columns, b, 0.1, Penalty::l1, 1.5);
    const Optimum sparse = minimize(lasso, zero);
    const BlockPoint point(lasso, sparse.x);
    std::vector<double> g(8);
    point.gradient(g);
    for (std::size_t i = 0; i < 8; ++i) {
      CHECK(std::abs(reduced_gradient(lasso, sparse.x[i], g[i])) < 1e-7);
    }
  }
}

TEST_CASE(
    "cholesky: a singular matrix gets a pivot, and promises too little rather than too much") {
  std::vector<double> factor = {1, 1, 1, 1};
  cholesky(factor, 2, 1e-12);
  std::vector<double> b = {1, 1};
  cholesky_solve(factor, 2, b);
  CHECK(b[0] + b[1] == doctest::Approx(1).epsilon(1e-9));
  Stream stream(7, "test");
  const Matrix a = random_columns(30, 40, stream);
  Matrix gram = Matrix::from_shape({30, 30});
  for (std::size_t i = 0; i < 30; ++i) {
    for (std::size_t j = 0; j < 30; ++j) gram(i, j) = kernels().dot(view(a).row(i), view(a).row(j));
  }
  const std::vector<double> x = random_vector(30, stream);
  std::vector<double> y(30);
  kernels().gemv(view(gram), x, y);
  Matrix copy = gram;
  cholesky(span(copy), 30, 1e-12);
  cholesky_solve(span(copy), 30, y);
  for (std::size_t i = 0; i < 30; ++i) CHECK(y[i] == doctest::Approx(x[i]).epsilon(1e-9));
}
