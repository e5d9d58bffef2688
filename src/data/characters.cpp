#include "data/characters.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <iterator>

#include "data/text.h"

namespace lab {
namespace {

// Where a class begins, 4 times its first code point plus the class; it holds up to the next one.
constexpr std::uint32_t kStarts[] = {
#include "data/character_classes.inc"
};

static_assert(static_cast<int>(CharacterClass::other) == 0 &&
              static_cast<int>(CharacterClass::letter) == 1 &&
              static_cast<int>(CharacterClass::number) == 2 &&
              static_cast<int>(CharacterClass::space) == 3);

}  // namespace

CharacterClass class_of(char32_t code) {
  if (code > 0x10FFFF) return CharacterClass::other;
  const std::uint32_t highest = 4 * static_cast<std::uint32_t>(code) + 3;
  const auto next = std::upper_bound(std::begin(kStarts), std::end(kStarts), highest);
  return static_cast<CharacterClass>(*std::prev(next) & 3);
}

Character first_character(std::string_view text) {
  assert(!text.empty());
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::size_t length = utf8_length(text);
  if (length <= 1) return {byte(0), 1, length == 1};
  char32_t code = byte(0) & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3F);
  return {code, length, true};
}

}  // namespace lab
