#include "method/separable/halfspace_tester.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"
#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

// Strips beyond this one count with it; of a Gaussian there is nothing there.
constexpr std::size_t kStrips = 64;
constexpr std::size_t kMostDegree = 4;

// E z^k of a standard normal z, and of z^2k: k = 0 .. 4.
constexpr double kMoment[] = {1, 0, 1, 0, 3};
constexpr double kSecondMoment[] = {1, 1, 3, 15, 105};

TestOutcome judged(double statistic, double low, double high, std::size_t points,
                   std::size_t least_points) {
  return {.statistic = statistic,
          .low = low,
          .high = high,
          .points = points,
          .passed = statistic >= low && statistic <= high && points >= least_points};
}

}  // namespace

std::string_view name(HalfspaceTest test) {
  constexpr std::string_view kNames[] = {"stationary",   "band_mass",     "spread_inner",
                                         "spread_outer", "moments_inner", "moments_outer",
                                         "wedge",        "global_moments"};
  return kNames[static_cast<std::size_t>(test)];
}

double gaussian_band_mass(double width) {
  return lab::erf(width / std::sqrt(2.0));
}

HalfspaceTester::HalfspaceTester(std::size_t count, std::size_t dimension, Math math)
    : kernels_(kernels(math)),
      count_(count),
      dimension_(dimension),
      margins_(count),
      along_(count),
      across_(Matrix::from_shape({dimension - 1, count})),
      strip_counts_(kStrips),
      moments_(Matrix::from_shape({dimension - 1, dimension - 1})),
      strip_moments_(kStrips * (dimension - 1) * (dimension - 1)),
      products_(kMostDegree * count) {
  assert(dimension >= 2 && dimension <= 20);
  inside_.reserve(count);
}

void HalfspaceTester::look_at(const HalfspaceSample& sample, std::span<const double> w) {
  assert(sample.count() == count_ && sample.dimension() == dimension_);
  sample_ = &sample;
  kernels_.gemv_t(view(sample.columns), w, margins_);
  // Householder: with u = w + sign(w_1) e_1 the reflection I - 2 u u^T / u^T u sends w to -+ e_1,
  // and its other rows are an orthonormal basis of what is orthogonal to w. A fixed basis: no
  // random vectors whose span would have to be made orthogonal.
  const double sign = w[0] < 0 ? -1 : 1;
  const double uu = 2 * (1 + std::abs(w[0]));  // |w| = 1
  for (std::size_t i = 0; i < count_; ++i) {
    along_[i] = 2 / uu * (margins_[i] + sign * sample.columns(0, i));
  }
  for (std::size_t j = 1; j < dimension_; ++j) {
    for (std::size_t i = 0; i < count_; ++i) {
      across_(j - 1, i) = sample.columns(j, i) - w[j] * along_[i];
    }
  }
}

TestOutcome HalfspaceTester::run(HalfspaceTest test, const TestLimits& limits,
                                 double gradient_norm) {
  assert(sample_ != nullptr);
  switch (test) {
    case HalfspaceTest::stationary:
      return judged(gradient_norm, 0, limits.alpha, count_, 1);
    case HalfspaceTest::band_mass:
      return band_mass(limits);
    case HalfspaceTest::spread_inner:
      return spread(limits.sigma / 6, limits);
    case HalfspaceTest::spread_outer:
      return spread(limits.sigma / 2, limits);
    case HalfspaceTest::moments_inner:
      return moments(limits.sigma / 6, limits);
    case HalfspaceTest::moments_outer:
      return moments(limits.sigma / 2, limits);
    case HalfspaceTest::wedge:
      return wedge(limits);
    case HalfspaceTest::global_moments:
      return global_moments(limits);
  }
  return {};
}

std::size_t HalfspaceTester::band(double width) {
  inside_.clear();
  for (std::size_t i = 0; i < count_; ++i) {
    if (std::abs(margins_[i]) <= width) inside_.push_back(i);
  }
  return inside_.size();
}

TestOutcome HalfspaceTester::band_mass(const TestLimits& limits) const {
  std::size_t inside = 0;
  for (const double margin : margins_) inside += std::abs(margin) <= limits.sigma ? 1 : 0;
  const double gaussian = gaussian_band_mass(limits.sigma);
  const double ratio = static_cast<double>(inside) / static_cast<double>(count_) / gaussian;
  return judged(ratio, 1 - limits.mass_tolerance, 1 + limits.mass_tolerance, inside,
                limits.least_points);
}

double HalfspaceTester::top_eigenvalue() {
  diagonalize(moments_);
  double top = 0;
  for (std::size_t a = 0; a + 1 < dimension_; ++a) top = std::max(top, moments_(a, a));
  return top;
}

TestOutcome HalfspaceTester::spread(double width, const TestLimits& limits) {
  const std::size_t points = band(width);
  const std::size_t m = dimension_ - 1;
  for (std::size_t a = 0; a < m; ++a) {
    for (std::size_t b = a; b < m; ++b) {
      double sum = 0;
      for (const std::size_t i : inside_) sum += across_(a, i) * across_(b, i);
      moments_(a, b) = moments_(b, a) = sum / static_cast<double>(std::max<std::size_t>(points, 1));
    }
  }
  return judged(top_eigenvalue(), 0, limits.spread, points, limits.least_points);
}

TestOutcome HalfspaceTester::moments(double width, const TestLimits& limits) {
  const std::size_t points = band(width);
  const auto n = static_cast<double>(std::max<std::size_t>(points, 1));
  double largest = 0;
  for (std::size_t a = 0; a + 1 < dimension_; ++a) {
    double sums[kMostDegree + 1] = {};
    for (const std::size_t i : inside_) {
      double power = 1;
      for (std::size_t k = 1; k <= kMostDegree; ++k) {
        power *= across_(a, i);
        sums[k] += power;
      }
    }
    for (std::size_t k = 1; k <= kMostDegree; ++k) {
      const double deviation = std::sqrt(kSecondMoment[k] - kMoment[k] * kMoment[k]);
      largest = std::max(largest, std::abs(sums[k] / n - kMoment[k]) / deviation);
    }
  }
  return judged(largest, 0, limits.moments, points, limits.least_points);
}

// Whoever lies within theta of w and disagrees with it about x has |<u, x>| >= |<w, x>| / tan theta
// for its own unit u across w. In strip j, where |<w, x>| >= j tan theta, that has a share of at
// most lambda_j / j^2 (Chebyshev), with lambda_j the strip's largest second moment across w.
TestOutcome HalfspaceTester::wedge(const TestLimits& limits) {
  const std::size_t m = dimension_ - 1;
  const double width = lab::sin(limits.theta) / lab::cos(limits.theta);
  std::ranges::fill(strip_counts_, 0);
  std::ranges::fill(strip_moments_, 0);
  for (std::size_t i = 0; i < count_; ++i) {
    const double place = std::abs(margins_[i]) / width;
    const std::size_t j =
        place < static_cast<double>(kStrips - 1) ? static_cast<std::size_t>(place) : kStrips - 1;
    ++strip_counts_[j];
    double* moments = strip_moments_.data() + j * m * m;
    for (std::size_t a = 0; a < m; ++a) {
      for (std::size_t b = a; b < m; ++b) moments[a * m + b] += across_(a, i) * across_(b, i);
    }
  }
  double bound = 0;
  for (std::size_t j = 0; j < kStrips; ++j) {
    if (strip_counts_[j] == 0) continue;
    const auto points = static_cast<double>(strip_counts_[j]);
    double share = 1;
    if (j > 0) {
      const double* sums = strip_moments_.data() + j * m * m;
      for (std::size_t a = 0; a < m; ++a) {
        for (std::size_t b = a; b < m; ++b) {
          moments_(a, b) = moments_(b, a) = sums[a * m + b] / points;
        }
      }
      share = std::min(1.0, top_eigenvalue() / static_cast<double>(j * j));
    }
    bound += points / static_cast<double>(count_) * share;
  }
  return judged(bound / limits.theta, 0, limits.wedge, count_, limits.least_points);
}

TestOutcome HalfspaceTester::global_moments(const TestLimits& limits) {
  const double largest = largest_deviation(0, 0, 1, 1, {});
  return judged(largest, 0, limits.global, count_, limits.least_points);
}

// Over all monomials that multiply `product`, of the coordinates from `from` on, up to degree 4.
// expected: the product's Gaussian mean; squared_expected: that of its square. Of independent
// coordinates both are products over the coordinates, so whole powers are taken at once.
double HalfspaceTester::largest_deviation(std::size_t from, std::size_t degree, double expected,
                                          double squared_expected,
                                          std::span<const double> product) {
  double largest = 0;
  for (std::size_t j = from; j < dimension_; ++j) {
    const std::span<const double> x = sample_->feature(j);
    std::span<const double> power = product;
    for (std::size_t k = 1; degree + k <= kMostDegree; ++k) {
      const std::span<double> next(products_.data() + (degree + k - 1) * count_, count_);
      if (power.empty()) {
        std::ranges::copy(x, next.begin());
      } else {
        for (std::size_t i = 0; i < count_; ++i) next[i] = power[i] * x[i];
      }
      const double mean = expected * kMoment[k], square = squared_expected * kSecondMoment[k];
      const double measured =
          kernels_.sum(std::span<const double>(next)) / static_cast<double>(count_);
      largest = std::max(largest, std::abs(measured - mean) / std::sqrt(square - mean * mean));
      if (degree + k < kMostDegree) {
        largest = std::max(largest, largest_deviation(j + 1, degree + k, mean, square, next));
      }
      power = next;
    }
  }
  return largest;
}

}  // namespace lab::separable
