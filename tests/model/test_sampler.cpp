#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/digest.h"
#include "model/sampler.h"

using lab::Sampler;
using lab::Sampling;

namespace {

constexpr float kGone = -std::numeric_limits<float>::infinity();

using Logits = std::vector<float>;

Logits processed(const Sampling& sampling, Logits logits, const std::vector<int>& history = {}) {
  Sampler(lab::kernels(), logits.size(), sampling).process(history, logits);
  return logits;
}

// Logits of probabilities 0.4, 0.3, 0.15, 0.1 and 0.05 in another order.
Logits five() {
  return {std::log(0.1f), std::log(0.4f), std::log(0.05f), std::log(0.3f), std::log(0.15f)};
}

// Which are left.
std::vector<int> left(const Sampling& sampling, const Logits& logits) {
  std::vector<int> tokens;
  const Logits all = processed(sampling, logits);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] != kGone) tokens.push_back(static_cast<int>(i));
  return tokens;
}

using Tokens = std::vector<int>;

}  // namespace

TEST_CASE("sampler: each step by hand") {
  CHECK(processed({}, {1, -2, kGone}, {0, 1}) == Logits{1, -2, kGone});
  CHECK(processed({.repetition_penalty = 2}, {1, -2, 3, 0}, {0, 1, 1, 3}) ==
        Logits{0.5f, -4, 3, 0});
  CHECK(processed({.temperature = 0.5}, {1, -2, kGone}) == Logits{2, -4, kGone});
  CHECK(left({.top_k = 2}, five()) == Tokens{1, 3});
  CHECK(left({.top_k = 9}, five()) == Tokens{0, 1, 2, 3, 4});
  CHECK(left({.top_k = 2}, {1, 1, 1}) == Tokens{0, 1});
  CHECK(left({.top_p = 0.65}, five()) == Tokens{1, 3});
  CHECK(left({.top_p = 0.75}, five()) == Tokens{1, 3, 4});
  CHECK(left({.top_p = 1e-9}, five()) == Tokens{1});
  CHECK(left({.min_p = 0.3}, five()) == Tokens{1, 3, 4});
  CHECK(left({.min_p = 1}, five()) == Tokens{1});
  // Probabilities of what the step before has left: 0.4 / 0.7 = 0.571.
  CHECK(left({.top_k = 2, .top_p = 0.57}, five()) == Tokens{1});
  CHECK(left({.top_k = 2, .top_p = 0.58}, five()) == Tokens{1, 3});
  // After the temperature: 0.4^2 : 0.3^2 : 0.15^2.
  CHECK(left({.temperature = 0.5, .min_p = 0.3}, five()) == Tokens{1, 3});
  // What is left keeps its logit.
  CHECK(processed({.top_k = 1}, {1, 5, 2}) == Logits{kGone, 5, kGone});
}

TEST_CASE("sampler: greedy takes the first of the largest and no number of the stream") {
  const Sampler greedy(lab::kernels(), 4, {.temperature = 0});
  lab::Stream stream(1, "draws");
  CHECK(greedy.draw(Logits{1, 3, 3, 2}, stream) == 1);
  CHECK(stream.position() == 0);
}

TEST_CASE("sampler: draws are as frequent as likely; what is cut off is never drawn") {
  const Logits logits = processed({.top_k = 3}, five());
  const Sampler sampler(lab::kernels(), 5, {.top_k = 3});
  lab::Stream stream(1, "draws");
  std::vector<int> counts(5);
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) ++counts[static_cast<std::size_t>(sampler.draw(logits, stream))];
  CHECK(counts[0] == 0);
  CHECK(counts[2] == 0);
  const double p = 0.4 / 0.85;
  CHECK(std::abs(counts[1] - kDraws * p) <= 4 * std::sqrt(kDraws * p * (1 - p)));
}
