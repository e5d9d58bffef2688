// PRESTO's fits: reference numbers, both ends of the path, optimality conditions, bits after a
// restore.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "method/separable/fused_odds.h"
#include "method/separable/ordinal_baselines.h"
#include "presto_samples.h"
#include "reference/presto-rare-events/vector.h"

using namespace lab;
using namespace lab::separable;

namespace {

constexpr double kTight = 1e-11;

void converge(FusedOdds& fit, double lambda) {
  fit.start(lambda);
  for (int i = 0; i < 20'000; ++i) {
    if (fit.iterate()) return;
  }
  FAIL("no convergence");
}

}  // namespace

TEST_CASE("fused odds: reference vector V2") {
  const OrderedSamples samples = presto_test::four_samples();
  FusedOdds fit(samples, {}, kTight);
  CHECK(fit.lambda_max() == doctest::Approx(0.28125).epsilon(1e-14));
  converge(fit, 1);
  CHECK(fit.alpha()[0] == doctest::Approx(-1.09861229).epsilon(1e-8));
  CHECK(fit.alpha()[1] == doctest::Approx(1.09861229).epsilon(1e-8));
  for (const double weight : fit.psi()) CHECK(weight == 0);
  CHECK(fit.objective() == doctest::Approx(1.0397207708).epsilon(1e-10));

  converge(fit, 0.05);
  CHECK(fit.objective() == doctest::Approx(reference::presto::kObjective).epsilon(1e-14));
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(fit.alpha()[k] == doctest::Approx(reference::presto::kMinimum[k]).epsilon(1e-9));
  }
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(fit.psi()[i] == doctest::Approx(reference::presto::kMinimum[2 + i]).epsilon(1e-9));
  }

  // Close to separable: the minimum is very flat.
  FusedOdds flat(samples, {}, 1e-8);
  converge(flat, 0.01);
  CHECK(flat.objective() == doctest::Approx(0.2789438326).epsilon(1e-7));
}

TEST_CASE("fused odds: from lambda_max on nothing but the intercepts") {
  const OrderedSamples samples = presto_test::random_samples(300, 5, {120, 110, 50, 20}, 1);
  FusedOdds fit(samples, {}, kTight);
  const std::vector<double> alpha = share_intercepts(samples);
  converge(fit, fit.lambda_max() * (1 + 1e-9));
  for (const double weight : fit.psi()) CHECK(weight == 0);
  for (std::size_t k = 0; k < 3; ++k)
    CHECK(fit.alpha()[k] == doctest::Approx(alpha[k]).epsilon(1e-9));
  converge(fit, fit.lambda_max() * 0.99);
  CHECK(std::ranges::any_of(fit.psi(), [](double weight) { return weight != 0; }));
}

TEST_CASE("fused odds: with a free base and a large lambda it is proportional odds") {
  const OrderedSamples samples = presto_test::random_samples(300, 5, {120, 110, 50, 20}, 2);
  const ProportionalOdds odds = proportional_odds(samples);
  CHECK(odds.gradient < 1e-10);
  FusedOdds fit(samples, {.base_penalised = false}, kTight);
  // From another lambda, so that it has to come back.
  converge(fit, fit.lambda_max() * 0.05);
  converge(fit, 1e3);
  std::vector<double> beta(15);
  fit.beta(beta);
  for (std::size_t i = 0; i < 15; ++i)
    CHECK(beta[i] == doctest::Approx(odds.beta[i % 5]).epsilon(1e-7));
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(fit.alpha()[k] == doctest::Approx(odds.alpha[k]).epsilon(1e-7));
  }
}

TEST_CASE("fused odds: optimality conditions along the path, absolute and squared") {
  const OrderedSamples samples = presto_test::random_samples(400, 6, {180, 150, 50, 20}, 3);
  for (const Shrinkage shrinkage : {Shrinkage::absolute, Shrinkage::squared}) {
    for (const bool base : {true, false}) {
      FusedOdds fit(samples, {shrinkage, base}, 1e-8);
      double before = HUGE_VAL;
      for (const double share : {1.0, 0.5, 0.2, 0.05, 0.01, 0.0}) {
        const double lambda = share * fit.lambda_max();
        converge(fit, lambda);
        CHECK(fit.violation() <= 1e-7);
        CHECK(fit.loss() <= before + 1e-12);
        before = fit.loss();
      }
      // Without a penalty: the maximum likelihood.
      std::vector<double> gradient(18);
      fit.psi_gradient(gradient);
      for (const double number : gradient) CHECK(std::abs(number) <= 1e-7);
    }
  }
}

TEST_CASE("fused odds: restored it goes on with the same bits") {
  const OrderedSamples samples = presto_test::random_samples(200, 4, {90, 80, 30}, 5);
  FusedOdds fit(samples, {}, 1e-10);
  fit.start(0.01);
  for (int i = 0; i < 7; ++i) fit.iterate();
  ByteWriter writer;
  fit.save(writer);
  FusedOdds again(samples, {}, 1e-10);
  ByteReader reader(writer.view());
  again.restore(reader);
  reader.expect_end();
  for (int i = 0; i < 30; ++i) {
    CHECK(fit.iterate() == again.iterate());
  }
  fit.start(0.005);
  again.start(0.005);
  fit.iterate();
  again.iterate();
  CHECK(std::ranges::equal(fit.psi(), again.psi()));
  CHECK(fit.objective() == again.objective());
}

TEST_CASE("fused odds: two classes are plain L1 logistic regression") {
  const OrderedSamples samples = presto_test::random_samples(150, 4, {100, 50}, 6);
  FusedOdds fit(samples, {}, kTight);
  const double lambda = 0.1 * fit.lambda_max();
  converge(fit, lambda);
  // Optimality of sum log(1 + exp(-s (alpha + beta . x))) / n + lambda ||beta||_1, in plain loops.
  std::vector<double> gradient(5);
  double loss = 0;
  for (std::size_t i = 0; i < 150; ++i) {
    double score = fit.alpha()[0];
    for (std::size_t j = 0; j < 4; ++j) score += fit.psi()[j] * samples.columns(j, i);
    const double side = i < 100 ? 1 : -1;
    loss += std::log1p(std::exp(-side * score)) / 150;
    const double error = -side / (1 + std::exp(side * score)) / 150;
    gradient[0] += error;
    for (std::size_t j = 0; j < 4; ++j) gradient[1 + j] += error * samples.columns(j, i);
  }
  CHECK(fit.loss() == doctest::Approx(loss).epsilon(1e-13));
  CHECK(std::abs(gradient[0]) < 1e-8);
  for (std::size_t j = 0; j < 4; ++j) {
    const double weight = fit.psi()[j];
    if (weight == 0) {
      CHECK(std::abs(gradient[1 + j]) <= lambda + 1e-9);
    } else {
      CHECK(gradient[1 + j] == doctest::Approx(weight > 0 ? -lambda : lambda).epsilon(1e-7));
    }
  }
}
