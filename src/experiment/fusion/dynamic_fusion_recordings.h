// What does a run of dynamic logit fusion record? arXiv:2406.15480.
#pragma once

#include <array>
#include <cstddef>

#include "experiment/fusion/logit_mixer.h"
#include "experiment/recording_list.h"

namespace lab::fusion {

// Positions in the list of recordings.
struct MethodRecordings {
  std::size_t nll, alpha;  // series; alpha of fusions that choose it token by token
  std::size_t accuracy, excess, gap_closed, score_ratio;
  std::size_t at_bound, agreement;  // of those that search; agreement: a series
  std::size_t place;                // on the curve of the objective
};

struct Recordings : RecordingList {
  std::array<MethodRecordings, kMethods> of;
  std::size_t low, high, chance, chosen_constant;
  std::size_t mix_alpha_2, mix_objective;
  std::size_t tokens, next_mix, next_expert, next_expert_2, parts, part_names;
  std::size_t forward, forward_target, forward_place, reverse, reverse_target, reverse_place;
  std::size_t objective, alphas;
  std::size_t text, shift, mover;

  Recordings();
};

const Recordings& recordings();

// Those whose coefficient is another one for each token.
constexpr bool varies(Method method) {
  return method == Method::dynamic || method == Method::exact || method == Method::joint ||
         method == Method::oracle || method == Method::mix;
}
// Those that minimise the paper's objective.
constexpr bool searches(Method method) {
  return method == Method::dynamic || method == Method::exact || method == Method::joint;
}

}  // namespace lab::fusion
