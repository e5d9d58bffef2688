// What does the paper claim, and does it hold here? A claim is a sentence with a metric and a threshold
// that was written down before the experiment was tuned; a verdict is what came out, over seeds.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_fwd.h"
#include "experiment/run.h"

namespace lab {

struct Experiment;

enum class ClaimKind { identity, bound, effect, trend };
enum class Comparison { equal, at_most, at_least, below, above };
enum class Verdict { reproduced, not_reproduced, not_decided };

// What a measurement may use: the seed, and runs of the experiment by its settings.
class ClaimContext {
 public:
  ClaimContext(const Experiment& experiment, RunContext run) : experiment_(experiment), run_(run) {}

  std::uint64_t seed() const { return run_.seed; }
  const RunContext& run_context() const { return run_; }

  // Runs to the end with these settings over the defaults; the digest of what ran is kept.
  Recorder run(const Settings& settings);

  // Digest over all runs of this measurement, in order; empty if there was none.
  std::string digest() const;

 private:
  const Experiment& experiment_;
  RunContext run_;
  std::vector<std::string> digests_;
};

struct Claim {
  std::string id;           // within the experiment, e.g. "bound-normalized"
  std::string sentence;     // what the paper says, in one sentence
  std::string source;       // where: "Theorem 6.1", "Table 1"; "[derived]" where it is ours
  std::string paper_value;  // the paper's own number, as text; may be empty
  ClaimKind kind;
  std::string metric;       // what is measured, in words, e.g. "largest iterations / bound over 10 sets"
  Comparison comparison;
  double threshold;
  int seeds = 20;           // how many seeds the verdict needs; 1 where nothing is random
  std::string remark;       // what is known about when and why it does not hold; may be empty
  std::function<double(ClaimContext&)> measure;  // one seed
};

struct SeedMeasurement {
  std::uint64_t seed;
  double value;
  std::string digest;  // of value and of the runs behind it
};

struct ClaimResult {
  Verdict verdict = Verdict::not_decided;
  double measured = 0;      // identity, bound: the worst over seeds; effect, trend: the mean
  double low = 0, high = 0; // identity, bound: least and greatest; effect, trend: 95 % bootstrap interval
  std::vector<SeedMeasurement> seeds;
  std::string digest;       // of the claim's definition and of all measurements
};

// Seeds 0, 1, .. of a claim, one at a time, so that any worker can do any of them.
SeedMeasurement measure(const Experiment& experiment, const Claim& claim, const RunContext& context);

// The rule of the verdict. identity, bound: reproduced if no seed violates the comparison, else not.
// effect, trend: the 95 % bootstrap interval of the mean (10 000 resamples, percentiles) lies wholly on the
// claimed side of the threshold: reproduced; wholly on the other: not reproduced; else not decided, as also
// with fewer than kLeastSeeds seeds.
inline constexpr std::size_t kLeastSeeds = 5;
ClaimResult judge(const Experiment& experiment, const Claim& claim,
                  std::vector<SeedMeasurement> measurements);

// The 95 % percentile interval of the mean under 10 000 bootstrap resamples (Efron 1979), its ends rounded
// outwards to order statistics. The resamples are drawn from stream `name` of seed 0: the same values and
// name give the same interval. values: at least one, finite.
struct Interval {
  double low, high;
};
Interval bootstrap_mean(std::span<const double> values, std::string_view name);
double mean(std::span<const double> values);

bool holds(double value, Comparison comparison, double threshold);
std::string_view name(ClaimKind kind);
std::string_view name(Comparison comparison);  // "=", "<=", ">=", "<", ">"
std::string_view name(Verdict verdict);        // "reproduced", "not reproduced", "not decided"
nlohmann::json claim_json(const Claim& claim);
nlohmann::json result_json(const Claim& claim, const ClaimResult& result);

}  // namespace lab
