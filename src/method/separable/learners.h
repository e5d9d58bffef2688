// From logistic regression to the perceptron: full-batch gradient descent on the logistic loss with
// steps of any size, its limit for infinite steps, and their normalised forms. A. Tyurin, "From
// Logistic Regression to the Perceptron Algorithm: Exploring Gradient Descent with Large Step
// Sizes", arXiv:2412.08424.
//
// All start at theta_0 = 0 and look for theta with z_i^T theta > 0 for every i. With margins m_i =
// z_i^T theta, error weights s_i = 1 / (1 + e^m_i) and the errors S = {i : m_i <= 0}, one update is
//
//   lr_gd                        theta += (gamma / n) sum_i s_i z_i                      (eq. 3)
//   normalized_lr_gd             theta += gamma sum_i p_i z_i,   p_i = s_i / sum_j s_j   (section
//   6) batch_perceptron             theta += (1/n) sum over S of z_i; the first step is half
//   (section 3) normalized_batch_perceptron  theta += (1/|S|) sum over S of z_i (section 5)
//   perceptron                   theta += z_j, j the smallest index in S
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compute/kernels.h"
#include "core/bytes.h"
#include "method/separable/signed_samples.h"

namespace lab::separable {

enum class Learner {
  lr_gd,
  normalized_lr_gd,
  batch_perceptron,
  normalized_batch_perceptron,
  perceptron,
};
inline constexpr std::size_t kLearners = 5;

std::string_view name(Learner learner);   // "lr_gd", ...
std::string_view label(Learner learner);  // "LR+GD", ...: for people

// True for those that follow the logistic loss and have a step size.
bool follows_loss(Learner learner);

// One learner on its way: theta_t and what is known at it. Every number that an update needs is
// here, so an update allocates nothing.
class Descent {
 public:
  // At theta_0 = 0. samples must outlive the descent. gamma: the step size, positive, for the
  // learners that have one.
  Descent(Learner learner, const SignedSamples& samples, double gamma, Math math = Math::strict);

  // Begins anew at another theta and with another step size, of a learner that has one.
  void restart(double gamma, std::span<const double> theta);
  // Back to theta_0 = 0, on samples whose numbers may have become others (see refill).
  void restart();

  // theta_t -> theta_{t+1}. Where no sample is wrong, the perceptrons stay where they are.
  void update();

  Learner learner() const { return learner_; }
  std::uint64_t updates() const { return updates_; }
  double radius() const { return samples_.radius; }
  std::span<const double> theta() const { return theta_; }
  std::span<const double> margins() const { return margins_; }
  std::size_t errors() const { return errors_; }  // |S|: samples with m_i <= 0
  // Every margin is positive. theta_0 = 0 never counts.
  bool solved() const { return errors_ == 0; }

  // The mean logistic loss (1/n) sum log(1 + e^-m_i) of a learner that follows it; 0 for the
  // others.
  double loss() const { return loss_; }
  // The Euclidean norm of its gradient; 0 for the others.
  double gradient_norm() const { return gradient_norm_; }
  double theta_norm() const { return theta_norm_; }
  // min_i m_i / ||theta||; 0 at theta = 0.
  double normalized_margin() const;

  // Where the numbers of a descent leave float64: theta or a margin is not finite.
  bool finite() const { return finite_; }

  // theta and the count of updates; the rest follows from them.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  void evaluate();

  Learner learner_;
  const SignedSamples& samples_;
  double gamma_;
  const Kernels& kernels_;
  std::uint64_t updates_ = 0;
  std::vector<double> theta_, direction_;            // d
  std::vector<double> margins_, weights_, scratch_;  // n
  std::size_t errors_ = 0;
  double loss_ = 0, gradient_norm_ = 0, theta_norm_ = 0, least_margin_ = 0;
  bool finite_ = true;
};

// max_k |a_k / scale - b_k|: how far a learner is from another one at another scale, e.g. lr_gd's
// theta / gamma from the batch perceptron's theta.
double scaled_distance(std::span<const double> a, double scale, std::span<const double> b);

// Runs a fresh descent until it is solved; the number of updates, or nothing after `limit` of them
// or when it is no longer finite.
std::optional<std::uint64_t> updates_to_solve(Learner learner, const SignedSamples& samples,
                                              double gamma, std::uint64_t limit,
                                              Math math = Math::strict);

// Upper bounds on the updates until solved, from n, R and a lower bound of mu (a smaller mu makes
// them larger, so they stay valid).
//   perceptron, normalized_batch_perceptron   R^2 / mu^2 (Theorems 5.2, 5.3) batch_perceptron n R^2
//   / mu^2                                 (Theorem 3.3) normalized_lr_gd B = R^2 / mu^2 + 2 log(2n
//   - 1) / (gamma mu^2)  (Theorem 6.1) lr_gd                                     2 n B   (not in
//   the paper: follows from the lemma of 6.1)
double updates_bound(Learner learner, std::size_t n, double radius, double margin, double gamma);

}  // namespace lab::separable
