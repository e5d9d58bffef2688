// One step of logit fusion: the vectors of sheet 04 (arXiv:2406.15480), identities, derivatives.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "method/fusion/logit_fusion.h"

using namespace lab;
using namespace lab::fusion;

namespace {

constexpr AlphaGrid kGrid;
constexpr Objective kObjective;

constexpr std::array<double, 3> kLarge = {1, 0.5, 0}, kBase = {0.6, 0.4, 0};
constexpr std::array<double, 6> kExperts = {0.2, 1.2, 0, 0.6, 0.4, 1.0};

DecodingStep one_expert(std::span<const double> large) {
  DecodingStep step(3, 1);
  step.set(large, kBase, std::span(kExperts).first(3));
  return step;
}

DecodingStep random_step(Stream& stream, std::size_t vocabulary, std::size_t experts) {
  std::vector<double> logits((2 + experts) * vocabulary);
  stream.fill_normal(logits);
  for (double& logit : logits) logit *= 1.5;
  const std::span<const double> all = logits;
  DecodingStep step(vocabulary, experts);
  step.set(all.first(vocabulary), all.subspan(vocabulary, vocabulary), all.subspan(2 * vocabulary));
  return step;
}

std::vector<double> probabilities(DecodingStep& step, std::vector<double> alpha) {
  std::vector<double> p(step.vocabulary());
  step.log_probabilities(alpha, p);
  for (double& x : p) x = lab::exp(x);
  return p;
}

void check_near(const std::vector<double>& found, std::initializer_list<double> expected) {
  REQUIRE(found.size() == expected.size());
  std::size_t i = 0;
  for (const double e : expected) CHECK(std::abs(found[i++] - e) <= 1e-10);
}

}  // namespace

TEST_CASE("sheet 04: distributions, targets and objectives") {
  DecodingStep step = one_expert(kLarge);
  check_near(probabilities(step, {0}), {0.5064803911, 0.3071958857, 0.1863237232});
  check_near(probabilities(step, {0.5}), {0.3914660584, 0.4326369031, 0.1758970385});
  check_near(probabilities(step, {1}), {0.2806966846, 0.5652537086, 0.1540496067});
  std::vector<double> q, expert;
  for (const double x : step.log_base()) q.push_back(lab::exp(x));
  for (const double x : step.log_expert(0)) expert.push_back(lab::exp(x));
  check_near(q, {0.4223789211, 0.3458146122, 0.2318064667});
  check_near(expert, {0.2204093513, 0.5991347345, 0.1804559142});
  CHECK(std::abs(step.target(0).forward - 0.1407277238) <= 1e-10);
  CHECK(std::abs(step.target(0).reverse - 0.1427162020) <= 1e-10);
  constexpr double kObjectives[][2] = {
      {0, 0.0401722066}, {0.5, 0.0221106007}, {1, 0.0000994921}, {1.5, 0.0663286310}};
  for (const auto& [alpha, expected] : kObjectives) {
    CHECK(std::abs(step.objective(std::array{alpha}, kObjective) - expected) <= 1e-10);
  }
}

TEST_CASE("sheet 04: the grid's and the exact coefficient") {
  DecodingStep step = one_expert(kLarge);
  CHECK(step.search(kGrid, kObjective).alpha == 1.0);
  CHECK(std::abs(step.solve(kGrid, kObjective).alpha - 0.9771785473) <= 1e-9);
  CHECK(std::abs(step.solve(kGrid, kObjective).loss - 0.0000113656) <= 1e-10);
  DecodingStep peaked = one_expert(std::array{3.0, 0.5, 0.0});
  CHECK(peaked.search(kGrid, kObjective).alpha == 12 * 0.1);
  CHECK(std::abs(peaked.search(kGrid, kObjective).loss - 0.0013596516) <= 1e-10);
  CHECK(std::abs(peaked.solve(kGrid, kObjective).alpha - 1.2431703630) <= 1e-9);
  CHECK(std::abs(peaked.objective(std::array{2.0}, kObjective) - 0.2135379901) <= 1e-10);
}

TEST_CASE("sheet 04: two experts, one at a time and jointly") {
  DecodingStep step(3, 2);
  step.set(kLarge, kBase, kExperts);
  const Choice choice = step.search(kGrid, kObjective);
  CHECK(choice.expert == 0);
  CHECK(choice.alpha == 9 * 0.1);
  CHECK(std::abs(choice.loss - 0.0012070400) <= 1e-10);
  CHECK(std::abs(step.objective(std::array{0.0, 11 * 0.1}, kObjective) - 0.0013403671) <= 1e-10);
  CHECK(step.objective(std::array{0.0, 1.0}, kObjective) > 0.00134036);
  CHECK(step.objective(std::array{0.0, 1.2}, kObjective) > 0.00134036);
  std::array<double, 2> jointly;
  CHECK(std::abs(step.search_jointly(kGrid, kObjective, jointly) - 0.0011113345) <= 1e-10);
  CHECK(jointly[0] == 6 * 0.1);
  CHECK(jointly[1] == 10 * 0.1);
  CHECK(step.solve(kGrid, kObjective).loss <= choice.loss);
}

TEST_CASE("with alpha = 0 the large model is left as it is, to the bit") {
  Stream stream(1, "test");
  for (int i = 0; i < 200; ++i) {
    DecodingStep step = random_step(stream, 7, 2);
    std::vector<double> p(7);
    step.log_probabilities(std::array{0.0, 0.0}, p);
    CHECK(std::ranges::equal(p, step.log_large()));
  }
}

TEST_CASE(
    "where the large model is the small base and a constant, alpha is 1 and nothing is left") {
  Stream stream(2, "test");
  for (int i = 0; i < 200; ++i) {
    std::array<double, 9> base, expert, large;
    stream.fill_normal(base);
    stream.fill_normal(expert);
    for (std::size_t k = 0; k < 9; ++k) large[k] = base[k] + 3.25;
    DecodingStep step(9, 1);
    step.set(large, base, expert);
    const Choice grid = step.search(kGrid, kObjective), exact = step.solve(kGrid, kObjective);
    CHECK(grid.alpha == 1.0);
    CHECK(grid.loss < 1e-20);
    CHECK(std::abs(exact.alpha - 1) <= 1e-6);
    CHECK(exact.loss < 1e-20);
  }
}

TEST_CASE("an expert that is its base moves nothing") {
  DecodingStep step(3, 1);
  step.set(kLarge, kBase, kBase);
  CHECK(step.target(0).forward == 0);
  CHECK(step.search(kGrid, kObjective).alpha == 0);
  CHECK(step.solve(kGrid, kObjective).alpha == 0);
  // One that has hardly moved: below the least target the minimum is noise, and is not looked for.
  const std::array<double, 3> near = {0.6, 0.4, 1e-4};
  step.set(kLarge, kBase, near);
  CHECK(step.target(0).forward > 0);
  CHECK(step.search(kGrid, kObjective).alpha == 0);
  CHECK(step.search(kGrid, {.least_target = 0}).alpha > 0);
}

TEST_CASE("both divergences never fall as alpha grows, and their slopes are right") {
  Stream stream(3, "test");
  for (int i = 0; i < 2000; ++i) {
    const std::size_t vocabulary = 2 + stream.below(12);
    DecodingStep step = random_step(stream, vocabulary, 1);
    Divergences before;
    for (int k = 0; k <= 20; ++k) {
      const Divergences now = step.moved(std::array{k * 0.1});
      CHECK(now.forward >= before.forward - 1e-12);
      CHECK(now.reverse >= before.reverse - 1e-12);
      before = now;
    }
    const double alpha = stream.uniform(0, 2);
    constexpr double kStep = 1e-5;
    const Divergences up = step.moved(std::array{alpha + kStep}),
                      down = step.moved(std::array{alpha - kStep});
    const Divergences slope = step.slopes(0, alpha);
    const auto near = [](double found, double expected) {
      return std::abs(found - expected) <= 1e-6 * std::max(1.0, std::abs(expected));
    };
    CHECK(near((up.forward - down.forward) / (2 * kStep), slope.forward));
    CHECK(near((up.reverse - down.reverse) / (2 * kStep), slope.reverse));
    const double difference = step.objective(std::array{alpha + kStep}, kObjective) -
                              step.objective(std::array{alpha - kStep}, kObjective);
    CHECK(near(difference / (2 * kStep), step.objective_slope(0, alpha, kObjective)));
  }
}

TEST_CASE("exact is never worse than the grid, the grid never worse than alpha = 1") {
  Stream stream(4, "test");
  int better = 0;
  for (int i = 0; i < 1000; ++i) {
    DecodingStep step = random_step(stream, 6, 2);
    const Choice grid = step.search(kGrid, kObjective), exact = step.solve(kGrid, kObjective);
    CHECK(grid.loss <= step.objective(std::array{1.0, 0.0}, kObjective));
    CHECK(exact.loss <= grid.loss);
    better += exact.loss < grid.loss ? 1 : 0;
    std::array<double, 2> jointly;
    if (i < 50) {
      CHECK(step.search_jointly(kGrid, kObjective, jointly) <= grid.loss);
      CHECK(step.objective(jointly, kObjective) <= grid.loss);
    }
  }
  CHECK(better > 800);
}

TEST_CASE("the exact coefficient is that of a fine grid, where there are two minima as well") {
  Stream stream(5, "test");
  const AlphaGrid fine = alpha_grid(0, 2, 1e-4);
  for (int i = 0; i < 30; ++i) {
    DecodingStep step = random_step(stream, 4, 1);
    const Choice exact = step.solve(kGrid, kObjective), near = step.search(fine, kObjective);
    CHECK(exact.loss <= near.loss + 1e-12);
    CHECK(exact.loss >= near.loss - 1e-6);
  }
}

TEST_CASE("the oracle gives the token its greatest probability") {
  Stream stream(6, "test");
  for (int i = 0; i < 200; ++i) {
    DecodingStep step = random_step(stream, 5, 2);
    const std::size_t token = stream.below(5);
    const Choice best = step.oracle(token, kGrid);
    CHECK(best.alpha >= 0);
    CHECK(best.alpha <= 2);
    std::vector<double> p(5);
    for (std::size_t t = 0; t < 2; ++t) {
      for (int k = 0; k <= 40; ++k) {
        std::array<double, 2> alpha = {};
        alpha[t] = k * 0.05;
        step.log_probabilities(alpha, p);
        CHECK(-p[token] >= best.loss - 1e-12);
      }
    }
  }
}

TEST_CASE("the best constant is where a fine grid finds it, and stays inside its bounds") {
  Stream stream(7, "test");
  std::vector<double> large(4 * 5), delta(4 * 5), counts(4 * 5);
  stream.fill_normal(large);
  stream.fill_normal(delta);
  for (double& count : counts) count = static_cast<double>(stream.below(4));
  std::vector<double> p(5);
  const auto loss = [&](double alpha) {
    double sum = 0;
    for (std::size_t row = 0; row < 4; ++row) {
      double total = 0;
      for (std::size_t i = 0; i < 5; ++i) {
        p[i] = lab::exp(large[row * 5 + i] + alpha * delta[row * 5 + i]);
        total += p[i];
      }
      for (std::size_t i = 0; i < 5; ++i) sum -= counts[row * 5 + i] * lab::log(p[i] / total);
    }
    return sum;
  };
  const double best = best_constant(large, delta, counts, 5, -5, 5);
  for (double alpha = -5; alpha <= 5; alpha += 0.01) CHECK(loss(alpha) >= loss(best) - 1e-12);
  CHECK(best > -5);
  CHECK(best < 5);
  CHECK(best_constant(large, delta, counts, 5, best + 1, 9) == best + 1);
  CHECK(best_constant(large, delta, counts, 5, -9, best - 1) == best - 1);
}

TEST_CASE("a grid has the multiples between its ends") {
  const AlphaGrid grid = alpha_grid(0, 2, 0.1);
  CHECK(grid.first == 0);
  CHECK(grid.last == 20);
  CHECK(alpha_grid(-0.5, 0.7, 0.2).first == -2);
  CHECK(alpha_grid(-0.5, 0.7, 0.2).last == 3);
  CHECK(alpha_grid(0.3, 0.9, 0.3).first == 1);
  CHECK(alpha_grid(0.3, 0.9, 0.3).last == 3);
}
