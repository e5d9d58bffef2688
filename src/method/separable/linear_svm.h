// The linear support vector machine by dual coordinate descent.
// C.-J. Hsieh, K.-W. Chang, C.-J. Lin, S. S. Keerthi and S. Sundararajan, A Dual Coordinate Descent
// Method for Large-scale Linear SVM, ICML 2008 (algorithm 3, with shrinking).
//
//   min |w|^2 / 2 + C sum_i max(0, 1 - y_i w . (x_i, 1))
//
// The bias is the weight of a feature that is 1 everywhere and is penalised with the others, unlike
// in the usual formulation: that moves the plane a little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/random.h"
#include "core/view.h"

namespace lab::separable {

class LinearSvm {
 public:
  static constexpr std::size_t kMostEpochs = 2000;

  // Has room for so many samples and features; `fit` then allocates nothing.
  LinearSvm(std::size_t most_samples, std::size_t most_features, Math math = Math::strict);

  // x: n x p; y: n numbers, -1 or 1; c > 0. order: random, for the order of the samples in each
  // epoch. Ends when the projected gradients lie within 1e-4 of each other, or after kMostEpochs.
  void fit(MatrixView<double> x, std::span<const double> y, double c, Stream& order);

  std::span<const double> weights() const { return {w_.data(), d_ - 1}; }  // p
  double bias() const { return w_[d_ - 1]; }
  double decision(std::span<const double> row) const;
  // Of the problem above at w, and of its dual; the first is never below the second.
  double primal(std::span<const double> y) const;
  double dual() const;
  std::size_t support_vectors() const;
  std::size_t epochs() const { return epochs_; }
  bool converged() const { return converged_; }
  double multiply_adds() const { return multiply_adds_; }

 private:
  const Kernels& kernels_;
  std::size_t n_ = 0, d_ = 1;
  double c_ = 1;
  std::vector<double> rows_;             // (x, 1), n x d
  std::vector<double> w_;                // d
  std::vector<double> alpha_, squares_;  // n
  std::vector<std::uint32_t> active_;    // n: the samples, those that are looked at first
  std::size_t epochs_ = 0;
  bool converged_ = false;
  double multiply_adds_ = 0;
};

}  // namespace lab::separable
