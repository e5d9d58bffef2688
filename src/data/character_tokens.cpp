#include "data/character_tokens.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "core/error.h"
#include "data/characters.h"
#include "data/text.h"

namespace lab {

CharacterTokens::CharacterTokens(std::span<const std::string_view> texts) {
  std::set<std::string_view> characters;
  for (std::string_view text : texts) {
    while (!text.empty()) {
      const std::size_t length = first_character(text).length;
      characters.insert(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  characters_.assign(characters.begin(), characters.end());
}

std::string_view CharacterTokens::bytes_of(int token) const {
  assert(token >= 0 && static_cast<std::size_t>(token) < characters_.size());
  return characters_[static_cast<std::size_t>(token)];
}

std::optional<int> CharacterTokens::find(std::string_view character) const {
  const auto at = std::lower_bound(characters_.begin(), characters_.end(), character);
  if (at == characters_.end() || *at != character) return std::nullopt;
  return static_cast<int>(at - characters_.begin());
}

std::vector<int> CharacterTokens::encode(std::string_view text, std::string_view source) const {
  std::vector<int> tokens;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view character = text.substr(i, first_character(text.substr(i)).length);
    const std::optional<int> token = find(character);
    if (!token)
      throw Error("the character " + quoted(character) + " has no token", place(source, text, i),
                  "one of the " + counted(size(), "character") + " of the vocabulary");
    tokens.push_back(*token);
    i += character.size();
  }
  return tokens;
}

std::string CharacterTokens::decode(std::span<const int> tokens) const {
  std::string text;
  for (const int token : tokens) text += bytes_of(token);
  return text;
}

}  // namespace lab
