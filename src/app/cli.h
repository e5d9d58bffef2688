// The command line program, apart from its main function: arguments in, text or JSON out, an exit
// status back. It is the same natively and as WebAssembly in Node.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <istream>
#include <optional>
#include <ostream>
#include <span>
#include <string>

namespace lab {

namespace exit_status {
inline constexpr int kDone = 0;
inline constexpr int kClaimFailed = 1;    // a claim or a comparison failed
inline constexpr int kInputWrong = 2;     // what came from outside was wrong
inline constexpr int kMachineFailed = 3;  // memory, disk, device
inline constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells have it
}  // namespace exit_status

// What the program knows of the world besides its arguments.
struct CliEnvironment {
  std::istream* in = nullptr;  // standard input; null: there is none
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t columns = 80;              // of the terminal
  bool colour = false;                   // wanted, where the output is a terminal
  std::string processor;                 // its name, as people know it; may be empty
  unsigned cores = 0;                    // threads that can run at once; 0: there are none
  std::filesystem::path program_folder;  // where the program lies; empty: not known
  std::filesystem::path verdict_folder;  // of the stored verdicts; empty: there are none
  std::function<bool()> interrupted;     // whether Ctrl-C was pressed; empty: never
  // Runs the program of that path with the arguments in place of this one; gives the system's
  // reason when that cannot be done. Empty: this program cannot start others.
  std::function<std::string(const std::filesystem::path&, std::span<const std::string>)> become;
};

// Runs one command, args being what stands after the program's name, and returns the exit status.
// Everything that goes wrong is written to `err` - with --json as {"error": {...}} to `out` - and
// never thrown.
int run_cli(std::span<const std::string> args, std::ostream& out, std::ostream& err,
            const CliEnvironment& environment);

}  // namespace lab
