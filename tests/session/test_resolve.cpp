#include <doctest/doctest.h>

#include "session/resolve.h"
#include "session/walk.h"

namespace lab {
namespace {

std::string error_of(const ConfigRequest& request) {
  try {
    resolve(request, walk::find(), "test");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

ConfigRequest with_lineage(std::vector<Branch> lineage) {
  ConfigRequest request = walk::config({});
  request.lineage = std::move(lineage);
  return request;
}

}  // namespace

TEST_CASE("resolve: every field gets a value; without a lineage the digest is the config's") {
  const Resolved resolved =
      resolve(walk::config({{"pull", std::int64_t{1}}}), walk::find(), "test");
  CHECK(resolved.config.real("pull") == 1.0);
  CHECK(resolved.config.integer("steps") == 1000);
  CHECK(resolved.canonical() == resolved.config.canonical());
  CHECK(resolved.digest() == resolved.config.digest());
}

TEST_CASE("resolve: a lineage is part of the config, and says what it left") {
  const Resolved root = resolve(walk::config({}), walk::find(), "test");
  const Resolved branch = branched(root, 5, {{"pull", 0.5}}, "test");
  REQUIRE(branch.lineage.size() == 1);
  CHECK(branch.lineage[0].parent == root.digest());
  CHECK(branch.digest() != root.digest());
  CHECK(branch.config.real("pull") == 0.01);
  CHECK(branch.current().real("pull") == 0.5);
  const Resolved second = branched(branch, 5, {{"noise", std::int64_t{0}}}, "test");
  CHECK(second.lineage[1].parent == branch.digest());
  CHECK(second.lineage[1].set.at("noise") == Value(0.0));
  CHECK(second.current().real("pull") == 0.5);
  CHECK(second.canonical().find(R"("lineage":[{"parent":")" + root.digest()) != std::string::npos);
}

TEST_CASE("resolve: what is wrong is named") {
  CHECK(error_of({.experiment = "wolk", .schema = {}, .set = {}, .lineage = {}}) ==
        "test: there is no experiment 'wolk'; expected 'walk'");
  CHECK(error_of(walk::config({{"pull", 1.5}})) ==
        "test: field pull: the value 1.5 is not allowed; expected a number from 0 to 1");
  CHECK(error_of(walk::config({{"steps", 1.5}})) ==
        "test: field steps: the value 1.5 has the wrong type; expected a whole number from 1 to "
        "1000000000");
  CHECK(
      error_of({.experiment = "walk", .schema = 3, .set = {}, .lineage = {}})
          .starts_with("test: schema version 3 is not known here; expected a version from 1 to 2"));
  CHECK(error_of({.experiment = "walk", .schema = 1, .set = {}, .lineage = {}}) == "");
  CHECK(
      error_of(with_lineage({{.parent = "", .step = 1, .set = {{"ballast", std::int64_t{3}}}}})) ==
      "test: lineage[0]: the field 'ballast' cannot change in the middle of a run; expected one "
      "of pull, noise or steps");
  CHECK(error_of(with_lineage({{.parent = "", .step = 1, .set = {{"pul", 0.5}}}}))
            .starts_with("test: lineage[0]: there is no field 'pul'; expected 'pull'"));
  CHECK(error_of(with_lineage({{.parent = "", .step = 1, .set = {}}}))
            .starts_with("test: lineage[0]: set: nothing changes"));
  CHECK(error_of(with_lineage({{.parent = "", .step = 9, .set = {{"pull", 0.5}}},
                               {.parent = "", .step = 8, .set = {{"pull", 0.1}}}})) ==
        "test: lineage[1]: step 8 lies before the branch; expected a step from 9 on");
  CHECK(error_of(with_lineage({{.parent = "0123", .step = 9, .set = {{"pull", 0.5}}}}))
            .starts_with("test: lineage[0]: the branch left another config, 0123; expected "));
}

TEST_CASE("resolve: an experiment without live fields has no branches") {
  Experiment rigid = walk::experiment();
  rigid.schema = Schema(1, {});
  const Resolved resolved{&rigid, Config(rigid.id, rigid.schema, {}), {}};
  CHECK_THROWS_AS(branched(resolved, 0, {{"pull", 0.5}}, "test"), Error);
}

}  // namespace lab
