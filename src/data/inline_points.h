// Which data did somebody draw? Points of the plane with their classes, written out in the value of
// a dataset field, so that a config or a link holds them: "points:0.5,-1,0;2,1.25,1", x1, x2 and
// the class of each.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"

namespace lab {

inline constexpr std::string_view kPointsPrefix = "points:";
inline constexpr std::size_t kMostPoints = 2000;
inline constexpr int kMostPointClasses = 10;
inline constexpr double kLargestCoordinate = 1e6;

struct LabelledPoint {
  double x1 = 0, x2 = 0;
  int label = 0;  // 0 .. kMostPointClasses - 1
};

// The points of such a text. Errors, with the point and its column (both from 1) and `where` before
// them: no or too many points, a point that has not three parts, a coordinate that is no number or
// beyond +-kLargestCoordinate, a class that is none.
std::vector<LabelledPoint> read_points(std::string_view text, std::string_view where);

// The inverse, with the fewest digits that read back as the same numbers; equal points give equal
// texts. Precondition: what `read_points` checks.
std::string points_text(std::span<const LabelledPoint> points);

// The points as a data set with the features x1 and x2 and the classes 0 .. the greatest that
// occurs, at least two. Errors: those of read_points.
Dataset from_points_text(std::string_view text, std::string_view where);

}  // namespace lab
