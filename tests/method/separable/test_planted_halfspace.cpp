#include <doctest/doctest.h>

#include <cmath>

#include "method/separable/planted_halfspace.h"

using namespace lab;
using namespace lab::separable;

namespace {

HalfspaceSample drawn(const PlantedHalfspace& planted) {
  Stream stream(1, "planted");
  HalfspaceSample sample(20'000, 3);
  planted.draw(stream, sample);
  return sample;
}

// Share of samples whose label is not that of w*, among those that `counts` takes.
template <class Counts>
double flipped(const HalfspaceSample& sample, Counts counts) {
  double wrong = 0, all = 0;
  for (std::size_t i = 0; i < sample.count(); ++i) {
    if (!counts(i)) continue;
    ++all;
    wrong += sample.labels[i] * sample.columns(0, i) < 0 ? 1 : 0;
  }
  return wrong / all;
}

}  // namespace

TEST_CASE("marginals without a cluster have the mean and variance that they should") {
  for (const Marginal marginal :
       {Marginal::gaussian, Marginal::student_t, Marginal::cube, Marginal::blobs}) {
    const HalfspaceSample sample = drawn({.marginal = marginal, .degrees = 6});
    for (std::size_t j = 0; j < 3; ++j) {
      double mean = 0, square = 0;
      for (const double x : sample.feature(j)) {
        mean += x / 20'000;
        square += x * x / 20'000;
      }
      CAPTURE(static_cast<int>(marginal));
      CHECK(std::abs(mean) < 0.05);
      const double expected = marginal == Marginal::blobs && j == 0 ? 4.25 : 1;
      CHECK(square == doctest::Approx(expected).epsilon(0.05));
    }
  }
}

TEST_CASE("the cluster has its mass, place and label") {
  const HalfspaceSample sample = drawn({.marginal = Marginal::cluster, .mass = 0.4});
  double inside = 0;
  for (std::size_t i = 0; i < sample.count(); ++i) {
    if (std::abs(sample.columns(0, i) + 0.15) > 0.25 || std::abs(sample.columns(1, i) - 3) > 0.25)
      continue;
    ++inside;
    CHECK((sample.labels[i] == 1 || sample.columns(0, i) < 0));
  }
  CHECK(inside / 20'000 == doctest::Approx(0.4).epsilon(0.03));
}

TEST_CASE("labels are flipped where and as often as the noise says") {
  const auto everywhere = [](std::size_t) { return true; };
  CHECK(flipped(drawn({}), everywhere) == 0);
  CHECK(flipped(drawn({.noise = LabelNoise::random, .rate = 0.2}), everywhere) ==
        doctest::Approx(0.2).epsilon(0.05));
  const HalfspaceSample massart = drawn({.noise = LabelNoise::massart, .rate = 0.3});
  CHECK(flipped(massart, [&](std::size_t i) { return massart.columns(1, i) <= 0; }) == 0);
  CHECK(flipped(massart, [&](std::size_t i) { return massart.columns(1, i) > 0; }) ==
        doctest::Approx(0.3).epsilon(0.05));
  const HalfspaceSample band = drawn({.noise = LabelNoise::band, .band = 0.13});
  const auto near = [&](std::size_t i) { return std::abs(band.columns(0, i)) < 0.13; };
  CHECK(flipped(band, near) == 1);
  CHECK(flipped(band, [&](std::size_t i) { return !near(i); }) == 0);
}
