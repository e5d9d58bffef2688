#include "experiment/claim.h"

#include <vector>

#include <doctest/doctest.h>

#include "core/error.h"
#include "experiment/experiment.h"

using namespace lab;

namespace {

Claim claim(ClaimKind kind, Comparison comparison, double threshold) {
  Claim c;
  c.id = "c";
  c.kind = kind;
  c.comparison = comparison;
  c.threshold = threshold;
  return c;
}

ClaimResult judged(const Claim& claim, std::vector<double> values) {
  Experiment experiment;
  experiment.id = "test";
  std::vector<SeedMeasurement> measurements;
  for (std::size_t i = 0; i < values.size(); ++i) measurements.push_back({i, values[i], "d"});
  return judge(experiment, claim, measurements);
}

}  // namespace

TEST_CASE("verdict: identity and bound stand with no violation, fall with one") {
  using enum ClaimKind;
  using enum Comparison;
  for (const ClaimKind kind : {identity, bound}) {
    CHECK(judged(claim(kind, at_most, 1), {0.2, 1, 0.7}).verdict == Verdict::reproduced);
    const ClaimResult broken = judged(claim(kind, at_most, 1), {0.2, 1.0000001, 0.7});
    CHECK(broken.verdict == Verdict::not_reproduced);
    CHECK(broken.measured == 1.0000001);
    CHECK(broken.low == 0.2);
    CHECK(judged(claim(kind, equal, 0), {0, 0}).verdict == Verdict::reproduced);
    CHECK(judged(claim(kind, equal, 0), {0, -1}).measured == -1);
    CHECK(judged(claim(kind, above, 2), {3, 2}).verdict == Verdict::not_reproduced);
    CHECK(judged(claim(kind, at_least, 2), {3, 2}).verdict == Verdict::reproduced);
    CHECK(judged(claim(kind, at_least, 2), {3, 2.5}).measured == 2.5);
  }
}

TEST_CASE("verdict: effect and trend follow the bootstrap interval") {
  using enum ClaimKind;
  using enum Comparison;
  const std::vector<double> values = {1.1, 1.4, 0.9, 1.2, 1.3, 1.0, 1.5, 1.25, 0.95, 1.15};
  for (const ClaimKind kind : {effect, trend}) {
    const ClaimResult result = judged(claim(kind, above, 0.5), values);
    CHECK(result.verdict == Verdict::reproduced);
    CHECK(result.measured == doctest::Approx(1.175));
    CHECK(result.low > 1.0);
    CHECK(result.low < result.measured);
    CHECK(result.high > result.measured);
    CHECK(result.high < 1.4);
    CHECK(judged(claim(kind, above, 2), values).verdict == Verdict::not_reproduced);
    CHECK(judged(claim(kind, above, 1.175), values).verdict == Verdict::not_decided);
    CHECK(judged(claim(kind, below, 2), values).verdict == Verdict::reproduced);
    // Few seeds decide nothing.
    CHECK(judged(claim(kind, above, 0), {1, 1, 1, 1}).verdict == Verdict::not_decided);
    CHECK(judged(claim(kind, above, 0), {1, 1, 1, 1, 1}).verdict == Verdict::reproduced);
  }
}

TEST_CASE("verdict: the interval is that of the normal theory on a large sample") {
  // 400 values 0, 1, .., 399 scaled to [0, 1): mean 0.49875, standard error sqrt((1/12) / 400) = 0.01443.
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i / 400.0);
  const ClaimResult result = judged(claim(ClaimKind::effect, Comparison::above, 0), values);
  CHECK(result.low == doctest::Approx(0.49875 - 1.96 * 0.01443).epsilon(0.01));
  CHECK(result.high == doctest::Approx(0.49875 + 1.96 * 0.01443).epsilon(0.01));
}

TEST_CASE("verdict: the digest covers claim, seeds and values") {
  Claim one = claim(ClaimKind::bound, Comparison::at_most, 1);
  const std::string digest = judged(one, {0.5}).digest;
  CHECK(judged(one, {0.5}).digest == digest);
  CHECK(judged(one, {0.5, 0.5}).digest != digest);
  one.threshold = 2;
  CHECK(judged(one, {0.5}).digest != digest);
}

TEST_CASE("measuring: a metric must be a number") {
  Experiment experiment;
  experiment.id = "test";
  Claim broken = claim(ClaimKind::bound, Comparison::at_most, 1);
  broken.metric = "ratio";
  broken.measure = [](ClaimContext&) { return 0.0 / 0.0; };
  CHECK_THROWS_WITH_AS(measure(experiment, broken, {}), doctest::Contains("'ratio'"), Error);
  broken.measure = [](ClaimContext& context) { return static_cast<double>(context.seed()); };
  CHECK(measure(experiment, broken, {.seed = 7}).value == 7);
}
