#include "data/inline_points.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/error.h"
#include "core/json.h"
#include "data/text.h"

namespace lab {
namespace {

// The text before the next `separator`, which is taken off with it.
std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

double read_coordinate(std::string_view text, const std::string& where) {
  const std::optional<double> number = parse_number(text);
  if (!number || !(std::abs(*number) <= kLargestCoordinate)) {
    throw Error(quoted(text) + " is not a coordinate", where,
                "a number from -" + number_text(kLargestCoordinate) + " to " +
                    number_text(kLargestCoordinate));
  }
  return *number == 0 ? 0.0 : *number;
}

LabelledPoint read_point(std::string_view text, const std::string& where) {
  if (std::ranges::count(text, ',') != 2) {
    throw Error(quoted(text) + " is not a point", where, "x1,x2,class");
  }
  LabelledPoint point;
  point.x1 = read_coordinate(take_part(text, ','), where + ", column 1");
  point.x2 = read_coordinate(take_part(text, ','), where + ", column 2");
  const std::optional<std::size_t> label = parse_count(text, kMostPointClasses - 1);
  if (!label) {
    throw Error(quoted(text) + " is not a class", where + ", column 3",
                "a whole number from 0 to " + std::to_string(kMostPointClasses - 1));
  }
  point.label = static_cast<int>(*label);
  return point;
}

}  // namespace

std::vector<LabelledPoint> read_points(std::string_view text, std::string_view where) {
  const std::string place(where);
  if (text.starts_with(kPointsPrefix)) text.remove_prefix(kPointsPrefix.size());
  if (text.empty()) throw Error("there are no points", place, "points:x1,x2,class;x1,x2,class;...");
  const auto count = static_cast<std::size_t>(std::ranges::count(text, ';')) + 1;
  if (count > kMostPoints) {
    throw Error(counted(count, "point"), place, "at most " + counted(kMostPoints, "point"));
  }
  std::vector<LabelledPoint> points;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string at = (place.empty() ? "" : place + ": ") + "point " + std::to_string(i);
    points.push_back(read_point(take_part(text, ';'), at));
  }
  return points;
}

std::string points_text(std::span<const LabelledPoint> points) {
  std::string text(kPointsPrefix);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0) text += ';';
    text += number_text(points[i].x1) + ',' + number_text(points[i].x2) + ',' +
            std::to_string(points[i].label);
  }
  return text;
}

Dataset from_points_text(std::string_view text, std::string_view where) {
  const std::vector<LabelledPoint> points = read_points(text, where);
  Dataset dataset;
  dataset.name = "points";
  dataset.features = Matrix::from_shape({points.size(), 2});
  dataset.feature_names = {"x1", "x2"};
  int classes = 2;
  for (std::size_t i = 0; i < points.size(); ++i) {
    dataset.features(i, 0) = points[i].x1;
    dataset.features(i, 1) = points[i].x2;
    dataset.labels.push_back(points[i].label);
    classes = std::max(classes, points[i].label + 1);
  }
  for (int k = 0; k < classes; ++k) dataset.class_names.push_back(std::to_string(k));
  dataset.provenance = {.source = "drawn", .licence = "", .sha256 = "generated", .recipe = ""};
  check(dataset);
  return dataset;
}

}  // namespace lab
