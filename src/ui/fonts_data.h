// Where are the font files that the build embeds? (src/ui/sources.cmake)
#pragma once

#include <span>

namespace lab::fonts_data {

extern const std::span<const unsigned char> sans_regular;
extern const std::span<const unsigned char> sans_semibold;
extern const std::span<const unsigned char> signs;

}  // namespace lab::fonts_data
