#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "session/run_log.h"
#include "session/walk.h"

namespace lab {
namespace {

namespace fs = std::filesystem;

// A file that is gone afterwards.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_((fs::temp_directory_path() / ("logit-lab-test-" + name)).string()) {
    fs::remove(path_);
  }
  ~TemporaryFile() { fs::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  std::string text() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void set(std::string_view text) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
  }

 private:
  std::string path_;
};

std::string encoded(const std::variant<Command, Event>& line) {
  if (const auto* command = std::get_if<Command>(&line)) return encode(*command);
  return encode(std::get<Event>(line)).json;
}

std::string error_of(std::string_view text) {
  try {
    read_run_log(text, "run.jsonl");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

constexpr std::string_view kHead = "{\"log\":1,\"program\":\"test 1\"}\n";
constexpr std::string_view kFirst =
    "{\"line\":1,\"command\":{\"command\":\"run\",\"protocol\":1}}\n";
constexpr std::string_view kSecond =
    "{\"line\":2,\"event\":{\"event\":\"closed\",\"protocol\":1}}\n";

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

}  // namespace

TEST_CASE("run log: what a session was asked and what came of it, and back") {
  const TemporaryFile file("log-1");
  std::vector<std::string> expected;
  {
    RunLogWriter log(file.path(), "test 1");
    Session session(walk::options(0));
    const std::vector<Command> commands = {
        {command::Open{.config = walk::config({{"diverge_at", std::int64_t{90}}}), .seeds = 2}},
        {command::Run{}, 1},
        {command::Fork{.run = 0, .step = 50, .set = {{"pull", 0.5}}}, 2},
        {command::Reproduce{.experiment = "walk", .claims = {"low"}, .seeds = 5}, 3}};
    for (const Command& command : commands) {
      log.write(command);
      expected.push_back(encode(command));
      session.post(command);
    }
    for (const Event& event : walk::until_idle(session, 3)) {
      log.write(event);
      const std::string_view word = name(event);
      if (word != "progress" && word != "records" && word != "idle") {
        expected.push_back(encode(event).json);
      }
    }
  }
  const RunLog log = read_run_log(file.text(), file.path());
  CHECK(log.program == "test 1");
  CHECK_FALSE(log.cut_short);
  CHECK(log.complete_bytes == file.text().size());
  REQUIRE(log.lines.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(encoded(log.lines[i]) == expected[i]);
}

TEST_CASE("run log: wherever a crash cuts it, the whole lines are read and the log goes on") {
  const TemporaryFile file("log-2");
  const std::string whole = joined({kHead, kFirst, kSecond});
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    const std::string text = whole.substr(0, size);
    const RunLog log = read_run_log(text, "run.jsonl");
    const std::size_t lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    CHECK(log.lines.size() == (lines > 0 ? lines - 1 : 0));
    CHECK(log.cut_short == (size > 0 && text.back() != '\n'));

    file.set(text);
    RunLogWriter(file.path(), "test 1").write(Command{command::Pause{}, 5});
    const RunLog after = read_run_log(file.text(), file.path());
    CHECK_FALSE(after.cut_short);
    REQUIRE(after.lines.size() == log.lines.size() + 1);
    CHECK(encoded(after.lines.back()) == R"({"command":"pause","id":5,"protocol":1})");
  }
}

TEST_CASE("run log: a line is in the file as soon as it is written") {
  const TemporaryFile file("log-3");
  RunLogWriter log(file.path(), "test 1");
  log.write(Command{command::Run{}});
  CHECK(file.text() == joined({kHead, kFirst}));
  log.write(Event{event::Closed{}});
  CHECK(file.text() == joined({kHead, kFirst, kSecond}));
}

TEST_CASE("run log: damage is named by file and line") {
  CHECK(error_of("").empty());
  CHECK(error_of("hello") ==
        "run.jsonl:1: this is not a run log; expected {\"log\": 1, \"program\": ...}");
  CHECK(error_of("{}\n").starts_with("run.jsonl:1: this is not a run log"));
  CHECK(error_of("{\"log\":2,\"program\":\"x\"}\n") ==
        "run.jsonl:1: version 2 of the log is not known here; expected 1");
  CHECK(error_of(joined({kHead, kSecond})) ==
        "run.jsonl:2: line 2 is not the next one; expected line 1; lines are missing or out of "
        "order");
  CHECK(error_of(joined({kHead, "nonsense\n", kSecond})).starts_with("run.jsonl:2:1:1: "));
  CHECK(error_of(joined({kHead, "{\"line\":1}\n"}))
            .starts_with("run.jsonl:2: this is not a line of a run log"));
  CHECK(error_of(
            joined({kHead, "{\"line\":1,\"command\":{\"protocol\":1,\"command\":\"rum\"}}\n"})) ==
        "run.jsonl:2: command.command: unknown command 'rum'; expected 'run'");
  CHECK(error_of(joined({kHead, "{\"line\":1,\"event\":{\"protocol\":1,\"event\":\"sought\"}}\n"}))
            .starts_with("run.jsonl:2: event: 'run' is missing"));
}

TEST_CASE("run log: a file that is something else is left alone") {
  const TemporaryFile file("log-4");
  file.set("dear diary");
  CHECK_THROWS_AS(RunLogWriter(file.path(), "test 1"), Error);
  CHECK(file.text() == "dear diary");
  CHECK_THROWS_AS(RunLogWriter((fs::path(file.path()) / "below").string(), "test 1"), Error);
}

}  // namespace lab
