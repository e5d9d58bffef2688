#include <doctest/doctest.h>

#include <exception>
#include <string>

#include "core/error.h"

using lab::Error;

TEST_CASE("an error reads as place, problem and what would be right") {
  const Error error("unknown field 'gama'", "config.json:3:5", "one of gamma, seed");
  CHECK(std::string(error.what()) ==
        "config.json:3:5: unknown field 'gama'; expected one of gamma, seed");
  CHECK(error.problem() == "unknown field 'gama'");
  CHECK(error.where() == "config.json:3:5");
  CHECK(error.expected() == "one of gamma, seed");
  CHECK(error.kind() == Error::Kind::input);
}

TEST_CASE("an error leaves out what it does not know") {
  CHECK(std::string(Error("no rows", "", "").what()) == "no rows");
  CHECK(std::string(Error("no rows", "a.csv", "").what()) == "a.csv: no rows");
  CHECK(std::string(Error("no rows", "", "at least one").what()) ==
        "no rows; expected at least one");
}

TEST_CASE("an error is thrown by value, copied and caught as std::exception") {
  std::string text;
  Error::Kind kind = Error::Kind::input;
  try {
    throw Error("out of memory", "a tensor of 10^12 numbers", "", Error::Kind::machine);
  } catch (const std::exception& caught) {
    text = caught.what();
    kind = dynamic_cast<const Error&>(caught).kind();
  }
  CHECK(text == "a tensor of 10^12 numbers: out of memory");
  CHECK(kind == Error::Kind::machine);

  // A copy has its own text.
  const char* copied = nullptr;
  Error copy("", "", "");
  {
    const Error original("too long a problem for the small-string buffer of any library", "here",
                         "");
    copy = original;
    copied = copy.what();
    CHECK(copied != original.what());
  }
  CHECK(std::string(copied) ==
        "here: too long a problem for the small-string buffer of any library");
}
