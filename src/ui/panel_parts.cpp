#include <imgui.h>

#include <algorithm>
#include <cfloat>
#include <functional>
#include <string>
#include <vector>

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

// How many bytes of a word that is longer than a line go into one; at least one letter.
std::size_t part_in_line(std::string_view word, float width) {
  std::size_t part = 0;
  while (part < word.size()) {
    std::size_t next = part + 1;
    while (next < word.size() && (word[next] & 0xC0) == 0x80) ++next;
    if (part > 0 && width_in_font(word.substr(0, next)) > width) break;
    part = next;
  }
  return part;
}

// The text in lines, broken at spaces: ImGui would break after every full stop and comma, in the
// middle of 0.693 too. What is left out after the most lines is an ellipsis.
std::vector<std::string> broken(std::string_view text, float width, int most) {
  const float space = width_in_font(" ");
  std::vector<std::string> lines(1);
  float used = 0;
  // False when there is no room for another line.
  const auto next_line = [&] {
    if (static_cast<int>(lines.size()) < most) {
      used = 0;
      lines.emplace_back();
      return true;
    }
    std::string& last = lines.back();
    constexpr std::string_view kEllipsis = "…";
    while (width_in_font(last + std::string(kEllipsis)) > width && last.find(' ') != last.npos) {
      last.resize(last.rfind(' '));
    }
    last += kEllipsis;
    return false;
  };
  while (true) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    std::string_view word = text.substr(0, end);
    float needed = width_in_font(word);
    if (used > 0 && used + needed > width && !next_line()) return lines;
    while (needed > width) {
      const std::size_t part = part_in_line(word, width);
      lines.back() += word.substr(0, part);
      word.remove_prefix(part);
      if (word.empty()) break;
      if (!next_line()) return lines;
      needed = width_in_font(word);
    }
    if (used > 0) lines.back() += ' ';
    lines.back() += word;
    used += needed + space;
    if (end == text.size()) return lines;
    if (text[end] == '\n' && !next_line()) return lines;
    text.remove_prefix(end + 1);
  }
}

// Texts that were on the screen lately, with what their lines depend on.
struct Paragraph {
  std::size_t hash;  // of the text
  std::string text;
  const ImFont* font;
  float font_size, width;
  int most;
  std::vector<std::string> lines;
  ImVec2 size;
  int frame;  // in which it was on the screen last
};

const Paragraph& paragraph(std::string_view text, float width, int most) {
  constexpr std::size_t kKept = 512;
  static std::vector<Paragraph> kept;
  const ImFont* font = ImGui::GetFont();
  const float font_size = ImGui::GetFontSize();
  const std::size_t hash = std::hash<std::string_view>()(text);
  for (Paragraph& known : kept) {
    if (known.hash == hash && known.font == font && known.font_size == font_size &&
        known.width == width && known.most == most && known.text == text) {
      known.frame = ImGui::GetFrameCount();
      return known;
    }
  }
  if (kept.size() >= kKept) {
    std::erase_if(kept,
                  [](const Paragraph& old) { return old.frame + 1 < ImGui::GetFrameCount(); });
  }
  Paragraph& made = kept.emplace_back(Paragraph{hash,
                                                std::string(text),
                                                font,
                                                font_size,
                                                width,
                                                most,
                                                broken(text, width, most),
                                                {},
                                                ImGui::GetFrameCount()});
  for (const std::string& line : made.lines)
    made.size.x = std::max(made.size.x, width_in_font(line));
  made.size.y = font_size * static_cast<float>(made.lines.size());
  return made;
}

}  // namespace

void wrapped_text(std::string_view text, float width, int most) {
  if (width <= 0) width = ImGui::GetContentRegionAvail().x;
  const Paragraph& shown = paragraph(text, width, most);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy(shown.size);
  const ImU32 colour = ImGui::GetColorU32(ImGuiCol_Text);
  for (std::size_t i = 0; i < shown.lines.size(); ++i) {
    const ImVec2 line{at.x, at.y + shown.font_size * static_cast<float>(i)};
    if (!ImGui::IsRectVisible(line, {line.x + shown.size.x, line.y + shown.font_size})) continue;
    const std::string& letters = shown.lines[i];
    ImGui::GetWindowDrawList()->AddText(line, colour, letters.data(),
                                        letters.data() + letters.size());
  }
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
