// Which pairs of bytes are worth a token of their own? The most frequent ones of a corpus, one
// after the other: Sennrich, Haddow and Birch 2016, algorithm 1, on the bytes of pretokens.h's
// pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_pair_encoding.h"

namespace lab {

struct BytePairTraining {
  std::size_t tokens = 1024;      // wanted in all: the 256 bytes, products and special ones
  std::uint64_t occurrences = 2;  // that a pair must have for a merge; at least 1
  std::vector<std::string> specials = {};  // their names; the last tokens, in this order
};

// Learns merges from the texts, between which no pair reaches. Tokens 0 to 255 are the bytes in
// GPT-2's order (byte_pair_files.h), each merge makes the next one. Of pairs that occur equally
// often the one with the smaller left and then the smaller right token is merged first. Gives fewer
// tokens where no pair occurs often enough. Errors (field tokens or specials): fewer than 256 and
// the specials; a special that is empty, given twice or learnt as a product.
BytePairEncoding train_byte_pairs(std::span<const std::string_view> texts,
                                  const BytePairTraining& options);

}  // namespace lab
