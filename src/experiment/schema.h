// What can be set in an experiment? A schema: a table of fields from which everything else is made - the
// controls on screen, `--set key=value`, the JSON config and its error messages, the URL, the docs.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json_fwd.h"

namespace lab {

// Integers stay below 2^53 in magnitude, so that JavaScript and Python can write the same config.
inline constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;

enum class FieldType { real, integer, choice, flag, text, dataset, file };

// real -> double; integer -> int64; flag -> bool; choice, text, dataset, file -> string.
using Value = std::variant<double, std::int64_t, bool, std::string>;

struct Choice {
  std::string name;
  std::string help;
};

// What the files of a field of type dataset are; only tables can be written out as points.
enum class FileKind { table, text, language_model };
std::string_view name(FileKind kind);  // "table"

// Another field has one of these values, as value_text() writes them; "file" stands for every
// file:PATH, "points" for all points written out.
struct Condition {
  std::string field;
  std::vector<std::string> values;
  bool excluded = false;  // has none of them
};

struct Field {
  std::string name;              // as in JSON and on the command line: lower_case
  FieldType type;                //
  Value value;                   // the default
  double min = -std::numeric_limits<double>::max();  // numbers: least and greatest allowed, inclusive
  double max = std::numeric_limits<double>::max();   //
  double step = 0;               // numbers: how far a control moves; 0 = as it likes
  bool log_scale = false;        // numbers: the domain is best walked in factors
  std::vector<Choice> choices = {};  // choice, dataset: the names that are allowed
  std::string unit = {};         // of a number; empty = dimensionless
  std::string help = {};         // one line for a person
  std::string group = {};        // heading under which it is shown
  bool advanced = false;         // folded away at first
  bool live = false;             // may be changed in the middle of a run, in a fork
  FileKind files = FileKind::table;  // dataset: what file:PATH is; of a language model a folder
  std::vector<Condition> only_with = {};  // it changes nothing unless all of these hold
};

// Assignments of some fields, by name; a missing field has its default. (An ordered map: its order is
// the order of the canonical JSON form.)
using Settings = std::map<std::string, Value, std::less<>>;

class Schema {
 public:
  Schema() = default;
  // version: raised when a field changes its meaning, so that an old link can say so.
  // Asserts that names are unique and every default lies in its own domain.
  Schema(int version, std::vector<Field> fields);

  int version() const { return version_; }
  std::span<const Field> fields() const { return fields_; }

  // The field of that name. Error: unknown field, with the nearest name.
  const Field& field(std::string_view name, std::string_view where = "") const;

  // Text as on a command line -> a value of the field's type and inside its domain. Error otherwise.
  Value parse(std::string_view name, std::string_view text, std::string_view where) const;

  // A value from JSON, checked. Error: wrong type, outside the domain.
  Value from_json(std::string_view name, const nlohmann::json& json, std::string_view where) const;

 private:
  int version_ = 1;
  std::vector<Field> fields_;
};

// Whether the field changes anything, with the values that other fields have; value_of: the value
// of the field of that name.
bool has_effect(const Field& field, const std::function<Value(std::string_view)>& value_of);
// "only with data = moons, circles"; empty where it always has an effect.
std::string condition_text(const Field& field);

std::string_view type_name(FieldType type);
// The domain in words, for messages and docs: "a number from 0.001 to 1e+12", "one of lr, bp".
std::string domain_text(const Field& field);
// As it stands on a command line: shortest digits that give the same number back.
std::string value_text(const Value& value);
nlohmann::json value_json(const Value& value);
nlohmann::json schema_json(const Schema& schema);

}  // namespace lab
