// Which texts have a name, and where are they? Those that set-up prepares for language models: each
// in a style of its own, a paragraph or a verse a line.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lab {

class DataStore;

// What is known of a text without opening it.
struct CorpusDescription {
  std::string_view name;   // "scripture"
  std::string_view title;  // a line for people
  std::string_view file;   // "scripture.txt"
  std::size_t bytes = 0;
  std::string_view source;   // who wrote it, and whose copy this is
  std::string_view licence;  // of the text and of the copy
  std::string_view sha256;   // of the file, expanded if it came compressed
};

// scripture, novels, jargon.
std::span<const CorpusDescription> corpora();

// nullptr: no text has this name.
const CorpusDescription* find_corpus(std::string_view name);

// The text of this name, UTF-8, read now. Errors: no such name (with the nearest); the file is not
// there (`./lab setup` prepares it) or is not the pinned one.
std::string load_corpus(std::string_view name, const DataStore& store);

}  // namespace lab
