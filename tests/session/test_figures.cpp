#include "session/figures.h"

#include <doctest/doctest.h>

#include <vector>

using namespace lab;

namespace {

event::Records series(std::string name, std::vector<double> values, std::uint64_t first = 0) {
  event::Records records;
  records.step = bucket_begin(first + values.size()) - 1;
  event::SeriesPart part{.recording = std::move(name), .from = 0, .index = {}, .min = {}, .max = {}, .last = values};
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

TEST_CASE("curves come from arrays: with an interval, many under one label, and what is known") {
  RecordsReader reader;
  Arrays observed;
  observed["a/curve"] = {{2, 4}, {1, 5, 4, 6, 2, 7, 6, 8}, 0};
  observed["b/paths"] = {{4, 3}, {1, 10, 1, 2, 20, 1, 1, 30, 2, 2, 40, 2}, 0};
  observed["data/known"] = {{2, 2}, {0, 0, 1, 1}, 0};
  Figure figure = lines();
  figure.form = Form::curves;
  figure.sources = {{"a/curve", "A"}, {"b/paths", "B"}, {"data/known", "known"}};
  const std::vector<std::string> methods = {"a", "b"};
  const RunView run = {&reader, &observed};
  const FigureData data = figure_data(figure, methods, std::span(&run, 1));
  REQUIRE(data.lines.size() == 4);
  CHECK(data.lines[0].curves[0].x == std::vector<double>{1, 2});
  CHECK(data.lines[0].curves[0].y == std::vector<double>{5, 7});
  CHECK(data.lines[0].curves[0].high == std::vector<double>{6, 8});
  CHECK(data.lines[1].label == "B");
  CHECK(data.lines[2].label == "B");
  CHECK(data.lines[2].curves[0].y == std::vector<double>{30, 40});
  CHECK(data.lines[2].colour == 1);
  CHECK_FALSE(data.lines[2].faint);
  CHECK(data.lines[3].faint);
}
