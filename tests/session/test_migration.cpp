#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "session/link.h"
#include "session/migration.h"
#include "session/resolve.h"
#include "session/walk.h"

namespace lab {
namespace {

// The walk in its third version: in the first, `pull` was called `tug`; in the second it was given
// in percent.
std::vector<Experiment> third_version() {
  Experiment walk = walk::experiment();
  const auto fields = walk.schema.fields();
  walk.schema = Schema(3, {fields.begin(), fields.end()});
  walk.migrations = {{.from = 1,
                      .change =
                          [](nlohmann::json set) {
                            if (set.contains("tug")) set["pull"] = set["tug"];
                            set.erase("tug");
                            return set;
                          },
                      .note = "tug is called pull"},
                     {.from = 2,
                      .change =
                          [](nlohmann::json set) {
                            if (set.contains("pull")) set["pull"] = set["pull"].get<double>() / 100;
                            return set;
                          },
                      .note = "pull is a fraction, not percent"}};
  return {walk};
}

}  // namespace

TEST_CASE("migration: an old config becomes a new one, branches too, and says how") {
  const std::vector<Experiment> all = third_version();
  ConfigRequest old = walk::config({{"tug", 50.0}});
  old.schema = 1;
  old.lineage = {{.parent = "of the old config", .step = 5, .set = {{"tug", std::int64_t{25}}}}};
  const Resolved resolved = resolve(old, find_in(all), "test");
  CHECK(resolved.config.real("pull") == 0.5);
  CHECK(resolved.current().real("pull") == 0.25);
  REQUIRE(resolved.notes.size() == 2);
  CHECK(resolved.notes[0] == "schema version 1 to 2: tug is called pull");
  CHECK(resolved.notes[1] == "schema version 2 to 3: pull is a fraction, not percent");

  ConfigRequest same = walk::config({{"pull", 0.5}});
  same.schema = 3;
  CHECK(resolve(same, find_in(all), "test").notes.empty());
  CHECK(resolve(same, find_in(all), "test").digest() == resolved.config.digest());
  // Without a version it is a config of today.
  CHECK_THROWS_AS(resolve(walk::config({{"tug", 50.0}}), find_in(all), "test"), Error);
}

TEST_CASE("migration: a session tells the notes with `opened`") {
  static const std::vector<Experiment> all = third_version();
  SessionOptions options = walk::options(0);
  options.find = find_in(all);
  Session session(std::move(options));
  ConfigRequest old = walk::config({{"pull", std::int64_t{50}}});
  old.schema = 2;
  session.post({command::Open{.config = old, .seed = 0, .seeds = 1}});
  const auto opened = walk::all_of<event::Opened>(walk::ask(session, {command::Pause{}}));
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].notes ==
        std::vector<std::string>{"schema version 2 to 3: pull is a fraction, not percent"});
}

TEST_CASE("migration: an old link, whose fields this schema does not know") {
  const std::vector<Experiment> all = third_version();
  const Link link = decode_link("walk?tug=50&steps=7&schema=1&branches=3:tug=10");
  const Resolved resolved = resolve(request_of(link, all[0].schema), find_in(all), "link");
  CHECK(resolved.config.real("pull") == 0.5);
  CHECK(resolved.config.integer("steps") == 7);
  CHECK(resolved.current().real("pull") == 0.1);
}

TEST_CASE("migration: a step that nothing is known of is noted; a newer schema is an error") {
  std::vector<Experiment> all = third_version();
  all[0].migrations.erase(all[0].migrations.begin());
  ConfigRequest old = walk::config({{"pull", 50.0}});
  old.schema = 1;
  const Resolved resolved = resolve(old, find_in(all), "test");
  CHECK(resolved.config.real("pull") == 0.5);
  CHECK(resolved.notes.at(0) == "schema version 1 to 2: fields may have changed their meaning");
  ConfigRequest newer = walk::config({});
  newer.schema = 4;
  CHECK_THROWS_WITH_AS(resolve(newer, find_in(all), "a.json"),
                       "a.json: schema version 4 is not known here; expected a version from "
                       "1 to 3; a newer Logit Lab may have written it",
                       Error);
  newer.schema = 0;
  CHECK_THROWS_AS(resolve(newer, find_in(all), "a.json"), Error);
}

}  // namespace lab
