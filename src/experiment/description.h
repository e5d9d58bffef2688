// An experiment's description as JSON and back: what a front end that holds no experiments (the page, an
// embedded figure, a notebook) knows of one.
#pragma once

#include <string_view>

#include "core/json_fwd.h"
#include "experiment/experiment.h"

namespace lab {

nlohmann::json figure_json(const Figure& figure);

// The inverse of description_json: an experiment that can be shown and asked for, but not run (`make` and
// the claims' `measure` are empty). Error: a key that is missing or of another type; `source` names the
// document.
Experiment experiment_from_json(const nlohmann::json& json, std::string_view source);

}  // namespace lab
