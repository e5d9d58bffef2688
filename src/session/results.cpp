#include "session/results.h"

#ifdef __EMSCRIPTEN__
#include <emscripten/version.h>
#endif

#include <cassert>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"

namespace lab {
namespace {

std::string compiler_name() {
#if defined(__EMSCRIPTEN__)
  return "emscripten " + std::to_string(__EMSCRIPTEN_major__) + "." +
         std::to_string(__EMSCRIPTEN_minor__) + "." + std::to_string(__EMSCRIPTEN_tiny__);
#elif defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  return "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

std::string target_name() {
#if defined(__wasm__)
  return "wasm32";
#else
  std::string name;
#if defined(__x86_64__) || defined(_M_X64)
  name = "x86_64";
#elif defined(__aarch64__) || defined(_M_ARM64)
  name = "aarch64";
#else
  name = "unknown";
#endif
#if defined(__linux__)
  name += " linux";
#elif defined(__APPLE__)
  name += " macos";
#elif defined(_WIN32)
  name += " windows";
#endif
  return name;
#endif
}

nlohmann::json seed_json(const SeedResult& seed) {
  nlohmann::json json = {
      {"seed", seed.seed}, {"step", seed.step}, {"values", seed.values}, {"digest", seed.digest}};
  if (seed.divergence) {
    json["divergence"] = {{"recording", seed.divergence->recording},
                          {"step", seed.divergence->step},
                          {"reason", seed.divergence->reason}};
  }
  if (seed.device_failure) json["device_failure"] = device_failure_json(*seed.device_failure);
  return json;
}

}  // namespace

nlohmann::json device_failure_json(const event::DeviceFailed& failed) {
  return {{"step", failed.step},
          {"reason", failed.reason},
          {"text", failed.text},
          {"goes_on", failed.goes_on}};
}

Environment environment(std::string_view program, const Kernels& kernels, unsigned workers) {
  return environment(program, kernels.math, kernels.simd, workers);
}

Environment environment(std::string_view program, Math math, Simd simd, unsigned workers) {
  return {.program = std::string(program),
          .compiler = compiler_name(),
          .target = target_name(),
          .kernels = kernels_name(math, simd),
          .math = math == Math::strict ? "strict" : "fast",
          .workers = workers};
}

nlohmann::json environment_json(const Environment& environment) {
  nlohmann::json json = {{"program", environment.program}, {"compiler", environment.compiler},
                         {"target", environment.target},   {"kernels", environment.kernels},
                         {"math", environment.math},       {"workers", environment.workers}};
  if (!environment.device.empty()) json["device"] = environment.device;
  return json;
}

void Results::take(const Event& event) {
  if (const auto* opened = std::get_if<event::Opened>(&event.body)) {
    opened_ = true;
    head_ = *opened;
    finished_ = 0;
    seeds_.assign(head_.seeds, {});
    for (std::uint32_t i = 0; i < head_.seeds; ++i) seeds_[i].seed = head_.seed + i;
  } else if (const auto* diverged = std::get_if<event::Diverged>(&event.body)) {
    if (diverged->run < seeds_.size()) seeds_[diverged->run].divergence = diverged->divergence;
  } else if (const auto* failed = std::get_if<event::DeviceFailed>(&event.body)) {
    if (failed->run < seeds_.size()) seeds_[failed->run].device_failure = *failed;
  } else if (const auto* finished = std::get_if<event::Finished>(&event.body)) {
    take_rest(*finished);
  } else if (const auto* paused = std::get_if<event::Paused>(&event.body)) {
    take_rest(*paused);
  }
}

template <class Rest>
void Results::take_rest(const Rest& rest) {
  if (rest.run >= seeds_.size()) return;
  SeedResult& seed = seeds_[rest.run];
  if (seed.digest.empty()) ++finished_;
  seed.step = rest.step;
  seed.values = rest.values;
  seed.digest = rest.digest;
}

std::string Results::digest() const {
  assert(complete());
  Digest digest;
  digest.text(head_.digest);
  for (const SeedResult& seed : seeds_) {
    digest.u64(seed.seed);
    digest.text(seed.digest);
  }
  return digest.hex();
}

nlohmann::json Results::json(const Environment& environment) const {
  nlohmann::json seeds = nlohmann::json::array();
  for (const SeedResult& seed : seeds_) seeds.push_back(seed_json(seed));
  return {{"experiment", head_.experiment},
          {"config", parse_json(head_.config, "config")},
          {"config_digest", head_.digest},
          {"seeds", std::move(seeds)},
          {"digest", digest()},
          {"environment", environment_json(environment)}};
}

}  // namespace lab
