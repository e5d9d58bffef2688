// The samples of tests/reference/tester-learner-halfspaces/make_vector.py, and the four of vector
// V2.
#pragma once

#include <array>
#include <cstdint>

#include "method/separable/ramp_loss.h"

namespace lab::separable::test {

// 600 samples; d: the first so many of their four features.
inline HalfspaceSample reference_sample(std::size_t d) {
  constexpr std::size_t kCount = 600, kFeatures = 4;
  HalfspaceSample sample(kCount, d);
  std::uint64_t state = 12345;
  const auto uniform = [&] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 40) / 16777216.0;
  };
  for (std::size_t i = 0; i < kCount; ++i) {
    std::array<double, kFeatures> x;
    for (double& value : x) value = 3.4 * uniform() - 1.7;
    const bool flip = uniform() < 0.1;
    sample.labels[i] = (x[0] + 0.25 * x[1] > 0) != flip ? 1 : -1;
    for (std::size_t j = 0; j < d; ++j) sample.columns(j, i) = x[j];
  }
  return sample;
}

inline constexpr std::array<double, 4> kReferenceDirection = {0.8, 0.36, -0.48, 0};

inline HalfspaceSample four_samples() {
  HalfspaceSample sample(4, 2);
  constexpr double kRows[4][2] = {{0.1, 0.5}, {-0.05, 0.4}, {0.2, -0.3}, {0.02, -0.8}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 2; ++j) sample.columns(j, i) = kRows[i][j];
    sample.labels[i] = i < 2 ? 1 : -1;
  }
  return sample;
}

}  // namespace lab::separable::test
