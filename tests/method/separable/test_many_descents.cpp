#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "compute/late_backend.h"
#include "data/generate.h"
#include "method/separable/learners.h"
#include "method/separable/many_descents.h"
#include "method/separable/vectors.h"
#include "method/sweep.h"

using namespace lab;
using namespace lab::separable;

namespace {

struct Sweep {
  std::vector<SignedSamples> sets;
  std::vector<SolveSweep::Cell> cells;
};

// Sets of three gaps, each with step sizes from small to large.
Sweep gaussians(std::size_t steps) {
  Sweep sweep;
  for (const double gap : {1.0, 0.3, 0.1})
    sweep.sets.push_back(signed_samples(separable_gaussians(101, 5, gap, 3).dataset, false));
  for (std::size_t i = 0; i < steps; ++i) {
    const double gamma = geometric(0.05, 1e6, static_cast<double>(i) / static_cast<double>(steps));
    for (std::size_t set = 0; set < sweep.sets.size(); ++set) sweep.cells.push_back({set, gamma});
  }
  return sweep;
}

template <class Work>
void finish(Work& sweep, LateBackend& device, std::size_t last) {
  for (int i = 0; i < 100'000 && !sweep.at(last) && sweep.failure() == nullptr; ++i) {
    sweep.go_on();
    device.poll();
  }
}

}  // namespace

TEST_CASE("many descents: the counts of the worst case, Table 1 of the paper, in float32") {
  const auto device = std::make_shared<LateBackend>();
  SolveSweep sweep(device, std::vector{test::worst_case(100)},
                   {{0, 0.1}, {0, 1}, {0, 10}, {0, 100}, {0, 1000}}, {5}, 10'000);
  finish(sweep, *device, 0);
  const std::vector<double> expected = {5615, 561, 55, 31, 31};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    REQUIRE(sweep.at(i));
    CHECK(sweep.at(i)->solved);
    CHECK(std::abs(static_cast<double>(sweep.at(i)->updates) - expected[i]) <= 1);
  }
}

TEST_CASE(
    "many descents: near the CPU's counts, part after part, and the limit where it is not solved") {
  const std::uint64_t limit = 100;
  const Sweep s = gaussians(12);
  const auto device = std::make_shared<LateBackend>(1);
  SolveSweep sweep(device, s.sets, s.cells, {6, 7, s.cells.size()}, limit);
  finish(sweep, *device, 5);
  for (std::size_t cell = 7; cell < s.cells.size(); ++cell) CHECK(!sweep.at(cell));
  finish(sweep, *device, s.cells.size() - 1);
  std::size_t unsolved = 0, far = 0;
  for (std::size_t i = 0; i < s.cells.size(); ++i) {
    while (!sweep.at(i)) finish(sweep, *device, i);
    const auto [updates, solved] = *sweep.at(i);
    const auto strict =
        updates_to_solve(Learner::lr_gd, s.sets[s.cells[i].set], s.cells[i].gamma, limit);
    CHECK(solved == strict.has_value());
    if (!solved) {
      ++unsolved;
      CHECK(updates == limit);
      continue;
    }
    const double difference = std::abs(static_cast<double>(updates) - static_cast<double>(*strict));
    if (difference > 0.01 * static_cast<double>(*strict) + 1) ++far;
  }
  CHECK(unsolved > 0);
  CHECK(far == 0);
}

TEST_CASE("many descents: the cycles of three against one, near the CPU's") {
  const SignedSamples samples = test::samples({{1}, {1}, {1}, {-1}});
  const LogisticOptimum optimum = *logistic_optimum(samples);
  const std::vector<double> gammas = {1, 10, 12, 40, 1000};
  for (const LimitCycle::Start start : {LimitCycle::Start::zero, LimitCycle::Start::optimum}) {
    const auto device = std::make_shared<LateBackend>(1);
    CycleSweep sweep(device, samples, optimum, gammas, start, 5000, 64);
    finish(sweep, *device, 0);
    LimitCycle strict(samples, optimum, 64);
    for (std::size_t c = 0; c < gammas.size(); ++c) {
      CAPTURE(gammas[c]);
      const CycleSweep::Cycle* cycle = sweep.at(c);
      REQUIRE(cycle);
      strict.find(gammas[c], 5000, start);
      REQUIRE(cycle->period == strict.period());
      REQUIRE(cycle->positions.size() == strict.positions().size());
      REQUIRE(cycle->losses.size() == strict.losses().size());
      // The same places; where a cycle is entered is a matter of rounding.
      for (const double place : cycle->positions) {
        CHECK(std::ranges::any_of(strict.positions(), [&](double p) {
          return std::abs(p - place) <= 1e-3 * gammas[c] * samples.radius;
        }));
      }
    }
  }
}

TEST_CASE(
    "many descents: a device that fails leaves what is known, and says why there is no more") {
  const Sweep s = gaussians(8);
  const auto device = std::make_shared<LateBackend>(1, 6);
  SolveSweep sweep(device, s.sets, s.cells, {s.cells.size()}, 100'000);
  finish(sweep, *device, 2);
  REQUIRE(sweep.failure() != nullptr);
  CHECK(sweep.failure()->reason == DeviceFailure::Reason::lost);
  std::vector<bool> known;
  for (std::size_t i = 0; i < s.cells.size(); ++i) known.push_back(sweep.at(i).has_value());
  CHECK(std::ranges::count(known, true) > 0);
  CHECK(std::ranges::count(known, false) > 0);
  sweep.leave();
  sweep.go_on();
  for (std::size_t i = 0; i < s.cells.size(); ++i) CHECK(sweep.at(i).has_value() == known[i]);
}

TEST_CASE("many descents: buffers that a device does not allow are a failure too") {
  const auto device = std::make_shared<LateBackend>();
  device->limit_buffers(10);
  const Sweep s = gaussians(2);
  SolveSweep sweep(device, s.sets, s.cells, {s.cells.size()}, 100);
  sweep.go_on();
  REQUIRE(sweep.failure() != nullptr);
  CHECK(sweep.failure()->text.find("more than it allows") != std::string::npos);
}

TEST_CASE("many descents: answers that come when nobody waits any more do nothing") {
  const auto device = std::make_shared<LateBackend>();
  {
    const Sweep s = gaussians(2);
    SolveSweep sweep(device, s.sets, s.cells, {s.cells.size()}, 100);
    sweep.go_on();
  }
  for (int i = 0; i < 10; ++i) device->poll();
}
