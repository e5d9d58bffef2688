#include "experiment/language/text_tokens.h"

#include "data/byte_pair_files.h"
#include "data/characters.h"

namespace lab {
namespace {

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "‹";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte / 16];
    text += kDigits[byte % 16];
  }
  return text + "›";
}

}  // namespace

std::size_t TextTokens::size() const {
  return std::visit([](const auto& tokens) { return tokens.size(); }, kind_);
}

std::string_view TextTokens::bytes_of(int token) const {
  return std::visit([&](const auto& tokens) { return tokens.bytes_of(token); }, kind_);
}

std::optional<int> TextTokens::end_of_text() const {
  const auto* const pairs = std::get_if<BytePairEncoding>(&kind_);
  return pairs ? pairs->find(kEndOfText) : std::nullopt;
}

std::vector<int> TextTokens::encode(std::string_view text, std::size_t& unknown) const {
  unknown = 0;
  if (const auto* const pairs = std::get_if<BytePairEncoding>(&kind_)) return pairs->encode(text);
  const auto& characters = std::get<CharacterTokens>(kind_);
  std::vector<int> tokens;
  while (!text.empty()) {
    const std::size_t length = first_character(text).length;
    if (const std::optional<int> token = characters.find(text.substr(0, length))) {
      tokens.push_back(*token);
    } else {
      ++unknown;
    }
    text.remove_prefix(length);
  }
  return tokens;
}

std::string TextTokens::spelled(int token) const {
  if (token < 0 || static_cast<std::size_t>(token) >= size())
    return "‹" + std::to_string(token) + "›";
  std::string text;
  std::string_view bytes = bytes_of(token);
  while (!bytes.empty()) {
    const Character c = first_character(bytes);
    const std::string_view piece = bytes.substr(0, c.length);
    const bool control = (c.code < 0x20 && c.code != '\n') || (c.code >= 0x7F && c.code < 0xA0);
    text += c.well_formed && !control ? std::string(piece) : hexadecimal(piece);
    bytes.remove_prefix(c.length);
  }
  return text;
}

std::string TextTokens::shown(int token) const {
  std::string text;
  for (const char c : spelled(token)) {
    if (c == ' ') {
      text += "·";
    } else if (c == '\n') {
      text += "¶";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace lab
