#include "figure/plot.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "figure/drawn.h"

using namespace lab;

namespace {

Curve curve(std::vector<double> y) {
  Curve result;
  for (std::size_t i = 0; i < y.size(); ++i) result.x.push_back(static_cast<double>(i));
  result.y = std::move(y);
  return result;
}

Figure figure_of(Form form) {
  return {.name = "f",
          .title = "A title that is rather long for a small figure",
          .form = form,
          .x = {.label = "updates"},
          .y = {.label = "loss", .unit = "nats"},
          .sources = {},
          .caption = "",
          .absent = "no data here",
          .mark_label = "proven bound",
          .groups = {"y = −1", "y = +1"}};
}

FigureData example(Form form) {
  FigureData data;
  switch (form) {
    case Form::lines:
    case Form::curves:
      for (int i = 0; i < 5; ++i) {
        data.lines.push_back({.label = "normalised batch perceptron " + std::to_string(i),
                              .colour = static_cast<std::size_t>(i),
                              .curves = {curve({1e4 / (i + 1), 300, 20, 1e-3, 1e-9})},
                              .mean = {}});
      }
      break;
    case Form::scatter:
      data.points = {{.label = "y = −1", .colour = 0, .points = {{-1, 0}, {-2, 1}}, .rows = {0, 1}},
                     {.label = "y = +1", .colour = 1, .points = {{1, 0}, {2, 1}}, .rows = {2, 3}}};
      data.boundaries = {{.label = "LR+GD", .colour = 0, .a = 1, .b = 0.2, .c = 0}};
      break;
    case Form::bars:
      for (int i = 0; i < 5; ++i) {
        data.bars.push_back({.label = "normalised batch perceptron",
                             .colour = static_cast<std::size_t>(i),
                             .value = 100.0 * (i + 1),
                             .low = 90.0 * (i + 1),
                             .high = 110.0 * (i + 1),
                             .seeds = {90.0 * (i + 1), 110.0 * (i + 1)},
                             .mark = 1e6});
      }
      break;
    case Form::heat_map:
      data.grids = {{.label = "m", .rows = 3, .columns = 4, .values = std::vector<double>(12, 1.5)}};
      data.grids[0].values[3] = -2;
      break;
    case Form::histogram:
      data.samples = {{.label = "LR+GD", .colour = 0, .values = {-1, 0, 0.2, 0.3, 0.4, 2}}};
      break;
  }
  return data;
}

constexpr Form kForms[] = {Form::lines,    Form::scatter,   Form::bars,
                           Form::heat_map, Form::histogram, Form::curves};

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.right() - 0.5 && b.x < a.right() - 0.5 && a.y < b.bottom() - 0.5 &&
         b.y < a.bottom() - 0.5;
}

}  // namespace

TEST_CASE("no text overlaps another or leaves the area, at any size") {
  for (const Form form : kForms) {
    const Figure figure = figure_of(form);
    const FigureData data = example(form);
    for (const bool log : {false, true}) {
      for (const auto& [width, height] :
           std::vector<std::pair<double, double>>{{220, 200}, {340, 240}, {600, 320}, {1800, 900}}) {
        DrawnCanvas canvas;
        const View view = {.x = {}, .y = {}, .log_x = log, .log_y = log, .hidden = {}};
        const Rect area = {10, 20, width, height};
        const Plot plot(figure, data, view, area, light_theme(), canvas, true);
        plot.draw(canvas);
        CHECK(canvas.clips == 0);
        for (std::size_t i = 0; i < canvas.texts.size(); ++i) {
          const auto& [box, text] = canvas.texts[i];
          INFO(name(form), " ", width, "x", height, (log ? " log" : ""), " '", text, "'");
          CHECK(box.x >= area.x - 8);
          CHECK(box.right() <= area.right() + 8);
          CHECK(box.bottom() <= area.bottom() + 4);
          for (std::size_t j = 0; j < i; ++j) {
            INFO("and '", canvas.texts[j].text, "'");
            CHECK_FALSE(overlap(box, canvas.texts[j].box));
          }
        }
      }
    }
  }
}

TEST_CASE("a figure without numbers says why") {
  const Figure figure = figure_of(Form::scatter);
  const FigureData data;
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 300}, dark_theme(), canvas, false);
  plot.draw(canvas);
  CHECK(canvas.has_text("no data here"));
  CHECK_FALSE(plot.read({200, 150}));
}

TEST_CASE("a line passes through its numbers, and the cursor reads them off") {
  const Figure figure = figure_of(Form::lines);
  FigureData data;
  data.lines = {{.label = "a", .colour = 0, .curves = {curve({4, 2, 1})}, .mean = {}}};
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 300}, light_theme(), canvas, false);
  plot.draw(canvas);
  const Point wanted = {plot.x().pixel(1), plot.y().pixel(2)};
  bool passes = false;
  for (const auto& line : canvas.lines) {
    for (const Point& p : line) passes |= std::hypot(p.x - wanted.x, p.y - wanted.y) < 1e-6;
  }
  CHECK(passes);
  const auto read = plot.read({wanted.x + 3, 100});
  REQUIRE(read);
  CHECK(read->heading == "updates 1");
  REQUIRE(read->rows.size() == 1);
  CHECK(read->rows[0].value == "2");
}

TEST_CASE("what shares a label stands in the legend once, and the nearest of it is read off") {
  const Figure figure = figure_of(Form::curves);
  FigureData data;
  for (const double level : {1.0, 2.0, 3.0}) {
    data.lines.push_back(
        {.label = "path", .colour = 0, .curves = {curve({level, level})}, .mean = {}});
  }
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 300}, light_theme(), canvas, false);
  plot.draw(canvas);
  CHECK(plot.legend().size() == 1);
  const auto read = plot.read({plot.x().pixel(1) - 2, plot.y().pixel(2) + 3});
  REQUIRE(read);
  REQUIRE(read->rows.size() == 1);
  CHECK(read->rows[0].value == "2");
}

TEST_CASE("zeros on a log scale leave a gap, not a line to nowhere") {
  const Figure figure = figure_of(Form::lines);
  FigureData data;
  data.lines = {{.label = "a", .colour = 0, .curves = {curve({8, 4, 0, 2, 1})}, .mean = {}}};
  DrawnCanvas canvas;
  const View view = {.x = {}, .y = {}, .log_x = {}, .log_y = true, .hidden = {}};
  const Plot plot(figure, data, view, {0, 0, 400, 300}, light_theme(), canvas, false);
  plot.draw(canvas);
  const double gap = plot.x().pixel(2);
  for (const auto& line : canvas.lines) {
    if (line.size() != 2 || line[0].y == line[1].y || line[0].x == line[1].x) continue;
    CHECK_FALSE((line[0].x < gap && line[1].x > gap));
  }
}

TEST_CASE("a long series costs a line of no more points than the screen has columns") {
  Curve long_curve;
  for (int i = 0; i < 100'000; ++i) {
    long_curve.x.push_back(i);
    long_curve.y.push_back(i % 2 ? 1 : 10);
    long_curve.low.push_back(0.5);
    long_curve.high.push_back(20);
  }
  FigureData data;
  data.lines = {{.label = "a", .colour = 0, .curves = {std::move(long_curve)}, .mean = {}}};
  const Figure figure = figure_of(Form::lines);
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 500, 300}, light_theme(), canvas, false);
  plot.draw(canvas);
  for (const auto& line : canvas.lines) CHECK(line.size() < 3 * 800);
  REQUIRE(canvas.bands.size() == 1);
  CHECK(canvas.bands[0][5].y == doctest::Approx(plot.y().pixel(20)));
}

TEST_CASE("what is hidden is not drawn, keeps its place in the legend, and frees its range") {
  const Figure figure = figure_of(Form::lines);
  FigureData data;
  data.lines = {{.label = "small", .colour = 0, .curves = {curve({1, 2})}, .mean = {}},
                {.label = "large", .colour = 1, .curves = {curve({1, 1000})}, .mean = {}}};
  View view;
  view.toggle("large");
  DrawnCanvas canvas;
  const Plot plot(figure, data, view, {0, 0, 400, 300}, light_theme(), canvas, false);
  CHECK(plot.y().range().high < 10);
  REQUIRE(plot.legend().size() == 2);
  CHECK(plot.legend()[1].hidden);
  view.toggle("large");
  CHECK(view.shows("large"));
}

TEST_CASE("a scatter has the same unit on both axes, and finds the point under a finger") {
  const Figure figure = figure_of(Form::scatter);
  const FigureData data = example(Form::scatter);
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 500, 300}, light_theme(), canvas, false);
  const double unit_x = plot.x().pixel(1) - plot.x().pixel(0);
  const double unit_y = plot.y().pixel(0) - plot.y().pixel(1);
  CHECK(unit_x == doctest::Approx(unit_y));
  const Point at = {plot.x().pixel(2) + 3, plot.y().pixel(1) - 2};
  const auto hit = plot.point_at(at, 8);
  REQUIRE(hit);
  CHECK(hit->set == 1);
  CHECK(hit->index == 1);
  CHECK_FALSE(plot.point_at({plot.x().pixel(0), plot.y().pixel(0.5)}, 4));
}

TEST_CASE("handles lie at their field's value") {
  Figure figure = figure_of(Form::lines);
  figure.handles = {{Handle::Kind::vertical, "limit"}};
  FigureData data;
  data.lines = {{.label = "a", .colour = 0, .curves = {curve({4, 2, 1, 0.5})}, .mean = {}}};
  data.handles = {2.0};
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 300}, light_theme(), canvas, false);
  const double x = plot.x().pixel(2);
  CHECK(plot.handle_at({x + 2, 150}, 6) == 0u);
  CHECK_FALSE(plot.handle_at({x + 20, 150}, 6));
}
