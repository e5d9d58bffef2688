#include "core/csv_cell.h"

#include <doctest/doctest.h>

using namespace lab;

TEST_CASE("a cell is quoted only where it must be") {
  CHECK(csv_cell("plain text") == "plain text");
  CHECK(csv_cell("") == "");
  CHECK(csv_cell("a,b") == "\"a,b\"");
  CHECK(csv_cell("a \"b\"") == "\"a \"\"b\"\"\"");
  CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
}
