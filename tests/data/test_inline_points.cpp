#include <doctest/doctest.h>

#include "core/error.h"
#include "core/random.h"
#include "data/inline_points.h"

namespace lab {
namespace {

std::string complaint(std::string_view text) {
  try {
    read_points(text, "here");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("inline points: a drawn set becomes a data set") {
  const Dataset data = from_points_text("points:0.5,-1,0;2,1.25,1;-0,1e-3,2", "");
  CHECK(data.rows() == 3);
  CHECK(data.columns() == 2);
  CHECK(data.features(1, 1) == 1.25);
  CHECK(data.labels == std::vector<int>{0, 1, 2});
  CHECK(data.classes() == 3);
  CHECK(from_points_text("points:1,1,0", "").classes() == 2);
}

TEST_CASE("inline points: equal points have one text, and random ones come back bit for bit") {
  CHECK(points_text(read_points("points:0.50,-1.0,0;20e-1,-0,1", "")) == "points:0.5,-1,0;2,0,1");
  Stream stream(1, "test");
  std::vector<LabelledPoint> points;
  for (std::size_t i = 0; i < kMostPoints; ++i) {
    const double x1 = stream.normal();
    const double x2 = stream.normal();
    points.push_back({x1, x2, static_cast<int>(stream.below(2))});
  }
  const std::vector<LabelledPoint> again = read_points(points_text(points), "");
  REQUIRE(again.size() == points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK(again[i].x1 == points[i].x1);
    CHECK(again[i].x2 == points[i].x2);
    CHECK(again[i].label == points[i].label);
  }
}

TEST_CASE("inline points: what is wrong is named by point and column") {
  CHECK(complaint("points:") ==
        "here: there are no points; expected points:x1,x2,class;x1,x2,class;...");
  CHECK(complaint("points:1,2,0;1,2") ==
        "here: point 2: '1,2' is not a point; expected x1,x2,class");
  CHECK(complaint("points:1,2,0;") == "here: point 2: '' is not a point; expected x1,x2,class");
  CHECK(complaint("points:1,2,0;1,two,0") ==
        "here: point 2, column 2: 'two' is not a coordinate; expected a number from -1000000 to "
        "1000000");
  CHECK(complaint("points:1e7,2,0").starts_with("here: point 1, column 1: '1e7'"));
  CHECK(complaint("points:nan,2,0").starts_with("here: point 1, column 1"));
  CHECK(complaint("points:1,2,10").starts_with("here: point 1, column 3: '10' is not a class"));
  CHECK(complaint("points:1,2,-1").starts_with("here: point 1, column 3"));
  CHECK(complaint("points:1,2,0.5").starts_with("here: point 1, column 3"));
  CHECK(complaint("points:1,2,0,4").starts_with("here: point 1: "));
  std::string many = "points:1,2,0";
  for (std::size_t i = 0; i < kMostPoints; ++i) many += ";1,2,0";
  CHECK(complaint(many) == "here: 2001 points; expected at most 2000 points");
}

}  // namespace lab
