// Lines over steps: each seed a faint line under their mean with its interval.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {
namespace {

// A curve in pixels. However many numbers it has, a column of pixels gets three points at the most
// (the lowest, the highest and the last: to leave some out would show a swing that is not there),
// and one part of the band.
struct Stroke {
  std::vector<Point> line, low, high;
  bool has_band = false;

  // One more number in the column of the last one.
  void add_to_column(double py) {
    bottom_ = std::max(bottom_, py);
    top_ = std::min(top_, py);
    line.back().y = py;
  }
  void add_column(double px, double py) {
    close_column();
    line.push_back({px, py});
    bottom_ = top_ = py;
  }
  // The column is complete: shows how far it swings.
  void close_column() {
    if (line.empty() || bottom_ - top_ < 1) return;
    const Point last = line.back();
    line.back() = {last.x, bottom_};
    line.push_back({last.x, top_});
    line.push_back(last);
    bottom_ = top_ = last.y;
  }

  void add_band(double px, double bottom, double top) {
    low.push_back({px, bottom});
    high.push_back({px, top});
  }

 private:
  double bottom_ = 0, top_ = 0;
};

std::vector<Stroke> strokes(const Curve& curve, const Scale& x, const Scale& y) {
  std::vector<Stroke> result;
  Stroke stroke;
  const auto finish = [&] {
    stroke.close_column();
    if (!stroke.line.empty()) result.push_back(std::move(stroke));
    stroke = {};
  };
  // The part in sight, and one point more on both sides.
  const auto first = std::lower_bound(curve.x.begin(), curve.x.end(), x.range().low);
  std::size_t i = static_cast<std::size_t>(first - curve.x.begin());
  i = i > 0 ? i - 1 : 0;
  double before = x.drawable(curve.begin) ? x.pixel(curve.begin) : x.pixel_low();
  for (bool beyond = false; i < curve.x.size() && !beyond; ++i) {
    if (!x.drawable(curve.x[i])) continue;
    beyond = curve.x[i] > x.range().high;
    if (!y.drawable(curve.y[i])) {
      finish();
      continue;
    }
    const double px = x.pixel(curve.x[i]), py = y.pixel(curve.y[i]);
    const bool has_band = !curve.low.empty();
    double low = py, high = py;
    if (has_band) {
      low = y.drawable(curve.low[i]) ? y.pixel(curve.low[i]) : y.pixel_low();
      high = y.drawable(curve.high[i]) ? y.pixel(curve.high[i]) : py;
    }
    const bool same_column =
        !stroke.line.empty() && px - stroke.line.back().x < 0.75 && stroke.line.size() > 1;
    if (same_column) {
      stroke.add_to_column(py);
      low = std::max(stroke.low.back().y, low);
      high = std::min(stroke.high.back().y, high);
      stroke.low.back().y = low;
      stroke.high.back().y = high;
      if (curve.stepped) {
        stroke.low[stroke.low.size() - 2].y = low;
        stroke.high[stroke.high.size() - 2].y = high;
      }
    } else {
      stroke.add_column(px, py);
      if (curve.stepped) stroke.add_band(before, low, high);
      stroke.add_band(px, low, high);
      before = px;
    }
    stroke.has_band |= low - high > 1;
  }
  finish();
  return result;
}

void draw_curve(Canvas& canvas, const Curve& curve, const Scale& x, const Scale& y, Colour colour,
                double width, double band_opacity, bool dashed = false) {
  for (const Stroke& stroke : strokes(curve, x, y)) {
    if (stroke.has_band && stroke.low.size() > 1) {
      canvas.band(stroke.high, stroke.low, colour.faded(band_opacity));
    }
    if (stroke.line.size() == 1) {
      canvas.marker(stroke.line[0], Marker::circle, width, colour, colour);
    } else if (dashed) {
      draw_dashed(canvas, stroke.line, colour, width);
    } else {
      canvas.polyline(stroke.line, colour, width);
    }
  }
}

std::size_t nearest(const std::vector<double>& xs, double x) {
  const auto above = std::lower_bound(xs.begin(), xs.end(), x);
  if (above == xs.begin()) return 0;
  if (above == xs.end()) return xs.size() - 1;
  return static_cast<std::size_t>(*above - x < x - *(above - 1) ? above - xs.begin()
                                                                : above - xs.begin() - 1);
}

}  // namespace

Colour Plot::colour_of(const LineSeries& series) const {
  return series.reference ? theme_.text : theme_.series(series.colour);
}

void Plot::draw_lines(Canvas& canvas) const {
  // Ghosts first, so that no mean is hidden under another method's seeds.
  for (const LineSeries& series : data_.lines) {
    if (series.mean.x.empty() || !view_.shows(series.label)) continue;
    for (const Curve& curve : series.curves) {
      draw_curve(canvas, curve, x_, y_, colour_of(series).faded(0.28), 1, 0);
    }
  }
  // Where lines coincide, the wider ones beneath still show.
  double width = std::min(1.8 + 0.6 * static_cast<double>(data_.lines.size()), 4.2);
  for (const LineSeries& series : data_.lines) {
    const Colour colour = colour_of(series);
    const bool dashed = series.faint || series.reference;
    if (view_.shows(series.label) && !series.points) {
      if (const Curve* curve = series.main_curve()) {
        draw_curve(canvas, *curve, x_, y_, colour, dashed ? 1.5 : width, dashed ? 0 : 0.22, dashed);
      }
    }
    width = std::max(width - 0.6, 1.8);
  }
  if (figure_.form == Form::curves) {
    // A few measured places: where they are matters, and between them is only a straight line.
    constexpr std::size_t kMostMarked = 24;
    for (const LineSeries& series : data_.lines) {
      const Curve* curve = series.main_curve();
      if (!curve || !view_.shows(series.label)) continue;
      const bool many = curve->x.size() > kMostMarked;
      if (many && !series.points) continue;
      const Colour colour = theme_.series(series.colour);
      const double size = many ? 3 : series.points ? 5 : series.faint ? 2 : 3;
      for (std::size_t i = 0; i < curve->x.size(); ++i) {
        if (!x_.drawable(curve->x[i]) || !y_.drawable(curve->y[i])) continue;
        canvas.marker({x_.pixel(curve->x[i]), y_.pixel(curve->y[i])}, Marker::circle, size, colour,
                      many ? colour : theme_.background);
      }
    }
  }
  if (data_.now && x_.drawable(*data_.now)) {
    const double x = x_.pixel(*data_.now);
    canvas.line({x, inner_.y}, {x, inner_.bottom()}, theme_.accent.faded(0.7), 1.5);
  }
}

std::optional<ReadOff> Plot::read_lines(Point at) const {
  const double x = x_.value(at.x);
  ReadOff result;
  std::optional<double> snapped;
  for (const LineSeries& series : data_.lines) {
    const Curve* curve = series.main_curve();
    if (!curve || curve->x.empty() || !view_.shows(series.label)) continue;
    const std::size_t i = nearest(curve->x, x);
    // A curve that ended long before says nothing here.
    if (std::abs(x_.pixel(curve->x[i]) - at.x) > 0.1 * inner_.width) continue;
    if (!snapped || std::abs(curve->x[i] - x) < std::abs(*snapped - x)) snapped = curve->x[i];
    std::string value = label_text(curve->y[i]);
    if (!curve->low.empty() && label_text(curve->low[i], 3) != label_text(curve->high[i], 3)) {
      value += " [" + label_text(curve->low[i], 3) + ", " + label_text(curve->high[i], 3) + "]";
    }
    const Point dot = y_.drawable(curve->y[i]) && x_.drawable(curve->x[i])
                          ? Point{x_.pixel(curve->x[i]), y_.pixel(curve->y[i])}
                          : Point{-1e4, -1e4};
    ReadOff::Row row = {series.label, std::move(value), colour_of(series)};
    // Of lines that share a label the nearest.
    const auto same = std::ranges::find(result.rows, series.label, &ReadOff::Row::label);
    if (same == result.rows.end()) {
      result.rows.push_back(std::move(row));
      result.dots.push_back(dot);
      continue;
    }
    Point& other = result.dots[static_cast<std::size_t>(same - result.rows.begin())];
    if (std::abs(dot.y - at.y) >= std::abs(other.y - at.y)) continue;
    *same = std::move(row);
    other = dot;
  }
  if (!snapped) return {};
  result.heading = figure_.x.label + " " + label_text(*snapped);
  if (x_.drawable(*snapped)) result.line = x_.pixel(*snapped);
  return result;
}

}  // namespace lab
