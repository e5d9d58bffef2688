// What the files of the experiment simple-linear-wdbc share: its recordings, its claims and
// explanations. Arshad, Shahriar and Anjum, "The Power of Simplicity", arXiv:2306.02449.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiment/claim.h"
#include "experiment/recording_list.h"
#include "experiment/separable/contenders.h"

namespace lab::separable {

// Not every model has every recording.
inline constexpr std::size_t kNoRecording = SIZE_MAX;

struct ContenderRecordings {
  std::size_t running_accuracy = kNoRecording;  // series
  // Values, in % where they are shares.
  std::size_t accuracy = kNoRecording, deviation = kNoRecording, train_accuracy = kNoRecording;
  std::size_t iterations = kNoRecording, multiply_adds = kNoRecording, parameters = kNoRecording;
  std::size_t unfinished = kNoRecording, auc = kNoRecording, log_loss = kNoRecording;
  std::size_t brier = kNoRecording, paper_error = kNoRecording;
  // Arrays.
  std::size_t folds = kNoRecording, error = kNoRecording, difference = kNoRecording;
  std::size_t roc = kNoRecording, reliability = kNoRecording;
};

struct SimpleLinearRecordings : RecordingList {
  std::array<ContenderRecordings, kContenders> of;
  std::size_t samples, features, positives, baseline;
  std::size_t whole_objective, whole_bias, whole_norm, whole_accuracy;
  std::size_t recall, precision, specificity, f1, missed, false_alarms;
  std::size_t unsure_signs, greatest_correlation;
  std::size_t feature_names, class_names;
  std::size_t coefficients, tree_nodes;
  std::size_t map_points, map_axes, map_field, map_extent;
  std::size_t test_by_c, train_by_c, test_loss_by_c, train_loss_by_c, norm_by_c;
  std::size_t test_by_depth, train_by_depth, test_by_features, train_by_features;
  std::size_t diagonal;
  std::size_t recall_by_threshold, precision_by_threshold, specificity_by_threshold;

  SimpleLinearRecordings();
};

const SimpleLinearRecordings& simple_linear_recordings();

// The values of C and the depths that are swept.
inline constexpr std::array<double, 8> kSweptC = {1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4};
inline constexpr std::size_t kSweptDepths = 10;  // 1 .. 10

std::vector<Claim> simple_linear_claims();

// What a run knows when it explains.
struct SimpleLinearState {
  const Recorder* recorder = nullptr;
  std::vector<Contender> contenders;
  // Test accuracies in % of each contender, fit by fit; the same place is the same fold.
  std::array<std::span<const double>, kContenders> test;
  double test_over_train = 0;
  std::size_t folds = 0;
  Scaler scaler = Scaler::inside;
  bool breast_cancer = false;  // the data of the paper
  double threshold = 0.5;
  std::string detected;         // the class that recall speaks of
  std::string most_correlated;  // two features, named
  std::array<double, kSweptC.size()> train_loss_by_c = {}, norm_by_c = {};  // 0: not yet
  std::uint64_t updates = 0;  // limit of the perceptrons
};

std::vector<Explanation> simple_linear_explanations(const SimpleLinearState& state);

}  // namespace lab::separable
