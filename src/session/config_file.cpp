#include "session/config_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "core/error.h"
#include "core/json.h"
#include "core/names.h"
#include "data/text.h"

namespace lab {

ConfigFile read_config_file(std::string_view text, std::string_view source_name) {
  const std::string source(source_name);
  ConfigFile file;
  nlohmann::json config = parse_json(text, source);
  if (!config.is_object())
    throw Error("a config is an object", source,
                "{\"experiment\": ID, \"set\": {NAME: VALUE, ...}}");
  nlohmann::json command = {{"protocol", kProtocolVersion}, {"command", "open"}};
  if (config.contains("until")) {
    const nlohmann::json& until = config["until"];
    if (!until.is_number_integer() || until < 0)
      throw Error("'until' is no step", source, "a whole number of at least 0");
    file.until = until.get<std::uint64_t>();
    config.erase("until");
  }
  for (const char* key : {"seed", "seeds", "sweep"}) {
    if (!config.contains(key)) continue;
    if (std::string_view(key) == "sweep") {
      const nlohmann::json& sweep = config[key];
      command["command"] = "sweep";
      const std::vector<std::string> keys = {"field", "values"};
      if (!sweep.is_object())
        throw Error("'sweep' is no object", source, "{\"field\": NAME, \"values\": [...]}");
      for (const auto& [name, value] : sweep.items()) {
        if (std::ranges::find(keys, name) == keys.end())
          throw Error("a sweep has no key " + quoted(name), source, expected_name(name, keys));
        command[name] = value;
      }
    } else {
      command[key] = config[key];
    }
    config.erase(key);
  }
  command["config"] = std::move(config);
  Command decoded = decode_command(command.dump(), source);
  if (auto* open = std::get_if<command::Open>(&decoded.body)) {
    file.config = std::move(open->config);
    file.seed = open->seed;
    file.seeds = open->seeds;
  } else if (auto* sweep = std::get_if<command::Sweep>(&decoded.body)) {
    file.config = std::move(sweep->config);
    file.seed = sweep->seed;
    file.seeds = sweep->seeds;
    file.sweep_field = std::move(sweep->field);
    file.sweep_values = std::move(sweep->values);
  }
  return file;
}

}  // namespace lab
