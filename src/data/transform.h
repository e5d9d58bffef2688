// What is done to features before a method sees them: shifted and scaled, fitted on one part of the
// data and applied to another; and which rows and classes are taken.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/tensor.h"
#include "data/dataset.h"

namespace lab {

// x -> (x - offset) / scale, for each of d features.
struct Scaling {
  std::vector<double> offset;
  std::vector<double> scale;          // positive
  std::vector<std::size_t> constant;  // features of one single value, ascending: they become 0
};

// To mean 0 and standard deviation 1 (of the population: divided by n). Features of one single
// value get the scale 1 and are listed. n, d >= 1. Error: a feature whose spread is not finite.
Scaling fit_standardise(const Matrix& features);

// To the range 0 to 1. The same holds.
Scaling fit_min_max(const Matrix& features);

// Applies a scaling to as many columns as it was fitted on (asserted).
void apply_scaling(const Scaling& scaling, Matrix& features);

// The dataset with its features scaled; `what` names it in the recipe ("standardised"), which also
// says which features are constant.
Dataset scaled(Dataset dataset, const Scaling& scaling, std::string what);

// Fitted on the data itself.
Dataset standardised(Dataset dataset);
Dataset min_max_scaled(Dataset dataset);

// Every feature divided by one number: pixels / 16. Error: 0 or not finite.
Dataset divided_by(Dataset dataset, double divisor);

// The rows with these indices (asserted to exist), in this order.
Dataset select_rows(const Dataset& dataset, std::span<const std::size_t> rows);

// The rows of these classes (names), in their order in the data. The first named class becomes
// class 0 and so on. Errors: a name that is no class, or named twice; no rows are left.
Dataset select_classes(const Dataset& dataset, std::span<const std::string> names);

}  // namespace lab
