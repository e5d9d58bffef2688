// `list` and `describe`: what there is, read off the descriptions of the experiments.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli_outcomes.h"
#include "app/cli_verbs.h"
#include "app/cli_verdicts.h"
#include "core/error.h"
#include "core/json.h"
#include "data/text.h"
#include "experiment/registry.h"

namespace lab {

namespace {

// The stored verdicts of one experiment, as far as they can be read.
struct KnownVerdicts {
  std::optional<StoredVerdicts> stored;
  std::string problem;  // why they cannot
};

KnownVerdicts known_verdicts(const std::filesystem::path& folder, const Experiment& experiment) {
  try {
    return {read_verdicts(folder, experiment), ""};
  } catch (const Error& error) {
    return {std::nullopt, error.what()};
  }
}

// "12 of 14 reproduced"; "14" where nothing is known.
std::string claims_text(const Experiment& experiment, const KnownVerdicts& known) {
  std::string text = std::to_string(experiment.claims.size());
  if (!known.problem.empty()) return text + ", unreadable verdicts";
  if (!known.stored) return text;
  if (!known.stored->stale.empty()) return text + ", stale verdicts";
  return std::to_string(known.stored->reproduced) + " of " + text + " reproduced";
}

nlohmann::json verdicts_summary_json(const KnownVerdicts& known) {
  if (!known.problem.empty()) return {{"problem", known.problem}};
  if (!known.stored) return nullptr;
  return {{"reproduced", known.stored->reproduced},
          {"not reproduced", known.stored->not_reproduced},
          {"not decided", known.stored->not_decided},
          {"stale", known.stored->stale},
          {"digest", known.stored->digest}};
}

nlohmann::json paper_json(const Paper& paper) {
  return {{"title", paper.title},
          {"authors", paper.authors},
          {"link", paper.link},
          {"year", paper.year}};
}

std::string paper_text(const Paper& paper) {
  std::string text = paper.authors + ": " + paper.title;
  if (paper.year > 0) text += " (" + std::to_string(paper.year) + ")";
  if (!paper.link.empty()) text += ", " + paper.link;
  return text;
}

// What a field may be and is for. Choices that say what they are have a line each.
std::string field_meaning(const Field& field) {
  const bool explained =
      std::ranges::any_of(field.choices, [](const Choice& choice) { return !choice.help.empty(); });
  std::string text = field.help;
  std::string domain = explained ? "one of" : domain_text(field);
  // A count of samples named "samples" needs no unit.
  if (!field.unit.empty() && field.unit != field.name) domain += ", in " + field.unit;
  if (field.live) domain += "; can change in a fork";
  if (const std::string condition = condition_text(field); !condition.empty()) {
    domain += "; " + condition;
  }
  text += "\n" + domain;
  if (explained) {
    for (const Choice& choice : field.choices) text += "\n  " + choice.name + ": " + choice.help;
    if (field.type == FieldType::dataset) {
      text +=
          field.files == FileKind::language_model
              ? "\n  file:FOLDER: config.json, vocab.json, merges.txt and model.safetensors of a "
                "GPT-2"
              : "\n  file:PATH: a file of your own";
      if (field.files == FileKind::table) text += "\n  points:X1,X2,CLASS;...: points written out";
    }
  }
  return text;
}

std::string default_text(const Field& field) {
  const std::string value = value_label(field.value);
  return value.empty() ? "(empty)" : value;
}

void print_settings(const CliContext& context, const Experiment& experiment) {
  print_heading(context.out, context.style, "Settings (--set NAME=VALUE)");
  std::vector<std::string> groups;
  for (const Field& field : experiment.schema.fields())
    if (std::ranges::find(groups, field.group) == groups.end()) groups.push_back(field.group);
  // Plain fields first, the advanced ones of every group after them.
  for (const bool advanced : {false, true}) {
    for (const std::string& group : groups) {
      std::vector<Term> terms;
      for (const Field& field : experiment.schema.fields()) {
        if (field.group != group || field.advanced != advanced) continue;
        terms.push_back({field.name + " = " + default_text(field), field_meaning(field)});
      }
      if (terms.empty()) continue;
      context.out << "  " << group << (advanced ? " (advanced)" : "") << '\n';
      print_terms(context.out, context.style, terms, 4, 24);
    }
  }
}

void print_claims(const CliContext& context, const Experiment& experiment) {
  print_heading(context.out, context.style, "Claims (logit-lab reproduce " + experiment.id + ")");
  for (const Claim& claim : experiment.claims) {
    context.out << "  " << inked(context.style, Ink::strong, claim.id) << "  " << name(claim.kind)
                << ", " << counted(static_cast<std::size_t>(claim.seeds), "seed") << '\n';
    print_wrapped(context.out, claim.sentence + " [" + claim.source + "]", 6,
                  context.style.columns);
    std::string holds = "Holds if " + claim.metric + " " + std::string(name(claim.comparison)) +
                        " " + short_number(claim.threshold) + ".";
    if (!claim.paper_value.empty()) holds += " The paper: " + claim.paper_value + ".";
    print_wrapped(context.out, holds, 6, context.style.columns);
    if (!claim.remark.empty()) print_wrapped(context.out, claim.remark, 6, context.style.columns);
  }
}

// What several methods record stands on one line, without their names where it is every method.
void print_recordings(const CliContext& context, const Experiment& experiment) {
  struct Line {
    std::string_view what;
    std::vector<std::string> who;
    const Recording* recording;
  };
  std::vector<Line> lines;
  for (const Recording& recording : experiment.recordings) {
    const auto [who, what] = split_recording(recording.name);
    const auto same = std::ranges::find_if(lines, [&, what = what](const Line& line) {
      return line.what == what && line.recording->kind == recording.kind &&
             line.recording->help == recording.help;
    });
    if (same != lines.end()) {
      same->who.emplace_back(who);
    } else {
      lines.push_back({what, {std::string(who)}, &recording});
    }
  }
  std::size_t most = 0;
  for (const Line& line : lines) most = std::max(most, line.who.size());

  print_heading(context.out, context.style, "Recordings");
  std::vector<Term> terms;
  for (const Line& line : lines) {
    const Recording& recording = *line.recording;
    std::string meaning = recording_kind_text(recording);
    if (!recording.unit.empty() && recording.unit != line.what) meaning += ", in " + recording.unit;
    if (!recording.help.empty()) meaning += ": " + recording.help;
    const bool alone = line.who.size() == 1;
    if (!alone)
      meaning += line.who.size() == most ? "\nof every method" : "\nof " + listed(line.who);
    terms.push_back({alone ? recording.name : std::string(line.what), std::move(meaning)});
  }
  print_terms(context.out, context.style, terms, 2, 26);
}

void print_figures(const CliContext& context, const Experiment& experiment) {
  print_heading(context.out, context.style, "Figures");
  std::vector<Term> terms;
  for (const Figure& figure : experiment.figures) {
    terms.push_back({figure.name, figure.title + ". " + figure.caption});
  }
  print_terms(context.out, context.style, terms, 2, 26);
}

}  // namespace

int list_command(const CliContext& context) {
  const std::filesystem::path folder =
      context.arguments.value("verdicts").value_or(context.environment.verdict_folder.string());
  nlohmann::json document = {{"experiments", nlohmann::json::array()}};
  TextTable table({{"EXPERIMENT"}, {"FAMILY"}, {"PAPER"}, {"CLAIMS"}});
  for (const Experiment& experiment : experiments()) {
    const KnownVerdicts known = known_verdicts(folder, experiment);
    if (context.json) {
      document["experiments"].push_back({{"id", experiment.id},
                                         {"title", experiment.title},
                                         {"family", experiment.family},
                                         {"paper", paper_json(experiment.paper)},
                                         {"claims", experiment.claims.size()},
                                         {"verdicts", verdicts_summary_json(known)}});
    } else {
      table.add({experiment.id, experiment.family, experiment.paper.link,
                 claims_text(experiment, known)});
      table.add_note(experiment.title);
    }
  }
  if (context.json) {
    print_json(context.out, document);
  } else {
    table.print(context.out, context.style);
    context.out << "\n`logit-lab describe ID` tells more, `logit-lab run ID` runs one.\n";
  }
  return exit_status::kDone;
}

int describe_command(const CliContext& context) {
  const Experiment& experiment = find_experiment(context.arguments.positional()[0]);
  if (context.json) {
    print_json(context.out, description_json(experiment));
    return exit_status::kDone;
  }
  std::ostream& out = context.out;
  const TextStyle& style = context.style;
  out << inked(style, Ink::strong, experiment.title) << "\n\n";
  std::vector<Term> terms = {{"id", experiment.id},
                             {"family", experiment.family},
                             {"paper", paper_text(experiment.paper)}};
  if (experiment.backend)
    terms.push_back({"computes on", "the CPU; with --backend webgpu or auto also a device"});
  print_terms(out, style, terms);
  out << '\n';
  print_wrapped(out, experiment.problem, 2, style.columns);
  out << '\n';
  print_heading(out, style, "The update");
  print_wrapped(out, experiment.equation, 2, style.columns);
  out << '\n';
  print_settings(context, experiment);
  out << '\n';
  print_claims(context, experiment);
  out << '\n';
  print_recordings(context, experiment);
  out << '\n';
  print_figures(context, experiment);
  out << '\n';
  print_heading(out, style, "How to make it fail");
  print_wrapped(out, experiment.how_to_fail, 2, style.columns);
  return exit_status::kDone;
}

}  // namespace lab
