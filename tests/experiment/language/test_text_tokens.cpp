#include <doctest/doctest.h>

#include <string>

#include "data/byte_pair_training.h"
#include "experiment/language/language_texts.h"
#include "experiment/language/text_tokens.h"

using namespace lab;

TEST_CASE("text tokens: characters without a token are counted and left out") {
  const std::string_view text = "ab c\n";
  const TextTokens tokens{CharacterTokens(std::span(&text, 1))};
  std::size_t unknown = 0;
  CHECK(tokens.encode("b?a é", unknown).size() == 3);
  CHECK(unknown == 2);
  CHECK_FALSE(tokens.end_of_text());
}

TEST_CASE("text tokens: what a screen can show of them") {
  const std::string_view text = "the the the the";
  const TextTokens tokens{
      train_byte_pairs(std::span(&text, 1), {.tokens = 261, .specials = {"<|endoftext|>"}})};
  std::size_t unknown = 0;
  const std::vector<int> all = tokens.encode(" the\n\xC3", unknown);
  CHECK(unknown == 0);
  std::string spelled, shown;
  for (const int token : all) {
    spelled += tokens.spelled(token);
    shown += tokens.shown(token);
  }
  CHECK(spelled == " the\n‹C3›");
  CHECK(shown == "·the¶‹C3›");
  REQUIRE(tokens.end_of_text());
  CHECK(tokens.bytes_of(*tokens.end_of_text()) == "<|endoftext|>");
  CHECK(tokens.spelled(5000) == "‹5000›");
}

TEST_CASE("language texts: stories in which things come back, and sums that are right") {
  const std::string stories = little_stories();
  CHECK(stories == little_stories());
  CHECK(std::count(stories.begin(), stories.end(), '\n') == 600);
  // The first one names its thing at least twice more.
  const std::string first = stories.substr(0, stories.find('\n'));
  const std::size_t at = first.find("found ") + 6;
  const std::string thing = first.substr(at, first.find(" in the ") - at);
  std::size_t times = 0;
  for (std::size_t i = first.find(thing); i != std::string::npos; i = first.find(thing, i + 1))
    ++times;
  CHECK(times >= 3);

  const std::string sums = little_sums();
  std::size_t begin = 0, lines = 0;
  while (begin < sums.size()) {
    const std::size_t end = sums.find('\n', begin);
    const std::string line = sums.substr(begin, end - begin);
    const std::size_t plus = line.find('+'), equals = line.find('=');
    CHECK(std::stoi(line.substr(0, plus)) + std::stoi(line.substr(plus + 1)) ==
          std::stoi(line.substr(equals + 1)));
    begin = end + 1;
    ++lines;
  }
  CHECK(lines == 4000);
}
