// Where does gradient descent on the logistic loss end when no plane separates the samples? At the
// optimum if its steps are small, else in a cycle about it or in no order at all. S. Y. Meng, A.
// Orvieto, D. Y. Cao, C. De Sa, "Gradient Descent on Logistic Regression with Non-Separable Data
// and Large Step Sizes", arXiv:2406.05033: the optimum is stable exactly below the step size 2 /
// lambda, lambda the largest eigenvalue of the Hessian there; above it come cycles whose period
// doubles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "method/separable/learners.h"
#include "method/separable/signed_samples.h"

namespace lab::separable {

struct LogisticOptimum {
  std::vector<double> theta;  // d
  double loss = 0;            // mean logistic loss there, nats
  double sharpness = 0;       // lambda: the largest eigenvalue of the Hessian there
  std::vector<double>
      sharpest;  // d: its unit eigenvector; the component of greatest size is positive

  // 2 / lambda: gradient descent with smaller steps is attracted by the optimum from near by.
  double critical_step() const { return 2 / sharpness; }
};

// The minimiser of the mean logistic loss by Newton's method with halved steps, to a gradient of
// 1e-12 R. Nothing where there is none: a plane separates the samples, strictly or not.
std::optional<LogisticOptimum> logistic_optimum(const SignedSamples& samples);

// When a descent counts as being where it was.
struct CycleTolerance {
  // At rest: an update changes theta by at most this part of what an update can do (gamma R).
  double rest = 1e-8;
  // Back at the same place of a cycle: to this part of the cycle's own width, so that a spiral into
  // the optimum is not taken for a cycle.
  double same_place = 1e-5;
};

// Watches a descent's distance from where it was when the watch began, update by update.
class CycleWatch {
 public:
  // unit: gamma R, what an update can do.
  CycleWatch(double unit, const CycleTolerance& tolerance) : unit_(unit), tolerance_(tolerance) {}

  // After the next update: true if that is back where it was, for the first time.
  bool returned(double distance) {
    const double near = is_first_ ? tolerance_.rest * unit_ : tolerance_.same_place * width_;
    is_first_ = false;
    width_ = distance > width_ ? distance : width_;
    return distance <= near;
  }

 private:
  double unit_;
  CycleTolerance tolerance_;
  double width_ = 0;  // the greatest distance so far
  bool is_first_ = true;
};

// What gradient descent with one step size settles in.
class LimitCycle {
 public:
  // samples and optimum must outlive it. most: the longest period that is recognised.
  LimitCycle(const SignedSamples& samples, const LogisticOptimum& optimum, std::size_t most,
             Math math = Math::strict);

  // Where the descent starts: theta = 0, or the optimum with a small push along the sharpest
  // direction.
  enum class Start { zero, optimum };
  // theta (d) becomes that place. unit: gamma R.
  static void start_at(const LogisticOptimum& optimum, Start start, double unit,
                       std::span<double> theta);

  // gamma: the step size, positive. burn_in: updates before what is looked at. Allocates nothing.
  void find(double gamma, std::uint64_t burn_in, Start start);

  // The least period up to `most`; 0: none was found (a longer one, or no order). 1: the optimum.
  std::size_t period() const { return period_; }
  // Of one period, or of `most` updates where there is none: the distance from the optimum along
  // the sharpest direction, and the loss.
  std::span<const double> positions() const { return std::span(positions_).first(kept_); }
  std::span<const double> losses() const { return std::span(losses_).first(kept_); }

 private:
  const LogisticOptimum& optimum_;
  Descent descent_;
  std::vector<double> first_;               // theta after the burn-in, d
  std::vector<double> positions_, losses_;  // most
  std::size_t period_ = 0, kept_ = 0;
};

}  // namespace lab::separable
