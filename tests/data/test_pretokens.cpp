#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "data/pretokens.h"
#include "reference/gpt2-tokenizer/vectors.h"

TEST_CASE("pretokens: those of the published pattern") {
  for (const reference::Case& c : reference::kCases) {
    CAPTURE(c.text);
    std::vector<std::string_view> pieces;
    for (std::string_view rest = c.text; !rest.empty(); rest.remove_prefix(pieces.back().size()))
      pieces.push_back(rest.substr(0, lab::pretoken_length(rest)));
    CHECK(pieces == c.pieces);
  }
}
