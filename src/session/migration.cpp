#include "session/migration.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lab {
namespace {

using nlohmann::json;

json settings_json(const Settings& settings) {
  json object = json::object();
  for (const auto& [name, value] : settings) object[name] = value_json(value);
  return object;
}

// What a migration gave back, which is the experiment's own code.
Settings settings_of(const json& object) {
  Settings settings;
  for (const auto& [name, value] : object.items()) {
    if (value.is_boolean()) {
      settings[name] = value.get<bool>();
    } else if (value.is_string()) {
      settings[name] = value.get<std::string>();
    } else if (value.is_number_integer()) {
      settings[name] = value.get<std::int64_t>();
    } else {
      settings[name] = value.get<double>();
    }
  }
  return settings;
}

std::string step_text(int version) {
  return "schema version " + std::to_string(version) + " to " + std::to_string(version + 1) + ": ";
}

}  // namespace

std::vector<std::string> migrate(ConfigRequest& request, const Experiment& experiment,
                                 std::string_view source) {
  std::vector<std::string> notes;
  const int now = experiment.schema.version();
  if (!request.schema) return notes;
  if (*request.schema < 1 || *request.schema > now) {
    throw Error(
        "schema version " + std::to_string(*request.schema) + " is not known here",
        std::string(source),
        "a version from 1 to " + std::to_string(now) + "; a newer Logit Lab may have written it");
  }
  for (int version = *request.schema; version < now; ++version) {
    const auto found = std::ranges::find(experiment.migrations, version, &Migration::from);
    if (found == experiment.migrations.end()) {
      notes.push_back(step_text(version) + "fields may have changed their meaning");
      continue;
    }
    request.set = settings_of(found->change(settings_json(request.set)));
    for (Branch& branch : request.lineage) {
      branch.set = settings_of(found->change(settings_json(branch.set)));
    }
    notes.push_back(step_text(version) + found->note);
  }
  // The digests of configs that were left are of the older form.
  if (*request.schema < now) {
    for (Branch& branch : request.lineage) branch.parent.clear();
  }
  request.schema = now;
  return notes;
}

}  // namespace lab
