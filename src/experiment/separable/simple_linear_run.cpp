// What is fitted, in which order, and how a run is kept and taken up again. [SECTION] marks:
// settings, run, fits on all samples, cross-validation, bootstrap, state.
#include "experiment/separable/simple_linear_run.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "core/names.h"
#include "core/numerics.h"
#include "data/split.h"
#include "data/text.h"
#include "experiment/separable/simple_linear.h"
#include "experiment/separable/two_class_data.h"

namespace lab::separable {
namespace {

constexpr std::size_t kMostSamples = 3000;  // the RBF kernel keeps n^2 numbers
constexpr std::array<std::size_t, 8> kFeatureCounts = {1, 2, 3, 5, 8, 12, 20, 30};

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
  settings.c = config.real("c");
  settings.svm_c = config.real("svm_c");
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

}  // namespace

// --- [SECTION] run
// ----------------------------------------------------------------------------------

SimpleLinearRun::SimpleLinearRun(const Config& config, const RunContext& context)
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

void SimpleLinearRun::begin(Recorder& recorder) {
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

bool SimpleLinearRun::step(Recorder& recorder) {
  if (unit_ < whole_units_) {
    fit_whole(unit_);
    if (unit_ == 0) record_whole(recorder);
  } else if (unit_ < whole_units_ + cross_units()) {
    if (!cross_validate(recorder)) return true;
  } else {
    bootstrap(unit_ - whole_units_ - cross_units());
    if (unit_ + 1 == all_units()) record_signs(recorder);
  }
  record_threshold(recorder);
  ++unit_;
  return unit_ < all_units();
}

std::vector<Explanation> SimpleLinearRun::explain(const Recorder& recorder) const {
  SimpleLinearState state;
  state.recorder = &recorder;
  state.contenders = contenders_;
  for (const Contender contender : contenders_) {
    state.test[index(contender)] = accuracies(contender);
  }
  state.test_over_train = test_over_train();
  state.folds = folds_;
  state.scaler = scaler_;
  state.breast_cancer = is_papers_data_;
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

}  // namespace lab::separable
