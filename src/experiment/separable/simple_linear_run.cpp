// [SECTION] marks: settings, fits on all samples, cross-validation, bootstrap, recording, state.
#include "experiment/separable/simple_linear_run.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/error.h"
#include "core/names.h"
#include "core/numerics.h"
#include "core/random.h"
#include "data/dataset.h"
#include "data/split.h"
#include "data/text.h"
#include "experiment/separable/simple_linear.h"
#include "experiment/separable/two_class_data.h"
#include "method/separable/classification_metrics.h"
#include "method/statistics.h"

namespace lab::separable {
namespace {

constexpr std::size_t kMostSamples = 3000;  // the RBF kernel keeps n^2 numbers
constexpr std::array<std::size_t, 8> kFeatureCounts = {1, 2, 3, 5, 8, 12, 20, 30};
constexpr std::size_t kMapRows = 40, kMapColumns = 68;
constexpr std::size_t kLeastBootstraps = 20;  // fewer give no interval
constexpr std::size_t kNone = SIZE_MAX;

// --- [SECTION] settings
// -----------------------------------------------------------------------------

std::size_t feature_named(const Dataset& data, std::string_view text, std::string_view field) {
  const auto found = std::ranges::find(data.feature_names, text);
  if (found != data.feature_names.end()) {
    return static_cast<std::size_t>(found - data.feature_names.begin());
  }
  if (const auto number = parse_count(text, data.columns()); number && *number >= 1) {
    return *number - 1;
  }
  throw Error("there is no feature '" + std::string(text) + "'", "field " + std::string(field),
              expected_name(text, data.feature_names) + ", or its number from 1");
}

// The features that are listed, between commas; all where none is.
Dataset with_features(Dataset data, std::string_view list) {
  std::vector<std::size_t> kept;
  while (!trim_blanks(list).empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::size_t feature =
        feature_named(data, trim_blanks(list.substr(0, comma)), "only_features");
    if (std::ranges::find(kept, feature) != kept.end()) {
      throw Error("feature '" + data.feature_names[feature] + "' is listed twice",
                  "field only_features", "each feature once");
    }
    kept.push_back(feature);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  if (kept.empty()) return data;
  Matrix features = Matrix::from_shape({data.rows(), kept.size()});
  std::vector<std::string> names;
  for (std::size_t j = 0; j < kept.size(); ++j) {
    for (std::size_t i = 0; i < data.rows(); ++i) features(i, j) = data.features(i, kept[j]);
    names.push_back(data.feature_names[kept[j]]);
  }
  data.features = std::move(features);
  data.feature_names = std::move(names);
  check(data);
  return data;
}

// The axis that a field names; where it is empty, of the breast-cancer data the pair that does best
// alone among those with a plain meaning (worst radius and smoothness), else the first two.
std::size_t map_feature(const Dataset& data, const Config& config, std::string_view field,
                        std::string_view usual, std::size_t otherwise) {
  const std::string& text = config.text(field);
  if (!text.empty()) return feature_named(data, trim_blanks(text), field);
  const auto found = std::ranges::find(data.feature_names, usual);
  if (found != data.feature_names.end()) {
    return static_cast<std::size_t>(found - data.feature_names.begin());
  }
  return std::min(otherwise, data.columns() - 1);
}

Scaler scaler_of(const std::string& text) {
  return text == "leak" ? Scaler::leak : text == "none" ? Scaler::none : Scaler::inside;
}

ContenderSettings contender_settings(const Config& config) {
  ContenderSettings settings;
  settings.c = config.real("C");
  settings.svm_c = config.real("svm_C");
  settings.kernel_width = config.real("kernel_gamma");
  settings.impurity = config.text("criterion") == "entropy" ? Impurity::entropy : Impurity::gini;
  const auto depth = static_cast<std::size_t>(config.integer("depth"));
  settings.tree.depth = depth > 0 ? depth : SIZE_MAX;
  settings.tree.leaf_samples = static_cast<std::size_t>(config.integer("leaf_samples"));
  settings.updates = static_cast<std::uint64_t>(config.integer("max_updates"));
  settings.gamma = config.real("gamma");
  return settings;
}

std::vector<Contender> contenders_of(const Config& config) {
  std::vector<Contender> which;
  for (const Contender contender : kAllContenders) {
    if (contender == Contender::majority || config.flag(name(contender)))
      which.push_back(contender);
  }
  return which;
}

struct Unit {
  enum class Kind { contender, c, depth, features };
  Kind kind;
  std::size_t index;
};

class SimpleLinearRun final : public Run {
 public:
  SimpleLinearRun(const Config& config, const RunContext& context)
      : data_(with_features(two_class_source(config, context), config.text("only_features"))),
        settings_(contender_settings(config)),
        scaler_(scaler_of(config.text("scaler"))),
        folds_(static_cast<std::size_t>(config.integer("folds"))),
        repeats_(static_cast<std::size_t>(config.integer("repeats"))),
        bootstraps_(static_cast<std::size_t>(config.integer("bootstraps"))),
        threshold_(config.real("threshold")),
        detect_plus_(config.text("detect") == "plus"),
        is_papers_data_(config.text("data") == "wdbc" && config.text("only_features").empty() &&
                        config.real("fraction") == 1 && config.real("label_noise") == 0 &&
                        config.text("positive_class").empty() &&
                        config.text("negative_class").empty()),
        contenders_(contenders_of(config)),
        bootstrap_stream_(context.seed, "bootstrap"),
        whole_logistic_(data_.rows(), data_.columns(), context.math),
        sweep_logistic_(data_.rows(), data_.columns(), context.math),
        whole_tree_(data_.rows(), data_.columns()),
        sweep_tree_(data_.rows(), data_.columns()) {
    const std::size_t n = data_.rows(), p = data_.columns();
    if (n > kMostSamples) {
      throw Error(counted(n, "sample") + " are too many here", "field data",
                  "at most " + std::to_string(kMostSamples) + "; set `fraction` to take a part");
    }
    if (contenders_.size() == 1 && !config.flag("c_sweep") && !config.flag("depth_sweep") &&
        !config.flag("feature_sweep") && !config.flag("whole")) {
      throw Error("there is nothing to fit", "fields logistic .. normalized_lr_gd",
                  "a model, a sweep or `whole` switched on");
    }
    data_digest_ = digest(data_);
    for (const int label : data_.labels) {
      y_.push_back(label == 1 ? 1 : -1);
      classes_.push_back(label == 1 ? 1 : 0);
      detected_.push_back((label == 1) == detect_plus_ ? 1 : 0);
    }
    for (std::size_t r = 0; r < repeats_; ++r) {
      const std::size_t begin = fold_of_.size();
      fold_of_.resize(begin + n);
      const std::vector<Split> splits = stratified_folds(data_, folds_, context.seed, r);
      for (std::size_t f = 0; f < folds_; ++f) {
        for (const std::size_t row : splits[f].test) {
          fold_of_[begin + row] = static_cast<std::uint16_t>(f);
        }
      }
    }
    const std::size_t least = n / folds_, most = (n + folds_ - 1) / folds_;
    std::vector<std::size_t> train_sizes = {n - least};
    if (most != least) train_sizes.push_back(n - most);
    fold_.emplace(view(data_.features), y_, n - least, most);
    models_.emplace(view(data_.features), y_, train_sizes, contenders_, settings_, context.seed,
                    context.math);

    for (const Contender contender : contenders_) {
      units_.push_back({Unit::Kind::contender, index(contender)});
    }
    if (config.flag("c_sweep")) {
      for (std::size_t v = 0; v < kSweptC.size(); ++v) units_.push_back({Unit::Kind::c, v});
    }
    if (config.flag("depth_sweep")) units_.push_back({Unit::Kind::depth, 0});
    if (config.flag("feature_sweep")) {
      for (const std::size_t count : kFeatureCounts) {
        if (count < p) feature_counts_.push_back(count);
      }
      feature_counts_.push_back(p);
      for (std::size_t v = 0; v < feature_counts_.size(); ++v) {
        units_.push_back({Unit::Kind::features, v});
      }
    }
    presorted_ = presorted(view(data_.features));
    if (config.flag("whole")) {
      whole_units_ = 3;
      prepare_map(config, context.math);
    } else {
      bootstraps_ = 0;  // what they would give intervals to is not there
    }
    all_rows_.assign(n, 1);
    const std::size_t fits = this->fits();
    for (auto& one : test_) one.assign(fits, 0.0);
    for (auto& one : train_) one.assign(fits, 0.0);
    for (auto& one : scores_) one.assign(n, 0.0);
    scored_.assign(n, 0);
    fold_scores_.assign(most, 0.0);
    const auto room = [&](std::vector<double>& values, std::size_t swept) {
      values.assign(swept * fits, 0.0);
    };
    for (auto* values : {&c_test_, &c_train_, &c_test_loss_, &c_train_loss_, &c_norm_}) {
      room(*values, config.flag("c_sweep") ? kSweptC.size() : 0);
    }
    for (auto* values : {&depth_test_, &depth_train_}) {
      room(*values, config.flag("depth_sweep") ? kSweptDepths : 0);
    }
    for (auto* values : {&feature_test_, &feature_train_}) room(*values, feature_counts_.size());
    part_.assign(n * p, 0.0);
    rank_.assign(p, 0);
    boot_.assign(bootstraps_ * p, 0.0);
    boot_rows_.assign(bootstraps_ > 0 ? n * p : 0, 0.0);
    boot_y_.assign(bootstraps_ > 0 ? n : 0, 0.0);
    standard_.assign(span(data_.features).begin(), span(data_.features).end());
    if (scaler_ != Scaler::none) standardise_like(view(data_.features), standard_);
    if (whole_units_ > 0) note_correlation();
    gathered_.reserve(n);
    gathered_truth_.reserve(n);
  }

  void begin(Recorder& recorder) override {
    const SimpleLinearRecordings& r = simple_linear_recordings();
    const auto n = static_cast<double>(data_.rows());
    const auto positives = static_cast<double>(std::ranges::count(classes_, std::uint8_t{1}));
    recorder.value(r.samples, n);
    recorder.value(r.features, static_cast<double>(data_.columns()));
    recorder.value(r.positives, positives);
    recorder.value(r.baseline, 100 * std::max(positives, n - positives) / n);
    if (!is_papers_data_) return;
    constexpr std::array<std::pair<Contender, double>, 3> kPaper = {
        {{Contender::logistic, 97.28}, {Contender::tree, 93.73}, {Contender::rbf_svm, 96.44}}};
    for (const auto& [contender, accuracy] : kPaper) {
      if (std::ranges::find(contenders_, contender) == contenders_.end()) continue;
      recorder.value(r.of[index(contender)].paper_error, 100 - accuracy);
    }
  }

  bool step(Recorder& recorder) override {
    if (unit_ < whole_units_) {
      fit_whole(unit_);
      if (unit_ == 0) record_whole(recorder);
    } else if (unit_ < whole_units_ + cross_units()) {
      if (!cross_validate(recorder)) return true;
    } else {
      bootstrap(unit_ - whole_units_ - cross_units());
      if (unit_ + 1 == all_units()) record_signs(recorder);
    }
    ++unit_;
    return unit_ < all_units();
  }

  void observe(Recorder& recorder) const override {
    const SimpleLinearRecordings& r = simple_linear_recordings();
    recorder.labels(r.feature_names, data_.feature_names);
    recorder.labels(r.class_names, data_.class_names);
    recorder.array(r.diagonal, std::array<std::size_t, 2>{2, 2}, std::array<double, 4>{0, 0, 1, 1});
    observe_contenders(recorder);
    observe_sweeps(recorder);
    observe_thresholds(recorder);
    if (unit_ > 0 && whole_units_ > 0) observe_coefficients(recorder);
    if (unit_ > 1 && whole_units_ > 0) observe_tree(recorder);
    if (unit_ > 2 && whole_units_ > 0) observe_map(recorder);
  }

  std::vector<Explanation> explain(const Recorder& recorder) const override {
    SimpleLinearState state;
    state.recorder = &recorder;
    state.contenders = contenders_;
    for (const Contender contender : contenders_) {
      state.test[index(contender)] = accuracies(contender);
    }
    state.test_over_train = test_over_train();
    state.folds = folds_;
    state.scaler = scaler_;
    state.whole_done = whole_units_ > 0 && unit_ > 0;
    state.threshold = threshold_;
    state.detected = data_.class_names[detect_plus_ ? 1 : 0];
    state.most_correlated = most_correlated_;
    for (std::size_t v = 0; v < kSweptC.size() && !c_test_.empty(); ++v) {
      const std::size_t done = swept({Unit::Kind::c, v});
      if (done == 0) continue;
      state.train_loss_by_c[v] = mean_of(c_train_loss_, v, done);
      state.norm_by_c[v] = mean_of(c_norm_, v, done);
    }
    state.updates = settings_.updates;
    return simple_linear_explanations(state);
  }

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

// --- [SECTION] fits on all samples
// ------------------------------------------------------------------

void SimpleLinearRun::prepare_map(const Config& config, Math math) {
  const std::size_t n = data_.rows();
  map_model_ = config.text("map_model");
  map_features_ = {map_feature(data_, config, "map_x", "worst radius", 0),
                   map_feature(data_, config, "map_y", "worst smoothness", 1)};
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::size_t feature : map_features_) map_.push_back(data_.features(i, feature));
  }
  const std::vector<double> unscaled = map_;
  standardise_like({unscaled.data(), n, 2}, map_);
  if (map_model_ == "logistic") map_logistic_.emplace(n, 2, math);
  if (map_model_ == "linear_svm") map_linear_svm_.emplace(n, 2, math);
  if (map_model_ == "rbf_svm") map_kernel_svm_.emplace(n, 2, math);
  if (map_model_ == "tree") {
    map_tree_.emplace(n, 2);
    map_presorted_ = presorted({map_.data(), n, 2});
  }
}

void SimpleLinearRun::fit_map() {
  const MatrixView<double> x{map_.data(), data_.rows(), 2};
  if (map_logistic_) map_logistic_->fit(x, y_, settings_.c);
  if (map_kernel_svm_) {
    map_kernel_svm_->fit(x, y_, settings_.svm_c, settings_.kernel_width * default_gamma(x));
  }
  if (map_linear_svm_) {
    Stream order = bootstrap_stream_;
    order.seek(std::uint64_t{1} << 60);  // far from what the bootstrap draws
    map_linear_svm_->fit(x, y_, settings_.svm_c, order);
  }
  if (map_tree_) {
    map_tree_->fit(x, classes_, map_presorted_, all_rows_, settings_.impurity, settings_.tree);
  }
}

// Between -1 and 1, above 0 where y = +1 is said.
double SimpleLinearRun::map_score(std::span<const double> at) const {
  if (map_tree_) return 2 * map_tree_->leaf_of(at).share() - 1;
  if (map_logistic_) return 2 * lab::sigmoid(map_logistic_->decision(at)) - 1;
  const double margin =
      map_linear_svm_ ? map_linear_svm_->decision(at) : map_kernel_svm_->decision(at);
  return std::clamp(margin, -1.0, 1.0);
}

void SimpleLinearRun::fit_whole(std::size_t unit) {
  const MatrixView<double> x{standard_.data(), data_.rows(), data_.columns()};
  if (unit == 0) {
    whole_logistic_.fit(x, y_, settings_.c);
  } else if (unit == 1) {
    whole_tree_.fit(view(data_.features), classes_, presorted_, all_rows_, settings_.impurity,
                    settings_.tree);
  } else {
    fit_map();
  }
}

// The two features that say most nearly the same.
void SimpleLinearRun::note_correlation() {
  constexpr std::size_t kMostFeatures = 200;
  const std::size_t n = data_.rows(), p = data_.columns();
  if (p < 2 || p > kMostFeatures || scaler_ == Scaler::none) return;
  greatest_correlation_ = 0;
  std::size_t first = 0, second = 1;
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = j + 1; k < p; ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += standard_[i * p + j] * standard_[i * p + k];
      const double correlation = std::abs(sum) / static_cast<double>(n);
      if (!(correlation > greatest_correlation_)) continue;
      greatest_correlation_ = correlation;
      first = j;
      second = k;
    }
  }
  most_correlated_ = data_.feature_names[first] + " and " + data_.feature_names[second];
}

void SimpleLinearRun::record_whole(Recorder& recorder) {
  const SimpleLinearRecordings& r = simple_linear_recordings();
  const std::size_t p = data_.columns();
  double right = 0;
  for (std::size_t i = 0; i < y_.size(); ++i) {
    const double decision = whole_logistic_.decision({standard_.data() + i * p, p});
    right += (decision > 0) == (y_[i] > 0) ? 1 : 0;
  }
  recorder.value(r.whole_objective, whole_logistic_.objective());
  recorder.value(r.whole_bias, whole_logistic_.bias());
  recorder.value(r.whole_norm, whole_logistic_.weight_norm());
  recorder.value(r.whole_accuracy, 100 * right / static_cast<double>(y_.size()));
  if (greatest_correlation_ > 0) recorder.value(r.greatest_correlation, greatest_correlation_);
}

// --- [SECTION] cross-validation
// ---------------------------------------------------------------------

void SimpleLinearRun::prepare_fold(std::size_t fit) {
  if (prepared_ == fit) return;
  const std::size_t n = data_.rows();
  fold_->prepare({fold_of_.data() + fit / folds_ * n, n}, static_cast<std::uint16_t>(fit % folds_),
                 scaler_);
  prepared_ = fit;
  ranked_ = kNone;
}

bool SimpleLinearRun::cross_validate(Recorder& recorder) {
  const std::size_t place = unit_ - whole_units_;
  const std::size_t fit = place / units_.size();
  const Unit& unit = units_[place % units_.size()];
  prepare_fold(fit);
  switch (unit.kind) {
    case Unit::Kind::contender: {
      const auto contender = static_cast<Contender>(unit.index);
      const std::size_t tested = fold_->test_rows().size();
      Fit result;
      if (!models_->advance(contender, *fold_, fit, result, {fold_scores_.data(), tested}))
        return false;
      test_[unit.index][fit] = 100 * result.test_accuracy;
      train_[unit.index][fit] = 100 * result.train_accuracy;
      Sums& sums = sums_[unit.index];
      sums.iterations += result.iterations;
      sums.multiply_adds += result.multiply_adds;
      sums.parameters += result.parameters;
      sums.unfinished += result.finished ? 0 : 1;
      for (std::size_t i = 0; i < tested; ++i) {
        scores_[unit.index][fold_->test_rows()[i]] = fold_scores_[i];
      }
      record_contender(recorder, contender, fit + 1);
      break;
    }
    case Unit::Kind::c:
      sweep_c(unit.index, fit);
      break;
    case Unit::Kind::depth:
      sweep_depth(fit);
      break;
    case Unit::Kind::features:
      sweep_features(unit.index, fit);
      break;
  }
  if (place % units_.size() + 1 == units_.size()) {
    for (const std::uint32_t row : fold_->test_rows()) scored_[row] = 1;
    record_scores(recorder);
  }
  return true;
}

void SimpleLinearRun::sweep_c(std::size_t v, std::size_t fit) {
  sweep_logistic_.fit(fold_->train(), fold_->y_train(), kSweptC[v]);
  const auto score = [&](MatrixView<double> x, std::span<const double> y, double& accuracy,
                         double& loss) {
    double right = 0, sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double margin = y[i] * sweep_logistic_.decision(x.row(i));
      right += margin > 0 || (margin == 0 && y[i] < 0) ? 1 : 0;
      sum += lab::softplus(-margin);
    }
    accuracy = 100 * right / static_cast<double>(y.size());
    loss = sum / static_cast<double>(y.size());
  };
  const std::size_t at = v * fits() + fit;
  score(fold_->train(), fold_->y_train(), c_train_[at], c_train_loss_[at]);
  score(fold_->test(), fold_->y_test(), c_test_[at], c_test_loss_[at]);
  c_norm_[at] = sweep_logistic_.weight_norm();
}

// One tree without a limit: what it is down to a depth is the tree that ends there.
void SimpleLinearRun::sweep_depth(std::size_t fit) {
  const std::size_t n = data_.rows();
  sweep_tree_.fit(view(data_.features), classes_, presorted_, fold_->in_train(), settings_.impurity,
                  {.depth = SIZE_MAX, .leaf_samples = settings_.tree.leaf_samples});
  for (std::size_t depth = 1; depth <= kSweptDepths; ++depth) {
    std::array<double, 2> right = {}, all = {};  // test, training
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t part = fold_->in_train()[i];
      const double share = sweep_tree_.leaf_of(view(data_.features).row(i), depth).share();
      right[part] += (share > 0.5 ? 1 : 0) == classes_[i] ? 1 : 0;
      all[part] += 1;
    }
    const std::size_t at = (depth - 1) * fits() + fit;
    depth_test_[at] = 100 * right[0] / all[0];
    depth_train_[at] = 100 * right[1] / all[1];
  }
}

// The features by the size of their weights in a fit on the training part, the largest first.
void SimpleLinearRun::rank_features() {
  if (ranked_ == prepared_) return;
  sweep_logistic_.fit(fold_->train(), fold_->y_train(), settings_.c);
  const std::span<const double> weights = sweep_logistic_.weights();
  for (std::size_t j = 0; j < rank_.size(); ++j) {
    std::size_t k = j;
    for (; k > 0 && std::abs(weights[j]) > std::abs(weights[rank_[k - 1]]); --k)
      rank_[k] = rank_[k - 1];
    rank_[k] = j;
  }
  ranked_ = prepared_;
}

void SimpleLinearRun::sweep_features(std::size_t v, std::size_t fit) {
  rank_features();
  const std::size_t count = feature_counts_[v];
  const auto take = [&](MatrixView<double> x) {
    for (std::size_t i = 0; i < x.rows; ++i) {
      for (std::size_t j = 0; j < count; ++j) part_[i * count + j] = x(i, rank_[j]);
    }
    return MatrixView<double>{part_.data(), x.rows, count};
  };
  const auto share = [&](MatrixView<double> x, std::span<const double> y) {
    double right = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      right += (sweep_logistic_.decision(x.row(i)) > 0) == (y[i] > 0) ? 1 : 0;
    }
    return 100 * right / static_cast<double>(y.size());
  };
  const MatrixView<double> train = take(fold_->train());
  sweep_logistic_.fit(train, fold_->y_train(), settings_.c);
  feature_train_[v * fits() + fit] = share(train, fold_->y_train());
  feature_test_[v * fits() + fit] = share(take(fold_->test()), fold_->y_test());
}

// --- [SECTION] bootstrap
// ----------------------------------------------------------------------------

// Efron 1979: as many rows drawn from all with putting back.
void SimpleLinearRun::bootstrap(std::size_t k) {
  const std::size_t n = data_.rows(), p = data_.columns();
  bootstrap_stream_.seek(static_cast<std::uint64_t>(k) << 32);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<std::size_t>(bootstrap_stream_.below(n));
    std::copy_n(standard_.data() + row * p, p, boot_rows_.data() + i * p);
    boot_y_[i] = y_[row];
  }
  sweep_logistic_.fit({boot_rows_.data(), n, p}, boot_y_, settings_.c);
  std::ranges::copy(sweep_logistic_.weights(), boot_.begin() + static_cast<std::ptrdiff_t>(k * p));
}

// --- [SECTION] recording
// ----------------------------------------------------------------------------

void SimpleLinearRun::record_contender(Recorder& recorder, Contender contender,
                                       std::size_t fits_done) {
  const ContenderRecordings& r = simple_linear_recordings().of[index(contender)];
  const auto count = static_cast<double>(fits_done);
  const MeanAndInterval mean =
      resampled_mean({test_[index(contender)].data(), fits_done}, test_over_train());
  recorder.series(r.running_accuracy, mean.mean);
  recorder.value(r.accuracy, mean.mean);
  recorder.value(r.deviation, mean.deviation);
  double train = 0;
  for (std::size_t f = 0; f < fits_done; ++f) train += train_[index(contender)][f];
  recorder.value(r.train_accuracy, train / count);
  if (contender == Contender::majority) return;
  const Sums& sums = sums_[index(contender)];
  recorder.value(r.iterations, sums.iterations / count);
  recorder.value(r.multiply_adds, sums.multiply_adds / count);
  recorder.value(r.parameters, sums.parameters / count);
  recorder.value(r.unfinished, sums.unfinished);
}

// Scores and truth of the rows that have been tested, for the class that is to be detected.
void SimpleLinearRun::gather(Contender contender) const {
  gathered_.clear();
  gathered_truth_.clear();
  for (std::size_t i = 0; i < y_.size(); ++i) {
    if (!scored_[i]) continue;
    const double score = scores_[index(contender)][i];
    const double other = gives_probability(contender) ? 1 - score : -score;
    gathered_.push_back(detect_plus_ ? score : other);
    gathered_truth_.push_back(detected_[i]);
  }
}

void SimpleLinearRun::record_scores(Recorder& recorder) {
  const SimpleLinearRecordings& r = simple_linear_recordings();
  for (const Contender contender : contenders_) {
    const ContenderRecordings& of = r.of[index(contender)];
    gather(contender);
    if (contender != Contender::majority) {
      recorder.value(of.auc, area_under_roc(gathered_, gathered_truth_));
    }
    if (!gives_probability(contender)) continue;
    recorder.value(of.log_loss, log_loss(gathered_, gathered_truth_));
    recorder.value(of.brier, brier_score(gathered_, gathered_truth_));
    if (contender != Contender::logistic) continue;
    const Confusion counts = confusion(gathered_, gathered_truth_, threshold_);
    recorder.value(r.recall, counts.recall());
    recorder.value(r.precision, counts.precision());
    recorder.value(r.specificity, counts.specificity());
    recorder.value(r.f1, counts.f1());
    recorder.value(r.missed, static_cast<double>(counts.false_negatives));
    recorder.value(r.false_alarms, static_cast<double>(counts.false_positives));
  }
}

void SimpleLinearRun::record_signs(Recorder& recorder) {
  if (bootstraps_ < kLeastBootstraps) return;
  const std::size_t p = data_.columns();
  const double count = static_cast<double>(bootstraps_);
  double unsure = 0;
  for (std::size_t j = 0; j < p; ++j) {
    double negative = 0;
    for (std::size_t k = 0; k < bootstraps_; ++k) negative += boot_[k * p + j] < 0 ? 1 : 0;
    unsure += negative > 0.025 * count && negative < 0.975 * count ? 1 : 0;
  }
  recorder.value(simple_linear_recordings().unsure_signs, unsure);
}

void SimpleLinearRun::observe_contenders(Recorder& recorder) const {
  const SimpleLinearRecordings& r = simple_linear_recordings();
  const std::span<const double> of_logistic =
      std::ranges::find(contenders_, Contender::logistic) != contenders_.end()
          ? accuracies(Contender::logistic)
          : std::span<const double>{};
  constexpr std::array<std::size_t, 1> kThree = {3};
  for (const Contender contender : contenders_) {
    const ContenderRecordings& of = r.of[index(contender)];
    const std::span<const double> test = accuracies(contender);
    if (test.empty()) continue;
    recorder.array(of.folds, std::array<std::size_t, 1>{test.size()}, test);
    const MeanAndInterval mean = resampled_mean(test, test_over_train());
    recorder.array(
        of.error, kThree,
        std::array<double, 3>{100 - mean.mean, std::max(0.0, 100 - mean.high), 100 - mean.low});
    const std::size_t pairs = std::min(test.size(), of_logistic.size());
    if (contender != Contender::logistic && pairs > 0) {
      std::vector<double> differences;
      for (std::size_t f = 0; f < pairs; ++f) differences.push_back(of_logistic[f] - test[f]);
      const MeanAndInterval difference = resampled_mean(differences, test_over_train());
      recorder.array(of.difference, kThree,
                     std::array<double, 3>{difference.mean, difference.low, difference.high});
    }
    gather(contender);
    std::vector<double> rows;
    for (const auto& [false_rate, true_rate] : roc_points(gathered_, gathered_truth_)) {
      rows.insert(rows.end(), {false_rate, true_rate});
    }
    if (!rows.empty() && contender != Contender::majority) {
      recorder.array(of.roc, std::array<std::size_t, 2>{rows.size() / 2, 2}, rows);
    }
    if (!gives_probability(contender) || contender == Contender::majority) continue;
    constexpr std::size_t kBins = 10;
    rows.clear();
    for (const ReliabilityBin& bin : reliability(gathered_, gathered_truth_, kBins)) {
      const auto [low, high] = wilson_interval(
          static_cast<std::size_t>(bin.observed * static_cast<double>(bin.count) + 0.5), bin.count);
      rows.insert(rows.end(), {bin.predicted, bin.observed, low, high});
    }
    if (!rows.empty()) {
      recorder.array(of.reliability, std::array<std::size_t, 2>{rows.size() / 4, 4}, rows);
    }
  }
}

void SimpleLinearRun::observe_sweeps(Recorder& recorder) const {
  const SimpleLinearRecordings& r = simple_linear_recordings();
  const auto curve = [&](std::size_t recording, const std::vector<double>& values, Unit::Kind kind,
                         std::size_t count, const auto& x_of) {
    if (values.empty()) return;
    std::vector<double> rows;
    for (std::size_t v = 0; v < count; ++v) {
      const std::size_t done = swept({kind, kind == Unit::Kind::depth ? 0 : v});
      if (done == 0) continue;
      const MeanAndInterval mean =
          resampled_mean({values.data() + v * fits(), done}, test_over_train());
      rows.insert(rows.end(), {x_of(v), mean.mean, mean.low, mean.high});
    }
    if (rows.empty()) return;
    recorder.array(recording, std::array<std::size_t, 2>{rows.size() / 4, 4}, rows);
  };
  const auto c_of = [](std::size_t v) { return kSweptC[v]; };
  curve(r.test_by_c, c_test_, Unit::Kind::c, kSweptC.size(), c_of);
  curve(r.train_by_c, c_train_, Unit::Kind::c, kSweptC.size(), c_of);
  curve(r.test_loss_by_c, c_test_loss_, Unit::Kind::c, kSweptC.size(), c_of);
  curve(r.train_loss_by_c, c_train_loss_, Unit::Kind::c, kSweptC.size(), c_of);
  curve(r.norm_by_c, c_norm_, Unit::Kind::c, kSweptC.size(), c_of);
  const auto depth_of = [](std::size_t v) { return static_cast<double>(v + 1); };
  curve(r.test_by_depth, depth_test_, Unit::Kind::depth, kSweptDepths, depth_of);
  curve(r.train_by_depth, depth_train_, Unit::Kind::depth, kSweptDepths, depth_of);
  const auto count_of = [&](std::size_t v) { return static_cast<double>(feature_counts_[v]); };
  curve(r.test_by_features, feature_test_, Unit::Kind::features, feature_counts_.size(), count_of);
  curve(r.train_by_features, feature_train_, Unit::Kind::features, feature_counts_.size(),
        count_of);
}

void SimpleLinearRun::observe_thresholds(Recorder& recorder) const {
  const SimpleLinearRecordings& r = simple_linear_recordings();
  if (std::ranges::find(contenders_, Contender::logistic) == contenders_.end()) return;
  gather(Contender::logistic);
  if (gathered_.empty()) return;
  std::vector<double> recall, precision, specificity;
  for (int k = 0; k <= 100; ++k) {
    const double threshold = k / 100.0;
    const Confusion counts = confusion(gathered_, gathered_truth_, threshold);
    recall.insert(recall.end(), {threshold, counts.recall()});
    precision.insert(precision.end(), {threshold, counts.precision()});
    specificity.insert(specificity.end(), {threshold, counts.specificity()});
  }
  constexpr std::array<std::size_t, 2> kShape = {101, 2};
  recorder.array(r.recall_by_threshold, kShape, recall);
  recorder.array(r.precision_by_threshold, kShape, precision);
  recorder.array(r.specificity_by_threshold, kShape, specificity);
}

void SimpleLinearRun::observe_coefficients(Recorder& recorder) const {
  const std::size_t p = data_.columns();
  const std::span<const double> weights = whole_logistic_.weights();
  const std::size_t before = whole_units_ + cross_units();
  const std::size_t drawn = unit_ > before ? unit_ - before : 0;
  std::vector<std::size_t> order(p);
  for (std::size_t j = 0; j < p; ++j) order[j] = j;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(weights[a]) > std::abs(weights[b]);
  });
  std::vector<double> rows, values(drawn);
  for (const std::size_t j : order) {
    double low = weights[j], high = weights[j];
    if (drawn >= kLeastBootstraps) {
      for (std::size_t k = 0; k < drawn; ++k) values[k] = boot_[k * p + j];
      std::stable_sort(values.begin(), values.end());
      const auto cut = static_cast<std::size_t>(0.025 * static_cast<double>(drawn));
      low = values[cut];
      high = values[drawn - 1 - cut];
    }
    rows.insert(rows.end(), {static_cast<double>(j), weights[j], low, high});
  }
  recorder.array(simple_linear_recordings().coefficients, std::array<std::size_t, 2>{p, 4}, rows);
}

void SimpleLinearRun::observe_tree(Recorder& recorder) const {
  std::vector<double> rows;
  for (const TreeNode& node : whole_tree_.nodes()) {
    rows.insert(rows.end(),
                {node.leaf() ? -1 : static_cast<double>(node.feature), node.threshold,
                 static_cast<double>(node.left), static_cast<double>(node.right),
                 static_cast<double>(node.counts[0]), static_cast<double>(node.counts[1])});
  }
  recorder.array(simple_linear_recordings().tree_nodes,
                 std::array<std::size_t, 2>{whole_tree_.nodes().size(), 6}, rows);
}

void SimpleLinearRun::observe_map(Recorder& recorder) const {
  const SimpleLinearRecordings& r = simple_linear_recordings();
  const std::size_t n = data_.rows();
  std::array<double, 4> extent = {map_[0], map_[0], map_[1], map_[1]};
  std::vector<double> points;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = map_[2 * i], y = map_[2 * i + 1];
    extent = {std::min(extent[0], x), std::max(extent[1], x), std::min(extent[2], y),
              std::max(extent[3], y)};
    points.insert(points.end(), {x, y, static_cast<double>(classes_[i])});
  }
  // Both axes have the same unit, and a figure is wider than high: the field is to fill it.
  constexpr double kRoom = 1.08, kAspect = 1.7;
  const double width = extent[1] - extent[0], height = extent[3] - extent[2];
  const double high = kRoom * std::max({height, width / kAspect, 1e-3});
  const std::array<double, 2> sides = {kAspect * high, high};
  for (const std::size_t axis : {0u, 1u}) {
    const double middle = (extent[2 * axis] + extent[2 * axis + 1]) / 2;
    extent[2 * axis] = middle - sides[axis] / 2;
    extent[2 * axis + 1] = middle + sides[axis] / 2;
  }
  std::vector<double> field;
  const auto centre = [&](std::size_t axis, std::size_t cell, std::size_t cells) {
    const double share = (static_cast<double>(cell) + 0.5) / static_cast<double>(cells);
    return extent[axis] + share * (extent[axis + 1] - extent[axis]);
  };
  for (std::size_t row = 0; row < kMapRows; ++row) {
    for (std::size_t column = 0; column < kMapColumns; ++column) {
      const std::array<double, 2> at = {centre(0, column, kMapColumns), centre(2, row, kMapRows)};
      field.push_back(map_score(at));
    }
  }
  recorder.array(r.map_points, std::array<std::size_t, 2>{n, 3}, points);
  recorder.array(r.map_field, std::array<std::size_t, 2>{kMapRows, kMapColumns}, field);
  recorder.array(r.map_extent, std::array<std::size_t, 1>{4}, extent);
  const std::array<std::string, 2> axes = {data_.feature_names[map_features_[0]],
                                           data_.feature_names[map_features_[1]]};
  recorder.labels(r.map_axes, axes);
}

// --- [SECTION] state
// --------------------------------------------------------------------------------

void SimpleLinearRun::save(ByteWriter& writer) const {
  writer.u64(unit_);
  for (const Contender contender : contenders_) {
    const std::size_t k = index(contender);
    writer.f64s(test_[k]);
    writer.f64s(train_[k]);
    writer.f64s(scores_[k]);
    writer.f64(sums_[k].iterations);
    writer.f64(sums_[k].multiply_adds);
    writer.f64(sums_[k].parameters);
    writer.f64(sums_[k].unfinished);
  }
  for (const std::uint8_t scored : scored_) writer.u8(scored);
  for (const auto* values :
       {&c_test_, &c_train_, &c_test_loss_, &c_train_loss_, &c_norm_, &depth_test_, &depth_train_,
        &feature_test_, &feature_train_, &boot_}) {
    writer.f64s(*values);
  }
  models_->save(writer);
}

void SimpleLinearRun::restore(ByteReader& reader) {
  unit_ = reader.u64();
  if (unit_ > all_units()) reader.fail("a step beyond the end", "at most all fits");
  for (const Contender contender : contenders_) {
    const std::size_t k = index(contender);
    reader.f64s(std::span(test_[k]));
    reader.f64s(std::span(train_[k]));
    reader.f64s(std::span(scores_[k]));
    sums_[k].iterations = reader.f64();
    sums_[k].multiply_adds = reader.f64();
    sums_[k].parameters = reader.f64();
    sums_[k].unfinished = reader.f64();
  }
  for (std::uint8_t& scored : scored_) scored = reader.u8();
  for (auto* values : {&c_test_, &c_train_, &c_test_loss_, &c_train_loss_, &c_norm_, &depth_test_,
                       &depth_train_, &feature_test_, &feature_train_, &boot_}) {
    reader.f64s(std::span(*values));
  }
  for (std::size_t unit = 0; unit < std::min(unit_, whole_units_); ++unit) fit_whole(unit);
  prepared_ = kNone;
  const bool in_folds = unit_ >= whole_units_ && unit_ < whole_units_ + cross_units();
  if (in_folds) prepare_fold((unit_ - whole_units_) / units_.size());
  models_->restore(reader, in_folds ? &*fold_ : nullptr);
}

}  // namespace

// --- [SECTION] fields
// -------------------------------------------------------------------------------

std::vector<Field> simple_linear_fields() {
  std::vector<Field> fields = two_class_source_fields("wdbc");
  const auto flag = [&](std::string name, bool value, std::string help, std::string group,
                        bool advanced = false) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::flag,
                      .value = value,
                      .help = std::move(help),
                      .group = std::move(group),
                      .advanced = advanced});
  };
  const auto real = [&](std::string name, double value, double min, double max, std::string help,
                        std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::real,
                      .value = value,
                      .min = min,
                      .max = max,
                      .log_scale = true,
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  const auto integer = [&](std::string name, std::int64_t value, double min, double max,
                           std::string unit, std::string help, std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::integer,
                      .value = value,
                      .min = min,
                      .max = max,
                      .unit = std::move(unit),
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  const auto text = [&](std::string name, std::string help, std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::text,
                      .value = std::string(),
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  const auto choice = [&](std::string name, std::string value, std::vector<Choice> choices,
                          std::string help, std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::choice,
                      .value = std::move(value),
                      .choices = std::move(choices),
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  text("only_features", "names or numbers of the features to use, between commas; empty = all",
       "data");
  real("C", 1, 1e-4, 1e6, "logistic regression: weight of the loss against the ridge", "models");
  integer("depth", 0, 0, 30, "", "of the tree at the most; 0 = until its leaves are pure",
          "models");
  choice("criterion", "gini", {{"gini", "2 p (1 - p)"}, {"entropy", "in bits"}},
         "impurity that a split of the tree lowers", "models");
  integer("leaf_samples", 1, 1, 100, "samples", "least size of a leaf of the tree", "models");
  real("svm_C", 1, 1e-3, 1e3, "both SVMs: weight of the hinge losses", "models");
  real("kernel_gamma", 1, 1e-3, 1e3, "RBF kernel: gamma in units of 1 / (p var X)", "models");
  integer("max_updates", 500, 1, 1e6, "updates", "perceptron and normalised LR+GD stop there",
          "models");
  real("gamma", 1, 1e-3, 1e12, "step size of normalised LR+GD", "models");
  for (const Contender contender : kAllContenders) {
    if (contender == Contender::majority) continue;
    flag(std::string(name(contender)), true, "fit " + std::string(label(contender)), "models");
  }
  choice("scaler", "inside",
         {{"inside", "mean 0, deviation 1 by the training part of each fold"},
          {"leak", "by all samples, the test part among them: bad practice"},
          {"none", "features as they are"}},
         "what the features are scaled by", "protocol");
  integer("folds", 10, 2, 50, "folds", "parts of the cross-validation, each class in proportion",
          "protocol");
  integer("repeats", 2, 1, 50, "shuffles", "how often the folds are dealt anew", "protocol");
  flag("c_sweep", true, "logistic regression at eight values of C in every fold", "protocol");
  flag("depth_sweep", true, "trees of depth 1 to 10 in every fold", "protocol");
  flag("feature_sweep", true, "logistic regression on its strongest features in every fold",
       "protocol");
  flag("whole", true, "coefficients, tree and map, fitted to all samples", "all samples");
  integer("bootstraps", 100, 0, 2000, "resamples", "for the whiskers of the coefficients",
          "all samples");
  choice("map_model", "logistic",
         {{"logistic", "logistic regression"},
          {"tree", "decision tree"},
          {"linear_svm", "linear SVM"},
          {"rbf_svm", "RBF SVM"}},
         "whose decisions the map shows", "all samples");
  text("map_x", "feature along the map; empty = worst radius, or the first", "all samples");
  text("map_y", "feature up the map; empty = worst smoothness, or the second", "all samples");
  choice("detect", "minus",
         {{"minus", "the class y = -1 (malignant)"}, {"plus", "the class y = +1 (benign)"}},
         "which class recall, precision, ROC and threshold speak of", "decision");
  fields.push_back({.name = "threshold",
                    .type = FieldType::real,
                    .value = 0.5,
                    .min = 0,
                    .max = 1,
                    .step = 0.01,
                    .help = "probability of the detected class from which it is said",
                    .group = "decision",
                    .live = true});
  return fields;
}

std::unique_ptr<Run> simple_linear_run(const Config& config, const RunContext& context) {
  return std::make_unique<SimpleLinearRun>(config, context);
}

}  // namespace lab::separable
