#include "experiment/fusion/best_of_majority_run.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "core/digest.h"
#include "core/numerics.h"
#include "core/random.h"
#include "experiment/fusion/answer_world.h"
#include "experiment/words.h"

namespace lab::fusion {

MajorityRecordings::MajorityRecordings() {
  for (std::size_t i = 0; i < kContenders; ++i) {
    const std::string who = std::string(kContenderNames[i]) + "/";
    ContenderRecordings& r = of[i];
    r.rate = series(who + "rate", "%", "questions so far whose best answer was submitted");
    r.pass = value(who + "pass", "%", "the same at the end: pass@k with all samples");
    r.regret = value(who + "regret", "", "best true reward less the best that was submitted");
    r.pass_curve = array(who + "pass_curve", "%",
                         "pass@k over the number of samples, with a 95 % "
                         "interval",
                         ArrayForm::table, {"samples", "pass", "low", "high"});
    r.regret_curve = array(who + "regret_curve", "", "regret over the number of samples",
                           ArrayForm::table, {"samples", "regret"});
  }
  exact = array("exact/pass_curve", "%", "pass@1 of best-of-n in closed form", ArrayForm::table,
                {"samples", "pass"});
  bound = array("bound/regret_curve", "",
                "eps_opt + sqrt(C* eps_RM^2 / k) + C* exp(-N / (32 C*)), mean over the questions",
                ArrayForm::table, {"samples", "bound"});
  bound_value = value("bound/regret", "", "the same with all samples");
  eps_reward = value("question/eps_rm", "", "root mean square error of the reward model");
  eps_best = value("question/eps_opt", "", "its error at the best answer");
  coverage = value("question/coverage", "", "C* = 1 / probability of the best answer");
  needed = value("question/needed", "samples", "of one answer that best-of-majority asks for");
  names = array("question/names", "", "of the answers", ArrayForm::labels);
  frequency = array("question/frequency", "",
                    "of each answer among the samples of the last question, and its probability",
                    ArrayForm::table, {"answer", "frequency", "low", "high", "probability"});
  rewards = array("reward/rewards", "", "of each answer by the reward model, and the true one",
                  ArrayForm::table, {"answer", "reward", "low", "high", "true"});
}

const MajorityRecordings& majority_recordings() {
  static const MajorityRecordings all;
  return all;
}

namespace {

constexpr std::size_t kShownAnswers = 14;

constexpr std::size_t index(SelectionRule rule) {
  return static_cast<std::size_t>(rule);
}

// The 95 % interval of a share, Wilson's.
struct Share {
  double middle, half;
};

Share wilson(double right, double n) {
  constexpr double kZ = 1.959963984540054;
  const double p = right / n, scale = 1 + kZ * kZ / n;
  return {(p + kZ * kZ / (2 * n)) / scale,
          kZ / scale * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n))};
}

class MajorityRun final : public Run {
 public:
  MajorityRun(const Config& config, const RunContext& context)
      : world_(config),
        selection_{.k = static_cast<std::size_t>(config.integer("k")),
                   .threshold = config.real("threshold"),
                   .sharpness = config.real("sharpness")},
        questions_(static_cast<std::uint64_t>(config.integer("simulations"))),
        selector_(world_.count(), selection_.k),
        sampling_(context.seed, "samples"),
        asking_(context.seed, "questions"),
        chance_(context.seed, "ties"),
        counts_(world_.count()) {
    const auto samples = static_cast<std::size_t>(config.integer("samples"));
    for (const std::size_t n : kSampleCounts) {
      if (n < samples) places_.push_back(n);
    }
    places_.push_back(samples);
    right_.resize(kContenders * places_.size());
    lost_.resize(kContenders * places_.size());
    bounds_.resize(places_.size());
    Digest digest;
    const Answers answers = world_.answers();
    digest.f64s(answers.probability).f64s(answers.reward).f64s(answers.proxy);
    data_digest_ = digest.hex();
  }

  void begin(Recorder& recorder) override {
    recorder.labels(majority_recordings().names, world_.names());
  }

  bool step(Recorder& recorder) override {
    world_.ask(asking_);
    const Answers answers = world_.answers();
    selection_.threshold = world_.threshold();
    const std::size_t best = answers.best();
    std::ranges::fill(counts_, 0u);
    std::size_t sampled = 0;
    for (std::size_t place = 0; place < places_.size(); ++place) {
      for (; sampled < places_[place]; ++sampled) {
        ++counts_[sampling_.categorical(answers.probability)];
      }
      for (std::size_t i = 0; i < kContenders; ++i) {
        double submitted = 0;
        bool right = false;
        if (i == kCoverage) {
          right = counts_[best] > 0;
          for (std::size_t a = 0; a < counts_.size(); ++a) {
            if (counts_[a] > 0) submitted = std::max(submitted, answers.reward[a]);
          }
        } else {
          for (const std::size_t a :
               selector_.select(static_cast<SelectionRule>(i), counts_, sampled, answers.proxy,
                                selection_, chance_)) {
            right |= a == best;
            submitted = std::max(submitted, answers.reward[a]);
          }
        }
        right_[i * places_.size() + place] += right ? 1 : 0;
        lost_[i * places_.size() + place] += answers.reward[best] - submitted;
      }
      const RegretBound bound = regret_bound(answers, places_[place], selection_.k);
      bounds_[place] += bound.best + bound.reward + bound.samples;
    }
    ++step_;
    record(recorder);
    return step_ < questions_;
  }

  void observe(Recorder& recorder) const override {
    if (step_ == 0) return;
    const MajorityRecordings& r = majority_recordings();
    const auto n = static_cast<double>(step_);
    const auto table = [&](std::size_t recording, std::size_t columns,
                           const std::vector<double>& values) {
      recorder.array(recording, std::array<std::size_t, 2>{values.size() / columns, columns},
                     values);
    };
    std::vector<double> bound, exact;
    for (std::size_t i = 0; i < kContenders; ++i) {
      std::vector<double> pass, regret;
      for (std::size_t place = 0; place < places_.size(); ++place) {
        const auto samples = static_cast<double>(places_[place]);
        const double right = right_[i * places_.size() + place];
        const Share share = wilson(right, n);
        pass.insert(pass.end(),
                    {samples, 100 * right / n, 100 * std::max(share.middle - share.half, 0.0),
                     100 * std::min(share.middle + share.half, 1.0)});
        regret.insert(regret.end(), {samples, lost_[i * places_.size() + place] / n});
      }
      table(r.of[i].pass_curve, 4, pass);
      table(r.of[i].regret_curve, 2, regret);
    }
    const Answers answers = world_.answers();
    for (std::size_t place = 0; place < places_.size(); ++place) {
      const auto samples = static_cast<double>(places_[place]);
      bound.insert(bound.end(), {samples, bounds_[place] / n});
      if (world_.varies() || selection_.k > 1 || !one_reward_each(answers)) continue;
      exact.insert(exact.end(), {samples, 100 * best_of_n_pass_rate(answers, places_[place])});
    }
    table(r.bound, 2, bound);
    if (!exact.empty()) table(r.exact, 2, exact);
    // The answers that were given most often, then those that the reward model likes best.
    std::vector<std::size_t> shown(world_.count());
    for (std::size_t a = 0; a < shown.size(); ++a) shown[a] = a;
    std::stable_sort(shown.begin(), shown.end(), [&](std::size_t a, std::size_t b) {
      return counts_[a] != counts_[b] ? counts_[a] > counts_[b]
                                      : answers.proxy[a] > answers.proxy[b];
    });
    shown.resize(std::min(shown.size(), kShownAnswers));
    std::vector<double> frequency, rewards;
    for (const std::size_t a : shown) {
      const double f = counts_[a] / static_cast<double>(places_.back());
      frequency.insert(frequency.end(), {static_cast<double>(a), f, f, f, answers.probability[a]});
      rewards.insert(rewards.end(), {static_cast<double>(a), answers.proxy[a], answers.proxy[a],
                                     answers.proxy[a], answers.reward[a]});
    }
    table(r.frequency, 5, frequency);
    table(r.rewards, 5, rewards);
  }

  std::vector<Explanation> explain(const Recorder&) const override;

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    for (const Stream* stream : {&sampling_, &asking_, &chance_}) stream->save(writer);
    for (const std::vector<double>* sums : {&right_, &lost_, &bounds_}) writer.f64s(*sums);
    writer.u32s(counts_);
    const Answers answers = world_.answers();
    for (const std::span<const double> numbers :
         {answers.probability, answers.reward, answers.proxy}) {
      writer.f64s(numbers);
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    for (Stream* stream : {&sampling_, &asking_, &chance_}) stream->restore(reader);
    for (std::vector<double>* sums : {&right_, &lost_, &bounds_}) {
      reader.f64s(std::span(*sums));
    }
    const std::vector<std::uint32_t> counts = reader.u32s();
    if (counts.size() != counts_.size()) {
      reader.fail("another number of answers", std::to_string(counts_.size()));
    }
    std::ranges::copy(counts, counts_.begin());
    world_.restore(reader);
    selection_.threshold = world_.threshold();
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override { return questions_; }

 private:
  void record(Recorder& recorder) {
    const MajorityRecordings& r = majority_recordings();
    const Answers answers = world_.answers();
    const auto n = static_cast<double>(step_);
    const std::size_t last = places_.size() - 1;
    for (std::size_t i = 0; i < kContenders; ++i) {
      const double pass = 100 * right_[i * places_.size() + last] / n;
      recorder.series(r.of[i].rate, pass);
      recorder.value(r.of[i].pass, pass);
      recorder.value(r.of[i].regret, lost_[i * places_.size() + last] / n);
    }
    recorder.value(r.bound_value, bounds_[last] / n);
    recorder.value(r.eps_reward, reward_error(answers));
    recorder.value(r.eps_best, best_answer_error(answers));
    recorder.value(r.coverage, coverage(answers));
    recorder.value(r.needed, least_count(selection_.threshold, places_.back()));
  }

  // No wrong answer has the reward of the best one, as the closed form needs.
  static bool one_reward_each(const Answers& answers) {
    return std::ranges::count(answers.proxy, answers.proxy[answers.best()]) == 1;
  }

  AnswerWorld world_;
  Selection selection_;
  std::uint64_t questions_;
  AnswerSelector selector_;
  Stream sampling_, asking_, chance_;
  std::vector<std::size_t> places_;  // numbers of samples
  std::string data_digest_;

  std::uint64_t step_ = 0;
  std::vector<std::uint32_t> counts_;
  std::vector<double> right_, lost_;  // contenders x places, sums over questions
  std::vector<double> bounds_;        // places
};

std::vector<Explanation> MajorityRun::explain(const Recorder&) const {
  if (step_ == 0) return {};
  const Answers answers = world_.answers();
  const std::size_t best = answers.best(), samples = places_.back(), last = places_.size() - 1;
  const std::uint32_t needed = least_count(selection_.threshold, samples);
  std::vector<Explanation> all;
  std::size_t fooling = 0;
  double fools = 0;
  for (std::size_t a = 0; a < answers.count(); ++a) {
    if (!(answers.proxy[a] > answers.proxy[best]) || a == best) continue;
    ++fooling;
    fools += answers.probability[a];
  }
  const auto percent = [](double share) { return plain_text(100 * share, 3) + " %"; };
  std::string text = "The reward model prefers " + std::to_string(fooling) +
                     (fooling == 1 ? " wrong answer" : " wrong answers") +
                     " to the best one. Together they come up in " + percent(fools) +
                     " of the samples";
  if (fooling > 0) {
    const double unseen = 1 - fools;
    text += ", so of " + std::to_string(samples) +
            " samples at least one shows up with probability " +
            percent(1 - lab::pow(unseen, static_cast<double>(samples))) +
            ", and best-of-n falls for it: the more samples, the surer. ";
  } else {
    text += ". Best-of-n has nothing to fear here. ";
  }
  text += "Best-of-majority asks for at least " + std::to_string(needed) +
          (needed == 1 ? " sample of an answer, which is no filter at all."
                       : " samples of an answer before it looks at rewards.");
  all.push_back({"who-fools", "What does the reward model fall for?", std::move(text)});

  std::size_t greatest = 0;
  for (std::size_t a = 0; a < answers.count(); ++a) {
    if (answers.probability[a] > answers.probability[greatest]) greatest = a;
  }
  std::string vote = "The most probable answer is “" + world_.names()[greatest] + "” with " +
                     percent(answers.probability[greatest]) + ", the best one has " +
                     percent(answers.probability[best]) + ". ";
  vote += greatest == best
              ? "So the vote finds it in the end, as far as samples tell the two apart."
              : "So the vote is wrong, and more samples only make it surer of that.";
  all.push_back({"why-majority", "And the vote?", std::move(vote)});

  const auto n = static_cast<double>(step_);
  all.push_back(
      {"the-bound", "What does the theory promise?",
       "The bound on best-of-majority's regret, with the threshold 3 / (4 C*), is " +
           shown(bounds_[last] / n) + " up to a constant; measured it is " +
           shown(lost_[index(SelectionRule::best_of_majority) * places_.size() + last] / n) +
           ", with the threshold " + shown(selection_.threshold) + "."});
  return all;
}

}  // namespace

void add_majority_fields(FieldList& fields) {
  fields.group("rule");
  fields.integer("samples", 1000, {1, 20'000}, "N, of each question",
                 {.log_scale = true, .unit = "samples"});
  fields.integer("k", 1, {1, 32}, "answers that may be submitted", {.unit = "answers"});
  fields.real("threshold", 0.03, {0, 1},
              "frequency that best-of-majority asks for; 0 makes it best-of-n", {.step = 0.005});
  fields.flag("theory_threshold", false, "3 / (4 C*) instead, which only theory knows");
  fields.limit({"threshold"}, {{"theory_threshold", {"false"}}});
  fields.real("sharpness", 5, {0, 100}, "soft best-of-n: inverse temperature of the rewards");
  fields.group("run");
  fields.integer("simulations", 2000, {1, 1'000'000}, "how often a question is asked",
                 {.log_scale = true, .unit = "questions"});
}

std::unique_ptr<Run> best_of_majority_run(const Config& config, const RunContext& context) {
  return std::make_unique<MajorityRun>(config, context);
}

}  // namespace lab::fusion
