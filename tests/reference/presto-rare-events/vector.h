// Made by make_vector.py, in 30 digits.
#pragma once

#include <array>

namespace reference::presto {

// alpha_1, alpha_2, then psi of feature 1 and 2 of the first boundary, and of the second.
inline constexpr double kLoss = 1.1419041685048569;
inline constexpr std::array<double, 6> kGradient = {0.40304743313952483, -0.26890231121809535, -0.076639557451055405, 0.21859302807605817, -0.32134252259001106, -0.11321524792060492};
inline constexpr std::array<double, 6> kMinimum = {-1.1318564957227533, 2.4449052437156473, 0, -1.8866433495194514, 3.8546226970111733, 0};
inline constexpr double kObjective = 0.71170569210022547;

}  // namespace reference::presto
