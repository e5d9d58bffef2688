#include "figure/canvas.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "figure/drawn.h"
#include "figure/bins.h"

using namespace lab;

TEST_CASE("a text is cut between characters, with an ellipsis, to fit") {
  const DrawnCanvas canvas;
  const std::string text = "größte Schrittweite γ";
  CHECK(fitting(canvas, text, 12, 1000) == text);
  for (double width = 5; width < 140; width += 3) {
    const std::string cut = fitting(canvas, text, 12, width);
    CHECK(measured(canvas, cut, 12) <= width);
    if (!cut.empty() && cut != text) CHECK(cut.ends_with("…"));
    // Every part that is left is whole UTF-8.
    for (std::size_t i = 0; i < cut.size(); ++i) {
      if (static_cast<unsigned char>(cut[i]) == 0xC3) {
        REQUIRE(i + 1 < cut.size());
        CHECK((static_cast<unsigned char>(cut[i + 1]) & 0xC0) == 0x80);
      }
    }
  }
}

TEST_CASE("dashes cover about two thirds of a line and end where it ends") {
  DrawnCanvas canvas;
  const Point line[] = {{0, 0}, {100, 0}, {100, 100}};
  draw_dashed(canvas, line, {}, 1);
  double drawn = 0;
  for (const auto& dash : canvas.lines) {
    for (std::size_t i = 1; i < dash.size(); ++i) {
      drawn += std::hypot(dash[i].x - dash[i - 1].x, dash[i].y - dash[i - 1].y);
    }
  }
  CHECK(drawn > 110);
  CHECK(drawn < 145);
}

TEST_CASE("bins hold every value once") {
  const std::vector<std::vector<double>> samples = {{-3, -1, 0, 0.1, 0.2, 0.5, 4}, {1, 1, 1}};
  const std::vector<double> edges = bin_edges(samples, false, {});
  CHECK(std::ranges::is_sorted(edges));
  for (const auto& sample : samples) {
    double sum = 0;
    for (const double share : bin_shares(sample, edges)) sum += share;
    CHECK(sum == doctest::Approx(1));
  }
  const std::vector<std::vector<double>> equal = {{2, 2, 2}};
  const std::vector<double> around = bin_edges(equal, false, {});
  CHECK(around.front() < 2);
  CHECK(around.back() > 2);
}
