#include <doctest/doctest.h>

#include <limits>

#include "data/text.h"
#include "helpers.h"

using namespace lab;

TEST_CASE("a place counts lines of every kind and characters, not bytes") {
  const std::string_view text = "ab\ncd\r\nef\rgh\xC3\xBC!";
  CHECK(place("f", text, 0) == "f:1:1");
  CHECK(place("f", text, 4) == "f:2:2");
  CHECK(place("f", text, 7) == "f:3:1");
  CHECK(place("f", text, 10) == "f:4:1");
  CHECK(place("f", text, 14) == "f:4:4");
}

TEST_CASE("text must be UTF-8 without NUL") {
  CHECK(checked_text("\xEF\xBB\xBF"
                     "abc",
                     "f") == "abc");
  CHECK(checked_text("\xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80", "f").size() == 11);
  CHECK(error_of([] {
          checked_text(
              "ab\nc\xE9"
              "d",
              "f.csv");
        }) == "f.csv:2:2: byte 0xe9 is not text; expected text in UTF-8");
  CHECK(error_of([] { checked_text(std::string_view("a\0b", 3), "f.csv"); }) ==
        "f.csv:1:2: byte 0x00 is not text; expected text in UTF-8");
  CHECK(error_of([] {
          checked_text(
              "\xFF\xFE"
              "a",
              "f.csv");
        }) == "f.csv: the file is text in UTF-16; expected text in UTF-8");
  CHECK_FALSE(is_utf8("\xC0\x80"));          // overlong
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));      // a surrogate
  CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  CHECK_FALSE(is_utf8("\xE2\x82"));          // cut off
  CHECK(is_utf8("\xF4\x8F\xBF\xBF"));
}

TEST_CASE("a value is shown safely") {
  CHECK(quoted("abc") == "'abc'");
  CHECK(quoted("gr\xC3\xBC\xC3\x9F"
               "e") ==
        "'gr\xC3\xBC\xC3\x9F"
        "e'");
  CHECK(quoted("a\x1B[2J\n\t\xFF") == "'a\\x1b[2J\\n\\t\\xff'");
  CHECK(quoted("\xC2\x9B"
               "1m") == "'\\xc2\\x9b1m'");  // a control character in two bytes
  CHECK(quoted(std::string(50, 'x')) == "'" + std::string(40, 'x') + "...'");
  CHECK(is_utf8(quoted(std::string(39, 'x') + "\xC3\xBC")));
}

TEST_CASE("numbers are decimal, whole and correctly rounded") {
  CHECK(parse_value("1.5") == 1.5);
  CHECK(parse_value("-2e3") == -2000.0);
  CHECK(parse_value("+.5") == 0.5);
  CHECK(parse_value("5.") == 5.0);
  CHECK(parse_value("0.1") == 0.1);
  CHECK(parse_value("9007199254740993") == 9007199254740992.0);
  CHECK(parse_value("2.2250738585072011e-308") == 2.2250738585072011e-308);
  CHECK(parse_value("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(parse_value("1e-999") == 0.0);
  for (const char* text :
       {"",    "+",    "-",   ".",  "e5",  "1x",    "1 ",  " 1",        "+-1",   "++1",
        "nan", "0x10", "1,5", "1e", "--1", "1_000", "inf", "-Infinity", "1e999", "-1e999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_value(text));
  }
}

TEST_CASE("counts") {
  CHECK(parse_count("0") == 0u);
  CHECK(parse_count("0042") == 42u);
  const std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(parse_count(std::to_string(most), most) == most);
  std::string one_more = std::to_string(most);
  ++one_more.back();  // 2^32 - 1 and 2^64 - 1 end in 5
  CHECK_FALSE(parse_count(one_more, most));
  CHECK(parse_count("7", 7) == 7u);
  CHECK_FALSE(parse_count("8", 7));
  CHECK_FALSE(parse_count("10", 7));
  CHECK_FALSE(parse_count(""));
  CHECK_FALSE(parse_count("-1"));
  CHECK_FALSE(parse_count("1.0"));
  CHECK(counted(1, "row") == "1 row");
  CHECK(counted(2, "row") == "2 rows");
}
