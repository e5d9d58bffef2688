// What is a figure? Data: which recordings go into which form, on which axes. An experiment
// declares it, whoever has recordings fills it (FigureData), and one layout (plot.h) draws it on
// any Canvas.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class Form {
  lines,      // series over steps
  scatter,    // points in the plane, decision boundaries and fields
  bars,       // one number for each source, with an interval over seeds
  heat_map,   // a matrix, or a quantity over the plane
  histogram,  // how the numbers of a vector are distributed
  curves,     // y over x, of arrays "x, y" or "x, y, low, high" (an interval); "x, y, number": many
  paired,     // the numbers of vectors, dot by dot, the k-th of one joined to the k-th of the next
  tree,       // a decision tree, of an array with one node a row
  token_strip,  // texts as their tokens, each with the colour of its number
};

struct Axis {
  std::string label = {};
  std::string unit = {};  // empty = dimensionless
  bool log = false;       // at first; a person may change it
};

// One recording, or one of a kind, in a figure.
struct Source {
  std::string recording;   // "<who>/<what>"; the same who has the same colour in every figure
  std::string label;       // in the legend; what has the same label stands there once
  std::string mark = {};   // bars: a recording shown as a mark on the bar, e.g. a bound
  bool reference = false;  // lines, edges: what the others are held against, e.g. a threshold
  bool points = false;     // curves: its points alone, which no line joins
};

// What can be dragged, and which field of the config it sets.
struct Handle {
  enum class Kind {
    vertical,    // a line at x = the field's value
    horizontal,  // a line at y = the field's value
    points,      // the points of a scatter: the field becomes a data set of points
  };
  Kind kind;
  std::string field;
};

struct Figure {
  std::string name;  // in links and on the command line: lower_case
  std::string title;
  Form form;
  Axis x, y;
  std::vector<Source> sources;
  std::string caption = {};              // what to look at; one or two sentences
  std::string absent = {};               // said where there is nothing to draw
  std::string mark_label = {};           // bars: what the marks are
  std::vector<std::string> groups =
      {};  // scatter, tree, token strip: names of the classes 0, 1, ..
  std::vector<Handle> handles = {};
  Axis colour = {};  // heat map, token strip: what its numbers are
  // Recordings of form `labels`, where names belong to the data and not to the figure.
  // Of a scatter's two axes, of the rows of bars, of a tree's features, of a heat map's columns;
  // the tokens of a token strip.
  std::string names = {};
  std::string group_names = {};  // scatter, tree: of the classes, in place of `groups`
  std::string row_names = {};    // heat map: of its rows; token strip: of its texts
  std::string cell_names = {};   // heat map: what stands in its cells, row by row
};

std::string_view name(Form form);
// Error: no such form.
Form form_of(std::string_view name, std::string_view where);

// --- filled with numbers -----------------------------------------------------------------------

// y over x, in order of x. low and high: the least and greatest y between the x before and this
// one, if there are more numbers than points (those of the first from `begin` on); else empty.
struct Curve {
  std::vector<double> x, y, low, high;
  double begin = 0;
  bool stepped =
      false;  // low and high are of steps between points, not of the points (an interval)
};

struct LineSeries {
  std::string label;
  std::size_t colour = 0;     // of the theme's palette
  std::vector<Curve> curves;  // one for each seed
  Curve mean;                 // of several seeds, with low and high its interval; else empty
  bool faint = false;         // what the others are compared with: drawn dashed
  bool reference = false;     // no method: dashed in the colour of text
  bool points = false;        // its points alone

  // What it shows at an x: the mean of the seeds if there are several; nullptr if nothing is there.
  const Curve* main_curve() const;
};

struct Bar {
  std::string label;
  std::size_t colour = 0;
  std::optional<double> value;  // the mean over seeds; nothing: absent
  double low = 0, high = 0;     // interval over seeds; equal to value with one seed
  std::vector<double> seeds;    // each seed's value
  std::optional<double> mark;
  bool faint = false;
};

struct PointSet {
  std::string label;
  std::size_t colour = 0;
  std::vector<std::array<double, 2>> points;
  std::vector<std::size_t> rows;  // which row of the data each one is
};

// a x + b y + c = 0, the edge of a linear classifier: positive on the side of (a, b).
struct Boundary {
  std::string label;
  std::size_t colour = 0;
  double a = 0, b = 0, c = 0;
  bool faint = false;
  bool reference = false;  // no method: dashed in the colour of text
};

// Numbers on a grid, row-major, the first row at the least y. The cells of a heat map with an
// extent are of equal size on the figure's own scales, logarithmic or not; without one its rows and
// columns are numbered, the first row at the top.
struct Grid {
  std::string label;
  std::size_t rows = 0, columns = 0;
  double x_low = 0, x_high = 1, y_low = 0, y_high = 1;
  std::vector<double> values;
  bool extended = false;  // heat map: the four numbers above hold
  // heat map: of as many as there are; else they are numbered, and the cells empty.
  std::vector<std::string> row_names = {}, column_names = {}, texts = {};
};

// A text as its tokens, which have their own spaces and line breaks.
struct TokenStrip {
  std::string label;  // beside it; may be empty
  std::vector<std::string> tokens;
  std::vector<double> values;  // of the last tokens: of the first ones nothing may be known
};

struct Sample {
  std::string label;
  std::size_t colour = 0;
  std::vector<double> values;
  bool faint = false;
};

// A decision tree: the root first, what is below a node after it.
struct DecisionTree {
  struct Node {
    std::string question;  // "worst radius ≤ 16.8": yes goes left; empty: a leaf
    std::size_t left = 0, right = 0, depth = 0;
    double counts[2] = {};  // samples of the two classes

    double samples() const { return counts[0] + counts[1]; }
  };
  std::string label;
  std::vector<Node> nodes;
  std::string classes[2];
};

struct FigureData {
  std::vector<LineSeries> lines;
  std::vector<Bar> bars;
  std::vector<PointSet> points;
  std::vector<Boundary> boundaries;
  std::vector<Grid> grids;
  std::vector<Sample> samples;                 // histogram, paired
  std::vector<DecisionTree> trees;             // the first is drawn
  std::vector<TokenStrip> strips;              // one below the other
  std::vector<std::string> axes;               // scatter: names of x and y in place of the figure's
  std::optional<double> now;                   // lines: the step that is shown
  std::vector<std::optional<double>> handles;  // of each of the figure's handles: the field's value
  std::size_t seeds = 1;

  bool empty() const;
};

}  // namespace lab
