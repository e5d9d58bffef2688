// Adds the embedded fonts to ImGui's atlas. The atlas is rasterised for the density of the screen,
// but all its measures are in units of the layout, so that nothing else needs to know the density.
#include "ui/fonts.h"

#include <imgui.h>

#include <span>

#include "ui/fonts_data.h"
#include "ui/workbench.h"

namespace lab {
namespace {

// The blocks in which the fonts have characters; ImGui leaves out what a font does not have.
constexpr ImWchar kRanges[] = {
    0x0020, 0x017f,  // Latin
    0x0370, 0x03ff,  // Greek
    0x1d60, 0x1d6f,  // subscript letters
    0x2010, 0x22ff,  // punctuation, sub- and superscripts, letters, arrows, operators
    0x2300, 0x27ff,  // technical and geometrical signs, ticks and crosses
    0x2c7c, 0x2c7c,  // subscript j
    0};

void add(std::span<const unsigned char> file, float size, float density, bool merge) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.MergeMode = merge;
  config.RasterizerDensity = density;
  // Between two pixels a letter looks the same as on one; dense screens do without.
  config.OversampleH = density < 1.5f ? 3 : 2;
  config.OversampleV = 1;
  config.GlyphRanges = kRanges;
  // ImGui writes to the data only where it owns it.
  ImGui::GetIO().Fonts->AddFontFromMemoryTTF(const_cast<unsigned char*>(file.data()),
                                             static_cast<int>(file.size()), size, &config);
}

}  // namespace

float line_height(FontRole role) {
  switch (role) {
    case FontRole::small:
      return 15;
    case FontRole::title:
      return 24;
    case FontRole::regular:
    case FontRole::semibold:
      break;
  }
  return 18;
}

ImFont* font(FontRole role) {
  return ImGui::GetIO().Fonts->Fonts[static_cast<int>(role)];
}

void add_fonts(float pixels_per_unit) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  for (const FontRole role :
       {FontRole::regular, FontRole::small, FontRole::semibold, FontRole::title}) {
    const bool strong = role == FontRole::semibold || role == FontRole::title;
    const float line = line_height(role);
    // The semibold one has what headings need; of the rest the regular one has all.
    if (strong) add(fonts_data::sans_semibold, line, pixels_per_unit, false);
    add(fonts_data::sans_regular, line, pixels_per_unit, strong);
    add(fonts_data::signs, line, pixels_per_unit, true);
  }
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
}

}  // namespace lab
