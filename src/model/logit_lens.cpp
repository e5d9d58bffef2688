#include "model/logit_lens.h"

#include <cassert>
#include <vector>

#include "model/transformer_parts.h"

namespace lab {

void logit_lens(const Kernels& kernels, const Transformer& model, MatrixView<float> streams,
                std::span<float> logits) {
  const TransformerShape& shape = model.shape;
  assert(streams.cols == shape.width && logits.size() == streams.rows * shape.vocabulary);
  const TransformerParts parts(shape, std::span<const float>(model.parameters));
  std::vector<float> normal(streams.rows * shape.width);
  for (std::size_t r = 0; r < streams.rows; ++r)
    normalize_row(kernels, streams.row(r), parts.gain, parts.bias, shape.epsilon,
                  std::span(normal).subspan(r * shape.width, shape.width));
  kernels.gemm_nt(MatrixView<float>{normal.data(), streams.rows, shape.width},
                  {parts.token_embedding.data(), shape.vocabulary, shape.width}, logits);
}

void head_contribution(const Kernels& kernels, const Transformer& model,
                       const TransformerWorkspace& workspace, std::size_t layer, std::size_t head,
                       std::span<float> added) {
  const TransformerShape& shape = model.shape;
  const MatrixView<float> heads = workspace.head_outputs(layer);
  assert(head < shape.heads && added.size() == heads.rows * shape.width);
  const std::size_t width = shape.head_width();
  const TransformerParts parts(shape, std::span<const float>(model.parameters));
  const std::span<const float> rows = parts.layer(layer).projection_weights.subspan(
      head * width * shape.width, width * shape.width);
  for (std::size_t r = 0; r < heads.rows; ++r)
    kernels.gemv_t(MatrixView<float>{rows.data(), width, shape.width},
                   heads.row(r).subspan(head * width, width),
                   added.subspan(r * shape.width, shape.width));
}

}  // namespace lab
