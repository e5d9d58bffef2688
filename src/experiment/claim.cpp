#include "experiment/claim.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/error.h"
#include "core/random.h"
#include "experiment/experiment.h"

namespace lab {
namespace {

constexpr std::size_t kResamples = 10'000;

}  // namespace

Recorder ClaimContext::run(const Settings& settings) {
  const Config config(experiment_.id, experiment_.schema, settings);
  Outcome outcome = run_to_end(experiment_, config, run_);
  digests_.push_back(std::move(outcome.digest));
  return std::move(outcome.recorder);
}

std::string ClaimContext::digest() const {
  if (digests_.empty()) return "";
  Digest digest;
  for (const std::string& run : digests_) digest.text(run);
  return digest.hex();
}

SeedMeasurement measure(const Experiment& experiment, const Claim& claim,
                        const RunContext& context) {
  ClaimContext measuring(experiment, context);
  const double value = claim.measure(measuring);
  if (!std::isfinite(value)) {
    throw Error("the metric '" + claim.metric + "' came out as a number that is not finite",
                experiment.id + "/" + claim.id + ", seed " + std::to_string(context.seed),
                "a finite number", Error::Kind::machine);
  }
  Digest digest;
  digest.f64(value);
  digest.text(measuring.digest());
  return {context.seed, value, digest.hex()};
}

ClaimResult judge(const Experiment& experiment, const Claim& claim,
                  std::vector<SeedMeasurement> measurements) {
  assert(!measurements.empty());
  ClaimResult result;
  result.seeds = std::move(measurements);
  std::ranges::stable_sort(result.seeds, {}, &SeedMeasurement::seed);
  std::vector<double> values;
  for (const SeedMeasurement& seed : result.seeds) values.push_back(seed.value);
  const auto holds_for = [&](double value) {
    return holds(value, claim.comparison, claim.threshold);
  };

  if (claim.kind == ClaimKind::identity || claim.kind == ClaimKind::bound) {
    const auto [least, greatest] = std::ranges::minmax(values);
    result.low = least;
    result.high = greatest;
    // The worst: the one farthest to the wrong side.
    switch (claim.comparison) {
      case Comparison::at_least:
      case Comparison::above: result.measured = least; break;
      case Comparison::at_most:
      case Comparison::below: result.measured = greatest; break;
      case Comparison::equal:
        result.measured = std::abs(least - claim.threshold) > std::abs(greatest - claim.threshold)
                              ? least
                              : greatest;
        break;
    }
    result.verdict = std::ranges::all_of(values, holds_for) ? Verdict::reproduced
                                                            : Verdict::not_reproduced;
  } else {
    result.measured = mean(values);
    const Interval interval = bootstrap_mean(values, experiment.id + "/" + claim.id);
    result.low = interval.low;
    result.high = interval.high;
    const bool low_holds = holds_for(interval.low);
    const bool high_holds = holds_for(interval.high);
    if (values.size() < kLeastSeeds || low_holds != high_holds) {
      result.verdict = Verdict::not_decided;
    } else {
      result.verdict = low_holds ? Verdict::reproduced : Verdict::not_reproduced;
    }
  }

  Digest digest;
  digest.text(experiment.id);
  digest.text(claim_json(claim).dump());
  for (const SeedMeasurement& seed : result.seeds) {
    digest.u64(seed.seed);
    digest.text(seed.digest);
  }
  result.digest = digest.hex();
  return result;
}

double mean(std::span<const double> values) {
  assert(!values.empty());
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Interval bootstrap_mean(std::span<const double> values, std::string_view name) {
  Stream stream(0, "bootstrap/" + std::string(name));
  std::vector<double> means(kResamples);
  std::vector<double> resample(values.size());
  for (double& resampled_mean : means) {
    for (double& value : resample) value = values[stream.below(values.size())];
    resampled_mean = mean(resample);
  }
  std::ranges::stable_sort(means);
  // The 2.5 % and 97.5 % order statistics, rounded outwards.
  return {means[kResamples * 25 / 1000 - 1], means[kResamples * 975 / 1000]};
}

bool holds(double value, Comparison comparison, double threshold) {
  switch (comparison) {
    case Comparison::equal: return value == threshold;
    case Comparison::at_most: return value <= threshold;
    case Comparison::at_least: return value >= threshold;
    case Comparison::below: return value < threshold;
    case Comparison::above: return value > threshold;
  }
  return false;
}

std::string_view name(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::identity: return "identity";
    case ClaimKind::bound: return "bound";
    case ClaimKind::effect: return "effect";
    case ClaimKind::trend: return "trend";
  }
  return "";
}

std::string_view name(Comparison comparison) {
  switch (comparison) {
    case Comparison::equal: return "=";
    case Comparison::at_most: return "<=";
    case Comparison::at_least: return ">=";
    case Comparison::below: return "<";
    case Comparison::above: return ">";
  }
  return "";
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::reproduced: return "reproduced";
    case Verdict::not_reproduced: return "not reproduced";
    case Verdict::not_decided: return "not decided";
  }
  return "";
}

nlohmann::json claim_json(const Claim& claim) {
  return {{"id", claim.id},
          {"sentence", claim.sentence},
          {"source", claim.source},
          {"paper_value", claim.paper_value},
          {"kind", name(claim.kind)},
          {"metric", claim.metric},
          {"comparison", name(claim.comparison)},
          {"threshold", claim.threshold},
          {"seeds", claim.seeds},
          {"remark", claim.remark}};
}

nlohmann::json result_json(const Claim& claim, const ClaimResult& result) {
  nlohmann::json seeds = nlohmann::json::array();
  for (const SeedMeasurement& seed : result.seeds) {
    seeds.push_back({{"seed", seed.seed}, {"value", seed.value}, {"digest", seed.digest}});
  }
  return {{"claim", claim_json(claim)},
          {"verdict", name(result.verdict)},
          {"measured", result.measured},
          {"interval", {result.low, result.high}},
          {"seeds", std::move(seeds)},
          {"digest", result.digest}};
}

}  // namespace lab
