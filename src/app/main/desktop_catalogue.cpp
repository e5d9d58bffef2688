#include "desktop_catalogue.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli_verdicts.h"
#include "core/error.h"
#include "experiment/registry.h"

namespace lab {
namespace {

Card card(const Experiment& experiment, const std::filesystem::path& verdicts) {
  Card card;
  card.id = experiment.id;
  card.title = experiment.title;
  card.family = experiment.family;
  card.paper = experiment.paper.title;
  card.claims = experiment.claims.size();
  if (!experiment.claims.empty()) card.claim = experiment.claims.front().sentence;
  if (verdicts.empty()) return card;
  try {
    const auto stored = read_verdicts(verdicts, experiment);
    if (stored && stored->stale.empty()) {
      card.reproduced = stored->reproduced;
      card.not_reproduced = stored->not_reproduced;
    }
  } catch (const Error& error) {  // the experiment can be shown without them
    std::cerr << "logit-lab-desktop: " << error.what() << "\n";
  }
  return card;
}

}  // namespace

DesktopCatalogue::DesktopCatalogue(const std::filesystem::path& verdicts) {
  for (const Experiment& experiment : experiments()) {
    catalogue_.cards.push_back(card(experiment, verdicts));
    descriptions_.emplace(experiment.id, description_json(experiment));
  }
  catalogue_.description = [this](std::string_view id) -> const nlohmann::json* {
    const auto found = descriptions_.find(id);
    return found == descriptions_.end() ? nullptr : &found->second;
  };
  // The engine is there at once: the first run is computed, not stored.
  catalogue_.first_run = [](std::string_view) -> const std::vector<std::byte>* { return nullptr; };
}

DesktopCatalogue::~DesktopCatalogue() = default;

}  // namespace lab
