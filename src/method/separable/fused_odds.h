// How does PRESTO fit ordered classes? It shrinks the weights of neighbouring boundaries towards
// each other. G. Faletto and J. Bien, arXiv:2305.18700, and the published code.
//
//     minimise  -(1/n) sum_i log p_i + lambda [ a sum |psi_jk| + (1 - a)/2 sum psi_jk^2 ],
//     beta_k = psi_0 + .. + psi_k;   a = 1: PRESTO, a = 0: its ridge variant
// Intercepts are never penalised; psi_0, the weights that all boundaries share, is in the published
// code (lambda to infinity then knows no features) and not where `base_penalised` is false (lambda
// to infinity is then proportional odds).
//
// The minimiser is found by accelerated proximal gradient steps (Beck and Teboulle 2009) that start
// again from standing where the objective would rise (O'Donoghue and Candes 2015). Steps are
// measured in the curvature that each boundary has at the fit without features, since that of a
// rare class is a hundredth of a common one's [derived].
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "method/separable/cumulative_logit.h"

namespace lab::separable {

enum class Shrinkage {
  absolute,  // a = 1
  squared,   // a = 0
};

struct FusedPenalty {
  Shrinkage shrinkage = Shrinkage::absolute;
  bool base_penalised = true;
};

// One fit on its way: start(lambda), then iterate() until it has converged, then the next lambda
// from there. iterate() and start() do not allocate.
class FusedOdds {
 public:
  // The samples must outlive it. It stands at the intercepts of the classes' shares and psi = 0,
  // or, where the base is free, at proportional odds. tolerance: when a fit counts as converged,
  // the largest violation of its optimality conditions (a gradient with respect to standardised
  // weights).
  FusedOdds(const OrderedSamples& samples, const FusedPenalty& penalty, double tolerance,
            Math math = Math::strict);

  // The smallest lambda at which every penalised psi is 0 (a = 1): the largest penalised gradient
  // where a new fit stands [derived].
  double lambda_max() const { return lambda_max_; }

  // Goes on from where it is with another lambda >= 0.
  void start(double lambda);

  // One proximal gradient step; true if it has converged.
  bool iterate();

  double lambda() const { return lambda_; }
  double loss() const { return loss_; }                     // mean negative log-likelihood
  double objective() const { return objective_; }           // loss and penalty
  double step_size() const { return step_size_; }           // in units of the inverse curvature
  std::uint64_t iterations() const { return iterations_; }  // of this lambda
  std::uint64_t restarts() const { return restarts_; }      // of this lambda
  std::span<const double> alpha() const { return {x_.data(), boundaries_}; }
  // (K - 1) x p: psi_0, psi_1, ..
  std::span<const double> psi() const { return std::span(x_).subspan(boundaries_); }

  // beta_k = psi_0 + .. + psi_k; (K - 1) x p.
  void beta(std::span<double> beta) const { accumulate(psi(), beta); }
  // In the units of the data; `weights` has its sizes. Allocates nothing.
  void weights(BoundaryWeights& weights) const;

  // The largest violation of the optimality conditions, evaluated anew.
  double violation();
  // The gradient of the loss with respect to psi, evaluated anew; (K - 1) x p.
  void psi_gradient(std::span<double> gradient);

  const OrderedSamples& samples() const { return *samples_; }

  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  bool penalised(std::size_t k) const { return k > 0 || penalty_.base_penalised; }
  double penalty(std::span<const double> psi) const;
  void accumulate(std::span<const double> psi, std::span<double> beta) const;
  void scores_of(std::span<const double> point, Matrix& scores);
  // From by_score_ into gradient_: alpha, then psi.
  void gradient();

  const OrderedSamples* samples_;
  CumulativeLoss function_;
  FusedPenalty penalty_;
  double tolerance_;
  std::size_t boundaries_, features_;
  std::vector<double> metric_;  // inverse curvature of alpha (K - 1), then of each psi_k (K - 1)
  double lambda_max_ = 0;

  double lambda_ = 0, loss_ = 0, objective_ = 0, step_size_ = 1, momentum_ = 1;
  std::uint64_t iterations_ = 0, restarts_ = 0;
  // alpha, then psi: the point, the one before, between them and beyond, and a candidate.
  std::vector<double> x_, before_, ahead_, candidate_, gradient_;
  std::vector<double> beta_;
  Matrix scores_, scores_before_, scores_ahead_, scores_candidate_, by_score_;
};

}  // namespace lab::separable
