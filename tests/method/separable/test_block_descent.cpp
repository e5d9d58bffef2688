// Block coordinate descent: what is sure is brought, for every rule, update, penalty and kind of
// block.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/random.h"
#include "method/separable/block_descent.h"

using namespace lab;
using namespace lab::separable;

namespace {

Objective make(const std::string& what) {
  Stream stream(11, "test");
  constexpr std::size_t kFeatures = 12, kSamples = 20;
  Matrix columns = Matrix::from_shape({kFeatures, kSamples});
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const double scale = 3 * stream.normal();
    for (std::size_t s = 0; s < kSamples; ++s) columns(i, s) = scale * stream.normal();
  }
  std::vector<double> numbers(kSamples), signs;
  stream.fill_normal(std::span(numbers));
  std::vector<int> labels;
  for (std::size_t s = 0; s < kSamples; ++s) {
    signs.push_back(numbers[s] > 0 ? 1 : -1);
    labels.push_back(static_cast<int>(s % 3));
  }
  if (what == "logistic") return logistic_objective(std::move(columns), signs, 1);
  if (what == "softmax") return softmax_objective(std::move(columns), labels, 3, 1);
  if (what == "lasso") {
    return least_squares_objective(std::move(columns), numbers, 0.1, Penalty::l1, 4);
  }
  if (what == "nonnegative") {
    return least_squares_objective(std::move(columns), numbers, 0.1, Penalty::nonnegative);
  }
  return least_squares_objective(std::move(columns), numbers, 1);
}

}  // namespace

TEST_CASE("block descent: every method keeps its promises and arrives") {
  for (const std::string what : {"logistic", "softmax", "squares", "lasso", "nonnegative"}) {
    const Objective objective = make(what);
    const std::vector<double> zero(objective.dimension(), 0.0);
    const double optimum = minimize(objective, zero).value;
    for (std::size_t rule = 0; rule < kRules; ++rule) {
      for (const Update update :
           {Update::gradient, Update::matrix, Update::newton, Update::approximation}) {
        for (const Blocks blocks : {Blocks::variable, Blocks::sort, Blocks::havg}) {
          const BlockMethod method = {
              .rule = static_cast<Rule>(rule), .update = update, .blocks = blocks, .size = 5};
          CAPTURE(what);
          CAPTURE(name(method.rule));
          CAPTURE(static_cast<int>(update));
          CAPTURE(static_cast<int>(blocks));
          BlockDescent descent(objective, method, zero, Stream(1, "test"));
          const double first = descent.value();
          double before = first;
          for (int step = 0; step < 300; ++step) {
            descent.update();
            CHECK(descent.value() <= before + 1e-12 * std::max(1.0, std::abs(before)));
            before = descent.value();
          }
          CHECK(descent.largest_excess() < 1e-12);
          CHECK(descent.value() >= optimum - 1e-10 * (first - optimum));
          CHECK(descent.value() < optimum + 0.9 * (first - optimum));
          if (update == Update::newton || update == Update::matrix) {
            CHECK(descent.value() < optimum + 0.05 * (first - optimum));
          }
          CHECK(descent.operations() > 0);
        }
      }
    }
  }
}

TEST_CASE("block descent: one whole block and the matrix update solve least squares") {
  const Objective objective = make("squares");
  const std::vector<double> zero(objective.dimension(), 0.0);
  const double optimum = minimize(objective, zero).value;
  BlockDescent descent(objective, {.rule = Rule::gsq, .update = Update::matrix, .size = 12}, zero,
                       Stream(1, "test"));
  const double first = descent.value();
  descent.update();
  CHECK(descent.value() - optimum < 1e-12 * (first - optimum));
  // Of a quadratic the bound is the function.
  CHECK(descent.guaranteed() == doctest::Approx(descent.actual()).epsilon(1e-10));
}

TEST_CASE("block descent: cyclic blocks take every coordinate once in a sweep") {
  const Objective objective = make("logistic");
  const std::vector<double> zero(objective.dimension(), 0.0);
  for (const Blocks blocks : {Blocks::variable, Blocks::order}) {
    BlockDescent descent(objective, {.rule = Rule::cyclic, .blocks = blocks, .size = 5}, zero,
                         Stream(2, "test"));
    for (int sweep = 0; sweep < 4; ++sweep) {
      std::vector<int> seen(12, 0);
      for (int step = 0; step < 3; ++step) {  // 5 + 5 + 2
        descent.update();
        for (const std::uint32_t i : descent.block()) ++seen[i];
      }
      for (const int count : seen) CHECK(count == 1);
    }
  }
}

TEST_CASE("block descent: saved and restored it goes on with the same bits") {
  const Objective objective = make("logistic");
  const std::vector<double> zero(objective.dimension(), 0.0);
  for (const Update update : {Update::gradient, Update::approximation}) {
    for (const Rule rule : {Rule::random, Rule::cyclic, Rule::gsq}) {
      const BlockMethod method = {.rule = rule, .update = update, .size = 5};
      BlockDescent whole(objective, method, zero, Stream(3, "test"));
      for (int step = 0; step < 70; ++step) whole.update();
      ByteWriter writer;
      whole.save(writer);
      BlockDescent again(objective, method, zero, Stream(3, "test"));
      ByteReader reader(writer.view());
      again.restore(reader);
      reader.expect_end();
      for (int step = 0; step < 70; ++step) {
        whole.update();
        again.update();
        CHECK(whole.value() == again.value());
      }
      CHECK(whole.operations() == again.operations());
    }
  }
}

TEST_CASE("block descent: settings that make no sense are refused") {
  const Objective objective = make("logistic");
  const std::vector<double> zero(objective.dimension(), 0.0);
  CHECK_THROWS_WITH_AS(BlockDescent(objective, {.size = 13}, zero, Stream(1, "test")),
                       doctest::Contains("block of 13 of 12"), Error);
  CHECK_THROWS_WITH_AS(BlockDescent(objective, {.blocks = Blocks::trees}, zero, Stream(1, "test")),
                       doctest::Contains("no graph"), Error);
}
