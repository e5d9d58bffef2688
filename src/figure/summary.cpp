#include "figure/summary.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/csv_cell.h"
#include "figure/plot.h"
#include "figure/scale.h"

namespace lab {
namespace {

// Text for ears: without the sign that raises exponents.
std::string spoken(double value) {
  std::string text = number_text(value);
  std::erase(text, '^');
  return text;
}

std::string shortest(double value) {
  std::array<char, 32> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc() ? std::string(buffer.data(), end) : "";
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
  text += " " + series.label + " goes from " + spoken(curve->y.front()) + " at " +
          spoken(curve->x.front()) + " to " + spoken(curve->y.back()) + " at " +
          spoken(curve->x.back());
  if (low < std::min(curve->y.front(), curve->y.back()) ||
      high > std::max(curve->y.front(), curve->y.back())) {
    text += ", between " + spoken(low) + " and " + spoken(high);
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
      text += " Lines of " + axis_text(figure.y) + " over " + axis_text(figure.x);
      text += data.seeds > 1 ? ", means over " + std::to_string(data.seeds) + " seeds." : ".";
      for (const LineSeries& series : data.lines) describe(series, text);
      break;
    case Form::scatter:
      for (const PointSet& set : data.points) {
        text += " " + std::to_string(set.points.size()) + " points of " + set.label + ".";
      }
      for (const Boundary& edge : data.boundaries) {
        text += " " + edge.label + " separates along " + spoken(edge.a) + " " + figure.x.label +
                " + " + spoken(edge.b) + " " + figure.y.label + " + " + spoken(edge.c) + " = 0.";
      }
      break;
    case Form::bars:
      text += " Bars of " + axis_text(figure.x);
      text += data.seeds > 1 ? ", means over " + std::to_string(data.seeds) + " seeds." : ".";
      for (const Bar& bar : data.bars) {
        text += " " + bar.label + ": " + (bar.value ? spoken(*bar.value) : "none");
        if (bar.high > bar.low) text += ", interval " + spoken(bar.low) + " to " + spoken(bar.high);
        if (bar.mark) text += ", " + figure.mark_label + " " + spoken(*bar.mark);
        text += ".";
      }
      break;
    case Form::heat_map:
      for (const Grid& grid : data.grids) {
        const auto [low, high] = std::ranges::minmax(grid.values);
        text += " " + grid.label + ": " + std::to_string(grid.rows) + " rows and " +
                std::to_string(grid.columns) + " columns, from " + spoken(low) + " to " +
                spoken(high) + ".";
      }
      break;
    case Form::histogram:
      text += " Distribution of " + axis_text(figure.x) + ".";
      for (const Sample& sample : data.samples) {
        if (sample.values.empty()) continue;
        std::vector<double> sorted = sample.values;
        std::stable_sort(sorted.begin(), sorted.end());
        text += " " + sample.label + ": " + std::to_string(sorted.size()) + " values from " +
                spoken(sorted.front()) + " to " + spoken(sorted.back()) + ", median " +
                spoken(sorted[sorted.size() / 2]) + ".";
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
      row({"series", "seed", figure.x.label, figure.y.label, "least", "greatest"});
      for (const LineSeries& series : data.lines) {
        const auto write = [&](const Curve& curve, const std::string& seed) {
          for (std::size_t i = 0; i < curve.x.size(); ++i) {
            const double y = curve.y[i];
            row({series.label, seed, shortest(curve.x[i]), shortest(y),
                 shortest(curve.low.empty() ? y : curve.low[i]),
                 shortest(curve.high.empty() ? y : curve.high[i])});
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
        for (const auto& [x, y] : set.points) row({set.label, shortest(x), shortest(y)});
      }
      break;
    case Form::bars:
      row({"bar", figure.x.label, "low", "high",
           figure.mark_label.empty() ? "mark" : figure.mark_label});
      for (const Bar& bar : data.bars) {
        row({bar.label, bar.value ? shortest(*bar.value) : "", bar.value ? shortest(bar.low) : "",
             bar.value ? shortest(bar.high) : "", bar.mark ? shortest(*bar.mark) : ""});
      }
      break;
    case Form::heat_map:
      row({"matrix", figure.y.label, figure.x.label, "value"});
      for (const Grid& grid : data.grids) {
        for (std::size_t i = 0; i < grid.values.size(); ++i) {
          row({grid.label, std::to_string(i / grid.columns + 1), std::to_string(i % grid.columns + 1),
               shortest(grid.values[i])});
        }
      }
      break;
    case Form::histogram:
      row({"sample", figure.x.label});
      for (const Sample& sample : data.samples) {
        for (const double value : sample.values) row({sample.label, shortest(value)});
      }
      break;
  }
  return text;
}

}  // namespace lab
