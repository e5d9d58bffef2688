// What can be set in an experiment? The list while it is declared: each function adds one field.
//
//     FieldList fields;
//     fields.group("method");
//     fields.real("gamma", 1e4, {1e-3, 1e12}, "step size", {.log_scale = true, .live = true});
//     fields.flag("perceptron", true, "adds the first wrong sample");
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiment/schema.h"

namespace lab {

// The least and the greatest value that is allowed.
struct Domain {
  double min = -std::numeric_limits<double>::max();
  double max = std::numeric_limits<double>::max();
};

// What most fields do without; see Field.
struct FieldDetails {
  double step = 0;
  bool log_scale = false;
  std::string unit = {};
  bool advanced = false;
  bool live = false;
  FileKind files = FileKind::table;  // dataset
};

class FieldList {
 public:
  FieldList() = default;
  // Begins with fields that others have declared.
  FieldList(std::vector<Field> fields) : list(std::move(fields)) {}

  // The heading of the fields that follow.
  void group(std::string heading) { group_ = std::move(heading); }

  void real(std::string name, double value, Domain domain, std::string help,
            const FieldDetails& details = {});
  void integer(std::string name, std::int64_t value, Domain domain, std::string help,
               const FieldDetails& details = {});
  void flag(std::string name, bool value, std::string help, const FieldDetails& details = {});
  void choice(std::string name, std::string value, std::vector<Choice> choices, std::string help,
              const FieldDetails& details = {});
  void dataset(std::string name, std::string value, std::vector<Choice> choices, std::string help,
               const FieldDetails& details = {});
  void text(std::string name, std::string value, std::string help,
            const FieldDetails& details = {});

  // The fields of these names, which must be there, have an effect only where all the conditions
  // hold.
  void limit(std::initializer_list<std::string_view> names,
             const std::vector<Condition>& conditions);

  std::vector<Field> list;

 private:
  Field& add(FieldType type, std::string name, Value value, std::string help,
             const FieldDetails& details);

  std::string group_;
};

}  // namespace lab
