#include "figure/summary.h"

#include <algorithm>
#include <cmath>

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

}  // namespace

std::string summary(const Figure& figure, const FigureData& data) {
  std::string text = figure.title + ".";
  if (!figure.caption.empty()) text += " " + figure.caption;
  if (data.empty()) {
    return text + " " + (figure.absent.empty() ? "Nothing recorded yet." : figure.absent + ".");
  }
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
        text += " " + edge.label + " separates along " + plain_text(edge.a) + " " + figure.x.label +
                " + " + plain_text(edge.b) + " " + figure.y.label + " + " + plain_text(edge.c) +
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
        const auto [low, high] = std::ranges::minmax(grid.values);
        text += " " + grid.label + ": " + std::to_string(grid.rows) + " rows and " +
                std::to_string(grid.columns) + " columns, from " + plain_text(low) + " to " +
                plain_text(high) + ".";
      }
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
      row({"set", figure.x.label, figure.y.label});
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
      row({"matrix", figure.y.label, figure.x.label, "value"});
      for (const Grid& grid : data.grids) {
        for (std::size_t i = 0; i < grid.values.size(); ++i) {
          row({grid.label, std::to_string(i / grid.columns + 1),
               std::to_string(i % grid.columns + 1), cell(grid.values[i])});
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
