// All experiments: a card each, with a picture of a real run, the claim and how it came out.
#include <imgui.h>
#include <misc/cpp/imgui_stdlib.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <span>
#include <string>

#include "core/error.h"
#include "experiment/description.h"
#include "session/protocol.h"
#include "ui/draw_list_canvas.h"
#include "ui/fonts.h"
#include "ui/panels.h"
#include "ui/style.h"

namespace lab {
namespace {

constexpr float kCardWidth = 320, kCardHeight = 344, kPictureHeight = 180;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool matches(const Card& card, const std::string& search) {
  const std::string all =
      lower(card.id + " " + card.title + " " + card.family + " " + card.paper + " " + card.claim);
  std::string word;
  const std::string wanted = lower(search) + " ";
  for (const char c : wanted) {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      if (all.find(word) == std::string::npos) return false;
      word.clear();
    }
  }
  return true;
}

// Made once for each experiment, when its description and run are there.
const Thumbnail* thumbnail(PanelContext& context, const std::string& id) {
  const Catalogue& catalogue = context.catalogue;
  auto& made = context.screen.thumbnails;
  const auto found = made.find(id);
  if (found != made.end()) return found->second ? &*found->second : nullptr;
  const nlohmann::json* description = catalogue.description(id);
  const std::vector<std::byte>* frames = catalogue.first_run(id);
  if (!description || !frames) return nullptr;
  std::optional<Thumbnail>& result = made[id];
  try {
    const Experiment experiment = experiment_from_json(*description, id);
    if (experiment.figures.empty()) return nullptr;
    FigureKeeper keeper(experiment);
    std::span<const std::byte> rest = *frames;
    while (!rest.empty()) {
      const auto [message, size] = unpack(rest, id);
      keeper.take(decode_event(message.json, message.numbers, id));
      rest = rest.subspan(size);
    }
    const Figure& figure = experiment.figures.front();
    result.emplace(figure, keeper.data(figure));
  } catch (const Error&) {
    // A card without a picture says the rest; the experiment itself, opened, says what is wrong.
    return nullptr;
  }
  return &*result;
}

bool card(PanelContext& context, const Card& card, float width) {
  ImGui::PushID(card.id.c_str());
  ImGui::PushStyleColor(ImGuiCol_ChildBg, imgui_colour(context.theme.background));
  ImGui::BeginChild("card", {width, kCardHeight}, ImGuiChildFlags_Border,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const float inner = ImGui::GetContentRegionAvail().x;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::Dummy({inner, kPictureHeight});
  if (const Thumbnail* picture = thumbnail(context, card.id)) {
    DrawListCanvas canvas(*ImGui::GetWindowDrawList());
    const View view;
    const Plot plot(picture->figure, picture->data, view,
                    {corner.x, corner.y, inner, kPictureHeight}, context.theme, canvas, false);
    plot.draw(canvas);
  }
  heading(card.title, 2);
  muted_text(context, card.paper, 1);
  wrapped_text(card.claim, 0, 2);
  if (card.claims > 0) {
    const bool all = card.reproduced == card.claims;
    ImGui::PushStyleColor(ImGuiCol_Text,
                          imgui_colour(all                       ? context.theme.good
                                       : card.not_reproduced > 0 ? context.theme.bad
                                                                 : context.theme.undecided));
    ImGui::Text("%zu of %zu claims reproduced", card.reproduced, card.claims);
    ImGui::PopStyleColor();
  }
  ImGui::SetCursorScreenPos(corner);
  const bool chosen = ImGui::InvisibleButton("open", {inner, kCardHeight - 24});
  if (ImGui::IsItemHovered() || ImGui::IsItemFocused()) {
    const ImVec2 low = ImGui::GetWindowPos();
    const ImVec2 size = ImGui::GetWindowSize();
    ImGui::GetWindowDrawList()->AddRect(low, {low.x + size.x, low.y + size.y},
                                        packed_colour(context.theme.accent), 6, 0, 2);
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopID();
  return chosen;
}

}  // namespace

void gallery_panel(PanelContext& context) {
  ImGui::PushFont(font(FontRole::title));
  ImGui::TextUnformatted("Experiments");
  ImGui::PopFont();
  ImGui::SetNextItemWidth(std::min(ImGui::GetContentRegionAvail().x, 420.0f));
  ImGui::InputTextWithHint("##search", "search titles, papers, claims", &context.screen.search);
  ImGui::Dummy({0, 4});
  const float room = ImGui::GetContentRegionAvail().x;
  const float spacing = ImGui::GetStyle().ItemSpacing.x;
  const int columns = std::max(1, static_cast<int>((room + spacing) / (kCardWidth + spacing)));
  const float width =
      (room - spacing * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  int placed = 0;
  for (const Card& entry : context.catalogue.cards) {
    if (!matches(entry, context.screen.search)) continue;
    if (placed % columns != 0) ImGui::SameLine();
    if (card(context, entry, width)) {
      Link link;
      link.experiment = entry.id;
      context.model.open(link);
      context.screen.gallery = false;
    }
    ++placed;
  }
  if (placed == 0) muted_text(context, "Nothing matches. Fewer words find more.");
  scroll_by_touch(context);
}

}  // namespace lab
