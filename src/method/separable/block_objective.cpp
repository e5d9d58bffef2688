#include "method/separable/block_objective.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"
#include "method/linear_algebra.h"

namespace lab::separable {
namespace {

constexpr double kLeastPivot = 1e-12;

// lipschitz, row_sums from the bound; lipschitz_scale: L_i over H_ii, the ridge aside.
void finish(Objective& objective, double lipschitz_scale) {
  const std::size_t p = objective.bound.shape(0);
  objective.lipschitz.resize(p);
  objective.row_sums.resize(p);
  for (std::size_t i = 0; i < p; ++i) {
    objective.lipschitz[i] = lipschitz_scale * objective.bound(i, i) + objective.ridge;
    objective.bound(i, i) += objective.ridge;
    double sum = 0;
    for (std::size_t j = 0; j < p; ++j) sum += std::abs(objective.bound(i, j));
    objective.row_sums[i] = sum;
  }
  objective.all_entries = 0;
  for (const double entries : objective.entries) objective.all_entries += entries;
}

// H = scale A^T A, and how many numbers of each column are not 0.
void gram(Objective& objective, double scale) {
  const std::size_t features = objective.columns.shape(0), n = objective.columns.shape(1);
  const MatrixView<double> columns = view(objective.columns);
  objective.bound = Matrix::from_shape({features, features});
  objective.entries.assign(features, 0);
  for (std::size_t i = 0; i < features; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double product = scale * kernels().dot(columns.row(i), columns.row(j));
      objective.bound(i, j) = product;
      objective.bound(j, i) = product;
    }
    for (std::size_t s = 0; s < n; ++s) objective.entries[i] += columns(i, s) != 0 ? 1 : 0;
  }
}

}  // namespace

Graph make_graph(std::size_t nodes, std::span<const Edge> edges, std::vector<double> pull,
                 std::vector<double> target) {
  assert(pull.size() == nodes && target.size() == nodes);
  Graph graph;
  graph.offsets.assign(nodes + 1, 0);
  for (const Edge& edge : edges) {
    assert(edge.a != edge.b && edge.a < nodes && edge.b < nodes);
    ++graph.offsets[edge.a + 1];
    ++graph.offsets[edge.b + 1];
  }
  for (std::size_t i = 0; i < nodes; ++i) graph.offsets[i + 1] += graph.offsets[i];
  graph.neighbours.resize(2 * edges.size());
  graph.weights.resize(2 * edges.size());
  std::vector<std::uint32_t> next(graph.offsets.begin(), graph.offsets.end() - 1);
  for (const Edge& edge : edges) {
    graph.neighbours[next[edge.a]] = edge.b;
    graph.weights[next[edge.a]++] = edge.weight;
    graph.neighbours[next[edge.b]] = edge.a;
    graph.weights[next[edge.b]++] = edge.weight;
  }
  graph.pull = std::move(pull);
  graph.target = std::move(target);
  return graph;
}

Objective least_squares_objective(Matrix columns, std::vector<double> targets, double ridge,
                                  Penalty penalty, double weight) {
  assert(targets.size() == columns.shape(1));
  Objective objective;
  objective.loss = Loss::least_squares;
  objective.columns = std::move(columns);
  objective.targets = std::move(targets);
  objective.ridge = ridge;
  objective.penalty = penalty;
  objective.weight = weight;
  gram(objective, 1);
  finish(objective, 1);
  return objective;
}

Objective logistic_objective(Matrix columns, std::vector<double> targets, double ridge) {
  assert(targets.size() == columns.shape(1));
  Objective objective;
  objective.loss = Loss::logistic;
  objective.columns = std::move(columns);
  objective.targets = std::move(targets);
  objective.ridge = ridge;
  gram(objective, 0.25);
  finish(objective, 1);
  return objective;
}

Objective softmax_objective(Matrix columns, std::vector<int> labels, std::size_t classes,
                            double ridge) {
  assert(labels.size() == columns.shape(1) && classes >= 2);
  Objective objective;
  objective.loss = Loss::softmax;
  objective.columns = std::move(columns);
  objective.labels = std::move(labels);
  objective.classes = classes;
  objective.ridge = ridge;
  gram(objective, 0.5);
  const Matrix features = std::move(objective.bound);
  const std::vector<double> entries = std::move(objective.entries);
  const std::size_t p = features.shape(0) * classes;
  const double share = 1 / static_cast<double>(classes);
  objective.bound = Matrix::from_shape({p, p});
  objective.entries.resize(p);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) {
      const double between = (i % classes == j % classes ? 1 : 0) - share;
      objective.bound(i, j) = between * features(i / classes, j / classes);
    }
    objective.entries[i] = entries[i / classes];
  }
  // Along one coordinate a probability's variance is at most 1/4.
  finish(objective, 0.5 / (1 - share));
  return objective;
}

Objective graph_objective(Graph graph) {
  Objective objective;
  objective.loss = Loss::graph;
  objective.graph = std::move(graph);
  const Graph& g = objective.graph;
  const std::size_t p = g.nodes();
  objective.columns = Matrix::from_shape({0, 0});
  objective.bound = Matrix::from_shape({p, p});
  objective.bound.fill(0);
  objective.entries.resize(p);
  for (std::size_t i = 0; i < p; ++i) {
    double degree = g.pull[i];
    for (std::uint32_t e = g.offsets[i]; e < g.offsets[i + 1]; ++e) {
      degree += g.weights[e];
      objective.bound(i, g.neighbours[e]) -= g.weights[e];
    }
    objective.bound(i, i) = degree;
    objective.entries[i] = static_cast<double>(g.offsets[i + 1] - g.offsets[i] + 1);
  }
  finish(objective, 1);
  return objective;
}

BlockPoint::BlockPoint(const Objective& objective, std::span<const double> start, Math math)
    : objective_(objective), kernels_(kernels(math)), x_(start.begin(), start.end()) {
  assert(start.size() == objective.dimension());
  const std::size_t size = objective.loss == Loss::graph ? objective.dimension()
                                                         : objective.samples() * objective.classes;
  u_.resize(size);
  residuals_.resize(size);
  trial_x_.resize(x_.size());
  trial_u_.resize(size);
  scratch_.resize(size);
  refresh();
}

void BlockPoint::gradient(std::span<double> out) const {
  const Objective& o = objective_;
  if (o.loss == Loss::graph) {
    std::ranges::copy(u_, out.begin());
    return;
  }
  if (o.classes == 1) {
    kernels_.gemv(view(o.columns), residuals_, out);
  } else {
    kernels_.gemm(view(o.columns), {residuals_.data(), o.samples(), o.classes}, out);
  }
  for (std::size_t i = 0; i < x_.size(); ++i) out[i] += o.ridge * x_[i];
}

void BlockPoint::gradient(Block block, std::span<double> out) const {
  const Objective& o = objective_;
  for (std::size_t k = 0; k < block.size(); ++k) {
    const std::size_t i = block[k];
    if (o.loss == Loss::graph) {
      out[k] = u_[i];
      continue;
    }
    const std::span<const double> column = view(o.columns).row(i / o.classes);
    double sum = 0;
    if (o.classes == 1) {
      sum = kernels_.dot(column, std::span<const double>(residuals_));
    } else {
      for (std::size_t s = 0; s < column.size(); ++s) {
        sum += column[s] * residuals_[s * o.classes + i % o.classes];
      }
    }
    out[k] = sum + o.ridge * x_[i];
  }
}

void BlockPoint::hessian(Block block, std::span<double> out) const {
  const Objective& o = objective_;
  const std::size_t size = block.size();
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      const std::size_t i = block[a], j = block[b];
      double sum = 0;
      if (o.loss == Loss::graph || o.loss == Loss::least_squares) {
        sum = o.bound(i, j);
      } else {
        const std::span<const double> first = view(o.columns).row(i / o.classes);
        const std::span<const double> second = view(o.columns).row(j / o.classes);
        for (std::size_t s = 0; s < first.size(); ++s) {
          double weight = 0;
          if (o.loss == Loss::logistic) {
            const double share = std::abs(residuals_[s]);  // 1 - the probability of the right class
            weight = share * (1 - share);
          } else {
            const std::size_t right = static_cast<std::size_t>(o.labels[s]);
            const auto probability = [&](std::size_t c) {
              return residuals_[s * o.classes + c] + (c == right ? 1 : 0);
            };
            const double pi = probability(i % o.classes);
            weight = (i % o.classes == j % o.classes ? pi : 0) - pi * probability(j % o.classes);
          }
          sum += weight * first[s] * second[s];
        }
        if (a == b) sum += o.ridge;
      }
      out[a * size + b] = sum;
      out[b * size + a] = sum;
    }
  }
}

void BlockPoint::hessian(Matrix& out) const {
  const Objective& o = objective_;
  const std::size_t n = o.samples(), k = o.classes, features = o.columns.shape(0);
  out = o.bound;
  if (o.loss == Loss::graph || o.loss == Loss::least_squares) return;
  // Row s of `shares`: the probabilities of a sample's classes; of logistic loss only that of a
  // mistake.
  std::vector<double> shares(residuals_);
  if (k > 1) {
    for (std::size_t s = 0; s < n; ++s) shares[s * k + static_cast<std::size_t>(o.labels[s])] += 1;
  }
  Matrix scaled = Matrix::from_shape({features, n}),
         part = Matrix::from_shape({features, features});
  out.fill(0);
  for (std::size_t c = 0; c < k; ++c) {
    for (std::size_t i = 0; i < features; ++i) {
      for (std::size_t s = 0; s < n; ++s) {
        const double share = std::abs(shares[s * k + c]);
        scaled(i, s) = o.columns(i, s) * (k > 1 ? share : share * (1 - share));
      }
    }
    kernels_.gemm_nt(view(scaled), view(o.columns), span(part));
    for (std::size_t i = 0; i < features; ++i) {
      for (std::size_t j = 0; j < features; ++j) out(i * k + c, j * k + c) = part(i, j);
    }
  }
  if (k > 1) {
    Matrix weighted = Matrix::from_shape({features * k, n}), outer = o.bound;
    for (std::size_t i = 0; i < features * k; ++i) {
      for (std::size_t s = 0; s < n; ++s) {
        weighted(i, s) = o.columns(i / k, s) * shares[s * k + i % k];
      }
    }
    kernels_.gemm_nt(view(weighted), view(weighted), span(outer));
    for (std::size_t i = 0; i < out.size(); ++i) out.data()[i] -= outer.data()[i];
  }
  for (std::size_t i = 0; i < features * k; ++i) out(i, i) += o.ridge;
}

void BlockPoint::add(Block block, std::span<const double> d, std::span<double> u) const {
  const Objective& o = objective_;
  for (std::size_t k = 0; k < block.size(); ++k) {
    const std::size_t i = block[k];
    if (d[k] == 0) continue;
    if (o.loss == Loss::graph) {
      u[i] += o.bound(i, i) * d[k];
      const Graph& g = o.graph;
      for (std::uint32_t e = g.offsets[i]; e < g.offsets[i + 1]; ++e) {
        u[g.neighbours[e]] -= g.weights[e] * d[k];
      }
      continue;
    }
    const std::span<const double> column = view(o.columns).row(i / o.classes);
    if (o.classes == 1) {
      kernels_.axpy(d[k], column, u);
    } else {
      for (std::size_t s = 0; s < column.size(); ++s) {
        u[s * o.classes + i % o.classes] += column[s] * d[k];
      }
    }
  }
}

double BlockPoint::smooth(std::span<const double> u, std::span<double> residuals,
                          std::span<const double> x) {
  const Objective& o = objective_;
  double value = 0;
  switch (o.loss) {
    case Loss::least_squares:
      for (std::size_t s = 0; s < u.size(); ++s) residuals[s] = u[s] - o.targets[s];
      value = 0.5 * kernels_.squared_norm(std::span<const double>(residuals));
      break;
    case Loss::logistic:
      for (std::size_t s = 0; s < u.size(); ++s) scratch_[s] = o.targets[s] * u[s];
      // In place: the losses take the place of the margins.
      kernels_.logistic(std::span<const double>(scratch_), residuals, std::span<double>(scratch_));
      value = kernels_.sum(std::span<const double>(scratch_));
      for (std::size_t s = 0; s < u.size(); ++s) residuals[s] *= -o.targets[s];
      break;
    case Loss::softmax: {
      const std::size_t n = o.samples(), k = o.classes;
      const MatrixView<double> logits = {u.data(), n, k};
      kernels_.logsumexp_rows(logits, std::span<double>(scratch_).first(n));
      for (std::size_t s = 0; s < n; ++s) {
        scratch_[s] -= logits(s, static_cast<std::size_t>(o.labels[s]));
      }
      value = kernels_.sum(std::span<const double>(scratch_).first(n));
      kernels_.softmax_rows(logits, residuals);
      for (std::size_t s = 0; s < n; ++s) {
        residuals[s * k + static_cast<std::size_t>(o.labels[s])] -= 1;
      }
      break;
    }
    case Loss::graph: {
      // By edges: the expanded quadratic form would lose the digits that matter near the minimum.
      const Graph& g = o.graph;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double off = x[i] - g.target[i];
        double sum = g.pull[i] * off * off;
        for (std::uint32_t e = g.offsets[i]; e < g.offsets[i + 1]; ++e) {
          if (g.neighbours[e] < i) continue;
          const double difference = x[i] - x[g.neighbours[e]];
          sum += g.weights[e] * difference * difference;
        }
        value += 0.5 * sum;
      }
      break;
    }
  }
  return value + 0.5 * o.ridge * kernels_.squared_norm(x);
}

double BlockPoint::penalty(std::span<const double> x) const {
  if (objective_.penalty != Penalty::l1) return 0;
  double sum = 0;
  for (const double number : x) sum += std::abs(number);
  return objective_.weight * sum;
}

void BlockPoint::move(Block block, std::span<const double> d) {
  for (std::size_t k = 0; k < block.size(); ++k) x_[block[k]] += d[k];
  add(block, d, u_);
  value_ = smooth(u_, residuals_, x_) + penalty(x_);
}

double BlockPoint::value_after(Block block, std::span<const double> d) {
  std::ranges::copy(x_, trial_x_.begin());
  for (std::size_t k = 0; k < block.size(); ++k) trial_x_[block[k]] += d[k];
  std::ranges::copy(u_, trial_u_.begin());
  if (objective_.loss == Loss::graph) {  // its value needs no u
    return smooth(trial_u_, trial_u_, trial_x_) + penalty(trial_x_);
  }
  add(block, d, trial_u_);
  // The derivatives of the trial take the place of its u, which nothing reads any more.
  return smooth(trial_u_, trial_u_, trial_x_) + penalty(trial_x_);
}

void BlockPoint::refresh() {
  const Objective& o = objective_;
  if (o.loss == Loss::graph) {
    const Graph& g = o.graph;
    for (std::size_t i = 0; i < x_.size(); ++i) {
      double sum = g.pull[i] * (x_[i] - g.target[i]);
      for (std::uint32_t e = g.offsets[i]; e < g.offsets[i + 1]; ++e) {
        sum += g.weights[e] * (x_[i] - x_[g.neighbours[e]]);
      }
      u_[i] = sum;
    }
  } else if (o.classes == 1) {
    kernels_.gemv_t(view(o.columns), x_, u_);
  } else {
    kernels_.gemm_tn(view(o.columns), {x_.data(), o.columns.shape(0), o.classes}, u_);
  }
  value_ = smooth(u_, residuals_, x_) + penalty(x_);
}

void BlockPoint::save(ByteWriter& writer) const {
  writer.f64s(x_);
  writer.f64s(u_);
}

void BlockPoint::restore(ByteReader& reader) {
  reader.f64s(std::span(x_));
  reader.f64s(std::span(u_));
  value_ = smooth(u_, residuals_, x_) + penalty(x_);
}

double entries_of(const Objective& objective, Block block) {
  double sum = 0;
  for (const std::uint32_t i : block) sum += objective.entries[i];
  return sum;
}

double reduced_gradient(const Objective& objective, double x, double g) {
  switch (objective.penalty) {
    case Penalty::none:
      return g;
    case Penalty::nonnegative:
      return x > 0 || g < 0 ? g : 0;
    case Penalty::l1: {
      if (x > 0) return g + objective.weight;
      if (x < 0) return g - objective.weight;
      if (g > objective.weight) return g - objective.weight;
      if (g < -objective.weight) return g + objective.weight;
      return 0;
    }
  }
  return g;
}

namespace {

// Newton's method on a block of coordinates, the others held; F must be smooth there, for the steps
// taken.
void newton(const Objective& objective, BlockPoint& point, Block block) {
  constexpr int kMostSteps = 100;
  const std::size_t size = block.size();
  std::vector<double> g(size), d(size);
  Matrix factor = Matrix::from_shape({size, size});
  for (int step = 0; step < kMostSteps; ++step) {
    point.gradient(block, g);
    for (std::size_t k = 0; k < size; ++k) {
      g[k] = reduced_gradient(objective, point.x()[block[k]], g[k]);
      d[k] = -g[k];
    }
    if (size == objective.dimension()) {
      point.hessian(factor);
    } else {
      point.hessian(block, span(factor));
    }
    cholesky(span(factor), size, kLeastPivot);
    cholesky_solve(span(factor), size, d);
    const double slope = kernels().dot(std::span<const double>(g), std::span<const double>(d));
    if (!(slope < 0)) return;
    double length = 1;
    while (point.value_after(block, d) > point.value() + 1e-4 * length * slope) {
      length /= 2;
      // What the model still promises is below the rounding of F.
      if (length < 1e-9) return;
      for (double& number : d) number /= 2;
    }
    const double before = point.value();
    point.move(block, d);
    point.refresh();
    if (!(point.value() < before)) return;
  }
}

// Sweeps of exact one-dimensional steps under H, which is f's own Hessian for least squares.
bool sweep(const Objective& objective, BlockPoint& point) {
  double largest = 0;
  for (std::uint32_t i = 0; i < objective.dimension(); ++i) {
    double g = 0;
    point.gradient(Block(&i, 1), std::span(&g, 1));
    const double x = point.x()[i], curvature = objective.lipschitz[i];
    double next = x - g / curvature;
    const double threshold = objective.weight / curvature;
    if (objective.penalty == Penalty::nonnegative) next = std::max(next, 0.0);
    if (objective.penalty == Penalty::l1) {
      next = next > threshold ? next - threshold : next < -threshold ? next + threshold : 0;
    }
    const double d = next - x;
    if (d == 0) continue;
    point.move(Block(&i, 1), std::span(&d, 1));
    largest = std::max(largest, curvature * d * d);
  }
  return largest > 1e-16 * std::max(1.0, std::abs(point.value()));
}

}  // namespace

Optimum minimize(const Objective& objective, std::span<const double> start) {
  BlockPoint point(objective, start);
  std::vector<std::uint32_t> block;
  if (objective.penalty == Penalty::none) {
    for (std::uint32_t i = 0; i < objective.dimension(); ++i) block.push_back(i);
    newton(objective, point, block);
    return {point.value(), {point.x().begin(), point.x().end()}};
  }
  constexpr int kMostSweeps = 20'000;
  for (int k = 0; k < kMostSweeps && sweep(objective, point); ++k) {
    if (k % 100 == 99) point.refresh();
  }
  // On the face that was found F is a quadratic: one solve takes off what the sweeps have left,
  // unless it would leave the face.
  for (std::uint32_t i = 0; i < objective.dimension(); ++i) {
    if (point.x()[i] != 0) block.push_back(i);
  }
  BlockPoint solved = point;
  if (!block.empty()) newton(objective, solved, block);
  const bool inside =
      std::ranges::all_of(block, [&](std::uint32_t i) { return solved.x()[i] * point.x()[i] > 0; });
  const BlockPoint& best = inside && solved.value() <= point.value() ? solved : point;
  return {best.value(), {best.x().begin(), best.x().end()}};
}

}  // namespace lab::separable
