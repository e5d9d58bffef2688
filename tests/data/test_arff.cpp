#include <doctest/doctest.h>

#include "data/arff.h"
#include "helpers.h"

using namespace lab;

namespace {

using Names = std::vector<std::string>;
using Rows = std::vector<std::size_t>;

std::string arff_error(std::string_view text) {
  return error_of([&] { read_arff(text, "f.arff"); });
}

// The text of a file with a numeric attribute x and a nominal one c, and `data` from line 5 on.
std::string with_data(std::string_view data) {
  return "@relation r\n@attribute x numeric\n@attribute c {a, b}\n@data\n" + std::string(data);
}

}  // namespace

TEST_CASE("arff: every type, quotes, comments, missing values, any case") {
  const std::string_view text =
      "% a comment\r\n"
      "\r\n"
      "@RELATION 'two words'\r\n"
      "@attribute \"sepal length\" REAL % in cm\r\n"
      "@attribute n integer\r\n"
      "@Attribute class {setosa, 'iris virginica','it\\'s', \"50%\"}\r\n"
      "@attribute remark string\r\n"
      "@attribute day date 'yyyy-MM-dd'\r\n"
      "@data\r\n"
      "5.1, 3, setosa, 'a, b % c', 2024-01-02\r\n"
      "% between\r\n"
      "?,-4,'iris virginica',?,\"2024-01-03\" % the end\r\n"
      "1e2\t5 'it\\'s' 'tab\\tnew\\nq\\\"u\\u00fc' ?\r\n"
      "0,1,'50%','?',x";
  REQUIRE(is_arff(text));
  const Table table = read_arff(text, "f.arff");
  CHECK(table.name == "two words");
  CHECK(table.rows == 4);
  CHECK(table.lines == Rows{10, 12, 13, 14});
  REQUIRE(table.columns.size() == 5);
  CHECK(table.columns[0].name == "sepal length");
  CHECK(table.columns[0].type == ColumnType::numeric);
  CHECK(table.columns[0].numbers[2] == 100);
  CHECK(table.columns[0].missing == Rows{1});
  CHECK(table.columns[1].numbers == std::vector<double>{3, -4, 5, 1});
  CHECK(table.columns[2].type == ColumnType::categorical);
  CHECK(table.columns[2].levels == Names{"setosa", "iris virginica", "it's", "50%"});
  CHECK(table.columns[2].codes == std::vector<int>{0, 1, 2, 3});
  CHECK(table.columns[3].type == ColumnType::text);
  // A question mark in quotes is a text, not a missing value.
  CHECK(table.columns[3].texts == Names{"a, b % c", "", "tab\tnew\nq\"u\xC3\xBC", "?"});
  CHECK(table.columns[3].missing == Rows{1});
  CHECK(table.columns[4].texts == Names{"2024-01-02", "2024-01-03", "", "x"});
  CHECK(table.columns[4].missing == Rows{2});
}

TEST_CASE("arff: sparse instances") {
  const Table table = read_arff(
      "@relation r\n@attribute x numeric\n@attribute y numeric\n@attribute c {no, yes}\n@data\n"
      "{0 1.5, 2 yes}\n{}\n{1 ?}\n { 2 no }\n",
      "f.arff");
  CHECK(table.columns[0].numbers == std::vector<double>{1.5, 0, 0, 0});
  CHECK(table.columns[1].numbers[0] == 0);
  CHECK(table.columns[1].missing == Rows{2});
  CHECK(table.columns[2].codes == std::vector<int>{1, 0, 0, 0});
}

TEST_CASE("arff: errors in the header") {
  CHECK(arff_error("") == "f.arff:1:1: the file ends before @data; expected @attribute or @data");
  CHECK(arff_error("hello\n") == "f.arff:1:1: the file begins with 'hello'; expected @relation");
  CHECK(arff_error("@relation r\n@relation s\n") ==
        "f.arff:2:1: a second @relation; expected @attribute or @data");
  CHECK(arff_error("@relation r\n@attribut x real\n") ==
        "f.arff:2:1: unknown keyword '@attribut'; expected @attribute or @data");
  CHECK(arff_error("@relation r\n@attribute x float\n") ==
        "f.arff:2:14: unknown type 'float'; expected numeric, real, integer, string, date or "
        "{levels}");
  CHECK(arff_error("@relation r\n@attribute x relational\n") ==
        "f.arff:2:14: relational attributes are not read; expected numeric, real, integer, string, "
        "date or "
        "{levels}");
  CHECK(arff_error("@relation r\n@attribute x real\n@attribute x real\n") ==
        "f.arff:3:12: two attributes are named 'x'; expected a different name");
  CHECK(arff_error("@relation r\n@attribute c {a, b, a}\n") ==
        "f.arff:2:21: the level 'a' occurs twice; expected different levels");
  CHECK(arff_error("@relation r\n@attribute c {a, b\n") ==
        "f.arff:2:19: there is no level; expected a level, bare or in quotes");
  CHECK(arff_error("@relation r\n@attribute 'x real\n") ==
        "f.arff:2:12: the quote is not closed on its line; expected a closing '");
  CHECK(arff_error("@relation r\n@attribute x real real\n") ==
        "f.arff:2:19: text behind the end of the declaration; expected the end of the line");
  CHECK(arff_error("@relation r\n@data\n") ==
        "f.arff:2:1: there are no attributes; expected @attribute before @data");
  CHECK(arff_error("@relation r\n@attribute x real\n") ==
        "f.arff:3:1: the file ends before @data; expected @attribute or @data");
}

TEST_CASE("arff: errors in the data") {
  CHECK(arff_error(with_data("1,a\n1.x,b\n")) ==
        "f.arff:6:1: the value of 'x' is '1.x'; expected a number, or ? for a missing one");
  CHECK(arff_error(with_data("1,a\n2,c\n")) ==
        "f.arff:6:3: the value of 'c' is 'c'; expected one of the declared levels 'a', 'b'");
  CHECK(arff_error(with_data("1\n")) ==
        "f.arff:5:2: the instance has only 1 value; expected 2 values, one for each attribute");
  CHECK(
      arff_error(with_data("1,a,2\n")) ==
      "f.arff:5:5: the instance has more than 2 values; expected 2 values, one for each attribute");
  CHECK(arff_error(with_data("1,a,{2}\n")) ==
        "f.arff:5:5: an instance weight; expected an instance without a weight");
  CHECK(arff_error(with_data("1,,a\n")) ==
        "f.arff:5:3: the value of 'c' is empty; expected a value, or ? for a missing one");
  CHECK(arff_error(with_data("1,'a\n")) ==
        "f.arff:5:3: the quote is not closed on its line; expected a closing '");
  CHECK(arff_error(with_data("1,'\\u00g0'\n")) ==
        "f.arff:5:4: a \\u that is not a character; expected four hexadecimal digits");
  CHECK(arff_error(with_data("'1''a'\n")) ==
        "f.arff:5:4: two values are not parted; expected a comma");
  CHECK(arff_error(with_data("")) ==
        "f.arff:5:1: there are no instances; expected lines of values below @data");
  CHECK(arff_error(with_data("{1 a, 0 2}\n")) ==
        "f.arff:5:7: the index '0' does not ascend; expected } behind the value of the last "
        "attribute");
  CHECK(arff_error(with_data("{0 1, 0 2}\n")) ==
        "f.arff:5:7: the index '0' does not ascend; expected a whole number from 1 to 1");
  CHECK(arff_error(with_data("{2 a}\n")) ==
        "f.arff:5:2: the index '2' is not an attribute's; expected a whole number from 0 to 1");
  CHECK(arff_error(with_data("{0 1\n")) ==
        "f.arff:5:5: the sparse instance is not closed; expected a comma or }");
  CHECK(arff_error(with_data("{0 1} 5\n")) ==
        "f.arff:5:7: text behind the sparse instance; expected the end of the line");
}

TEST_CASE("arff: a few bytes cannot ask for much memory") {
  std::string text = "@relation r\n";
  for (int j = 0; j < 100; ++j) text += "@attribute a" + std::to_string(j) + " real\n";
  text += "@data\n";
  for (int i = 0; i < 50; ++i) text += "{}\n";
  CHECK(read_arff(text, "f.arff").rows == 50);
  CHECK(error_of([&] { read_arff(text, "f.arff", {.max_cells = 4999}); }) ==
        "f.arff:152:1: the file has too many values; expected at most 4999 in all");
  CHECK(error_of([&] { read_arff(text, "f.arff", {.max_columns = 99}); }) ==
        "f.arff:101:12: there are too many attributes; expected at most 99");
  CHECK(error_of([&] { read_arff(text, "f.arff", {.max_bytes = 10}); }).substr(0, 20) ==
        "f.arff: the file has");
}

TEST_CASE("arff: what is one") {
  CHECK(is_arff("\xEF\xBB\xBF% c\n @Relation x"));
  CHECK_FALSE(is_arff("a,b\n1,2\n"));
  CHECK_FALSE(is_arff(""));
}
