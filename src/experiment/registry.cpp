#include "experiment/registry.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/names.h"

// The list: one line for each experiment. NAME stands for a function `Experiment NAME()` in
// experiment/<family>/NAME.cpp.
#define LAB_EXPERIMENTS(ADD)    \
  ADD(lr_gd_perceptron)         \
  ADD(lr_gd_cycles)             \
  ADD(lr_gd_step_size_map)      \
  ADD(simple_linear_wdbc)       \
  ADD(block_coordinate_descent) \
  ADD(presto_rare_events)       \
  ADD(tester_learner_halfspaces)

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

const Experiment& find_experiment(std::string_view id) {
  const auto found = std::ranges::find(experiments(), id, &Experiment::id);
  if (found != experiments().end()) return *found;
  std::vector<std::string> ids;
  for (const Experiment& experiment : experiments()) ids.push_back(experiment.id);
  throw Error("there is no experiment '" + std::string(id) + "'", "", expected_name(id, ids));
}

}  // namespace lab
