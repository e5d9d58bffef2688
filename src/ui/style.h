// How do the workbench's controls look? Dear ImGui's style from the figures' theme.
#pragma once

#include <imgui.h>

#include "figure/theme.h"

namespace lab {

// Of the current ImGui context. touch: larger targets for fingers.
void apply_style(const Theme& theme, bool touch);

ImVec4 imgui_colour(Colour colour);
ImU32 packed_colour(Colour colour);

}  // namespace lab
