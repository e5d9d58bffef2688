// Sheet 31 (QAlign), test vectors and acceptance 1.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/numerics.h"
#include "method/fusion/suffix_chain.h"

using namespace lab;
using namespace lab::fusion;

namespace {

// P(first = 0) = .6, P(0 | 0) = .7, P(0 | 1) = .2; two symbols each.
ShortTexts pairs() {
  return ShortTexts(Matrix{{0.6, 0.4}, {0.7, 0.3}, {0.2, 0.8}}, 2);
}

// A bigram model over two symbols that also ends.
ShortTexts ending(std::size_t longest) {
  return ShortTexts(Matrix{{0.5, 0.4, 0.1}, {0.3, 0.5, 0.2}, {0.25, 0.35, 0.4}}, longest);
}

std::vector<double> exponentials(std::vector<double> logs) {
  for (double& value : logs) value = lab::exp(value);
  return logs;
}

// |pi K - pi|, the largest.
double drift(const std::vector<double>& pi, const Matrix& k) {
  double worst = 0;
  for (std::size_t to = 0; to < pi.size(); ++to) {
    double sum = 0;
    for (std::size_t from = 0; from < pi.size(); ++from) sum += pi[from] * k(from, to);
    worst = std::max(worst, std::abs(sum - pi[to]));
  }
  return worst;
}

}  // namespace

TEST_CASE("suffix chain: target and acceptance of three outputs") {
  const std::vector<double> logs = {lab::log(0.5), lab::log(0.3), lab::log(0.2)};
  const std::vector<double> target = exponentials(tilted(logs, std::vector<double>{0, 1, 2}, 1));
  CHECK(target[0] == doctest::Approx(0.1790000206).epsilon(1e-9));
  CHECK(target[1] == doctest::Approx(0.2919435019).epsilon(1e-9));
  CHECK(target[2] == doctest::Approx(0.5290564775).epsilon(1e-9));
  CHECK(acceptance(2, 0, 1, 1, 1) == doctest::Approx(0.1353352832).epsilon(1e-9));
  CHECK(acceptance(2, 0, 1, 3, 1) == doctest::Approx(0.4060058497).epsilon(1e-9));
  CHECK(acceptance(0, 2, 1, 1, 1) == 1);
}

TEST_CASE("suffix chain: binary texts of two symbols") {
  const ShortTexts texts = pairs();
  REQUIRE(texts.size() == 4);
  CHECK(texts.symbols(1)[1] == 1);
  CHECK(texts.positions(0) == 2);
  const std::vector<double> reward = {0, 1, 0.5, 2};
  const std::vector<double> target = exponentials(tilted(texts.log_probability(), reward, 1));
  const double expected[] = {0.1233231580, 0.1436687569, 0.0387286693, 0.6942794157};
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(target[i] == doctest::Approx(expected[i]).epsilon(1e-9));
  const Matrix k = transition_matrix(texts, reward, 1, Proposal::suffix, LengthTerm::with);
  const double row[] = {0.56, 0.24, 0.04, 0.16};
  for (std::size_t i = 0; i < 4; ++i) CHECK(k(0, i) == doctest::Approx(row[i]).epsilon(1e-12));
  CHECK(drift(target, k) < 1e-15);

  // The second largest eigenvalue, by repeated steps from a start that has no part of the target.
  std::vector<double> left = {1, -1, 0.5, -0.5};
  double ratio = 0;
  for (int i = 0; i < 400; ++i) {
    std::vector<double> next(4, 0.0);
    for (std::size_t from = 0; from < 4; ++from)
      for (std::size_t to = 0; to < 4; ++to) next[to] += left[from] * k(from, to);
    const auto size = [](const std::vector<double>& v) {
      return std::max(std::abs(*std::ranges::max_element(v)),
                      std::abs(*std::ranges::min_element(v)));
    };
    ratio = size(next) / size(left);
    const double scale = size(next), part = next[0] + next[1] + next[2] + next[3];
    for (std::size_t j = 0; j < 4; ++j) left[j] = (next[j] - part * target[j]) / scale;
  }
  CHECK(ratio == doctest::Approx(0.7471362034).epsilon(1e-9));
}

TEST_CASE("suffix chain: texts of different length need the length term") {
  const ShortTexts texts = ending(3);
  CHECK(texts.size() == 1 + 2 + 4 + 8);
  double total = 0;
  for (const double log_p : texts.log_probability()) total += lab::exp(log_p);
  CHECK(total == doctest::Approx(1).epsilon(1e-14));

  std::vector<double> reward(texts.size());
  Stream stream(4, "reward");
  stream.fill_normal(std::span(reward));
  const std::vector<double> target = exponentials(tilted(texts.log_probability(), reward, 0.7));
  const auto drift_of = [&](Proposal proposal, LengthTerm term) {
    return drift(target, transition_matrix(texts, reward, 0.7, proposal, term));
  };
  CHECK(drift_of(Proposal::suffix, LengthTerm::with) < 1e-15);
  CHECK(drift_of(Proposal::whole, LengthTerm::with) < 1e-15);
  CHECK(drift_of(Proposal::suffix, LengthTerm::without) > 1e-3);
}

TEST_CASE("suffix chain: what is drawn is what the probabilities say") {
  const ShortTexts texts = ending(3);
  Stream stream(9, "draws");
  constexpr int kDraws = 100'000;
  std::vector<double> of_model(texts.size()), of_redraw(texts.size());
  const std::size_t from = texts.size() - 1;  // three symbols
  for (int i = 0; i < kDraws; ++i) {
    of_model[texts.draw(stream)] += 1.0 / kDraws;
    of_redraw[texts.redraw(from, 2, stream)] += 1.0 / kDraws;
  }
  std::vector<double> model(texts.size()), redraw(texts.size());
  for (std::size_t text = 0; text < texts.size(); ++text) {
    model[text] = lab::exp(texts.log_probability()[text]);
    redraw[text] = texts.redraw_probability(from, 2, text);
    CHECK(model[text] == doctest::Approx(texts.redraw_probability(from, 0, text)).epsilon(1e-12));
  }
  CHECK(total_variation(of_model, model) < 0.01);
  CHECK(total_variation(of_redraw, redraw) < 0.01);
}
