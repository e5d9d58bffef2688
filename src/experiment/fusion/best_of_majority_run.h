// Runs of Best-of-Majority: a step is one question, sampled and answered by every rule.
// arXiv:2510.03199.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "experiment/claim.h"
#include "experiment/field_list.h"
#include "experiment/recording_list.h"
#include "experiment/run.h"
#include "method/fusion/answer_selection.h"

namespace lab::fusion {

// The rules, and whether the best answer was sampled at all.
inline constexpr std::size_t kContenders = kSelectionRules + 1;
inline constexpr std::size_t kCoverage = kSelectionRules;
inline constexpr std::array<std::string_view, kContenders> kContenderNames = {
    "majority", "weighted", "best_of_n", "soft", "best_of_majority", "oracle"};
inline constexpr std::array<std::string_view, kContenders> kContenderLabels = {
    "majority",       "weighted majority", "best-of-n",
    "soft best-of-n", "best-of-majority",  "oracle: sampled at all"};

// Where curves over the number of samples have their points, up to the config's `samples`.
inline constexpr std::array<std::size_t, 11> kSampleCounts = {1,   2,   5,   10,   20,  50,
                                                              100, 200, 500, 1000, 2000};

struct ContenderRecordings {
  std::size_t rate;  // series
  std::size_t pass, regret;
  std::size_t pass_curve, regret_curve;
};

struct MajorityRecordings : RecordingList {
  std::array<ContenderRecordings, kContenders> of;
  std::size_t exact, bound, bound_value;
  std::size_t eps_reward, eps_best, coverage, needed;
  std::size_t names, frequency, rewards;

  MajorityRecordings();
};

const MajorityRecordings& majority_recordings();

void add_majority_fields(FieldList& fields);
std::unique_ptr<Run> best_of_majority_run(const Config& config, const RunContext& context);
std::vector<Claim> best_of_majority_claims();

}  // namespace lab::fusion
