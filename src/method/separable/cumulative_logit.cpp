#include "method/separable/cumulative_logit.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"

namespace lab::separable {
namespace {

// sigmoid(a) - sigmoid(b) without losing digits where both are near 1 (negative if a < b).
double between(double a, double b) {
  return a > 0 && b > 0 ? lab::sigmoid(-b) - lab::sigmoid(-a) : lab::sigmoid(a) - lab::sigmoid(b);
}

}  // namespace

OrderedSamples ordered_samples(MatrixView<double> features, std::span<const int> labels,
                               std::span<const std::size_t> rows, std::size_t classes,
                               bool standardise) {
  OrderedSamples samples;
  const std::size_t n = rows.size(), p = features.cols;
  samples.columns = Matrix::from_shape({p, n});
  samples.begin.assign(classes + 1, 0);
  std::size_t at = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    for (const std::size_t row : rows) {
      if (labels[row] != static_cast<int>(c)) continue;
      for (std::size_t j = 0; j < p; ++j) samples.columns(j, at) = features(row, j);
      ++at;
    }
    samples.begin[c + 1] = at;
    assert(at > samples.begin[c]);
  }
  samples.mean.assign(p, 0);
  samples.deviation.assign(p, 1);
  if (!standardise) return samples;
  const Kernels& k = kernels();
  for (std::size_t j = 0; j < p; ++j) {
    const std::span<double> x = span(samples.columns).subspan(j * n, n);
    samples.mean[j] = k.sum(x) / static_cast<double>(n);
    for (double& number : x) number -= samples.mean[j];
    const double deviation = std::sqrt(k.squared_norm(x) / static_cast<double>(n));
    // Rounding alone leaves about this much of a feature that is the same everywhere.
    if (deviation > 1e-12 * std::abs(samples.mean[j])) {
      samples.deviation[j] = deviation;
      for (double& number : x) number /= deviation;
    } else {
      std::ranges::fill(x, 0.0);
    }
  }
  return samples;
}

std::vector<double> share_intercepts(const OrderedSamples& samples) {
  std::vector<double> alpha;
  for (std::size_t k = 0; k < samples.boundaries(); ++k) {
    const auto below = static_cast<double>(samples.begin[k + 1]);
    alpha.push_back(lab::log(below / (static_cast<double>(samples.count()) - below)));
  }
  return alpha;
}

void unstandardised(const OrderedSamples& samples, std::span<const double> alpha,
                    std::span<const double> beta, BoundaryWeights& weights) {
  const std::size_t p = samples.features();
  for (std::size_t k = 0; k < alpha.size(); ++k) {
    weights.alpha[k] = alpha[k];
    for (std::size_t j = 0; j < p; ++j) {
      weights.beta[k * p + j] = beta[k * p + j] / samples.deviation[j];
      weights.alpha[k] -= weights.beta[k * p + j] * samples.mean[j];
    }
  }
}

CumulativeLoss::CumulativeLoss(const OrderedSamples& samples, Math math)
    : samples_(&samples),
      kernels_(&kernels(math)),
      margins_(samples.count()),
      above_(samples.count()),
      below_(samples.count()),
      losses_(samples.count()),
      gaps_(samples.count()) {}

void CumulativeLoss::scores(std::span<const double> alpha, std::span<const double> beta,
                            Matrix& scores) const {
  const std::size_t n = samples_->count(), p = samples_->features();
  const std::span<const double> columns = span(samples_->columns);
  for (std::size_t k = 0; k < alpha.size(); ++k) {
    const std::size_t from = first(k), size = last(k) - from;
    const std::span<double> row = span(scores).subspan(k * n + from, size);
    std::ranges::fill(row, alpha[k]);
    for (std::size_t j = 0; j < p; ++j) {
      if (beta[k * p + j] == 0) continue;
      kernels_->axpy(beta[k * p + j], columns.subspan(j * n + from, size), row);
    }
  }
}

double CumulativeLoss::evaluate(const Matrix& scores, Matrix* by_score) {
  const std::size_t n = samples_->count(), classes = samples_->classes();
  const double share = 1 / static_cast<double>(n);
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const std::size_t from = samples_->begin[c], size = samples_->begin[c + 1] - from;
    const double* a = c + 1 < classes ? scores.data() + c * n + from : nullptr;
    const double* b = c > 0 ? scores.data() + (c - 1) * n + from : nullptr;
    const std::span<double> margins(margins_.data(), size), losses(losses_.data(), size);
    const std::span<double> above(above_.data(), size), below(below_.data(), size);
    const std::span<double> gaps(gaps_.data(), size);
    if (a && b) {
      bool crossed = false;
      for (std::size_t i = 0; i < size; ++i) {
        const double d = a[i] - b[i];
        crossed = crossed || !(d > 0);
        gaps[i] = d;
      }
      if (crossed) return HUGE_VAL;
      for (double& gap : gaps) gap = -lab::expm1(-gap);
      kernels_->log(gaps, losses);
      sum -= kernels_->sum(losses);
    }
    if (a) {
      kernels_->logistic({a, size}, above, losses);  // sigmoid(-a), softplus(-a)
      sum += kernels_->sum(losses);
    }
    if (b) {
      for (std::size_t i = 0; i < size; ++i) margins[i] = -b[i];
      kernels_->logistic(margins, below, losses);  // sigmoid(b), softplus(b)
      sum += kernels_->sum(losses);
    }
    if (!by_score) continue;
    double* by_a = a ? by_score->data() + c * n + from : nullptr;
    double* by_b = b ? by_score->data() + (c - 1) * n + from : nullptr;
    if (a && b) {
      for (std::size_t i = 0; i < size; ++i) {
        const double pull = (1 - gaps[i]) / gaps[i];  // 1 / (exp(d) - 1)
        by_a[i] = -share * (pull + above[i]);
        by_b[i] = share * (pull + below[i]);
      }
    } else if (a) {
      for (std::size_t i = 0; i < size; ++i) by_a[i] = -share * above[i];
    } else {
      for (std::size_t i = 0; i < size; ++i) by_b[i] = share * below[i];
    }
  }
  return sum * share;
}

void CumulativeLoss::gradient(const Matrix& by_score, std::span<double> alpha,
                              std::span<double> beta) const {
  const std::size_t n = samples_->count(), p = samples_->features();
  const std::span<const double> columns = span(samples_->columns);
  for (std::size_t k = 0; k < alpha.size(); ++k) {
    const std::size_t from = first(k), size = last(k) - from;
    const std::span<const double> row = span(by_score).subspan(k * n + from, size);
    alpha[k] = kernels_->sum(row);
    for (std::size_t j = 0; j < p; ++j) {
      beta[k * p + j] = kernels_->dot(columns.subspan(j * n + from, size), row);
    }
  }
}

void rare_probabilities(const BoundaryWeights& weights, const Matrix& columns,
                        std::span<double> rare) {
  const std::size_t p = weights.features(), k = weights.boundaries() - 1, m = columns.shape(1);
  const Kernels& strict = kernels();
  std::ranges::fill(rare, -weights.alpha[k]);
  for (std::size_t j = 0; j < p; ++j) {
    strict.axpy(-weights.beta[k * p + j], span(columns).subspan(j * m, m), rare);
  }
  strict.sigmoid(rare, rare);
}

void class_probabilities(const BoundaryWeights& weights, std::span<const double> x,
                         std::span<double> probabilities) {
  const std::size_t p = weights.features(), boundaries = weights.boundaries();
  double before = 0;
  for (std::size_t k = 0; k < boundaries; ++k) {
    double score = weights.alpha[k];
    for (std::size_t j = 0; j < p; ++j) score += weights.beta[k * p + j] * x[j];
    probabilities[k] = k == 0 ? lab::sigmoid(score) : between(score, before);
    before = score;
  }
  probabilities[boundaries] = lab::sigmoid(-before);
}

}  // namespace lab::separable
