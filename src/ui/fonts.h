// Which fonts does the workbench write with? One family in two weights and four sizes, embedded in
// the program (src/ui/fonts), with Greek and the mathematical signs.
#pragma once

struct ImFont;

namespace lab {

// Sizes are those of the em square, in units of the layout, about; a line is 1.21 times as high,
// which makes it 18, 15, 18 and 24 units, so that lines begin at whole units.
enum class FontRole {
  regular,   // 15: the font to begin with
  small,     // 12.5: help, ticks of axes
  semibold,  // 15: headings
  title,     // 20, semibold: the title of an experiment
};

inline constexpr float kFontLineHeight = 1.21f;  // of the em square

// The height of a line, in units of the layout.
float line_height(FontRole role);

// Of the current ImGui context, valid until the next `add_fonts` (workbench.h), which must have
// been called. ImFont::FontSize is `line_height`, whatever the density of the screen.
ImFont* font(FontRole role);

}  // namespace lab
