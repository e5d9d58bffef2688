// How well does a transformer know a text that it has not learnt? Its mean surprisal over windows
// that overlap by half, so that every token but those of the first window's first half has at least
// half a context before it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "model/transformer.h"

namespace lab::language {

class HeldOutLoss {
 public:
  // tokens: at least 2, which must outlive it. All memory is taken here.
  HeldOutLoss(const TransformerShape& shape, std::span<const int> tokens);

  // Of all tokens but the first, in nats a token.
  double operator()(const Kernels& kernels, const Transformer& model);

 private:
  std::span<const int> tokens_;
  std::size_t length_;
  TransformerWorkspace workspace_;
  std::vector<float> losses_, gradient_;
};

}  // namespace lab::language
