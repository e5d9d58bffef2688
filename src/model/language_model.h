// What makes a language model whole? A transformer and the byte pairs that it was trained on, from
// the files of Hugging Face's layout for GPT-2.
#pragma once

#include <array>
#include <functional>
#include <string_view>

#include "data/byte_pair_encoding.h"
#include "data/sources.h"
#include "model/transformer.h"

namespace lab {

struct LanguageModel {
  BytePairEncoding encoding;
  Transformer transformer;
};

inline constexpr std::array<std::string_view, 4> kLanguageModelFiles = {
    "config.json", "vocab.json", "merges.txt", "model.safetensors"};

// Reads the model whose files `read` gives, each of kLanguageModelFiles once. Errors: those of
// read_gpt2_config, read_byte_pairs and read_gpt2_weights, and what `read` throws; more tokens in
// vocab.json than vocab_size.
LanguageModel read_language_model(const std::function<DataFile(std::string_view file)>& read);

// The same from a folder of the disk.
LanguageModel read_language_model(std::string_view folder);

}  // namespace lab
