// What came out of `reproduce`, in a form that is committed: one JSON file an experiment, with
// every seed's value and digest, so that a later run of any few seeds can be compared with it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json_fwd.h"
#include "experiment/experiment.h"

namespace lab {

struct JudgedClaim {
  const Claim* claim = nullptr;
  ClaimResult result;
};

// DIR/ID.json
std::filesystem::path verdict_file(const std::filesystem::path& folder,
                                   const Experiment& experiment);

// {"format": 1, "experiment": ID, "claims": [...], "digest": ...}; nothing of time or machine is in
// it.
nlohmann::json verdicts_json(const Experiment& experiment, const std::vector<JudgedClaim>& judged);

// The stored verdicts of one experiment.
struct StoredVerdicts {
  std::vector<JudgedClaim> claims;  // of those that the experiment has; judged again from the seeds
  std::size_t reproduced = 0, not_reproduced = 0, not_decided = 0;
  std::string digest;  // of all of them
  // Why they are not those of this program's claims, one sentence each; empty: they are.
  std::vector<std::string> stale;

  const JudgedClaim* find(std::string_view claim) const;
};

// DIR/ID.json, read and compared with the experiment's claims as they are now; nothing where there
// is no such file. Error: it cannot be read, is no JSON, or not of this form.
std::optional<StoredVerdicts> read_verdicts(const std::filesystem::path& folder,
                                            const Experiment& experiment);

// How the measured claims differ from the stored ones, a sentence each: whatever makes `stored`
// stale, and every seed (that is stored) whose digest is another.
std::vector<std::string> differences(const StoredVerdicts& stored,
                                     const std::vector<JudgedClaim>& measured);

}  // namespace lab
