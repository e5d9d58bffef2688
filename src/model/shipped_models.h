// Which trained language models come with the project? A small and a large base that know all
// corpora (data/corpora.h), and an expert of each size for each of them: the base, trained further
// on that text alone. All have the same tokens, so their logits can be added.
#pragma once

#include <span>
#include <string_view>

#include "model/language_model.h"

namespace lab {

class DataStore;

enum class ModelRole { small_base, small_expert, large_base, large_expert };

struct ShippedModel {
  std::string_view id;     // "small-scripture"; its files are models/<id>/... of a DataSource
  std::string_view title;  // a line for people
  ModelRole role;
  std::string_view domain;  // of an expert, the name of its corpus; of a base, empty
  std::string_view sha256;  // of its files (kLanguageModelFiles), one behind the other
};

// The small ones first, each base before its experts.
std::span<const ShippedModel> shipped_models();

// nullptr: no model has this id.
const ShippedModel* find_shipped_model(std::string_view id);

// Reads the model now: natively from a folder, in a page over the network. Errors: no such id (with
// the nearest); a file is not there or they are not the pinned ones.
LanguageModel load_language_model(std::string_view id, const DataStore& store);

}  // namespace lab
