// How does a text become tokens that are its characters? The vocabulary is what a text is made of;
// tokens are in the order of code points.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class CharacterTokens {
 public:
  // A token for each character (characters.h: any bytes are a text) of the texts.
  explicit CharacterTokens(std::span<const std::string_view> texts);

  bool operator==(const CharacterTokens&) const = default;

  std::size_t size() const { return characters_.size(); }
  // The bytes of a token, 0 to size() - 1.
  std::string_view bytes_of(int token) const;
  // The token of one character; nothing when there is none.
  std::optional<int> find(std::string_view character) const;

  // Error, at the place in `source`: a character that has no token.
  std::vector<int> encode(std::string_view text, std::string_view source = "text") const;

  std::string decode(std::span<const int> tokens) const;

 private:
  std::vector<std::string>
      characters_;  // ascending in their bytes, which is the order of code points
};

}  // namespace lab
