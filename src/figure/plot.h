// How does a figure lie on an area of the screen or page? Axes, ticks, legend and marks are placed
// once, without overlaps; the result can be drawn on any canvas and asked what lies at a point.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "figure/canvas.h"
#include "figure/figure.h"
#include "figure/scale.h"
#include "figure/theme.h"

namespace lab {

// What a person has done to a figure: zoomed, switched a scale, hidden series. Nothing = as it
// comes.
struct View {
  std::optional<Range> x, y;
  std::optional<bool> log_x, log_y;
  std::vector<std::string> hidden;  // labels of what is not drawn

  bool shows(std::string_view label) const;
  void toggle(std::string_view label);
};

// What lies at a point, for the read-off cursor.
struct ReadOff {
  struct Row {
    std::string label, value;
    std::optional<Colour> colour;
  };
  std::string heading;
  std::vector<Row> rows;
  std::vector<Point> dots;
  std::optional<double> line;  // x of a vertical line through the plot
};

struct LegendEntry {
  std::string name;   // of what it stands for, as View::hidden has it
  std::string label;  // as much of it as fits
  Colour colour;
  std::optional<Marker> marker;  // else a line
  bool filled = true;
  bool dashed = false;
  bool hidden = false;
  Rect rect;  // where it is; also what a click hits
};

class Plot {
 public:
  static constexpr double kTextSize = 12;

  // figure, data and theme must outlive the plot. `meter`: a canvas that measures text as the one
  // that it will be drawn on. A tiny area is drawn as well as it goes, never outside of it.
  Plot(const Figure& figure, const FigureData& data, const View& view, const Rect& area,
       const Theme& theme, const Canvas& meter, bool with_title);

  void draw(Canvas& canvas) const;

  // Where the numbers are, inside the axes.
  const Rect& inner() const { return inner_; }
  const Scale& x() const { return x_; }
  const Scale& y() const { return y_; }
  const std::vector<LegendEntry>& legend() const { return legend_; }
  // Whether x and y can be zoomed, and switched to a log scale.
  bool has_numeric_x() const;
  bool has_numeric_y() const;

  std::optional<ReadOff> read(Point at) const;
  void draw_read_off(Canvas& canvas, Point at, const ReadOff& read_off) const;

  // Of a scatter: the nearest point that may be dragged, at most `reach` pixels away.
  struct PointHit {
    std::size_t set, index;
  };
  std::optional<PointHit> point_at(Point at, double reach) const;
  // The figure's handle at this place.
  std::optional<std::size_t> handle_at(Point at, double reach) const;

 private:
  void place_legend(const Canvas& meter);
  void place_axes(const Canvas& meter);
  void choose_ranges();
  void draw_axes(Canvas& canvas) const;
  void draw_legend(Canvas& canvas) const;
  void draw_lines(Canvas& canvas) const;
  void draw_scatter(Canvas& canvas) const;
  void draw_cloud(Canvas& canvas, const PointSet& set) const;
  void draw_bars(Canvas& canvas) const;
  void draw_heat_map(Canvas& canvas) const;
  void draw_histogram(Canvas& canvas) const;
  void draw_paired(Canvas& canvas) const;
  void draw_tree(Canvas& canvas) const;
  void draw_tokens(Canvas& canvas) const;
  void draw_handles(Canvas& canvas) const;
  std::optional<ReadOff> read_lines(Point at) const;
  std::optional<ReadOff> read_scatter(Point at) const;
  std::optional<ReadOff> read_bars(Point at) const;
  std::optional<ReadOff> read_heat_map(Point at) const;
  std::optional<ReadOff> read_histogram(Point at) const;
  // on_axes: where the grid's own numbers say; otherwise over the whole plot.
  void draw_cells(Canvas& canvas, const Grid& grid, bool on_axes,
                  const std::function<Colour(double)>& colour_of) const;
  void draw_colour_bar(Canvas& canvas, const Range& range) const;
  void draw_numbers_of_cells(Canvas& canvas, const Grid& grid) const;
  // A heat map without an extent: nothing but rows and columns.
  bool is_matrix() const;
  Colour colour_of(const LineSeries& series) const;
  Colour colour_of(const Boundary& edge) const;
  std::optional<ReadOff> read_paired(Point at) const;
  std::optional<ReadOff> read_tree(Point at) const;
  std::optional<ReadOff> read_tokens(Point at) const;
  void place_tokens(const Canvas& meter);
  Range token_range() const;
  Colour token_colour(double value) const;
  // Lines over steps or curves over anything.
  bool is_lines() const { return figure_.form == Form::lines || figure_.form == Form::curves; }
  // One row with its name at the left for each source, under each other.
  bool has_rows() const { return figure_.form == Form::bars || figure_.form == Form::paired; }
  // No axes at all.
  bool is_bare() const {
    return is_matrix() || figure_.form == Form::tree || figure_.form == Form::token_strip;
  }
  const std::string& x_label() const;
  const std::string& y_label() const;
  std::string x_text() const;  // with the unit
  std::string y_text() const;
  // Rows that are drawn: where they would be lower than a line of text, only the first ones.
  std::size_t shown_rows() const;
  double bar_height() const;
  Rect bar_row(std::size_t row) const;
  // Of a paired figure: where the dots of a row are.
  std::vector<Point> paired_dots(std::size_t row) const;
  std::vector<Point> tree_places() const;  // of the nodes
  double tree_radius(const DecisionTree::Node& node) const;
  Colour heat_colour(double value, const Range& range) const;

  const Figure& figure_;
  const FigureData& data_;
  const View view_;
  const Theme& theme_;
  Rect area_, inner_;
  bool with_title_, log_x_, log_y_;
  Range x_range_, y_range_;
  Scale x_, y_;
  std::vector<Tick> x_ticks_, y_ticks_;
  std::vector<LegendEntry> legend_;
  double header_bottom_ = 0;
  // Of a token strip: where its tokens are, the pieces of one that a line break parts each by
  // itself.
  struct TokenPlace {
    std::size_t strip, token;
    Rect rect;
    std::string text;
  };
  std::vector<TokenPlace> token_places_;
  std::vector<Rect> strip_labels_;   // beside the first line of each that is seen
  std::size_t tokens_left_out_ = 0;  // before the first that is seen
  // Of a histogram: the edges of its bins, and of each sample the share in each bin.
  std::vector<double> bin_edges_;
  std::vector<std::vector<double>> bin_shares_;
};

// "loss (nats)"
std::string axis_text(const Axis& axis);

}  // namespace lab
