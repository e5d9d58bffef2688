#include "figure/svg.h"

#include <algorithm>
#include <cmath>

#include "core/decimal.h"
#include "figure/font.h"
#include "figure/summary.h"

namespace lab {
namespace {

// Hundredths of a pixel are enough, and make small files.
std::string number(double value) {
  return fixed_text(value, 2);
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        // Control characters are not allowed in XML.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') result += c;
    }
  }
  return result;
}

std::string hex(Colour colour) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t part : {colour.red, colour.green, colour.blue}) {
    text += kDigits[part >> 4];
    text += kDigits[part & 15];
  }
  return text;
}

// ` fill="#.." fill-opacity=".."`
std::string paint(std::string_view attribute, Colour colour) {
  const std::string name(attribute);
  std::string text = " " + name + "=\"" + hex(colour) + "\"";
  if (colour.alpha != 255) text += " " + name + "-opacity=\"" + number(colour.alpha / 255.0) + "\"";
  return text;
}

std::string points_text(std::span<const Point> points) {
  std::string text;
  for (const Point& p : points) {
    if (!text.empty()) text += ' ';
    text += number(p.x) + "," + number(p.y);
  }
  return text;
}

}  // namespace

SvgCanvas::SvgCanvas(double width, double height, Colour background, std::string_view title,
                     std::string_view description) {
  const std::string w = number(width), h = number(height);
  out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h +
         "\" viewBox=\"0 0 " + w + " " + h + "\" role=\"img\" font-family=\"" +
         std::string(kFontFamily) + "\">\n<title>" + escaped(title) + "</title>\n<desc>" +
         escaped(description) + "</desc>\n<rect width=\"" + w + "\" height=\"" + h + "\"" +
         paint("fill", background) + "/>\n";
}

void SvgCanvas::polyline(std::span<const Point> points, Colour colour, double width) {
  if (points.size() < 2) return;
  out_ += "<polyline points=\"" + points_text(points) + "\" fill=\"none\"" +
          paint("stroke", colour) + " stroke-width=\"" + number(width) +
          "\" stroke-linejoin=\"round\"/>\n";
}

void SvgCanvas::band(std::span<const Point> upper, std::span<const Point> lower, Colour colour) {
  std::vector<Point> around(upper.begin(), upper.end());
  around.insert(around.end(), lower.rbegin(), lower.rend());
  polygon(around, colour);
}

void SvgCanvas::polygon(std::span<const Point> points, Colour fill) {
  if (points.size() < 3) return;
  out_ += "<polygon points=\"" + points_text(points) + "\"" + paint("fill", fill) + "/>\n";
}

void SvgCanvas::rectangle(const Rect& rect, Colour fill, double corner) {
  out_ += "<rect x=\"" + number(rect.x) + "\" y=\"" + number(rect.y) + "\" width=\"" +
          number(std::max(rect.width, 0.0)) + "\" height=\"" + number(std::max(rect.height, 0.0)) +
          "\"" + (corner > 0 ? " rx=\"" + number(corner) + "\"" : "") + paint("fill", fill) +
          "/>\n";
}

void SvgCanvas::marker(Point c, Marker shape, double r, Colour fill, Colour outline) {
  const std::string style =
      paint("fill", fill) + paint("stroke", outline) + " stroke-width=\"1.2\"/>\n";
  if (shape == Marker::circle) {
    out_ += "<circle cx=\"" + number(c.x) + "\" cy=\"" + number(c.y) + "\" r=\"" + number(r) +
            "\"" + style;
    return;
  }
  // From the first corner in steps, which are the same for all markers: a cloud of them compresses
  // well.
  const std::vector<Point> corners = marker_corners(shape, {0, 0}, r);
  out_ += "<path d=\"M" + number(c.x + corners[0].x) + "," + number(c.y + corners[0].y) + "l";
  for (std::size_t i = 1; i < corners.size(); ++i) {
    if (i > 1) out_ += " ";
    out_ += number(corners[i].x - corners[i - 1].x) + "," + number(corners[i].y - corners[i - 1].y);
  }
  out_ += "z\"" + style;
}

void SvgCanvas::text(Point at, std::string_view text, const LabelStyle& style) {
  out_ += "<text x=\"" + number(at.x) + "\" y=\"" + number(at.y) + "\" font-size=\"" +
          number(style.size) + "\"" + paint("fill", style.colour);
  if (style.bold) out_ += " font-weight=\"600\"";
  if (style.align == LabelStyle::Align::centre) out_ += " text-anchor=\"middle\"";
  if (style.align == LabelStyle::Align::right) out_ += " text-anchor=\"end\"";
  out_ += ">" + escaped(text) + "</text>\n";
}

double SvgCanvas::text_width(std::string_view text, double size, bool bold) const {
  return font_width(text, size, bold);
}

void SvgCanvas::clip(const Rect& rect) {
  // Pictures that are put into one document share their names: the same name is the same rectangle.
  std::string id = "clip";
  for (const double side : {rect.x, rect.y, rect.width, rect.height}) id += "_" + number(side);
  std::ranges::replace(id, '.', '-');
  out_ += "<clipPath id=\"" + id + "\"><rect x=\"" + number(rect.x) + "\" y=\"" + number(rect.y) +
          "\" width=\"" + number(rect.width) + "\" height=\"" + number(rect.height) +
          "\"/></clipPath>\n<g clip-path=\"url(#" + id + ")\">\n";
}

void SvgCanvas::unclip() {
  out_ += "</g>\n";
}

std::string SvgCanvas::finish() {
  return std::move(out_ += "</svg>\n");
}

std::string svg(const Figure& figure, const FigureData& data, const View& view, double width,
                double height, const Theme& theme) {
  SvgCanvas canvas(width, height, theme.background, figure.title, summary(figure, data));
  constexpr double kMargin = 12;
  const Plot plot(figure, data, view, {kMargin, kMargin, width - 2 * kMargin, height - 2 * kMargin},
                  theme, canvas, true);
  plot.draw(canvas);
  return canvas.finish();
}

}  // namespace lab
