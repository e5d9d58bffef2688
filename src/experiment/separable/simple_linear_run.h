// One repeated cross-validation of the models, fit by fit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/random.h"
#include "data/dataset.h"
#include "experiment/config.h"
#include "experiment/run.h"
#include "experiment/schema.h"
#include "experiment/separable/contenders.h"

namespace lab::separable {

std::vector<Field> simple_linear_fields();

// What is fitted once in every fold.
struct Unit {
  enum class Kind { contender, c, depth, features };
  Kind kind;
  std::size_t index;
};

// A step is one fit: first those on all samples, then in each fold of each repeat every model,
// every C, the tree and every number of features that are swept, and at last the bootstrap.
// (Perceptrons that need more than 100 updates take more steps.)
class SimpleLinearRun final : public Run {
 public:
  // Errors: bad data, unknown features, nothing to fit.
  SimpleLinearRun(const Config& config, const RunContext& context);

  void begin(Recorder& recorder) override;

  bool step(Recorder& recorder) override;

  void observe(Recorder& recorder) const override;

  std::vector<Explanation> explain(const Recorder& recorder) const override;

  void save(ByteWriter& writer) const override;
  void restore(ByteReader& reader) override;

  std::string data_digest() const override { return data_digest_; }

  std::uint64_t step_limit() const override {
    std::uint64_t more = 0;  // steps of perceptrons that take longer
    const std::uint64_t calls =
        (settings_.updates + Contenders::kUpdatesAtOnce - 1) / Contenders::kUpdatesAtOnce;
    for (const Contender contender : contenders_) {
      if (contender == Contender::perceptron || contender == Contender::normalized_lr_gd) {
        more += fits() * (calls - 1);
      }
    }
    return all_units() + more;
  }

 private:
  std::size_t fits() const { return folds_ * repeats_; }
  std::size_t cross_units() const { return fits() * units_.size(); }
  std::size_t all_units() const { return whole_units_ + cross_units() + bootstraps_; }
  double test_over_train() const { return 1 / static_cast<double>(folds_ - 1); }

  // How many fits of this unit are done: one for each fold that it has been through.
  std::size_t done(std::size_t unit_of_fold) const {
    if (unit_ < whole_units_ || units_.empty()) return 0;
    const std::size_t cross = std::min(unit_ - whole_units_, cross_units());
    return cross / units_.size() + (cross % units_.size() > unit_of_fold ? 1 : 0);
  }
  std::size_t swept(const Unit& unit) const {
    for (std::size_t k = 0; k < units_.size(); ++k) {
      if (units_[k].kind == unit.kind && units_[k].index == unit.index) return done(k);
    }
    return 0;
  }
  std::span<const double> accuracies(Contender contender) const {
    return {test_[index(contender)].data(), swept({Unit::Kind::contender, index(contender)})};
  }
  double mean_of(const std::vector<double>& values, std::size_t row, std::size_t count) const {
    double sum = 0;
    for (std::size_t f = 0; f < count; ++f) sum += values[row * fits() + f];
    return sum / static_cast<double>(count);
  }

  void prepare_map(const Config& config, Math math);
  void fit_whole(std::size_t unit);
  void fit_map();
  double map_score(std::span<const double> at) const;
  void note_correlation();

  void prepare_fold(std::size_t fit);
  bool cross_validate(Recorder& recorder);
  void sweep_c(std::size_t v, std::size_t fit);
  void sweep_depth(std::size_t fit);
  void sweep_features(std::size_t v, std::size_t fit);
  void rank_features();
  void bootstrap(std::size_t k);
  void gather(Contender contender) const;

  void record_contender(Recorder& recorder, Contender contender, std::size_t fits_done);
  void record_scores(Recorder& recorder);
  void record_whole(Recorder& recorder);
  void record_threshold(Recorder& recorder);
  void record_signs(Recorder& recorder);
  void observe_contenders(Recorder& recorder) const;
  void observe_sweeps(Recorder& recorder) const;
  void observe_thresholds(Recorder& recorder) const;
  void observe_coefficients(Recorder& recorder) const;
  void observe_tree(Recorder& recorder) const;
  void observe_map(Recorder& recorder) const;

  // What is the same all along.
  Dataset data_;
  ContenderSettings settings_;
  Scaler scaler_;
  std::size_t folds_, repeats_, bootstraps_;
  double threshold_;
  bool detect_plus_, is_papers_data_;
  std::vector<Contender> contenders_;
  std::string data_digest_;
  std::vector<double> y_, standard_;  // n; n x p, scaled on all samples
  std::vector<std::uint8_t> classes_, detected_, all_rows_;
  std::vector<std::uint16_t> fold_of_;  // repeats x n
  std::vector<std::uint32_t> presorted_;
  std::vector<Unit> units_;  // of each fold
  std::vector<std::size_t> feature_counts_;
  std::size_t whole_units_ = 0;

  static constexpr std::size_t kNone = SIZE_MAX;  // no fold

  // What is worked with; all of it follows from the settings and `unit_`.
  Stream bootstrap_stream_;
  RidgeLogistic whole_logistic_, sweep_logistic_;
  ClassificationTree whole_tree_, sweep_tree_;
  std::optional<Fold> fold_;
  std::optional<Contenders> models_;
  std::size_t prepared_ = kNone, ranked_ = kNone;  // which fold that is
  std::vector<double> part_, fold_scores_, boot_rows_, boot_y_;
  std::vector<std::size_t> rank_;
  mutable std::vector<double> gathered_;
  mutable std::vector<std::uint8_t> gathered_truth_;
  std::string most_correlated_;
  double greatest_correlation_ = 0;
  std::string map_model_;
  std::array<std::size_t, 2> map_features_ = {};
  std::vector<double> map_;  // n x 2
  std::vector<std::uint32_t> map_presorted_;
  std::optional<RidgeLogistic> map_logistic_;
  std::optional<ClassificationTree> map_tree_;
  std::optional<LinearSvm> map_linear_svm_;
  std::optional<KernelSvm> map_kernel_svm_;

  // The state.
  std::size_t unit_ = 0;
  std::array<std::vector<double>, kContenders> test_, train_;  // %, one for each fit
  struct Sums {
    double iterations = 0, multiply_adds = 0, parameters = 0, unfinished = 0;
  };
  std::array<Sums, kContenders> sums_;
  std::array<std::vector<double>, kContenders>
      scores_;                        // n: the latest out-of-fold score of each row
  std::vector<std::uint8_t> scored_;  // n: which rows have one
  std::vector<double> c_test_, c_train_, c_test_loss_, c_train_loss_, c_norm_;  // swept x fits
  std::vector<double> depth_test_, depth_train_, feature_test_, feature_train_;
  std::vector<double> boot_;  // bootstraps x p
};

}  // namespace lab::separable
