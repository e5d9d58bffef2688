// What was asked of a session and what came of it, line by line, as it happens: a file of JSON
// lines that is only ever appended to and survives a crash at any moment.
//
//   {"log": 1, "program": "logit-lab 0.1.0"}          the first line: version of this format
//   {"line": 1, "command": {...}}                      a command, as in protocol.h
//   {"line": 2, "event": {...}}                        an event, as in protocol.h
//
// Lines are numbered, so that a lost one shows. Left out: `progress`, `records` and `idle`, which
// say nothing that the rest does not lead to again. A last line that is cut short is what a crash
// leaves: readers pass over it, and a writer that continues the file removes it.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "session/protocol.h"

namespace lab {

inline constexpr int kRunLogVersion = 1;

struct RunLog {
  std::string program;                              // name and version of what began it
  std::vector<std::variant<Command, Event>> lines;  // in order
  bool cut_short = false;                           // the last line was not complete
  std::size_t complete_bytes = 0;                   // without that last line
};

// Error, with file and line: not a log, a newer version, a line that is damaged or missing.
RunLog read_run_log(std::string_view text, std::string_view source);

class RunLogWriter {
 public:
  // Begins a log, or continues one that is there. `program` is who writes, for the first line of a
  // new one. Error: the file is there but is not a log; it cannot be written (machine).
  RunLogWriter(std::string path, std::string_view program);

  // Appends a line and hands it to the system at once. Error (machine): the disk does not take it.
  void write(const Command& command);
  void write(const Event& event);

 private:
  void append(std::string_view text);

  std::string path_;
  std::ofstream out_;
  std::uint64_t line_ = 0;
};

}  // namespace lab
