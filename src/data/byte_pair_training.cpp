#include "data/byte_pair_training.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <utility>

#include "core/error.h"
#include "data/byte_pair_files.h"
#include "data/pretokens.h"
#include "data/text.h"

namespace lab {
namespace {

using Pair = std::pair<int, int>;

// A piece of the texts and how often it occurs.
struct Word {
  std::vector<int> tokens;
  std::uint64_t occurrences;
};

// The different pieces of all texts, in the order of their bytes.
std::vector<Word> count_words(std::span<const std::string_view> texts,
                              const std::array<int, 256>& byte_tokens) {
  std::map<std::string_view, std::uint64_t> counts;
  for (std::string_view text : texts) {
    while (!text.empty()) {
      const std::size_t length = pretoken_length(text);
      ++counts[text.substr(0, length)];
      text.remove_prefix(length);
    }
  }
  std::vector<Word> words;
  for (const auto& [bytes, occurrences] : counts) {
    Word word{{}, occurrences};
    for (const char c : bytes) word.tokens.push_back(byte_tokens[static_cast<unsigned char>(c)]);
    if (word.tokens.size() > 1) words.push_back(std::move(word));
  }
  return words;
}

// How often each pair occurs, and in which words.
class PairCounts {
 public:
  // Adds (or takes away) all pairs of a word.
  void add(const Word& word, std::size_t index) {
    for (std::size_t i = 0; i + 1 < word.tokens.size(); ++i)
      change({word.tokens[i], word.tokens[i + 1]}, index, word.occurrences, true);
  }
  void remove(const Word& word, std::size_t index) {
    for (std::size_t i = 0; i + 1 < word.tokens.size(); ++i)
      change({word.tokens[i], word.tokens[i + 1]}, index, word.occurrences, false);
  }

  bool empty() const { return by_count_.empty(); }
  // The most frequent pair, the smallest of equals; there is one.
  Pair best() const { return by_count_.begin()->second; }
  std::uint64_t best_count() const { return ~by_count_.begin()->first; }
  // The words in which it may occur: all in which it does, each once.
  std::set<std::size_t> words_of(Pair pair) const { return pairs_.at(pair).words; }

 private:
  struct Entry {
    std::uint64_t count = 0;
    std::set<std::size_t> words;
  };

  void change(Pair pair, std::size_t word, std::uint64_t occurrences, bool more) {
    const auto at = pairs_.try_emplace(pair).first;
    Entry& entry = at->second;
    by_count_.erase({~entry.count, pair});
    entry.count = more ? entry.count + occurrences : entry.count - occurrences;
    if (entry.count == 0) {
      pairs_.erase(at);
      return;
    }
    if (more) entry.words.insert(word);
    by_count_.insert({~entry.count, pair});
  }

  std::map<Pair, Entry> pairs_;
  std::set<std::pair<std::uint64_t, Pair>> by_count_;  // by the complement: frequent ones first
};

// The pair as one token wherever it stands, from left to right.
void merge(Word& word, const BytePairEncoding::Merge& merge) {
  std::vector<int>& tokens = word.tokens;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < tokens.size(); ++kept) {
    const bool here =
        i + 1 < tokens.size() && tokens[i] == merge.left && tokens[i + 1] == merge.right;
    tokens[kept] = here ? merge.product : tokens[i];
    i += here ? 2 : 1;
  }
  tokens.resize(kept);
}

}  // namespace

BytePairEncoding train_byte_pairs(std::span<const std::string_view> texts,
                                  const BytePairTraining& options) {
  assert(options.occurrences >= 1);
  if (options.tokens < 256 + options.specials.size())
    throw Error("a vocabulary of " + counted(options.tokens, "token"), "field tokens",
                "at least " + std::to_string(256 + options.specials.size()));
  std::vector<std::string> tokens;
  std::map<std::string, int> by_bytes;
  const auto add = [&](const std::string& bytes) {
    const auto [at, fresh] = by_bytes.try_emplace(bytes, static_cast<int>(tokens.size()));
    if (fresh) tokens.push_back(bytes);
    return at->second;
  };
  std::array<int, 256> byte_tokens{};
  for (const unsigned char byte : byte_alphabet())
    byte_tokens[byte] = add(std::string(1, static_cast<char>(byte)));

  std::vector<Word> words = count_words(texts, byte_tokens);
  PairCounts counts;
  for (std::size_t i = 0; i < words.size(); ++i) counts.add(words[i], i);
  std::vector<BytePairEncoding::Merge> merges;
  const std::size_t wanted = options.tokens - options.specials.size();
  while (tokens.size() < wanted && !counts.empty() && counts.best_count() >= options.occurrences) {
    const auto [left, right] = counts.best();
    const int product =
        add(tokens[static_cast<std::size_t>(left)] + tokens[static_cast<std::size_t>(right)]);
    merges.push_back({left, right, product});
    for (const std::size_t i : counts.words_of({left, right})) {
      counts.remove(words[i], i);
      merge(words[i], merges.back());
      counts.add(words[i], i);
    }
  }
  for (const std::string& special : options.specials) {
    if (special.empty() || by_bytes.contains(special))
      throw Error("the special token " + quoted(special), "field specials",
                  "a name that no other token has");
    add(special);
  }
  return BytePairEncoding(std::move(tokens), std::move(merges));
}

}  // namespace lab
