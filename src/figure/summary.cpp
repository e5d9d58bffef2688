#include "figure/summary.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/csv_cell.h"
#include "core/json.h"
#include "figure/plot.h"
#include "figure/scale.h"

namespace lab {
namespace {

// In a table; what is not a number is left empty.
std::string cell(double value) {
  return std::isfinite(value) ? number_text(value) : "";
}

std::string named(const std::vector<std::string>& names, std::size_t i) {
  return i < names.size() ? names[i] : std::to_string(i + 1);
}

std::optional<double> value_of(const TokenStrip& strip, std::size_t token) {
  const std::size_t unknown =
      strip.tokens.size() - std::min(strip.tokens.size(), strip.values.size());
  return token < unknown ? std::nullopt : std::optional(strip.values[token - unknown]);
}

// The middle of cell i of n, in equal steps of the scale.
double middle_of(double low, double high, std::size_t i, std::size_t n, bool log) {
  return value_at(low, high, (static_cast<double>(i) + 0.5) / static_cast<double>(n), log);
}

void describe(const LineSeries& series, std::string& text) {
  const Curve* curve = series.main_curve();
  if (!curve || curve->x.empty()) {
    text += " " + series.label + ": nothing recorded.";
    return;
  }
  double low = curve->y.front(), high = low;
  for (std::size_t i = 0; i < curve->y.size(); ++i) {
    low = std::min(low, curve->low.empty() ? curve->y[i] : curve->low[i]);
    high = std::max(high, curve->high.empty() ? curve->y[i] : curve->high[i]);
  }
  text += " " + series.label + " goes from " + plain_text(curve->y.front()) + " at " +
          plain_text(curve->x.front()) + " to " + plain_text(curve->y.back()) + " at " +
          plain_text(curve->x.back());
  if (low < std::min(curve->y.front(), curve->y.back()) ||
      high > std::max(curve->y.front(), curve->y.back())) {
    text += ", between " + plain_text(low) + " and " + plain_text(high);
  }
  text += ".";
}

// The first levels, as one would read them out; deeper ones are counted.
void describe(const DecisionTree& tree, std::string& text) {
  constexpr std::size_t kMostDepth = 2;
  std::size_t leaves = 0, depth = 0;
  for (const DecisionTree::Node& node : tree.nodes) {
    leaves += node.question.empty() ? 1 : 0;
    depth = std::max(depth, node.depth);
  }
  text += " A tree of depth " + std::to_string(depth) + " with " + std::to_string(leaves) +
          (leaves == 1 ? " leaf." : " leaves.");
  for (const DecisionTree::Node& node : tree.nodes) {
    if (node.depth > kMostDepth) continue;
    text += " Depth " + std::to_string(node.depth) + ", " + plain_text(node.counts[0]) + " " +
            tree.classes[0] + " and " + plain_text(node.counts[1]) + " " + tree.classes[1];
    text += node.question.empty() ? "." : ": " + node.question + "?";
  }
}

// The text, and where its number is largest; or who has how many tokens.
void describe(const TokenStrip& strip, const Figure& figure, std::string& text) {
  text += " " + (strip.label.empty() ? std::string("Text") : strip.label) + ": “";
  for (const std::string& token : strip.tokens) text += token;
  text += "”.";
  if (strip.values.empty()) return;
  if (figure.groups.empty()) {
    const auto most =
        static_cast<std::size_t>(std::ranges::max_element(strip.values) - strip.values.begin());
    text += " Largest " + axis_text(figure.colour) + ": " + plain_text(strip.values[most]) +
            " of “" + strip.tokens[strip.tokens.size() - strip.values.size() + most] + "”.";
    return;
  }
  for (std::size_t k = 0; k < figure.groups.size(); ++k) {
    text += " " + figure.groups[k] + ": " +
            std::to_string(std::ranges::count(strip.values, static_cast<double>(k))) + " tokens.";
  }
}

}  // namespace

std::string summary(const Figure& figure, const FigureData& data) {
  std::string text = figure.title + ".";
  if (!figure.caption.empty()) text += " " + figure.caption;
  if (data.empty()) {
    return text + " " + (figure.absent.empty() ? "Nothing recorded yet." : figure.absent + ".");
  }
  const auto axis_name = [&](std::size_t k) {
    return data.axes.size() == 2 ? data.axes[k] : k == 0 ? figure.x.label : figure.y.label;
  };
  switch (figure.form) {
    case Form::lines:
    case Form::curves:
      text += " Lines of " + axis_text(figure.y) + " over " + axis_text(figure.x);
      text += data.seeds > 1 ? ", means over " + std::to_string(data.seeds) + " seeds." : ".";
      for (const LineSeries& series : data.lines) describe(series, text);
      break;
    case Form::scatter:
      for (const PointSet& set : data.points) {
        text += " " + std::to_string(set.points.size()) + " points of " + set.label + ".";
      }
      for (const Boundary& edge : data.boundaries) {
        text += " " + edge.label + " separates along " + plain_text(edge.a) + " " + axis_name(0) +
                " + " + plain_text(edge.b) + " " + axis_name(1) + " + " + plain_text(edge.c) +
                " = 0.";
      }
      break;
    case Form::bars:
      text += " Bars of " + axis_text(figure.x);
      text += data.seeds > 1 ? ", means over " + std::to_string(data.seeds) + " seeds." : ".";
      for (const Bar& bar : data.bars) {
        text += " " + bar.label + ": " + (bar.value ? plain_text(*bar.value) : "none");
        if (bar.high > bar.low)
          text += ", interval " + plain_text(bar.low) + " to " + plain_text(bar.high);
        if (bar.mark) text += ", " + figure.mark_label + " " + plain_text(*bar.mark);
        text += ".";
      }
      break;
    case Form::heat_map:
      for (const Grid& grid : data.grids) {
        if (grid.values.empty()) continue;
        const auto [low, high] = std::ranges::minmax(grid.values);
        text += " " + grid.label + ": " + std::to_string(grid.rows) + " rows and " +
                std::to_string(grid.columns) + " columns, from " + plain_text(low) + " to " +
                plain_text(high);
        if (grid.extended) {
          text += ", over " + axis_text(figure.x) + " from " + plain_text(grid.x_low) + " to " +
                  plain_text(grid.x_high) + " and " + axis_text(figure.y) + " from " +
                  plain_text(grid.y_low) + " to " + plain_text(grid.y_high);
        }
        text += ".";
        if (!grid.row_names.empty() || !grid.column_names.empty()) {
          const auto most =
              static_cast<std::size_t>(std::ranges::max_element(grid.values) - grid.values.begin());
          text += " The largest: " + named(grid.row_names, most / grid.columns) + ", " +
                  named(grid.column_names, most % grid.columns);
          if (most < grid.texts.size()) text += ", " + grid.texts[most];
          text += ".";
        }
      }
      break;
    case Form::paired:
      text += " " + axis_text(figure.x) + ", one dot for each pairing.";
      for (const Sample& sample : data.samples) {
        if (sample.values.empty()) continue;
        const auto [low, high] = std::ranges::minmax(sample.values);
        double sum = 0;
        for (const double value : sample.values) sum += value;
        text += " " + sample.label + ": " + std::to_string(sample.values.size()) + " values from " +
                plain_text(low) + " to " + plain_text(high) + ", mean " +
                plain_text(sum / static_cast<double>(sample.values.size())) + ".";
      }
      break;
    case Form::token_strip:
      for (const TokenStrip& strip : data.strips) describe(strip, figure, text);
      break;
    case Form::tree:
      if (!data.trees.empty()) describe(data.trees.front(), text);
      break;
    case Form::histogram:
      text += " Distribution of " + axis_text(figure.x) + ".";
      for (const Sample& sample : data.samples) {
        if (sample.values.empty()) continue;
        std::vector<double> sorted = sample.values;
        std::stable_sort(sorted.begin(), sorted.end());
        text += " " + sample.label + ": " + std::to_string(sorted.size()) + " values from " +
                plain_text(sorted.front()) + " to " + plain_text(sorted.back()) + ", median " +
                plain_text(sorted[sorted.size() / 2]) + ".";
      }
      break;
  }
  return text;
}

std::string csv(const Figure& figure, const FigureData& data) {
  std::string text;
  const auto row = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      text += csv_cell(cells[i]);
    }
    text += '\n';
  };
  // Of a heat map: a column more where something stands in the cells.
  const auto with_text = [&](std::vector<std::string> cells, std::string last) {
    const auto has_texts = [](const Grid& grid) { return !grid.texts.empty(); };
    if (std::ranges::any_of(data.grids, has_texts)) cells.push_back(std::move(last));
    return cells;
  };
  switch (figure.form) {
    case Form::lines:
    case Form::curves:
      row({"series", "seed", figure.x.label, figure.y.label, "least", "greatest"});
      for (const LineSeries& series : data.lines) {
        const auto write = [&](const Curve& curve, const std::string& seed) {
          for (std::size_t i = 0; i < curve.x.size(); ++i) {
            const double y = curve.y[i];
            row({series.label, seed, cell(curve.x[i]), cell(y),
                 cell(curve.low.empty() ? y : curve.low[i]),
                 cell(curve.high.empty() ? y : curve.high[i])});
          }
        };
        for (std::size_t s = 0; s < series.curves.size(); ++s) {
          write(series.curves[s], std::to_string(s));
        }
        write(series.mean, "mean");
      }
      break;
    case Form::scatter:
      row({"set", data.axes.size() == 2 ? data.axes[0] : figure.x.label,
           data.axes.size() == 2 ? data.axes[1] : figure.y.label});
      for (const PointSet& set : data.points) {
        for (const auto& [x, y] : set.points) row({set.label, cell(x), cell(y)});
      }
      break;
    case Form::bars:
      row({"bar", figure.x.label, "low", "high",
           figure.mark_label.empty() ? "mark" : figure.mark_label});
      for (const Bar& bar : data.bars) {
        row({bar.label, bar.value ? cell(*bar.value) : "", bar.value ? cell(bar.low) : "",
             bar.value ? cell(bar.high) : "", bar.mark ? cell(*bar.mark) : ""});
      }
      break;
    case Form::heat_map:
      row(with_text({"matrix", figure.y.label, figure.x.label,
                     figure.colour.label.empty() ? "value" : figure.colour.label},
                    "in the cell"));
      for (const Grid& grid : data.grids) {
        for (std::size_t i = 0; i < grid.values.size(); ++i) {
          const std::size_t r = i / grid.columns, c = i % grid.columns;
          row(with_text(
              {grid.label,
               grid.extended ? cell(middle_of(grid.y_low, grid.y_high, r, grid.rows, figure.y.log))
                             : named(grid.row_names, r),
               grid.extended
                   ? cell(middle_of(grid.x_low, grid.x_high, c, grid.columns, figure.x.log))
                   : named(grid.column_names, c),
               cell(grid.values[i])},
              i < grid.texts.size() ? grid.texts[i] : ""));
        }
      }
      break;
    case Form::token_strip:
      row({"text", "number", "token", figure.colour.label});
      for (const TokenStrip& strip : data.strips) {
        for (std::size_t i = 0; i < strip.tokens.size(); ++i) {
          const std::optional<double> value = value_of(strip, i);
          row({strip.label, std::to_string(i + 1), strip.tokens[i], value ? cell(*value) : ""});
        }
      }
      break;
    case Form::tree:
      if (data.trees.empty()) break;
      row({"node", "depth", "question", "yes", "no", data.trees.front().classes[0],
           data.trees.front().classes[1]});
      for (std::size_t i = 0; i < data.trees.front().nodes.size(); ++i) {
        const DecisionTree::Node& node = data.trees.front().nodes[i];
        const bool leaf = node.question.empty();
        row({std::to_string(i), std::to_string(node.depth), node.question,
             leaf ? "" : std::to_string(node.left), leaf ? "" : std::to_string(node.right),
             cell(node.counts[0]), cell(node.counts[1])});
      }
      break;
    case Form::paired:
      row({"row", "number", figure.x.label});
      for (const Sample& sample : data.samples) {
        for (std::size_t i = 0; i < sample.values.size(); ++i) {
          row({sample.label, std::to_string(i + 1), cell(sample.values[i])});
        }
      }
      break;
    case Form::histogram:
      row({"sample", figure.x.label});
      for (const Sample& sample : data.samples) {
        for (const double value : sample.values) row({sample.label, cell(value)});
      }
      break;
  }
  return text;
}

}  // namespace lab
