#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "allocations.h"
#include "compute/reference.h"
#include "core/bytes.h"
#include "core/error.h"
#include "model/optimisers.h"

using namespace reference;
using lab::AdamW;
using lab::ByteReader;
using lab::ByteWriter;
using lab::Sgd;

namespace {

constexpr std::size_t kSize = 37;

std::vector<float> gradient(std::uint64_t step) {
  return numbers<float>(kSize, step);
}

// One parameter from theta = 1 along the given gradients.
template <class Optimiser>
std::vector<float> trajectory(Optimiser optimiser, double step_size,
                              const std::vector<float>& gradients) {
  std::vector<float> theta = {1}, visited;
  for (const float g : gradients) {
    optimiser.step(step_size, std::vector<float>{g}, theta);
    visited.push_back(theta[0]);
  }
  return visited;
}

template <class Optimiser>
void check_goes_on(const Optimiser& fresh) {
  Optimiser whole = fresh;
  std::vector<float> theta(kSize, 1.0f);
  for (std::uint64_t t = 0; t < 5; ++t) whole.step(0.1, gradient(t), theta);
  ByteWriter writer;
  whole.save(writer);
  std::vector<float> same_theta = theta;
  for (std::uint64_t t = 5; t < 9; ++t) whole.step(0.1, gradient(t), theta);

  Optimiser restored = fresh;
  ByteReader reader(writer.view());
  restored.restore(reader);
  reader.expect_end();
  for (std::uint64_t t = 5; t < 9; ++t) restored.step(0.1, gradient(t), same_theta);
  CHECK(difference(theta, same_theta) == "");
}

template <class Optimiser>
void check_refuses(Optimiser optimiser, Optimiser other) {
  std::vector<float> theta(kSize, 1.0f);
  optimiser.step(0.1, gradient(0), theta);
  ByteWriter before, after, wrong;
  optimiser.save(before);
  other.save(wrong);
  for (const std::size_t size : {wrong.size(), wrong.size() - 1}) {
    ByteReader reader(wrong.view().first(size));
    CHECK_THROWS_AS(optimiser.restore(reader), lab::Error);
  }
  optimiser.save(after);
  CHECK(before.take() == after.take());
}

}  // namespace

TEST_CASE("sgd: by hand, with momentum and with Nesterov's") {
  const std::vector<float> gradients = {1, -2, 4};
  CHECK(trajectory(Sgd(1, {}), 0.25, gradients) == std::vector<float>{0.75f, 1.25f, 0.25f});
  // v = 1, -1.5, 3.25
  CHECK(trajectory(Sgd(1, {.momentum = 0.5}), 0.25, gradients) ==
        std::vector<float>{0.75f, 1.125f, 0.3125f});
  // g + v / 2 = 1.5, -2.75, 5.625
  CHECK(trajectory(Sgd(1, {.momentum = 0.5, .nesterov = true}), 0.25, gradients) ==
        std::vector<float>{0.625f, 1.3125f, -0.09375f});
}

TEST_CASE("adamw: two steps by hand") {
  // m = 0.05, -0.055 over 1 - 0.9^t = 0.1, 0.19; v = 0.00025, 0.00124975 over 0.001, 0.001999.
  const std::vector<float> visited =
      trajectory(AdamW(1, {.weight_decay = 0.01}), 0.1, {0.5f, -1.0f});
  CHECK(visited[0] == doctest::Approx(0.899).epsilon(1e-6));
  CHECK(visited[1] == doctest::Approx(0.9347114).epsilon(1e-6));
}

TEST_CASE("adamw: follows the rule in double") {
  AdamW adamw(kSize, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-6, .weight_decay = 0.1});
  std::vector<float> theta(kSize, 1.0f);
  std::vector<double> m(kSize), v(kSize), exact(kSize, 1.0);
  for (std::uint64_t t = 1; t <= 200; ++t) {
    const std::vector<float> g = gradient(t);
    adamw.step(0.01, g, theta);
    for (std::size_t i = 0; i < kSize; ++i) {
      m[i] = 0.8 * m[i] + 0.2 * g[i];
      v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
      const double first = m[i] / (1 - std::pow(0.8, t)), second = v[i] / (1 - std::pow(0.95, t));
      exact[i] -= 0.01 * (first / (std::sqrt(second) + 1e-6) + 0.1 * exact[i]);
    }
  }
  CHECK(adamw.steps() == 200);
  for (std::size_t i = 0; i < kSize; ++i) CHECK(std::abs(theta[i] - exact[i]) <= 1e-5);
}

TEST_CASE("adamw: the first step does not depend on the gradient's scale") {
  for (const float scale : {1e-3f, 1.0f, 1e6f})
    CHECK(trajectory(AdamW(1, {}), 0.25, {scale})[0] == doctest::Approx(0.75).epsilon(1e-4));
}

TEST_CASE("optimisers: saved and restored they go on with the same bits") {
  check_goes_on(Sgd(kSize, {}));
  check_goes_on(Sgd(kSize, {.momentum = 0.9}));
  check_goes_on(Sgd(kSize, {.momentum = 0.9, .nesterov = true}));
  check_goes_on(AdamW(kSize, {.weight_decay = 0.01}));
}

TEST_CASE("optimisers: the state of another size is refused and changes nothing") {
  check_refuses(Sgd(kSize, {.momentum = 0.9}), Sgd(kSize + 1, {.momentum = 0.9}));
  check_refuses(Sgd(kSize, {.momentum = 0.9}), Sgd(kSize, {}));
  check_refuses(AdamW(kSize, {}), AdamW(kSize - 1, {}));
}

TEST_CASE("optimisers: a step does not allocate") {
  Sgd sgd(kSize, {.momentum = 0.9, .nesterov = true});
  AdamW adamw(kSize, {});
  const std::vector<float> g = gradient(1);
  std::vector<float> theta(kSize, 1.0f);
  const std::size_t before = allocations_made();
  for (int t = 0; t < 10; ++t) {
    sgd.step(0.1, g, theta);
    adamw.step(0.1, g, theta);
  }
  CHECK(allocations_made() == before);
}

TEST_CASE("clip_norm: shortens, keeps the direction, and lets be what is short") {
  const lab::Kernels& k = lab::kernels();
  std::vector<float> g = {3, 0, -4};
  CHECK(lab::clip_norm(k, 6, g) == 5);
  CHECK(g == std::vector<float>{3, 0, -4});
  CHECK(lab::clip_norm(k, 2.5, g) == 5);
  CHECK(g == std::vector<float>{1.5f, 0, -2});
  std::vector<float> large = {3e38f, 0, 4e37f};  // its square is beyond float32
  lab::clip_norm(k, 1, large);
  CHECK(std::sqrt(k.squared_norm(std::span<const float>(large))) == doctest::Approx(1));
  std::vector<float> broken = {1, kInf<float>};
  CHECK(lab::clip_norm(k, 1, broken) == kInf<double>);
  CHECK(broken == std::vector<float>{1, kInf<float>});
}

TEST_CASE("cosine schedule: by hand") {
  const lab::CosineSchedule schedule{.highest = 8, .lowest = 2, .warm_up = 4, .steps = 12};
  const double rise[] = {2, 4, 6, 8};
  for (std::uint64_t t = 0; t < 4; ++t) CHECK(schedule.at(t) == rise[t]);
  CHECK(schedule.at(4) == 8);
  CHECK(schedule.at(6) == doctest::Approx(5 + 3 * std::sqrt(0.5)));
  CHECK(schedule.at(8) == doctest::Approx(5));
  CHECK(schedule.at(10) == doctest::Approx(5 - 3 * std::sqrt(0.5)));
  for (std::uint64_t t = 5; t < 12; ++t) CHECK(schedule.at(t) < schedule.at(t - 1));
  CHECK(schedule.at(12) == 2);
  CHECK(schedule.at(1'000'000) == 2);
  CHECK(lab::CosineSchedule{.highest = 1, .warm_up = 3, .steps = 3}.at(3) == 0);
}
