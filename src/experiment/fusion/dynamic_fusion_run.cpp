#include "experiment/fusion/dynamic_fusion_run.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "experiment/fusion/dynamic_fusion_recordings.h"
#include "experiment/fusion/fusion_problem.h"
#include "experiment/fusion/logit_mixer.h"
#include "experiment/words.h"

namespace lab::fusion {
namespace {

constexpr std::size_t kShownTokens = 160;  // of the text
constexpr std::size_t kShownBars = 16;     // of next tokens
constexpr std::size_t kCurvePoints = 81;   // over the coefficient
constexpr double kLeftAsItWas = 0.1;       // nats: less is no move

Mix mix_of(const Config& config, const FusionProblem& problem) {
  Mix mix;
  const std::string& mode = config.text("alpha_mode");
  mix.as = mode == "automatic"       ? Method::dynamic
           : mode == "exact"         ? Method::exact
           : mode == "best_constant" ? Method::best_constant
           : mode == "oracle"        ? Method::oracle
                                     : Method::mix;
  if (!takes_part(mix.as, problem)) {
    throw Error("these logits come without what alpha_mode = " + mode + " needs",
                "field alpha_mode",
                mix.as == Method::oracle ? "another mode, or the tokens that come in next_tokens"
                                         : "another mode, or data = markov");
  }
  mix.alpha = {config.real("alpha_1"), config.real("alpha_2")};
  return mix;
}

// The most probable token, the first of equals.
std::size_t most_probable(std::span<const double> log_p) {
  return static_cast<std::size_t>(std::ranges::max_element(log_p) - log_p.begin());
}

struct Score {
  double loss = 0, right = 0;  // sums over tokens
  double at_bound = 0, agreed = 0;
};

class DynamicFusionRun final : public Run {
 public:
  DynamicFusionRun(const Config& config, const RunContext& context)
      : problem_(fusion_problem(config, context)),
        mixer_(problem_, grid_of(config), objective_of(config), mix_of(config, problem_)),
        generates_(config.text("text") == "generated" && !problem_.truth.empty()),
        judges_(!problem_.next.empty()),
        temperature_(config.real("temperature")),
        sampling_(context.seed, "sampling"),
        context_(problem_.visited.front()),
        next_(judges_ ? static_cast<std::size_t>(problem_.next.front()) : 0),
        log_p_(problem_.vocabulary),
        log_mix_(problem_.vocabulary),
        chosen_(static_cast<std::size_t>(mixer_.grid().last - mixer_.grid().first + 1)) {
    for (std::vector<double>* shown : {&shown_shift_, &shown_mover_}) shown->reserve(kShownTokens);
    shown_text_.reserve(kShownTokens);
    mixer_.visit(context_, next_);
  }

  void begin(Recorder& recorder) override {
    const Recordings& r = recordings();
    recorder.labels(r.tokens, problem_.tokens);
    if (takes_part(Method::best_constant, problem_)) {
      recorder.value(r.chosen_constant, mixer_.best_constant());
    }
  }

  bool step(Recorder& recorder) override {
    if (step_ > 0) {
      context_ = generates_ ? problem_.after(context_, next_) : problem_.visited[step_];
      if (!generates_ && judges_) next_ = static_cast<std::size_t>(problem_.next[step_]);
    }
    const auto domain = static_cast<std::size_t>(problem_.domain[step_]);
    if (generates_) {
      // The mix decides what comes next; an oracle can then only be one for the domain's favourite.
      next_ = most_probable(problem_.truth_at(domain, context_));
      mixer_.visit(context_, next_);
      mixer_.log_probabilities(Method::mix, log_mix_);
      for (std::size_t i = 0; i < log_mix_.size(); ++i) log_p_[i] = log_mix_[i] / temperature_;
      next_ = sampling_.categorical_logits(log_p_);
    } else {
      mixer_.visit(context_, next_);
      mixer_.log_probabilities(Method::mix, log_mix_);
      if (!judges_) next_ = most_probable(log_mix_);
    }
    ++step_;
    differing_ += problem_.differs[context_] ? 1 : 0;
    for (std::size_t k = 0; k < kMethods; ++k) {
      const auto method = static_cast<Method>(k);
      if (takes_part(method, problem_)) score(method, domain);
    }
    show_token();
    record(recorder);
    return step_ < problem_.visited.size();
  }

  void observe(Recorder& recorder) const override;
  std::vector<Explanation> explain(const Recorder& recorder) const override;

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    writer.u64(context_);
    writer.u64(next_);
    writer.f64(differing_);
    sampling_.save(writer);
    for (const Score& score : scores_) {
      for (const double sum : {score.loss, score.right, score.at_bound, score.agreed}) {
        writer.f64(sum);
      }
    }
    writer.f64s(chosen_);
    writer.i32s(shown_text_);
    writer.f64s(shown_shift_);
    writer.f64s(shown_mover_);
  }

  void restore(ByteReader& reader) override {
    const std::uint64_t step = reader.u64();
    const std::uint64_t context = reader.u64(), next = reader.u64();
    if (step > problem_.visited.size() || context >= problem_.contexts ||
        next >= problem_.vocabulary) {
      reader.fail("no place in this text", "what this experiment saved");
    }
    step_ = static_cast<std::size_t>(step);
    context_ = static_cast<std::size_t>(context);
    next_ = static_cast<std::size_t>(next);
    differing_ = reader.f64();
    sampling_.restore(reader);
    for (Score& score : scores_) {
      for (double* sum : {&score.loss, &score.right, &score.at_bound, &score.agreed}) {
        *sum = reader.f64();
      }
    }
    reader.f64s(std::span(chosen_));
    const std::vector<std::int32_t> text = reader.i32s();
    if (text.size() > kShownTokens || std::ranges::any_of(text, [&](std::int32_t token) {
          return token < 0 || static_cast<std::size_t>(token) >= problem_.vocabulary;
        })) {
      reader.fail("no text of these tokens", "at most " + std::to_string(kShownTokens));
    }
    shown_text_.assign(text.begin(), text.end());
    for (std::vector<double>* shown : {&shown_shift_, &shown_mover_}) {
      shown->resize(text.size());
      reader.f64s(std::span(*shown));
    }
    // What the step has left behind, by the coefficients of this run's own config.
    mixer_.visit(context_, next_);
    mixer_.log_probabilities(Method::mix, log_mix_);
  }

  std::string data_digest() const override { return problem_.digest; }
  std::uint64_t step_limit() const override { return problem_.visited.size(); }

 private:
  void score(Method method, std::size_t domain) {
    Score& score = scores_[index(method)];
    mixer_.log_probabilities(method, log_p_);
    const std::size_t best = most_probable(log_p_);
    if (!judges_) {
      // Nothing says what would have been right.
    } else if (generates_) {
      const std::span<const double> truth = problem_.truth_at(domain, context_);
      for (std::size_t i = 0; i < log_p_.size(); ++i) score.loss -= truth[i] * log_p_[i];
      score.right += truth[best];
    } else {
      score.loss -= log_p_[next_];
      score.right += best == next_ ? 1 : 0;
    }
    if (!searches(method)) return;
    const std::size_t leader = mixer_.leading_expert(method);
    const double alpha = mixer_.alpha(method)[leader];
    score.at_bound += alpha == mixer_.grid().high() ? 1 : 0;
    if (problem_.differs[context_] && alpha > 0 && leader == domain) score.agreed += 1;
    if (method == Method::dynamic) {
      const double place = alpha / mixer_.grid().step - mixer_.grid().first;
      const double last = static_cast<double>(chosen_.size() - 1);
      chosen_[static_cast<std::size_t>(std::clamp(lab::round_half_away(place), 0.0, last))] += 1;
    }
  }

  void show_token() {
    const double shift = log_mix_[next_] - mixer_.step().log_large()[next_];
    double mover = 0;
    if (shift < -kLeftAsItWas) mover = 3;
    if (shift > kLeftAsItWas) {
      const auto push = [&](std::size_t t) {
        return mixer_.alpha(Method::mix)[t] * mixer_.step().delta(t)[next_];
      };
      mover = problem_.experts > 1 && push(1) > push(0) ? 2 : 1;
    }
    if (shown_text_.size() == kShownTokens) {
      shown_text_.erase(shown_text_.begin());
      shown_shift_.erase(shown_shift_.begin());
      shown_mover_.erase(shown_mover_.begin());
    }
    shown_text_.push_back(static_cast<std::int32_t>(next_));
    shown_shift_.push_back(shift);
    shown_mover_.push_back(mover);
  }

  void record(Recorder& recorder) {
    const Recordings& r = recordings();
    const auto steps = static_cast<double>(step_);
    const Score& large = scores_[index(Method::large)];
    const Score& fine_tuned = scores_[index(Method::fine_tuned)];
    for (std::size_t k = 0; k < kMethods; ++k) {
      const auto method = static_cast<Method>(k);
      if (!takes_part(method, problem_)) continue;
      const MethodRecordings& own = r.of[k];
      const Score& score = scores_[k];
      if (judges_) {
        recorder.series(own.nll, score.loss / steps);
        recorder.value(own.accuracy, 100 * score.right / steps);
      }
      if (judges_ && takes_part(Method::fine_tuned, problem_)) {
        recorder.value(own.excess, (score.loss - fine_tuned.loss) / steps);
        if (large.loss > fine_tuned.loss) {
          recorder.value(own.gap_closed,
                         100 * (large.loss - score.loss) / (large.loss - fine_tuned.loss));
        } else {
          recorder.clear(own.gap_closed);
        }
        if (fine_tuned.right > 0) {
          recorder.value(own.score_ratio, 100 * score.right / fine_tuned.right);
        }
      }
      if (varies(method)) {
        const bool first = method == Method::mix;
        recorder.series(own.alpha, mixer_.alpha(method)[first ? 0 : mixer_.leading_expert(method)]);
      }
      if (!searches(method)) continue;
      recorder.value(own.at_bound, 100 * score.at_bound / steps);
      if (problem_.experts > 1) {
        recorder.series(own.agreement, differing_ > 0 ? 100 * score.agreed / differing_ : 0);
      }
    }
    recorder.series(r.low, mixer_.grid().low());
    recorder.series(r.high, mixer_.grid().high());
    recorder.series(r.mix_objective, mixer_.objective(Method::mix));
    if (problem_.experts > 1) {
      recorder.series(r.chance, 50);
      recorder.series(r.mix_alpha_2, mixer_.alpha(Method::mix)[1]);
    }
  }

  void observe_next(Recorder& recorder) const;
  void observe_parts(Recorder& recorder) const;
  void observe_curves(Recorder& recorder) const;

  FusionProblem problem_;
  LogitMixer mixer_;
  bool generates_;
  bool judges_;  // what comes next is known
  double temperature_;
  Stream sampling_;

  std::size_t step_ = 0;
  std::size_t context_, next_;  // of the last step, and the token that it came to
  double differing_ = 0;        // tokens so far at which the domains differ
  std::array<Score, kMethods> scores_ = {};
  std::vector<double> log_p_, log_mix_;
  std::vector<double> chosen_;  // how often each place of the grid
  std::vector<std::int32_t> shown_text_;
  std::vector<double> shown_shift_, shown_mover_;
};

// --- [SECTION] what is looked at ----------------------------------------------------------------

void table(Recorder& recorder, std::size_t recording, std::size_t columns,
           const std::vector<double>& values) {
  recorder.array(recording, std::array<std::size_t, 2>{values.size() / columns, columns}, values);
}

void DynamicFusionRun::observe(Recorder& recorder) const {
  if (step_ == 0) return;
  const Recordings& r = recordings();
  observe_next(recorder);
  observe_parts(recorder);
  observe_curves(recorder);
  std::vector<double> alphas;
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    alphas.push_back((mixer_.grid().first + static_cast<int>(i)) * mixer_.grid().step);
    alphas.push_back(100 * chosen_[i] / static_cast<double>(step_));
  }
  table(recorder, r.alphas, 2, alphas);
  std::vector<std::string> text;
  for (const std::int32_t token : shown_text_) {
    text.push_back(problem_.tokens[static_cast<std::size_t>(token)]);
  }
  recorder.labels(r.text, text);
  const std::array<std::size_t, 1> shape = {text.size()};
  recorder.array(r.shift, shape, shown_shift_);
  recorder.array(r.mover, shape, shown_mover_);
}

// Bars of the tokens that matter most to any of these, in the order of the vocabulary.
void DynamicFusionRun::observe_next(Recorder& recorder) const {
  const Recordings& r = recordings();
  const DecodingStep& step = mixer_.step();
  std::vector<std::size_t> shown(problem_.vocabulary);
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = i;
  if (shown.size() > kShownBars) {
    const auto largest = [&](std::size_t i) { return std::max(log_mix_[i], step.log_large()[i]); };
    std::stable_sort(shown.begin(), shown.end(),
                     [&](std::size_t i, std::size_t j) { return largest(i) > largest(j); });
    shown.resize(kShownBars);
    std::stable_sort(shown.begin(), shown.end());
  }
  const auto bars = [&](std::size_t recording, std::span<const double> log_after,
                        std::span<const double> log_before) {
    std::vector<double> rows;
    for (const std::size_t i : shown) {
      const double p = lab::exp(log_after[i]);
      const std::array row = {static_cast<double>(i), p, p, p, lab::exp(log_before[i])};
      rows.insert(rows.end(), row.begin(), row.end());
    }
    table(recorder, recording, 5, rows);
  };
  bars(r.next_mix, log_mix_, step.log_large());
  bars(r.next_expert, step.log_expert(0), step.log_base());
  if (problem_.experts > 1) bars(r.next_expert_2, step.log_expert(1), step.log_base());
}

// The terms of equation (1) for the token that came, in the order in which `fuse` adds them.
void DynamicFusionRun::observe_parts(Recorder& recorder) const {
  const Recordings& r = recordings();
  const std::span<const double> alpha = mixer_.alpha(Method::mix);
  std::vector<std::string> names = {"large model"};
  std::vector<double> parts = {problem_.row(problem_.large, context_)[next_]};
  double all = 0;
  for (std::size_t t = 0; t < alpha.size(); ++t) {
    names.push_back(shown(alpha[t]) + (t == 0 ? " × expert" : " × second expert"));
    parts.push_back(alpha[t] * problem_.experts_at(context_)[t * problem_.vocabulary + next_]);
    all += alpha[t];
  }
  names.push_back("−" + shown(all) + " × base");
  parts.push_back(-(all * problem_.row(problem_.base, context_)[next_]));
  names.push_back("sum: the mix");
  double sum = 0;
  for (const double part : parts) sum += part;
  parts.push_back(sum);
  std::vector<double> rows;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::array row = {static_cast<double>(i), parts[i], parts[i], parts[i]};
    rows.insert(rows.end(), row.begin(), row.end());
  }
  recorder.labels(r.part_names, names);
  table(recorder, r.parts, 4, rows);
}

// Over the coefficient of the expert that leads in the mix, the other one as it is there.
void DynamicFusionRun::observe_curves(Recorder& recorder) const {
  const Recordings& r = recordings();
  DecodingStep step = mixer_.step();
  const std::span<const double> mix = mixer_.alpha(Method::mix);
  const std::size_t leader = mixer_.leading_expert(Method::mix);
  std::vector<double> alpha(mix.begin(), mix.end());
  const double low = std::min(mixer_.grid().low(), mix[leader]);
  const double high = std::max(mixer_.grid().high(), mix[leader]);
  std::vector<double> forward, reverse, objective;
  for (std::size_t i = 0; i < kCurvePoints; ++i) {
    const double share = static_cast<double>(i) / (kCurvePoints - 1);
    alpha[leader] = low + share * (high - low);
    const Divergences moved = step.moved(alpha);
    forward.insert(forward.end(), {alpha[leader], moved.forward});
    reverse.insert(reverse.end(), {alpha[leader], moved.reverse});
    objective.insert(objective.end(), {alpha[leader], step.objective(alpha, mixer_.objective())});
  }
  table(recorder, r.forward, 2, forward);
  table(recorder, r.reverse, 2, reverse);
  table(recorder, r.objective, 2, objective);
  std::vector<double> forward_targets, reverse_targets;
  for (std::size_t t = 0; t < problem_.experts; ++t) {
    const auto number = static_cast<double>(t);
    for (const double end : {low, high}) {
      forward_targets.insert(forward_targets.end(), {end, step.target(t).forward, number});
      reverse_targets.insert(reverse_targets.end(), {end, step.target(t).reverse, number});
    }
  }
  table(recorder, r.forward_target, 3, forward_targets);
  table(recorder, r.reverse_target, 3, reverse_targets);
  const Divergences here = step.moved(mix);
  table(recorder, r.forward_place, 2, {mix[leader], here.forward});
  table(recorder, r.reverse_place, 2, {mix[leader], here.reverse});
  for (const Method method : {Method::one, Method::dynamic, Method::exact, Method::mix}) {
    const std::span<const double> own = mixer_.alpha(method);
    if (mixer_.leading_expert(method) != leader) continue;  // on another curve
    table(recorder, r.of[index(method)].place, 2,
          {own[leader], step.objective(own, mixer_.objective())});
  }
}

std::string percent(double probability) {
  return plain_text(100 * probability, 3) + " %";
}

std::vector<Explanation> DynamicFusionRun::explain(const Recorder&) const {
  if (step_ == 0) return {};
  std::vector<Explanation> all;
  const DecodingStep& step = mixer_.step();
  const std::span<const double> alpha = mixer_.alpha(Method::mix);
  const std::size_t leader = mixer_.leading_expert(Method::mix);
  const std::string token = "“" + problem_.tokens[next_] + "”";
  const double before = lab::exp(step.log_large()[next_]), after = lab::exp(log_mix_[next_]);
  const double push = step.delta(leader)[next_];
  const std::string factor = shown(lab::exp(std::abs(push)));
  const std::string finds = std::abs(push) < 0.05 ? "about as likely as"
                            : push > 0            ? factor + " times as likely as"
                                                  : factor + " times less likely than";
  all.push_back(
      {"who-moved-it", "Who moved " + token + "?",
       "The large model gave it " + percent(before) + ", the mix gives it " + percent(after) +
           ". The expert finds it " + finds + " its base does: " + shown(push) +
           " in the logit, before all are made to add up to 1 again. With the coefficient " +
           shown(alpha[leader]) + " the large model's logit moves by " +
           shown(alpha[leader] * push) + "."});

  const Divergences target = step.target(leader);
  const std::span<const double> dynamic = mixer_.alpha(Method::dynamic);
  const std::size_t chosen = mixer_.leading_expert(Method::dynamic);
  DecodingStep probe = step;
  std::vector<double> one(alpha.size(), 0.0);
  one[leader] = 1;
  const Divergences at_one = probe.moved(one);
  std::string text =
      "The expert is " + shown(target.forward) + " nats from its base, and " +
      shown(target.reverse) + " the other way. With α = 1 the large model would be " +
      shown(at_one.forward) + " and " + shown(at_one.reverse) +
      " from itself. The grid's choice is " + shown(dynamic[chosen]) + ", exactly it is " +
      shown(mixer_.alpha(Method::exact)[mixer_.leading_expert(Method::exact)]) + ".";
  if (problem_.experts > 1) {
    text += " With several experts it is a compromise: the objective adds up their targets, and "
            "one of them moves the large model.";
  } else if (dynamic[chosen] == mixer_.grid().high()) {
    text +=
        " That is the largest that is allowed: the large model is so sure here that the "
        "target is out of reach.";
  } else if (dynamic[chosen] < 1) {
    text += " The large model moves easily here, so less than 1 is enough.";
  } else if (dynamic[chosen] == 1) {
    text += " The large model moves about as easily here as the small one.";
  } else {
    text += " The large model is harder to move here than the small one, so it takes more than 1.";
  }
  all.push_back({"why-alpha", "Why this α?", std::move(text)});

  if (!judges_) return all;
  const auto loss = [&](Method method) {
    return scores_[index(method)].loss / static_cast<double>(step_);
  };
  const double fused = loss(Method::dynamic), expert = loss(Method::expert),
               large = loss(Method::large), static_one = loss(Method::one);
  std::string sums = "Over " + std::to_string(step_) + " tokens the dynamic α loses " +
                     shown(fused) + " nats a token, α = 1 loses " + shown(static_one) +
                     ", the expert alone " + shown(expert) + ", the large model alone " +
                     shown(large) + ".";
  if (expert < fused) {
    sums +=
        " The expert alone is best: where the large model knows little that is still true, "
        "mixing it in only does harm.";
  } else if (fused > large && problem_.experts > 1) {
    sums += " The large model alone is better: the choice between the experts is hardly better than "
            "a guess, and moving by the wrong one costs more than not moving.";
  } else if (fused > large) {
    sums +=
        " The large model alone is better: it knew this text already, and the objective asks "
        "how far the expert has moved, not whether that helps.";
  } else if (fused < static_one) {
    sums += " Choosing α token by token pays.";
  } else {
    sums += " Here a constant would have done.";
  }
  all.push_back({"does-it-pay", "Does it pay?", std::move(sums)});
  return all;
}

}  // namespace

void add_mixer_fields(FieldList& fields) {
  fields.group("coefficient");
  fields.real("grid_low", 0, {-4, 10}, "least α that is tried", {.advanced = true});
  fields.real("grid_high", 2, {-4, 10}, "greatest α that is tried");
  fields.real("grid_step", 0.1, {0.01, 2}, "from one α to the next");
  fields.choice("match", "both",
                {{"both", "both divergences to their targets, as the paper does"},
                 {"forward", "only D(fused || large) to D(expert || base)"},
                 {"reverse", "only D(large || fused) to D(base || expert)"}},
                "what the objective compares");
  fields.real("least_target", 1e-6, {0, 1},
              "an expert nearer to its base than this has not moved: α = 0",
              {.unit = "nats", .advanced = true});
  fields.group("your mix");
  fields.choice("alpha_mode", "automatic",
                {{"automatic", "the paper's grid, token by token"},
                 {"exact", "the same objective, solved"},
                 {"best_constant", "the best constant of a validation text"},
                 {"oracle", "the best for the token that comes"},
                 {"manual", "by hand"}},
                "where the α of your mix come from", {.live = true});
  fields.real("alpha_1", 1, {-4, 10}, "weight of the small expert against its base",
              {.step = 0.05, .live = true});
  fields.real("alpha_2", 0, {-4, 10}, "weight of the second expert", {.step = 0.05, .live = true});
  fields.limit({"alpha_1", "alpha_2"}, {{"alpha_mode", {"manual"}}});
  fields.limit({"alpha_2"}, {{"experts", {"2"}}});
  fields.choice("text", "held_out",
                {{"held_out", "a text of the domain; what comes next is known"},
                 {"generated", "your mix writes, judged by what the domain would say"}},
                "what is read");
  fields.real("temperature", 1, {0.01, 10}, "of what is written, after the fusion",
              {.log_scale = true, .live = true});
  fields.limit({"text"}, {{"data", {"markov"}}});
  fields.limit({"temperature"}, {{"text", {"generated"}}, {"data", {"markov"}}});
}

AlphaGrid grid_of(const Config& config) {
  const double low = config.real("grid_low"), high = config.real("grid_high");
  const AlphaGrid grid = alpha_grid(low, high, config.real("grid_step"));
  if (!(low < high) || grid.first > grid.last) {
    throw Error("no coefficient lies between " + plain_text(low) + " and " + plain_text(high),
                "fields grid_low, grid_high and grid_step",
                "grid_low below grid_high, and a multiple of grid_step between them");
  }
  return grid;
}

Objective objective_of(const Config& config) {
  const std::string& match = config.text("match");
  return {.forward = match == "reverse" ? 0.0 : 1.0,
          .reverse = match == "forward" ? 0.0 : 1.0,
          .least_target = config.real("least_target")};
}

std::unique_ptr<Run> dynamic_fusion_run(const Config& config, const RunContext& context) {
  return std::make_unique<DynamicFusionRun>(config, context);
}

}  // namespace lab::fusion
