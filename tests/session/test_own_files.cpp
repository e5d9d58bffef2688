#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "data/files.h"
#include "session/own_files.h"

using namespace lab;

namespace {

std::vector<std::byte> bytes(std::string_view text) {
  const auto all = std::as_bytes(std::span(text));
  return {all.begin(), all.end()};
}

std::string text_of(const DataStore& store, std::string_view name) {
  return std::string(as_text(store.kept(name).bytes));
}

}  // namespace

TEST_CASE("own files: what a file is, by its name") {
  CHECK(kind_of_file("a.csv") == FileKind::table);
  CHECK(kind_of_file("poems.TXT") == FileKind::text);
  CHECK(kind_of_file("notes.md") == FileKind::text);
  CHECK(kind_of_file("merges.txt") == FileKind::language_model);
  CHECK(kind_of_file("model.safetensors") == FileKind::language_model);
  CHECK(kind_of_file(".txt") == FileKind::table);
}

TEST_CASE("own files: tables and texts") {
  DataStore store({});
  OwnFiles files;
  const event::Imported table = files.take("t.csv", bytes("a,b\n1,x\n2,y\n"), store);
  CHECK(table.kind == FileKind::table);
  CHECK(table.rows == 2);
  CHECK(table.classes == 2);
  CHECK(table.missing.empty());
  const event::Imported text = files.take("poem.txt", bytes("one\ntwo"), store);
  CHECK(text.kind == FileKind::text);
  CHECK(text.rows == 2);
  CHECK(text_of(store, "poem.txt") == "one\ntwo");
  CHECK_THROWS_AS(files.take("empty.txt", {}, store), Error);
  CHECK_THROWS_AS(store.kept("other.txt"), Error);
}

TEST_CASE("own files: a language model is there when its four files are, and stays") {
  DataStore store({});
  OwnFiles files;
  const event::Imported first = files.take("vocab.json", bytes("{}"), store);
  CHECK(first.kind == FileKind::language_model);
  CHECK(first.missing ==
        std::vector<std::string>{"config.json", "merges.txt", "model.safetensors"});
  files.take("config.json", bytes("wrong"), store);
  files.take("config.json", bytes("{1}"), store);  // the later one counts
  CHECK(files.take("model.safetensors", bytes("w"), store).missing ==
        std::vector<std::string>{"merges.txt"});
  const event::Imported whole = files.take("merges.txt", bytes("m"), store);
  CHECK(whole.missing.empty());
  CHECK(whole.name.starts_with("model-"));
  CHECK(text_of(store, whole.name + "/config.json") == "{1}");
  CHECK(text_of(store, whole.name + "/model.safetensors") == "w");
  // Another one begins anew and does not take its place.
  CHECK(files.take("config.json", bytes("{2}"), store).missing.size() == 3);
  files.take("vocab.json", bytes("{}"), store);
  files.take("merges.txt", bytes("m"), store);
  const event::Imported other = files.take("model.safetensors", bytes("w"), store);
  CHECK(other.name != whole.name);
  CHECK(text_of(store, whole.name + "/config.json") == "{1}");
}
