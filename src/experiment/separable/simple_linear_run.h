// One repeated cross-validation of the models, fit by fit.
#pragma once

#include <memory>
#include <vector>

#include "experiment/config.h"
#include "experiment/run.h"
#include "experiment/schema.h"

namespace lab::separable {

std::vector<Field> simple_linear_fields();

// A step is one fit: first those on all samples, then in each fold of each repeat every model,
// every C, the tree and every number of features that are swept, and at last the bootstrap.
// (Perceptrons that need more than 100 updates take more steps.) Errors: bad data, unknown
// features, no model.
std::unique_ptr<Run> simple_linear_run(const Config& config, const RunContext& context);

}  // namespace lab::separable
