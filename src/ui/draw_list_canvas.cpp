#include "ui/draw_list_canvas.h"

#include <imgui.h>

#include <cmath>
#include <vector>

#include "ui/fonts.h"

namespace lab {
namespace {

ImVec2 vec(Point p) { return {static_cast<float>(p.x), static_cast<float>(p.y)}; }

ImU32 packed(Colour c) { return IM_COL32(c.red, c.green, c.blue, c.alpha); }

// ImGui's font sizes are heights of a line.
float line_size(double em) { return static_cast<float>(em) * kFontLineHeight; }

std::vector<ImVec2> converted(std::span<const Point> points) {
  std::vector<ImVec2> result;
  result.reserve(points.size());
  for (const Point& p : points) result.push_back(vec(p));
  return result;
}

}  // namespace

void DrawListCanvas::polyline(std::span<const Point> points, Colour colour, double width) {
  // ImGui turns a corner at every point; between two at the same place it has no direction.
  std::vector<ImVec2> line;
  line.reserve(points.size());
  for (const Point& p : points) {
    const ImVec2 next = vec(p);
    const bool repeated = !line.empty() && std::abs(line.back().x - next.x) < 0.01f &&
                          std::abs(line.back().y - next.y) < 0.01f;
    if (!repeated) line.push_back(next);
  }
  list_.AddPolyline(line.data(), static_cast<int>(line.size()), packed(colour), ImDrawFlags_None,
                    static_cast<float>(width));
}

void DrawListCanvas::band(std::span<const Point> upper, std::span<const Point> lower,
                          Colour colour) {
  // Neighbouring quadrilaterals with soft edges would show their seams.
  const ImDrawListFlags flags = list_.Flags;
  list_.Flags &= ~ImDrawListFlags_AntiAliasedFill;
  for (std::size_t i = 1; i < upper.size(); ++i) {
    list_.AddQuadFilled(vec(upper[i - 1]), vec(upper[i]), vec(lower[i]), vec(lower[i - 1]),
                        packed(colour));
  }
  list_.Flags = flags;
}

void DrawListCanvas::polygon(std::span<const Point> points, Colour fill) {
  const std::vector<ImVec2> corners = converted(points);
  list_.AddConvexPolyFilled(corners.data(), static_cast<int>(corners.size()), packed(fill));
}

void DrawListCanvas::rectangle(const Rect& rect, Colour fill, double corner) {
  list_.AddRectFilled(vec({rect.x, rect.y}), vec({rect.right(), rect.bottom()}), packed(fill),
                      static_cast<float>(corner));
}

void DrawListCanvas::marker(Point c, Marker shape, double r, Colour fill, Colour outline) {
  constexpr float kOutline = 1;  // whole: ImGui then draws it with half the vertices
  const float radius = static_cast<float>(r);
  if (shape == Marker::circle) {
    list_.AddCircleFilled(vec(c), radius, packed(fill));
    list_.AddCircle(vec(c), radius, packed(outline), 0, kOutline);
    return;
  }
  const std::vector<ImVec2> points = converted(marker_corners(shape, c, r));
  const int count = static_cast<int>(points.size());
  list_.AddConvexPolyFilled(points.data(), count, packed(fill));
  list_.AddPolyline(points.data(), count, packed(outline), ImDrawFlags_Closed, kOutline);
}

void DrawListCanvas::text(Point at, std::string_view text, const LabelStyle& style) {
  ImFont* face = font(style.bold ? FontRole::semibold : FontRole::regular);
  const float size = line_size(style.size);
  if (style.align != LabelStyle::Align::left) {
    const double width = text_width(text, style.size, style.bold);
    at.x -= style.align == LabelStyle::Align::centre ? width / 2 : width;
  }
  const float ascent = face->Ascent * size / face->FontSize;
  list_.AddText(face, size, {static_cast<float>(at.x), static_cast<float>(at.y) - ascent},
                packed(style.colour), text.data(), text.data() + text.size());
}

double DrawListCanvas::text_width(std::string_view text, double size, bool bold) const {
  ImFont* face = font(bold ? FontRole::semibold : FontRole::regular);
  return face
      ->CalcTextSizeA(line_size(size), FLT_MAX, 0.0f, text.data(), text.data() + text.size())
      .x;
}

void DrawListCanvas::clip(const Rect& rect) {
  list_.PushClipRect(vec({rect.x, rect.y}), vec({rect.right(), rect.bottom()}), true);
}

void DrawListCanvas::unclip() { list_.PopClipRect(); }

}  // namespace lab
