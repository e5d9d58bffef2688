// Which experiment, with which parameters? A resolved config: a value for every field of the schema. It
// has one canonical JSON form, the same from C++, JavaScript and Python, and a digest over that form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/json_fwd.h"
#include "experiment/schema.h"

namespace lab {

class Config {
 public:
  // Defaults overridden by settings, which must have passed the schema.
  Config(std::string experiment, const Schema& schema, const Settings& settings);

  // {"experiment": ID, "schema": VERSION, "set": {...}}; `set` may leave fields out, "schema" may be
  // absent. Error: unknown key or field, wrong type or value, another experiment, a newer schema; `source`
  // names the file or link in messages.
  static Config from_json(const nlohmann::json& json, std::string_view experiment,
                          const Schema& schema, std::string_view source);

  const std::string& experiment() const { return experiment_; }

  // The value of a field; the field must exist and be of that type (asserted).
  double real(std::string_view field) const;
  std::int64_t integer(std::string_view field) const;
  bool flag(std::string_view field) const;
  const std::string& text(std::string_view field) const;  // choice, text, dataset, file
  const Settings& values() const { return values_; }

  // The same config with some fields changed; the settings must have passed the schema.
  Config with(const Settings& settings) const;

  nlohmann::json json() const;
  std::string canonical() const;  // RFC 8785 text of json()
  std::string digest() const;     // SHA-256 of canonical(), 64 hex digits

 private:
  const Value& at(std::string_view field) const;

  std::string experiment_;
  int version_ = 1;
  Settings values_;
};

}  // namespace lab
