// What of a reward should a policy maximise? Z. Wang et al., "Transforming and Combining Rewards
// for Aligning Large Language Models", arXiv:2402.00742.
//
// A step is one distance from the base policy, to which every transform is brought exactly.
// [SECTION] marks: recordings, run, claims, description.

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/fusion/reward_world.h"
#include "experiment/recording_list.h"
#include "experiment/words.h"

namespace lab {
namespace {

using fusion::kTransformNames;
using fusion::kTransforms;
using fusion::PolicyScore;
using fusion::RewardTransform;
using fusion::RewardWorld;
using fusion::TransformedPolicy;

constexpr std::array<std::string_view, kTransforms> kLabels = {
    "raw reward",          "centred",       "clipped at the reference", "log-sigmoid",
    "log-sigmoid-centred", "least of them", "hard constraint"};

constexpr std::size_t index(RewardTransform transform) {
  return static_cast<std::size_t>(transform);
}

// --- [SECTION] recordings ------------------------------------------------------------------------

struct MethodRecordings {
  std::size_t gamma;
  std::size_t utility, improved, good, hacked;                          // at the config's distance
  std::size_t utility_curve, improved_curve, good_curve, hacked_curve;  // over the distance
  std::size_t gains, shape, slope;
};

struct Recordings : RecordingList {
  std::array<MethodRecordings, kTransforms> of;
  std::size_t distance, base_utility, base_good, outputs;

  Recordings() {
    distance = series("world/distance", "nats", "mean KL divergence from the base policy");
    base_utility = value("base/utility", "", "expected true utility of the base policy");
    base_good = value("base/good", "", "probability that its output is good at all");
    for (std::size_t i = 0; i < kTransforms; ++i) {
      const std::string who = std::string(kTransformNames[i]) + "/";
      MethodRecordings& r = of[i];
      r = {};
      r.gamma = value(who + "gamma", "", "strength of the tilt at the distance that is looked at");
      const std::vector<std::string> columns = {"distance", "number"};
      const auto both = [&](const char* what, const char* unit, const char* help,
                            std::size_t& number, std::size_t& curve) {
        number = value(who + what, unit, std::string(help) + ", at the distance looked at");
        curve = array(who + what + "_curve", unit, std::string(help) + ", over the distance",
                      ArrayForm::table, columns);
      };
      both("utility", "", "expected true utility, mean over prompts", r.utility, r.utility_curve);
      both("improved", "%", "prompts whose expected true utility is above the base policy's",
           r.improved, r.improved_curve);
      both("good", "", "probability that an output is good in every attribute", r.good,
           r.good_curve);
      both("hacked", "%", "probability of an output that fools a reward", r.hacked, r.hacked_curve);
      r.gains = array(who + "gains", "",
                      "expected true utility above the base policy's, of each "
                      "prompt",
                      ArrayForm::vector);
      if (i == index(RewardTransform::constraint) || i == index(RewardTransform::least)) continue;
      r.shape = array(who + "shape", "", "utility over the reward, at the first prompt's reference",
                      ArrayForm::table, {"reward", "utility"});
      r.slope = array(who + "slope", "", "its derivative", ArrayForm::table, {"reward", "slope"});
    }
    outputs = array("outputs/mass", "",
                    "outputs of the first prompt: two rewards (or reward and true utility), and "
                    "who gives it more than 5 %",
                    ArrayForm::points, {"first", "second", "who"});
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] run -------------------------------------------------------------------------------

class RewardsRun final : public Run {
 public:
  RewardsRun(const Config& config, const RunContext& context)
      : world_(fusion::reward_world(config, context.seed)),
        looked_at_(config.real("distance")),
        farthest_(config.real("farthest")),
        points_(static_cast<std::uint64_t>(config.integer("points"))),
        base_(world_, RewardTransform::raw),
        gains_(world_.prompts) {
    for (std::size_t i = 0; i < kTransforms; ++i) {
      policies_.emplace_back(world_, static_cast<RewardTransform>(i));
      for (std::vector<double>& curve : curves_[i]) curve.reserve(2 * points_);
    }
  }

  void begin(Recorder& recorder) override {
    const Recordings& r = recordings();
    const PolicyScore base = base_.score(gains_);
    recorder.value(r.base_utility, base.utility);
    recorder.value(r.base_good, base.good);
    for (std::size_t i = 0; i < kTransforms; ++i) {
      if (!takes_part(i) || !policies_[i].match(looked_at_)) continue;
      const PolicyScore score = policies_[i].score(gains_);
      recorder.value(r.of[i].gamma, policies_[i].gamma());
      recorder.value(r.of[i].utility, score.utility);
      recorder.value(r.of[i].improved, 100 * score.improved);
      recorder.value(r.of[i].good, score.good);
      recorder.value(r.of[i].hacked, 100 * score.hacked);
    }
  }

  bool step(Recorder& recorder) override {
    ++step_;
    const double distance = farthest_ * static_cast<double>(step_) / static_cast<double>(points_);
    recorder.series(recordings().distance, distance);
    for (std::size_t i = 0; i < kTransforms; ++i) {
      const bool constraint = i == index(RewardTransform::constraint);
      // A constraint is one place, and not a curve.
      if (!takes_part(i) || (constraint && step_ > 1)) continue;
      TransformedPolicy& policy = policies_[i];
      if (!policy.match(distance)) continue;
      const PolicyScore score = policy.score(gains_);
      const double at = constraint ? policy.divergence() : distance;
      const std::array numbers = {score.utility, 100 * score.improved, score.good,
                                  100 * score.hacked};
      for (std::size_t k = 0; k < numbers.size(); ++k) {
        curves_[i][k].push_back(at);
        curves_[i][k].push_back(numbers[k]);
      }
    }
    return step_ < points_;
  }

  void observe(Recorder& recorder) const override;
  std::vector<Explanation> explain(const Recorder& recorder) const override;

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    for (const auto& curves : curves_) {
      for (const std::vector<double>& curve : curves) {
        writer.u64(curve.size());
        writer.f64s(curve);
      }
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    if (step_ > points_) reader.fail("no such step", "at most " + std::to_string(points_));
    for (auto& curves : curves_) {
      for (std::vector<double>& curve : curves) {
        const std::uint64_t size = reader.u64();
        if (size > 2 * points_) reader.fail("a curve too long", std::to_string(2 * points_));
        curve.resize(static_cast<std::size_t>(size));
        reader.f64s(std::span(curve));
      }
    }
  }

  std::string data_digest() const override { return world_.digest; }
  std::uint64_t step_limit() const override { return points_; }

 private:
  bool takes_part(std::size_t transform) const {
    return world_.attributes > 1 || transform != index(RewardTransform::least);
  }
  void observe_shapes(Recorder& recorder) const;

  RewardWorld world_;
  double looked_at_, farthest_;
  std::uint64_t points_;
  TransformedPolicy base_;  // as it comes, without a tilt
  std::deque<TransformedPolicy> policies_;
  std::vector<double> gains_;

  std::uint64_t step_ = 0;
  // Of each transform: utility, improved, good and hacked over the distance.
  std::array<std::array<std::vector<double>, 4>, kTransforms> curves_;
};

void table(Recorder& recorder, std::size_t recording, std::size_t columns,
           const std::vector<double>& values) {
  if (values.empty()) return;
  recorder.array(recording, std::array<std::size_t, 2>{values.size() / columns, columns}, values);
}

void RewardsRun::observe(Recorder& recorder) const {
  const Recordings& r = recordings();
  observe_shapes(recorder);
  std::vector<double> gains(world_.prompts), masses;
  std::array<std::vector<double>, 2> shares;  // of the first prompt: raw, lsc
  for (std::size_t i = 0; i < kTransforms; ++i) {
    const MethodRecordings& own = r.of[i];
    table(recorder, own.utility_curve, 2, curves_[i][0]);
    table(recorder, own.improved_curve, 2, curves_[i][1]);
    table(recorder, own.good_curve, 2, curves_[i][2]);
    table(recorder, own.hacked_curve, 2, curves_[i][3]);
    TransformedPolicy policy(world_, static_cast<RewardTransform>(i));
    if (!takes_part(i) || !policy.match(looked_at_)) continue;
    policy.score(gains);
    recorder.array(own.gains, std::array<std::size_t, 1>{gains.size()}, gains);
    const auto first = policy.log_policy(0);
    if (i == index(RewardTransform::raw)) shares[0].assign(first.begin(), first.end());
    if (i == index(RewardTransform::lsc)) shares[1].assign(first.begin(), first.end());
  }
  std::vector<double> points;
  constexpr double kMuch = 0.05;
  for (std::size_t y = 0; y < world_.outputs; ++y) {
    double who = 0;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      if (!shares[k].empty() && lab::exp(shares[k][y]) > kMuch) who += k == 0 ? 1 : 2;
    }
    const double second =
        world_.attributes > 1 ? world_.reward[world_.outputs + y] : world_.truth[y];
    points.insert(points.end(), {world_.reward[y], second, who});
  }
  table(recorder, r.outputs, 3, points);
}

void RewardsRun::observe_shapes(Recorder& recorder) const {
  constexpr int kPoints = 101;
  const double reference = world_.reference[0];
  for (std::size_t i = 0; i < kTransforms; ++i) {
    const auto transform = static_cast<RewardTransform>(i);
    if (transform == RewardTransform::constraint || transform == RewardTransform::least) continue;
    const auto of = [&](double reward) {
      return fusion::utility(transform, std::array{reward}, std::array{reference});
    };
    std::vector<double> shape, slope;
    for (int k = 0; k < kPoints; ++k) {
      const double reward = reference - 5 + 10.0 * k / (kPoints - 1);
      constexpr double kStep = 1e-5;
      shape.insert(shape.end(), {reward, of(reward)});
      slope.insert(slope.end(), {reward, (of(reward + kStep) - of(reward - kStep)) / (2 * kStep)});
    }
    table(recorder, recordings().of[i].shape, 2, shape);
    table(recorder, recordings().of[i].slope, 2, slope);
  }
}

std::vector<Explanation> RewardsRun::explain(const Recorder& recorder) const {
  const Recordings& r = recordings();
  const MethodRecordings& raw = r.of[index(RewardTransform::raw)];
  const MethodRecordings& lsc = r.of[index(RewardTransform::lsc)];
  const auto number = [&](std::size_t recording) { return recorder.value(recording); };
  if (!number(raw.utility) || !number(lsc.utility)) {
    return {{"out-of-reach", "Why is there nothing at this distance?",
             "No tilt brings these policies " + shown(looked_at_) +
                 " nats from the base policy: even all the mass on the favourite outputs is less "
                 "far. Choose a smaller distance."}};
  }
  std::string text =
      "At " + shown(looked_at_) + " nats from the base policy the raw reward puts " +
      shown(*number(raw.hacked)) + " % on outputs that fool it, log-sigmoid-centred " +
      shown(*number(lsc.hacked)) + " %; their true utilities are " + shown(*number(raw.utility)) +
      " and " + shown(*number(lsc.utility)) + ", the base policy's is " +
      shown(recorder.value(r.base_utility).value_or(0)) + ". ";
  text +=
      *number(lsc.utility) > *number(raw.utility)
          ? "Above its reference the transformed reward hardly grows any more, so a reward that "
            "is too good to be true is worth little more than one that is good."
          : "So far away even the flat part of the transformed reward decides, and what fools a "
            "reward is favoured after all, only by a larger strength.";
  std::string strength =
      "One strength for all prompts: raw " + shown(*number(raw.gamma)) + ", log-sigmoid-centred " +
      shown(*number(lsc.gamma)) +
      ". The latter is the smaller, as differences of the transformed reward are. " +
      shown(*number(raw.improved)) + " % of the prompts gain true utility by the raw reward, " +
      shown(*number(lsc.improved)) + " % by the transformed one.";
  return {{"who-is-fooled", "Who is fooled?", std::move(text)},
          {"how-strong", "How strongly are they tilted?", std::move(strength)}};
}

// --- [SECTION] claims ----------------------------------------------------------------------------

// A number of the transformed reward less that of the raw one, at a distance.
double lead(ClaimContext& context, double distance, std::int64_t attributes,
            std::size_t MethodRecordings::*what) {
  const Recorder recorder = context.run(
      {{"distance", distance}, {"attributes", attributes}, {"points", std::int64_t{1}}});
  const Recordings& r = recordings();
  const auto of = [&](RewardTransform transform) {
    return recorder.value(r.of[index(transform)].*what).value_or(canonical_nan<double>);
  };
  return of(RewardTransform::lsc) - of(RewardTransform::raw);
}

double reference_vectors(ClaimContext&) {
  constexpr std::array<double, 4> kRewards = {-2, 0, 1, 4}, kPrior = {.4, .3, .2, .1},
                                  kExpected = {-3.0485873516, -1.3132616875, -0.6931471806,
                                               -0.0485873516},
                                  kTilted = {0.0055081111, 0.1328460581, 0.3061131809,
                                             0.5555326500};
  std::array<double, 4> utilities, log_prior, log_policy;
  double largest = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    utilities[i] = fusion::utility(RewardTransform::lsc, std::array{kRewards[i]}, std::array{1.0});
    log_prior[i] = lab::log(kPrior[i]);
    largest = std::max(largest, std::abs(utilities[i] - kExpected[i]));
  }
  fusion::tilt(log_prior, utilities, 0.5, log_policy);
  for (std::size_t i = 0; i < 4; ++i) {
    largest = std::max(largest, std::abs(lab::exp(log_policy[i]) - kTilted[i]));
  }
  return largest;
}

// exp of the sum against the product of probabilities, shifts of reward and reference, and
// conditioning on good with gamma = 1: the largest difference over 1000 random cases.
double identities(ClaimContext& context) {
  Stream stream(context.seed(), "claims");
  double largest = 0;
  const auto compare = [&](double a, double b) { largest = std::max(largest, std::abs(a - b)); };
  for (int i = 0; i < 1000; ++i) {
    std::array<double, 2> r, reference, shifted, shifted_reference;
    const double shift = stream.normal(0, 5);
    for (std::size_t a = 0; a < 2; ++a) {
      r[a] = stream.normal(0, 3);
      reference[a] = stream.normal();
      shifted[a] = r[a] + shift;
      shifted_reference[a] = reference[a] + shift;
    }
    const double u = fusion::utility(RewardTransform::lsc, r, reference);
    compare(lab::exp(u), lab::sigmoid(r[0] - reference[0]) * lab::sigmoid(r[1] - reference[1]));
    compare(u, fusion::utility(RewardTransform::lsc, shifted, shifted_reference));
    std::array<double, 3> prior, log_prior, utilities, log_policy;
    double sum = 0;
    for (std::size_t y = 0; y < 3; ++y) {
      prior[y] = stream.uniform(0.1, 1);
      log_prior[y] = lab::log(prior[y]);
      utilities[y] = fusion::log_sigmoid(stream.normal(0, 2));
      sum += prior[y] * lab::exp(utilities[y]);
    }
    fusion::tilt(log_prior, utilities, 1, log_policy);
    for (std::size_t y = 0; y < 3; ++y) {
      compare(lab::exp(log_policy[y]), prior[y] * lab::exp(utilities[y]) / sum);
    }
  }
  return largest;
}

// The reference far above gives the raw reward, shifted; far below, nothing.
double limits(ClaimContext& context) {
  Stream stream(context.seed(), "claims");
  double largest = 0;
  for (int i = 0; i < 1000; ++i) {
    const double r = stream.normal(0, 3);
    const auto lsc = [&](double reference) {
      return fusion::utility(RewardTransform::lsc, std::array{r}, std::array{reference});
    };
    largest = std::max({largest, std::abs(lsc(r + 20) + 20), std::abs(lsc(r - 20))});
  }
  return largest;
}

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  std::vector<Claim> all = {
      {.id = "reference-vectors",
       .sentence = "Transformed rewards and a tilted policy.",
       .source = "[derived] evaluated independently",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference of 8 numbers",
       .comparison = at_most,
       .threshold = 1e-9,
       .seeds = 1,
       .remark = "",
       .measure = reference_vectors},
      {.id = "and-is-a-product",
       .sentence = "Summed log-sigmoid-centred rewards are the probability that all is good, and a "
                   "tilt with γ = 1 conditions on it.",
       .source = "arXiv:2402.00742, equations (1) and (2); 1000 random cases",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference",
       .comparison = at_most,
       .threshold = 1e-12,
       .seeds = 20,
       .remark = "",
       .measure = identities},
      {.id = "limits",
       .sentence =
           "With the reference far above it is the raw reward, far below there is no signal.",
       .source = "[derived] 20 above and below; 1000 random rewards",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference",
       .comparison = at_most,
       .threshold = 1e-6,
       .seeds = 20,
       .remark = "",
       .measure = limits},
  };
  const std::array<std::pair<double, std::string>, 3> kDistances = {
      {{0.5, "0.5"}, {1, "1"}, {2, "2"}}};
  const std::string source =
      "arXiv:2402.00742; [derived] 60 prompts of 50 outputs, 3 of them hacked";
  for (const auto& [distance, text] : kDistances) {
    all.push_back({.id = "improves-more-prompts-" + text,
                   .sentence = "The transformed reward improves more prompts than the raw one, " +
                               text + " nats from the base policy.",
                   .source = source,
                   .paper_value = "mitigates under-fitting",
                   .kind = effect,
                   .metric = "share of improved prompts, less that of the raw reward, points",
                   .comparison = at_least,
                   .threshold = 5,
                   .seeds = 20,
                   .remark = "The threshold was a first guess, written before anything was "
                             "measured: with hacked outputs in every prompt both policies improve "
                             "most prompts, so that there is little to be ahead by.",
                   .measure = [distance](ClaimContext& context) {
                     return lead(context, distance, 1, &MethodRecordings::improved);
                   }});
    all.push_back({.id = "true-utility-" + text,
                   .sentence = "Where outputs fool the reward, the transformed one gives more true "
                               "utility, " +
                               text + " nats away.",
                   .source = source,
                   .paper_value = "mitigates reward hacking",
                   .kind = effect,
                   .metric = "share of the seeds in which it is larger",
                   .comparison = at_least,
                   .threshold = 0.9,
                   .seeds = 20,
                   .remark = distance < 2 ? ""
                                          : "So far away the flat part of the transform decides, "
                                            "and prefers hacked outputs again.",
                   .measure = [distance](ClaimContext& context) {
                     return lead(context, distance, 1, &MethodRecordings::utility) > 0 ? 1.0 : 0.0;
                   }});
    all.push_back({.id = "and-" + text,
                   .sentence = "Of two properties, the sum of transformed rewards has both more "
                               "often than the sum of raw ones, " +
                               text + " nats away.",
                   .source = source + " of each attribute",
                   .paper_value = "beats the weighted sum",
                   .kind = effect,
                   .metric = "share of the seeds in which both are good more often",
                   .comparison = at_least,
                   .threshold = 0.9,
                   .seeds = 20,
                   .remark = "",
                   .measure = [distance](ClaimContext& context) {
                     return lead(context, distance, 2, &MethodRecordings::good) > 0 ? 1.0 : 0.0;
                   }});
  }
  return all;
}

// --- [SECTION] description -----------------------------------------------------------------------

std::vector<Source> sources(std::size_t MethodRecordings::*what, bool shapes = false) {
  std::vector<Source> result;
  for (const RewardTransform transform :
       {RewardTransform::raw, RewardTransform::lsc, RewardTransform::log_sigmoid,
        RewardTransform::clipped, RewardTransform::centred, RewardTransform::least,
        RewardTransform::constraint}) {
    if (shapes && transform >= RewardTransform::least) continue;
    const std::size_t i = index(transform);
    result.push_back({recordings().list[recordings().of[i].*what].name, std::string(kLabels[i])});
    // One place, as it has no strength.
    const bool curve =
        what == &MethodRecordings::utility_curve || what == &MethodRecordings::improved_curve ||
        what == &MethodRecordings::good_curve || what == &MethodRecordings::hacked_curve;
    result.back().points = curve && transform == RewardTransform::constraint;
  }
  return result;
}

std::vector<Figure> figures() {
  using Of = MethodRecordings;
  const Axis distance = {.label = "distance from the base policy", .unit = "nats"};
  const std::vector<Handle> handle = {{Handle::Kind::vertical, "distance"}};
  const Axis reward = {.label = "reward"};
  return {
      {.name = "utility",
       .title = "True utility over the distance from the base policy",
       .form = Form::curves,
       .x = distance,
       .y = {.label = "expected true utility"},
       .sources = sources(&Of::utility_curve),
       .caption = "A raw reward is pushed straight into the outputs that fool it. The transformed "
                  "one stops asking for more where an output is good, until far away that little "
                  "more decides again. Drag the line to look at another distance.",
       .handles = handle},
      {.name = "hacked",
       .title = "How much of the policy fools the reward?",
       .form = Form::curves,
       .x = distance,
       .y = {.label = "probability of a hacked output", .unit = "%"},
       .sources = sources(&Of::hacked_curve),
       .caption = "The outputs whose reward is too high. The constraint is one point: it has no "
                  "strength to turn.",
       .handles = handle},
      {.name = "shape",
       .title = "What becomes of a reward",
       .form = Form::curves,
       .x = reward,
       .y = {.label = "utility"},
       .sources = sources(&Of::shape, true),
       .caption = "Around the first prompt's reference. Below it the transformed reward goes along "
                  "with the raw one, above it hardly grows."},
      {.name = "slope",
       .title = "How much is a better reward worth?",
       .form = Form::curves,
       .x = reward,
       .y = {.label = "slope of the utility"},
       .sources = sources(&Of::slope, true),
       .caption = "1 far below the reference, 1/2 at it, 0 above: effort goes where outputs are "
                  "poor."},
      {.name = "improved",
       .title = "How many prompts are better off?",
       .form = Form::curves,
       .x = distance,
       .y = {.label = "improved prompts", .unit = "%"},
       .sources = sources(&Of::improved_curve),
       .caption = "Of which the expected true utility is above the base policy's.",
       .handles = handle},
      {.name = "good",
       .title = "Good in everything?",
       .form = Form::curves,
       .x = distance,
       .y = {.label = "probability that all is good"},
       .sources = sources(&Of::good_curve),
       .caption = "With attributes = 2: a sum of raw rewards buys one property with the other, the "
                  "sum of transformed ones is the probability of both.",
       .handles = handle},
      {.name = "gains",
       .title = "Gains, prompt by prompt",
       .form = Form::paired,
       .x = {.label = "true utility above the base policy's"},
       .y = {},
       .sources = sources(&Of::gains),
       .caption = "A dot is a prompt, at the distance that is looked at. Left of 0 it is worse off "
                  "than before."},
      {.name = "outputs",
       .title = "Where the first prompt's policies put their mass",
       .form = Form::scatter,
       .x = {.label = "first reward"},
       .y = {.label = "second reward, or the true utility"},
       .sources = {{"outputs/mass", "outputs"}},
       .caption =
           "A point is an output. Far to the right and not high up: an output that fools the "
           "reward.",
       .groups = {"nobody", "raw reward", "log-sigmoid-centred", "both"}},
  };
}

Schema schema() {
  FieldList fields;
  fusion::add_reward_fields(fields);
  fields.real("distance", 1, {0.01, 10}, "mean KL divergence from the base policy, looked at",
              {.step = 0.05, .unit = "nats"});
  fields.group("frontier");
  fields.real("farthest", 3, {0.1, 10}, "the last distance of the curves", {.unit = "nats"});
  fields.integer("points", 60, {1, 1000}, "how many, in equal steps");
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment transforming_combining_rewards() {
  return {
      .id = "transforming-combining-rewards",
      .title = "Transformed rewards: how good is good enough?",
      .family = "fusion",
      .paper = {.title = "Transforming and Combining Rewards for Aligning Large Language Models",
                .authors = "Zihao Wang, Chirag Nagpal, Jonathan Berant, Jacob Eisenstein, Alex "
                           "D'Amour, Sanmi Koyejo, Victor Veitch",
                .link = "arXiv:2402.00742",
                .year = 2024},
      .problem =
          "A reward model learnt from comparisons is only known up to a monotone transformation, "
          "as "
          "far as ranking goes. But a policy that maximises it depends on which one. If an output "
          "is to be good, that is preferred to a reference, then what should be maximised is the "
          "logarithm of that probability: the log-sigmoid of the reward above the reference's. It "
          "stops rewarding what is good already, and the sum over several properties is the "
          "probability of having all of them. Here everything is finite, so each policy is exact, "
          "and all are compared at the same distance from the base policy.",
      .equation = "π(y) ∝ π₀(y) exp(u(y) / γ),   u = ∑ log σ(r_i − r_i,ref)",
      .how_to_fail =
          "Set distance = 2: so far away the little that the transformed reward still grows "
          "decides, "
          "and it is as much fooled as the raw one. Or hacked = 0: nothing fools the reward, and "
          "the "
          "raw one gives more true utility. Or quantile = 0.05: everything is good enough, and "
          "there "
          "is no signal left but noise.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<RewardsRun>(config, context);
      },
  };
}

}  // namespace lab
