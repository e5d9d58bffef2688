// How is a run kept, to be opened again and compared? In one JSON file, NAME.lab.json: what was
// asked for, everything that was recorded, the digests, and where it was computed.
//
//   {"lab": 1, "experiment": ID, "config": {resolved}, "config_digest": HEX, "seed": S, "seeds": N,
//    "runs": [{"seed", "step", "ended", "digest", "values": {NAME: NUMBER}, "divergence"?,
//              "device_failure"?, "config"?: {resolved, with its lineage} of a branch,
//              "series": [{"recording", "index"?, "last", "min"?, "max"?}],
//              "recorded": {NAME: NUMBER}, "arrays": [{"recording", "step", "shape", "values"}]}],
//    "environment": {...}}
//
// The first N runs are those of the seeds, in order; branches follow. Columns of numbers are base64
// of little endian float64. Where `index` is left out it is 0, 1, 2, ..; where `min` or `max` is,
// it is `last`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "session/protocol.h"
#include "session/results.h"

namespace lab {

inline constexpr int kRunFileVersion = 1;

struct KeptRun {
  SeedResult result;
  bool ended = false;
  std::string config;      // of a branch, canonical JSON; empty: the file's
  event::Records records;  // everything, in one
};

struct RunFile {
  std::string experiment;
  std::string config;  // resolved, canonical JSON
  std::string config_digest;
  std::uint64_t seed = 0;
  std::uint32_t seeds = 0;
  std::vector<KeptRun> runs;
  Environment environment;

  // What opens it again; seeds and steps beside it.
  ConfigRequest request() const;
};

// Gathers a file from a session's events.
class RunKeeper {
 public:
  void take(const Event& event);
  // Every run rests and has a digest.
  bool complete() const;
  // Precondition: complete.
  RunFile file(const Environment& environment) const;

 private:
  RunFile file_;
};

std::string run_file_text(const RunFile& file);

// Errors name the place: not JSON, not a run file, a newer version, a missing or unknown key, a
// wrong type, columns that do not fit each other. That the numbers are those of the digests only
// running again can tell.
RunFile read_run_file(std::string_view text, std::string_view source);

// Whether the text looks like one, so that the reader's errors are worth showing.
bool is_run_file(std::string_view text);

// What a session would have told: opened, and of every run records and finished or paused (of a
// branch forked before them). So a front end shows a file without running anything.
std::vector<Event> events_of(const RunFile& file);

// In which way a run that was made again is not the kept one, a sentence each; empty: it has the
// same bits.
std::vector<std::string> differences(const KeptRun& kept, const KeptRun& again);

}  // namespace lab
