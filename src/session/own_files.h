// What becomes of a file that a person dropped? A table is a data set, a text (.txt, .md) stays
// what it is, and config.json, vocab.json, merges.txt and model.safetensors are a language model
// once all four are there.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"
#include "session/protocol.h"

namespace lab {

// Told by the name alone.
FileKind kind_of_file(std::string_view name);

class OwnFiles {
 public:
  // Keeps the file in the store and says what it is; its name there is the event's. A language
  // model is named after its content, "model-1a2b3c4d": one that was dropped before stays. Errors,
  // with nothing changed: those of DataStore::add_file; an empty text.
  event::Imported take(std::string_view name, std::vector<std::byte> bytes, DataStore& store);

 private:
  std::map<std::string, std::vector<std::byte>, std::less<>> parts_;  // of the next language model
};

}  // namespace lab
