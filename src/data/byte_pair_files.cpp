#include "data/byte_pair_files.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "data/characters.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr char32_t kFirstSubstitute = 0x100;

bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
}

// The byte that a character of a spelling stands for.
std::optional<char> byte_of(const Character& character) {
  if (!character.well_formed) return std::nullopt;
  if (character.code < kFirstSubstitute)
    return stands_for_itself(character.code) ? std::optional(static_cast<char>(character.code))
                                             : std::nullopt;
  char32_t substitute = kFirstSubstitute;
  for (unsigned byte = 0; byte < 256; ++byte)
    if (!stands_for_itself(byte) && substitute++ == character.code) return static_cast<char>(byte);
  return std::nullopt;
}

// The bytes of a spelling; nothing when a character of it stands for none.
std::optional<std::string> bytes_of(std::string_view spelling) {
  std::string bytes;
  while (!spelling.empty()) {
    const Character character = first_character(spelling);
    const std::optional<char> byte = byte_of(character);
    if (!byte) return std::nullopt;
    bytes += *byte;
    spelling.remove_prefix(character.length);
  }
  return bytes;
}

std::string spelling_of(std::string_view bytes) {
  std::string spelling;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    char32_t code = byte;
    if (!stands_for_itself(byte)) {
      code = kFirstSubstitute;
      for (unsigned b = 0; b < byte; ++b) code += stands_for_itself(b) ? 0 : 1;
    }
    if (code < 0x80) {
      spelling += static_cast<char>(code);
    } else {  // below U+0800: two bytes of UTF-8
      spelling += static_cast<char>(0xC0 | code >> 6);
      spelling += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return spelling;
}

std::vector<std::string> read_tokens(const NamedText& file, const Limits& limits) {
  const std::string where(file.name);
  const Json vocabulary = parse_json(file.text, file.name, {.bytes = limits.max_bytes, .depth = 1});
  if (!vocabulary.is_object() || vocabulary.empty())
    throw Error("the vocabulary holds no tokens", where, "an object from spellings to numbers");
  if (vocabulary.size() > limits.max_cells)
    throw Error(counted(vocabulary.size(), "token"), where,
                "at most " + std::to_string(limits.max_cells));
  std::vector<const std::string*> spellings(vocabulary.size());
  for (auto entry = vocabulary.begin(); entry != vocabulary.end(); ++entry) {
    const Json& number = entry.value();
    const std::string expected =
        "each whole number from 0 to " + std::to_string(spellings.size() - 1) + " once";
    const std::int64_t i = number.is_number_integer() ? number.get<std::int64_t>() : -1;
    if (i < 0 || static_cast<std::size_t>(i) >= spellings.size())
      throw Error("the number of token " + quoted(entry.key()) + " is " + canonical(number), where,
                  expected);
    const std::string*& spelling = spellings[static_cast<std::size_t>(i)];
    if (spelling != nullptr)
      throw Error("the tokens " + quoted(*spelling) + " and " + quoted(entry.key()) +
                      " have the same number " + canonical(number),
                  where, expected);
    spelling = &entry.key();
  }
  std::vector<std::string> tokens;
  tokens.reserve(spellings.size());
  for (const std::string* spelling : spellings) {
    std::optional<std::string> bytes = bytes_of(*spelling);
    if (!bytes || bytes->empty())
      throw Error("the token " + quoted(*spelling) + " spells no bytes", where,
                  "characters of the byte alphabet, U+0021 to U+0143");
    tokens.push_back(std::move(*bytes));
  }
  return tokens;
}

std::vector<BytePairEncoding::Merge> read_merges(const NamedText& file,
                                                 const BytePairEncoding& bytes_only,
                                                 const Limits& limits) {
  std::vector<BytePairEncoding::Merge> merges;
  std::set<std::pair<int, int>> pairs;
  std::size_t number = 0;
  for (std::string_view rest = file.text; !rest.empty();) {
    ++number;
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1 && line.starts_with("#version")) continue;
    const auto fail = [&](const std::string& problem, std::size_t byte, std::string expected) {
      const std::size_t column = position_of(line, byte).column;
      throw Error(problem, place(file.name, {number, column}), std::move(expected));
    };
    const std::size_t space = line.find(' ');
    if (space == line.npos || line.find(' ', space + 1) != line.npos)
      fail("the line " + quoted(line) + " is no merge", 0,
           "two tokens with one space between them");
    const auto token_at = [&](std::size_t begin, std::size_t length) {
      const std::string_view spelling = line.substr(begin, length);
      const std::optional<std::string> bytes = bytes_of(spelling);
      const std::optional<int> token = bytes ? bytes_only.find(*bytes) : std::nullopt;
      if (!token) fail(quoted(spelling) + " is not in the vocabulary", begin, "one of its tokens");
      return *token;
    };
    const int left = token_at(0, space);
    const int right = token_at(space + 1, line.npos);
    const std::optional<int> product = bytes_only.find(std::string(bytes_only.bytes_of(left)) +
                                                       std::string(bytes_only.bytes_of(right)));
    if (!product)
      fail("the merge " + quoted(line) + " makes a token that is not in the vocabulary", 0,
           "one of its tokens");
    if (!pairs.insert({left, right}).second)
      fail("the merge " + quoted(line) + " is there twice", 0, "each merge once");
    if (merges.size() == limits.max_cells)
      fail("too many merges", 0, "at most " + std::to_string(limits.max_cells));
    merges.push_back({left, right, *product});
  }
  return merges;
}

}  // namespace

const std::array<unsigned char, 256>& byte_alphabet() {
  static const std::array<unsigned char, 256> kAlphabet = [] {
    std::array<unsigned char, 256> bytes{};
    std::size_t size = 0;
    for (const bool itself : {true, false})
      for (unsigned byte = 0; byte < 256; ++byte)
        if (stands_for_itself(byte) == itself) bytes[size++] = static_cast<unsigned char>(byte);
    return bytes;
  }();
  return kAlphabet;
}

BytePairEncoding read_byte_pairs(const NamedText& vocabulary, const NamedText& merges,
                                 const Limits& limits) {
  if (merges.text.size() > limits.max_bytes)
    throw Error("the file has " + std::to_string(merges.text.size()) + " bytes",
                std::string(merges.name), "at most " + std::to_string(limits.max_bytes));
  std::vector<std::string> tokens = read_tokens(vocabulary, limits);
  std::array<bool, 256> there{};
  for (const std::string& token : tokens)
    if (token.size() == 1) there[static_cast<unsigned char>(token[0])] = true;
  for (const unsigned char byte : byte_alphabet())
    if (!there[byte])
      throw Error("no token for byte " + std::to_string(byte), std::string(vocabulary.name),
                  "the token " + quoted(spelling_of(std::string(1, static_cast<char>(byte)))));
  std::vector<BytePairEncoding::Merge> read =
      read_merges(merges, BytePairEncoding(tokens, {}), limits);
  return BytePairEncoding(std::move(tokens), std::move(read));
}

std::string vocabulary_text(const BytePairEncoding& encoding) {
  Json vocabulary = Json::object();
  for (std::size_t i = 0; i < encoding.size(); ++i)
    vocabulary[spelling_of(encoding.bytes_of(static_cast<int>(i)))] = i;
  return canonical(vocabulary);
}

std::string merges_text(const BytePairEncoding& encoding) {
  std::string text = "#version: 0.2\n";
  for (const BytePairEncoding::Merge& merge : encoding.merges())
    text += spelling_of(encoding.bytes_of(merge.left)) + " " +
            spelling_of(encoding.bytes_of(merge.right)) + "\n";
  return text;
}

}  // namespace lab
