#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "figure/drawn.h"
#include "figure/plot.h"
#include "figure/summary.h"

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

// A full tree of this depth, its questions long.
DecisionTree tree_of(std::size_t depth) {
  DecisionTree tree = {.label = "tree", .nodes = {}, .classes = {"malignant", "benign"}};
  tree.nodes.resize((std::size_t{2} << depth) - 1);
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    DecisionTree::Node& node = tree.nodes[i];
    node.counts[0] = static_cast<double>(i % 3);
    node.counts[1] = static_cast<double>(tree.nodes.size() - i);
    if (2 * i + 2 >= tree.nodes.size()) continue;
    node.question = "worst concave points ≤ 0.1358";
    node.left = 2 * i + 1;
    node.right = 2 * i + 2;
    tree.nodes[node.left].depth = tree.nodes[node.right].depth = node.depth + 1;
  }
  return tree;
}

FigureData example(Form form) {
  FigureData data;
  switch (form) {
    case Form::lines:
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
      data.grids = {
          {.label = "m", .rows = 3, .columns = 4, .values = std::vector<double>(12, 1.5)}};
      data.grids[0].values[3] = -2;
      break;
    case Form::curves:
      for (int i = 0; i < 3; ++i) {
        Curve one = curve({90, 95, 93});
        one.low = {88, 94, 90};
        one.high = {92, 96, 95};
        data.lines.push_back({.label = "curve " + std::to_string(i),
                              .colour = static_cast<std::size_t>(i),
                              .curves = {std::move(one)},
                              .mean = {}});
      }
      break;
    case Form::paired:
      for (int i = 0; i < 20; ++i) {
        data.samples.push_back({.label = "normalised batch perceptron " + std::to_string(i),
                                .colour = static_cast<std::size_t>(i),
                                .values = {90.0 + i, 91, 91, 91, 95}});
      }
      break;
    case Form::tree:
      data.trees = {tree_of(4)};
      break;
    case Form::token_strip:
      for (int i = 0; i < 3; ++i) {
        data.strips.push_back({.label = "after a thousand updates " + std::to_string(i),
                               .tokens = {},
                               .values = std::vector<double>(60, 0.5)});
        for (int t = 0; t < 61; ++t)
          data.strips[i].tokens.push_back(t % 9 == 8 ? ".\n" : t % 2 ? " token" : "s");
        data.strips[i].values[3] = 7;
      }
      break;
    case Form::histogram:
      data.samples = {{.label = "LR+GD", .colour = 0, .values = {-1, 0, 0.2, 0.3, 0.4, 2}}};
      break;
  }
  return data;
}

constexpr Form kForms[] = {Form::lines,    Form::scatter,   Form::bars,
                           Form::heat_map, Form::histogram, Form::curves,
                           Form::paired,   Form::tree,      Form::token_strip};

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.right() - 0.5 && b.x < a.right() - 0.5 && a.y < b.bottom() - 0.5 &&
         b.y < a.bottom() - 0.5;
}

}  // namespace

TEST_CASE("a heat map with an extent lies on the axes, in equal steps of their scale") {
  Figure figure = figure_of(Form::heat_map);
  figure.x = {.label = "step size", .unit = "", .log = true};
  figure.colour = {.label = "updates", .unit = "", .log = true};
  FigureData data;
  data.grids = {{.label = "m",
                 .rows = 2,
                 .columns = 3,
                 .x_low = 1,
                 .x_high = 1000,
                 .y_low = 0,
                 .y_high = 4,
                 .values = {1, 10, 100, 2, 20, 200},
                 .extended = true}};
  const DrawnCanvas canvas;
  const Plot plot(figure, data, {}, {0, 0, 500, 300}, light_theme(), canvas, true);
  CHECK(plot.x().range() == Range{1, 1000});
  CHECK(plot.y().range() == Range{0, 4});
  const auto read = [&](double x, double y) {
    return plot.read({plot.x().pixel(x), plot.y().pixel(y)})->rows.back();
  };
  CHECK(read(5, 1).label == "updates");
  CHECK(read(5, 1).value == "1");  // 1 .. 10 is the first of three columns
  CHECK(read(50, 1).value == "10");
  CHECK(read(500, 3).value == "200");
  CHECK(summary(figure, data).find("over step size from 1 to 1000") != std::string::npos);
  CHECK(csv(figure, data).find("m,1,31.6227766016") != std::string::npos);
}

TEST_CASE("a heat map names its rows and columns and says what stands in its cells") {
  Figure figure = figure_of(Form::heat_map);
  figure.x.label = "token";
  figure.y = {.label = "layer"};
  figure.colour = {.label = "probability"};
  FigureData data;
  data.grids = {{.label = "m",
                 .rows = 2,
                 .columns = 3,
                 .values = {0.1, 0.2, 0.3, 0.4, 0.9, 0.5},
                 .row_names = {"embedding", "layer 1"},
                 .column_names = {"the", "old", "king"},
                 .texts = {"a", "b", "c", "d", "said", "f"}}};
  DrawnCanvas canvas;
  const Plot plot(figure, data, {}, {0, 0, 500, 300}, light_theme(), canvas, true);
  plot.draw(canvas);
  for (const char* text : {"embedding", "layer 1", "king", "said"}) CHECK(canvas.has_text(text));
  CHECK_FALSE(canvas.has_text("3"));
  const auto read = plot.read({plot.inner().x + plot.inner().width / 2, plot.inner().bottom() - 5});
  REQUIRE(read);
  CHECK(read->heading == "said");
  CHECK(read->rows[0].value == "layer 1");
  CHECK(read->rows[1].value == "old");
  CHECK(summary(figure, data).ends_with("The largest: layer 1, old, said."));
  CHECK(csv(figure, data)
            .starts_with("matrix,layer,token,probability,in the cell\nm,embedding,the,0.1,a\n"));
}

TEST_CASE("a token strip keeps words together, breaks at line breaks and shows its end") {
  Figure figure = figure_of(Form::token_strip);
  figure.groups = {};
  figure.colour = {.label = "surprisal", .unit = "nats"};
  FigureData data;
  data.strips = {{.label = "",
                  .tokens = {"Once", " up", "on", " a", " time.\n", "The", " end"},
                  .values = {1, 2, 3, 0.5, 9, 1}}};
  const auto places = [&](double width, double height, DrawnCanvas& canvas) {
    const Plot plot(figure, data, {}, {0, 0, width, height}, light_theme(), canvas, false);
    plot.draw(canvas);
    return plot;
  };
  const auto box_of = [](const DrawnCanvas& canvas, std::string_view text) {
    for (const DrawnCanvas::Text& t : canvas.texts)
      if (t.text == text) return t.box;
    return Rect{};
  };
  DrawnCanvas wide, narrow, low;
  const Plot plot = places(500, 200, wide);
  CHECK(box_of(wide, "up").y == box_of(wide, "Once").y);
  CHECK(box_of(wide, "The").y > box_of(wide, "Once").y);  // behind the line break
  // The first token has no number: six rectangles, and those of the scale.
  CHECK(wide.rectangles.size() == 24 + 6);
  const Rect most = box_of(wide, "The");
  const auto read = plot.read({most.x + 2, most.y + 4});
  REQUIRE(read);
  CHECK(read->heading == "“The”");
  CHECK(read->rows.back().value == "9");
  // " up" and "on" are one word: both are on the second line.
  places(62, 200, narrow);
  CHECK(box_of(narrow, "up").y > box_of(narrow, "Once").y);
  CHECK(box_of(narrow, "up").y == box_of(narrow, "on").y);
  // Where there is room for two lines, the last one and what is left out.
  places(500, 62, low);
  CHECK(low.has_text("… 5 tokens before"));
  CHECK(low.has_text("end"));
  CHECK_FALSE(low.has_text("Once"));
  CHECK(
      summary(figure, data)
          .ends_with("Text: “Once upon a time.\nThe end”. Largest surprisal (nats): 9 of “The”."));
  CHECK(csv(figure, data).starts_with("text,number,token,surprisal\n,1,Once,\n,2, up,1\n"));
}

TEST_CASE("a token strip of groups has their colours, and a legend") {
  Figure figure = figure_of(Form::token_strip);
  figure.groups = {"base", "expert"};
  FigureData data;
  data.strips = {{.label = "", .tokens = {"a", " b", " c"}, .values = {0, 1, 7}}};
  DrawnCanvas canvas;
  const Plot plot(figure, data, {}, {0, 0, 300, 100}, light_theme(), canvas, false);
  plot.draw(canvas);
  CHECK(plot.legend().size() == 2);
  CHECK(canvas.rectangles.size() == 2);  // there is no group 7
  const auto read = plot.read({plot.inner().x + 14, plot.inner().y + 8});
  REQUIRE(read);
  CHECK(read->rows.back().label == "expert");
  CHECK(summary(figure, data).ends_with("base: 1 tokens. expert: 1 tokens."));
}

TEST_CASE("no text overlaps another or leaves the area, at any size") {
  for (const Form form : kForms) {
    const Figure figure = figure_of(form);
    const FigureData data = example(form);
    for (const bool log : {false, true}) {
      for (const auto& [width, height] : std::vector<std::pair<double, double>>{
               {220, 200}, {340, 240}, {600, 320}, {1800, 900}}) {
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

TEST_CASE("curves mark where they were measured, and the cursor reads the interval") {
  const Figure figure = figure_of(Form::curves);
  const FigureData data = example(Form::curves);
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 300}, light_theme(), canvas, false);
  plot.draw(canvas);
  CHECK(canvas.markers.size() == 9);
  CHECK(canvas.bands.size() == 3);
  const auto read = plot.read({plot.x().pixel(1), 150});
  REQUIRE(read);
  CHECK(read->rows[0].value == "95 [94, 96]");
  // A value between 0 and 1 is on a log axis too: it is no step.
  FigureData small;
  small.lines = {{.label = "a",
                  .colour = 0,
                  .curves = {{.x = {1e-3, 1}, .y = {1, 2}, .low = {}, .high = {}}},
                  .mean = {}}};
  const View log = {.x = {}, .y = {}, .log_x = true, .log_y = {}, .hidden = {}};
  const Plot wide(figure, small, log, {0, 0, 400, 300}, light_theme(), canvas, false);
  CHECK(wide.x().range().low == 1e-3);
}

TEST_CASE("more bars than fit: the first ones, and how many are left out") {
  const Figure figure = figure_of(Form::bars);
  FigureData data;
  for (int i = 0; i < 40; ++i) {
    data.bars.push_back({.label = "feature " + std::to_string(i),
                         .value = 1.0,
                         .low = 1,
                         .high = 1,
                         .seeds = {},
                         .mark = {}});
  }
  data.bars[0].value = -2;
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 240}, light_theme(), canvas, false);
  plot.draw(canvas);
  CHECK(canvas.has_text("feature 0"));
  CHECK_FALSE(canvas.has_text("feature 39"));
  CHECK(canvas.has_text(" more"));
}

TEST_CASE("paired numbers: one dot each, equal ones side by side, joined to the next row") {
  const Figure figure = figure_of(Form::paired);
  FigureData data;
  data.samples = {{.label = "A", .colour = 0, .values = {90, 95, 95}},
                  {.label = "B", .colour = 1, .values = {91, 95, 93}}};
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 200}, light_theme(), canvas, false);
  plot.draw(canvas);
  REQUIRE(canvas.markers.size() == 6);
  CHECK(canvas.markers[1].x == canvas.markers[2].x);
  CHECK(std::abs(canvas.markers[1].y - canvas.markers[2].y) > 4);
  std::size_t joined = 0;
  for (const auto& line : canvas.lines) {
    joined += line.size() == 2 && line[0].x == canvas.markers[0].x &&
                      line[1].x == canvas.markers[3].x && line[0].y == canvas.markers[0].y
                  ? 1
                  : 0;
  }
  CHECK(joined == 1);
  const auto read = plot.read({canvas.markers[0].x + 1, canvas.markers[0].y});
  REQUIRE(read);
  CHECK(read->heading == "A");
  CHECK(read->rows[0].value == "90");
  CHECK(read->rows[1].value == "93.33");
}

TEST_CASE("a tree: yes to the left, the question and counts under the cursor") {
  Figure figure = figure_of(Form::tree);
  FigureData data;
  data.trees = {tree_of(1)};
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 240}, light_theme(), canvas, false);
  plot.draw(canvas);
  CHECK(canvas.has_text("worst concave points ≤ 0.1358"));
  CHECK(canvas.has_text("malignant"));
  REQUIRE(canvas.markers.size() == 5);  // two of the legend
  const Point root = canvas.markers[2], left = canvas.markers[3], right = canvas.markers[4];
  CHECK(left.x < root.x);
  CHECK(right.x > root.x);
  CHECK(left.y > root.y);
  const auto read = plot.read({root.x + 2, root.y});
  REQUIRE(read);
  CHECK(read->heading == "worst concave points ≤ 0.1358?");
  CHECK(read->rows[1].label == "benign");
  CHECK(plot.read({left.x, left.y})->heading == "leaf");
  CHECK_FALSE(plot.has_numeric_x());
}

TEST_CASE("the axes of a scatter have the names that come with the data") {
  const Figure figure = figure_of(Form::scatter);
  FigureData data = example(Form::scatter);
  data.axes = {"worst radius", "worst smoothness"};
  DrawnCanvas canvas;
  const View view;
  const Plot plot(figure, data, view, {0, 0, 400, 300}, light_theme(), canvas, false);
  plot.draw(canvas);
  CHECK(canvas.has_text("worst radius"));
  CHECK(canvas.has_text("worst smoothness"));
  CHECK_FALSE(canvas.has_text("updates"));
}

TEST_CASE("long names give way: of an axis into the figure, of a read-off to its numbers") {
  Figure figure = figure_of(Form::bars);
  figure.x.label = "a name of an axis that is much longer than the axis itself, in words";
  const FigureData data = example(Form::bars);
  DrawnCanvas canvas;
  const View view;
  const Rect area = {0, 0, 300, 240};
  const Plot plot(figure, data, view, area, light_theme(), canvas, false);
  plot.draw(canvas);
  const Point at = {plot.inner().x + 5, plot.inner().y + 5};
  const auto read = plot.read(at);
  REQUIRE(read);
  plot.draw_read_off(canvas, at, *read);
  for (const auto& [box, text] : canvas.texts) {
    CAPTURE(text);
    CHECK(box.x >= area.x - 1);
    CHECK(box.right() <= area.right() + 1);
  }
}
