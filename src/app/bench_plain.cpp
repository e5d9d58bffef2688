#include "app/bench_plain.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lab::plain {

template <class T>
void exp(const T* x, T* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = std::exp(x[i]);
}

template <class T>
void log(const T* x, T* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = std::log(x[i]);
}

template <class T>
void softmax_rows(const T* x, T* y, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r, x += cols, y += cols) {
    const T largest = *std::max_element(x, x + cols);
    T sum = 0;
    for (std::size_t i = 0; i < cols; ++i) sum += y[i] = std::exp(x[i] - largest);
    for (std::size_t i = 0; i < cols; ++i) y[i] /= sum;
  }
}

template <class T>
void gemv(const T* a, const T* x, T* y, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r) {
    T sum = 0;
    for (std::size_t c = 0; c < cols; ++c) sum += a[r * cols + c] * x[c];
    y[r] = sum;
  }
}

template <class T>
void gemv_t(const T* b, const T* x, T* y, std::size_t rows, std::size_t cols) {
  std::fill(y, y + cols, T(0));
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < cols; ++c) y[c] += b[r * cols + c] * x[r];
}

template <class T>
void gemm(const T* a, const T* b, T* c, std::size_t n) {
  std::fill(c, c + n * n, T(0));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t j = 0; j < n; ++j) c[i * n + j] += a[i * n + k] * b[k * n + j];
}

template <class T>
double logistic_regression_step(const T* z, T* theta, T* gradient, std::size_t n, std::size_t d,
                                double step) {
  std::fill(gradient, gradient + d, T(0));
  double loss = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const T* const row = z + i * d;
    T margin = 0;
    for (std::size_t j = 0; j < d; ++j) margin += row[j] * theta[j];
    const T e = std::exp(-std::abs(margin));
    loss += std::max(T(0), -margin) + std::log1p(e);
    const T weight = (margin > 0 ? e : 1) / (1 + e);
    for (std::size_t j = 0; j < d; ++j) gradient[j] += weight * row[j];
  }
  const T rate = static_cast<T>(step / static_cast<double>(n));
  for (std::size_t j = 0; j < d; ++j) theta[j] += rate * gradient[j];
  return loss / static_cast<double>(n);
}

namespace {

// Doubly centred distances between points, points x points.
std::vector<double> centred_distances(const float* x, std::size_t dimensions, std::size_t points) {
  std::vector<double> a(points * points), means(points);
  double mean = 0;
  for (std::size_t i = 0; i < points; ++i) {
    for (std::size_t j = 0; j < points; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < dimensions; ++k) {
        const double difference =
            static_cast<double>(x[i * dimensions + k]) - static_cast<double>(x[j * dimensions + k]);
        sum += difference * difference;
      }
      a[i * points + j] = std::sqrt(sum);
      means[i] += a[i * points + j];
    }
    mean += means[i];
    means[i] /= static_cast<double>(points);
  }
  mean /= static_cast<double>(points * points);
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t j = 0; j < points; ++j) a[i * points + j] += mean - means[i] - means[j];
  return a;
}

}  // namespace

double distance_covariance_squared(const float* x, std::size_t x_dimensions, const float* y,
                                   std::size_t y_dimensions, std::size_t points) {
  const std::vector<double> a = centred_distances(x, x_dimensions, points);
  const std::vector<double> b = centred_distances(y, y_dimensions, points);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size());
}

namespace {

// y (rows x outputs) = x (rows x inputs) W + bias, in the order i, k, j
void affine(const float* x, const float* weights, const float* bias, std::size_t rows,
            std::size_t inputs, std::size_t outputs, float* y) {
  for (std::size_t i = 0; i < rows; ++i, x += inputs, y += outputs) {
    std::copy(bias, bias + outputs, y);
    for (std::size_t k = 0; k < inputs; ++k)
      for (std::size_t j = 0; j < outputs; ++j) y[j] += x[k] * weights[k * outputs + j];
  }
}

// The gradient in W and, behind it, in the bias from that in y.
void affine_gradient(const float* x, const float* of_y, std::size_t rows, std::size_t inputs,
                     std::size_t outputs, float* gradient) {
  float* const bias = gradient + inputs * outputs;
  std::fill(gradient, bias + outputs, 0.0f);
  for (std::size_t i = 0; i < rows; ++i, x += inputs, of_y += outputs) {
    for (std::size_t k = 0; k < inputs; ++k)
      for (std::size_t j = 0; j < outputs; ++j) gradient[k * outputs + j] += x[k] * of_y[j];
    for (std::size_t j = 0; j < outputs; ++j) bias[j] += of_y[j];
  }
}

}  // namespace

double mlp_step(const MlpShape& shape, const float* x, const int* labels, std::size_t rows,
                float step_size, float* parameters, float* gradient, float* work) {
  const auto [inputs, hidden, classes, batch] = shape;
  const std::size_t first = (inputs + 1) * hidden, second = (hidden + 1) * classes;
  float* const h = work;
  float* const of_h = h + batch * hidden;
  float* const logits = of_h + batch * hidden;
  float* const weights = parameters + first;
  affine(x, parameters, weights - hidden, rows, inputs, hidden, h);
  for (std::size_t i = 0; i < rows * hidden; ++i) h[i] = std::max(0.0f, h[i]);
  affine(h, weights, weights + hidden * classes, rows, hidden, classes, logits);

  double loss = 0;
  softmax_rows(logits, logits, rows, classes);
  for (std::size_t i = 0; i < rows; ++i) {
    float& at_label = logits[i * classes + static_cast<std::size_t>(labels[i])];
    loss -= std::log(at_label);
    at_label -= 1;
  }
  for (std::size_t i = 0; i < rows * classes; ++i) logits[i] /= static_cast<float>(rows);

  affine_gradient(h, logits, rows, hidden, classes, gradient + first);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < hidden; ++k) {
      float sum = 0;
      for (std::size_t j = 0; j < classes; ++j)
        sum += logits[i * classes + j] * weights[k * classes + j];
      of_h[i * hidden + k] = h[i * hidden + k] > 0 ? sum : 0;
    }
  affine_gradient(x, of_h, rows, inputs, hidden, gradient);
  for (std::size_t i = 0; i < first + second; ++i) parameters[i] -= step_size * gradient[i];
  return loss / static_cast<double>(rows);
}

template void exp(const double*, double*, std::size_t);
template void exp(const float*, float*, std::size_t);
template void log(const double*, double*, std::size_t);
template void log(const float*, float*, std::size_t);
template void softmax_rows(const double*, double*, std::size_t, std::size_t);
template void softmax_rows(const float*, float*, std::size_t, std::size_t);
template void gemv(const double*, const double*, double*, std::size_t, std::size_t);
template void gemv(const float*, const float*, float*, std::size_t, std::size_t);
template void gemv_t(const double*, const double*, double*, std::size_t, std::size_t);
template void gemv_t(const float*, const float*, float*, std::size_t, std::size_t);
template void gemm(const double*, const double*, double*, std::size_t);
template void gemm(const float*, const float*, float*, std::size_t);

template double logistic_regression_step(const double*, double*, double*, std::size_t, std::size_t,
                                         double);
template double logistic_regression_step(const float*, float*, float*, std::size_t, std::size_t,
                                         double);

}  // namespace lab::plain
