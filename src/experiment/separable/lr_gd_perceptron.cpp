// From logistic regression to the perceptron (sheet 06).
// A. Tyurin, "From Logistic Regression to the Perceptron Algorithm: Exploring Gradient Descent with Large
// Step Sizes", arXiv:2412.08424.
//
// Five learners advance side by side on the same signed samples, from theta = 0 until each has all samples
// on the right side. [SECTION] marks: recordings, run, claims, description.

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "core/random.h"
#include "data/dataset.h"
#include "data/generate.h"
#include "experiment/experiment.h"
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

std::size_t index(Learner learner) { return static_cast<std::size_t>(learner); }

// --- [SECTION] recordings ---------------------------------------------------------------------------

struct LearnerRecordings {
  // Series. Those after normalized_margin exist only for learners that follow the loss.
  std::size_t errors, theta_norm, normalized_margin, loss, gradient_norm, distance;
  std::size_t sharpness;  // lr_gd only
  // Values.
  std::size_t iterations, bound, largest_loss, loss_when_solved;
  // Arrays.
  std::size_t theta;
};

struct Recordings {
  std::vector<Recording> list;
  std::array<LearnerRecordings, kLearners> of;
  std::size_t samples, features, radius, margin_lower, margin_upper, novikoff, stable_step;
  std::size_t points;

  Recordings() {
    for (const Learner learner : kAll) {
      const std::string who = std::string(separable::name(learner)) + "/";
      LearnerRecordings& r = of[index(learner)];
      r = {};
      r.errors = series(who + "errors", "samples", "samples with a margin of 0 or less");
      r.theta_norm = series(who + "theta_norm", "", "Euclidean norm of theta");
      r.normalized_margin =
          series(who + "normalized_margin", "", "least margin divided by the norm of theta");
      if (separable::follows_loss(learner)) {
        const std::string limit(separable::name(limit_of(learner)));
        r.loss = series(who + "loss", "nats", "mean logistic loss");
        r.gradient_norm = series(who + "gradient_norm", "", "Euclidean norm of the gradient");
        r.distance = series(who + "distance_to_" + limit, "",
                            "max_k |theta_k / gamma - theta_k of " + limit + "| at the same step");
      }
      if (learner == Learner::lr_gd) {
        r.sharpness = series(who + "sharpness", "",
                             "largest eigenvalue of the loss's Hessian; below 2 / gamma descent is "
                             "stable");
      }
      r.iterations = value(who + "iterations", "updates",
                           "updates until every sample is on the right side; absent: not solved");
      r.bound = value(who + "bound", "updates", "proven upper bound of `iterations`");
      if (separable::follows_loss(learner)) {
        r.largest_loss = value(who + "largest_loss", "nats", "largest loss before it was solved");
        r.loss_when_solved = value(who + "loss_when_solved", "nats", "loss at `iterations`");
      }
      r.theta = add({who + "theta", RecordingKind::array, "", "the weights, one for each feature",
                     ArrayForm::vector, {}});
    }
    samples = value("data/samples", "samples", "number of samples n");
    features = value("data/features", "features", "number of features d, a bias included");
    radius = value("data/radius", "", "R = max_i ||a_i||");
    margin_lower = value("data/margin_lower", "",
                         "certified lower end of the margin mu; absent: not separable");
    margin_upper = value("data/margin_upper", "", "certified upper end of the margin mu");
    novikoff = value("data/radius2_over_margin2", "", "R^2 / mu^2, with the lower end of mu");
    stable_step = value("data/stable_step", "",
                        "2 / L: below it gradient descent lowers the loss at every step");
    points = add({"data/points", RecordingKind::array, "",
                  "the samples, where they have two features and perhaps a bias", ArrayForm::points,
                  {"x1", "x2", "class"}});
  }

 private:
  std::size_t add(Recording recording) {
    list.push_back(std::move(recording));
    return list.size() - 1;
  }
  std::size_t series(std::string name, std::string unit, std::string help) {
    return add({std::move(name), RecordingKind::series, std::move(unit), std::move(help),
                ArrayForm::none, {}});
  }
  std::size_t value(std::string name, std::string unit, std::string help) {
    return add({std::move(name), RecordingKind::value, std::move(unit), std::move(help),
                ArrayForm::none, {}});
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] run ----------------------------------------------------------------------------------

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
    const separable::Margin margin = separable::hard_margin(samples_);
    recorder.value(r.margin_upper, margin.upper);
    if (margin.separable()) {
      recorder.value(r.margin_lower, margin.lower);
      recorder.value(r.novikoff,
                     samples_.radius * samples_.radius / (margin.lower * margin.lower));
    }
    for (const Learner learner : kAll) {
      if (!learners_[index(learner)]) continue;
      if (margin.separable()) {
        recorder.value(r.of[index(learner)].bound,
                       separable::updates_bound(learner, samples_.count(), samples_.radius,
                                                margin.lower, gamma_));
      }
      record(recorder, learner);
    }
  }

  bool step(Recorder& recorder) override {
    ++step_;
    if (step_size_changed_) forget_bounds(recorder);
    for (const Learner learner : kAll) {
      std::optional<Descent>& descent = learners_[index(learner)];
      if (descent && !at_rest(*descent)) descent->update();
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

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    writer.f64(gamma_);
    writer.boolean(step_size_changed_);
    for (const Learner learner : kAll) {
      const std::optional<Descent>& descent = learners_[index(learner)];
      if (!descent) continue;
      writer.u64(solved_at_[index(learner)]);
      writer.f64(largest_loss_[index(learner)]);
      descent->save(writer);
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    const double gamma = reader.f64();
    step_size_changed_ = reader.boolean() || gamma != gamma_;
    for (const Learner learner : kAll) {
      std::optional<Descent>& descent = learners_[index(learner)];
      if (!descent) continue;
      solved_at_[index(learner)] = reader.u64();
      largest_loss_[index(learner)] = reader.f64();
      descent->restore(reader);
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

  void record(Recorder& recorder, Learner learner) {
    const LearnerRecordings& r = recordings().of[index(learner)];
    const Descent& descent = *learners_[index(learner)];
    if (!descent.finite()) return;
    recorder.series(r.errors, static_cast<double>(descent.errors()));
    recorder.series(r.theta_norm, descent.theta_norm());
    recorder.series(r.normalized_margin, descent.normalized_margin());
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
    if (learner == Learner::lr_gd && sharpness_) {
      recorder.series(r.sharpness, sharpness_->at(descent.margins()));
    }
    double& largest = largest_loss_[index(learner)];
    if (solved_at == 0 && descent.loss() > largest) {
      largest = descent.loss();
      recorder.value(r.largest_loss, largest);
    }
    if (just_solved) recorder.value(r.loss_when_solved, descent.loss());
  }

  // The bounds hold for one step size from theta_0 = 0 on; after a fork with another one they do not.
  void forget_bounds(Recorder& recorder) const {
    for (const Learner learner : kAll) {
      if (separable::follows_loss(learner)) recorder.clear(recordings().of[index(learner)].bound);
    }
  }

  TwoClassData data_;
  SignedSamples samples_;
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
};

// --- [SECTION] claims -------------------------------------------------------------------------------

}  // namespace
}  // namespace lab
