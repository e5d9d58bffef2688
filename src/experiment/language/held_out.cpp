#include "experiment/language/held_out.h"

#include <algorithm>
#include <cassert>

#include "model/losses.h"

namespace lab::language {

HeldOutLoss::HeldOutLoss(const TransformerShape& shape, std::span<const int> tokens)
    : tokens_(tokens),
      length_(std::min(shape.context, tokens.size() - 1)),
      workspace_(shape, {.rows = length_, .length = length_}),
      losses_(length_),
      gradient_(length_ * shape.vocabulary) {
  assert(tokens.size() >= 2);
}

double HeldOutLoss::operator()(const Kernels& kernels, const Transformer& model) {
  const std::size_t predicted = tokens_.size() - 1;
  double sum = 0;
  for (std::size_t known = 0; known < predicted;) {
    // Up to half a window of what is known already, and as much as fits behind it.
    const std::size_t begin = known == 0 ? 0 : known - std::min(known, length_ / 2);
    const std::size_t length = std::min(length_, predicted - begin);
    const MatrixView<float> logits =
        forward(kernels, model, tokens_.subspan(begin, length), length, workspace_);
    cross_entropy(kernels, logits, tokens_.subspan(begin + 1, length),
                  std::span(losses_).first(length),
                  std::span(gradient_).first(length * logits.cols));
    for (std::size_t i = known - begin; i < length; ++i) sum += static_cast<double>(losses_[i]);
    known = begin + length;
  }
  return sum / static_cast<double>(predicted);
}

}  // namespace lab::language
