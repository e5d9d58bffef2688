// How wide is a text in the project's font? What draws without a font at hand (SVG) asks here.
#pragma once

#include <string_view>

namespace lab {

// The project's font first, then what every system has and is about as wide.
inline constexpr std::string_view kFontFamily =
    "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif";

// Pixels, for text of that size of an em; UTF-8. A character that the font lacks counts as a wide
// one.
double font_width(std::string_view text, double size, bool bold);

// The first character that the font lacks, as text; empty: it has them all.
std::string_view first_unknown(std::string_view text);

}  // namespace lab
