// `render`: one figure of an experiment as an SVG file, in words, or as numbers.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "app/cli_progress.h"
#include "app/cli_request.h"
#include "app/cli_session.h"
#include "core/error.h"
#include "core/names.h"
#include "data/files.h"
#include "experiment/registry.h"
#include "figure/summary.h"
#include "figure/svg.h"
#include "session/figures.h"
#include "session/resolve.h"

namespace lab {

namespace {

constexpr std::uint64_t kLeastPixels = 160, kMostPixels = 8192;

struct Size {
  double width = 720, height = 440;
};

Size read_size(const CliContext& context) {
  Size size;
  if (const auto text = context.arguments.value("size")) {
    const std::size_t times = text->find('x');
    if (times == std::string::npos) {
      throw Error("cannot read '" + *text + "'", "--size", "WIDTHxHEIGHT, as 720x440");
    }
    const auto pixels = [&](const std::string& part) {
      return static_cast<double>(parse_whole(part, "size", kLeastPixels, kMostPixels));
    };
    size = {pixels(text->substr(0, times)), pixels(text->substr(times + 1))};
  }
  return size;
}

const Theme& read_theme(const CliContext& context) {
  const std::string name = context.arguments.value("theme").value_or("light");
  if (name == "dark") return dark_theme();
  if (name == "light") return light_theme();
  throw Error("there is no theme '" + name + "'", "--theme",
              expected_name(name, std::vector<std::string>{"light", "dark"}));
}

const Figure& find_figure(const Experiment& experiment, const std::string& name) {
  const auto found = std::ranges::find(experiment.figures, name, &Figure::name);
  if (found != experiment.figures.end()) return *found;
  std::vector<std::string> names;
  for (const Figure& figure : experiment.figures) names.push_back(figure.name);
  throw Error("there is no figure '" + name + "'", "--figure", expected_name(name, names));
}

// All runs to their ends, and what there is to see then.
void run_all(Session& session, const RunRequest& request, const CliContext& context,
             FigureKeeper& keeper) {
  std::uint64_t id = 1;
  session.post({command::Open{.config = request.config,
                              .seed = request.seed,
                              .seeds = request.seeds,
                              .backend = request.backend,
                              .on_device_failure = request.on_device_failure},
                id});
  while (!std::holds_alternative<event::Opened>(next_event(session, context).body)) {
  }
  const auto take = [&](const Event& event) { keeper.take(event); };
  carry_out(session, {command::Run{}, ++id}, context, take);
  for (RunIndex run = 0; run < request.seeds; ++run) {
    carry_out(session, {command::Observe{run}, ++id}, context, take);
  }
}

}  // namespace

int render_command(const CliContext& context) {
  const RunRequest request = read_request(context);
  const Resolved resolved = resolve(request.config, find_experiment, "config");
  check_backend(request, resolved);
  const Experiment& experiment = *resolved.experiment;
  const auto name = context.arguments.value("figure");
  if (!name) {
    std::string names;
    for (const Figure& figure : experiment.figures) names += (names.empty() ? "" : ", ") + figure.name;
    throw Error("no figure is named", "command line", "--figure with one of " + names);
  }
  const Figure& figure = find_figure(experiment, *name);
  const Size size = read_size(context);
  const Theme& theme = read_theme(context);
  const auto out = context.arguments.value("out");
  const bool as_csv = out && out->ends_with(".csv");
  if (out && !as_csv && !out->ends_with(".svg")) {
    throw Error("cannot tell the format of '" + *out + "'", "--out", "a name ending in .svg or .csv");
  }

  DataStore data = data_store(context);
  SessionOptions options = session_options(context, data);
  options.math = request.math;
  options.snapshot_bytes = 0;
  Session session(std::move(options));
  FigureKeeper keeper(experiment);
  run_all(session, request, context, keeper);
  const FigureData numbers = keeper.data(figure);
  const std::string words = summary(figure, numbers);
  if (out) {
    const std::string text = as_csv ? csv(figure, numbers)
                                    : svg(figure, numbers, {}, size.width, size.height, theme);
    write_file(*out, std::as_bytes(std::span(text)));
  }
  if (context.json) {
    print_json(context.out, {{"experiment", experiment.id},
                             {"figure", figure.name},
                             {"file", out ? nlohmann::json(*out) : nlohmann::json()},
                             {"text", words}});
  } else {
    print_wrapped(context.out, words, 0, context.style.columns);
    if (out) context.out << "wrote " << *out << '\n';
  }
  return exit_status::kDone;
}

}  // namespace lab
