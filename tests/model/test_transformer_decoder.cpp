#include <doctest/doctest.h>

#include <vector>

#include "allocations.h"
#include "compute/reference.h"
#include "model/transformer_decoder.h"

using namespace reference;
using lab::Kernels;
using lab::MatrixView;
using lab::Transformer;
using lab::TransformerDecoder;
using lab::TransformerShape;
using lab::TransformerWorkspace;

namespace {

Transformer random_transformer(const TransformerShape& shape) {
  Transformer model(shape);
  model.parameters = numbers<float>(model.parameters.size(), 3, 0.5);
  return model;
}

// Whether the decoder's logits are row t of all.
bool is_row(std::span<const float> logits, MatrixView<float> all, std::size_t t) {
  for (std::size_t v = 0; v < logits.size(); ++v)
    if (!same_bits(logits[v], all(t, v))) return false;
  return logits.size() == all.cols;
}

}  // namespace

TEST_CASE("transformer decoder: token by token the bits of the whole sequence") {
  for (const TransformerShape& shape :
       {TransformerShape{.vocabulary = 37, .context = 50, .width = 24, .heads = 3, .layers = 3},
        TransformerShape{.vocabulary = 2, .context = 3, .width = 1, .heads = 1, .layers = 1},
        TransformerShape{.vocabulary = 300, .context = 20, .width = 64, .heads = 4}}) {
    const Transformer model = random_transformer(shape);
    lab::Stream stream(1, "tokens");
    std::vector<int> tokens(shape.context);
    for (int& token : tokens) token = static_cast<int>(stream.below(shape.vocabulary));
    TransformerWorkspace workspace(shape, {.rows = shape.context, .length = shape.context});
    for_each_strict([&](const Kernels& k) {
      const MatrixView<float> all = forward(k, model, tokens, shape.context, workspace);
      TransformerDecoder decoder(k, model);
      for (std::size_t t = 0; t < tokens.size(); ++t) {
        decoder.append(std::span(tokens).subspan(t, 1));
        CHECK(decoder.size() == t + 1);
        CHECK(is_row(decoder.logits(), all, t));
      }
      // Back to the beginning, and on with the same tokens at once.
      const std::size_t half = shape.context / 2;
      decoder.keep(half);
      CHECK(decoder.size() == half);
      decoder.append(std::span(tokens).subspan(half));
      CHECK(is_row(decoder.logits(), all, tokens.size() - 1));
    });
  }
}

TEST_CASE("transformer decoder: a token does not allocate") {
  const TransformerShape shape{.vocabulary = 37, .context = 8, .width = 24, .heads = 3};
  const Transformer model = random_transformer(shape);
  TransformerDecoder decoder(lab::kernels(), model);
  const std::vector<int> tokens = {1, 2, 3, 4};
  decoder.append(tokens);
  decoder.logits();
  const std::size_t before = allocations_made();
  decoder.append(tokens);
  decoder.logits();
  CHECK(allocations_made() == before);
}
