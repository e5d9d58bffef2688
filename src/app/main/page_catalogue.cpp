#include "page_catalogue.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/json.h"

namespace lab {
namespace {

Card card(const nlohmann::json& json) {
  Card card;
  json.at("id").get_to(card.id);
  json.at("title").get_to(card.title);
  json.at("family").get_to(card.family);
  json.at("paper").get_to(card.paper);
  json.at("claim").get_to(card.claim);
  json.at("claims").get_to(card.claims);
  json.at("reproduced").get_to(card.reproduced);
  json.at("not_reproduced").get_to(card.not_reproduced);
  return card;
}

}  // namespace

PageCatalogue::PageCatalogue(std::function<void(std::string_view)> request)
    : request_(std::move(request)) {
  catalogue_.description = [this](std::string_view id) -> const nlohmann::json* {
    ask(id);
    const auto found = descriptions_.find(id);
    return found == descriptions_.end() ? nullptr : &found->second;
  };
  catalogue_.first_run = [this](std::string_view id) -> const std::vector<std::byte>* {
    ask(id);
    const auto found = first_runs_.find(id);
    return found == first_runs_.end() ? nullptr : &found->second;
  };
}

PageCatalogue::~PageCatalogue() = default;

void PageCatalogue::ask(std::string_view id) {
  if (asked_.contains(id)) return;
  asked_.emplace(id);
  request_(id);
}

void PageCatalogue::set_manifest(std::string_view json) {
  const nlohmann::json manifest = parse_json(json, "manifest.json");
  std::vector<Card> cards;
  try {
    for (const nlohmann::json& entry : manifest.at("cards")) cards.push_back(card(entry));
  } catch (const nlohmann::json::exception& exception) {
    throw Error(std::string("does not list experiments: ") + exception.what(), "manifest.json",
                "what `logit-lab manifest` writes");
  }
  catalogue_.cards = std::move(cards);
}

void PageCatalogue::set_description(std::string_view id, std::string_view json) {
  descriptions_.insert_or_assign(std::string(id), parse_json(json, std::string(id) + ".json"));
}

void PageCatalogue::set_first_run(std::string_view id, std::span<const std::byte> frames) {
  first_runs_.insert_or_assign(std::string(id),
                               std::vector<std::byte>(frames.begin(), frames.end()));
}

}  // namespace lab
