// What is more sampling good for, when the reward is not quite what is wanted? (sheet 31: G. Faria
// and N. Smith, Sample, Don't Search, arXiv:2504.03790) A step is one more text of the model for
// every question: the best of all so far, votes of many kinds, and a Markov chain that draws the
// ends of its texts anew and is tilted towards the reward.
// [SECTION] marks: recordings, questions, run, claims, description.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/recording_list.h"
#include "experiment/words.h"
#include "method/fusion/suffix_chain.h"

namespace lab {
namespace {

using fusion::LengthTerm;
using fusion::Proposal;
using fusion::ShortTexts;

// --- [SECTION] recordings ----------------------------------------------------------------------

enum Method : std::size_t { best_of_n, majority, reward_vote, importance, qalign, ideal, kMethods };

struct MethodName {
  const char *who, *label;
};
constexpr MethodName kNames[kMethods] = {
    {"best_of_n", "best of n"},
    {"majority", "majority vote"},
    {"reward_vote", "votes weighted by the reward"},
    {"importance", "votes weighted by exp(r / β)"},
    {"qalign", "QAlign, vote over the chain"},
    {"ideal", "vote of the tilted model itself"},
};

struct Recordings : RecordingList {
  std::array<std::size_t, kMethods> accuracy, peak;
  std::size_t best_proxy, best_true, chain_proxy, chain_true;
  std::size_t acceptance, distance, uncorrected_distance;
  std::size_t wrong_texts, right_texts, model_shares, target_shares, chain_shares;

  Recordings() {
    for (std::size_t m = 0; m < kMethods; ++m) {
      const std::string who = kNames[m].who;
      accuracy[m] = series(who + "/accuracy", "", "share of the questions answered rightly");
      peak[m] = value(who + "/peak", "", "highest accuracy so far");
    }
    best_proxy = series("best_of_n/reward", "", "mean reward of the text that is chosen");
    best_true = series("best_of_n_deserved/reward", "", "the same without the reward's noise");
    chain_proxy = series("qalign/reward", "", "mean reward of the chain's texts");
    chain_true = series("qalign_deserved/reward", "", "the same without the reward's noise");
    acceptance =
        series("qalign/acceptance", "", "share of the proposals that were accepted so far");
    distance =
        series("qalign/distance", "",
               "first question: total variation from the chain's texts so far to the target");
    uncorrected_distance = series("uncorrected/distance", "",
                                  "the same of a chain whose acceptance leaves |y| / |y'| out");
    const auto texts = [&](const char* who, const char* how) {
      return array(std::string(who) + "/texts", "",
                   std::string("first question: the texts that answer ") + how, ArrayForm::points,
                   {"rank", "reward"});
    };
    wrong_texts = texts("wrong", "wrongly");
    right_texts = texts("right", "rightly");
    const auto shares = [&](std::string who, std::string help) {
      return array(who + "/shares", "", std::move(help), ArrayForm::points, {"answer", "share"});
    };
    model_shares = shares("majority", "first question: the model's probability of each answer");
    target_shares = shares("ideal", "first question: the target's");
    chain_shares = shares("qalign", "first question: share of the chain's votes");
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] questions -----------------------------------------------------------------------

struct Question {
  std::shared_ptr<const ShortTexts> texts;
  std::vector<std::size_t> answer = {};  // of each text
  std::size_t answers = 0, right = 0;
  std::vector<double> truth = {}, reward = {};  // of each text
  std::vector<double> target = {};              // probabilities
};

// Of each answer, where texts have these shares.
std::vector<double> answer_shares(const Question& question, std::span<const double> of_texts) {
  std::vector<double> shares(question.answers);
  for (std::size_t text = 0; text < of_texts.size(); ++text)
    shares[question.answer[text]] += of_texts[text];
  return shares;
}

// Student's t: heavy tails for few degrees of freedom.
double student_t(Stream& stream, double degrees) {
  const double z = stream.normal();
  return z * std::sqrt(degrees / 2 / std::max(stream.gamma(degrees / 2), 1e-300));
}

// One text for each answer: a right one, a wrong one that is popular, and rare ones.
struct AnswersOnly {
  std::shared_ptr<const ShortTexts> texts;
  std::size_t rare;

  explicit AnswersOnly(const Config& config) {
    const double right = config.real("right"), popular = config.real("popular");
    rare = static_cast<std::size_t>(config.integer("rare"));
    if (right + popular > 1)
      throw Error("the right and the popular answer have more than all probability",
                  "fields right, popular", "right + popular at most 1");
    Matrix next = xt::zeros<double>({rare + 3, rare + 2});
    next(0, 0) = right;
    next(0, 1) = popular;
    for (std::size_t i = 0; i < rare; ++i)
      next(0, 2 + i) = (1 - right - popular) / static_cast<double>(rare);
    texts = std::make_shared<ShortTexts>(std::move(next), 1);
  }

  Question question() const {
    Question q{.texts = texts, .answers = rare + 2};
    for (std::size_t text = 0; text < texts->size(); ++text) {
      q.answer.push_back(text);
      q.truth.push_back(text == 0 ? 1 : text == 1 ? 0.5 : 0);
    }
    return q;
  }
};

// Sums: the texts are digits, and a text's answer is their sum modulo the number of digits.
Question sum_question(const Config& config, Stream& stream) {
  const auto symbols = static_cast<std::size_t>(config.integer("symbols"));
  const std::vector<double> concentration(symbols + 1, config.real("concentration"));
  Matrix next = xt::zeros<double>({symbols + 1, symbols + 1});
  for (std::size_t row = 0; row <= symbols; ++row) {
    const std::vector<double> probabilities = stream.dirichlet(concentration);
    for (std::size_t i = 0; i <= symbols; ++i)  // nothing is impossible
      next(row, i) = 0.99 * probabilities[i] + 0.01 / static_cast<double>(symbols + 1);
  }
  Question q{.texts = std::make_shared<ShortTexts>(
                 std::move(next), static_cast<std::size_t>(config.integer("longest"))),
             .answers = symbols};
  for (std::size_t text = 0; text < q.texts->size(); ++text) {
    std::size_t sum = 0;
    for (const int digit : q.texts->symbols(text)) sum += static_cast<std::size_t>(digit);
    q.answer.push_back(sum % symbols);
  }
  q.right = q.answer[q.texts->draw(stream)];  // so the model knows it as often as it says
  for (const std::size_t answer : q.answer) q.truth.push_back(answer == q.right ? 1 : 0);
  return q;
}

std::vector<Question> questions(const Config& config, std::uint64_t seed) {
  Stream stream(seed, "qalign/questions");
  const double noise = config.real("noise"), tail = config.real("tail");
  const bool sums = config.text("task") == "sums";
  std::optional<AnswersOnly> alone;
  if (!sums) alone.emplace(config);
  std::vector<Question> all(static_cast<std::size_t>(config.integer("questions")));
  for (Question& q : all) {
    q = sums ? sum_question(config, stream) : alone->question();
    for (const double truth : q.truth) q.reward.push_back(truth + noise * student_t(stream, tail));
    q.target = fusion::tilted(q.texts->log_probability(), q.reward, config.real("beta"));
    for (double& value : q.target) value = lab::exp(value);
  }
  return all;
}

std::string digest_of(const std::vector<Question>& all) {
  Digest digest;
  for (const Question& q : all) {
    for (const double value : q.texts->log_probability()) digest.f64(value);
    for (const double value : q.reward) digest.f64(value);
    digest.u64(q.right);
  }
  return digest.hex();
}

// --- [SECTION] run -----------------------------------------------------------------------------

// Votes for answers, of which the first to reach the most leads.
struct Votes {
  static constexpr std::size_t kNobody = SIZE_MAX;
  std::vector<double> of;
  std::size_t leader = kNobody;

  void add(std::size_t answer, double weight) {
    of[answer] += weight;
    if (leader == kNobody || of[answer] > of[leader]) leader = answer;
  }
};

// What one question has come to.
struct Progress {
  std::array<Votes, kMethods> votes;  // best_of_n: none
  std::size_t best = 0;               // text
  double best_reward = 0;
  double greatest = 0;              // reward of all texts: weights exp(r / beta) are relative to it
  std::vector<std::size_t> states;  // of the chains, each a text
};

class QAlignRun final : public Run {
 public:
  QAlignRun(const Config& config, const RunContext& context)
      : samples_(static_cast<std::uint64_t>(config.integer("samples"))),
        burn_in_(static_cast<std::uint64_t>(config.integer("burn_in"))),
        chains_(static_cast<std::size_t>(config.integer("chains"))),
        beta_(config.real("beta")),
        proposal_(config.text("proposal") == "whole" ? Proposal::whole : Proposal::suffix),
        lengths_differ_(config.text("task") == "sums" && proposal_ == Proposal::suffix),
        questions_(questions(config, context.seed)),
        progress_(questions_.size()),
        drawn_(context.seed, "qalign/samples"),
        moves_(context.seed, "qalign/chain"),
        tilted_(context.seed, "qalign/ideal"),
        uncorrected_moves_(context.seed, "qalign/uncorrected"),
        visits_(questions_[0].texts->size()),
        uncorrected_visits_(questions_[0].texts->size()) {
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      Progress& p = progress_[i];
      for (Votes& votes : p.votes) votes.of.resize(questions_[i].answers);
      p.best_reward = -std::numeric_limits<double>::max();
      p.greatest = *std::ranges::max_element(questions_[i].reward);
      p.states.resize(chains_);
      const std::vector<double> shares = answer_shares(questions_[i], questions_[i].target);
      const auto most = std::ranges::max_element(shares) - shares.begin();
      lost_ += static_cast<std::size_t>(most) == questions_[i].right ? 0 : 1;
    }
    data_digest_ = digest_of(questions_);
  }

  void begin(Recorder&) override {}

  bool step(Recorder& recorder) override {
    const Recordings& r = recordings();
    const std::size_t chain = static_cast<std::size_t>(step_ % chains_);
    const bool first = step_ < chains_;  // a chain starts with a text of the model
    std::array<double, kMethods> right{};
    double best_proxy = 0, best_true = 0, chain_proxy = 0, chain_true = 0;
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      const Question& q = questions_[i];
      Progress& p = progress_[i];

      const std::size_t text = q.texts->draw(drawn_);
      const double reward = q.reward[text];
      if (reward > p.best_reward) {
        p.best = text;
        p.best_reward = reward;
      }
      p.votes[majority].add(q.answer[text], 1);
      p.votes[reward_vote].add(q.answer[text], std::max(reward, 0.0));
      p.votes[importance].add(q.answer[text], lab::exp((reward - p.greatest) / beta_));

      std::size_t& state = p.states[chain];
      if (first) {
        state = text;
      } else {
        accepted_ += move(q, state, moves_, LengthTerm::with) ? 1 : 0;
        ++proposed_;
      }
      if (step_ >= burn_in_) p.votes[qalign].add(q.answer[state], 1);
      p.votes[ideal].add(q.answer[tilted_.categorical(q.target)], 1);

      right[best_of_n] += q.answer[p.best] == q.right ? 1 : 0;
      for (std::size_t m = 1; m < kMethods; ++m) right[m] += p.votes[m].leader == q.right ? 1 : 0;
      best_proxy += p.best_reward;
      best_true += q.truth[p.best];
      chain_proxy += q.reward[state];
      chain_true += q.truth[state];
    }
    watch_first_question(chain, first);
    ++step_;

    const auto count = static_cast<double>(questions_.size());
    for (std::size_t m = 0; m < kMethods; ++m) {
      const double accuracy = right[m] / count;
      recorder.series(r.accuracy[m], accuracy);
      recorder.value(r.peak[m], std::max(accuracy, recorder.value(r.peak[m]).value_or(0)));
    }
    recorder.series(r.best_proxy, best_proxy / count);
    recorder.series(r.best_true, best_true / count);
    recorder.series(r.chain_proxy, chain_proxy / count);
    recorder.series(r.chain_true, chain_true / count);
    recorder.series(r.acceptance, acceptance());
    recorder.series(r.distance, distance(visits_));
    if (lengths_differ_) recorder.series(r.uncorrected_distance, distance(uncorrected_visits_));
    return step_ < samples_;
  }

  void observe(Recorder& recorder) const override {
    const Recordings& r = recordings();
    const Question& q = questions_[0];
    std::vector<std::size_t> by_reward(q.texts->size());
    for (std::size_t i = 0; i < by_reward.size(); ++i) by_reward[i] = i;
    std::ranges::stable_sort(by_reward, std::greater(), [&](std::size_t i) { return q.reward[i]; });
    std::array<std::vector<double>, 2> texts;  // wrong, right
    for (std::size_t rank = 0; rank < by_reward.size(); ++rank) {
      const std::size_t text = by_reward[rank];
      std::vector<double>& rows = texts[q.answer[text] == q.right ? 1 : 0];
      rows.insert(rows.end(), {static_cast<double>(rank + 1), q.reward[text]});
    }
    recorder.array(r.wrong_texts, std::array<std::size_t, 2>{texts[0].size() / 2, 2}, texts[0]);
    recorder.array(r.right_texts, std::array<std::size_t, 2>{texts[1].size() / 2, 2}, texts[1]);

    std::vector<double> probability(q.texts->size());
    for (std::size_t text = 0; text < probability.size(); ++text)
      probability[text] = lab::exp(q.texts->log_probability()[text]);
    const std::vector<double> model = answer_shares(q, probability);
    const std::vector<double> target = answer_shares(q, q.target);
    std::vector<double> votes = progress_[0].votes[qalign].of;
    double all = 0;
    for (const double vote : votes) all += vote;
    for (double& vote : votes) vote /= std::max(all, 1.0);
    // The answers that anybody says often, in the order of the target.
    std::vector<std::size_t> order(q.answers);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
      return std::max(target[a], model[a]) > std::max(target[b], model[b]);
    });
    order.resize(std::min<std::size_t>(order.size(), 12));
    const auto shares = [&](std::size_t recording, const std::vector<double>& of) {
      std::vector<double> points;
      for (std::size_t rank = 0; rank < order.size(); ++rank) {
        points.push_back(static_cast<double>(rank + 1));
        points.push_back(of[order[rank]]);
      }
      recorder.array(recording, std::array<std::size_t, 2>{order.size(), 2}, points);
    };
    shares(r.model_shares, model);
    shares(r.target_shares, target);
    shares(r.chain_shares, votes);
  }

  std::vector<Explanation> explain(const Recorder& recorder) const override {
    if (step_ == 0) return {};
    const Recordings& r = recordings();
    const auto now = [&](std::size_t recording) { return recorder.buckets(recording).back().last; };
    std::vector<Explanation> all;
    const double peak = recorder.value(r.peak[best_of_n]).value_or(0);
    if (peak - now(r.accuracy[best_of_n]) >= 0.05)
      all.push_back({"over-optimised", "Why does the best of n get worse?",
                     "The best of " + std::to_string(step_) + " texts has a reward of " +
                         shown(now(r.best_proxy)) + " on average, of which only " +
                         shown(now(r.best_true)) +
                         " is deserved: among so many texts there is always one whose reward is "
                         "wrong by more than the right answer is worth. It answered " +
                         shown(100 * peak) + " % at its best and answers " +
                         shown(100 * now(r.accuracy[best_of_n])) + " % now."});
    if (proposed_ > 0 && acceptance() < 0.05)
      all.push_back(
          {"stuck", "Why does the chain hardly move?",
           "Only " + shown(100 * acceptance()) +
               " % of its proposals are accepted. With β = " + shown(beta_) +
               " a text of high reward is left only for one of a reward as high, which the "
               "model seldom writes: the chain needs as many samples as the best of n."});
    if (lost_ > 0)
      all.push_back(
          {"target-is-wrong", "Where can no number of samples help?",
           "In " + std::to_string(lost_) + " of " + std::to_string(questions_.size()) +
               " questions the target itself has another answer on top: its reward is wrong "
               "by more than β log of how much rarer that answer is. A chain that runs "
               "longer gets there more surely."});
    return all;
  }

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    writer.u64(accepted_);
    writer.u64(proposed_);
    for (const Stream* stream : {&drawn_, &moves_, &tilted_, &uncorrected_moves_})
      stream->save(writer);
    for (const Progress& p : progress_) {
      for (const Votes& votes : p.votes) {
        writer.f64s(votes.of);
        writer.u64(votes.leader);
      }
      writer.u64(p.best);
      writer.f64(p.best_reward);
      for (const std::size_t state : p.states) writer.u64(state);
    }
    writer.f64s(visits_);
    writer.f64s(uncorrected_visits_);
    writer.u64(uncorrected_);
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    accepted_ = reader.u64();
    proposed_ = reader.u64();
    for (Stream* stream : {&drawn_, &moves_, &tilted_, &uncorrected_moves_})
      stream->restore(reader);
    for (Progress& p : progress_) {
      for (Votes& votes : p.votes) {
        reader.f64s(std::span(votes.of));
        votes.leader = static_cast<std::size_t>(reader.u64());
      }
      p.best = static_cast<std::size_t>(reader.u64());
      p.best_reward = reader.f64();
      for (std::size_t& state : p.states) state = static_cast<std::size_t>(reader.u64());
    }
    reader.f64s(std::span(visits_));
    reader.f64s(std::span(uncorrected_visits_));
    uncorrected_ = static_cast<std::size_t>(reader.u64());
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override { return samples_; }

 private:
  // One proposal; whether it was accepted.
  bool move(const Question& q, std::size_t& state, Stream& stream, LengthTerm term) const {
    const std::size_t positions = q.texts->positions(state);
    const std::size_t cut =
        proposal_ == Proposal::whole ? 0 : static_cast<std::size_t>(stream.below(positions));
    const std::size_t proposed = q.texts->redraw(state, cut, stream);
    const bool corrected = term == LengthTerm::with && proposal_ == Proposal::suffix;
    const double probability =
        fusion::acceptance(q.reward[state], q.reward[proposed], beta_, corrected ? positions : 1,
                           corrected ? q.texts->positions(proposed) : 1);
    if (!stream.bernoulli(probability)) return false;
    state = proposed;
    return true;
  }

  // Of the first question every visit counts, and a chain without the length term runs beside.
  void watch_first_question(std::size_t chain, bool first) {
    const Question& q = questions_[0];
    const std::size_t state = progress_[0].states[chain];
    if (step_ == 0) {
      uncorrected_ = state;
    } else if (!first) {
      move(q, uncorrected_, uncorrected_moves_, LengthTerm::without);
    }
    visits_[state] += 1;
    uncorrected_visits_[uncorrected_] += 1;
  }

  double distance(const std::vector<double>& visits) const {
    const double scale = 1 / static_cast<double>(step_);
    double sum = 0;
    for (std::size_t text = 0; text < visits.size(); ++text)
      sum += lab::abs(visits[text] * scale - questions_[0].target[text]);
    return sum / 2;
  }

  double acceptance() const {
    return proposed_ == 0 ? 1 : static_cast<double>(accepted_) / static_cast<double>(proposed_);
  }

  std::uint64_t samples_, burn_in_;
  std::size_t chains_;
  double beta_;
  Proposal proposal_;
  bool lengths_differ_;  // so that the length term is not 1
  std::vector<Question> questions_;
  std::size_t lost_ = 0;  // questions whose target has another answer than the right one on top
  std::string data_digest_;

  std::vector<Progress> progress_;
  Stream drawn_, moves_, tilted_, uncorrected_moves_;
  std::vector<double> visits_, uncorrected_visits_;  // of the first question's texts
  std::size_t uncorrected_ = 0;                      // state of the chain without the length term
  std::uint64_t step_ = 0, accepted_ = 0, proposed_ = 0;
};

// --- [SECTION] claims --------------------------------------------------------------------------

// The largest |pi K - pi| of the exact chain over 5 random models that end where they like.
double drift(ClaimContext& context, LengthTerm term) {
  Stream stream(context.seed(), "qalign/exact");
  double worst = 0;
  for (int model = 0; model < 5; ++model) {
    const auto symbols = static_cast<std::size_t>(2 + stream.below(2));
    Matrix next = xt::zeros<double>({symbols + 1, symbols + 1});
    for (std::size_t row = 0; row <= symbols; ++row) {
      const std::vector<double> probabilities =
          stream.dirichlet(std::vector<double>(symbols + 1, 1.0));
      for (std::size_t i = 0; i <= symbols; ++i) next(row, i) = probabilities[i];
    }
    const ShortTexts texts(std::move(next), 4);
    std::vector<double> reward(texts.size());
    stream.fill_normal(std::span(reward));
    std::vector<double> target = fusion::tilted(texts.log_probability(), reward, 1);
    for (double& value : target) value = lab::exp(value);
    const Matrix k = fusion::transition_matrix(texts, reward, 1, Proposal::suffix, term);
    for (std::size_t to = 0; to < texts.size(); ++to) {
      double sum = 0;
      for (std::size_t from = 0; from < texts.size(); ++from) sum += target[from] * k(from, to);
      worst = std::max(worst, lab::abs(sum - target[to]));
    }
  }
  return worst;
}

double last(const Recorder& recorder, std::size_t recording) {
  return recorder.buckets(recording).back().last;
}

// The audit's questions: 202 answers, heavy-tailed rewards, 1024 samples.
Recorder hackable(ClaimContext& context) {
  return context.run({});
}

double lead_over(ClaimContext& context, Method other) {
  const Recorder run = hackable(context);
  return last(run, recordings().accuracy[qalign]) - last(run, recordings().accuracy[other]);
}

double fall_from_peak(ClaimContext& context, Method method) {
  const Recorder run = hackable(context);
  return run.value(recordings().peak[method]).value_or(0) -
         last(run, recordings().accuracy[method]);
}

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  return {
      {.id = "target-is-stationary",
       .sentence = "The chain's stationary distribution is p(y) exp(r(y) / β), exactly.",
       .source = "arXiv:2504.03790, the acceptance rule; exact transition matrices of 5 random "
                 "models for each seed",
       .paper_value = "detailed balance",
       .kind = identity,
       .metric = "largest |π K − π|",
       .comparison = at_most,
       .threshold = 1e-12,
       .seeds = 20,
       .remark = "",
       .measure = [](ClaimContext& context) { return drift(context, LengthTerm::with); }},
      {.id = "length-term-matters",
       .sentence = "Without |y| / |y'| in the acceptance it is another one.",
       .source = "derived; the same models",
       .paper_value = "",
       .kind = bound,
       .metric = "largest |π K − π|",
       .comparison = above,
       .threshold = 1e-3,
       .seeds = 20,
       .remark = "",
       .measure = [](ClaimContext& context) { return drift(context, LengthTerm::without); }},
      {.id = "chain-reaches-target",
       .sentence = "After 200 000 steps the chain's texts are distributed as the target says.",
       .source = "sheet 31, acceptance 2; one question of sums",
       .paper_value = "convergence",
       .kind = effect,
       .metric = "total variation",
       .comparison = below,
       .threshold = 0.02,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return last(context.run({{"task", "sums"},
                                      {"questions", std::int64_t{1}},
                                      {"symbols", std::int64_t{2}},
                                      {"samples", std::int64_t{200'000}}}),
                         recordings().distance);
           }},
      {.id = "best-of-n-over-optimises",
       .sentence = "The best of n gets better with n, and then worse.",
       .source = "arXiv:2504.03790, abstract; sheet 31, acceptance 3",
       .paper_value = "best of n degrades with compute",
       .kind = effect,
       .metric = "accuracy lost between its peak and n = 1024",
       .comparison = at_least,
       .threshold = 0.10,
       .seeds = 20,
       .remark = "",
       .measure = [](ClaimContext& context) { return fall_from_peak(context, best_of_n); }},
      {.id = "beats-best-of-n",
       .sentence = "At 1024 samples QAlign answers more questions than the best of n.",
       .source = "arXiv:2504.03790, abstract; sheet 31, acceptance 3",
       .paper_value = "better at equal compute",
       .kind = effect,
       .metric = "difference of the accuracies",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure = [](ClaimContext& context) { return lead_over(context, best_of_n); }},
      {.id = "more-never-hurts",
       .sentence = "QAlign does not get worse with more samples, within 2 points.",
       .source = "sheet 31, acceptance 3; there reported, not required",
       .paper_value = "error falls with compute",
       .kind = effect,
       .metric = "accuracy lost between its peak and n = 1024",
       .comparison = at_most,
       .threshold = 0.02,
       .seeds = 20,
       .remark =
           "In some questions the target itself has a wrong answer on top; the longer the "
           "chain, the more surely it is chosen. A smaller weight of the reward (larger beta) "
           "avoids it.",
       .measure = [](ClaimContext& context) { return fall_from_peak(context, qalign); }},
      {.id = "beats-majority",
       .sentence = "At 1024 samples QAlign answers more questions than the majority vote.",
       .source = "arXiv:2504.03790, abstract",
       .paper_value = "better at equal compute",
       .kind = effect,
       .metric = "difference of the accuracies",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "Here the right answer is the model's most probable one, so a majority of enough "
                 "samples is always right and nothing can be better. The set of sums, where the "
                 "model is often wrong, is where a reward can help.",
       .measure = [](ClaimContext& context) { return lead_over(context, majority); }},
      {.id = "beats-majority-on-sums",
       .sentence = "So it does where the model's most probable answer is often wrong.",
       .source = "arXiv:2504.03790, abstract; questions of sums, [derived]",
       .paper_value = "better at equal compute",
       .kind = effect,
       .metric = "difference of the accuracies",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Recorder run = context.run({{"task", "sums"}});
             return last(run, recordings().accuracy[qalign]) -
                    last(run, recordings().accuracy[majority]);
           }},
      {.id = "no-reward-no-difference",
       .sentence = "With β → ∞ it is the majority vote.",
       .source = "sheet 31, acceptance 4; beta = 1e6, n = 256",
       .paper_value = "",
       .kind = effect,
       .metric = "size of the accuracies' difference",
       .comparison = below,
       .threshold = 0.05,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Recorder run = context.run({{"beta", 1e6}, {"samples", std::int64_t{256}}});
             return lab::abs(last(run, recordings().accuracy[qalign]) -
                             last(run, recordings().accuracy[majority]));
           }},
  };
}

// --- [SECTION] description ---------------------------------------------------------------------

std::vector<Source> of_methods(const char* what) {
  std::vector<Source> all;
  for (const MethodName& method : kNames)
    all.push_back({std::string(method.who) + "/" + what, method.label});
  return all;
}

std::vector<Figure> figures() {
  const Axis samples = {.label = "samples a question", .unit = "", .log = true};
  return {
      {.name = "accuracy",
       .title = "Questions answered rightly",
       .form = Form::lines,
       .x = samples,
       .y = {.label = "accuracy"},
       .sources = of_methods("accuracy"),
       .caption = "Everybody pays the same: one text of the model a step. The best of n believes "
                  "the reward more the more it has seen."},
      {.name = "rewards",
       .title = "What the reward says and what is deserved",
       .form = Form::lines,
       .x = samples,
       .y = {.label = "mean over the questions"},
       .sources = {{"best_of_n/reward", "best of n: reward"},
                   {"best_of_n_deserved/reward", "best of n: deserved"},
                   {"qalign/reward", "chain: reward"},
                   {"qalign_deserved/reward", "chain: deserved"}},
       .caption = "Where a reward rises and what is deserved falls, noise is being chosen."},
      {.name = "distance",
       .title = "How far the chain is from its target",
       .form = Form::lines,
       .x = {.label = "steps of the chain", .unit = "", .log = true},
       .y = {.label = "total variation", .unit = "", .log = true},
       .sources = {{"qalign/distance", "QAlign"}, {"uncorrected/distance", "without |y| / |y'|"}},
       .caption = "First question. Texts of different length need the correction: without it the "
                  "chain comes to rest elsewhere."},
      {.name = "acceptance",
       .title = "Proposals accepted",
       .form = Form::lines,
       .x = {.label = "steps of the chain", .unit = "", .log = true},
       .y = {.label = "share so far"},
       .sources = {{"qalign/acceptance", "QAlign"}},
       .caption = "The smaller β, the fewer. A chain that stays where it is has seen no more than "
                  "one sample."},
      {.name = "texts",
       .title = "The first question's texts by their reward",
       .form = Form::curves,
       .x = {.label = "rank of the reward", .unit = "", .log = true},
       .y = {.label = "reward"},
       .sources = {{.recording = "wrong/texts", .label = "answer wrongly", .points = true},
                   {.recording = "right/texts", .label = "answer rightly", .points = true}},
       .caption =
           "What stands farthest left is what the best of n finds in the end, however rare it is."},
      {.name = "shares",
       .title = "The first question's answers",
       .form = Form::curves,
       .x = {.label = "answer, the most frequent first"},
       .y = {.label = "share"},
       .sources = {{.recording = "majority/shares", .label = "model", .points = true},
                   {.recording = "ideal/shares", .label = "target", .points = true},
                   {.recording = "qalign/shares", .label = "chain's votes", .points = true}},
       .caption = "The chain's votes go from the model's shares to the target's."},
      {.name = "final",
       .title = "Questions answered rightly in the end",
       .form = Form::bars,
       .x = {.label = "accuracy"},
       .y = {},
       .sources = of_methods("accuracy"),
       .caption = "Longer is better. With several seeds: the mean and its interval."},
  };
}

Schema schema() {
  FieldList fields;
  fields.group("task");
  fields.choice("task", "answers",
                {{"answers", "one text for each answer"},
                 {"sums", "texts of digits; their sum is the answer"}},
                "what the model writes");
  fields.integer("questions", 100, {1, 1000}, "each with rewards of its own", {.log_scale = true});
  fields.real("right", 0.35, {0.001, 0.999}, "the model's probability of the right answer");
  fields.real("popular", 0.2, {0.001, 0.999}, "and of a wrong one that is half right");
  fields.integer("rare", 200, {1, 2000}, "wrong answers that share the rest", {.log_scale = true});
  fields.limit({"right", "popular", "rare"}, {{"task", {"answers"}}});
  fields.integer("symbols", 3, {2, 4}, "digits, and so many answers");
  fields.integer("longest", 4, {1, 5}, "digits of a text at most");
  fields.real("concentration", 1, {0.05, 20}, "of the Dirichlet distribution of the model's rows",
              {.log_scale = true, .advanced = true});
  fields.limit({"symbols", "longest", "concentration"}, {{"task", {"sums"}}});
  fields.group("reward");
  fields.real("noise", 0.3, {0, 10}, "scale of what the reward adds to what is deserved");
  fields.real("tail", 2, {1, 100}, "degrees of freedom of its Student distribution: few are heavy",
              {.log_scale = true});
  fields.group("sampling");
  fields.integer("samples", 1024, {1, 1e6}, "texts of the model a question", {.log_scale = true});
  fields.real("beta", 1, {1e-3, 1e6}, "what a unit of the reward is worth: exp(1 / beta) times",
              {.log_scale = true, .live = true});
  fields.choice(
      "proposal", "suffix",
      {{"suffix", "the end of the text anew, from anywhere"}, {"whole", "all of it anew"}},
      "what the chain proposes");
  fields.limit({"proposal"}, {{"task", {"sums"}}});
  fields.integer("burn_in", 0, {0, 1e6}, "steps of the chain that do not vote", {.advanced = true});
  fields.integer("chains", 1, {1, 64}, "that share the samples", {.advanced = true});
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment qalign() {
  return {
      .id = "qalign",
      .title = "Sample, don't search: votes of a chain against the best of n",
      .family = "fusion",
      .paper = {.title = "Sample, Don't Search: Rethinking Test-Time Alignment for Language Models",
                .authors = "Gonçalo Faria, Noah A. Smith",
                .link = "arXiv:2504.03790",
                .year = 2025},
      .problem =
          "A reward model says which text is better, and it is sometimes wrong. Whoever takes the "
          "best of more and more samples finds in the end the text whose reward is most wrong. A "
          "Markov chain that redraws the ends of its texts samples instead from the model tilted "
          "towards the reward, and a vote over its texts answers.",
      .equation =
          "π(y) ∝ p(y) exp(r(y) / β);   accept y' with min{1, exp((r' − r) / β) |y| / |y'|}",
      .how_to_fail =
          "Make beta small: the target itself goes to the texts whose reward is most wrong, and "
          "the chain stands still. Without noise the best of n is right at once.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<QAlignRun>(config, context);
      },
  };
}

}  // namespace lab
