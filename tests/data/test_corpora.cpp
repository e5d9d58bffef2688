#include <doctest/doctest.h>

#include "core/digest.h"
#include "data/corpora.h"
#include "data/store.h"
#include "helpers.h"

using namespace lab;

namespace {

DataStore store_of(std::string text) {
  return DataStore({.read = [text](std::string_view file) -> std::optional<DataFile> {
                      const auto bytes = bytes_of(text);
                      return DataFile{.bytes = {bytes.begin(), bytes.end()},
                                      .where = "/data/" + std::string(file)};
                    },
                    .places = "/data"});
}

}  // namespace

TEST_CASE("corpora: names are found, and no data set has one") {
  CHECK(corpora().size() == 3);
  CHECK(find_corpus("scripture")->bytes == 949480);
  CHECK(find_corpus("wdbc") == nullptr);
  for (const CorpusDescription& c : corpora()) {
    CHECK(find_corpus(c.name) == &c);
    CHECK(find_named_data(c.name) == nullptr);
    CHECK(c.sha256.size() == 64);
    CHECK_FALSE(c.licence.empty());
    CHECK_FALSE(c.source.empty());
  }
}

TEST_CASE("corpora: an unknown name, a missing file and another one") {
  const DataStore nothing(
      {.read = [](std::string_view) { return std::nullopt; }, .places = "/one, /two"});
  CHECK(error_of([&] { load_corpus("novel", nothing); }) ==
        "there is no text 'novel'; expected 'novels'");
  CHECK(error_of([&] { load_corpus("novels", nothing); })
            .starts_with("looked in /one, /two: the file novels.txt of text 'novels' is not "
                         "there; expected the file in one of these places: ./lab setup"));
  CHECK(error_of([] { load_corpus("jargon", store_of("foo bar\n")); })
            .starts_with("/data/jargon.txt: the file is not the one that text 'jargon' is made of "
                         "(its SHA-256 is " +
                         sha256_hex("foo bar\n")));
}

TEST_CASE("corpora: facts, when they are prepared") {
  const DataStore store(folder_source(data_folders("")));
  for (const CorpusDescription& c : corpora()) {
    if (!folder_source(data_folders("")).read(c.file)) {
      MESSAGE("skipped: " << std::string(c.file) << " is not prepared (./lab setup)");
      return;
    }
    CHECK(load_corpus(c.name, store).size() == c.bytes);
  }
  CHECK(load_corpus("scripture", store)
            .starts_with("The book of the generation of Jesus Christ, the son of David,"));
  CHECK(load_corpus("novels", store).find("\nIt is a truth universally acknowledged, that") !=
        std::string::npos);
  CHECK(load_corpus("jargon", store).find("\nzorkmid /zork'mid/, n.\n") != std::string::npos);
}
