#include "experiment/separable/block_problem.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "core/digest.h"
#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "data/dataset.h"
#include "data/generate.h"
#include "data/inline_points.h"
#include "data/split.h"
#include "data/store.h"
#include "data/transform.h"
#include "experiment/field_list.h"

namespace lab {
namespace {

using separable::Edge;
using separable::Objective;
using separable::Penalty;

constexpr std::size_t kMostCoordinates = 1000;  // H is dense

struct Samples {
  Matrix columns;               // features x samples
  std::vector<double> targets;  // a number for each sample
  std::vector<int> labels;      // a class for each sample
  std::size_t classes = 2;
};

double sign(double number) {
  return number >= 0 ? 1 : -1;
}

// Weights of density 0.1: N(0, 1) each, most of them 0.
std::vector<double> sparse_weights(std::size_t count, Stream& stream) {
  std::vector<double> weights(count);
  for (double& weight : weights) {
    const bool kept = stream.bernoulli(0.1);
    const double number = stream.normal();
    weight = kept ? number : 0;
  }
  return weights;
}

Samples generated(const Config& config, std::uint64_t seed) {
  const std::string& problem = config.text("problem");
  const auto n = static_cast<std::size_t>(config.integer("samples"));
  const auto features = static_cast<std::size_t>(config.integer("features"));
  Samples samples;
  samples.columns = badly_scaled_columns(features, n, config.real("spread"), seed);
  const auto score = [&](std::span<const double> weights, std::size_t s) {
    double sum = 0;
    for (std::size_t i = 0; i < features; ++i) sum += weights[i] * samples.columns(i, s);
    return sum;
  };
  const double flips = config.real("flips");
  Stream stream(seed, "block_descent/labels");
  if (problem == "softmax") {
    samples.classes = static_cast<std::size_t>(config.integer("classes"));
    std::vector<std::vector<double>> weights;
    for (std::size_t c = 0; c < samples.classes; ++c) {
      weights.push_back(sparse_weights(features, stream));
    }
    for (std::size_t s = 0; s < n; ++s) {
      std::size_t best = 0;
      for (std::size_t c = 1; c < samples.classes; ++c) {
        if (score(weights[c], s) > score(weights[best], s)) best = c;
      }
      const bool flipped = stream.bernoulli(flips);
      const auto other = static_cast<std::size_t>(stream.below(samples.classes - 1));
      if (flipped) best = other < best ? other : other + 1;
      samples.labels.push_back(static_cast<int>(best));
    }
    return samples;
  }
  const std::vector<double> weights = sparse_weights(features, stream);
  for (std::size_t s = 0; s < n; ++s) {
    if (problem == "logistic") {
      const double label = sign(score(weights, s));
      samples.targets.push_back(stream.bernoulli(flips) ? -label : label);
    } else {
      samples.targets.push_back(score(weights, s) + stream.normal());
    }
  }
  return samples;
}

// The four samples of the reference vector [derived]: gs and gsq take the coordinates 1 and 2, gsl
// and gsd 2 and 3.
Samples by_hand() {
  constexpr double kRows[4][3] = {{1, 2, 0}, {0, 1, -1}, {3, 0, 1}, {1, -1, 2}};
  Samples samples;
  samples.columns = Matrix::from_shape({3, 4});
  for (std::size_t s = 0; s < 4; ++s) {
    for (std::size_t i = 0; i < 3; ++i) samples.columns(i, s) = kRows[s][i];
  }
  samples.targets = {1, -1, 1, -1};
  samples.labels = {1, 0, 1, 0};
  return samples;
}

Dataset read(const std::string& data, const RunContext& context) {
  if (data.starts_with(kPointsPrefix)) return from_points_text(data, "field data");
  return named_data(data, context.data);
}

// A data set's rows, standardised, with a column of ones.
Samples named(const Config& config, const RunContext& context) {
  const std::string& problem = config.text("problem");
  const std::string& data = config.text("data");
  Dataset dataset = read(data, context);
  const auto most = static_cast<std::size_t>(config.integer("samples"));
  if (dataset.rows() > most) {
    std::vector<std::size_t> rows;
    if (dataset.labels.empty()) {
      rows = Stream(context.seed, "block_descent/rows").choice(dataset.rows(), most);
    } else {
      const double left_out = 1 - static_cast<double>(most) / static_cast<double>(dataset.rows());
      rows = stratified_split(dataset, left_out, context.seed).train;
    }
    std::ranges::stable_sort(rows);
    dataset = select_rows(dataset, rows);
  }
  dataset = standardised(std::move(dataset));
  Samples samples;
  std::vector<std::size_t> kept;  // a column of zeros moves nothing
  for (std::size_t i = 0; i < dataset.columns(); ++i) {
    for (std::size_t s = 0; s < dataset.rows(); ++s) {
      if (dataset.features(s, i) == 0) continue;
      kept.push_back(i);
      break;
    }
  }
  samples.columns = Matrix::from_shape({kept.size() + 1, dataset.rows()});
  for (std::size_t s = 0; s < dataset.rows(); ++s) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      samples.columns(i, s) = dataset.features(s, kept[i]);
    }
    samples.columns(kept.size(), s) = 1;
  }
  if (dataset.labels.empty()) {
    if (problem == "logistic" || problem == "softmax" || dataset.targets.size() == 0) {
      throw Error("'" + dataset.name + "' has no classes", "field data",
                  "data with a column of classes, or problem = least_squares");
    }
    samples.targets.assign(dataset.targets.begin(), dataset.targets.end());
    return samples;
  }
  samples.labels = dataset.labels;
  samples.classes = dataset.classes();
  const std::string& positive = config.text("positive_class");
  std::size_t one = dataset.classes() == 2 ? 1 : 0;
  if (!positive.empty()) {
    const auto found = std::ranges::find(dataset.class_names, positive);
    if (found == dataset.class_names.end()) {
      throw Error("'" + dataset.name + "' has no class '" + positive + "'", "field positive_class",
                  "one of its classes, such as '" + dataset.class_names.front() + "'");
    }
    one = static_cast<std::size_t>(found - dataset.class_names.begin());
  }
  for (const int label : dataset.labels) {
    samples.targets.push_back(static_cast<std::size_t>(label) == one ? 1 : -1);
  }
  return samples;
}

Objective objective_of(const Config& config, Samples samples) {
  const std::string& problem = config.text("problem");
  const double ridge = config.real("ridge");
  const std::size_t coordinates =
      samples.columns.shape(0) * (problem == "softmax" ? samples.classes : 1);
  if (coordinates > kMostCoordinates) {
    throw Error(std::to_string(coordinates) + " coordinates", "fields features and classes",
                "at most " + std::to_string(kMostCoordinates) + " of them");
  }
  if (problem == "logistic") {
    return separable::logistic_objective(std::move(samples.columns), std::move(samples.targets),
                                         ridge);
  }
  if (problem == "softmax") {
    return separable::softmax_objective(std::move(samples.columns), std::move(samples.labels),
                                        samples.classes, ridge);
  }
  double largest = 0;
  for (std::size_t i = 0; i < samples.columns.shape(0); ++i) {
    double sum = 0;
    for (std::size_t s = 0; s < samples.targets.size(); ++s) {
      sum += samples.columns(i, s) * samples.targets[s];
    }
    largest = std::max(largest, std::abs(sum));
  }
  const Penalty penalty = problem == "lasso"         ? Penalty::l1
                          : problem == "nonnegative" ? Penalty::nonnegative
                                                     : Penalty::none;
  return separable::least_squares_objective(std::move(samples.columns), std::move(samples.targets),
                                            ridge, penalty, config.real("l1") * largest);
}

// Gives some of the nodes their labels and finishes the problem.
void label_nodes(BlockProblem& problem, const Config& config, std::span<const Edge> edges,
                 std::span<const int> classes, std::uint64_t seed) {
  const std::size_t nodes = classes.size();
  const auto count = std::max<std::size_t>(
      2, static_cast<std::size_t>(config.real("labelled") * static_cast<double>(nodes) + 0.5));
  Stream stream(seed, "block_descent/labelled");
  std::vector<double> pull(nodes), target(nodes);
  problem.known.assign(nodes, -1);
  for (const std::size_t i : stream.choice(nodes, std::min(count, nodes))) {
    problem.known[i] = classes[i];
    pull[i] = config.real("pull");
    target[i] = classes[i] == 1 ? 1 : -1;
  }
  problem.objective = separable::graph_objective(
      separable::make_graph(nodes, edges, std::move(pull), std::move(target)));
}

void lattice(BlockProblem& problem, const Config& config, std::uint64_t seed) {
  const double root = std::sqrt(static_cast<double>(config.integer("nodes")));
  const auto side = std::max<std::size_t>(2, static_cast<std::size_t>(root));
  std::vector<Edge> edges;
  std::vector<int> classes;
  for (std::uint32_t r = 0; r < side; ++r) {
    for (std::uint32_t c = 0; c < side; ++c) {
      const auto node = static_cast<std::uint32_t>(r * side + c);
      if (c + 1 < side) edges.push_back({node, node + 1, 1});
      if (r + 1 < side) edges.push_back({node, static_cast<std::uint32_t>(node + side), 1});
      problem.positions.push_back({static_cast<double>(c), static_cast<double>(r)});
      // Two regions with a wavy border.
      const double width = static_cast<double>(side);
      const double border = width / 2 + width / 5 * lab::sin(6.283185307179586 * c / width);
      classes.push_back(r > border ? 1 : 0);
    }
  }
  problem.side = side;
  label_nodes(problem, config, edges, classes, seed);
}

void two_moons(BlockProblem& problem, const Config& config, std::uint64_t seed) {
  constexpr std::size_t kNeighbours = 5;
  const auto nodes = static_cast<std::size_t>(config.integer("nodes"));
  const Dataset points = moons(nodes, 0.1, seed);
  std::vector<std::vector<std::uint32_t>> near(nodes);
  for (std::uint32_t i = 0; i < nodes; ++i) {
    problem.positions.push_back({points.features(i, 0), points.features(i, 1)});
    std::vector<double> closeness;
    std::vector<std::uint32_t> order(nodes);
    for (std::size_t j = 0; j < nodes; ++j) {
      const double x = points.features(i, 0) - points.features(j, 0);
      const double y = points.features(i, 1) - points.features(j, 1);
      closeness.push_back(i == j ? -1e300 : -(x * x + y * y));
    }
    separable::order_by_score(closeness, order);
    near[i].assign(order.begin(), order.begin() + std::min(kNeighbours, nodes - 1));
  }
  std::vector<Edge> edges;  // of two nodes one of which is near the other
  for (std::uint32_t i = 0; i < nodes; ++i) {
    for (const std::uint32_t j : near[i]) {
      if (j < i && std::ranges::count(near[j], i) > 0) continue;  // stood there before
      edges.push_back({i, j, 1});
    }
  }
  label_nodes(problem, config, edges, points.labels, seed);
}

std::string digest_of(const BlockProblem& problem) {
  const Objective& objective = problem.objective;
  Digest digest;
  digest.u64(objective.dimension());
  digest.f64s({objective.columns.data(), objective.columns.size()});
  digest.f64s(objective.targets);
  for (const int label : objective.labels) digest.i64(label);
  digest.f64s(objective.graph.weights);
  for (const std::uint32_t node : objective.graph.neighbours) digest.u64(node);
  digest.f64s(objective.graph.pull);
  digest.f64s(objective.graph.target);
  digest.f64s(problem.start);
  return digest.hex();
}

}  // namespace

Matrix badly_scaled_columns(std::size_t features, std::size_t samples, double spread,
                            std::uint64_t seed) {
  Stream stream(seed, "block_descent/columns");
  const auto n = static_cast<double>(samples);
  const double kept = std::min(1.0, 10 * lab::log(n) / n);
  Matrix columns = Matrix::from_shape({features, samples});
  for (std::size_t i = 0; i < features; ++i) {
    const double scale = spread * stream.normal();
    bool empty = true;
    for (std::size_t s = 0; s < samples; ++s) {
      const double entry = scale * (stream.normal() + 1);
      const bool keep = stream.bernoulli(kept);
      columns(i, s) = keep ? entry : 0;
      empty = empty && columns(i, s) == 0;
    }
    // Nothing would depend on it.
    if (empty) columns(i, 0) = scale != 0 ? scale : 1;
  }
  return columns;
}

std::vector<Field> block_problem_fields() {
  FieldList fields;
  fields.group("problem");
  fields.choice("problem", "logistic",
                {{"logistic", "two classes: sum of log(1 + exp(−b a · x))"},
                 {"least_squares", "½ ‖Ax − b‖²"},
                 {"softmax", "several classes: multinomial logistic loss"},
                 {"lasso", "least squares with an L1 penalty"},
                 {"nonnegative", "least squares with x ≥ 0"},
                 {"lattice", "label propagation on a square lattice"},
                 {"moons", "label propagation on neighbours in two moons"}},
                "what is minimised");
  fields.dataset("data", "generated",
                 {{"generated", "sparse columns of very different size"},
                  {"hand", "four samples, three coordinates: the rules disagree"},
                  {"wdbc", "breast cancer: 30 features of cell nuclei"},
                  {"digits", "8x8 digits"},
                  {"iris", "flowers, 4 features, three classes"},
                  {"wine", "wines, 13 features, three classes"},
                  {"diabetes", "a regression: least squares, lasso, nonnegative"}},
                 "of all problems but the graphs; file:PATH for a CSV, ARFF or NPZ file");
  fields.text("positive_class", "",
              "of named data: the one with b = +1, against all others; empty = the second of two, "
              "the first of more",
              {.advanced = true});
  fields.integer("samples", 100, {4, 2000}, "how many to generate, or at the most to take",
                 {.log_scale = true, .unit = "samples"});
  fields.integer("features", 60, {1, 500}, "of generated data",
                 {.log_scale = true, .unit = "features"});
  fields.real("spread", 10.0, {0.01, 1000},
              "generated: column j is multiplied by spread times a normal number",
              {.log_scale = true});
  fields.integer("classes", 4, {2, 10}, "softmax, generated", {.unit = "classes"});
  fields.real("flips", 0.1, {0, 0.5}, "generated classes: share of labels that are wrong",
              {.step = 0.01, .advanced = true});
  fields.real("ridge", 1.0, {0, 1e6}, "ridge/2 ‖x‖² is added; not on graphs");
  fields.real("l1", 0.01, {0, 1},
              "lasso: the weight of ‖x‖₁, as a share of the one that makes every x 0",
              {.step = 0.001});
  fields.integer("nodes", 400, {9, 900}, "of a graph; a lattice has the next smaller square number",
                 {.unit = "nodes"});
  fields.real("labelled", 0.04, {0.005, 1}, "graphs: share of the nodes whose label is known",
              {.step = 0.005});
  fields.real("pull", 1e5, {0.1, 1e8},
              "graphs: weight that holds a labelled node at its label; an edge has 1",
              {.log_scale = true, .advanced = true});
  const Condition on_graph = {"problem", {"lattice", "moons"}};
  const Condition not_on_graph = {"problem", {"lattice", "moons"}, true};
  const Condition generated = {"data", {"generated"}};
  fields.limit({"data", "ridge"}, {not_on_graph});
  fields.limit({"positive_class"},
               {not_on_graph, {"data", {"generated", "hand", "diabetes"}, true}});
  fields.limit({"samples"}, {not_on_graph, {"data", {"hand"}, true}});
  fields.limit({"features", "spread"}, {not_on_graph, generated});
  fields.limit({"classes"}, {{"problem", {"softmax"}}, generated});
  fields.limit({"flips"}, {{"problem", {"logistic", "softmax"}}, generated});
  fields.limit({"l1"}, {{"problem", {"lasso"}}});
  fields.limit({"nodes", "labelled", "pull"}, {on_graph});
  return fields.list;
}

BlockProblem block_problem(const Config& config, const RunContext& context) {
  BlockProblem problem;
  const std::string& kind = config.text("problem");
  if (kind == "lattice") {
    lattice(problem, config, context.seed);
  } else if (kind == "moons") {
    two_moons(problem, config, context.seed);
  } else {
    const std::string& data = config.text("data");
    Samples samples = data == "generated" ? generated(config, context.seed)
                      : data == "hand"    ? by_hand()
                                          : named(config, context);
    problem.objective = objective_of(config, std::move(samples));
  }
  problem.start.assign(problem.objective.dimension(), 0.0);
  if (config.text("data") == "hand" && problem.start.size() == 3 && kind == "logistic") {
    problem.start = {0.1, -0.2, 0.3};
  }
  problem.digest = digest_of(problem);
  return problem;
}

}  // namespace lab
