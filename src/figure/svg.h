// A figure as an SVG file: a canvas that writes.
#pragma once

#include <string>
#include <string_view>

#include "figure/canvas.h"
#include "figure/figure.h"
#include "figure/plot.h"

namespace lab {

class SvgCanvas final : public Canvas {
 public:
  // title and description: for screen readers.
  SvgCanvas(double width, double height, Colour background, std::string_view title,
            std::string_view description);

  void polyline(std::span<const Point> points, Colour colour, double width) override;
  void band(std::span<const Point> upper, std::span<const Point> lower, Colour colour) override;
  void polygon(std::span<const Point> points, Colour fill) override;
  void rectangle(const Rect& rect, Colour fill, double corner) override;
  void marker(Point centre, Marker shape, double radius, Colour fill, Colour outline) override;
  void text(Point at, std::string_view text, const LabelStyle& style) override;
  double text_width(std::string_view text, double size, bool bold) const override;
  void clip(const Rect& rect) override;
  void unclip() override;

  // The whole document. Nothing can be drawn afterwards.
  std::string finish();

 private:
  std::string out_;
};

// The figure with its title and caption as a document of that size.
std::string svg(const Figure& figure, const FigureData& data, const View& view, double width,
                double height, const Theme& theme);

}  // namespace lab
