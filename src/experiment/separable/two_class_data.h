// Which two-class data do the experiments of this family learn from? The same fields for all of
// them: where the data come from, which classes, how many, and what is done to them first.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "experiment/config.h"
#include "experiment/run.h"
#include "experiment/schema.h"

namespace lab {

// The fields: data, positive_class, negative_class, samples, features, half_gap, noise, fraction,
// label_noise, jitter, scaling, bias.
std::vector<Field> two_class_fields();

// Those of them that say where the data come from: data (with this default), positive_class,
// negative_class, samples, features, half_gap, noise, fraction, label_noise. For experiments that
// scale by themselves, with sets that have samples of both classes only.
std::vector<Field> two_class_source_fields(std::string data);

// Makes or loads what these fields ask for, as it is in its source; class 1 is y = +1. Errors:
// those of two_class_data; a class without two samples.
Dataset two_class_source(const Config& config, const RunContext& context);

struct TwoClassData {
  Dataset dataset;    // class 1 is y = +1, class 0 is y = -1
  bool bias = false;  // whether the model should have one
};

// Makes or loads what the config asks for, deterministic in config and seed. Errors: data that
// cannot be had or read, that have no two classes, or a class that is not there.
TwoClassData two_class_data(const Config& config, const RunContext& context);

}  // namespace lab
