// What is a next token worth, if one does not know how the text will go on? S. Chakraborty et al.,
// "Transfer Q*: Principled Decoding for LLM Alignment", arXiv:2405.20495.
//
// A step is one distance from the unaligned model, to which every decoder is brought exactly.
// [SECTION] marks: recordings, world, run, claims, description.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compute/kernels.h"
#include "core/digest.h"
#include "core/numerics.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/recording_list.h"
#include "experiment/words.h"
#include "method/fusion/token_values.h"

namespace lab {
namespace {

using fusion::SequenceSpace;
using fusion::TokenDecoder;
using fusion::TokenValues;

// By whose tails a token is valued.
enum class Decoder {
  exact,     // the aligned law at that distance: no decoder can do better
  transfer,  // TQ*: tails of a law that is aligned to the reward
  sft,       // controlled decoding: tails of the unaligned model
  next,      // ARGS: the reward of the text up to the token
  sampled,   // TQ* from a few tails
  indirect,  // TQ* from a few weighted tails of a law that is aligned to another reward
  naive,     // the same, not weighted
};
constexpr std::size_t kDecoders = 7;
constexpr std::array<std::string_view, kDecoders> kNames = {"exact",   "transfer", "sft",  "next",
                                                            "sampled", "indirect", "naive"};
constexpr std::array<std::string_view, kDecoders> kLabels = {"aligned law (best possible)",
                                                             "TQ*",
                                                             "controlled decoding",
                                                             "reward so far (ARGS)",
                                                             "TQ*, few tails",
                                                             "indirect TQ*, few tails",
                                                             "the same, unweighted"};

constexpr std::size_t index(Decoder decoder) {
  return static_cast<std::size_t>(decoder);
}

// --- [SECTION] recordings ------------------------------------------------------------------------

struct DecoderRecordings {
  std::size_t reward, strength, curve;
};

struct Recordings : RecordingList {
  std::array<DecoderRecordings, kDecoders> of;
  std::size_t distance, unaligned, baseline_distance, effective;
  std::size_t best_of_n, effective_curve, tokens, sft_values, transfer_values;

  Recordings() {
    distance = series("world/distance", "nats",
                      "KL divergence of whole texts from the unaligned "
                      "model");
    unaligned = value("unaligned/reward", "", "expected reward of the unaligned model");
    baseline_distance = value("baseline/distance", "nats",
                              "of the aligned law with the config's "
                              "beta, whose tails TQ* uses");
    effective = value("weights/effective", "%",
                      "share of the other law's tails that is left after "
                      "weighting");
    for (std::size_t i = 0; i < kDecoders; ++i) {
      const std::string who = std::string(kNames[i]) + "/";
      of[i].reward = value(who + "reward", "", "expected reward at the distance looked at");
      of[i].strength = value(who + "alpha", "", "alpha (exact: beta) there");
      of[i].curve = array(who + "curve", "", "expected reward over the distance", ArrayForm::table,
                          {"distance", "reward"});
    }
    best_of_n = array("best_of_n/curve", "", "the best of 1, 2, 4, .. 64 texts", ArrayForm::table,
                      {"distance", "reward"});
    effective_curve = array("weights/curve", "%", "share that is left after weighting, over beta",
                            ArrayForm::table, {"beta", "share"});
    tokens = array("world/tokens", "", "names of the tokens", ArrayForm::labels);
    const std::vector<std::string> bar = {"token", "value", "low", "high", "soft value"};
    sft_values = array("sft/values", "",
                       "value of each first token by unaligned tails, and its "
                       "soft value",
                       ArrayForm::table, bar);
    transfer_values =
        array("transfer/values", "", "by aligned tails, and its soft value", ArrayForm::table, bar);
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] world -----------------------------------------------------------------------------

// Texts of a bigram model, rewarded for their last two tokens.
struct World {
  SequenceSpace space;
  std::vector<double> log_sft, reward, other;  // of each text; `other` is r_BL
  std::vector<double> score;                   // of two neighbours
};

World make_world(const Config& config, std::uint64_t seed) {
  World world;
  world.space = {static_cast<std::size_t>(config.integer("vocabulary")),
                 static_cast<std::size_t>(config.integer("length"))};
  const std::size_t v = world.space.vocabulary;
  const double correlation = config.real("correlation");
  Stream stream(seed, "world");
  std::vector<double> first(v), bigram(v * v), noise(v * v);
  world.score.resize(v * v);
  for (std::vector<double>* numbers : {&first, &bigram, &world.score, &noise}) {
    stream.fill_normal(*numbers);
  }
  const auto normalised = [&](std::vector<double>& rows) {
    for (std::size_t row = 0; row < rows.size(); row += v) {
      const std::span<double> numbers = std::span(rows).subspan(row, v);
      kernels().log_softmax(numbers, numbers);
    }
  };
  normalised(first);
  normalised(bigram);
  const double rest = std::sqrt(1 - correlation * correlation);
  std::vector<std::size_t> text(world.space.length);
  for (std::size_t y = 0; y < world.space.sequences(); ++y) {
    std::size_t left = y;
    for (std::size_t t = text.size(); t-- > 0; left /= v) text[t] = left % v;
    double log_p = first[text[0]];
    for (std::size_t t = 1; t < text.size(); ++t) log_p += bigram[text[t - 1] * v + text[t]];
    world.log_sft.push_back(log_p);
    const std::size_t pair = text[text.size() - 2] * v + text.back();
    world.reward.push_back(world.score[pair]);
    world.other.push_back(correlation * world.score[pair] + rest * noise[pair]);
  }
  return world;
}

// The reward as if the text ended here, of each prefix; that of one token is 0.
TokenValues rewards_so_far(const World& world) {
  const std::size_t v = world.space.vocabulary;
  TokenValues values;
  for (std::size_t t = 1; t <= world.space.length; ++t) {
    std::vector<double>& level = values.emplace_back(world.space.prefixes(t));
    for (std::size_t p = 0; t > 1 && p < level.size(); ++p) level[p] = world.score[p % (v * v)];
  }
  return values;
}

// Values from so many tails of each prefix, weighted by exp(weight / beta) if there are weights.
TokenValues sampled_values(const World& world, std::span<const double> log_law,
                           std::span<const double> weight, double beta, std::size_t tails,
                           Stream& stream) {
  TokenValues values;
  const std::size_t n = world.space.sequences();
  for (std::size_t t = 1; t <= world.space.length; ++t) {
    std::vector<double>& level = values.emplace_back(world.space.prefixes(t));
    const std::size_t width = n / level.size();
    for (std::size_t p = 0; p < level.size(); ++p) {
      const std::span<const double> after = log_law.subspan(p * width, width);
      double weights = 0, sum = 0;
      for (std::size_t k = 0; k < tails; ++k) {
        const std::size_t y = p * width + stream.categorical_logits(after);
        const double w = weight.empty() ? 1 : lab::exp(weight[y] / beta);
        weights += w;
        sum += w * world.reward[y];
      }
      level[p] = sum / weights;
    }
  }
  return values;
}

// --- [SECTION] run -------------------------------------------------------------------------------

class TransferRun final : public Run {
 public:
  TransferRun(const Config& config, const RunContext& context)
      : world_(make_world(config, context.seed)),
        beta_(config.real("beta")),
        looked_at_(config.real("distance")),
        farthest_(config.real("farthest")),
        points_(static_cast<std::uint64_t>(config.integer("points"))),
        decoder_(world_.space, world_.log_sft),
        tilted_(world_.log_sft.size()) {
    const std::size_t n = world_.space.sequences();
    aligned_.resize(n);
    fusion::align(world_.log_sft, world_.reward, beta_, aligned_);
    other_law_.resize(n);
    fusion::align(world_.log_sft, world_.other, beta_, other_law_);
    difference_.resize(n);
    for (std::size_t y = 0; y < n; ++y) difference_[y] = world_.reward[y] - world_.other[y];
    const auto tails = static_cast<std::size_t>(config.integer("tails"));
    Stream sampling(context.seed, "tails");
    values_[index(Decoder::transfer)] = token_values(world_.space, aligned_, world_.reward);
    values_[index(Decoder::sft)] = token_values(world_.space, world_.log_sft, world_.reward);
    values_[index(Decoder::next)] = rewards_so_far(world_);
    values_[index(Decoder::sampled)] = sampled_values(world_, aligned_, {}, beta_, tails, sampling);
    values_[index(Decoder::indirect)] =
        sampled_values(world_, other_law_, difference_, beta_, tails, sampling);
    values_[index(Decoder::naive)] = sampled_values(world_, other_law_, {}, beta_, tails, sampling);
    for (std::vector<double>& curve : curves_) curve.reserve(2 * points_);
    Digest digest;
    digest.f64s(world_.log_sft).f64s(world_.reward).f64s(world_.other);
    data_digest_ = digest.hex();
  }

  void begin(Recorder& recorder) override {
    const Recordings& r = recordings();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < world_.space.vocabulary; ++i) {
      names.emplace_back(1, static_cast<char>('a' + i));
    }
    recorder.labels(r.tokens, names);
    recorder.value(r.unaligned, fusion::expected_reward(world_.log_sft, world_.reward));
    recorder.value(r.baseline_distance, distance_of(aligned_));
    recorder.value(r.effective, 100 * fusion::effective_share(other_law_, difference_, beta_));
    for (std::size_t i = 0; i < kDecoders; ++i) {
      const std::optional<Place> place = match(static_cast<Decoder>(i), looked_at_);
      if (!place) continue;
      recorder.value(r.of[i].reward, place->reward);
      recorder.value(r.of[i].strength, place->strength);
    }
  }

  bool step(Recorder& recorder) override {
    ++step_;
    const double distance = farthest_ * static_cast<double>(step_) / static_cast<double>(points_);
    recorder.series(recordings().distance, distance);
    for (std::size_t i = 0; i < kDecoders; ++i) {
      const std::optional<Place> place = match(static_cast<Decoder>(i), distance);
      if (!place) continue;
      curves_[i].push_back(distance);
      curves_[i].push_back(place->reward);
    }
    return step_ < points_;
  }

  void observe(Recorder& recorder) const override;
  std::vector<Explanation> explain(const Recorder& recorder) const override;

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    for (const std::vector<double>& curve : curves_) {
      writer.u64(curve.size());
      writer.f64s(curve);
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    if (step_ > points_) reader.fail("no such step", "at most " + std::to_string(points_));
    for (std::vector<double>& curve : curves_) {
      const std::uint64_t size = reader.u64();
      if (size > 2 * points_) reader.fail("a curve too long", std::to_string(2 * points_));
      curve.resize(static_cast<std::size_t>(size));
      reader.f64s(std::span(curve));
    }
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override { return points_; }

 private:
  struct Place {
    double reward, strength;
  };

  double distance_of(std::span<const double> log_law) const {
    double sum = 0;
    for (std::size_t y = 0; y < log_law.size(); ++y) {
      const double p = lab::exp(log_law[y]);
      if (p > 0) sum += p * (log_law[y] - world_.log_sft[y]);
    }
    return sum;
  }

  std::span<const double> law(Decoder decoder, double strength) {
    if (decoder != Decoder::exact) return decoder_.law(values_[index(decoder)], strength);
    fusion::align(world_.log_sft, world_.reward, strength, tilted_);
    return tilted_;
  }

  // At this distance from the unaligned model, by bisection of the logarithm of alpha.
  std::optional<Place> match(Decoder decoder, double distance) {
    double low = lab::log(1e-6), high = lab::log(1e6);
    if (distance_of(law(decoder, lab::exp(low))) < distance) return {};
    for (int i = 0; i < 60; ++i) {
      const double middle = low + (high - low) / 2;
      (distance_of(law(decoder, lab::exp(middle))) > distance ? low : high) = middle;
    }
    const double strength = lab::exp(high);
    return Place{fusion::expected_reward(law(decoder, strength), world_.reward), strength};
  }

  World world_;
  double beta_, looked_at_, farthest_;
  std::uint64_t points_;
  TokenDecoder decoder_;
  std::vector<double> tilted_, aligned_, other_law_, difference_;
  std::array<TokenValues, kDecoders> values_;  // `exact` has none
  std::string data_digest_;

  std::uint64_t step_ = 0;
  std::array<std::vector<double>, kDecoders> curves_;
};

void table(Recorder& recorder, std::size_t recording, std::size_t columns,
           const std::vector<double>& values) {
  if (values.empty()) return;
  recorder.array(recording, std::array<std::size_t, 2>{values.size() / columns, columns}, values);
}

void TransferRun::observe(Recorder& recorder) const {
  const Recordings& r = recordings();
  for (std::size_t i = 0; i < kDecoders; ++i) table(recorder, r.of[i].curve, 2, curves_[i]);

  // The best of n texts: of those with at most this reward there are n.
  const std::size_t n = world_.space.sequences();
  std::vector<std::size_t> order(n);
  for (std::size_t y = 0; y < n; ++y) order[y] = y;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return world_.reward[a] < world_.reward[b];
  });
  std::vector<double> best, log_law(n);
  for (int texts = 1; texts <= 64; texts *= 2) {
    double below = 0;
    for (std::size_t i = 0; i < n;) {
      // Texts of one reward share what falls to it by their probability.
      double mass = 0;
      std::size_t end = i;
      for (; end < n && world_.reward[order[end]] == world_.reward[order[i]]; ++end) {
        mass += lab::exp(world_.log_sft[order[end]]);
      }
      const double above = std::min(below + mass, 1.0);
      const double won = lab::pow(above, texts) - lab::pow(below, texts);
      for (std::size_t k = i; k < end; ++k) {
        log_law[order[k]] = world_.log_sft[order[k]] + lab::log(won / mass);
      }
      below = above;
      i = end;
    }
    best.insert(best.end(),
                {distance_of(log_law), fusion::expected_reward(log_law, world_.reward)});
  }
  table(recorder, r.best_of_n, 2, best);

  std::vector<double> shares, other(n);
  for (int i = 0; i <= 40; ++i) {
    const double beta = 0.1 * lab::exp(lab::log(100.0) * i / 40);
    fusion::align(world_.log_sft, world_.other, beta, other);
    shares.insert(shares.end(), {beta, 100 * fusion::effective_share(other, difference_, beta)});
  }
  table(recorder, r.effective_curve, 2, shares);

  const TokenValues soft = fusion::soft_values(world_.space, world_.log_sft, world_.reward, beta_);
  const auto bars = [&](std::size_t recording, Decoder decoder) {
    std::vector<double> rows;
    const std::vector<double>& values = values_[index(decoder)][0];
    for (std::size_t z = 0; z < values.size(); ++z) {
      rows.insert(rows.end(),
                  {static_cast<double>(z), values[z], values[z], values[z], soft[0][z]});
    }
    table(recorder, recording, 5, rows);
  };
  bars(r.sft_values, Decoder::sft);
  bars(r.transfer_values, Decoder::transfer);
}

std::vector<Explanation> TransferRun::explain(const Recorder& recorder) const {
  const Recordings& r = recordings();
  const auto reward = [&](Decoder decoder) { return recorder.value(r.of[index(decoder)].reward); };
  const std::optional<double> exact = reward(Decoder::exact), transfer = reward(Decoder::transfer),
                              sft = reward(Decoder::sft);
  if (!exact || !transfer || !sft) {
    return {{"out-of-reach", "Why is there nothing at this distance?",
             "No strength brings these decoders " + shown(looked_at_) +
                 " nats from the unaligned model: even the best text alone is less far. Choose a "
                 "smaller distance."}};
  }
  std::string tails = "At " + shown(looked_at_) + " nats from the unaligned model the reward is " +
                      shown(*transfer) + " by TQ*, " + shown(*sft) +
                      " by controlled decoding, and " + shown(*exact) + " at best. ";
  tails += *transfer > *sft
               ? "So far away the text goes on as an aligned model would, and values by aligned "
                 "tails are the right ones."
               : "So near the text mostly goes on as the unaligned model would, and its own tails "
                 "tell better what a token is worth. TQ* believes that all that follows will be "
                 "aligned.";
  std::string weights =
      "Weighting the tails of a law that is aligned to another reward leaves " +
      shown(recorder.value(r.effective).value_or(0)) +
      " % of them. With all tails the weighted values are exactly those of the aligned law; with "
      "few, a handful of heavy ones decide.";
  return {{"whose-tails", "Whose tails are better?", std::move(tails)},
          {"how-many-tails", "How many tails are left?", std::move(weights)}};
}

// --- [SECTION] claims ----------------------------------------------------------------------------

double reward_at(ClaimContext& context, Decoder decoder, double distance, Settings settings = {}) {
  settings["distance"] = distance;
  settings["points"] = std::int64_t{1};
  const Recorder recorder = context.run(settings);
  return recorder.value(recordings().of[index(decoder)].reward).value_or(canonical_nan<double>);
}

// Expected reward of TQ* less that of controlled decoding.
double gain(ClaimContext& context, double distance) {
  return reward_at(context, Decoder::transfer, distance) -
         reward_at(context, Decoder::sft, distance);
}

double above_exact(ClaimContext& context) {
  double largest = -numerics::kInfinity<double>;
  for (const double distance : {0.1, 0.2, 0.5, 1.0}) {
    const double exact = reward_at(context, Decoder::exact, distance);
    for (const Decoder decoder : {Decoder::transfer, Decoder::sft, Decoder::next}) {
      const double reward = reward_at(context, decoder, distance);
      if (is_finite(reward)) largest = std::max(largest, reward - exact);
    }
  }
  return largest;
}

double reference_vectors(ClaimContext&) {
  constexpr SequenceSpace kTwo = {2, 2};
  constexpr std::array<double, 4> kReward = {1, 0, 0.6, 0.6};
  std::array<double, 4> uniform, aligned;
  uniform.fill(lab::log(0.25));
  fusion::align(uniform, kReward, 0.5, aligned);
  double largest = 0;
  const auto compare = [&](double found, double expected) {
    largest = std::max(largest, std::abs(found - expected));
  };
  compare(lab::exp(aligned[0]), 0.4916437254);
  compare(lab::exp(aligned[1]), 0.0665367428);
  const TokenValues sft = fusion::token_values(kTwo, uniform, kReward),
                    transfer = fusion::token_values(kTwo, aligned, kReward),
                    soft = fusion::soft_values(kTwo, uniform, kReward, 0.5);
  compare(sft[0][0], 0.5);
  compare(sft[0][1], 0.6);
  compare(transfer[0][0], 0.8807970780);
  compare(soft[0][0], 0.7168904152);
  TokenDecoder decoder(kTwo, uniform);
  const auto first = [&](const TokenValues& values) {
    const std::span<const double> law = decoder.law(values, 0.5);
    return lab::exp(law[0]) + lab::exp(law[1]);
  };
  compare(first(sft), 0.4501660027);
  compare(first(transfer), 0.6368213169);
  compare(first(soft), 0.5581804683);
  return largest;
}

// Of a random world: the aligned law against the other law re-weighted, and against decoding by
// soft values; the largest difference of a log probability.
double same_law(ClaimContext& context) {
  constexpr SequenceSpace kSpace = {4, 4};
  const std::size_t n = kSpace.sequences();
  Stream stream(context.seed(), "claims");
  std::vector<double> law(n), reward(n), other(n), aligned(n), other_law(n), again(n);
  for (std::vector<double>* numbers : {&law, &reward, &other}) stream.fill_normal(*numbers);
  kernels().log_softmax(law, law);
  fusion::align(law, reward, 0.5, aligned);
  fusion::align(law, other, 0.5, other_law);
  for (std::size_t y = 0; y < n; ++y) other[y] = reward[y] - other[y];
  fusion::align(other_law, other, 0.5, again);
  TokenDecoder decoder(kSpace, law);
  const std::span<const double> decoded =
      decoder.law(fusion::soft_values(kSpace, law, reward, 0.5), 0.5);
  double largest = 0;
  for (std::size_t y = 0; y < n; ++y) {
    largest = std::max({largest, std::abs(lab::exp(again[y]) - lab::exp(aligned[y])),
                        std::abs(lab::exp(decoded[y]) - lab::exp(aligned[y]))});
  }
  return largest;
}

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  const std::string source =
      "arXiv:2405.20495; [derived] texts of 4 tokens from 4, bigram model, exact laws";
  return {
      {.id = "reference-vectors",
       .sentence = "Values and laws of two tokens.",
       .source = "[derived] evaluated independently",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference of 9 numbers",
       .comparison = at_most,
       .threshold = 1e-9,
       .seeds = 1,
       .remark = "",
       .measure = reference_vectors},
      {.id = "same-law",
       .sentence = "Re-weighting a law that is aligned to another reward, and decoding by soft "
                   "values, both give the aligned law.",
       .source = "arXiv:2405.20495, indirect transfer; random worlds of 256 texts",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference of a probability",
       .comparison = at_most,
       .threshold = 1e-12,
       .seeds = 20,
       .remark = "",
       .measure = same_law},
      {.id = "nothing-above-the-aligned-law",
       .sentence = "At equal distance no decoder has more reward than the aligned law.",
       .source = source + ", 0.1 to 1 nats",
       .paper_value = "",
       .kind = bound,
       .metric = "largest excess",
       .comparison = at_most,
       .threshold = 1e-9,
       .seeds = 20,
       .remark = "",
       .measure = above_exact},
      {.id = "wins-far-away",
       .sentence = "A nat away TQ* has more reward than controlled decoding.",
       .source = source,
       .paper_value = "67.34 % win-tie rate",
       .kind = effect,
       .metric = "share of the seeds in which it has",
       .comparison = at_least,
       .threshold = 0.7,
       .seeds = 100,
       .remark = "100 seeds, as blocks of 20 scatter about the threshold.",
       .measure = [](ClaimContext& context) { return gain(context, 1) > 0 ? 1.0 : 0.0; }},
      {.id = "gain-far-away",
       .sentence = "And clearly more.",
       .source = source,
       .paper_value = "up to 1.45 times the reward",
       .kind = effect,
       .metric = "expected reward of TQ* less that of controlled decoding",
       .comparison = at_least,
       .threshold = 0.04,
       .seeds = 100,
       .remark = "100 seeds, as blocks of 20 scatter about the threshold.",
       .measure = [](ClaimContext& context) { return gain(context, 1); }},
      {.id = "loses-nearby",
       .sentence = "Close to the unaligned model its own tails are the better ones.",
       .source = source + ", 0.2 nats",
       .paper_value = "",
       .kind = effect,
       .metric = "expected reward of TQ* less that of controlled decoding",
       .comparison = at_most,
       .threshold = 0,
       .seeds = 100,
       .remark = "Not in the paper, which reports no such distances.",
       .measure = [](ClaimContext& context) { return gain(context, 0.2); }},
      {.id = "crossover-not-before",
       .sentence = "They cross beyond 0.3 nats.",
       .source = source,
       .paper_value = "",
       .kind = effect,
       .metric = "the same at 0.3 nats",
       .comparison = below,
       .threshold = 0,
       .seeds = 100,
       .remark = "",
       .measure = [](ClaimContext& context) { return gain(context, 0.3); }},
      {.id = "crossover-not-after",
       .sentence = "And before 0.9 nats.",
       .source = source,
       .paper_value = "",
       .kind = effect,
       .metric = "the same at 0.9 nats",
       .comparison = above,
       .threshold = 0,
       .seeds = 100,
       .remark = "",
       .measure = [](ClaimContext& context) { return gain(context, 0.9); }},
      {.id = "more-tails-help",
       .sentence = "With more tails indirect transfer gets better.",
       .source = source,
       .paper_value = "",
       .kind = effect,
       .metric = "reward at 1 nat with 64 tails less that with 4",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return reward_at(context, Decoder::indirect, 1, {{"tails", std::int64_t{64}}}) -
                    reward_at(context, Decoder::indirect, 1, {{"tails", std::int64_t{4}}});
           }},
      {.id = "a-nearer-reward-helps",
       .sentence = "So it does if the other reward is nearer to the true one.",
       .source = source,
       .paper_value = "",
       .kind = effect,
       .metric = "reward at 1 nat with a correlation of 0.9 less that with 0",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return reward_at(context, Decoder::indirect, 1, {{"correlation", 0.9}}) -
                    reward_at(context, Decoder::indirect, 1, {{"correlation", 0.0}});
           }},
  };
}

// --- [SECTION] description -----------------------------------------------------------------------

std::vector<Figure> figures() {
  const Recordings& r = recordings();
  const auto name = [&](std::size_t recording) { return r.list[recording].name; };
  std::vector<Source> curves, rewards;
  for (std::size_t i = 0; i < kDecoders; ++i) {
    curves.push_back({name(r.of[i].curve), std::string(kLabels[i])});
    rewards.push_back({name(r.of[i].reward), std::string(kLabels[i])});
  }
  curves.push_back({name(r.best_of_n), "best of n texts"});
  curves.back().points = true;
  return {
      {.name = "frontier",
       .title = "Reward over the distance from the unaligned model",
       .form = Form::curves,
       .x = {.label = "KL divergence of whole texts", .unit = "nats"},
       .y = {.label = "expected reward"},
       .sources = curves,
       .caption = "Nothing is above the aligned law. Close to the left controlled decoding is "
                  "nearer to it, further right TQ*. Drag the line to look at another distance.",
       .handles = {{Handle::Kind::vertical, "distance"}}},
      {.name = "rewards",
       .title = "Rewards at the distance that is looked at",
       .form = Form::bars,
       .x = {.label = "expected reward"},
       .y = {},
       .sources = rewards,
       .caption = "The three at the bottom know the values only from a few tails."},
      {.name = "sft_values",
       .title = "First tokens, by unaligned tails",
       .form = Form::bars,
       .x = {.label = "value"},
       .y = {},
       .sources = {{name(r.sft_values), "controlled decoding"}},
       .caption = "The mark is the soft value, by which decoding would give the aligned law "
                  "exactly. Unaligned tails are too pessimistic.",
       .mark_label = "soft value",
       .names = name(r.tokens)},
      {.name = "transfer_values",
       .title = "First tokens, by aligned tails",
       .form = Form::bars,
       .x = {.label = "value"},
       .y = {},
       .sources = {{name(r.transfer_values), "TQ*"}},
       .caption = "Aligned tails are too optimistic: each value is the soft value and β times a "
                  "divergence.",
       .mark_label = "soft value",
       .names = name(r.tokens)},
      {.name = "weights",
       .title = "How many tails are left after weighting?",
       .form = Form::curves,
       .x = {.label = "β", .unit = "", .log = true},
       .y = {.label = "effective share", .unit = "%"},
       .sources = {{name(r.effective_curve), "tails of the other law"}},
       .caption = "For small β a few heavy tails decide, and indirect transfer needs very many.",
       .handles = {{Handle::Kind::vertical, "beta"}}},
  };
}

Schema schema() {
  FieldList fields;
  fields.group("world");
  fields.integer("vocabulary", 4, {2, 8}, "different tokens");
  fields.integer("length", 4, {2, 5}, "tokens of a text");
  fields.real("correlation", 0.5, {0, 1},
              "between the reward and the one that the other law is aligned to", {.step = 0.05});
  fields.group("method");
  fields.real("beta", 0.5, {0.05, 20}, "strength of the alignment of the law whose tails are used",
              {.log_scale = true});
  fields.integer("tails", 8, {1, 1000}, "of each token, where values come from few of them",
                 {.log_scale = true, .unit = "tails"});
  fields.real("distance", 1, {0.01, 10}, "KL divergence from the unaligned model, looked at",
              {.step = 0.05, .unit = "nats"});
  fields.group("frontier");
  fields.real("farthest", 1.5, {0.1, 10}, "the last distance of the curves", {.unit = "nats"});
  fields.integer("points", 60, {1, 1000}, "how many, in equal steps");
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment transfer_q_star() {
  return {
      .id = "transfer-q-star",
      .title = "Transfer Q*: what is a next token worth?",
      .family = "fusion",
      .paper = {.title = "Transfer Q*: Principled Decoding for LLM Alignment",
                .authors = "Souradip Chakraborty, Soumya Suvra Ghosal, Ming Yin, Dinesh Manocha, "
                           "Mengdi Wang, Amrit Singh Bedi, Furong Huang",
                .link = "arXiv:2405.20495",
                .year = 2024},
      .problem =
          "A language model can be aligned while it decodes: add to each token's logit what the "
          "text will be worth if it goes on from there. But how will it go on? Controlled decoding "
          "asks the unaligned model. Transfer Q* asks a model that is aligned already, if need be "
          "to another reward, and weights what it says. Here all texts of a few tokens are counted "
          "through, so every law is exact, and decoders are compared at the same distance from the "
          "unaligned model. The reward is paid at the end only, for the last two tokens.",
      .equation =
          "π(z | s) ∝ π_sft(z | s) exp(Q(s, z) / α),   Q = E[r] over tails of ρ ∝ ρ_sft "
          "exp(r / β)",
      .how_to_fail =
          "Set distance = 0.2: so close to the unaligned model TQ* is beaten by controlled "
          "decoding, whose tails are the true ones there. Or tails = 1 with correlation = 0: one "
          "weighted tail of a law that is aligned to something else says next to nothing.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<TransferRun>(config, context);
      },
  };
}

}  // namespace lab
