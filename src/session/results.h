// What came of a config, for a file: numbers and digests of every seed, and where they were
// computed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compute/kernels.h"
#include "core/json_fwd.h"
#include "session/protocol.h"

namespace lab {

struct SeedResult {
  std::uint64_t seed = 0;
  std::uint64_t step = 0;                // the last one
  std::map<std::string, double> values;  // as in event::Finished
  std::optional<Divergence> divergence;
  std::optional<event::DeviceFailed> device_failure;  // the last one
  std::string digest;
};

// {"step", "reason", "text", "goes_on"}: of a seed whose device failed.
nlohmann::json device_failure_json(const event::DeviceFailed& failed);

// What may differ between machines without changing a result; and math and device, which may change
// it.
struct Environment {
  std::string program;   // name and version
  std::string compiler;  // name and version
  std::string target;    // processor and system, "x86_64 linux"
  std::string kernels;   // which table: "strict/avx2"
  std::string math;      // "strict" or "fast"
  unsigned workers = 0;
  std::string device = {};  // what computed in the CPU's place (event::Opened); empty: nothing did
};

// Of this program, which computes with that table.
Environment environment(std::string_view program, const Kernels& kernels, unsigned workers);
// Of a program that holds no kernels, but whose engines, built with it, compute with that table.
Environment environment(std::string_view program, Math math, Simd simd, unsigned workers);
nlohmann::json environment_json(const Environment& environment);

// The results of the seeds that a session opened, as its events bring them.
class Results {
 public:
  // Looks at opened, diverged, device_failed, finished and paused; branches are left out. A run
  // that finishes again, after a seek, says the same again.
  void take(const Event& event);

  // Every seed has come to its end, or to rest where it was told to.
  bool complete() const { return opened_ && finished_ == seeds_.size(); }
  // In order of seeds; those that are not complete have no digest.
  const std::vector<SeedResult>& seeds() const { return seeds_; }

  // SHA-256 over the config's digest, and seed and digest of every seed in order (types as in
  // Digest). Precondition: complete.
  std::string digest() const;

  // {"experiment", "config", "config_digest", "seeds": [{"seed", "step", "values", "divergence"?,
  // "device_failure"?, "digest"}], "digest", "environment"}; the environment is not part of any
  // digest.
  nlohmann::json json(const Environment& environment) const;

 private:
  template <class Rest>
  void take_rest(const Rest& rest);

  bool opened_ = false;
  event::Opened head_;
  std::vector<SeedResult> seeds_;
  std::size_t finished_ = 0;
};

}  // namespace lab
