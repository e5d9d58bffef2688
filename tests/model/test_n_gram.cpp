#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/random.h"
#include "model/n_gram.h"
#include "reference/kneser-ney/vector.h"

using lab::NGram;

namespace {

using Tokens = std::vector<int>;

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  for (const char c : text) tokens.push_back(c == ' ' ? 26 : c - 'a');
  return tokens;
}

NGram trained(std::size_t order, std::size_t vocabulary, const std::vector<Tokens>& sequences) {
  const std::vector<std::span<const int>> spans(sequences.begin(), sequences.end());
  return NGram(order, vocabulary, spans);
}

// Markov chains of 200 tokens each.
std::vector<Tokens> chains(std::size_t count, int vocabulary, std::string_view name) {
  lab::Stream stream(1, name);
  std::vector<Tokens> all(count);
  for (Tokens& tokens : all) {
    int last = 0;
    for (int i = 0; i < 200; ++i) {
      const auto jump = static_cast<int>(stream.below(3) * stream.below(4));
      last = (2 * last + jump) % vocabulary;
      tokens.push_back(last);
    }
  }
  return all;
}

}  // namespace

TEST_CASE("n-gram: probabilities, discounts and perplexity of the exact fractions") {
  std::vector<Tokens> training;
  for (const std::string_view text : reference::kTraining) training.push_back(tokens_of(text));
  for (std::size_t order = 1; order <= reference::kOrders.size(); ++order) {
    CAPTURE(order);
    const reference::Order& expected = reference::kOrders[order - 1];
    const NGram model = trained(order, 27, training);
    CHECK(model.order() == order);
    for (std::size_t k = 1; k <= order; ++k)
      for (std::size_t i = 0; i < 3; ++i)
        CHECK(std::abs(model.discounts(k)[i] - expected.discounts[k - 1][i]) <= 1e-14);
    for (std::size_t h = 0; h < reference::kHistories.size(); ++h) {
      const Tokens history = tokens_of(reference::kHistories[h]);
      for (std::size_t w = 0; w < reference::kTokens.size(); ++w)
        CHECK(std::abs(model.probability(history, tokens_of(reference::kTokens)[w]) -
                       expected.probability[h][w]) <= 1e-15);
    }
    CHECK(cross_entropy(model, tokens_of(reference::kText)) ==
          doctest::Approx(expected.cross_entropy).epsilon(1e-14));
  }
}

TEST_CASE("n-gram: after any history the probabilities sum to 1 and are those one by one") {
  constexpr int kVocabulary = 17;
  const std::vector<Tokens> training = chains(20, kVocabulary, "training");
  std::vector<double> p(kVocabulary + 1);
  lab::Stream stream(2, "histories");
  for (const std::size_t order : {1, 2, 3, 5}) {
    const NGram model = trained(order, kVocabulary + 1, training);  // one token is never seen
    for (int trial = 0; trial < 200; ++trial) {
      Tokens history = training[stream.below(20)];
      history.resize(stream.below(8));
      for (int& token : history)
        if (stream.bernoulli(0.2)) token = static_cast<int>(stream.below(kVocabulary + 1));
      model.probabilities(history, p);
      CHECK(std::abs(std::accumulate(p.begin(), p.end(), 0.0) - 1) <= 1e-14);
      for (int w = 0; w <= kVocabulary; ++w) {
        CHECK(p[static_cast<std::size_t>(w)] > 0);
        CHECK(p[static_cast<std::size_t>(w)] == model.probability(history, w));
      }
    }
  }
}

TEST_CASE("n-gram: more context predicts a Markov chain better, up to its order") {
  const std::vector<Tokens> training = chains(100, 17, "training");
  const std::vector<Tokens> other = chains(10, 17, "other");
  const auto mean = [&](std::size_t order) {
    const NGram model = trained(order, 17, training);
    double sum = 0;
    for (const Tokens& tokens : other) sum += cross_entropy(model, tokens);
    return sum / 10;
  };
  const double one = mean(1), two = mean(2), four = mean(4);
  CHECK(one <= std::log(17.0));
  CHECK(two < one - 0.5);
  CHECK(std::abs(four - two) < 0.1);
}

TEST_CASE("n-gram: edges") {
  // Nothing seen: all tokens alike.
  const NGram none = trained(3, 4, {});
  CHECK(none.probability({}, 2) == 0.25);
  CHECK(none.probability(Tokens{1, 2, 3}, 2) == 0.25);
  CHECK(trained(2, 1, {{0, 0, 0}}).probability(Tokens{0}, 0) == doctest::Approx(1));
  // One bigram, a: D1 = 1/2 at both levels, so (1 - 1/2) + 1/2 ((1 - 1/2) + 1/2 1/2).
  CHECK(trained(2, 2, {{0}}).probability({}, 0) == 0.875);
}

TEST_CASE("n-gram: one digest on every compiler and target") {
  const NGram model = trained(4, 17, chains(30, 17, "training"));
  lab::Digest digest;
  std::vector<double> p(17);
  for (const Tokens& tokens : chains(2, 17, "other")) {
    digest.f64(cross_entropy(model, tokens));
    for (std::size_t i = 0; i < 8; ++i) {
      model.probabilities(std::span(tokens).first(i), p);
      digest.f64s(p);
    }
  }
  CHECK(digest.hex() == "dd27207f4f7d74bdd6fefc81ad8c0ab91d8e02442b455fe006a9317cc678e060");
}
