#include "ui/config_file.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/json.h"

namespace lab {

command::Open read_config(std::string_view text, std::string_view source) {
  nlohmann::json config = parse_json(text, source);
  if (!config.is_object() || !config.contains("experiment")) {
    throw Error("this is neither a saved run nor a config", std::string(source),
                R"({"experiment": ID, "set": {NAME: VALUE, ...}})");
  }
  nlohmann::json command = {{"protocol", kProtocolVersion}, {"command", "open"}};
  for (const char* key : {"seed", "seeds"}) {
    if (!config.contains(key)) continue;
    command[key] = config[key];
    config.erase(key);
  }
  command["config"] = std::move(config);
  return std::get<command::Open>(decode_command(command.dump(), source).body);
}

Link link_of(const ConfigRequest& request, std::uint64_t seed, std::uint32_t seeds) {
  Link link;
  link.experiment = request.experiment;
  link.schema = request.schema;
  for (const auto& [name, value] : request.set) link.set[name] = value_text(value);
  link.seed = seed;
  link.seeds = seeds;
  link.lineage = request.lineage;
  return link;
}

}  // namespace lab
