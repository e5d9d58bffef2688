// Small dense linear algebra for statistics in float64: a few hundred columns at the most, plain
// loops in a fixed order, so that every machine gets the same bits.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/tensor.h"

namespace lab {

// sqrt(sum of squares), added in order.
double euclidean_norm(std::span<const double> values);

// gram = Z^T diag(weights) Z for Z: n x d; weights: n, or empty for ones; gram: d x d, symmetric.
void weighted_gram(MatrixView<double> z, std::span<const double> weights, Matrix& gram);
// The same into d * d numbers, row-major.
void weighted_gram(MatrixView<double> z, std::span<const double> weights, std::span<double> gram);

// Solves A x = b for a symmetric positive definite A by Cholesky's factorisation. a: d * d numbers,
// row-major, whose lower triangle becomes the factor; b: d numbers, which become x. False where a
// pivot is not positive: A is not positive definite to rounding, and b has not changed.
bool solve_positive_definite(std::span<double> a, std::span<double> b);

// The eigenvalues of a symmetric matrix (d x d), left in place on its diagonal in no order, by
// cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, 8.5): each within a few ulp of
// the largest magnitude. Error (machine): no convergence, which only a number that is not finite
// can cause.
void diagonalize(Matrix& matrix);

// The same, sorted ascending.
std::vector<double> symmetric_eigenvalues(Matrix matrix);

// The lower Cholesky factor of a symmetric positive semidefinite matrix (n x n, row-major), in
// place of its lower triangle; the upper one is left as it is. A pivot below least_pivot times the
// largest diagonal element is raised to that: the factor is then that of the matrix with something
// added to its diagonal, so what it gives for g^T M^-1 g is never too large. least_pivot: positive,
// e.g. 1e-12.
void cholesky(std::span<double> matrix, std::size_t n, double least_pivot);

// b = M^-1 b for the factor of M.
void cholesky_solve(std::span<const double> factor, std::size_t n, std::span<double> b);

// The least-squares solution of A x ~ b for A: rows x cols with full column rank, rows >= cols, by
// Householder QR. Columns that are linearly dependent to rounding get the value 0.
std::vector<double> least_squares(Matrix a, std::vector<double> b);

// argmin ||A x - b|| with x >= 0, A: rows x cols, by the active-set method of Lawson and Hanson
// (Solving Least Squares Problems, 1974, algorithm NNLS). tolerance: a variable enters only when
// the gradient with respect to it exceeds tolerance (in units of A^T b).
std::vector<double> nonnegative_least_squares(const Matrix& a, std::span<const double> b,
                                              double tolerance);

}  // namespace lab
