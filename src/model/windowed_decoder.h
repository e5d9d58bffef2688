// How does a transformer go on with a text that is longer than its context? It sees a window of the
// last tokens, which moves on by half the context when it is full, so that most tokens cost one
// row.
#pragma once

#include <cstddef>
#include <span>

#include "model/transformer_decoder.h"

namespace lab {

class WindowedDecoder {
 public:
  // As of TransformerDecoder.
  WindowedDecoder(const Kernels& kernels, const Transformer& model) : decoder_(kernels, model) {}

  // The logits of the token behind `text`, which is that of the last call and more tokens (one at
  // least); valid until the next call. What the window is depends on how far the text had come at
  // each call: one token more at a time and all at once may differ.
  std::span<const float> read(std::span<const int> text);

  // Where the window begins in the text.
  std::size_t begin() const { return begin_; }

  // As if the text had come to here with the window at `begin`: the next read has the same bits.
  // text: without the token that comes next; begin: at most context tokens before its end.
  void restart(std::span<const int> text, std::size_t begin);

 private:
  TransformerDecoder decoder_;
  std::size_t begin_ = 0;
};

}  // namespace lab
