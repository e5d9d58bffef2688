#include "experiment/registry.h"

#include <vector>

// The list: one line for each experiment. NAME stands for a function `Experiment NAME()` in
// experiment/<family>/NAME.cpp.
#define LAB_EXPERIMENTS(ADD)          \
  ADD(lr_gd_perceptron)               \
  ADD(lr_gd_cycles)                   \
  ADD(lr_gd_step_size_map)            \
  ADD(simple_linear_wdbc)             \
  ADD(block_coordinate_descent)       \
  ADD(presto_rare_events)             \
  ADD(tester_learner_halfspaces)      \
  ADD(language_models)                \
  ADD(dynamic_logit_fusion)           \
  ADD(qalign)                         \
  ADD(best_of_majority)               \
  ADD(transfer_q_star)                \
  ADD(rps_directional_consensus)      \
  ADD(transforming_combining_rewards)

namespace lab {

#define LAB_DECLARE(name) Experiment name();
LAB_EXPERIMENTS(LAB_DECLARE)
#undef LAB_DECLARE

std::span<const Experiment> experiments() {
#define LAB_MAKE(name) name(),
  static const std::vector<Experiment> all = {LAB_EXPERIMENTS(LAB_MAKE)};
#undef LAB_MAKE
  return all;
}

const Experiment& find_experiment(std::string_view id, std::string_view source) {
  static const FindExperiment find = find_in(experiments());
  return find(id, source);
}

}  // namespace lab
