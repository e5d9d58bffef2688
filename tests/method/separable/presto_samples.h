// Small ordered samples for the tests of the cumulative logit model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "method/separable/cumulative_logit.h"

namespace presto_test {

// Reference vectors V1 and V2 [derived]: four samples of the classes 1, 2, 3, 2.
inline constexpr std::array<std::array<double, 2>, 4> kRows = {
    {{0.5, -1}, {1, 0}, {-0.5, 0.5}, {0, 1}}};
inline constexpr std::array<int, 4> kClasses = {0, 1, 2, 1};

inline lab::separable::OrderedSamples four_samples() {
  constexpr std::array<std::size_t, 4> kAll = {0, 1, 2, 3};
  return lab::separable::ordered_samples({kRows.data()->data(), 4, 2}, kClasses, kAll, 3, false);
}

// Normal features with a little signal: those of class c are shifted by c / 2.
inline lab::separable::OrderedSamples random_samples(std::size_t n, std::size_t p,
                                                     const std::vector<std::size_t>& counts,
                                                     std::uint64_t seed) {
  lab::Stream stream(seed, "test/ordered");
  std::vector<double> features;
  std::vector<int> labels;
  std::vector<std::size_t> rows;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    for (std::size_t i = 0; i < counts[c]; ++i) {
      rows.push_back(labels.size());
      labels.push_back(static_cast<int>(c));
      for (std::size_t j = 0; j < p; ++j) {
        const double noise = stream.normal();
        features.push_back(noise + (j % 2 == 0 ? 0.5 : -0.2) * static_cast<double>(c));
      }
    }
  }
  return lab::separable::ordered_samples({features.data(), n, p}, labels, rows, counts.size());
}

}  // namespace presto_test
