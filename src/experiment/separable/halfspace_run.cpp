#include "experiment/separable/halfspace_run.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "experiment/separable/halfspace_explanations.h"
#include "figure/scale.h"
#include "method/separable/planted_halfspace.h"

namespace lab::separable {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDegrees = 180 / kPi;

// The contamination of the sweep: 0, 0.05, .. 0.5.
constexpr std::size_t kMasses = 11;
constexpr double kMassStep = 0.05;

// The landscape over the circle: one place a degree.
constexpr int kPlaces = 360;

// Points of the scatter that are shown: the samples are exchangeable, and a few show enough.
constexpr std::size_t kMostPoints = 1200;

template <class Enum>
Enum named(std::string_view text, std::span<const std::string_view> names) {
  return static_cast<Enum>(std::ranges::find(names, text) - names.begin());
}

HalfspaceLearner learner_named(std::string_view text) {
  std::size_t k = 0;
  while (k + 1 < kHalfspaceLearners && name(static_cast<HalfspaceLearner>(k)) != text) ++k;
  return static_cast<HalfspaceLearner>(k);
}

PlantedHalfspace planted_of(const Config& config) {
  return {.marginal = named<Marginal>(config.text("marginal"), kMarginals),
          .degrees = config.real("degrees"),
          .mass = config.real("mass"),
          .across = config.real("across"),
          .along = config.real("along"),
          .noise = named<LabelNoise>(config.text("noise"), kLabelNoises),
          .rate = config.real("rate"),
          .band = config.real("flipped_band")};
}

TesterLearnerOptions options_of(const Config& config) {
  TesterLearnerOptions options;
  options.descent = {.learner = learner_named(config.text("learner")),
                     .step = config.real("step"),
                     .tolerance = config.real("tolerance"),
                     .batch = static_cast<std::size_t>(config.integer("batch"))};
  options.limits = {.sigma = config.real("sigma"),
                    .alpha = config.real("alpha"),
                    .mass_tolerance = config.real("mass_tolerance"),
                    .spread = config.real("spread_limit"),
                    .moments = config.real("moment_tolerance"),
                    .theta = config.real("theta"),
                    .wedge = config.real("wedge_limit"),
                    .global = config.real("global_tolerance"),
                    .least_points = static_cast<std::size_t>(config.integer("least_points"))};
  options.starts = static_cast<std::size_t>(config.integer("starts"));
  options.most_updates = static_cast<std::uint64_t>(config.integer("updates"));
  options.widths = static_cast<std::size_t>(config.integer("widths"));
  const bool spread = config.flag("test_spread"), moments = config.flag("test_moments");
  options.on = {config.flag("test_stationary"),
                config.flag("test_band_mass"),
                spread,
                spread,
                moments,
                moments,
                config.flag("test_wedge"),
                true};
  return options;
}

class HalfspaceRun final : public Run {
 public:
  HalfspaceRun(const Config& config, const RunContext& context)
      : planted_(planted_of(config)),
        options_(options_of(config)),
        count_(static_cast<std::size_t>(config.integer("samples"))),
        dimension_(static_cast<std::size_t>(config.integer("dimension"))),
        landscape_(config.flag("landscape")),
        baseline_updates_(static_cast<std::uint64_t>(config.integer("baseline_updates"))),
        references_(static_cast<std::size_t>(config.integer("reference_samples"))),
        trials_(kMasses * static_cast<std::size_t>(config.integer("sweep_repeats"))),
        kernels_(kernels(context.math)),
        sample_(count_, dimension_),
        other_(count_, dimension_),
        learner_(options_, count_, dimension_, context.math),
        trial_(options_, count_, dimension_, context.math),
        tester_(count_, dimension_, context.math),
        best_(count_),
        margins_(count_),
        planted_w_(dimension_),
        random_(context.seed, "learner"),
        fresh_(context.seed, "fresh"),
        reference_(context.seed, "reference"),
        sweep_(context.seed, "sweep") {
    planted_w_[0] = 1;
    Stream data(context.seed, "data");
    planted_.draw(data, sample_);
    Digest digest;
    digest.f64s(span(sample_.columns)).f64s(sample_.labels);
    data_digest_ = digest.hex();
    planted_error_ = halfspace_error(sample_, planted_w_, margins_, kernels_);
    optimum_ = optimum(sample_, planted_error_);
    learner_.restart(sample_, random_);
    if (config.flag("baselines")) {
      std::vector<double> start(dimension_);
      HalfspaceDescent::chow_start(sample_, start);
      for (const HalfspaceLearner baseline : kHalfspaceBaselines) {
        DescentOptions descent = options_.descent;
        descent.learner = baseline;
        baselines_.emplace_back(descent, count_, dimension_, context.math);
        baselines_.back().restart(sample_, start, options_.limits.sigma);
      }
    }
    statistics_.reserve(references_ * kHalfspaceTests);
    results_.reserve(trials_);
  }

  void begin(Recorder& recorder) override {
    const HalfspaceRecordings& r = halfspace_recordings();
    recorder.value(r.planted, planted_error_);
    recorder.value(r.optimum, optimum_);
    record_candidate(recorder);
    record_baselines(recorder);
    record_limits(recorder);
  }

  bool step(Recorder& recorder) override {
    ++step_;
    const TesterLearner::Phase before = learner_.phase();
    if (before != TesterLearner::Phase::done) {
      learner_.advance(random_);
      if (before == TesterLearner::Phase::learning) record_candidate(recorder);
      record_tests(recorder);
      if (learner_.phase() == TesterLearner::Phase::done) finish(recorder);
    } else if (statistics_.size() < references_ * kHalfspaceTests) {
      measure_reference(recorder);
    } else if (results_.size() < trials_) {
      try_contamination();
    }
    if (step_ <= baseline_updates_) {
      for (HalfspaceDescent& baseline : baselines_) baseline.update(random_);
      record_baselines(recorder);
    }
    if (before == TesterLearner::Phase::learning ||
        (step_ <= baseline_updates_ && !baselines_.empty())) {
      record_limits(recorder);
    }
    return learner_.phase() != TesterLearner::Phase::done ||
           statistics_.size() < references_ * kHalfspaceTests || results_.size() < trials_ ||
           (step_ < baseline_updates_ &&
            std::ranges::any_of(baselines_, [](const auto& b) { return !b.at_rest(); }));
  }

  void observe(Recorder& recorder) const override {
    observe_plane(recorder);
    observe_tests(recorder);
    observe_sweep(recorder);
    if (dimension_ == 2 && landscape_) observe_landscape(recorder);
  }

  std::vector<Explanation> explain(const Recorder&) const override {
    const HalfspaceProgress progress = {.learner = &learner_,
                                        .optimum = optimum_,
                                        .angle = angle_between(learner_.w(), planted_w_),
                                        .converged = baseline(HalfspaceLearner::backtracking),
                                        .logistic = baseline(HalfspaceLearner::logistic)};
    std::vector<Explanation> explanations = {what_the_tester_says(progress)};
    if (auto why = why_the_answer_is_bad(progress)) explanations.push_back(std::move(*why));
    if (auto why = why_logistic_is_dragged(progress)) explanations.push_back(std::move(*why));
    return explanations;
  }

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    learner_.save(writer);
    for (const HalfspaceDescent& baseline : baselines_) baseline.save(writer);
    random_.save(writer);
    reference_.save(writer);
    sweep_.save(writer);
    writer.f64s(statistics_);
    writer.u64(results_.size());
    for (const Result& result : results_) {
      for (const double value : {result.mass, result.angle, result.error, result.limit}) {
        writer.f64(value);
      }
      writer.boolean(result.accepted);
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    learner_.restore(reader);
    for (HalfspaceDescent& baseline : baselines_) baseline.restore(reader);
    random_.restore(reader);
    reference_.restore(reader);
    sweep_.restore(reader);
    const std::vector<double> statistics = reader.f64s();
    const std::uint64_t results = reader.u64();
    if (statistics.size() > references_ * kHalfspaceTests ||
        statistics.size() % kHalfspaceTests != 0 || results > trials_) {
      reader.fail("it holds more reference samples or trials than there are",
                  "a state of a run with the same settings");
    }
    statistics_.assign(statistics.begin(), statistics.end());
    results_.clear();
    for (std::uint64_t k = 0; k < results; ++k) {
      Result result;
      for (double* value : {&result.mass, &result.angle, &result.error, &result.limit}) {
        *value = reader.f64();
      }
      result.accepted = reader.boolean();
      results_.push_back(result);
    }
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override {
    return std::max<std::uint64_t>(
        options_.widths * (options_.most_updates + kHalfspaceTests) + references_ + trials_,
        baselines_.empty() ? 0 : baseline_updates_);
  }

 private:
  // One trial of the sweep.
  struct Result {
    double mass = 0, angle = 0, error = 0, limit = 0;
    bool accepted = false;

    bool broken() const { return error > limit; }
  };

  // The best of all halfspaces whose normal lies in the plane of w* and x2, where noise and cluster
  // are; in two dimensions the best of all.
  double optimum(const HalfspaceSample& sample, double planted) {
    return std::min(planted, best_.error(sample));
  }

  const HalfspaceDescent* baseline(HalfspaceLearner which) const {
    if (baselines_.empty()) return nullptr;
    return &baselines_[static_cast<std::size_t>(std::ranges::find(kHalfspaceBaselines, which) -
                                                kHalfspaceBaselines.begin())];
  }

  void record_candidate(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    recorder.series(r.loss, learner_.loss());
    recorder.series(r.gradient_norm, learner_.gradient_norm());
    recorder.series(r.tested.error, learner_.error());
    recorder.series(r.tested.angle, kDegrees * angle_between(learner_.w(), planted_w_));
    for (std::size_t s = 0; s < learner_.starts().size(); ++s) {
      recorder.series(r.start_gradient[s], learner_.starts()[s].gradient_norm());
    }
    recorder.series(r.alpha, options_.limits.alpha);
  }

  // As far as anybody's error goes.
  void record_limits(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    recorder.series(r.optimum_line, optimum_);
    recorder.series(r.limit_line, error_limit(optimum_));
  }

  void record_baselines(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    for (std::size_t b = 0; b < baselines_.size(); ++b) {
      recorder.series(r.baselines[b].error, baselines_[b].error());
      recorder.series(r.baselines[b].angle,
                      kDegrees * angle_between(baselines_[b].w(), planted_w_));
    }
  }

  void record_tests(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    for (std::size_t t = 0; t < kHalfspaceTests; ++t) {
      const auto& outcome = learner_.outcome(static_cast<HalfspaceTest>(t));
      if (!outcome) continue;
      recorder.value(r.tests[t].statistic, outcome->statistic);
      recorder.value(r.tests[t].points, static_cast<double>(outcome->points));
      recorder.value(r.tests[t].passed, outcome->passed ? 1 : 0);
    }
  }

  void finish(Recorder& recorder) {
    const HalfspaceRecordings& r = halfspace_recordings();
    recorder.value(r.accepted, learner_.accepted() ? 1 : 0);
    recorder.value(r.answer_error, learner_.error());
    recorder.value(r.answer_angle, kDegrees * angle_between(learner_.w(), planted_w_));
    const double excess = learner_.error() - error_limit(optimum_);
    recorder.value(r.excess, excess);
    recorder.value(r.broken, excess > 0 ? 1 : 0);
    recorder.value(r.sigma, learner_.sigma());
    planted_.draw(fresh_, other_);
    recorder.value(r.fresh_error, halfspace_error(other_, learner_.w(), margins_, kernels_));
  }

  // What the statistics are when the marginal is Gaussian. Its directions are all alike, so that
  // the tests may look along w* = e_1.
  void measure_reference(Recorder& recorder) {
    const HalfspaceRecordings& r = halfspace_recordings();
    PlantedHalfspace{}.draw(reference_, other_);
    tester_.look_at(other_, planted_w_);
    for (std::size_t t = 0; t < kHalfspaceTests; ++t) {
      const auto test = static_cast<HalfspaceTest>(t);
      if (test == HalfspaceTest::stationary) {
        statistics_.push_back(0);
        continue;
      }
      const TestOutcome outcome = tester_.run(test, options_.limits, 0);
      statistics_.push_back(outcome.statistic);
      const auto runs = static_cast<double>(statistics_.size() / kHalfspaceTests + 1);
      const double before = recorder.value(r.tests[t].false_rejections).value_or(0);
      recorder.value(r.tests[t].false_rejections,
                     before + ((outcome.passed ? 0 : 1) - before) / runs);
    }
  }

  void try_contamination() {
    const std::size_t trial = results_.size();
    PlantedHalfspace planted = planted_;
    planted.marginal = Marginal::cluster;
    planted.mass = kMassStep * static_cast<double>(trial % kMasses);
    planted.draw(sweep_, other_);
    trial_.restart(other_, sweep_);
    while (trial_.advance(sweep_)) {
    }
    const double best = optimum(other_, halfspace_error(other_, planted_w_, margins_, kernels_));
    results_.push_back({.mass = planted.mass,
                        .angle = kDegrees * angle_between(trial_.w(), planted_w_),
                        .error = trial_.error(),
                        .limit = error_limit(best),
                        .accepted = trial_.accepted()});
  }

  // In more dimensions: the plane of w* and w, in which both edges are lines.
  void observe_plane(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    const std::span<const double> w = learner_.w();
    std::vector<double> second(dimension_);
    second[1] = 1;
    if (dimension_ > 2) {
      std::vector<double> rest(w.begin(), w.end());
      rest[0] = 0;
      if (normalize(rest)) second = rest;
    }
    double along_second = 0;
    for (std::size_t j = 0; j < dimension_; ++j) along_second += second[j] * w[j];
    std::vector<double> rows;
    const std::size_t shown = std::min(count_, kMostPoints);
    for (std::size_t i = 0; i < shown; ++i) {
      double y = 0;
      for (std::size_t j = 0; j < dimension_; ++j) y += second[j] * sample_.columns(j, i);
      rows.push_back(sample_.columns(0, i));
      rows.push_back(y);
      rows.push_back(sample_.labels[i] > 0 ? 1 : 0);
    }
    recorder.array(r.points, std::array<std::size_t, 2>{shown, 3}, rows);
    const auto edge = [&](std::size_t recording, double a, double b, double c) {
      recorder.array(recording, std::array<std::size_t, 1>{3}, std::array<double, 3>{a, b, c});
    };
    const double half = learner_.sigma() / 2;
    edge(r.tested.edge, w[0], along_second, 0);
    edge(r.band_low, w[0], along_second, half);
    edge(r.band_high, w[0], along_second, -half);
    edge(r.planted_edge, 1, 0, 0);
    if (dimension_ > 2) return;  // theirs would be other planes
    for (std::size_t b = 0; b < baselines_.size(); ++b) {
      edge(r.baselines[b].edge, baselines_[b].w()[0], baselines_[b].w()[1], 0);
    }
  }

  // Between which of `in_limits` of the statistic lie 95 % of the Gaussian samples so far.
  template <class InLimits>
  std::array<double, 2> reference_interval(std::size_t test, InLimits in_limits) const {
    std::vector<double> values;
    for (std::size_t k = test; k < statistics_.size(); k += kHalfspaceTests) {
      values.push_back(in_limits(statistics_[k]));
    }
    std::ranges::stable_sort(values);
    const auto last = static_cast<double>(values.size() - 1);
    return {values[static_cast<std::size_t>(std::floor(0.025 * last))],
            values[static_cast<std::size_t>(std::ceil(0.975 * last))]};
  }

  void observe_tests(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    std::vector<double> passed, failed;
    std::vector<std::string> names;
    for (std::size_t t = 0; t < kHalfspaceTests; ++t) {
      const auto test = static_cast<HalfspaceTest>(t);
      const auto& outcome = learner_.outcome(test);
      if (!outcome) continue;
      // Everything in units of the limit that it must not exceed; of the band's mass, which has a
      // lower limit as well, the deviation from what a Gaussian has.
      const bool two_sided = outcome->low > 0;
      const auto in_limits = [&](double statistic) {
        return two_sided ? std::abs(statistic - 1) / (outcome->high - 1)
                         : statistic / outcome->high;
      };
      const double share = in_limits(outcome->statistic);
      double low = share, high = share;
      if (!statistics_.empty() && test != HalfspaceTest::stationary) {
        const std::array<double, 2> interval = reference_interval(t, in_limits);
        low = interval[0];
        high = interval[1];
      }
      std::vector<double>& rows = outcome->passed ? passed : failed;
      for (const double value : {static_cast<double>(names.size()), share, low, high, 1.0}) {
        rows.push_back(value);
      }
      const std::string verdict = outcome->passed ? "pass"
                                  : share <= 1    ? "too few samples"
                                                  : "FAIL";
      names.push_back(label(test) + " " + label_text(outcome->statistic, 3) + ": " + verdict);
    }
    if (names.empty()) return;
    recorder.labels(r.test_names, names);
    recorder.array(r.failed_tests, std::array<std::size_t, 2>{failed.size() / 5, 5}, failed);
    recorder.array(r.passed_tests, std::array<std::size_t, 2>{passed.size() / 5, 5}, passed);
  }

  void observe_sweep(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    if (results_.empty()) return;
    std::vector<double> accepted, broken, both, trials;
    for (std::size_t m = 0; m < std::min(kMasses, results_.size()); ++m) {
      double runs = 0, accepts = 0, breaks = 0, accepted_breaks = 0;
      for (std::size_t k = m; k < results_.size(); k += kMasses) {
        ++runs;
        accepts += results_[k].accepted ? 1 : 0;
        breaks += results_[k].broken() ? 1 : 0;
        accepted_breaks += results_[k].accepted && results_[k].broken() ? 1 : 0;
      }
      const double mass = results_[m].mass;
      for (const auto& [rows, share] : {std::pair{&accepted, accepts}, std::pair{&broken, breaks},
                                        std::pair{&both, accepted_breaks}}) {
        rows->push_back(mass);
        rows->push_back(share / runs);
      }
    }
    for (const Result& result : results_) {
      for (const double value : {result.angle, 100 * result.error, result.accepted ? 1.0 : 0.0}) {
        trials.push_back(value);
      }
    }
    const auto curve = [&](std::size_t recording, const std::vector<double>& rows) {
      recorder.array(recording, std::array<std::size_t, 2>{rows.size() / 2, 2}, rows);
    };
    curve(r.accept_rate, accepted);
    curve(r.broken_rate, broken);
    curve(r.accepted_broken_rate, both);
    recorder.array(r.trials, std::array<std::size_t, 2>{results_.size(), 3}, trials);
  }

  // L_sigma and the error of every direction of the plane, by its angle from w*, and where the
  // slope of L_sigma changes its sign.
  void observe_landscape(Recorder& recorder) const {
    const HalfspaceRecordings& r = halfspace_recordings();
    const double sigma = learner_.sigma();
    if (landscape_sigma_ != sigma) {
      RampLoss ramp(count_);
      losses_.clear();
      errors_.clear();
      norms_.clear();
      stationary_.clear();
      double slope_before = 0, loss_before = 0;
      for (int place = -kPlaces / 2; place <= kPlaces / 2; ++place) {
        const double degrees = place * 360.0 / kPlaces;
        const double c = lab::cos(degrees / kDegrees), s = lab::sin(degrees / kDegrees);
        std::array<double, 2> gradient;
        const double loss = ramp.gradient(sample_, std::array{c, s}, sigma, gradient);
        const double slope = c * gradient[1] - s * gradient[0];
        for (const auto& [rows, y] : {std::pair{&losses_, loss}, std::pair{&errors_, ramp.error()},
                                      std::pair{&norms_, std::abs(slope)}}) {
          rows->push_back(degrees);
          rows->push_back(y);
        }
        if (place > -kPlaces / 2 && (slope < 0) != (slope_before < 0)) {
          const double share = slope_before / (slope_before - slope);
          stationary_.push_back(degrees - (1 - share) * 360.0 / kPlaces);
          stationary_.push_back(loss_before + share * (loss - loss_before));
        }
        slope_before = slope;
        loss_before = loss;
      }
      landscape_sigma_ = sigma;
    }
    const auto curve = [&](std::size_t recording, const std::vector<double>& rows) {
      recorder.array(recording, std::array<std::size_t, 2>{rows.size() / 2, 2}, rows);
    };
    curve(r.loss_landscape, losses_);
    curve(r.error_landscape, errors_);
    curve(r.gradient_landscape, norms_);
    curve(r.stationary, stationary_);
    const double angle = kDegrees * angle_between(learner_.w(), planted_w_);
    curve(r.on_landscape, {learner_.w()[1] < 0 ? -angle : angle, learner_.loss()});
  }

  PlantedHalfspace planted_;
  TesterLearnerOptions options_;
  std::size_t count_, dimension_;
  bool landscape_;
  std::uint64_t baseline_updates_;
  std::size_t references_, trials_;
  const Kernels& kernels_;
  HalfspaceSample sample_, other_;  // other_: fresh, reference and sweep samples
  TesterLearner learner_, trial_;
  HalfspaceTester tester_;
  BestHalfspace best_;
  std::vector<double> margins_, planted_w_;
  std::vector<HalfspaceDescent> baselines_;
  Stream random_, fresh_, reference_, sweep_;
  std::string data_digest_;
  double planted_error_ = 0, optimum_ = 0;

  std::uint64_t step_ = 0;
  std::vector<double> statistics_;  // kHalfspaceTests a reference sample
  std::vector<Result> results_;     // mass by mass, again and again

  // The landscape of this sample, drawn when somebody first looks.
  mutable double landscape_sigma_ = 0;
  mutable std::vector<double> losses_, errors_, norms_, stationary_;
};

}  // namespace

double error_limit(double optimum) {
  return 2 * optimum + 0.03;
}

std::string label(HalfspaceLearner learner) {
  switch (learner) {
    case HalfspaceLearner::backtracking:
      return "ramp, converged";
    case HalfspaceLearner::fixed_step:
      return "ramp, fixed step";
    case HalfspaceLearner::stochastic:
      return "ramp, stochastic";
    case HalfspaceLearner::chow:
      return "mean of y x (Chow)";
    case HalfspaceLearner::logistic:
      return "logistic regression";
    case HalfspaceLearner::normalized_logistic:
      return "normalised LR+GD";
    case HalfspaceLearner::hinge:
      return "hinge loss";
    case HalfspaceLearner::perceptron:
      return "perceptron";
  }
  return "";
}

std::string label(HalfspaceTest test) {
  switch (test) {
    case HalfspaceTest::stationary:
      return "gradient norm";
    case HalfspaceTest::band_mass:
      return "T1 band mass";
    case HalfspaceTest::spread_inner:
      return "T2 spread, σ/6";
    case HalfspaceTest::spread_outer:
      return "T2 spread, σ/2";
    case HalfspaceTest::moments_inner:
      return "T3 moments, σ/6";
    case HalfspaceTest::moments_outer:
      return "T3 moments, σ/2";
    case HalfspaceTest::wedge:
      return "T4 wedge";
    case HalfspaceTest::global_moments:
      return "(all moments)";
  }
  return "";
}

std::unique_ptr<Run> halfspace_run(const Config& config, const RunContext& context) {
  return std::make_unique<HalfspaceRun>(config, context);
}

// --- [SECTION] recordings
// ---------------------------------------------------------------------------

HalfspaceRecordings::HalfspaceRecordings() {
  const auto learner = [&](const std::string& who) {
    return Of{
        series(who + "/error", "", "share of the samples on the wrong side"),
        series(who + "/angle", "degrees", "angle to the planted halfspace's normal w*"),
        array(who + "/edge", "", "a, b, c of its edge a x1 + b x2 + c = 0", ArrayForm::vector)};
  };
  tested = learner("tested");
  for (std::size_t b = 0; b < baselines.size(); ++b) {
    baselines[b] = learner(std::string(name(kHalfspaceBaselines[b])));
  }
  loss = series("tested/loss", "", "ramp loss of the candidate");
  gradient_norm = series("tested/gradient_norm", "", "norm of its gradient on the sphere");
  for (std::size_t s = 0; s < kMostStarts; ++s) {
    start_gradient[s] =
        series("start_" + std::to_string(s + 1) + "/gradient_norm", "",
               "norm of the gradient from this start; the first is the mean of y x");
  }
  alpha = series("limit/alpha", "", "largest gradient norm that passes for stationary");
  optimum_line = series("limit/optimum", "", "error of the best halfspace known");
  limit_line = series("limit/error", "", "2 optimum + 0.03: what an accepted answer must keep");
  accepted = value("tested/accepted", "", "1: the tests let the answer pass; 0: rejected");
  answer_error = value("tested/answer_error", "", "error of the answer on the sample");
  answer_angle = value("tested/answer_angle", "degrees", "its angle to w*");
  excess = value("tested/excess", "", "its error - (2 optimum + 0.03)");
  broken = value("tested/broken", "", "1: the excess is positive");
  fresh_error = value("tested/fresh_error", "", "its error on as many fresh samples");
  sigma = value("tested/sigma", "", "width at which it was tested");
  optimum = value("data/optimum", "",
                  "error of the best halfspace with a normal in the plane of w* and x2");
  planted = value("data/planted_error", "", "error of the planted halfspace w*");
  for (std::size_t t = 0; t < kHalfspaceTests; ++t) {
    const std::string who(name(static_cast<HalfspaceTest>(t)));
    tests[t] = {value(who + "/statistic", "", "statistic of this test"),
                value(who + "/passed", "", "1: passed"),
                value(who + "/points", "samples", "how many samples it looked at"),
                value(who + "/false_rejections", "",
                      "share of the Gaussian reference samples that it rejects")};
  }
  points = array("data/points", "", "samples, at most 1200; in the plane of w* and w",
                 ArrayForm::points, {"x1", "x2", "class"});
  planted_edge = array("planted/edge", "", "edge of the planted halfspace", ArrayForm::vector);
  band_low = array("tested/band_low", "", "where <w, x> = -sigma / 2", ArrayForm::vector);
  band_high = array("tested/band_high", "", "where <w, x> = sigma / 2", ArrayForm::vector);
  const auto curve = [&](std::string name, std::string help, std::string x, std::string y) {
    return array(std::move(name), "", std::move(help), ArrayForm::points,
                 {std::move(x), std::move(y)});
  };
  loss_landscape = curve("ramp/landscape", "L_sigma of every direction", "degrees", "loss");
  error_landscape = curve("error/landscape", "error of every direction", "degrees", "error");
  gradient_landscape = curve("gradient/landscape", "norm of L_sigma's gradient", "degrees", "norm");
  stationary = curve("ramp/stationary", "where the gradient is 0", "degrees", "loss");
  on_landscape = curve("tested/on_landscape", "the candidate", "degrees", "loss");
  const std::vector<std::string> bar = {"name", "statistic", "low", "high", "limit"};
  passed_tests =
      array("passed/tests", "", "statistic over its limit, what 95 % of Gaussian samples have, 1",
            ArrayForm::table, bar);
  failed_tests = array("failed/tests", "", "the same of those that failed", ArrayForm::table, bar);
  test_names = array("tests/names", "", "the tests, with statistic and verdict", ArrayForm::labels);
  accept_rate =
      curve("tester/accept_rate", "share of the trials that were accepted", "mass", "share");
  broken_rate = curve("untested/broken_rate", "share whose answer breaks error <= 2 optimum + 0.03",
                      "mass", "share");
  accepted_broken_rate =
      curve("accepted/broken_rate", "share that was accepted and breaks it", "mass", "share");
  trials = array("sweep/trials", "",
                 "angle in degrees, error in %, and whether it was accepted, of each trial",
                 ArrayForm::points, {"angle", "error", "class"});
}

const HalfspaceRecordings& halfspace_recordings() {
  static const HalfspaceRecordings all;
  return all;
}

}  // namespace lab::separable
