// What exactly does a request ask for? Its experiment, the config with every field set, and the
// branches taken since: checked once, here. Everything that a run's result depends on besides the
// seed and data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment.h"
#include "session/protocol.h"

namespace lab {

// A config, and how it changed on the way.
struct Resolved {
  const Experiment* experiment = nullptr;
  Config config;                // as the run began
  std::vector<Branch> lineage;  // oldest first; steps never fall; every `parent` is filled in
  std::vector<std::string> notes = {};  // what an older schema said otherwise, a sentence each

  // The config in effect after the last branch.
  Config current() const;
  // Canonical JSON: that of `config`, with "lineage" if there is one.
  std::string canonical() const;
  // SHA-256 of it, 64 hex digits; without a lineage it is config.digest().
  std::string digest() const;
};

// Settings of an older schema are migrated first (migration.h).
// Error: no such experiment; a newer schema; whatever Config and Schema find wrong with the fields; a branch that
// changes a field which is not live, goes back, or left another config. `source` names the request.
Resolved resolve(const ConfigRequest& request, const FindExperiment& find, std::string_view source);

// `resolved` with one more branch. Error: a field that is not live, a wrong value, nothing to
// change, a step before that of the last branch.
Resolved branched(const Resolved& resolved, std::uint64_t step, const Settings& set,
                  std::string_view source);

// A value as somebody wrote it (a whole number for a real field, say) as the field has it. Error:
// no such field, wrong type, outside the domain.
Value checked_value(const Schema& schema, std::string_view field, const Value& value,
                    std::string_view source);

}  // namespace lab
