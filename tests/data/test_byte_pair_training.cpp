#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "data/byte_pair_files.h"
#include "data/byte_pair_training.h"
#include "data/helpers.h"
#include "reference/gpt2-tokenizer/vectors.h"

using lab::BytePairEncoding;
using lab::train_byte_pairs;

TEST_CASE("byte pair training: the merges of counting anew each time") {
  const BytePairEncoding trained =
      train_byte_pairs(reference::kTrainingTexts, {.tokens = reference::kTrainedTokens});
  CHECK(lab::merges_text(trained) == reference::kTrainedMerges);
  for (const std::string_view text : reference::kTrainingTexts)
    CHECK(trained.decode(trained.encode(text)) == text);
}

TEST_CASE("byte pair training: ends where no pair is frequent enough; specials are last") {
  const std::vector<std::string_view> texts = {"abc abc abd", "", "\xff\xff\xff"};
  // "ab" occurs 3 times; then " ab" and "abc" twice, of which the space is the smaller left token.
  const BytePairEncoding trained =
      train_byte_pairs(texts, {.tokens = 1000, .occurrences = 2, .specials = {"<end>", "<pad>"}});
  CHECK(lab::merges_text(trained) == "#version: 0.2\na b\n\303\277 \303\277\n\304\240 ab\n");
  CHECK(trained.size() == 261);
  CHECK(trained.find("<end>") == 259);
  CHECK(trained.find("<pad>") == 260);
  CHECK(train_byte_pairs(texts, {.tokens = 257, .specials = {"<end>"}}).merges().empty());
  CHECK(train_byte_pairs({}, {}).size() == 256);
}

TEST_CASE("byte pair training: what cannot be is refused") {
  const std::vector<std::string_view> texts = {"aa aa"};
  CHECK(error_of([&] { train_byte_pairs(texts, {.tokens = 256, .specials = {"x"}}); }) ==
        "field tokens: a vocabulary of 256 tokens; expected at least 257");
  for (const std::string name : {"", "a", "aa"})
    CHECK(error_of([&] { train_byte_pairs(texts, {.specials = {name}}); }) ==
          "field specials: the special token '" + name +
              "'; expected a name that no other token has");
}
