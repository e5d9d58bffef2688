#include "method/separable/ramp_loss.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"

namespace lab::separable {
namespace {

// Where a direction lies on the circle, as a number from 0 to 4 that grows with its angle: exact
// arithmetic in place of an arc tangent.
double place_on_circle(double x, double y) {
  const double share = y / (std::abs(x) + std::abs(y));
  return x >= 0 ? (y >= 0 ? share : 4 + share) : 2 - share;
}

}  // namespace

double ramp(double t, double sigma) {
  const double size = std::abs(t);
  const double u = (size - sigma / 6) / (sigma / 3);
  const double shoulder = 2.0 / 3 + u * (1 + u * (1 - u)) / 3;
  const double right = size >= sigma / 2 ? 1 : size <= sigma / 6 ? 0.5 + size / sigma : shoulder;
  return t < 0 ? 1 - right : right;
}

double ramp_slope(double t, double sigma) {
  const double size = std::abs(t);
  const double u = (size - sigma / 6) / (sigma / 3);
  const double shoulder = (1 + u * (2 - 3 * u)) / sigma;
  return size >= sigma / 2 ? 0 : size <= sigma / 6 ? 1 / sigma : shoulder;
}

RampLoss::RampLoss(std::size_t count, Math math)
    : kernels_(kernels(math)), margins_(count), terms_(count), weights_(count) {
  assert(count > 0);
}

double RampLoss::value(const HalfspaceSample& sample, std::span<const double> w, double sigma) {
  const std::size_t n = sample.count();
  kernels_.gemv_t(view(sample.columns), w, margins_);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double margin = sample.labels[i] * margins_[i];
    terms_[i] = ramp(-margin, sigma);
    wrong += margin <= 0 ? 1 : 0;
  }
  error_ = static_cast<double>(wrong) / static_cast<double>(n);
  return kernels_.sum(std::span<const double>(terms_)) / static_cast<double>(n);
}

double RampLoss::gradient(const HalfspaceSample& sample, std::span<const double> w, double sigma,
                          std::span<double> gradient) {
  const double loss = value(sample, w, sigma);
  const auto n = static_cast<double>(sample.count());
  for (std::size_t i = 0; i < sample.count(); ++i) {
    weights_[i] = ramp_slope(margins_[i], sigma) * sample.labels[i];
  }
  const std::span<const double> weights = weights_;
  const double along = kernels_.dot(weights, std::span<const double>(margins_));
  for (std::size_t j = 0; j < sample.dimension(); ++j) {
    gradient[j] = (along * w[j] - kernels_.dot(weights, sample.feature(j))) / n;
  }
  return loss;
}

void RampLoss::batch_gradient(const HalfspaceSample& sample, std::span<const double> w,
                              double sigma, std::span<const std::size_t> indices,
                              std::span<double> gradient) const {
  std::ranges::fill(gradient, 0);
  for (const std::size_t i : indices) {
    double margin = 0;
    for (std::size_t j = 0; j < sample.dimension(); ++j) margin += w[j] * sample.columns(j, i);
    const double weight = ramp_slope(margin, sigma) * sample.labels[i];
    for (std::size_t j = 0; j < sample.dimension(); ++j) {
      gradient[j] += weight * (margin * w[j] - sample.columns(j, i));
    }
  }
  for (double& g : gradient) g /= static_cast<double>(indices.size());
}

double halfspace_error(const HalfspaceSample& sample, std::span<const double> w,
                       std::span<double> margins, const Kernels& kernels) {
  kernels.gemv_t(view(sample.columns), w, margins);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < sample.count(); ++i) {
    wrong += sample.labels[i] * margins[i] <= 0 ? 1 : 0;
  }
  return static_cast<double>(wrong) / static_cast<double>(sample.count());
}

double angle_between(std::span<const double> u, std::span<const double> v) {
  double uu = 0, vv = 0, uv = 0;
  for (std::size_t j = 0; j < u.size(); ++j) {
    uu += u[j] * u[j];
    vv += v[j] * v[j];
    uv += u[j] * v[j];
  }
  const double cosine = std::clamp(uv / std::sqrt(uu * vv), -1.0, 1.0);
  double across = 0;  // of u / |u| off v / |v|: exact for small angles, unlike 1 - cosine^2
  for (std::size_t j = 0; j < u.size(); ++j) {
    const double part = u[j] / std::sqrt(uu) - cosine * v[j] / std::sqrt(vv);
    across += part * part;
  }
  const double sine = std::sqrt(across);
  // Newton's steps on sin(angle - a) = sine cos a - cosine sin a converge cubically.
  constexpr double kPi = 3.14159265358979323846;
  double angle = cosine > 0.7 ? sine : cosine < -0.7 ? kPi - sine : kPi / 2 - cosine;
  for (int step = 0; step < 5; ++step) {
    angle += sine * lab::cos(angle) - cosine * lab::sin(angle);
  }
  return std::clamp(angle, 0.0, kPi);
}

bool normalize(std::span<double> vector) {
  double squares = 0;
  for (const double v : vector) squares += v * v;
  const double norm = std::sqrt(squares);
  if (!(norm > 0) || !std::isfinite(norm)) return false;
  for (double& v : vector) v /= norm;
  return true;
}

BestHalfspace::BestHalfspace(std::size_t count) : changes_(2 * count), scratch_(2 * count) {}

double BestHalfspace::error(const HalfspaceSample& sample) {
  assert(sample.dimension() >= 2 && changes_.size() == 2 * sample.count());
  const std::size_t n = sample.count();
  // With z = y x, the direction w is right where <w, z> > 0: from a quarter turn before z to one
  // after it.
  double right = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double zx = sample.labels[i] * sample.columns(0, i);
    const double zy = sample.labels[i] * sample.columns(1, i);
    const double enters = zx == 0 && zy == 0 ? 4 : place_on_circle(zy, -zx);
    const double leaves = zx == 0 && zy == 0 ? 4 : place_on_circle(-zy, zx);
    changes_[2 * i] = {enters, 1};
    changes_[2 * i + 1] = {leaves, -1};
    // Right at place 0 already: it has entered and the turn ends before the start.
    right += leaves < enters ? 1 : 0;
  }
  // Merge sort from the bottom up in the two buffers: a stable sort that allocates nothing.
  std::vector<Change>*from = &changes_, *to = &scratch_;
  for (std::size_t width = 1; width < 2 * n; width *= 2) {
    for (std::size_t begin = 0; begin < 2 * n; begin += 2 * width) {
      const auto at = [&](std::size_t i) {
        return from->begin() + static_cast<std::ptrdiff_t>(std::min(i, 2 * n));
      };
      std::merge(at(begin), at(begin + width), at(begin + width), at(begin + 2 * width),
                 to->begin() + static_cast<std::ptrdiff_t>(begin),
                 [](const Change& a, const Change& b) {
                   // Where some leave and some enter at once, those who leave go first.
                   return a.place < b.place || (a.place == b.place && a.gain < b.gain);
                 });
    }
    std::swap(from, to);
  }
  double most = right;
  for (const Change& change : *from) {
    right += change.gain;
    most = std::max(most, right);
  }
  return 1 - most / static_cast<double>(n);
}

}  // namespace lab::separable
