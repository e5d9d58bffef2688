#include "model/language_model.h"

#include <string>
#include <utility>

#include "core/error.h"
#include "data/byte_pair_files.h"
#include "data/files.h"
#include "data/text.h"
#include "model/gpt2_files.h"

namespace lab {

LanguageModel read_language_model(const std::function<DataFile(std::string_view file)>& read) {
  const auto [config_file, vocabulary_file, merges_file, weights_file] = kLanguageModelFiles;
  const DataFile config = read(config_file);
  const TransformerShape shape = read_gpt2_config(as_text(config.bytes), config.where);
  const DataFile vocabulary = read(vocabulary_file);
  const DataFile merges = read(merges_file);
  BytePairEncoding encoding = read_byte_pairs({vocabulary.where, as_text(vocabulary.bytes)},
                                              {merges.where, as_text(merges.bytes)});
  if (shape.vocabulary < encoding.size())
    throw Error("vocab_size is " + std::to_string(shape.vocabulary), config.where,
                "at least the " + counted(encoding.size(), "token") + " of vocab.json");
  const DataFile weights = read(weights_file);
  Transformer transformer = read_gpt2_weights(shape, weights.bytes, weights.where, kWeightLimits);
  return {std::move(encoding), std::move(transformer)};
}

LanguageModel read_language_model(std::string_view folder) {
  return read_language_model([&](std::string_view file) {
    const std::string path = std::string(folder) + "/" + std::string(file);
    return DataFile{.bytes = read_file(path, kWeightLimits), .where = path};
  });
}

}  // namespace lab
