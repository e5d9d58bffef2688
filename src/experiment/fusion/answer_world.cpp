#include "experiment/fusion/answer_world.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "core/error.h"
#include "figure/scale.h"

namespace lab::fusion {

AnswerWorld::AnswerWorld(const Config& config)
    : varies_(config.text("questions") == "random"),
      theory_(config.flag("theory_threshold")),
      threshold_(config.real("threshold")),
      error_(config.real("reward_error")),
      concentration_(config.real("concentration")) {
  const auto add = [&](double probability, double reward, double proxy, std::string name) {
    probability_.push_back(probability);
    reward_.push_back(reward);
    proxy_.push_back(proxy);
    names_.push_back(std::move(name));
  };
  const std::string& questions = config.text("questions");
  const auto k = static_cast<double>(config.integer("k"));
  if (questions == "one") {
    const double correct = config.real("correct"), popular = config.real("popular"),
                 second = config.real("second");
    const std::int64_t rare = config.integer("rare");
    const double left = 1 - correct - popular - second;
    if (left < -1e-12 || (rare == 0 && left > 1e-12)) {
      throw Error("the answers' probabilities add up to " + plain_text(1 - left) + " and " +
                      (rare == 0 ? "no rare answers" : std::to_string(rare) + " rare ones"),
                  "fields correct, popular, second and rare",
                  rare == 0 ? "1 in all, or rare answers for what is left" : "at most 1 in all");
    }
    add(correct, 1, config.real("correct_reward"), "correct");
    add(popular, 0, config.real("popular_reward"), "popular, wrong");
    add(second, 0, config.real("second_reward"), "second, wrong");
    const std::int64_t hacked = config.integer("hacked");
    for (std::int64_t i = 0; i < rare; ++i) {
      const bool is_hacked = i < hacked;
      // A little less from one to the next, so that no two are equal.
      const double proxy = is_hacked ? config.real("hacked_reward") - 0.1 * static_cast<double>(i)
                                     : config.real("rare_reward");
      add(left / static_cast<double>(rare), 0, proxy,
          (is_hacked ? "hacked " : "rare ") + std::to_string(is_hacked ? i + 1 : i + 1 - hacked));
    }
  } else if (questions == "adversarial") {
    constexpr int kAnswers = 64;
    const double lost = std::sqrt(kAnswers * error_ * error_ / k);
    if (lost > 1 || k >= kAnswers) {
      throw Error("no such question with k = " + plain_text(k) +
                      " and reward_error = " + plain_text(error_),
                  "fields k and reward_error", "k below 64, and 8 reward_error at most sqrt(k)");
    }
    add(1.0 / kAnswers, 1, 1 - 1e-9, "best");
    for (int i = 1; i < kAnswers; ++i) {
      const bool trap = i <= static_cast<int>(k);
      add(1.0 / kAnswers, trap ? 1 - lost : 0, trap ? 1 : 0,
          (trap ? "trap " : "worthless ") + std::to_string(trap ? i : i - static_cast<int>(k)));
    }
  } else {
    const auto answers = static_cast<std::size_t>(config.integer("answers"));
    for (std::size_t i = 0; i < answers; ++i) add(0, 0, 0, "answer " + std::to_string(i + 1));
  }
}

// Probabilities from a symmetric Dirichlet, the best answer drawn from them with reward 1, the
// others' rewards uniform below that; the reward model's errors normal with a variance in inverse
// proportion to an answer's probability, so that their mean square is reward_error^2.
void AnswerWorld::ask(Stream& stream) {
  if (!varies_) return;
  double sum = 0;
  for (double& p : probability_) {
    p = stream.gamma(concentration_);
    sum += p;
  }
  // An answer that is never given is none.
  for (double& p : probability_) p = std::max(p / sum, 1e-6);
  sum = 0;
  for (const double p : probability_) sum += p;
  for (double& p : probability_) p /= sum;
  const std::size_t best = stream.categorical(std::span<const double>(probability_));
  const auto answers = static_cast<double>(count());
  for (std::size_t i = 0; i < probability_.size(); ++i) {
    reward_[i] = 0.9 * stream.uniform();
    if (i == best) reward_[i] = 1;
    proxy_[i] = reward_[i] + error_ / std::sqrt(answers * probability_[i]) * stream.normal();
  }
}

void AnswerWorld::restore(ByteReader& reader) {
  for (std::vector<double>* numbers : {&probability_, &reward_, &proxy_}) {
    reader.f64s(std::span(*numbers));
  }
}

double AnswerWorld::threshold() const {
  return theory_ ? 3 / (4 * coverage(answers())) : threshold_;
}

void add_answer_fields(FieldList& fields) {
  fields.group("question");
  fields.choice(
      "questions", "one",
      {{"one", "a right answer, two popular wrong ones, and many rare ones"},
       {"random", "each another one, rewards and their errors drawn anew"},
       {"adversarial", "64 equally likely answers, k of them traps for the reward model"}},
      "what is asked");
  fields.real("correct", 0.30, {1e-6, 1}, "how often the model gives the correct answer",
              {.step = 0.01});
  fields.real("popular", 0.25, {0, 1}, "how often the most popular wrong one", {.step = 0.01});
  fields.real("second", 0.10, {0, 1}, "how often another wrong one", {.step = 0.01});
  fields.integer("rare", 35, {0, 200}, "rare wrong answers, which share the rest");
  fields.integer("hacked", 2, {0, 8}, "of them, how many fool the reward model");
  fields.group("reward model");
  fields.real("correct_reward", 0.7, {-1, 2}, "what it says of the correct answer", {.step = 0.05});
  fields.real("popular_reward", 0.2, {-1, 2}, "of the most popular wrong one", {.step = 0.05});
  fields.real("second_reward", 0.5, {-1, 2}, "of the other", {.step = 0.05});
  fields.real("hacked_reward", 1, {-1, 2}, "of the first that fools it; 0.1 less for each further",
              {.step = 0.05});
  fields.real("rare_reward", 0.1, {-1, 2}, "of the other rare ones", {.step = 0.05});
  fields.integer("answers", 20, {2, 200}, "different answers of a random question");
  fields.real("concentration", 1, {0.05, 20},
              "of their Dirichlet distribution: small, and few answers have it all",
              {.log_scale = true});
  fields.real("reward_error", 0.05, {0, 1}, "root mean square error of the reward model");
  fields.limit({"correct", "popular", "second", "rare", "hacked", "correct_reward",
                "popular_reward", "second_reward", "hacked_reward", "rare_reward"},
               {{"questions", {"one"}}});
  fields.limit({"answers", "concentration"}, {{"questions", {"random"}}});
  fields.limit({"reward_error"}, {{"questions", {"one"}, true}});
}

}  // namespace lab::fusion
