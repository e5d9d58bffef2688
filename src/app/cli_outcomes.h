// What came out of runs, over seeds: the numbers that a person compares, as tables and as JSON.
#pragma once

#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cli_text.h"
#include "core/json_fwd.h"
#include "experiment/experiment.h"
#include "session/results.h"

namespace lab {

// The seeds of one config; in a sweep, of one value of the swept field.
struct ConfigOutcome {
  std::optional<Value> swept;
  Results results;
};

// "<who>/<what>" in two; a name without a slash is a `what` of nobody.
std::pair<std::string_view, std::string_view> split_recording(std::string_view name);

// "series", "value", "array (table)".
std::string recording_kind_text(const Recording& recording);

// A field's value for reading: exact, and shorter than value_text where a power of ten makes it so:
// "1e12".
std::string value_label(const Value& value);

// What it means that a recording has no value: what its help says after "absent: ", else "-".
std::string absent_text(const Recording& recording);

// The recorded values (not series, not arrays): a table with a line a method, and a list of those
// that are not a method's. Over several seeds each is a mean with its 95 % bootstrap interval.
void print_outcome(std::ostream& out, const TextStyle& style, const Experiment& experiment,
                   const ConfigOutcome& outcome);

// A table for each recorded value, with a line for each value of the swept field and a column a
// method.
void print_sweep(std::ostream& out, const TextStyle& style, const Experiment& experiment,
                 std::string_view field, std::span<const ConfigOutcome> outcomes);

// One sentence for each seed that diverged.
void print_divergences(std::ostream& out, const TextStyle& style, std::string_view field,
                       std::span<const ConfigOutcome> outcomes);

// Of every recorded value (not series) that some seed has: {NAME: {"mean", "interval": [low, high],
// "seeds": how many have it}}.
nlohmann::json summary_json(const Experiment& experiment, const ConfigOutcome& outcome);

}  // namespace lab
