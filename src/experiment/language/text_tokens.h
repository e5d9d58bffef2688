// The tokens of a language model, whatever they are: byte pairs or characters.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "data/byte_pair_encoding.h"
#include "data/character_tokens.h"

namespace lab {

class TextTokens {
 public:
  TextTokens(CharacterTokens tokens) : kind_(std::move(tokens)) {}
  TextTokens(BytePairEncoding encoding) : kind_(std::move(encoding)) {}

  std::size_t size() const;
  // Of a token from 0 to size() - 1.
  std::string_view bytes_of(int token) const;
  // The token that stands between texts; nothing where there is none.
  std::optional<int> end_of_text() const;

  // Characters without a token are left out; `unknown` counts them.
  std::vector<int> encode(std::string_view text, std::size_t& unknown) const;

  // A token as a text of its own: bytes that are no text, and control characters but the line
  // break, as ‹E2›. token: any number; one without a token is its number.
  std::string spelled(int token) const;
  // The same on one line, its spaces seen: "·the", "¶".
  std::string shown(int token) const;

 private:
  std::variant<CharacterTokens, BytePairEncoding> kind_;
};

}  // namespace lab
