// Values of tokens in a world of all sequences (arXiv:2405.20495): the vectors of sheet 58.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "core/numerics.h"
#include "core/random.h"
#include "method/fusion/token_values.h"

using namespace lab;
using namespace lab::fusion;

namespace {

constexpr SequenceSpace kTwo = {2, 2};
constexpr std::array<double, 4> kReward = {1, 0, 0.6, 0.6};
const std::array<double, 4> kUniform = {lab::log(0.25), lab::log(0.25), lab::log(0.25),
                                        lab::log(0.25)};

std::vector<double> probabilities(std::span<const double> log_law) {
  std::vector<double> law;
  for (const double x : log_law) law.push_back(lab::exp(x));
  return law;
}

void check_near(std::span<const double> found, std::initializer_list<double> expected) {
  REQUIRE(found.size() == expected.size());
  std::size_t i = 0;
  for (const double e : expected) CHECK(std::abs(found[i++] - e) <= 1e-10);
}

// The probabilities of the first token.
std::vector<double> first_token(std::span<const double> log_law) {
  const std::vector<double> law = probabilities(log_law);
  return {law[0] + law[1], law[2] + law[3]};
}

}  // namespace

TEST_CASE("sheet 58: the aligned law, values and decoding") {
  std::array<double, 4> aligned;
  align(kUniform, kReward, 0.5, aligned);
  check_near(probabilities(aligned), {0.4916437254, 0.0665367428, 0.2209097659, 0.2209097659});
  const TokenValues sft = token_values(kTwo, kUniform, kReward);
  const TokenValues transfer = token_values(kTwo, aligned, kReward);
  const TokenValues soft = soft_values(kTwo, kUniform, kReward, 0.5);
  check_near(sft[0], {0.5, 0.6});
  check_near(transfer[0], {0.8807970780, 0.6});
  check_near(soft[0], {0.7168904152, 0.6});
  check_near(sft[1], {1, 0, 0.6, 0.6});
  TokenDecoder decoder(kTwo, kUniform);
  check_near(first_token(decoder.law(sft, 0.5)), {0.4501660027, 0.5498339973});
  check_near(first_token(decoder.law(transfer, 0.5)), {0.6368213169, 0.3631786831});
  check_near(first_token(aligned), {0.5581804683, 0.4418195317});
}

TEST_CASE("sheet 58: from a law that is aligned to another reward") {
  constexpr std::array<double, 4> kOther = {0.2, 0.8, 0.5, 0.5};
  std::array<double, 4> other, aligned, again, difference;
  align(kUniform, kOther, 0.5, other);
  check_near(probabilities(other), {0.1255594533, 0.4168720658, 0.2287842405, 0.2287842405});
  for (std::size_t y = 0; y < 4; ++y) difference[y] = kReward[y] - kOther[y];
  align(other, difference, 0.5, again);
  align(kUniform, kReward, 0.5, aligned);
  for (std::size_t y = 0; y < 4; ++y) CHECK(std::abs(again[y] - aligned[y]) <= 1e-12);
  const double share = effective_share(other, difference, 0.5);
  double sum = 0, squares = 0;
  for (std::size_t y = 0; y < 4; ++y) {
    const double w = lab::exp(difference[y] / 0.5);
    sum += lab::exp(other[y]) * w;
    squares += lab::exp(other[y]) * w * w;
  }
  CHECK(share == doctest::Approx(sum * sum / squares).epsilon(1e-12));
  CHECK(share < 1);
  CHECK(effective_share(other, std::array{0.3, 0.3, 0.3, 0.3}, 0.5) ==
        doctest::Approx(1).epsilon(1e-12));
}

TEST_CASE("decoding by soft values is the aligned law; the value above it is a divergence") {
  Stream stream(1, "test");
  for (const SequenceSpace space :
       {SequenceSpace{4, 4}, SequenceSpace{3, 5}, SequenceSpace{6, 1}}) {
    const std::size_t n = space.sequences();
    std::vector<double> law(n), reward(n), aligned(n);
    stream.fill_normal(law);
    stream.fill_normal(reward);
    align(law, std::vector<double>(n), 1, law);
    align(law, reward, 0.5, aligned);
    const TokenValues soft = soft_values(space, law, reward, 0.5);
    TokenDecoder decoder(space, law);
    const std::span<const double> decoded = decoder.law(soft, 0.5);
    double sum = 0;
    for (std::size_t y = 0; y < n; ++y) {
      CHECK(std::abs(decoded[y] - aligned[y]) <= 1e-10);
      sum += lab::exp(decoded[y]);
    }
    CHECK(sum == doctest::Approx(1).epsilon(1e-12));
    // E_aligned[r | s] = soft value + beta D(aligned || law) on what follows s.
    const TokenValues transfer = token_values(space, aligned, reward);
    for (std::size_t t = 0; t < space.length; ++t) {
      const std::size_t width = n / space.prefixes(t + 1);
      for (std::size_t s = 0; s < space.prefixes(t + 1); ++s) {
        double of_aligned = 0, of_law = 0, divergence = 0;
        for (std::size_t y = s * width; y < (s + 1) * width; ++y) {
          of_aligned += lab::exp(aligned[y]);
          of_law += lab::exp(law[y]);
        }
        for (std::size_t y = s * width; y < (s + 1) * width; ++y) {
          const double p = lab::exp(aligned[y]) / of_aligned;
          divergence += p * lab::log(p / (lab::exp(law[y]) / of_law));
        }
        CHECK(std::abs(transfer[t][s] - soft[t][s] - 0.5 * divergence) <= 1e-10);
      }
    }
  }
}

TEST_CASE("without a value decoding is the prior") {
  Stream stream(2, "test");
  constexpr SequenceSpace kSpace = {3, 3};
  std::vector<double> law(27);
  stream.fill_normal(law);
  align(law, std::vector<double>(27), 1, law);
  const TokenValues none = token_values(kSpace, law, std::vector<double>(27));
  TokenDecoder decoder(kSpace, law);
  const std::span<const double> decoded = decoder.law(none, 0.1);
  for (std::size_t y = 0; y < 27; ++y) CHECK(std::abs(decoded[y] - law[y]) <= 1e-12);
  CHECK(expected_reward(law, std::vector<double>(27, 2.5)) == doctest::Approx(2.5).epsilon(1e-12));
}
