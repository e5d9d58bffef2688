// What `run --out DIR` leaves in the folder: config.json, run.jsonl, result.json, the series
// and the run file.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_fwd.h"
#include "session/records.h"
#include "session/run_file.h"
#include "session/run_log.h"

namespace lab {

// The series of one run as CSV: a line a step ("step,NAME,..."), an empty cell where nothing was
// recorded. Of a long run a line covers the steps of one bucket (see Recorder): "step" is the last of
// them, NAME the last number, and NAME.min and NAME.max the extremes.
std::string series_csv(const RecordsReader& records);

class ResultFolder {
 public:
  // Looks, and writes nothing. Error: `path` is not a folder, or has results in it and `overwrite`
  // is false.
  ResultFolder(std::filesystem::path path, bool overwrite);

  // Makes the folder, removes results that are there, writes config.json and begins the log.
  void begin(const nlohmann::json& config, std::string_view program);

  // To the log; records are kept for the series of the run, by its seed.
  void log(const Command& command) { log_->write(command); }
  void take(const Event& event);

  // Writes result.json, and of runs series-SEED.csv and ID.lab.json; `first_seed` is the seed of
  // run 0.
  void finish(const nlohmann::json& result, std::uint64_t first_seed,
              const Environment& environment);

  // "DIR: config.json, run.jsonl, series-0.csv to series-9.csv and result.json"
  std::string contents() const;

 private:
  std::vector<std::filesystem::path> results_there() const;
  void write(const std::string& name, std::string_view text);

  std::filesystem::path path_;
  std::optional<RunLogWriter> log_;
  std::map<RunIndex, RecordsReader> records_;
  RunKeeper keeper_;
  std::string run_file_;  // its name, once it is written
  std::uint64_t first_seed_ = 0;
};

}  // namespace lab
