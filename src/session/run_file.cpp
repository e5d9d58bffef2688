#include "session/run_file.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base64.h"
#include "core/digest.h"
#include "core/json.h"
#include "session/object_reader.h"
#include "session/records.h"

namespace lab {
namespace {

using namespace reading;

// A kept run of many seeds is larger than a message.
constexpr JsonLimits kLimits = {.bytes = std::size_t{512} << 20, .depth = 100};

// --- columns ---------------------------------------------------------------------------------

static_assert(std::endian::native == std::endian::little,
              "columns are copied as they lie in memory");

std::string column_text(std::span<const double> numbers) {
  return base64(std::as_bytes(numbers));
}

std::vector<double> read_column(const json& value, const std::string& where) {
  const std::vector<std::byte> bytes = from_base64(read_text(value, where), where);
  if (bytes.size() % sizeof(double) != 0) {
    throw Error("a column of " + std::to_string(bytes.size()) + " bytes", where,
                "8 for each number");
  }
  std::vector<double> numbers(bytes.size() / sizeof(double));
  if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

bool counts_up(std::span<const double> index) {
  for (std::size_t i = 0; i < index.size(); ++i) {
    if (index[i] != static_cast<double>(i)) return false;
  }
  return true;
}

// --- writing ---------------------------------------------------------------------------------

json series_json(const event::SeriesPart& part) {
  json object = {{"recording", part.recording}, {"last", column_text(part.last)}};
  if (!counts_up(part.index)) object["index"] = column_text(part.index);
  if (part.min != part.last) object["min"] = column_text(part.min);
  if (part.max != part.last) object["max"] = column_text(part.max);
  return object;
}

json run_json(const KeptRun& run) {
  json series = json::array();
  for (const event::SeriesPart& part : run.records.series) series.push_back(series_json(part));
  json recorded = json::object();
  for (const event::ValuePart& part : run.records.values) {
    if (part.value) recorded[part.recording] = number_json(*part.value);
  }
  json arrays = json::array();
  for (const event::ArrayPart& part : run.records.arrays) {
    if (part.shape.empty()) continue;
    arrays.push_back({{"recording", part.recording},
                      {"step", part.step},
                      {"shape", part.shape},
                      {"values", column_text(part.values)}});
  }
  json values = json::object();
  for (const auto& [name, value] : run.result.values) values[name] = number_json(value);
  json object = {{"seed", run.result.seed},
                 {"step", run.result.step},
                 {"ended", run.ended},
                 {"digest", run.result.digest},
                 {"values", std::move(values)},
                 {"series", std::move(series)},
                 {"recorded", std::move(recorded)},
                 {"arrays", std::move(arrays)}};
  if (run.result.divergence) {
    object["divergence"] = {{"recording", run.result.divergence->recording},
                            {"step", run.result.divergence->step},
                            {"reason", run.result.divergence->reason}};
  }
  if (run.result.device_failure) {
    object["device_failure"] = device_failure_json(*run.result.device_failure);
  }
  if (!run.config.empty()) object["config"] = parse_json(run.config, "config");
  return object;
}

// --- reading ---------------------------------------------------------------------------------

event::SeriesPart read_series(const json& object, const std::string& where) {
  ObjectReader reader(object, where);
  event::SeriesPart part;
  part.recording = reader.text("recording");
  part.last = read_column(reader.at("last", "base64"), reader.path("last"));
  part.min = part.max = part.last;
  for (std::size_t i = 0; i < part.last.size(); ++i) part.index.push_back(static_cast<double>(i));
  const auto replace = [&](const char* key, std::vector<double>& column) {
    const json* given = reader.find(key);
    if (given == nullptr) return;
    column = read_column(*given, reader.path(key));
    if (column.size() != part.last.size()) {
      throw Error(std::to_string(column.size()) + " numbers", reader.path(key),
                  "as many as in 'last', " + std::to_string(part.last.size()));
    }
  };
  replace("index", part.index);
  replace("min", part.min);
  replace("max", part.max);
  double before = -1;
  for (const double index : part.index) {
    if (!(index > before && index <= static_cast<double>(kMostWhole)) ||
        index != static_cast<double>(static_cast<std::uint64_t>(index))) {
      throw Error("the numbers of its buckets do not ascend", reader.path("index"),
                  "ascending whole numbers");
    }
    before = index;
  }
  reader.done();
  return part;
}

event::ArrayPart read_array(const json& object, const std::string& where) {
  ObjectReader reader(object, where);
  event::ArrayPart part;
  part.recording = reader.text("recording");
  part.step = reader.whole("step");
  part.values = read_column(reader.at("values", "base64"), reader.path("values"));
  const json& shape = reader.array("shape");
  std::uint64_t size = shape.empty() ? 0 : 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::uint64_t extent =
        read_whole(shape[i], place(reader.path("shape"), i), part.values.size());
    size *= extent;
    if (size > part.values.size()) break;
    part.shape.push_back(static_cast<std::size_t>(extent));
  }
  if (shape.empty() || size != part.values.size()) {
    throw Error(std::to_string(part.values.size()) + " numbers do not fit the shape",
                reader.path("values"), "as many as the shape says");
  }
  reader.done();
  return part;
}

KeptRun read_run(const json& object, const std::string& where, RunIndex index) {
  ObjectReader reader(object, where);
  KeptRun run;
  run.result.seed = reader.whole("seed");
  run.result.step = reader.whole("step");
  run.ended = reader.flag("ended");
  run.result.digest = reader.text("digest");
  run.result.values = read_numbers(reader.at("values", "an object"), reader.path("values"));
  if (const json* divergence = reader.find("divergence")) {
    ObjectReader inner(*divergence, reader.path("divergence"));
    run.result.divergence.emplace();
    run.result.divergence->recording = inner.text("recording");
    run.result.divergence->step = inner.whole("step");
    run.result.divergence->reason = inner.text("reason");
    inner.done();
  }
  if (const json* failed = reader.find("device_failure")) {
    ObjectReader inner(*failed, reader.path("device_failure"));
    run.result.device_failure = event::DeviceFailed{.run = index,
                                                    .step = inner.whole("step"),
                                                    .reason = inner.text("reason"),
                                                    .text = inner.text("text"),
                                                    .goes_on = inner.flag("goes_on")};
    inner.done();
  }
  if (const json* config = reader.find("config")) run.config = canonical(*config);
  run.records.run = index;
  run.records.step = run.result.step;
  const json& series = reader.array("series");
  for (std::size_t i = 0; i < series.size(); ++i) {
    run.records.series.push_back(read_series(series[i], place(reader.path("series"), i)));
  }
  for (const auto& [name, value] :
       read_numbers(reader.at("recorded", "an object"), reader.path("recorded"))) {
    run.records.values.push_back({.recording = name, .value = value});
  }
  const json& arrays = reader.array("arrays");
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    run.records.arrays.push_back(read_array(arrays[i], place(reader.path("arrays"), i)));
  }
  reader.done();
  return run;
}

Environment read_environment(const json& object, const std::string& where) {
  ObjectReader reader(object, where);
  Environment environment;
  environment.program = reader.text("program");
  environment.compiler = reader.text("compiler");
  environment.target = reader.text("target");
  environment.kernels = reader.text("kernels");
  environment.math = reader.text("math");
  environment.workers = static_cast<unsigned>(reader.whole("workers", 1'000'000));
  environment.device = reader.text_or_empty("device");
  reader.done();
  return environment;
}

// A resolved config, read as `open` reads it.
command::Open read_open(const json& config, std::uint64_t seed, std::uint64_t seeds,
                        const std::string& source) {
  const json command = {{"protocol", kProtocolVersion},
                        {"command", "open"},
                        {"config", config},
                        {"seed", seed},
                        {"seeds", seeds}};
  return std::get<command::Open>(decode_command(canonical(command), source).body);
}

}  // namespace

ConfigRequest RunFile::request() const {
  return read_open(parse_json(config, "config"), 0, 1, "config").config;
}

std::string run_file_text(const RunFile& file) {
  json runs = json::array();
  for (const KeptRun& run : file.runs) runs.push_back(run_json(run));
  return canonical(json{{"lab", kRunFileVersion},
                        {"experiment", file.experiment},
                        {"config", parse_json(file.config, "config")},
                        {"config_digest", file.config_digest},
                        {"seed", file.seed},
                        {"seeds", file.seeds},
                        {"runs", std::move(runs)},
                        {"environment", environment_json(file.environment)}});
}

bool is_run_file(std::string_view text) {
  try {
    const json document = parse_json(text, "file", kLimits);
    return document.is_object() && document.contains("lab");
  } catch (const Error&) {
    return false;
  }
}

RunFile read_run_file(std::string_view text, std::string_view source) {
  const json document = parse_json(text, source, kLimits);
  ObjectReader reader(document, std::string(source));
  const std::uint64_t version = reader.whole("lab");
  if (version != kRunFileVersion) {
    throw Error("version " + std::to_string(version) + " of this format is not known here",
                reader.path("lab"),
                std::to_string(kRunFileVersion) + "; a newer Logit Lab may have written it");
  }
  RunFile file;
  file.experiment = reader.text("experiment");
  const json& config = reader.at("config", "a resolved config");
  file.config = canonical(config);
  file.config_digest = reader.text("config_digest");
  file.seed = reader.whole("seed");
  file.seeds = static_cast<std::uint32_t>(reader.whole("seeds", kMostRuns));
  const command::Open open = read_open(config, file.seed, file.seeds, std::string(source));
  if (open.config.experiment != file.experiment) {
    throw Error("the config is of another experiment", reader.path("config"),
                "'" + file.experiment + "'");
  }
  if (sha256_hex(file.config) != file.config_digest) {
    throw Error("the digest is not that of the config", reader.path("config_digest"),
                sha256_hex(file.config));
  }
  const json& runs = reader.array("runs");
  if (runs.size() < file.seeds || runs.size() > kMostRuns) {
    throw Error(std::to_string(runs.size()) + " runs", reader.path("runs"),
                "at least one for each seed, at most " + std::to_string(kMostRuns));
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string where = place(reader.path("runs"), i);
    KeptRun run = read_run(runs[i], where, static_cast<RunIndex>(i));
    if (i < file.seeds && (run.result.seed != file.seed + i || !run.config.empty())) {
      throw Error("this is not the run of seed " + std::to_string(file.seed + i), where,
                  "the runs of the seeds, in order, before branches");
    }
    if (i >= file.seeds) {
      if (run.config.empty()) throw Error("a branch without a config", where, "'config'");
      read_open(parse_json(run.config, "config"), run.result.seed, 1, where);
    }
    file.runs.push_back(std::move(run));
  }
  file.environment =
      read_environment(reader.at("environment", "an object"), reader.path("environment"));
  reader.done();
  return file;
}

// --- gathering -------------------------------------------------------------------------------

void RunKeeper::take(const Event& event) {
  const auto rest = [&](const auto& body, bool ended) {
    if (body.run >= file_.runs.size()) return;
    KeptRun& run = file_.runs[body.run];
    run.result.step = body.step;
    run.result.digest = body.digest;
    run.result.values = body.values;
    run.ended = ended;
  };
  if (const auto* opened = std::get_if<event::Opened>(&event.body)) {
    file_ = {};
    file_.experiment = opened->experiment;
    file_.config = opened->config;
    file_.config_digest = opened->digest;
    file_.seed = opened->seed;
    file_.seeds = opened->seeds;
    file_.runs.resize(opened->seeds);
    for (RunIndex run = 0; run < opened->seeds; ++run) {
      file_.runs[run].result.seed = opened->seed + run;
      file_.runs[run].records.run = run;
    }
  } else if (const auto* forked = std::get_if<event::Forked>(&event.body)) {
    if (forked->run != file_.runs.size()) return;
    KeptRun run;
    run.result.seed = forked->seed;
    run.config = forked->config;
    run.records.run = forked->run;
    file_.runs.push_back(std::move(run));
  } else if (const auto* records = std::get_if<event::Records>(&event.body)) {
    if (records->observed || records->run >= file_.runs.size()) return;
    KeptRun& run = file_.runs[records->run];
    run.records = merged(std::move(run.records), *records);
    // Until it rests again it has no digest that says so.
    if (records->step != run.result.step) run.result.digest.clear();
  } else if (const auto* diverged = std::get_if<event::Diverged>(&event.body)) {
    if (diverged->run < file_.runs.size()) {
      file_.runs[diverged->run].result.divergence = diverged->divergence;
    }
  } else if (const auto* failed = std::get_if<event::DeviceFailed>(&event.body)) {
    if (failed->run < file_.runs.size()) file_.runs[failed->run].result.device_failure = *failed;
  } else if (const auto* finished = std::get_if<event::Finished>(&event.body)) {
    rest(*finished, true);
  } else if (const auto* paused = std::get_if<event::Paused>(&event.body)) {
    rest(*paused, false);
  }
}

bool RunKeeper::complete() const {
  return !file_.runs.empty() && std::ranges::all_of(file_.runs, [](const KeptRun& run) {
    return !run.result.digest.empty();
  });
}

RunFile RunKeeper::file(const Environment& environment) const {
  assert(complete());
  RunFile file = file_;
  file.environment = environment;
  return file;
}

// --- using -----------------------------------------------------------------------------------

std::vector<Event> events_of(const RunFile& file) {
  std::vector<Event> events;
  events.push_back({event::Opened{.experiment = file.experiment,
                                  .config = file.config,
                                  .digest = file.config_digest,
                                  .seed = file.seed,
                                  .seeds = file.seeds,
                                  .device = file.environment.device}});
  for (RunIndex index = 0; index < file.runs.size(); ++index) {
    const KeptRun& run = file.runs[index];
    if (!run.config.empty()) {
      const json config = parse_json(run.config, "config");
      const auto lineage = read_open(config, run.result.seed, 1, "config").config.lineage;
      // Which run it left is not kept; the first of its seed has the same past.
      events.push_back({event::Forked{.run = index,
                                      .parent = static_cast<RunIndex>(run.result.seed - file.seed),
                                      .seed = run.result.seed,
                                      .step = lineage.empty() ? 0 : lineage.back().step,
                                      .config = run.config,
                                      .digest = sha256_hex(run.config)}});
    }
    events.push_back({run.records});
    if (run.result.divergence) {
      events.push_back({event::Diverged{.run = index, .divergence = *run.result.divergence}});
    }
    if (run.result.device_failure) events.push_back({*run.result.device_failure});
    if (run.ended) {
      events.push_back({event::Finished{.run = index,
                                        .seed = run.result.seed,
                                        .step = run.result.step,
                                        .values = run.result.values,
                                        .diverged = run.result.divergence.has_value(),
                                        .digest = run.result.digest}});
    } else {
      events.push_back({event::Paused{.run = index,
                                      .step = run.result.step,
                                      .digest = run.result.digest,
                                      .values = run.result.values}});
    }
  }
  return events;
}

std::vector<std::string> differences(const KeptRun& kept, const KeptRun& again) {
  if (kept.result.digest == again.result.digest) return {};
  std::vector<std::string> found;
  if (kept.result.step != again.result.step) {
    found.push_back("it made " + std::to_string(again.result.step) + " steps instead of " +
                    std::to_string(kept.result.step));
  }
  // The first bucket in which a series is another, over all of them.
  struct First {
    std::uint64_t step = 0;
    std::string text;
  };
  std::optional<First> first;
  for (const event::SeriesPart& then : kept.records.series) {
    const auto now =
        std::ranges::find(again.records.series, then.recording, &event::SeriesPart::recording);
    if (now == again.records.series.end()) {
      found.push_back(then.recording + " is not recorded any more");
      continue;
    }
    const std::size_t count = std::min(then.last.size(), now->last.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (then.last[i] == now->last[i] && then.min[i] == now->min[i] &&
          then.max[i] == now->max[i] && then.index[i] == now->index[i]) {
        continue;
      }
      const std::uint64_t step = bucket_begin(static_cast<std::uint64_t>(then.index[i]));
      if (!first || step < first->step) {
        first = {step, "from step " + std::to_string(step) + " on: " + then.recording + " is " +
                           number_text(now->last[i]) + " instead of " + number_text(then.last[i])};
      }
      break;
    }
  }
  if (first) found.push_back(first->text);
  for (const auto& [name, value] : kept.result.values) {
    const auto now = again.result.values.find(name);
    if (now == again.result.values.end()) {
      found.push_back(name + " is absent instead of " + number_text(value));
    } else if (now->second != value) {
      found.push_back(name + " is " + number_text(now->second) + " instead of " +
                      number_text(value));
    }
  }
  if (found.empty()) {
    found.push_back(
        "what is kept of it is the same, but not its digest: config, data, or numbers "
        "between those that are kept differ");
  }
  return found;
}

}  // namespace lab
