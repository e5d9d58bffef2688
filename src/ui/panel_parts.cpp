#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/fonts.h"
#include "ui/panels.h"
#include "ui/style.h"

namespace lab {

bool is_wanted(const std::vector<std::string>& only, std::string_view name) {
  return only.empty() || std::ranges::find(only, name) != only.end();
}

std::string spaced(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

void muted_text(const PanelContext& context, std::string_view text) {
  ImGui::PushFont(font(FontRole::small));
  ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(context.theme.muted_text));
  wrapped_text(text);
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void wrapped_text(std::string_view text, float width) {
  if (width <= 0) width = ImGui::GetContentRegionAvail().x;
  // ImGui wraps after every full stop and comma, in the middle of 0.693 too: so lines are broken
  // here, at spaces, and ImGui breaks only a word that is longer than a line.
  const auto width_of = [](std::string_view part) {
    return ImGui::CalcTextSize(part.data(), part.data() + part.size()).x;
  };
  const float space = width_of(" ");
  std::string lines;
  float used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    const float needed = width_of(word);
    if (used > 0 && used + needed > width) {
      lines.back() = '\n';
      used = 0;
    }
    lines += word;
    used += needed + space;
    if (end == text.size()) break;
    lines += text[end];
    if (text[end] == '\n') used = 0;
    text.remove_prefix(end + 1);
  }
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
  ImGui::TextUnformatted(lines.data(), lines.data() + lines.size());
  ImGui::PopTextWrapPos();
}

void heading(std::string_view text) {
  ImGui::PushFont(font(FontRole::semibold));
  wrapped_text(text);
  ImGui::PopFont();
}

bool primary_button(const PanelContext& context, const char* label, const ImVec2& size) {
  const Colour on_accent = context.theme.dark ? Colour{10, 14, 20} : Colour{255, 255, 255};
  ImGui::PushStyleColor(ImGuiCol_Button, imgui_colour(context.theme.accent));
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, imgui_colour(context.theme.accent.faded(0.88)));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, imgui_colour(context.theme.accent.faded(0.75)));
  ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(on_accent));
  const bool pressed = ImGui::Button(label, size);
  ImGui::PopStyleColor(4);
  return pressed;
}

void scroll_by_touch(const PanelContext& context) {
  if (!context.touch || !ImGui::IsMouseDragging(ImGuiMouseButton_Left, 6)) return;
  if (context.screen.held || context.screen.held_handle || context.screen.scrubbing) return;
  constexpr ImGuiHoveredFlags kFlags = ImGuiHoveredFlags_ChildWindows |
                                       ImGuiHoveredFlags_AllowWhenBlockedByActiveItem;
  if (!ImGui::IsWindowHovered(kFlags)) return;
  const ImVec2 delta = ImGui::GetIO().MouseDelta;
  ImGui::SetScrollY(ImGui::GetScrollY() - delta.y);
}

void tooltip(std::string_view text) {
  if (text.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
  if (!ImGui::BeginTooltip()) return;
  wrapped_text(text, ImGui::GetFontSize() * 22);
  ImGui::EndTooltip();
}

}  // namespace lab
