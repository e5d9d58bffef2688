// How is JSON from outside read? Through functions that know where they are in it, so that an error
// names the key, what stands there and what would be right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "experiment/schema.h"

namespace lab::reading {

using nlohmann::json;

inline constexpr auto kMostWhole = static_cast<std::uint64_t>(kLargestInteger);
inline constexpr std::uint64_t kMostIndex = std::numeric_limits<std::uint32_t>::max();

// A value as an error shows it: at most 60 characters.
std::string shown(const json& value);
// "a, b, c"
std::string join(const std::vector<std::string>& names);
// "where[3]"
std::string place(const std::string& where, std::size_t i);

// The number, if it is a whole one from 0 to `most`.
std::uint64_t read_whole(const json& value, const std::string& where, std::uint64_t most);
std::string read_text(const json& value, const std::string& where);
std::vector<std::string> read_texts(const json& array, const std::string& where);

// A measured number may be infinite or not a number at all; JSON has no words for these, so they
// are texts.
json number_json(double number);
double read_number(const json& value, const std::string& where);
std::map<std::string, double> read_numbers(const json& object, const std::string& where);

// What may be a field's value; whether it should be whole is the schema's affair.
Value read_value(const json& value, const std::string& where);
Settings read_settings(const json& object, const std::string& where);

// One object, key by key.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object())
      throw Error(shown(object) + " is not an object", where_, "an object {...}");
  }

  std::string path(std::string_view key) const { return where_ + "." + std::string(key); }

  const json* find(std::string_view key) {
    known_.emplace_back(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  const json& at(std::string_view key, std::string_view expected) {
    const json* value = find(key);
    if (value == nullptr) {
      throw Error("'" + std::string(key) + "' is missing", where_, std::string(expected));
    }
    return *value;
  }

  std::uint64_t whole(std::string_view key, std::uint64_t most = kMostWhole) {
    return read_whole(at(key, "a whole number"), path(key), most);
  }
  std::optional<std::uint64_t> maybe_whole(std::string_view key, std::uint64_t most = kMostWhole) {
    const json* value = find(key);
    if (value == nullptr) return std::nullopt;
    return read_whole(*value, path(key), most);
  }
  std::uint32_t run() { return static_cast<std::uint32_t>(whole("run", kMostIndex)); }
  std::optional<std::uint32_t> maybe_run() {
    const auto index = maybe_whole("run", kMostIndex);
    if (!index) return std::nullopt;
    return static_cast<std::uint32_t>(*index);
  }
  double number(std::string_view key) { return read_number(at(key, "a number"), path(key)); }
  std::string text(std::string_view key) { return read_text(at(key, "a text"), path(key)); }
  std::string text_or_empty(std::string_view key) {
    const json* value = find(key);
    return value == nullptr ? std::string() : read_text(*value, path(key));
  }
  bool flag(std::string_view key) {
    at(key, "true or false");
    return *maybe_flag(key);
  }
  std::optional<bool> maybe_flag(std::string_view key) {
    const json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_boolean())
      throw Error(shown(*value) + " is not a flag", path(key), "true or false");
    return value->get<bool>();
  }
  const json& array(std::string_view key) {
    const json& value = at(key, "an array [...]");
    if (!value.is_array())
      throw Error(shown(value) + " is not an array", path(key), "an array [...]");
    return value;
  }

  // After everything was asked for: whatever else is there was a mistake of the sender.
  void done() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
        throw Error("unknown key '" + key.substr(0, 60) + "'", where_,
                    known_.empty() ? "no keys" : join(known_));
      }
    }
  }

 private:
  const json& object_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace lab::reading
