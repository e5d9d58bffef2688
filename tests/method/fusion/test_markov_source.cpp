// The sources and smoothed n-grams of sheet 04's reproduction.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "method/fusion/markov_source.h"

using namespace lab;
using namespace lab::fusion;

TEST_CASE("rows of sources are distributions, and a domain changes whole symbols") {
  Stream stream(1, "sources");
  const MarkovSource general = general_source(12, stream);
  for (const double fraction : {0.0, 0.3, 0.6, 1.0}) {
    const Domain domain = domain_source(general, fraction, stream);
    CHECK(std::ranges::count(domain.changed, true) == (fraction == 0.3 ? 4
                                                       : fraction == 0.6
                                                           ? 7
                                                           : static_cast<long>(12 * fraction)));
    for (std::size_t a = 0; a < 12; ++a) {
      for (std::size_t b = 0; b < 12; ++b) {
        const auto row = domain.source.row(a, b);
        CHECK(std::accumulate(row.begin(), row.end(), 0.0) == doctest::Approx(1).epsilon(1e-12));
        CHECK(std::ranges::equal(row, general.row(a, b)) == !domain.changed[b]);
      }
    }
  }
}

TEST_CASE("a source's rows share what depends on the last symbol alone") {
  // Half of each row is G1[b]: where it is large, it is at least half of that for every a.
  Stream stream(2, "sources");
  const MarkovSource general = general_source(6, stream);
  for (std::size_t b = 0; b < 6; ++b) {
    double sum = 0;
    for (std::size_t c = 0; c < 6; ++c) {
      double least = 1;
      for (std::size_t a = 0; a < 6; ++a) least = std::min(least, general.row(a, b)[c]);
      sum += least;
    }
    CHECK(sum >= 0.5 - 1e-12);
    CHECK(sum < 0.75);
  }
}

TEST_CASE("a text follows its source") {
  Stream stream(3, "sources");
  const MarkovSource general = general_source(3, stream);
  const std::vector<int> text = draw_text(general, 40'000, stream);
  CHECK(text.size() == 40'002);
  std::array<double, 27> counts = {};
  std::array<double, 9> contexts = {};
  for (std::size_t i = 2; i < text.size(); ++i) {
    const auto context = static_cast<std::size_t>(text[i - 2] * 3 + text[i - 1]);
    contexts[context] += 1;
    counts[context * 3 + static_cast<std::size_t>(text[i])] += 1;
  }
  for (std::size_t context = 0; context < 9; ++context) {
    for (std::size_t c = 0; c < 3; ++c) {
      const double p = general.next[context * 3 + c];
      const double deviation = std::sqrt(p * (1 - p) / contexts[context]);
      CHECK(std::abs(counts[context * 3 + c] / contexts[context] - p) <= 4 * deviation + 1e-12);
    }
  }
}

TEST_CASE("n-grams by hand") {
  const std::vector<int> text = {0, 1, 0, 1, 1, 0};
  const std::array<std::span<const int>, 1> texts = {text};
  const auto at = [](const std::vector<double>& p, std::size_t a, std::size_t b, std::size_t c) {
    return p[(a * 2 + b) * 2 + c];
  };
  // Three zeros and three ones.
  CHECK(at(n_gram(texts, 2, 1, {}), 1, 0, 0) == 3.5 / 7);
  // After 0: twice a 1. After 1: 0, 1, 0.
  const std::vector<double> bigram = n_gram(texts, 2, 2, {});
  CHECK(at(bigram, 0, 0, 1) == 2.5 / 3);
  CHECK(at(bigram, 1, 0, 1) == 2.5 / 3);
  CHECK(at(bigram, 0, 1, 0) == 2.5 / 4);
  // After 0 1: 0, 1. After 0 0: nothing, so the bigram.
  const std::vector<double> trigram = n_gram(texts, 2, 3, {});
  CHECK(at(trigram, 0, 1, 0) == doctest::Approx((1 + 2 * 2.5 / 4) / 4).epsilon(1e-15));
  CHECK(at(trigram, 0, 0, 1) == doctest::Approx(2.5 / 3).epsilon(1e-15));
  // Adapted to a text of ones: after 1 three times a 1, after 0 never anything.
  const std::vector<int> ones = {1, 1, 1, 1};
  const std::vector<double> adapted = adapted_n_gram(ones, 2, 2, bigram, 20);
  CHECK(at(adapted, 0, 1, 1) == doctest::Approx((3 + 20 * 1.5 / 4) / 23).epsilon(1e-15));
  CHECK(at(adapted, 1, 0, 1) == doctest::Approx(2.5 / 3).epsilon(1e-15));
}
