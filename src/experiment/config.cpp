#include "experiment/config.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/error.h"
#include "core/json.h"
#include "core/names.h"

namespace lab {

Config::Config(std::string experiment, const Schema& schema, const Settings& settings)
    : experiment_(std::move(experiment)), version_(schema.version()) {
  for (const Field& field : schema.fields()) values_[field.name] = field.value;
  for (const auto& [name, value] : settings) {
    assert(values_.contains(name));
    values_[name] = value;
  }
}

Config Config::from_json(const nlohmann::json& json, std::string_view experiment,
                         const Schema& schema, std::string_view source) {
  const std::string where(source);
  if (!json.is_object()) {
    throw Error("a config cannot be of the type " + std::string(json.type_name()), where,
                R"(an object such as {"experiment": "...", "set": {...}})");
  }
  static const std::vector<std::string> kKeys = {"experiment", "schema", "set"};
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(kKeys, key) == kKeys.end()) {
      throw Error("a config has no key '" + key + "'", where, expected_name(key, kKeys));
    }
  }
  if (json.contains("experiment") && json["experiment"] != experiment) {
    throw Error("the config is for the experiment " + lab::canonical(json["experiment"]), where,
                "'" + std::string(experiment) + "'");
  }
  if (json.contains("schema")) {
    const nlohmann::json& version = json["schema"];
    if (!version.is_number_integer() || version < 1 || version > schema.version()) {
      throw Error("schema version " + lab::canonical(version) + " is not known here", where,
                  "a version from 1 to " + std::to_string(schema.version()) +
                      "; a newer Logit Lab may have written it");
    }
  }
  Settings settings;
  if (json.contains("set")) {
    const nlohmann::json& set = json["set"];
    if (!set.is_object()) {
      throw Error("'set' cannot be of the type " + std::string(set.type_name()), where,
                  "an object of fields and values");
    }
    for (const auto& [name, value] : set.items()) {
      settings[name] = schema.from_json(name, value, source);
    }
  }
  return {std::string(experiment), schema, settings};
}

const Value& Config::at(std::string_view field) const {
  const auto found = values_.find(field);
  assert(found != values_.end());
  return found->second;
}

double Config::real(std::string_view field) const { return std::get<double>(at(field)); }
std::int64_t Config::integer(std::string_view field) const {
  return std::get<std::int64_t>(at(field));
}
bool Config::flag(std::string_view field) const { return std::get<bool>(at(field)); }
const std::string& Config::text(std::string_view field) const {
  return std::get<std::string>(at(field));
}

Config Config::with(const Settings& settings) const {
  Config changed = *this;
  for (const auto& [name, value] : settings) {
    assert(changed.values_.contains(name));
    changed.values_[name] = value;
  }
  return changed;
}

nlohmann::json Config::json() const {
  nlohmann::json set = nlohmann::json::object();
  for (const auto& [name, value] : values_) set[name] = value_json(value);
  return {{"experiment", experiment_}, {"schema", version_}, {"set", std::move(set)}};
}

std::string Config::canonical() const { return lab::canonical(json()); }

std::string Config::digest() const {
  return sha256_hex(canonical());
}

}  // namespace lab
