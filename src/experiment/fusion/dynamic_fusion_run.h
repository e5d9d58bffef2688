// Runs of dynamic logit fusion: a step is one token of a text. arXiv:2406.15480.
#pragma once

#include <memory>
#include <vector>

#include "experiment/claim.h"
#include "experiment/field_list.h"
#include "experiment/run.h"
#include "method/fusion/logit_fusion.h"

namespace lab::fusion {

// The fields after those of the problem: the search, the mix and the text.
void add_mixer_fields(FieldList& fields);

AlphaGrid grid_of(const Config& config);
Objective objective_of(const Config& config);

std::unique_ptr<Run> dynamic_fusion_run(const Config& config, const RunContext& context);

std::vector<Claim> dynamic_fusion_claims();

}  // namespace lab::fusion
