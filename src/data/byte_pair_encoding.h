// How does a text become tokens that can spell any bytes? By byte-level byte pair encoding:
// Sennrich, Haddow and Birch 2016, on bytes as Radford et al. 2019, section 2.2, have it.
//
// Every byte is a token. A text is cut into pieces (pretokens.h); within a piece, of all pairs of
// neighbours the one with the earliest merge becomes one token, wherever it stands, from left to
// right; and so on until no pair has a merge. Whatever the bytes, decoding what was encoded gives
// them back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class BytePairEncoding {
 public:
  struct Merge {
    int left, right, product;

    bool operator==(const Merge&) const = default;
  };

  // tokens: the bytes of token 0, 1, 2 ..., no two alike, all single bytes among them. merges: the
  // earliest first, no pair twice; a product spells what its parts spell. A token that is neither a
  // byte nor a product is special: text never encodes to it. All asserted; byte_pair_files.h reads
  // and checks them, byte_pair_training.h makes them.
  BytePairEncoding(std::vector<std::string> tokens, std::vector<Merge> merges);

  bool operator==(const BytePairEncoding&) const = default;

  std::size_t size() const { return tokens_.size(); }
  // The bytes that a token, 0 to size() - 1, spells; seldom a text by themselves.
  std::string_view bytes_of(int token) const;
  // The token of these bytes, special ones included; nothing when there is none.
  std::optional<int> find(std::string_view bytes) const;
  std::span<const Merge> merges() const { return merges_; }

  // The tokens of a text of any bytes. n log n in the longest piece.
  std::vector<int> encode(std::string_view text) const;

  // The bytes of tokens 0 to size() - 1, one after the other. Special ones spell their name.
  std::string decode(std::span<const int> tokens) const;

 private:
  struct Partner {
    int right;
    std::uint32_t rank;  // in merges_

    bool operator==(const Partner&) const = default;
  };
  struct Workspace;

  std::uint32_t rank_of(int left, int right) const;
  void encode_piece(std::string_view piece, Workspace& workspace, std::vector<int>& tokens) const;

  std::vector<std::string> tokens_;
  std::vector<int> by_bytes_;  // all tokens in the order of their bytes
  std::array<int, 256> byte_tokens_{};
  std::vector<Merge> merges_;
  // Partners of a left token, by their right one: partners_[begin_[left]] to below begin_[left +
  // 1].
  std::vector<std::size_t> begin_;
  std::vector<Partner> partners_;
};

}  // namespace lab
