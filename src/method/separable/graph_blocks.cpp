#include "method/separable/graph_blocks.h"

#include <algorithm>
#include <cassert>

namespace lab::separable {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;

std::uint32_t find(std::vector<std::uint32_t>& root, std::uint32_t node) {
  while (root[node] != node) {
    root[node] = root[root[node]];
    node = root[node];
  }
  return node;
}

// Whether `node` has at most one edge to each tree of the nodes that are inside.
bool closes_no_cycle(const Graph& graph, std::uint32_t node, std::vector<std::uint32_t>& root,
                     const auto& inside) {
  for (std::uint32_t e = graph.offsets[node]; e < graph.offsets[node + 1]; ++e) {
    if (!inside(graph.neighbours[e])) continue;
    const std::uint32_t tree = find(root, graph.neighbours[e]);
    for (std::uint32_t other = e + 1; other < graph.offsets[node + 1]; ++other) {
      if (inside(graph.neighbours[other]) && find(root, graph.neighbours[other]) == tree) {
        return false;
      }
    }
  }
  return true;
}

void join(const Graph& graph, std::uint32_t node, std::vector<std::uint32_t>& root,
          const auto& inside) {
  for (std::uint32_t e = graph.offsets[node]; e < graph.offsets[node + 1]; ++e) {
    if (inside(graph.neighbours[e])) root[find(root, graph.neighbours[e])] = node;
  }
}

}  // namespace

Partition colour_classes(const Graph& graph) {
  Partition classes;
  std::vector<std::size_t> colour(graph.nodes(), graph.nodes());
  for (std::uint32_t i = 0; i < graph.nodes(); ++i) {
    const auto taken = [&](std::size_t candidate) {
      for (std::uint32_t e = graph.offsets[i]; e < graph.offsets[i + 1]; ++e) {
        if (colour[graph.neighbours[e]] == candidate) return true;
      }
      return false;
    };
    std::size_t candidate = 0;
    while (taken(candidate)) ++candidate;
    colour[i] = candidate;
    if (candidate == classes.size()) classes.emplace_back();
    classes[candidate].push_back(i);
  }
  return classes;
}

Partition forest_partition(const Graph& graph) {
  Partition forests;
  std::vector<std::uint32_t> root(graph.nodes());
  for (std::uint32_t i = 0; i < root.size(); ++i) root[i] = i;
  std::vector<std::size_t> in(graph.nodes(), graph.nodes());
  for (std::uint32_t i = 0; i < graph.nodes(); ++i) {
    std::size_t candidate = 0;
    const auto inside = [&](std::uint32_t node) { return in[node] == candidate; };
    while (!closes_no_cycle(graph, i, root, inside)) ++candidate;
    join(graph, i, root, inside);
    in[i] = candidate;
    if (candidate == forests.size()) forests.emplace_back();
    forests[candidate].push_back(i);
  }
  return forests;
}

Partition combs(std::size_t rows, std::size_t columns) {
  assert(rows >= 2 && columns >= 2);
  Partition result(2);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const bool first = c == 0 || (c + 1 < columns && r % 2 == 0);
      result[first ? 0 : 1].push_back(static_cast<std::uint32_t>(r * columns + c));
    }
  }
  return result;
}

bool is_forest(const Graph& graph, Block block) {
  std::vector<std::uint32_t> root(graph.nodes());
  for (std::uint32_t i = 0; i < root.size(); ++i) root[i] = i;
  std::vector<bool> in(graph.nodes(), false);
  const auto inside = [&](std::uint32_t node) { return in[node]; };
  for (const std::uint32_t i : block) {
    if (!closes_no_cycle(graph, i, root, inside)) return false;
    join(graph, i, root, inside);
    in[i] = true;
  }
  return true;
}

Forests::Forests(const Objective& objective)
    : objective_(objective),
      slot_(objective.dimension(), 0),
      root_(objective.dimension()),
      order_(objective.dimension()),
      parent_(objective.dimension()),
      link_(objective.dimension()),
      diagonal_(objective.dimension()),
      reduced_(objective.dimension()) {
  assert(objective.loss == Loss::graph);
}

void Forests::grow(std::span<const std::uint32_t> order, std::vector<std::uint32_t>& block) {
  const Graph& graph = objective_.graph;
  for (std::uint32_t i = 0; i < root_.size(); ++i) root_[i] = i;
  std::ranges::fill(slot_, 0U);
  const auto inside = [&](std::uint32_t node) { return slot_[node] != 0; };
  block.clear();
  for (const std::uint32_t i : order) {
    if (!closes_no_cycle(graph, i, root_, inside)) continue;
    join(graph, i, root_, inside);
    slot_[i] = 1;
    block.push_back(i);
  }
}

void Forests::solve(Block block, std::span<const double> rhs, std::span<double> d) {
  const Graph& graph = objective_.graph;
  std::ranges::fill(slot_, 0U);
  for (std::uint32_t k = 0; k < block.size(); ++k) slot_[block[k]] = k + 1;
  std::size_t reached = 0;
  for (std::uint32_t k = 0; k < block.size(); ++k) parent_[k] = kNone;
  for (std::uint32_t start = 0; start < block.size(); ++start) {
    // A slot is taken out when its place enters the order.
    if (slot_[block[start]] == 0) continue;
    slot_[block[start]] = 0;
    std::size_t next = reached;
    order_[reached++] = start;
    for (; next < reached; ++next) {
      const std::uint32_t k = order_[next];
      const std::uint32_t node = block[k];
      diagonal_[k] = objective_.bound(node, node);
      reduced_[k] = rhs[k];
      for (std::uint32_t e = graph.offsets[node]; e < graph.offsets[node + 1]; ++e) {
        const std::uint32_t slot = slot_[graph.neighbours[e]];
        if (slot == 0) continue;
        slot_[graph.neighbours[e]] = 0;
        parent_[slot - 1] = k;
        link_[slot - 1] = -graph.weights[e];
        order_[reached++] = slot - 1;
      }
    }
  }
  assert(reached == block.size());
  for (std::size_t n = reached; n-- > 0;) {
    const std::uint32_t k = order_[n];
    // A whole component that nothing pulls is singular: its root's pivot is then rounding, or 0.
    const double least = 1e-12 * objective_.bound(block[k], block[k]);
    diagonal_[k] = std::max(diagonal_[k], least > 0 ? least : 1.0);
    if (parent_[k] == kNone) continue;
    const double share = link_[k] / diagonal_[k];
    diagonal_[parent_[k]] -= share * link_[k];
    reduced_[parent_[k]] -= share * reduced_[k];
  }
  for (std::size_t n = 0; n < reached; ++n) {
    const std::uint32_t k = order_[n];
    const double above = parent_[k] == kNone ? 0 : link_[k] * d[parent_[k]];
    d[k] = (reduced_[k] - above) / diagonal_[k];
  }
}

}  // namespace lab::separable
