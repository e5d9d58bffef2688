// How does one predict a rare event from the common steps that lead to it?
// G. Faletto and J. Bien, "Predicting Rare Events by Shrinking Towards Proportional Odds",
// arXiv:2305.18700, with the generators and the tuning of the published code.
//
// A step is one proximal gradient step of every fit: of PRESTO and its ridge variant, on all
// samples and on every fold. [SECTION] marks: run, figures, schema, description.

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "core/numerics.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/separable/ordinal_data.h"
#include "experiment/separable/presto_claims.h"
#include "experiment/separable/presto_explanations.h"
#include "experiment/separable/presto_recordings.h"
#include "experiment/separable/rare_contest.h"

namespace lab {
namespace {

using rare::Criterion;
using rare::kMethods;
using rare::kMostBoundaries;
using rare::Method;
using rare::MethodRecordings;
using rare::Path;
using rare::RareContest;
using rare::Recordings;
using rare::recordings;

// --- [SECTION] run -----------------------------------------------------------------------------

double log10(double number) {
  return lab::log(number) / 2.302585092994046;
}

rare::ContestSettings contest_settings(const Config& config) {
  rare::ContestSettings settings;
  for (std::size_t k = 0; k < kMethods; ++k) {
    settings.methods[k] = config.flag(rare::kNames[k]);
  }
  settings.base_penalised = config.flag("penalise_base");
  settings.lambdas = static_cast<std::size_t>(config.integer("lambdas"));
  settings.lambda_ratio = config.real("lambda_ratio");
  settings.folds = static_cast<std::size_t>(config.integer("folds"));
  const std::string& criterion = config.text("criterion");
  settings.criterion = criterion == "brier"      ? Criterion::brier
                       : criterion == "log_loss" ? Criterion::log_loss
                                                 : Criterion::rare_brier;
  settings.lambda_index = static_cast<std::size_t>(config.integer("lambda_index"));
  settings.tolerance = config.real("tolerance");
  settings.most_iterations = static_cast<std::uint64_t>(config.integer("max_iterations"));
  return settings;
}

// The settings of each problem of a sweep, and what stands on its axis.
struct Stop {
  Settings settings;
  double setting;
};

std::vector<Stop> stops(const Config& config) {
  const std::string& sweep = config.text("sweep");
  std::vector<Stop> all;
  const bool generated = config.text("data") == "sparse" || config.text("data") == "dense";
  if (sweep == "none") return {{{}, 0}};
  if (!generated) {
    throw Error("a sweep changes how data are generated", "field sweep",
                "none, or data = sparse or dense");
  }
  if (sweep == "rarity") {
    for (const double more : {0.0, 0.5, 1.0, 1.5, 2.0}) {
      const double rarity = std::min(config.real("rarity") + more, 5.0);
      all.push_back({{{"rarity", rarity}}, rarity});
    }
  } else if (sweep == "density") {
    for (const double density : {0.0, 0.15, 0.3, 0.45, 0.6}) {
      all.push_back({{{"density", density}}, density});
    }
  } else {
    for (const std::int64_t part : {8, 4, 2, 1}) {
      const std::int64_t samples = std::max<std::int64_t>(50, config.integer("samples") / part);
      all.push_back({{{"samples", samples}}, static_cast<double>(samples)});
    }
  }
  return all;
}

class RareEventsRun final : public Run {
 public:
  RareEventsRun(const Config& config, const RunContext& context)
      : stops_(stops(config)),
        limit_(stops_.size() * static_cast<std::uint64_t>(config.integer("lambdas")) *
               static_cast<std::uint64_t>(config.integer("max_iterations"))) {
    const rare::ContestSettings settings = contest_settings(config);
    if (std::ranges::count(settings.methods, true) == 0) {
      throw Error("no method is switched on", "fields presto .. softmax",
                  "at least one of them true");
    }
    std::string digests;
    for (const Stop& stop : stops_) {
      OrdinalProblem problem = ordinal_problem(config.with(stop.settings), context);
      digests += problem.digest;
      contests_.emplace_back(std::move(problem), settings, context.seed, context.math);
    }
    digest_ = stops_.size() == 1 ? digests : sha256_hex(digests);
    swept_.resize(stops_.size() * kMethods);
  }

  void begin(Recorder& recorder) override {
    for (RareContest& contest : contests_) contest.begin();
    describe(recorder);
    record(recorder);
  }

  bool step(Recorder& recorder) override {
    RareContest& contest = contests_[at_];
    const bool more = contest.step();
    record(recorder);
    if (more) return true;
    conclude(recorder);
    if (at_ + 1 == contests_.size()) return false;
    ++at_;
    describe(recorder);
    return true;
  }

  void observe(Recorder& recorder) const override {
    RareContest& contest = contests_[at_];
    observe_estimates(contest, recorder);
    observe_paths(contest, recorder);
    observe_boundaries(contest, recorder);
    observe_sweep(recorder);
  }

  std::vector<Explanation> explain([[maybe_unused]] const Recorder& recorder) const override {
    return rare::explanations(contests_[at_]);
  }

  void save(ByteWriter& writer) const override {
    writer.u64(at_);
    writer.u64(concluded_);
    writer.f64s(swept_);
    for (const RareContest& contest : contests_) contest.save(writer);
  }

  void restore(ByteReader& reader) override {
    const std::uint64_t at = reader.u64();
    concluded_ = static_cast<std::size_t>(reader.u64());
    if (at >= contests_.size() || concluded_ > contests_.size()) {
      reader.fail("no problem of the sweep", "at most " + std::to_string(contests_.size()));
    }
    at_ = static_cast<std::size_t>(at);
    reader.f64s(std::span(swept_));
    for (RareContest& contest : contests_) contest.restore(reader);
  }

  std::string data_digest() const override { return digest_; }
  std::uint64_t step_limit() const override { return limit_; }

 private:
  // The problem that is at work from here on.
  void describe(Recorder& recorder) const {
    const Recordings& r = recordings();
    const RareContest& contest = contests_[at_];
    const OrdinalProblem& problem = contest.problem();
    const std::size_t p = problem.dimension();
    recorder.value(r.samples, static_cast<double>(problem.count()));
    recorder.value(r.features, static_cast<double>(p));
    recorder.value(r.classes, static_cast<double>(problem.classes));
    recorder.value(r.rare_count, static_cast<double>(contest.rare_count()));
    recorder.value(r.rare_share, static_cast<double>(contest.rare_count()) /
                                     static_cast<double>(problem.count()));
    const std::vector<double>& beta = problem.weights.beta;
    if (beta.empty()) return;
    std::size_t differences = 0;
    for (std::size_t i = p; i < beta.size(); ++i) differences += beta[i] != beta[i - p] ? 1 : 0;
    recorder.value(r.true_differences, static_cast<double>(differences));
  }

  void record(Recorder& recorder) {
    RareContest& contest = contests_[at_];
    for (std::size_t k = 0; k < kMethods; ++k) {
      const auto method = static_cast<Method>(k);
      if (!contest.takes_part(method)) continue;
      const MethodRecordings& r = recordings().of[k];
      if (const Path* path = contest.path(method)) {
        const separable::FusedOdds& odds = path->fits.front().odds;
        const std::span<const double> psi = odds.psi().subspan(contest.problem().dimension());
        recorder.series(r.mse, contest.mse(method));
        recorder.series(r.lambda, odds.lambda());
        recorder.series(r.objective, odds.objective());
        recorder.series(r.differences, static_cast<double>(psi.size()) -
                                           static_cast<double>(std::ranges::count(psi, 0.0)));
        continue;
      }
      // What is fitted at once does not change any more.
      double& mse = swept_[at_ * kMethods + k];
      if (mse == 0) mse = contest.mse(method);
      recorder.series(r.mse, mse);
    }
  }

  void conclude(Recorder& recorder) {
    RareContest& contest = contests_[at_];
    concluded_ = at_ + 1;
    for (std::size_t k = 0; k < kMethods; ++k) {
      const auto method = static_cast<Method>(k);
      if (!contest.takes_part(method)) continue;
      const MethodRecordings& r = recordings().of[k];
      const rare::Judgement judgement = contest.judge(method);
      swept_[at_ * kMethods + k] = judgement.mse;
      recorder.value(r.rare_mse, judgement.mse);
      recorder.value(r.rare_brier, judgement.brier);
      recorder.value(r.auc, judgement.auc);
      recorder.value(r.mean, judgement.mean);
      if (method != Method::softmax) {
        recorder.value(r.crossed, static_cast<double>(judgement.crossed));
      }
      const Path* path = contest.path(method);
      if (!path) continue;
      const std::size_t index = *contest.chosen(method);
      recorder.value(r.chosen_lambda, path->lambdas[index]);
      recorder.value(r.chosen_index, static_cast<double>(index + 1));
      recorder.value(r.violation, path->violation);
      if (method == Method::presto) find(*path, index, recorder);
    }
  }

  // Which of the true differences PRESTO keeps.
  void find(const Path& path, std::size_t index, Recorder& recorder) const {
    const Recordings& r = recordings();
    const OrdinalProblem& problem = contests_[at_].problem();
    const std::vector<double>& beta = problem.weights.beta;
    if (beta.empty()) return;
    const std::size_t p = problem.dimension();
    double found = 0, missed = 0, false_alarms = 0;
    for (std::size_t i = p; i < beta.size(); ++i) {
      const bool kept = path.psi[index * beta.size() + i] != 0, there = beta[i] != beta[i - p];
      found += kept && there ? 1 : 0;
      missed += !kept && there ? 1 : 0;
      false_alarms += kept && !there ? 1 : 0;
    }
    recorder.value(r.found, found);
    recorder.value(r.missed, missed);
    recorder.value(r.false_alarms, false_alarms);
  }

  static void observe_estimates(RareContest& contest, Recorder& recorder) {
    constexpr std::size_t kMostPoints = 200;
    constexpr std::size_t kGroups = 10;
    constexpr double kLeast = 1e-8;
    const Recordings& r = recordings();
    const OrdinalProblem& problem = contest.problem();
    const std::size_t m = problem.judged_labels.size();
    const int last = static_cast<int>(problem.classes) - 1;
    std::vector<double> points;
    for (std::size_t k = 0; k < kMethods; ++k) {
      const auto method = static_cast<Method>(k);
      if (!contest.takes_part(method)) continue;
      const std::span<const double> rare = contest.rare(method);
      const bool drawn =
          method == Method::presto || method == Method::odds || method == Method::logit;
      const std::size_t stride = (m + kMostPoints - 1) / kMostPoints;
      for (std::size_t i = 0; drawn && !problem.truth.empty() && i < m; i += stride) {
        points.insert(points.end(), {log10(std::max(problem.truth[i], kLeast)),
                                     log10(std::max(rare[i], kLeast)), static_cast<double>(k)});
      }
      std::vector<std::size_t> order(m);
      for (std::size_t i = 0; i < m; ++i) order[i] = i;
      std::ranges::stable_sort(order, {}, [&](std::size_t i) { return rare[i]; });
      std::vector<double> groups;
      for (std::size_t g = 0; g < kGroups && m >= kGroups; ++g) {
        const std::size_t from = g * m / kGroups, end = (g + 1) * m / kGroups;
        double estimate = 0, truth = 0;
        for (std::size_t i = from; i < end; ++i) {
          estimate += rare[order[i]];
          truth += !problem.truth.empty()                    ? problem.truth[order[i]]
                   : problem.judged_labels[order[i]] == last ? 1.0
                                                             : 0.0;
        }
        const auto size = static_cast<double>(end - from);
        groups.insert(groups.end(), {estimate / size, truth / size});
      }
      recorder.array(r.of[k].reliability, std::array<std::size_t, 2>{groups.size() / 2, 2}, groups);
      if (groups.empty()) continue;
      const double high = std::max(groups[groups.size() - 2], groups.back());
      recorder.array(r.perfect, std::array<std::size_t, 2>{2, 2},
                     std::array<double, 4>{0, 0, high, high});
    }
    recorder.array(r.estimates, std::array<std::size_t, 2>{points.size() / 3, 3}, points);
    recorder.array(r.diagonal, std::array<std::size_t, 1>{3}, std::array<double, 3>{-1, 1, 0});
  }

  static void observe_paths(RareContest& contest, Recorder& recorder) {
    const Recordings& r = recordings();
    const std::size_t p = contest.problem().dimension();
    const std::size_t boundaries = contest.problem().classes - 1, size = boundaries * p;
    bool drawn = false;
    for (const Method method : rare::kPaths) {
      const Path* path = contest.path(method);
      if (!path) continue;
      // Curves go from the left to the right, so from the smallest lambda; the fit on its way
      // first.
      std::vector<double> lambdas;
      std::vector<const double*> psi;
      const Path::Fit& all = path->fits.front();
      if (all.index < path->lambdas.size()) {
        lambdas.push_back(path->lambdas[all.index]);
        psi.push_back(all.odds.psi().data());
      }
      for (std::size_t l = all.index; l-- > 0;) {
        lambdas.push_back(path->lambdas[l]);
        psi.push_back(path->psi.data() + l * size);
      }
      for (std::size_t b = 0; !drawn && b < boundaries; ++b) {
        std::vector<double> rows;
        for (std::size_t j = 0; j < p; ++j) {
          for (std::size_t l = 0; l < lambdas.size(); ++l) {
            rows.insert(rows.end(), {lambdas[l], psi[l][b * p + j], static_cast<double>(j + 1)});
          }
        }
        recorder.array(r.psi[b], std::array<std::size_t, 2>{rows.size() / 3, 3}, rows);
      }
      drawn = true;
      const MethodRecordings& of = r.of[static_cast<std::size_t>(method)];
      std::vector<double> rows;
      for (std::size_t l = path->lambdas.size(); l-- > 0;) {
        if (const auto found = contest.validation(*path, l)) {
          rows.insert(rows.end(), {path->lambdas[l], found->mean, found->mean - found->error,
                                   found->mean + found->error});
        }
      }
      recorder.array(of.validation, std::array<std::size_t, 2>{rows.size() / 4, 4}, rows);
      if (const std::optional<std::size_t> index = contest.chosen(method)) {
        const double chosen = path->lambdas[*index];
        const RareContest::Validation there = *contest.validation(*path, *index);
        recorder.array(of.chosen_mark, std::array<std::size_t, 2>{2, 2},
                       std::array<double, 4>{chosen, there.mean - there.error, chosen,
                                             there.mean + there.error});
      }
    }
  }

  // In the plane: where P(y > k) is the share of these classes in the data. (Where it is one half
  // lies far outside of the data for a rare class.)
  static void observe_boundaries(RareContest& contest, Recorder& recorder) {
    const OrdinalProblem& problem = contest.problem();
    if (problem.dimension() != 2) return;
    const Recordings& r = recordings();
    std::vector<double> rows;
    std::vector<double> below(problem.classes);
    // Every rare sample, and so many of the others that the lines can still be seen.
    const std::size_t stride = problem.count() / 400 + 1;
    for (std::size_t i = 0; i < problem.count(); ++i) {
      const bool rare = problem.labels[i] + 1 == static_cast<int>(problem.classes);
      if (rare || i % stride == 0) {
        rows.insert(rows.end(), {problem.features(i, 0), problem.features(i, 1), rare ? 1.0 : 0.0});
      }
      for (std::size_t c = static_cast<std::size_t>(problem.labels[i]); c < problem.classes; ++c) {
        below[c] += 1;
      }
    }
    recorder.array(r.points, std::array<std::size_t, 2>{rows.size() / 3, 3}, rows);
    const auto line = [&](const separable::BoundaryWeights& weights, std::size_t b,
                          std::size_t recording) {
      const double odds = below[b] / (static_cast<double>(problem.count()) - below[b]);
      // Positive where P(y > k) is larger.
      recorder.array(recording, std::array<std::size_t, 1>{3},
                     std::array<double, 3>{-weights.beta[2 * b], -weights.beta[2 * b + 1],
                                           lab::log(odds) - weights.alpha[b]});
    };
    for (std::size_t b = 0; b + 1 < problem.classes; ++b) {
      if (!problem.weights.beta.empty()) line(problem.weights, b, r.truth[b]);
      for (std::size_t k = 0; k + 1 < kMethods; ++k) {
        const auto method = static_cast<Method>(k);
        if (contest.takes_part(method)) line(contest.weights(method), b, r.of[k].boundaries[b]);
      }
    }
  }

  void observe_sweep(Recorder& recorder) const {
    if (stops_.size() == 1) return;
    for (std::size_t k = 0; k < kMethods; ++k) {
      if (!contests_.front().takes_part(static_cast<Method>(k))) continue;
      std::vector<double> rows;
      for (std::size_t s = 0; s < concluded_; ++s) {
        rows.insert(rows.end(), {stops_[s].setting, swept_[s * kMethods + k]});
      }
      recorder.array(recordings().of[k].sweep, std::array<std::size_t, 2>{rows.size() / 2, 2},
                     rows);
    }
  }

  std::vector<Stop> stops_;
  std::uint64_t limit_;
  // To look at one uses its scratch, not its state.
  mutable std::deque<RareContest> contests_;
  std::string digest_;
  std::size_t at_ = 0;         // which is at work
  std::size_t concluded_ = 0;  // how many have ended
  std::vector<double> swept_;  // of each problem each method's error; 0: not known yet
};

// --- [SECTION] figures -------------------------------------------------------------------------

Source source(std::size_t MethodRecordings::*what, Method method) {
  const auto k = static_cast<std::size_t>(method);
  return {recordings().list[recordings().of[k].*what].name, std::string(rare::kLabels[k])};
}

std::vector<Source> sources(std::size_t MethodRecordings::*what, std::size_t count = kMethods) {
  std::vector<Source> result;
  for (std::size_t k = 0; k < count; ++k) result.push_back(source(what, static_cast<Method>(k)));
  return result;
}

std::vector<Figure> figures() {
  using Of = MethodRecordings;
  const Recordings& r = recordings();
  std::vector<std::string> labels(rare::kLabels.begin(), rare::kLabels.end());
  std::vector<Source> psi, boundaries, reliability = sources(&Of::reliability);
  constexpr std::array<std::string_view, kMostBoundaries> kPsi = {
      "ψ₁, shared by all", "ψ₂, first difference", "ψ₃", "ψ₄", "ψ₅"};
  for (std::size_t b = 0; b < kMostBoundaries; ++b) {
    psi.push_back({r.list[r.psi[b]].name, std::string(kPsi[b])});
  }
  boundaries.push_back({r.list[r.points].name, "samples"});
  for (const Method method : {Method::logit, Method::odds, Method::presto}) {
    for (std::size_t b = 0; b < kMostBoundaries; ++b) {
      const auto k = static_cast<std::size_t>(method);
      boundaries.push_back({r.list[r.of[k].boundaries[b]].name, std::string(rare::kLabels[k])});
    }
  }
  for (std::size_t b = 0; b < kMostBoundaries; ++b) {
    boundaries.push_back(
        {.recording = r.list[r.truth[b]].name, .label = "truth", .reference = true});
  }
  reliability.push_back(
      {.recording = r.list[r.perfect].name, .label = "estimate = truth", .reference = true});
  std::vector<Source> validation;
  for (const Method method : rare::kPaths) {
    validation.push_back(source(&Of::validation, method));
    validation.push_back(source(&Of::chosen_mark, method));
  }
  const Axis mse = {.label = "mean squared error of the rare probability", .unit = "", .log = true};
  const Axis lambda = {.label = "λ", .unit = "", .log = true};
  const Axis iterations = {.label = "iterations"};
  return {
      {.name = "estimates",
       .title = "True and estimated probability of the rare class",
       .form = Form::scatter,
       .x = {.label = "log₁₀ of the true probability"},
       .y = {.label = "log₁₀ of the estimate"},
       .sources = {{r.list[r.estimates].name, "samples"},
                   {.recording = r.list[r.diagonal].name, .label = "equal", .reference = true}},
       .caption = "On the line an estimate is right. The logit is right on average and scatters; "
                  "proportional odds is off where boundaries differ. PRESTO's points move while λ "
                  "falls.",
       .absent = "the true probabilities of a data set are not known: see the reliability",
       .groups = labels},
      {.name = "error",
       .title = "Error of the rare probability along the path",
       .form = Form::lines,
       .x = iterations,
       .y = mse,
       .sources = sources(&Of::mse),
       .caption = "PRESTO begins with the class shares and learns more as λ falls; too small a λ "
                  "makes it a logit. The last step goes back to the λ of cross-validation. Of data "
                  "sets: against what happened."},
      {.name = "paths",
       .title = "Weights and their differences over λ",
       .form = Form::curves,
       .x = lambda,
       .y = {.label = "ψ_jk, standardised features"},
       .sources = std::move(psi),
       .caption = "From the right to the left: at large λ all are 0; a difference that leaves 0 "
                  "gives its boundary a weight of its own. The run draws it as it goes."},
      {.name = "boundaries",
       .title = "Boundaries of each method over the true ones",
       .form = Form::scatter,
       .x = {.label = "x1"},
       .y = {.label = "x2"},
       .sources = std::move(boundaries),
       .caption = "Lines where P(y > k) is its share in the data, one for each boundary. Those of "
                  "proportional odds are parallel; the logit turns that of the rare class by "
                  "chance.",
       .absent = "set features = 2",
       .groups = {"common classes", "rare class"}},
      {.name = "validation",
       .title = "Cross-validation",
       .form = Form::curves,
       .x = lambda,
       .y = {.label = "mean criterion on the samples left out"},
       .sources = std::move(validation),
       .caption =
           "The λ with the least is taken (upright line). The band is one standard error over the "
           "folds: wider than the valley is deep.",
       .absent = "no λ has been through all folds yet"},
      {.name = "end",
       .title = "Error of the rare probability at the end",
       .form = Form::bars,
       .x = mse,
       .y = {},
       .sources = sources(&Of::rare_mse),
       .caption = "Shorter is better. With several seeds a dot for each of them.",
       .absent = "the paths are still walked"},
      {.name = "reliability",
       .title = "Reliability of the rare probabilities",
       .form = Form::curves,
       .x = {.label = "mean estimate of a tenth of the samples"},
       .y = {.label = "mean truth of the same"},
       .sources = std::move(reliability),
       .caption = "Ten groups by the estimate. Below the line: the riskiest samples are taken for "
                  "riskier than they are. Of data sets the truth is what happened."},
      {.name = "sweep",
       .title = "Error over what is swept",
       .form = Form::curves,
       .x = {.label = "rarity, density or samples: see sweep"},
       .y = mse,
       .sources = sources(&Of::sweep),
       .caption = "One problem after the other. With rarity: added to the last intercept.",
       .absent = "set sweep = rarity, density or samples"},
      {.name = "differences",
       .title = "Differences that are not 0",
       .form = Form::lines,
       .x = iterations,
       .y = {.label = "ψ_jk beyond the first boundary", .unit = "weights"},
       .sources = {source(&Of::differences, Method::presto)},
       .caption = "Absolute values fuse boundaries exactly: their differences are 0, not small. "
                  "(PRESTO-L2's squares never do.)"},
      {.name = "crossed",
       .title = "Samples with a negative class probability",
       .form = Form::bars,
       .x = {.label = "where some class has less than 0", .unit = "samples"},
       .y = {},
       .sources = sources(&Of::crossed, kMethods - 1),
       .caption = "Where boundaries cross, a class between them gets less than 0; the rare "
                  "probability never does.",
       .absent = "the paths are still walked"},
      {.name = "ranking",
       .title = "Ranking of the rare class (not what the paper is about)",
       .form = Form::bars,
       .x = {.label = "area under the ROC curve"},
       .y = {},
       .sources = sources(&Of::auc),
       .caption = "Shown for completeness: a better probability need not give a better order.",
       .absent = "the paths are still walked"},
  };
}

// --- [SECTION] schema --------------------------------------------------------------------------

Schema schema() {
  FieldList fields = ordinal_fields();
  fields.group("method");
  fields.flag("presto", true,
              "differences of neighbouring boundaries shrunk by their absolute values");
  fields.flag("presto_l2", true, "the same by their squares");
  fields.flag("odds", true, "proportional odds: the same weights for all boundaries");
  fields.flag("logit", true, "each boundary by itself");
  fields.flag("weighted", true,
              "the same with balanced class weights, intercept corrected for them");
  fields.flag("softmax", true, "multinomial logit: classes without an order");
  fields.group("path");
  fields.flag("penalise_base", true,
              "shrink the shared weights as well, as the published code does; off: the largest λ "
              "gives proportional odds");
  fields.integer(
      "lambda_index", 0, {0, 100},
      "which λ of the path is taken at the end, from the largest; 0 = by cross-validation",
      {.live = true});
  fields.integer("lambdas", 20, {1, 100}, "how many on the path, in equal factors");
  fields.real("lambda_ratio", 0.01, {1e-5, 0.9}, "the smallest λ over the largest",
              {.log_scale = true});
  fields.integer("folds", 5, {2, 20}, "of the cross-validation, each class in proportion",
                 {.unit = "folds"});
  fields.choice("criterion", "brier",
                {{"brier", "squared error of the probabilities of all classes"},
                 {"log_loss", "logarithm of the probability of the class that it was"},
                 {"rare_brier", "squared error of the rare probability alone"}},
                "what λ is chosen by", {.advanced = true});
  fields.real("tolerance", 1e-6, {1e-10, 1e-3},
              "violation of the optimality conditions at which the next λ begins",
              {.log_scale = true, .advanced = true});
  fields.integer("max_iterations", 300, {1, 100'000}, "of one λ at the most",
                 {.log_scale = true, .unit = "iterations", .advanced = true});
  fields.group("run");
  fields.choice("sweep", "none",
                {{"none", "one problem"},
                 {"rarity", "five problems, the last class rarer from one to the next"},
                 {"density", "five problems, from no differences to 60 % of the weights"},
                 {"samples", "an eighth, a quarter, a half and all of the samples"}},
                "several problems one after the other");
  return {1, std::move(fields.list)};
}

}  // namespace

// --- [SECTION] description ---------------------------------------------------------------------

Experiment presto_rare_events() {
  return {
      .id = "presto-rare-events",
      .title = "Rare events: shrinking towards proportional odds",
      .family = "separable",
      .paper = {.title = "Predicting Rare Events by Shrinking Towards Proportional Odds",
                .authors = "Gregory Faletto, Jacob Bien",
                .link = "arXiv:2305.18700",
                .year = 2023},
      .problem =
          "Few visitors buy, but many view and click first. Logistic regression on the buyers "
          "alone "
          "throws these common steps away and scatters; the proportional odds model uses them, but "
          "wants the same weights for every step. PRESTO stands between: each boundary between "
          "neighbouring classes has weights of its own, and a penalty on their differences fuses "
          "them unless the data object. What counts is the probability of the rare class, not the "
          "order of the samples. The order of the classes is given, and says nothing about causes.",
      .equation =
          "minimise −(1/n) Σ log π_{y_i}(x_i) + λ Σ_jk |ψ_jk|,   "
          "P(y ≤ k | x) = σ(α_k + β_k · x),   β_k = ψ_1 + … + ψ_k",
      .how_to_fail =
          "Set density = 0: nothing differs, proportional odds is the right model, and with "
          "penalise_base off PRESTO has nothing to gain over it. Set intercepts = 0,1,2: the last "
          "class is common, a logit learns enough from it, and PRESTO's error is only a fifth "
          "smaller on average; single draws are lost. Look at cross-validation: the valley is "
          "flat, and the "
          "step back to its λ is at times one to a worse fit.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = presto_claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<RareEventsRun>(config, context);
      },
  };
}

}  // namespace lab
