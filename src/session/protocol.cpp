// Both directions of the wire.
#include "session/protocol.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/base64.h"
#include "core/json.h"
#include "core/names.h"
#include "session/object_reader.h"

namespace lab {
namespace {

using namespace reading;

// --- reading ---------------------------------------------------------------------------------

// In the order of the variants.
constexpr std::string_view kCommandNames[] = {"open",      "run",   "pause",  "step",
                                              "speed",     "seek",  "fork",   "observe",
                                              "reproduce", "sweep", "import", "cancel",
                                              "close"};
constexpr std::string_view kEventNames[] = {
    "opened",   "progress",  "records", "paused",      "diverged", "device_failed",
    "finished", "sought",    "forked",  "measurement", "verdict",  "point",
    "imported", "cancelled", "idle",    "error",       "closed"};
static_assert(std::size(kCommandNames) == std::variant_size_v<decltype(Command::body)>);
static_assert(std::size(kEventNames) == std::variant_size_v<decltype(Event::body)>);

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

// Several branches of a run, one after the other.
std::vector<Branch> read_lineage(const json& array, const std::string& where) {
  if (!array.is_array()) {
    throw Error(shown(array) + " is not an array", where, R"([{"step": N, "set": {...}}, ...])");
  }
  if (array.size() > kMostRuns) {
    throw Error("more branches than a session holds runs", where,
                "at most " + std::to_string(kMostRuns));
  }
  std::vector<Branch> lineage;
  for (std::size_t i = 0; i < array.size(); ++i) {
    ObjectReader reader(array[i], place(where, i));
    Branch branch;
    branch.parent = reader.text_or_empty("parent");
    branch.step = reader.whole("step");
    branch.set = read_settings(reader.at("set", "the fields that change"), reader.path("set"));
    reader.done();
    lineage.push_back(std::move(branch));
  }
  return lineage;
}

ConfigRequest read_config(const json& object, const std::string& where) {
  ObjectReader reader(object, where);
  ConfigRequest config;
  config.experiment = reader.text("experiment");
  if (const auto version = reader.maybe_whole("schema", 1'000'000)) {
    config.schema = static_cast<int>(*version);
  }
  if (const json* set = reader.find("set")) config.set = read_settings(*set, reader.path("set"));
  if (const json* lineage = reader.find("lineage")) {
    config.lineage = read_lineage(*lineage, reader.path("lineage"));
  }
  reader.done();
  return config;
}

// "seed" and "seeds" of a command: which seeds.
template <class Body>
void read_seeds(ObjectReader& reader, Body& body) {
  body.seed = reader.maybe_whole("seed").value_or(0);
  body.seeds = static_cast<std::uint32_t>(reader.maybe_whole("seeds", kMostRuns).value_or(1));
  if (body.seeds == 0) {
    throw Error("no seeds at all", reader.path("seeds"),
                "a whole number from 1 to " + std::to_string(kMostRuns));
  }
  if (body.seed > kMostWhole - (body.seeds - 1)) {
    throw Error("the last seed would be 2^53 or more", reader.path("seed"), "seeds below 2^53");
  }
}

// "part" and "parts" of a command: which share of the work.
template <class Body>
void read_part(ObjectReader& reader, Body& body) {
  body.parts = static_cast<std::uint32_t>(reader.maybe_whole("parts", kMostRuns).value_or(1));
  if (body.parts == 0) {
    throw Error("no parts at all", reader.path("parts"),
                "a whole number from 1 to " + std::to_string(kMostRuns));
  }
  body.part = static_cast<std::uint32_t>(reader.maybe_whole("part", body.parts - 1).value_or(0));
}

command::Import read_import(ObjectReader& reader) {
  constexpr std::size_t kLongestName = 255;
  command::Import body;
  body.name = reader.text("name");
  if (body.name.empty() || body.name.size() > kLongestName) {
    throw Error("a name of " + std::to_string(body.name.size()) + " bytes", reader.path("name"),
                "the file's name, of 1 to 255 bytes");
  }
  const json* text = reader.find("text");
  const json* bytes = reader.find("bytes");
  if ((text == nullptr) == (bytes == nullptr)) {
    throw Error(text != nullptr ? "both 'text' and 'bytes'" : "neither 'text' nor 'bytes'",
                reader.path("bytes"), "the file's content as base64, or as text");
  }
  if (text != nullptr) {
    const std::string content = read_text(*text, reader.path("text"));
    const auto view = std::as_bytes(std::span(content));
    body.bytes.assign(view.begin(), view.end());
  } else {
    body.bytes = from_base64(read_text(*bytes, reader.path("bytes")), reader.path("bytes"));
  }
  return body;
}

// The version and the word of a message.
std::string read_head(ObjectReader& reader, std::string_view key) {
  const std::uint64_t version = reader.whole("protocol");
  if (version != kProtocolVersion) {
    throw Error("protocol version " + std::to_string(version) + " is not spoken here",
                reader.path("protocol"), std::to_string(kProtocolVersion));
  }
  return reader.text(key);
}

[[noreturn]] void throw_unknown_word(const std::string& word, const ObjectReader& reader,
                                     std::string_view key,
                                     std::span<const std::string_view> words) {
  const std::vector<std::string> names(words.begin(), words.end());
  throw Error("unknown " + std::string(key) + " '" + word.substr(0, 60) + "'", reader.path(key),
              expected_name(word, names));
}

std::vector<double> take(std::span<const double> numbers, std::uint64_t offset,
                         std::uint64_t count) {
  const auto part = numbers.subspan(offset, count);
  return {part.begin(), part.end()};
}

void read_block(const json& block, const std::string& where, std::span<const double> numbers,
                event::Records& records) {
  ObjectReader reader(block, where);
  const std::string recording = reader.text("recording");
  const std::string kind = reader.text("kind");
  if (kind == "value") {
    const json& value = reader.at("value", "a number or null");
    event::ValuePart part{.recording = recording, .value = {}};
    if (!value.is_null()) part.value = read_number(value, reader.path("value"));
    records.values.push_back(std::move(part));
    reader.done();
    return;
  }
  if (kind != "series" && kind != "array") {
    throw Error("unknown kind of block '" + kind.substr(0, 60) + "'", reader.path("kind"),
                "series, value or array");
  }
  const std::uint64_t offset = reader.whole("offset");
  const std::uint64_t length = reader.whole("length");
  if (offset > numbers.size() || length > numbers.size() - offset) {
    throw Error("the block lies outside the numbers", where,
                "offset + length of at most " + std::to_string(numbers.size()));
  }
  if (kind == "series") {
    event::SeriesPart part;
    part.recording = recording;
    part.from = reader.whole("from");
    const std::uint64_t count = reader.whole("count");
    if (length % 4 != 0 || length / 4 != count) {
      throw Error("a length of " + std::to_string(length) + " does not fit the count",
                  reader.path("length"), "4 * count");
    }
    part.index = take(numbers, offset, count);
    part.min = take(numbers, offset + count, count);
    part.max = take(numbers, offset + 2 * count, count);
    part.last = take(numbers, offset + 3 * count, count);
    records.series.push_back(std::move(part));
  } else {
    event::ArrayPart part;
    part.recording = recording;
    part.step = reader.whole("step");
    const json& shape = reader.array("shape");
    std::uint64_t size = shape.empty() ? 0 : 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const std::string at = place(reader.path("shape"), i);
      const std::uint64_t extent = read_whole(shape[i], at, kMostWhole);
      if (extent != 0 && size > kMostWhole / extent) throw Error("the shape is too large", at, "");
      size *= extent;
      part.shape.push_back(static_cast<std::size_t>(extent));
    }
    if (size != length) {
      throw Error("a length of " + std::to_string(length) + " does not fit the shape",
                  reader.path("length"), std::to_string(size));
    }
    part.values = take(numbers, offset, length);
    records.arrays.push_back(std::move(part));
  }
  reader.done();
}

template <class Enum, std::size_t count>
Enum read_name(const std::string& text, const std::array<Enum, count>& all,
               const std::string& where) {
  std::vector<std::string> names;
  for (const Enum value : all) {
    if (name(value) == text) return value;
    names.emplace_back(name(value));
  }
  throw Error("unknown name '" + text.substr(0, 60) + "'", where, join(names));
}

std::string_view kind_name(Error::Kind kind) {
  return kind == Error::Kind::input ? "input" : "machine";
}

Divergence read_divergence(ObjectReader& reader) {
  Divergence divergence;
  divergence.recording = reader.text("recording");
  divergence.step = reader.whole("step");
  divergence.reason = reader.text("reason");
  return divergence;
}

std::vector<Explanation> read_explanations(ObjectReader& reader) {
  std::vector<Explanation> explanations;
  const json& array = reader.array("explanations");
  for (std::size_t i = 0; i < array.size(); ++i) {
    ObjectReader one(array[i], place(reader.path("explanations"), i));
    Explanation explanation;
    explanation.id = one.text("id");
    explanation.title = one.text("title");
    explanation.text = one.text("text");
    one.done();
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

FileKind read_file_kind(ObjectReader& reader) {
  const std::string word = reader.text("kind");
  for (const FileKind kind : {FileKind::table, FileKind::text, FileKind::language_model})
    if (word == name(kind)) return kind;
  throw Error("unknown kind of file '" + word.substr(0, 60) + "'", reader.path("kind"),
              "table, text or language_model");
}

std::vector<ColumnSummary> read_summary(ObjectReader& reader) {
  std::vector<ColumnSummary> summary;
  const json& array = reader.array("summary");
  for (std::size_t i = 0; i < array.size(); ++i) {
    ObjectReader one(array[i], place(reader.path("summary"), i));
    ColumnSummary column;
    column.name = one.text("name");
    const std::string type = one.text("type");
    column.missing = one.whole("missing");
    if (type == name_of(ColumnType::numeric)) {
      column.type = ColumnType::numeric;
      column.least = one.number("least");
      column.greatest = one.number("greatest");
      column.mean = one.number("mean");
    } else if (type == name_of(ColumnType::categorical)) {
      column.type = ColumnType::categorical;
      column.levels = read_texts(one.at("levels", "an array of texts"), one.path("levels"));
      const json& counts = one.array("counts");
      for (std::size_t k = 0; k < counts.size(); ++k) {
        column.counts.push_back(
            read_whole(counts[k], place(one.path("counts"), k), kMostWhole));
      }
      if (column.counts.size() != column.levels.size()) {
        throw Error("the counts do not fit the levels", one.path("counts"), "one for each");
      }
    } else if (type == name_of(ColumnType::text)) {
      column.type = ColumnType::text;
    } else {
      throw Error("unknown type of column '" + type.substr(0, 60) + "'", one.path("type"),
                  "numeric, categorical or text");
    }
    one.done();
    summary.push_back(std::move(column));
  }
  return summary;
}

SeedMeasurement read_measurement(ObjectReader& reader) {
  SeedMeasurement measurement{};
  measurement.seed = reader.whole("seed");
  measurement.value = reader.number("value");
  measurement.digest = reader.text("digest");
  return measurement;
}

// --- writing ---------------------------------------------------------------------------------

// Error texts quote what came from outside; what is not UTF-8 in them (a file's name, half a
// character) could not be sent. Each such byte becomes U+FFFD.
std::string sendable(const std::string& text) {
  try {
    canonical(json(text));
    return text;
  } catch (const Error&) {
    const std::string replaced = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    return parse_json(replaced, "text").get<std::string>();
  }
}

json settings_json(const Settings& settings) {
  json object = json::object();
  for (const auto& [name, value] : settings) object[name] = value_json(value);
  return object;
}

json lineage_json(const std::vector<Branch>& lineage) {
  json array = json::array();
  for (const Branch& branch : lineage) {
    json entry = {{"step", branch.step}, {"set", settings_json(branch.set)}};
    if (!branch.parent.empty()) entry["parent"] = branch.parent;
    array.push_back(std::move(entry));
  }
  return array;
}

json config_json(const ConfigRequest& config) {
  json object = {{"experiment", config.experiment}, {"set", settings_json(config.set)}};
  if (config.schema) object["schema"] = *config.schema;
  if (!config.lineage.empty()) object["lineage"] = lineage_json(config.lineage);
  return object;
}

json numbers_json(const std::map<std::string, double>& numbers) {
  json object = json::object();
  for (const auto& [name, number] : numbers) object[name] = number_json(number);
  return object;
}

json divergence_json(const Divergence& divergence) {
  return {{"recording", divergence.recording},
          {"step", divergence.step},
          {"reason", divergence.reason}};
}

json measurement_json(const SeedMeasurement& measurement) {
  return {{"seed", measurement.seed},
          {"value", number_json(measurement.value)},
          {"digest", measurement.digest}};
}

template <class Body>
void add_part(json& object, const Body& body) {
  if (body.parts == 1) return;
  object["part"] = body.part;
  object["parts"] = body.parts;
}

json summary_json(const std::vector<ColumnSummary>& summary) {
  json array = json::array();
  for (const ColumnSummary& column : summary) {
    json one = {{"name", sendable(column.name)},
                {"type", name_of(column.type)},
                {"missing", column.missing}};
    if (column.type == ColumnType::numeric) {
      one["least"] = number_json(column.least);
      one["greatest"] = number_json(column.greatest);
      one["mean"] = number_json(column.mean);
    } else if (column.type == ColumnType::categorical) {
      one["levels"] = json::array();
      for (const std::string& level : column.levels) one["levels"].push_back(sendable(level));
      one["counts"] = column.counts;
    }
    array.push_back(std::move(one));
  }
  return array;
}

json explanations_json(const std::vector<Explanation>& explanations) {
  json array = json::array();
  for (const Explanation& one : explanations) {
    array.push_back({{"id", one.id}, {"title", one.title}, {"text", sendable(one.text)}});
  }
  return array;
}

void append(std::vector<double>& numbers, std::span<const double> part) {
  numbers.insert(numbers.end(), part.begin(), part.end());
}

json records_json(const event::Records& records, std::vector<double>& numbers) {
  json blocks = json::array();
  for (const event::SeriesPart& part : records.series) {
    const std::size_t offset = numbers.size();
    append(numbers, part.index);
    append(numbers, part.min);
    append(numbers, part.max);
    append(numbers, part.last);
    blocks.push_back({{"recording", part.recording},
                      {"kind", "series"},
                      {"from", part.from},
                      {"count", part.index.size()},
                      {"offset", offset},
                      {"length", numbers.size() - offset}});
  }
  for (const event::ValuePart& part : records.values) {
    blocks.push_back({{"recording", part.recording},
                      {"kind", "value"},
                      {"value", part.value ? number_json(*part.value) : json()}});
  }
  for (const event::ArrayPart& part : records.arrays) {
    blocks.push_back({{"recording", part.recording},
                      {"kind", "array"},
                      {"step", part.step},
                      {"shape", part.shape},
                      {"offset", numbers.size()},
                      {"length", part.values.size()}});
    append(numbers, part.values);
  }
  json object = {{"run", records.run},
                 {"step", records.step},
                 {"observed", records.observed},
                 {"blocks", std::move(blocks)}};
  if (records.observed) object["explanations"] = explanations_json(records.explanations);
  return object;
}

}  // namespace

event::Error event::error_of(const lab::Error& error) {
  return {.problem = error.problem(),
          .where = error.where(),
          .expected = error.expected(),
          .kind = error.kind(),
          .run = {}};
}

std::string_view name(OnDeviceFailure choice) {
  return choice == OnDeviceFailure::go_on ? "continue" : "stop";
}

std::string_view name(const Command& command) {
  return kCommandNames[command.body.index()];
}
std::string_view name(const Event& event) {
  return kEventNames[event.body.index()];
}

// --- commands --------------------------------------------------------------------------------

std::string encode(const Command& command) {
  const auto with_run = [](json object, const std::optional<RunIndex>& run) {
    if (run) object["run"] = *run;
    return object;
  };
  json object = std::visit(
      Overloaded{
          [](const command::Open& c) -> json {
            json body = {{"config", config_json(c.config)}, {"seed", c.seed}, {"seeds", c.seeds}};
            if (!c.check) body["check"] = false;
            if (c.backend != BackendWish::cpu) {
              body["backend"] = name(c.backend);
              body["on_device_failure"] = name(c.on_device_failure);
            }
            return body;
          },
          [&](const command::Run& c) -> json {
            json body = with_run(json::object(), c.run);
            if (c.until) body["until"] = *c.until;
            return body;
          },
          [&](const command::Pause& c) -> json { return with_run(json::object(), c.run); },
          [&](const command::Step& c) -> json {
            return with_run({{"count", c.count}}, c.run);
          },
          [](const command::Speed& c) -> json {
            return {{"steps_per_second", number_json(c.steps_per_second)}};
          },
          [&](const command::Seek& c) -> json {
            return with_run({{"step", c.step}}, c.run);
          },
          [](const command::Fork& c) -> json {
            return {{"run", c.run}, {"step", c.step}, {"set", settings_json(c.set)}};
          },
          [](const command::Observe& c) -> json {
            return {{"run", c.run}};
          },
          [](const command::Reproduce& c) -> json {
            json body = {{"claims", c.claims}, {"seeds", c.seeds}};
            if (!c.experiment.empty()) body["experiment"] = c.experiment;
            add_part(body, c);
            return body;
          },
          [](const command::Sweep& c) -> json {
            json values = json::array();
            for (const Value& value : c.values) values.push_back(value_json(value));
            json body = {{"config", config_json(c.config)},
                         {"field", c.field},
                         {"values", std::move(values)},
                         {"seed", c.seed},
                         {"seeds", c.seeds}};
            add_part(body, c);
            return body;
          },
          [](const command::Import& c) -> json {
            return {{"name", c.name}, {"bytes", base64(c.bytes)}};
          },
          [](const command::Cancel&) -> json { return json::object(); },
          [](const command::Close& c) -> json {
            return c.runs_only ? json{{"runs_only", true}} : json::object();
          },
      },
      command.body);
  object["protocol"] = kProtocolVersion;
  object["command"] = name(command);
  if (command.id != 0) object["id"] = command.id;
  return canonical(object);
}

Command decode_command(std::string_view text, std::string_view source) {
  const json message = parse_json(text, source);
  ObjectReader reader(message, std::string(source));
  const std::string word = read_head(reader, "command");
  Command result;
  result.id = reader.maybe_whole("id").value_or(0);
  if (word == "open") {
    command::Open body;
    body.config = read_config(reader.at("config", R"({"experiment": ID, "set": {...}})"),
                              reader.path("config"));
    read_seeds(reader, body);
    body.check = reader.maybe_flag("check").value_or(true);
    if (const json* backend = reader.find("backend")) {
      const std::string where = reader.path("backend");
      body.backend = read_name(read_text(*backend, where), kAllBackendWishes, where);
    }
    if (const json* choice = reader.find("on_device_failure")) {
      const std::string where = reader.path("on_device_failure");
      body.on_device_failure = read_name(read_text(*choice, where), kAllOnDeviceFailures, where);
    }
    result.body = std::move(body);
  } else if (word == "run") {
    const auto run = reader.maybe_run();
    const auto until = reader.maybe_whole("until");
    result.body = command::Run{.run = run, .until = until};
  } else if (word == "pause") {
    result.body = command::Pause{.run = reader.maybe_run()};
  } else if (word == "step") {
    const auto run = reader.maybe_run();
    const auto count = reader.maybe_whole("count").value_or(1);
    result.body = command::Step{.run = run, .count = count};
  } else if (word == "speed") {
    const double speed = reader.number("steps_per_second");
    if (!(speed >= 0 && speed <= std::numeric_limits<double>::max())) {
      throw Error(shown(number_json(speed)) + " is not a speed", reader.path("steps_per_second"),
                  "a number of at least 0; 0 = as fast as possible");
    }
    result.body = command::Speed{.steps_per_second = speed};
  } else if (word == "seek") {
    const auto run = reader.maybe_run();
    result.body = command::Seek{.run = run, .step = reader.whole("step")};
  } else if (word == "fork") {
    command::Fork body;
    body.run = reader.run();
    body.step = reader.whole("step");
    body.set = read_settings(reader.at("set", "the live fields that change"), reader.path("set"));
    result.body = std::move(body);
  } else if (word == "observe") {
    result.body = command::Observe{.run = reader.run()};
  } else if (word == "reproduce") {
    command::Reproduce body;
    body.experiment = reader.text_or_empty("experiment");
    if (const json* claims = reader.find("claims")) {
      body.claims = read_texts(*claims, reader.path("claims"));
    }
    body.seeds = static_cast<std::uint32_t>(reader.maybe_whole("seeds", kMostRuns).value_or(0));
    read_part(reader, body);
    result.body = std::move(body);
  } else if (word == "sweep") {
    command::Sweep body;
    body.config = read_config(reader.at("config", R"({"experiment": ID, "set": {...}})"),
                              reader.path("config"));
    body.field = reader.text("field");
    const json& values = reader.array("values");
    for (std::size_t i = 0; i < values.size(); ++i) {
      body.values.push_back(read_value(values[i], place(reader.path("values"), i)));
    }
    read_seeds(reader, body);
    read_part(reader, body);
    result.body = std::move(body);
  } else if (word == "import") {
    result.body = read_import(reader);
  } else if (word == "cancel") {
    result.body = command::Cancel{};
  } else if (word == "close") {
    result.body = command::Close{.runs_only = reader.maybe_flag("runs_only").value_or(false)};
  } else {
    throw_unknown_word(word, reader, "command", kCommandNames);
  }
  reader.done();
  return result;
}

// --- events ----------------------------------------------------------------------------------

Message encode(const Event& event) {
  Message message;
  json object = std::visit(
      Overloaded{
          [](const event::Opened& e) -> json {
            json body = {{"experiment", e.experiment},
                         {"config", parse_json(e.config, "config")},
                         {"digest", e.digest},
                         {"seed", e.seed},
                         {"seeds", e.seeds}};
            if (!e.notes.empty()) body["notes"] = e.notes;
            if (!e.device.empty()) body["device"] = sendable(e.device);
            if (!e.device_reason.empty()) body["device_reason"] = sendable(e.device_reason);
            return body;
          },
          [](const event::Progress& e) -> json {
            return {{"run", e.run}, {"seed", e.seed}, {"step", e.step}, {"limit", e.limit}};
          },
          [&](const event::Records& e) -> json { return records_json(e, message.numbers); },
          [](const event::Paused& e) -> json {
            return {{"run", e.run},
                    {"step", e.step},
                    {"digest", e.digest},
                    {"values", numbers_json(e.values)}};
          },
          [](const event::Diverged& e) -> json {
            json body = divergence_json(e.divergence);
            body["run"] = e.run;
            return body;
          },
          [](const event::DeviceFailed& e) -> json {
            return {{"run", e.run},
                    {"step", e.step},
                    {"reason", e.reason},
                    {"text", sendable(e.text)},
                    {"goes_on", e.goes_on}};
          },
          [](const event::Finished& e) -> json {
            return {{"run", e.run},           {"seed", e.seed},
                    {"step", e.step},         {"values", numbers_json(e.values)},
                    {"diverged", e.diverged}, {"digest", e.digest}};
          },
          [](const event::Sought& e) -> json {
            return {{"run", e.run}, {"step", e.step}, {"digest", e.digest}};
          },
          [](const event::Forked& e) -> json {
            return {{"run", e.run},
                    {"parent", e.parent},
                    {"seed", e.seed},
                    {"step", e.step},
                    {"config", parse_json(e.config, "config")},
                    {"digest", e.digest}};
          },
          [](const event::Measurement& e) -> json {
            json body = measurement_json(e.measurement);
            body["experiment"] = e.experiment;
            body["claim"] = e.claim;
            return body;
          },
          [](const event::Verdict& e) -> json {
            json seeds = json::array();
            for (const SeedMeasurement& seed : e.result.seeds)
              seeds.push_back(measurement_json(seed));
            return {{"experiment", e.experiment},
                    {"claim", e.claim},
                    {"verdict", name(e.result.verdict)},
                    {"measured", number_json(e.result.measured)},
                    {"interval", {number_json(e.result.low), number_json(e.result.high)}},
                    {"seeds", std::move(seeds)},
                    {"digest", e.result.digest}};
          },
          [](const event::Point& e) -> json {
            return {{"point", e.point},
                    {"field", e.field},
                    {"value", value_json(e.value)},
                    {"seed", e.seed},
                    {"step", e.step},
                    {"values", numbers_json(e.values)},
                    {"divergence", e.divergence ? divergence_json(*e.divergence) : json()},
                    {"digest", e.digest}};
          },
          [](const event::Imported& e) -> json {
            return {{"name", sendable(e.name)},
                    {"kind", name(e.kind)},
                    {"format", e.format},
                    {"rows", e.rows},
                    {"columns", e.columns},
                    {"classes", e.classes},
                    {"sha256", e.sha256},
                    {"missing", e.missing},
                    {"summary", summary_json(e.summary)}};
          },
          [](const event::Cancelled& e) -> json {
            return {{"left", e.left}};
          },
          [](const event::Idle&) -> json { return json::object(); },
          [](const event::Error& e) -> json {
            json body = {{"problem", sendable(e.problem)},
                         {"where", sendable(e.where)},
                         {"expected", sendable(e.expected)},
                         {"kind", kind_name(e.kind)}};
            if (e.run) body["run"] = *e.run;
            return body;
          },
          [](const event::Closed&) -> json { return json::object(); },
      },
      event.body);
  object["protocol"] = kProtocolVersion;
  object["event"] = name(event);
  if (event.reply != 0) object["reply"] = event.reply;
  message.json = canonical(object);
  return message;
}

Event decode_event(std::string_view text, std::span<const double> numbers,
                   std::string_view source) {
  const json message = parse_json(text, source);
  ObjectReader reader(message, std::string(source));
  const std::string word = read_head(reader, "event");
  Event result;
  result.reply = reader.maybe_whole("reply").value_or(0);
  if (word == "opened") {
    event::Opened body;
    body.experiment = reader.text("experiment");
    body.config = canonical(reader.at("config", "a resolved config"));
    body.digest = reader.text("digest");
    body.seed = reader.whole("seed");
    body.seeds = static_cast<std::uint32_t>(reader.whole("seeds", kMostRuns));
    if (const json* notes = reader.find("notes")) {
      body.notes = read_texts(*notes, reader.path("notes"));
    }
    body.device = reader.text_or_empty("device");
    body.device_reason = reader.text_or_empty("device_reason");
    result.body = std::move(body);
  } else if (word == "progress") {
    event::Progress body;
    body.run = reader.run();
    body.seed = reader.whole("seed");
    body.step = reader.whole("step");
    body.limit = reader.whole("limit");
    result.body = body;
  } else if (word == "records") {
    event::Records body;
    body.run = reader.run();
    body.step = reader.whole("step");
    body.observed = reader.flag("observed");
    const json& blocks = reader.array("blocks");
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      read_block(blocks[i], place(reader.path("blocks"), i), numbers, body);
    }
    if (body.observed) body.explanations = read_explanations(reader);
    result.body = std::move(body);
  } else if (word == "paused") {
    event::Paused body;
    body.run = reader.run();
    body.step = reader.whole("step");
    body.digest = reader.text("digest");
    body.values = read_numbers(reader.at("values", "an object"), reader.path("values"));
    result.body = std::move(body);
  } else if (word == "diverged") {
    event::Diverged body;
    body.run = reader.run();
    body.divergence = read_divergence(reader);
    result.body = std::move(body);
  } else if (word == "device_failed") {
    event::DeviceFailed body;
    body.run = reader.run();
    body.step = reader.whole("step");
    body.reason = reader.text("reason");
    body.text = reader.text("text");
    body.goes_on = reader.flag("goes_on");
    result.body = std::move(body);
  } else if (word == "finished") {
    event::Finished body;
    body.run = reader.run();
    body.seed = reader.whole("seed");
    body.step = reader.whole("step");
    body.values = read_numbers(reader.at("values", "an object"), reader.path("values"));
    body.diverged = reader.flag("diverged");
    body.digest = reader.text("digest");
    result.body = std::move(body);
  } else if (word == "sought") {
    event::Sought body;
    body.run = reader.run();
    body.step = reader.whole("step");
    body.digest = reader.text("digest");
    result.body = std::move(body);
  } else if (word == "forked") {
    event::Forked body;
    body.run = reader.run();
    body.parent = static_cast<RunIndex>(reader.whole("parent", kMostIndex));
    body.seed = reader.whole("seed");
    body.step = reader.whole("step");
    body.config = canonical(reader.at("config", "a resolved config"));
    body.digest = reader.text("digest");
    result.body = std::move(body);
  } else if (word == "measurement") {
    event::Measurement body;
    body.experiment = reader.text("experiment");
    body.claim = reader.text("claim");
    body.measurement = read_measurement(reader);
    result.body = std::move(body);
  } else if (word == "verdict") {
    event::Verdict body;
    body.experiment = reader.text("experiment");
    body.claim = reader.text("claim");
    body.result.verdict =
        read_name(reader.text("verdict"),
                  std::array{Verdict::reproduced, Verdict::not_reproduced, Verdict::not_decided},
                  reader.path("verdict"));
    body.result.measured = reader.number("measured");
    const json& interval = reader.array("interval");
    if (interval.size() != 2) {
      throw Error("an interval of " + std::to_string(interval.size()) + " numbers",
                  reader.path("interval"), "[low, high]");
    }
    body.result.low = read_number(interval[0], reader.path("interval[0]"));
    body.result.high = read_number(interval[1], reader.path("interval[1]"));
    const json& seeds = reader.array("seeds");
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      ObjectReader seed(seeds[i], place(reader.path("seeds"), i));
      body.result.seeds.push_back(read_measurement(seed));
      seed.done();
    }
    body.result.digest = reader.text("digest");
    result.body = std::move(body);
  } else if (word == "point") {
    event::Point body;
    body.point = static_cast<std::uint32_t>(reader.whole("point", kMostIndex));
    body.field = reader.text("field");
    body.value = read_value(reader.at("value", "a field's value"), reader.path("value"));
    body.seed = reader.whole("seed");
    body.step = reader.whole("step");
    body.values = read_numbers(reader.at("values", "an object"), reader.path("values"));
    const json& divergence = reader.at("divergence", "an object or null");
    if (!divergence.is_null()) {
      ObjectReader inner(divergence, reader.path("divergence"));
      body.divergence = read_divergence(inner);
      inner.done();
    }
    body.digest = reader.text("digest");
    result.body = std::move(body);
  } else if (word == "imported") {
    event::Imported body;
    body.name = reader.text("name");
    body.kind = read_file_kind(reader);
    body.format = reader.text("format");
    body.rows = reader.whole("rows");
    body.columns = reader.whole("columns");
    body.classes = reader.whole("classes");
    body.sha256 = reader.text("sha256");
    body.missing = read_texts(reader.at("missing", "an array of texts"), reader.path("missing"));
    body.summary = read_summary(reader);
    result.body = std::move(body);
  } else if (word == "cancelled") {
    result.body = event::Cancelled{.left = reader.whole("left")};
  } else if (word == "idle") {
    result.body = event::Idle{};
  } else if (word == "error") {
    event::Error body;
    body.problem = reader.text("problem");
    body.where = reader.text("where");
    body.expected = reader.text("expected");
    const std::string kind = reader.text("kind");
    if (kind != "input" && kind != "machine") {
      throw Error("unknown kind of error '" + kind.substr(0, 60) + "'", reader.path("kind"),
                  "input or machine");
    }
    body.kind = kind == "input" ? Error::Kind::input : Error::Kind::machine;
    body.run = reader.maybe_run();
    result.body = std::move(body);
  } else if (word == "closed") {
    result.body = event::Closed{};
  } else {
    throw_unknown_word(word, reader, "event", kEventNames);
  }
  reader.done();
  return result;
}

// --- frames ----------------------------------------------------------------------------------

namespace {

static_assert(std::endian::native == std::endian::little,
              "frames are copied as they lie in memory");
constexpr std::size_t kFrameHead = 16;
constexpr char kMagic[] = {'L', 'A', 'B', '1'};

}  // namespace

std::vector<std::byte> pack(const Message& message) {
  const std::size_t padded = (message.json.size() + 7) / 8 * 8;
  std::vector<std::byte> frame(kFrameHead + padded + 8 * message.numbers.size(),
                               static_cast<std::byte>(' '));
  const auto json_bytes = static_cast<std::uint32_t>(padded);
  const auto count = static_cast<std::uint64_t>(message.numbers.size());
  std::memcpy(frame.data(), kMagic, sizeof kMagic);
  std::memcpy(frame.data() + 4, &json_bytes, sizeof json_bytes);
  std::memcpy(frame.data() + 8, &count, sizeof count);
  std::memcpy(frame.data() + kFrameHead, message.json.data(), message.json.size());
  if (count > 0) {
    std::memcpy(frame.data() + kFrameHead + padded, message.numbers.data(),
                8 * message.numbers.size());
  }
  return frame;
}

std::pair<Message, std::size_t> unpack(std::span<const std::byte> bytes, std::string_view source) {
  const std::string where(source);
  if (bytes.size() < kFrameHead) {
    throw Error("the frame is cut short", where, "a head of 16 bytes");
  }
  if (std::memcmp(bytes.data(), kMagic, sizeof kMagic) != 0) {
    throw Error("this is not a frame", where, "the bytes LAB1 at its beginning");
  }
  std::uint32_t json_bytes = 0;
  std::uint64_t count = 0;
  std::memcpy(&json_bytes, bytes.data() + 4, sizeof json_bytes);
  std::memcpy(&count, bytes.data() + 8, sizeof count);
  if (json_bytes % 8 != 0) {
    throw Error("the JSON of the frame is " + std::to_string(json_bytes) + " bytes", where,
                "a multiple of 8");
  }
  const std::size_t rest = bytes.size() - kFrameHead;
  if (json_bytes > rest || count > (rest - json_bytes) / 8) {
    throw Error(
        "the frame is cut short", where,
        std::to_string(json_bytes) + " bytes of JSON and " + std::to_string(count) + " numbers");
  }
  Message message;
  message.json.assign(reinterpret_cast<const char*>(bytes.data()) + kFrameHead, json_bytes);
  message.json.erase(message.json.find_last_not_of(' ') + 1);
  message.numbers.resize(count);
  if (count > 0) {
    std::memcpy(message.numbers.data(), bytes.data() + kFrameHead + json_bytes, 8 * count);
  }
  return {std::move(message), kFrameHead + json_bytes + 8 * count};
}

}  // namespace lab
