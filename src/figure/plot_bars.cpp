// One bar for each source, lying, with the interval over seeds, each seed's value, and a mark.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {

std::size_t Plot::shown_rows() const {
  const std::size_t rows = figure_.form == Form::bars ? data_.bars.size() : data_.samples.size();
  // One row more for "and so many more".
  const auto fit = static_cast<std::size_t>(std::max(1.0, inner_.height / (kTextSize + 2)));
  return rows <= fit ? rows : std::max<std::size_t>(fit, 2) - 1;
}

double Plot::bar_height() const {
  return std::min(0.62 * bar_row(0).height, 26.0);
}

Rect Plot::bar_row(std::size_t row) const {
  const std::size_t rows = figure_.form == Form::bars ? data_.bars.size() : data_.samples.size();
  const std::size_t shown = shown_rows() + (shown_rows() < rows ? 1 : 0);
  const double height = inner_.height / static_cast<double>(std::max<std::size_t>(shown, 1));
  return {inner_.x, inner_.y + height * static_cast<double>(row), inner_.width, height};
}

void Plot::draw_bars(Canvas& canvas) const {
  bool marked = false;
  if (shown_rows() < data_.bars.size()) {
    const Rect row = bar_row(shown_rows());
    draw_text(canvas, {inner_.x + 6, row.y + row.height / 2 + 0.36 * kTextSize},
              "and " + std::to_string(data_.bars.size() - shown_rows()) + " more",
              {.size = kTextSize, .colour = theme_.muted_text});
  }
  if (!log_x_ && x_.range().low < 0 && x_.range().high > 0) {
    const double zero = x_.pixel(0);
    canvas.line({zero, inner_.y}, {zero, inner_.bottom()}, theme_.text.faded(0.7), 1.2);
  }
  for (std::size_t i = 0; i < shown_rows(); ++i) {
    const Bar& bar = data_.bars[i];
    const Rect row = bar_row(i);
    const double middle = row.y + row.height / 2, height = bar_height();
    const Colour colour = theme_.series(bar.colour);
    draw_text(canvas, {inner_.x - 6, middle + 0.36 * kTextSize},
              fitting(canvas, bar.label, kTextSize, inner_.x - area_.x - 6),
              {.size = kTextSize, .colour = theme_.text, .align = LabelStyle::Align::right});
    const auto clamped = [&](double value) {
      return std::clamp(x_.pixel(value), inner_.x, inner_.right());
    };
    if (!bar.value) {
      draw_text(canvas, {inner_.x + 6, middle + 0.36 * kTextSize}, "none",
                {.size = kTextSize, .colour = theme_.muted_text});
    } else if (x_.drawable(*bar.value)) {
      const double start = log_x_ || x_.range().low > 0 ? inner_.x : clamped(0);
      const double end = clamped(*bar.value);
      canvas.rectangle({std::min(start, end), middle - height / 2, std::abs(end - start), height},
                       colour.faded(bar.faint ? 0.4 : 0.85), 2);
      double text_from = std::max(start, end);
      for (const double seed : bar.seeds) {
        if (bar.seeds.size() < 2 || !x_.drawable(seed)) continue;
        canvas.marker({clamped(seed), middle}, Marker::circle, 2, theme_.text.faded(0.45),
                      theme_.text.faded(0.45));
        text_from = std::max(text_from, clamped(seed) + 3);
      }
      if (bar.high > bar.low && x_.drawable(bar.low) && x_.drawable(bar.high)) {
        const double low = clamped(bar.low), high = clamped(bar.high);
        canvas.line({low, middle}, {high, middle}, theme_.text, 1.5);
        canvas.line({low, middle - 4}, {low, middle + 4}, theme_.text, 1.5);
        canvas.line({high, middle - 4}, {high, middle + 4}, theme_.text, 1.5);
        text_from = std::max(text_from, high);
      }
      if (bar.mark && x_.drawable(*bar.mark)) {
        // The number does not run across the mark.
        const double mark = clamped(*bar.mark);
        const double width = measured(canvas, label_text(*bar.value), kTextSize);
        if (mark > text_from - 2 && mark < text_from + width + 12) text_from = mark + 2;
      }
      draw_text(canvas, {text_from + 6, middle + 0.36 * kTextSize}, label_text(*bar.value),
                {.size = kTextSize, .colour = theme_.text});
    }
    if (bar.mark && x_.drawable(*bar.mark)) {
      const double mark = x_.pixel(*bar.mark);
      if (mark >= inner_.x && mark <= inner_.right()) {
        canvas.line({mark, middle - height / 2 - 3}, {mark, middle + height / 2 + 3}, theme_.text,
                    2);
      }
      marked = true;
    }
  }
  if (marked && !figure_.mark_label.empty()) {
    const double y = inner_.y - 8;
    canvas.line({area_.x + 6, y - kTextSize + 1}, {area_.x + 6, y + 2}, theme_.text, 2);
    draw_text(canvas, {area_.x + 14, y},
              fitting(canvas, figure_.mark_label, kTextSize, area_.width - 16),
              {.size = kTextSize, .colour = theme_.text});
  }
}

std::optional<ReadOff> Plot::read_bars(Point at) const {
  for (std::size_t i = 0; i < shown_rows(); ++i) {
    if (!bar_row(i).contains(at)) continue;
    const Bar& bar = data_.bars[i];
    ReadOff result;
    result.heading = bar.label;
    result.rows.push_back({axis_text(figure_.x), bar.value ? label_text(*bar.value) : "none",
                           theme_.series(bar.colour)});
    if (bar.high > bar.low) {
      result.rows.push_back(
          {"95 % interval", label_text(bar.low) + " to " + label_text(bar.high), {}});
    }
    if (bar.seeds.size() > 1) {
      result.rows.push_back({"seeds with a value", std::to_string(bar.seeds.size()), {}});
    }
    if (bar.mark && !figure_.mark_label.empty()) {
      result.rows.push_back({figure_.mark_label, label_text(*bar.mark), {}});
    }
    return result;
  }
  return {};
}

}  // namespace lab
