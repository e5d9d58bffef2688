#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "data/generate.h"
#include "helpers.h"

using namespace lab;

namespace {

std::size_t positives(const Dataset& dataset) {
  return class_counts(dataset)[1];
}

double sign(const Dataset& dataset, std::size_t i) {
  return dataset.labels[i] == 1 ? 1 : -1;
}

// min_i y_i a_i^T w
double margin(const Dataset& dataset, const std::vector<double>& w) {
  double least = INFINITY;
  for (std::size_t i = 0; i < dataset.rows(); ++i) {
    double product = 0;
    for (std::size_t j = 0; j < w.size(); ++j) product += dataset.features(i, j) * w[j];
    least = std::min(least, sign(dataset, i) * product);
  }
  return least;
}

}  // namespace

TEST_CASE("separable gaussians have at least the margin asked for") {
  for (const std::size_t d : {1u, 2u, 5u}) {
    for (const double half_gap : {1e-3, 0.1, 1.0}) {
      for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const SeparableData made = separable_gaussians(40, d, half_gap, seed);
        double norm = 0;
        for (const double x : made.direction) norm += x * x;
        CHECK(std::abs(norm - 1) < 1e-14);
        CHECK(made.dataset.rows() == 40);
        CHECK(made.dataset.columns() == d);
        const double least = margin(made.dataset, made.direction);
        CHECK(least >= half_gap * (1 - 1e-12));
        CHECK(least < 4);
      }
    }
  }
  // The push moves a sample by the half gap, so none ends beyond twice of it because of the push.
  const SeparableData narrow = separable_gaussians(400, 2, 0.5, 1);
  CHECK(margin(narrow.dataset, narrow.direction) < 0.6);
  CHECK(positives(narrow.dataset) > 150);
  CHECK(positives(narrow.dataset) < 250);
}

TEST_CASE("the imbalanced design of the reference experiment") {
  const Dataset dataset = imbalanced_gaussians(500, 5, 0.25, 3);
  CHECK(class_counts(dataset) == std::vector<std::size_t>{5, 495});
  double sum = 0, squares = 0;
  std::size_t moved = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    const double x1 = sign(dataset, i) * dataset.features(i, 0);
    CHECK(x1 >= 0.1);
    moved += x1 == 0.1 ? 1 : 0;
    sum += x1;
    squares += dataset.features(i, 1) * dataset.features(i, 1);
    CHECK(dataset.labels[i] == (i < 5 ? 0 : 1));
  }
  CHECK(sum / 500 == doctest::Approx(0.6).epsilon(0.05));
  CHECK(std::sqrt(squares / 500) == doctest::Approx(0.25).epsilon(0.1));
  CHECK(moved > 0);  // 2.3 % are expected beyond the gap
  CHECK(moved < 30);
}

TEST_CASE("the sheet's fixed sets") {
  const Dataset worst = worst_case(10);
  CHECK(worst.rows() == 10);
  CHECK(positives(worst) == 1);
  CHECK(worst.labels[0] == 1);
  CHECK(worst.features(0, 0) == 0.5);
  CHECK(worst.features(9, 0) == -0.5);
  CHECK(worst.features(9, 1) == -1);
  CHECK(margin(worst, {1, 0}) == 0.5);

  const Dataset pair = misleading_pair();
  CHECK(pair.labels == std::vector<int>{1, 0});
  CHECK(pair.features(1, 1) == -4);
  CHECK(margin(pair, {1, 0}) == 1);

  const Dataset four = four_points();
  CHECK(four.labels == std::vector<int>{1, 1, 1, 1});
  CHECK(margin(four, {std::sqrt(0.5), std::sqrt(0.5)}) == doctest::Approx(std::sqrt(2.0) / 10));
}

TEST_CASE("moons and circles lie where they should without noise") {
  const Dataset moon = moons(101, 0, 1);
  CHECK(class_counts(moon) == std::vector<std::size_t>{50, 51});
  for (std::size_t i = 0; i < 101; ++i) {
    const bool lower = moon.labels[i] == 1;
    const double x = moon.features(i, 0) - (lower ? 1 : 0),
                 y = moon.features(i, 1) - (lower ? 0.5 : 0);
    CHECK(std::abs(std::hypot(x, y) - 1) < 1e-14);
    CHECK((lower ? y <= 1e-15 : y >= -1e-15));
  }
  CHECK(moon.features(0, 0) == 1);
  CHECK(std::abs(moon.features(49, 0) + 1) < 1e-15);

  const Dataset circle = circles(60, 0.4, 0, 1);
  for (std::size_t i = 0; i < 60; ++i) {
    const double radius = std::hypot(circle.features(i, 0), circle.features(i, 1));
    CHECK(std::abs(radius - (circle.labels[i] == 1 ? 0.4 : 1)) < 1e-14);
  }
  CHECK(class_counts(circle) == std::vector<std::size_t>{30, 30});
}

TEST_CASE("noise has the standard deviation asked for") {
  const Dataset noisy = moons(2000, 0.2, 5), exact = moons(2000, 0, 5);
  double squares = 0;
  for (std::size_t i = 0; i < 2000; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const double e = noisy.features(i, j) - exact.features(i, j);
      squares += e * e;
    }
  }
  CHECK(std::sqrt(squares / 4000) == doctest::Approx(0.2).epsilon(0.05));
}

TEST_CASE("xor: the class is whether the signs differ, and no line separates it") {
  const Dataset dataset = xor_clusters(200, 0.1, 2);
  CHECK(class_counts(dataset) == std::vector<std::size_t>{100, 100});
  for (std::size_t i = 0; i < 200; ++i) {
    const bool differ = dataset.features(i, 0) * dataset.features(i, 1) < 0;
    CHECK(dataset.labels[i] == (differ ? 1 : 0));
  }
}

TEST_CASE("overlapping gaussians: centres the given distance apart") {
  const Dataset dataset = overlapping_gaussians(4000, 3, 1.5, 9);
  double sums[2] = {0, 0};
  for (std::size_t i = 0; i < 4000; ++i) sums[dataset.labels[i]] += dataset.features(i, 0);
  CHECK(sums[0] / 2000 == doctest::Approx(-0.75).epsilon(0.1));
  CHECK(sums[1] / 2000 == doctest::Approx(0.75).epsilon(0.1));
}

TEST_CASE("label noise") {
  const Dataset clean = overlapping_gaussians(2000, 2, 4, 1);
  const auto flipped = [&](double probability, std::uint64_t seed) {
    const Dataset noisy = with_label_noise(clean, probability, seed);
    std::size_t count = 0;
    for (std::size_t i = 0; i < 2000; ++i) count += noisy.labels[i] != clean.labels[i] ? 1 : 0;
    return count;
  };
  CHECK(flipped(0, 1) == 0);
  CHECK(flipped(1, 1) == 2000);
  CHECK(flipped(0.1, 1) > 150);
  CHECK(flipped(0.1, 1) < 250);
  CHECK(flipped(0.1, 1) == flipped(0.1, 1));

  // With three classes every other class is as likely.
  Dataset three = clean;
  three.class_names.push_back("third");
  std::fill(three.labels.begin(), three.labels.end(), 0);
  const auto counts = class_counts(with_label_noise(three, 0.5, 4));
  CHECK(counts[0] == doctest::Approx(1000).epsilon(0.08));
  CHECK(counts[1] == doctest::Approx(500).epsilon(0.15));
  CHECK(counts[2] == doctest::Approx(500).epsilon(0.15));
  CHECK(error_of([&] { with_label_noise(clean, 1.5, 1); }) ==
        "data label_noise: the probability is not possible; expected a number from 0 to 1");
}

TEST_CASE("jitter moves every value a little") {
  const Dataset exact = worst_case(20), moved = with_jitter(exact, 1e-9, 1);
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const double e = moved.features(i, j) - exact.features(i, j);
      CHECK(e != 0);
      CHECK(std::abs(e) < 1e-8);
    }
  }
  CHECK(digest(with_jitter(exact, 0, 1)) == digest(exact));
}

TEST_CASE("generated data say how they were made") {
  const Dataset dataset = with_label_noise(moons(20, 0.25, 7), 0.125, 8);
  CHECK(dataset.provenance.source == "generated");
  CHECK(dataset.provenance.sha256 == "generated");
  CHECK(dataset.provenance.recipe ==
        "moons(n=20, noise=0.25, seed=7); label_noise(probability=0.125, seed=8)");
  CHECK(dataset.class_names == std::vector<std::string>{"-1", "+1"});
  CHECK(dataset.feature_names == std::vector<std::string>{"x1", "x2"});
}

TEST_CASE("arguments outside their range are refused") {
  CHECK(error_of([] { moons(3, 0.1, 1); }) ==
        "data moons: 3 samples of 2 features; expected 4 to 33554432 samples");
  CHECK(error_of([] { moons(10, -1, 1); }) ==
        "data moons: the noise is not possible; expected a number of at least 0");
  CHECK(error_of([] { moons(std::size_t{1} << 31, 0, 1); }).find("expected 4 to") !=
        std::string::npos);
  CHECK(error_of([] { circles(10, 1, 0, 1); }) ==
        "data circles: the factor is not possible; expected a number between 0 and 1");
  CHECK(error_of([] { separable_gaussians(10, 0, 0.1, 1); }) ==
        "data separable_gaussians: there are no features; expected at least 1");
  CHECK(error_of([] { separable_gaussians(10, 2, 0, 1); }) ==
        "data separable_gaussians: the half gap is not possible; expected a number above 0, up to "
        "1e6");
  CHECK(error_of([] { imbalanced_gaussians(10, 10, 0.1, 1); }) ==
        "data imbalanced_gaussians: a minority of 10 samples; expected 1 to 9");
  CHECK(error_of([] { worst_case(1); }) ==
        "data worst_case: 1 sample of 2 features; expected 2 to 33554432 samples");
}

// The same numbers on every machine, compiler and target, for ever.
TEST_CASE("generated data: golden digests") {
  CHECK(digest(separable_gaussians(50, 3, 0.1, 1).dataset) ==
        "bba47d3200c821341b3f28e071f56b88700151a3d6bd22a05dc30246534a3da4");
  CHECK(digest(imbalanced_gaussians(500, 5, 0.25, 1)) ==
        "7a91d38267e7bb28a8abbe1657519629142452cff014100c57277278fb8b6ec9");
  CHECK(digest(worst_case(100)) ==
        "6c9f4d64ff8cdba7856cddd5ae7910db1187eec56cf9ac6b85da162e6cadbd6a");
  CHECK(digest(misleading_pair()) ==
        "d29736f1ddb311dfda56e16bee08b4e6778af63ef3043442785adf77d7848f6d");
  CHECK(digest(four_points()) ==
        "820743179443267e3882696e36f9aadbdda235b9a696909e8560934934bb360b");
  CHECK(digest(overlapping_gaussians(100, 2, 1, 1)) ==
        "5e785298461b38df620a9f82fa1294567cc16a18f88d40f297a273cc29b60292");
  CHECK(digest(moons(100, 0.1, 1)) ==
        "1c18bad59082e26eba980a59aef265dc404a97a9c69db76eafc6ba9d5f3d17e9");
  CHECK(digest(circles(100, 0.5, 0.1, 1)) ==
        "7c38baf976630538ade86407c236c0a19edecb569ed404f044f785883722801b");
  CHECK(digest(xor_clusters(100, 0.3, 1)) ==
        "8675bcdb22ac988714160e5d144ffc6c69e01377fb9f0b97c712adb968c9dc46");
  CHECK(digest(with_label_noise(moons(100, 0.1, 1), 0.2, 2)) ==
        "813c9c544ed6e68ade23743fd7388466b10c3718f4cd352ac70a93348c446819");
  CHECK(digest(with_jitter(worst_case(100), 1e-9, 1)) ==
        "186eaae228458ee2496c4b6c16863d8b6d713dadaa7da885d0d9b2d036ead62a");
}
