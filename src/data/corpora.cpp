#include "data/corpora.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/error.h"
#include "core/names.h"
#include "data/files.h"
#include "data/store.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::array<CorpusDescription, 3> kCorpora = {{
    {.name = "scripture",
     .title = "The New Testament of the King James Version",
     .file = "scripture.txt",
     .bytes = 949480,
     .source = "King James Version, 1611; the copy in Debian's bible-kjv-text, C. Chapin, 1993",
     .licence = "public domain; the copy may be used, copied and changed freely",
     .sha256 = "5cffb1a7a7eb3d6e5b3a6bf95ba610c1b706f3148678c3cad5be3bb6b016c2fa"},
    {.name = "novels",
     .title = "Pride and Prejudice, and Persuasion",
     .file = "novels.txt",
     .bytes = 1145619,
     .source = "J. Austen, 1813 and 1817; the copy in janeaustenr, J. Silge, 2017",
     .licence = "public domain; the copy: MIT",
     .sha256 = "4a2d8e32320d639b6ac06f9d24e0e38b1a53913a72f146a700c34afa78831854"},
    {.name = "jargon",
     .title = "The Jargon File, a lexicon of hackers' slang",
     .file = "jargon.txt",
     .bytes = 1319378,
     .source = "The Jargon File 4.4.7, E. S. Raymond (editor), 2003; the copy in Debian's "
               "dict-jargon",
     .licence = "public domain",
     .sha256 = "2322f1cc5edbc373fe09a700884ea53984473a28b42510512b58d8691dff14d3"},
}};

}  // namespace

std::span<const CorpusDescription> corpora() {
  return kCorpora;
}

const CorpusDescription* find_corpus(std::string_view name) {
  const auto found = std::ranges::find(kCorpora, name, &CorpusDescription::name);
  return found == kCorpora.end() ? nullptr : &*found;
}

std::string load_corpus(std::string_view name, const DataStore& store) {
  const CorpusDescription* corpus = find_corpus(name);
  if (!corpus) {
    std::vector<std::string> names;
    for (const CorpusDescription& c : kCorpora) names.emplace_back(c.name);
    throw Error("there is no text " + quoted(name), "", expected_name(name, names));
  }
  const std::string what = "text " + quoted(name);
  const DataFile file = store.read(corpus->file, what);
  check_pinned(file, corpus->sha256, what);
  return std::string(as_text(file.bytes));
}

}  // namespace lab
