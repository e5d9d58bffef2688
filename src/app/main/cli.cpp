// The command line program, natively and as WebAssembly in Node: tells run_cli what the world is
// like.
#include "app/cli.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

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

unsigned threads() {
#ifdef __EMSCRIPTEN__
  return 0;
#else
  return std::max(1u, std::thread::hardware_concurrency());
#endif
}

// Where the program lies; under Node, its launcher.
std::filesystem::path program_path(const char* called_as) {
#ifndef __EMSCRIPTEN__
  std::error_code code;
  std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", code);
  if (!code) return path;
#endif
  return called_as;
}

// The stored verdicts of the source tree that the program was built in, if it still stands there.
std::filesystem::path verdict_folder(std::filesystem::path program) {
  std::error_code code;
  program = std::filesystem::weakly_canonical(program, code);
  for (std::filesystem::path folder = program.parent_path(); folder != folder.parent_path();
       folder = folder.parent_path()) {
    const std::filesystem::path verdicts = folder / "tests" / "golden" / "verdicts";
    if (std::filesystem::is_directory(verdicts, code)) return verdicts;
  }
  return {};
}

}  // namespace

int main(int count, char** values) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGINT, on_interrupt);

  lab::CliEnvironment environment;
  environment.in = &std::cin;
  environment.out_is_terminal = isatty(STDOUT_FILENO) != 0;
  environment.err_is_terminal = isatty(STDERR_FILENO) != 0;
  environment.columns = terminal_columns();
  environment.colour = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  environment.processor = processor_name();
  environment.cores = threads();
  environment.program_folder = program_path(count > 0 ? values[0] : "").parent_path();
  environment.verdict_folder = verdict_folder(program_path(count > 0 ? values[0] : ""));
  environment.interrupted = [] { return interrupt_count > 0; };

  const std::vector<std::string> arguments(values + (count > 0 ? 1 : 0), values + count);
  return lab::run_cli(arguments, std::cout, std::cerr, environment);
}
