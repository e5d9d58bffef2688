#include "session/object_reader.h"

#include <cmath>

#include "core/json.h"

namespace lab::reading {

std::string shown(const json& value) {
  constexpr std::size_t kShown = 60;
  if (value.is_structured()) return std::string("an ") + value.type_name();
  std::string text = canonical(value);
  if (text.size() > kShown) text = text.substr(0, kShown) + "...";
  return text;
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::uint64_t read_whole(const json& value, const std::string& where, std::uint64_t most) {
  const std::string expected = "a whole number from 0 to " + std::to_string(most);
  // parse_json makes an integer of whatever is one.
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0 ||
      value.get<std::uint64_t>() > most) {
    throw Error(shown(value) + " is not allowed", where, expected);
  }
  return value.get<std::uint64_t>();
}

std::string read_text(const json& value, const std::string& where) {
  if (!value.is_string()) throw Error(shown(value) + " is not a text", where, "a text");
  return value.get<std::string>();
}

json number_json(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number;
}

double read_number(const json& value, const std::string& where) {
  if (value.is_string()) {
    if (value == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (value == "Infinity") return std::numeric_limits<double>::infinity();
    if (value == "-Infinity") return -std::numeric_limits<double>::infinity();
  }
  if (!value.is_number()) {
    throw Error(shown(value) + " is not a number", where,
                R"(a number, "NaN", "Infinity" or "-Infinity")");
  }
  return value.get<double>();
}

Value read_value(const json& value, const std::string& where) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) return value.get<std::string>();
  // Whether it should be whole is the schema's affair.
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  throw Error(shown(value) + " cannot be a field's value", where,
              "a number, a text, true or false");
}

std::string place(const std::string& where, std::size_t i) {
  return where + "[" + std::to_string(i) + "]";
}

std::vector<std::string> read_texts(const json& array, const std::string& where) {
  if (!array.is_array()) throw Error(shown(array) + " is not an array", where, "an array of texts");
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < array.size(); ++i) {
    texts.push_back(read_text(array[i], place(where, i)));
  }
  return texts;
}

Settings read_settings(const json& object, const std::string& where) {
  if (!object.is_object()) {
    throw Error(shown(object) + " is not an object", where, "an object of fields and values");
  }
  Settings settings;
  for (const auto& [name, value] : object.items()) {
    settings[name] = read_value(value, where + "." + name.substr(0, 60));
  }
  return settings;
}

std::map<std::string, double> read_numbers(const json& object, const std::string& where) {
  if (!object.is_object())
    throw Error(shown(object) + " is not an object", where, "an object {...}");
  std::map<std::string, double> numbers;
  for (const auto& [name, value] : object.items()) {
    numbers[name] = read_number(value, where + "." + name);
  }
  return numbers;
}

}  // namespace lab::reading
