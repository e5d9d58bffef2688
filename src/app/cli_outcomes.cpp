#include "app/cli_outcomes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/json.h"

namespace lab {

namespace {

// The digits of a mean with its interval: enough to compare, few enough for a column.
constexpr int kDigitsOverSeeds = 4;

struct Summary {
  std::size_t seeds = 0;  // that have a value
  double mean = 0;
  Interval interval = {};
};

// A recording over the seeds; nothing if no seed has a value for it.
std::optional<Summary> summary_of(const ConfigOutcome& outcome, const std::string& recording) {
  std::vector<double> values;
  for (const SeedResult& seed : outcome.results.seeds()) {
    const auto found = seed.values.find(recording);
    if (found != seed.values.end()) values.push_back(found->second);
  }
  if (values.empty()) return std::nullopt;
  Summary summary{.seeds = values.size(), .mean = mean(values), .interval = {}};
  // The sum of a few numbers near the end of float64's range has no place in it.
  if (!std::isfinite(summary.mean)) return std::nullopt;
  // One stream for all: the same numbers have the same interval, whoever recorded them.
  summary.interval = bootstrap_mean(values, "recording");
  return summary;
}

// What stands in a table for one recording.
std::string cell_text(const ConfigOutcome& outcome, const Recording& recording) {
  const std::size_t seeds = outcome.results.seeds().size();
  if (seeds == 1) {
    const std::map<std::string, double>& values = outcome.results.seeds()[0].values;
    const auto found = values.find(recording.name);
    return found != values.end() ? short_number(found->second) : absent_text(recording);
  }
  const std::optional<Summary> summary = summary_of(outcome, recording.name);
  if (!summary) return absent_text(recording);
  std::string text = short_number(summary->mean, kDigitsOverSeeds);
  if (summary->interval.low != summary->interval.high) {
    text += " [" + short_number(summary->interval.low, kDigitsOverSeeds) + ", " +
            short_number(summary->interval.high, kDigitsOverSeeds) + "]";
  }
  if (summary->seeds < seeds)
    text += " (" + std::to_string(summary->seeds) + " of " + std::to_string(seeds) + ")";
  return text;
}

// Whether anything was recorded under this name's `who`: a method that is switched off has nothing.
bool took_part(std::span<const ConfigOutcome> outcomes, std::string_view who) {
  for (const ConfigOutcome& outcome : outcomes)
    for (const SeedResult& seed : outcome.results.seeds())
      for (const auto& [name, value] : seed.values)
        if (split_recording(name).first == who) return true;
  return false;
}

// Those who record the same things, and what they record.
struct Group {
  std::vector<std::string_view> who;
  std::vector<std::string_view> what;
};

// The recordings of kind value of all who took part, put together where they share a `what`.
std::vector<Group> groups_of(const Experiment& experiment,
                             std::span<const ConfigOutcome> outcomes) {
  std::vector<Group> groups;
  std::vector<std::string_view> everybody;
  for (const Recording& recording : experiment.recordings) {
    const std::string_view who = split_recording(recording.name).first;
    if (recording.kind == RecordingKind::value &&
        std::ranges::find(everybody, who) == everybody.end() && took_part(outcomes, who))
      everybody.push_back(who);
  }
  for (const std::string_view who : everybody) {
    std::vector<std::string_view> what;
    for (const Recording& recording : experiment.recordings) {
      const auto [whose, name] = split_recording(recording.name);
      if (whose == who && recording.kind == RecordingKind::value) what.push_back(name);
    }
    const auto shared = std::ranges::find_if(groups, [&](const Group& group) {
      return std::ranges::any_of(what, [&](std::string_view name) {
        return std::ranges::find(group.what, name) != group.what.end();
      });
    });
    if (shared == groups.end()) {
      groups.push_back({{who}, std::move(what)});
      continue;
    }
    shared->who.push_back(who);
    for (const std::string_view name : what)
      if (std::ranges::find(shared->what, name) == shared->what.end()) shared->what.push_back(name);
  }
  return groups;
}

const Recording* find_recording(const Experiment& experiment, std::string_view who,
                                std::string_view what) {
  for (const Recording& recording : experiment.recordings)
    if (split_recording(recording.name) == std::pair(who, what)) return &recording;
  return nullptr;
}

// The heading of a column of numbers: the name and, below it, the unit.
std::string heading_text(std::string_view name, std::string_view unit) {
  std::string text = narrow_heading(name);
  if (!unit.empty()) text += "\n" + std::string(unit);
  return text;
}

constexpr std::string_view kAbsentMark = "absent: ";

// The help without what it says about a missing value.
std::string present_help(const Recording& recording) {
  std::string help = recording.help.substr(0, recording.help.rfind(kAbsentMark));
  help.erase(help.find_last_not_of("; ") + 1);
  return help;
}

// Facts that are no method's: name, number, what it is.
void print_facts(std::ostream& out, const TextStyle& style, const Experiment& experiment,
                 const ConfigOutcome& outcome, const Group& group) {
  print_heading(out, style, group.who[0].empty() ? "Results" : group.who[0]);
  std::size_t name_width = 0, number_width = 0;
  std::vector<std::string> numbers;
  for (const std::string_view what : group.what) {
    numbers.push_back(cell_text(outcome, *find_recording(experiment, group.who[0], what)));
    name_width = std::max(name_width, display_width(what));
    number_width = std::max(number_width, display_width(numbers.back()));
  }
  std::vector<Term> terms;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Recording& recording = *find_recording(experiment, group.who[0], group.what[i]);
    std::string term(group.what[i]);
    term.append(name_width - display_width(group.what[i]) + 2, ' ');
    term.append(number_width - display_width(numbers[i]), ' ');
    term += numbers[i];
    std::string meaning = present_help(recording);
    // A count of samples named "samples" needs no unit.
    if (!recording.unit.empty() && recording.unit != group.what[i])
      meaning = recording.unit + (meaning.empty() ? "" : ": ") + meaning;
    terms.push_back({std::move(term), std::move(meaning)});
  }
  print_terms(out, style, terms, 2, style.columns);
}

// A line a method, a column for what it recorded.
void print_methods(std::ostream& out, const TextStyle& style, const Experiment& experiment,
                   const ConfigOutcome& outcome, const Group& group) {
  std::vector<TextTable::Column> columns = {{"method", TextTable::Align::left}};
  for (const std::string_view what : group.what) {
    std::string_view unit;
    for (const std::string_view who : group.who)
      if (const Recording* recording = find_recording(experiment, who, what))
        unit = recording->unit;
    columns.push_back({heading_text(what, unit), TextTable::Align::right});
  }
  TextTable table(std::move(columns));
  for (const std::string_view who : group.who) {
    std::vector<std::string> cells = {std::string(who)};
    for (const std::string_view what : group.what) {
      const Recording* recording = find_recording(experiment, who, what);
      cells.push_back(recording ? cell_text(outcome, *recording) : "");
    }
    table.add(std::move(cells));
  }
  table.print(out, style, 2);
}

}  // namespace

std::pair<std::string_view, std::string_view> split_recording(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {"", name};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

std::string recording_kind_text(const Recording& recording) {
  switch (recording.kind) {
    case RecordingKind::series:
      return "series";
    case RecordingKind::value:
      return "value";
    case RecordingKind::array:
      break;
  }
  switch (recording.form) {
    case ArrayForm::none:
      return "array";
    case ArrayForm::vector:
      return "vector";
    case ArrayForm::matrix:
      return "matrix";
    case ArrayForm::points:
      return "points";
    case ArrayForm::field:
      return "field";
    case ArrayForm::table:
      return "table";
    case ArrayForm::histogram:
      return "histogram";
    case ArrayForm::labels:
      return "labels";
  }
  return "array";
}

std::string value_label(const Value& value) {
  const double* number = std::get_if<double>(&value);
  if (!number) return value_text(value);
  constexpr int kDigits[] = {6, 9, 12, 15};
  for (const int digits : kDigits) {
    std::string text = short_number(*number, digits);
    if (parse_number(text) == *number) return text;
  }
  return value_text(value);
}

std::string absent_text(const Recording& recording) {
  const std::size_t at = recording.help.rfind(kAbsentMark);
  return at == std::string::npos ? "-" : recording.help.substr(at + kAbsentMark.size());
}

void print_outcome(std::ostream& out, const TextStyle& style, const Experiment& experiment,
                   const ConfigOutcome& outcome) {
  const std::vector<Group> groups = groups_of(experiment, {&outcome, 1});
  for (const Group& group : groups) {
    if (group.who.size() > 1) continue;
    out << '\n';
    print_facts(out, style, experiment, outcome, group);
  }
  for (const Group& group : groups) {
    if (group.who.size() == 1) continue;
    out << '\n';
    print_methods(out, style, experiment, outcome, group);
  }
}

void print_sweep(std::ostream& out, const TextStyle& style, const Experiment& experiment,
                 std::string_view field, std::span<const ConfigOutcome> outcomes) {
  for (const Group& group : groups_of(experiment, outcomes)) {
    for (const std::string_view what : group.what) {
      std::vector<std::string_view> who;
      const Recording* recording = nullptr;
      for (const std::string_view name : group.who) {
        if (const Recording* found = find_recording(experiment, name, what)) {
          who.push_back(name);
          recording = found;
        }
      }
      std::vector<TextTable::Column> columns = {{narrow_heading(field), TextTable::Align::right}};
      for (const std::string_view name : who)
        columns.push_back({narrow_heading(name), TextTable::Align::right});
      TextTable table(std::move(columns));
      bool varies = false;
      std::vector<std::string> first;
      for (const ConfigOutcome& outcome : outcomes) {
        std::vector<std::string> cells;
        for (const std::string_view name : who)
          cells.push_back(cell_text(outcome, *find_recording(experiment, name, what)));
        if (first.empty()) first = cells;
        varies = varies || cells != first;
        cells.insert(cells.begin(), value_label(*outcome.swept));
        table.add(std::move(cells));
      }
      // Facts that the swept field does not touch say nothing here.
      if (group.who.size() == 1 && !varies) continue;
      std::string title = group.who.size() == 1 && !group.who[0].empty()
                              ? std::string(group.who[0]) + "/" + std::string(what)
                              : std::string(what);
      if (!recording->unit.empty()) title += " (" + recording->unit + ")";
      const std::string help = present_help(*recording);
      if (!help.empty()) title += ": " + help;
      out << '\n';
      for (const std::string& line : wrapped(title, style.columns)) print_heading(out, style, line);
      table.print(out, style, 2);
    }
  }
}

void print_divergences(std::ostream& out, const TextStyle& style, std::string_view field,
                       std::span<const ConfigOutcome> outcomes) {
  constexpr std::size_t kShown = 10;
  std::size_t count = 0;
  for (const ConfigOutcome& outcome : outcomes) {
    for (const SeedResult& seed : outcome.results.seeds()) {
      if (!seed.divergence) continue;
      if (++count > kShown) continue;
      if (count == 1) out << '\n';
      std::string text = "Diverged: ";
      if (outcome.swept) text += std::string(field) + " = " + value_label(*outcome.swept) + ", ";
      text += "seed " + std::to_string(seed.seed) + " at step " +
              std::to_string(seed.divergence->step) + ": " + seed.divergence->recording +
              " is not a finite number any more.";
      if (!seed.divergence->reason.empty()) text += " " + seed.divergence->reason + ".";
      for (const std::string& line : wrapped(text, style.columns))
        out << inked(style, Ink::doubtful, line) << '\n';
    }
  }
  if (count > kShown) out << "... and " << count - kShown << " more.\n";
}

nlohmann::json summary_json(const Experiment& experiment, const ConfigOutcome& outcome) {
  nlohmann::json summaries = nlohmann::json::object();
  for (const Recording& recording : experiment.recordings) {
    if (recording.kind != RecordingKind::value) continue;
    const std::optional<Summary> summary = summary_of(outcome, recording.name);
    if (!summary) continue;
    summaries[recording.name] = {{"mean", summary->mean},
                                 {"interval", {summary->interval.low, summary->interval.high}},
                                 {"seeds", summary->seeds}};
  }
  return summaries;
}

}  // namespace lab
