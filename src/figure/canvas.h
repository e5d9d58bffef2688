// Where is a figure drawn? On a canvas: ImDrawList on screen, SVG in a file, a list of calls in a
// test. Lengths are in logical pixels, y points down.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct Point {
  double x = 0, y = 0;
};

struct Rect {
  double x = 0, y = 0, width = 0, height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  bool contains(Point p) const { return p.x >= x && p.x <= right() && p.y >= y && p.y <= bottom(); }
};

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0, alpha = 255;

  // The same colour, letting so much less through: 1 = as it is, 0 = nothing.
  constexpr Colour faded(double opacity) const {
    return {red, green, blue, static_cast<std::uint8_t>(alpha * opacity + 0.5)};
  }
  bool operator==(const Colour&) const = default;
};

struct LabelStyle {
  enum class Align { left, centre, right };
  double size = 13;  // of an em
  Colour colour = {};
  Align align = Align::left;
  bool bold = false;
};

enum class Marker { circle, square, triangle, diamond };

class Canvas {
 public:
  virtual ~Canvas() = default;

  virtual void polyline(std::span<const Point> points, Colour colour, double width) = 0;
  // The area between two lines with the same x, left to right.
  virtual void band(std::span<const Point> upper, std::span<const Point> lower, Colour colour) = 0;
  // A convex polygon, filled.
  virtual void polygon(std::span<const Point> points, Colour fill) = 0;
  virtual void rectangle(const Rect& rect, Colour fill, double corner = 0) = 0;
  virtual void marker(Point centre, Marker shape, double radius, Colour fill, Colour outline) = 0;
  // y of `at`: the baseline.
  virtual void text(Point at, std::string_view text, const LabelStyle& style) = 0;
  virtual double text_width(std::string_view text, double size, bool bold = false) const = 0;
  // Until `unclip` nothing is drawn outside. Not nested.
  virtual void clip(const Rect& rect) = 0;
  virtual void unclip() = 0;

  void line(Point a, Point b, Colour colour, double width = 1) {
    const Point points[] = {a, b};
    polyline(points, colour, width);
  }
  void frame(const Rect& r, Colour colour, double width = 1) {
    const Point points[] = {
        {r.x, r.y}, {r.right(), r.y}, {r.right(), r.bottom()}, {r.x, r.bottom()}, {r.x, r.y}};
    polyline(points, colour, width);
  }
};

// The corners of a marker that is no circle, one after the other; none of a circle.
std::vector<Point> marker_corners(Marker shape, Point centre, double radius);

// A line of dashes, as long as lines are wide.
void draw_dashed(Canvas& canvas, std::span<const Point> points, Colour colour, double width);

// Text in which 10^-3 stands for a raised exponent: '^' raises the minus sign and the digits after
// it.
void draw_text(Canvas& canvas, Point at, std::string_view text, const LabelStyle& style);
double measured(const Canvas& canvas, std::string_view text, double size, bool bold = false);
// As much of the text as fits into the width, with an ellipsis where something is left out.
std::string fitting(const Canvas& canvas, std::string_view text, double size, double width);

}  // namespace lab
