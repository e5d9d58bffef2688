#include <imgui.h>

#include <algorithm>
#include <cfloat>
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

namespace {

float width_in_font(std::string_view text) {
  return ImGui::GetFont()
      ->CalcTextSizeA(ImGui::GetFontSize(), FLT_MAX, 0, text.data(), text.data() + text.size())
      .x;
}

// The text with line feeds where it goes on in the next line, at spaces: ImGui would break after
// every full stop and comma, in the middle of 0.693 too. What is left out after the most lines is
// an ellipsis.
std::string broken(std::string_view text, float width, int most) {
  const float space = width_in_font(" ");
  std::string lines;
  float used = 0;
  int count = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    const float needed = width_in_font(word);
    if (used > 0 && used + needed > width) {
      if (count == most) {
        constexpr std::string_view kEllipsis = "…";
        while (used + width_in_font(kEllipsis) > width && lines.find_last_of(" \n") != lines.npos) {
          lines.pop_back();
          const std::size_t begin = lines.find_last_of(" \n") + 1;
          used -= width_in_font(std::string_view(lines).substr(begin)) + space;
          lines.resize(begin);
        }
        return lines + std::string(kEllipsis);
      }
      lines.back() = '\n';
      used = 0;
      ++count;
    }
    lines += word;
    used += needed + space;
    if (end == text.size()) break;
    lines += text[end];
    if (text[end] == '\n') used = 0, ++count;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

void wrapped_text(std::string_view text, float width, int most) {
  if (width <= 0) width = ImGui::GetContentRegionAvail().x;
  const std::string lines = broken(text, width, most);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);  // for a word that is longer than a line
  ImGui::TextUnformatted(lines.data(), lines.data() + lines.size());
  ImGui::PopTextWrapPos();
}

void muted_text(const PanelContext& context, std::string_view text, int most) {
  ImGui::PushFont(font(FontRole::small));
  ImGui::PushStyleColor(ImGuiCol_Text, imgui_colour(context.theme.muted_text));
  wrapped_text(text, 0, most);
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void heading(std::string_view text, int most) {
  ImGui::PushFont(font(FontRole::semibold));
  wrapped_text(text, 0, most);
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
