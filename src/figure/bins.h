// How are numbers sorted into the bins of a histogram?
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "figure/scale.h"

namespace lab {

// Edges of bins of equal width (in the logarithm, if log) over all samples, or over `range`: as
// many as the Freedman-Diaconis rule asks for, between 8 and 60. At least 2 edges, rising.
std::vector<double> bin_edges(std::span<const std::vector<double>> samples, bool log,
                              const std::optional<Range>& range);

// The share of the values in each bin [edge, next edge); the last bin has its right edge too.
std::vector<double> bin_shares(std::span<const double> values, std::span<const double> edges);

}  // namespace lab
