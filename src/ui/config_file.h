// A config as a file that a person drops: the same JSON that `run --config` takes.
#pragma once

#include <string_view>

#include "session/link.h"
#include "session/protocol.h"

namespace lab {

// {"experiment": ID, "set": {...}, "seed"?, "seeds"?}. Errors: not JSON, an unknown key, a wrong type;
// `source` names the file.
command::Open read_config(std::string_view text, std::string_view source);

// The link that opens a request's config.
Link link_of(const ConfigRequest& request, std::uint64_t seed, std::uint32_t seeds);

}  // namespace lab
