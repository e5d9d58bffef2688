// May a halfspace be trusted that was learned from these samples? Tests that look at the data about
// its edge, and answer with a statistic and its limits.
// A. Gollakota, A. Klivans, K. Stavropoulos and A. Vasilyan, arXiv:2302.14853: mass of the band,
// second moments and low moments inside it, and the wedge of halfspaces nearby. The limits are
// ours: the paper's constants are not for samples of this size.
//
// The tests need of the marginal only what the proof needs: that a band about the edge holds as
// much mass as it would under a Gaussian, and is spread in it alike in all directions. A halfspace
// with a small gradient is then close to the best one, whatever the rest of the distribution does.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "compute/kernels.h"
#include "core/tensor.h"
#include "method/separable/ramp_loss.h"

namespace lab::separable {

enum class HalfspaceTest {
  stationary,      // ||grad L_sigma(w)|| <= alpha
  band_mass,       // T1: P(|<w, x>| <= sigma) over that of a Gaussian
  spread_inner,    // T2: largest second moment across w, inside |<w, x>| <= sigma / 6
  spread_outer,    //     inside sigma / 2
  moments_inner,   // T3: largest deviation of a coordinate's moments 1 .. 4, inside sigma / 6
  moments_outer,   //     inside sigma / 2
  wedge,           // T4: bound on P(sign<v, x> != sign<w, x>) / theta for all v within theta of w
  global_moments,  // baseline: all moments up to degree 4, of all samples, blind to w and the
                   // labels
};
inline constexpr std::size_t kHalfspaceTests = 8;
inline constexpr std::size_t kLocalTests = 7;  // those that decide; the baseline comes last

// "stationary", "band_mass", ...
std::string_view name(HalfspaceTest test);

// 2 Phi(width) - 1: the share of a standard normal within width of 0.
double gaussian_band_mass(double width);

struct TestLimits {
  double sigma = 0.25;           // width of the band
  double alpha = 0.2;            // stationary: largest gradient norm
  double mass_tolerance = 0.25;  // band_mass: the ratio is within 1 +- this
  double spread = 2;             // spread: largest eigenvalue (a Gaussian has 1)
  double moments = 0.35;         // moments: largest deviation, in standard deviations of one sample
  double theta = 0.25;           // wedge: angle, below pi / 2
  double wedge = 6;              // wedge: largest bound over theta
  double global = 0.1;           // global_moments: as moments
  std::size_t least_points = 30;  // a band with fewer samples fails
};

struct TestOutcome {
  double statistic = 0;
  double low = 0, high = 0;  // passes where low <= statistic <= high
  std::size_t points = 0;    // how many samples it looked at
  bool passed = false;
};

// Room for one size of sample. Nothing here allocates after construction.
class HalfspaceTester {
 public:
  // dimension: 2 .. 20.
  HalfspaceTester(std::size_t count, std::size_t dimension, Math math = Math::strict);

  // What is tested: w, of norm 1. The sample must stay until the tests are done.
  void look_at(const HalfspaceSample& sample, std::span<const double> w);

  // gradient_norm: of L_sigma at w, for `stationary`.
  TestOutcome run(HalfspaceTest test, const TestLimits& limits, double gradient_norm);

 private:
  std::size_t band(double width);  // into inside_
  TestOutcome band_mass(const TestLimits& limits) const;
  TestOutcome spread(double width, const TestLimits& limits);
  TestOutcome moments(double width, const TestLimits& limits);
  TestOutcome wedge(const TestLimits& limits);
  TestOutcome global_moments(const TestLimits& limits);
  double largest_deviation(std::size_t from, std::size_t degree, double expected,
                           double squared_expected, std::span<const double> product);
  double top_eigenvalue();  // of moments_, which it spends

  const Kernels& kernels_;
  std::size_t count_, dimension_;
  const HalfspaceSample* sample_ = nullptr;
  std::vector<double> margins_, along_;
  Matrix across_;  // (d - 1) x n: coordinates in an orthonormal basis of the complement of w
  std::vector<std::size_t> inside_, strip_counts_;
  Matrix moments_;                     // (d - 1) x (d - 1)
  std::vector<double> strip_moments_;  // strips x (d - 1) x (d - 1)
  std::vector<double> products_;       // 4 x n: of monomials on the way
};

}  // namespace lab::separable
