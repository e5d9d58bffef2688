#include "method/separable/ordinal_baselines.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/numerics.h"
#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

// What a method has to say about a point: its objective, and there the gradient and the Hessian
// (d x d, the lower triangle) if they are asked for.
struct Convex {
  std::size_t dimension;
  std::function<double(std::span<const double>)> value;
  std::function<void(std::span<const double>, std::span<double>, std::span<double>)> derivatives;
};

// Newton's method with steps halved until the objective falls by 1e-4 of the slope; the largest
// entry of the last gradient.
double newton(const Convex& function, std::vector<double>& x) {
  constexpr int kMostSteps = 100;
  constexpr double kSmall = 1e-12;
  const std::size_t d = function.dimension;
  std::vector<double> gradient(d), hessian(d * d), step(d), trial(d);
  double value = function.value(x), largest = 0;
  for (int iteration = 0; iteration < kMostSteps; ++iteration) {
    function.derivatives(x, gradient, hessian);
    largest = 0;
    for (const double g : gradient) largest = std::max(largest, std::abs(g));
    if (largest <= kSmall) break;
    step = gradient;
    cholesky(hessian, d, 1e-14);
    cholesky_solve(hessian, d, step);
    double slope = 0;
    for (std::size_t i = 0; i < d; ++i) slope += gradient[i] * step[i];
    double size = 1, reached = HUGE_VAL;
    for (; size > 1e-10; size /= 2) {
      for (std::size_t i = 0; i < d; ++i) trial[i] = x[i] - size * step[i];
      reached = function.value(trial);
      if (reached <= value - 1e-4 * size * slope) break;
    }
    // Nothing is left that rounding does not hide.
    if (!(reached < value)) break;
    x = trial;
    value = reached;
  }
  return largest;
}

double inner(std::span<const double> a, std::span<const double> b) {
  return kernels().dot(a, b);
}

std::span<const double> feature(const OrderedSamples& samples, std::size_t j) {
  return span(samples.columns).subspan(j * samples.count(), samples.count());
}

// The lower triangle of X^T diag(weights) X into hessian, d x d, from row and column `at` on.
void add_gram(const OrderedSamples& samples, std::span<const double> weights, std::size_t row_at,
              std::size_t column_at, std::size_t d, std::span<double> hessian) {
  const std::size_t p = samples.features();
  std::vector<double> weighted(samples.count());
  for (std::size_t j = 0; j < p; ++j) {
    const std::span<const double> x = feature(samples, j);
    for (std::size_t i = 0; i < weighted.size(); ++i) weighted[i] = weights[i] * x[i];
    const std::size_t end = row_at == column_at ? j + 1 : p;
    for (std::size_t l = 0; l < end; ++l) {
      hessian[(row_at + j) * d + column_at + l] += inner(weighted, feature(samples, l));
    }
  }
}

double slope_of(double score) {
  return lab::sigmoid(score) * lab::sigmoid(-score);
}

}  // namespace

ProportionalOdds proportional_odds(const OrderedSamples& samples) {
  const std::size_t n = samples.count(), p = samples.features(), k = samples.boundaries();
  const std::size_t d = k + p;
  const double share = 1 / static_cast<double>(n);
  CumulativeLoss loss(samples);
  Matrix scores = Matrix::from_shape({k, n}), by_score = Matrix::from_shape({k, n});
  scores.fill(0);
  by_score.fill(0);
  std::vector<double> beta(k * p), by_beta(k * p), weights(n);
  const auto look = [&](std::span<const double> x) {
    for (std::size_t i = 0; i < k * p; ++i) beta[i] = x[k + i % p];
    loss.scores(x.first(k), beta, scores);
  };
  const Convex function = {
      .dimension = d,
      .value =
          [&](std::span<const double> x) {
            look(x);
            return loss.value(scores);
          },
      .derivatives =
          [&](std::span<const double> x, std::span<double> gradient, std::span<double> hessian) {
            look(x);
            loss.value(scores, by_score);
            loss.gradient(by_score, gradient.first(k), by_beta);
            for (std::size_t j = 0; j < p; ++j) {
              gradient[k + j] = 0;
              for (std::size_t b = 0; b < k; ++b) gradient[k + j] += by_beta[b * p + j];
            }
            std::ranges::fill(hessian, 0.0);
            std::ranges::fill(weights, 0.0);
            for (std::size_t b = 0; b < k; ++b) {
              const std::size_t from = loss.first(b), end = loss.last(b);
              std::vector<double> slopes(n);
              for (std::size_t i = from; i < end; ++i) {
                slopes[i] = share * slope_of(scores(b, i));
                weights[i] += slopes[i];
                hessian[b * d + b] += slopes[i];
                // Between two boundaries: 1 / (exp(g) - 1) has the slope -q (1 + q).
                if (i >= samples.begin[b + 1] && b + 1 < k) {
                  const double e = lab::expm1(scores(b + 1, i) - scores(b, i));
                  const double bent = share * (1 / e) * (1 + 1 / e);
                  hessian[b * d + b] += bent;
                  hessian[(b + 1) * d + b + 1] += bent;
                  hessian[(b + 1) * d + b] -= bent;
                }
              }
              for (std::size_t j = 0; j < p; ++j) {
                hessian[(k + j) * d + b] = inner(slopes, feature(samples, j));
              }
            }
            add_gram(samples, weights, k, k, d, hessian);
          },
  };
  std::vector<double> x = share_intercepts(samples);
  x.resize(d);
  ProportionalOdds odds;
  odds.gradient = newton(function, x);
  odds.loss = function.value(x);
  odds.alpha.assign(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(k));
  odds.beta.assign(x.begin() + static_cast<std::ptrdiff_t>(k), x.end());
  return odds;
}

BinaryLogit binary_logit(const OrderedSamples& samples, std::size_t boundary, double above_weight) {
  const std::size_t n = samples.count(), p = samples.features(), d = p + 1;
  const std::size_t below = samples.begin[boundary + 1];
  const double share =
      1 / (static_cast<double>(below) + above_weight * static_cast<double>(n - below));
  std::vector<double> margins(n), errors(n), losses(n), weights(n);
  // The margin is positive on the sample's own side.
  const auto look = [&](std::span<const double> x) {
    std::ranges::fill(margins, x[0]);
    for (std::size_t j = 0; j < p; ++j) kernels().axpy(x[1 + j], feature(samples, j), margins);
    for (std::size_t i = below; i < n; ++i) margins[i] = -margins[i];
    kernels().logistic(margins, errors, losses);
  };
  const auto weight = [&](std::size_t i) { return i < below ? share : share * above_weight; };
  const Convex function = {
      .dimension = d,
      .value =
          [&](std::span<const double> x) {
            look(x);
            const double of_below = kernels().sum(std::span(losses).first(below));
            const double of_above = kernels().sum(std::span(losses).subspan(below));
            return share * (of_below + above_weight * of_above) +
                   kLogitRidge / 2 * kernels().squared_norm(x);
          },
      .derivatives =
          [&](std::span<const double> x, std::span<double> gradient, std::span<double> hessian) {
            look(x);
            for (std::size_t i = 0; i < n; ++i) {
              weights[i] = weight(i) * errors[i] * (1 - errors[i]);
              errors[i] *= i < below ? -weight(i) : weight(i);
            }
            std::ranges::fill(hessian, 0.0);
            gradient[0] = kernels().sum(errors) + kLogitRidge * x[0];
            hessian[0] = kernels().sum(weights);
            for (std::size_t j = 0; j < p; ++j) {
              gradient[1 + j] = inner(errors, feature(samples, j)) + kLogitRidge * x[1 + j];
              hessian[(1 + j) * d] = inner(weights, feature(samples, j));
            }
            add_gram(samples, weights, 1, 1, d, hessian);
            for (std::size_t i = 0; i < d; ++i) hessian[i * d + i] += kLogitRidge;
          },
  };
  std::vector<double> x(d);
  const auto of_below = static_cast<double>(below);
  x[0] = lab::log(of_below / (above_weight * (static_cast<double>(n) - of_below)));
  BinaryLogit logit;
  logit.gradient = newton(function, x);
  look(x);
  logit.separated = std::ranges::all_of(margins, [](double margin) { return margin > 0; });
  logit.alpha = x[0] + lab::log(above_weight);
  logit.beta.assign(x.begin() + 1, x.end());
  return logit;
}

MultinomialLogit multinomial_logit(const OrderedSamples& samples) {
  const std::size_t n = samples.count(), p = samples.features(), classes = samples.classes();
  const std::size_t block = p + 1, d = (classes - 1) * block;
  const double share = 1 / static_cast<double>(n);
  // Row c of probabilities: those of class c, of every sample.
  Matrix logits = Matrix::from_shape({n, classes});
  std::vector<double> column(n), weights(n), losses(n);
  const auto look = [&](std::span<const double> x) {
    for (std::size_t c = 0; c < classes; ++c) {
      std::ranges::fill(column, c == 0 ? 0 : x[(c - 1) * block]);
      for (std::size_t j = 0; c > 0 && j < p; ++j) {
        kernels().axpy(x[(c - 1) * block + 1 + j], feature(samples, j), column);
      }
      for (std::size_t i = 0; i < n; ++i) logits(i, c) = column[i];
    }
    kernels().log_softmax_rows(view(logits), span(logits));
    for (std::size_t c = 0; c < classes; ++c) {
      for (std::size_t i = samples.begin[c]; i < samples.begin[c + 1]; ++i) {
        losses[i] = -logits(i, c);
      }
    }
  };
  const Convex function = {
      .dimension = d,
      .value =
          [&](std::span<const double> x) {
            look(x);
            return share * kernels().sum(losses) + kLogitRidge / 2 * kernels().squared_norm(x);
          },
      .derivatives =
          [&](std::span<const double> x, std::span<double> gradient, std::span<double> hessian) {
            look(x);
            kernels().exp(span(logits), span(logits));
            std::ranges::fill(hessian, 0.0);
            for (std::size_t c = 1; c < classes; ++c) {
              const std::size_t at = (c - 1) * block;
              for (std::size_t i = 0; i < n; ++i) {
                const bool own = i >= samples.begin[c] && i < samples.begin[c + 1];
                column[i] = share * (logits(i, c) - (own ? 1 : 0));
              }
              gradient[at] = kernels().sum(column);
              for (std::size_t j = 0; j < p; ++j) {
                gradient[at + 1 + j] = inner(column, feature(samples, j));
              }
              for (std::size_t e = 1; e <= c; ++e) {
                const std::size_t other = (e - 1) * block;
                for (std::size_t i = 0; i < n; ++i) {
                  weights[i] = share * logits(i, c) * ((c == e ? 1 : 0) - logits(i, e));
                }
                hessian[at * d + other] = kernels().sum(weights);
                for (std::size_t j = 0; j < p; ++j) {
                  const double cross = inner(weights, feature(samples, j));
                  hessian[(at + 1 + j) * d + other] = cross;
                  if (c != e) hessian[at * d + other + 1 + j] = cross;
                }
                add_gram(samples, weights, at + 1, other + 1, d, hessian);
              }
            }
            for (std::size_t i = 0; i < d; ++i) {
              gradient[i] += kLogitRidge * x[i];
              hessian[i * d + i] += kLogitRidge;
            }
          },
  };
  std::vector<double> x(d);
  for (std::size_t c = 1; c < classes; ++c) {
    x[(c - 1) * block] = lab::log(static_cast<double>(samples.begin[c + 1] - samples.begin[c]) /
                                  static_cast<double>(samples.begin[1]));
  }
  MultinomialLogit logit;
  logit.gradient = newton(function, x);
  logit.alpha.resize(classes);
  logit.beta.resize(classes * p);
  for (std::size_t c = 1; c < classes; ++c) {
    logit.alpha[c] = x[(c - 1) * block];
    for (std::size_t j = 0; j < p; ++j) logit.beta[c * p + j] = x[(c - 1) * block + 1 + j];
  }
  return logit;
}

MultinomialLogit unstandardised(const OrderedSamples& samples, MultinomialLogit weights) {
  const std::size_t p = samples.features();
  for (std::size_t c = 0; c < weights.alpha.size(); ++c) {
    for (std::size_t j = 0; j < p; ++j) {
      weights.beta[c * p + j] /= samples.deviation[j];
      weights.alpha[c] -= weights.beta[c * p + j] * samples.mean[j];
    }
  }
  return weights;
}

void class_probabilities(const MultinomialLogit& weights, std::span<const double> x,
                         std::span<double> probabilities) {
  const std::size_t p = x.size();
  for (std::size_t c = 0; c < weights.alpha.size(); ++c) {
    probabilities[c] = weights.alpha[c];
    for (std::size_t j = 0; j < p; ++j) probabilities[c] += weights.beta[c * p + j] * x[j];
  }
  kernels().softmax(probabilities, probabilities);
}

}  // namespace lab::separable
