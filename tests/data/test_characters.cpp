#include <doctest/doctest.h>

#include <array>
#include <string>

#include "data/characters.h"

using lab::Character;
using lab::CharacterClass;
using lab::class_of;
using lab::first_character;

TEST_CASE("characters: classes") {
  for (const char32_t c : {U'A', U'z', U'\u00aa', U'\u01c5', U'\u02b0', U'\u4e00', U'\U00020000',
                           U'\u0e01', U'\ud55c'})
    CHECK(class_of(c) == CharacterClass::letter);
  for (const char32_t c : {U'0', U'9', U'\u00b2', U'\u00bd', U'\u0663', U'\u2167', U'\U0001d7ce'})
    CHECK(class_of(c) == CharacterClass::number);
  for (const char32_t c :
       {U'\t', U'\n', U'\v', U'\f', U'\r', U' ', U'\u0085', U'\u00a0', U'\u1680', U'\u2000',
        U'\u200a', U'\u2028', U'\u2029', U'\u202f', U'\u205f', U'\u3000'})
    CHECK(class_of(c) == CharacterClass::space);
  // A combining accent is no letter; the separators of ASCII and zero-width marks are no space.
  for (const char32_t c : {U'\0', U'_', U'\x1c', U'\x1f', U'\x7f', U'\u0301', U'\u200b', U'\ufeff',
                           U'\U0001f600', U'\ue000', U'\U0010ffff'})
    CHECK(class_of(c) == CharacterClass::other);
  CHECK(class_of(0x110000) == CharacterClass::other);
  CHECK(class_of(0xffffffff) == CharacterClass::other);

  // Unicode 14.0.0, table 4-4 of the counts by general category, and the property list.
  std::array<int, 4> counts{};
  for (char32_t c = 0; c <= 0x10FFFF; ++c) ++counts[static_cast<std::size_t>(class_of(c))];
  CHECK(counts[1] == 131756);
  CHECK(counts[2] == 1791);
  CHECK(counts[3] == 25);
}

TEST_CASE("characters: well-formed sequences, and bytes that begin none") {
  const auto check = [](const std::string& text, char32_t code, std::size_t length, bool well) {
    const Character c = first_character(text);
    CHECK(c.code == code);
    CHECK(c.length == length);
    CHECK(c.well_formed == well);
  };
  check("ab", U'a', 1, true);
  check(std::string(1, '\0'), 0, 1, true);
  check("\xc3\xa9x", U'\u00e9', 2, true);
  check("\xe4\xbd\xa0", U'\u4f60', 3, true);
  check("\xf4\x8f\xbf\xbf", 0x10FFFF, 4, true);
  // Cut off, a continuation alone, overlong, a surrogate, beyond the last.
  check("\xe4\xbd", 0xe4, 1, false);
  check("\xa9", 0xa9, 1, false);
  check("\xc0\xaf", 0xc0, 1, false);
  check("\xed\xa0\x80", 0xed, 1, false);
  check("\xf4\x90\x80\x80", 0xf4, 1, false);
  CHECK(first_character("\xaa").character_class() == CharacterClass::other);
}
