#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "experiment/description.h"
#include "experiment/registry.h"
#include "figure/font.h"

using namespace lab;

TEST_CASE("every experiment's description comes back as it was") {
  for (const Experiment& experiment : experiments()) {
    const nlohmann::json json = description_json(experiment);
    const Experiment back = experiment_from_json(json, experiment.id);
    CHECK(description_json(back) == json);
    CHECK_FALSE(back.make);
    CHECK(back.figures.size() == experiment.figures.size());
  }
}

TEST_CASE("figures name recordings and fields that there are") {
  for (const Experiment& experiment : experiments()) {
    REQUIRE_FALSE(experiment.figures.empty());
    for (const Figure& figure : experiment.figures) {
      INFO(experiment.id, " ", figure.name);
      for (const Source& source : figure.sources) {
        CHECK(std::ranges::count(experiment.recordings, source.recording, &Recording::name) == 1);
        if (source.mark.empty()) continue;
        CHECK(std::ranges::count(experiment.recordings, source.mark, &Recording::name) == 1);
      }
      for (const Handle& handle : figure.handles) {
        CHECK_NOTHROW(experiment.schema.field(handle.field));
      }
    }
  }
}

// Whether a field of integers can have this value, which is spelled as value_text does.
bool is_value_of(const Field& field, const std::string& value) {
  if (field.type != FieldType::integer) return false;
  try {
    return value_text(Schema(1, {field}).parse(field.name, value, "")) == value;
  } catch (const Error&) {
    return false;
  }
}

TEST_CASE("conditions of fields name fields and values that there are") {
  for (const Experiment& experiment : experiments()) {
    for (const Field& field : experiment.schema.fields()) {
      INFO(experiment.id, " ", field.name);
      for (const Condition& condition : field.only_with) {
        const Field& other = experiment.schema.field(condition.field);
        const bool has_files = other.type == FieldType::dataset;
        for (const std::string& value : condition.values) {
          const bool is_flag =
              other.type == FieldType::flag && (value == "true" || value == "false");
          const bool is_choice = std::ranges::count(other.choices, value, &Choice::name) == 1;
          CHECK((is_flag || is_choice || (has_files && (value == "file" || value == "points")) ||
                 is_value_of(other, value)));
        }
      }
    }
  }
}

TEST_CASE("the font has every character of every description") {
  for (const Experiment& experiment : experiments()) {
    CAPTURE(experiment.id);
    CHECK(first_unknown(description_json(experiment).dump()) == "");
  }
}

TEST_CASE("a damaged description says where") {
  nlohmann::json json = description_json(experiments().front());
  json["schema"]["fields"][0]["type"] = "reel";
  try {
    experiment_from_json(json, "a.json");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.where() == "a.json.schema.fields[0].type");
    CHECK(error.expected().find("real") != std::string::npos);
  }
  json = description_json(experiments().front());
  json["figures"][0].erase("title");
  CHECK_THROWS_AS(experiment_from_json(json, "a.json"), Error);
  CHECK_THROWS_AS(experiment_from_json(nlohmann::json::array(), "a.json"), Error);
}
