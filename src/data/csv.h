// Reads comma-separated values (RFC 4180) from memory.
//
// A record is one line; a value in double quotes may hold delimiters, line breaks and, doubled,
// quotes. Lines end in LF, CR or CRLF, mixed if need be; a byte order mark and blank lines are
// skipped; blanks around a value that is not in quotes do not count. Every record must have as many
// values as the first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/limits.h"
#include "data/table.h"

namespace lab {

enum class CsvHeader {
  detect,   // see below
  present,  // the first record names the columns
  absent,   // it is data; columns are named x1, x2, ...
};

struct CsvOptions {
  char delimiter =
      0;  // 0: comma, semicolon or tab, whichever splits the first 32 records most evenly
  CsvHeader header = CsvHeader::detect;
  // A value that equals one of these, but for case, is missing; so is an empty one.
  std::vector<std::string> missing = {"NA", "NaN", "?"};
  // A column that is not numeric is categorical with at most this many levels, else text.
  std::size_t max_levels = 256;
  Limits limits = {};
};

// The columns of `text`. Types: numeric when every value that is not missing is a number, else
// categorical (levels in order of first appearance), else text. Header detection: the first record
// is a header when none of its values is a number and below one of them all are; in a file without
// a numeric column, when its values are all different, none is empty, and none occurs again in its
// column. Errors carry `source:line:column`, what is wrong and what was expected.
Table read_csv(std::string_view text, std::string_view source, const CsvOptions& options = {});

// Whether `text` begins with a line such as "569,30,malignant,benign" (rows, features, class
// names), followed by a line of features + 1 numbers.
bool is_counted_csv(std::string_view text);

// Reads that form, used by the data files of scikit-learn: after the first line, each line has the
// features and then the class index 0..k-1. `feature_names` may be empty (x1, x2, ...). Every count
// is checked.
Dataset read_counted_csv(std::string_view text, std::string_view source,
                         std::vector<std::string> feature_names = {}, const Limits& limits = {});

}  // namespace lab
