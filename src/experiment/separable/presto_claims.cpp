#include "experiment/separable/presto_claims.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "experiment/separable/ordinal_data.h"
#include "experiment/separable/rare_contest.h"
#include "method/separable/fused_odds.h"
#include "method/separable/ordinal_baselines.h"

namespace lab {
namespace {

using separable::FusedOdds;
using separable::OrderedSamples;

constexpr double kNever = 1e9;

// Only these methods, and the design of the derived figures: n = 2500, p = 10, intercepts (0, 3,
// 5), q = 1/3, 8 lambdas down to a hundredth of the largest, 3 folds, the Brier score over all
// classes.
Recorder contest(ClaimContext& context, std::initializer_list<std::string_view> methods,
                 Settings settings) {
  for (const std::string_view name : rare::kNames) {
    settings.try_emplace(std::string(name), std::ranges::count(methods, name) > 0);
  }
  settings.try_emplace("intercepts", std::string("0,3,5"));
  settings.try_emplace("density", 1.0 / 3);
  settings.try_emplace("lambdas", std::int64_t{8});
  settings.try_emplace("folds", std::int64_t{3});
  return context.run(settings);
}

double error(const Recorder& recorder, std::string_view who) {
  return recorder.value(std::string(who) + "/rare_mse").value_or(kNever);
}

// (error of a - factor times that of b) times 1e5.
double excess(ClaimContext& context, std::string_view a, double factor, std::string_view b,
              const Settings& settings) {
  const Recorder recorder = contest(context, {a, b}, settings);
  return 1e5 * (error(recorder, a) - factor * error(recorder, b));
}

double wins(ClaimContext& context, std::string_view a, std::string_view b,
            const Settings& settings) {
  const Recorder recorder = contest(context, {a, b}, settings);
  return error(recorder, a) < error(recorder, b) ? 1 : 0;
}

// log of PRESTO's error over the logit's.
double log_ratio(ClaimContext& context, const Settings& settings) {
  const Recorder recorder = contest(context, {"presto", "logit"}, settings);
  return lab::log(error(recorder, "presto") / error(recorder, "logit"));
}

// A small generated problem: 600 samples, 5 features, as the identities need no more.
OrderedSamples small_samples(ClaimContext& context, const std::string& intercepts) {
  const Config config("presto-rare-events", Schema(1, ordinal_fields()),
                      {{"samples", std::int64_t{600}},
                       {"features", std::int64_t{5}},
                       {"density", 1.0 / 3},
                       {"intercepts", intercepts}});
  const OrdinalProblem problem = ordinal_problem(config, context.run_context());
  std::vector<std::size_t> rows(problem.count());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return separable::ordered_samples({problem.features.data(), problem.count(), problem.dimension()},
                                    problem.labels, rows, problem.classes);
}

bool converge(FusedOdds& fit, double lambda) {
  constexpr int kMost = 50'000;
  fit.start(lambda);
  for (int i = 0; i < kMost; ++i) {
    if (fit.iterate()) return true;
  }
  return false;
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// --- Identities: reference numbers -------------------------------------------------------------

OrderedSamples four_samples() {
  constexpr std::array<double, 8> kX = {0.5, -1, 1, 0, -0.5, 0.5, 0, 1};
  constexpr std::array<int, 4> kY = {0, 1, 2, 1};
  constexpr std::array<std::size_t, 4> kAll = {0, 1, 2, 3};
  return separable::ordered_samples({kX.data(), 4, 2}, kY, kAll, 3, false);
}

// V1: loss and gradient.
double reference_gradient(ClaimContext&) {
  const OrderedSamples samples = four_samples();
  separable::CumulativeLoss function(samples);
  Matrix scores = Matrix::from_shape({2, 4}), by_score = Matrix::from_shape({2, 4});
  scores.fill(0);
  by_score.fill(0);
  std::array<double, 2> alpha;
  std::array<double, 4> beta;
  function.scores(std::array{-0.2, 0.8}, std::array{0.3, -0.2, 0.2, -0.05}, scores);
  double largest = std::abs(function.value(scores, by_score) - 1.1419041685);
  function.gradient(by_score, alpha, beta);
  const std::array<double, 6> found = {alpha[0], alpha[1],          beta[0] + beta[2],
                                       beta[2],  beta[1] + beta[3], beta[3]};
  const std::array<double, 6> expected = {0.4030474331,  -0.2689023112, -0.0766395575,
                                          -0.3213425226, 0.2185930281,  -0.1132152479};
  return std::max(largest, largest_difference(found, expected));
}

// V2: objectives along the path.
double reference_objectives(ClaimContext&) {
  const OrderedSamples samples = four_samples();
  FusedOdds fit(samples, {}, 1e-8);
  double largest = std::abs(fit.lambda_max() - 0.28125);
  constexpr std::array<std::pair<double, double>, 3> kExpected = {
      {{1, 1.0397207708}, {0.05, 0.7117056921}, {0.01, 0.2789438326}}};
  for (const auto& [lambda, objective] : kExpected) {
    if (!converge(fit, lambda)) return kNever;
    largest = std::max(largest, std::abs(fit.objective() - objective));
  }
  return largest;
}

// The gradient against central differences, relative to its largest entry, at a random point.
double gradient_error(ClaimContext& context) {
  const OrderedSamples samples = small_samples(context, "0,2,3");
  separable::CumulativeLoss function(samples);
  const std::size_t k = samples.boundaries(), p = samples.features();
  Matrix scores = Matrix::from_shape({k, samples.count()}), by_score = scores;
  scores.fill(0);
  by_score.fill(0);
  Stream stream(context.seed(), "presto/gradient");
  std::vector<double> point = {-0.3, 1.5, 3.2}, gradient(k * (p + 1));
  for (std::size_t i = 0; i < k * p; ++i) point.push_back(stream.uniform(-0.05, 0.05));
  const auto value = [&] {
    function.scores(std::span(point).first(k), std::span(point).subspan(k), scores);
    return function.value(scores);
  };
  value();
  function.value(scores, by_score);
  function.gradient(by_score, std::span(gradient).first(k), std::span(gradient).subspan(k));
  double largest = 0, error = 0;
  for (std::size_t i = 0; i < point.size(); ++i) {
    constexpr double kStep = 1e-5;
    const double kept = point[i];
    point[i] = kept + kStep;
    const double above = value();
    point[i] = kept - kStep;
    const double below = value();
    point[i] = kept;
    largest = std::max(largest, std::abs(gradient[i]));
    error = std::max(error, std::abs((above - below) / (2 * kStep) - gradient[i]));
  }
  return error / largest;
}

// --- Identities: both ends of the path, and between --------------------------------------------

double beyond_lambda_max(ClaimContext& context) {
  const OrderedSamples samples = small_samples(context, "0,2,4");
  FusedOdds fit(samples, {}, 1e-9);
  double largest = 0;
  for (const double factor : {1.0, 2.0}) {
    // There and back: from a point with weights.
    if (!converge(fit, 0.1 * fit.lambda_max())) return kNever;
    if (!converge(fit, factor * fit.lambda_max())) return kNever;
    for (const double weight : fit.psi()) largest = std::max(largest, std::abs(weight));
    largest =
        std::max(largest, largest_difference(fit.alpha(), separable::share_intercepts(samples)));
  }
  return largest;
}

double from_proportional_odds(ClaimContext& context) {
  const OrderedSamples samples = small_samples(context, "0,2,4");
  const separable::ProportionalOdds odds = separable::proportional_odds(samples);
  FusedOdds fit(samples, {.base_penalised = false}, 1e-10);
  if (!converge(fit, 0.1 * fit.lambda_max()) || !converge(fit, 1e3)) return kNever;
  std::vector<double> beta(fit.psi().size());
  fit.beta(beta);
  double largest = largest_difference(fit.alpha(), odds.alpha);
  for (std::size_t i = 0; i < beta.size(); ++i) {
    largest = std::max(largest, std::abs(beta[i] - odds.beta[i % samples.features()]));
  }
  return largest;
}

double without_penalty(ClaimContext& context) {
  const OrderedSamples samples = small_samples(context, "0,2,4");
  FusedOdds fit(samples, {}, 1e-7);
  return converge(fit, 0) ? fit.violation() : kNever;
}

// Of the whole path, with and without a free base, in a run of the experiment.
double along_the_path(ClaimContext& context) {
  double largest = 0;
  for (const bool base : {true, false}) {
    const Recorder recorder = contest(context, {"presto", "presto_l2"},
                                      {{"samples", std::int64_t{600}},
                                       {"features", std::int64_t{5}},
                                       {"intercepts", std::string("0,2,4")},
                                       {"penalise_base", base},
                                       {"max_iterations", std::int64_t{10'000}}});
    for (const std::string_view who : {"presto", "presto_l2"}) {
      largest = std::max(largest, recorder.value(std::string(who) + "/violation").value_or(kNever));
    }
  }
  return largest;
}

// Two classes: the optimality conditions of L1 logistic regression, in plain loops.
double two_classes(ClaimContext& context) {
  const OrderedSamples samples = small_samples(context, "1.5");
  FusedOdds fit(samples, {}, 1e-8);
  const double lambda = 0.1 * fit.lambda_max();
  if (!converge(fit, lambda)) return kNever;
  const std::size_t p = samples.features(), n = samples.count();
  std::vector<double> gradient(p + 1);
  for (std::size_t i = 0; i < n; ++i) {
    double score = fit.alpha()[0];
    for (std::size_t j = 0; j < p; ++j) score += fit.psi()[j] * samples.columns(j, i);
    const double side = i < samples.begin[1] ? 1 : -1;
    const double by_score = -side * lab::sigmoid(-side * score) / static_cast<double>(n);
    gradient[0] += by_score;
    for (std::size_t j = 0; j < p; ++j) gradient[1 + j] += by_score * samples.columns(j, i);
  }
  double largest = std::abs(gradient[0]);
  for (std::size_t j = 0; j < p; ++j) {
    const double weight = fit.psi()[j], g = gradient[1 + j];
    largest = std::max(largest, weight == 0 ? std::abs(g) - lambda
                                            : std::abs(g + (weight > 0 ? lambda : -lambda)));
  }
  return largest;
}

// --- The settings that effects are measured in ---------------------------------------------------

const Settings kSparse = {};
const Settings kRarer = {{"intercepts", std::string("0,4,6")}, {"density", 0.5}};
const Settings kDense = {{"data", std::string("dense")}};
const Settings kEqual = {{"density", 0.0}};
const Settings kEqualFree = {{"density", 0.0}, {"penalise_base", false}};
const Settings kDiabetes = {{"data", std::string("diabetes")}};

}  // namespace

std::vector<Claim> presto_claims() {
  std::vector<Claim> claims;
  const auto add = [&](Claim claim) { claims.push_back(std::move(claim)); };
  const auto identity = [&](std::string id, std::string sentence, std::string metric,
                            double threshold, int seeds, double (*measure)(ClaimContext&)) {
    add({.id = std::move(id),
         .sentence = std::move(sentence),
         .source = "[derived]",
         .paper_value = "",
         .kind = ClaimKind::identity,
         .metric = std::move(metric),
         .comparison = Comparison::at_most,
         .threshold = threshold,
         .seeds = seeds,
         .remark = "",
         .measure = measure});
  };
  // Effects of settings; value times 1e5 where it is an error.
  const auto effect = [&](std::string id, std::string sentence, std::string source,
                          std::string paper, std::string metric, Comparison comparison,
                          double threshold, std::string remark,
                          std::function<double(ClaimContext&)> measure) {
    add({.id = std::move(id),
         .sentence = std::move(sentence),
         .source = std::move(source),
         .paper_value = std::move(paper),
         .kind = ClaimKind::effect,
         .metric = std::move(metric),
         .comparison = comparison,
         .threshold = threshold,
         .seeds = 20,
         .remark = std::move(remark),
         .measure = std::move(measure)});
  };
  const auto difference = [](std::string_view a, double factor, std::string_view b,
                             const Settings& settings) {
    return [=](ClaimContext& context) { return excess(context, a, factor, b, settings); };
  };

  identity("reference-gradient",
           "Loss and gradient of four samples of three classes are the reference's.",
           "largest difference from ten digits", 1e-9, 1, reference_gradient);
  identity("reference-objectives",
           "The penalised objective of the same samples is the reference's at three λ.",
           "largest difference of objectives and of the largest λ", 1e-7, 1, reference_objectives);
  identity("gradient", "The gradient is that of the loss.",
           "largest difference from central differences, over the largest entry", 1e-6, 20,
           gradient_error);
  identity("largest-lambda",
           "From λ_max on all weights are 0 and the intercepts those of the classes' shares.",
           "largest |ψ| and difference of intercepts at λ_max and twice that", 1e-6, 20,
           beyond_lambda_max);
  identity("proportional-odds", "With a free base and a large λ it is the proportional odds model.",
           "largest difference from its maximum likelihood, weights and intercepts", 1e-6, 20,
           from_proportional_odds);
  identity("no-penalty", "Without a penalty the gradient vanishes.",
           "largest entry of the gradient", 1e-6, 20, without_penalty);
  identity("optimality",
           "At every λ the gradient is -λ sign(ψ) where ψ is not 0, and at most λ where it is.",
           "largest violation on both paths, base penalised and free", 1e-6, 20, along_the_path);
  identity("two-classes", "With two classes it is L1 logistic regression.",
           "largest violation of that method's optimality conditions", 1e-6, 20, two_classes);

  const std::string sparse_text = "n = 2500, p = 10, intercepts (0, 3, 5), q = 1/3, 8 λ, 3 folds";
  effect("sparse-logit",
         "Where few differences are there, PRESTO's rare probabilities are nearer to the true ones "
         "than the logit's: at most 0.75 times its error.",
         "Section 4.1; the number is [derived]", "",
         "10⁵ (MSE of PRESTO − 0.75 MSE of the logit), " + sparse_text, Comparison::at_most, 0,
         "Means of 10⁵ MSE over these 20 seeds: PRESTO 6.5, logit 9.3, proportional odds 9.2: 0.70 "
         "times either. The mean is where it should be, but a few draws with large errors make the "
         "interval wide.",
         difference("presto", 0.75, "logit", kSparse));
  effect("sparse-odds", "And than those of proportional odds: at most 0.85 times its error.",
         "Section 4.1; the number is [derived]", "",
         "10⁵ (MSE of PRESTO − 0.85 MSE of proportional odds)", Comparison::at_most, 0,
         "See above. Draws with few differences are those that proportional odds wins.",
         difference("presto", 0.85, "odds", kSparse));
  effect("sparse-wins", "PRESTO wins against the logit in at least 14 of 20 draws.",
         "Section 4.1; the number is [derived]", "", "share of seeds", Comparison::at_least, 0.7,
         "", [](ClaimContext& context) { return wins(context, "presto", "logit", kSparse); });
  effect("rarer-logit",
         "It holds for a rarer class and more differences: intercepts (0, 4, 6), q = 1/2.",
         "Section 4.1", "", "10⁵ (MSE of PRESTO − MSE of the logit)", Comparison::below, 0, "",
         difference("presto", 1, "logit", kRarer));
  effect("rarer-odds", "And against proportional odds.", "Section 4.1", "",
         "10⁵ (MSE of PRESTO − MSE of proportional odds)", Comparison::below, 0, "",
         difference("presto", 1, "odds", kRarer));
  effect("dense-logit", "It holds where all weights differ a little.", "Section 4.2", "",
         "10⁵ (MSE of PRESTO − MSE of the logit)", Comparison::below, 0, "",
         difference("presto", 1, "logit", kDense));
  effect("dense-odds", "And against proportional odds.", "Section 4.2", "",
         "10⁵ (MSE of PRESTO − MSE of proportional odds)", Comparison::below, 0, "",
         difference("presto", 1, "odds", kDense));
  effect("equal-upper",
         "Where nothing differs (q = 0) and the base is free, PRESTO is at most 10 % worse than "
         "proportional odds, which is the true model.",
         "[derived]", "", "10⁵ (MSE of PRESTO − 1.1 MSE of proportional odds)", Comparison::at_most,
         0, "Together with the next: no clear winner.",
         difference("presto", 1.1, "odds", kEqualFree));
  effect("equal-lower", "And at most 10 % better.", "[derived]", "",
         "10⁵ (MSE of PRESTO − 0.9 MSE of proportional odds)", Comparison::at_least, 0, "",
         difference("presto", 0.9, "odds", kEqualFree));
  effect("equal-shrunk",
         "With the base penalised PRESTO is better than maximum-likelihood proportional odds even "
         "there: a gain of shrinking the base, which is gone where the base is free.",
         "[derived]", "", "10⁵ (MSE of PRESTO − MSE of proportional odds)", Comparison::below, 0,
         "", difference("presto", 1, "odds", kEqual));
  effect("rarity-trend", "The rarer the class, the larger PRESTO's lead over the logit.",
         "after the theory: the logit's variance grows without bound [derived]", "",
         "log(MSE of PRESTO / logit): last intercept 6 minus 4", Comparison::below, 0, "",
         [](ClaimContext& context) {
           return log_ratio(context, {{"rarity", 1.0}}) - log_ratio(context, {{"rarity", -1.0}});
         });
  claims.back().kind = ClaimKind::trend;
  effect("density-trend",
         "The more differences there are, the smaller PRESTO's lead over the logit.", "[derived]",
         "", "log(MSE of PRESTO / logit): q = 0.6 minus q = 0", Comparison::above, 0,
         "At q = 1 and these intercepts no draw is free of negative probabilities; 0.6 is about as "
         "far as it goes.",
         [](ClaimContext& context) {
           return log_ratio(context, {{"density", 0.6}}) - log_ratio(context, {{"density", 0.0}});
         });
  claims.back().kind = ClaimKind::trend;
  effect("class-weights",
         "Class weights add no information: the weighted logit, its intercept corrected, is not "
         "nearer to the truth than the plain one.",
         "[derived]", "", "10⁵ (MSE of the weighted logit − MSE of the logit)",
         Comparison::at_least, 0, "", difference("weighted", 1, "logit", kSparse));
  effect("diabetes-logit",
         "On real data PRESTO estimates rare probabilities better than the logit.",
         "Section 4.3 has other data (soup tasting); these are not in the paper", "",
         "10⁵ (rare Brier score of PRESTO − logit) on a quarter held out; 442 patients, "
         "progression cut into 50, 30, 15 and 5 %",
         Comparison::below, 0, "", difference("presto", 1, "logit", kDiabetes));
  effect("diabetes-odds", "And better than proportional odds.",
         "Section 4.3 has other data (soup tasting); these are not in the paper", "",
         "10⁵ (rare Brier score of PRESTO − proportional odds)", Comparison::below, 0,
         "The truth is not known: most of a Brier score is chance that no method can remove.",
         difference("presto", 1, "odds", kDiabetes));
  return claims;
}

}  // namespace lab
