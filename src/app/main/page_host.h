// What the page does for the workbench: calls from C++ to the object `Module.host` of web/page.mjs.
#pragma once

#include <string_view>

#include "ui/host.h"

namespace lab {

// All services but save_png, which needs the picture first, and link_base.
Host page_host();

// Carries a command to the engine in this worker.
void send_to_engine(std::size_t worker, std::string_view command_json);

// Asks for an experiment's description and first run: they come through page_description and
// page_first_run.
void request_experiment(std::string_view id);

// The system's clipboard.
void copy_to_clipboard(std::string_view text);

}  // namespace lab
