#include "experiment/separable/block_claims.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "method/linear_algebra.h"
#include "method/separable/block_rules.h"
#include "method/separable/graph_blocks.h"

namespace lab {
namespace {

using separable::Objective;
using separable::Rule;

constexpr double kNever = 1e9;

// A run in which only these rules compete, without what only a person looks at. The defaults are
// those of the derived figures: logistic loss, n = 100, p = 60, ridge 1, variable blocks of 5; here
// 200 updates.
Settings race(std::initializer_list<std::string_view> rules, Settings settings) {
  for (std::size_t k = 0; k < separable::kRules; ++k) {
    const std::string_view rule = separable::name(static_cast<Rule>(k));
    settings.try_emplace(std::string(rule), std::ranges::count(rules, rule) > 0);
  }
  settings.try_emplace("max_iterations", std::int64_t{200});
  settings["promises"] = false;
  return settings;
}

double log_gap(const Recorder& recorder, std::string_view who) {
  return recorder.value(std::string(who) + "/log_gap").value_or(0);
}

std::span<const Bucket> series(const Recorder& recorder, std::string_view who,
                               std::string_view what) {
  return recorder.buckets(recorder.find(std::string(who) + "/" + std::string(what)));
}

// The decimal logarithm of a method's gap when it had done at most so many operations. The runs are
// short enough for every step to be kept.
double log_gap_at(const Recorder& recorder, std::string_view who, double operations) {
  const std::span<const Bucket> done = series(recorder, who, "operations");
  const std::span<const Bucket> gaps = series(recorder, who, "gap");
  double gap = 1;
  for (std::size_t k = 0; k < done.size(); ++k) {
    if (done[k].last <= operations) gap = gaps[k].last;
  }
  return lab::log(gap) / 2.302585092994046;
}

double operations_of(const Recorder& recorder, std::string_view who) {
  return series(recorder, who, "operations").back().last;
}

// The largest excess of what was sure over what was brought, over all rules, both updates that
// promise something, all problems, fixed partitions and trees.
double largest_excess(ClaimContext& context) {
  double largest = 0;
  const auto look = [&](const Recorder& recorder, std::initializer_list<std::string_view> who) {
    for (const std::string_view name : who) {
      largest =
          std::max(largest, recorder.value(std::string(name) + "/largest_excess").value_or(1e300));
    }
  };
  const auto all = {
      std::string_view("random"),   std::string_view("cyclic"), std::string_view("lipschitz"),
      std::string_view("gs"),       std::string_view("gsl"),    std::string_view("gsd"),
      std::string_view("gsd_rows"), std::string_view("gsq"),    std::string_view("gsq_iht")};
  for (const std::string update : {"gradient", "matrix"}) {
    for (const std::string problem :
         {"logistic", "least_squares", "softmax", "lasso", "nonnegative", "lattice"}) {
      look(context.run(
               race(all, {{"problem", problem},
                          {"update", update},
                          {"features", problem == "softmax" ? std::int64_t{20} : std::int64_t{60}},
                          {"nodes", std::int64_t{100}}})),
           all);
    }
    look(context.run(race({}, {{"race", "blocks"}, {"rule", "gsl"}, {"update", update}})),
         {"order", "sort", "avg", "hsort", "havg"});
  }
  look(context.run(race({}, {{"race", "trees"}, {"problem", "lattice"}})),
       {"colours", "trees", "growing_tree"});
  return largest;
}

// Reference vector V1 [derived]: the four samples by hand; the largest difference from its numbers,
// or 1 where a rule takes another block.
double reference_error(ClaimContext& context) {
  struct Row {
    std::array<std::uint32_t, 2> block;
    double squares, lipschitz, gsl, gsd, gsd_rows, gsq, after_gradient, after_matrix;
  };
  constexpr std::array<Row, 3> kRows = {{
      {{0, 1},
       3.0969032818,
       2.8981456009,
       1.0685809853,
       1.7052968928,
       1.0611406317,
       1.5759220827,
       2.3143595913,
       2.1659261027},
      {{0, 2},
       1.3584375033,
       3.6225424859,
       0.3749956028,
       0.6187557812,
       0.3371130796,
       1.4916774930,
       2.6927150826,
       2.1999144082},
      {{1, 2},
       2.7753079498,
       2.35,
       1.1809821063,
       1.7345674687,
       1.0120392664,
       1.4107546165,
       2.3594429469,
       2.2681921298},
  }};
  Matrix columns = Matrix::from_shape({3, 4});
  constexpr double kA[4][3] = {{1, 2, 0}, {0, 1, -1}, {3, 0, 1}, {1, -1, 2}};
  for (std::size_t s = 0; s < 4; ++s) {
    for (std::size_t i = 0; i < 3; ++i) columns(i, s) = kA[s][i];
  }
  const Objective objective = separable::logistic_objective(columns, {1, -1, 1, -1}, 0.1);
  const separable::BlockPoint point(objective, std::array{0.1, -0.2, 0.3});
  std::array<double, 3> g;
  point.gradient(g);
  double error = 0;
  const auto compare = [&](double measured, double expected) {
    error = std::max(error, std::abs(measured - expected));
  };
  compare(point.value(), 3.0140740539);
  constexpr std::array kGradient = {-0.9165240955, -1.5022938675, 0.7200146427};
  for (std::size_t i = 0; i < 3; ++i) compare(g[i], kGradient[i]);
  separable::BlockChooser chooser(objective, 2, true);
  for (const Row& row : kRows) {
    Matrix scratch = Matrix::from_shape({2, 2});
    const double lipschitz = separable::block_lipschitz(objective, row.block, scratch);
    compare(lipschitz, row.lipschitz);
    std::array<double, 4> factor;
    std::array<double, 2> d;
    double squares = 0, by_constant = 0, by_row = 0, quadratic = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      const std::uint32_t i = row.block[k];
      d[k] = -g[i];
      squares += g[i] * g[i];
      by_constant += chooser.score(Rule::gsd, i, g[i]);
      by_row += chooser.score(Rule::gsd_rows, i, g[i]);
    }
    separable::bound_block(objective, row.block, factor);
    cholesky(factor, 2, 1e-12);
    cholesky_solve(factor, 2, d);
    for (std::size_t k = 0; k < 2; ++k) quadratic -= g[row.block[k]] * d[k];
    compare(squares, row.squares);
    compare(squares / lipschitz, row.gsl);
    compare(by_constant, row.gsd);
    compare(by_row, row.gsd_rows);
    compare(quadratic, row.gsq);
    separable::BlockPoint moved = point;
    compare(moved.value_after(row.block, d), row.after_matrix);
    for (std::size_t k = 0; k < 2; ++k) d[k] = -g[row.block[k]] / lipschitz;
    compare(moved.value_after(row.block, d), row.after_gradient);
  }
  // What a run of the experiment takes first; a block's coordinates come in the order of their
  // score.
  const Recorder recorder = context.run(
      race({"gs", "gsl", "gsd", "gsd_rows", "gsq"}, {{"data", "hand"},
                                                     {"ridge", 0.1},
                                                     {"block_size", std::int64_t{2}},
                                                     {"max_iterations", std::int64_t{1}}}));
  const auto after = [&](std::string_view who) {
    return *recorder.value("data/start") - series(recorder, who, "actual").back().last;
  };
  compare(after("gs"), kRows[0].after_gradient);
  compare(after("gsq"), kRows[0].after_gradient);
  compare(after("gsd_rows"), kRows[0].after_gradient);
  compare(after("gsl"), kRows[2].after_gradient);
  compare(after("gsd"), kRows[2].after_gradient);
  return error;
}

// Steps at which GSL, GSD and GSQ do not take the same single coordinate.
double different_choices(ClaimContext& context) {
  double different = 0;
  for (const std::string problem : {"logistic", "least_squares"}) {
    const Recorder recorder = context.run(
        race({"gsl", "gsd", "gsq"}, {{"problem", problem}, {"block_size", std::int64_t{1}}}));
    const auto gsl = series(recorder, "gsl", "coordinate");
    const auto gsd = series(recorder, "gsd", "coordinate");
    const auto gsq = series(recorder, "gsq", "coordinate");
    if (gsl.size() != gsd.size() || gsl.size() != gsq.size()) return kNever;
    for (std::size_t k = 0; k < gsl.size(); ++k) {
      different += gsl[k].last != gsd[k].last || gsl[k].last != gsq[k].last ? 1 : 0;
    }
  }
  return different;
}

double gap_after_whole_block(ClaimContext& context) {
  const Recorder recorder = context.run(race({"gs"}, {{"problem", "least_squares"},
                                                      {"update", "matrix"},
                                                      {"block_size", std::int64_t{60}},
                                                      {"max_iterations", std::int64_t{1}}}));
  return series(recorder, "gs", "gap").back().last;
}

// The largest difference of the elimination from a dense solve, relative to the largest number, on
// a random forest of 200 nodes.
double forest_error(ClaimContext& context) {
  constexpr std::uint32_t kNodes = 200;
  Stream stream(context.seed(), "block_descent/forest");
  std::vector<separable::Edge> edges;
  std::vector<double> pull(kNodes), target(kNodes), rhs(kNodes), d(kNodes), dense(kNodes);
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    pull[i] = stream.uniform(0.01, 1);
    rhs[i] = stream.normal();
    const bool linked = stream.bernoulli(0.95);
    const double weight = stream.uniform(0.1, 2);
    if (i == 0 || !linked) continue;
    edges.push_back({i, static_cast<std::uint32_t>(stream.below(i)), weight});
  }
  const Objective objective =
      separable::graph_objective(separable::make_graph(kNodes, edges, pull, target));
  std::vector<std::uint32_t> block;
  for (const std::size_t i : stream.permutation(kNodes)) {
    block.push_back(static_cast<std::uint32_t>(i));
  }
  separable::Forests forests(objective);
  forests.solve(block, rhs, d);
  std::vector<double> factor(kNodes * kNodes);
  separable::bound_block(objective, block, factor);
  cholesky(factor, kNodes, 1e-12);
  dense = rhs;
  cholesky_solve(factor, kNodes, dense);
  double error = 0, largest = 0;
  for (std::size_t k = 0; k < kNodes; ++k) {
    error = std::max(error, std::abs(d[k] - dense[k]));
    largest = std::max(largest, std::abs(dense[k]));
  }
  return error / largest;
}

// 1 where `better` ends lower than `worse`.
double wins(ClaimContext& context, std::string_view better, std::string_view worse,
            const std::string& update) {
  const Recorder recorder = context.run(race({better, worse}, {{"update", update}}));
  return log_gap(recorder, better) < log_gap(recorder, worse) ? 1 : 0;
}

double difference(ClaimContext& context, std::string_view a, std::string_view b,
                  const std::string& update) {
  const Recorder recorder = context.run(race({a, b}, {{"update", update}}));
  return log_gap(recorder, a) - log_gap(recorder, b);
}

double matrix_wins(ClaimContext& context) {
  const Recorder matrix = context.run(race({"gs", "gsd"}, {{"update", "matrix"}}));
  const Recorder gradient = context.run(race({"gs", "gsd"}, {{"update", "gradient"}}));
  const auto lower = [&](std::string_view who) {
    return log_gap(matrix, who) < log_gap(gradient, who);
  };
  return lower("gs") && lower("gsd") ? 1 : 0;
}

// Between the best and the worst of five rules.
double spread(ClaimContext& context, const std::string& update) {
  const auto rules = {std::string_view("random"), std::string_view("cyclic"),
                      std::string_view("gs"), std::string_view("gsd"),
                      std::string_view("gsd_rows")};
  const Recorder recorder = context.run(race(rules, {{"update", update}}));
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const std::string_view rule : rules) {
    low = std::min(low, log_gap(recorder, rule));
    high = std::max(high, log_gap(recorder, rule));
  }
  return high - low;
}

double quadratic_lead(ClaimContext& context) {
  const auto others = {std::string_view("random"),   std::string_view("cyclic"),
                       std::string_view("gs"),       std::string_view("gsd"),
                       std::string_view("gsd_rows"), std::string_view("gsq")};
  const Recorder recorder = context.run(race(others, {{"update", "matrix"}}));
  double best = HUGE_VAL;
  for (const std::string_view rule : others) {
    if (rule != "gsq") best = std::min(best, log_gap(recorder, rule));
  }
  return log_gap(recorder, "gsq") - best;
}

double at_equal_work(ClaimContext& context, std::string_view a, std::string_view b) {
  const Recorder recorder = context.run(race({a, b}, {{"max_iterations", std::int64_t{1000}}}));
  const double operations = std::min(operations_of(recorder, a), operations_of(recorder, b));
  return log_gap_at(recorder, a, operations) - log_gap_at(recorder, b, operations);
}

Recorder partitions(ClaimContext& context) {
  return context.run(race({}, {{"race", "blocks"}, {"rule", "gsl"}}));
}

double newton_lead(ClaimContext& context) {
  const Recorder recorder = context.run(race({}, {{"race", "updates"}}));
  return log_gap(recorder, "newton") - log_gap(recorder, "gradient");
}

// The greedy tree against the better of the general blocks of the same cost.
double tree_lead(ClaimContext& context, const std::string& problem, bool equal_work) {
  const Recorder recorder = context.run(
      race({}, {{"race", "trees"}, {"problem", problem}, {"max_iterations", std::int64_t{100}}}));
  double best = HUGE_VAL, lead = -HUGE_VAL;
  for (const std::string_view who : {"small_random", "small_greedy"}) {
    best = std::min(best, log_gap(recorder, who));
    if (!equal_work) continue;
    const double operations =
        std::min(operations_of(recorder, who), operations_of(recorder, "growing_tree"));
    lead = std::max(lead, log_gap_at(recorder, "growing_tree", operations) -
                              log_gap_at(recorder, who, operations));
  }
  return equal_work ? lead : log_gap(recorder, "growing_tree") - best;
}

Recorder active_set(ClaimContext& context, const std::string& problem) {
  return context.run(race({}, {{"race", "updates"},
                               {"problem", problem},
                               {"rule", "gsd"},
                               {"block_size", std::int64_t{40}},
                               {"max_iterations", std::int64_t{1000}}}));
}

double support_found(ClaimContext& context) {
  double found = 1;
  for (const std::string problem : {"lasso", "nonnegative"}) {
    const Recorder recorder = active_set(context, problem);
    for (const std::string_view who : {"matrix", "newton"}) {
      if (!recorder.value(std::string(who) + "/identified")) found = 0;
    }
  }
  return found;
}

double updates_after_identification(ClaimContext& context) {
  double most = 0;
  for (const std::string problem : {"lasso", "nonnegative"}) {
    const Recorder recorder = active_set(context, problem);
    const std::optional<double> identified = recorder.value("newton/identified");
    const auto gaps = series(recorder, "newton", "gap");
    if (!identified || gaps.back().last > 1e-12) return kNever;
    most = std::max(most, static_cast<double>(gaps.size() - 1) - *identified);
  }
  return most;
}

}  // namespace

std::vector<Claim> block_descent_claims() {
  using enum ClaimKind;
  using enum Comparison;
  const std::string setting =
      "logistic loss, n = 100, p = 60, ridge 1, variable blocks of 5, 200 updates";
  return {
      {.id = "guaranteed-decrease",
       .sentence = "An update with an upper bound of the Hessian lowers F by at least what the "
                   "bound says, at every step.",
       .source = "Section 2; 1/2 ||g_b||^2 / L_b and 1/2 g_b^T H_b^-1 g_b",
       .paper_value = "",
       .kind = bound,
       .metric =
           "largest (guaranteed - actual) / max(1, |F|) over all steps of all rules, gradient "
           "and matrix updates, six problems, fixed partitions and trees",
       .comparison = at_most,
       .threshold = 1e-9,
       .remark = "",
       .measure = largest_excess},
      {.id = "reference-vector",
       .sentence = "On four samples by hand GS and GSQ take the block {1, 2}, GSL and GSD take "
                   "{2, 3}, and all scores and steps come out as computed independently.",
       .source = "[derived] from the definitions in section 3",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference of 28 numbers and 5 steps from the reference",
       .comparison = at_most,
       .threshold = 1e-9,
       .seeds = 1,
       .remark = "",
       .measure = reference_error},
      {.id = "single-coordinate",
       .sentence = "For blocks of one coordinate GSL, GSD and GSQ are the same rule.",
       .source = "Section 3",
       .paper_value = "",
       .kind = identity,
       .metric = "steps of 400 at which they differ; logistic loss and least squares",
       .comparison = equal,
       .threshold = 0,
       .remark = "",
       .measure = different_choices},
      {.id = "whole-block",
       .sentence =
           "With all coordinates in one block the matrix update solves least squares in one "
           "step.",
       .source = "Section 4",
       .paper_value = "",
       .kind = identity,
       .metric = "relative gap after one step",
       .comparison = at_most,
       .threshold = 1e-9,
       .remark = "",
       .measure = gap_after_whole_block},
      {.id = "forest-solve",
       .sentence = "Message passing solves a block that is a forest exactly.",
       .source = "Section on message passing",
       .paper_value = "agrees with the exact solution to 3 decimals (published code)",
       .kind = identity,
       .metric = "largest relative difference from a dense solve, 200 nodes",
       .comparison = at_most,
       .threshold = 1e-10,
       .remark = "",
       .measure = forest_error},
      {.id = "gs-random",
       .sentence = "With the gradient update GS beats a random choice.",
       .source = "Experiments; " + setting + " [derived]",
       .paper_value = "20 of 20 [derived]",
       .kind = effect,
       .metric = "share of seeds in which GS ends lower",
       .comparison = at_least,
       .threshold = 0.9,
       .remark = "",
       .measure = [](ClaimContext& context) { return wins(context, "gs", "random", "gradient"); }},
      {.id = "gsl-gs",
       .sentence = "With the gradient update GSL, which is sure of most, beats GS.",
       .source = "Section 3 and experiments; variable blocks grown greedily; " + setting,
       .paper_value = "",
       .kind = effect,
       .metric = "share of seeds in which GSL ends lower",
       .comparison = at_least,
       .threshold = 0.9,
       .remark = "",
       .measure = [](ClaimContext& context) { return wins(context, "gsl", "gs", "gradient"); }},
      {.id = "gsd-gs",
       .sentence = "With the gradient update dividing by L_i (GSD) beats GS.",
       .source = "Experiments; " + setting + " [derived]",
       .paper_value = "20 of 20 [derived]",
       .kind = effect,
       .metric = "share of seeds in which GSD ends lower",
       .comparison = at_least,
       .threshold = 0.9,
       .remark = "",
       .measure = [](ClaimContext& context) { return wins(context, "gsd", "gs", "gradient"); }},
      {.id = "gsd-gs-matrix",
       .sentence = "So it does with the matrix update.",
       .source = "Experiments; " + setting + " [derived]",
       .paper_value = "20 of 20 [derived]",
       .kind = effect,
       .metric = "share of seeds in which GSD ends lower",
       .comparison = at_least,
       .threshold = 0.9,
       .remark = "",
       .measure = [](ClaimContext& context) { return wins(context, "gsd", "gs", "matrix"); }},
      {.id = "gsd-rows-gs",
       .sentence = "Dividing by row sums of |H|, a valid bound, beats GS as well.",
       .source = "Experiments; " + setting + " [derived]",
       .paper_value = "20 of 20 [derived]",
       .kind = effect,
       .metric = "share of seeds in which GSD with row sums ends lower, gradient update",
       .comparison = at_least,
       .threshold = 0.9,
       .remark = "",
       .measure =
           [](ClaimContext& context) { return wins(context, "gsd_rows", "gs", "gradient"); }},
      {.id = "gsd-gain",
       .sentence = "The gain of GSD over GS is not small.",
       .source = "[derived], " + setting,
       .paper_value = "-0.116 [derived]",
       .kind = effect,
       .metric = "difference of log10 of the final gap, GSD minus GS, gradient update",
       .comparison = at_most,
       .threshold = -0.08,
       .remark = "",
       .measure =
           [](ClaimContext& context) { return difference(context, "gsd", "gs", "gradient"); }},
      {.id = "matrix-gradient",
       .sentence = "The matrix update beats the gradient update.",
       .source = "Experiments; " + setting + " [derived]",
       .paper_value = "20 of 20 [derived]",
       .kind = effect,
       .metric = "share of seeds in which it ends lower with GS and with GSD",
       .comparison = at_least,
       .threshold = 0.9,
       .remark = "",
       .measure = matrix_wins},
      {.id = "newton-gradient",
       .sentence = "Newton's update beats the gradient update.",
       .source = "Experiments; " + setting + ", GSD",
       .paper_value = "",
       .kind = effect,
       .metric = "difference of log10 of the final gap, Newton minus gradient",
       .comparison = below,
       .threshold = 0,
       .remark = "",
       .measure = newton_lead},
      {.id = "gap-narrows",
       .sentence = "With the matrix update the rules lie closer together.",
       .source = "Experiments; random, cyclic, GS, GSD with both diagonals; " + setting,
       .paper_value = "0.285 becomes 0.119 [derived]",
       .kind = effect,
       .metric = "spread of log10 of the final gaps, matrix minus gradient update",
       .comparison = below,
       .threshold = 0,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const double matrix = spread(context, "matrix");
             const double gradient = spread(context, "gradient");
             return matrix - gradient;
           }},
      {.id = "gsq-best",
       .sentence = "... and GSQ is the best of them.",
       .source = "Experiments; GSQ grown greedily; " + setting,
       .paper_value = "-1.415 against -0.974 [derived]",
       .kind = effect,
       .metric = "log10 of the final gap, GSQ minus the best of five other rules, matrix update",
       .comparison = below,
       .threshold = 0,
       .remark = "With the published code's iterative hard thresholding in place of greedy growth "
                 "GSQ reaches -1.134 on the mean of 20 seeds, against -1.445 and -1.055 of GSD.",
       .measure = quadratic_lead},
      {.id = "gs-behind-random",
       .sentence =
           "With the matrix update plain GS is worse than a random choice where columns are "
           "badly scaled: it keeps taking the same steep ones.",
       .source = "[derived], " + setting,
       .paper_value = "-0.855 against -0.915 [derived]",
       .kind = trend,
       .metric = "difference of log10 of the final gap, GS minus random",
       .comparison = above,
       .threshold = 0,
       .remark =
           "Here they are level: the means of log10 are -0.931 and -0.948, and GS is behind in "
           "12 of 20 seeds; the derived -0.855 and -0.915 are of other draws of the same "
           "generator. What greed gains elsewhere is lost either way, and dividing by L_i "
           "brings it back: -1.055.",
       .measure =
           [](ClaimContext& context) { return difference(context, "gs", "random", "matrix"); }},
      {.id = "equal-work",
       .sentence = "The greedy rule also wins per operation.",
       .source = "[derived]: the paper counts iterations; 1000 updates of " + setting,
       .paper_value = "",
       .kind = effect,
       .metric =
           "log10 of the gap, GSD minus random, when both have done as many operations as the "
           "cheaper one in all; gradient update",
       .comparison = below,
       .threshold = 0,
       .remark =
           "A greedy rule reads the whole gradient for each block, 12 times what a random block "
           "needs. But both pay the same for the move and the logistic functions, so an "
           "update costs 2.5 times as much in all, and wins more than that.",
       .measure = [](ClaimContext& context) { return at_equal_work(context, "gsd", "random"); }},
      {.id = "variable-fixed",
       .sentence = "Variable blocks beat fixed ones.",
       .source = "Experiments; GSL, gradient update, " + setting,
       .paper_value = "",
       .kind = effect,
       .metric = "log10 of the final gap, variable minus the best of five fixed partitions",
       .comparison = below,
       .threshold = 0,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Recorder recorder = partitions(context);
             double best = HUGE_VAL;
             for (const std::string_view who : {"order", "sort", "avg", "hsort", "havg"}) {
               best = std::min(best, log_gap(recorder, who));
             }
             return log_gap(recorder, "variable") - best;
           }},
      {.id = "sort-best",
       .sentence =
           "Of fixed partitions the one that puts large constants with large ones (sort) is "
           "best.",
       .source = "Experiments; GSL, gradient update, " + setting,
       .paper_value = "",
       .kind = effect,
       .metric = "log10 of the final gap, sort minus the better of order and avg",
       .comparison = below,
       .threshold = 0,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Recorder recorder = partitions(context);
             return log_gap(recorder, "sort") -
                    std::min(log_gap(recorder, "order"), log_gap(recorder, "avg"));
           }},
      {.id = "trees-lattice",
       .sentence =
           "On a lattice tree blocks, solved exactly, beat general blocks of the same cost.",
       .source = "Experiments, data set D; here 20 x 20, 16 labels, 100 updates",
       .paper_value = "",
       .kind = effect,
       .metric = "log10 of the final gap, greedy tree minus the better of random and GSQ blocks of "
                 "7 nodes",
       .comparison = below,
       .threshold = 0,
       .remark = "",
       .measure = [](ClaimContext& context) { return tree_lead(context, "lattice", false); }},
      {.id = "trees-moons",
       .sentence = "So they do on a graph of neighbours.",
       .source = "Experiments, data set E; here 400 nodes in two moons, 16 labels, 100 updates",
       .paper_value = "",
       .kind = effect,
       .metric = "the same",
       .comparison = below,
       .threshold = 0,
       .remark = "",
       .measure = [](ClaimContext& context) { return tree_lead(context, "moons", false); }},
      {.id = "trees-equal-work",
       .sentence = "They do so per operation as well.",
       .source = "[derived]: the lattice of trees-lattice",
       .paper_value = "",
       .kind = effect,
       .metric = "log10 of the gap, greedy tree minus either general block, when both have done as "
                 "many operations; the larger of the two",
       .comparison = below,
       .threshold = 0,
       .remark = "",
       .measure = [](ClaimContext& context) { return tree_lead(context, "lattice", true); }},
      {.id = "active-set",
       .sentence =
           "With an L1 penalty or x >= 0 greedy descent finds which coordinates are 0 after "
           "finitely many steps.",
       .source = "Section on active-set complexity; GSD, blocks of 40 of 60, matrix and Newton",
       .paper_value = "",
       .kind = effect,
       .metric = "share of seeds in which both updates find it within 1000 steps on both problems",
       .comparison = at_least,
       .threshold = 0.9,
       .remark = "",
       .measure = support_found},
      {.id = "finite-end",
       .sentence = "If blocks hold all active coordinates, two-metric projected Newton steps then "
                   "end a piecewise quadratic problem in finitely many steps.",
       .source = "Section on superlinear convergence; GSD, blocks of 40 of 60",
       .paper_value = "finite",
       .kind = bound,
       .metric = "most updates from finding the zeros to a relative gap of 1e-12; lasso and x >= 0",
       .comparison = at_most,
       .threshold = 2,
       .remark =
           "The paper says finitely many; 2 is derived: with the right zeros one step solves what "
           "is left, and one more is allowed for rounding. In one of the 40 problems 41 are "
           "active, one more than a block holds; it ends all the same.",
       .measure = updates_after_identification},
  };
}

}  // namespace lab
