// What would a transformer say if it stopped early, and which head or neuron said it? Residual
// streams and what single parts add to them, seen through the model's own head.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/view.h"
#include "model/transformer.h"

namespace lab {

// The logits norm_f(x) wte^T of residual streams x (rows x width), as if the layers behind were not
// there (nostalgebraist 2020, "interpreting GPT: the logit lens"). logits: rows x vocabulary.
void logit_lens(const Kernels& kernels, const Transformer& model, MatrixView<float> streams,
                std::span<float> logits);

// What one head of a layer added to the residual streams of the last forward: its columns of
// head_outputs(layer) times its rows of attn.c_proj.weight (Elhage et al. 2021, "A mathematical
// framework for transformer circuits"). The heads and the projection's bias add up to what the
// attention added (without dropout). added: rows x width.
void head_contribution(const Kernels& kernels, const Transformer& model,
                       const TransformerWorkspace& workspace, std::size_t layer, std::size_t head,
                       std::span<float> added);

// A logit as the sum of what each part of the model adds to it. All parts add to the residual
// stream, and the last normalisation is linear once its mean and deviation are held at what they
// were: so each has its direct effect ("direct logit attribution", Elhage et al. 2021). What a part
// does by way of later layers counts there.
struct LogitAttribution {
  double constant = 0;                   // by the bias of the last normalisation
  double token = 0, position = 0;        // by the two embeddings
  std::vector<double> heads;             // layers x heads
  std::vector<double> attention_biases;  // layers: of attn.c_proj
  std::vector<double> neurons;           // layers x hidden: units of the mlps
  std::vector<double> mlp_biases;        // layers: of mlp.c_proj

  // The logit, up to the rounding of the float32 pass: relative to the largest part about 1e-6.
  double sum() const;
};

// Of the logit of `token` behind position `row` of the last forward, which was without dropout and
// over these tokens, one sequence.
LogitAttribution attribute_logit(const Transformer& model, const TransformerWorkspace& workspace,
                                 std::span<const int> tokens, std::size_t row, int token);

}  // namespace lab
