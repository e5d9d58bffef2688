// What does a decoder-only transformer compute, and what is the gradient of that? The architecture
// of GPT-2: Radford et al. 2019, section 2.3, after Vaswani et al. 2017.
//
//     Transformer model({.vocabulary = 256, .context = 64, .width = 64, .heads = 4, .layers = 2});
//     initialize(model, stream);
//     TransformerWorkspace workspace(model.shape, {.rows = 8 * 64, .length = 64});
//     const MatrixView<float> logits = forward(k, model, tokens, 64, workspace);
//     cross_entropy(k, logits, next_tokens, losses, logit_gradient);
//     backward(k, model, tokens, logit_gradient, workspace, gradient);
//
// The residual stream of a token at a position is wte[token] + wpe[position]; each layer adds
// attention(norm_1(x)) and then mlp(norm_2(x)) to it; the logits are norm_f(x) wte^T (the head is
// tied to the embedding). norm is layer normalisation (Ba, Kiros and Hinton 2016), attention is
// causal softmax attention with scores q k^T / sqrt(width / heads), mlp is one hidden layer of 4
// width units with GELU in its tanh form.
//
// Numbers are float32; products and sums are in the order of compute's kernels (means and variances
// are double sums), so with a strict table every result has the same bits on every processor.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "compute/kernels.h"
#include "core/random.h"
#include "core/view.h"

namespace lab {

class ByteReader;
class ByteWriter;

struct TransformerShape {
  // Each at least 1.
  std::size_t vocabulary = 1;  // tokens
  std::size_t context = 1;     // positions
  std::size_t width = 1;       // numbers of a residual stream: a multiple of heads
  std::size_t heads = 1;
  std::size_t layers = 1;
  double epsilon = 1e-5;  // added to the variances of the normalisations

  bool operator==(const TransformerShape&) const = default;

  std::size_t head_width() const { return width / heads; }
  std::size_t hidden() const { return 4 * width; }  // units of a layer's mlp

  // Numbers in a flat vector of parameters, or of their gradient: the tensors of `tensors()` in
  // turn.
  std::size_t parameters() const {
    return (vocabulary + context) * width + layers * layer_parameters() + 2 * width;
  }
  std::size_t layer_parameters() const { return 12 * width * width + 13 * width; }

  // A named part of such a vector, row-major.
  struct Tensor {
    std::string name;
    std::vector<std::size_t> shape;
    std::size_t offset, size;
  };
  // All of them, with the names of GPT-2's checkpoints: wte.weight (vocabulary x width), wpe.weight
  // (context x width); for each layer h.0, h.1 ... ln_1.weight, ln_1.bias (width),
  // attn.c_attn.weight (width x 3 width: queries, keys, values), attn.c_attn.bias,
  // attn.c_proj.weight (width x width), attn.c_proj.bias, ln_2.weight, ln_2.bias, mlp.c_fc.weight
  // (width x hidden), mlp.c_fc.bias, mlp.c_proj.weight (hidden x width), mlp.c_proj.bias;
  // ln_f.weight, ln_f.bias. A weight maps a row x to x W.
  std::vector<Tensor> tensors() const;
};

struct Transformer {
  TransformerShape shape;
  std::vector<float> parameters;  // shape.parameters() numbers

  // All parameters are 0.
  explicit Transformer(const TransformerShape& shape);

  // Shape and parameters. restore: of the same shape; lab::Error on bytes of another one, and
  // nothing has changed then.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);
};

// Draws weights and embeddings in the order of the flat vector, one 32-bit word each: normal with
// deviation 0.02, for the weights that end a branch (c_proj) divided by sqrt(2 layers) (Radford et
// al. 2019, section 2.3). Gains of the normalisations become 1, biases 0.
void initialize(Transformer& model, Stream& stream);

// Dropout (Srivastava et al. 2014) of embeddings, attention probabilities and what each branch
// adds: a number becomes 0 with this probability, else it is divided by 1 - probability. Off by
// default.
struct Dropout {
  double probability = 0;    // from 0 to below 1
  Stream* stream = nullptr;  // where the probability is not 0: one word for each number
};

// What forward leaves for backward, and for whoever wants to look inside. Made once for a shape and
// a largest batch; only the first step with dropout allocates.
class TransformerWorkspace {
 public:
  struct Batch {
    std::size_t rows;    // tokens of all sequences, at least 1
    std::size_t length;  // of the longest sequence, at most the shape's context
  };
  TransformerWorkspace(const TransformerShape& shape, const Batch& largest);

  // Of the last forward, valid until the next one:
  // The residual stream before layer 0, 1 ..., of shape.layers: behind the last one. rows x width.
  MatrixView<float> residual(std::size_t layer) const;
  // The attention probabilities of a head for one sequence: from position (row) to position, length
  // x length, 0 above the diagonal.
  MatrixView<float> attention(std::size_t layer, std::size_t sequence, std::size_t head) const;
  // What the heads of a layer give before the projection, side by side: rows x width, head_width
  // columns for each head.
  MatrixView<float> head_outputs(std::size_t layer) const;
  // The hidden units of a layer's mlp after GELU: rows x hidden.
  MatrixView<float> hidden(std::size_t layer) const;

 private:
  friend class TransformerPass;

  struct Layer {
    std::vector<float> input;                        // rows x width: the residual stream before it
    std::vector<float> mean_1, inverse_deviation_1;  // rows: of norm_1
    std::vector<float> normal_1;                     // rows x width: what norm_1 gave
    std::vector<float> queries, keys, values;        // sequence, head, position, head_width
    std::vector<float> attention;                    // sequence, head, position, position
    std::vector<float> heads;                        // rows x width
    std::vector<float> middle;  // rows x width: the residual stream between the branches
    std::vector<float> mean_2, inverse_deviation_2;
    std::vector<float> normal_2;
    std::vector<float> sums, hidden;  // rows x hidden: before and after GELU
    std::vector<float> attention_mask, attention_branch_mask, mlp_branch_mask;  // of dropout
  };

  TransformerShape shape_;
  std::size_t rows_ = 0, length_ = 0;  // of the last forward
  float dropout_ = 0;                  // its probability then
  std::vector<Layer> layers_;
  std::vector<float> embedding_mask_;
  std::vector<float> output_, mean_, inverse_deviation_, normal_, logits_;
  // What neither forward nor backward keeps.
  std::vector<float> wide_;            // rows x 3 width
  std::vector<float> branch_;          // rows x width
  std::vector<float> head_, squares_;  // length x head_width, 2 x length x length
  std::vector<float> stream_gradient_, hidden_gradient_;  // rows x width, rows x hidden
  std::vector<float> query_gradient_, key_gradient_, value_gradient_;  // length x head_width
  std::vector<float> row_;                                             // 2 width
};

// The logits of the next token after each token: rows x vocabulary, valid until the next forward.
// tokens: whole sequences of `length` tokens each, one behind the other, from 0 to vocabulary - 1;
// at most the workspace's rows and length. Each sequence begins at position 0.
MatrixView<float> forward(const Kernels& kernels, const Transformer& model,
                          std::span<const int> tokens, std::size_t length,
                          TransformerWorkspace& workspace, const Dropout& dropout = {});

// The gradient in the parameters, by the chain rule from the gradient in the logits (rows x
// vocabulary) at the forward that `workspace` has last seen, with the same tokens, parameters and
// dropout. gradient: shape.parameters() numbers, overwritten. Weights' gradients add over the rows
// in order, in float32.
void backward(const Kernels& kernels, const Transformer& model, std::span<const int> tokens,
              MatrixView<float> logit_gradient, TransformerWorkspace& workspace,
              std::span<float> gradient);

}  // namespace lab
