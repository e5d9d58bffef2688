#include "figure/theme.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

Colour mixed(Colour a, Colour b, double share) {
  const auto mix = [&](std::uint8_t x, std::uint8_t y) {
    return static_cast<std::uint8_t>(std::lround(x + share * (y - x)));
  };
  return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue), mix(a.alpha, b.alpha)};
}

constexpr Theme kLight = {.dark = false,
                          .background = {255, 255, 255},
                          .panel = {246, 247, 249},
                          .text = {27, 31, 36},
                          .muted_text = {87, 96, 106},
                          .axis = {120, 128, 138},
                          .grid = {229, 232, 236},
                          .accent = {0, 95, 184},
                          .good = {0, 112, 76},
                          .bad = {184, 62, 0},
                          .undecided = {115, 95, 0},
                          .palette = {{{0, 114, 178},
                                       {213, 94, 0},
                                       {0, 140, 100},
                                       {170, 68, 132},
                                       {176, 122, 0},
                                       {60, 140, 200},
                                       {90, 90, 90},
                                       {140, 60, 20}}}};

constexpr Theme kDark = {.dark = true,
                         .background = {22, 25, 30},
                         .panel = {30, 34, 41},
                         .text = {232, 235, 239},
                         .muted_text = {163, 172, 183},
                         .axis = {120, 129, 140},
                         .grid = {48, 54, 63},
                         .accent = {88, 166, 255},
                         .good = {63, 200, 150},
                         .bad = {255, 140, 90},
                         .undecided = {226, 192, 80},
                         .palette = {{{86, 180, 233},
                                      {255, 140, 80},
                                      {50, 200, 150},
                                      {230, 150, 200},
                                      {240, 190, 70},
                                      {140, 170, 255},
                                      {190, 190, 190},
                                      {220, 140, 110}}}};

}  // namespace

const Theme& light_theme() {
  return kLight;
}
const Theme& dark_theme() {
  return kDark;
}

Colour sequential(double share) {
  // Samples of viridis (S. van der Walt and N. Smith, 2015; CC0).
  constexpr std::array<Colour, 6> kStops = {
      {{68, 1, 84}, {65, 68, 135}, {42, 120, 142}, {34, 168, 132}, {122, 209, 81}, {253, 231, 37}}};
  const double at = std::clamp(share, 0.0, 1.0) * (kStops.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), kStops.size() - 2);
  return mixed(kStops[below], kStops[below + 1], at - static_cast<double>(below));
}

Colour diverging(double share, const Theme& theme) {
  const Colour end = share < 0 ? theme.palette[0] : theme.palette[1];
  return mixed(theme.background, end, std::min(std::abs(share), 1.0));
}

}  // namespace lab
