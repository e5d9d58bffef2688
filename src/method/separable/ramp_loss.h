// How wrong is a homogeneous halfspace, smoothly? The ramp loss over normalised margins, whose
// gradient heeds only the samples in a band about the halfspace's edge.
// A. Gollakota, A. Klivans, K. Stavropoulos and A. Vasilyan, "An Efficient Tester-Learner for
// Halfspaces", arXiv:2302.14853: the surrogate of its learner. The paper asks for a continuously
// differentiable ramp, linear inside sigma / 6 and flat beyond sigma / 2; the cubic Hermite
// shoulders between are our choice.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/tensor.h"

namespace lab::separable {

// Samples with labels of a halfspace through 0.
struct HalfspaceSample {
  Matrix columns;              // d x n: one feature a row, so that margins are one plain product
  std::vector<double> labels;  // n numbers, -1 or +1

  HalfspaceSample(std::size_t count, std::size_t dimension)
      : columns(Matrix::from_shape({dimension, count})), labels(count, 1) {}
  std::size_t count() const { return labels.size(); }
  std::size_t dimension() const { return columns.shape(0); }
  std::span<const double> feature(std::size_t j) const {
    return {columns.data() + j * count(), count()};
  }
};

// l_sigma(t): 0 up to -sigma / 2, 1 from sigma / 2 on, 1/2 + t / sigma inside sigma / 6; l(-t) = 1
// - l(t). sigma > 0.
double ramp(double t, double sigma);
// Its derivative, even in t, at most 4 / (3 sigma).
double ramp_slope(double t, double sigma);

// L_sigma(w) = mean l_sigma(-y <w, x>) for unit vectors w, with room for one size of sample.
class RampLoss {
 public:
  RampLoss(std::size_t count, Math math = Math::strict);

  // w: d numbers of norm 1.
  double value(const HalfspaceSample& sample, std::span<const double> w, double sigma);
  // The same, with its gradient on the sphere,
  //   grad L_sigma(w) = - mean l'_sigma(<w, x>) y (x - <w, x> w)   [derived],
  // which is orthogonal to w. gradient: d numbers.
  double gradient(const HalfspaceSample& sample, std::span<const double> w, double sigma,
                  std::span<double> gradient);
  // The gradient alone, over `indices` of the sample: an estimate from a batch.
  void batch_gradient(const HalfspaceSample& sample, std::span<const double> w, double sigma,
                      std::span<const std::size_t> indices, std::span<double> gradient) const;
  // Share of samples with y <w, x> <= 0, as of the last value or gradient.
  double error() const { return error_; }
  // <w, x> of all samples, as of the same.
  std::span<const double> margins() const { return margins_; }

 private:
  const Kernels& kernels_;
  std::vector<double> margins_, terms_, weights_;
  double error_ = 1;
};

// Share of samples on the wrong side of w, with y <w, x> <= 0. margins: scratch, n numbers.
double halfspace_error(const HalfspaceSample& sample, std::span<const double> w,
                       std::span<double> margins, const Kernels& kernels);

// The angle between two vectors that are not 0, in 0 .. pi.
double angle_between(std::span<const double> u, std::span<const double> v);

// Divides by the Euclidean norm; false, and unchanged, where that is 0 or not finite.
bool normalize(std::span<double> vector);

// The least error of all homogeneous halfspaces whose normal lies in the plane of the first two
// features, exactly: a sweep over the n
// directions at which a sample changes sides, instead of a search among random ones. Has room for n
// samples.
class BestHalfspace {
 public:
  explicit BestHalfspace(std::size_t count);
  // sample: d >= 2. Samples that lie on the edge count as wrong. Allocates nothing.
  double error(const HalfspaceSample& sample);

 private:
  struct Change {
    double place;  // monotone in the angle, 0 .. 4
    double gain;   // samples that become right when the direction passes it
  };
  std::vector<Change> changes_, scratch_;
};

}  // namespace lab::separable
