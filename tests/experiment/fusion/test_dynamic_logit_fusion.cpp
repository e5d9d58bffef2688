// The experiment as a whole: its runs, its settings, its claims on a first seed.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "allocations.h"
#include "core/error.h"
#include "data/store.h"
#include "experiment/run_steps.h"

using namespace lab;

namespace {

const Experiment& experiment() {
  return find_experiment("dynamic-logit-fusion");
}

RunContext context(std::uint64_t seed = 0) {
  return {.seed = seed};
}

Config config(Settings settings) {
  settings.try_emplace("symbols", std::int64_t{300});
  settings.try_emplace("general_symbols", std::int64_t{5000});
  settings.try_emplace("reference_symbols", std::int64_t{5000});
  return {experiment().id, experiment().schema, settings};
}

Outcome outcome(const Settings& settings) {
  return run_to_end(experiment(), config(settings), context());
}

const std::vector<double>& array(const Recorder& recorder, std::string_view name) {
  return recorder.array(recorder.find(name)).values;
}

const std::vector<Settings>& kinds() {
  static const std::vector<Settings> all = {
      {},
      {{"experts", std::int64_t{2}}, {"switch_every", std::int64_t{50}}},
      {{"alpha_mode", "manual"}, {"alpha_1", 1.7}, {"vocabulary", std::int64_t{20}}},
      {{"text", "generated"}, {"temperature", 0.7}, {"alpha_mode", "exact"}},
      {{"alpha_mode", "oracle"}, {"match", "forward"}, {"large_domain_symbols", std::int64_t{500}}},
      {{"alpha_mode", "best_constant"}, {"large_order", std::int64_t{1}}, {"grid_step", 0.3}},
  };
  return all;
}

}  // namespace

TEST_CASE("dynamic logit fusion: a step allocates nothing, up to the end") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    recorder.reserve(400);
    advance(*run, recorder, 1, 2);
    const std::size_t before = allocations_made();
    const std::uint64_t end = advance(*run, recorder, 3, 400);
    CHECK(allocations_made() == before);
    CHECK(end == 300);
    CHECK(end == run->step_limit());
  }
}

TEST_CASE("dynamic logit fusion: saved and restored it goes on with the same bits") {
  for (const Settings& settings : kinds()) check_resumes(config(settings), 200, 300);
}

TEST_CASE("dynamic logit fusion: every kind has finite losses, bars, curves and explanations") {
  for (const Settings& settings : kinds()) {
    Recorder recorder(experiment().recordings);
    const std::unique_ptr<Run> run = begun(config(settings), recorder);
    CHECK(run->explain(recorder).empty());
    advance(*run, recorder, 1, 300);
    run->observe(recorder);
    CHECK_FALSE(recorder.divergence());
    for (const std::string who : {"large", "base", "expert", "dynamic", "fine_tuned", "mix"}) {
      CHECK(last(recorder, who + "/nll") > 0.5);
      CHECK(last(recorder, who + "/nll") < 4);
    }
    const std::vector<double>& next = array(recorder, "mix/next");
    CHECK(next.size() / 5 <= 16);
    if (next.size() / 5 == 12) {
      double sum = 0, before = 0;
      for (std::size_t i = 0; i < next.size(); i += 5) {
        sum += next[i + 1];
        before += next[i + 4];
      }
      CHECK(sum == doctest::Approx(1).epsilon(1e-12));
      CHECK(before == doctest::Approx(1).epsilon(1e-12));
    }
    const std::vector<double>& alphas = array(recorder, "dynamic/alphas");
    double share = 0;
    for (std::size_t i = 1; i < alphas.size(); i += 2) share += alphas[i];
    CHECK(share == doctest::Approx(100).epsilon(1e-12));
    CHECK(array(recorder, "text/shift").size() == 160);
    const std::vector<Explanation> explanations = run->explain(recorder);
    CHECK(explanations.size() == 3);
    for (const Explanation& explanation : explanations) {
      CHECK_FALSE(explanation.title.empty());
      CHECK(explanation.text.size() > 80);
    }
  }
}

TEST_CASE("dynamic logit fusion: the parts of the token's logit add up to it, to the bit") {
  for (const Settings& settings : kinds()) {
    const Recorder recorder = outcome(settings).recorder;
    const std::vector<double>& parts = array(recorder, "mix/parts");
    const std::size_t rows = parts.size() / 4;
    CHECK(rows == (settings.contains("experts") ? 5 : 4));
    double sum = 0;
    for (std::size_t i = 0; i + 1 < rows; ++i) sum += parts[4 * i + 1];
    CHECK(sum == parts[4 * (rows - 1) + 1]);
    CHECK(labels_of(recorder.array(recorder.find("text/tokens"))).size() == 160);
    CHECK(labels_of(recorder.array(recorder.find("data/parts"))).size() == rows);
  }
}

TEST_CASE("dynamic logit fusion: your mix is what it is set to") {
  const Recorder automatic = outcome({}).recorder;
  CHECK(last(automatic, "mix/nll") == last(automatic, "dynamic/nll"));
  const Recorder one = outcome({{"alpha_mode", "manual"}, {"alpha_1", 1.0}}).recorder;
  CHECK(last(one, "mix/nll") == last(one, "one/nll"));
  CHECK(last(one, "dynamic/nll") == last(automatic, "dynamic/nll"));
  const Recorder none = outcome({{"alpha_mode", "manual"}, {"alpha_1", 0.0}}).recorder;
  CHECK(last(none, "mix/nll") == last(none, "large/nll"));
  for (const double shift : array(none, "text/shift")) CHECK(shift == 0);
  const Recorder oracle = outcome({{"alpha_mode", "oracle"}}).recorder;
  CHECK(last(oracle, "mix/nll") == last(oracle, "oracle/nll"));
  CHECK(last(oracle, "oracle/nll") <= last(oracle, "dynamic/nll"));
  CHECK(last(oracle, "oracle/nll") <= last(oracle, "one/nll"));
}

TEST_CASE("dynamic logit fusion: a large model that has read the domain is better left alone") {
  const Recorder recorder = outcome({{"large_domain_symbols", std::int64_t{200'000}}}).recorder;
  CHECK(last(recorder, "large/nll") < last(recorder, "dynamic/nll"));
  CHECK(last(recorder, "dynamic/alpha") > 0);
}

TEST_CASE("dynamic logit fusion: bounds that hold nothing are refused with what would be right") {
  const auto refuse = [](const Settings& settings, const char* why) {
    CHECK_THROWS_WITH_AS(outcome(settings), doctest::Contains(why), Error);
  };
  refuse({{"grid_low", 2.0}, {"grid_high", 1.0}}, "no coefficient lies between 2 and 1");
  refuse({{"grid_low", 0.11}, {"grid_high", 0.19}}, "a multiple of grid_step between them");
}

// An NPY file of float64, as NumPy writes it.
std::vector<std::byte> npy(const std::string& shape, const std::vector<double>& values) {
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }";
  while ((10 + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size());
  text += '\0';
  text += header;
  const auto bytes = std::as_bytes(std::span(text));
  std::vector<std::byte> file(bytes.begin(), bytes.end());
  const auto numbers = std::as_bytes(std::span(values));
  file.insert(file.end(), numbers.begin(), numbers.end());
  return file;
}

TEST_CASE("dynamic logit fusion: logits of one's own") {
  // Large, base, expert at two tokens of three: the sheet's vector, and the peaked one.
  const std::vector<double> logits = {1,   0.5, 0, 3,   0.5, 0,   // large
                                      0.6, 0.4, 0, 0.6, 0.4, 0,   // base
                                      0.2, 1.2, 0, 0.2, 1.2, 0};  // expert
  DataStore store({});
  store.add_file("mine.npy", npy("3, 2, 3", logits));
  store.add_file("flat.npy", npy("6, 3", logits));
  const auto run = [&](Settings settings) {
    settings.try_emplace("data", "file:mine.npy");
    return run_to_end(experiment(), config(settings), {.data = &store}).recorder;
  };
  const Recorder known = run({{"next_tokens", "1, 0"}});
  const auto alphas = known.buckets(known.find("dynamic/alpha"));
  REQUIRE(alphas.size() == 2);
  CHECK(alphas[0].last == 1.0);
  CHECK(alphas[1].last == 12 * 0.1);
  CHECK(last(known, "large/nll") ==
        doctest::Approx(-(std::log(0.3071958857) + std::log(0.8838)) / 2).epsilon(1e-3));
  CHECK(labels_of(known.array(known.find("text/tokens"))) == std::vector<std::string>{"#1", "#0"});
  CHECK(known.buckets(known.find("best_constant/nll")).empty());
  CHECK_FALSE(known.value("dynamic/gap_closed"));

  // Without the tokens that came nothing is judged, and the mix goes on by itself.
  const Recorder unknown = run({});
  CHECK(unknown.buckets(unknown.find("large/nll")).empty());
  CHECK(unknown.buckets(unknown.find("oracle/alpha")).empty());
  CHECK(last(unknown, "dynamic/alpha") == 12 * 0.1);
  CHECK(labels_of(unknown.array(unknown.find("text/tokens"))) ==
        std::vector<std::string>{"#1", "#0"});

  const auto refuse = [&](const Settings& settings, const char* why) {
    CHECK_THROWS_WITH_AS(run(settings), doctest::Contains(why), Error);
  };
  refuse({{"experts", std::int64_t{2}}}, "the array is 3 × 2 × 3");
  refuse({{"data", "file:flat.npy"}}, "is no array of three dimensions");
  refuse({{"data", "file:other.npy"}}, "is not here");
  refuse({{"next_tokens", "1, 3"}}, "no token '3' at place 2");
  refuse({{"next_tokens", "1"}}, "1 tokens for an array of 2");
  refuse({{"alpha_mode", "oracle"}}, "alpha_mode = oracle");
  refuse({{"alpha_mode", "best_constant"}}, "alpha_mode = best_constant");
}

TEST_CASE("dynamic logit fusion: what was saved elsewhere is refused") {
  Recorder recorder(experiment().recordings);
  const std::unique_ptr<Run> run = begun(config({}), recorder);
  ByteWriter writer;
  writer.u64(301);
  writer.u64(0);
  writer.u64(0);
  ByteReader reader(writer.view());
  CHECK_THROWS_WITH_AS(run->restore(reader), doctest::Contains("no place in this text"), Error);
}

TEST_CASE("dynamic logit fusion: claims' ids are unique, and identities hold on a first seed") {
  for (const Claim& claim : experiment().claims) {
    CAPTURE(claim.id);
    CHECK(std::ranges::count(experiment().claims, claim.id, &Claim::id) == 1);
    CHECK(claim.seeds >= 1);
    CHECK_FALSE(claim.metric.empty());
    if (claim.kind == ClaimKind::effect) continue;
    const SeedMeasurement first = measure(experiment(), claim, context());
    CHECK(std::isfinite(first.value));
    CHECK(holds(first.value, claim.comparison, claim.threshold));
  }
}
