#include "model/transformer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "core/bytes.h"
#include "model/activations.h"
#include "model/transformer_parts.h"

namespace lab {

// [SECTION] Shape and parameters

std::vector<TransformerShape::Tensor> TransformerShape::tensors() const {
  std::vector<Tensor> all;
  std::size_t offset = 0;
  const auto add = [&](std::string name, std::vector<std::size_t> shape) {
    std::size_t size = 1;
    for (const std::size_t extent : shape) size *= extent;
    all.push_back({std::move(name), std::move(shape), offset, size});
    offset += size;
  };
  add("wte.weight", {vocabulary, width});
  add("wpe.weight", {context, width});
  for (std::size_t l = 0; l < layers; ++l) {
    const std::string layer = "h." + std::to_string(l) + ".";
    const auto add_map = [&](const std::string& name, std::size_t inputs, std::size_t outputs) {
      add(layer + name + ".weight", {inputs, outputs});
      add(layer + name + ".bias", {outputs});
    };
    const auto add_normalization = [&](const std::string& name) {
      add(layer + name + ".weight", {width});
      add(layer + name + ".bias", {width});
    };
    add_normalization("ln_1");
    add_map("attn.c_attn", width, 3 * width);
    add_map("attn.c_proj", width, width);
    add_normalization("ln_2");
    add_map("mlp.c_fc", width, hidden());
    add_map("mlp.c_proj", hidden(), width);
  }
  add("ln_f.weight", {width});
  add("ln_f.bias", {width});
  return all;
}

Transformer::Transformer(const TransformerShape& given) : shape(given) {
  assert(shape.vocabulary > 0 && shape.context > 0 && shape.layers > 0);
  assert(shape.heads > 0 && shape.width > 0 && shape.width % shape.heads == 0);
  parameters.resize(shape.parameters());
}

void Transformer::save(ByteWriter& writer) const {
  for (const std::size_t n :
       {shape.vocabulary, shape.context, shape.width, shape.heads, shape.layers})
    writer.u64(n);
  writer.f64(shape.epsilon);
  writer.f32s(parameters);
}

void Transformer::restore(ByteReader& reader) {
  TransformerShape stored;
  for (std::size_t* n :
       {&stored.vocabulary, &stored.context, &stored.width, &stored.heads, &stored.layers}) {
    const std::uint64_t value = reader.u64();
    if (!std::in_range<std::size_t>(value)) reader.fail("a number too large", "one of a shape");
    *n = static_cast<std::size_t>(value);
  }
  stored.epsilon = reader.f64();
  if (stored != shape)
    reader.fail("the parameters of a transformer of another shape", "those of this one");
  reader.f32s(std::span(parameters));
}

void initialize(Transformer& model, Stream& stream) {
  constexpr double kDeviation = 0.02;
  const double branch_deviation =
      kDeviation / std::sqrt(2 * static_cast<double>(model.shape.layers));
  for (const TransformerShape::Tensor& tensor : model.shape.tensors()) {
    const std::span part = std::span(model.parameters).subspan(tensor.offset, tensor.size);
    if (tensor.shape.size() == 2) {
      const bool ends_branch = tensor.name.ends_with(".c_proj.weight");
      const auto deviation = static_cast<float>(ends_branch ? branch_deviation : kDeviation);
      stream.fill_normal(part);
      for (float& w : part) w *= deviation;
    } else {
      std::ranges::fill(part, tensor.name.ends_with(".bias") ? 0.0f : 1.0f);
    }
  }
}

// [SECTION] The workspace

TransformerWorkspace::TransformerWorkspace(const TransformerShape& shape, const Batch& largest)
    : shape_(shape), layers_(shape.layers) {
  assert(largest.rows > 0 && largest.length > 0 && largest.length <= shape.context);
  const std::size_t rows = largest.rows, length = largest.length, width = shape.width;
  const std::size_t stream = rows * width, hidden = rows * shape.hidden();
  for (Layer& layer : layers_) {
    for (std::vector<float>* part : {&layer.input, &layer.normal_1, &layer.queries, &layer.keys,
                                     &layer.values, &layer.heads, &layer.middle, &layer.normal_2})
      part->resize(stream);
    for (std::vector<float>* part :
         {&layer.mean_1, &layer.inverse_deviation_1, &layer.mean_2, &layer.inverse_deviation_2})
      part->resize(rows);
    layer.attention.resize(rows * shape.heads * length);
    layer.sums.resize(hidden);
    layer.hidden.resize(hidden);
  }
  for (std::vector<float>* part : {&output_, &normal_, &branch_, &stream_gradient_})
    part->resize(stream);
  mean_.resize(rows);
  inverse_deviation_.resize(rows);
  logits_.resize(rows * shape.vocabulary);
  wide_.resize(3 * stream);
  hidden_gradient_.resize(hidden);
  for (std::vector<float>* part : {&head_, &query_gradient_, &key_gradient_, &value_gradient_})
    part->resize(length * shape.head_width());
  squares_.resize(2 * length * length);
  row_.resize(2 * width);
}

MatrixView<float> TransformerWorkspace::residual(std::size_t layer) const {
  assert(layer <= layers_.size());
  const std::vector<float>& stream = layer < layers_.size() ? layers_[layer].input : output_;
  return {stream.data(), rows_, shape_.width};
}

MatrixView<float> TransformerWorkspace::attention(std::size_t layer, std::size_t sequence,
                                                  std::size_t head) const {
  assert(layer < layers_.size() && sequence * length_ < rows_ && head < shape_.heads);
  const std::size_t index = sequence * shape_.heads + head;
  return {layers_[layer].attention.data() + index * length_ * length_, length_, length_};
}

MatrixView<float> TransformerWorkspace::head_outputs(std::size_t layer) const {
  assert(layer < layers_.size());
  return {layers_[layer].heads.data(), rows_, shape_.width};
}

MatrixView<float> TransformerWorkspace::hidden(std::size_t layer) const {
  assert(layer < layers_.size());
  return {layers_[layer].hidden.data(), rows_, shape_.hidden()};
}

// [SECTION] Forward and backward

namespace {

void multiply(std::span<const float> mask, std::span<float> x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] *= mask[i];
}

// Draws what `size` numbers are multiplied by; `mask` grows where it is too small.
void draw_mask(const Dropout& dropout, std::vector<float>& mask, std::size_t size) {
  const auto probability = static_cast<float>(dropout.probability);
  const float kept = 1 / (1 - probability);
  if (mask.size() < size) mask.resize(size);
  const std::span<float> drawn = std::span(mask).first(size);
  dropout.stream->fill_uniform(drawn);
  for (float& m : drawn) m = m < probability ? 0 : kept;
}

void drop_out(const Dropout& dropout, std::vector<float>& mask, std::span<float> x) {
  if (dropout.probability == 0) return;
  draw_mask(dropout, mask, x.size());
  multiply(mask, x);
}

void add(std::span<const float> x, std::span<const float> y, std::span<float> sum) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = x[i] + y[i];
}

}  // namespace

// One forward or backward over a batch.
class TransformerPass {
 public:
  TransformerPass(const Kernels& kernels, const Transformer& model, std::span<const int> tokens,
                  TransformerWorkspace& workspace)
      : k_(kernels),
        shape_(model.shape),
        parts_(model.shape, std::span<const float>(model.parameters)),
        tokens_(tokens),
        w_(workspace) {
    assert(w_.shape_ == shape_ && !tokens.empty());
  }

  MatrixView<float> forward(std::size_t length, const Dropout& dropout) {
    assert(length > 0 && tokens_.size() % length == 0);
    assert(tokens_.size() <= w_.mean_.size() && head_size(length) <= w_.head_.size());
    assert(dropout.probability >= 0 && dropout.probability < 1);
    assert(dropout.probability == 0 || dropout.stream != nullptr);
    w_.rows_ = tokens_.size();
    w_.length_ = length;
    w_.dropout_ = static_cast<float>(dropout.probability);
    embed(dropout);
    for (std::size_t l = 0; l < shape_.layers; ++l) {
      TransformerWorkspace::Layer& layer = w_.layers_[l];
      const TransformerLayerParts<const float> parts = parts_.layer(l);
      const std::span<float> output =
          of_stream(l + 1 < shape_.layers ? w_.layers_[l + 1].input : w_.output_);
      attention_branch(layer, parts, dropout);
      add(layer.input, branch(), of_stream(layer.middle));
      mlp_branch(layer, parts, dropout);
      add(layer.middle, branch(), output);
    }
    normalize(w_.output_, parts_.gain, parts_.bias, w_.mean_, w_.inverse_deviation_, w_.normal_);
    const std::span logits = std::span(w_.logits_).first(w_.rows_ * shape_.vocabulary);
    k_.gemm_nt(matrix(w_.normal_, shape_.width), token_embedding(), logits);
    return {logits.data(), w_.rows_, shape_.vocabulary};
  }

  void backward(MatrixView<float> logit_gradient, std::span<float> flat) {
    assert(flat.size() == shape_.parameters() && tokens_.size() == w_.rows_);
    assert(logit_gradient.rows == w_.rows_ && logit_gradient.cols == shape_.vocabulary);
    const TransformerParts<float> gradients(shape_, flat);
    // The gradient in the residual stream, from its end to its beginning.
    const std::span<float> stream = of_stream(w_.stream_gradient_);
    std::ranges::fill(stream, 0.0f);
    k_.gemm_tn(logit_gradient, matrix(w_.normal_, shape_.width), gradients.token_embedding);
    k_.gemm(logit_gradient, token_embedding(), branch());
    normalize_backward(w_.output_, parts_.gain, w_.mean_, w_.inverse_deviation_, gradients.gain,
                       gradients.bias);
    for (std::size_t l = shape_.layers; l-- > 0;) {
      const TransformerLayerParts<const float> parts = parts_.layer(l);
      const TransformerLayerParts<float> gradient = gradients.layer(l);
      mlp_branch_backward(w_.layers_[l], parts, gradient);
      attention_branch_backward(w_.layers_[l], parts, gradient);
    }
    if (w_.dropout_ > 0) multiply(w_.embedding_mask_, stream);
    std::ranges::fill(gradients.position_embedding, 0.0f);
    for (std::size_t r = 0; r < w_.rows_; ++r) {
      const std::span<const float> row = stream.subspan(r * shape_.width, shape_.width);
      k_.axpy(1, row, embedding_row(gradients.token_embedding, token(r)));
      k_.axpy(1, row, embedding_row(gradients.position_embedding, r % w_.length_));
    }
  }

 private:
  using Layer = TransformerWorkspace::Layer;
  using Parts = TransformerLayerParts<const float>;
  using Gradients = TransformerLayerParts<float>;

  // [SECTION] Parts of the batch
  std::span<float> of_stream(std::vector<float>& x) const {
    return std::span(x).first(w_.rows_ * shape_.width);
  }
  std::span<float> branch() const { return of_stream(w_.branch_); }
  std::span<float> wide() const { return std::span(w_.wide_).first(w_.rows_ * 3 * shape_.width); }
  std::span<float> of_hidden(std::vector<float>& x) const {
    return std::span(x).first(w_.rows_ * shape_.hidden());
  }
  MatrixView<float> matrix(std::span<const float> x, std::size_t cols) const {
    return {x.data(), w_.rows_, cols};
  }
  MatrixView<float> token_embedding() const {
    return {parts_.token_embedding.data(), shape_.vocabulary, shape_.width};
  }
  std::size_t token(std::size_t row) const {
    assert(tokens_[row] >= 0 && static_cast<std::size_t>(tokens_[row]) < shape_.vocabulary);
    return static_cast<std::size_t>(tokens_[row]);
  }
  template <class Float>
  std::span<Float> embedding_row(std::span<Float> embedding, std::size_t index) const {
    return embedding.subspan(index * shape_.width, shape_.width);
  }
  std::size_t head_size(std::size_t length) const { return length * shape_.head_width(); }
  std::size_t head_size() const { return head_size(w_.length_); }
  // Of the heads of all sequences: its part of queries, keys or values.
  std::span<float> of_head(std::vector<float>& x, std::size_t index) const {
    return std::span(x).subspan(index * head_size(), head_size());
  }
  MatrixView<float> head_matrix(std::span<const float> x) const {
    return {x.data(), w_.length_, shape_.head_width()};
  }
  std::size_t heads() const { return w_.rows_ / w_.length_ * shape_.heads; }

  // Calls work(head's row, row of x) for each position of a head, where x has `cols` columns of
  // which the head's begin at `first`.
  template <class Work>
  void for_each_row(std::size_t index, std::span<float> x, std::size_t cols, std::size_t first,
                    const Work& work) const {
    const std::size_t d = shape_.head_width();
    const std::size_t row = index / shape_.heads * w_.length_;
    const std::size_t column = first + index % shape_.heads * d;
    for (std::size_t t = 0; t < w_.length_; ++t)
      work(t * d, x.subspan((row + t) * cols + column, d));
  }
  // The head's columns of x, to a matrix of its own and back.
  void gather(std::size_t index, std::span<float> x, std::size_t cols, std::size_t first,
              std::span<float> head) const {
    for_each_row(index, x, cols, first, [&](std::size_t at, std::span<float> row) {
      std::ranges::copy(row, head.begin() + static_cast<std::ptrdiff_t>(at));
    });
  }
  void scatter(std::size_t index, std::span<const float> head, std::span<float> x, std::size_t cols,
               std::size_t first) const {
    for_each_row(index, x, cols, first, [&](std::size_t at, std::span<float> row) {
      std::ranges::copy(head.subspan(at, row.size()), row.begin());
    });
  }

  // [SECTION] Forward
  void embed(const Dropout& dropout) {
    const std::span<float> x = of_stream(w_.layers_[0].input);
    for (std::size_t r = 0; r < w_.rows_; ++r)
      add(embedding_row(parts_.token_embedding, token(r)),
          embedding_row(parts_.position_embedding, r % w_.length_),
          x.subspan(r * shape_.width, shape_.width));
    drop_out(dropout, w_.embedding_mask_, x);
  }

  void normalize(std::span<const float> x, std::span<const float> gain, std::span<const float> bias,
                 std::span<float> mean, std::span<float> inverse_deviation,
                 std::span<float> y) const {
    const std::size_t d = shape_.width;
    for (std::size_t r = 0; r < w_.rows_; ++r) {
      const RowMoments moments =
          normalize_row(k_, x.subspan(r * d, d), gain, bias, shape_.epsilon, y.subspan(r * d, d));
      mean[r] = moments.mean;
      inverse_deviation[r] = moments.inverse_deviation;
    }
  }

  void attention_branch(Layer& layer, const Parts& parts, const Dropout& dropout) const {
    const std::size_t d = shape_.width, t = w_.length_;
    normalize(layer.input, parts.gain_1, parts.bias_1, layer.mean_1, layer.inverse_deviation_1,
              layer.normal_1);
    k_.gemm(matrix(layer.normal_1, d), {parts.attention_weights.data(), d, 3 * d}, wide());
    add_bias(k_, parts.attention_bias, wide());
    for (std::size_t h = 0; h < heads(); ++h) {
      gather(h, wide(), 3 * d, 0, of_head(layer.queries, h));
      gather(h, wide(), 3 * d, d, of_head(layer.keys, h));
      gather(h, wide(), 3 * d, 2 * d, of_head(layer.values, h));
      const std::span scores = std::span(layer.attention).subspan(h * t * t, t * t);
      k_.gemm_nt(head_matrix(of_head(layer.queries, h)), head_matrix(of_head(layer.keys, h)),
                 scores);
      k_.scale(score_scale(shape_), scores);
      for (std::size_t i = 0; i < t; ++i)
        std::ranges::fill(scores.subspan(i * t + i + 1, t - i - 1),
                          -std::numeric_limits<float>::infinity());
      k_.softmax_rows({scores.data(), t, t}, scores);
    }
    if (dropout.probability > 0) draw_mask(dropout, layer.attention_mask, heads() * t * t);
    for (std::size_t h = 0; h < heads(); ++h) {
      const std::span head = std::span(w_.head_).first(head_size());
      k_.gemm(dropped_attention(layer, h), head_matrix(of_head(layer.values, h)), head);
      scatter(h, head, of_stream(layer.heads), d, 0);
    }
    k_.gemm(matrix(layer.heads, d), {parts.projection_weights.data(), d, d}, branch());
    add_bias(k_, parts.projection_bias, branch());
    drop_out(dropout, layer.attention_branch_mask, branch());
  }

  // The probabilities themselves stay as they are: backward needs both.
  MatrixView<float> dropped_attention(Layer& layer, std::size_t h) const {
    const std::size_t t = w_.length_;
    const std::span probabilities = std::span(layer.attention).subspan(h * t * t, t * t);
    if (w_.dropout_ == 0) return {probabilities.data(), t, t};
    const std::span dropped = std::span(w_.squares_).first(t * t);
    std::ranges::copy(probabilities, dropped.begin());
    multiply(std::span(layer.attention_mask).subspan(h * t * t, t * t), dropped);
    return {dropped.data(), t, t};
  }

  void mlp_branch(Layer& layer, const Parts& parts, const Dropout& dropout) const {
    const std::size_t d = shape_.width, f = shape_.hidden();
    normalize(layer.middle, parts.gain_2, parts.bias_2, layer.mean_2, layer.inverse_deviation_2,
              layer.normal_2);
    const std::span<float> sums = of_hidden(layer.sums), hidden = of_hidden(layer.hidden);
    k_.gemm(matrix(layer.normal_2, d), {parts.hidden_weights.data(), d, f}, sums);
    add_bias(k_, parts.hidden_bias, sums);
    activate(k_, HiddenActivation::gelu, sums, hidden);
    k_.gemm(matrix(layer.hidden, f), {parts.output_weights.data(), f, d}, branch());
    add_bias(k_, parts.output_bias, branch());
    drop_out(dropout, layer.mlp_branch_mask, branch());
  }

  // [SECTION] Backward

  // Adds the gradient through a normalisation of x to the stream's; the gradient in what it gave is
  // in branch().
  void normalize_backward(std::span<const float> x, std::span<const float> gain,
                          std::span<const float> mean, std::span<const float> inverse_deviation,
                          std::span<float> gain_gradient, std::span<float> bias_gradient) const {
    const std::size_t d = shape_.width;
    const std::span<float> normal = std::span(w_.row_).first(d),
                           passed = std::span(w_.row_).last(d);
    std::ranges::fill(gain_gradient, 0.0f);
    std::ranges::fill(bias_gradient, 0.0f);
    for (std::size_t r = 0; r < w_.rows_; ++r) {
      const std::span<const float> above = branch().subspan(r * d, d), here = x.subspan(r * d, d);
      const std::span<float> stream = std::span(w_.stream_gradient_).subspan(r * d, d);
      for (std::size_t j = 0; j < d; ++j) {
        normal[j] = (here[j] - mean[r]) * inverse_deviation[r];
        passed[j] = above[j] * gain[j];
        gain_gradient[j] += above[j] * normal[j];
        bias_gradient[j] += above[j];
      }
      const auto size = static_cast<double>(d);
      const auto shift = static_cast<float>(k_.sum(std::span<const float>(passed)) / size);
      const auto along = static_cast<float>(
          k_.dot(std::span<const float>(passed), std::span<const float>(normal)) / size);
      for (std::size_t j = 0; j < d; ++j)
        stream[j] += inverse_deviation[r] * (passed[j] - shift - normal[j] * along);
    }
  }

  // The gradients of y = x W + b from the one in y; the one in x where it is wanted.
  void map_backward(MatrixView<float> x, std::span<const float> weights, MatrixView<float> above,
                    std::span<float> weight_gradient, std::span<float> bias_gradient,
                    std::span<float> passed) const {
    k_.gemm_tn(x, above, weight_gradient);
    std::ranges::fill(bias_gradient, 0.0f);
    for (std::size_t r = 0; r < above.rows; ++r) k_.axpy(1, above.row(r), bias_gradient);
    k_.gemm_nt(above, {weights.data(), x.cols, above.cols}, passed);
  }

  // The gradient in what a branch added to the stream.
  std::span<const float> branch_gradient(const std::vector<float>& mask) const {
    if (w_.dropout_ == 0) return of_stream(w_.stream_gradient_);
    std::ranges::copy(of_stream(w_.stream_gradient_), branch().begin());
    multiply(mask, branch());
    return branch();
  }

  void mlp_branch_backward(Layer& layer, const Parts& parts, const Gradients& gradient) const {
    const std::size_t d = shape_.width, f = shape_.hidden();
    const std::span<float> passed = of_hidden(w_.hidden_gradient_);
    map_backward(matrix(layer.hidden, f), parts.output_weights,
                 matrix(branch_gradient(layer.mlp_branch_mask), d), gradient.output_weights,
                 gradient.output_bias, passed);
    backpropagate(k_, HiddenActivation::gelu, of_hidden(layer.sums), of_hidden(layer.hidden),
                  passed);
    map_backward(matrix(layer.normal_2, d), parts.hidden_weights, matrix(passed, f),
                 gradient.hidden_weights, gradient.hidden_bias, branch());
    normalize_backward(layer.middle, parts.gain_2, layer.mean_2, layer.inverse_deviation_2,
                       gradient.gain_2, gradient.bias_2);
  }

  void attention_branch_backward(Layer& layer, const Parts& parts,
                                 const Gradients& gradient) const {
    const std::size_t d = shape_.width;
    // The gradient in the heads' outputs lies where the mlp's had been.
    const std::span<float> in_heads = std::span(w_.hidden_gradient_).first(w_.rows_ * d);
    map_backward(matrix(layer.heads, d), parts.projection_weights,
                 matrix(branch_gradient(layer.attention_branch_mask), d),
                 gradient.projection_weights, gradient.projection_bias, in_heads);
    for (std::size_t h = 0; h < heads(); ++h) head_backward(layer, h, in_heads);
    map_backward(matrix(layer.normal_1, d), parts.attention_weights, matrix(wide(), 3 * d),
                 gradient.attention_weights, gradient.attention_bias, branch());
    normalize_backward(layer.input, parts.gain_1, layer.mean_1, layer.inverse_deviation_1,
                       gradient.gain_1, gradient.bias_1);
  }

  // From the gradient in a head's output to those in its queries, keys and values, in wide().
  void head_backward(Layer& layer, std::size_t h, std::span<float> in_heads) const {
    const std::size_t d = shape_.width, t = w_.length_, size = head_size();
    const std::span<float> above = std::span(w_.head_).first(size);
    const std::span<float> in_queries = std::span(w_.query_gradient_).first(size);
    const std::span<float> in_keys = std::span(w_.key_gradient_).first(size);
    const std::span<float> in_values = std::span(w_.value_gradient_).first(size);
    gather(h, in_heads, d, 0, above);
    k_.gemm_tn(dropped_attention(layer, h), head_matrix(above), in_values);

    const std::span<float> in_scores = std::span(w_.squares_).subspan(t * t, t * t);
    k_.gemm_nt(head_matrix(above), head_matrix(of_head(layer.values, h)), in_scores);
    if (w_.dropout_ > 0)
      multiply(std::span(layer.attention_mask).subspan(h * t * t, t * t), in_scores);
    const float scale = score_scale(shape_);
    for (std::size_t i = 0; i < t; ++i) {
      const std::span<const float> p = std::span(layer.attention).subspan(h * t * t + i * t, t);
      const std::span<float> row = in_scores.subspan(i * t, t);
      const auto mean = static_cast<float>(k_.dot(p, std::span<const float>(row)));
      for (std::size_t j = 0; j < t; ++j) row[j] = p[j] * (row[j] - mean) * scale;
    }
    const MatrixView<float> scores{in_scores.data(), t, t};
    k_.gemm(scores, head_matrix(of_head(layer.keys, h)), in_queries);
    k_.gemm_tn(scores, head_matrix(of_head(layer.queries, h)), in_keys);
    scatter(h, in_queries, wide(), 3 * d, 0);
    scatter(h, in_keys, wide(), 3 * d, d);
    scatter(h, in_values, wide(), 3 * d, 2 * d);
  }

  const Kernels& k_;
  const TransformerShape& shape_;
  TransformerParts<const float> parts_;
  std::span<const int> tokens_;
  TransformerWorkspace& w_;
};

MatrixView<float> forward(const Kernels& kernels, const Transformer& model,
                          std::span<const int> tokens, std::size_t length,
                          TransformerWorkspace& workspace, const Dropout& dropout) {
  return TransformerPass(kernels, model, tokens, workspace).forward(length, dropout);
}

void backward(const Kernels& kernels, const Transformer& model, std::span<const int> tokens,
              MatrixView<float> logit_gradient, TransformerWorkspace& workspace,
              std::span<float> gradient) {
  TransformerPass(kernels, model, tokens, workspace).backward(logit_gradient, gradient);
}

}  // namespace lab
