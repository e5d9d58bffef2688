// Which coordinates to move next, and how?
// J. Nutini, I. Laradji and M. Schmidt, "Let's Make Block Coordinate Descent Converge Faster",
// arXiv:1712.08859.
//
// Several block coordinate descents race on one problem from the same point: all rules with one
// update, all updates with one rule, all ways to form blocks, or the blocks of a graph. [SECTION]
// marks: run, figures, description.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/numerics.h"
#include "core/random.h"
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/separable/block_claims.h"
#include "experiment/separable/block_explanations.h"
#include "experiment/separable/block_problem.h"
#include "experiment/separable/block_race.h"
#include "method/linear_algebra.h"
#include "method/separable/block_descent.h"

namespace lab {
namespace {

using block_race::kCount;
using block_race::kRacers;
using block_race::Race;
using block_race::Racer;
using block_race::RacerRecordings;
using block_race::Recordings;
using block_race::recordings;
using separable::BlockDescent;
using separable::BlockProgress;
using separable::Blocks;
using separable::Penalty;
using separable::Rule;
using separable::Update;

// --- [SECTION] run -----------------------------------------------------------------------------

constexpr double kLeastGap = 1e-16;
constexpr std::size_t kStretches = 100;  // columns of the raster
constexpr std::size_t kMostRows = 100;   // of the raster: coordinates or groups of them

double log10(double number) {
  return lab::log(number) / 2.302585092994046;
}

// Every so many steps of one method, evenly spread over what has been, in fixed memory.
class History {
 public:
  struct Entry {
    double operations, gap, guaranteed, actual;
  };

  void add(std::uint64_t step, const Entry& entry) {
    if (step % stride_ != 0) return;
    if (size_ == kCapacity) {
      for (std::size_t k = 0; k < kCapacity / 2; ++k) entries_[k] = entries_[2 * k];
      size_ = kCapacity / 2;
      stride_ *= 2;
      if (step % stride_ != 0) return;
    }
    entries_[size_++] = entry;
  }
  std::span<const Entry> entries() const { return std::span(entries_).first(size_); }

  void save(ByteWriter& writer) const {
    writer.u64(stride_);
    writer.u64(size_);
    for (const Entry& entry : entries()) {
      for (const double number : {entry.operations, entry.gap, entry.guaranteed, entry.actual}) {
        writer.f64(number);
      }
    }
  }
  void restore(ByteReader& reader) {
    stride_ = reader.u64();
    const std::uint64_t size = reader.u64();
    if (stride_ == 0 || size > kCapacity) reader.fail("no history", "at most 128 entries");
    size_ = static_cast<std::size_t>(size);
    for (Entry& entry : std::span(entries_).first(size_)) {
      for (double* number : {&entry.operations, &entry.gap, &entry.guaranteed, &entry.actual}) {
        *number = reader.f64();
      }
    }
  }

 private:
  static constexpr std::size_t kCapacity = 128;
  std::array<Entry, kCapacity> entries_ = {};
  std::size_t size_ = 0;
  std::uint64_t stride_ = 1;
};

struct Contestant {
  std::size_t racer;
  BlockDescent descent;
  std::vector<double> touches = {};  // p
  History history = {};
  double gap = 1;
  bool done = false;
  std::optional<std::uint64_t> identified = {};
};

class BlockDescentRun final : public Run {
 public:
  BlockDescentRun(const Config& config, const RunContext& context)
      : problem_(block_problem(config, context)),
        limit_(static_cast<std::uint64_t>(config.integer("max_iterations"))),
        stop_at_(config.real("stop_at")),
        p_(problem_.objective.dimension()) {
    const Race race = block_race::race_of(config);
    for (std::size_t k = 0; k < kCount; ++k) {
      const Racer& racer = kRacers[k];
      if (racer.race != race) continue;
      if (race == Race::rules && !config.flag(racer.name)) continue;
      contestants_.push_back(
          {.racer = k,
           .descent = BlockDescent(
               problem_.objective, block_race::method_of(racer, config, problem_), problem_.start,
               Stream(context.seed, "block_descent/" + std::string(racer.name)), context.math)});
      contestants_.back().touches.resize(p_);
    }
    if (contestants_.empty()) {
      throw Error("no rule is switched on", "fields random .. gsq_iht",
                  "at least one of them true");
    }
    watch(config.text("watch"));
    // By how steep they are: the rows of the raster.
    std::vector<std::uint32_t> order(p_);
    separable::order_by_score(problem_.objective.lipschitz, order);
    group_ = (p_ + kMostRows - 1) / kMostRows;
    row_.resize(p_);
    for (std::size_t rank = 0; rank < p_; ++rank) row_[order[rank]] = rank / group_;
    raster_.resize(((p_ + group_ - 1) / group_) * kStretches);
    stretch_ = (limit_ + kStretches - 1) / kStretches;
    const BlockDescent& watched = contestants_[watched_].descent;
    if (race == Race::rules && config.flag("promises") &&
        watched.method().blocks == Blocks::variable &&
        problem_.objective.penalty == Penalty::none) {
      chooser_.emplace(problem_.objective, watched.method().size, true);
      block_.resize(watched.method().size);
      factor_.resize(block_.size() * block_.size());
      solution_.resize(block_.size());
      gradient_.resize(p_);
      scratch_ = Matrix::from_shape({block_.size(), block_.size()});
    }
  }

  void begin(Recorder& recorder) override {
    const Recordings& r = recordings();
    const separable::Objective& objective = problem_.objective;
    const separable::Optimum optimum = separable::minimize(objective, problem_.start);
    optimum_ = optimum.value;
    first_gap_ = contestants_.front().descent.value() - optimum_;
    optimum_x_ = optimum.x;
    recorder.value(r.coordinates, static_cast<double>(p_));
    recorder.value(r.samples, objective.loss == separable::Loss::graph
                                  ? static_cast<double>(objective.graph.weights.size() / 2)
                                  : static_cast<double>(objective.samples()));
    recorder.value(r.optimum, optimum_);
    recorder.value(r.start, contestants_.front().descent.value());
    const auto [least, most] = std::ranges::minmax(objective.lipschitz);
    recorder.value(r.lipschitz_ratio, most / least);
    if (objective.penalty != Penalty::none) {
      recorder.value(r.nonzeros, static_cast<double>(p_ - zeros(optimum_x_)));
    }
    for (Contestant& contestant : contestants_) record(recorder, contestant);
    promise(recorder);
  }

  bool step(Recorder& recorder) override {
    ++step_;
    bool more = false;
    for (Contestant& contestant : contestants_) {
      if (contestant.done) continue;
      contestant.descent.update();
      for (const std::uint32_t i : contestant.descent.block()) contestant.touches[i] += 1;
      record(recorder, contestant);
      more = more || !contestant.done;
    }
    const Contestant& watched = contestants_[watched_];
    if (watched.descent.updates() == step_) {
      const std::size_t column = static_cast<std::size_t>((step_ - 1) / stretch_);
      for (const std::uint32_t i : watched.descent.block()) {
        raster_[row_[i] * kStretches + column] += 1;
      }
    }
    promise(recorder);
    return more && step_ < limit_;
  }

  void observe(Recorder& recorder) const override {
    const Recordings& r = recordings();
    std::vector<double> constants;
    for (const double constant : problem_.objective.lipschitz) constants.push_back(log10(constant));
    recorder.array(r.lipschitz, std::array<std::size_t, 1>{p_}, constants);
    std::vector<double> promises;
    for (const Contestant& contestant : contestants_) {
      const auto who = static_cast<double>(contestant.racer);
      std::vector<double> work;
      for (const History::Entry& entry : contestant.history.entries()) {
        if (entry.guaranteed > 0 && entry.actual > 0) {
          promises.insert(promises.end(), {log10(entry.guaranteed), log10(entry.actual), who});
        }
        if (entry.operations > 0) work.insert(work.end(), {entry.operations, entry.gap});
      }
      if (work.empty()) continue;
      recorder.array(r.of[contestant.racer].work, std::array<std::size_t, 2>{work.size() / 2, 2},
                     work);
    }
    recorder.array(r.promises, std::array<std::size_t, 2>{promises.size() / 3, 3}, promises);
    recorder.array(r.diagonal, std::array<std::size_t, 1>{3}, std::array<double, 3>{-1, 1, 0});
    recorder.array(r.raster, std::array<std::size_t, 2>{raster_.size() / kStretches, kStretches},
                   raster_);
    observe_graph(recorder);
  }

  std::vector<Explanation> explain([[maybe_unused]] const Recorder& recorder) const override {
    std::vector<BlockProgress> all;
    double operations = HUGE_VAL;
    for (const Contestant& contestant : contestants_) {
      all.push_back({.label = std::string(kRacers[contestant.racer].label),
                     .descent = &contestant.descent,
                     .touches = contestant.touches,
                     .gap = contestant.gap,
                     .arrived = contestant.done,
                     .identified = contestant.identified});
      operations = std::min(operations, contestant.descent.operations());
    }
    std::vector<separable::AtEqualWork> at_equal_work;
    for (std::size_t k = 0; k < contestants_.size(); ++k) {
      double gap = 1;
      for (const History::Entry& entry : contestants_[k].history.entries()) {
        if (entry.operations <= operations) gap = entry.gap;
      }
      at_equal_work.push_back({all[k].label, gap});
    }
    std::vector<Explanation> explanations;
    const auto add = [&](std::optional<Explanation> explanation) {
      if (explanation) explanations.push_back(std::move(*explanation));
    };
    add(separable::who_is_ahead(all, operations, at_equal_work));
    if (problem_.objective.penalty != Penalty::none && !optimum_x_.empty()) {
      add(separable::whether_the_zeros_are_found(all, p_ - zeros(optimum_x_)));
    }
    add(separable::why_the_same_coordinates(problem_.objective, all[watched_]));
    add(separable::what_the_last_step_brought(all[watched_]));
    return explanations;
  }

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    writer.f64(optimum_);
    writer.f64(first_gap_);
    writer.f64s(optimum_x_);
    writer.f64s(raster_);
    for (const Contestant& contestant : contestants_) {
      contestant.descent.save(writer);
      contestant.history.save(writer);
      writer.f64s(contestant.touches);
      writer.f64(contestant.gap);
      writer.boolean(contestant.done);
      writer.boolean(contestant.identified.has_value());
      writer.u64(contestant.identified.value_or(0));
    }
  }

  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    optimum_ = reader.f64();
    first_gap_ = reader.f64();
    optimum_x_.resize(p_);
    reader.f64s(std::span(optimum_x_));
    reader.f64s(std::span(raster_));
    for (Contestant& contestant : contestants_) {
      contestant.descent.restore(reader);
      contestant.history.restore(reader);
      reader.f64s(std::span(contestant.touches));
      contestant.gap = reader.f64();
      contestant.done = reader.boolean();
      const bool identified = reader.boolean();
      const std::uint64_t at = reader.u64();
      contestant.identified = identified ? std::optional(at) : std::nullopt;
    }
  }

  std::string data_digest() const override { return problem_.digest; }
  std::uint64_t step_limit() const override { return limit_; }

 private:
  void watch(const std::string& name) {
    const auto is = [](std::string_view wanted) {
      return [wanted](const Contestant& contestant) {
        return kRacers[contestant.racer].name == wanted;
      };
    };
    auto found = std::ranges::find_if(contestants_, is(name == "auto" ? "gs" : name));
    if (found == contestants_.end()) {
      if (name != "auto") {
        throw Error("'" + name + "' takes no part in this race", "field watch",
                    "auto, or a method of the race that is switched on, such as '" +
                        std::string(kRacers[contestants_.front().racer].name) + "'");
      }
      found = contestants_.end() - 1;
    }
    watched_ = static_cast<std::size_t>(found - contestants_.begin());
  }

  static std::size_t zeros(std::span<const double> x) {
    return static_cast<std::size_t>(std::ranges::count(x, 0.0));
  }

  void record(Recorder& recorder, Contestant& contestant) {
    const RacerRecordings& r = recordings().of[contestant.racer];
    const BlockDescent& descent = contestant.descent;
    const double left = descent.value() - optimum_;
    contestant.gap = first_gap_ > 0 ? std::max(left / first_gap_, kLeastGap) : kLeastGap;
    contestant.done = contestant.gap <= stop_at_;
    recorder.series(r.gap, contestant.gap);
    recorder.value(r.log_gap, log10(contestant.gap));
    recorder.series(r.operations, descent.operations());
    if (descent.updates() > 0) {
      recorder.series(r.guaranteed, descent.guaranteed());
      recorder.series(r.actual, descent.actual());
      recorder.series(r.coordinate, static_cast<double>(descent.block()[0] + 1));
      recorder.value(r.largest_excess, descent.largest_excess());
    }
    contestant.history.add(step_, {.operations = descent.operations(),
                                   .gap = contestant.gap,
                                   .guaranteed = descent.guaranteed(),
                                   .actual = descent.actual()});
    if (problem_.objective.penalty == Penalty::none) return;
    const std::span<const double> x = descent.point().x();
    std::size_t different = 0;
    for (std::size_t i = 0; i < p_; ++i) different += (x[i] == 0) != (optimum_x_[i] == 0) ? 1 : 0;
    recorder.series(r.nonzeros, static_cast<double>(p_ - zeros(x)));
    recorder.series(r.support_difference, static_cast<double>(different));
    if (different > 0) {
      contestant.identified.reset();
      recorder.clear(r.identified);
    } else if (!contestant.identified) {
      contestant.identified = descent.updates();
      recorder.value(r.identified, static_cast<double>(descent.updates()));
    }
  }

  // What the block of each greedy rule would be sure to bring where the watched method is.
  void promise(Recorder& recorder) {
    if (!chooser_) return;
    const separable::Objective& objective = problem_.objective;
    const BlockDescent& watched = contestants_[watched_].descent;
    watched.point().gradient(gradient_);
    for (const Contestant& contestant : contestants_) {
      const Rule rule = contestant.descent.method().rule;
      if (!separable::greedy(rule)) continue;
      chooser_->choose(rule, gradient_, block_);
      double squares = 0;
      for (std::size_t k = 0; k < block_.size(); ++k) {
        solution_[k] = gradient_[block_[k]];
        squares += solution_[k] * solution_[k];
      }
      double promised = 0;
      if (watched.method().update == Update::gradient ||
          watched.method().update == Update::approximation) {
        promised = squares / (2 * separable::block_lipschitz(objective, block_, scratch_));
      } else {
        separable::bound_block(objective, block_, factor_);
        cholesky(factor_, block_.size(), 1e-12);
        cholesky_solve(factor_, block_.size(), solution_);
        for (std::size_t k = 0; k < block_.size(); ++k) {
          promised += 0.5 * gradient_[block_[k]] * solution_[k];
        }
      }
      recorder.value(recordings().of[contestant.racer].promise, promised);
    }
  }

  void observe_graph(Recorder& recorder) const {
    if (problem_.positions.empty()) return;
    const Recordings& r = recordings();
    const std::span<const double> x = contestants_[watched_].descent.point().x();
    std::vector<double> rows;
    for (std::size_t i = 0; i < p_; ++i) {
      const int known = problem_.known[i];
      if (problem_.side > 0 && known < 0) continue;  // the field shows it
      const double group = known >= 0 ? 2 + known : x[i] > 0 ? 1 : x[i] < 0 ? 0 : 4;
      rows.insert(rows.end(), {problem_.positions[i][0], problem_.positions[i][1], group});
    }
    recorder.array(r.nodes, std::array<std::size_t, 2>{rows.size() / 3, 3}, rows);
    if (problem_.side == 0) return;
    recorder.array(r.field, std::array<std::size_t, 2>{problem_.side, problem_.side}, x);
    const double end = static_cast<double>(problem_.side) - 0.5;
    recorder.array(r.extent, std::array<std::size_t, 1>{4},
                   std::array<double, 4>{-0.5, end, -0.5, end});
  }

  BlockProblem problem_;
  std::uint64_t limit_;
  double stop_at_;
  std::size_t p_;
  std::vector<Contestant> contestants_;
  std::size_t watched_ = 0;
  double optimum_ = 0, first_gap_ = 0;
  std::vector<double> optimum_x_;

  std::uint64_t step_ = 0;
  std::uint64_t stretch_ = 1;
  std::size_t group_ = 1;
  std::vector<std::size_t> row_;  // of a coordinate in the raster
  std::vector<double> raster_;

  // For the promises; scratch.
  std::optional<separable::BlockChooser> chooser_;
  std::vector<std::uint32_t> block_;
  std::vector<double> gradient_, factor_, solution_;
  Matrix scratch_;
};

// --- [SECTION] figures -------------------------------------------------------------------------

std::vector<Source> sources(std::size_t RacerRecordings::*what, bool rules_only = false) {
  std::vector<Source> result;
  for (std::size_t k = 0; k < kCount; ++k) {
    if (rules_only && (kRacers[k].race != Race::rules || !separable::greedy(*kRacers[k].rule))) {
      continue;
    }
    result.push_back(
        {recordings().list[recordings().of[k].*what].name, std::string(kRacers[k].label)});
  }
  return result;
}

std::vector<Figure> figures() {
  using Of = RacerRecordings;
  std::vector<std::string> labels;
  for (const Racer& racer : kRacers) labels.emplace_back(racer.label);
  const Axis updates = {.label = "updates"};
  const Axis gap = {.label = "(F − F*) / (F₀ − F*)", .unit = "", .log = true};
  return {
      {.name = "gap",
       .title = "What is left of the gap, per update",
       .form = Form::lines,
       .x = updates,
       .y = gap,
       .sources = sources(&Of::gap),
       .caption = "All begin at the same point. The lower a line, the better its choice of "
                  "coordinates; what a choice costs is in the next figure.",
       .handles = {{Handle::Kind::vertical, "max_iterations"}}},
      {.name = "work",
       .title = "What is left of the gap, per operation",
       .form = Form::curves,
       .x = {.label = "multiplications and additions", .unit = "", .log = true},
       .y = gap,
       .sources = sources(&Of::work),
       .caption = "Greedy rules read the whole gradient for every block; on this axis they pay for "
                  "it.",
       .absent = "no step has been made yet"},
      {.name = "promise",
       .title = "What was sure and what was brought",
       .form = Form::scatter,
       .x = {.label = "log₁₀ of the guaranteed decrease"},
       .y = {.label = "log₁₀ of the decrease of F"},
       .sources = {{"race/promises", "steps"},
                   {.recording = "race/diagonal",
                    .label = "as much as was sure",
                    .reference = true}},
       .caption = "No step may lie below the line. How far above it lies says how much the upper "
                  "bound of the curvature gives away. Newton is sure only of a "
                  "ten-thousandth of its slope.",
       .absent = "no step has been made yet",
       .groups = labels},
      {.name = "raster",
       .title = "Which coordinates are moved",
       .form = Form::heat_map,
       .x = {.label = "hundredths of max_iterations"},
       .y = {.label = "coordinate, the steepest (largest L) on top"},
       .sources = {{"race/raster", "moves"}},
       .caption = "Of the method in 'watch' (GS at first). Bright rows are coordinates that it "
                  "takes again and again."},
      {.name = "scores",
       .title = "What each rule's block would be sure to bring now",
       .form = Form::bars,
       .x = {.label = "guaranteed decrease"},
       .y = {},
       .sources = sources(&Of::promise, true),
       .caption = "All rules asked at the point of the watched method. The gradient update is sure "
                  "of most with GSL, the matrix update with GSQ.",
       .absent = "for race = rules, blocks = variable and problems without a penalty"},
      {.name = "constants",
       .title = "Lipschitz constants of the coordinates",
       .form = Form::histogram,
       .x = {.label = "log₁₀ L_i"},
       .y = {.label = "share of the coordinates"},
       .sources = {{"data/lipschitz", "coordinates"}},
       .caption = "The wider it is, the more it matters that a rule divides by them."},
      {.name = "labels",
       .title = "Labels that spread over the graph",
       .form = Form::scatter,
       .x = {.label = "x1"},
       .y = {.label = "x2"},
       .sources = {{"graph/nodes", "nodes"}, {"graph/field", "x of the watched method"}},
       .caption = "x of the watched method: the known labels spread along the edges. Blue is below "
                  "0, orange above.",
       .absent = "choose problem = lattice or moons",
       .groups = {"x < 0", "x > 0", "known −1", "known +1", "x = 0 still"}},
      {.name = "support",
       .title = "Coordinates whose zero is not the optimum's",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "coordinates that differ", .unit = "coordinates"},
       .sources = sources(&Of::support_difference),
       .caption = "At 0 the active set is found; from there on Newton steps end it at once if "
                  "their block holds all of it.",
       .absent = "choose problem = lasso or nonnegative"},
      {.name = "nonzeros",
       .title = "Coordinates that are not 0",
       .form = Form::lines,
       .x = updates,
       .y = {.label = "active set", .unit = "coordinates"},
       .sources = sources(&Of::nonzeros),
       .caption = "Greedy rules add coordinates one block at a time and seldom a wrong one.",
       .absent = "choose problem = lasso or nonnegative"},
      {.name = "end",
       .title = "What is left of the gap at the end",
       .form = Form::bars,
       .x = gap,
       .y = {},
       .sources = sources(&Of::gap),
       .caption = "Shorter is better. With several seeds: the mean and its interval."},
  };
}

// --- [SECTION] description ---------------------------------------------------------------------

Schema schema() {
  FieldList fields = block_problem_fields();
  fields.group("method");
  fields.choice("race", "rules",
                {{"rules", "all rules that take a block, with one update"},
                 {"updates", "all updates of a block, with one rule"},
                 {"blocks", "variable blocks and all fixed partitions"},
                 {"trees", "on a graph: trees that are solved exactly, and general blocks"}},
                "what competes");
  fields.integer("block_size", 5, {1, 400}, "how many coordinates move at a time",
                 {.log_scale = true, .unit = "coordinates"});
  std::vector<Choice> rules;
  for (std::size_t k = 0; k < separable::kRules; ++k) {
    rules.push_back(
        {std::string(separable::name(static_cast<Rule>(k))), std::string(kRacers[k].label)});
  }
  fields.choice("rule", "gsd", std::move(rules),
                "which block is taken, where rules do not compete");
  fields.choice("update", "gradient",
                {{"gradient", "the gradient over the block's Lipschitz constant"},
                 {"matrix", "the block's upper bound of the Hessian, solved"},
                 {"newton", "the Hessian itself, with backtracking"},
                 {"approximation", "the gradient over an estimate that is doubled if need be"}},
                "how a block moves, where updates do not compete");
  fields.choice("blocks", "variable",
                {{"variable", "any set of coordinates"},
                 {"order", "a fixed partition, as the coordinates are stored"},
                 {"sort", "a fixed partition, by Lipschitz constant: large with large"},
                 {"avg", "a fixed partition, large with small"},
                 {"hsort", "as sort, by row sums of |H|"},
                 {"havg", "as avg, by row sums of |H|"}},
                "which blocks there are, where they do not compete");
  fields.group("rules");
  const auto rule = [&](std::size_t k, bool on, std::string help) {
    fields.flag(std::string(kRacers[k].name), on, std::move(help));
  };
  rule(0, true, "a random block");
  rule(1, true, "all blocks in turn; variable ones in a new random order each time");
  rule(2, false, "a random block, in proportion to its Lipschitz constant");
  rule(3, true, "Gauss-Southwell: the largest gradient");
  rule(4, true, "Gauss-Southwell-Lipschitz: the largest gradient over its Lipschitz constant");
  rule(5, true, "each coordinate's squared gradient over its own constant L_i");
  rule(6, false, "the same over row sums of |H|");
  rule(7, true, "the best block under the quadratic model; variable ones grown greedily");
  rule(8, false, "the same by iterative hard thresholding, as the published code has it");
  fields.group("run");
  fields.integer("max_iterations", 500, {1, 100'000}, "stop there",
                 {.log_scale = true, .unit = "updates"});
  fields.real("stop_at", 1e-12, {1e-15, 0.5},
              "a method rests when this share of the first gap is left",
              {.log_scale = true, .advanced = true});
  std::vector<Choice> watched = {{"auto", "GS, or the last of the race"}};
  for (const Racer& racer : kRacers) {
    watched.push_back({std::string(racer.name), std::string(racer.label)});
  }
  fields.choice("watch", "auto", std::move(watched), "whose moves and labels are drawn");
  fields.flag("promises", true, "ask all rules at every point of the watched method",
              {.advanced = true});
  for (std::size_t k = 0; k < separable::kRules; ++k) {
    fields.limit({kRacers[k].name}, {{"race", {"rules"}}});
  }
  fields.limit({"rule"}, {{"race", {"rules"}, true}});
  fields.limit({"update"}, {{"race", {"updates"}, true}});
  fields.limit({"promises"}, {{"race", {"rules"}}});
  return {1, std::move(fields.list)};
}

}  // namespace

Experiment block_coordinate_descent() {
  return {
      .id = "block-coordinate-descent",
      .title = "Block coordinate descent: which coordinates next?",
      .family = "separable",
      .paper = {.title =
                    "Let's Make Block Coordinate Descent Converge Faster: Faster Greedy Rules, "
                    "Message-Passing, Active-Set Complexity, and Superlinear Convergence",
                .authors = "Julie Nutini, Issam Laradji, Mark Schmidt",
                .link = "arXiv:1712.08859",
                .year = 2022},
      .problem =
          "A function of many numbers is minimised by moving only a few of them at a time. Three "
          "choices decide how fast that goes: which numbers form a block, which block is next, and "
          "how it moves. The old greedy rule takes the largest gradients; but where one coordinate "
          "is steep and another flat, a large gradient says little about what a step can bring. "
          "Rules that divide by the curvature are sure of more, and for some blocks, such as trees "
          "of a graph, a step can be solved exactly at no extra cost.",
      .equation =
          "x_b ← x_b − H_b⁻¹ ∇_b f(x),   b = argmax ∇_b f(x) · H_b⁻¹ ∇_b f(x)   (GSQ); "
          "with L_b in place of H_b: GSL",
      .how_to_fail =
          "Set update = matrix: on these badly scaled columns plain GS is then no better than a "
          "random "
          "choice, since it keeps returning to the steepest ones. Set spread = 0.01: with columns "
          "of "
          "little weight the ridge makes all curvatures alike, and GS, GSL and GSD become the same "
          "rule. Set update = approximation and look at the work figure: what is saved on "
          "constants "
          "is paid for in trials.",
      .schema = schema(),
      .recordings = recordings().list,
      .figures = figures(),
      .claims = block_descent_claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<BlockDescentRun>(config, context);
      },
  };
}

}  // namespace lab
