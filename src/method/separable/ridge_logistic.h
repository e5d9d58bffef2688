// Logistic regression with a ridge: the plain linear classifier that the others are compared with.
// Arshad, Shahriar and Anjum, "The Power of Simplicity", arXiv:2306.02449.
//
//   J(w, b) = C sum_i log(1 + exp(-y_i f_i)) + |w|^2 / 2,   f_i = w . x_i + b,   y_i = -1 or 1
//
// The bias is not penalised. Minimised by Newton's method (iteratively reweighted least squares)
// from 0, the step halved until J falls. On separable data there is a minimum for every finite C
// and none without a ridge: w grows without bound with C while the sum goes to 0.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/view.h"

namespace lab::separable {

class RidgeLogistic {
 public:
  // Has room for so many samples and features; `fit` then allocates nothing.
  RidgeLogistic(std::size_t most_samples, std::size_t most_features, Math math = Math::strict);

  // x: n x p, n and p within the room; y: n numbers, -1 or 1; c > 0.
  void fit(MatrixView<double> x, std::span<const double> y, double c);

  std::span<const double> weights() const { return {theta_.data(), d_ - 1}; }  // p
  double bias() const { return theta_[d_ - 1]; }
  double objective() const { return objective_; }  // J at the end
  double mean_loss() const { return mean_loss_; }  // (1/n) sum log(1 + exp(-y f)), nats
  double weight_norm() const;                      // |w|
  double largest_gradient() const { return largest_gradient_; }  // greatest |dJ/d theta|
  std::size_t iterations() const { return iterations_; }         // Newton steps made
  // The gradient has fallen below 1e-10, or J to where rounding hides any further fall.
  bool converged() const { return converged_; }
  double multiply_adds() const { return multiply_adds_; }  // of the products, solves included

  // w . x + b of one row of p numbers.
  double decision(std::span<const double> row) const;

 private:
  void evaluate(double c);  // weights, losses and J from the margins and theta
  void prepare(MatrixView<double> x);

  const Kernels& kernels_;
  std::size_t n_ = 0, d_ = 1;  // d: p + 1, the bias last
  std::vector<double> theta_, step_, trial_, gradient_, hessian_;
  std::vector<double> rows_, transposed_;  // (x, 1), n x d and d x n
  std::vector<double> margins_, moved_, at_start_, errors_, losses_, curvature_;
  double objective_ = 0, mean_loss_ = 0, largest_gradient_ = 0, multiply_adds_ = 0;
  std::size_t iterations_ = 0;
  bool converged_ = false;
};

// J and its gradient at any point, plainly: for checks of the above. theta: w and b; gradient: as
// many.
double ridge_logistic_objective(MatrixView<double> x, std::span<const double> y, double c,
                                std::span<const double> theta, std::span<double> gradient);

}  // namespace lab::separable
