#include "session/run_log.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/json.h"
#include "data/files.h"

namespace lab {
namespace {

// How the first line begins, however soon after that a crash came.
constexpr std::string_view kHeadBegin = R"({"log":)";

std::string place(std::string_view source, std::size_t line) {
  return std::string(source) + ":" + std::to_string(line);
}

std::string entry_text(std::uint64_t line, std::string_view key, std::string_view message) {
  return R"({"line":)" + std::to_string(line) + ",\"" + std::string(key) +
         "\":" + std::string(message) + "}";
}

std::string read_head(const Json& head, const std::string& where) {
  const bool is_log = head.is_object() && head.size() == 2 && head.contains("log") &&
                      head.contains("program") && head["log"].is_number_integer() &&
                      head["program"].is_string();
  if (!is_log) throw Error("this is not a run log", where, R"({"log": 1, "program": ...})");
  if (head["log"] != kRunLogVersion) {
    throw Error("version " + canonical(head["log"]) + " of the log is not known here", where,
                std::to_string(kRunLogVersion));
  }
  return head["program"];
}

std::variant<Command, Event> read_entry(const Json& entry, std::uint64_t line,
                                        const std::string& where) {
  const bool has_command = entry.is_object() && entry.contains("command");
  const bool has_event = entry.is_object() && entry.contains("event");
  if (!entry.is_object() || entry.size() != 2 || !entry.contains("line") ||
      has_command == has_event) {
    throw Error("this is not a line of a run log", where,
                R"({"line": N, "command" or "event": {...}})");
  }
  if (entry["line"] != line) {
    throw Error("line " + canonical(entry["line"]) + " is not the next one", where,
                "line " + std::to_string(line) + "; lines are missing or out of order");
  }
  if (has_command) return decode_command(canonical(entry["command"]), where + ": command");
  return decode_event(canonical(entry["event"]), {}, where + ": event");
}

Error unwritable(const std::string& path) {
  return {"the run log cannot be written", path, "a folder and a disk that take it",
          Error::Kind::machine};
}

bool is_worth_a_line(const Event& event) {
  return !std::holds_alternative<event::Progress>(event.body) &&
         !std::holds_alternative<event::Records>(event.body) &&
         !std::holds_alternative<event::Idle>(event.body);
}

}  // namespace

RunLog read_run_log(std::string_view text, std::string_view source) {
  RunLog log;
  const std::size_t last_end = text.rfind('\n');
  log.complete_bytes = last_end == std::string_view::npos ? 0 : last_end + 1;
  log.cut_short = log.complete_bytes < text.size();
  if (log.complete_bytes == 0 && !kHeadBegin.starts_with(text.substr(0, kHeadBegin.size()))) {
    throw Error("this is not a run log", place(source, 1), R"({"log": 1, "program": ...})");
  }
  text = text.substr(0, log.complete_bytes);
  for (std::size_t number = 0; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string where = place(source, number + 1);
    const Json line = parse_json(text.substr(0, end), where);
    if (number == 0) {
      log.program = read_head(line, where);
    } else {
      log.lines.push_back(read_entry(line, number, where));
    }
    text.remove_prefix(end + 1);
  }
  return log;
}

RunLogWriter::RunLogWriter(std::string path, std::string_view program) : path_(std::move(path)) {
  RunLog log;
  if (is_file(path_)) {
    const std::vector<std::byte> bytes = read_file(path_);
    log = read_run_log(as_text(bytes), path_);
    std::error_code failed;
    if (log.cut_short) std::filesystem::resize_file(path_, log.complete_bytes, failed);
    if (failed) throw unwritable(path_);
  }
  out_.open(path_, std::ios::binary | std::ios::app);
  if (log.complete_bytes == 0) {
    append(canonical({{"log", kRunLogVersion}, {"program", program}}));
  } else {
    line_ = log.lines.size();
  }
}

void RunLogWriter::write(const Command& command) {
  append(entry_text(++line_, "command", encode(command)));
}

void RunLogWriter::write(const Event& event) {
  if (is_worth_a_line(event)) append(entry_text(++line_, "event", encode(event).json));
}

void RunLogWriter::append(std::string_view text) {
  out_ << text << '\n' << std::flush;
  if (!out_) throw unwritable(path_);
}

}  // namespace lab
