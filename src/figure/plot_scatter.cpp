// Points in the plane with the edges of linear classifiers and fields of scores.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {
namespace {

constexpr double kRadius = 4.5;

// The part of a rectangle (four corners, in data) where a x + b y + c >= 0.
std::vector<std::array<double, 2>> half_plane(const Boundary& edge, const Range& x,
                                              const Range& y) {
  const std::array<std::array<double, 2>, 4> corners = {
      {{x.low, y.low}, {x.high, y.low}, {x.high, y.high}, {x.low, y.high}}};
  const auto side = [&](const std::array<double, 2>& p) {
    return edge.a * p[0] + edge.b * p[1] + edge.c;
  };
  std::vector<std::array<double, 2>> polygon;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& p = corners[i];
    const auto& q = corners[(i + 1) % 4];
    const double at_p = side(p), at_q = side(q);
    if (at_p >= 0) polygon.push_back(p);
    if ((at_p >= 0) != (at_q >= 0)) {
      const double t = at_p / (at_p - at_q);
      polygon.push_back({p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])});
    }
  }
  return polygon;
}

}  // namespace

Colour Plot::colour_of(const Boundary& edge) const {
  return edge.reference ? theme_.text : theme_.series(edge.colour);
}

void Plot::draw_scatter(Canvas& canvas) const {
  for (const Grid& grid : data_.grids) {
    if (grid.rows == 0 || grid.columns == 0) continue;
    double largest = 0;
    for (const double v : grid.values) {
      if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
    }
    draw_cells(canvas, grid, true, [&](double value) {
      if (!std::isfinite(value)) return Colour{0, 0, 0, 0};
      return diverging(largest > 0 ? 0.6 * value / largest : 0, theme_);
    });
    break;  // two fields on top of each other cannot be read
  }
  bool shaded = !data_.grids.empty();
  for (const Boundary& edge : data_.boundaries) {
    if (!view_.shows(edge.label)) continue;
    const std::vector<std::array<double, 2>> side = half_plane(edge, x_.range(), y_.range());
    if (side.size() < 3) continue;
    if (!shaded && !edge.faint && !edge.reference) {
      std::vector<Point> polygon;
      for (const auto& [x, y] : side) polygon.push_back({x_.pixel(x), y_.pixel(y)});
      canvas.polygon(polygon, theme_.series(edge.colour).faded(0.1));
      shaded = true;
    }
  }
  double width = std::min(1.8 + 0.6 * static_cast<double>(data_.boundaries.size()), 4.2);
  for (const Boundary& edge : data_.boundaries) {
    const double norm2 = edge.a * edge.a + edge.b * edge.b;
    if (view_.shows(edge.label) && norm2 > 0) {
      // From the foot of the middle of the plot along the edge, beyond both sides of it.
      const double mx = (x_.range().low + x_.range().high) / 2;
      const double my = (y_.range().low + y_.range().high) / 2;
      const double off = (edge.a * mx + edge.b * my + edge.c) / norm2;
      const double fx = mx - off * edge.a, fy = my - off * edge.b;
      const double reach =
          ((x_.range().high - x_.range().low) + (y_.range().high - y_.range().low)) /
          std::sqrt(norm2);
      const Point line[] = {{x_.pixel(fx - reach * edge.b), y_.pixel(fy + reach * edge.a)},
                            {x_.pixel(fx + reach * edge.b), y_.pixel(fy - reach * edge.a)}};
      if (edge.faint || edge.reference) {
        draw_dashed(canvas, line, colour_of(edge), 1.5);
      } else {
        canvas.polyline(line, colour_of(edge), width);
      }
    }
    width = std::max(width - 0.6, 1.8);
  }
  std::size_t count = 0;
  for (const PointSet& set : data_.points) count += set.points.size();
  const double radius = count > 1500 ? 2.5 : count > 400 ? 3.5 : kRadius;
  for (std::size_t s = 0; s < data_.points.size(); ++s) {
    const PointSet& set = data_.points[s];
    if (!view_.shows(set.label)) continue;
    if (data_.points.size() == 1) {
      draw_cloud(canvas, set);
      continue;
    }
    // Two classes differ in shape and filling, and leave the colours to the methods.
    const bool two = data_.points.size() == 2;
    const Colour colour = two ? theme_.text : theme_.series(set.colour);
    const Marker shape = s == 0 ? Marker::circle : s == 1 ? Marker::triangle : Marker::square;
    for (const auto& [x, y] : set.points) {
      if (!x_.drawable(x) || !y_.drawable(y)) continue;
      canvas.marker({x_.pixel(x), y_.pixel(y)}, shape, radius,
                    s == 0 && two ? theme_.background : colour.faded(0.85), colour);
    }
  }
}

// Points of one kind: no shapes are needed to tell them apart, and many small ones make the
// picture.
void Plot::draw_cloud(Canvas& canvas, const PointSet& set) const {
  const std::size_t count = set.points.size();
  const double radius = count > 2000 ? 1 : count > 500 ? 1.5 : count > 100 ? 2.5 : kRadius;
  const Colour colour = theme_.series(set.colour);
  for (const auto& [x, y] : set.points) {
    if (!x_.drawable(x) || !y_.drawable(y)) continue;
    const Point at = {x_.pixel(x), y_.pixel(y)};
    if (radius <= 1.5) {
      canvas.rectangle({at.x - radius, at.y - radius, 2 * radius, 2 * radius}, colour);
    } else {
      canvas.marker(at, Marker::circle, radius, colour.faded(0.7), colour);
    }
  }
}

std::optional<Plot::PointHit> Plot::point_at(Point at, double reach) const {
  std::optional<PointHit> hit;
  double nearest = reach * reach;
  for (std::size_t s = 0; s < data_.points.size(); ++s) {
    if (!view_.shows(data_.points[s].label)) continue;
    for (std::size_t i = 0; i < data_.points[s].points.size(); ++i) {
      const auto& [x, y] = data_.points[s].points[i];
      if (!x_.drawable(x) || !y_.drawable(y)) continue;
      const double dx = x_.pixel(x) - at.x, dy = y_.pixel(y) - at.y;
      if (dx * dx + dy * dy <= nearest) {
        nearest = dx * dx + dy * dy;
        hit = {s, i};
      }
    }
  }
  return hit;
}

std::optional<ReadOff> Plot::read_scatter(Point at) const {
  ReadOff result;
  if (const std::optional<PointHit> hit = point_at(at, 12)) {
    const PointSet& set = data_.points[hit->set];
    const auto& [x, y] = set.points[hit->index];
    result.heading = set.label;
    if (hit->index < set.rows.size()) {
      result.heading += ", row " + std::to_string(set.rows[hit->index] + 1);
    }
    result.rows.push_back({x_label(), label_text(x), {}});
    result.rows.push_back({y_label(), label_text(y), {}});
    return result;
  }
  result.rows.push_back({x_label(), label_text(x_.value(at.x), 3), {}});
  result.rows.push_back({y_label(), label_text(y_.value(at.y), 3), {}});
  return result;
}

}  // namespace lab
