// `help`: made from the table of verbs, so that it cannot say anything else than the parser does.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli_verbs.h"

namespace lab {

namespace {

std::string option_text(const OptionSpec& option) {
  std::string text = "--" + std::string(option.name);
  if (!option.value.empty()) text += " " + std::string(option.value);
  return text;
}

nlohmann::json options_json(std::span<const OptionSpec> options) {
  nlohmann::json list = nlohmann::json::array();
  for (const OptionSpec& option : options) {
    list.push_back({{"name", option.name},
                    {"value", option.value},
                    {"help", option.help},
                    {"repeats", option.repeats}});
  }
  return list;
}

nlohmann::json verb_json(const VerbSpec& verb) {
  return {{"name", verb.name},
          {"arguments", verb.arguments},
          {"summary", verb.summary},
          {"details", verb.details},
          {"options", options_json(verb.options)},
          {"examples", verb.examples}};
}

}  // namespace

void print_verb_help(std::ostream& out, const TextStyle& style, const VerbSpec& verb) {
  out << inked(style, Ink::strong, "logit-lab " + std::string(verb.name));
  if (!verb.arguments.empty()) out << ' ' << verb.arguments;
  out << " [OPTIONS]\n";
  print_wrapped(out, verb.summary, 2, style.columns);
  if (!verb.details.empty()) {
    out << '\n';
    print_wrapped(out, verb.details, 2, style.columns);
  }
  std::vector<Term> terms;
  for (const OptionSpec& option : verb.options) {
    std::string help(option.help);
    if (option.repeats) help += " (may be repeated)";
    terms.push_back({option_text(option), std::move(help)});
  }
  for (const OptionSpec& option : common_options())
    terms.push_back({option_text(option), std::string(option.help)});
  out << '\n';
  print_heading(out, style, "Options");
  print_terms(out, style, terms);
  if (!verb.examples.empty()) {
    out << '\n';
    print_heading(out, style, verb.examples.size() == 1 ? "Example" : "Examples");
    for (const std::string_view example : verb.examples) out << "  " << example << '\n';
  }
}

void print_help(std::ostream& out, const TextStyle& style) {
  out << inked(style, Ink::strong, "logit-lab")
      << ": mechanisms of papers beside their baselines, and whether their claims hold\n\n";
  std::vector<Term> terms;
  for (const VerbSpec& verb : verbs()) {
    std::string term(verb.name);
    // The forms of `data` are too long for this column; its summary names what it is for.
    if (!verb.arguments.empty() && verb.arguments.size() < 12)
      term += " " + std::string(verb.arguments);
    terms.push_back({std::move(term), std::string(verb.summary)});
  }
  print_heading(out, style, "Verbs");
  print_terms(out, style, terms);
  terms.clear();
  for (const OptionSpec& option : common_options())
    terms.push_back({option_text(option), std::string(option.help)});
  out << '\n';
  print_heading(out, style, "Options of every verb");
  print_terms(out, style, terms);
  out << '\n';
  print_heading(out, style, "Exit status");
  print_terms(out, style,
              std::vector<Term>{{"0", "done"},
                                {"1", "a claim or a comparison failed"},
                                {"2", "the input was wrong"},
                                {"3", "the machine failed (memory, disk)"},
                                {"130", "stopped by Ctrl-C"}});
}

int help_command(const CliContext& context) {
  const auto& names = context.arguments.positional();
  if (context.json) {
    nlohmann::json document;
    if (names.empty()) {
      document["verbs"] = nlohmann::json::array();
      for (const VerbSpec& verb : verbs()) document["verbs"].push_back(verb_json(verb));
      document["options"] = options_json(common_options());
    } else {
      document = verb_json(find_verb(names[0]));
    }
    print_json(context.out, document);
  } else if (names.empty()) {
    print_help(context.out, context.style);
  } else {
    print_verb_help(context.out, context.style, find_verb(names[0]));
  }
  return exit_status::kDone;
}

}  // namespace lab
