#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/random.h"
#include "method/linear_algebra.h"

using namespace lab;

namespace {

Matrix matrix(std::size_t rows, std::size_t cols, std::vector<double> values) {
  Matrix result = Matrix::from_shape({rows, cols});
  std::copy(values.begin(), values.end(), result.begin());
  return result;
}

Matrix random_matrix(Stream& stream, std::size_t rows, std::size_t cols) {
  Matrix result = Matrix::from_shape({rows, cols});
  for (double& value : result) value = stream.normal();
  return result;
}

std::vector<double> residual(const Matrix& a, const std::vector<double>& x,
                             const std::vector<double>& b) {
  std::vector<double> r = b;
  for (std::size_t i = 0; i < a.shape(0); ++i) {
    for (std::size_t j = 0; j < a.shape(1); ++j) r[i] -= a(i, j) * x[j];
  }
  return r;
}

double column_dot(const Matrix& a, std::size_t j, const std::vector<double>& r) {
  double sum = 0;
  for (std::size_t i = 0; i < a.shape(0); ++i) sum += a(i, j) * r[i];
  return sum;
}

}  // namespace

TEST_CASE("symmetric eigenvalues: known matrices") {
  const std::vector<double> two = symmetric_eigenvalues(matrix(2, 2, {2, 1, 1, 2}));
  CHECK(two[0] == doctest::Approx(1).epsilon(1e-15));
  CHECK(two[1] == doctest::Approx(3).epsilon(1e-15));
  // The second-difference matrix of order n has the eigenvalues 2 - 2 cos(k pi / (n + 1)); n = 5.
  const std::vector<double> chain = symmetric_eigenvalues(matrix(
      5, 5, {2, -1, 0, 0, 0, -1, 2, -1, 0, 0, 0, -1, 2, -1, 0, 0, 0, -1, 2, -1, 0, 0, 0, -1, 2}));
  const double root3 = std::sqrt(3.0);
  const double expected[] = {2 - root3, 1, 2, 3, 2 + root3};
  for (int k = 0; k < 5; ++k) CHECK(chain[k] == doctest::Approx(expected[k]).epsilon(1e-14));
  CHECK(symmetric_eigenvalues(matrix(1, 1, {-4}))[0] == -4);
}

TEST_CASE("symmetric eigenvalues: trace and sum of squares are kept") {
  Stream stream(1, "eigenvalues");
  const Matrix z = random_matrix(stream, 40, 17);
  Matrix gram = Matrix::from_shape({17, 17});
  weighted_gram(view(z), {}, gram);
  double trace = 0, squares = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    trace += gram(i, i);
    for (std::size_t j = 0; j < 17; ++j) {
      CHECK(gram(i, j) == gram(j, i));
      squares += gram(i, j) * gram(i, j);
    }
  }
  double sum = 0, sum_squares = 0;
  const std::vector<double> values = symmetric_eigenvalues(gram);
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(values[i] > 0);
    if (i > 0) CHECK(values[i] >= values[i - 1]);
    sum += values[i];
    sum_squares += values[i] * values[i];
  }
  CHECK(sum == doctest::Approx(trace).epsilon(1e-13));
  CHECK(sum_squares == doctest::Approx(squares).epsilon(1e-13));
}

TEST_CASE("least squares: the residual is orthogonal to every column") {
  Stream stream(2, "least squares");
  for (const std::size_t cols : {1u, 3u, 8u, 20u}) {
    const Matrix a = random_matrix(stream, 20, cols);
    std::vector<double> b(20);
    for (double& value : b) value = stream.normal();
    const std::vector<double> r = residual(a, least_squares(a, b), b);
    for (std::size_t j = 0; j < cols; ++j) CHECK(std::abs(column_dot(a, j, r)) < 1e-12);
  }
  // A column that depends on the others is left out.
  const std::vector<double> x = least_squares(matrix(3, 2, {1, 2, 1, 2, 1, 2}), {3, 3, 3});
  CHECK(x[0] == doctest::Approx(3));
  CHECK(x[1] == 0);
}

TEST_CASE("non-negative least squares: the optimality conditions hold") {
  Stream stream(3, "nnls");
  for (int trial = 0; trial < 50; ++trial) {
    const std::size_t rows = 2 + stream.below(12);
    const std::size_t cols = 1 + stream.below(40);
    const Matrix a = random_matrix(stream, rows, cols);
    std::vector<double> b(rows);
    for (double& value : b) value = stream.normal();
    const std::vector<double> x = nonnegative_least_squares(a, b, 1e-12);
    const std::vector<double> r = residual(a, x, b);
    for (std::size_t j = 0; j < cols; ++j) {
      CHECK(x[j] >= 0);
      const double gradient = column_dot(a, j, r);
      CHECK(gradient < 1e-11);                          // no variable wants to grow
      if (x[j] > 0) CHECK(std::abs(gradient) < 1e-11);  // and none that is used wants to shrink
    }
  }
}

TEST_CASE("Cholesky: the solution of a definite system, and nothing of an indefinite one") {
  // L L^T with L = ((2, 0, 0), (1, 3, 0), (-1, 2, 1)), x = (1, -2, 3).
  std::vector<double> a = {4, 2, -2, 2, 10, 5, -2, 5, 6};
  std::vector<double> b = {-6, -3, 6};
  REQUIRE(solve_positive_definite(a, b));
  CHECK(b[0] == doctest::Approx(1).epsilon(1e-14));
  CHECK(b[1] == doctest::Approx(-2).epsilon(1e-14));
  CHECK(b[2] == doctest::Approx(3).epsilon(1e-14));
  std::vector<double> indefinite = {1, 2, 2, 1}, kept = {5, 6};
  CHECK_FALSE(solve_positive_definite(indefinite, kept));
  CHECK(kept == std::vector<double>{5, 6});
}
