#include "figure/figure.h"

#include <algorithm>

#include "core/error.h"
#include "core/names.h"

namespace lab {
namespace {

constexpr std::array<std::string_view, 9> kForms = {
    "lines", "scatter", "bars", "heat_map", "histogram", "curves", "paired", "tree", "token_strip"};

}  // namespace

std::string_view name(Form form) {
  return kForms[static_cast<std::size_t>(form)];
}

Form form_of(std::string_view name, std::string_view where) {
  const auto found = std::ranges::find(kForms, name);
  if (found == kForms.end()) {
    throw Error("there is no form of figure '" + std::string(name) + "'", std::string(where),
                expected_name(name, std::vector<std::string>(kForms.begin(), kForms.end())));
  }
  return static_cast<Form>(found - kForms.begin());
}

const Curve* LineSeries::main_curve() const {
  if (!mean.x.empty()) return &mean;
  return curves.empty() ? nullptr : &curves.front();
}

bool FigureData::empty() const {
  const auto has_curve = [](const LineSeries& series) {
    return std::ranges::any_of(series.curves, [](const Curve& c) { return !c.x.empty(); });
  };
  const auto has_value = [](const Bar& bar) { return bar.value || bar.mark; };
  const auto has_points = [](const PointSet& set) { return !set.points.empty(); };
  return std::ranges::none_of(lines, has_curve) && std::ranges::none_of(bars, has_value) &&
         std::ranges::none_of(points, has_points) && grids.empty() && trees.empty() &&
         std::ranges::none_of(strips, [](const TokenStrip& s) { return !s.tokens.empty(); }) &&
         std::ranges::none_of(samples, [](const Sample& s) { return !s.values.empty(); });
}

}  // namespace lab
