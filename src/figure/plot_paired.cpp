// Numbers that belong together, row under row: the k-th dot of a row is joined to the k-th of the
// next, so that one sees who is better on the same part of the data, and how surely.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {
namespace {

constexpr double kDot = 3.2;

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

std::vector<Point> Plot::paired_dots(std::size_t row) const {
  const std::vector<double>& values = data_.samples[row].values;
  const Rect place = bar_row(row);
  const double middle = place.y + place.height / 2;
  std::vector<Point> dots;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Equal numbers fan out about the middle of the row, the first nearest to it.
    std::size_t before = 0, equal = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (values[k] != values[i]) continue;
      before += k < i ? 1 : 0;
      ++equal;
    }
    const double room = 0.7 * place.height / static_cast<double>(std::max<std::size_t>(equal, 1));
    const double apart = std::min(room, 2 * kDot);
    const double steps = static_cast<double>((before + 1) / 2);
    dots.push_back({x_.pixel(values[i]), middle + (before % 2 == 1 ? -1 : 1) * steps * apart});
  }
  return dots;
}

void Plot::draw_paired(Canvas& canvas) const {
  std::vector<std::vector<Point>> dots;
  for (std::size_t row = 0; row < shown_rows(); ++row) {
    dots.push_back(view_.shows(data_.samples[row].label) ? paired_dots(row) : std::vector<Point>{});
  }
  const auto inside = [&](const Point& p) {
    return p.x >= inner_.x - 1 && p.x <= inner_.right() + 1;
  };
  for (std::size_t row = 0; row + 1 < dots.size(); ++row) {
    const std::size_t pairs = std::min(dots[row].size(), dots[row + 1].size());
    const double opacity = pairs > 40 ? 0.12 : 0.3;
    for (std::size_t i = 0; i < pairs; ++i) {
      if (!inside(dots[row][i]) || !inside(dots[row + 1][i])) continue;
      canvas.line(dots[row][i], dots[row + 1][i], theme_.muted_text.faded(opacity), 1);
    }
  }
  for (std::size_t row = 0; row < dots.size(); ++row) {
    const Sample& sample = data_.samples[row];
    const Rect place = bar_row(row);
    const double middle = place.y + place.height / 2;
    const Colour colour = theme_.series(sample.colour);
    draw_text(canvas, {inner_.x - 6, middle + 0.36 * kTextSize},
              fitting(canvas, sample.label, kTextSize, inner_.x - area_.x - 6),
              {.size = kTextSize, .colour = theme_.text, .align = LabelStyle::Align::right});
    for (const Point& dot : dots[row]) {
      if (inside(dot)) canvas.marker(dot, Marker::circle, kDot, colour.faded(0.75), colour);
    }
    if (dots[row].empty()) continue;
    const double mean = x_.pixel(mean_of(sample.values));
    if (mean < inner_.x || mean > inner_.right()) continue;
    const double half = std::min(0.46 * place.height, 14.0);
    canvas.line({mean, middle - half}, {mean, middle + half}, theme_.text, 2);
  }
}

std::optional<ReadOff> Plot::read_paired(Point at) const {
  for (std::size_t row = 0; row < shown_rows(); ++row) {
    const Sample& sample = data_.samples[row];
    if (!bar_row(row).contains(at) || sample.values.empty()) continue;
    ReadOff result;
    result.heading = sample.label;
    const std::vector<Point> dots = paired_dots(row);
    double nearest = 12 * 12;
    std::optional<std::size_t> hit;
    for (std::size_t i = 0; i < dots.size(); ++i) {
      const double dx = dots[i].x - at.x, dy = dots[i].y - at.y;
      if (dx * dx + dy * dy > nearest) continue;
      nearest = dx * dx + dy * dy;
      hit = i;
    }
    if (hit) {
      result.rows.push_back({x_text() + ", number " + std::to_string(*hit + 1),
                             label_text(sample.values[*hit]), theme_.series(sample.colour)});
    }
    result.rows.push_back({"mean of " + std::to_string(sample.values.size()),
                           label_text(mean_of(sample.values)),
                           {}});
    return result;
  }
  return {};
}

}  // namespace lab
