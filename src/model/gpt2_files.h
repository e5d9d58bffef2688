// How are the weights of GPT-2 and of models like it kept in files? As Hugging Face's transformers
// has them: config.json with the shape and model.safetensors with the tensors, which are named as
// TransformerShape::tensors() names them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/limits.h"
#include "data/safetensors.h"
#include "model/transformer.h"

namespace lab {

// Enough for GPT-2 in float32, whose file is larger than other data.
inline constexpr Limits kWeightLimits{.max_bytes = std::size_t{1} << 31,
                                      .max_cells = std::size_t{1} << 28};

// The shape that config.json describes: vocab_size, n_positions, n_embd, n_head, n_layer and
// layer_norm_epsilon (1e-5 when it is not there); other keys are not read. Errors name the key: one
// that is missing or out of its range; n_embd that is no multiple of n_head; more than
// `limits.max_cells` parameters; what makes the model another one than transformer.h's: model_type,
// activation_function, n_inner, scale_attn_weights, scale_attn_by_inverse_layer_idx,
// add_cross_attention, tie_word_embeddings.
TransformerShape read_gpt2_config(std::string_view text, std::string_view source,
                                  const Limits& limits = kWeightLimits);

// The model whose weights a safetensors file holds, in F32, F16 or BF16; names may begin with
// "transformer.". Attention masks (attn.bias, attn.masked_bias) are left out, and so is
// lm_head.weight, which must have the bytes of wte.weight. Errors: those of read_safetensors; a
// tensor that is missing, there twice, of another shape or type, or none of the model's; a number
// that is not finite.
Transformer read_gpt2_weights(const TransformerShape& shape, std::span<const std::byte> bytes,
                              std::string_view source, const Limits& limits = kWeightLimits);

// The two files; reading them gives the same shape and, from F32, the same parameters again.
std::string gpt2_config_text(const TransformerShape& shape);
std::vector<std::byte> write_gpt2_weights(const Transformer& model, StoredType type);

}  // namespace lab
