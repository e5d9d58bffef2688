// Into which pieces does GPT-2 cut a text before byte pairs are merged within each of them?
//
// Those of the pattern of Radford et al. 2019 (their published code, encoder.py):
//     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// a contraction's end; letters, numbers or other characters with one space (U+0020) before them; or
// white space, of which the last character goes with what follows or is a piece by itself. Classes
// are those of characters.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace lab {

// The bytes of the first piece of `text`, which is not empty: at least 1. The pieces of a text are
// this one and those of the rest.
std::size_t pretoken_length(std::string_view text);

}  // namespace lab
