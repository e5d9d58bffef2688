#include "method/statistics.h"

#include <array>
#include <cassert>
#include <cmath>

namespace lab {

double student_t_975(std::size_t degrees) {
  assert(degrees >= 1);
  constexpr std::array<double, 30> kT = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                         2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                         2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                         2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
  if (degrees <= kT.size()) return kT[degrees - 1];
  return 1.96 + 2.4 / static_cast<double>(degrees);
}

MeanAndInterval resampled_mean(std::span<const double> scores, double test_over_train) {
  assert(!scores.empty());
  const auto count = static_cast<double>(scores.size());
  double sum = 0;
  for (const double score : scores) sum += score;
  const double mean = sum / count;
  if (scores.size() == 1) return {mean, mean, mean, 0};
  double squares = 0;
  for (const double score : scores) squares += (score - mean) * (score - mean);
  const double variance = squares / (count - 1);
  const double half =
      student_t_975(scores.size() - 1) * std::sqrt((1 / count + test_over_train) * variance);
  return {mean, mean - half, mean + half, std::sqrt(variance)};
}

}  // namespace lab
