#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "session/results.h"
#include "session/walk.h"

namespace lab {
namespace {

Results results_of(unsigned workers, Settings set, std::uint32_t seeds) {
  Session session(walk::options(workers));
  session.post({command::Open{.config = walk::config(std::move(set)), .seed = 3, .seeds = seeds}});
  Results results;
  for (const Event& event : walk::ask(session, {command::Run{}})) results.take(event);
  return results;
}

}  // namespace

TEST_CASE("results: seeds in order, with one digest, whatever the workers") {
  std::string digest;
  for (const unsigned workers : walk::worker_counts()) {
    const Results results = results_of(workers, {}, 4);
    REQUIRE(results.complete());
    REQUIRE(results.seeds().size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(results.seeds()[i].seed == 3 + i);
      CHECK(results.seeds()[i].step == 1000);
      CHECK(results.seeds()[i].digest == walk::digest_of({}, 3 + i));
    }
    if (digest.empty()) digest = results.digest();
    CHECK(results.digest() == digest);
  }
  CHECK(results_of(0, {}, 3).digest() != digest);
  CHECK(results_of(0, {{"pull", 0.02}}, 4).digest() != digest);
}

TEST_CASE("results: as JSON, with the environment outside of the digest") {
  const Results results = results_of(0, {{"diverge_at", std::int64_t{30}}}, 2);
  const nlohmann::json json = results.json(environment("test 1", kernels(), 3));
  CHECK(json["experiment"] == "walk");
  CHECK(json["config"]["set"]["diverge_at"] == 30);
  CHECK(json["seeds"].size() == 2);
  CHECK(json["seeds"][1]["seed"] == 4);
  CHECK(json["seeds"][1]["step"] == 30);
  CHECK(json["seeds"][1]["divergence"]["recording"] == "walk/position");
  CHECK(json["environment"]["program"] == "test 1");
  CHECK(json["environment"]["workers"] == 3);
  CHECK(json["environment"]["kernels"].get<std::string>().starts_with("strict"));
  CHECK(json["digest"] == results.json(environment("test 2", kernels(Math::fast), 0))["digest"]);
}

TEST_CASE(
    "results: not complete while a seed has not finished; seeking back and forth changes nothing") {
  Session session(walk::options(0));
  Results results;
  const auto take = [&](const std::vector<Event>& events) {
    for (const Event& event : events) results.take(event);
  };
  CHECK_FALSE(results.complete());
  session.post({command::Open{.config = walk::config({}), .seed = 0, .seeds = 2}});
  take(walk::ask(session, {command::Run{.run = 0, .until = {}}}));
  CHECK_FALSE(results.complete());
  CHECK(results.seeds()[1].digest.empty());
  take(walk::ask(session, {command::Run{}}));
  CHECK(results.complete());
  const std::string digest = results.digest();
  take(walk::ask(session, {command::Seek{.run = {}, .step = 10}}));
  take(walk::ask(session, {command::Fork{.run = 0, .step = 5, .set = {{"pull", 0.9}}}}));
  take(walk::ask(session, {command::Run{}}));
  CHECK(results.seeds().size() == 2);
  CHECK(results.digest() == digest);
}

}  // namespace lab
