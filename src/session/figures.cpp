#include "session/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "figure/scale.h"
#include "method/statistics.h"

namespace lab {
namespace {

// Points of a mean curve at the most: more than a screen has columns.
constexpr std::size_t kMostMeanPoints = 2048;

std::string_view who(std::string_view recording) {
  return recording.substr(0, recording.find('/'));
}

std::size_t colour_of(const Source& source, std::span<const std::string> methods) {
  const auto found = std::ranges::find(methods, who(source.recording));
  return static_cast<std::size_t>(found - methods.begin());
}

Curve curve_of(const std::vector<Bucket>& buckets, std::uint64_t step) {
  Curve curve;
  curve.x.reserve(buckets.size());
  curve.y.reserve(buckets.size());
  curve.stepped = !buckets.empty() && buckets.back().index >= kFineSteps;
  for (const Bucket& bucket : buckets) {
    // Its last number belongs to its last step, if that has been made.
    const std::uint64_t last = std::min(bucket_begin(bucket.index + 1) - 1, step);
    curve.x.push_back(static_cast<double>(last));
    curve.y.push_back(bucket.last);
    if (curve.stepped) {
      curve.low.push_back(bucket.min);
      curve.high.push_back(bucket.max);
    }
  }
  return curve;
}

// On a log axis the mean of the logarithms, which one large value does not carry away, and whose
// interval stays positive; where a value is not positive, the plain mean.
MeanInterval mean_on_axis(std::span<const double> values, bool log) {
  if (!log || std::ranges::any_of(values, [](double v) { return !(v > 0); })) {
    return mean_interval(values);
  }
  std::vector<double> logarithms;
  for (const double value : values) logarithms.push_back(std::log(value));
  const MeanInterval interval = mean_interval(logarithms);
  return {std::exp(interval.mean), std::exp(interval.low), std::exp(interval.high)};
}

// The mean over curves at the steps of the coarsest, as far as all of them go.
Curve mean_curve(const std::vector<Curve>& curves, bool log) {
  Curve mean;
  const auto fewest = std::ranges::min_element(
      curves, {}, [](const Curve& curve) { return curve.x.empty() ? 0 : curve.x.back(); });
  if (fewest->x.empty()) return mean;
  const double end = fewest->x.back();
  // The fewer points up to the common end, the coarser.
  const auto points_to_end = [&](const Curve& curve) {
    return std::upper_bound(curve.x.begin(), curve.x.end(), end) - curve.x.begin();
  };
  const auto coarsest = std::ranges::min_element(curves, {}, points_to_end);
  const auto count = static_cast<std::size_t>(points_to_end(*coarsest));
  const std::size_t stride = count / kMostMeanPoints + 1;
  std::vector<std::size_t> at(curves.size(), 0);
  std::vector<double> values(curves.size());
  for (std::size_t i = 0; i < count; i += stride) {
    const double x = coarsest->x[i];
    for (std::size_t c = 0; c < curves.size(); ++c) {
      const Curve& curve = curves[c];
      while (at[c] + 1 < curve.x.size() && curve.x[at[c] + 1] <= x) ++at[c];
      values[c] = curve.y[at[c]];
    }
    const MeanInterval interval = mean_on_axis(values, log);
    mean.x.push_back(x);
    mean.y.push_back(interval.mean);
    mean.low.push_back(interval.low);
    mean.high.push_back(interval.high);
  }
  return mean;
}

const Array* array_of(std::string_view recording, const RunView& run) {
  if (run.observed) {
    const auto found = run.observed->find(recording);
    if (found != run.observed->end()) return &found->second;
  }
  const auto found = run.records->arrays().find(recording);
  return found != run.records->arrays().end() ? &found->second : nullptr;
}

// A value, or the last number of a series.
std::optional<double> number_of(std::string_view recording, const RunView& run) {
  const auto value = run.records->values().find(recording);
  if (value != run.records->values().end()) return value->second;
  const auto series = run.records->series().find(recording);
  if (series != run.records->series().end() && !series->second.empty()) {
    return series->second.back().last;
  }
  return std::nullopt;
}

std::vector<std::string> labels_in(const std::string& recording, const RunView& run) {
  const Array* array = recording.empty() ? nullptr : array_of(recording, run);
  return array ? labels_of(*array) : std::vector<std::string>{};
}

// Whether anything at all is recorded of whoever this is: a method that is switched off has
// nothing, one that did not get there has other recordings.
bool takes_part(std::string_view recording, std::span<const RunView> runs) {
  const std::string prefix = std::string(who(recording)) + "/";
  const auto has = [&](const auto& map) {
    const auto found = map.lower_bound(prefix);
    return found != map.end() && found->first.starts_with(prefix);
  };
  return std::ranges::any_of(runs, [&](const RunView& run) {
    return has(run.records->series()) || has(run.records->values()) ||
           (run.observed && has(*run.observed));
  });
}

void add_lines(const Figure& figure, std::span<const std::string> methods,
               std::span<const RunView> runs, FigureData& data) {
  for (const Source& source : figure.sources) {
    LineSeries series = {
        .label = source.label, .colour = colour_of(source, methods), .curves = {}, .mean = {}};
    for (const RunView& run : runs) {
      const auto found = run.records->series().find(source.recording);
      if (found == run.records->series().end() || found->second.empty()) continue;
      series.curves.push_back(curve_of(found->second, run.records->step()));
    }
    if (series.curves.empty()) continue;
    series.reference = source.reference;
    if (series.curves.size() > 1) series.mean = mean_curve(series.curves, figure.y.log);
    data.lines.push_back(std::move(series));
  }
}

// One bar for each row "number of the name, value, low, high" or "..., mark".
void add_bar_rows(const Figure& figure, const Array& rows, const Bar& like, const RunView& run,
                  FigureData& data) {
  const std::vector<std::string> names = labels_in(figure.names, run);
  for (std::size_t i = 0; i < rows.shape[0]; ++i) {
    const double* row = rows.values.data() + rows.shape[1] * i;
    const bool named = row[0] >= 0 && row[0] < static_cast<double>(names.size());
    Bar bar = like;
    bar.label = named ? names[static_cast<std::size_t>(row[0])] : std::to_string(i + 1);
    bar.value = row[1];
    bar.low = row[2];
    bar.high = row[3];
    if (rows.shape[1] == 5) bar.mark = row[4];
    data.bars.push_back(std::move(bar));
  }
}

// Rows "x, y" or "x, y, low, high".
Curve curve_of(const Array& array) {
  Curve curve;
  const std::size_t columns = array.shape[1];
  for (std::size_t i = 0; i < array.shape[0]; ++i) {
    const double* row = array.values.data() + columns * i;
    curve.x.push_back(row[0]);
    curve.y.push_back(row[1]);
    if (columns != 4) continue;
    curve.low.push_back(row[2]);
    curve.high.push_back(row[3]);
  }
  if (!curve.x.empty()) curve.begin = curve.x.front();
  return curve;
}

// Rows "x, y, number": a curve for each number, all under one label.
void add_numbered_curves(const LineSeries& like, const Array& array, FigureData& data) {
  for (std::size_t i = 0; i < array.shape[0]; ++i) {
    const double* row = array.values.data() + 3 * i;
    if (i == 0 || row[2] != row[-1]) {
      data.lines.push_back(like);
      data.lines.back().curves.emplace_back();
      data.lines.back().curves.back().begin = row[0];
    }
    data.lines.back().curves.back().x.push_back(row[0]);
    data.lines.back().curves.back().y.push_back(row[1]);
  }
}

void add_curves(const Figure& figure, std::span<const std::string> methods,
                std::span<const RunView> runs, FigureData& data) {
  for (const Source& source : figure.sources) {
    LineSeries series = {
        .label = source.label, .colour = colour_of(source, methods), .curves = {}, .mean = {}};
    series.reference = source.reference;
    for (const RunView& run : runs) {
      const Array* array = array_of(source.recording, run);
      if (!array || array->shape.size() != 2 || array->shape[0] == 0) continue;
      if (array->shape[1] == 2 || array->shape[1] == 4) series.curves.push_back(curve_of(*array));
      if (array->shape[1] == 3 && &run == &runs.front()) add_numbered_curves(series, *array, data);
    }
    if (series.curves.empty()) continue;
    series.points = source.points;
    if (series.points) {
      series.curves.resize(1);  // places of different runs have no mean
    } else if (series.curves.size() > 1) {
      series.mean = mean_curve(series.curves, figure.y.log);
    }
    data.lines.push_back(std::move(series));
  }
}

// Rows "feature (below 0: a leaf), threshold, left, right, count of class 0, count of class 1",
// what is below a node after it.
void add_tree(const Figure& figure, const RunView& run, FigureData& data) {
  if (figure.sources.empty()) return;
  const Array* array = array_of(figure.sources.front().recording, run);
  if (!array || array->shape.size() != 2 || array->shape[1] != 6) return;
  const std::vector<std::string> names = labels_in(figure.names, run);
  const std::vector<std::string> classes = labels_in(figure.group_names, run);
  DecisionTree tree;
  tree.label = figure.sources.front().label;
  for (std::size_t k = 0; k < 2; ++k) {
    tree.classes[k] = k < classes.size()         ? classes[k]
                      : k < figure.groups.size() ? figure.groups[k]
                                                 : "class " + std::to_string(k);
  }
  const std::size_t count = array->shape[0];
  tree.nodes.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double* row = array->values.data() + 6 * i;
    DecisionTree::Node& node = tree.nodes[i];
    node.counts[0] = row[4];
    node.counts[1] = row[5];
    const auto below = [&](double place) {
      return place > static_cast<double>(i) && place < static_cast<double>(count);
    };
    if (!(row[0] >= 0) || !below(row[2]) || !below(row[3])) continue;
    const auto feature = static_cast<std::size_t>(row[0]);
    node.question =
        (feature < names.size() ? names[feature] : "feature " + std::to_string(feature + 1)) +
        " ≤ " + label_text(row[1]);
    node.left = static_cast<std::size_t>(row[2]);
    node.right = static_cast<std::size_t>(row[3]);
    tree.nodes[node.left].depth = tree.nodes[node.right].depth = node.depth + 1;
  }
  if (count > 0) data.trees.push_back(std::move(tree));
}

// Numbers of the last tokens, or rows "number, which text it is in" (0, 1 ..., in order).
void add_strips(const Figure& figure, const RunView& run, FigureData& data) {
  if (figure.sources.empty()) return;
  const Array* array = array_of(figure.sources.front().recording, run);
  std::vector<std::string> tokens = labels_in(figure.names, run);
  const std::vector<std::string> texts = labels_in(figure.row_names, run);
  if (tokens.empty()) return;
  const std::size_t rows = array && !array->shape.empty() ? array->shape[0] : 0;
  if (!array || array->shape.size() != 2) {
    std::vector<double> values = array ? array->values : std::vector<double>{};
    values.resize(std::min(values.size(), tokens.size()));
    data.strips.push_back({.label = texts.empty() ? "" : texts.front(),
                           .tokens = std::move(tokens),
                           .values = std::move(values)});
    return;
  }
  if (array->shape[1] != 2) return;
  for (std::size_t i = 0; i < std::min(rows, tokens.size()); ++i) {
    const double value = array->values[2 * i], text = array->values[2 * i + 1];
    if (i == 0 || text != array->values[2 * i - 1]) {
      const bool named = text >= 0 && text < static_cast<double>(texts.size());
      data.strips.push_back({.label = named ? texts[static_cast<std::size_t>(text)] : "",
                             .tokens = {},
                             .values = {}});
    }
    data.strips.back().tokens.push_back(std::move(tokens[i]));
    data.strips.back().values.push_back(value);
  }
}

void add_bars(const Figure& figure, std::span<const std::string> methods,
              std::span<const RunView> runs, FigureData& data) {
  for (const Source& source : figure.sources) {
    if (!takes_part(source.recording, runs)) continue;
    Bar bar;
    bar.label = source.label;
    bar.colour = colour_of(source, methods);
    std::vector<double> marks;
    if (const Array* rows = array_of(source.recording, runs.front());
        rows && rows->shape.size() == 2 && (rows->shape[1] == 4 || rows->shape[1] == 5)) {
      add_bar_rows(figure, *rows, bar, runs.front(), data);
      continue;
    }
    std::optional<std::array<double, 2>> own_interval;
    for (const RunView& run : runs) {
      if (const Array* array = array_of(source.recording, run)) {
        // A number, and perhaps the interval that the run itself gives it.
        if (array->values.empty()) continue;
        bar.seeds.push_back(array->values[0]);
        if (array->values.size() == 3) own_interval = {array->values[1], array->values[2]};
      } else if (const auto value = number_of(source.recording, run)) {
        bar.seeds.push_back(*value);
      }
      if (source.mark.empty()) continue;
      if (const auto mark = number_of(source.mark, run)) marks.push_back(*mark);
    }
    if (!bar.seeds.empty()) {
      const MeanInterval interval = mean_interval(bar.seeds);
      bar.value = interval.mean;
      bar.low = interval.low;
      bar.high = interval.high;
      if (bar.seeds.size() == 1 && own_interval) {
        bar.low = (*own_interval)[0];
        bar.high = (*own_interval)[1];
      }
    }
    if (!marks.empty()) bar.mark = mean_interval(marks).mean;
    data.bars.push_back(std::move(bar));
  }
}

void add_points(const std::vector<std::string>& groups, const Array& array, FigureData& data) {
  const std::size_t columns = array.shape[1];
  for (std::size_t row = 0; row < array.shape[0]; ++row) {
    const double* numbers = array.values.data() + row * columns;
    const std::size_t group =
        columns > 2 && numbers[2] >= 0 ? static_cast<std::size_t>(numbers[2]) : 0;
    if (group > 255) continue;
    while (data.points.size() <= group) {
      const std::size_t next = data.points.size();
      data.points.push_back(
          {.label = next < groups.size() ? groups[next] : "class " + std::to_string(next),
           .colour = next,
           .points = {},
           .rows = {}});
    }
    data.points[group].points.push_back({numbers[0], numbers[1]});
    data.points[group].rows.push_back(row);
  }
}

// Lays a heat map's cells on the axes, if the four numbers are an area there.
void extend(const Figure& figure, std::span<const double> extent, Grid& grid) {
  const auto is_range = [](double low, double high, const Axis& axis) {
    return std::isfinite(high - low) && low < high && (!axis.log || low > 0);
  };
  if (extent.size() != 4 || !is_range(extent[0], extent[1], figure.x) ||
      !is_range(extent[2], extent[3], figure.y))
    return;
  grid.x_low = extent[0];
  grid.x_high = extent[1];
  grid.y_low = extent[2];
  grid.y_high = extent[3];
  grid.extended = true;
}

void add_planar(const Figure& figure, std::span<const std::string> methods, const RunView& run,
                FigureData& data) {
  std::vector<std::string> groups = labels_in(figure.group_names, run);
  if (groups.empty()) groups = figure.groups;
  data.axes = labels_in(figure.names, run);
  for (const Source& source : figure.sources) {
    const Array* array = array_of(source.recording, run);
    if (!array) continue;
    const std::vector<std::size_t>& shape = array->shape;
    const std::vector<double>& values = array->values;
    const Array* extent = array_of(source.recording + "_extent", run);
    if (shape.size() == 2 && shape[1] >= 2 && shape[1] <= 3 && !extent) {
      add_points(groups, *array, data);
    }
    if (shape.size() == 1 && (values.size() == 2 || values.size() == 3)) {
      data.boundaries.push_back({.label = source.label,
                                 .colour = colour_of(source, methods),
                                 .a = values[0],
                                 .b = values[1],
                                 .c = values.size() == 3 ? values[2] : 0,
                                 .reference = source.reference});
    }
    if (shape.size() == 2 && extent && extent->values.size() == 4) {
      const std::vector<double>& e = extent->values;
      data.grids.push_back({.label = source.label,
                            .rows = shape[0],
                            .columns = shape[1],
                            .x_low = e[0],
                            .x_high = e[1],
                            .y_low = e[2],
                            .y_high = e[3],
                            .values = values});
    }
  }
  // Edges and fields live in the plane of the points: without points it is another space.
  if (data.points.empty()) data = {};
}

}  // namespace

Arrays observed_arrays(const event::Records& observed) {
  Arrays arrays;
  for (const event::ArrayPart& part : observed.arrays) {
    if (!part.shape.empty()) arrays[part.recording] = {part.shape, part.values, part.step};
  }
  return arrays;
}

std::vector<std::string> figure_methods(std::span<const Figure> figures) {
  std::vector<std::string> methods;
  for (const Figure& figure : figures) {
    for (const Source& source : figure.sources) {
      const std::string name(who(source.recording));
      if (source.reference || name == "data" || std::ranges::find(methods, name) != methods.end())
        continue;
      methods.push_back(name);
    }
  }
  return methods;
}

MeanInterval mean_interval(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  if (values.size() < 2) return {mean, mean, mean};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = student_t_975(values.size() - 1) * std::sqrt(squares / (n - 1) / n);
  return {mean, mean - half, mean + half};
}

FigureData figure_data(const Figure& figure, std::span<const std::string> methods,
                       std::span<const RunView> runs) {
  FigureData data;
  if (runs.empty()) return data;
  switch (figure.form) {
    case Form::lines:
      add_lines(figure, methods, runs, data);
      break;
    case Form::bars:
      add_bars(figure, methods, runs, data);
      break;
    case Form::scatter:
      add_planar(figure, methods, runs.front(), data);
      break;
    case Form::heat_map:
      for (const Source& source : figure.sources) {
        const Array* array = array_of(source.recording, runs.front());
        if (!array || array->shape.size() != 2) continue;
        data.grids.push_back({.label = source.label,
                              .rows = array->shape[0],
                              .columns = array->shape[1],
                              .values = array->values,
                              .row_names = labels_in(figure.row_names, runs.front()),
                              .column_names = labels_in(figure.names, runs.front()),
                              .texts = labels_in(figure.cell_names, runs.front())});
        if (const Array* extent = array_of(source.recording + "_extent", runs.front()))
          extend(figure, extent->values, data.grids.back());
        break;  // one matrix fills a heat map
      }
      break;
    case Form::curves:
      add_curves(figure, methods, runs, data);
      break;
    case Form::tree:
      add_tree(figure, runs.front(), data);
      break;
    case Form::token_strip:
      add_strips(figure, runs.front(), data);
      break;
    case Form::paired:
    case Form::histogram:
      for (const Source& source : figure.sources) {
        const Array* array = array_of(source.recording, runs.front());
        if (!array || array->values.empty()) continue;
        data.samples.push_back(
            {.label = source.label, .colour = colour_of(source, methods), .values = array->values});
      }
      break;
  }
  data.seeds = runs.size();
  return data;
}

void FigureKeeper::take(const Event& event) {
  const auto* records = std::get_if<event::Records>(&event.body);
  if (!records) return;
  Kept& kept = runs_[records->run];
  if (records->observed) {
    kept.observed = observed_arrays(*records);
  } else {
    kept.records.read(*records);
  }
}

FigureData FigureKeeper::data(const Figure& figure) const {
  std::vector<RunView> views;
  for (const auto& [index, kept] : runs_) views.push_back({&kept.records, &kept.observed});
  return figure_data(figure, figure_methods(experiment_.figures), views);
}

}  // namespace lab
