// What would a transformer say if it stopped early, and which head said it? Residual streams and
// what single heads add to them, seen through the model's own head.
#pragma once

#include <cstddef>
#include <span>

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

}  // namespace lab
