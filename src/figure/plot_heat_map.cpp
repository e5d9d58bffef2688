// A matrix, one cell for each number, with the scale of its colours beside it.
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "figure/plot.h"

namespace lab {
namespace {

Range colour_range(std::span<const double> values, bool log) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const double value : values) {
    if (!std::isfinite(value) || (log && value <= 0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (!(low <= high)) return log ? Range{1, 10} : Range{0, 1};
  if (log) return high > low ? Range{low, high} : Range{low / 2, high * 2};
  if (low < 0 && high > 0) {  // colours that meet at 0
    const double end = std::max(-low, high);
    return {-end, end};
  }
  return high > low ? Range{low, high} : Range{low - 0.5, low + 0.5};
}

// Which of n cells a number lies in; nothing outside of them.
std::optional<std::size_t> cell_of(double value, double low, double high, std::size_t n, bool log) {
  const double share =
      log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  if (!(share >= 0) || share > 1) return {};
  return std::min(static_cast<std::size_t>(share * static_cast<double>(n)), n - 1);
}

}  // namespace

Colour Plot::heat_colour(double value, const Range& range) const {
  if (!std::isfinite(value) || (figure_.colour.log && value <= 0)) return theme_.grid;
  if (figure_.colour.log)
    return sequential(std::log(value / range.low) / std::log(range.high / range.low));
  if (range.low < 0 && range.high > 0) return diverging(value / range.high, theme_);
  return sequential((value - range.low) / (range.high - range.low));
}

void Plot::draw_heat_map(Canvas& canvas) const {
  if (data_.grids.empty()) return;
  const Grid& grid = data_.grids.front();
  if (grid.rows == 0 || grid.columns == 0) return;
  const Range range = colour_range(grid.values, figure_.colour.log);
  draw_cells(canvas, grid, grid.extended, [&](double value) { return heat_colour(value, range); });
  canvas.unclip();
  canvas.frame(inner_, theme_.axis);
  draw_colour_bar(canvas, range);
  if (!grid.extended) draw_numbers_of_cells(canvas, grid);
}

void Plot::draw_cells(Canvas& canvas, const Grid& grid, bool on_axes,
                      const std::function<Colour(double)>& colour_of) const {
  const auto share = [](std::size_t i, std::size_t n) {
    return static_cast<double>(i) / static_cast<double>(n);
  };
  std::vector<double> left, top;  // the edges of columns and rows, in pixels
  for (std::size_t c = 0; c <= grid.columns; ++c) {
    const double at = share(c, grid.columns);
    left.push_back(on_axes ? x_.pixel(value_at(grid.x_low, grid.x_high, at, figure_.x.log))
                           : inner_.x + inner_.width * at);
  }
  for (std::size_t r = 0; r <= grid.rows; ++r) {
    const double at = share(r, grid.rows);
    top.push_back(on_axes ? y_.pixel(value_at(grid.y_low, grid.y_high, at, figure_.y.log))
                          : inner_.y + inner_.height * at);
  }
  for (std::size_t r = 0; r < grid.rows; ++r) {
    const double y = std::min(top[r], top[r + 1]), height = std::abs(top[r + 1] - top[r]);
    const auto colour = [&](std::size_t c) { return colour_of(grid.values[r * grid.columns + c]); };
    for (std::size_t c = 0; c < grid.columns;) {
      // Neighbours of one colour are one rectangle.
      const Colour fill = colour(c);
      std::size_t end = c + 1;
      while (end < grid.columns && colour(end) == fill) ++end;
      if (fill.alpha > 0) {
        canvas.rectangle({left[c], y, left[end] - left[c] + 0.3, height + 0.3}, fill);
      }
      c = end;
    }
  }
}

void Plot::draw_colour_bar(Canvas& canvas, const Range& range) const {
  constexpr int kSteps = 48;
  const Rect bar = {inner_.right() + 14, inner_.y, 12, inner_.height};
  const Scale scale(range, figure_.colour.log, bar.bottom(), bar.y);
  for (int i = 0; i < kSteps; ++i) {
    canvas.rectangle(
        {bar.x, bar.bottom() - bar.height * (i + 1) / kSteps, bar.width, bar.height / kSteps + 0.5},
        heat_colour(scale.value(bar.bottom() - bar.height * (i + 0.5) / kSteps), range));
  }
  for (const Tick& tick : ticks(scale, 5)) {
    draw_text(canvas, {bar.right() + 5, scale.pixel(tick.value) + 0.36 * kTextSize},
              fitting(canvas, tick.label, kTextSize, area_.right() - bar.right() - 5),
              {.size = kTextSize, .colour = theme_.muted_text});
  }
  if (figure_.colour.label.empty()) return;
  // Over the bar, as far as the label of the vertical axis leaves room.
  const double free_from = area_.x + measured(canvas, axis_text(figure_.y), kTextSize) + 16;
  draw_text(canvas, {area_.right(), inner_.y - 8},
            fitting(canvas, axis_text(figure_.colour), kTextSize, area_.right() - free_from),
            {.size = kTextSize, .colour = theme_.text, .align = LabelStyle::Align::right});
}

void Plot::draw_numbers_of_cells(Canvas& canvas, const Grid& grid) const {
  const double width = inner_.width / static_cast<double>(grid.columns);
  const double height = inner_.height / static_cast<double>(grid.rows);
  const LabelStyle style = {.size = kTextSize, .colour = theme_.text};
  draw_text(canvas, {area_.x, inner_.y - 8},
            fitting(canvas, axis_text(figure_.y), kTextSize, area_.width), style);
  LabelStyle centred = style;
  centred.align = LabelStyle::Align::centre;
  draw_text(canvas, {inner_.x + inner_.width / 2, area_.bottom() - 4},
            fitting(canvas, axis_text(figure_.x), kTextSize, area_.width), centred);
  for (std::size_t i = 0; i < grid.texts.size() && width >= kTextSize && height >= kTextSize; ++i) {
    const auto r = static_cast<double>(i / grid.columns), c = static_cast<double>(i % grid.columns);
    const Colour fill = heat_colour(grid.values[i], colour_range(grid.values, figure_.colour.log));
    LabelStyle inside = centred;
    const bool bright = 2 * fill.red + 5 * fill.green + fill.blue > 8 * 128;
    inside.colour = bright ? Colour{20, 20, 20} : Colour{245, 245, 245};
    draw_text(canvas,
              {inner_.x + width * (c + 0.5), inner_.y + height * (r + 0.5) + 0.36 * kTextSize},
              fitting(canvas, grid.texts[i], kTextSize, width - 2), inside);
  }
  // The first and the last row and column are numbered, and what fits between them.
  const auto numbered = [](std::size_t n, double cell, double room) {
    return std::max<std::size_t>(
               1, static_cast<std::size_t>(std::ceil(room / std::max(cell, 0.01)))) >= n
               ? std::max<std::size_t>(n - 1, 1)
               : std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(room / cell)));
  };
  const bool column_names = grid.column_names.size() == grid.columns;
  const std::size_t columns_apart = column_names ? numbered(grid.columns, width, kTextSize + 2)
                                                 : numbered(grid.columns, width, 34);
  for (std::size_t c = 0; c < grid.columns; c += columns_apart) {
    LabelStyle number = centred;
    number.colour = theme_.muted_text;
    draw_text(canvas,
              {inner_.x + width * (static_cast<double>(c) + 0.5), inner_.bottom() + 4 + kTextSize},
              column_names ? fitting(canvas, grid.column_names[c], kTextSize, width - 2)
                           : std::to_string(c + 1),
              number);
  }
  for (std::size_t r = 0; r < grid.rows; r += numbered(grid.rows, height, 18)) {
    draw_text(canvas,
              {inner_.x - 6, inner_.y + height * (static_cast<double>(r) + 0.5) + 0.36 * kTextSize},
              grid.row_names.size() == grid.rows
                  ? fitting(canvas, grid.row_names[r], kTextSize, inner_.x - area_.x - 6)
                  : std::to_string(r + 1),
              {.size = kTextSize, .colour = theme_.muted_text, .align = LabelStyle::Align::right});
  }
}

std::optional<ReadOff> Plot::read_heat_map(Point at) const {
  if (data_.grids.empty()) return {};
  const Grid& grid = data_.grids.front();
  if (grid.rows == 0 || grid.columns == 0) return {};
  std::optional<std::size_t> r, c;
  ReadOff result;
  if (grid.extended) {
    const double x = x_.value(at.x), y = y_.value(at.y);
    c = cell_of(x, grid.x_low, grid.x_high, grid.columns, figure_.x.log);
    r = cell_of(y, grid.y_low, grid.y_high, grid.rows, figure_.y.log);
    result.rows.push_back({figure_.y.label, label_text(y, 3), {}});
    result.rows.push_back({figure_.x.label, label_text(x, 3), {}});
  } else {
    c = cell_of(at.x, inner_.x, inner_.right(), grid.columns, false);
    r = cell_of(at.y, inner_.y, inner_.bottom(), grid.rows, false);
    const auto named = [](const std::vector<std::string>& names, std::size_t i) {
      return i < names.size() ? names[i] : std::to_string(i + 1);
    };
    if (r) result.rows.push_back({figure_.y.label, named(grid.row_names, *r), {}});
    if (c) result.rows.push_back({figure_.x.label, named(grid.column_names, *c), {}});
  }
  if (!r || !c) return {};
  if (const std::size_t i = *r * grid.columns + *c; i < grid.texts.size())
    result.heading = grid.texts[i];
  const std::string value = figure_.colour.label.empty() ? "value" : figure_.colour.label;
  result.rows.push_back({value, label_text(grid.values[*r * grid.columns + *c]), {}});
  return result;
}

}  // namespace lab
