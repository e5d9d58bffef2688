// How many updates does a large step save, and on which data? (the laboratory of A. Tyurin, "From
// Logistic Regression to the Perceptron Algorithm", arXiv:2412.08424) Each step of a run solves one
// separable set with one step size: a cell of a map over step size and margin, a coarse map first
// and then finer ones. On the CPU one after the other, on a device many at once (many_descents.h).
// [SECTION] marks: recordings, run, claims, description.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/numerics.h"
#include "data/dataset.h"
#include "data/generate.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/recording_list.h"
#include "experiment/separable/backend_use.h"
#include "figure/scale.h"
#include "method/separable/learners.h"
#include "method/separable/many_descents.h"
#include "method/separable/signed_samples.h"
#include "method/sweep.h"

namespace lab {
namespace {

using separable::Descent;
using separable::Learner;
using separable::SignedSamples;
using separable::SolveSweep;

// --- [SECTION] recordings
// ---------------------------------------------------------------------------

struct Recordings : RecordingList {
  std::size_t step_size, half_gap, updates, largest_share, unsolved;
  std::size_t map, map_extent, shares, shares_extent, cells;

  Recordings() {
    step_size = series("cell/step_size", "", "step size gamma of this cell");
    half_gap = series("cell/half_gap", "",
                      "least distance of a sample from the separating plane that was asked for");
    updates = series("cell/updates", "updates",
                     "updates until every sample is right; the limit where it was not solved");
    largest_share = value("map/largest_share", "", "largest updates / proven bound of all cells");
    unsolved = value("map/unsolved", "cells", "not solved within the limit");
    map = array("map/updates", "updates", "updates until every sample is right, up to the limit",
                ArrayForm::field);
    map_extent = array("map/updates_extent", "", "step sizes and half gaps of the map's edges",
                       ArrayForm::vector);
    shares = array("map/shares", "", "updates / proven bound", ArrayForm::field);
    shares_extent = array("map/shares_extent", "", "step sizes and half gaps of the map's edges",
                          ArrayForm::vector);
    cells = array("map/cells", "updates", "updates of each cell against its step size",
                  ArrayForm::points, {"gamma", "updates"});
  }
};

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

// --- [SECTION] run
// ----------------------------------------------------------------------------------

// Equal steps of the logarithm; cell i of n covers edge(i) .. edge(i + 1), and stands for its
// middle.
struct LogRange {
  double low, high;
  std::size_t cells;

  double at(double cell) const { return geometric(low, high, cell / static_cast<double>(cells)); }
  double edge(std::size_t i) const { return at(static_cast<double>(i)); }
  double middle(std::size_t i) const { return at(static_cast<double>(i) + 0.5); }
};

// The cells of a grid, a coarse grid first and then those between them, until all are there.
struct Refinement {
  struct Cell {
    std::size_t row, column;
    std::size_t side;  // of the square of cells that it stands for, until others are known
  };
  std::vector<Cell> cells;
  std::vector<std::size_t> grid_ends;  // how many cells make each grid

  Refinement(std::size_t rows, std::size_t columns) {
    constexpr std::size_t kCoarsest = 8;
    for (std::size_t side = kCoarsest; side > 0; side /= 2) {
      for (std::size_t row = 0; row < rows; row += side) {
        for (std::size_t column = 0; column < columns; column += side) {
          const bool was_there =
              side < kCoarsest && row % (2 * side) == 0 && column % (2 * side) == 0;
          if (!was_there) cells.push_back({row, column, side});
        }
      }
      if (grid_ends.empty() || grid_ends.back() < cells.size()) grid_ends.push_back(cells.size());
    }
  }
};

class MapRun final : public Run {
 public:
  MapRun(const Config& config, const RunContext& context)
      : learner_(config.text("learner") == "lr_gd" ? Learner::lr_gd : Learner::normalized_lr_gd),
        limit_(static_cast<std::uint64_t>(config.integer("limit"))),
        gammas_{config.real("gamma_from"), config.real("gamma_to"),
                static_cast<std::size_t>(config.integer("columns"))},
        gaps_{config.real("half_gap_from"), config.real("half_gap_to"),
              static_cast<std::size_t>(config.integer("rows"))},
        refinement_(gaps_.cells, gammas_.cells),
        answers_(context.backend) {
    if (!(gammas_.low < gammas_.high))
      throw Error("the step sizes end where they begin, or before", "fields gamma_from, gamma_to",
                  "gamma_from smaller than gamma_to");
    if (!(gaps_.low < gaps_.high))
      throw Error("the half gaps end where they begin, or before",
                  "fields half_gap_from, half_gap_to", "half_gap_from smaller than half_gap_to");
    // All sets are there from the beginning, so that a step allocates nothing.
    const auto samples = static_cast<std::size_t>(config.integer("samples"));
    const auto features = static_cast<std::size_t>(config.integer("features"));
    sets_.reserve(gaps_.cells);
    descents_.reserve(gaps_.cells);
    Digest digest;
    for (std::size_t row = 0; row < gaps_.cells; ++row) {
      const Dataset dataset =
          separable_gaussians(samples, features, gaps_.middle(row), context.seed).dataset;
      digest.text(lab::digest(dataset));
      sets_.push_back(separable::signed_samples(dataset, false));
      descents_.emplace_back(learner_, sets_.back(), 1, context.math);
    }
    data_digest_ = digest.hex();
    zero_.assign(features, 0);
    margins_.resize(sets_.size());
    updates_.reserve(cells());
    shares_.reserve(cells());
  }

  void begin(Recorder& recorder) override {
    for (std::size_t row = 0; row < sets_.size(); ++row)
      margins_[row] = separable::hard_margin(sets_[row]).lower;
    recorder.value(recordings().unsolved, 0);
  }

  bool step(Recorder& recorder) override {
    const Recordings& r = recordings();
    const Refinement::Cell& cell = refinement_.cells[updates_.size()];
    const std::size_t set = set_of(cell);
    const double gamma = gammas_.middle(cell.column);
    const std::optional<SolveSweep::Solved> known = answers_.at(updates_.size());
    const SolveSweep::Solved found = known ? *known : descended(set, gamma);
    const auto count = static_cast<double>(found.updates);
    const double share = count / separable::updates_bound(learner_, sets_[set].count(),
                                                          sets_[set].radius, margins_[set], gamma);
    updates_.push_back(count);
    shares_.push_back(share);
    recorder.series(r.step_size, gamma);
    recorder.series(r.half_gap, gaps_.middle(set));
    recorder.series(r.updates, count);
    // Where it stopped at the limit the true share is larger, and the bound may still be far away.
    recorder.value(r.largest_share, std::max(share, recorder.value(r.largest_share).value_or(0)));
    if (!found.solved) recorder.value(r.unsolved, recorder.value(r.unsolved).value_or(0) + 1);
    return updates_.size() < cells();
  }

  // As fine as it is known: a cell that is not yet has the number of the coarser one about it.
  void observe(Recorder& recorder) const override {
    const Recordings& r = recordings();
    std::vector<double> points;
    for (std::size_t i = 0; i < updates_.size(); ++i) {
      points.push_back(gammas_.middle(refinement_.cells[i].column));
      points.push_back(updates_[i]);
    }
    if (points.empty()) return;
    recorder.array(r.cells, std::array<std::size_t, 2>{updates_.size(), 2}, points);
    if (updates_.size() < refinement_.grid_ends.front()) return;
    const std::array<double, 4> extent = {gammas_.low, gammas_.high, gaps_.low, gaps_.high};
    const auto field = [&](std::size_t recording, std::size_t extent_of,
                           const std::vector<double>& values) {
      recorder.array(recording, std::array<std::size_t, 2>{gaps_.cells, gammas_.cells},
                     painted(values));
      recorder.array(extent_of, std::array<std::size_t, 1>{extent.size()}, extent);
    };
    field(r.map, r.map_extent, updates_);
    field(r.shares, r.shares_extent, shares_);
  }

  std::vector<Explanation> explain(const Recorder& recorder) const override {
    // Of the finest grid that is complete, the row of the narrowest gap.
    std::size_t known = 0;
    for (const std::size_t end : refinement_.grid_ends)
      if (end <= updates_.size()) known = end;
    if (known == 0) return {};
    std::size_t row = 0;
    for (std::size_t i = 0; i < known; ++i) row = std::max(row, refinement_.cells[i].row);
    double best = static_cast<double>(limit_), first = 0, last = 0;
    std::size_t largest_step = 0;
    for (std::size_t i = 0; i < known; ++i) {
      const Refinement::Cell& cell = refinement_.cells[i];
      if (cell.row != row) continue;
      best = std::min(best, updates_[i]);
      if (cell.column == 0) first = updates_[i];
      if (cell.column < largest_step) continue;
      largest_step = cell.column;
      last = updates_[i];
    }
    const double unsolved = recorder.value(recordings().unsolved).value_or(0);
    std::string text =
        "With half gap " + plain_text(gaps_.middle(gaps_.cells - 1 - row), 3) +
        " the smallest step needs " + plain_text(first) + " updates, the best one " +
        plain_text(best) + ", and the largest " + plain_text(last) +
        ". While steps are small an update moves theta by gamma times the gradient, and ten "
        "times the step saves nine of ten updates. When gamma outgrows 1 / margin each "
        "update is one of the perceptron that the method becomes, and larger steps only "
        "stretch theta.";
    if (unsolved > 0) {
      text += " " + plain_text(unsolved) + (unsolved == 1 ? " cell was" : " cells were") +
              " not solved within the limit of " + std::to_string(limit_) + " updates.";
    }
    return {{"what-large-steps-save", "What do larger steps save?", std::move(text)}};
  }

  void save(ByteWriter& writer) const override {
    writer.f64s(margins_);
    writer.u64(updates_.size());
    writer.f64s(updates_);
    writer.f64s(shares_);
  }

  void restore(ByteReader& reader) override {
    reader.f64s(std::span(margins_));
    const auto size = static_cast<std::size_t>(reader.u64());
    for (std::vector<double>* values : {&updates_, &shares_}) {
      values->resize(size);
      reader.f64s(std::span(*values));
    }
  }

  std::string data_digest() const override { return data_digest_; }
  std::uint64_t step_limit() const override { return cells(); }

  bool ready() override {
    return answers_.ready(updates_.size(),
                          [this](std::shared_ptr<Backend> on) { return sweep(std::move(on)); });
  }
  const DeviceFailure* device_failure() const override { return answers_.failure(); }
  void leave_backend() override { answers_.leave(updates_.size()); }
  void take_answers(const Run& from) override {
    answers_.take(static_cast<const MapRun&>(from).answers_);
  }

 private:
  std::size_t cells() const { return refinement_.cells.size(); }
  // From the widest gap down: the easy sets first.
  std::size_t set_of(const Refinement::Cell& cell) const { return gaps_.cells - 1 - cell.row; }

  SolveSweep sweep(std::shared_ptr<Backend> backend) const {
    std::vector<SolveSweep::Cell> all;
    for (const Refinement::Cell& cell : refinement_.cells)
      all.push_back({set_of(cell), gammas_.middle(cell.column)});
    return {std::move(backend), sets_, std::move(all), refinement_.grid_ends, limit_};
  }

  // What the CPU finds.
  SolveSweep::Solved descended(std::size_t set, double gamma) {
    Descent& descent = descents_[set];
    descent.restart(gamma, zero_);
    while (descent.updates() < limit_ && descent.finite()) {
      descent.update();
      if (descent.solved()) break;
    }
    const bool solved = descent.updates() > 0 && descent.solved() && descent.finite();
    return {solved ? descent.updates() : limit_, solved};
  }

  // The values of the cells so far on the grid, the least gap first.
  std::vector<double> painted(const std::vector<double>& values) const {
    std::vector<double> grid(cells());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto [row, column, side] = refinement_.cells[i];
      const std::size_t last = std::min(column + side, gammas_.cells);
      for (std::size_t y = row; y < std::min(row + side, gaps_.cells); ++y) {
        double* const line = grid.data() + (gaps_.cells - 1 - y) * gammas_.cells;
        std::fill(line + column, line + last, values[i]);
      }
    }
    return grid;
  }

  Learner learner_;
  std::uint64_t limit_;
  LogRange gammas_, gaps_;
  Refinement refinement_;
  std::vector<SignedSamples> sets_;  // by half gap, the least first
  std::vector<double> margins_;      // certified lower ends
  std::vector<Descent> descents_;
  std::string data_digest_;
  std::vector<double> zero_;

  std::vector<double> updates_, shares_;  // of the cells so far, in the order of the refinement

  SweepAnswers<SolveSweep> answers_;
};

// --- [SECTION] claims
// -------------------------------------------------------------------------------

double largest_share(ClaimContext& context, std::string_view learner) {
  const Recorder recorder = context.run({{"learner", std::string(learner)},
                                         {"columns", std::int64_t{12}},
                                         {"rows", std::int64_t{8}},
                                         {"limit", std::int64_t{1'000'000}}});
  return recorder.value(recordings().unsolved).value_or(1) > 0
             ? 1e300
             : recorder.value(recordings().largest_share).value_or(1e300);
}

// Updates of LR+GD with each of two step sizes on one set: the second over the first.
double ratio_of_updates(ClaimContext& context, double first, double second) {
  const auto updates = [&](double gamma) {
    const Recorder recorder = context.run({{"learner", "lr_gd"},
                                           {"columns", std::int64_t{1}},
                                           {"rows", std::int64_t{1}},
                                           {"gamma_from", gamma / 1.01},
                                           {"gamma_to", gamma * 1.01},
                                           {"half_gap_from", 0.09},
                                           {"half_gap_to", 0.11},
                                           {"limit", std::int64_t{10'000'000}}});
    return recorder.buckets(recordings().updates).back().last;
  };
  const double one = updates(first);
  return updates(second) / one;
}

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  return {
      {.id = "map-below-bound",
       .sentence =
           "Normalised LR+GD needs at most R^2 / mu^2 + 2 log(2n - 1) / (gamma mu^2) updates, "
           "everywhere on the map.",
       .source = "Theorem 6.1",
       .paper_value = "R^2 / mu^2 + 2 log(2n - 1) / (gamma mu^2)",
       .kind = bound,
       .metric = "largest updates / bound of 96 cells; 1e300 where one was not solved in a million "
                 "updates",
       .comparison = at_most,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure = [](ClaimContext& context) { return largest_share(context, "normalized_lr_gd"); }},
      {.id = "map-below-bound-lr",
       .sentence = "LR+GD needs at most 2n times as many.",
       .source = "not in the paper: follows from the lemma of Theorem 6.1",
       .paper_value = "",
       .kind = bound,
       .metric = "largest updates / bound of 96 cells; 1e300 where one was not solved in a million "
                 "updates",
       .comparison = at_most,
       .threshold = 1,
       .seeds = 20,
       .remark = "",
       .measure = [](ClaimContext& context) { return largest_share(context, "lr_gd"); }},
      {.id = "small-steps-are-wasted",
       .sentence = "While steps are small, ten times the step size needs a tenth of the updates.",
       .source = "Section 6, figures (gamma = 0.001 .. 100); the data are ours: half gap 0.1",
       .paper_value = "smooth and slow for small steps",
       .kind = trend,
       .metric = "|updates with gamma = 0.001 over those with 0.01, divided by 10, minus 1|",
       .comparison = at_most,
       .threshold = 0.05,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return std::abs(ratio_of_updates(context, 0.01, 0.001) / 10 - 1);
           }},
      {.id = "large-steps-are-equal",
       .sentence = "When steps are large, larger ones change nothing: they are the perceptron's.",
       .source = "Theorem 3.2; the data are ours: half gap 0.1",
       .paper_value = "limit for gamma to infinity",
       .kind = trend,
       .metric = "|updates with gamma = 1e6 over those with 1e4, minus 1|",
       .comparison = at_most,
       .threshold = 0.05,
       .seeds = 20,
       .remark = "A limit: with gamma = 1e4 and this gap a few seeds have not come to it.",
       .measure =
           [](ClaimContext& context) { return std::abs(ratio_of_updates(context, 1e4, 1e6) - 1); }},
  };
}

// --- [SECTION] description
// --------------------------------------------------------------------------

std::vector<Figure> figures() {
  const Axis step_sizes = {.label = "step size γ", .unit = "", .log = true};
  const Axis gaps = {.label = "half gap of the data", .unit = "", .log = true};
  return {
      {.name = "map",
       .title = "Updates until every sample is right",
       .form = Form::heat_map,
       .x = step_sizes,
       .y = gaps,
       .sources = {{"map/updates", "updates"}},
       .caption =
           "Dark: few updates. To the right of 1/gap the map no longer changes: there gradient "
           "descent is a perceptron.",
       .absent = "a coarse map is on its way",
       .colour = {.label = "updates", .unit = "", .log = true}},
      {.name = "shares",
       .title = "Updates as a share of the proven bound",
       .form = Form::heat_map,
       .x = step_sizes,
       .y = gaps,
       .sources = {{"map/shares", "share"}},
       .caption = "Nowhere above 1: the bound holds, with much room where steps are large.",
       .absent = "a coarse map is on its way",
       .colour = {.label = "updates / bound", .unit = "", .log = true}},
      {.name = "updates",
       .title = "Updates of every cell",
       .form = Form::scatter,
       .x = step_sizes,
       .y = {.label = "updates", .unit = "", .log = true},
       .sources = {{"map/cells", "updates"}},
       .caption =
           "A point for each set: the higher, the narrower its gap. On the left ten times the "
           "step saves nine of ten updates, on the right it saves nothing.",
       .groups = {"updates"}},
  };
}

Schema schema() {
  FieldList fields;
  fields.group("data");
  fields.integer("samples", 200, {4, 5000}, "separable Gaussians: how many",
                 {.log_scale = true, .unit = "samples"});
  fields.integer("features", 10, {1, 50}, "of each sample",
                 {.log_scale = true, .unit = "features"});
  fields.real("half_gap_from", 0.01, {1e-4, 10},
              "least distance from the separating plane: the hardest set", {.log_scale = true});
  fields.real("half_gap_to", 1, {1e-4, 10}, "the easiest set", {.log_scale = true});
  fields.integer("rows", 24, {1, 100}, "how many sets", {.log_scale = true, .unit = "sets"});
  fields.group("method");
  fields.choice("learner", "lr_gd",
                {{"lr_gd", "logistic regression by gradient descent"},
                 {"normalized_lr_gd", "the paper's method: normalised steps"}},
                "who has to solve them");
  fields.real("gamma_from", 0.01, {1e-6, 1e12}, "smallest step size", {.log_scale = true});
  fields.real("gamma_to", 1e6, {1e-6, 1e12}, "largest step size", {.log_scale = true});
  fields.integer("columns", 48, {1, 200}, "how many step sizes",
                 {.log_scale = true, .unit = "step sizes"});
  fields.group("run");
  fields.integer("limit", 20'000, {1, 1e7}, "give up after so many",
                 {.log_scale = true, .unit = "updates"});
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment lr_gd_step_size_map() {
  return {
      .id = "lr-gd-step-size-map",
      .title = "What large steps save: a map over step size and margin",
      .family = "separable",
      .paper = {.title = "From Logistic Regression to the Perceptron Algorithm: Exploring Gradient "
                         "Descent with Large Step Sizes",
                .authors = "Alexander Tyurin",
                .link = "arXiv:2412.08424",
                .year = 2024},
      .problem =
          "Gradient descent on the logistic loss separates separable data with steps of any size. "
          "How "
          "many updates it needs depends on the step size and on how wide the gap between the "
          "classes "
          "is. This map solves sets from the widest gap to the narrowest with steps from tiny to "
          "huge: a coarse map first, which then is refined.",
      .equation = "θ ← θ + (γ / n) ∑ s_i z_i   until z_i · θ > 0 for all i",
      .how_to_fail =
          "A limit that is too low leaves the corner of small steps and narrow gaps unsolved; "
          "the bound is a promise of the separable case only.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<MapRun>(config, context);
      },
      .backend = descents_on_webgpu([](const Config& config) -> std::string {
        if (config.text("learner") == "lr_gd") return "";
        return "a device descends with the steps of lr_gd, not with normalised ones";
      }),
  };
}

}  // namespace lab
