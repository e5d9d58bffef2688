// A matrix, one cell for each number, with the scale of its colours beside it.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {
namespace {

Range finite_range(std::span<const double> values) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (!(low <= high)) return {0, 1};
  if (low < 0 && high > 0) {  // colours that meet at 0
    const double end = std::max(-low, high);
    return {-end, end};
  }
  return high > low ? Range{low, high} : Range{low - 0.5, low + 0.5};
}

}  // namespace

Colour Plot::heat_colour(double value, const Range& range) const {
  if (!std::isfinite(value)) return theme_.grid;
  if (range.low < 0 && range.high > 0) return diverging(value / range.high, theme_);
  return sequential((value - range.low) / (range.high - range.low));
}

void Plot::draw_heat_map(Canvas& canvas) const {
  if (data_.grids.empty()) return;
  const Grid& grid = data_.grids.front();
  if (grid.rows == 0 || grid.columns == 0) return;
  const Range range = finite_range(grid.values);
  const double width = inner_.width / static_cast<double>(grid.columns);
  const double height = inner_.height / static_cast<double>(grid.rows);
  for (std::size_t r = 0; r < grid.rows; ++r) {
    for (std::size_t c = 0; c < grid.columns; ++c) {
      canvas.rectangle({inner_.x + width * static_cast<double>(c),
                        inner_.y + height * static_cast<double>(r), width + 0.3, height + 0.3},
                       heat_colour(grid.values[r * grid.columns + c], range));
    }
  }
  canvas.frame(inner_, theme_.axis);
  constexpr int kSteps = 48;
  const Rect bar = {inner_.right() + 14, inner_.y, 12, inner_.height};
  for (int i = 0; i < kSteps; ++i) {
    const double share = (i + 0.5) / kSteps;
    canvas.rectangle(
        {bar.x, bar.bottom() - bar.height * (i + 1) / kSteps, bar.width, bar.height / kSteps + 0.5},
        heat_colour(range.low + share * (range.high - range.low), range));
  }
  const Scale scale(range, false, bar.bottom(), bar.y);
  for (const Tick& tick : ticks(scale, 5)) {
    draw_text(canvas, {bar.right() + 5, scale.pixel(tick.value) + 0.36 * kTextSize},
              fitting(canvas, tick.label, kTextSize, area_.right() - bar.right() - 5),
              {.size = kTextSize, .colour = theme_.muted_text});
  }
  const LabelStyle style = {.size = kTextSize, .colour = theme_.text};
  draw_text(canvas, {area_.x, inner_.y - 8},
            fitting(canvas, axis_text(figure_.y), kTextSize, area_.width), style);
  LabelStyle centred = style;
  centred.align = LabelStyle::Align::centre;
  draw_text(canvas, {inner_.x + inner_.width / 2, area_.bottom() - 4},
            fitting(canvas, axis_text(figure_.x), kTextSize, area_.width), centred);
  // The first and the last row and column are numbered, and what fits between them.
  const auto numbered = [](std::size_t n, double cell, double room) {
    return std::max<std::size_t>(
               1, static_cast<std::size_t>(std::ceil(room / std::max(cell, 0.01)))) >= n
               ? std::max<std::size_t>(n - 1, 1)
               : std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(room / cell)));
  };
  for (std::size_t c = 0; c < grid.columns; c += numbered(grid.columns, width, 34)) {
    LabelStyle number = centred;
    number.colour = theme_.muted_text;
    draw_text(canvas,
              {inner_.x + width * (static_cast<double>(c) + 0.5), inner_.bottom() + 4 + kTextSize},
              std::to_string(c + 1), number);
  }
  for (std::size_t r = 0; r < grid.rows; r += numbered(grid.rows, height, 18)) {
    draw_text(canvas,
              {inner_.x - 6, inner_.y + height * (static_cast<double>(r) + 0.5) + 0.36 * kTextSize},
              std::to_string(r + 1),
              {.size = kTextSize, .colour = theme_.muted_text, .align = LabelStyle::Align::right});
  }
}

std::optional<ReadOff> Plot::read_heat_map(Point at) const {
  if (data_.grids.empty()) return {};
  const Grid& grid = data_.grids.front();
  const auto cell = [](double share, std::size_t n) {
    return std::min(static_cast<std::size_t>(share * static_cast<double>(n)), n - 1);
  };
  if (grid.rows == 0 || grid.columns == 0) return {};
  const std::size_t r = cell((at.y - inner_.y) / inner_.height, grid.rows);
  const std::size_t c = cell((at.x - inner_.x) / inner_.width, grid.columns);
  ReadOff result;
  result.rows.push_back({figure_.y.label, std::to_string(r + 1), {}});
  result.rows.push_back({figure_.x.label, std::to_string(c + 1), {}});
  result.rows.push_back({"value", label_text(grid.values[r * grid.columns + c]), {}});
  return result;
}

}  // namespace lab
