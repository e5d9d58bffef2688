#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "core/json.h"
#include "data/byte_pair_files.h"
#include "data/byte_pair_training.h"
#include "data/helpers.h"
#include "reference/gpt2-tokenizer/vectors.h"

using lab::BytePairEncoding;
using lab::read_byte_pairs;

namespace {

BytePairEncoding read(std::string_view vocabulary, std::string_view merges) {
  return read_byte_pairs({"vocab.json", vocabulary}, {"merges.txt", merges});
}

// The vocabulary of the bytes with `more` behind them, and its error with these merges.
std::string byte_vocabulary(const std::string& more) {
  std::string text = lab::vocabulary_text(lab::train_byte_pairs({}, {}));
  text.pop_back();
  return text + more + "}";
}
std::string vocabulary_error(const std::string& more) {
  return error_of([&] { read(byte_vocabulary(more), ""); });
}
std::string merges_error(std::string_view merges) {
  return error_of([&] { read(byte_vocabulary(R"(,"ab":256,"\u0120a":257)"), merges); });
}

}  // namespace

TEST_CASE("byte pair files: the alphabet") {
  const auto& bytes = lab::byte_alphabet();
  CHECK(bytes[0] == '!');
  CHECK(bytes[93] == '~');
  CHECK(bytes[94] == 0xA1);
  CHECK(bytes[187] == 0xFF);
  CHECK(bytes[188] == 0);
  CHECK(bytes[220] == ' ');
  CHECK(bytes[255] == 0xAD);
}

TEST_CASE("byte pair files: what was read comes back the same") {
  const BytePairEncoding gpt2 = read(reference::kVocabulary, reference::kMerges);
  CHECK(gpt2.size() == reference::kNumbers.size());
  CHECK(lab::merges_text(gpt2) == reference::kMerges);
  CHECK(read(lab::vocabulary_text(gpt2), lab::merges_text(gpt2)) == gpt2);
  // Without the first line, with lines in CR LF, without the last line's end.
  const std::string vocabulary = byte_vocabulary(R"(,"ab":257,"\u0120a":256)");
  const BytePairEncoding two = read(vocabulary, "a b\n\304\240 a\n");
  CHECK(two.bytes_of(256) == " a");
  CHECK(two.encode("ab ab").size() == 3);
  CHECK(read(vocabulary, "#version: 0.2\r\na b\r\n\304\240 a") == two);
  // "# #" is a merge and not a remark.
  CHECK(read(byte_vocabulary(R"(,"##":256)"), "# #").encode("##").size() == 1);
}

TEST_CASE("byte pair files: a vocabulary that is none is refused") {
  const std::string once = "; expected each whole number from 0 to 256 once";
  CHECK(error_of([] { read("[]", ""); }) ==
        "vocab.json: the vocabulary holds no tokens; expected an object from spellings to numbers");
  CHECK(error_of([] { read("{}", ""); }).starts_with("vocab.json: the vocabulary holds no tokens"));
  CHECK(error_of([] { read("{\n \"a\" 1}", ""); }).starts_with("vocab.json:2:6: "));
  CHECK(error_of([] { read("{\"a\":0,\"a\":1}", ""); }).starts_with("vocab.json:1:8: "));
  CHECK(error_of([] { read("{\"a\":[[0]]}", ""); }).starts_with("vocab.json:1:6: "));
  CHECK(error_of([] { read("{\"a\":0}", ""); }) ==
        "vocab.json: no token for byte 33; expected the token '!'");
  CHECK(vocabulary_error(R"(,"ab":257)") == "vocab.json: the number of token 'ab' is 257" + once);
  CHECK(vocabulary_error(R"(,"ab":-1)") == "vocab.json: the number of token 'ab' is -1" + once);
  CHECK(vocabulary_error(R"(,"ab":1.5)") == "vocab.json: the number of token 'ab' is 1.5" + once);
  CHECK(vocabulary_error(R"(,"ab":"x")") == "vocab.json: the number of token 'ab' is \"x\"" + once);
  CHECK(vocabulary_error(R"(,"ab":{})").find("nested too deeply") != std::string::npos);
  CHECK(vocabulary_error(R"(,"ab":0)") ==
        "vocab.json: the tokens '!' and 'ab' have the same number 0" + once);
  const std::string spelled =
      " spells no bytes; expected characters of the byte alphabet, U+0021 to U+0143";
  CHECK(vocabulary_error(R"(,"a b":256)") == "vocab.json: the token 'a b'" + spelled);
  CHECK(vocabulary_error(R"(,"":256)") == "vocab.json: the token ''" + spelled);
  CHECK(vocabulary_error(R"(,"\u0144":256)") == "vocab.json: the token '\xc5\x84'" + spelled);
  CHECK(vocabulary_error(R"(,"\u00ad":256)") == "vocab.json: the token '\xc2\xad'" + spelled);
  CHECK(error_of([] {
          read_byte_pairs({"vocab.json", "{\"a\":0}"}, {"merges.txt", "x"}, {.max_bytes = 6});
        }).starts_with("vocab.json"));
  CHECK(error_of([] {
          read_byte_pairs({"vocab.json", "{}"}, {"merges.txt", "a b\n"}, {.max_bytes = 3});
        }) == "merges.txt: the file has 4 bytes; expected at most 3");
}

TEST_CASE("byte pair files: merges that are none are refused") {
  const std::string two = "; expected two tokens with one space between them";
  CHECK(merges_error("a b\n\na b\n") == "merges.txt:2:1: the line '' is no merge" + two);
  CHECK(merges_error("ab\n") == "merges.txt:1:1: the line 'ab' is no merge" + two);
  CHECK(merges_error("a b c\n") == "merges.txt:1:1: the line 'a b c' is no merge" + two);
  CHECK(merges_error("a  b\n") == "merges.txt:1:1: the line 'a  b' is no merge" + two);
  CHECK(merges_error("#version: 0.2\n#version: 0.2\n").starts_with("merges.txt:2:1: "));
  CHECK(merges_error("a b\n\304\240 \304\240b\n") ==
        "merges.txt:2:3: '\304\240b' is not in the vocabulary; expected one of its tokens");
  CHECK(merges_error(" b\n") ==
        "merges.txt:1:1: '' is not in the vocabulary; expected one of its tokens");
  CHECK(merges_error("a \xff\n") ==
        "merges.txt:1:3: '\\xff' is not in the vocabulary; expected one of its tokens");
  CHECK(merges_error("b a\n") ==
        "merges.txt:1:1: the merge 'b a' makes a token that is not in the vocabulary; expected one "
        "of its tokens");
  CHECK(merges_error("a b\na b\n") ==
        "merges.txt:2:1: the merge 'a b' is there twice; expected each merge once");
}
