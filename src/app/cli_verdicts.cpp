#include "app/cli_verdicts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>

#include "app/cli_text.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/json.h"
#include "data/files.h"

namespace lab {

namespace {

constexpr int kFormat = 1;

std::string digest_of(const std::string& experiment, const std::vector<JudgedClaim>& judged) {
  Digest digest;
  digest.text(experiment);
  for (const JudgedClaim& claim : judged) digest.text(claim.result.digest);
  return digest.hex();
}

Error malformed(const std::string& file, std::string problem) {
  return Error(std::move(problem), file, "a file that `logit-lab reproduce --write` has written");
}

// The member of that name and type. Error: there is none.
const nlohmann::json& member(const nlohmann::json& object, const char* key,
                             nlohmann::json::value_t type, const std::string& file) {
  if (!object.is_object() || !object.contains(key))
    throw malformed(file, "no '" + std::string(key) + "'");
  const nlohmann::json& value = object[key];
  const bool number = type == nlohmann::json::value_t::number_float && value.is_number();
  if (value.type() != type && !number)
    throw malformed(file, "'" + std::string(key) + "' is a " + value.type_name());
  return value;
}

std::vector<SeedMeasurement> seeds_of(const nlohmann::json& claim, const std::string& file) {
  using Type = nlohmann::json::value_t;
  std::vector<SeedMeasurement> seeds;
  for (const nlohmann::json& entry : member(claim, "seeds", Type::array, file)) {
    const nlohmann::json& seed = member(entry, "seed", Type::number_float, file);
    if (!seed.is_number_unsigned()) throw malformed(file, "'seed' is no whole number");
    seeds.push_back({seed.get<std::uint64_t>(),
                     member(entry, "value", Type::number_float, file).get<double>(),
                     member(entry, "digest", Type::string, file).get<std::string>()});
  }
  if (seeds.empty()) throw malformed(file, "a claim without seeds");
  return seeds;
}

// Which parts of a claim's definition are not as they were stored.
std::string changed_keys(const nlohmann::json& stored, const nlohmann::json& now) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : now.items())
    if (!stored.contains(key) || stored[key] != value) keys.push_back(key);
  for (const auto& [key, value] : stored.items())
    if (!now.contains(key)) keys.push_back(key);
  return listed(keys);
}

}  // namespace

std::filesystem::path verdict_file(const std::filesystem::path& folder,
                                   const Experiment& experiment) {
  return folder / (experiment.id + ".json");
}

nlohmann::json verdicts_json(const Experiment& experiment, const std::vector<JudgedClaim>& judged) {
  nlohmann::json claims = nlohmann::json::array();
  for (const JudgedClaim& claim : judged) claims.push_back(result_json(*claim.claim, claim.result));
  return {{"format", kFormat},
          {"experiment", experiment.id},
          {"claims", std::move(claims)},
          {"digest", digest_of(experiment.id, judged)}};
}

const JudgedClaim* StoredVerdicts::find(std::string_view claim) const {
  const auto found = std::ranges::find_if(
      claims, [&](const JudgedClaim& judged) { return judged.claim->id == claim; });
  return found != claims.end() ? &*found : nullptr;
}

std::optional<StoredVerdicts> read_verdicts(const std::filesystem::path& folder,
                                            const Experiment& experiment) {
  using Type = nlohmann::json::value_t;
  const std::string file = verdict_file(folder, experiment).string();
  if (folder.empty() || !is_file(file)) return std::nullopt;
  const std::vector<std::byte> bytes = read_file(file);
  const nlohmann::json document = parse_json(as_text(bytes), file);
  if (member(document, "format", Type::number_float, file) != kFormat)
    throw malformed(file, "'format' is not " + std::to_string(kFormat));
  if (member(document, "experiment", Type::string, file) != experiment.id)
    throw malformed(file, "'experiment' is not '" + experiment.id + "'");

  StoredVerdicts stored;
  for (const nlohmann::json& entry : member(document, "claims", Type::array, file)) {
    const nlohmann::json& definition = member(entry, "claim", Type::object, file);
    const std::string id = member(definition, "id", Type::string, file);
    const auto claim = std::ranges::find(experiment.claims, id, &Claim::id);
    if (claim == experiment.claims.end()) {
      stored.stale.push_back(id + ": there is no such claim any more");
      continue;
    }
    // Judged again from its seeds: then nothing that was stored can contradict them.
    JudgedClaim judged{&*claim, judge(experiment, *claim, seeds_of(entry, file))};
    const nlohmann::json now = result_json(*claim, judged.result);
    if (definition != now["claim"]) {
      stored.stale.push_back(
          id + ": the claim is defined differently now: " + changed_keys(definition, now["claim"]));
    } else if (entry != now) {
      stored.stale.push_back(id + ": the stored result does not follow from the stored seeds: " +
                             changed_keys(entry, now));
    }
    switch (judged.result.verdict) {
      case Verdict::reproduced:
        ++stored.reproduced;
        break;
      case Verdict::not_reproduced:
        ++stored.not_reproduced;
        break;
      case Verdict::not_decided:
        ++stored.not_decided;
        break;
    }
    stored.claims.push_back(std::move(judged));
  }
  for (const Claim& claim : experiment.claims)
    if (!stored.find(claim.id)) stored.stale.push_back(claim.id + ": is not stored");
  stored.digest = digest_of(experiment.id, stored.claims);
  if (stored.stale.empty() && member(document, "digest", Type::string, file) != stored.digest)
    stored.stale.push_back("the digest is not that of the claims in the file");
  return stored;
}

std::vector<std::string> differences(const StoredVerdicts& stored,
                                     const std::vector<JudgedClaim>& measured) {
  std::vector<std::string> found = stored.stale;
  for (const JudgedClaim& now : measured) {
    const JudgedClaim* then = stored.find(now.claim->id);
    if (!then) continue;  // said by `stale`
    for (const SeedMeasurement& seed : now.result.seeds) {
      const auto same = std::ranges::find(then->result.seeds, seed.seed, &SeedMeasurement::seed);
      if (same == then->result.seeds.end() || same->digest == seed.digest) continue;
      std::string text = now.claim->id + ": seed " + std::to_string(seed.seed);
      if (same->value == seed.value) {
        text += " measures the same " + number_text(seed.value) +
                ", but what was run for it is not the same";
      } else {
        text += " measures " + number_text(seed.value) + " instead of " + number_text(same->value);
      }
      found.push_back(std::move(text));
    }
  }
  return found;
}

}  // namespace lab
