#include "method/linear_algebra.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "compute/kernels.h"
#include "core/error.h"

namespace lab {

double euclidean_norm(std::span<const double> values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

void weighted_gram(MatrixView<double> z, std::span<const double> weights, Matrix& gram) {
  assert(gram.shape(0) == z.cols && gram.shape(1) == z.cols);
  weighted_gram(z, weights, span(gram));
}

void weighted_gram(MatrixView<double> z, std::span<const double> weights, std::span<double> gram) {
  const std::size_t d = z.cols;
  assert(weights.empty() || weights.size() == z.rows);
  assert(gram.size() == d * d);
  std::ranges::fill(gram, 0.0);
  for (std::size_t i = 0; i < z.rows; ++i) {
    const std::span<const double> row = z.row(i);
    const double weight = weights.empty() ? 1 : weights[i];
    for (std::size_t j = 0; j < d; ++j) {
      const double scaled = weight * row[j];
      double* const sums = gram.data() + j * d;
      for (std::size_t k = j; k < d; ++k) sums[k] += scaled * row[k];
    }
  }
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t k = 0; k < j; ++k) gram[j * d + k] = gram[k * d + j];
  }
}

bool solve_positive_definite(std::span<double> a, std::span<double> b) {
  const std::size_t d = b.size();
  assert(a.size() == d * d);
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t i = j; i < d; ++i) {
      double sum = a[i * d + j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i * d + k] * a[j * d + k];
      if (i > j) {
        a[i * d + j] = sum / a[j * d + j];
        continue;
      }
      if (!(sum > 0)) return false;
      a[j * d + j] = std::sqrt(sum);
    }
  }
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * d + k] * b[k];
    b[i] /= a[i * d + i];
  }
  for (std::size_t i = d; i-- > 0;) {
    for (std::size_t k = i + 1; k < d; ++k) b[i] -= a[k * d + i] * b[k];
    b[i] /= a[i * d + i];
  }
  return true;
}

void diagonalize(Matrix& matrix) {
  const std::size_t d = matrix.shape(0);
  assert(matrix.shape(1) == d);
  constexpr int kMostSweeps = 64;  // convergence is quadratic: a dozen is usual
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    double off_diagonal = 0, diagonal = 0;
    for (std::size_t p = 0; p < d; ++p) {
      diagonal += matrix(p, p) * matrix(p, p);
      for (std::size_t q = p + 1; q < d; ++q) off_diagonal += matrix(p, q) * matrix(p, q);
    }
    if (off_diagonal <= 1e-32 * diagonal) return;
    for (std::size_t p = 0; p < d; ++p) {
      for (std::size_t q = p + 1; q < d; ++q) {
        const double apq = matrix(p, q);
        if (apq == 0) continue;
        // The smaller root of t^2 + 2 theta t - 1 = 0 rotates by at most 45 degrees.
        const double theta = (matrix(q, q) - matrix(p, p)) / (2 * apq);
        const double root = std::abs(theta) + std::sqrt(theta * theta + 1);
        const double t = theta < 0 ? -1 / root : 1 / root;
        const double c = 1 / std::sqrt(t * t + 1);
        const double s = t * c;
        for (std::size_t k = 0; k < d; ++k) {
          const double akp = matrix(k, p), akq = matrix(k, q);
          matrix(k, p) = c * akp - s * akq;
          matrix(k, q) = s * akp + c * akq;
        }
        for (std::size_t k = 0; k < d; ++k) {
          const double apk = matrix(p, k), aqk = matrix(q, k);
          matrix(p, k) = c * apk - s * aqk;
          matrix(q, k) = s * apk + c * aqk;
        }
      }
    }
  }
  throw Error("the eigenvalues of a matrix did not converge", "diagonalize",
              "a matrix of finite numbers", Error::Kind::machine);
}

std::vector<double> symmetric_eigenvalues(Matrix matrix) {
  diagonalize(matrix);
  std::vector<double> values(matrix.shape(0));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = matrix(i, i);
  std::ranges::stable_sort(values);
  return values;
}

void cholesky(std::span<double> matrix, std::size_t n, double least_pivot) {
  assert(matrix.size() >= n * n && least_pivot > 0);
  const Kernels& k = kernels();
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, matrix[i * n + i]);
  // Of a matrix of zeros there is nothing to scale by.
  const double least = largest > 0 ? least_pivot * largest : least_pivot;
  for (std::size_t i = 0; i < n; ++i) {
    double* row = matrix.data() + i * n;
    for (std::size_t j = 0; j < i; ++j) {
      const double* other = matrix.data() + j * n;
      row[j] = (row[j] - k.dot(std::span<const double>(row, j), std::span(other, j))) / other[j];
    }
    const double pivot = row[i] - k.squared_norm(std::span<const double>(row, i));
    row[i] = std::sqrt(std::max(pivot, least));
  }
}

void cholesky_solve(std::span<const double> factor, std::size_t n, std::span<double> b) {
  assert(factor.size() >= n * n && b.size() == n);
  for (std::size_t i = 0; i < n; ++i) {
    double value = b[i];
    for (std::size_t j = 0; j < i; ++j) value -= factor[i * n + j] * b[j];
    b[i] = value / factor[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    b[i] /= factor[i * n + i];
    for (std::size_t j = 0; j < i; ++j) b[j] -= factor[i * n + j] * b[i];
  }
}

std::vector<double> least_squares(Matrix a, std::vector<double> b) {
  const std::size_t rows = a.shape(0), cols = a.shape(1);
  assert(rows >= cols && b.size() == rows);
  std::vector<double> x(cols, 0.0);
  std::vector<double> diagonal(cols);
  double largest = 0;
  for (std::size_t k = 0; k < cols; ++k) {
    double squares = 0;
    for (std::size_t i = k; i < rows; ++i) squares += a(i, k) * a(i, k);
    const double norm = std::sqrt(squares);
    diagonal[k] = a(k, k) > 0 ? -norm : norm;
    largest = std::max(largest, norm);
    if (norm == 0) continue;
    // The reflector v = column - diagonal e_k is stored in place of the column; 2/||v||^2 from its
    // parts.
    a(k, k) -= diagonal[k];
    const double factor = -1 / (diagonal[k] * a(k, k));
    for (std::size_t j = k + 1; j < cols; ++j) {
      double dot = 0;
      for (std::size_t i = k; i < rows; ++i) dot += a(i, k) * a(i, j);
      dot *= factor;
      for (std::size_t i = k; i < rows; ++i) a(i, j) -= dot * a(i, k);
    }
    double dot = 0;
    for (std::size_t i = k; i < rows; ++i) dot += a(i, k) * b[i];
    dot *= factor;
    for (std::size_t i = k; i < rows; ++i) b[i] -= dot * a(i, k);
  }
  for (std::size_t k = cols; k-- > 0;) {
    if (std::abs(diagonal[k]) <= 1e-14 * largest) continue;
    double value = b[k];
    for (std::size_t j = k + 1; j < cols; ++j) value -= a(k, j) * x[j];
    x[k] = value / diagonal[k];
  }
  return x;
}

std::vector<double> nonnegative_least_squares(const Matrix& a, std::span<const double> b,
                                              double tolerance) {
  const std::size_t rows = a.shape(0), cols = a.shape(1);
  std::vector<double> x(cols, 0.0);
  std::vector<std::size_t> active;  // columns that may be positive, in the order of entering
  std::vector<double> residual(b.begin(), b.end());

  const auto solve_active = [&] {
    Matrix part = Matrix::from_shape({rows, active.size()});
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = 0; k < active.size(); ++k) part(i, k) = a(i, active[k]);
    }
    return least_squares(std::move(part), {b.begin(), b.end()});
  };

  const std::size_t most_rounds = 10 * (rows + cols);  // each round lowers the residual
  for (std::size_t round = 0; round < most_rounds; ++round) {
    std::size_t entering = cols;
    double steepest = tolerance;
    for (std::size_t j = 0; j < cols; ++j) {
      if (std::ranges::find(active, j) != active.end()) continue;
      double gradient = 0;
      for (std::size_t i = 0; i < rows; ++i) gradient += a(i, j) * residual[i];
      if (gradient > steepest) {
        steepest = gradient;
        entering = j;
      }
    }
    if (entering == cols || active.size() == rows) return x;
    active.push_back(entering);

    std::vector<double> solution = solve_active();
    if (solution.back() <= 0) return x;  // rounding: the gradient promised more than there is
    for (;;) {
      // Walk from x towards the solution until the first variable meets zero; drop it, solve again.
      double length = 1;
      std::size_t blocking = active.size();
      for (std::size_t k = 0; k < active.size(); ++k) {
        if (solution[k] > 0) continue;
        const double current = x[active[k]];
        const double reach = current > 0 ? current / (current - solution[k]) : 0;
        if (reach < length || blocking == active.size()) {
          length = reach;
          blocking = k;
        }
      }
      for (std::size_t k = 0; k < active.size(); ++k) {
        double& value = x[active[k]];
        value += length * (solution[k] - value);
      }
      if (blocking == active.size()) break;
      x[active[blocking]] = 0;
      active.erase(active.begin() + static_cast<std::ptrdiff_t>(blocking));
      solution = solve_active();
    }
    residual.assign(b.begin(), b.end());
    for (const std::size_t j : active) {
      for (std::size_t i = 0; i < rows; ++i) residual[i] -= a(i, j) * x[j];
    }
  }
  return x;
}

}  // namespace lab
