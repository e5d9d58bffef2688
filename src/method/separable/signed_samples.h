// Two-class data as the perceptron family sees it: signed samples z_i = y_i a_i (Tyurin,
// arXiv:2412.08424, sections 1 and 2), for a linear model through the origin.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/tensor.h"
#include "data/dataset.h"

namespace lab::separable {

struct SignedSamples {
  Matrix z;           // n x d: row i is y_i a_i
  Matrix transposed;  // d x n: the same numbers, so that both products run along the rows
  double radius = 0;  // R = max_i ||a_i||

  std::size_t count() const { return z.shape(0); }
  std::size_t dimension() const { return z.shape(1); }
};

// From rows of z.
SignedSamples signed_samples(Matrix z);

// From two-class data: class 1 is y = +1, class 0 is y = -1. bias: appends the feature 1 to every
// a_i. Error: not two classes; a sample that is zero in every feature, which no model through the
// origin can put on one side.
SignedSamples signed_samples(const Dataset& data, bool bias);

// The samples y_i (x_i, 1) in place of others of the same shape, without allocating. x: n x (d -
// 1); y: n numbers, -1 or 1.
void refill(SignedSamples& samples, MatrixView<double> x, std::span<const double> y);

// What is known of mu = max over ||theta|| = 1 of min_i z_i^T theta.
struct Margin {
  double lower = 0;               // min_i z_i^T direction: mu is at least this
  double upper = 0;               // ||sum p_i z_i|| for a probability vector p: mu is at most this
  std::vector<double> direction;  // unit vector, d; empty if none was found

  // True if a separating direction is in hand.
  bool separable() const { return lower > 0; }
};

// The hard margin with its certificate. The dual, the point of least norm in the convex hull of the
// z_i, is found by non-negative least squares on [Z^T; 1^T] u ~ (0, .., 0, 1) with Z in units of R;
// upper - lower is then a few parts in 10^9 of upper or less, and of the size of rounding where the
// hull holds the origin.
Margin hard_margin(const SignedSamples& samples);

// L = lambda_max(Z^T Z) / (4 n): the smoothness of the logistic loss; gradient descent is
// guaranteed to lower it for step sizes below 2 / L.
double smoothness(const SignedSamples& samples);

// lambda_max of the Hessian of the logistic loss, at one theta after another without allocating.
class Sharpness {
 public:
  explicit Sharpness(const SignedSamples& samples);  // which must outlive it

  // margins: the n numbers z_i^T theta.
  double at(std::span<const double> margins);

 private:
  const SignedSamples& samples_;
  std::vector<double> weights_;  // n
  Matrix hessian_;               // d x d
};

}  // namespace lab::separable
