#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "data/byte_pair_files.h"
#include "data/corpora.h"
#include "data/helpers.h"
#include "data/store.h"
#include "model/shipped_models.h"

using namespace lab;

namespace {

// Those of the source tree.
DataSource committed() {
  const char* data = std::getenv("LAB_TEST_DATA");
  REQUIRE(data != nullptr);
  return folder_source({std::string(data) + "/../../examples"});
}

std::string load_error(std::string_view id, const DataSource& source) {
  return error_of([&] { load_language_model(id, DataStore(source)); });
}

}  // namespace

TEST_CASE("shipped models: each is the pinned one, and all have the same tokens") {
  const DataStore store(committed());
  const BytePairEncoding tokens = load_language_model("small-base", store).encoding;
  CHECK(tokens.find(kEndOfText).has_value());
  std::size_t bytes = 0;
  for (const ShippedModel& shipped : shipped_models()) {
    CAPTURE(shipped.id);
    CHECK(find_shipped_model(shipped.id) == &shipped);
    const LanguageModel model = load_language_model(shipped.id, store);
    CHECK(model.encoding == tokens);
    CHECK(model.transformer.shape.vocabulary == tokens.size());
    const bool is_base =
        shipped.role == ModelRole::small_base || shipped.role == ModelRole::large_base;
    CHECK(shipped.domain.empty() == is_base);
    if (!is_base) CHECK(find_corpus(shipped.domain) != nullptr);
    for (const std::string_view file : kLanguageModelFiles)
      bytes += store.read("models/" + std::string(shipped.id) + "/" + std::string(file), "")
                   .bytes.size();
  }
  CHECK(bytes <= 4'000'000);
}

TEST_CASE("shipped models: an unknown one, a missing and a changed file") {
  const DataSource files = committed();
  CHECK(load_error("small-bose", files) ==
        "there is no language model 'small-bose'; expected 'small-base'");
  CHECK(load_error("small-base", {.read = {}, .places = "/here"})
            .starts_with("looked in /here: the file models/small-base/config.json of language "
                         "model 'small-base' is not there"));
  DataSource changed = files;
  changed.read = [&](std::string_view file) {
    std::optional<DataFile> found = files.read(file);
    if (file.ends_with("model.safetensors")) found->bytes.back() ^= std::byte{1};
    return found;
  };
  CHECK(load_error("small-base", changed)
            .starts_with("models/small-base: the files are not those of language model "
                         "'small-base' (their SHA-256 is "));
}
