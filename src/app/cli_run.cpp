// `run`: one config over seeds, or over seeds and values of a field. Settings are checked first,
// then the folder for the results, then the session opens the config; only then is anything
// written.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/cli_outcomes.h"
#include "app/cli_progress.h"
#include "app/cli_request.h"
#include "app/cli_results.h"
#include "app/cli_session.h"
#include "core/digest.h"
#include "core/json.h"
#include "core/names.h"
#include "data/files.h"
#include "data/sources.h"
#include "data/text.h"
#include "experiment/registry.h"
#include "session/link.h"
#include "session/records.h"
#include "session/resolve.h"
#include "session/run_file.h"

namespace lab {

namespace {

// Numbers of the two commands that the session gets.
constexpr std::uint64_t kOpenCommand = 1;
constexpr std::uint64_t kRunCommand = 2;

constexpr std::size_t kLinkDigits = 16;  // of a digest in a link

// --- running
// ---------------------------------------------------------------------------------------

// How much of all runs is done, from their progress events.
class RunProgress {
 public:
  RunProgress(const CliContext& context, std::size_t runs)
      : progress_(context.err, context.shows_progress(), context.environment.columns),
        runs_(runs),
        fractions_(runs, 0.0) {}

  void at(std::size_t run, std::uint64_t step, std::uint64_t limit) {
    set(run, limit > 0 ? static_cast<double>(step) / static_cast<double>(limit) : 0);
  }
  void finished(std::size_t run) {
    ++finished_;
    set(run, 1);
  }

 private:
  void set(std::size_t run, double fraction) {
    sum_ += fraction - fractions_[run];
    fractions_[run] = fraction;
    progress_.update(sum_ / static_cast<double>(runs_),
                     std::to_string(finished_) + " of " + counted(runs_, "run"));
  }

  Progress progress_;
  std::size_t runs_, finished_ = 0;
  double sum_ = 0;
  std::vector<double> fractions_;
};

ConfigOutcome run_seeds(Session& session, const RunRequest& request, const event::Opened& opened,
                        const CliContext& context, ResultFolder* folder) {
  ConfigOutcome outcome;
  outcome.results.take({opened});
  RunProgress progress(context, request.seeds);
  const Command run{command::Run{.run = {}, .until = request.until}, kRunCommand};
  if (folder) folder->log(run);
  carry_out(session, run, context, [&](const Event& event) {
    if (folder) folder->take(event);
    outcome.results.take(event);
    if (const auto* now = std::get_if<event::Progress>(&event.body)) {
      progress.at(now->run, now->step, now->limit);
    } else if (const auto* end = std::get_if<event::Finished>(&event.body)) {
      progress.finished(end->run);
    } else if (const auto* rest = std::get_if<event::Paused>(&event.body)) {
      progress.finished(rest->run);
    }
  });
  return outcome;
}

// A point of a sweep is what a run of its config and seed is, so that is how its results are kept.
std::vector<ConfigOutcome> run_sweep(Session& session, const RunRequest& request,
                                     const Resolved& resolved, const CliContext& context,
                                     ResultFolder* folder) {
  std::vector<ConfigOutcome> outcomes(request.sweep_values.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const Config config = resolved.config.with({{request.sweep_field, request.sweep_values[i]}});
    outcomes[i].swept = request.sweep_values[i];
    outcomes[i].results.take({event::Opened{.experiment = resolved.experiment->id,
                                            .config = config.canonical(),
                                            .digest = config.digest(),
                                            .seed = request.seed,
                                            .seeds = request.seeds}});
  }
  RunProgress progress(context, outcomes.size() * request.seeds);
  const Command sweep{command::Sweep{.config = request.config,
                                     .field = request.sweep_field,
                                     .values = request.sweep_values,
                                     .seed = request.seed,
                                     .seeds = request.seeds},
                      kRunCommand};
  if (folder) folder->log(sweep);
  carry_out(session, sweep, context, [&](const Event& event) {
    if (folder) folder->take(event);
    const auto* point = std::get_if<event::Point>(&event.body);
    if (!point) return;
    Results& results = outcomes[point->point / request.seeds].results;
    const RunIndex run = point->point % request.seeds;
    if (point->divergence) results.take({event::Diverged{run, *point->divergence}});
    results.take({event::Finished{.run = run,
                                  .seed = point->seed,
                                  .step = point->step,
                                  .values = point->values,
                                  .diverged = point->divergence.has_value(),
                                  .digest = point->digest}});
    progress.finished(point->point);
  });
  return outcomes;
}

// Opens the config (of a sweep, that of the first value), which makes its first run: whatever is
// wrong with it shows here.
Command open_command(const RunRequest& request) {
  command::Open open{.config = request.config,
                     .seed = request.seed,
                     .seeds = request.seeds,
                     .backend = request.backend,
                     .on_device_failure = request.on_device_failure};
  if (!request.sweep_field.empty()) open.config.set[request.sweep_field] = request.sweep_values[0];
  return {std::move(open), kOpenCommand};
}

event::Opened open_config(Session& session, const Command& command, const CliContext& context) {
  session.post(command);
  for (;;) {
    const Event event = next_event(session, context);
    if (const auto* opened = std::get_if<event::Opened>(&event.body)) return *opened;
  }
}

// --- results as JSON
// -------------------------------------------------------------------------------

nlohmann::json outcome_json(const Experiment& experiment, const ConfigOutcome& outcome,
                            const Environment& environment) {
  nlohmann::json json = outcome.results.json(environment);
  if (outcome.results.seeds().size() > 1) json["summary"] = summary_json(experiment, outcome);
  return json;
}

// Of a sweep: over the digests of its points, in order.
std::string digest_of(const std::vector<ConfigOutcome>& outcomes) {
  Digest digest;
  for (const ConfigOutcome& outcome : outcomes) digest.text(outcome.results.digest());
  return digest.hex();
}

nlohmann::json sweep_json(const RunRequest& request) {
  nlohmann::json values = nlohmann::json::array();
  for (const Value& value : request.sweep_values) values.push_back(value_json(value));
  return {{"field", request.sweep_field}, {"values", std::move(values)}};
}

nlohmann::json result_document(const Experiment& experiment, const RunRequest& request,
                               const std::vector<ConfigOutcome>& outcomes,
                               const Environment& environment) {
  if (request.sweep_field.empty()) return outcome_json(experiment, outcomes[0], environment);
  nlohmann::json points = nlohmann::json::array();
  for (const ConfigOutcome& outcome : outcomes) {
    nlohmann::json point = outcome_json(experiment, outcome, environment);
    point.erase("environment");
    points.push_back(std::move(point));
  }
  return {{"experiment", experiment.id},
          {"sweep", sweep_json(request)},
          {"points", std::move(points)},
          {"digest", digest_of(outcomes)},
          {"environment", environment_json(environment)}};
}

// What `--config` takes to do the same again.
nlohmann::json config_document(const RunRequest& request, const Resolved& resolved) {
  nlohmann::json config = parse_json(resolved.canonical(), "config");
  config["seed"] = request.seed;
  config["seeds"] = request.seeds;
  if (request.until) config["until"] = *request.until;
  if (!request.sweep_field.empty()) config["sweep"] = sweep_json(request);
  return config;
}

// A link to what came out. A digest of fast arithmetic or of a device would be none elsewhere.
Link link_to(const Resolved& resolved, const RunRequest& request, const ConfigOutcome& outcome,
             bool on_device) {
  Link link = link_of(resolved, request.seed, request.seeds);
  link.step = request.until;
  if (request.math == Math::strict && !on_device) {
    link.digest = outcome.results.seeds()[0].digest.substr(0, kLinkDigits);
  }
  return link;
}

// --- showing
// ---------------------------------------------------------------------------------------

std::string changed_settings(const Experiment& experiment, const Config& config,
                             std::string_view swept) {
  std::vector<std::string> changed;
  for (const Field& field : experiment.schema.fields()) {
    const Value& value = config.values().find(field.name)->second;
    // A data set is named in any case, on a line of its own.
    if (value == field.value || field.name == swept || field.type == FieldType::dataset) continue;
    changed.push_back(field.name + " = " + value_label(value) + " (default " +
                      value_label(field.value) + ")");
  }
  if (changed.empty()) return "all at their defaults";
  std::string text;
  for (const std::string& one : changed) text += (text.empty() ? "" : "\n") + one;
  return text;
}

std::string seeds_text(const RunRequest& request) {
  std::string text = std::to_string(request.seed);
  if (request.seeds > 1) text += " to " + std::to_string(request.seed + request.seeds - 1);
  return text;
}

// Of every data set that the config names: its field, and where it comes from.
std::vector<std::pair<std::string, std::string>> data_sources(const Experiment& experiment,
                                                              const Config& config) {
  std::vector<std::pair<std::string, std::string>> sources;
  for (const Field& field : experiment.schema.fields()) {
    if (field.type != FieldType::dataset) continue;
    const std::string& name = config.text(field.name);
    std::string text = name;
    if (const DataDescription* named = find_named_data(name)) {
      text += ": " + std::string(named->title) + ". " + std::string(named->source) + ". " +
              std::string(named->licence);
    } else {
      for (const Choice& choice : field.choices)
        if (choice.name == name && !choice.help.empty())
          text += ": " + choice.help + " (generated)";
    }
    sources.emplace_back(field.name, std::move(text));
  }
  return sources;
}

// Where it was computed, and why there.
std::string device_text(const event::Opened& opened) {
  return (opened.device.empty() ? "the CPU" : opened.device) + ": " + opened.device_reason;
}

// A sentence for each seed whose device failed; whether one of them stopped for it.
bool tell_device_failures(const CliContext& context, const ConfigOutcome& outcome) {
  bool stopped = false;
  for (const SeedResult& seed : outcome.results.seeds()) {
    if (!seed.device_failure) continue;
    const event::DeviceFailed& failed = *seed.device_failure;
    stopped = stopped || !failed.goes_on;
    if (context.json) continue;
    print_wrapped(
        context.out,
        "seed " + std::to_string(seed.seed) + ": " + failed.text + ". " +
            (failed.goes_on ? "From step " + std::to_string(failed.step + 1) +
                                  " on it was computed on the CPU."
                            : "It stopped after step " + std::to_string(failed.step) + "."),
        0, context.style.columns);
  }
  return stopped;
}

void print_head(const CliContext& context, const Experiment& experiment, const Resolved& resolved,
                const RunRequest& request, const event::Opened& opened) {
  context.out << inked(context.style, Ink::strong, experiment.title) << "\n\n";
  std::vector<Term> terms = {
      {"experiment", experiment.id},
      {"settings", changed_settings(experiment, resolved.config, request.sweep_field)},
      {request.seeds > 1 ? "seeds" : "seed", seeds_text(request)},
      {"arithmetic", std::string(kernels(request.math).name)}};
  if (request.backend != BackendWish::cpu) terms.push_back({"device", device_text(opened)});
  // In a sweep over data sets there is not one to name.
  for (auto& [field, text] : data_sources(experiment, resolved.config))
    if (field != request.sweep_field) terms.push_back({std::move(field), std::move(text)});
  for (const Branch& branch : resolved.lineage) {
    std::string text = "at step " + std::to_string(branch.step) + ":";
    for (const auto& [name, value] : branch.set) text += " " + name + " = " + value_label(value);
    terms.push_back({"branch", text});
  }
  print_terms(context.out, context.style, terms, 2);
}

}  // namespace

int run_command(const CliContext& context) {
  const RunRequest request = read_request(context);
  const Resolved resolved = resolve(request.config, find_experiment, "config");
  check_backend(request, resolved);
  const Experiment& experiment = *resolved.experiment;
  const bool sweeps = !request.sweep_field.empty();
  std::optional<ResultFolder> folder;
  if (const auto path = context.arguments.value("out")) {
    folder.emplace(*path, context.arguments.has("force"));
  } else if (context.arguments.has("force")) {
    throw Error("--force has nothing to overwrite", "command line", "--out DIR beside it");
  }

  DataStore data = data_store(context);
  SessionOptions options = session_options(context, data);
  options.math = request.math;
  options.snapshot_bytes = 0;  // nobody will go back
  Environment machine = environment(program_name(), kernels(options.math), options.workers);
  Session session(std::move(options));
  const Command open = open_command(request);
  const event::Opened opened = open_config(session, open, context);
  machine.device = opened.device;
  if (folder) {
    folder->begin(config_document(request, resolved), program_name());
    folder->log(open);
    folder->take({opened, open.id});
  }

  std::vector<ConfigOutcome> outcomes;
  if (sweeps) {
    outcomes = run_sweep(session, request, resolved, context, folder ? &*folder : nullptr);
  } else {
    outcomes.push_back(run_seeds(session, request, opened, context, folder ? &*folder : nullptr));
  }
  nlohmann::json document = result_document(experiment, request, outcomes, machine);
  if (folder) folder->finish(document, request.seed, machine);

  const std::string digest = sweeps ? "" : outcomes[0].results.seeds()[0].digest;
  const bool compares = !request.expected.empty() && opened.device.empty();
  const bool same = !compares || digest.starts_with(request.expected);
  int status = same ? exit_status::kDone : exit_status::kClaimFailed;
  if (!sweeps) {
    document["link"] = encode(link_to(resolved, request, outcomes[0], !opened.device.empty()));
  }
  if (!resolved.notes.empty()) document["notes"] = resolved.notes;
  if (compares) {
    document["comparison"] = {{"expected", request.expected}, {"digest", digest}, {"same", same}};
  }

  if (context.json) {
    // The environment stays out, so that two machines print the same.
    document.erase("environment");
    document["math"] = machine.math;
    if (request.backend != BackendWish::cpu) {
      document["device"] = opened.device;
      document["device_reason"] = opened.device_reason;
    }
    print_json(context.out, document);
    return tell_device_failures(context, outcomes[0]) ? exit_status::kMachineFailed : status;
  }
  print_head(context, experiment, resolved, request, opened);
  if (sweeps) {
    print_sweep(context.out, context.style, experiment, request.sweep_field, outcomes);
  } else {
    print_outcome(context.out, context.style, experiment, outcomes[0]);
  }
  print_divergences(context.out, context.style, request.sweep_field, outcomes);
  if (tell_device_failures(context, outcomes[0])) status = exit_status::kMachineFailed;
  context.out << "\ndigest " << document["digest"].get<std::string>() << '\n';
  if (!sweeps) context.out << "link   " << document["link"].get<std::string>() << '\n';
  for (const std::string& note : resolved.notes)
    print_wrapped(context.out, "note: " + note, 0, context.style.columns);
  if (compares) {
    context.out << inked(context.style, same ? Ink::good : Ink::bad,
                         same
                             ? "The same bits as in the link."
                             : "Other bits than in the link: seed " + std::to_string(request.seed) +
                                   " gave " + digest.substr(0, request.expected.size()) +
                                   " instead of " + request.expected + ".")
                << '\n';
  }
  if (!request.expected.empty() && !compares) {
    print_wrapped(context.out,
                  "The digest in the link is the CPU's, and so is not compared with this one.", 0,
                  context.style.columns);
  }
  if (folder) print_wrapped(context.out, "wrote " + folder->contents(), 0, context.style.columns);
  return status;
}

}  // namespace lab
