// Figures on screen: a canvas over ImDrawList. Widths of text are those of the project's font, so that a
// figure lies on screen as it does in an SVG file.
#pragma once

#include "figure/canvas.h"

struct ImDrawList;

namespace lab {

class DrawListCanvas final : public Canvas {
 public:
  // The list must outlive the canvas.
  explicit DrawListCanvas(ImDrawList& list) : list_(list) {}

  void polyline(std::span<const Point> points, Colour colour, double width) override;
  void band(std::span<const Point> upper, std::span<const Point> lower, Colour colour) override;
  void polygon(std::span<const Point> points, Colour fill) override;
  void rectangle(const Rect& rect, Colour fill, double corner) override;
  void marker(Point centre, Marker shape, double radius, Colour fill, Colour outline) override;
  void text(Point at, std::string_view text, const LabelStyle& style) override;
  double text_width(std::string_view text, double size, bool bold) const override;
  void clip(const Rect& rect) override;
  void unclip() override;

 private:
  ImDrawList& list_;
};

}  // namespace lab
