#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/bench.h"
#include "app/bench_data.h"

using namespace lab;

TEST_CASE("the numbers of benchmarks are those of tests/peers/data.mjs and native_peers.py") {
  CHECK(bench_bits(BenchStream::samples, 0) == 857305552u);
  CHECK(bench_bits(BenchStream::elements, 12345) == 3004805910u);
  CHECK(bench_bits(BenchStream::pictures, 4294967295) == 3520614255u);
  CHECK(bench_number(BenchStream::direction, 7, -1, 1) == 0.10741376876831055);
  const std::vector<float> z = bench_signed_samples<float>(569, 30);
  CHECK(z[0] == 1.021336317062378f);
  CHECK(z[31] == 0.1157454401254654f);
  CHECK(z[569 * 30 - 1] == 0.7078063488006592f);
}

TEST_CASE("a row stands beside the first of its name, element and size") {
  std::vector<std::string> told;
  const std::vector<BenchRow> rows =
      run_bench({.names = {"exp"}, .quick = true, .row_done = [&](const BenchRow& row) {
                   told.push_back(row.variant);
                 }});
  REQUIRE(rows.size() >= 4);
  CHECK(rows.size() == told.size());
  for (const BenchRow& row : rows) {
    CAPTURE(row.variant);
    CHECK(row.baseline == "std::exp loop");
    CHECK(row.median > 0);
    CHECK(row.worse_quartile <= row.median);
    CHECK(row.median <= row.better_quartile);
    CHECK(row.better_quartile <= row.best);
    CHECK(row.cores == 1);
    CHECK((row.variant == row.baseline) == (row.ratio == 1));
  }
}

#ifndef __EMSCRIPTEN__
TEST_CASE("on all cores every core tells, and what one of them throws ends the others") {
  std::size_t told = 0;
  BenchOptions options{.names = {"exp"}, .quick = true, .all_cores = true};
  options.row_done = [&](const BenchRow& row) {
    CHECK(row.cores >= 1);
    if (++told == 2) throw std::string("enough");
  };
  CHECK_THROWS_AS(run_bench(options), std::string);
  CHECK(told == 2);
}
#endif

TEST_CASE("decoding stands beside the bandwidth that it could have") {
  const std::vector<BenchRow> rows = run_bench({.names = {"train", "decode"}, .quick = true});
  REQUIRE(rows.size() >= 3);
  CHECK(rows.front().name == "train");
  CHECK(rows.front().median > 0);
  const auto alone = std::ranges::find(rows, "gemv_t alone", &BenchRow::variant);
  REQUIRE(alone != rows.end());
  CHECK(rows.back().name == "decode");
  CHECK(rows.back().baseline == "gemv_t alone");
  CHECK(rows.back().ratio == doctest::Approx(rows.back().median / alone->median).epsilon(1e-9));
}
