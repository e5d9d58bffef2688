#include "session/resolve.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/json.h"
#include "core/names.h"
#include "session/migration.h"

namespace lab {
namespace {

nlohmann::json lineage_json(const std::vector<Branch>& lineage) {
  nlohmann::json array = nlohmann::json::array();
  for (const Branch& branch : lineage) {
    nlohmann::json set = nlohmann::json::object();
    for (const auto& [name, value] : branch.set) set[name] = value_json(value);
    array.push_back({{"parent", branch.parent}, {"step", branch.step}, {"set", std::move(set)}});
  }
  return array;
}

std::vector<std::string> live_fields(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) {
    if (field.live) names.push_back(field.name);
  }
  return names;
}

}  // namespace

Config Resolved::current() const {
  Config now = config;
  for (const Branch& branch : lineage) now = now.with(branch.set);
  return now;
}

std::string Resolved::canonical() const {
  if (lineage.empty()) return config.canonical();
  nlohmann::json json = config.json();
  json["lineage"] = lineage_json(lineage);
  return lab::canonical(json);
}

std::string Resolved::digest() const {
  return sha256_hex(canonical());
}

Value checked_value(const Schema& schema, std::string_view field, const Value& value,
                    std::string_view source) {
  return schema.from_json(field, value_json(value), source);
}

Resolved resolve(const ConfigRequest& asked, const FindExperiment& find, std::string_view source) {
  const Experiment& experiment = find(asked.experiment, source);
  ConfigRequest request = asked;
  std::vector<std::string> notes = migrate(request, experiment, source);
  nlohmann::json set = nlohmann::json::object();
  for (const auto& [name, value] : request.set) set[name] = value_json(value);
  nlohmann::json json = {{"experiment", request.experiment}, {"set", std::move(set)}};
  if (request.schema) json["schema"] = *request.schema;
  Resolved resolved{
      &experiment, Config::from_json(json, experiment.id, experiment.schema, source), {},
      std::move(notes)};
  for (std::size_t i = 0; i < request.lineage.size(); ++i) {
    const Branch& branch = request.lineage[i];
    const std::string where = std::string(source) + ": lineage[" + std::to_string(i) + "]";
    resolved = branched(resolved, branch.step, branch.set, where);
    const std::string& parent = resolved.lineage.back().parent;
    if (!branch.parent.empty() && branch.parent != parent) {
      throw Error("the branch left another config, " + branch.parent.substr(0, 64), where, parent);
    }
  }
  return resolved;
}

Resolved branched(const Resolved& resolved, std::uint64_t step, const Settings& set,
                  std::string_view source) {
  const std::string where(source);
  const Schema& schema = resolved.experiment->schema;
  const std::vector<std::string> live = live_fields(schema);
  if (live.empty()) {
    throw Error("no field of " + resolved.experiment->id + " can change in the middle of a run",
                where, "a run from its beginning with other settings");
  }
  if (set.empty()) throw Error("nothing changes", where + ": set", expected_name("", live));
  Branch branch{.parent = resolved.digest(), .step = step, .set = {}};
  for (const auto& [name, value] : set) {
    if (!schema.field(name, source).live) {
      throw Error("the field '" + name + "' cannot change in the middle of a run", where,
                  expected_name(name, live));
    }
    branch.set[name] = checked_value(schema, name, value, source);
  }
  if (!resolved.lineage.empty() && step < resolved.lineage.back().step) {
    // A branch of a branch's past is a branch of the run that it left.
    throw Error("step " + std::to_string(step) + " lies before the branch", where,
                "a step from " + std::to_string(resolved.lineage.back().step) + " on");
  }
  Resolved result = resolved;
  result.lineage.push_back(std::move(branch));
  return result;
}

}  // namespace lab
