// A decision tree: the questions from the top down, "yes" to the left; a node is as large as it has
// samples and has the colour of its classes. What has no room for its words is read off with the
// cursor.
#include <algorithm>
#include <cmath>

#include "figure/plot.h"

namespace lab {
namespace {

constexpr double kSmallest = 3, kLargest = 9;

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

std::string counts_text(const DecisionTree::Node& node) {
  return label_text(node.counts[0]) + " : " + label_text(node.counts[1]);
}

}  // namespace

double Plot::tree_radius(const DecisionTree::Node& node) const {
  const double all = data_.trees.front().nodes.front().samples();
  return kSmallest + (kLargest - kSmallest) * std::sqrt(all > 0 ? node.samples() / all : 0);
}

std::vector<Point> Plot::tree_places() const {
  const std::vector<DecisionTree::Node>& nodes = data_.trees.front().nodes;
  std::size_t depth = 0, leaves = 0;
  for (const DecisionTree::Node& node : nodes) {
    depth = std::max(depth, node.depth);
    leaves += node.question.empty() ? 1 : 0;
  }
  // Leaves stand side by side in the order of the answers, a node over the middle of its two sides.
  std::vector<double> x(nodes.size());
  std::vector<std::size_t> waiting = {0};
  double next = 0.5;
  while (!waiting.empty()) {
    const std::size_t at = waiting.back();
    waiting.pop_back();
    if (nodes[at].question.empty()) {
      x[at] = next++;
      continue;
    }
    waiting.push_back(nodes[at].right);
    waiting.push_back(nodes[at].left);
  }
  for (std::size_t i = nodes.size(); i-- > 0;) {
    if (!nodes[i].question.empty()) x[i] = (x[nodes[i].left] + x[nodes[i].right]) / 2;
  }
  const double top = inner_.y + kLargest + kTextSize + 6;
  const double bottom = inner_.bottom() - kLargest - kTextSize - 6;
  std::vector<Point> places;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double down =
        static_cast<double>(nodes[i].depth) / static_cast<double>(std::max<std::size_t>(depth, 1));
    places.push_back(
        {inner_.x + inner_.width * x[i] / static_cast<double>(std::max<std::size_t>(leaves, 1)),
         top + std::max(0.0, bottom - top) * down});
  }
  return places;
}

void Plot::draw_tree(Canvas& canvas) const {
  if (data_.trees.empty() || data_.trees.front().nodes.empty()) return;
  const std::vector<DecisionTree::Node>& nodes = data_.trees.front().nodes;
  const std::vector<Point> places = tree_places();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].question.empty()) continue;
    for (const std::size_t side : {nodes[i].left, nodes[i].right}) {
      const double share = nodes[side].samples() / std::max(nodes.front().samples(), 1.0);
      canvas.line(places[i], places[side], theme_.axis.faded(0.75), 1 + 5 * std::sqrt(share));
    }
  }
  std::vector<Rect> taken;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double all = nodes[i].samples();
    const double lean = all > 0 ? (nodes[i].counts[1] - nodes[i].counts[0]) / all : 0;
    const double radius = tree_radius(nodes[i]);
    canvas.marker(places[i], nodes[i].question.empty() ? Marker::square : Marker::circle, radius,
                  diverging(lean, theme_), theme_.text.faded(0.6));
    taken.push_back({places[i].x - radius, places[i].y - radius, 2 * radius, 2 * radius});
  }
  // From the root down: where there is no room, the upper questions are the ones to read.
  std::vector<std::size_t> order(nodes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return nodes[a].depth < nodes[b].depth; });
  for (const std::size_t i : order) {
    const bool leaf = nodes[i].question.empty();
    const std::string text = leaf ? counts_text(nodes[i]) : nodes[i].question;
    const double width = measured(canvas, text, kTextSize);
    const double radius = tree_radius(nodes[i]);
    Rect box = {places[i].x - width / 2,
                leaf ? places[i].y + radius + 2 : places[i].y - radius - kTextSize - 4, width,
                kTextSize + 2};
    box.x = std::clamp(box.x, area_.x, std::max(area_.x, area_.right() - width));
    if (width > area_.width ||
        std::ranges::any_of(taken, [&](const Rect& other) { return overlap(box, other); })) {
      continue;
    }
    taken.push_back({box.x - 3, box.y, box.width + 6, box.height});
    canvas.rectangle({box.x - 2, box.y, box.width + 4, box.height}, theme_.background.faded(0.8),
                     2);
    draw_text(canvas, {box.x, box.y + kTextSize - 1}, text,
              {.size = kTextSize, .colour = leaf ? theme_.muted_text : theme_.text});
  }
}

std::optional<ReadOff> Plot::read_tree(Point at) const {
  if (data_.trees.empty() || data_.trees.front().nodes.empty()) return {};
  const DecisionTree& tree = data_.trees.front();
  const std::vector<Point> places = tree_places();
  double nearest = 16 * 16;
  std::optional<std::size_t> hit;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double dx = places[i].x - at.x, dy = places[i].y - at.y;
    if (dx * dx + dy * dy > nearest) continue;
    nearest = dx * dx + dy * dy;
    hit = i;
  }
  if (!hit) return {};
  const DecisionTree::Node& node = tree.nodes[*hit];
  ReadOff result;
  result.heading = node.question.empty() ? "leaf" : node.question + "?";
  for (std::size_t k = 0; k < 2; ++k) {
    result.rows.push_back(
        {tree.classes[k], label_text(node.counts[k]), diverging(k == 0 ? -1 : 1, theme_)});
  }
  return result;
}

}  // namespace lab
