// Json's name without its 25 000 lines: enough for a header that passes it by reference. A .cpp
// file that looks inside includes <nlohmann/json.hpp>.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace lab {

using Json = nlohmann::json;

}  // namespace lab
