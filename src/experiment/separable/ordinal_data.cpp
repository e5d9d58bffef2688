#include "experiment/separable/ordinal_data.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/digest.h"
#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "data/dataset.h"
#include "data/split.h"
#include "data/store.h"
#include "data/text.h"
#include "data/transform.h"
#include "experiment/field_list.h"
#include "figure/scale.h"

namespace lab {
namespace {

using separable::BoundaryWeights;

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result;
  std::string word;
  for (const char c : text + ",") {
    if (c != ',') {
      word += c;
      continue;
    }
    while (!word.empty() && word.front() == ' ') word.erase(word.begin());
    while (!word.empty() && word.back() == ' ') word.pop_back();
    if (!word.empty()) result.push_back(std::move(word));
    word.clear();
  }
  return result;
}

std::vector<double> numbers(const Config& config, const std::string& field,
                            const std::string& right) {
  std::vector<double> result;
  for (const std::string& word : words(config.text(field))) {
    const std::optional<double> number = parse_value(word);
    if (!number) throw Error("'" + word + "' is no number", "field " + field, right);
    result.push_back(*number);
  }
  return result;
}

std::vector<double> intercepts(const Config& config) {
  const std::string right = "1 to " + std::to_string(kMostClasses - 1) +
                            " increasing numbers from -20 to 20, such as 0,4,6";
  std::vector<double> alpha = numbers(config, "intercepts", right);
  if (!alpha.empty()) alpha.back() += config.real("rarity");
  if (alpha.empty() || alpha.size() >= kMostClasses) {
    throw Error(std::to_string(alpha.size()) + " intercepts", "field intercepts", right);
  }
  for (std::size_t k = 0; k < alpha.size(); ++k) {
    if (!(alpha[k] >= -20 && alpha[k] <= 20) || (k > 0 && !(alpha[k] > alpha[k - 1]))) {
      throw Error("intercept " + std::to_string(k + 1) + " is " + plain_text(alpha[k]) +
                      (k > 0 ? ", the one before " + plain_text(alpha[k - 1]) : std::string()),
                  "fields intercepts and rarity", right);
    }
  }
  return alpha;
}

// Faletto and Bien, 4.1 (sparse): base weights of `difference` with probability q, and for each
// following boundary a change of +-difference with probability q an entry; 4.2 (dense): all of them
// uniform on +-difference.
BoundaryWeights drawn_weights(const Config& config, std::vector<double> alpha, Stream& stream) {
  const auto p = static_cast<std::size_t>(config.integer("features"));
  const double size = config.real("difference"), density = config.real("density");
  const bool dense = config.text("data") == "dense";
  BoundaryWeights weights = {std::move(alpha), {}};
  for (std::size_t k = 0; k < weights.alpha.size(); ++k) {
    for (std::size_t j = 0; j < p; ++j) {
      double change = 0;
      if (dense) {
        change = stream.uniform(-size, size);
      } else {
        const bool changes = stream.bernoulli(density);
        const bool positive = stream.bernoulli(0.5);
        if (changes) change = positive || k == 0 ? size : -size;
      }
      weights.beta.push_back(change + (k > 0 ? weights.beta[(k - 1) * p + j] : 0));
    }
  }
  return weights;
}

// Samples of these weights, x uniform on [-1, 1]^p; false if a probability is negative or a class
// has none.
bool draw(const BoundaryWeights& weights, Stream& stream, OrdinalProblem& problem) {
  const std::size_t n = problem.features.shape(0), p = problem.features.shape(1);
  std::vector<double> probabilities(weights.boundaries() + 1);
  std::array<bool, kMostClasses> there = {};
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<double> x = span(problem.features).subspan(i * p, p);
    for (double& number : x) number = stream.uniform(-1, 1);
    separable::class_probabilities(weights, x, probabilities);
    if (std::ranges::any_of(probabilities, [](double share) { return share < 0; })) return false;
    const std::size_t label = stream.categorical(probabilities);
    problem.labels[i] = static_cast<int>(label);
    problem.truth[i] = probabilities.back();
    there[label] = true;
  }
  return static_cast<std::size_t>(std::ranges::count(there, true)) == probabilities.size();
}

OrdinalProblem generated(const Config& config, std::uint64_t seed) {
  constexpr int kMostDraws = 20'000;
  const auto n = static_cast<std::size_t>(config.integer("samples"));
  const auto p = static_cast<std::size_t>(config.integer("features"));
  const std::vector<double> alpha = intercepts(config);
  OrdinalProblem problem;
  problem.classes = alpha.size() + 1;
  problem.features = Matrix::from_shape({n, p});
  problem.labels.resize(n);
  problem.truth.resize(n);
  Stream stream(seed, "presto/data");
  bool valid = false;
  for (int trial = 0; trial < kMostDraws && !valid; ++trial) {
    problem.weights = drawn_weights(config, alpha, stream);
    valid = draw(problem.weights, stream, problem);
  }
  if (!valid) {
    throw Error("in " + std::to_string(kMostDraws) +
                    " draws there was none in which every class has samples and no class "
                    "probability is negative",
                "fields intercepts, density and difference",
                "intercepts farther apart (but not so far that a class is empty), or fewer and "
                "smaller differences");
  }
  problem.judged_columns = Matrix::from_shape({p, n});
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < p; ++j) problem.judged_columns(j, i) = problem.features(i, j);
  }
  problem.judged_labels = problem.labels;
  for (std::size_t j = 0; j < p; ++j) problem.feature_names.push_back("x" + std::to_string(j + 1));
  for (std::size_t c = 0; c < problem.classes; ++c) {
    problem.class_names.push_back(std::to_string(c + 1));
  }
  return problem;
}

// Cuts a number to predict at its quantiles: ordered classes with these shares, equal numbers
// staying together.
void cut(Dataset& dataset, const Config& config) {
  const std::string right = "2 to " + std::to_string(kMostClasses) +
                            " positive shares with the sum 1, such as 0.5,0.3,0.15,0.05";
  const std::vector<double> shares = numbers(config, "class_shares", right);
  double sum = 0;
  for (const double share : shares) sum += share > 0 ? share : -100;
  if (shares.size() < 2 || shares.size() > kMostClasses || !(sum > 0.999 && sum < 1.001)) {
    throw Error("'" + config.text("class_shares") + "' are no shares of classes",
                "field class_shares", right);
  }
  std::vector<double> sorted(dataset.targets.begin(), dataset.targets.end());
  std::ranges::stable_sort(sorted);
  std::vector<double> edges;
  double below = 0;
  for (std::size_t c = 0; c + 1 < shares.size(); ++c) {
    below += shares[c];
    const auto at = static_cast<std::size_t>(below * static_cast<double>(sorted.size()));
    edges.push_back(sorted[std::min(at, sorted.size() - 1)]);
  }
  dataset.class_names.clear();
  for (std::size_t c = 0; c < shares.size(); ++c) {
    dataset.class_names.push_back(c == 0 ? "below " + plain_text(edges[0], 4)
                                         : "from " + plain_text(edges[c - 1], 4));
  }
  for (const double target : dataset.targets) {
    dataset.labels.push_back(static_cast<int>(
        std::ranges::count_if(edges, [&](double edge) { return target >= edge; })));
  }
  dataset.targets = Vector::from_shape({0});
}

Dataset loaded(const Config& config, const RunContext& context) {
  Dataset dataset = named_data(config.text("data"), context.data);
  if (dataset.labels.empty() && dataset.targets.size() == 0) {
    throw Error("'" + dataset.name + "' has no column of classes", "field data",
                "a file whose last column is an ordered class or a number");
  }
  if (dataset.labels.empty()) cut(dataset, config);
  const std::vector<std::string> order = words(config.text("class_order"));
  if (!order.empty()) dataset = select_classes(dataset, order);
  const std::vector<std::size_t> counts = class_counts(dataset);
  if (counts.size() < 2 || counts.size() > kMostClasses) {
    throw Error("'" + dataset.name + "' has " + std::to_string(counts.size()) + " classes",
                "field data",
                "2 to " + std::to_string(kMostClasses) +
                    " ordered classes; class_order picks some of them");
  }
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] < 4) {
      throw Error("class '" + dataset.class_names[c] + "' of '" + dataset.name + "' has " +
                      std::to_string(counts[c]) + " samples",
                  "field data", "at least 4, so that some can be held out");
    }
  }
  return dataset;
}

OrdinalProblem held_out(const Config& config, const RunContext& context) {
  const Dataset dataset = loaded(config, context);
  const Split split = stratified_split(dataset, config.real("held_out"), context.seed);
  const std::size_t p = dataset.columns(), m = split.test.size();
  OrdinalProblem problem;
  problem.classes = dataset.classes();
  problem.feature_names = dataset.feature_names;
  problem.class_names = dataset.class_names;
  const Dataset learned = select_rows(dataset, split.train);
  problem.features = learned.features;
  problem.labels = learned.labels;
  problem.judged_columns = Matrix::from_shape({p, m});
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < p; ++j) {
      problem.judged_columns(j, i) = dataset.features(split.test[i], j);
    }
    problem.judged_labels.push_back(dataset.labels[split.test[i]]);
  }
  return problem;
}

}  // namespace

std::vector<Field> ordinal_fields() {
  FieldList fields;
  fields.group("data");
  fields.dataset("data", "sparse",
                 {{"sparse", "generated: a few weights change from boundary to boundary"},
                  {"dense", "generated: all weights change a little"},
                  {"diabetes", "442 patients; progression after a year, cut into classes"}},
                 "what to learn from; file:PATH for a file whose last column is an ordered class "
                 "(the last one rare) or a number, which is cut");
  fields.integer("samples", 2500, {50, 10'000}, "how many to generate",
                 {.log_scale = true, .unit = "samples"});
  fields.integer("features", 10, {1, 30}, "generated: how many; 2 shows the boundaries",
                 {.unit = "features"});
  fields.text("intercepts", "0,4,6",
              "generated: α of each boundary, increasing; the greater the last, the rarer the last "
              "class");
  fields.real("rarity", 0.0, {-5, 5}, "generated: added to the last intercept", {.step = 0.1});
  fields.real("density", 0.5, {0, 1},
              "sparse: probability that a weight changes from one boundary to the next",
              {.step = 0.01});
  fields.real("difference", 0.5, {0, 3}, "generated: size of the weights and of their changes",
              {.step = 0.05});
  fields.text("class_shares", "0.5,0.3,0.15,0.05",
              "of a number to predict: the shares of the classes that it is cut into",
              {.advanced = true});
  fields.text("class_order", "",
              "of a file: names of the classes in their order, the rare one last; empty = as they "
              "are",
              {.advanced = true});
  fields.real("held_out", 0.25, {0.05, 0.5},
              "of a data set: share of the samples that is kept for judging",
              {.step = 0.05, .advanced = true});
  fields.limit({"samples", "features", "intercepts", "rarity", "difference"},
               {{"data", {"sparse", "dense"}}});
  fields.limit({"density"}, {{"data", {"sparse"}}});
  fields.limit({"class_shares", "held_out"}, {{"data", {"sparse", "dense"}, true}});
  fields.limit({"class_order"}, {{"data", {"file"}}});
  return fields.list;
}

OrdinalProblem ordinal_problem(const Config& config, const RunContext& context) {
  const std::string& data = config.text("data");
  OrdinalProblem problem = data == "sparse" || data == "dense" ? generated(config, context.seed)
                                                               : held_out(config, context);
  Digest digest;
  digest.u64(problem.classes).f64s(span(problem.features)).i64s(problem.labels);
  digest.f64s(span(problem.judged_columns)).i64s(problem.judged_labels).f64s(problem.truth);
  problem.digest = digest.hex();
  return problem;
}

}  // namespace lab
