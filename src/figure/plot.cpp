// [SECTION]s: view, layout, axes and legend, handles, reading off.
#include "figure/plot.h"

#include <algorithm>
#include <cmath>

#include "figure/bins.h"

namespace lab {
namespace {

constexpr double kTitleSize = 14;
constexpr double kLegendRow = 18;
constexpr double kLegendSwatch = 16;
constexpr double kGap = 6;

}  // namespace

// --- [SECTION] view ---------------------------------------------------------------------------

bool View::shows(std::string_view label) const {
  return std::ranges::find(hidden, label) == hidden.end();
}

void View::toggle(std::string_view label) {
  const auto found = std::ranges::find(hidden, label);
  if (found == hidden.end()) {
    hidden.emplace_back(label);
  } else {
    hidden.erase(found);
  }
}

std::string axis_text(const Axis& axis) {
  if (axis.unit.empty()) return axis.label;
  return axis.label + " (" + axis.unit + ")";
}

// --- [SECTION] layout -------------------------------------------------------------------------

Plot::Plot(const Figure& figure, const FigureData& data, const View& view, const Rect& area,
           const Theme& theme, const Canvas& meter, bool with_title)
    : figure_(figure),
      data_(data),
      view_(view),
      theme_(theme),
      area_(area),
      with_title_(with_title),
      log_x_(view.log_x.value_or(figure.x.log)),
      log_y_(view.log_y.value_or(figure.y.log)) {
  if (!has_numeric_x()) log_x_ = false;
  if (!has_numeric_y()) log_y_ = false;
  choose_ranges();
  place_legend(meter);
  place_axes(meter);
}

bool Plot::is_matrix() const {
  return figure_.form == Form::heat_map && (data_.grids.empty() || !data_.grids.front().extended);
}

bool Plot::has_numeric_x() const {
  return !is_bare();
}

bool Plot::has_numeric_y() const {
  return !is_bare() && !has_rows();
}

const std::string& Plot::x_label() const {
  return data_.axes.size() == 2 ? data_.axes[0] : figure_.x.label;
}

const std::string& Plot::y_label() const {
  return data_.axes.size() == 2 ? data_.axes[1] : figure_.y.label;
}

std::string Plot::x_text() const {
  return axis_text({.label = x_label(), .unit = figure_.x.unit});
}

std::string Plot::y_text() const {
  return axis_text({.label = y_label(), .unit = figure_.y.unit});
}

void Plot::choose_ranges() {
  std::vector<double> xs, ys;
  bool x_from_zero = false, y_from_zero = false;
  switch (figure_.form) {
    case Form::lines:
    case Form::curves:
      for (const LineSeries& series : data_.lines) {
        if (!view_.shows(series.label)) continue;
        for (const Curve& curve : series.curves) {
          if (curve.x.empty()) continue;
          const double begin = curve.stepped ? curve.begin : curve.x.front();
          // Steps are whole numbers: a log scale begins at the first.
          const bool from_one = log_x_ && figure_.form == Form::lines;
          xs.push_back(from_one ? std::max(begin, 1.0) : begin);
          xs.push_back(curve.x.back());
        }
      }
      if (data_.now && !xs.empty()) xs.push_back(*data_.now);
      break;
    case Form::scatter:
      for (const PointSet& set : data_.points) {
        for (const auto& [x, y] : set.points) {
          xs.push_back(x);
          ys.push_back(y);
        }
      }
      for (const Grid& grid : data_.grids) {
        xs.insert(xs.end(), {grid.x_low, grid.x_high});
        ys.insert(ys.end(), {grid.y_low, grid.y_high});
      }
      break;
    case Form::bars:
      x_from_zero = true;
      for (const Bar& bar : data_.bars) {
        if (bar.value) xs.insert(xs.end(), {*bar.value, bar.low, bar.high});
        if (bar.mark) xs.push_back(*bar.mark);
        xs.insert(xs.end(), bar.seeds.begin(), bar.seeds.end());
      }
      break;
    case Form::heat_map:
      if (is_matrix()) break;
      xs = {data_.grids.front().x_low, data_.grids.front().x_high};
      ys = {data_.grids.front().y_low, data_.grids.front().y_high};
      break;
    case Form::tree:
    case Form::token_strip:
      break;
    case Form::paired:
      for (const Sample& sample : data_.samples) {
        if (view_.shows(sample.label)) {
          xs.insert(xs.end(), sample.values.begin(), sample.values.end());
        }
      }
      break;
    case Form::histogram: {
      std::vector<std::vector<double>> samples;
      for (const Sample& sample : data_.samples) {
        if (view_.shows(sample.label)) samples.push_back(sample.values);
      }
      bin_edges_ = bin_edges(samples, log_x_, view_.x);
      y_from_zero = true;
      for (const Sample& sample : data_.samples) {
        bin_shares_.push_back(view_.shows(sample.label) ? bin_shares(sample.values, bin_edges_)
                                                        : std::vector<double>{});
        ys.insert(ys.end(), bin_shares_.back().begin(), bin_shares_.back().end());
      }
      xs = bin_edges_;
      break;
    }
  }
  const auto usable = [](const std::optional<Range>& range, bool log) {
    return range && range->high > range->low && std::isfinite(range->high - range->low) &&
           (!log || range->low > 0);
  };
  const bool cells = figure_.form == Form::heat_map && !is_matrix();
  const bool tight = is_lines() || figure_.form == Form::histogram || cells;
  x_range_ = range_of(xs, log_x_, x_from_zero);
  if (tight && !xs.empty()) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const double x : xs) {
      if (log_x_ && x <= 0) continue;
      low = std::min(low, x);
      high = std::max(high, x);
    }
    if (high > low) x_range_ = {low, high};
  }
  if (log_x_ && figure_.form == Form::bars) {
    // A bar needs a beginning: the power of ten below the least number.
    double least = x_range_.high;
    for (const double x : xs) least = x > 0 ? std::min(least, x) : least;
    x_range_.low = std::pow(10.0, std::floor(std::log10(least) - 1e-9));
  }
  if (usable(view_.x, log_x_)) x_range_ = *view_.x;
  if (is_lines()) {
    for (const LineSeries& series : data_.lines) {
      if (!view_.shows(series.label)) continue;
      const auto take = [&](const Curve& curve) {
        for (std::size_t i = 0; i < curve.x.size(); ++i) {
          if (curve.x[i] < x_range_.low || curve.x[i] > x_range_.high) continue;
          ys.push_back(curve.y[i]);
          if (!curve.low.empty()) ys.insert(ys.end(), {curve.low[i], curve.high[i]});
        }
      };
      for (const Curve& curve : series.curves) take(curve);
      take(series.mean);
    }
  }
  if (is_lines() && !log_y_) {
    // Zero belongs to what is never negative, unless it is far away.
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const double y : ys) {
      if (!std::isfinite(y)) continue;
      low = std::min(low, y);
      high = std::max(high, y);
    }
    y_from_zero = low >= 0 && low < 0.5 * high;
  }
  y_range_ = cells && ys[1] > ys[0] ? Range{ys[0], ys[1]} : range_of(ys, log_y_, y_from_zero);
  if (usable(view_.y, log_y_)) y_range_ = *view_.y;
}

void Plot::place_legend(const Canvas& meter) {
  const auto add = [&](const std::string& label, Colour colour, bool dashed) {
    if (std::ranges::find(legend_, label, &LegendEntry::name) != legend_.end()) return;
    legend_.push_back({.name = label,
                       .label = label,
                       .colour = colour,
                       .marker = {},
                       .dashed = dashed,
                       .hidden = !view_.shows(label),
                       .rect = {}});
  };
  switch (figure_.form) {
    case Form::lines:
    case Form::curves:
      for (const LineSeries& s : data_.lines) add(s.label, colour_of(s), s.faint || s.reference);
      break;
    case Form::scatter:
      for (const Boundary& b : data_.boundaries) add(b.label, colour_of(b), b.faint || b.reference);
      for (std::size_t i = 0; i < data_.points.size(); ++i) {
        const PointSet& set = data_.points[i];
        if (set.points.empty()) continue;  // a number that no point has
        const bool two = data_.points.size() == 2;
        add(set.label, two ? theme_.text : theme_.series(set.colour), false);
        legend_.back().marker = i == 0   ? Marker::circle
                                : i == 1 ? Marker::triangle
                                         : Marker::square;
        legend_.back().filled = i != 0 || data_.points.size() == 1;
      }
      break;
    case Form::histogram:
      for (const Sample& s : data_.samples) add(s.label, theme_.series(s.colour), s.faint);
      break;
    case Form::tree:
      if (data_.trees.empty()) break;
      for (std::size_t k = 0; k < 2; ++k) {
        add(data_.trees.front().classes[k], diverging(k == 0 ? -1 : 1, theme_), false);
        legend_.back().marker = Marker::circle;
      }
      break;
    case Form::token_strip:
      for (std::size_t k = 0; k < figure_.groups.size(); ++k) {
        add(figure_.groups[k], theme_.series(k), false);
        legend_.back().marker = Marker::square;
      }
      break;
    case Form::bars:
    case Form::paired:
    case Form::heat_map:
      break;
  }
  double y = area_.y;
  if (with_title_) y += kTitleSize + 10;
  double x = area_.x;
  for (LegendEntry& entry : legend_) {
    entry.label = fitting(meter, entry.label, kTextSize, area_.width - kLegendSwatch - 8);
    const double width = kLegendSwatch + 5 + measured(meter, entry.label, kTextSize);
    if (x > area_.x && x + width > area_.right()) {
      x = area_.x;
      y += kLegendRow;
    }
    entry.rect = {x, y, width, kLegendRow};
    x += width + 14;
  }
  if (!legend_.empty()) y += kLegendRow + 2;
  header_bottom_ = y;
}

void Plot::place_axes(const Canvas& meter) {
  const bool heat = figure_.form == Form::heat_map, bars = has_rows();
  const bool matrix = is_matrix();
  if (figure_.form == Form::tree || figure_.form == Form::token_strip) {
    inner_ = {area_.x, header_bottom_ + 4, area_.width,
              std::max(20.0, area_.bottom() - header_bottom_ - 8)};
    if (figure_.form == Form::token_strip) place_tokens(meter);
    return;
  }
  double top = header_bottom_;
  const bool has_y_label = !bars && !y_label().empty();
  const bool mark_label = bars && !figure_.mark_label.empty() &&
                          std::ranges::any_of(data_.bars, [](const Bar& b) { return !!b.mark; });
  if (has_y_label || mark_label) top += kTextSize + 6;
  top += 4;
  double bottom = area_.bottom() - (kTextSize + 8);
  if (!x_label().empty()) bottom -= kTextSize + 6;
  if (bottom < top + 20) bottom = top + 20;

  double left = area_.x + 4;
  if (bars) {
    double widest = 0;
    for (const Bar& bar : data_.bars)
      widest = std::max(widest, measured(meter, bar.label, kTextSize));
    for (const Sample& s : data_.samples)
      widest = std::max(widest, measured(meter, s.label, kTextSize));
    left += std::min(widest, 0.4 * area_.width) + kGap;
  } else if (matrix) {
    double widest = 24;
    if (!data_.grids.empty()) {
      for (const std::string& row : data_.grids.front().row_names)
        widest = std::max(widest, measured(meter, row, kTextSize));
    }
    left += std::min(widest, 0.3 * area_.width) + kGap;
  } else {
    y_ = Scale(y_range_, log_y_, bottom, top);
    y_ticks_ = ticks(y_, std::max<std::size_t>(2, static_cast<std::size_t>((bottom - top) / 34)));
    double widest = 0;
    for (const Tick& tick : y_ticks_)
      widest = std::max(widest, measured(meter, tick.label, kTextSize));
    left += widest + kGap;
  }
  double right = area_.right() - (bars ? 64 : heat ? 84 : 10);
  if (figure_.form == Form::paired) right = area_.right() - 14;
  if (right < left + 20) right = left + 20;
  inner_ = {left, top, right - left, bottom - top};

  if (figure_.form == Form::scatter && !view_.x && !view_.y && !log_x_ && !log_y_) {
    // The same unit on both axes, so that a right angle looks like one.
    const double unit = std::max((x_range_.high - x_range_.low) / inner_.width,
                                 (y_range_.high - y_range_.low) / inner_.height);
    const auto widen = [&](Range& range, double pixels) {
      const double middle = (range.low + range.high) / 2;
      range = {middle - unit * pixels / 2, middle + unit * pixels / 2};
    };
    widen(x_range_, inner_.width);
    widen(y_range_, inner_.height);
  }
  x_ = Scale(x_range_, log_x_, inner_.x, inner_.right());
  y_ = Scale(y_range_, log_y_, inner_.bottom(), inner_.y);
  if (!bars && !matrix) {
    y_ticks_ = ticks(y_, std::max<std::size_t>(2, static_cast<std::size_t>(inner_.height / 34)));
  }
  if (matrix) return;
  x_ticks_ = ticks(x_, std::max<std::size_t>(2, static_cast<std::size_t>(inner_.width / 64)));
  // Numbers that would touch their left neighbour are left out.
  double free_from = area_.x;
  for (Tick& tick : x_ticks_) {
    if (tick.label.empty()) continue;
    const double half = measured(meter, tick.label, kTextSize) / 2;
    const double middle = x_.pixel(tick.value);
    if (middle - half < free_from || middle + half > area_.right() + 1) {
      tick.label.clear();
    } else {
      free_from = middle + half + 8;
    }
  }
}

// --- [SECTION] axes and legend ----------------------------------------------------------------

void Plot::draw(Canvas& canvas) const {
  if (with_title_) {
    draw_text(canvas, {area_.x, area_.y + kTitleSize},
              fitting(canvas, figure_.title, kTitleSize, area_.width),
              {.size = kTitleSize, .colour = theme_.text, .bold = true});
  }
  if (data_.empty()) {
    const std::string text = figure_.absent.empty() ? "nothing recorded yet" : figure_.absent;
    draw_text(
        canvas, {area_.x + area_.width / 2, area_.y + area_.height / 2},
        fitting(canvas, text, kTextSize + 1, area_.width),
        {.size = kTextSize + 1, .colour = theme_.muted_text, .align = LabelStyle::Align::centre});
    return;
  }
  draw_legend(canvas);
  draw_axes(canvas);
  canvas.clip({inner_.x - 1, inner_.y - 1, inner_.width + 2, inner_.height + 2});
  switch (figure_.form) {
    case Form::lines:
    case Form::curves:
      draw_lines(canvas);
      break;
    case Form::scatter:
      draw_scatter(canvas);
      break;
    case Form::bars:
      canvas.unclip();
      draw_bars(canvas);
      return;
    case Form::heat_map:
      draw_heat_map(canvas);
      return;
    case Form::histogram:
      draw_histogram(canvas);
      break;
    case Form::paired:
      canvas.unclip();
      draw_paired(canvas);
      return;
    case Form::tree:
      canvas.unclip();
      draw_tree(canvas);
      return;
    case Form::token_strip:
      canvas.unclip();
      draw_tokens(canvas);
      return;
  }
  draw_handles(canvas);
  canvas.unclip();
}

void Plot::draw_legend(Canvas& canvas) const {
  for (const LegendEntry& entry : legend_) {
    const double middle = entry.rect.y + kLegendRow / 2;
    const Colour colour = entry.hidden ? entry.colour.faded(0.3) : entry.colour;
    if (entry.marker) {
      canvas.marker({entry.rect.x + kLegendSwatch / 2, middle}, *entry.marker, 4,
                    entry.filled ? colour : theme_.background, colour);
    } else {
      const Point line[] = {{entry.rect.x, middle}, {entry.rect.x + kLegendSwatch, middle}};
      if (entry.dashed) {
        draw_dashed(canvas, line, colour, 1.8);
      } else {
        canvas.polyline(line, colour, 2.5);
      }
    }
    draw_text(
        canvas, {entry.rect.x + kLegendSwatch + 5, middle + 0.36 * kTextSize}, entry.label,
        {.size = kTextSize, .colour = entry.hidden ? theme_.muted_text.faded(0.6) : theme_.text});
  }
}

void Plot::draw_axes(Canvas& canvas) const {
  const LabelStyle number = {.size = kTextSize, .colour = theme_.muted_text};
  if (is_bare()) return;
  const auto crisp = [](double v) { return std::floor(v) + 0.5; };
  for (const Tick& tick : x_ticks_) {
    const double x = crisp(x_.pixel(tick.value));
    const bool main = !tick.label.empty();
    if (main) canvas.line({x, inner_.y}, {x, inner_.bottom()}, theme_.grid);
    canvas.line({x, inner_.bottom()}, {x, inner_.bottom() + (main ? 4 : 2)}, theme_.axis);
    if (!main) continue;
    LabelStyle style = number;
    style.align = LabelStyle::Align::centre;
    draw_text(canvas, {x, inner_.bottom() + 5 + kTextSize}, tick.label, style);
  }
  for (const Tick& tick : y_ticks_) {
    const double y = crisp(y_.pixel(tick.value));
    const bool main = !tick.label.empty();
    if (main) canvas.line({inner_.x, y}, {inner_.right(), y}, theme_.grid);
    canvas.line({inner_.x - (main ? 4 : 2), y}, {inner_.x, y}, theme_.axis);
    if (!main) continue;
    LabelStyle style = number;
    style.align = LabelStyle::Align::right;
    draw_text(canvas, {inner_.x - kGap, y + 0.36 * kTextSize}, tick.label, style);
  }
  canvas.line({inner_.x, crisp(inner_.bottom())}, {inner_.right(), crisp(inner_.bottom())},
              theme_.axis);
  canvas.line({crisp(inner_.x), inner_.y}, {crisp(inner_.x), inner_.bottom()}, theme_.axis);
  if (!x_label().empty()) {
    // In the middle of the axis, as far as a long text lets it.
    const std::string text = fitting(canvas, x_text(), kTextSize, area_.width);
    const double half = measured(canvas, text, kTextSize) / 2;
    const double middle = std::min(inner_.x + inner_.width / 2, area_.right() - half);
    draw_text(canvas, {std::max(middle, area_.x + half), area_.bottom() - 4}, text,
              {.size = kTextSize, .colour = theme_.text, .align = LabelStyle::Align::centre});
  }
  if (!has_rows() && !y_label().empty()) {
    draw_text(canvas, {area_.x, inner_.y - 8}, fitting(canvas, y_text(), kTextSize, area_.width),
              {.size = kTextSize, .colour = theme_.text});
  }
}

// --- [SECTION] handles ------------------------------------------------------------------------

void Plot::draw_handles(Canvas& canvas) const {
  for (std::size_t i = 0; i < figure_.handles.size() && i < data_.handles.size(); ++i) {
    const Handle& handle = figure_.handles[i];
    if (!data_.handles[i]) continue;
    const double value = *data_.handles[i];
    if (handle.kind == Handle::Kind::vertical && x_.drawable(value)) {
      const double x = x_.pixel(value);
      canvas.line({x, inner_.y}, {x, inner_.bottom()}, theme_.accent, 1.5);
      canvas.marker({x, inner_.y + 7}, Marker::diamond, 6, theme_.accent, theme_.background);
    } else if (handle.kind == Handle::Kind::horizontal && y_.drawable(value)) {
      const double y = y_.pixel(value);
      canvas.line({inner_.x, y}, {inner_.right(), y}, theme_.accent, 1.5);
      canvas.marker({inner_.right() - 7, y}, Marker::diamond, 6, theme_.accent, theme_.background);
    }
  }
}

std::optional<std::size_t> Plot::handle_at(Point at, double reach) const {
  if (!inner_.contains(at)) return {};
  for (std::size_t i = 0; i < figure_.handles.size() && i < data_.handles.size(); ++i) {
    if (!data_.handles[i]) continue;
    const double value = *data_.handles[i];
    const Handle::Kind kind = figure_.handles[i].kind;
    if (kind == Handle::Kind::vertical && x_.drawable(value) &&
        std::abs(x_.pixel(value) - at.x) <= reach) {
      return i;
    }
    if (kind == Handle::Kind::horizontal && y_.drawable(value) &&
        std::abs(y_.pixel(value) - at.y) <= reach) {
      return i;
    }
  }
  return {};
}

// --- [SECTION] reading off --------------------------------------------------------------------

std::optional<ReadOff> Plot::read(Point at) const {
  if (data_.empty() || !inner_.contains(at)) return {};
  switch (figure_.form) {
    case Form::lines:
    case Form::curves:
      return read_lines(at);
    case Form::scatter:
      return read_scatter(at);
    case Form::bars:
      return read_bars(at);
    case Form::heat_map:
      return read_heat_map(at);
    case Form::histogram:
      return read_histogram(at);
    case Form::paired:
      return read_paired(at);
    case Form::tree:
      return read_tree(at);
    case Form::token_strip:
      return read_tokens(at);
  }
  return {};
}

void Plot::draw_read_off(Canvas& canvas, Point at, const ReadOff& read_off) const {
  constexpr double kPad = 8, kRow = 17;
  if (read_off.line) {
    canvas.line({*read_off.line, inner_.y}, {*read_off.line, inner_.bottom()},
                theme_.muted_text.faded(0.6));
  }
  for (std::size_t i = 0; i < read_off.dots.size(); ++i) {
    const Point dot = read_off.dots[i];
    if (!inner_.contains(dot)) continue;
    const Colour colour = i < read_off.rows.size() && read_off.rows[i].colour
                              ? *read_off.rows[i].colour
                              : theme_.text;
    canvas.marker(dot, Marker::circle, 4, colour, theme_.background);
  }
  double labels = measured(canvas, read_off.heading, kTextSize, true), values = 0;
  for (const ReadOff::Row& row : read_off.rows) {
    values = std::max(values, measured(canvas, row.value, kTextSize));
  }
  // The numbers are what one wants to read: long names give way.
  const double room = std::max(0.0, area_.width - values - 2 * kPad - 12 - 14);
  std::vector<std::string> names;
  for (const ReadOff::Row& row : read_off.rows) {
    names.push_back(fitting(canvas, row.label, kTextSize, room));
    labels = std::max(labels, measured(canvas, names.back(), kTextSize) + 14);
  }
  const double heading = read_off.heading.empty() ? 0 : kRow;
  const double width = labels + values + 2 * kPad + (values > 0 ? 12 : 0);
  const double height = heading + kRow * static_cast<double>(read_off.rows.size()) + 2 * kPad - 4;
  Rect box = {at.x + 14, at.y - height - 8, width, height};
  if (box.right() > area_.right()) box.x = at.x - 14 - width;
  box.x = std::max(box.x, area_.x);
  if (box.y < area_.y) box.y = std::min(at.y + 14, area_.bottom() - height);
  box.y = std::max(box.y, area_.y);
  canvas.rectangle(box, theme_.panel, 4);
  canvas.frame(box, theme_.axis.faded(0.6));
  double y = box.y + kPad + kTextSize - 2;
  if (heading > 0) {
    draw_text(canvas, {box.x + kPad, y}, read_off.heading,
              {.size = kTextSize, .colour = theme_.text, .bold = true});
    y += kRow;
  }
  for (std::size_t i = 0; i < read_off.rows.size(); ++i) {
    const ReadOff::Row& row = read_off.rows[i];
    if (row.colour) {
      canvas.rectangle({box.x + kPad, y - kTextSize + 3, 8, 8}, *row.colour, 2);
    }
    draw_text(canvas, {box.x + kPad + (row.colour ? 14 : 0), y}, names[i],
              {.size = kTextSize, .colour = theme_.text});
    draw_text(canvas, {box.right() - kPad, y}, row.value,
              {.size = kTextSize, .colour = theme_.text, .align = LabelStyle::Align::right});
    y += kRow;
  }
}

}  // namespace lab
