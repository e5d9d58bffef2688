#include "model/gpt2_files.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "core/json.h"
#include "core/numerics.h"
#include "data/array.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::string_view kPrefix = "transformer.";
constexpr std::string_view kHead = "lm_head.weight";

// Reads the keys of config.json.
class ConfigReader {
 public:
  ConfigReader(const Json& config, std::string_view source) : config_(config), source_(source) {}

  std::size_t read_count(const char* key) const {
    const Json* const value = find(key);
    // No more than would fit into 32 bits, so that products of two fit into 64.
    constexpr std::int64_t kMost = (std::int64_t{1} << 31) - 1;
    const std::int64_t count =
        value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : 0;
    if (count < 1 || count > kMost)
      fail(key, value, "a whole number from 1 to " + std::to_string(kMost));
    return static_cast<std::size_t>(count);
  }

  double read_positive(const char* key, double otherwise) const {
    const Json* const value = find(key);
    if (value == nullptr) return otherwise;
    const double number = value->is_number() ? value->get<double>() : 0;
    if (!(number > 0 && number < 1)) fail(key, value, "a number between 0 and 1");
    return number;
  }

  // Where the key is there it must have one of these values.
  void expect(const char* key, const std::vector<Json>& allowed) const {
    const Json* const value = find(key);
    if (value == nullptr || std::ranges::find(allowed, *value) != allowed.end()) return;
    std::string expected;
    for (const Json& one : allowed) expected += (expected.empty() ? "" : " or ") + canonical(one);
    fail(key, value, expected);
  }

  [[noreturn]] void fail(const std::string& key, const Json* value,
                         const std::string& expected) const {
    std::string problem = key + " is missing";
    if (value != nullptr)
      problem = value->is_string() ? key + " is " + quoted(value->get_ref<const std::string&>())
                : value->is_primitive() ? key + " is " + canonical(*value)
                                        : key + " is a list or an object";
    throw Error(std::move(problem), source_, expected);
  }

 private:
  const Json* find(const char* key) const {
    const auto at = config_.find(key);
    return at == config_.end() ? nullptr : &*at;
  }

  const Json& config_;
  std::string source_;
};

// parameters(), of any shape without overflow.
double count_parameters(const TransformerShape& shape) {
  const auto width = static_cast<double>(shape.width);
  const double embedded =
      static_cast<double>(shape.vocabulary) + static_cast<double>(shape.context);
  return embedded * width + static_cast<double>(shape.layers) * (12 * width + 13) * width +
         2 * width;
}

bool is_mask(std::string_view name) {
  return name.starts_with("h.") &&
         (name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias"));
}

}  // namespace

TransformerShape read_gpt2_config(std::string_view text, std::string_view source,
                                  const Limits& limits) {
  const Json config = parse_json(text, source);
  if (!config.is_object()) throw Error("the config is no object", std::string(source), "an object");
  const ConfigReader reader(config, source);
  reader.expect("model_type", {"gpt2"});
  TransformerShape shape;
  shape.vocabulary = reader.read_count("vocab_size");
  shape.context = reader.read_count("n_positions");
  shape.width = reader.read_count("n_embd");
  shape.heads = reader.read_count("n_head");
  shape.layers = reader.read_count("n_layer");
  shape.epsilon = reader.read_positive("layer_norm_epsilon", 1e-5);
  if (shape.width % shape.heads != 0)
    throw Error("n_embd is " + std::to_string(shape.width), std::string(source),
                "a multiple of n_head, which is " + std::to_string(shape.heads));
  if (count_parameters(shape) > static_cast<double>(limits.max_cells))
    throw Error("the model has too many parameters", std::string(source),
                "at most " + std::to_string(limits.max_cells));
  reader.expect("activation_function", {"gelu_new", "gelu_pytorch_tanh"});
  reader.expect("n_inner", {nullptr, shape.hidden()});
  reader.expect("scale_attn_weights", {true});
  reader.expect("scale_attn_by_inverse_layer_idx", {false});
  reader.expect("add_cross_attention", {false});
  reader.expect("tie_word_embeddings", {true});
  return shape;
}

Transformer read_gpt2_weights(const TransformerShape& shape, std::span<const std::byte> bytes,
                              std::string_view source, const Limits& limits) {
  const std::string where(source);
  const Safetensors file = read_safetensors(bytes, source, limits);
  // Before anything is made as large as the shape says.
  const std::size_t fewest = 12 * shape.layers + 4;
  if (file.tensors.size() < fewest)
    throw Error("the file has " + counted(file.tensors.size(), "tensor"), where,
                "at least " + std::to_string(fewest) + ", as the config says");
  const std::vector<TransformerShape::Tensor> tensors = shape.tensors();
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < tensors.size(); ++i) by_name[tensors[i].name] = i;
  std::vector<const StoredTensor*> stored(tensors.size());
  const StoredTensor* head = nullptr;
  for (const StoredTensor& tensor : file.tensors) {
    std::string_view name = tensor.name;
    if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
    if (is_mask(name)) continue;
    if (name == kHead) {
      head = &tensor;
      continue;
    }
    const auto at = by_name.find(name);
    if (at == by_name.end())
      throw Error("the tensor " + quoted(tensor.name), where,
                  "those of a GPT-2 of " + counted(shape.layers, "layer"));
    const StoredTensor*& found = stored[at->second];
    if (found != nullptr)
      throw Error("the tensors " + quoted(found->name) + " and " + quoted(tensor.name), where,
                  "one of them");
    const std::vector<std::size_t>& expected = tensors[at->second].shape;
    if (tensor.shape != expected)
      throw Error(
          "the tensor " + quoted(tensor.name) + " has the shape " + shape_text(tensor.shape), where,
          shape_text(expected) + ", as the config says");
    found = &tensor;
  }
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (stored[i] == nullptr)
      throw Error("no tensor " + quoted(tensors[i].name), where, "one, as the config says");
  const StoredTensor& embedding = *stored[0];
  if (head != nullptr &&
      (head->type != embedding.type || !std::ranges::equal(head->bytes, embedding.bytes)))
    throw Error("the tensor " + quoted(head->name) + " differs from " + quoted(embedding.name),
                where, "a head tied to the embedding");

  Transformer model(shape);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::span part = std::span(model.parameters).subspan(tensors[i].offset, tensors[i].size);
    to_floats(*stored[i], source, part);
    if (!std::ranges::all_of(part, [](float x) { return is_finite(x); }))
      throw Error("the tensor " + quoted(stored[i]->name) + " holds a number that is not finite",
                  where, "finite numbers");
  }
  return model;
}

std::string gpt2_config_text(const TransformerShape& shape) {
  Json config;
  config["activation_function"] = "gelu_new";
  config["architectures"] = Json::array({"GPT2LMHeadModel"});
  config["layer_norm_epsilon"] = shape.epsilon;
  config["model_type"] = "gpt2";
  config["n_embd"] = shape.width;
  config["n_head"] = shape.heads;
  config["n_layer"] = shape.layers;
  config["n_positions"] = shape.context;
  config["tie_word_embeddings"] = true;
  config["vocab_size"] = shape.vocabulary;
  return pretty(config);
}

std::vector<std::byte> write_gpt2_weights(const Transformer& model, StoredType type) {
  std::vector<FloatTensor> tensors;
  for (TransformerShape::Tensor& tensor : model.shape.tensors())
    tensors.push_back({std::move(tensor.name), std::move(tensor.shape),
                       std::span(model.parameters).subspan(tensor.offset, tensor.size)});
  return write_safetensors(tensors, type, {{"format", "pt"}});
}

}  // namespace lab
