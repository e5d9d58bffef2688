#include "app/cli.h"

#include <exception>
#include <new>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/cli_options.h"
#include "app/cli_verbs.h"
#include "core/error.h"
#include "core/floating_mode.h"
#include "core/json.h"

namespace lab {

namespace {

struct Handler {
  std::string_view verb;
  int (*run)(const CliContext&);
};

constexpr Handler kHandlers[] = {
    {"list", list_command},     {"describe", describe_command},   {"run", run_command},
    {"render", render_command}, {"reproduce", reproduce_command}, {"data", data_command},
    {"bench", bench_command},   {"devices", devices_command},     {"version", version_command},
    {"help", help_command},     {"check", check_command},         {"manifest", manifest_command},
    {"gui", gui_command},       {"train", train_command},         {"generate", generate_command},
};

int dispatch(const VerbSpec& verb, const CliContext& context) {
  for (const Handler& handler : kHandlers)
    if (handler.verb == verb.name) return handler.run(context);
  throw Error("verb '" + std::string(verb.name) + "' has no handler", "", "", Error::Kind::machine);
}

// Whether the person wants JSON is needed before the arguments are known to be right: an error in
// them is JSON too.
bool wants_json(std::span<const std::string> args) {
  for (const std::string& arg : args) {
    if (arg == "--") return false;
    if (arg == "--json") return true;
  }
  return false;
}

int report(const Error& error, bool json, std::ostream& out, std::ostream& err,
           const TextStyle& style) {
  if (json) {
    print_json(out, {{"error",
                      {{"problem", error.problem()},
                       {"where", error.where()},
                       {"expected", error.expected()}}}});
  } else {
    err << inked(style, Ink::bad, "logit-lab: ");
    if (!error.where().empty()) err << error.where() << ": ";
    err << error.problem() << '\n';
    if (!error.expected().empty())
      print_wrapped(err, "expected: " + error.expected(), 2, style.columns);
  }
  return error.kind() == Error::Kind::input ? exit_status::kInputWrong
                                            : exit_status::kMachineFailed;
}

// "logit-lab", "logit-lab --help" and "logit-lab --version" are what people try first.
std::vector<std::string> with_verb(std::span<const std::string> args) {
  std::vector<std::string> all(args.begin(), args.end());
  if (all.empty()) return {"help"};
  if (all[0] == "--help" || all[0] == "-h") all[0] = "help";
  if (all[0] == "--version" || all[0] == "-V") all[0] = "version";
  return all;
}

}  // namespace

void print_json(std::ostream& out, const nlohmann::json& document) {
  out << pretty(document) << '\n';
}

int run_cli(std::span<const std::string> args, std::ostream& out, std::ostream& err,
            const CliEnvironment& environment) {
  const bool json = wants_json(args);
  const TextStyle out_style{.colour = environment.colour && environment.out_is_terminal,
                            .columns = environment.columns};
  const TextStyle err_style{.colour = environment.colour && environment.err_is_terminal,
                            .columns = environment.columns};
  int status = exit_status::kMachineFailed;
  try {
    check_floating_mode();
    std::vector<std::string> all = with_verb(args);
    // `logit-lab --json list` works as well as `logit-lab list --json`.
    std::size_t position = 0;
    while (position < all.size() && (all[position] == "--json" || all[position] == "--quiet"))
      ++position;
    if (position == all.size()) all.insert(all.begin(), "help"), position = 0;
    const VerbSpec& verb = find_verb(all[position]);
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(position));
    Arguments arguments = parse_arguments(verb, all);
    CliContext context{.arguments = arguments,
                       .out = out,
                       .err = err,
                       .environment = environment,
                       .json = json,
                       .style = out_style};
    if (arguments.has("help")) {
      print_verb_help(out, out_style, verb);
      status = exit_status::kDone;
    } else {
      status = dispatch(verb, context);
    }
  } catch (const Interrupted&) {
    if (json) {
      print_json(out, {{"error", {{"problem", "interrupted"}, {"where", ""}, {"expected", ""}}}});
    } else {
      err << "logit-lab: interrupted\n";
    }
    status = exit_status::kInterrupted;
  } catch (const Error& error) {
    status = report(error, json, out, err, err_style);
  } catch (const std::bad_alloc&) {
    status = report(
        Error("out of memory", "", "fewer seeds, or a smaller data set", Error::Kind::machine),
        json, out, err, err_style);
  } catch (const std::exception& error) {
    status = report(Error(error.what(), "", "", Error::Kind::machine), json, out, err, err_style);
  }
  out.flush();
  if (!out && status == exit_status::kDone) {
    report(Error("standard output cannot be written", "", "room on the disk, or an open pipe",
                 Error::Kind::machine),
           false, out, err, err_style);
    status = exit_status::kMachineFailed;
  }
  return status;
}

}  // namespace lab
