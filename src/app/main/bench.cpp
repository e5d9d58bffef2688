// The benchmarks of `logit-lab bench` as a module for a browser's Worker, where there are neither
// files nor a command line: tests/web/bench.mjs and tests/peers/peers.mjs call it.
#include "app/bench.h"

#include <emscripten.h>

#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "data/store.h"
#include "experiment/registry.h"

// request: {"names": [NAME, ...], "compared": flag, "quick": flag}. Gives JSON as bench_json has
// it, or {"failed": why}; it stays until the next call.
extern "C" EMSCRIPTEN_KEEPALIVE const char* bench_run(const char* request) {
  static std::string answer;
  nlohmann::json json;
  try {
    const nlohmann::json asked = nlohmann::json::parse(request);
    lab::DataStore data(
        {.read = [](std::string_view) { return std::nullopt; }, .places = "no place"});
    json = lab::bench_json(lab::run_bench({.names = asked.at("names"),
                                           .quick = asked.at("quick"),
                                           .compared = asked.at("compared"),
                                           .data = &data,
                                           .experiments = lab::experiments()}));
  } catch (const std::exception& error) {
    json = {{"failed", error.what()}};
  }
  answer = json.dump();
  return answer.c_str();
}
