#include "session/config_file.h"

#include <doctest/doctest.h>

#include <string>

#include "core/error.h"
#include "session/link.h"

using namespace lab;

TEST_CASE("config file: everything that run --config takes") {
  const ConfigFile plain = read_config_file(
      R"({"experiment": "walk", "set": {"pull": 0.5}, "seed": 3, "seeds": 2, "until": 40})", "a.json");
  CHECK(plain.config.experiment == "walk");
  CHECK(plain.config.set.at("pull") == Value(0.5));
  CHECK(plain.seed == 3);
  CHECK(plain.seeds == 2);
  CHECK(plain.until == 40u);
  CHECK(plain.sweep_field.empty());
  const ConfigFile sweep = read_config_file(
      R"({"experiment": "walk", "sweep": {"field": "pull", "values": [0.25, 0.5]}})", "a.json");
  CHECK(sweep.sweep_field == "pull");
  CHECK(sweep.sweep_values.size() == 2);
  CHECK_FALSE(sweep.until);
}

TEST_CASE("config file: what is wrong is said with the file's name") {
  for (const std::string text :
       {"[1]", "{", R"({"experiment": "walk", "sets": {}})", R"({"experiment": "walk", "until": -1})",
        R"({"experiment": "walk", "sweep": {"fields": "pull"}})"}) {
    CAPTURE(text);
    try {
      read_config_file(text, "a.json");
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.where().starts_with("a.json"));
    }
  }
}

TEST_CASE("config file: a link opens what it asks for") {
  const ConfigFile file =
      read_config_file(R"({"experiment": "walk", "set": {"pull": 0.5}, "seed": 3})", "a.json");
  const Link link = link_of(file.config, file.seed, file.seeds);
  CHECK(link.experiment == "walk");
  CHECK(link.set.at("pull") == "0.5");
  CHECK(link.seed == 3);
  CHECK(link.seeds == 1);
}
