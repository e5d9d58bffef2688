#include "experiment/schema.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/json.h"
#include "core/names.h"
#include "data/inline_points.h"

namespace lab {
namespace {

constexpr std::size_t kLongestText = 4096;       // bytes of a text, dataset or file field
constexpr std::size_t kLongestPoints = 1 << 17;  // .. but of points written out

[[maybe_unused]] bool has_type(const Value& value, FieldType type) {
  switch (type) {
    case FieldType::real: return std::holds_alternative<double>(value);
    case FieldType::integer: return std::holds_alternative<std::int64_t>(value);
    case FieldType::flag: return std::holds_alternative<bool>(value);
    default: return std::holds_alternative<std::string>(value);
  }
}

std::string place(std::string_view where, std::string_view field) {
  std::string text(where);
  if (!text.empty()) text += ": ";
  return text + "field " + std::string(field);
}

std::vector<std::string> choice_names(const Field& field) {
  std::vector<std::string> names;
  for (const Choice& choice : field.choices) names.push_back(choice.name);
  return names;
}

bool takes_points(const Field& field) {
  return field.type == FieldType::dataset && field.files == FileKind::table;
}

// How a person's own data are named.
std::string own_files_text(const Field& field) {
  if (field.files == FileKind::language_model) return "file:FOLDER";
  return takes_points(field) ? "file:PATH or points:X1,X2,CLASS;..." : "file:PATH";
}

// A data set of one's own: "file:PATH".
bool names_file(const Field& field, const std::string& text) {
  return field.type == FieldType::dataset && text.starts_with("file:") && text.size() > 5;
}

// The value if it lies in the field's domain.
Value checked(const Field& field, Value value, std::string_view shown, std::string_view where) {
  const auto wrong = [&](std::string expected) {
    return Error("the value " + std::string(shown) + " is not allowed", place(where, field.name),
                 std::move(expected));
  };
  switch (field.type) {
    case FieldType::real: {
      const double number = std::get<double>(value);
      if (!(number >= field.min && number <= field.max)) throw wrong(domain_text(field));
      // One zero, so that equal configs have equal digests.
      return number == 0 ? 0.0 : number;
    }
    case FieldType::integer: {
      const auto number = static_cast<double>(std::get<std::int64_t>(value));
      if (!(number >= field.min && number <= field.max)) throw wrong(domain_text(field));
      return value;
    }
    case FieldType::flag:
      return value;
    case FieldType::choice:
    case FieldType::dataset: {
      const std::string& text = std::get<std::string>(value);
      if (takes_points(field) && text.starts_with(kPointsPrefix)) {
        if (text.size() > kLongestPoints) throw wrong("at most 131072 bytes of points");
        // One spelling, so that equal points give equal digests.
        return points_text(read_points(text, place(where, field.name)));
      }
      if (text.size() > kLongestText) throw wrong("at most 4096 bytes");
      const std::vector<std::string> names = choice_names(field);
      if (std::ranges::find(names, text) != names.end() || names_file(field, text)) return value;
      std::string expected = expected_name(text, names);
      if (field.type == FieldType::dataset) {
        expected += ", or " + own_files_text(field) + " for data of your own";
      }
      throw wrong(std::move(expected));
    }
    case FieldType::text:
    case FieldType::file:
      if (std::get<std::string>(value).size() > kLongestText) throw wrong("at most 4096 bytes");
      return value;
  }
  return value;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  if (text.size() <= kShown) return "'" + std::string(text) + "'";
  return "'" + std::string(text.substr(0, kShown)) + "...'";
}

}  // namespace

Schema::Schema(int version, std::vector<Field> fields)
    : version_(version), fields_(std::move(fields)) {
  for (Field& field : fields_) {
    if (field.type == FieldType::integer) {
      field.min = std::max(field.min, -static_cast<double>(kLargestInteger));
      field.max = std::min(field.max, static_cast<double>(kLargestInteger));
    }
    assert(has_type(field.value, field.type));
    assert(std::ranges::count(fields_, field.name, &Field::name) == 1);
    field.value = checked(field, field.value, "(default)", "schema");
    for ([[maybe_unused]] const Condition& condition : field.only_with) {
      assert(std::ranges::count(fields_, condition.field, &Field::name) == 1);
    }
  }
}

const Field& Schema::field(std::string_view name, std::string_view where) const {
  const auto found = std::ranges::find(fields_, name, &Field::name);
  if (found != fields_.end()) return *found;
  std::vector<std::string> names;
  for (const Field& field : fields_) names.push_back(field.name);
  throw Error("there is no field " + quoted(name), std::string(where), expected_name(name, names));
}

Value Schema::parse(std::string_view name, std::string_view text, std::string_view where) const {
  const Field& field = this->field(name, where);
  const std::string shown = quoted(text);
  const auto unreadable = [&] {
    return Error("cannot read " + shown, place(where, name), domain_text(field));
  };
  switch (field.type) {
    case FieldType::real: {
      const std::optional<double> number = parse_number(text);
      if (!number) throw unreadable();
      return checked(field, *number, shown, where);
    }
    case FieldType::integer: {
      const std::optional<double> number = parse_number(text);
      if (!number || *number != std::trunc(*number)) throw unreadable();
      if (!(std::abs(*number) <= static_cast<double>(kLargestInteger))) {
        throw Error("the value " + shown + " is not allowed", place(where, name),
                    domain_text(field));
      }
      return checked(field, static_cast<std::int64_t>(*number), shown, where);
    }
    case FieldType::flag:
      if (text == "true" || text == "yes" || text == "on" || text == "1") return true;
      if (text == "false" || text == "no" || text == "off" || text == "0") return false;
      throw unreadable();
    default:
      return checked(field, std::string(text), shown, where);
  }
}

Value Schema::from_json(std::string_view name, const nlohmann::json& json,
                        std::string_view where) const {
  const Field& field = this->field(name, where);
  const std::string shown =
      json.is_structured() ? std::string(json.type_name()) : canonical(json);
  const auto wrong_type = [&] {
    return Error("the value " + shown + " has the wrong type", place(where, name),
                 domain_text(field));
  };
  switch (field.type) {
    case FieldType::real:
      if (!json.is_number()) throw wrong_type();
      return checked(field, json.get<double>(), shown, where);
    case FieldType::integer: {
      if (!json.is_number()) throw wrong_type();
      const double number = json.get<double>();
      if (number != std::trunc(number)) throw wrong_type();
      if (!(std::abs(number) <= static_cast<double>(kLargestInteger))) {
        throw Error("the value " + shown + " is not allowed", place(where, name),
                    domain_text(field));
      }
      return checked(field, static_cast<std::int64_t>(number), shown, where);
    }
    case FieldType::flag:
      if (!json.is_boolean()) throw wrong_type();
      return json.get<bool>();
    default:
      if (!json.is_string()) throw wrong_type();
      return checked(field, json.get<std::string>(), shown, where);
  }
}

std::string_view name(FileKind kind) {
  switch (kind) {
    case FileKind::table:
      return "table";
    case FileKind::text:
      return "text";
    case FileKind::language_model:
      return "language_model";
  }
  return "";
}

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::real: return "real";
    case FieldType::integer: return "integer";
    case FieldType::choice: return "choice";
    case FieldType::flag: return "flag";
    case FieldType::text: return "text";
    case FieldType::dataset: return "dataset";
    case FieldType::file: return "file";
  }
  return "";
}

std::string domain_text(const Field& field) {
  switch (field.type) {
    case FieldType::real:
    case FieldType::integer: {
      const bool whole = field.type == FieldType::integer;
      const double widest = whole ? static_cast<double>(kLargestInteger)
                                  : std::numeric_limits<double>::max();
      std::string text = whole ? "a whole number" : "a number";
      const bool low = field.min > -widest;
      const bool high = field.max < widest;
      if (low && high) {
        text += " from " + number_text(field.min) + " to " + number_text(field.max);
      } else if (low) {
        text += " of at least " + number_text(field.min);
      } else if (high) {
        text += " of at most " + number_text(field.max);
      }
      return text;
    }
    case FieldType::flag: return "true or false";
    case FieldType::choice:
    case FieldType::dataset: {
      std::string text = field.choices.size() > 1 ? "one of " : "";
      for (std::size_t i = 0; i < field.choices.size(); ++i) {
        if (i > 0) text += i + 1 == field.choices.size() ? " or " : ", ";
        text += field.choices[i].name;
      }
      if (field.type == FieldType::dataset) {
        text += (text.empty() ? "" : ", or ") + own_files_text(field);
      }
      return text;
    }
    case FieldType::text: return "text of at most 4096 bytes";
    case FieldType::file: return "the path of a file";
  }
  return "";
}

bool has_effect(const Field& field, const std::function<Value(std::string_view)>& value_of) {
  return std::ranges::all_of(field.only_with, [&](const Condition& condition) {
    const std::string value = value_text(value_of(condition.field));
    const bool listed = std::ranges::any_of(condition.values, [&](const std::string& one) {
      return value == one || value.starts_with(one + ":");
    });
    return listed != condition.excluded;
  });
}

std::string condition_text(const Field& field) {
  std::string text;
  for (const Condition& condition : field.only_with) {
    text += text.empty() ? "" : "; ";
    text += (condition.excluded ? "not with " : "only with ") + condition.field + " = ";
    for (std::size_t i = 0; i < condition.values.size(); ++i) {
      text += (i == 0 ? "" : ", ") + condition.values[i];
    }
  }
  return text;
}

std::string value_text(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return number_text(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return std::get<std::string>(value);
}

nlohmann::json value_json(const Value& value) {
  return std::visit([](const auto& held) { return nlohmann::json(held); }, value);
}

nlohmann::json schema_json(const Schema& schema) {
  nlohmann::json fields = nlohmann::json::array();
  for (const Field& field : schema.fields()) {
    nlohmann::json json = {{"name", field.name},
                           {"type", type_name(field.type)},
                           {"default", value_json(field.value)},
                           {"domain", domain_text(field)},
                           {"help", field.help},
                           {"group", field.group},
                           {"advanced", field.advanced},
                           {"live", field.live}};
    if (field.files != FileKind::table) json["files"] = name(field.files);
    if (field.type == FieldType::real || field.type == FieldType::integer) {
      if (field.min > -std::numeric_limits<double>::max()) json["min"] = field.min;
      if (field.max < std::numeric_limits<double>::max()) json["max"] = field.max;
      if (field.step != 0) json["step"] = field.step;
      json["log_scale"] = field.log_scale;
      json["unit"] = field.unit;
    }
    if (!field.choices.empty()) {
      nlohmann::json choices = nlohmann::json::array();
      for (const Choice& choice : field.choices) {
        choices.push_back({{"name", choice.name}, {"help", choice.help}});
      }
      json["choices"] = std::move(choices);
    }
    for (const Condition& condition : field.only_with) {
      json["only_with"].push_back({{"field", condition.field},
                                   {"values", condition.values},
                                   {"excluded", condition.excluded}});
    }
    fields.push_back(std::move(json));
  }
  return {{"version", schema.version()}, {"fields", std::move(fields)}};
}

}  // namespace lab
