#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "core/random.h"
#include "session/records.h"
#include "session/run_file.h"
#include "session/walk.h"

namespace lab {
namespace {

// Three seeds, one of which diverges with all the others, and a branch.
RunFile some_file(const Settings& set = {{"steps", std::int64_t{5000}}}) {
  Session session(walk::options(0));
  RunKeeper keeper;
  const auto take = [&](const std::vector<Event>& events) {
    for (const Event& event : events) keeper.take(event);
  };
  session.post({command::Open{.config = walk::config(set), .seed = 4, .seeds = 3}});
  take(walk::ask(session, {command::Run{}}));
  take(walk::ask(session, {command::Fork{.run = 1, .step = 20, .set = {{"pull", 0.5}}}}));
  CHECK_FALSE(keeper.complete());
  take(walk::ask(session, {command::Run{.run = 3, .until = 60}}));
  REQUIRE(keeper.complete());
  return keeper.file(environment("test 1", kernels(), 0));
}

std::string complaint(const nlohmann::json& document) {
  try {
    read_run_file(document.dump(), "f");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("run file: all that a session told, and back bit for bit") {
  for (const Settings& set :
       {Settings{{"steps", std::int64_t{5000}}}, Settings{{"diverge_at", std::int64_t{300}}}}) {
    const RunFile file = some_file(set);
    const std::string text = run_file_text(file);
    CHECK(is_run_file(text));
    const RunFile again = read_run_file(text, "f");
    CHECK(run_file_text(again) == text);
    REQUIRE(again.runs.size() == 4);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(again.runs[i].result.digest == walk::digest_of(set, 4 + i));
      CHECK(again.runs[i].ended);
    }
    CHECK(again.runs[3].result.step == 60);
    CHECK_FALSE(again.runs[3].ended);
    // A front end that is told this knows what the one that saw it knows.
    RecordsReader seen, told;
    seen.read(file.runs[0].records);
    for (const Event& event : events_of(again)) {
      const auto* records = std::get_if<event::Records>(&event.body);
      if (records != nullptr && records->run == 0) told.read(*records);
    }
    CHECK(told.values() == seen.values());
    for (const auto& [name, buckets] : seen.series()) {
      const auto& others = told.series().at(name);
      REQUIRE(others.size() == buckets.size());
      for (std::size_t i = 0; i < buckets.size(); ++i) {
        CHECK(others[i].index == buckets[i].index);
        CHECK(others[i].min == buckets[i].min);
        CHECK(others[i].max == buckets[i].max);
        CHECK(others[i].last == buckets[i].last);
      }
    }
  }
}

TEST_CASE("run file: opened again it gives the same runs, branch and all") {
  const RunFile file = read_run_file(run_file_text(some_file()), "f");
  Session session(walk::options(0));
  session.post({command::Open{.config = file.request(), .seed = file.seed, .seeds = file.seeds}});
  RunKeeper keeper;
  for (const Event& event : walk::ask(session, {command::Run{}})) keeper.take(event);
  const RunFile again = keeper.file({});
  for (std::size_t i = 0; i < 3; ++i) CHECK(differences(file.runs[i], again.runs[i]).empty());
}

TEST_CASE("run file: what differs is said, first where it begins") {
  const RunFile file = some_file();
  const RunFile other = some_file({{"steps", std::int64_t{5000}}, {"noise", 0.1000001}});
  const auto found = differences(file.runs[0], other.runs[0]);
  REQUIRE(found.size() >= 3);
  CHECK(found[0].starts_with("from step 1 on: walk/position is "));
  KeptRun shorter = file.runs[0];
  shorter.result.step = 7;
  shorter.result.digest = "x";
  CHECK(differences(file.runs[0], shorter)[0] == "it made 7 steps instead of 5000");
  KeptRun forged = file.runs[0];
  forged.result.digest = "x";
  CHECK(differences(file.runs[0], forged)[0].starts_with("what is kept of it is the same"));
}

TEST_CASE("run file: hostile files are refused by name") {
  const nlohmann::json good = nlohmann::json::parse(run_file_text(some_file()));
  CHECK(complaint(good).empty());
  const auto changed = [&](const std::function<void(nlohmann::json&)>& change) {
    nlohmann::json document = good;
    change(document);
    return complaint(document);
  };
  CHECK(complaint(7).starts_with("f: 7 is not an object"));
  CHECK(complaint({{"a", 1}}).starts_with("f: 'lab' is missing"));
  CHECK(changed([](auto& d) { d["lab"] = 2; }).starts_with("f.lab: version 2"));
  CHECK(changed([](auto& d) { d["more"] = 2; }).starts_with("f: unknown key 'more'"));
  CHECK(changed([](auto& d) {
          d["config"]["set"]["pull"] = 0.5;
        }).starts_with("f.config_digest: the digest is not that of the config"));
  CHECK(changed([](auto& d) { d["experiment"] = "run"; }).starts_with("f.config: "));
  CHECK(changed([](auto& d) { d["seeds"] = 5; }).starts_with("f.runs: 4 runs"));
  CHECK(changed([](auto& d) { d["seeds"] = 1e9; }).starts_with("f.seeds: "));
  CHECK(changed([](auto& d) {
          d["runs"][1]["seed"] = 9;
        }).starts_with("f.runs[1]: this is not the run of seed 5"));
  CHECK(changed([](auto& d) {
          d["runs"][3].erase("config");
        }).starts_with("f.runs[3]: a branch without"));
  CHECK(changed([](auto& d) {
          d["runs"][0]["series"][0]["last"] = "Zg==";
        }).starts_with("f.runs[0].series[0].last: a column of 1 bytes"));
  CHECK(changed([](auto& d) {
          d["runs"][0]["series"][0]["last"] = "?";
        }).starts_with("f.runs[0].series[0].last: "));
  CHECK(changed([](auto& d) {
          d["runs"][0]["series"][0]["min"] = "AAAAAAAA8D8=";
        }).starts_with("f.runs[0].series[0].min: 1 numbers"));
  CHECK(changed([](auto& d) {
          d["runs"][0]["series"][0]["index"] = d["runs"][0]["series"][0]["last"];
        }).starts_with("f.runs[0].series[0].index: the numbers of its buckets"));
  CHECK(changed([](auto& d) {
          d["runs"][0]["arrays"][0]["shape"] = {9007199254740991, 2};
        }).starts_with("f.runs[0].arrays[0].shape[0]: "));
  CHECK(changed([](auto& d) {
          d["runs"][0]["arrays"][0]["shape"] = {1};
        }).starts_with("f.runs[0].arrays[0].values: "));
  CHECK(changed([](auto& d) { d["environment"].erase("math"); }).starts_with("f.environment: "));
  const std::string text = run_file_text(some_file({{"steps", std::int64_t{30}}}));
  for (std::size_t size = 0; size < text.size(); size += 97) {
    CHECK_THROWS_AS(read_run_file(text.substr(0, size), "f"), Error);
  }
}

}  // namespace lab
