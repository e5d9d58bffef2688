// Transformed and combined rewards (arXiv:2402.00742): the vectors of sheet 12, identities, limits.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "method/fusion/reward_transform.h"

using namespace lab;
using namespace lab::fusion;

namespace {

constexpr std::array<double, 4> kRewards = {-2, 0, 1, 4}, kOthers = {3, 1, 0, -3},
                                kPrior = {.4, .3, .2, .1};

double lsc(double reward, double reference) {
  return utility(RewardTransform::lsc, std::array{reward}, std::array{reference});
}

std::vector<double> policy(RewardTransform transform, double gamma) {
  std::vector<double> log_prior, utilities, log_policy(4);
  for (std::size_t i = 0; i < 4; ++i) {
    log_prior.push_back(lab::log(kPrior[i]));
    utilities.push_back(utility(transform, std::array{kRewards[i]}, std::array{1.0}));
  }
  tilt(log_prior, utilities, gamma, log_policy);
  for (double& p : log_policy) p = lab::exp(p);
  return log_policy;
}

void check_near(std::span<const double> found, std::initializer_list<double> expected) {
  REQUIRE(found.size() == expected.size());
  std::size_t i = 0;
  for (const double e : expected) CHECK(std::abs(found[i++] - e) <= 1e-10);
}

}  // namespace

TEST_CASE("sheet 12: transformed rewards and their slopes") {
  std::array<double, 4> u, slope;
  for (std::size_t i = 0; i < 4; ++i) {
    u[i] = lsc(kRewards[i], 1);
    slope[i] = lsc_slope(kRewards[i], 1);
    constexpr double kStep = 1e-5;
    const double difference = lsc(kRewards[i] + kStep, 1) - lsc(kRewards[i] - kStep, 1);
    CHECK(difference / (2 * kStep) == doctest::Approx(slope[i]).epsilon(1e-8));
  }
  check_near(u, {-3.0485873516, -1.3132616875, -0.6931471806, -0.0485873516});
  check_near(slope, {0.9525741268, 0.7310585786, 0.5, 0.0474258732});
}

TEST_CASE("sheet 12: tilted policies") {
  check_near(policy(RewardTransform::raw, 0.5),
             {0.0000244305, 0.0010003970, 0.0049279932, 0.9940471792});
  check_near(policy(RewardTransform::lsc, 0.5),
             {0.0055081111, 0.1328460581, 0.3061131809, 0.5555326500});
}

TEST_CASE("sheet 12: two rewards") {
  std::array<double, 4> sums, both;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::array rewards = {kRewards[i], kOthers[i]}, references = {1.0, 1.0};
    CHECK(utility(RewardTransform::raw, rewards, references) == 1);
    sums[i] = utility(RewardTransform::lsc, rewards, references);
    both[i] = lab::exp(sums[i]);
  }
  check_near(sums, {-3.1755153626, -2.0064088681, -2.0064088681, -4.0667372795});
  check_near(both, {0.0417725705, 0.1344707107, 0.1344707107, 0.0171331982});
}

TEST_CASE("the other transforms, by hand") {
  const std::array rewards = {2.0, -1.0}, references = {1.0, 0.5};
  CHECK(utility(RewardTransform::raw, rewards, references) == 1);
  CHECK(utility(RewardTransform::centred, rewards, references) == -0.5);
  CHECK(utility(RewardTransform::clipped, rewards, references) == 0);
  CHECK(utility(RewardTransform::least, rewards, references) == -1.5);
  CHECK(utility(RewardTransform::constraint, rewards, references) ==
        -std::numeric_limits<double>::infinity());
  CHECK(utility(RewardTransform::constraint, std::array{2.0, 0.5}, references) == 0);
  CHECK(utility(RewardTransform::log_sigmoid, std::array{0.0}, std::array{9.0}) ==
        doctest::Approx(-std::log(2.0)).epsilon(1e-15));
}

TEST_CASE("identities: and is a product, shifts cancel, and gamma = 1 conditions on good") {
  Stream stream(1, "test");
  for (int i = 0; i < 500; ++i) {
    const double r1 = stream.normal(0, 3), r2 = stream.normal(0, 3), ref1 = stream.normal(),
                 ref2 = stream.normal(), shift = stream.normal(0, 5);
    const double both =
        lab::exp(utility(RewardTransform::lsc, std::array{r1, r2}, std::array{ref1, ref2}));
    CHECK(std::abs(both - lab::sigmoid(r1 - ref1) * lab::sigmoid(r2 - ref2)) <= 1e-12);
    CHECK(std::abs(lsc(r1 + shift, ref1 + shift) - lsc(r1, ref1)) <= 1e-12);
    // A reference far above: the raw reward, shifted; far below: nothing is left.
    CHECK(std::abs(lsc(r1, r1 + 40) + 40) <= 1e-6);
    CHECK(std::abs(lsc(r1, r1 - 40)) <= 1e-6);
  }
  const std::vector<double> conditioned = policy(RewardTransform::lsc, 1);
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum += kPrior[i] * lab::sigmoid(kRewards[i] - 1);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::abs(conditioned[i] - kPrior[i] * lab::sigmoid(kRewards[i] - 1) / sum) <= 1e-12);
  }
}

TEST_CASE("a tilt never overflows, and moves further the smaller gamma is") {
  const std::array<double, 3> log_prior = {lab::log(0.5), lab::log(0.3), lab::log(0.2)},
                              utilities = {-1e6, 0, 1e6};
  std::array<double, 3> log_policy;
  double before = 0;
  for (const double gamma : {1e9, 1e6, 1e5, 1e3, 1e-9}) {
    tilt(log_prior, utilities, gamma, log_policy);
    const double divergence = policy_divergence(log_policy, log_prior);
    CHECK(divergence >= before);
    before = divergence;
  }
  CHECK(before == doctest::Approx(-std::log(0.2)).epsilon(1e-12));
}

TEST_CASE("a quantile under the prior") {
  const std::array<double, 3> values = {3, 1, 2},
                              log_prior = {lab::log(0.2), lab::log(0.5), lab::log(0.3)};
  std::array<std::size_t, 3> order;
  CHECK(prior_quantile(values, log_prior, 0.4, order) == 1);
  CHECK(prior_quantile(values, log_prior, 0.7, order) == 2);
  CHECK(prior_quantile(values, log_prior, 0.85, order) == 3);
  CHECK(prior_quantile(values, log_prior, 1, order) == 3);
}
