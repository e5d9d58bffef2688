// Rules and partitions: the reference vector V1, blocks against all subsets, partitions by hand.

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "method/linear_algebra.h"
#include "method/separable/block_rules.h"
#include "reference/block-coordinate-descent/vector.h"

using namespace lab;
using namespace lab::separable;

namespace {

Objective by_hand() {
  Matrix columns = Matrix::from_shape({3, 4});
  constexpr double kRows[4][3] = {{1, 2, 0}, {0, 1, -1}, {3, 0, 1}, {1, -1, 2}};
  for (std::size_t s = 0; s < 4; ++s) {
    for (std::size_t i = 0; i < 3; ++i) columns(i, s) = kRows[s][i];
  }
  return logistic_objective(std::move(columns), {1, -1, 1, -1}, 0.1);
}

Objective random_squares(std::size_t p, Stream& stream) {
  Matrix columns = Matrix::from_shape({p, 12});
  for (std::size_t i = 0; i < p; ++i) {
    const double scale = 10 * stream.normal();
    for (std::size_t s = 0; s < 12; ++s) columns(i, s) = scale * stream.normal();
  }
  std::vector<double> targets(12);
  stream.fill_normal(std::span(targets));
  return least_squares_objective(std::move(columns), std::move(targets), 1);
}

double quadratic(const Objective& objective, Block block, std::span<const double> g) {
  std::vector<double> factor(block.size() * block.size()), d;
  for (const std::uint32_t i : block) d.push_back(g[i]);
  bound_block(objective, block, factor);
  cholesky(factor, block.size(), 1e-12);
  cholesky_solve(factor, block.size(), d);
  double sum = 0;
  for (std::size_t k = 0; k < block.size(); ++k) sum += g[block[k]] * d[k];
  return sum;
}

}  // namespace

TEST_CASE("block rules: the reference vector, every number") {
  const Objective objective = by_hand();
  BlockPoint point(objective, reference::kX);
  CHECK(std::abs(point.value() - reference::kValue) < 1e-9);
  std::array<double, 3> g;
  point.gradient(g);
  const BlockChooser chooser(objective, 2);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(std::abs(g[i] - reference::kGradient[i]) < 1e-9);
    CHECK(std::abs(objective.lipschitz[i] - reference::kLipschitz[i]) < 1e-12);
    CHECK(std::abs(objective.row_sums[i] - reference::kRowSums[i]) < 1e-12);
  }
  for (const reference::Row& row : reference::kRows) {
    Matrix scratch = Matrix::from_shape({2, 2});
    const double lipschitz = block_lipschitz(objective, row.block, scratch);
    double squares = 0, by_constant = 0, by_row = 0;
    std::array<double, 2> d;
    for (std::size_t k = 0; k < 2; ++k) {
      const std::uint32_t i = row.block[k];
      squares += g[i] * g[i];
      by_constant += chooser.score(Rule::gsd, i, g[i]);
      by_row += chooser.score(Rule::gsd_rows, i, g[i]);
      d[k] = -g[i] / lipschitz;
    }
    CHECK(std::abs(squares - row.squares) < 1e-9);
    CHECK(std::abs(lipschitz - row.lipschitz) < 1e-9);
    CHECK(std::abs(squares / lipschitz - row.gsl) < 1e-9);
    CHECK(std::abs(by_constant - row.gsd) < 1e-9);
    CHECK(std::abs(by_row - row.gsd_rows) < 1e-9);
    CHECK(std::abs(quadratic(objective, row.block, g) - row.gsq) < 1e-9);
    CHECK(std::abs(point.value_after(row.block, d) - row.after_gradient) < 1e-9);
    std::vector<double> factor(4);
    bound_block(objective, row.block, factor);
    cholesky(factor, 2, 1e-12);
    for (std::size_t k = 0; k < 2; ++k) d[k] = -g[row.block[k]];
    cholesky_solve(factor, 2, d);
    CHECK(std::abs(point.value_after(row.block, d) - row.after_matrix) < 1e-9);
  }
}

TEST_CASE("block rules: on the reference vector the rules disagree as they should") {
  const Objective objective = by_hand();
  const BlockPoint point(objective, reference::kX);
  std::array<double, 3> g;
  point.gradient(g);
  BlockChooser chooser(objective, 2, true);
  const auto chosen = [&](Rule rule) {
    std::vector<std::uint32_t> block(2);
    chooser.choose(rule, g, block);
    std::ranges::stable_sort(block);
    return block;
  };
  using Pair = std::vector<std::uint32_t>;
  CHECK(chosen(Rule::gs) == Pair{0, 1});
  CHECK(chosen(Rule::gsl) == Pair{1, 2});
  CHECK(chosen(Rule::gsd) == Pair{1, 2});
  CHECK(chosen(Rule::gsd_rows) == Pair{0, 1});
  CHECK(chosen(Rule::gsq) == Pair{0, 1});
  CHECK(chosen(Rule::gsq_iht) == Pair{0, 1});
}

TEST_CASE("block rules: grown blocks against all subsets") {
  // Greedy growth need not find the best block; it must never be better, and it must beat sorting.
  constexpr std::size_t kP = 9, kSize = 3;
  double grown = 0, sorted = 0, best = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Stream stream(seed, "test");
    const Objective objective = random_squares(kP, stream);
    const BlockPoint point(objective, std::vector<double>(kP, 0.0));
    std::vector<double> g(kP);
    point.gradient(g);
    BlockChooser chooser(objective, kSize);
    std::vector<std::uint32_t> block(kSize);
    double exhaustive = 0;
    for (std::uint32_t a = 0; a < kP; ++a) {
      for (std::uint32_t b = a + 1; b < kP; ++b) {
        for (std::uint32_t c = b + 1; c < kP; ++c) {
          exhaustive = std::max(exhaustive, quadratic(objective, std::array{a, b, c}, g));
        }
      }
    }
    chooser.choose(Rule::gsq, g, block);
    const double mine = quadratic(objective, block, g);
    CHECK(mine <= exhaustive * (1 + 1e-12));
    chooser.choose(Rule::gsd, g, block);
    grown += mine / exhaustive;
    sorted += quadratic(objective, block, g) / exhaustive;
    best += 1;
    // Row sums dominate H: what gsd_rows promises is never more than the quadratic model's fall.
    chooser.choose(Rule::gsd_rows, g, block);
    double promised = 0;
    for (const std::uint32_t i : block) promised += chooser.score(Rule::gsd_rows, i, g[i]);
    CHECK(promised <= quadratic(objective, block, g) * (1 + 1e-12));
    // g_b^T H_b^-1 g_b >= ||g_b||^2 / L_b.
    double squares = 0;
    for (const std::uint32_t i : block) squares += g[i] * g[i];
    Matrix scratch = Matrix::from_shape({kSize, kSize});
    CHECK(squares / block_lipschitz(objective, block, scratch) <=
          quadratic(objective, block, g) * (1 + 1e-12));
  }
  CHECK(grown / best > 0.97);
  CHECK(grown > sorted);
}

TEST_CASE("block rules: the largest scores, the lowest index first among equals") {
  const std::vector<double> scores = {1, 3, 2, 3, 0, 2};
  std::vector<std::uint32_t> order(6);
  order_by_score(scores, order);
  CHECK(order == std::vector<std::uint32_t>{1, 3, 2, 5, 0, 4});
  std::vector<double> many(2000);
  Stream(1, "test").fill_uniform(std::span(many));
  std::vector<std::uint32_t> all(many.size());
  order_by_score(many, all);
  for (std::size_t k = 1; k < all.size(); ++k) CHECK(many[all[k - 1]] >= many[all[k]]);
}

TEST_CASE("block rules: partitions") {
  Matrix columns = Matrix::from_shape({7, 1});
  const std::vector<double> sizes = {4, 1, 6, 3, 7, 2, 5};
  for (std::size_t i = 0; i < 7; ++i) columns(i, 0) = sizes[i];
  const Objective objective = least_squares_objective(columns, {1}, 0);
  CHECK(partition(objective, Sorting::order, 3) == Partition{{0, 1, 2}, {3, 4, 5}, {6}});
  CHECK(partition(objective, Sorting::sort, 3) == Partition{{1, 5, 3}, {0, 6, 2}, {4}});
  CHECK(partition(objective, Sorting::avg, 2) == Partition{{1, 4}, {5, 2}, {3, 6}, {0}});
  CHECK(partition(objective, Sorting::havg, 2) == partition(objective, Sorting::avg, 2));
}

TEST_CASE("block rules: a large block's constant is a bound") {
  Stream stream(9, "test");
  const Objective objective = random_squares(30, stream);
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < 30; ++i) all.push_back(i);
  Matrix scratch = Matrix::from_shape({30, 30});
  const double exact = symmetric_eigenvalues(objective.bound).back();
  CHECK(block_lipschitz(objective, all, scratch) >= exact);
  const Block most = Block(all).first(20);
  Matrix part = Matrix::from_shape({20, 20});
  bound_block(objective, most, span(part));
  CHECK(block_lipschitz(objective, most, scratch) ==
        doctest::Approx(symmetric_eigenvalues(part).back()).epsilon(1e-12));
}
