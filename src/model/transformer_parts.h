// What the passes over whole sequences (transformer.cpp) and token by token
// (transformer_decoder.cpp) share, so that they have the same bits: where parameters lie, and what
// is done to single rows.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "compute/kernels.h"
#include "model/transformer.h"

namespace lab {

// The parameters of one layer, or their gradients.
template <class Float>
struct TransformerLayerParts {
  std::span<Float> gain_1, bias_1;                       // width
  std::span<Float> attention_weights, attention_bias;    // width x 3 width, 3 width
  std::span<Float> projection_weights, projection_bias;  // width x width, width
  std::span<Float> gain_2, bias_2;                       // width
  std::span<Float> hidden_weights, hidden_bias;          // width x hidden, hidden
  std::span<Float> output_weights, output_bias;          // hidden x width, width
};

// The parts of a flat vector, in its order.
template <class Float>
class TransformerParts {
 public:
  TransformerParts(const TransformerShape& shape, std::span<Float> flat) : shape_(shape) {
    Taker taker{flat};
    token_embedding = taker.take(shape.vocabulary * shape.width);
    position_embedding = taker.take(shape.context * shape.width);
    layers_ = taker.take(shape.layers * shape.layer_parameters());
    gain = taker.take(shape.width);
    bias = taker.take(shape.width);
  }

  TransformerLayerParts<Float> layer(std::size_t index) const {
    const std::size_t d = shape_.width, f = shape_.hidden();
    Taker taker{layers_.subspan(index * shape_.layer_parameters(), shape_.layer_parameters())};
    TransformerLayerParts<Float> parts;
    parts.gain_1 = taker.take(d);
    parts.bias_1 = taker.take(d);
    parts.attention_weights = taker.take(d * 3 * d);
    parts.attention_bias = taker.take(3 * d);
    parts.projection_weights = taker.take(d * d);
    parts.projection_bias = taker.take(d);
    parts.gain_2 = taker.take(d);
    parts.bias_2 = taker.take(d);
    parts.hidden_weights = taker.take(d * f);
    parts.hidden_bias = taker.take(f);
    parts.output_weights = taker.take(f * d);
    parts.output_bias = taker.take(d);
    return parts;
  }

  std::span<Float> token_embedding;     // vocabulary x width
  std::span<Float> position_embedding;  // context x width
  std::span<Float> gain, bias;          // width: of the last normalisation

 private:
  struct Taker {
    std::span<Float> rest;
    std::span<Float> take(std::size_t size) {
      const std::span<Float> part = rest.first(size);
      rest = rest.subspan(size);
      return part;
    }
  };

  const TransformerShape& shape_;
  std::span<Float> layers_;
};

// What is subtracted from a row and by what the rest is multiplied.
struct RowMoments {
  float mean, inverse_deviation;
};

// y = (x - mean) / sqrt(variance + epsilon) gain + bias, all of one size; y overlaps nothing.
inline RowMoments normalize_row(const Kernels& kernels, std::span<const float> x,
                                std::span<const float> gain, std::span<const float> bias,
                                double epsilon, std::span<float> y) {
  const auto size = static_cast<double>(x.size());
  const auto mean = static_cast<float>(kernels.sum(x) / size);
  for (std::size_t j = 0; j < x.size(); ++j) y[j] = x[j] - mean;
  const double variance = kernels.squared_norm(std::span<const float>(y)) / size;
  const auto inverse = static_cast<float>(1 / std::sqrt(variance + epsilon));
  for (std::size_t j = 0; j < x.size(); ++j) y[j] = y[j] * inverse * gain[j] + bias[j];
  return {mean, inverse};
}

// Each row of x (rows x bias.size()) and the bias.
inline void add_bias(const Kernels& kernels, std::span<const float> bias, std::span<float> x) {
  for (std::size_t begin = 0; begin < x.size(); begin += bias.size())
    kernels.axpy(1, bias, x.subspan(begin, bias.size()));
}

// What the scores of a head are multiplied by.
inline float score_scale(const TransformerShape& shape) {
  return static_cast<float>(1 / std::sqrt(static_cast<double>(shape.head_width())));
}

}  // namespace lab
