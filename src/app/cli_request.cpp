#include "app/cli_request.h"

#include <algorithm>
#include <array>
#include <istream>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "core/names.h"
#include "data/files.h"
#include "data/text.h"
#include "experiment/registry.h"
#include "session/config_file.h"
#include "session/link.h"
#include "session/run_file.h"

namespace lab {

namespace {

constexpr std::uint64_t kMostSeed = static_cast<std::uint64_t>(kLargestInteger);

// The config file's text; "-" is standard input.
std::string config_text(const CliContext& context, const std::string& file) {
  if (file != "-") return std::string(as_text(read_file(file)));
  if (!context.environment.in)
    throw Error("there is no standard input", "--config -", "a file's name");
  std::istream& in = *context.environment.in;
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// The runs of a run file, made again: to the step at which all of them rest, if none is at its end.
void take_run_file(const RunFile& file, RunRequest& request) {
  request.config = file.request();
  request.seed = file.seed;
  request.seeds = file.seeds;
  const std::uint64_t step = file.runs[0].result.step;
  const bool all_rest = std::all_of(
      file.runs.begin(), file.runs.begin() + file.seeds,
      [&](const KeptRun& run) { return !run.ended && run.result.step == step; });
  if (all_rest) request.until = step;
}

void read_link(const Arguments& arguments, const std::string& text, RunRequest& request) {
  for (const char* other : {"config", "set", "seed", "seeds", "sweep", "until"}) {
    if (arguments.has(other)) {
      throw Error("--" + std::string(other) + " does not go with --link", "command line",
                  "the link alone: it says all of that");
    }
  }
  const Link link = decode_link(text);
  request.config = request_of(link, find_experiment(link.experiment).schema);
  request.seed = link.seed;
  request.seeds = link.seeds;
  request.until = link.step;
  request.expected = link.digest.value_or("");
}

void read_config(const CliContext& context, const std::string& file, RunRequest& request) {
  const std::string source = file == "-" ? "standard input" : file;
  const std::string text = config_text(context, file);
  if (is_run_file(text)) return take_run_file(read_run_file(text, source), request);
  ConfigFile config = read_config_file(text, source);
  request.config = std::move(config.config);
  request.seed = config.seed;
  request.seeds = config.seeds;
  request.until = config.until;
  request.sweep_field = std::move(config.sweep_field);
  request.sweep_values = std::move(config.sweep_values);
}

void read_sweep(const std::string& text, const Schema& schema, RunRequest& request) {
  const std::string where = "--sweep " + text;
  auto [field, list] = split_assignment("sweep", text, "NAME=VALUE,VALUE,...");
  request.sweep_values.clear();
  std::string_view rest = list;
  for (;;) {
    const std::size_t comma = rest.find(',');
    request.sweep_values.push_back(schema.parse(field, rest.substr(0, comma), where));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  request.sweep_field = std::move(field);
}

// The one of `all` that the option names; nothing: it is not there.
template <class Enum, std::size_t count>
std::optional<Enum> read_choice(const Arguments& arguments, const std::string& option,
                                const std::array<Enum, count>& all) {
  const auto text = arguments.value(option);
  if (!text) return std::nullopt;
  std::vector<std::string> names;
  for (const Enum one : all) {
    if (name(one) == *text) return one;
    names.emplace_back(name(one));
  }
  throw Error("there is no " + quoted(*text), "--" + option, expected_name(*text, names));
}

void read_backend(const Arguments& arguments, RunRequest& request) {
  request.backend = read_choice(arguments, "backend", kAllBackendWishes).value_or(request.backend);
  const auto on_failure = read_choice(arguments, "on-device-failure", kAllOnDeviceFailures);
  if (request.backend == BackendWish::cpu) {
    if (!on_failure) return;
    throw Error("there is no device that could fail", "--on-device-failure",
                "--backend webgpu or auto beside it");
  }
  if (!request.sweep_field.empty())
    throw Error("a sweep computes on the CPU", "--backend", "no --backend beside a sweep");
  request.on_device_failure = on_failure.value_or(request.on_device_failure);
}

}  // namespace

std::pair<std::string, std::string> split_assignment(std::string_view option,
                                                     const std::string& text,
                                                     std::string_view form) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error("cannot read " + quoted(text), "--" + std::string(option), std::string(form));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

RunRequest read_request(const CliContext& context) {
  const Arguments& arguments = context.arguments;
  RunRequest request;
  std::string config_source = "command line";
  if (const auto file = arguments.value("config")) {
    read_config(context, *file, request);
    config_source = *file == "-" ? "standard input" : *file;
  }
  if (const auto text = arguments.value("link")) {
    read_link(arguments, *text, request);
    config_source = "link";
  }
  if (!arguments.positional().empty()) {
    const std::string& id = arguments.positional()[0];
    if (!request.config.experiment.empty() && request.config.experiment != id) {
      find_experiment(id);
      throw Error("the config is for the experiment " + quoted(request.config.experiment),
                  config_source, "the experiment '" + id + "', or another ID");
    }
    request.config.experiment = id;
  }
  if (request.config.experiment.empty())
    throw Error("no experiment is named", "command line", "logit-lab run ID, or a --config");
  const Schema& schema = find_experiment(request.config.experiment).schema;

  std::vector<std::string> seen;
  for (const std::string& text : arguments.values("set")) {
    auto [name, value] = split_assignment("set", text, "NAME=VALUE");
    if (std::ranges::find(seen, name) != seen.end())
      throw Error("field '" + name + "' is set twice", "--set " + text, "it once");
    request.config.set[name] = schema.parse(name, value, "--set " + text);
    seen.push_back(std::move(name));
  }
  if (const auto text = arguments.value("seed"))
    request.seed = parse_whole(*text, "seed", 0, kMostSeed);
  if (const auto text = arguments.value("seeds"))
    request.seeds = static_cast<std::uint32_t>(parse_whole(*text, "seeds", 1, kMostRuns));
  if (request.seed > kMostSeed - (request.seeds - 1))
    throw Error("the last seed would be 2^53 or more", "--seed", "seeds below 2^53");
  if (const auto text = arguments.value("until"))
    request.until = parse_whole(*text, "until", 0, kMostSeed);
  if (const auto text = arguments.value("sweep")) read_sweep(*text, schema, request);
  if (!request.sweep_field.empty() && request.until)
    throw Error("a sweep goes to the end of its runs", "--until", "no --until beside a sweep");
  if (!request.sweep_field.empty() && !request.config.lineage.empty())
    throw Error("a sweep begins at step 0", config_source, "a config without a lineage");
  if (request.sweep_values.size() * request.seeds > kMostRuns)
    throw Error("there are too many runs", "--sweep",
                "at most " + std::to_string(kMostRuns) + " values times seeds");
  if (const auto text = arguments.value("math")) {
    const std::vector<std::string> names = {"strict", "fast"};
    if (std::ranges::find(names, *text) == names.end())
      throw Error("there is no arithmetic " + quoted(*text), "--math", expected_name(*text, names));
    request.math = *text == "fast" ? Math::fast : Math::strict;
  }
  read_backend(arguments, request);
  return request;
}

void check_backend(const RunRequest& request, const Resolved& resolved) {
  if (request.backend != BackendWish::webgpu) return;
  const std::string refusal = backend_refusal(*resolved.experiment, resolved.config);
  if (!refusal.empty()) throw Error(refusal, "--backend webgpu", "--backend cpu or auto");
}

}  // namespace lab
