// A canvas that remembers what was drawn on it, for tests of what a figure draws and where.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "figure/canvas.h"
#include "figure/font.h"

namespace lab {

class DrawnCanvas final : public Canvas {
 public:
  struct Text {
    Rect box;
    std::string text;
  };

  void polyline(std::span<const Point> points, Colour, double) override {
    lines.emplace_back(points.begin(), points.end());
  }
  void band(std::span<const Point> upper, std::span<const Point>, Colour) override {
    bands.emplace_back(upper.begin(), upper.end());
  }
  void polygon(std::span<const Point> points, Colour) override {
    polygons.emplace_back(points.begin(), points.end());
  }
  void rectangle(const Rect& rect, Colour, double) override { rectangles.push_back(rect); }
  void marker(Point centre, Marker, double, Colour, Colour) override { markers.push_back(centre); }
  void text(Point at, std::string_view text, const LabelStyle& style) override {
    const double width = text_width(text, style.size, style.bold);
    if (style.align == LabelStyle::Align::centre) at.x -= width / 2;
    if (style.align == LabelStyle::Align::right) at.x -= width;
    texts.push_back(
        {{at.x, at.y - 0.75 * style.size, width, 0.95 * style.size}, std::string(text)});
  }
  double text_width(std::string_view text, double size, bool bold) const override {
    return font_width(text, size, bold);
  }
  void clip(const Rect&) override { ++clips; }
  void unclip() override { --clips; }

  bool has_text(std::string_view wanted) const {
    for (const Text& t : texts) {
      if (t.text.find(wanted) != std::string::npos) return true;
    }
    return false;
  }

  std::vector<std::vector<Point>> lines, bands, polygons;
  std::vector<Rect> rectangles;
  std::vector<Point> markers;
  std::vector<Text> texts;
  int clips = 0;
};

}  // namespace lab
