// The support vector machine with a Gaussian (RBF) kernel, by sequential minimal optimisation.
// J. Platt, Fast Training of Support Vector Machines using Sequential Minimal Optimization, 1998;
// the pair that violates the optimality conditions most: S. S. Keerthi, S. K. Shevade, C.
// Bhattacharyya and K. R. K. Murthy, Improvements to Platt's SMO Algorithm, Neural Computation 13,
// 2001.
//
//   min a'Qa / 2 - sum a_i,  0 <= a_i <= C,  y'a = 0,  Q_ij = y_i y_j k(x_i, x_j),
//   k(x, z) = exp(-gamma |x - z|^2),  f(x) = sum a_i y_i k(x_i, x) + b
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/view.h"

namespace lab::separable {

// 1 / (p var X), the variance over all n p numbers: a kernel as wide as the data. 1 / p where all
// numbers are the same.
double default_gamma(MatrixView<double> x);

class KernelSvm {
 public:
  static constexpr std::size_t kMostIterations = 200'000;

  // Has room for so many samples and features, the n^2 kernel values among it; `fit` then allocates
  // nothing.
  KernelSvm(std::size_t most_samples, std::size_t most_features, Math math = Math::strict);

  // x: n x p; y: n numbers, -1 or 1; c, gamma > 0. Ends when the most violating pair violates by
  // less than 1e-3, or after kMostIterations. With one class alone f is that class everywhere.
  void fit(MatrixView<double> x, std::span<const double> y, double c, double gamma);

  double decision(std::span<const double> row) const;
  double bias() const { return bias_; }
  double dual() const { return dual_; }  // sum a_i - a'Qa / 2 at the end
  std::size_t support_vectors() const { return supports_; }
  // Samples of the fit on the wrong side of f = 0, or on it.
  std::size_t training_errors() const { return training_errors_; }
  std::size_t iterations() const { return iterations_; }
  bool converged() const { return converged_; }
  double multiply_adds() const { return multiply_adds_; }  // the kernel's products included
  double kernel_values() const { return static_cast<double>(n_) * static_cast<double>(n_); }

 private:
  void fill_gram(MatrixView<double> x);

  const Kernels& kernels_;
  std::size_t n_ = 0, p_ = 0, supports_ = 0, iterations_ = 0, training_errors_ = 0;
  double gamma_ = 1, bias_ = 0, dual_ = 0, multiply_adds_ = 0;
  bool converged_ = false;
  std::vector<double> gram_;                        // n x n
  std::vector<double> squares_, alpha_, gradient_;  // n
  std::vector<double> vectors_, pulls_;             // the support vectors and a_i y_i
};

}  // namespace lab::separable
