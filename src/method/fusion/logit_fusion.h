// How far does one move a large model by what small ones have learnt? One decoding step of logit
// fusion. C. Fan, Z. Lu, W. Wei, J. Tian, X. Qu, D. Chen and Y. Cheng, "On Giant's Shoulders:
// Effortless Weak to Strong by Dynamic Logits Fusion", arXiv:2406.15480; its equations (1) to (4).
//
// With the logits M of a large model, B of a small base and E_t of small experts made of that base,
//     fused(alpha) = M + sum_t alpha_t E_t - (sum_t alpha_t) B,                              (1)
// and P, Q, Q_t, P~ for the softmax of M, B, E_t and fused. A coefficient is right where the large
// model has moved as far as the expert has, in both directions:
//     D(P~ || P) = D(Q_t || Q),   D(P || P~) = D(Q || Q_t).                                  (2)
//
// Everything is in nats, float64 and log-space; logits are finite.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lab::fusion {

// The Kullback-Leibler divergences between a distribution and the one that it came from.
struct Divergences {
  double forward = 0;  // D(moved || from)
  double reverse = 0;  // D(from || moved)
};

// sum_x p (log p - log q) of two distributions, given by their logarithms, of one length; finite.
double divergence(std::span<const double> log_p, std::span<const double> log_q);

// What counts in the objective, and from where on.
struct Objective {
  double forward = 1, reverse = 1;  // weights of the two squared differences; >= 0
  // Where all targets are below it, an expert has not moved: alpha = 0, as the minimum is noise.
  double least_target = 1e-6;
};

// The coefficients that are tried: i * step for i from first to last, which are multiples, so that
// no rounding adds up.
struct AlphaGrid {
  double step = 0.1;
  int first = 0, last = 20;  // first <= last

  double low() const { return first * step; }
  double high() const { return last * step; }
};
// All multiples of step from low to high (a hair of rounding allowed at both ends).
AlphaGrid alpha_grid(double low, double high, double step);

// One coefficient for one expert, all others 0.
struct Choice {
  std::size_t expert = 0;
  double alpha = 0;
  double loss = 0;  // what was minimised
};

// The models' logits at one step, and what follows from them. Allocates when it is made only.
class DecodingStep {
 public:
  DecodingStep(std::size_t vocabulary, std::size_t experts);

  std::size_t vocabulary() const { return vocabulary_; }
  std::size_t experts() const { return targets_.size(); }

  // large, base: vocabulary() logits; experts: experts() rows of as many. Copied.
  void set(std::span<const double> large, std::span<const double> base,
           std::span<const double> experts);

  // (1), added up from left to right; alpha: experts() numbers. Where all are 0 that is M.
  void fuse(std::span<const double> alpha, std::span<double> logits) const;
  void log_probabilities(std::span<const double> alpha, std::span<double> into) const;
  // Of the large model.
  std::span<const double> log_large() const { return log_large_; }
  std::span<const double> log_base() const { return log_base_; }
  std::span<const double> log_expert(std::size_t expert) const { return row(log_experts_, expert); }
  // E_t - B.
  std::span<const double> delta(std::size_t expert) const { return row(delta_, expert); }

  // The right-hand sides of (2): how far the expert is from its base.
  const Divergences& target(std::size_t expert) const { return targets_[expert]; }
  // The left-hand sides.
  Divergences moved(std::span<const double> alpha);
  // (4), which for one expert is (3): summed over the targets of all experts.
  double objective(std::span<const double> alpha, const Objective& objective);

  // The paper's search: one expert after the other over the grid, the others at 0. Of equal losses
  // the first, that is the smaller alpha of the earlier expert.
  Choice search(const AlphaGrid& grid, const Objective& objective);
  // All experts at once: (last - first + 1)^experts candidates. into: experts(); gives the loss.
  double search_jointly(const AlphaGrid& grid, const Objective& objective, std::span<double> into);
  // One expert after the other between the ends of the grid, to the last bit: the best place of the
  // grid, then bisection of the derivative in the cell beside it that falls. (The objective may
  // have two local minima, so that bisection alone could find the wrong one.)
  Choice solve(const AlphaGrid& grid, const Objective& objective);
  // The coefficient that gives this token the greatest probability. Its loss -log P~(token) is
  // convex in each alpha, with the derivative E_P~[delta] - delta(token).
  Choice oracle(std::size_t token, const AlphaGrid& grid);

  // With the coefficient alpha for one expert and 0 for the others: derivatives in that alpha,
  //     D(P~ || P)' = alpha Var_P~[delta],   D(P || P~)' = E_P~[delta] - E_P[delta].
  Divergences slopes(std::size_t expert, double alpha);
  double objective_slope(std::size_t expert, double alpha, const Objective& objective);

 private:
  std::span<const double> row(const std::vector<double>& rows, std::size_t expert) const {
    return std::span(rows).subspan(expert * vocabulary_, vocabulary_);
  }
  std::span<const double> alone(std::size_t expert, double alpha);
  double mean_under(std::span<const double> log_p, std::span<const double> values) const;
  double loss_of(const Divergences& moved, const Objective& objective) const;
  bool unmoved(const Objective& objective) const;
  Choice unmoved_choice(const Objective& objective);
  struct Place {
    int at;  // on the grid
    double loss;
  };
  Place best_place(std::size_t expert, const AlphaGrid& grid, const Objective& objective);

  std::size_t vocabulary_;
  std::vector<double> large_, base_, experts_, log_large_, log_base_, log_experts_, delta_;
  std::vector<Divergences> targets_;
  std::vector<double> one_;           // coefficients of one expert alone
  mutable std::vector<double> work_;  // log P~
};

// The one coefficient that serves a whole text best: minimises sum over rows and tokens of counts *
// -log softmax(large + alpha * delta), which is convex in alpha, between low and high.
// large, delta, counts: rows x vocabulary, row-major; counts >= 0, not all 0.
double best_constant(std::span<const double> large, std::span<const double> delta,
                     std::span<const double> counts, std::size_t vocabulary, double low,
                     double high);

}  // namespace lab::fusion
