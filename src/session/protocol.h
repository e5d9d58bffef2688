// What do a front end and a session say to each other? Commands go in, events come out; both are
// plain structs here and JSON on the wire, so that the command line, the desktop, a page's worker
// and a notebook all speak the same words.
//
// A command:  {"protocol": 1, "command": "seek", "id": 7, "run": 0, "step": 500}
// An event:   {"protocol": 1, "event": "sought", "reply": 7, "run": 0, "step": 500}
//
// "id" is chosen by the sender (0 or absent: none) and comes back as "reply" in the events that
// answer the command. Runs are numbered from 0 in the order in which they were made; a branch gets
// the next number. Seeds, steps and counts are whole numbers below 2^53.
//
// Bulk numbers (only `records` has them) travel beside the JSON as one array of little endian
// float64. A block {"offset": o, "length": n} in the JSON is the numbers o .. o + n of it (counted
// in numbers, not bytes). In a byte stream both travel as one frame, see `pack`, in which the
// numbers begin at a multiple of 8 bytes: JavaScript views them in place,
//   new Float64Array(buffer, numbersAt + 8 * block.offset, block.length)
//
// The order of events: those of one run, and those of one claim, always come in the same order,
// whatever the number of workers; events of different runs interleave. `progress` and `records`
// that were not yet fetched are merged into later ones; every other event is delivered exactly
// once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "compute/backend.h"
#include "core/error.h"
#include "core/json_fwd.h"
#include "data/import.h"
#include "experiment/claim.h"
#include "experiment/recorder.h"
#include "experiment/run.h"
#include "experiment/schema.h"

namespace lab {

inline constexpr int kProtocolVersion = 1;
// Seeds, branches and sweep points that one session holds at the most.
inline constexpr std::uint32_t kMostRuns = 4096;

using RunIndex = std::uint32_t;

// A run that left another one: at this step (after that many steps) these live fields changed.
// {"parent": DIGEST, "step": 500, "set": {"eta": 0.1}}
struct Branch {
  std::string parent;  // digest of the config it left; if empty in a command it is not checked
  std::uint64_t step = 0;
  Settings set;
};

// {"experiment": ID, "schema": VERSION, "set": {...}, "lineage": [...]}. A field left out of `set`
// has its default; `schema` may be left out; `lineage` lists the branches that led here from that
// config, oldest first, so that the resolved config of a branch opens again as that branch.
struct ConfigRequest {
  std::string experiment;
  std::optional<int> schema;
  Settings set;  // numbers as they were written; the schema decides what they are
  std::vector<Branch> lineage;
};

// What becomes of runs whose device fails, or cannot be had.
enum class OnDeviceFailure {
  go_on,  // "continue": on the CPU, from what is recorded
  stop,   // "stop": they rest where they are; told to run on, they do so on the CPU
};
inline constexpr std::array kAllOnDeviceFailures = {OnDeviceFailure::go_on, OnDeviceFailure::stop};
std::string_view name(OnDeviceFailure choice);

// --- commands --------------------------------------------------------------------------------
namespace command {

// "open": replaces whatever was open by runs of the seeds seed, seed + 1, .. of a config, each at
// step 0 (with a lineage: at the step of its last branch). Answer: opened, or error with what was
// open untouched.
struct Open {
  ConfigRequest config;
  std::uint64_t seed = 0;
  std::uint32_t seeds = 1;
  // Makes the first run before it answers, so that what is wrong with the config and its data is an
  // error of `open`. Otherwise that is an error of each run that cannot be made.
  bool check = true;
  // Where the runs compute: "cpu", "webgpu" or "auto", whichever is faster. What computes on the
  // CPU alone does so: `opened` says why.
  BackendWish backend = BackendWish::cpu;
  OnDeviceFailure on_device_failure = OnDeviceFailure::go_on;
};

// What a run does is one motion at a time: run, step or seek. A run, step or observe waits until an
// earlier step or seek has arrived; otherwise a newer motion takes the place of an older one, which
// then is not answered. Scripts therefore wait for an answer, or for idle, before they post the
// next motion.

// "run": lets one run, or all, go on to its end, or until it has made `until` steps. Answer:
// finished or paused, from each.
struct Run {
  std::optional<RunIndex> run;
  std::optional<std::uint64_t> until;
};

// "pause": stops one run, or all, after the step at work, whatever it was doing. Answer: paused,
// from each that was moving.
struct Pause {
  std::optional<RunIndex> run;
};

// "step": so many steps from here. Answer: paused or finished.
struct Step {
  std::optional<RunIndex> run;
  std::uint64_t count = 1;
};

// "speed": steps a second of each run while it does `run`; 0 = as fast as possible. Until the next
// `speed`.
struct Speed {
  double steps_per_second = 0;
};

// "seek": one run, or all, to exactly this step, back or forward, and rest there. A newer seek
// takes the place of one that has not arrived. Answer: sought.
struct Seek {
  std::optional<RunIndex> run;
  std::uint64_t step = 0;
};

// "fork": a new run that is `run` up to this step, where some live fields change. `run` itself does
// not move. Answer: forked (at once), then sought when the branch stands at the step.
struct Fork {
  RunIndex run = 0;
  std::uint64_t step = 0;
  Settings set;
};

// "observe": records what is only worth computing when somebody looks. Answer: records with
// "observed".
struct Observe {
  RunIndex run = 0;
};

// "reproduce": measures claims over seeds 0, 1, .. and judges them. Answers: measurement, verdict.
struct Reproduce {
  std::string experiment;           // empty: the open one
  std::vector<std::string> claims;  // empty: all
  std::uint32_t seeds = 0;  // 0: as many as each claim asks for; where nothing is random it is 1
  // Only the claims part, part + parts, .. of those: for sessions that share the work.
  std::uint32_t part = 0, parts = 1;
};

// "sweep": a config with one field set to each value in turn, times the seeds; every combination
// runs to its end, nothing but the outcome is kept. Answers: point.
struct Sweep {
  ConfigRequest config;  // without lineage
  std::string field;
  std::vector<Value> values;
  std::uint64_t seed = 0;
  std::uint32_t seeds = 1;
  // Only the points part, part + parts, .. of those, by their numbers.
  std::uint32_t part = 0, parts = 1;
};

// "import": a file that somebody dropped or chose: from then on "file:NAME" is this one (of a
// language model, when all its files are there, and by the name that the answer gives). The content
// travels as base64, or as it is where it is a text: {"name": "my.csv", "text":
// "..."}, {"name", "bytes": BASE64}. Answer: imported, or error with nothing changed.
struct Import {
  std::string name;
  std::vector<std::byte> bytes;
};

// "cancel": gives up measurements and sweep points that are not done. Answer: cancelled.
struct Cancel {};

// "close": gives up everything, or only the runs. Answer: closed. The session can be opened again.
struct Close {
  bool runs_only = false;
};

}  // namespace command

struct Command {
  std::variant<command::Open, command::Run, command::Pause, command::Step, command::Speed,
               command::Seek, command::Fork, command::Observe, command::Reproduce, command::Sweep,
               command::Import, command::Cancel, command::Close>
      body;
  std::uint64_t id = 0;
};

// --- events ----------------------------------------------------------------------------------
namespace event {

// "opened": the runs 0 .. seeds of the resolved config (canonical JSON, with a lineage if there is
// one).
struct Opened {
  std::string experiment;
  std::string config;
  std::string digest;  // of `config`
  std::uint64_t seed = 0;
  std::uint32_t seeds = 0;
  // What an older version of the schema said otherwise, a sentence each; left out if there is none.
  std::vector<std::string> notes = {};
  // The backend that the runs compute on, "WebGPU (NVIDIA H100, Vulkan)"; empty, and left out: the
  // CPU. With another wish than the CPU also why it is this one, as a sentence.
  std::string device = {};
  std::string device_reason = {};
};

// "progress": a run has made `step` steps and will make `limit` at the most.
struct Progress {
  RunIndex run = 0;
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
  std::uint64_t limit = 0;
};

// Buckets of a series (see Recorder). They replace everything that the receiver holds from position
// `from` on. Bucket i covers the steps from bucket_begin(i) on. In JSON
// {"recording", "kind": "series", "from", "count", "offset", "length": 4 * count}: four columns one
// after the other: index, min, max, last.
struct SeriesPart {
  std::string recording;
  std::uint64_t from = 0;
  std::vector<double> index, min, max, last;  // of equal length
};

// {"recording", "kind": "value", "value": 3.5}; null: there is none (any more).
struct ValuePart {
  std::string recording;
  std::optional<double> value;
};

// {"recording", "kind": "array", "step", "shape": [n, ...], "offset", "length"}, row-major; with
// shape [] there is none (any more).
struct ArrayPart {
  std::string recording;
  std::uint64_t step = 0;
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

// "records": what changed in a run's recordings since its last `records`; {"run", "step",
// "observed", "blocks": [...]}. With "observed" it answers `observe` instead: all values and arrays
// that the observation recorded, which are not part of the run's own recordings, and "explanations":
// [{"id", "title", "text"}], what the run has to say about itself at this step.
struct Records {
  RunIndex run = 0;
  std::uint64_t step = 0;
  bool observed = false;
  std::vector<SeriesPart> series;
  std::vector<ValuePart> values;
  std::vector<ArrayPart> arrays;
  std::vector<Explanation> explanations = {};
};

// "paused": a run rests at this step, but is not at its end. `values` and `digest`: of everything up
// to here, as in `finished`.
struct Paused {
  RunIndex run = 0;
  std::uint64_t step = 0;
  std::string digest;
  std::map<std::string, double> values = {};
};

// "diverged": a recorded number was not finite. `finished` of the same run follows.
struct Diverged {
  RunIndex run = 0;
  Divergence divergence;
};

// "device_failed": the device that a run computes on gives no more answers. What was recorded up to
// `step` came from it. goes_on: the rest comes from the CPU; otherwise the run rests, and `paused`
// follows.
struct DeviceFailed {
  RunIndex run = 0;
  std::uint64_t step = 0;
  std::string reason;  // "lost", "out of memory", ..: reason_name
  std::string text;    // one line
  bool goes_on = false;

  bool operator==(const DeviceFailed&) const = default;
};

// "finished": a run is at its end. `values`: the last recorded number of every series and value
// that has one; `digest`: of the result, see `result_digest`.
struct Finished {
  RunIndex run = 0;
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
  std::map<std::string, double> values;
  bool diverged = false;
  std::string digest;
};

// "sought": a run rests at this step: the one asked for, or its end if that comes before (then
// `finished` stands before this). `digest`: of everything up to here.
struct Sought {
  RunIndex run = 0;
  std::uint64_t step = 0;
  std::string digest;
};

// "forked": there is a new run.
struct Forked {
  RunIndex run = 0;
  RunIndex parent = 0;
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
  std::string config;  // as in Opened, with the lineage
  std::string digest;
};

// "measurement": one seed of a claim; in order of seeds within the claim.
struct Measurement {
  std::string experiment;
  std::string claim;
  SeedMeasurement measurement;
};

// "verdict": {"experiment", "claim", "verdict", "measured", "interval": [low, high],
// "seeds": [...], "digest"}.
struct Verdict {
  std::string experiment;
  std::string claim;
  ClaimResult result;
};

// "point": the outcome of one point of a sweep, numbered value by value, seed by seed within a
// value; the points come in the order in which they get done.
struct Point {
  std::uint32_t point = 0;
  std::string field;
  Value value;
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
  std::map<std::string, double> values;  // as in Finished
  std::optional<Divergence> divergence;
  std::string digest;
};

// "imported": what is in the file. {"name", "kind": "table", "text" or "language_model", "format",
// "rows" (of a text: lines), "columns", "classes", "sha256", "missing": [files of the language
// model that are not there yet], "summary": [{"name", "type", "missing", "least", "greatest",
// "mean"} for numbers, or with "levels" and "counts" for categories]}.
struct Imported {
  std::string name;
  FileKind kind = FileKind::table;
  std::string format = {};   // "CSV", ...
  std::size_t rows = 0;      // of a text: lines
  std::size_t columns = 0;   // of the file
  std::size_t classes = 0;   // of its last column; 0: a number
  std::string sha256 = {};   // of the file, or of all files
  std::vector<std::string> missing = {};  // of a language model, which is not whole yet
  std::vector<ColumnSummary> summary = {};
};

// "cancelled": so many measurements and points were given up.
struct Cancelled {
  std::uint64_t left = 0;
};

// "idle": everything asked for is done; runs rest. `reply` is the last command's id. After every
// command but open, speed and close, at the latest when all else was answered.
struct Idle {};

// "error": what is wrong, where, and what would be right. With `run`: that run cannot go on, the
// others do.
struct Error {
  std::string problem, where, expected;
  lab::Error::Kind kind = lab::Error::Kind::input;
  std::optional<RunIndex> run;
};

// What an exception says, as an event.
Error error_of(const lab::Error& error);

// "closed": nothing is open any more.
struct Closed {};

}  // namespace event

struct Event {
  std::variant<event::Opened, event::Progress, event::Records, event::Paused, event::Diverged,
               event::DeviceFailed, event::Finished, event::Sought, event::Forked,
               event::Measurement, event::Verdict, event::Point, event::Imported, event::Cancelled,
               event::Idle, event::Error, event::Closed>
      body;
  std::uint64_t reply = 0;
};

// The word that stands for it in JSON: "open", "finished".
std::string_view name(const Command& command);
std::string_view name(const Event& event);

// --- to and from JSON ------------------------------------------------------------------------

// An event, or command, as it travels: JSON text and the numbers beside it.
struct Message {
  std::string json;             // one line
  std::vector<double> numbers;  // the payload; empty for most
};

Message encode(const Event& event);
std::string encode(const Command& command);  // commands have no numbers

// Errors (`source` names the message in them): not JSON, another protocol version, an unknown
// command or key, a missing one, a wrong type or a number outside its range. What needs a schema
// (names and values of fields) is checked by the session.
Command decode_command(std::string_view json, std::string_view source = "command");
// The inverse of `encode`. Errors likewise, and a block that lies outside the numbers.
Event decode_event(std::string_view json, std::span<const double> numbers = {},
                   std::string_view source = "event");

// --- one frame of a byte stream --------------------------------------------------------------
//   bytes 0 .. 3    "LAB1"
//   bytes 4 .. 7    u32: bytes of JSON, a multiple of 8 (the text is padded with spaces)
//   bytes 8 .. 15   u64: how many numbers
//   bytes 16 ..     the JSON, UTF-8; then the numbers, float64
// All little endian. A frame is a multiple of 8 bytes, so that frames may be written one after
// another.
std::vector<std::byte> pack(const Message& message);
// The first frame in the bytes, and how many bytes it took. Error: not a frame, or cut short.
std::pair<Message, std::size_t> unpack(std::span<const std::byte> bytes,
                                       std::string_view source = "frame");

}  // namespace lab
