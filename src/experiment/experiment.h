// One mechanism of one paper beside its baselines: a static description and a factory for runs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_fwd.h"
#include "experiment/claim.h"
#include "experiment/config.h"
#include "experiment/run.h"
#include "figure/figure.h"

namespace lab {

struct Paper {
  std::string title;
  std::string authors;
  std::string link;  // "arXiv:2412.08424"
  int year = 0;
};

// How settings of an older schema become those of the next version.
struct Migration {
  int from = 1;  // the schema version of the settings; they become those of from + 1
  // {NAME: VALUE, ...} of the fields that were set, to the same of the next version; called for the
  // settings of branches as well, which are a few of them.
  std::function<nlohmann::json(nlohmann::json set)> change;
  std::string note;  // what has changed, for a person: "eta is gamma now"
};

// How the runs of an experiment come to compute on a device instead of the CPU.
struct BackendUse {
  // Why the runs of a config cannot, as a sentence; empty: they can. May be empty itself: all can.
  std::function<std::string(const Config& config)> refusal;
  // Begins to open one; if_faster: only where that is faster than the CPU here, by that clock. The answer comes
  // within poll() or, in a browser, by itself; where there is nothing to open perhaps at once.
  std::function<void(bool if_faster, Clock clock, BackendChosen done)> open;
  std::function<void()> poll;
};

struct Experiment {
  std::string id;           // the sheet's slug
  std::string title;
  std::string family;
  Paper paper;
  std::string problem;      // in plain words, a few sentences
  std::string equation;     // the update at work, plain text
  std::string how_to_fail;  // the parameter that breaks it
  Schema schema;
  std::vector<Recording> recordings;
  std::vector<Figure> figures;  // the first is the experiment's picture
  std::vector<Claim> claims;
  std::function<std::unique_ptr<Run>(const Config&, const RunContext&)> make;
  std::vector<Migration> migrations = {};  // from version 1 on
  std::optional<BackendUse> backend = {};  // nothing: its runs compute on the CPU alone
};

// Why the runs of a config compute on the CPU alone, as a sentence; empty: they can on a device.
std::string backend_refusal(const Experiment& experiment, const Config& config);

// The experiment of an id, which stays where it is. `source` names where the id was found.
// Error: there is none.
using FindExperiment =
    std::function<const Experiment&(std::string_view id, std::string_view source)>;

// Looks in a list that outlives what is found. The error names the nearest id.
FindExperiment find_in(std::span<const Experiment> list);

// SHA-256 over the digests of config, data and recordings and the seed: what two machines compare.
// config_digest: Config::digest(), or of the resolved config with its lineage, for a branch.
std::string result_digest(std::string_view config_digest, std::uint64_t seed, const Run& run,
                          const Recorder& recorder);

struct Outcome {
  Recorder recorder;
  std::string digest;  // result_digest of it
};

// Begins the run and steps it to its end, observing once: what the session does, without a timeline.
Outcome run_to_end(const Experiment& experiment, const Config& config, const RunContext& context);

// Everything but the factory: {"id", "title", "paper", "schema", "recordings", "claims", ...}.
nlohmann::json description_json(const Experiment& experiment);

}  // namespace lab
