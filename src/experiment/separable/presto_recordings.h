// What does a run of PRESTO record? G. Faletto and J. Bien, arXiv:2305.18700.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "experiment/recording_list.h"
#include "experiment/separable/rare_contest.h"

namespace lab::rare {

inline constexpr std::size_t kMostBoundaries = kMostClasses - 1;

// Positions in the list of recordings.
struct MethodRecordings {
  std::size_t mse;  // series
  std::size_t rare_mse, rare_brier, auc, mean, crossed;
  std::size_t reliability, sweep;
  std::array<std::size_t, kMostBoundaries> boundaries;
  // Of the two paths only.
  std::size_t lambda, objective, differences;  // series
  std::size_t chosen_lambda, chosen_index, violation;
  std::size_t validation, chosen_mark;
};

struct Recordings : RecordingList {
  std::array<MethodRecordings, kMethods> of;
  std::array<std::size_t, kMostBoundaries> truth, psi;
  std::size_t samples, features, classes, rare_count, rare_share, true_differences;
  std::size_t found, missed, false_alarms;
  std::size_t points, estimates, diagonal, perfect;

  Recordings();
};

const Recordings& recordings();

}  // namespace lab::rare
