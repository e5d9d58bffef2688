#include "experiment/field_list.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace lab {

Field& FieldList::add(FieldType type, std::string name, Value value, std::string help,
                      const FieldDetails& details) {
  return list.emplace_back(Field{.name = std::move(name),
                                 .type = type,
                                 .value = std::move(value),
                                 .step = details.step,
                                 .log_scale = details.log_scale,
                                 .unit = details.unit,
                                 .help = std::move(help),
                                 .group = group_,
                                 .advanced = details.advanced,
                                 .live = details.live,
                                 .files = details.files});
}

void FieldList::real(std::string name, double value, Domain domain, std::string help,
                     const FieldDetails& details) {
  Field& field = add(FieldType::real, std::move(name), value, std::move(help), details);
  field.min = domain.min;
  field.max = domain.max;
}

void FieldList::integer(std::string name, std::int64_t value, Domain domain, std::string help,
                        const FieldDetails& details) {
  Field& field = add(FieldType::integer, std::move(name), value, std::move(help), details);
  field.min = domain.min;
  field.max = domain.max;
}

void FieldList::flag(std::string name, bool value, std::string help, const FieldDetails& details) {
  add(FieldType::flag, std::move(name), value, std::move(help), details);
}

void FieldList::choice(std::string name, std::string value, std::vector<Choice> choices,
                       std::string help, const FieldDetails& details) {
  add(FieldType::choice, std::move(name), std::move(value), std::move(help), details).choices =
      std::move(choices);
}

void FieldList::dataset(std::string name, std::string value, std::vector<Choice> choices,
                        std::string help, const FieldDetails& details) {
  add(FieldType::dataset, std::move(name), std::move(value), std::move(help), details).choices =
      std::move(choices);
}

void FieldList::text(std::string name, std::string value, std::string help,
                     const FieldDetails& details) {
  add(FieldType::text, std::move(name), std::move(value), std::move(help), details);
}

void FieldList::limit(std::initializer_list<std::string_view> names,
                      const std::vector<Condition>& conditions) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(list, name, &Field::name);
    assert(found != list.end());
    found->only_with.insert(found->only_with.end(), conditions.begin(), conditions.end());
  }
}

}  // namespace lab
