#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "core/random.h"
#include "data/byte_pair_files.h"
#include "data/byte_pair_training.h"
#include "data/helpers.h"
#include "data/safetensors.h"
#include "model/gpt2_files.h"
#include "model/language_model.h"

using namespace lab;

namespace {

std::vector<std::byte> to_bytes(const std::string& text) {
  const auto bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

struct Files {
  LanguageModel model;
  std::map<std::string, std::vector<std::byte>, std::less<>> bytes;

  LanguageModel read() const {
    return read_language_model([this](std::string_view file) {
      return DataFile{.bytes = bytes.at(std::string(file)), .where = "here/" + std::string(file)};
    });
  }
};

Files small_files() {
  const std::string text = "the cat and the dog and the cat";
  const std::vector<std::string_view> texts = {text};
  BytePairEncoding encoding =
      train_byte_pairs(texts, {.tokens = 262, .specials = {std::string(kEndOfText)}});
  Transformer model(
      {.vocabulary = encoding.size(), .context = 8, .width = 8, .heads = 2, .layers = 1});
  Stream stream(3, "init");
  initialize(model, stream);
  Files files{{encoding, model}, {}};
  files.bytes["config.json"] = to_bytes(gpt2_config_text(model.shape));
  files.bytes["vocab.json"] = to_bytes(vocabulary_text(encoding));
  files.bytes["merges.txt"] = to_bytes(merges_text(encoding));
  files.bytes["model.safetensors"] = write_gpt2_weights(model, StoredType::F32);
  return files;
}

}  // namespace

TEST_CASE("language model: what was written is read") {
  const Files files = small_files();
  const LanguageModel read = files.read();
  CHECK(read.encoding == files.model.encoding);
  CHECK(read.transformer.shape == files.model.transformer.shape);
  CHECK(read.transformer.parameters == files.model.transformer.parameters);
}

TEST_CASE("language model: a file that does not go with the others is named") {
  Files files = small_files();
  TransformerShape fewer = files.model.transformer.shape;
  fewer.vocabulary = 200;
  files.bytes["config.json"] = to_bytes(gpt2_config_text(fewer));
  CHECK(error_of([&] { files.read(); }) ==
        "here/config.json: vocab_size is 200; expected at least the " +
            std::to_string(files.model.encoding.size()) + " tokens of vocab.json");
  files = small_files();
  files.bytes["model.safetensors"].pop_back();
  CHECK(error_of([&] { files.read(); }).starts_with("here/model.safetensors"));
  files = small_files();
  files.bytes["merges.txt"] = to_bytes("t\n");
  CHECK(error_of([&] { files.read(); }).starts_with("here/merges.txt:1"));
}
