// Does choosing the coefficient token by token pay? The claims of sheet 04 (arXiv:2406.15480), with
// its thresholds.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "experiment/fusion/dynamic_fusion_recordings.h"
#include "experiment/fusion/dynamic_fusion_run.h"

namespace lab::fusion {
namespace {

constexpr AlphaGrid kGrid;
constexpr Objective kObjective;

double loss(const Recorder& recorder, Method method) {
  return recorder.buckets(recordings().of[index(method)].nll).back().last;
}

// The loss of `worse` less that of `better`, of domains that differ after a share `frac` of
// symbols.
double lead(ClaimContext& context, double frac, Method better, Method worse) {
  const Recorder recorder = context.run({{"frac", frac}});
  return loss(recorder, worse) - loss(recorder, better);
}

double gap_closed(ClaimContext& context) {
  const Recorder recorder = context.run({{"frac", 0.3}});
  return recorder.value(recordings().of[index(Method::dynamic)].gap_closed).value_or(0) / 100;
}

// A step of random logits: normal, times `scale`.
DecodingStep random_step(Stream& stream, std::size_t vocabulary, std::size_t experts,
                         double scale) {
  std::vector<double> logits((2 + experts) * vocabulary);
  for (double& logit : logits) logit = scale * stream.normal();
  const std::span<const double> all = logits;
  DecodingStep step(vocabulary, experts);
  step.set(all.first(vocabulary), all.subspan(vocabulary, vocabulary), all.subspan(2 * vocabulary));
  return step;
}

// The reference vectors of one step: the largest difference.
double reference_vectors(ClaimContext&) {
  constexpr std::array<double, 3> kLarge = {1, 0.5, 0}, kPeaked = {3, 0.5, 0},
                                  kBase = {0.6, 0.4, 0};
  constexpr std::array<double, 6> kExperts = {0.2, 1.2, 0, 0.6, 0.4, 1.0};
  double largest = 0;
  const auto compare = [&](double found, double expected) {
    largest = std::max(largest, std::abs(found - expected));
  };
  DecodingStep step(3, 1);
  step.set(kLarge, kBase, std::span(kExperts).first(3));
  compare(step.target(0).forward, 0.1407277238);
  compare(step.target(0).reverse, 0.1427162020);
  compare(step.objective(std::array{1.0}, kObjective), 0.0000994921);
  compare(step.search(kGrid, kObjective).alpha, 1);
  compare(step.solve(kGrid, kObjective).alpha, 0.9771785473);
  step.set(kPeaked, kBase, std::span(kExperts).first(3));
  compare(step.search(kGrid, kObjective).alpha, 1.2);
  compare(step.search(kGrid, kObjective).loss, 0.0013596516);
  compare(step.solve(kGrid, kObjective).alpha, 1.2431703630);
  DecodingStep two(3, 2);
  two.set(kLarge, kBase, kExperts);
  compare(two.search(kGrid, kObjective).alpha, 0.9);
  compare(two.search(kGrid, kObjective).loss, 0.0012070400);
  std::array<double, 2> jointly;
  compare(two.search_jointly(kGrid, kObjective, jointly), 0.0011113345);
  compare(jointly[0], 0.6);
  compare(jointly[1], 1);
  return largest;
}

// alpha = 0: how many of 1000 random steps are not the large model, to the bit.
double unchanged_at_zero(ClaimContext& context) {
  Stream stream(context.seed(), "claims");
  double wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    const DecodingStep step = random_step(stream, 2 + stream.below(15), 1, 2);
    std::vector<double> log_p(step.vocabulary());
    step.log_probabilities(std::array{0.0}, log_p);
    wrong += std::ranges::equal(log_p, step.log_large()) ? 0 : 1;
  }
  return wrong;
}

// The large model is the base and a constant: the largest objective at the chosen coefficient; 1 if
// another one than 1 is chosen.
double same_model(ClaimContext& context) {
  Stream stream(context.seed(), "claims");
  double largest = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::size_t vocabulary = 2 + stream.below(15);
    std::vector<double> base(vocabulary), expert(vocabulary), large;
    stream.fill_normal(base);
    stream.fill_normal(expert);
    const double constant = stream.normal(0, 10);
    for (const double logit : base) large.push_back(logit + constant);
    DecodingStep step(vocabulary, 1);
    step.set(large, base, expert);
    // However little the expert has moved.
    const Choice choice = step.search(kGrid, {.least_target = 0});
    largest = std::max(largest, choice.alpha == 1 ? choice.loss : 1);
  }
  return largest;
}

// Falls of either divergence between neighbours of the grid by more than 1e-12, in 10 000 steps.
double falling_divergences(ClaimContext& context) {
  Stream stream(context.seed(), "claims");
  double falls = 0;
  for (int i = 0; i < 10'000; ++i) {
    DecodingStep step = random_step(stream, 2 + stream.below(11), 1, 1.5);
    Divergences before;
    for (int k = kGrid.first; k <= kGrid.last; ++k) {
      const Divergences now = step.moved(std::array{k * kGrid.step});
      falls += now.forward < before.forward - 1e-12 || now.reverse < before.reverse - 1e-12 ? 1 : 0;
      before = now;
    }
  }
  return falls;
}

// Both derivatives against central differences, relative to the larger of 1 and their size.
double slope_error(ClaimContext& context) {
  Stream stream(context.seed(), "claims");
  constexpr double kStep = 1e-5;
  double largest = 0;
  for (int i = 0; i < 2000; ++i) {
    DecodingStep step = random_step(stream, 2 + stream.below(11), 1, 1.5);
    const double alpha = stream.uniform(0, 2);
    const Divergences slope = step.slopes(0, alpha);
    const Divergences up = step.moved(std::array{alpha + kStep});
    const Divergences down = step.moved(std::array{alpha - kStep});
    const auto compare = [&](double above, double below, double expected) {
      largest = std::max(largest, std::abs((above - below) / (2 * kStep) - expected) /
                                      std::max(1.0, std::abs(expected)));
    };
    compare(up.forward, down.forward, slope.forward);
    compare(up.reverse, down.reverse, slope.reverse);
  }
  return largest;
}

// Largest objective at the dynamic choice less that at alpha = 1, which is on the grid; and of the
// exact choice less the grid's. Over 2000 random steps of two experts.
double worse_than_allowed(ClaimContext& context) {
  Stream stream(context.seed(), "claims");
  double largest = -numerics::kInfinity<double>;
  for (int i = 0; i < 2000; ++i) {
    DecodingStep step = random_step(stream, 2 + stream.below(11), 2, 1.5);
    const Choice grid = step.search(kGrid, kObjective), exact = step.solve(kGrid, kObjective);
    for (const std::array one : {std::array{1.0, 0.0}, std::array{0.0, 1.0}}) {
      largest = std::max(largest, grid.loss - step.objective(one, kObjective));
    }
    largest = std::max(largest, exact.loss - grid.loss);
  }
  return largest;
}

Claim of_loss(std::string id, std::string sentence, std::string paper_value, double frac,
              Method better, Method worse, Comparison comparison, double threshold,
              std::string remark = {}) {
  return {.id = std::move(id),
          .sentence = std::move(sentence),
          .source = "arXiv:2406.15480; [derived] Markov sources, frac = " +
                    std::string(frac == 0.3   ? "0.3"
                                : frac == 0.6 ? "0.6"
                                              : "1"),
          .paper_value = std::move(paper_value),
          .kind = ClaimKind::effect,
          .metric = "loss of " + std::string(kLabels[index(worse)]) + " less that of " +
                    std::string(kLabels[index(better)]) + ", nats a symbol",
          .comparison = comparison,
          .threshold = threshold,
          .seeds = 20,
          .remark = std::move(remark),
          .measure = [=](ClaimContext& context) { return lead(context, frac, better, worse); }};
}

}  // namespace

std::vector<Claim> dynamic_fusion_claims() {
  using enum ClaimKind;
  using enum Comparison;
  using enum Method;
  std::vector<Claim> claims = {
      {.id = "reference-vectors",
       .sentence = "Targets, objectives and coefficients of the reference steps.",
       .source = "[derived] evaluated independently to 50 digits",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference of 13 numbers",
       .comparison = at_most,
       .threshold = 1e-9,
       .seeds = 1,
       .remark = "",
       .measure = reference_vectors},
      {.id = "unchanged-at-zero",
       .sentence = "With α = 0 the fusion is the large model.",
       .source = "arXiv:2406.15480, equation of the fused logits; 1000 random steps",
       .paper_value = "P",
       .kind = identity,
       .metric = "steps with another bit",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure = unchanged_at_zero},
      {.id = "same-model",
       .sentence = "Where the large model is the small base, α = 1 gives the expert.",
       .source = "[derived] 1000 random steps, logits shifted by a constant",
       .paper_value = "α = 1",
       .kind = identity,
       .metric = "largest objective at the chosen α; 1 if that is not 1",
       .comparison = below,
       .threshold = 1e-20,
       .seeds = 20,
       .remark = "",
       .measure = same_model},
      {.id = "divergences-grow",
       .sentence = "Both divergences between fusion and large model grow with α from 0 on.",
       .source = "[derived] from the derivatives; 10 000 random steps",
       .paper_value = "",
       .kind = bound,
       .metric = "falls by more than 1e-12",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure = falling_divergences},
      {.id = "derivatives",
       .sentence = "D(P~||P)' = α Var δ and D(P||P~)' = E_P~ δ − E_P δ.",
       .source = "[derived] 2000 random steps",
       .paper_value = "",
       .kind = identity,
       .metric = "largest relative difference from central differences",
       .comparison = at_most,
       .threshold = 1e-6,
       .seeds = 20,
       .remark = "",
       .measure = slope_error},
      {.id = "objective-not-above-static",
       .sentence = "The dynamic choice is never further from the targets than α = 1, the exact one "
                   "never further than the grid's.",
       .source = "arXiv:2406.15480: 1 is on the grid; 2000 random steps of two experts",
       .paper_value = "",
       .kind = bound,
       .metric = "largest excess of the objective",
       .comparison = at_most,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure = worse_than_allowed},
  };
  claims.push_back(of_loss("gain-over-static", "Dynamic fusion beats proxy-tuning, α = 1.",
                           "46.09 against 44.43 (7B), 34.86 against 31.74 (1.1B), task scores", 0.3,
                           dynamic, one, at_least, 0.010));
  claims.push_back({.id = "wins-over-static",
                    .sentence = "It does so on nearly every data set.",
                    .source = "arXiv:2406.15480; [derived] Markov sources, frac = 0.3",
                    .paper_value = "best or tied on every task",
                    .kind = effect,
                    .metric = "share of the seeds in which the loss is lower than with α = 1",
                    .comparison = at_least,
                    .threshold = 0.85,
                    .seeds = 20,
                    .remark = "",
                    .measure = [](ClaimContext& context) {
                      return lead(context, 0.3, dynamic, one) > 0 ? 1.0 : 0.0;
                    }});
  claims.push_back(of_loss("gain-over-half", "It beats the smaller constant α = 0.5.",
                           "best or tied on every task", 0.3, dynamic, half, above, 0));
  claims.push_back(of_loss("gain-over-three-halves", "It beats the larger constant α = 1.5.",
                           "best or tied on every task", 0.3, dynamic, three_halves, above, 0));
  claims.push_back(of_loss(
      "gain-over-best-constant", "It beats the best constant there is.", "", 0.3, dynamic,
      best_constant, above, 0,
      "The paper compares three constants; this one is chosen on 2000 symbols of the domain."));
  claims.push_back(of_loss("gain-over-static-far",
                           "It beats α = 1 also where more of the domain is new.", "", 0.6, dynamic,
                           one, at_least, 0.020));
  claims.push_back(of_loss("better-than-large", "It is better than the large model alone.",
                           "46.09 against 29.93", 0.3, dynamic, large, at_least, 0.05));
  claims.push_back(of_loss("better-than-expert", "It is better than the expert alone.",
                           "46.09 against 44.13 (7B), 34.86 against 25.33 (1.1B)", 0.3, dynamic,
                           expert, at_least, 0.05));
  claims.push_back(of_loss(
      "expert-wins-far-away",
      "Where every symbol's continuation is new, the expert alone is better than the fusion.", "",
      1, expert, dynamic, above, 0,
      "Not in the paper: the limit of the method, since the large model then knows nothing that is "
      "still true."));
  claims.push_back({.id = "gap-closed-at-least",
                    .sentence = "A good part of the way to the fine-tuned large model is closed.",
                    .source = "arXiv:2406.15480, abstract; [derived] (large − dynamic) / (large − "
                              "fine-tuned), losses, frac = 0.3",
                    .paper_value = "96.4 % (7B) and 72.9 % (1.1B), as ratios of scores; 90.5 % by "
                                   "this definition (7B)",
                    .kind = effect,
                    .metric = "share of the gap that is closed",
                    .comparison = above,
                    .threshold = 0.35,
                    .seeds = 20,
                    .remark = "A ratio of scores is near 1 even for the large model alone; the "
                              "figure shows both.",
                    .measure = gap_closed});
  claims.push_back({.id = "gap-closed-at-most",
                    .sentence = "And a good part of it is left.",
                    .source = "[derived] as above",
                    .paper_value = "",
                    .kind = effect,
                    .metric = "share of the gap that is closed",
                    .comparison = below,
                    .threshold = 0.75,
                    .seeds = 20,
                    .remark = "",
                    .measure = gap_closed});
  claims.push_back(
      {.id = "expert-follows-domain",
       .sentence = "In a text that changes between two domains the chosen expert is that of the "
                   "text.",
       .source = "arXiv:2406.15480, figure of α over a maths question; [derived] two domains in "
                 "turns of 200 symbols, frac = 0.6",
       .paper_value = "the maths expert dominates",
       .kind = effect,
       .metric = "share of the tokens after which the domains differ",
       .comparison = above,
       .threshold = 0.6,
       .seeds = 20,
       .remark = "The objective compares distances and never looks at the text, so it cannot know "
                 "which domain is being read.",
       .measure = [](ClaimContext& context) {
         const Recorder recorder = context.run({{"experts", std::int64_t{2}}, {"frac", 0.6}});
         return recorder.buckets(recordings().of[index(dynamic)].agreement).back().last / 100;
       }});
  return claims;
}

}  // namespace lab::fusion
