// Which texts can a language model learn here? Two that are generated, those that set-up prepares
// (data/corpora.h), one that is typed, and a person's own file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiment/schema.h"

namespace lab {

class DataStore;

// The choices of a field for them; file:PATH is another.
std::vector<Choice> language_texts();

// The first `most` bytes of a text of language_texts, or of file:PATH. typed: what was typed.
// Errors: those of load_corpus and DataStore::kept; less than a few words.
std::string language_text(std::string_view name, std::string_view typed, std::size_t most,
                          const DataStore* data);

// Little stories about who found, lent and lost what: names and things come back far behind where
// they first stood, so that more than the last few characters must be known. The same every time.
std::string little_stories();

// Sums of two numbers below 100, "17+25=42", one a line. The same every time.
std::string little_sums();

}  // namespace lab
