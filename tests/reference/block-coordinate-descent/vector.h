// Made by make_vector.py, in 50 digits.
#pragma once

#include <array>
#include <cstdint>

namespace reference {

inline constexpr std::array<double, 3> kX = {0.1, -0.2, 0.3};
inline constexpr double kValue = 3.014074053866607;
inline constexpr std::array<double, 3> kGradient = {-0.9165240955092687, -1.502293867450177, 0.7200146426776579};
inline constexpr std::array<double, 3> kLipschitz = {2.85, 1.6, 1.6};
inline constexpr std::array<double, 3> kRowSums = {4.35, 2.60, 3.60};

struct Row {
  std::array<std::uint32_t, 2> block;
  double squares, lipschitz, gsl, gsd, gsd_rows, gsq, after_gradient, after_matrix;
};
inline constexpr std::array<Row, 3> kRows = {{
    {{0, 1}, 3.096903281827492, 2.898145600891813, 1.068580985328866, 1.705296892795394, 1.061140631747453, 1.575922082739311, 2.314359591290364, 2.165926102747061},
    {{0, 2}, 1.358437503319318, 3.622542485937369, 0.3749956028377151, 0.6187557812277859, 0.3371130795786860, 1.491677492988366, 2.692715082577666, 2.199914408172714},
    {{1, 2}, 2.775307949848644, 2.35, 1.180982106318572, 1.734567468655402, 1.012039266430009, 1.410754616522837, 2.359442946947066, 2.268192129763294},
}};

}  // namespace reference
