// How are byte pairs kept in files? As GPT-2's are: vocab.json, an object from a token's spelling
// to its number, and merges.txt, a line "left right" for each merge, the earliest first.
//
// A spelling has one character for each byte (Radford et al. 2019, encoder.py): the visible
// characters of Latin-1 stand for their own byte, and the other 68 bytes, in order, are U+0100 to
// U+0143. So a space is U+0120, and tokens that are no text by themselves have a spelling too.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "data/byte_pair_encoding.h"
#include "data/limits.h"

namespace lab {

// GPT-2's token that stands before each text.
inline constexpr std::string_view kEndOfText = "<|endoftext|>";

// The bytes in the order of their spellings, which is that of GPT-2's tokens 0 to 255.
const std::array<unsigned char, 256>& byte_alphabet();

// A file's name, for messages, and its text.
struct NamedText {
  std::string_view name;
  std::string_view text;
};

// The encoding that the two files describe. A first line of merges that begins with "#version" is
// left out; lines may end in CR LF. Errors name the line and column, or the token: JSON that is
// none or holds anything but whole numbers; a spelling with another character or of no bytes;
// numbers that are not 0 to the count less one, each once; a byte without a token; a merge that is
// not two spellings and one space, that is there twice, or of which the tokens or the product are
// not in the vocabulary; texts over `limits.max_bytes`, tokens or merges over `limits.max_cells`.
BytePairEncoding read_byte_pairs(const NamedText& vocabulary, const NamedText& merges,
                                 const Limits& limits = {});

// The two files; reading them gives the same encoding again.
std::string vocabulary_text(const BytePairEncoding& encoding);
std::string merges_text(const BytePairEncoding& encoding);

}  // namespace lab
