#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "data/character_tokens.h"
#include "data/helpers.h"

using lab::CharacterTokens;

TEST_CASE("character tokens: the characters of the texts in order; any bytes come back") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const std::vector<std::string_view> texts = {
      "b\xc3\xa9"
      "a",
      "\xf0\x9f\x98\x80 b", "\xc3", all};
  const CharacterTokens plain(std::span<const std::string_view>(texts).first(2));
  REQUIRE(plain.size() == 5);
  CHECK(plain.encode("ab \xc3\xa9\xf0\x9f\x98\x80") == std::vector<int>{1, 2, 0, 3, 4});
  CHECK(plain.bytes_of(3) == "\xc3\xa9");
  CHECK(plain.find("b") == 2);
  CHECK(!plain.find("c"));
  const CharacterTokens more(texts);
  CHECK(more.size() == 258);
  for (const std::string_view text : texts) CHECK(more.decode(more.encode(text)) == text);
  CHECK(CharacterTokens({}).encode("").empty());
}

TEST_CASE("character tokens: a character without a token is refused where it stands") {
  const std::vector<std::string_view> texts = {"ab\n"};
  CHECK(error_of([&] { CharacterTokens(texts).encode("ab\nb\xc3\xa9", "poem.txt"); }) ==
        "poem.txt:2:2: the character '\xc3\xa9' has no token; expected one of the 3 characters of "
        "the "
        "vocabulary");
}
