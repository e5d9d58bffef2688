// Who takes part in a race of block coordinate descents, and what is recorded of each?
// J. Nutini, I. Laradji and M. Schmidt, arXiv:1712.08859.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/config.h"
#include "experiment/recording_list.h"
#include "experiment/separable/block_problem.h"
#include "method/separable/block_descent.h"

namespace lab::block_race {

using separable::Blocks;
using separable::Rule;
using separable::Update;

// What competes: rules with one update, updates with one rule, kinds of blocks, or a graph's
// blocks.
enum class Race { rules, updates, blocks, trees };

struct Racer {
  std::string_view name;
  std::string_view label;
  Race race;
  // What sets it apart from the others of its race; the rest comes from the config.
  std::optional<Rule> rule = {};
  std::optional<Update> update = {};
  std::optional<Blocks> blocks = {};
};

// All of them; their order is that of their colours.
inline constexpr std::array kRacers = {
    Racer{"random", "random", Race::rules, Rule::random},
    Racer{"cyclic", "cyclic", Race::rules, Rule::cyclic},
    Racer{"lipschitz", "Lipschitz sampling", Race::rules, Rule::lipschitz},
    Racer{"gs", "GS", Race::rules, Rule::gs},
    Racer{"gsl", "GSL", Race::rules, Rule::gsl},
    Racer{"gsd", "GSD", Race::rules, Rule::gsd},
    Racer{"gsd_rows", "GSD, row sums", Race::rules, Rule::gsd_rows},
    Racer{"gsq", "GSQ", Race::rules, Rule::gsq},
    Racer{"gsq_iht", "GSQ, thresholding", Race::rules, Rule::gsq_iht},
    Racer{"gradient", "gradient", Race::updates, {}, Update::gradient},
    Racer{"matrix", "matrix", Race::updates, {}, Update::matrix},
    Racer{"newton", "Newton", Race::updates, {}, Update::newton},
    Racer{"approximation", "Lipschitz estimates", Race::updates, {}, Update::approximation},
    Racer{"variable", "variable", Race::blocks, {}, {}, Blocks::variable},
    Racer{"order", "fixed, as stored", Race::blocks, {}, {}, Blocks::order},
    Racer{"sort", "fixed, sorted by L", Race::blocks, {}, {}, Blocks::sort},
    Racer{"avg", "fixed, mixed by L", Race::blocks, {}, {}, Blocks::avg},
    Racer{"hsort", "fixed, sorted by row sum", Race::blocks, {}, {}, Blocks::hsort},
    Racer{"havg", "fixed, mixed by row sum", Race::blocks, {}, {}, Blocks::havg},
    Racer{"small_random", "n^(1/3) nodes, random", Race::trees, Rule::random, Update::matrix,
          Blocks::variable},
    Racer{"small_greedy", "n^(1/3) nodes, GSQ", Race::trees, Rule::gsq, Update::matrix,
          Blocks::variable},
    Racer{"colours", "red-black", Race::trees, Rule::cyclic, Update::matrix, Blocks::colours},
    Racer{"trees", "fixed trees", Race::trees, Rule::cyclic, Update::matrix, Blocks::trees},
    Racer{"growing_tree", "greedy tree", Race::trees, Rule::gsd, Update::matrix,
          Blocks::growing_tree},
};
inline constexpr std::size_t kCount = kRacers.size();

// The race that the config asks for.
Race race_of(const Config& config);

// A racer's method: what sets it apart, and the config's fields rule, update, blocks and
// block_size.
separable::BlockMethod method_of(const Racer& racer, const Config& config,
                                 const BlockProblem& problem);

// Positions in the list of recordings.
struct RacerRecordings {
  std::size_t gap, guaranteed, actual, operations, work, coordinate, nonzeros, support_difference;
  std::size_t log_gap, largest_excess, identified;
  std::size_t promise;  // rules only
};

struct Recordings : RecordingList {
  std::array<RacerRecordings, kCount> of;
  std::size_t coordinates, samples, optimum, start, nonzeros, lipschitz_ratio;
  std::size_t lipschitz, promises, diagonal, raster, nodes, field, extent;

  Recordings();
};

const Recordings& recordings();

}  // namespace lab::block_race
