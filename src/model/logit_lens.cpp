#include "model/logit_lens.h"

#include <cassert>
#include <cmath>
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

double LogitAttribution::sum() const {
  double sum = constant + token + position;
  for (const std::vector<double>* parts : {&heads, &attention_biases, &neurons, &mlp_biases})
    for (const double part : *parts) sum += part;
  return sum;
}

LogitAttribution attribute_logit(const Transformer& model, const TransformerWorkspace& workspace,
                                 std::span<const int> tokens, std::size_t row, int token) {
  const TransformerShape& shape = model.shape;
  const std::size_t d = shape.width;
  const TransformerParts parts(shape, std::span<const float>(model.parameters));
  const auto row_of = [&](std::span<const float> matrix, std::size_t r) {
    return matrix.subspan(r * d, d);
  };
  const std::span<const float> stream = workspace.residual(shape.layers).row(row);
  const std::span<const float> head =
      row_of(parts.token_embedding, static_cast<std::size_t>(token));

  // The direction of the residual stream in which the logit grows.
  double mean = 0, variance = 0;
  for (const float x : stream) mean += static_cast<double>(x) / static_cast<double>(d);
  for (const float x : stream) {
    const double off = static_cast<double>(x) - mean;
    variance += off * off / static_cast<double>(d);
  }
  const double inverse = 1 / std::sqrt(variance + shape.epsilon);
  std::vector<double> direction(d);
  LogitAttribution result;
  double middle = 0;
  for (std::size_t j = 0; j < d; ++j) {
    direction[j] = inverse * static_cast<double>(parts.gain[j]) * static_cast<double>(head[j]);
    middle += direction[j] / static_cast<double>(d);
    result.constant += static_cast<double>(parts.bias[j]) * static_cast<double>(head[j]);
  }
  for (double& x : direction) x -= middle;
  const auto along = [&](std::span<const float> added) {
    double sum = 0;
    for (std::size_t j = 0; j < d; ++j) sum += static_cast<double>(added[j]) * direction[j];
    return sum;
  };

  result.token = along(row_of(parts.token_embedding, static_cast<std::size_t>(tokens[row])));
  result.position = along(row_of(parts.position_embedding, row));
  const std::size_t width = shape.head_width();
  for (std::size_t l = 0; l < shape.layers; ++l) {
    const TransformerLayerParts<const float> layer = parts.layer(l);
    const std::span<const float> outputs = workspace.head_outputs(l).row(row);
    for (std::size_t h = 0; h < shape.heads; ++h) {
      double sum = 0;
      for (std::size_t i = h * width; i < (h + 1) * width; ++i)
        sum += static_cast<double>(outputs[i]) * along(row_of(layer.projection_weights, i));
      result.heads.push_back(sum);
    }
    result.attention_biases.push_back(along(layer.projection_bias));
    const std::span<const float> hidden = workspace.hidden(l).row(row);
    for (std::size_t i = 0; i < shape.hidden(); ++i)
      result.neurons.push_back(static_cast<double>(hidden[i]) *
                               along(row_of(layer.output_weights, i)));
    result.mlp_biases.push_back(along(layer.output_bias));
  }
  return result;
}

}  // namespace lab
