// Which halfspace does one learner find? Descents that start anew on any sample of one size: on the
// ramp loss over the sphere, as the paper's learner does, and the baselines beside it.
// arXiv:2302.14853, section on the learner; steps and backtracking are our choice.
//
//   backtracking  full gradient; along the great circle of the steepest descent by an angle a that
//                 is halved until L falls by 0.1 a |grad L|, and doubled for the next update
//   fixed_step    w <- w - step grad L, brought back to the sphere: with few updates it stops early
//   stochastic    the same with the gradient of a batch and steps step / sqrt(1 + t / 10); the w
//                 with the smallest full gradient so far is the one that counts
//   chow          the mean of y x, and no update
//   logistic      gradient descent on the logistic loss with step 1 / L
//   normalized_logistic  theta <- theta + sum p_i y_i x_i, p = the normalised error weights
//   hinge         subgradient descent on 0.005 |w|^2 + mean hinge (Pegasos, full batch)
//   perceptron    adds one wrong sample after the other; an update is one pass over the sample
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/random.h"
#include "method/separable/ramp_loss.h"

namespace lab::separable {

enum class HalfspaceLearner {
  backtracking,
  fixed_step,
  stochastic,
  chow,
  logistic,
  normalized_logistic,
  hinge,
  perceptron,
};
inline constexpr std::size_t kHalfspaceLearners = 8;
std::string_view name(HalfspaceLearner learner);  // "backtracking", ...

struct DescentOptions {
  HalfspaceLearner learner = HalfspaceLearner::backtracking;
  double step = 0.05;       // fixed_step, stochastic
  double tolerance = 1e-3;  // backtracking rests at a gradient norm below it
  std::size_t batch = 100;  // stochastic, samples
};

class HalfspaceDescent {
 public:
  HalfspaceDescent(const DescentOptions& options, std::size_t count, std::size_t dimension,
                   Math math = Math::strict);

  // From w, which is brought to norm 1 (e_1 where it is 0), with this width of the ramp. The sample
  // must stay.
  void restart(const HalfspaceSample& sample, std::span<const double> w, double sigma);
  // The normalised mean of y x.
  static void chow_start(const HalfspaceSample& sample, std::span<double> w);

  // random: of `stochastic`. Allocates nothing.
  void update(Stream& random);

  std::span<const double> w() const { return best_; }  // norm 1
  double loss() const { return loss_; }                // L_sigma(w)
  double gradient_norm() const { return gradient_norm_; }
  double error() const { return error_; }
  std::uint64_t updates() const { return updates_; }
  bool at_rest() const { return at_rest_; }

  void save(ByteWriter& writer) const;
  // After restart on the same sample.
  void restore(ByteReader& reader);

 private:
  void measure();  // loss, gradient and error at w_
  void backtrack();
  void descend();
  void add_errors();

  DescentOptions options_;
  const Kernels& kernels_;
  RampLoss ramp_;
  const HalfspaceSample* sample_ = nullptr;
  double sigma_ = 1;
  double smoothness_ = 1;  // of the logistic loss
  std::vector<double> w_, best_, theta_, gradient_, direction_, trial_, margins_, weights_, losses_;
  std::vector<std::size_t> batch_;
  Matrix gram_;
  double loss_ = 0, gradient_norm_ = 0, error_ = 1, angle_ = 0;
  std::uint64_t updates_ = 0;
  bool at_rest_ = false;
};

}  // namespace lab::separable
