#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "compute/reference.h"
#include "core/base64.h"
#include "data/helpers.h"
#include "model/gpt2_files.h"
#include "reference/transformer/vector.h"

using lab::FloatTensor;
using lab::StoredType;
using lab::Transformer;
using lab::TransformerShape;

namespace {

// The error of a config of these keys.
std::string config_error(const std::string& keys) {
  return error_of([&] { lab::read_gpt2_config("{" + keys + "}", "config.json"); });
}
const std::string kSizes = R"("n_positions":8,"n_embd":12,"n_head":3,"n_layer":2,"vocab_size":13)";

constexpr TransformerShape kShape{
    .vocabulary = 3, .context = 2, .width = 2, .heads = 1, .layers = 1};

// The tensors of a model, for a test to change.
struct Named {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> values;
};
std::vector<Named> named_tensors() {
  Transformer model(kShape);
  model.parameters = reference::numbers<float>(model.parameters.size(), 1);
  std::vector<Named> all;
  for (const TransformerShape::Tensor& tensor : kShape.tensors())
    all.push_back(
        {tensor.name,
         tensor.shape,
         {model.parameters.begin() + static_cast<std::ptrdiff_t>(tensor.offset),
          model.parameters.begin() + static_cast<std::ptrdiff_t>(tensor.offset + tensor.size)}});
  return all;
}
std::string weights_error(const std::vector<Named>& named) {
  std::vector<FloatTensor> tensors;
  for (const Named& one : named) tensors.push_back({one.name, one.shape, one.values});
  const std::vector<std::byte> bytes = lab::write_safetensors(tensors, StoredType::F32);
  return error_of([&] { lab::read_gpt2_weights(kShape, bytes, "m.safetensors"); });
}

}  // namespace

TEST_CASE("gpt-2 files: a checkpoint of an independent script has that script's logits") {
  const TransformerShape shape = lab::read_gpt2_config(reference::kConfig, "config.json");
  CHECK(shape ==
        TransformerShape{.vocabulary = 13, .context = 8, .width = 12, .heads = 3, .layers = 2});
  const Transformer model = lab::read_gpt2_weights(
      shape, lab::from_base64(reference::kWeights, "vector.h"), "model.safetensors");
  const std::size_t length = reference::kPrompt.size();
  lab::TransformerWorkspace workspace(shape, {.rows = length, .length = length});
  const lab::MatrixView<float> logits =
      forward(lab::kernels(), model, reference::kPrompt, length, workspace);
  double largest = 0;
  for (std::size_t t = 0; t < length; ++t)
    for (std::size_t v = 0; v < shape.vocabulary; ++v)
      largest = std::max(largest, std::abs(logits(t, v) - reference::kLogits[t][v]));
  CHECK(largest <= 5e-6);
}

TEST_CASE("gpt-2 files: what is written comes back") {
  Transformer model({.vocabulary = 5, .context = 3, .width = 4, .heads = 2, .layers = 2});
  model.parameters = reference::numbers<float>(model.parameters.size(), 1);
  const TransformerShape shape =
      lab::read_gpt2_config(lab::gpt2_config_text(model.shape), "config.json");
  CHECK(shape == model.shape);
  const auto read = [&](StoredType type) {
    return lab::read_gpt2_weights(shape, write_gpt2_weights(model, type), "m").parameters;
  };
  CHECK(read(StoredType::F32) == model.parameters);
  const std::vector<float> f16 = read(StoredType::F16);
  for (std::size_t i = 0; i < f16.size(); ++i)
    CHECK(std::abs(f16[i] - model.parameters[i]) <= 0x1p-12);
}

TEST_CASE("gpt-2 files: configs of other models are refused by key") {
  CHECK(config_error(kSizes) == "no error");
  CHECK(config_error(kSizes + R"(,"n_inner":48,"activation_function":"gelu_pytorch_tanh")") ==
        "no error");
  CHECK(config_error(kSizes + R"(,"n_inner":null,"tie_word_embeddings":true)") == "no error");
  CHECK(error_of([] { lab::read_gpt2_config("[]", "config.json"); }) ==
        "config.json: the config is no object; expected an object");
  CHECK(config_error(R"("vocab_size":0)") ==
        "config.json: vocab_size is 0; expected a whole number from 1 to 2147483647");
  CHECK(config_error(R"("vocab_size":13)") ==
        "config.json: n_positions is missing; expected a whole number from 1 to 2147483647");
  CHECK(config_error(R"("vocab_size":13,"n_positions":[8])")
            .starts_with("config.json: n_positions is a list or an object; "));
  CHECK(config_error(R"("vocab_size":1,"n_positions":1,"n_layer":1,"n_embd":7,"n_head":2)") ==
        "config.json: n_embd is 7; expected a multiple of n_head, which is 2");
  CHECK(config_error(R"("vocab_size":2147483647,"n_positions":1,"n_layer":2147483647,)"
                     R"("n_embd":2147483647,"n_head":1)") ==
        "config.json: the model has too many parameters; expected at most 268435456");
  const auto with = [](const std::string& more) { return config_error(kSizes + "," + more); };
  CHECK(with(R"("model_type":"llama")") == "config.json: model_type is 'llama'; expected \"gpt2\"");
  CHECK(with(R"("activation_function":"relu")") ==
        "config.json: activation_function is 'relu'; expected \"gelu_new\" or "
        "\"gelu_pytorch_tanh\"");
  CHECK(with(R"("n_inner":47)") == "config.json: n_inner is 47; expected null or 48");
  CHECK(with(R"("scale_attn_weights":false)") ==
        "config.json: scale_attn_weights is false; expected true");
  CHECK(
      with(R"("scale_attn_by_inverse_layer_idx":true)").starts_with("config.json: scale_attn_by"));
  CHECK(with(R"("add_cross_attention":true)").starts_with("config.json: add_cross_attention is t"));
  CHECK(with(R"("tie_word_embeddings":false)").starts_with("config.json: tie_word_embeddings is"));
  CHECK(with(R"("layer_norm_epsilon":0)") ==
        "config.json: layer_norm_epsilon is 0; expected a number between 0 and 1");
}

TEST_CASE("gpt-2 files: weights that are not the model's are refused by name") {
  CHECK(weights_error(named_tensors()) == "no error");
  std::vector<Named> all = named_tensors();
  for (Named& one : all) one.name = "transformer." + one.name;
  all.push_back({"lm_head.weight", {3, 2}, all[0].values});
  all.push_back({"transformer.h.0.attn.bias", {2, 2}, {1, 0, 1, 1}});
  all.push_back({"transformer.h.0.attn.masked_bias", {}, {-1e4f}});
  CHECK(weights_error(all) == "no error");
  all[16].values[1] = 7;
  CHECK(weights_error(all) ==
        "m.safetensors: the tensor 'lm_head.weight' differs from "
        "'transformer.wte.weight'; expected a head tied to the embedding");

  all = named_tensors();
  all.pop_back();
  CHECK(weights_error(all) ==
        "m.safetensors: the file has 15 tensors; expected at least 16, as the config says");
  all.push_back({"h.0.attn.masked_bias", {}, {1}});
  CHECK(weights_error(all) ==
        "m.safetensors: no tensor 'ln_f.bias'; expected one, as the config says");
  all = named_tensors();
  all.push_back({"h.1.ln_1.bias", {2}, {1, 2}});
  CHECK(weights_error(all) ==
        "m.safetensors: the tensor 'h.1.ln_1.bias'; expected those of a GPT-2 of 1 layer");
  all.back() = {"transformer.ln_f.bias", {2}, {1, 2}};
  CHECK(weights_error(all) ==
        "m.safetensors: the tensors 'ln_f.bias' and "
        "'transformer.ln_f.bias'; expected one of them");
  all = named_tensors();
  all[4].shape = {6, 2};
  CHECK(weights_error(all) ==
        "m.safetensors: the tensor 'h.0.attn.c_attn.weight' has the shape "
        "6 x 2; expected 2 x 6, as the config says");
  all = named_tensors();
  all[0].values[2] = std::numeric_limits<float>::infinity();
  CHECK(weights_error(all) ==
        "m.safetensors: the tensor 'wte.weight' holds a number that is not "
        "finite; expected finite numbers");
}
