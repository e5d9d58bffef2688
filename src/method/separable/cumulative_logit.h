// What is the cumulative logit model of ordered classes, and how well does it fit?
// G. Faletto and J. Bien, "Predicting Rare Events by Shrinking Towards Proportional Odds",
// arXiv:2305.18700.
//
// Classes 0 .. K - 1 in their order, the last one rare; boundary k of K - 1 lies between k and k +
// 1:
//     P(y <= k | x) = F_k(x) = sigmoid(alpha_k + beta_k . x)
// (some libraries model P(y > k): all signs are then the other way round). Proportional odds: all
// beta_k equal. Otherwise F_k < F_{k-1} is possible for some x, and with it a class whose
// probability is negative; that of the last class, 1 - F_{K-2}, is always between 0 and 1.
//
// The loss of a sample with score a above and b below its class, d = a - b > 0 [derived]:
//     p = F(a) - F(b) = (1 - exp(-d)) sigmoid(a) sigmoid(-b)
//     d log p / da = 1 / (exp(d) - 1) + sigmoid(-a),   d log p / db = -1 / (exp(d) - 1) -
//     sigmoid(b)
// which are sums of terms of one sign: no digits are lost where both F are near 0 or 1.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/tensor.h"

namespace lab::separable {

// The boundaries of a fitted model, in the units of the data.
struct BoundaryWeights {
  std::vector<double> alpha;  // K - 1
  std::vector<double> beta;   // (K - 1) x p, row-major

  std::size_t boundaries() const { return alpha.size(); }
  std::size_t features() const { return beta.size() / alpha.size(); }
};

// Samples by class, a feature a row: what the methods walk over. Features have mean 0 and standard
// deviation 1 (divided by n); one without spread is 0 everywhere.
struct OrderedSamples {
  Matrix columns;                  // p x n
  std::vector<std::size_t> begin;  // K + 1: class c has the columns begin[c] .. begin[c + 1] - 1
  std::vector<double> mean, deviation;  // p each: x = mean + deviation times what is in columns

  std::size_t features() const { return columns.shape(0); }
  std::size_t count() const { return columns.shape(1); }
  std::size_t classes() const { return begin.size() - 1; }
  std::size_t boundaries() const { return classes() - 1; }
};

// features: rows x p; labels: 0 .. classes - 1; rows: those to take. `standardise` false leaves the
// features as they are (mean 0, deviation 1 are then noted). Every class must have a row
// (asserted).
OrderedSamples ordered_samples(MatrixView<double> features, std::span<const int> labels,
                               std::span<const std::size_t> rows, std::size_t classes,
                               bool standardise = true);

// logit of the classes' cumulative shares: the model that knows no features.
std::vector<double> share_intercepts(const OrderedSamples& samples);

// What standardised weights (alpha: K - 1; beta: (K - 1) x p) are in the units of the data:
// beta / deviation, and alpha - sum of beta mean / deviation. `weights` has its sizes.
void unstandardised(const OrderedSamples& samples, std::span<const double> alpha,
                    std::span<const double> beta, BoundaryWeights& weights);

// Mean negative log-likelihood and its gradient. Scores and their gradient are (K - 1) x n; of row
// k only the columns of the classes k and k + 1 matter, and nothing else is read or written. No
// call allocates.
class CumulativeLoss {
 public:
  // The samples must outlive it.
  explicit CumulativeLoss(const OrderedSamples& samples, Math math = Math::strict);

  // scores(k, i) = alpha_k + beta_k . x_i. beta: (K - 1) x p.
  void scores(std::span<const double> alpha, std::span<const double> beta, Matrix& scores) const;

  // -(1/n) sum of log p_i; infinite if a sample's boundaries cross there (p_i <= 0).
  double value(const Matrix& scores) { return evaluate(scores, nullptr); }

  // The same, and its derivative with respect to each score; without meaning where it is infinite.
  double value(const Matrix& scores, Matrix& by_score) { return evaluate(scores, &by_score); }

  // The gradient with respect to alpha (K - 1) and beta ((K - 1) x p).
  void gradient(const Matrix& by_score, std::span<double> alpha, std::span<double> beta) const;

  // Columns that boundary k touches: begin and end.
  std::size_t first(std::size_t k) const { return samples_->begin[k]; }
  std::size_t last(std::size_t k) const { return samples_->begin[k + 2]; }

 private:
  double evaluate(const Matrix& scores, Matrix* by_score);

  const OrderedSamples* samples_;
  const Kernels* kernels_;
  std::vector<double> margins_, above_, below_, losses_, gaps_;  // n each
};

// P(y = K - 1 | x), the rare probability, of each sample. columns: p x m in the units of the
// weights; rare: m. Does not allocate.
void rare_probabilities(const BoundaryWeights& weights, const Matrix& columns,
                        std::span<double> rare);

// P(y = c | x) of every class, not clipped: some may be negative. x: p; probabilities: K.
void class_probabilities(const BoundaryWeights& weights, std::span<const double> x,
                         std::span<double> probabilities);

}  // namespace lab::separable
