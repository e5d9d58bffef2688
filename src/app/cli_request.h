// What do `run` and `render` ask for? Settings from the defaults, a config file and the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cli_verbs.h"
#include "compute/kernels.h"
#include "session/protocol.h"
#include "session/resolve.h"

namespace lab {

// What the command line and the config file ask for together.
struct RunRequest {
  ConfigRequest config;
  std::uint64_t seed = 0;
  std::uint32_t seeds = 1;
  std::string sweep_field;  // empty: no sweep
  std::vector<Value> sweep_values;
  Math math = Math::strict;
  BackendWish backend = BackendWish::cpu;
  OnDeviceFailure on_device_failure = OnDeviceFailure::go_on;
  std::optional<std::uint64_t> until;  // nothing: to the end
  std::string expected;                // first digits of the first seed's digest; empty: none
};

// The request that the arguments make, checked but for what only the data can tell. Errors: those of the
// schema and the config file; seeds or a sweep that cannot be.
RunRequest read_request(const CliContext& context);

// Splits the "NAME=VALUE" of an option. Error: there is no NAME or no '='; form: what would be
// right.
std::pair<std::string, std::string> split_assignment(std::string_view option,
                                                     const std::string& text,
                                                     std::string_view form);

// Error: a device is asked for, and the config computes on the CPU alone.
void check_backend(const RunRequest& request, const Resolved& resolved);

}  // namespace lab
