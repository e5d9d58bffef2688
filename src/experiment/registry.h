// Which experiments are there? An explicit list, in registry.cpp: one line each.
#pragma once

#include <span>
#include <string_view>

#include "experiment/experiment.h"

namespace lab {

std::span<const Experiment> experiments();

// find_in(experiments()).
const Experiment& find_experiment(std::string_view id, std::string_view source = "");

}  // namespace lab
