// The command line program, natively and as WebAssembly in Node: tells run_cli what the world is
// like.
#include "app/cli.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "places.h"

namespace {

volatile std::sig_atomic_t interrupt_count = 0;

// The first Ctrl-C asks for a clean end, the second one ends the process as if nobody had asked.
void on_interrupt(int signal) {
  interrupt_count = interrupt_count + 1;
  std::signal(signal, SIG_DFL);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::size_t terminal_columns() {
  constexpr std::size_t kLeast = 60, kMost = 100;  // text wider than this is hard to read
  std::size_t columns = 0;
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size = {};
    if (columns == 0 && isatty(stream) && ioctl(stream, TIOCGWINSZ, &size) == 0)
      columns = size.ws_col;
  }
  if (columns == 0) columns = std::strtoul(variable("COLUMNS").c_str(), nullptr, 10);
  if (columns == 0) columns = 80;
  return std::clamp(columns, kLeast, kMost);
}

// The processor's name as Linux has it; empty elsewhere.
std::string processor_name() {
#ifdef __EMSCRIPTEN__
  return "WebAssembly with 128-bit SIMD";
#else
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "";
#endif
}

#ifndef __EMSCRIPTEN__
std::string become(const std::filesystem::path& program, std::span<const std::string> arguments) {
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> values;
  for (std::string& word : words) values.push_back(word.data());
  values.push_back(nullptr);
  execv(values[0], values.data());
  return std::strerror(errno);
}
#endif

unsigned threads() {
#ifdef __EMSCRIPTEN__
  return 0;
#else
  return std::max(1u, std::thread::hardware_concurrency());
#endif
}

}  // namespace

int main(int count, char** values) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGINT, on_interrupt);

  const std::filesystem::path program = lab::program_path(count > 0 ? values[0] : "");
  lab::CliEnvironment environment;
  environment.in = &std::cin;
  environment.out_is_terminal = isatty(STDOUT_FILENO) != 0;
  environment.err_is_terminal = isatty(STDERR_FILENO) != 0;
  environment.columns = terminal_columns();
  environment.colour = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  environment.processor = processor_name();
  environment.cores = threads();
  environment.program_folder = program.parent_path();
  environment.verdict_folder = lab::verdict_folder(program);
  environment.interrupted = [] { return interrupt_count > 0; };
#ifndef __EMSCRIPTEN__
  environment.become = become;
#endif

  const std::vector<std::string> arguments(values + (count > 0 ? 1 : 0), values + count);
  return lab::run_cli(arguments, std::cout, std::cerr, environment);
}
