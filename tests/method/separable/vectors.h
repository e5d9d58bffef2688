// The small sets of sheet 06 (Tyurin, arXiv:2412.08424), as signed samples z_i.
#pragma once

#include <vector>

#include "method/separable/signed_samples.h"

namespace lab::separable::test {

inline SignedSamples samples(const std::vector<std::vector<double>>& rows) {
  Matrix z = Matrix::from_shape({rows.size(), rows.front().size()});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) z(i, j) = rows[i][j];
  }
  return signed_samples(std::move(z));
}

// V2.
inline SignedSamples four_points() {
  return samples({{1, -0.3}, {-0.7, 0.9}, {0.2, 0.4}, {1.3, -1.1}});
}

// Theorem 5.1: one sample (0.5, -1), and n - 1 samples (0.5, 1).
inline SignedSamples worst_case(std::size_t n) {
  std::vector<std::vector<double>> rows(n, {0.5, 1});
  rows[0][1] = -1;
  return samples(rows);
}

}  // namespace lab::separable::test
