// The verb gui: the desktop program in place of this one.
#include <filesystem>
#include <string>

#include "app/cli_verbs.h"
#include "core/error.h"

namespace lab {

int gui_command(const CliContext& context) {
  constexpr const char* kInBrowser = "a native build; in a browser, ./lab run serves the workbench";
  if (!context.environment.become)
    throw Error("this program cannot open a window", "gui", kInBrowser, Error::Kind::machine);
  const std::filesystem::path program = context.environment.program_folder / "logit-lab-desktop";
  if (!std::filesystem::exists(program)) {
    throw Error("the desktop program is not there", program.string(), "./lab desktop builds it",
                Error::Kind::machine);
  }
  const std::string reason = context.environment.become(program, context.arguments.positional());
  throw Error("the desktop program cannot be started: " + reason, program.string(), "",
              Error::Kind::machine);
}

}  // namespace lab
