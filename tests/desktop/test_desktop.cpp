// The desktop program's parts that need no screen: children, dialogs, files, state, arguments.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "desktop_child.h"
#include "desktop_files.h"
#include "desktop_options.h"
#include "desktop_state.h"

namespace {

namespace fs = std::filesystem;

// A folder that is gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "logit-lab-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path_ / name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  // A program of this name, for $PATH.
  void write_program(const std::string& name, const std::string& script) const {
    write(name, "#!/bin/sh\n" + script);
    fs::permissions(path_ / name, fs::perms::owner_all);
  }

 private:
  fs::path path_;
};

// An environment variable that has its old value again afterwards.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    const char* old = std::getenv(name);
    old_ = old == nullptr ? "" : old;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { setenv(name_, old_.c_str(), 1); }

 private:
  const char* name_;
  std::string old_;
};

lab::ChildProcess::End end_of(lab::ChildProcess& child) {
  for (int look = 0; look < 1000; ++look) {
    if (const auto end = child.poll()) return *end;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  FAIL("the child does not end");
  return {};
}

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::string problem(const std::vector<std::string>& arguments) {
  try {
    lab::desktop_options(arguments);
  } catch (const lab::Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a child's output and status are told, and nothing goes through a shell") {
  lab::ChildProcess echo({"echo", "$HOME; a  b"});
  const auto end = end_of(echo);
  CHECK(end.status == 0);
  CHECK(end.output == "$HOME; a  b\n");

  lab::ChildProcess failing({"sh", "-c", "exit 3"});
  CHECK(end_of(failing).status == 3);
  lab::ChildProcess missing({"no-program-of-this-name"});
  CHECK(end_of(missing).status == 127);
  CHECK(lab::program_exists("sh"));
  CHECK(!lab::program_exists("no-program-of-this-name"));
}

TEST_CASE("a child that is no longer wanted is ended") {
  const auto started = std::chrono::steady_clock::now();
  { lab::ChildProcess sleeper({"sleep", "30"}); }
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(10));
}

TEST_CASE("files are saved where the dialog says, and nowhere when it is cancelled") {
  const Folder folder;
  const Variable path("PATH", folder.path().string() + ":/usr/bin:/bin");
  std::vector<std::string> told;
  std::vector<fs::path> chosen;
  lab::DesktopFiles files({.chosen = [&](const fs::path& file) { chosen.push_back(file); },
                           .tell = [&](const std::string& line) { told.push_back(line); }});
  const auto answer = [&] {
    for (int look = 0; files.waiting() && look < 1000; ++look) {
      files.poll();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    CHECK(!files.waiting());
  };

  folder.write_program("zenity", "echo \"$@\" > " + (folder.path() / "words").string() + "\necho " +
                                     (folder.path() / "out put.svg").string() + "\n");
  files.save("figure.svg", bytes_of("<svg/>"));
  answer();
  CHECK(folder.read("out put.svg") == "<svg/>");
  CHECK(folder.read("words").find("--save") != std::string::npos);
  CHECK(folder.read("words").find("figure.svg") != std::string::npos);
  files.open();
  answer();
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0] == folder.path() / "out put.svg");
  CHECK(told.empty());

  folder.write_program("zenity", "exit 1\n");
  files.save("other.svg", bytes_of("<svg/>"));
  answer();
  CHECK(chosen.size() == 1);
  CHECK(told.empty());

  folder.write_program("zenity", "echo /no/such/folder/a.svg\n");
  files.save("other.svg", bytes_of("<svg/>"));
  answer();
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("/no/such/folder/a.svg: cannot be written") != std::string::npos);
}

TEST_CASE("without a dialog a file goes to the downloads, under a free name") {
  const Folder folder;
  fs::create_directory(folder.path() / "Downloads");
  const Variable path("PATH", folder.path().string()), home("HOME", folder.path().string());
  std::vector<std::string> told;
  lab::DesktopFiles files(
      {.chosen = {}, .tell = [&](const std::string& line) { told.push_back(line); }});
  files.save("a.b.csv", bytes_of("1"));
  files.save("a.b.csv", bytes_of("2"));
  files.save("../../a.b.csv", bytes_of("3"));
  CHECK(folder.read("Downloads/a.b.csv") == "1");
  CHECK(folder.read("Downloads/a.b-2.csv") == "2");
  CHECK(folder.read("Downloads/a.b-3.csv") == "3");
  REQUIRE(told.size() == 3);
  CHECK(told[1] == "Saved as " + (folder.path() / "Downloads/a.b-2.csv").string());
  files.open();
  CHECK(told.back().find("drop the file on the window") != std::string::npos);
}

TEST_CASE("files are read whole, and what cannot be read is said") {
  const Folder folder;
  folder.write("a", std::string("x\0y", 3));
  CHECK(lab::read_file(folder.path() / "a") == bytes_of(std::string_view("x\0y", 3)));
  CHECK_THROWS_AS(lab::read_file(folder.path() / "b"), lab::Error);
  CHECK_THROWS_AS(lab::read_file(folder.path()), lab::Error);
}

TEST_CASE("state is kept, and what makes no sense is not believed") {
  const Folder folder;
  lab::DesktopState state(folder.path() / "new" / "folder");
  CHECK(state.read("open").empty());
  CHECK(!state.window_place());
  state.write("open", "lr?a=1");
  state.write("../escape", "no");
  state.keep({.x = -5, .y = 7, .width = 800, .height = 600, .maximised = true});
  CHECK(state.read("open") == "lr?a=1");
  CHECK(!fs::exists(folder.path() / "new" / "escape"));
  const auto place = state.window_place();
  REQUIRE(place);
  CHECK(place->x == -5);
  CHECK(place->width == 800);
  CHECK(place->maximised);
  for (const char* text : {"", "1 2 3", "1 2 0 600 0", "1 2 800 999999 0", "a b c d e"}) {
    state.write("window", text);
    CHECK(!state.window_place());
  }
  lab::DesktopState nowhere{fs::path()};
  nowhere.write("open", "x");
  CHECK(nowhere.read("open").empty());
}

TEST_CASE("the state's folder follows the environment") {
  const Variable home("HOME", "/home/a");
  {
    const Variable state("XDG_STATE_HOME", "/var/a");
    CHECK(lab::DesktopState::default_folder() == "/var/a/logit-lab");
  }
  const Variable relative("XDG_STATE_HOME", "a");
  CHECK(lab::DesktopState::default_folder() == "/home/a/.local/state/logit-lab");
}

TEST_CASE("arguments") {
  const std::vector<std::string> words = {"https://example.org/lab/#lr?gamma=1",
                                          "--size=640x480",
                                          "--theme",
                                          "dark",
                                          "--density",
                                          "1.5",
                                          "--screenshot",
                                          "a.png"};
  const lab::DesktopOptions options = lab::desktop_options(words);
  CHECK(options.link == "lr?gamma=1");
  CHECK(options.width == 640);
  CHECK(options.height == 480);
  CHECK(options.theme == lab::ThemeChoice::dark);
  CHECK(options.density == 1.5f);
  CHECK(options.screenshot == "a.png");
  CHECK(options.frames == 60);
  CHECK(lab::desktop_options(std::vector<std::string>{"lr"}).link == "lr");
  CHECK(!lab::desktop_options({}).frames);
  CHECK(problem({"--size", "640"}).find("1280x800") != std::string::npos);
  CHECK(problem({"--size", "1x1"}).find("a number from 100") != std::string::npos);
  CHECK(problem({"--density", "nan"}).find("a number from") != std::string::npos);
  CHECK(problem({"--frames"}) == "--frames: needs a value");
  CHECK(problem({"--what"}).find("unknown option '--what'") != std::string::npos);
}

}  // namespace
