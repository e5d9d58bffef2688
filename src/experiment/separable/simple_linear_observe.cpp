// What a run records of its fits: at every step, and when somebody looks.
#include <algorithm>
#include <cmath>

#include "experiment/separable/simple_linear.h"
#include "experiment/separable/simple_linear_run.h"
#include "method/separable/classification_metrics.h"
#include "method/statistics.h"

namespace lab::separable {
namespace {

constexpr std::size_t kMapRows = 36, kMapColumns = 72;
constexpr std::size_t kLeastBootstraps = 20;  // fewer give no interval

}  // namespace

void SimpleLinearRun::observe(Recorder& recorder) const {
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
  }
}

// Anew at every step, since the threshold may be another one after a fork.
void SimpleLinearRun::record_threshold(Recorder& recorder) {
  if (std::ranges::find(contenders_, Contender::logistic) == contenders_.end()) return;
  const SimpleLinearRecordings& r = simple_linear_recordings();
  gather(Contender::logistic);
  if (gathered_.empty()) return;
  const Confusion counts = confusion(gathered_, gathered_truth_, threshold_);
  recorder.value(r.recall, counts.recall());
  recorder.value(r.precision, counts.precision());
  recorder.value(r.specificity, counts.specificity());
  recorder.value(r.f1, counts.f1());
  recorder.value(r.missed, static_cast<double>(counts.false_negatives));
  recorder.value(r.false_alarms, static_cast<double>(counts.false_positives));
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
  constexpr double kRoom = 1.08, kAspect = 2.0;
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

}  // namespace lab::separable
