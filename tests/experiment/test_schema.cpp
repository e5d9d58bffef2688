#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"
#include "experiment/config.h"
#include "experiment/field_list.h"
#include "experiment/schema.h"

using namespace lab;

namespace {

Schema schema() {
  return {3,
          {
              {.name = "gamma", .type = FieldType::real, .value = 1.0, .min = 1e-3, .max = 1e12,
               .log_scale = true, .help = "step size", .group = "method", .live = true},
              {.name = "count", .type = FieldType::integer, .value = std::int64_t{10}, .min = 1},
              {.name = "mode", .type = FieldType::choice, .value = std::string("fast"),
               .choices = {{"fast", ""}, {"slow", ""}, {"other", ""}}},
              {.name = "on", .type = FieldType::flag, .value = true},
              {.name = "note", .type = FieldType::text, .value = std::string("")},
              {.name = "data", .type = FieldType::dataset, .value = std::string("moons"),
               .choices = {{"moons", ""}, {"circles", ""}}},
          }};
}

std::string problem(auto&& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("schema: text becomes a checked value") {
  const Schema s = schema();
  CHECK(std::get<double>(s.parse("gamma", "1e4", "--set")) == 1e4);
  CHECK(std::get<std::int64_t>(s.parse("count", "1e3", "--set")) == 1000);
  CHECK(std::get<bool>(s.parse("on", "false", "--set")) == false);
  CHECK(std::get<std::string>(s.parse("mode", "slow", "--set")) == "slow");
  CHECK(std::get<std::string>(s.parse("data", "file:my data.csv", "--set")) == "file:my data.csv");
}

TEST_CASE("schema: errors say what, where and what would be right") {
  const Schema s = schema();
  const auto parse = [&](std::string name, std::string text) {
    return problem([&] { s.parse(name, text, "--set"); });
  };
  CHECK(parse("gama", "1") == "--set: there is no field 'gama'; expected 'gamma'");
  CHECK(parse("zzzzzz", "1") ==
        "--set: there is no field 'zzzzzz'; expected one of gamma, count, mode, on, note or data");
  CHECK(parse("gamma", "fast") ==
        "--set: field gamma: cannot read 'fast'; expected a number from 0.001 to 1000000000000");
  CHECK(parse("gamma", "1e13") == "--set: field gamma: the value '1e13' is not allowed; expected a "
                                  "number from 0.001 to 1000000000000");
  CHECK(parse("gamma", "nan").find("expected a number") != std::string::npos);
  CHECK(parse("gamma", "inf").find("expected a number") != std::string::npos);
  CHECK(parse("gamma", "1 ").find("cannot read") != std::string::npos);
  CHECK(parse("count", "2.5") ==
        "--set: field count: cannot read '2.5'; expected a whole number of at least 1");
  CHECK(parse("count", "0").find("not allowed") != std::string::npos);
  CHECK(parse("count", "9007199254740992").find("not allowed") != std::string::npos);
  CHECK(parse("count", "1e300").find("not allowed") != std::string::npos);
  CHECK(parse("mode", "fsat") ==
        "--set: field mode: the value 'fsat' is not allowed; expected 'fast'");
  CHECK(parse("on", "maybe") == "--set: field on: cannot read 'maybe'; expected true or false");
  CHECK(parse("data", "file:").find("file:PATH") != std::string::npos);
  CHECK(parse("note", std::string(5000, 'x')).find("4096 bytes") != std::string::npos);
}

TEST_CASE("schema: JSON values are checked by type and domain") {
  const Schema s = schema();
  const auto from = [&](std::string name, nlohmann::json json) {
    return problem([&] { s.from_json(name, json, "config.json"); });
  };
  CHECK(std::get<double>(s.from_json("gamma", 3, "")) == 3.0);
  CHECK(std::get<std::int64_t>(s.from_json("count", 7.0, "")) == 7);
  CHECK(from("gamma", "3") == "config.json: field gamma: the value \"3\" has the wrong type; expected "
                              "a number from 0.001 to 1000000000000");
  CHECK(from("count", 1.5).find("wrong type") != std::string::npos);
  CHECK(from("on", 1).find("wrong type") != std::string::npos);
  CHECK(from("mode", nlohmann::json::array()).find("wrong type") != std::string::npos);
  CHECK(from("mode", "no").find("not allowed") != std::string::npos);
  CHECK(from("gamma", nullptr).find("wrong type") != std::string::npos);
}

TEST_CASE("config: resolved, canonical, and the same from every way in") {
  const Schema s = schema();
  const Config defaults("demo", s, {});
  CHECK(defaults.canonical() ==
        R"({"experiment":"demo","schema":3,"set":{"count":10,"data":"moons","gamma":1,"mode":"fast",)"
        R"("note":"","on":true}})");
  const Config json = Config::from_json(
      nlohmann::json::parse(R"({"set": {"gamma": 1e4, "on": false}})"), "demo", s, "x.json");
  const Config text("demo", s,
                    {{"gamma", s.parse("gamma", "10000", "")}, {"on", s.parse("on", "no", "")}});
  CHECK(json.canonical() == text.canonical());
  CHECK(json.digest() == text.digest());
  CHECK(json.digest() != defaults.digest());
  CHECK(json.real("gamma") == 1e4);
  CHECK(json.with({{"gamma", 1.0}, {"on", true}}).digest() == defaults.digest());
  CHECK(Config::from_json(json.json(), "demo", s, "").digest() == json.digest());
  // -0 is 0: the same config.
  const Schema zero(1, {{.name = "x", .type = FieldType::real, .value = 0.0}});
  CHECK(Config("d", zero, {{"x", zero.parse("x", "-0", "")}}).digest() ==
        Config("d", zero, {}).digest());
}

TEST_CASE("config: what is wrong with a document is said") {
  const Schema s = schema();
  const auto from = [&](std::string_view text) {
    return problem([&] { Config::from_json(nlohmann::json::parse(text), "demo", s, "x.json"); });
  };
  CHECK(from("[]").find("x.json: a config cannot be of the type array") == 0);
  CHECK(from(R"({"sett": {}})") == "x.json: a config has no key 'sett'; expected 'set'");
  CHECK(from(R"({"experiment": "other"})") ==
        "x.json: the config is for the experiment \"other\"; expected 'demo'");
  CHECK(from(R"({"schema": 4})").find("schema version 4 is not known") != std::string::npos);
  CHECK(from(R"({"schema": "1"})").find("schema version") != std::string::npos);
  CHECK(from(R"({"set": 3})").find("'set' cannot be of the type number") != std::string::npos);
  CHECK(from(R"({"set": {"gamma": 1e99}})").find("field gamma") != std::string::npos);
}

TEST_CASE("schema: a dataset field takes points written out, in one spelling") {
  const Schema schema(1, {{.name = "data",
                           .type = FieldType::dataset,
                           .value = std::string("moons"),
                           .choices = {{"moons", ""}}}});
  CHECK(std::get<std::string>(schema.parse("data", "points:1.0,-0,1;2e0,3,0", "")) ==
        "points:1,0,1;2,3,0");
  CHECK_THROWS_WITH_AS(schema.parse("data", "points:1,2,0;1,x,0", "--set"),
                       "--set: field data: point 2, column 2: 'x' is not a coordinate; expected a "
                       "number from -1000000 to 1000000",
                       Error);
  // More than a text may have.
  std::string many = "points:0.12345,0.12345,0";
  for (int i = 0; i < 1999; ++i) many += ";-0.123456789,0.123456789,1";
  CHECK(std::get<std::string>(schema.parse("data", many, "")) == many);
  const Field text{.name = "t", .type = FieldType::text, .value = std::string()};
  CHECK_THROWS_AS(Schema(1, {text}).parse("t", many, ""), Error);
}

TEST_CASE("schema: what the files of a dataset field are") {
  FieldList fields;
  fields.dataset("corpus", "stories", {{"stories", ""}}, "", {.files = FileKind::text});
  fields.dataset("model", "small", {{"small", ""}}, "", {.files = FileKind::language_model});
  const Schema schema(1, std::move(fields.list));
  CHECK(std::get<std::string>(schema.parse("corpus", "file:a.txt", "")) == "file:a.txt");
  // Points are tables.
  CHECK_THROWS_WITH_AS(schema.parse("corpus", "points:1,2,0", ""),
                       doctest::Contains("or file:PATH for data of your own"), Error);
  CHECK_THROWS_WITH_AS(schema.parse("model", "smal", ""), doctest::Contains("or file:FOLDER"),
                       Error);
  CHECK(schema_json(schema)["fields"][1]["files"] == "language_model");
}

TEST_CASE("schema: a field may have an effect only with some values of another") {
  const Schema plain = schema();
  FieldList fields(std::vector<Field>(plain.fields().begin(), plain.fields().end()));
  fields.limit({"gamma", "count"}, {{"mode", {"slow", "other"}}});
  fields.limit({"count"}, {{"data", {"file", "circles"}, true}});
  const Schema limited(1, fields.list);
  CHECK(condition_text(limited.field("note")) == "");
  CHECK(condition_text(limited.field("gamma")) == "only with mode = slow, other");
  CHECK(condition_text(limited.field("count")) ==
        "only with mode = slow, other; not with data = file, circles");
  const auto effect = [&](std::string_view name, const Settings& settings) {
    const Config config("x", limited, settings);
    return has_effect(limited.field(name),
                      [&](std::string_view field) { return config.values().find(field)->second; });
  };
  CHECK(effect("note", {}));
  CHECK_FALSE(effect("gamma", {}));
  CHECK(effect("gamma", {{"mode", std::string("other")}}));
  CHECK(effect("count", {{"mode", std::string("slow")}}));
  CHECK_FALSE(effect("count", {{"mode", std::string("slow")}, {"data", std::string("circles")}}));
  CHECK_FALSE(
      effect("count", {{"mode", std::string("slow")}, {"data", std::string("file:a.csv")}}));
}
