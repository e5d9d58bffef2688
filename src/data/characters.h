// What are the characters of a text, and which are letters, numbers and white space?
//
// A character is a Unicode code point in UTF-8. Any bytes are a text here: a byte that begins no
// well-formed sequence is a character by itself, of class `other`.
#pragma once

#include <cstddef>
#include <string_view>

namespace lab {

enum class CharacterClass {
  other,
  letter,  // general category L*, \p{L}
  number,  // general category N*, \p{N}
  space,   // property White_Space, \s
};

// Of a code point, by the version of Unicode that character_classes.inc names; of what is beyond
// U+10FFFF or unassigned there: other.
CharacterClass class_of(char32_t code);

struct Character {
  char32_t code = 0;       // of a byte that is not text: the byte
  std::size_t length = 0;  // bytes, 1 to 4
  bool well_formed = false;

  CharacterClass character_class() const {
    return well_formed ? class_of(code) : CharacterClass::other;
  }
};

// The first character of `text`, which is not empty.
Character first_character(std::string_view text);

}  // namespace lab
