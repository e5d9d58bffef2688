#include "ui/style.h"

namespace lab {

ImVec4 imgui_colour(Colour c) {
  return {c.red / 255.0f, c.green / 255.0f, c.blue / 255.0f, c.alpha / 255.0f};
}

ImU32 packed_colour(Colour c) { return IM_COL32(c.red, c.green, c.blue, c.alpha); }

void apply_style(const Theme& theme, bool touch) {
  ImGuiStyle style;
  style.WindowPadding = {10, 10};
  style.FramePadding = touch ? ImVec2(10, 9) : ImVec2(8, 4);
  style.ItemSpacing = {8, touch ? 9.0f : 6.0f};
  style.ItemInnerSpacing = {6, 4};
  style.CellPadding = {6, 4};
  style.ScrollbarSize = touch ? 14 : 11;
  style.GrabMinSize = touch ? 22 : 12;
  style.WindowRounding = 6;
  style.ChildRounding = 6;
  style.FrameRounding = 5;
  style.PopupRounding = 6;
  style.ScrollbarRounding = 6;
  style.GrabRounding = 4;
  style.TabRounding = 5;
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 1;
  style.FrameBorderSize = 1;
  style.PopupBorderSize = 1;
  style.SeparatorTextBorderSize = 1;
  style.HoverDelayNormal = 0.35f;

  const auto set = [&](ImGuiCol index, Colour colour) {
    style.Colors[index] = imgui_colour(colour);
  };
  // One colour over another: ImGui blends lines and fills with what lies below.
  const Colour frame = theme.dark ? Colour{40, 46, 55} : Colour{255, 255, 255};
  const Colour border = theme.dark ? Colour{62, 70, 81} : Colour{208, 213, 220};
  set(ImGuiCol_Text, theme.text);
  set(ImGuiCol_TextDisabled, theme.muted_text);
  set(ImGuiCol_WindowBg, theme.panel);
  set(ImGuiCol_ChildBg, theme.panel.faded(0));
  set(ImGuiCol_PopupBg, theme.background);
  set(ImGuiCol_Border, border);
  set(ImGuiCol_FrameBg, frame);
  set(ImGuiCol_FrameBgHovered, theme.dark ? Colour{48, 55, 66} : Colour{240, 244, 249});
  set(ImGuiCol_FrameBgActive, theme.dark ? Colour{54, 62, 75} : Colour{232, 239, 247});
  set(ImGuiCol_TitleBg, theme.panel);
  set(ImGuiCol_TitleBgActive, theme.panel);
  set(ImGuiCol_MenuBarBg, theme.panel);
  set(ImGuiCol_ScrollbarBg, theme.panel.faded(0));
  set(ImGuiCol_ScrollbarGrab, border);
  set(ImGuiCol_ScrollbarGrabHovered, theme.axis.faded(0.7));
  set(ImGuiCol_ScrollbarGrabActive, theme.axis);
  set(ImGuiCol_CheckMark, theme.accent);
  set(ImGuiCol_SliderGrab, theme.accent.faded(0.85));
  set(ImGuiCol_SliderGrabActive, theme.accent);
  set(ImGuiCol_Button, frame);
  set(ImGuiCol_ButtonHovered, theme.accent.faded(0.14));
  set(ImGuiCol_ButtonActive, theme.accent.faded(0.26));
  set(ImGuiCol_Header, theme.accent.faded(0.12));
  set(ImGuiCol_HeaderHovered, theme.accent.faded(0.18));
  set(ImGuiCol_HeaderActive, theme.accent.faded(0.28));
  set(ImGuiCol_Separator, border);
  set(ImGuiCol_SeparatorHovered, theme.accent);
  set(ImGuiCol_SeparatorActive, theme.accent);
  set(ImGuiCol_Tab, theme.panel);
  set(ImGuiCol_TabHovered, theme.accent.faded(0.18));
  set(ImGuiCol_TabActive, theme.accent.faded(0.2));
  set(ImGuiCol_TabUnfocused, theme.panel);
  set(ImGuiCol_TabUnfocusedActive, theme.accent.faded(0.2));
  set(ImGuiCol_PlotHistogram, theme.accent);
  set(ImGuiCol_TextSelectedBg, theme.accent.faded(0.3));
  set(ImGuiCol_NavHighlight, theme.accent);
  set(ImGuiCol_ModalWindowDimBg, Colour{0, 0, 0, 110});
  ImGui::GetStyle() = style;
}

}  // namespace lab
