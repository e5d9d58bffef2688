// What is said of block coordinate descent, from numbers that are known.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/random.h"
#include "experiment/separable/block_explanations.h"

using namespace lab;
using namespace lab::separable;

namespace {

// Eight separate squares, the first of which is steep.
Objective squares() {
  Matrix columns = Matrix::from_shape({8, 8});
  columns.fill(0);
  for (std::size_t i = 0; i < 8; ++i) columns(i, i) = i == 0 ? 10 : 1;
  return least_squares_objective(std::move(columns), std::vector<double>(8, 1.0), 0);
}

bool says(const std::optional<Explanation>& explanation, const std::string& words) {
  return explanation && explanation->text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("block explanations: few coordinates, and why, for the rule that does not divide") {
  const Objective objective = squares();
  BlockDescent gs(objective, {.rule = Rule::gs}, std::vector<double>(8, 0.0), Stream(0, "test"));
  const std::vector<double> touches = {20, 1, 1, 1, 1, 1, 1, 1}, even(8, 3.0);
  BlockProgress progress;
  progress.label = "GS";
  progress.descent = &gs;
  progress.touches = touches;
  CHECK_FALSE(why_the_same_coordinates(objective, progress));
  for (int step = 0; step < 27; ++step) gs.update();
  const auto said = why_the_same_coordinates(objective, progress);
  CHECK(says(said, "only 1 coordinate of 8"));
  CHECK(says(said, "constant is 100, that of all coordinates 1."));
  CHECK(says(said, "g_i^2 / (2 L_i)"));
  progress.touches = even;
  CHECK_FALSE(why_the_same_coordinates(objective, progress));
}

TEST_CASE("block explanations: of a quadratic in one coordinate the promise is the truth") {
  const Objective objective = squares();
  BlockDescent gs(objective, {.rule = Rule::gs}, std::vector<double>(8, 0.0), Stream(0, "test"));
  BlockProgress progress;
  progress.label = "GS";
  progress.descent = &gs;
  CHECK_FALSE(what_the_last_step_brought(progress));
  gs.update();
  CHECK(
      says(what_the_last_step_brought(progress), "lower F by 0.5 and lowered it by 0.5, 1 times"));
}

TEST_CASE("block explanations: who is ahead, and who has arrived") {
  const Objective objective = squares();
  const std::vector<double> zero(8, 0.0);
  BlockDescent one(objective, {.rule = Rule::gs}, zero, Stream(0, "test"));
  BlockDescent all(objective, {.rule = Rule::gs, .update = Update::matrix, .size = 8}, zero,
                   Stream(0, "test"));
  one.update();
  all.update();
  std::vector<BlockProgress> both(2);
  both[0].label = "one";
  both[0].descent = &one;
  both[0].gap = 0.9;
  both[1].label = "all";
  both[1].descent = &all;
  both[1].gap = 0.1;
  const std::vector<AtEqualWork> equal = {{"one", 0.05}, {"all", 0.1}};
  CHECK(who_is_ahead(both, 100, equal)->title == "all is ahead per update, one per operation");
  both[1].arrived = true;
  const auto said = who_is_ahead(both, 100, equal);
  CHECK(said->title == "all is ahead per update and per operation");
  CHECK(says(said, "1 of 2 methods have arrived: all first, after 1 update and"));
  both[1].identified = 1;
  CHECK(says(whether_the_zeros_are_found(both, 8),
             "one does not have them yet. all has had exactly these since update 1."));
}
