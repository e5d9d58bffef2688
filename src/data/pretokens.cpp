#include "data/pretokens.h"

#include <cassert>

#include "data/characters.h"

namespace lab {
namespace {

constexpr std::string_view kContractions[] = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};

// The end of the characters of one class from `begin` on.
std::size_t run_end(std::string_view text, std::size_t begin, CharacterClass of) {
  while (begin < text.size()) {
    const Character c = first_character(text.substr(begin));
    if (c.character_class() != of) break;
    begin += c.length;
  }
  return begin;
}

// All white space but its last character, where something else follows and that is not all.
std::size_t space_length(std::string_view text) {
  std::size_t end = 0, last = 0;
  while (end < text.size()) {
    const Character c = first_character(text.substr(end));
    if (c.character_class() != CharacterClass::space) break;
    last = c.length;
    end += c.length;
  }
  return end < text.size() && end > last ? end - last : end;
}

}  // namespace

std::size_t pretoken_length(std::string_view text) {
  assert(!text.empty());
  for (const std::string_view ending : kContractions)
    if (text.substr(0, ending.size()) == ending) return ending.size();
  const std::size_t begin = text[0] == ' ' && text.size() > 1 ? 1 : 0;
  const CharacterClass of = first_character(text.substr(begin)).character_class();
  return of == CharacterClass::space ? space_length(text) : run_end(text, begin, of);
}

}  // namespace lab
