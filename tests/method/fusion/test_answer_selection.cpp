// Rules that submit some of many sampled answers (arXiv:2510.03199): sheet 39.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "method/fusion/answer_selection.h"

using namespace lab;
using namespace lab::fusion;

namespace {

using Chosen = std::vector<std::size_t>;

Chosen select(SelectionRule rule, const std::vector<std::uint32_t>& counts,
              const std::vector<double>& proxy, const Selection& selection, Stream& chance) {
  std::size_t n = 0;
  for (const std::uint32_t count : counts) n += count;
  AnswerSelector selector(counts.size(), selection.k);
  const auto chosen = selector.select(rule, counts, n, proxy, selection, chance);
  return {chosen.begin(), chosen.end()};
}

// The sheet's question: correct, two popular wrong answers, two hacked and 33 other rare ones.
struct Question {
  std::vector<double> probability = {0.30, 0.25, 0.10}, reward = {1, 0, 0}, proxy = {0.7, 0.2, 0.5};

  Question() {
    for (int i = 0; i < 35; ++i) {
      probability.push_back(0.01);
      reward.push_back(0);
      proxy.push_back(i == 0 ? 1.0 : i == 1 ? 0.9 : 0.1);
    }
  }
  Answers answers() const { return {probability, reward, proxy}; }
};

}  // namespace

TEST_CASE("sheet 39: how often best-of-n is right, in closed form and sampled") {
  const Question question;
  CHECK(std::abs(best_of_n_pass_rate(question.answers(), 10) - 0.7959335787) <= 1e-10);
  CHECK(best_of_n_pass_rate(question.answers(), 200) < 0.05);
  double before = 1;
  for (std::size_t n = 10; n <= 2000; n += 10) {
    const double rate = best_of_n_pass_rate(question.answers(), n);
    CHECK(rate <= before);
    before = rate;
  }
}

TEST_CASE("sheet 39: the estimates, within three standard errors") {
  const Question question;
  constexpr int kRuns = 4000;
  // best-of-n, best-of-majority and majority, for 10, 50 and 200 samples.
  constexpr double kExpected[3][4] = {
      {10, .798, .798, .541}, {50, .361, .829, .688}, {200, .017, .966, .832}};
  Stream stream(1, "sheet 39");
  AnswerSelector selector(question.proxy.size(), 1);
  for (const auto& [n, bon, bom, majority] : kExpected) {
    std::array<double, kSelectionRules> right = {};
    for (int run = 0; run < kRuns; ++run) {
      std::vector<std::uint32_t> counts(question.proxy.size());
      for (int i = 0; i < static_cast<int>(n); ++i) {
        ++counts[stream.categorical(std::span<const double>(question.probability))];
      }
      for (std::size_t k = 0; k < kSelectionRules; ++k) {
        const auto chosen =
            selector.select(static_cast<SelectionRule>(k), counts, static_cast<std::size_t>(n),
                            question.proxy, {}, stream);
        right[k] += chosen.front() == 0 ? 1 : 0;
      }
    }
    const auto near = [&](SelectionRule rule, double expected) {
      const double rate = right[static_cast<std::size_t>(rule)] / kRuns;
      const double error = std::sqrt(expected * (1 - expected) / kRuns) + 0.004;
      CHECK(std::abs(rate - expected) <= 3 * error);
    };
    near(SelectionRule::best_of_n, bon);
    near(SelectionRule::best_of_majority, bom);
    near(SelectionRule::majority, majority);
  }
}

TEST_CASE("what each rule submits, by hand") {
  Stream chance(2, "chance");
  const std::vector<std::uint32_t> counts = {5, 3, 1, 1, 0};
  const std::vector<double> proxy = {0.2, 0.6, 0.9, 0.9, 1.0};
  using enum SelectionRule;
  CHECK(select(majority, counts, proxy, {.k = 2}, chance) == Chosen{0, 1});
  CHECK(select(weighted, counts, proxy, {.k = 2}, chance) == Chosen{1, 0});
  CHECK(select(best_of_n, counts, proxy, {.k = 3}, chance) == Chosen{2, 3, 1});
  // At least 2 of 10; at least 1, which is no filter; more than any has.
  CHECK(select(best_of_majority, counts, proxy, {.k = 3, .threshold = 0.2}, chance) ==
        Chosen{1, 0});
  CHECK(select(best_of_majority, counts, proxy, {.k = 3, .threshold = 0.1}, chance) ==
        Chosen{2, 3, 1});
  CHECK(select(best_of_majority, counts, proxy, {.k = 3, .threshold = 0.6}, chance) == Chosen{0});
  // Frequencies of exactly the threshold are enough, whatever 0.3 is in binary.
  CHECK(select(best_of_majority, counts, proxy, {.k = 1, .threshold = 0.3}, chance) == Chosen{1});
  // Of equal rewards the more frequent.
  CHECK(select(best_of_n, {1, 4, 2}, {0.5, 0.5, 0.5}, {.k = 3}, chance) == Chosen{1, 2, 0});
  // There are not so many.
  CHECK(select(majority, {2, 0, 1}, {0, 0, 0}, {.k = 3}, chance) == Chosen{0, 2});
}

TEST_CASE("without a threshold best-of-majority is best-of-n") {
  Stream stream(3, "chance");
  for (int i = 0; i < 500; ++i) {
    std::vector<std::uint32_t> counts(6);
    std::vector<double> proxy(6);
    for (int sample = 0; sample < 12; ++sample) ++counts[stream.below(6)];
    for (double& reward : proxy) reward = static_cast<double>(stream.below(4));
    CHECK(select(SelectionRule::best_of_majority, counts, proxy, {.k = 3, .threshold = 0},
                 stream) == select(SelectionRule::best_of_n, counts, proxy, {.k = 3}, stream));
  }
}

TEST_CASE("ties of a vote are broken by chance, and the soft rule samples by its weights") {
  Stream stream(4, "chance");
  std::array<double, 3> majority = {}, soft = {};
  constexpr int kRuns = 30'000;
  for (int i = 0; i < kRuns; ++i) {
    majority[select(SelectionRule::majority, {2, 2, 2}, {0, 0.5, 1}, {}, stream).front()] += 1;
    // Weights 2, e and e^2 of rewards 0, 1 and 2.
    soft[select(SelectionRule::soft, {2, 1, 1}, {0, 1, 2}, {.sharpness = 1}, stream).front()] += 1;
  }
  for (const double count : majority) CHECK(std::abs(count / kRuns - 1.0 / 3) < 0.01);
  const double sum = 2 + 2.718281828 + 7.389056099;
  CHECK(std::abs(soft[0] / kRuns - 2 / sum) < 0.01);
  CHECK(std::abs(soft[1] / kRuns - 2.718281828 / sum) < 0.01);
  CHECK(select(SelectionRule::soft, {2, 1, 1}, {0, 1, 2}, {.k = 3}, stream).size() == 3);
}

TEST_CASE("the terms of the bound") {
  const std::vector<double> probability = {0.25, 0.75}, reward = {1, 0}, proxy = {0.8, 0.4};
  const Answers answers = {probability, reward, proxy};
  CHECK(coverage(answers) == 4);
  const double square = 0.25 * 0.04 + 0.75 * 0.16;
  CHECK(reward_error(answers) == doctest::Approx(std::sqrt(square)).epsilon(1e-14));
  const RegretBound bound = regret_bound(answers, 256, 2);
  CHECK(bound.best == doctest::Approx(0.2).epsilon(1e-14));
  CHECK(bound.reward == doctest::Approx(std::sqrt(4 * square / 2)).epsilon(1e-14));
  CHECK(bound.samples == doctest::Approx(4 * std::exp(-2.0)).epsilon(1e-14));
}
