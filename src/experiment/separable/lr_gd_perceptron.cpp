// From logistic regression to the perceptron (sheet 06).
// A. Tyurin, "From Logistic Regression to the Perceptron Algorithm: Exploring Gradient Descent with
// Large Step Sizes", arXiv:2412.08424.
//
// Five learners advance side by side on the same signed samples, from theta = 0 until each has all
// samples on the right side. [SECTION] marks: recordings, run, claims, figures, description.

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "data/dataset.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/recording_list.h"
#include "experiment/separable/lr_gd_explanations.h"
#include "experiment/separable/two_class_data.h"
#include "method/separable/learners.h"
#include "method/separable/signed_samples.h"

namespace lab {
namespace {

using separable::Descent;
using separable::kLearners;
using separable::Learner;
using separable::SignedSamples;

constexpr std::array<Learner, kLearners> kAll = {
    Learner::lr_gd, Learner::normalized_lr_gd, Learner::batch_perceptron,
    Learner::normalized_batch_perceptron, Learner::perceptron};

// The perceptron that a learner turns into as its steps grow.
Learner limit_of(Learner learner) {
  return learner == Learner::lr_gd ? Learner::batch_perceptron
                                   : Learner::normalized_batch_perceptron;
}

std::size_t index(Learner learner) {
  return static_cast<std::size_t>(learner);
}

// What takes long to compute is looked at 64 times while the updates double.
bool is_looked_at(std::uint64_t update) {
  constexpr std::uint64_t kLooks = 64;
  return update < 2 * kLooks || update % (std::bit_floor(update) / kLooks) == 0;
}

// ||theta / ||theta|| - direction||. Precondition: theta != 0.
double distance_of_directions(std::span<const double> theta, double norm,
                              std::span<const double> direction) {
  double sum = 0;
  for (std::size_t j = 0; j < theta.size(); ++j) {
    const double difference = theta[j] / norm - direction[j];
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

// --- [SECTION] recordings
// ---------------------------------------------------------------------------

struct LearnerRecordings {
  // Series. Those after direction exist only for learners that follow the loss.
  std::size_t errors, theta_norm, normalized_margin, direction, loss, gradient_norm, distance;
  std::size_t sharpness;  // lr_gd only
  // Values.
  std::size_t iterations, bound, largest_loss, loss_when_solved;
  // Arrays.
  std::size_t theta, margins;
};

struct Recordings : RecordingList {
  std::array<LearnerRecordings, kLearners> of;
  std::size_t samples, features, radius, margin_lower, margin_upper, novikoff, stable_step;
  std::size_t points;
  std::size_t two_over_gamma;

  Recordings() {
    for (const Learner learner : kAll) {
      const std::string who = std::string(separable::name(learner)) + "/";
      LearnerRecordings& r = of[index(learner)];
      r = {};
      r.errors = series(who + "errors", "samples", "samples with a margin of 0 or less");
      r.theta_norm = series(who + "theta_norm", "", "Euclidean norm of theta");
      r.normalized_margin =
          series(who + "normalized_margin", "", "least margin divided by the norm of theta");
      r.direction =
          series(who + "direction", "",
                 "distance of theta / |theta| from the unit vector of the largest margin");
      if (separable::follows_loss(learner)) {
        const std::string limit(separable::name(limit_of(learner)));
        r.loss = series(who + "loss", "nats", "mean logistic loss");
        r.gradient_norm = series(who + "gradient_norm", "", "Euclidean norm of the gradient");
        r.distance = series(who + "distance_to_" + limit, "",
                            "max_k |theta_k / gamma - theta_k of " + limit + "| at the same step");
      }
      if (learner == Learner::lr_gd) {
        r.sharpness = series(who + "sharpness", "",
                             "largest eigenvalue of the loss's Hessian, 64 times for each "
                             "doubling of the updates; below 2 / gamma descent is stable");
      }
      r.iterations = value(who + "iterations", "updates",
                           "updates until every sample is on the right side; absent: not solved");
      r.bound = value(who + "bound", "updates", "proven upper bound of `iterations`");
      if (separable::follows_loss(learner)) {
        r.largest_loss = value(who + "largest_loss", "nats", "largest loss before it was solved");
        r.loss_when_solved = value(who + "loss_when_solved", "nats", "loss at `iterations`");
      }
      r.theta = array(who + "theta", "", "the weights, one for each feature", ArrayForm::vector);
      r.margins = array(who + "margins", "",
                        "the sample's distance from the plane, positive on its own side: "
                        "y_i theta . a_i / |theta|",
                        ArrayForm::vector);
    }
    two_over_gamma = series("stability/two_over_gamma", "", "2 / gamma, at the same updates");
    samples = value("data/samples", "samples", "number of samples n");
    features = value("data/features", "features", "number of features d, a bias included");
    radius = value("data/radius", "", "R = max_i ||a_i||");
    margin_lower = value("data/margin_lower", "",
                         "certified lower end of the margin mu; absent: not separable");
    margin_upper = value("data/margin_upper", "", "certified upper end of the margin mu");
    novikoff = value("data/radius2_over_margin2", "", "R^2 / mu^2, with the lower end of mu");
    stable_step = value("data/stable_step", "",
                        "2 / L: below it gradient descent lowers the loss at every step");
    points =
        array("data/points", "", "the samples, where they have two features and perhaps a bias",
              ArrayForm::points, {"x1", "x2", "class"});
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] run
// ----------------------------------------------------------------------------------

class LargeStepRun final : public Run {
 public:
  LargeStepRun(const Config& config, const RunContext& context)
      : data_(two_class_data(config, context)),
        samples_(separable::signed_samples(data_.dataset, data_.bias)),
        gamma_(config.real("gamma")),
        limit_(static_cast<std::uint64_t>(config.integer("max_iterations"))),
        keep_going_(config.flag("keep_going")) {
    if (config.flag("sharpness")) sharpness_.emplace(samples_);
    data_digest_ = digest(data_.dataset);
    for (const Learner learner : kAll) {
      if (!config.flag(separable::name(learner))) continue;
      learners_[index(learner)].emplace(learner, samples_, gamma_, context.math);
      if (!separable::follows_loss(learner)) continue;
      theta_before_[index(learner)].resize(samples_.dimension());
      rises_[index(learner)].theta_before.resize(samples_.dimension());
      rises_[index(learner)].theta_after.resize(samples_.dimension());
    }
    if (std::ranges::none_of(learners_, [](const auto& learner) { return learner.has_value(); })) {
      throw Error("no method is switched on", "fields lr_gd .. perceptron",
                  "at least one of them true");
    }
  }

  void begin(Recorder& recorder) override {
    const Recordings& r = recordings();
    recorder.value(r.samples, static_cast<double>(samples_.count()));
    recorder.value(r.features, static_cast<double>(samples_.dimension()));
    recorder.value(r.radius, samples_.radius);
    recorder.value(r.stable_step, 2 / separable::smoothness(samples_));
    margin_ = separable::hard_margin(samples_);
    recorder.value(r.margin_upper, margin_.upper);
    if (margin_.separable()) {
      recorder.value(r.margin_lower, margin_.lower);
      recorder.value(r.novikoff,
                     samples_.radius * samples_.radius / (margin_.lower * margin_.lower));
    }
    for (const Learner learner : kAll) {
      if (!learners_[index(learner)]) continue;
      if (margin_.separable()) {
        recorder.value(r.of[index(learner)].bound,
                       separable::updates_bound(learner, samples_.count(), samples_.radius,
                                                margin_.lower, gamma_));
      }
      record(recorder, learner);
    }
  }

  bool step(Recorder& recorder) override {
    ++step_;
    if (step_size_changed_) forget_bounds(recorder);
    for (const Learner learner : kAll) {
      std::optional<Descent>& descent = learners_[index(learner)];
      if (descent && !at_rest(*descent)) update(*descent);
    }
    bool more = false;
    for (const Learner learner : kAll) {
      const std::optional<Descent>& descent = learners_[index(learner)];
      // A learner's last update is recorded, and nothing after it.
      if (!descent || descent->updates() != step_) continue;
      record(recorder, learner);
      if (!descent->finite()) {
        recorder.diverge(recordings().of[index(learner)].theta_norm,
                         "the margins of " + std::string(separable::name(learner)) +
                             " left the range of float64: its steps of size gamma add up");
      }
      more = more || !at_rest(*descent);
    }
    return more && step_ < limit_;
  }

  void observe(Recorder& recorder) const override {
    const Recordings& r = recordings();
    for (const Learner learner : kAll) {
      const std::optional<Descent>& descent = learners_[index(learner)];
      if (!descent) continue;
      const std::array<std::size_t, 1> shape = {descent->theta().size()};
      recorder.array(r.of[index(learner)].theta, shape, descent->theta());
      if (!(descent->theta_norm() > 0) || !descent->finite()) continue;
      std::vector<double> distances(descent->margins().begin(), descent->margins().end());
      for (double& distance : distances) distance /= descent->theta_norm();
      const std::array<std::size_t, 1> samples = {distances.size()};
      recorder.array(r.of[index(learner)].margins, samples, distances);
    }
    if (data_.dataset.columns() == 2) {
      std::vector<double> rows;
      for (std::size_t i = 0; i < data_.dataset.rows(); ++i) {
        rows.push_back(data_.dataset.features(i, 0));
        rows.push_back(data_.dataset.features(i, 1));
        rows.push_back(data_.dataset.labels[i]);
      }
      recorder.array(r.points, std::array<std::size_t, 2>{data_.dataset.rows(), 3}, rows);
    }
  }

  std::vector<Explanation> explain(const Recorder& recorder) const override {
    const Recordings& r = recordings();
    std::vector<separable::Progress> all, unsolved;
    for (const Learner learner : kAll) {
      const std::optional<Descent>& descent = learners_[index(learner)];
      if (!descent) continue;
      all.push_back({.descent = &*descent,
                     .solved_at = solved_at_[index(learner)],
                     .bound = recorder.value(r.of[index(learner)].bound),
                     .rise = separable::follows_loss(learner) ? &rises_[index(learner)] : nullptr});
      if (all.back().solved_at == 0) unsolved.push_back(all.back());
    }
    std::vector<Explanation> explanations;
    const auto add = [&](std::optional<Explanation> explanation) {
      if (explanation) explanations.push_back(std::move(*explanation));
    };
    if (!recorder.value(r.margin_lower)) {
      add(separable::why_it_never_stops(recorder.value(r.margin_upper).value_or(0), samples_,
                                        unsolved));
    }
    if (step_ >= limit_) add(separable::why_it_stopped(limit_, unsolved));
    for (const separable::Progress& progress : all) {
      add(separable::why_the_loss_is_high(progress));
      add(separable::why_the_loss_leapt(progress, samples_));
    }
    return explanations;
  }

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    writer.f64(gamma_);
    writer.boolean(step_size_changed_);
    writer.f64(margin_.lower);
    writer.f64(margin_.upper);
    writer.u64(margin_.direction.size());
    writer.f64s(margin_.direction);
    for (const Learner learner : kAll) {
      const std::optional<Descent>& descent = learners_[index(learner)];
      if (!descent) continue;
      writer.u64(solved_at_[index(learner)]);
      writer.f64(largest_loss_[index(learner)]);
      descent->save(writer);
      if (!separable::follows_loss(learner)) continue;
      const separable::LargestRise& rise = rises_[index(learner)];
      writer.u64(rise.step);
      writer.f64(rise.gamma);
      writer.f64(rise.before);
      writer.f64(rise.after);
      writer.f64s(rise.theta_before);
      writer.f64s(rise.theta_after);
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    const double gamma = reader.f64();
    step_size_changed_ = reader.boolean() || gamma != gamma_;
    margin_.lower = reader.f64();
    margin_.upper = reader.f64();
    margin_.direction.resize(static_cast<std::size_t>(reader.u64()));
    reader.f64s(std::span(margin_.direction));
    for (const Learner learner : kAll) {
      std::optional<Descent>& descent = learners_[index(learner)];
      if (!descent) continue;
      solved_at_[index(learner)] = reader.u64();
      largest_loss_[index(learner)] = reader.f64();
      descent->restore(reader);
      if (!separable::follows_loss(learner)) continue;
      separable::LargestRise& rise = rises_[index(learner)];
      rise.step = reader.u64();
      rise.gamma = reader.f64();
      rise.before = reader.f64();
      rise.after = reader.f64();
      reader.f64s(std::span(rise.theta_before));
      reader.f64s(std::span(rise.theta_after));
    }
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override { return limit_; }

 private:
  // Solved, and not asked to go on; a perceptron that has solved it cannot move any more.
  bool at_rest(const Descent& descent) const {
    if (!descent.finite()) return true;
    return descent.solved() && !(keep_going_ && separable::follows_loss(descent.learner()));
  }

  // One update, with a look at how the loss changed.
  void update(Descent& descent) {
    if (!separable::follows_loss(descent.learner())) return descent.update();
    std::vector<double>& theta_before = theta_before_[index(descent.learner())];
    std::ranges::copy(descent.theta(), theta_before.begin());
    const double before = descent.loss();
    descent.update();
    separable::LargestRise& rise = rises_[index(descent.learner())];
    if (!descent.finite() || !(descent.loss() - before > rise.after - rise.before)) return;
    rise.step = descent.updates();
    rise.gamma = gamma_;
    rise.before = before;
    rise.after = descent.loss();
    rise.theta_before.swap(theta_before);
    std::ranges::copy(descent.theta(), rise.theta_after.begin());
  }

  void record(Recorder& recorder, Learner learner) {
    const LearnerRecordings& r = recordings().of[index(learner)];
    const Descent& descent = *learners_[index(learner)];
    if (!descent.finite()) return;
    recorder.series(r.errors, static_cast<double>(descent.errors()));
    recorder.series(r.theta_norm, descent.theta_norm());
    recorder.series(r.normalized_margin, descent.normalized_margin());
    if (margin_.separable() && descent.theta_norm() > 0) {
      recorder.series(r.direction, distance_of_directions(descent.theta(), descent.theta_norm(),
                                                          margin_.direction));
    }
    std::uint64_t& solved_at = solved_at_[index(learner)];
    const bool just_solved = solved_at == 0 && descent.solved();
    if (just_solved) {
      solved_at = descent.updates();
      recorder.value(r.iterations, static_cast<double>(solved_at));
    }
    if (!separable::follows_loss(learner)) return;
    recorder.series(r.loss, descent.loss());
    recorder.series(r.gradient_norm, descent.gradient_norm());
    const std::optional<Descent>& limit = learners_[index(limit_of(learner))];
    if (limit && !step_size_changed_) {
      recorder.series(r.distance,
                      separable::scaled_distance(descent.theta(), gamma_, limit->theta()));
    }
    if (learner == Learner::lr_gd && sharpness_ && is_looked_at(descent.updates())) {
      recorder.series(r.sharpness, sharpness_->at(descent.margins()));
      recorder.series(recordings().two_over_gamma, 2 / gamma_);
    }
    double& largest = largest_loss_[index(learner)];
    if (solved_at == 0 && descent.loss() > largest) {
      largest = descent.loss();
      recorder.value(r.largest_loss, largest);
    }
    if (just_solved) recorder.value(r.loss_when_solved, descent.loss());
  }

  // The bounds hold for one step size from theta_0 = 0 on; after a fork with another one they do
  // not.
  void forget_bounds(Recorder& recorder) const {
    for (const Learner learner : kAll) {
      if (separable::follows_loss(learner)) recorder.clear(recordings().of[index(learner)].bound);
    }
  }

  TwoClassData data_;
  SignedSamples samples_;
  separable::Margin margin_;  // known from `begin` on: going back does not solve for it again
  std::string data_digest_;
  double gamma_;
  std::uint64_t limit_;
  bool keep_going_;
  std::optional<separable::Sharpness> sharpness_;
  std::array<std::optional<Descent>, kLearners> learners_;

  std::uint64_t step_ = 0;
  bool step_size_changed_ = false;
  std::array<std::uint64_t, kLearners> solved_at_ = {};  // 0: not yet
  std::array<double, kLearners> largest_loss_ = {};
  std::array<separable::LargestRise, kLearners> rises_;
  std::array<std::vector<double>, kLearners> theta_before_;  // scratch
};

// --- [SECTION] claims
// -------------------------------------------------------------------------------

// Only this learner, and those it is compared with.
Settings only(std::vector<Learner> learners, Settings settings) {
  for (const Learner learner : kAll) {
    settings[std::string(separable::name(learner))] = std::ranges::count(learners, learner) > 0;
  }
  settings["sharpness"] = false;
  return settings;
}

// `iterations` of a learner; one more than the limit where it was not solved.
double iterations(const Recorder& recorder, Learner learner, double limit) {
  return recorder.value(recordings().of[index(learner)].iterations).value_or(limit + 1);
}

double greatest(std::span<const Bucket> buckets) {
  double value = 0;
  for (const Bucket& bucket : buckets) value = std::max(value, bucket.max);
  return value;
}

// Table 1 of the paper (n = 1000) and the same family at n = 10 and 100: how many counts differ.
double wrong_worst_case_counts(ClaimContext& context) {
  struct Row {
    std::int64_t n;
    std::array<double, 5> lr;          // gamma = 0.1, 1, 10, 100, 1000
    std::array<double, 4> normalized;  // gamma = 0.1, 1, 10, 100
    double batch, normalized_batch, perceptron;
  };
  constexpr std::array<double, 5> kGammas = {0.1, 1, 10, 100, 1000};
  static constexpr std::array<Row, 3> kRows = {{
      {10, {366, 37, 4, 4, 4}, {60, 7, 2, 2}, 4, 2, 2},
      {100, {5615, 561, 55, 31, 31}, {110, 11, 2, 2}, 31, 2, 2},
      {1000, {73133, 7313, 729, 308, 301}, {157, 16, 2, 2}, 301, 2, 2},
  }};
  double wrong = 0;
  for (const Row& row : kRows) {
    const auto count = [&](Learner learner, double gamma) {
      const Recorder recorder = context.run(
          only({learner}, {{"data", "worst_case"}, {"samples", row.n}, {"gamma", gamma}}));
      return iterations(recorder, learner, 0);
    };
    for (std::size_t k = 0; k < row.lr.size(); ++k) {
      wrong += count(Learner::lr_gd, kGammas[k]) == row.lr[k] ? 0 : 1;
    }
    for (std::size_t k = 0; k < row.normalized.size(); ++k) {
      wrong += count(Learner::normalized_lr_gd, kGammas[k]) == row.normalized[k] ? 0 : 1;
    }
    wrong += count(Learner::batch_perceptron, 1) == row.batch ? 0 : 1;
    wrong += count(Learner::normalized_batch_perceptron, 1) == row.normalized_batch ? 0 : 1;
    wrong += count(Learner::perceptron, 1) == row.perceptron ? 0 : 1;
  }
  return wrong;
}

// The batch perceptron needs floor(0.3 n + 0.2) + 1 updates on the worst case of n samples.
double wrong_linear_growth(ClaimContext& context) {
  double wrong = 0;
  for (const std::int64_t n : {10, 20, 50, 100, 200, 500, 1000, 2000}) {
    const Recorder recorder =
        context.run(only({Learner::batch_perceptron}, {{"data", "worst_case"}, {"samples", n}}));
    const double expected = std::floor(0.3 * static_cast<double>(n) + 0.2) + 1;
    wrong += iterations(recorder, Learner::batch_perceptron, 0) == expected ? 0 : 1;
  }
  return wrong;
}

// A random separable set of sheet 06, section 11: 2 to 5 features, 5 to 59 samples, half gap
// 10^U(-1.5, 0).
Settings random_separable_set(Stream& stream) {
  const auto features = static_cast<std::int64_t>(2 + stream.below(4));
  const auto samples = static_cast<std::int64_t>(5 + stream.below(55));
  const double exponent = -1.5 + 1.5 * stream.uniform();
  return {{"data", "gaussians"},
          {"features", features},
          {"samples", samples},
          {"half_gap", lab::pow(10.0, exponent)}};
}

// max over 10 random separable sets and four step sizes of iterations / bound.
double largest_share_of_bound(ClaimContext& context, Learner learner) {
  constexpr double kLimit = 1e7;
  Stream stream(context.seed(), "bounds");
  double largest = 0;
  for (int set = 0; set < 10; ++set) {
    Settings settings = random_separable_set(stream);
    settings["max_iterations"] = static_cast<std::int64_t>(kLimit);
    for (const double gamma : {0.1, 1.0, 10.0, 100.0}) {
      settings["gamma"] = gamma;
      const Recorder recorder = context.run(only({learner}, settings));
      const std::optional<double> bound = recorder.value(recordings().of[index(learner)].bound);
      if (!bound) continue;  // drawn without a margin: nothing is claimed
      largest = std::max(largest, iterations(recorder, learner, kLimit) / *bound);
      if (!separable::follows_loss(learner)) break;  // there is no step size
    }
  }
  return largest;
}

// The largest relative difference between theta_1 / gamma and (1 / 2n) sum z_i, for gamma = 1e-3 ..
// 1e12.
double first_step_error(ClaimContext& context) {
  Stream stream(context.seed(), "first step");
  Settings settings = random_separable_set(stream);
  settings["max_iterations"] = std::int64_t{1};
  double largest = 0;
  for (double gamma = 1e-3; gamma < 2e12; gamma *= 10) {
    settings["gamma"] = std::min(gamma, 1e12);
    const Recorder recorder =
        context.run(only({Learner::lr_gd, Learner::batch_perceptron}, settings));
    const Recordings& r = recordings();
    double scale = 0;  // the batch perceptron's first step is exactly that half mean
    for (const double weight :
         recorder.array(r.of[index(Learner::batch_perceptron)].theta).values) {
      scale = std::max(scale, std::abs(weight));
    }
    const double distance = recorder.buckets(r.of[index(Learner::lr_gd)].distance).back().last;
    largest = std::max(largest, distance / scale);
  }
  return largest;
}

// The largest distance of theta / gamma from the limit's theta over a whole run, relative to the
// limit's norm at the end, or infinite-like 1e300 where the two do not need the same number of
// updates.
double distance_from_limit(ClaimContext& context, Learner learner, Settings settings) {
  settings["gamma"] = 1e12;
  const Learner limit = limit_of(learner);
  const Recorder recorder = context.run(only({learner, limit}, settings));
  const Recordings& r = recordings();
  if (iterations(recorder, learner, 1e9) != iterations(recorder, limit, 1e9)) return 1e300;
  return greatest(recorder.buckets(r.of[index(learner)].distance)) /
         recorder.buckets(r.of[index(limit)].theta_norm).back().last;
}

// Digits 3 against 8, four fifths of them: what gamma = 10 needs or reaches, over that of gamma
// = 1.
double inversion_ratio(ClaimContext& context, std::size_t LearnerRecordings::*what) {
  const auto measured = [&](double gamma) {
    const Recorder recorder = context.run(only({Learner::lr_gd}, {{"data", "digits"},
                                                                  {"positive_class", "3"},
                                                                  {"negative_class", "8"},
                                                                  {"fraction", 0.8},
                                                                  {"gamma", gamma}}));
    return recorder.value(recordings().of[index(Learner::lr_gd)].*what).value_or(1e9);
  };
  const double large_steps = measured(10);
  const double small_steps = measured(1);
  return large_steps / small_steps;
}

// The last number of one of LR+GD's series.
double last_of(ClaimContext& context, Settings settings, std::size_t LearnerRecordings::*what) {
  const Recorder recorder = context.run(only({Learner::lr_gd}, std::move(settings)));
  return recorder.buckets(recordings().of[index(Learner::lr_gd)].*what).back().last;
}

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  const auto share = [](Learner learner) {
    return [learner](ClaimContext& context) { return largest_share_of_bound(context, learner); };
  };
  const std::string bound_metric =
      "largest iterations / bound over 10 random separable sets (2-5 features, 5-59 samples)";
  const std::string gammas = " and gamma = 0.1, 1, 10, 100";
  const std::string follows_metric =
      "gamma = 1e12: largest distance of theta / gamma from the limit's theta over the whole run, "
      "relative to its final norm; 1e300 where the iterations differ";
  return {
      {.id = "worst-case-counts",
       .sentence = "On the worst-case set, large-step logistic regression needs about 0.3 n "
                   "iterations and the normalised method a handful.",
       .source = "Table 1, first block (n = 1000), and the same family at n = 10, 100",
       .paper_value = "normalised, gamma 100: 2; 10: 2; 1: 16; 0.1: 157; LR+GD, gamma 100: 308",
       .kind = identity,
       .metric = "counts that differ, of 36",
       .comparison = equal,
       .threshold = 0,
       .seeds = 1,
       .remark = "n = 1000 is inferred from the exact agreement of all five printed counts.",
       .measure = wrong_worst_case_counts},
      {.id = "batch-lower-bound",
       .sentence = "The batch perceptron can need a number of iterations that grows linearly with "
                   "n at constant margin and radius.",
       .source = "Theorem 5.1; the exact count floor(0.3 n + 0.2) + 1 is derived from its proof",
       .paper_value = "Omega(n)",
       .kind = identity,
       .metric = "counts that differ from floor(0.3 n + 0.2) + 1, of 8 with n = 10 .. 2000",
       .comparison = equal,
       .threshold = 0,
       .seeds = 1,
       .remark = "",
       .measure = wrong_linear_growth},
      {.id = "first-step",
       .sentence = "The first step is the batch perceptron's half step, for every step size.",
       .source = "Section 3, proof of Theorem 3.2",
       .paper_value = "exact",
       .kind = bound,
       .metric =
           "largest relative error of theta_1 / gamma against (1/2n) sum z_i, gamma = 1e-3 .. 1e12",
       .comparison = at_most,
       .threshold = 1e-12,
       .seeds = 20,
       .remark = "",
       .measure = first_step_error},
      {.id = "reduction",
       .sentence = "With large steps theta / gamma follows the batch perceptron.",
       .source = "Theorem 3.2, on the four points of vector V2 at gamma = 1e4",
       .paper_value = "limit for gamma to infinity",
       .kind = bound,
       .metric = "largest distance of theta / gamma from the batch perceptron's theta",
       .comparison = at_most,
       .threshold = 1e-6,
       .seeds = 1,
       .remark = "The theorem is a limit; the rate e^(-gamma |margin|) is derived.",
       .measure =
           [](ClaimContext& context) {
             const Recorder recorder = context.run(only({Learner::lr_gd, Learner::batch_perceptron},
                                                        {{"data", "four_points"}, {"gamma", 1e4}}));
             return greatest(recorder.buckets(recordings().of[index(Learner::lr_gd)].distance));
           }},
      {.id = "reduction-wdbc",
       .sentence = "On the breast-cancer data large-step logistic regression is the batch "
                   "perceptron: the same path, the same number of iterations.",
       .source = "Theorem 3.2; the data are ours: WDBC, a random four fifths for each seed",
       .paper_value = "\"almost exactly\" (figures on CIFAR-10, FashionMNIST)",
       .kind = bound,
       .metric = follows_metric,
       .comparison = at_most,
       .threshold = 1e-6,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return distance_from_limit(context, Learner::lr_gd,
                                        {{"data", "wdbc"},
                                         {"fraction", 0.8},
                                         {"max_iterations", std::int64_t{1'000'000}}});
           }},
      {.id = "reduction-normalized",
       .sentence =
           "With large steps the normalised method follows the normalised batch perceptron.",
       .source = "Section 6, remark on beta_t",
       .paper_value = "limit for gamma to infinity",
       .kind = bound,
       .metric = follows_metric,
       .comparison = at_most,
       .threshold = 1e-6,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             Stream stream(context.seed(), "reduction-normalized");
             return distance_from_limit(context, Learner::normalized_lr_gd,
                                        random_separable_set(stream));
           }},
      {.id = "loss-unreliable",
       .sentence =
           "The loss can explode at one step and vanish at the next, while the direction is "
           "about to be right.",
       .source = "Theorem 4.1, its two samples at gamma = 100",
       .paper_value = "loss to infinity, then to 0",
       .kind = bound,
       .metric = "loss after the second step / loss after the first",
       .comparison = at_most,
       .threshold = 1e-30,
       .seeds = 1,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Recorder recorder = context.run(
                 only({Learner::lr_gd}, {{"data", "loss_inversion"}, {"gamma", 100.0}}));
             const std::span<const Bucket> loss =
                 recorder.buckets(recordings().of[index(Learner::lr_gd)].loss);
             return loss[2].last / loss[1].last;
           }},
      {.id = "bound-batch-perceptron",
       .sentence = "The batch perceptron solves a separable set within n R^2 / mu^2 iterations.",
       .source = "Theorem 3.3",
       .paper_value = "n R^2 / mu^2",
       .kind = bound,
       .metric = bound_metric,
       .comparison = at_most,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure = share(Learner::batch_perceptron)},
      {.id = "bound-perceptron",
       .sentence = "The perceptron solves a separable set within R^2 / mu^2 updates.",
       .source = "Theorem 5.2 (Novikoff 1962)",
       .paper_value = "R^2 / mu^2",
       .kind = bound,
       .metric = bound_metric,
       .comparison = at_most,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure = share(Learner::perceptron)},
      {.id = "bound-normalized-batch-perceptron",
       .sentence = "The normalised batch perceptron solves a separable set within R^2 / mu^2 "
                   "iterations: no factor n.",
       .source = "Theorem 5.3",
       .paper_value = "R^2 / mu^2",
       .kind = bound,
       .metric = bound_metric,
       .comparison = at_most,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure = share(Learner::normalized_batch_perceptron)},
      {.id = "bound-normalized-lr",
       .sentence = "Normalised LR+GD solves a separable set within R^2 / mu^2 + 2 log(2n - 1) / "
                   "(gamma mu^2) iterations, for every step size.",
       .source = "Theorem 6.1",
       .paper_value = "R^2 / mu^2 + 2 log(2n - 1) / (gamma mu^2)",
       .kind = bound,
       .metric = bound_metric + gammas,
       .comparison = at_most,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure = share(Learner::normalized_lr_gd)},
      {.id = "bound-lr",
       .sentence = "LR+GD solves a separable set within 2n times that bound, for every step size.",
       .source = "not in the paper: follows from the lemma of Theorem 6.1",
       .paper_value = "",
       .kind = bound,
       .metric = bound_metric + gammas,
       .comparison = at_most,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure = share(Learner::lr_gd)},
      {.id = "loss-inversion-loss",
       .sentence = "A large step makes the loss higher before the data are separated ...",
       .source = "Section 6, figures; the data are ours: digits 3 and 8, a random four fifths",
       .paper_value = "seen on CIFAR-10, FashionMNIST, EuroSAT, MNIST",
       .kind = effect,
       .metric = "largest loss before separation, gamma = 10 over gamma = 1",
       .comparison = above,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return inversion_ratio(context, &LearnerRecordings::largest_loss);
           }},
      {.id = "loss-inversion-iterations",
       .sentence = "... and separates them sooner.",
       .source = "Section 6, figures; the data are ours: digits 3 and 8, a random four fifths",
       .paper_value = "seen on CIFAR-10 for gamma = 1, 10, 100",
       .kind = effect,
       .metric = "iterations to solve, gamma = 10 over gamma = 1",
       .comparison = below,
       .threshold = 1,
       .seeds = 20,
       .remark = "Past gamma of about 10 the count is flat or slightly worse: larger is not always "
                 "better.",
       .measure =
           [](ClaimContext& context) {
             return inversion_ratio(context, &LearnerRecordings::iterations);
           }},
      {.id = "implicit-bias",
       .sentence =
           "Small steps go on to turn theta towards the maximum-margin direction; large steps "
           "turn it more slowly.",
       .source =
           "Section 2 (Soudry et al. 2018; Ji and Telgarsky 2018) and its remark on large steps; "
           "the four points, 10 000 updates",
       .paper_value = "limit for small steps",
       .kind = bound,
       .metric = "normalised margin after 10 000 updates, gamma = 500 over gamma = 5",
       .comparison = at_most,
       .threshold = 0.6,
       .seeds = 1,
       .remark = "mu is 0.1414; 0.1377 and 0.0725 are reached.",
       .measure =
           [](ClaimContext& context) {
             const auto margin = [&](double gamma) {
               return last_of(context,
                              {{"data", "four_points"},
                               {"gamma", gamma},
                               {"keep_going", true},
                               {"max_iterations", std::int64_t{10'000}}},
                              &LearnerRecordings::normalized_margin);
             };
             const double large_steps = margin(500);
             const double small_steps = margin(5);
             return large_steps / small_steps;
           }},
      {.id = "norm-grows-like-log",
       .sentence = "After separation the norm of theta grows like the logarithm of the updates.",
       .source =
           "Section 2 (Soudry et al. 2018); the data are ours: separable Gaussians, gamma = 1",
       .paper_value = "||theta_t|| ~ log t",
       .kind = trend,
       .metric = "growth of the norm from 10 000 to 100 000 updates over that from 1000 to 10 000",
       .comparison = at_most,
       .threshold = 1.25,
       .seeds = 20,
       .remark = "1 is exactly logarithmic; a power t^a of the updates would give 10^a. Up to 100 "
                 "000 updates the norm still grows a little faster than the logarithm: the law is "
                 "one of the limit.",
       .measure =
           [](ClaimContext& context) {
             const auto norm = [&](std::int64_t updates) {
               return last_of(context,
                              {{"data", "gaussians"},
                               {"samples", std::int64_t{60}},
                               {"gamma", 1.0},
                               {"keep_going", true},
                               {"max_iterations", updates}},
                              &LearnerRecordings::theta_norm);
             };
             const double first = norm(1000), second = norm(10'000), third = norm(100'000);
             return (third - second) / (second - first);
           }},
      {.id = "normalisation-gain",
       .sentence = "On imbalanced data normalisation needs fewer iterations.",
       .source = "Table 1, imbalanced data; here 5 samples against 495, gamma = 100",
       .paper_value = "imbalanced FashionMNIST, gamma = 100: 538 against 311",
       .kind = effect,
       .metric = "iterations to solve, LR+GD over normalised LR+GD",
       .comparison = above,
       .threshold = 1,
       .seeds = 20,
       .remark = "On balanced data normalisation need not win, and the paper does not say so.",
       .measure =
           [](ClaimContext& context) {
             const Recorder recorder =
                 context.run(only({Learner::lr_gd, Learner::normalized_lr_gd},
                                  {{"data", "imbalanced"}, {"gamma", 100.0}}));
             return iterations(recorder, Learner::lr_gd, 1e9) /
                    iterations(recorder, Learner::normalized_lr_gd, 1e9);
           }},
  };
}

// --- [SECTION] figures ------------------------------------------------------------------------

// One recording of every learner that has it.
std::vector<Source> sources(std::size_t LearnerRecordings::*what,
                            std::size_t LearnerRecordings::*mark = nullptr) {
  std::vector<Source> result;
  for (const Learner learner : kAll) {
    const LearnerRecordings& r = recordings().of[index(learner)];
    const std::string& name = recordings().list[r.*what].name;
    if (!name.starts_with(std::string(separable::name(learner)) + "/")) continue;  // it has none
    result.push_back(
        {name, std::string(label(learner)), mark ? recordings().list[r.*mark].name : ""});
  }
  return result;
}

std::vector<Figure> figures() {
  using Of = LearnerRecordings;
  const Axis updates = {.label = "updates", .unit = "", .log = true};
  std::vector<Source> plane = {{"data/points", "samples"}};
  for (Source& source : sources(&Of::theta)) plane.push_back(std::move(source));
  return {
      {.name = "boundary",
       .title = "Data and decision boundaries",
       .form = Form::scatter,
       .x = {.label = "x1"},
       .y = {.label = "x2"},
       .sources = std::move(plane),
       .caption = "Drag a sample, or add one, and every learner starts again on the new data.",
       .absent =
           "these data have more than two features: choose moons, gaussians, or draw your own",
       .groups = {"y = −1", "y = +1"},
       .handles = {{Handle::Kind::points, "data"}}},
      {.name = "errors",
       .title = "Samples on the wrong side",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "errors", .unit = "samples"},
       .sources = sources(&Of::errors),
       .caption = "A learner has solved the task when its line reaches 0.",
       .handles = {{Handle::Kind::vertical, "max_iterations"}}},
      {.name = "loss",
       .title = "Logistic loss",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "mean loss", .unit = "nats", .log = true},
       .sources = sources(&Of::loss),
       .caption = "With large steps the loss jumps up and down and says little about the errors.",
       .absent = "only LR+GD and its normalised form have a loss"},
      {.name = "iterations",
       .title = "Updates until every sample is right",
       .form = Form::bars,
       .x = {.label = "updates", .unit = "", .log = true},
       .y = {},
       .sources = sources(&Of::iterations, &Of::bound),
       .caption =
           "None: not solved within the limit. The bounds need a margin, so data that a line "
           "separates.",
       .mark_label = "proven bound"},
      {.name = "margins",
       .title = "Margins of the samples",
       .form = Form::histogram,
       .x = {.label = "distance from the boundary, on the right side positive"},
       .y = {.label = "share of the samples"},
       .sources = sources(&Of::margins),
       .caption =
           "Samples left of 0 are wrong; the loss counts how far, the perceptron only that."},
      {.name = "distance",
       .title = "Distance to the perceptron that it becomes",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "largest |θ/γ − θ of the perceptron|", .unit = "", .log = true},
       .sources = sources(&Of::distance),
       .caption = "It falls as the step size γ grows: the paper's Theorem 3.2.",
       .absent = "switch on LR+GD and the batch perceptron"},
      {.name = "margin",
       .title = "Normalised margin",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "least margin / ‖θ‖"},
       .sources = sources(&Of::normalized_margin),
       .caption = "Above 0 every sample is on its own side."},
      {.name = "norm",
       .title = "Norm of the weights",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "‖θ‖", .unit = "", .log = true},
       .sources = sources(&Of::theta_norm),
       .caption = "LR+GD moves γ times as far as its perceptron."},
      {.name = "sharpness",
       .title = "Sharpness of the loss",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "largest eigenvalue of the Hessian", .unit = "", .log = true},
       .sources = {{recordings().list[recordings().of[index(Learner::lr_gd)].sharpness].name,
                    std::string(label(Learner::lr_gd))},
                   {.recording = recordings().list[recordings().two_over_gamma].name,
                    .label = "2/γ",
                    .reference = true}},
       .caption =
           "Small steps lower the loss only where the sharpness is below 2/γ. On separable data "
           "it falls below that line for good; with label_noise > 0 it stays about it, and the "
           "loss goes up and down for ever.",
       .absent = "not recorded: switch on LR+GD, and 'sharpness' under advanced"},
      {.name = "direction",
       .title = "Distance from the maximum-margin direction",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "‖θ/‖θ‖ − maximum-margin direction‖", .unit = "", .log = true},
       .sources = sources(&Of::direction),
       .caption =
           "With 'keep_going' LR+GD turns towards the maximum-margin direction, as slowly as "
           "1/log t, and the slower the larger its steps are. The perceptrons stop where they are.",
       .absent = "these data have no margin: no line separates them"},
  };
}

// --- [SECTION] description
// --------------------------------------------------------------------------

Schema schema() {
  FieldList fields = two_class_fields();
  fields.group("method");
  fields.real("gamma", 1e4, {1e-3, 1e12}, "step size of LR+GD and normalised LR+GD",
              {.log_scale = true, .live = true});
  const auto learner = [&](Learner which, std::string help) {
    fields.flag(std::string(separable::name(which)), true, std::move(help));
  };
  learner(Learner::lr_gd, "logistic regression by gradient descent");
  learner(Learner::normalized_lr_gd, "the paper's method: steps along the weighted mean error");
  learner(Learner::batch_perceptron, "adds all wrong samples at every step, divided by n");
  learner(Learner::normalized_batch_perceptron, "adds the mean of the wrong samples");
  learner(Learner::perceptron, "adds the first wrong sample");
  fields.group("run");
  fields.integer("max_iterations", 100'000, {1, 1e8}, "stop there, solved or not",
                 {.log_scale = true, .unit = "updates"});
  fields.flag("keep_going", false, "go on after every sample is right, to see where theta turns",
              {.advanced = true});
  fields.flag("sharpness", true, "look at the largest eigenvalue of the loss's Hessian on the way",
              {.advanced = true});
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment lr_gd_perceptron() {
  return {
      .id = "lr-gd-perceptron",
      .title = "From logistic regression to the perceptron",
      .family = "separable",
      .paper = {.title = "From Logistic Regression to the Perceptron Algorithm: Exploring Gradient "
                         "Descent with Large Step Sizes",
                .authors = "Alexander Tyurin",
                .link = "arXiv:2412.08424",
                .year = 2024},
      .problem =
          "Find a line (a plane, a hyperplane) that puts all samples of two classes on their own "
          "sides. Logistic regression by gradient descent finds one with any step size, although "
          "theory allows only small ones. As the step grows it becomes an old acquaintance, the "
          "batch perceptron; its loss explodes on the way and says nothing about progress; and one "
          "normalisation removes the factor n from the number of steps.",
      .equation = "θ ← θ + (γ / n) ∑ s_i z_i,   s_i = 1 / (1 + exp(z_i · θ)),   z_i = y_i a_i",
      .how_to_fail =
          "Data that no line separates: set data = overlapping, circles or xor, or label_noise > "
          "0. "
          "The perceptrons then never stop, and LR+GD with gamma above 2 / lambda settles in a "
          "cycle.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<LargeStepRun>(config, context);
      },
  };
}

}  // namespace lab
