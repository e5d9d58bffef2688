#include <doctest/doctest.h>

#include <vector>

#include "session/figures.h"

using namespace lab;

namespace {

event::Records series(std::string name, std::vector<double> values, std::uint64_t first = 0) {
  event::Records records;
  records.step = bucket_begin(first + values.size()) - 1;
  event::SeriesPart part{
      .recording = std::move(name), .from = 0, .index = {}, .min = {}, .max = {}, .last = values};
  for (std::size_t i = 0; i < values.size(); ++i) {
    part.index.push_back(static_cast<double>(first + i));
    part.min.push_back(values[i] - 1);
    part.max.push_back(values[i] + 1);
  }
  records.series.push_back(std::move(part));
  return records;
}

Figure lines() {
  return {.name = "loss",
          .title = "Loss",
          .form = Form::lines,
          .x = {.label = "step"},
          .y = {.label = "loss"},
          .sources = {{"a/loss", "A"}, {"b/loss", "B"}}};
}

}  // namespace

TEST_CASE("the same method has the same colour in every figure, whoever is missing there") {
  std::vector<Figure> figures = {lines(), lines()};
  figures[1].sources = {{"data/points", "points"}, {"b/loss", "B"}, {"c/loss", "C"}};
  const std::vector<std::string> methods = figure_methods(figures);
  CHECK(methods == std::vector<std::string>{"a", "b", "c"});
  RecordsReader reader;
  reader.read(series("b/loss", {1, 2}));
  const RunView run = {&reader, nullptr};
  const FigureData data = figure_data(figures[0], methods, std::span(&run, 1));
  REQUIRE(data.lines.size() == 1);
  CHECK(data.lines[0].label == "B");
  CHECK(data.lines[0].colour == 1);
}

TEST_CASE("buckets of several steps stand at their last step, with what lies between") {
  RecordsReader reader;
  reader.read(series("a/loss", {5, 4, 3}, kFineSteps));
  const RunView run = {&reader, nullptr};
  const std::vector<std::string> methods = {"a"};
  const FigureData data = figure_data(lines(), methods, std::span(&run, 1));
  REQUIRE(data.lines.size() == 1);
  const Curve& curve = data.lines[0].curves[0];
  CHECK(curve.x == std::vector<double>{1025, 1027, 1029});
  CHECK(curve.low == std::vector<double>{4, 3, 2});
  CHECK(curve.high == std::vector<double>{6, 5, 4});
}

TEST_CASE("the mean goes as far as all seeds go, with Student's interval") {
  std::vector<RecordsReader> readers(3);
  readers[0].read(series("a/loss", {1, 2, 3, 4}));
  readers[1].read(series("a/loss", {3, 4, 5}));
  readers[2].read(series("a/loss", {5, 6, 7, 8, 9}));
  std::vector<RunView> runs;
  for (const RecordsReader& reader : readers) runs.push_back({&reader, nullptr});
  const std::vector<std::string> methods = {"a"};
  const FigureData data = figure_data(lines(), methods, runs);
  REQUIRE(data.lines.size() == 1);
  CHECK(data.lines[0].curves.size() == 3);
  const Curve& mean = data.lines[0].mean;
  CHECK(mean.x == std::vector<double>{0, 1, 2});
  CHECK(mean.y == std::vector<double>{3, 4, 5});
  // t(0.975, 2) = 4.303, standard deviation 2: 4.303 * 2 / sqrt(3).
  CHECK(mean.high[0] - mean.y[0] == doctest::Approx(4.9687).epsilon(1e-3));
}

TEST_CASE("on a log axis the mean is that of the logarithms") {
  std::vector<RecordsReader> readers(2);
  readers[0].read(series("a/loss", {1, 1}));
  readers[1].read(series("a/loss", {100, 0}));
  std::vector<RunView> runs;
  for (const RecordsReader& reader : readers) runs.push_back({&reader, nullptr});
  const std::vector<std::string> methods = {"a"};
  Figure figure = lines();
  figure.y.log = true;
  const Curve mean = figure_data(figure, methods, runs).lines[0].mean;
  CHECK(mean.y[0] == doctest::Approx(10));
  CHECK(mean.low[0] > 0);
  CHECK(mean.y[1] == doctest::Approx(0.5));
}

TEST_CASE("a bar of a method that did not get there is there, without a value") {
  event::Records records = series("a/loss", {1});
  records.values = {{"b/count", 12.0}, {"b/bound", 40.0}};
  RecordsReader reader;
  reader.read(records);
  Figure figure = lines();
  figure.form = Form::bars;
  figure.sources = {{"a/count", "A", "a/bound"}, {"b/count", "B", "b/bound"}, {"off/count", "C"}};
  const RunView run = {&reader, nullptr};
  const std::vector<std::string> methods = {"a", "b"};
  const FigureData data = figure_data(figure, methods, std::span(&run, 1));
  REQUIRE(data.bars.size() == 2);
  CHECK_FALSE(data.bars[0].value);
  CHECK(data.bars[1].value == 12.0);
  CHECK(data.bars[1].mark == 40.0);
}

TEST_CASE("points fall into their classes; an edge needs points beside it") {
  RecordsReader reader;
  Arrays observed;
  observed["a/theta"] = {{3}, {1, -1, 0.5}, 0};
  Figure figure = lines();
  figure.form = Form::scatter;
  figure.groups = {"minus", "plus"};
  figure.sources = {{"data/points", "samples"}, {"a/theta", "A"}};
  const RunView run = {&reader, &observed};
  const std::vector<std::string> methods = {"a"};
  CHECK(figure_data(figure, methods, std::span(&run, 1)).empty());
  observed["data/points"] = {{3, 3}, {0, 1, 1, 2, 3, 0, 4, 5, 1}, 0};
  const FigureData data = figure_data(figure, methods, std::span(&run, 1));
  REQUIRE(data.points.size() == 2);
  CHECK(data.points[0].label == "minus");
  CHECK(data.points[1].points.size() == 2);
  CHECK(data.points[1].rows == std::vector<std::size_t>{0, 2});
  REQUIRE(data.boundaries.size() == 1);
  CHECK(data.boundaries[0].c == 0.5);
}

namespace {

Array labels(std::vector<std::string> texts) {
  const std::vector<Recording> list = {{"l", RecordingKind::array, "", "", ArrayForm::labels, {}}};
  Recorder recorder(list);
  recorder.begin_step(0);
  recorder.labels(0, texts);
  return recorder.array(0);
}

}  // namespace

TEST_CASE("curves of arrays, with the run's own interval, and the mean of several seeds") {
  RecordsReader reader;
  Arrays first, second;
  first["a/curve"] = {{2, 4}, {1, 10, 9, 11, 2, 20, 19, 21}, 0};
  second["a/curve"] = {{2, 4}, {1, 12, 9, 11, 2, 24, 19, 21}, 0};
  Figure figure = lines();
  figure.form = Form::curves;
  figure.sources = {{"a/curve", "A"}, {"b/curve", "B"}};
  const std::vector<std::string> methods = {"a", "b"};
  std::vector<RunView> runs = {{&reader, &first}};
  const FigureData one = figure_data(figure, methods, runs);
  REQUIRE(one.lines.size() == 1);
  CHECK(one.lines[0].curves[0].y == std::vector<double>{10, 20});
  CHECK(one.lines[0].curves[0].low == std::vector<double>{9, 19});
  runs.push_back({&reader, &second});
  CHECK(figure_data(figure, methods, runs).lines[0].mean.y == std::vector<double>{11, 22});
}

TEST_CASE(
    "bars of arrays: a number with its own interval, or one bar a row with names of the data") {
  RecordsReader reader;
  Arrays observed;
  observed["a/error"] = {{3}, {5, 4, 7}, 0};
  observed["w/rows"] = {{2, 4}, {1, -2, -3, -1, 0, 1, 0.5, 2}, 0};
  observed["data/names"] = labels({"radius", "texture"});
  Figure figure = lines();
  figure.form = Form::bars;
  figure.names = "data/names";
  figure.sources = {{"a/error", "A"}, {"w/rows", "weights"}};
  const std::vector<std::string> methods = {"a", "w"};
  const RunView run = {&reader, &observed};
  const FigureData data = figure_data(figure, methods, std::span(&run, 1));
  REQUIRE(data.bars.size() == 3);
  CHECK(data.bars[0].value == 5.0);
  CHECK(data.bars[0].low == 4);
  CHECK(data.bars[0].high == 7);
  CHECK(data.bars[1].label == "texture");
  CHECK(data.bars[1].value == -2.0);
  CHECK(data.bars[2].label == "radius");
  CHECK(data.bars[2].low == 0.5);
}

TEST_CASE("rows of bars may have marks, and places on a curve are points of one run") {
  RecordsReader reader;
  Arrays observed;
  observed["m/rows"] = {{2, 5}, {0, 0.5, 0.4, 0.6, 1, 1, 2, 2, 2, 1.5}, 0};
  observed["m/places"] = {{2, 2}, {1, 3, 4, 5}, 0};
  observed["data/names"] = labels({"first", "second"});
  const std::vector<RunView> runs(2, {&reader, &observed});
  const Figure bars = {.name = "bars",
                       .title = "Bars",
                       .form = Form::bars,
                       .x = {},
                       .y = {},
                       .sources = {{"m/rows", "M"}},
                       .names = "data/names"};
  const FigureData rows = figure_data(bars, figure_methods(std::span(&bars, 1)), runs);
  REQUIRE(rows.bars.size() == 2);
  CHECK(rows.bars[1].label == "second");
  CHECK(rows.bars[0].mark == 1.0);
  CHECK(rows.bars[1].mark == 1.5);
  const Figure curve = {.name = "curve",
                        .title = "Curve",
                        .form = Form::curves,
                        .x = {},
                        .y = {},
                        .sources = {{.recording = "m/places", .label = "M", .points = true}}};
  const FigureData places = figure_data(curve, figure_methods(std::span(&curve, 1)), runs);
  REQUIRE(places.lines.size() == 1);
  CHECK(places.lines[0].points);
  CHECK(places.lines[0].curves.size() == 1);
  CHECK(places.lines[0].mean.x.empty());
}

TEST_CASE("a tree of an array, with names of the data; what points backwards is a leaf") {
  RecordsReader reader;
  Arrays observed;
  observed["t/nodes"] = {{3, 6}, {1, 2.5, 1, 2, 3, 4, -1, 0, 0, 0, 3, 0, 0, 1, 0, 1, 0, 4}, 0};
  observed["data/names"] = labels({"radius", "texture"});
  observed["data/classes"] = labels({"malignant", "benign"});
  Figure figure = lines();
  figure.form = Form::tree;
  figure.names = "data/names";
  figure.group_names = "data/classes";
  figure.sources = {{"t/nodes", "tree"}};
  const RunView run = {&reader, &observed};
  const FigureData data = figure_data(figure, std::vector<std::string>{"t"}, std::span(&run, 1));
  REQUIRE(data.trees.size() == 1);
  CHECK(data.trees[0].classes[0] == "malignant");
  CHECK(data.trees[0].nodes[0].question == "texture ≤ 2.5");
  CHECK(data.trees[0].nodes[2].question.empty());
  CHECK(data.trees[0].nodes[2].depth == 1);
}

TEST_CASE("paired numbers and the names of a scatter's axes and classes") {
  RecordsReader reader;
  Arrays observed;
  observed["a/folds"] = {{3}, {1, 2, 3}, 0};
  observed["m/points"] = {{2, 3}, {0, 1, 0, 2, 3, 1}, 0};
  observed["m/axes"] = labels({"radius", "texture"});
  observed["data/classes"] = labels({"malignant", "benign"});
  Figure figure = lines();
  figure.form = Form::paired;
  figure.sources = {{"a/folds", "A"}};
  const std::vector<std::string> methods = {"a"};
  const RunView run = {&reader, &observed};
  CHECK(figure_data(figure, methods, std::span(&run, 1)).samples[0].values.size() == 3);
  figure.form = Form::scatter;
  figure.names = "m/axes";
  figure.group_names = "data/classes";
  figure.sources = {{"m/points", "points"}};
  const FigureData data = figure_data(figure, methods, std::span(&run, 1));
  CHECK(data.axes == std::vector<std::string>{"radius", "texture"});
  CHECK(data.points[1].label == "benign");
}

TEST_CASE("a token strip of numbers, or of rows that say in which text; a heat map's names") {
  RecordsReader reader;
  Arrays arrays;
  const auto labels = [&](const char* name, std::vector<std::string> texts) {
    const std::vector<Recording> list = {
        {name, RecordingKind::array, "", "", ArrayForm::labels, {}}};
    Recorder recorder(list);
    recorder.labels(0, texts);
    arrays[name] = recorder.array(0);
  };
  labels("text/tokens", {"a", " b", " c"});
  labels("text/names", {"first", "second"});
  Figure figure = lines();
  figure.form = Form::token_strip;
  figure.sources = {{"text/surprisal", "text"}};
  figure.names = "text/tokens";
  const std::vector<std::string> methods = {"text"};
  const auto strips = [&] {
    const RunView run = {&reader, &arrays};
    return figure_data(figure, methods, std::span(&run, 1)).strips;
  };
  REQUIRE(strips().size() == 1);
  CHECK(strips()[0].values.empty());
  arrays["text/surprisal"] = {{2}, {3, 4}};
  CHECK(strips()[0].values == std::vector<double>{3, 4});
  figure.row_names = "text/names";
  arrays["text/surprisal"] = {{3, 2}, {3, 0, 4, 0, 5, 1}};
  REQUIRE(strips().size() == 2);
  CHECK(strips()[0].label == "first");
  CHECK(strips()[0].tokens == std::vector<std::string>{"a", " b"});
  CHECK(strips()[1].values == std::vector<double>{5});
  figure.form = Form::heat_map;
  arrays["text/surprisal"] = {{2, 3}, {1, 2, 3, 4, 5, 6}};
  figure.cell_names = "text/tokens";
  const RunView run = {&reader, &arrays};
  const FigureData data = figure_data(figure, methods, std::span(&run, 1));
  REQUIRE(data.grids.size() == 1);
  CHECK(data.grids[0].row_names[1] == "second");
  CHECK(data.grids[0].column_names[2] == " c");
  CHECK(data.grids[0].texts.size() == 3);
}

TEST_CASE("curves: many under one label, and what others are held against") {
  RecordsReader reader;
  Arrays observed;
  observed["b/paths"] = {{4, 3}, {1, 10, 1, 2, 20, 1, 1, 30, 2, 2, 40, 2}, 0};
  observed["data/known"] = {{2, 2}, {0, 0, 1, 1}, 0};
  Figure figure = lines();
  figure.form = Form::curves;
  figure.sources = {{"b/paths", "B"},
                    {.recording = "data/known", .label = "known", .reference = true}};
  const std::vector<std::string> methods = {"a", "b"};
  const RunView run = {&reader, &observed};
  const FigureData data = figure_data(figure, methods, std::span(&run, 1));
  REQUIRE(data.lines.size() == 3);
  CHECK(data.lines[0].label == "B");
  CHECK(data.lines[1].label == "B");
  CHECK(data.lines[1].curves[0].y == std::vector<double>{30, 40});
  CHECK(data.lines[1].colour == 1);
  CHECK_FALSE(data.lines[1].reference);
  CHECK(data.lines[2].reference);
}
