#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/byte_pair_encoding.h"
#include "data/byte_pair_files.h"
#include "reference/gpt2-tokenizer/vectors.h"

using lab::byte_alphabet;
using lab::BytePairEncoding;

namespace {

// Bytes as tokens 0 to 255 by their value, and then the products of these merges.
BytePairEncoding encoding_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  for (const auto& [left, right] : pairs)
    if (std::find(tokens.begin(), tokens.end(), left + right) == tokens.end())
      tokens.push_back(left + right);
  const BytePairEncoding plain(tokens, {});
  std::vector<BytePairEncoding::Merge> merges;
  for (const auto& [left, right] : pairs)
    merges.push_back({*plain.find(left), *plain.find(right), *plain.find(left + right)});
  return {tokens, merges};
}

std::vector<std::string> parts(const BytePairEncoding& encoding, std::string_view text) {
  std::vector<std::string> spelled;
  for (const int token : encoding.encode(text)) spelled.emplace_back(encoding.bytes_of(token));
  return spelled;
}

using Parts = std::vector<std::string>;

}  // namespace

TEST_CASE("byte pairs: GPT-2's tokens, and the text again") {
  const BytePairEncoding gpt2 = lab::read_byte_pairs({"vocab.json", reference::kVocabulary},
                                                     {"merges.txt", reference::kMerges});
  for (const reference::Case& c : reference::kCases) {
    CAPTURE(c.text);
    const std::vector<int> tokens = gpt2.encode(c.text);
    std::vector<int> numbers;
    for (const int token : tokens)
      numbers.push_back(reference::kNumbers[static_cast<std::size_t>(token)]);
    CHECK(numbers == c.tokens);
    CHECK(gpt2.decode(tokens) == c.text);
  }
  // The special token is one, but no text.
  const std::optional<int> end = gpt2.find("<|endoftext|>");
  REQUIRE(end);
  CHECK(gpt2.encode("<|endoftext|>").size() == 7);
  CHECK(gpt2.decode(std::vector<int>{*end}) == "<|endoftext|>");
  CHECK(!gpt2.find("no such token"));
}

TEST_CASE("byte pairs: the earliest merge first, from left to right") {
  const BytePairEncoding e = encoding_of({{"b", "c"}, {"a", "b"}, {"a", "a"}, {"aa", "aa"}});
  CHECK(parts(e, "abc") == Parts{"a", "bc"});
  CHECK(parts(e, "abab") == Parts{"ab", "ab"});
  CHECK(parts(e, "aaa") == Parts{"aa", "a"});
  CHECK(parts(e, "aaaaaaa") == Parts{"aaaa", "aa", "a"});
  CHECK(parts(e, "ab abc") == Parts{"ab", " ", "a", "bc"});
}

TEST_CASE("byte pairs: what a round makes waits for the next, as in the published code") {
  // (ab, a) comes before the merge that makes ab: all of ab are made first.
  const BytePairEncoding e = encoding_of({{"ab", "a"}, {"a", "b"}});
  CHECK(parts(e, "abab") == Parts{"ab", "ab"});
  CHECK(parts(e, "aba") == Parts{"aba"});
  // abc in two ways.
  const BytePairEncoding two = encoding_of({{"b", "c"}, {"a", "bc"}, {"abc", "ab"}, {"a", "b"}});
  CHECK(parts(two, "abcab") == Parts{"abcab"});
}

TEST_CASE("byte pairs: a long piece takes no long time") {
  std::vector<std::pair<std::string, std::string>> doubling;
  for (std::string a = "a"; a.size() < 1024; a += a) doubling.push_back({a, a});
  const BytePairEncoding e = encoding_of(doubling);
  const std::string text(300'000, 'a');
  const std::vector<int> tokens = e.encode(text);
  CHECK(tokens.size() == 300'000 / 1024 + 5);  // 992 = 512 + 256 + 128 + 64 + 32
  CHECK(e.decode(tokens) == text);
}
