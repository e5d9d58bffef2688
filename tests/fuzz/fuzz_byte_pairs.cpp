// The reader of vocab.json and merges.txt, and encoding with what it accepts. An input is a first
// byte 'v' and a vocabulary, or any other first byte, merges over the vocabulary of a small
// encoding, a NUL and a text.
#include <algorithm>
#include <string>
#include <vector>

#include "data/byte_pair_files.h"
#include "data/byte_pair_training.h"
#include "fuzz.h"

namespace {

using namespace lab;
using namespace lab::fuzz;

const std::string& vocabulary() {
  static const std::string kText = [] {
    const std::string_view texts[] = {"abcabcabab aa aaa aaaa bcbc ab abc abcabc"};
    return vocabulary_text(train_byte_pairs(texts, {.tokens = 300}));
  }();
  return kText;
}

void check(const BytePairEncoding& encoding, std::string_view text) {
  const std::vector<int> tokens = encoding.encode(text);
  require(encoding.decode(tokens) == text && tokens.size() <= text.size());
  require(read_byte_pairs({"vocab.json", vocabulary_text(encoding)},
                          {"merges.txt", merges_text(encoding)}) == encoding);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input = text_of(data, size).substr(1);
  expect_result_or_error([&] {
    if (*data == 'v') {
      check(read_byte_pairs({"vocab.json", input}, {"merges.txt", ""}, kLimits), "text");
      return;
    }
    const std::size_t end = std::min(input.find('\0'), input.size());
    const BytePairEncoding encoding = read_byte_pairs(
        {"vocab.json", vocabulary()}, {"merges.txt", input.substr(0, end)}, kLimits);
    check(encoding, input.substr(end));
  });
  return 0;
}
