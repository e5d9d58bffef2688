#include "figure/font.h"

#include <algorithm>
#include <cstdint>

namespace lab {
namespace {

#include "figure/font_widths.inc"

constexpr double kUnknown = 1000;

// The next character; a byte that is not UTF-8 counts as one.
char32_t next_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  std::size_t length = first < 0x80    ? 1
                       : first >= 0xF0 ? 4
                       : first >= 0xE0 ? 3
                       : first >= 0xC0 ? 2
                                       : 1;
  length = std::min(length, text.size());
  char32_t character = length == 1 ? first : first & (0xFF >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) character = (character << 6) | (byte(i) & 0x3F);
  text.remove_prefix(length);
  return character;
}

// Null: the font lacks it.
const FontWidth* find(char32_t character) {
  const FontWidth* const found =
      std::ranges::lower_bound(kFontWidths, character, {}, &FontWidth::code_point);
  return found != std::end(kFontWidths) && found->code_point == character ? found : nullptr;
}

}  // namespace

std::string_view first_unknown(std::string_view text) {
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t character = next_character(text);
    if (character >= ' ' && find(character) == nullptr)
      return before.substr(0, before.size() - text.size());
  }
  return {};
}

double font_width(std::string_view text, double size, bool bold) {
  double width = 0;
  while (!text.empty()) {
    const char32_t character = next_character(text);
    const FontWidth* const found = find(character);
    width += found == nullptr ? kUnknown : bold ? found->semibold : found->regular;
  }
  return width * size / 1000;
}

}  // namespace lab
