#include "figure/svg.h"

#include <doctest/doctest.h>

#include <string>

using namespace lab;

namespace {

Figure figure() {
  return {.name = "f",
          .title = "Loss & <errors>",
          .form = Form::lines,
          .x = {.label = "updates", .unit = "", .log = true},
          .y = {.label = "loss", .unit = "nats"},
          .sources = {}};
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("an SVG is well formed, described in words, and the same every time") {
  FigureData data;
  data.lines = {{.label = "a \"b\"",
                 .colour = 0,
                 .curves = {{.x = {0, 1, 2, 1000}, .y = {4, 3, 2, 1}, .low = {}, .high = {}}},
                 .mean = {}}};
  const View view;
  const std::string text = svg(figure(), data, view, 640, 400, light_theme());
  CHECK(text.starts_with("<svg "));
  CHECK(text.ends_with("</svg>\n"));
  CHECK(text.find("Loss &amp; &lt;errors&gt;") != std::string::npos);
  CHECK(text.find("a &quot;b&quot;") != std::string::npos);
  CHECK(text.find("<desc>") != std::string::npos);
  CHECK(count(text, "<g ") == count(text, "</g>"));
  CHECK(count(text, "<text ") == count(text, "</text>"));
  CHECK(count(text, "nan") == 0);
  CHECK(count(text, "inf") == 0);
  CHECK(text == svg(figure(), data, view, 640, 400, light_theme()));
  CHECK(text != svg(figure(), data, view, 640, 400, dark_theme()));
}

TEST_CASE("raised exponents are smaller text, not carets") {
  FigureData data;
  data.lines = {{.label = "a",
                 .colour = 0,
                 .curves = {{.x = {1, 1e6}, .y = {4, 3}, .low = {}, .high = {}}},
                 .mean = {}}};
  const std::string text = svg(figure(), data, {}, 640, 400, light_theme());
  CHECK(text.find('^') == std::string::npos);
  CHECK(text.find("font-size=\"9\"") != std::string::npos);
}
