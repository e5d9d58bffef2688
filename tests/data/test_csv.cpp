#include <doctest/doctest.h>

#include "data/csv.h"
#include "helpers.h"

using namespace lab;

namespace {

std::string csv_error(std::string_view text, const CsvOptions& options = {}) {
  return error_of([&] { read_csv(text, "f.csv", options); });
}

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> out;
  for (const Column& column : table.columns) out.push_back(column.name);
  return out;
}

using Names = std::vector<std::string>;
using Numbers = std::vector<double>;
using Rows = std::vector<std::size_t>;

}  // namespace

TEST_CASE("csv: header, types, levels in order of appearance, missing values") {
  const Table table = read_csv(
      "age,city,income\n"
      "31,Rome,1.5e3\n"
      "NA,Oslo,?\n"
      ",Rome,-2\n"
      "44,,nan\n",
      "people.csv");
  CHECK(table.name == "people");
  CHECK(table.rows == 4);
  CHECK(names(table) == Names{"age", "city", "income"});
  CHECK(table.lines == Rows{2, 3, 4, 5});
  CHECK(table.columns[0].type == ColumnType::numeric);
  CHECK(table.columns[0].numbers[0] == 31);
  CHECK(table.columns[0].missing == Rows{1, 2});
  CHECK(table.columns[1].type == ColumnType::categorical);
  CHECK(table.columns[1].levels == Names{"Rome", "Oslo"});
  CHECK(table.columns[1].codes == std::vector<int>{0, 1, 0, -1});
  CHECK(table.columns[1].missing == Rows{3});
  CHECK(table.columns[2].missing == Rows{1, 3});
  CHECK(table.columns[2].numbers[2] == -2);
}

TEST_CASE("csv: quotes may hold delimiters, line ends and quotes") {
  const Table table = read_csv("name,x\n\"Smith, \"\"J\"\"\nRome\" , 1\n\"\",\"2\"\n", "f.csv");
  CHECK(table.columns[0].levels == Names{"Smith, \"J\"\nRome"});
  CHECK(table.columns[0].missing == Rows{1});
  CHECK(table.columns[1].numbers == Numbers{1, 2});
  CHECK(table.lines == Rows{2, 4});
}

TEST_CASE("csv: line ends LF, CRLF and CR, byte order mark, blank lines, no last line end") {
  for (const char* text : {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r",
                           "\xEF\xBB\xBF"
                           "a,b\n\n1,2\r\n  \n3,4\n\n"}) {
    CAPTURE(text);
    const Table table = read_csv(text, "f.csv");
    CHECK(names(table) == Names{"a", "b"});
    CHECK(table.columns[0].numbers == Numbers{1, 3});
    CHECK(table.columns[1].numbers == Numbers{2, 4});
  }
  CHECK(read_csv("a,b\n\n1,2\n\n3,4\n", "f.csv").lines == Rows{3, 5});
}

TEST_CASE("csv: the delimiter is found or given") {
  CHECK(read_csv("a;b\n1;2\n", "f.csv").columns.size() == 2);
  CHECK(read_csv("a\tb c\n1\t2\n", "f.csv").columns.size() == 2);
  CHECK(read_csv("\"a,b\";c\n1;2\n", "f.csv").columns[0].name == "a,b");
  CHECK(read_csv("a;b\n1,5;2\n", "f.csv").columns.size() == 2);
  CHECK(read_csv("a b\n1 2\n", "f.csv", {.delimiter = ' '}).columns.size() == 2);
  CHECK(read_csv("a\n1\n2\n", "f.csv").columns.size() == 1);
  // With tabs between, empty values at the ends are values, not blanks.
  const Table table = read_csv("a\tb\tc\n\t2\t\n", "f.csv");
  CHECK(table.columns[0].missing == Rows{0});
  CHECK(table.columns[2].missing == Rows{0});
  CHECK(csv_error("a\n1\n", {.delimiter = '"'}) ==
        "f.csv: a quote or line end cannot be the delimiter; expected for example a comma, a "
        "semicolon or "
        "a tab");
}

TEST_CASE("csv: header detection") {
  CHECK(names(read_csv("1,2\n3,4\n", "f.csv")) == Names{"x1", "x2"});
  CHECK(read_csv("1,2\n3,4\n", "f.csv").rows == 2);
  CHECK(names(read_csv("a,b\n1,x\n2,y\n", "f.csv")) == Names{"a", "b"});
  CHECK(read_csv("1,a\n2,b\n", "f.csv").rows == 2);
  // Texts only: a header unless something speaks against it.
  CHECK(read_csv("name,city\nAnn,Rome\nBob,Rome\n", "f.csv").rows == 2);
  CHECK(read_csv("Ann,Rome\nBob,Rome\n", "f.csv").rows == 2);  // Rome occurs again below
  CHECK(read_csv("yes,yes\nno,yes\n", "f.csv").rows == 2);
  // A missing value in the first record over numbers is data.
  CHECK(read_csv("?,a\n1,b\n", "f.csv").rows == 2);
  // Row names without a name of their own.
  CHECK(names(read_csv("\"\",\"u\",\"v\"\n\"1\",2,x\n\"2\",3,y\n", "f.csv")) ==
        Names{"x1", "u", "v"});
  CHECK(read_csv("a,b\n1,2\n", "f.csv", {.header = CsvHeader::absent}).columns[0].type ==
        ColumnType::categorical);
  CHECK(names(read_csv("1,2\n3,4\n", "f.csv", {.header = CsvHeader::present})) == Names{"1", "2"});
}

TEST_CASE("csv: a column with many different texts is text") {
  std::string text = "remark,x\n";
  for (int i = 0; i < 10; ++i) text += "r" + std::to_string(i) + ",1\n";
  CHECK(read_csv(text, "f.csv").columns[0].type == ColumnType::categorical);
  const Table table = read_csv(text, "f.csv", {.max_levels = 9});
  CHECK(table.columns[0].type == ColumnType::text);
  CHECK(table.columns[0].texts[9] == "r9");
}

TEST_CASE("csv: errors say line, column and what was expected") {
  CHECK(csv_error("a,b,c\n1,2,3\n4,5\n") ==
        "f.csv:3:4: the record has only 2 values; expected 3 values, as in line 1");
  CHECK(csv_error("a,b\n1,2\n4,5,66\n") ==
        "f.csv:3:5: the record has more than 2 values; expected 2 values, as in line 1");
  CHECK(csv_error("a,b\n1,\"2\n3,4\n") ==
        "f.csv:2:3: the quote is never closed; expected a closing quote");
  CHECK(csv_error("a,b\n1,\"2\"x\n") ==
        "f.csv:2:6: text behind a closing quote; expected a delimiter or the end of the line");
  CHECK(csv_error("a,b\n1,5\" pipe\n") ==
        "f.csv:2:4: a quote inside a value that is not in quotes; expected the whole value in "
        "quotes, and "
        "each quote in it doubled");
  CHECK(csv_error("") == "f.csv: the file has no records; expected lines of values");
  CHECK(csv_error(" \n\n") == "f.csv: the file has no records; expected lines of values");
  CHECK(csv_error("a,b\n", {.header = CsvHeader::present}) ==
        "f.csv: the file has a header but no data; expected at least one record below line 1");
  CHECK(csv_error("a,b,a\n1,2,3\n") ==
        "f.csv:1:5: two columns are named 'a'; expected a different name for each column");
  CHECK(csv_error("a,b\n1,\xE9\n") == "f.csv:2:3: byte 0xe9 is not text; expected text in UTF-8");
}

TEST_CASE("csv: limits") {
  CHECK(csv_error("a,b\n1,2\n", {.limits = {.max_bytes = 4}}) ==
        "f.csv: the file has 8 bytes; expected at most 4");
  CHECK(csv_error("a,b\n1,2\n", {.limits = {.max_cells = 3}}) ==
        "f.csv:2:3: the file has too many values; expected at most 3 in all");
  CHECK(csv_error("a,b\n1,2\n", {.limits = {.max_columns = 1}}) ==
        "f.csv:1:3: the record has too many values; expected at most 1");
}

TEST_CASE("counted csv: scikit-learn's form") {
  const std::string_view text = "3,2,setosa,virginica\n5.1,3.5,0\n4.9,3.0,0\n6.2,3.4,1\n";
  REQUIRE(is_counted_csv(text));
  const Dataset dataset = read_counted_csv(text, "iris.csv", {"length", "width"});
  CHECK(dataset.name == "iris");
  CHECK(dataset.rows() == 3);
  CHECK(dataset.columns() == 2);
  CHECK(dataset.features(2, 1) == 3.4);
  CHECK(dataset.labels == std::vector<int>{0, 0, 1});
  CHECK(dataset.class_names == Names{"setosa", "virginica"});
  CHECK(dataset.feature_names == Names{"length", "width"});
  CHECK(read_counted_csv(text, "iris.csv").feature_names == Names{"x1", "x2"});

  CHECK_FALSE(is_counted_csv("a,b\n1,2\n"));
  CHECK_FALSE(is_counted_csv("3,2,setosa\n1,2\n"));  // two values where three belong
  CHECK_FALSE(is_counted_csv("1,2,3\n4,5,6\n"));
  CHECK_FALSE(is_counted_csv(""));
}

TEST_CASE("counted csv: every count is checked") {
  const auto error = [](std::string_view text, std::vector<std::string> feature_names = {}) {
    return error_of([&] { read_counted_csv(text, "f.csv", feature_names); });
  };
  CHECK(error("3,1,a,b\n1,0\n2,1\n") ==
        "f.csv: the file has 2 rows; expected 3 rows, as line 1 says");
  CHECK(error("1,1,a,b\n1,2\n") ==
        "f.csv:2:3: the class index is '2'; expected a whole number from 0 to 1");
  CHECK(error("1,1,a,b\nx,1\n") == "f.csv:2:1: feature 1 is 'x'; expected a finite number");
  CHECK(error("1,1,a,b\n1e999,1\n") == "f.csv:2:1: feature 1 is '1e999'; expected a finite number");
  CHECK(error("1,2,a,b\n1,1\n") == "f.csv:2:4: the record has only 2 values; expected 3 values");
  CHECK(error("1,1,a,b\n1,1,0\n") ==
        "f.csv:2:5: the record has more than 2 values; expected 2 values");
  CHECK(error("a,b\n1,2\n") ==
        "f.csv:1:1: the first line does not count rows and features; expected a line like "
        "569,30,malignant,benign: rows, features, class names");
  CHECK(error("1,1,a,b\n1,0\n", {"u", "v"}) ==
        "f.csv:1:1: the file has 1 feature; expected 2 features");
}
