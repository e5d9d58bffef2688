#include "model/transformer_decoder.h"

#include <cassert>

#include "model/activations.h"
#include "model/transformer_parts.h"

namespace lab {
namespace {

constexpr std::size_t kBlock = 64;  // positions whose keys are one matrix

}  // namespace

TransformerDecoder::TransformerDecoder(const Kernels& kernels, const Transformer& model)
    : kernels_(kernels), model_(model), layers_(model.shape.layers) {
  const TransformerShape& shape = model.shape;
  const TransformerParts parts(shape, std::span<const float>(model.parameters));
  head_.resize(shape.width * shape.vocabulary);
  for (std::size_t v = 0; v < shape.vocabulary; ++v)
    for (std::size_t j = 0; j < shape.width; ++j)
      head_[j * shape.vocabulary + v] = parts.token_embedding[v * shape.width + j];
  const std::size_t blocks = (shape.context + kBlock - 1) / kBlock;
  for (Layer& layer : layers_) {
    layer.keys.resize(blocks * kBlock * shape.width);
    layer.values.resize(shape.context * shape.width);
  }
  for (std::vector<float>* row : {&stream_, &normal_, &branch_, &heads_}) row->resize(shape.width);
  wide_.resize(3 * shape.width);
  scores_.resize(shape.heads * blocks * kBlock);
  sums_.resize(shape.hidden());
  hidden_.resize(shape.hidden());
  logits_.resize(shape.vocabulary);
}

void TransformerDecoder::append(std::span<const int> tokens) {
  for (const int token : tokens) append(token);
}

void TransformerDecoder::append(int token) {
  const TransformerShape& shape = model_.shape;
  assert(size_ < shape.context);
  assert(token >= 0 && static_cast<std::size_t>(token) < shape.vocabulary);
  const std::size_t d = shape.width, width = shape.head_width(), position = size_++;
  const TransformerParts parts(shape, std::span<const float>(model_.parameters));
  const auto map = [&](std::span<const float> x, std::span<const float> weights,
                       std::span<const float> bias, std::span<float> y) {
    kernels_.gemv_t({weights.data(), x.size(), y.size()}, x, y);
    add_bias(kernels_, bias, y);
  };
  const auto add_branch = [&] {
    for (std::size_t j = 0; j < d; ++j) stream_[j] = stream_[j] + branch_[j];
  };

  const auto t = static_cast<std::size_t>(token);
  for (std::size_t j = 0; j < d; ++j)
    stream_[j] = parts.token_embedding[t * d + j] + parts.position_embedding[position * d + j];
  const std::size_t blocks = (shape.context + kBlock - 1) / kBlock;
  const std::span<float> scores = std::span(scores_).first(shape.heads * size_);
  for (std::size_t l = 0; l < shape.layers; ++l) {
    const TransformerLayerParts<const float> layer = parts.layer(l);
    Layer& cache = layers_[l];
    normalize_row(kernels_, stream_, layer.gain_1, layer.bias_1, shape.epsilon, normal_);
    map(normal_, layer.attention_weights, layer.attention_bias, wide_);
    for (std::size_t h = 0; h < shape.heads; ++h) {
      const std::span query = std::span(wide_).subspan(h * width, width);
      const float* const key = query.data() + d;
      const float* const value = query.data() + 2 * d;
      float* const keys = cache.keys.data() + h * width * blocks * kBlock;
      float* const values = cache.values.data() + h * width * shape.context;
      float* const block = keys + position / kBlock * width * kBlock;
      for (std::size_t j = 0; j < width; ++j) {
        block[j * kBlock + position % kBlock] = key[j];
        values[position * width + j] = value[j];
      }
      // Whole blocks: what is beyond the position is overwritten by the next head, or not read.
      float* const head_scores = scores_.data() + h * size_;
      for (std::size_t begin = 0; begin < size_; begin += kBlock)
        kernels_.gemv_t({keys + begin * width, width, kBlock}, query,
                        std::span(head_scores + begin, kBlock));
    }
    kernels_.scale(score_scale(shape), scores);
    kernels_.softmax_rows({scores.data(), shape.heads, size_}, scores);
    for (std::size_t h = 0; h < shape.heads; ++h)
      kernels_.gemv_t({cache.values.data() + h * width * shape.context, size_, width},
                      scores.subspan(h * size_, size_),
                      std::span(heads_).subspan(h * width, width));
    map(heads_, layer.projection_weights, layer.projection_bias, branch_);
    add_branch();
    normalize_row(kernels_, stream_, layer.gain_2, layer.bias_2, shape.epsilon, normal_);
    map(normal_, layer.hidden_weights, layer.hidden_bias, sums_);
    activate(kernels_, HiddenActivation::gelu, sums_, hidden_);
    map(hidden_, layer.output_weights, layer.output_bias, branch_);
    add_branch();
  }
}

std::span<const float> TransformerDecoder::logits() {
  assert(size_ > 0);
  const TransformerShape& shape = model_.shape;
  const TransformerParts parts(shape, std::span<const float>(model_.parameters));
  normalize_row(kernels_, stream_, parts.gain, parts.bias, shape.epsilon, normal_);
  kernels_.gemv_t({head_.data(), shape.width, shape.vocabulary}, normal_, logits_);
  return logits_;
}

void TransformerDecoder::keep(std::size_t size) {
  assert(size <= size_);
  size_ = size;
}

}  // namespace lab
