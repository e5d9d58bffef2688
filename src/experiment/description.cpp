#include "experiment/description.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/names.h"

namespace lab {
namespace {

using nlohmann::json;

// A JSON object whose members are asked for by name, with errors that say where.
class Object {
 public:
  Object(const json& value, std::string where) : value_(value), where_(std::move(where)) {
    if (!value.is_object()) throw Error("an object is missing", where_, "{...}");
  }

  const std::string& where() const { return where_; }
  std::string path(std::string_view key) const { return where_ + "." + std::string(key); }
  bool has(std::string_view key) const { return value_.contains(key); }

  const json& at(std::string_view key) const {
    const auto found = value_.find(key);
    if (found == value_.end()) throw Error("'" + std::string(key) + "' is missing", where_, "");
    return *found;
  }

  std::string text(std::string_view key) const {
    const json& value = at(key);
    if (!value.is_string()) throw Error("not a text", path(key), "\"...\"");
    return value.get<std::string>();
  }
  std::string text_or_empty(std::string_view key) const { return has(key) ? text(key) : ""; }

  double number(std::string_view key) const {
    const json& value = at(key);
    if (!value.is_number()) throw Error("not a number", path(key), "a number");
    return value.get<double>();
  }
  double number(std::string_view key, double otherwise) const {
    return has(key) ? number(key) : otherwise;
  }

  bool flag(std::string_view key) const {
    const json& value = at(key);
    if (!value.is_boolean()) throw Error("neither true nor false", path(key), "true or false");
    return value.get<bool>();
  }

  Object object(std::string_view key) const { return {at(key), path(key)}; }

  std::vector<Object> objects(std::string_view key) const {
    const json& value = at(key);
    if (!value.is_array()) throw Error("not a list", path(key), "[...]");
    std::vector<Object> objects;
    for (std::size_t i = 0; i < value.size(); ++i) {
      objects.emplace_back(value[i], path(key) + "[" + std::to_string(i) + "]");
    }
    return objects;
  }

  std::vector<std::string> texts_or_none(std::string_view key) const {
    std::vector<std::string> texts;
    if (!has(key)) return texts;
    for (const json& value : at(key)) {
      if (!value.is_string()) throw Error("not a list of texts", path(key), "[\"...\"]");
      texts.push_back(value.get<std::string>());
    }
    return texts;
  }

  // One of the values, by the name that `name_of` gives it.
  template <class T, std::size_t N, class Name>
  T one_of(std::string_view key, const std::array<T, N>& values, Name name_of) const {
    const std::string wanted = text(key);
    std::vector<std::string> names;
    for (const T& value : values) {
      if (name_of(value) == wanted) return value;
      names.emplace_back(name_of(value));
    }
    throw Error("'" + wanted + "' is not known", path(key), expected_name(wanted, names));
  }

 private:
  const json& value_;
  std::string where_;
};

constexpr std::array kFieldTypes = {FieldType::real, FieldType::integer, FieldType::choice,
                                    FieldType::flag, FieldType::text,    FieldType::dataset,
                                    FieldType::file};
constexpr std::array kClaimKinds = {ClaimKind::identity, ClaimKind::bound, ClaimKind::effect,
                                    ClaimKind::trend};
constexpr std::array kComparisons = {Comparison::equal, Comparison::at_most, Comparison::at_least,
                                     Comparison::below, Comparison::above};
constexpr std::array kRecordingKinds = {RecordingKind::series, RecordingKind::value,
                                        RecordingKind::array};
constexpr std::array kArrayForms = {ArrayForm::none,      ArrayForm::vector, ArrayForm::matrix,
                                    ArrayForm::points,    ArrayForm::field,  ArrayForm::table,
                                    ArrayForm::histogram, ArrayForm::labels};
constexpr std::array kHandleKinds = {Handle::Kind::vertical, Handle::Kind::horizontal,
                                     Handle::Kind::points};

std::string_view name(Handle::Kind kind) {
  switch (kind) {
    case Handle::Kind::vertical:
      return "vertical";
    case Handle::Kind::horizontal:
      return "horizontal";
    case Handle::Kind::points:
      return "points";
  }
  return "";
}

Field field_of(const Object& object) {
  Field field = {.name = object.text("name"),
                 .type = object.one_of("type", kFieldTypes, type_name),
                 .value = {}};
  const json& value = object.at("default");
  const auto expect = [&](bool right) {
    if (!right) {
      throw Error("the default is no " + std::string(type_name(field.type)), object.path("default"),
                  "");
    }
  };
  switch (field.type) {
    case FieldType::real:
      expect(value.is_number());
      field.value = value.get<double>();
      break;
    case FieldType::integer:
      expect(value.is_number_integer());
      field.value = value.get<std::int64_t>();
      break;
    case FieldType::flag:
      expect(value.is_boolean());
      field.value = value.get<bool>();
      break;
    default:
      expect(value.is_string());
      field.value = value.get<std::string>();
  }
  field.min = object.number("min", field.min);
  field.max = object.number("max", field.max);
  field.step = object.number("step", 0);
  field.log_scale = object.has("log_scale") && object.flag("log_scale");
  field.unit = object.text_or_empty("unit");
  field.help = object.text("help");
  field.group = object.text("group");
  field.advanced = object.flag("advanced");
  field.live = object.flag("live");
  if (object.has("choices")) {
    for (const Object& choice : object.objects("choices")) {
      field.choices.push_back({choice.text("name"), choice.text("help")});
    }
  }
  if (object.has("only_with")) {
    for (const Object& condition : object.objects("only_with")) {
      field.only_with.push_back({.field = condition.text("field"),
                                 .values = condition.texts_or_none("values"),
                                 .excluded = condition.flag("excluded")});
    }
  }
  return field;
}

Axis axis_of(const Object& object) {
  return {.label = object.text("label"), .unit = object.text("unit"), .log = object.flag("log")};
}

json axis_json(const Axis& axis) {
  return {{"label", axis.label}, {"unit", axis.unit}, {"log", axis.log}};
}

Figure figure_of(const Object& object) {
  Figure figure = {.name = object.text("name"),
                   .title = object.text("title"),
                   .form = form_of(object.text("form"), object.path("form")),
                   .x = axis_of(object.object("x")),
                   .y = axis_of(object.object("y")),
                   .sources = {},
                   .caption = object.text("caption"),
                   .absent = object.text("absent"),
                   .mark_label = object.text("mark_label"),
                   .groups = object.texts_or_none("groups"),
                   .handles = {},
                   .colour = {},
                   .names = object.text_or_empty("names"),
                   .group_names = object.text_or_empty("group_names"),
                   .row_names = object.text_or_empty("row_names"),
                   .cell_names = object.text_or_empty("cell_names")};
  if (object.has("colour")) figure.colour = axis_of(object.object("colour"));
  for (const Object& source : object.objects("sources")) {
    figure.sources.push_back({source.text("recording"), source.text("label"),
                              source.text_or_empty("mark"),
                              source.has("reference") && source.flag("reference"),
                              source.has("points") && source.flag("points")});
  }
  for (const Object& handle : object.objects("handles")) {
    figure.handles.push_back(
        {handle.one_of("kind", kHandleKinds, [](Handle::Kind kind) { return name(kind); }),
         handle.text("field")});
  }
  return figure;
}

Claim claim_of(const Object& object) {
  return {.id = object.text("id"),
          .sentence = object.text("sentence"),
          .source = object.text("source"),
          .paper_value = object.text("paper_value"),
          .kind = object.one_of("kind", kClaimKinds, [](ClaimKind k) { return lab::name(k); }),
          .metric = object.text("metric"),
          .comparison =
              object.one_of("comparison", kComparisons, [](Comparison c) { return lab::name(c); }),
          .threshold = object.number("threshold"),
          .seeds = static_cast<int>(object.number("seeds")),
          .remark = object.text("remark"),
          .measure = {}};
}

}  // namespace

json figure_json(const Figure& figure) {
  json sources = json::array();
  for (const Source& source : figure.sources) {
    json entry = {{"recording", source.recording}, {"label", source.label}};
    if (!source.mark.empty()) entry["mark"] = source.mark;
    if (source.reference) entry["reference"] = true;
    if (source.points) entry["points"] = true;
    sources.push_back(std::move(entry));
  }
  json handles = json::array();
  for (const Handle& handle : figure.handles) {
    handles.push_back({{"kind", name(handle.kind)}, {"field", handle.field}});
  }
  json description = {{"name", figure.name},
                      {"title", figure.title},
                      {"form", lab::name(figure.form)},
                      {"x", axis_json(figure.x)},
                      {"y", axis_json(figure.y)},
                      {"sources", std::move(sources)},
                      {"caption", figure.caption},
                      {"absent", figure.absent},
                      {"mark_label", figure.mark_label},
                      {"groups", figure.groups},
                      {"handles", std::move(handles)}};
  if (figure.form == Form::heat_map || figure.form == Form::token_strip)
    description["colour"] = axis_json(figure.colour);
  if (!figure.names.empty()) description["names"] = figure.names;
  if (!figure.group_names.empty()) description["group_names"] = figure.group_names;
  if (!figure.row_names.empty()) description["row_names"] = figure.row_names;
  if (!figure.cell_names.empty()) description["cell_names"] = figure.cell_names;
  return description;
}

Experiment experiment_from_json(const json& description, std::string_view source) {
  const Object object(description, std::string(source));
  Experiment experiment;
  experiment.id = object.text("id");
  experiment.title = object.text("title");
  experiment.family = object.text("family");
  const Object paper = object.object("paper");
  experiment.paper = {.title = paper.text("title"),
                      .authors = paper.text("authors"),
                      .link = paper.text("link"),
                      .year = static_cast<int>(paper.number("year"))};
  experiment.problem = object.text("problem");
  experiment.equation = object.text("equation");
  experiment.how_to_fail = object.text("how_to_fail");
  const Object schema = object.object("schema");
  std::vector<Field> fields;
  for (const Object& field : schema.objects("fields")) fields.push_back(field_of(field));
  for (const Field& field : fields) {
    for (const Condition& condition : field.only_with) {
      if (std::ranges::find(fields, condition.field, &Field::name) != fields.end()) continue;
      throw Error("there is no field '" + condition.field + "'",
                  schema.path("fields") + ": only_with of " + field.name, "one of the fields");
    }
  }
  experiment.schema = Schema(static_cast<int>(schema.number("version")), std::move(fields));
  for (const Object& recording : object.objects("recordings")) {
    const bool is_array = recording.has("form");
    experiment.recordings.push_back(
        {.name = recording.text("name"),
         .kind = recording.one_of("kind", kRecordingKinds,
                                  [](RecordingKind kind) { return lab::name(kind); }),
         .unit = recording.text("unit"),
         .help = recording.text("help"),
         .form = is_array ? recording.one_of("form", kArrayForms,
                                             [](ArrayForm form) { return lab::name(form); })
                          : ArrayForm::none,
         .columns = recording.texts_or_none("columns")});
  }
  for (const Object& figure : object.objects("figures")) {
    experiment.figures.push_back(figure_of(figure));
  }
  for (const Object& claim : object.objects("claims")) {
    experiment.claims.push_back(claim_of(claim));
  }
  // How is the engine's affair.
  if (std::ranges::count(object.texts_or_none("backends"), name(BackendWish::webgpu)) > 0)
    experiment.backend.emplace();
  return experiment;
}

}  // namespace lab
