// A config as a file: what `run --config` takes and what a person drops on the workbench.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session/protocol.h"

namespace lab {

struct ConfigFile {
  ConfigRequest config;
  std::uint64_t seed = 0;
  std::uint32_t seeds = 1;
  std::optional<std::uint64_t> until;  // the step to stop at; nothing: to the end
  std::string sweep_field;             // empty: no sweep
  std::vector<Value> sweep_values;
};

// {"experiment": ID, "schema"?, "set"?, "lineage"?, "seed"?, "seeds"?, "until"?, "sweep"?: {"field",
// "values"}}: what the session's `open` or `sweep` takes, in one object. Errors: not JSON, no object, an
// unknown key, a wrong type; `source` names the file.
ConfigFile read_config_file(std::string_view text, std::string_view source);

}  // namespace lab
