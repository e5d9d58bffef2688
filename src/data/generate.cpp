#include "data/generate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>

#include "core/error.h"
#include "core/json.h"
#include "core/numerics.h"
#include "core/random.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr double kPi = 3.14159265358979323846;

// Far more than any experiment here can use, far less than would fill the memory.
constexpr std::size_t kMaxValues = std::size_t{1} << 26;

void require(bool holds, std::string_view generator, std::string problem, std::string expected) {
  if (!holds)
    throw Error(std::move(problem), "data " + std::string(generator), std::move(expected));
}

void require_samples(std::size_t n, std::size_t least, std::size_t d, std::string_view generator) {
  require(d >= 1, generator, "there are no features", "at least 1");
  require(n >= least && n <= kMaxValues / d, generator,
          counted(n, "sample") + " of " + counted(d, "feature"),
          std::to_string(least) + " to " + std::to_string(kMaxValues / d) + " samples");
}

void require_not_negative(double x, std::string_view what, std::string_view generator) {
  require(x >= 0 && std::isfinite(x), generator, "the " + std::string(what) + " is not possible",
          "a number of at least 0");
}

// A two-class dataset of zeros, to be filled.
Dataset prepare(std::string name, std::size_t n, std::size_t d) {
  Dataset dataset;
  dataset.name = std::move(name);
  dataset.features = Matrix::from_shape({n, d});
  std::fill_n(dataset.features.data(), n * d, 0.0);
  dataset.labels.assign(n, 0);
  for (std::size_t j = 0; j < d; ++j) dataset.feature_names.push_back("x" + std::to_string(j + 1));
  dataset.class_names = {"-1", "+1"};
  dataset.provenance = {
      .source = "generated", .licence = "none needed", .sha256 = "generated", .recipe = {}};
  return dataset;
}

struct Argument {
  std::string_view name;
  double value;
};

// "moons(n=200, noise=0.1, seed=7)"
std::string recipe(std::string_view name, std::initializer_list<Argument> arguments) {
  std::string text(name);
  text += '(';
  for (bool first = true; const auto& [argument, value] : arguments) {
    if (!first) text += ", ";
    first = false;
    text += std::string(argument) + "=" + number_text(value);
  }
  return text + ")";
}

Dataset finish(Dataset dataset, std::string step) {
  note(dataset, std::move(step));
  check(dataset);
  return dataset;
}

double as_double(std::uint64_t x) {
  return static_cast<double>(x);
}

// A small set given point by point.
struct LabelledPoint {
  double x1, x2;
  int label;
};
Dataset from_points(std::string name, std::initializer_list<LabelledPoint> points) {
  Dataset dataset = prepare(name, points.size(), 2);
  for (std::size_t i = 0; const LabelledPoint& point : points) {
    dataset.features(i, 0) = point.x1;
    dataset.features(i, 1) = point.x2;
    dataset.labels[i++] = point.label;
  }
  return finish(std::move(dataset), recipe(name, {}));
}

}  // namespace

SeparableData separable_gaussians(std::size_t n, std::size_t d, double half_gap,
                                  std::uint64_t seed) {
  constexpr std::string_view kName = "separable_gaussians";
  require_samples(n, 1, d, kName);
  require(half_gap > 0 && half_gap <= 1e6, kName, "the half gap is not possible",
          "a number above 0, up to 1e6");
  Stream stream(seed, "data/separable_gaussians");
  std::vector<double> w(d);
  double norm = 0;
  while (norm == 0) {  // all zeros can be drawn, if only in theory
    double square = 0;
    for (double& x : w) {
      x = stream.normal();
      square += x * x;
    }
    norm = std::sqrt(square);
  }
  for (double& x : w) x /= norm;

  Dataset dataset = prepare(std::string(kName), n, d);
  for (std::size_t i = 0; i < n; ++i) {
    double projection = 0;
    for (std::size_t j = 0; j < d; ++j) {
      const double x = stream.normal();
      dataset.features(i, j) = x;
      projection += x * w[j];
    }
    const bool positive = projection >= 0;
    dataset.labels[i] = positive ? 1 : 0;
    if ((positive ? projection : -projection) >= half_gap) continue;
    for (std::size_t j = 0; j < d; ++j) {
      dataset.features(i, j) += (positive ? half_gap : -half_gap) * w[j];
    }
  }
  return {.dataset = finish(std::move(dataset), recipe(kName, {{"n", as_double(n)},
                                                               {"d", as_double(d)},
                                                               {"half_gap", half_gap},
                                                               {"seed", as_double(seed)}})),
          .direction = std::move(w)};
}

Dataset imbalanced_gaussians(std::size_t n, std::size_t minority, double deviation,
                             std::uint64_t seed) {
  constexpr std::string_view kName = "imbalanced_gaussians";
  constexpr double kCentre = 0.6, kGap = 0.1;
  require_samples(n, 2, 2, kName);
  require(minority >= 1 && minority < n, kName, "a minority of " + counted(minority, "sample"),
          "1 to " + std::to_string(n - 1));
  require_not_negative(deviation, "deviation", kName);
  Stream stream(seed, "data/imbalanced_gaussians");
  Dataset dataset = prepare(std::string(kName), n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    const double y = i < minority ? -1 : 1;
    const double first = stream.normal();
    const double second = stream.normal();
    const double x1 = deviation * first + y * kCentre;
    dataset.features(i, 0) = y * x1 < kGap ? y * kGap : x1;
    dataset.features(i, 1) = deviation * second;
    dataset.labels[i] = i < minority ? 0 : 1;
  }
  return finish(std::move(dataset), recipe(kName, {{"n", as_double(n)},
                                                   {"minority", as_double(minority)},
                                                   {"deviation", deviation},
                                                   {"seed", as_double(seed)}}));
}

Dataset worst_case(std::size_t n) {
  constexpr std::string_view kName = "worst_case";
  require_samples(n, 2, 2, kName);
  Dataset dataset = prepare(std::string(kName), n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    dataset.features(i, 0) = i == 0 ? 0.5 : -0.5;
    dataset.features(i, 1) = -1;
    dataset.labels[i] = i == 0 ? 1 : 0;
  }
  return finish(std::move(dataset), recipe(kName, {{"n", as_double(n)}}));
}

Dataset misleading_pair() {
  return from_points("misleading_pair", {{1, -1, 1}, {-1, -4, 0}});
}

Dataset four_points() {
  return from_points("four_points", {{1, -0.3, 1}, {-0.7, 0.9, 1}, {0.2, 0.4, 1}, {1.3, -1.1, 1}});
}

Dataset overlapping_gaussians(std::size_t n, std::size_t d, double distance, std::uint64_t seed) {
  constexpr std::string_view kName = "overlapping_gaussians";
  require_samples(n, 2, d, kName);
  require_not_negative(distance, "distance", kName);
  Stream stream(seed, "data/overlapping_gaussians");
  Dataset dataset = prepare(std::string(kName), n, d);
  for (std::size_t i = 0; i < n; ++i) {
    const bool positive = i % 2 == 1;
    dataset.labels[i] = positive ? 1 : 0;
    for (std::size_t j = 0; j < d; ++j) dataset.features(i, j) = stream.normal();
    dataset.features(i, 0) += positive ? 0.5 * distance : -0.5 * distance;
  }
  return finish(std::move(dataset), recipe(kName, {{"n", as_double(n)},
                                                   {"d", as_double(d)},
                                                   {"distance", distance},
                                                   {"seed", as_double(seed)}}));
}

Dataset moons(std::size_t n, double noise, std::uint64_t seed) {
  constexpr std::string_view kName = "moons";
  require_samples(n, 4, 2, kName);
  require_not_negative(noise, "noise", kName);
  Stream stream(seed, "data/moons");
  Dataset dataset = prepare(std::string(kName), n, 2);
  const std::size_t upper = n / 2;
  for (std::size_t i = 0; i < n; ++i) {
    const bool lower = i >= upper;
    const std::size_t k = lower ? i - upper : i;
    const std::size_t count = lower ? n - upper : upper;
    const double angle = kPi * static_cast<double>(k) / static_cast<double>(count - 1);
    const double x = cos(angle), y = sin(angle);
    const double first = stream.normal();
    const double second = stream.normal();
    dataset.features(i, 0) = (lower ? 1 - x : x) + noise * first;
    dataset.features(i, 1) = (lower ? 0.5 - y : y) + noise * second;
    dataset.labels[i] = lower ? 1 : 0;
  }
  return finish(std::move(dataset),
                recipe(kName, {{"n", as_double(n)}, {"noise", noise}, {"seed", as_double(seed)}}));
}

Dataset circles(std::size_t n, double factor, double noise, std::uint64_t seed) {
  constexpr std::string_view kName = "circles";
  require_samples(n, 4, 2, kName);
  require(factor > 0 && factor < 1, kName, "the factor is not possible",
          "a number between 0 and 1");
  require_not_negative(noise, "noise", kName);
  Stream stream(seed, "data/circles");
  Dataset dataset = prepare(std::string(kName), n, 2);
  const std::size_t outer = n / 2;
  for (std::size_t i = 0; i < n; ++i) {
    const bool inner = i >= outer;
    const std::size_t k = inner ? i - outer : i;
    const std::size_t count = inner ? n - outer : outer;
    const double angle = 2 * kPi * static_cast<double>(k) / static_cast<double>(count);
    const double radius = inner ? factor : 1;
    const double first = stream.normal();
    const double second = stream.normal();
    dataset.features(i, 0) = radius * cos(angle) + noise * first;
    dataset.features(i, 1) = radius * sin(angle) + noise * second;
    dataset.labels[i] = inner ? 1 : 0;
  }
  return finish(std::move(dataset), recipe(kName, {{"n", as_double(n)},
                                                   {"factor", factor},
                                                   {"noise", noise},
                                                   {"seed", as_double(seed)}}));
}

Dataset xor_clusters(std::size_t n, double noise, std::uint64_t seed) {
  constexpr std::string_view kName = "xor_clusters";
  constexpr std::array<LabelledPoint, 4> kCentres = {
      {{-1, -1, 0}, {-1, 1, 1}, {1, 1, 0}, {1, -1, 1}}};
  require_samples(n, 4, 2, kName);
  require_not_negative(noise, "noise", kName);
  Stream stream(seed, "data/xor_clusters");
  Dataset dataset = prepare(std::string(kName), n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    const LabelledPoint& centre = kCentres[i % kCentres.size()];
    const double first = stream.normal();
    const double second = stream.normal();
    dataset.features(i, 0) = centre.x1 + noise * first;
    dataset.features(i, 1) = centre.x2 + noise * second;
    dataset.labels[i] = centre.label;
  }
  return finish(std::move(dataset),
                recipe(kName, {{"n", as_double(n)}, {"noise", noise}, {"seed", as_double(seed)}}));
}

Dataset with_label_noise(Dataset dataset, double probability, std::uint64_t seed) {
  constexpr std::string_view kName = "label_noise";
  require(probability >= 0 && probability <= 1, kName, "the probability is not possible",
          "a number from 0 to 1");
  const std::size_t k = dataset.classes();
  require(k >= 2 && !dataset.labels.empty(), kName, "there are no two classes", "labelled data");
  Stream stream(seed, "data/label_noise");
  for (int& label : dataset.labels) {
    if (!stream.bernoulli(probability)) continue;
    // One of the k - 1 others: steps of 1 to k - 1 around the circle of classes.
    const std::uint64_t step = 1 + stream.below(k - 1);
    label = static_cast<int>((static_cast<std::uint64_t>(label) + step) % k);
  }
  return finish(std::move(dataset),
                recipe(kName, {{"probability", probability}, {"seed", as_double(seed)}}));
}

Dataset with_jitter(Dataset dataset, double deviation, std::uint64_t seed) {
  constexpr std::string_view kName = "jitter";
  require_not_negative(deviation, "deviation", kName);
  Stream stream(seed, "data/jitter");
  double* features = dataset.features.data();
  for (std::size_t i = 0; i < dataset.features.size(); ++i)
    features[i] += deviation * stream.normal();
  return finish(std::move(dataset),
                recipe(kName, {{"deviation", deviation}, {"seed", as_double(seed)}}));
}

}  // namespace lab
