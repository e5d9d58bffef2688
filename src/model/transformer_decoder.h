// How does a transformer go on with a text, token by token, without computing what came before
// again? The keys and values of all positions are kept; one more token costs one row.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "model/transformer.h"

namespace lab {

// Reads the model and the kernels, which must outlive it and of which the parameters do not change
// meanwhile. With a strict table all logits have the bits of `forward` over the same tokens.
class TransformerDecoder {
 public:
  TransformerDecoder(const Kernels& kernels, const Transformer& model);

  // Tokens so far, at most the shape's context.
  std::size_t size() const { return size_; }
  std::size_t context() const { return model_.shape.context; }

  // One sequence goes on with these tokens (0 to vocabulary - 1), for which there must be room.
  void append(std::span<const int> tokens);

  // The logits of the token behind the last one: vocabulary numbers, valid until the next call of a
  // member that is not const. There is at least one token, and it was appended after the last
  // keep().
  std::span<const float> logits();

  // Forgets all tokens but the first `size`, at most size().
  void keep(std::size_t size);

 private:
  void append(int token);

  const Kernels& kernels_;
  const Transformer& model_;
  std::size_t size_ = 0;
  std::vector<float> head_;  // width x vocabulary: the embedding transposed, as gemv_t wants it
  struct Layer {
    std::vector<float> keys;    // head, block of positions, head_width, position in the block
    std::vector<float> values;  // head, context, head_width
  };
  std::vector<Layer> layers_;
  std::vector<float> stream_, normal_, branch_, wide_, scores_, heads_, sums_, hidden_, logits_;
};

}  // namespace lab
