#include "method/separable/signed_samples.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "core/error.h"
#include "core/numerics.h"
#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

SignedSamples signed_samples(Matrix z) {
  const std::size_t n = z.shape(0), d = z.shape(1);
  SignedSamples samples;
  samples.transposed = Matrix::from_shape({d, n});
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) samples.transposed(j, i) = z(i, j);
    samples.radius = std::max(samples.radius, euclidean_norm(view(z).row(i)));
  }
  samples.z = std::move(z);
  return samples;
}

SignedSamples signed_samples(const Dataset& data, bool bias) {
  if (data.classes() != 2 || data.labels.empty()) {
    throw Error("a separating line needs two classes, and '" + data.name + "' has " +
                    std::to_string(data.classes()),
                "data", "two-class data, or a choice of two of its classes");
  }
  const std::size_t n = data.rows(), features = data.columns();
  Matrix z = Matrix::from_shape({n, features + (bias ? 1 : 0)});
  for (std::size_t i = 0; i < n; ++i) {
    const double y = data.labels[i] == 1 ? 1 : -1;
    bool zero = !bias;
    for (std::size_t j = 0; j < features; ++j) {
      z(i, j) = y * data.features(i, j);
      zero = zero && z(i, j) == 0;
    }
    if (bias) z(i, features) = y;
    if (zero) {
      throw Error(
          "row " + std::to_string(i + 1) + " is zero in every feature, so its margin is 0 for ever",
          "data '" + data.name + "'", "bias = true, or data without that row");
    }
  }
  return signed_samples(std::move(z));
}

void refill(SignedSamples& samples, MatrixView<double> x, std::span<const double> y) {
  assert(samples.count() == x.rows && samples.dimension() == x.cols + 1 && y.size() == x.rows);
  samples.radius = 0;
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t j = 0; j <= x.cols; ++j) {
      const double value = j < x.cols ? y[i] * x(i, j) : y[i];
      samples.z(i, j) = value;
      samples.transposed(j, i) = value;
    }
    samples.radius = std::max(samples.radius, euclidean_norm(view(samples.z).row(i)));
  }
}

Margin hard_margin(const SignedSamples& samples) {
  const std::size_t n = samples.count(), d = samples.dimension();
  const double scale = samples.radius > 0 ? samples.radius : 1;
  Matrix stacked = Matrix::from_shape({d + 1, n});
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t i = 0; i < n; ++i) stacked(j, i) = samples.transposed(j, i) / scale;
  }
  for (std::size_t i = 0; i < n; ++i) stacked(d, i) = 1;
  std::vector<double> target(d + 1, 0.0);
  target[d] = 1;
  constexpr double kTolerance = 1e-15;
  const std::vector<double> u = nonnegative_least_squares(stacked, target, kTolerance);

  double total = 0;
  for (const double weight : u) total += weight;
  Margin margin;
  if (total <= 0) return margin;
  std::vector<double> nearest(d, 0.0);  // of the hull, to the origin
  for (std::size_t i = 0; i < n; ++i) {
    if (u[i] == 0) continue;
    for (std::size_t j = 0; j < d; ++j) nearest[j] += (u[i] / total) * samples.z(i, j);
  }
  margin.upper = euclidean_norm(nearest);
  if (margin.upper == 0) return margin;
  margin.direction = nearest;
  for (double& value : margin.direction) value /= margin.upper;
  margin.lower = dot(view(samples.z).row(0), margin.direction);
  for (std::size_t i = 1; i < n; ++i) {
    margin.lower = std::min(margin.lower, dot(view(samples.z).row(i), margin.direction));
  }
  if (margin.lower <= 0) margin.direction.clear();
  return margin;
}

double smoothness(const SignedSamples& samples) {
  // All margins 0: every s (1 - s) is its greatest, 1/4.
  return Sharpness(samples).at(std::vector<double>(samples.count(), 0.0));
}

Sharpness::Sharpness(const SignedSamples& samples)
    : samples_(samples),
      weights_(samples.count()),
      hessian_(Matrix::from_shape({samples.dimension(), samples.dimension()})) {}

double Sharpness::at(std::span<const double> margins) {
  const auto n = static_cast<double>(samples_.count());
  for (std::size_t i = 0; i < margins.size(); ++i) {
    // s (1 - s), with both factors accurate: 1 - sigmoid(-m) = sigmoid(m).
    weights_[i] = sigmoid(-margins[i]) * sigmoid(margins[i]) / n;
  }
  weighted_gram(view(samples_.z), weights_, hessian_);
  diagonalize(hessian_);
  double largest = hessian_(0, 0);
  for (std::size_t j = 1; j < samples_.dimension(); ++j) {
    largest = std::max(largest, hessian_(j, j));
  }
  return largest;
}

}  // namespace lab::separable
