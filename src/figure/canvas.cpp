#include "figure/canvas.h"

#include <cmath>
#include <vector>

namespace lab {
namespace {

constexpr double kRaisedSize = 0.75;
constexpr double kRaise = 0.35;  // em

// One part of a text: as it stands, or raised.
struct Part {
  std::string_view text;
  bool raised;
};

// Takes the next part off the front of the text.
Part next_part(std::string_view& rest) {
  if (rest.front() == '^') {
    std::size_t end = 1;
    while (end < rest.size() && (rest[end] == '-' || (rest[end] >= '0' && rest[end] <= '9'))) ++end;
    if (end > 1) {
      const Part part = {rest.substr(1, end - 1), true};
      rest.remove_prefix(end);
      return part;
    }
  }
  const std::size_t end = rest.find('^', 1);
  const Part part = {rest.substr(0, end), false};
  rest.remove_prefix(part.text.size());
  return part;
}

}  // namespace

std::vector<Point> marker_corners(Marker shape, Point c, double r) {
  switch (shape) {
    case Marker::circle:
      return {};
    case Marker::square: {
      const double s = 0.88 * r;
      return {{c.x - s, c.y - s}, {c.x + s, c.y - s}, {c.x + s, c.y + s}, {c.x - s, c.y + s}};
    }
    case Marker::triangle:
      return {{c.x, c.y - 1.15 * r}, {c.x + r, c.y + 0.75 * r}, {c.x - r, c.y + 0.75 * r}};
    case Marker::diamond:
      return {
          {c.x, c.y - 1.1 * r}, {c.x + 1.1 * r, c.y}, {c.x, c.y + 1.1 * r}, {c.x - 1.1 * r, c.y}};
  }
  return {};
}

void draw_dashed(Canvas& canvas, std::span<const Point> points, Colour colour, double width) {
  constexpr double kDash = 7, kGap = 4;
  std::vector<Point> dash;
  bool drawing = true;
  double left = kDash;  // of the dash or gap
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i == 0) {
      dash.push_back(points[0]);
      continue;
    }
    Point from = points[i - 1];
    const Point to = points[i];
    double length = std::hypot(to.x - from.x, to.y - from.y);
    // What lies far outside would be thousands of dashes that nobody sees.
    if (length > 4000) {
      if (drawing) dash.push_back(to);
      continue;
    }
    while (length > left) {
      const double share = left / length;
      from = {from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)};
      length -= left;
      if (drawing) {
        dash.push_back(from);
        canvas.polyline(dash, colour, width);
      }
      drawing = !drawing;
      dash = {from};
      left = drawing ? kDash : kGap;
    }
    left -= length;
    if (drawing) dash.push_back(to);
  }
  if (drawing && dash.size() > 1) canvas.polyline(dash, colour, width);
}

double measured(const Canvas& canvas, std::string_view text, double size, bool bold) {
  double width = 0;
  while (!text.empty()) {
    const Part part = next_part(text);
    width += canvas.text_width(part.text, part.raised ? kRaisedSize * size : size, bold);
  }
  return width;
}

void draw_text(Canvas& canvas, Point at, std::string_view text, const LabelStyle& style) {
  LabelStyle part_style = style;
  if (style.align == LabelStyle::Align::centre || style.align == LabelStyle::Align::right) {
    const double width = measured(canvas, text, style.size, style.bold);
    at.x -= style.align == LabelStyle::Align::centre ? width / 2 : width;
    part_style.align = LabelStyle::Align::left;
  }
  while (!text.empty()) {
    const Part part = next_part(text);
    part_style.size = part.raised ? kRaisedSize * style.size : style.size;
    canvas.text({at.x, at.y - (part.raised ? kRaise * style.size : 0)}, part.text, part_style);
    at.x += canvas.text_width(part.text, part_style.size, style.bold);
  }
}

std::string fitting(const Canvas& canvas, std::string_view text, double size, double width) {
  if (measured(canvas, text, size) <= width) return std::string(text);
  while (!text.empty()) {
    // A whole character at a time: the bytes that continue one begin with the bits 10.
    do {
      text.remove_suffix(1);
    } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80);
    while (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.remove_suffix(1);
    std::string shorter = std::string(text) + "…";
    if (measured(canvas, shorter, size) <= width) return shorter;
  }
  return "";
}

}  // namespace lab
