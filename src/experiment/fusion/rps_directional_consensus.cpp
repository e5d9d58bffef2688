// When is it better to ask a model for something near what is wanted? (sheet 17: R. Mao et al.,
// Robust Preference Alignment via Directional Neighborhood Consensus, arXiv:2510.20498) A step is
// one prompt: each method asks for k answers, and the one that the target direction likes best
// wins. [SECTION] marks: recordings, run, claims, description.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/digest.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/recording_list.h"
#include "experiment/words.h"
#include "method/fusion/directional_consensus.h"

namespace lab {
namespace {

using fusion::AnswerSet;
using fusion::Competence;
using fusion::Direction;

// --- [SECTION] recordings ----------------------------------------------------------------------

enum Method : std::size_t { direct, best_of_k, neighbours, edge, anywhere, all_answers, kMethods };

struct MethodName {
  const char *who, *label;
};
constexpr MethodName kNames[kMethods] = {
    {"direct", "one answer for the target"},
    {"best_of_k", "best of k for the target"},
    {"rps", "RPS: one for each of k neighbours"},
    {"edge", "best of k at the arc's edge"},
    {"anywhere", "one for each of k random directions"},
    {"oracle", "best of all answers"},
};

constexpr std::array<double, 6> kAngles = {0, 10, 20, 30, 40, 45};
constexpr std::array<double, 5> kWidths = {5, 15, 30, 45, 60};

struct Recordings : RecordingList {
  std::array<std::size_t, kMethods> score;
  std::size_t win_rate, margin, scores_direct, scores_rps, by_angle, by_width, competence, circle;
  std::array<std::size_t, kAngles.size()> at_angle;

  Recordings() {
    for (std::size_t m = 0; m < kMethods; ++m)
      score[m] = series(std::string(kNames[m].who) + "/score", "",
                        "mean target score of the chosen answers so far");
    win_rate = series("rps/win_rate", "",
                      "share of the prompts where RPS beats the best of k so far, ties half");
    margin = series("rps/margin", "", "mean difference of their scores so far");
    for (std::size_t i = 0; i < kAngles.size(); ++i)
      at_angle[i] = value("angle_" + std::to_string(static_cast<int>(kAngles[i])) + "/win_rate", "",
                          "RPS against the best of k with that target");
    const auto scores = [&](const char* who) {
      return array(std::string(who) + "/scores", "",
                   "target score of the chosen answer, a prompt each", ArrayForm::vector);
    };
    scores_direct = scores("best_of_k");
    scores_rps = scores("rps");
    by_angle = array("rps/by_angle", "", "win rate over the target's angle, with its 95 % interval",
                     ArrayForm::points, {"degrees", "win rate", "low", "high"});
    by_width = array("rps/by_width", "", "the same at the target over how far neighbours reach",
                     ArrayForm::points, {"degrees", "win rate", "low", "high"});
    competence = array("model/competence", "", "exp(-d / reach), d degrees outside of the arc",
                       ArrayForm::points, {"degrees", "competence"});
    circle = array("rps/circle", "", "class 0: the trained arc, 1: neighbours asked, 2: the target",
                   ArrayForm::points, {"first attribute", "second attribute", "what"});
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] run -----------------------------------------------------------------------------

// Wins, ties half, over prompts.
struct Wins {
  double points = 0;
  void add(double score, double other) { points += score > other ? 1 : score == other ? 0.5 : 0; }
};

class ConsensusRun final : public Run {
 public:
  ConsensusRun(const Config& config, const RunContext& context)
      : prompts_(static_cast<std::uint64_t>(config.integer("prompts"))),
        answers_(static_cast<std::size_t>(config.integer("answers"))),
        k_(static_cast<std::size_t>(config.integer("k"))),
        target_(config.real("target")),
        width_(config.real("width")),
        spread_(config.real("spread")),
        reward_noise_(config.real("reward_noise")),
        competence_{.strength = config.real("strength"),
                    .arc = config.real("arc"),
                    .reach = config.real("reach"),
                    .drift = config.real("drift"),
                    .uniform = config.flag("uniform")},
        prompts_stream_(context.seed, "consensus/prompts"),
        draws_(context.seed, "consensus/draws"),
        set_(answers_),
        uniforms_(k_),
        offsets_(k_),
        anywhere_(k_),
        noise_(answers_),
        cumulative_(answers_) {
    Digest digest;
    digest.u64(context.seed).u64(answers_).f64(spread_);
    data_digest_ = digest.hex();
    for (std::vector<double>* scores : {&best_scores_, &rps_scores_}) scores->reserve(prompts_);
  }

  void begin(Recorder&) override {}

  bool step(Recorder& recorder) override {
    const Recordings& r = recordings();
    set_.draw(spread_, prompts_stream_);
    draws_.fill_uniform(std::span(uniforms_));
    for (double& offset : offsets_) offset = draws_.uniform(-1, 1);
    for (double& degrees : anywhere_) degrees = draws_.uniform(-180, 180);
    for (double& noise : noise_) noise = reward_noise_ * draws_.normal();

    const std::array<double, kMethods> scores = contest(target_, width_);
    for (std::size_t m = 0; m < kMethods; ++m) totals_[m] += scores[m];
    wins_.add(scores[neighbours], scores[best_of_k]);
    best_scores_.push_back(scores[best_of_k]);
    rps_scores_.push_back(scores[neighbours]);
    for (std::size_t i = 0; i < kAngles.size(); ++i) {
      const double rps = of_neighbours(kAngles[i], width_);
      wins_at_angle_[i].add(rps, of_best(kAngles[i], kAngles[i]));
    }
    for (std::size_t i = 0; i < kWidths.size(); ++i)
      wins_at_width_[i].add(of_neighbours(target_, kWidths[i]), scores[best_of_k]);
    ++step_;

    const auto count = static_cast<double>(step_);
    for (std::size_t m = 0; m < kMethods; ++m) recorder.series(r.score[m], totals_[m] / count);
    recorder.series(r.win_rate, wins_.points / count);
    recorder.series(r.margin, (totals_[neighbours] - totals_[best_of_k]) / count);
    for (std::size_t i = 0; i < kAngles.size(); ++i)
      recorder.value(r.at_angle[i], wins_at_angle_[i].points / count);
    return step_ < prompts_;
  }

  void observe(Recorder& recorder) const override {
    const Recordings& r = recordings();
    const auto table = [&](std::size_t recording, std::size_t columns,
                           const std::vector<double>& values) {
      recorder.array(recording, std::array<std::size_t, 2>{values.size() / columns, columns},
                     values);
    };
    std::vector<double> curve, circle;
    for (int degrees = -90; degrees <= 90; degrees += 2) {
      curve.push_back(degrees);
      curve.push_back(competence_.at(degrees));
    }
    table(r.competence, 2, curve);
    const auto point = [&](double degrees, double what) {
      const Direction v = fusion::direction(degrees);
      circle.insert(circle.end(), {v.x, v.y, what});
    };
    for (int i = -10; i <= 10; ++i) point(competence_.arc * i / 10, 0);
    if (step_ > 0) {
      for (const double offset : offsets_) point(target_ + width_ * offset, 1);
    }
    point(target_, 2);
    table(r.circle, 3, circle);
    if (step_ == 0) return;
    recorder.array(r.scores_direct, std::array<std::size_t, 1>{best_scores_.size()}, best_scores_);
    recorder.array(r.scores_rps, std::array<std::size_t, 1>{rps_scores_.size()}, rps_scores_);
    const auto rates = [&](std::size_t recording, std::span<const double> at,
                           std::span<const Wins> wins) {
      std::vector<double> rows;
      for (std::size_t i = 0; i < at.size(); ++i) {
        const auto count = static_cast<double>(step_);
        const double rate = wins[i].points / count;
        const double half = 1.96 * std::sqrt(rate * (1 - rate) / count);
        rows.insert(rows.end(), {at[i], rate, rate - half, rate + half});
      }
      table(recording, 4, rows);
    };
    rates(r.by_angle, kAngles, wins_at_angle_);
    rates(r.by_width, kWidths, wins_at_width_);
  }

  std::vector<Explanation> explain(const Recorder&) const override {
    if (step_ == 0) return {};
    const double rate = wins_.points / static_cast<double>(step_);
    const double here = competence_.at(target_);
    double near = 0;
    for (const double offset : offsets_) near += competence_.at(target_ + width_ * offset);
    near /= static_cast<double>(k_);
    const std::string compared = "At the target the model is " + shown(100 * here) +
                                 " % as good as within its arc, at the neighbours last asked " +
                                 shown(100 * near) + " % on average. ";
    if (rate >= 0.5)
      return {
          {"neighbours-help", "Why do the neighbours win?",
           compared + "RPS wins " + shown(100 * rate) +
               " % of the prompts: what its best neighbour gains by being better trained is more "
               "than what it loses by being asked for something else."}};
    return {
        {"neighbours-hurt", "Why do the neighbours lose?",
         compared + "RPS wins " + shown(100 * rate) +
             " % of the prompts: its answers were asked for directions other than the target, and "
             "the model is hardly better there."}};
  }

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    prompts_stream_.save(writer);
    draws_.save(writer);
    writer.f64s(totals_);
    writer.f64(wins_.points);
    for (const Wins& wins : wins_at_angle_) writer.f64(wins.points);
    for (const Wins& wins : wins_at_width_) writer.f64(wins.points);
    writer.f64s(offsets_);
    writer.f64s(best_scores_);
    writer.f64s(rps_scores_);
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    prompts_stream_.restore(reader);
    draws_.restore(reader);
    reader.f64s(std::span(totals_));
    wins_.points = reader.f64();
    for (Wins& wins : wins_at_angle_) wins.points = reader.f64();
    for (Wins& wins : wins_at_width_) wins.points = reader.f64();
    reader.f64s(std::span(offsets_));
    for (std::vector<double>* scores : {&best_scores_, &rps_scores_}) {
      scores->resize(static_cast<std::size_t>(step_));
      reader.f64s(std::span(*scores));
    }
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override { return prompts_; }

 private:
  // The target score of the best answer, of those drawn at some directions, as a noisy reward sees
  // it. All methods draw with the same uniform numbers, so that equal directions give equal
  // answers.
  struct Selection {
    const AnswerSet& set;
    Direction target;
    const std::vector<double>& noise;
    double best = 0, score = 0;
    bool any = false;

    void offer(std::size_t answer) {
      const double clean = set.score(answer, target);
      const double seen = clean + noise[answer];
      if (any && seen <= best) return;
      any = true;
      best = seen;
      score = clean;
    }
  };

  // k answers for one direction.
  double of_best(double target, double asked) {
    Selection selection{set_, fusion::direction(target), noise_};
    set_.cumulative(asked, competence_, cumulative_);
    for (const double uniform : uniforms_) selection.offer(fusion::pick(cumulative_, uniform));
    return selection.score;
  }

  // One answer for each of k directions.
  template <class DirectionOf>
  double of_directions(double target, DirectionOf direction_of) {
    Selection selection{set_, fusion::direction(target), noise_};
    for (std::size_t j = 0; j < k_; ++j) {
      set_.cumulative(direction_of(j), competence_, cumulative_);
      selection.offer(fusion::pick(cumulative_, uniforms_[j]));
    }
    return selection.score;
  }

  double of_neighbours(double target, double width) {
    return of_directions(target, [&](std::size_t j) { return target + width * offsets_[j]; });
  }

  std::array<double, kMethods> contest(double target, double width) {
    std::array<double, kMethods> scores{};
    scores[best_of_k] = of_best(target, target);
    set_.cumulative(target, competence_, cumulative_);
    scores[direct] = set_.score(fusion::pick(cumulative_, uniforms_[0]), fusion::direction(target));
    scores[neighbours] = of_neighbours(target, width);
    scores[edge] = of_best(target, std::clamp(target, -competence_.arc, competence_.arc));
    scores[anywhere] = of_directions(target, [&](std::size_t j) { return anywhere_[j]; });
    Selection all{set_, fusion::direction(target), noise_};
    for (std::size_t answer = 0; answer < set_.size(); ++answer) all.offer(answer);
    scores[all_answers] = all.score;
    return scores;
  }

  std::uint64_t prompts_;
  std::size_t answers_, k_;
  double target_, width_, spread_, reward_noise_;
  Competence competence_;
  Stream prompts_stream_, draws_;
  std::string data_digest_;
  // Of the last prompt.
  AnswerSet set_;
  std::vector<double> uniforms_, offsets_, anywhere_, noise_, cumulative_;

  std::uint64_t step_ = 0;
  std::array<double, kMethods> totals_{};
  Wins wins_;
  std::array<Wins, kAngles.size()> wins_at_angle_;
  std::array<Wins, kWidths.size()> wins_at_width_;
  std::vector<double> best_scores_, rps_scores_;
};

// --- [SECTION] claims --------------------------------------------------------------------------

double last(const Recorder& recorder, std::size_t recording) {
  return recorder.buckets(recording).back().last;
}

double win_rate(ClaimContext& context, const Settings& settings) {
  return last(context.run(settings), recordings().win_rate);
}

// Spearman's rank correlation of the win rate with the angle; equal rates share their rank.
double rank_correlation(ClaimContext& context) {
  const Recorder run = context.run({});
  std::array<double, kAngles.size()> rates;
  for (std::size_t i = 0; i < rates.size(); ++i)
    rates[i] = run.value(recordings().at_angle[i]).value_or(0);
  std::array<double, kAngles.size()> ranks;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    ranks[i] = 0.5;
    for (const double rate : rates) ranks[i] += rate < rates[i] ? 1 : rate == rates[i] ? 0.5 : 0;
  }
  const double middle = (static_cast<double>(rates.size()) + 1) / 2;
  double together = 0, of_angles = 0, of_rates = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const double angle = static_cast<double>(i + 1) - middle, rate = ranks[i] - middle;
    together += angle * rate;
    of_angles += angle * angle;
    of_rates += rate * rate;
  }
  return of_rates == 0 ? 0 : together / std::sqrt(of_angles * of_rates);
}

// Whether the best of 5, 15, 30, 45, 60 degrees is neither the least nor the greatest.
double interior_optimum(ClaimContext& context) {
  const Recorder run = context.run({});
  const std::vector<double>& rows = run.array(recordings().by_width).values;
  std::size_t best = 0;
  for (std::size_t i = 1; i < kWidths.size(); ++i) {
    if (rows[4 * i + 1] > rows[4 * best + 1]) best = i;
  }
  return best > 0 && best + 1 < kWidths.size() ? 1 : 0;
}

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  return {
      {.id = "wins-far-out",
       .sentence = "Far from what it was trained for, RPS beats the best of as many answers.",
       .source = "arXiv:2510.20498, win rates by angle; sheet 17, acceptance 1",
       .paper_value = "64-94 % at 45 degrees",
       .kind = effect,
       .metric = "win rate at 45 degrees",
       .comparison = at_least,
       .threshold = 0.55,
       .seeds = 20,
       .remark = "",
       .measure = [](ClaimContext& context) { return win_rate(context, {}); }},
      {.id = "not-within-the-arc",
       .sentence = "Where the model was trained, it does not: asking for something else costs.",
       .source = "sheet 17, acceptance 1",
       .paper_value = "",
       .kind = effect,
       .metric = "win rate at 0 degrees",
       .comparison = at_most,
       .threshold = 0.52,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return win_rate(context, {{"target", 0.0}});
           }},
      {.id = "costs-little-within",
       .sentence = "And it does not cost much there.",
       .source = "sheet 17, acceptance 1",
       .paper_value = "",
       .kind = effect,
       .metric = "win rate at 0 degrees",
       .comparison = at_least,
       .threshold = 0.42,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return win_rate(context, {{"target", 0.0}});
           }},
      {.id = "grows-with-the-angle",
       .sentence = "The farther out, the more it wins.",
       .source = "arXiv:2510.20498, win rates by angle; sheet 17, acceptance 2",
       .paper_value = "55 % at 10 to 69 % at 45 degrees",
       .kind = trend,
       .metric = "rank correlation of win rate and angle, 0 to 45 degrees",
       .comparison = at_least,
       .threshold = 0.9,
       .seeds = 20,
       .remark = "Within the arc it falls first: the nearer the target is to the edge, the more of "
                 "its neighbours lie outside, where the model is worse. From the edge on it rises.",
       .measure = rank_correlation},
      {.id = "no-free-lunch",
       .sentence = "A model that is as good everywhere gains nothing by it.",
       .source = "arXiv:2510.20498, assumption 1; sheet 17, acceptance 3",
       .paper_value = "",
       .kind = effect,
       .metric = "win rate at 45 degrees with uniform competence",
       .comparison = at_most,
       .threshold = 0.51,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return win_rate(context, {{"uniform", true}});
           }},
      {.id = "best-width-is-moderate",
       .sentence = "Neighbours should be neither too near nor too far.",
       .source = "arXiv:2510.20498, ablation; sheet 17, acceptance 4",
       .paper_value = "30 degrees best",
       .kind = effect,
       .metric = "share of the seeds where 15, 30 or 45 of {5, 15, 30, 45, 60} degrees is best",
       .comparison = at_least,
       .threshold = 0.6,
       .seeds = 20,
       .remark = "",
       .measure = interior_optimum},
      {.id = "beats-the-edge",
       .sentence = "RPS beats as many answers for the nearest direction that was trained.",
       .source = "sheet 17, a baseline there; [derived]",
       .paper_value = "",
       .kind = effect,
       .metric = "difference of the mean target scores at 45 degrees",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "Here the arc is known and its edge is near enough. RPS does not have to know it.",
       .measure =
           [](ClaimContext& context) {
             const Recorder run = context.run({});
             return last(run, recordings().score[neighbours]) - last(run, recordings().score[edge]);
           }},
      {.id = "no-width-no-change",
       .sentence = "With neighbours that are the target itself it is the best of k.",
       .source = "sheet 17, acceptance 5",
       .paper_value = "",
       .kind = identity,
       .metric = "largest difference of the chosen answers' scores",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Recorder run = context.run({{"width", 0.0}});
             const std::vector<double>& rps = run.array(recordings().scores_rps).values;
             const std::vector<double>& best = run.array(recordings().scores_direct).values;
             double worst = 0;
             for (std::size_t i = 0; i < rps.size(); ++i)
               worst = std::max(worst, std::abs(rps[i] - best[i]));
             return worst;
           }},
  };
}

// --- [SECTION] description ---------------------------------------------------------------------

std::vector<Source> of_methods() {
  std::vector<Source> all;
  for (const MethodName& method : kNames)
    all.push_back({std::string(method.who) + "/score", method.label});
  return all;
}

std::vector<Figure> figures() {
  const Axis rate = {.label = "win rate against the best of k"};
  const Axis prompts = {.label = "prompts"};
  return {
      {.name = "angles",
       .title = "Win rate by the target's angle",
       .form = Form::curves,
       .x = {.label = "degrees from the middle of the trained arc"},
       .y = rate,
       .sources = {{"rps/by_angle", "RPS"}, {"model/competence", "competence of the model"}},
       .caption = "Above one half the neighbours are the better place to ask. The competence falls "
                  "outside of the arc."},
      {.name = "circle",
       .title = "Who is asked",
       .form = Form::scatter,
       .x = {.label = "weight of the first attribute"},
       .y = {.label = "weight of the second attribute"},
       .sources = {{"rps/circle", "directions"}},
       .caption = "The directions of the last prompt: some of the neighbours lie where the model "
                  "was trained.",
       .groups = {"trained arc", "neighbours asked", "target"}},
      {.name = "scores",
       .title = "Target score of the chosen answer",
       .form = Form::lines,
       .x = prompts,
       .y = {.label = "mean so far"},
       .sources = of_methods(),
       .caption = "All choose by the target; they differ in the direction they ask the model for."},
      {.name = "widths",
       .title = "Win rate by how far neighbours reach",
       .form = Form::curves,
       .x = {.label = "degrees at most from the target"},
       .y = rate,
       .sources = {{"rps/by_width", "RPS"}},
       .caption = "Too near: nothing is gained. Too far: answers to another question."},
      {.name = "distribution",
       .title = "Scores, prompt by prompt",
       .form = Form::histogram,
       .x = {.label = "target score of the chosen answer"},
       .y = {.label = "share of the prompts"},
       .sources = {{"best_of_k/scores", "best of k"}, {"rps/scores", "RPS"}},
       .caption = "The gain lies in fewer bad answers, or in more of the best: look which."},
      {.name = "final",
       .title = "Mean target score",
       .form = Form::bars,
       .x = {.label = "score"},
       .y = {},
       .sources = of_methods(),
       .caption = "Longer is better. With several seeds: the mean and its interval."},
  };
}

Schema schema() {
  FieldList fields;
  fields.group("preference");
  fields.real("target", 45, {-90, 90}, "the direction that is wanted", {.unit = "degrees"});
  fields.real("width", 30, {0, 180}, "how far neighbours may lie from it", {.unit = "degrees"});
  fields.integer("k", 5, {1, 64}, "answers that each method may ask for");
  fields.real("reward_noise", 0.3, {0, 10}, "of the score by which they choose; judged without");
  fields.group("model");
  fields.real("arc", 20, {0, 90}, "trained within so far of 0", {.unit = "degrees"});
  fields.flag("uniform", false, "as good everywhere as within the arc");
  fields.real("reach", 20, {0.1, 180}, "outside of it the effect falls to 1 / e in so many",
              {.unit = "degrees"});
  fields.real("drift", 1, {0, 10}, "of the logits that stand there instead");
  fields.limit({"reach", "drift"}, {{"uniform", {"false"}}});
  fields.real("strength", 2, {0, 20}, "of a direction's effect on the logits");
  fields.group("prompts");
  fields.integer("prompts", 500, {1, 100'000}, "each with answers of its own", {.log_scale = true});
  fields.integer("answers", 50, {2, 1000}, "that the model can give", {.log_scale = true});
  fields.real("spread", 1, {0, 10}, "of the logits that no direction changes", {.advanced = true});
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment rps_directional_consensus() {
  return {
      .id = "rps-directional-consensus",
      .title = "Asking the neighbours of a preference that was not trained for",
      .family = "fusion",
      .paper = {.title = "Robust Preference Alignment via Directional Neighborhood Consensus",
                .authors = "Ruochen Mao, Yuling Shi, Xiaodong Gu, Jiaheng Wei",
                .link = "arXiv:2510.20498",
                .year = 2025},
      .problem =
          "A model that follows a preference between two attributes follows it well only near the "
          "preferences it was trained with. For another one it is asked for the directions around "
          "it, some of which it knows, and the preference itself judges the answers.",
      .equation = "y* = argmax_j v · r(x, y_j),   y_j ~ π(· | x, v_j),   angle(v_j, v) ≤ width",
      .how_to_fail =
          "Set target = 0, or uniform: where the model is as good at the target as around it, the "
          "neighbours only answer another question. Far out, make arc small: no neighbour knows "
          "better.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<ConsensusRun>(config, context);
      },
  };
}

}  // namespace lab
