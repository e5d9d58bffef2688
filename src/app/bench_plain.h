// What would the straightforward program do? The loops that the benchmarks compare the kernels
// with: the standard library's functions, compiled with the same flags for the target's baseline.
#pragma once

#include <cstddef>

namespace lab::plain {

template <class T>
void exp(const T* x, T* y, std::size_t n);
template <class T>
void log(const T* x, T* y, std::size_t n);
// rows x cols, row by row: largest, exponentials and their sum, quotients.
template <class T>
void softmax_rows(const T* x, T* y, std::size_t rows, std::size_t cols);
// y = A x, a: rows x cols
template <class T>
void gemv(const T* a, const T* x, T* y, std::size_t rows, std::size_t cols);
// y = B^T x, b: rows x cols
template <class T>
void gemv_t(const T* b, const T* x, T* y, std::size_t rows, std::size_t cols);
// C = A B, square, in the order i, k, j
template <class T>
void gemm(const T* a, const T* b, T* c, std::size_t n);
// One iteration of gradient descent for logistic regression: theta += step / n * sum of
// sigmoid(-m_i) z_i over the rows z_i of z (n x d), m_i = <z_i, theta>; gives the mean loss.
// gradient: d numbers of work space.
template <class T>
double logistic_regression_step(const T* z, T* theta, T* gradient, std::size_t n, std::size_t d,
                                double step);
// The squared distance covariance of points x (in R^x_dimensions) and y, in float64: means of the
// products of doubly centred distances.
double distance_covariance_squared(const float* x, std::size_t x_dimensions, const float* y,
                                   std::size_t y_dimensions, std::size_t points);

// A multilayer perceptron of one hidden layer (ReLU) in training by batches.
struct MlpShape {
  std::size_t inputs, hidden, classes, batch;
};
// One step of stochastic gradient descent on the mean cross-entropy of `rows` samples, at most
// batch; gives that mean. x: rows x inputs; labels: rows. parameters and gradient: weights (inputs
// x hidden), bias, weights (hidden x classes), bias. work: batch x (2 hidden + classes) numbers.
double mlp_step(const MlpShape& shape, const float* x, const int* labels, std::size_t rows,
                float step_size, float* parameters, float* gradient, float* work);

}  // namespace lab::plain
