// Ordered classes with a rare last one: generated as the paper has it, cut from a number, refused.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/error.h"
#include "data/store.h"
#include "experiment/separable/ordinal_data.h"

using namespace lab;

namespace {

OrdinalProblem problem(const Settings& settings, std::uint64_t seed = 0) {
  static const DataStore store(folder_source(data_folders("")));
  return ordinal_problem(Config("presto-rare-events", Schema(1, ordinal_fields()), settings),
                         {.seed = seed, .data = &store});
}

}  // namespace

TEST_CASE("ordinal data: sparse differences, every class there, no negative probability") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const OrdinalProblem sparse = problem({{"intercepts", "0,3,5"}, {"density", 1.0 / 3}}, seed);
    CHECK(sparse.count() == 2500);
    CHECK(sparse.dimension() == 10);
    CHECK(sparse.classes == 4);
    for (int c = 0; c < 4; ++c) CHECK(std::ranges::count(sparse.labels, c) > 0);
    for (std::size_t i = 0; i < 10; ++i) {
      CHECK((sparse.weights.beta[i] == 0 || sparse.weights.beta[i] == 0.5));
    }
    for (std::size_t i = 10; i < 30; ++i) {
      const double change = sparse.weights.beta[i] - sparse.weights.beta[i - 10];
      CHECK((change == 0 || std::abs(change) == 0.5));
    }
    double share = 0;
    for (const double truth : sparse.truth) {
      CHECK(truth > 0);
      CHECK(truth < 1);
      share += truth / 2500;
    }
    CHECK(share > 0.004);
    CHECK(share < 0.03);
  }
}

TEST_CASE("ordinal data: dense differences, rarity, two classes, and the seed makes the data") {
  const OrdinalProblem dense = problem({{"data", "dense"}});
  CHECK(std::ranges::count(dense.weights.beta, 0.0) == 0);
  CHECK(problem({{"rarity", -1.0}}).weights.alpha == std::vector<double>{0, 4, 5});
  CHECK(problem({{"intercepts", " 2 "}}).classes == 2);
  CHECK(problem({}, 1).digest == problem({}, 1).digest);
  CHECK(problem({}, 1).digest != problem({}, 2).digest);
  // Nothing differs where nothing may.
  const OrdinalProblem equal = problem({{"density", 0.0}});
  CHECK(std::ranges::count(equal.weights.beta, 0.0) == 30);
}

TEST_CASE("ordinal data: the diabetes target, cut into classes in its order") {
  const OrdinalProblem diabetes = problem({{"data", "diabetes"}});
  CHECK(diabetes.classes == 4);
  CHECK(diabetes.truth.empty());
  CHECK(diabetes.count() + diabetes.judged_labels.size() == 442);
  CHECK(diabetes.judged_labels.size() == 111);
  const auto rare =
      std::ranges::count(diabetes.labels, 3) + std::ranges::count(diabetes.judged_labels, 3);
  CHECK(rare >= 20);
  CHECK(rare <= 25);
  const auto first =
      std::ranges::count(diabetes.labels, 0) + std::ranges::count(diabetes.judged_labels, 0);
  CHECK(std::abs(static_cast<double>(first) - 221) <= 3);
}

TEST_CASE("ordinal data: what cannot be is refused with what would be right") {
  const auto refuse = [](const Settings& settings, const char* why) {
    CHECK_THROWS_WITH_AS(problem(settings), doctest::Contains(why), Error);
  };
  refuse({{"intercepts", "0,3,x"}}, "'x' is no number");
  refuse({{"intercepts", "0,3,2"}}, "intercept 3 is 2, the one before 3");
  refuse({{"intercepts", ""}}, "0 intercepts");
  refuse({{"intercepts", "0,1,2,3,4,5"}}, "6 intercepts");
  refuse({{"intercepts", "0,3"}, {"rarity", -5.0}}, "the one before");
  refuse({{"intercepts", "0,18"}, {"samples", std::int64_t{50}}}, "there was none");
  refuse({{"data", "diabetes"}, {"class_shares", "0.5,0.6"}}, "no shares of classes");
  refuse({{"data", "diabetes"}, {"class_order", "low,high"}}, "low");
}
