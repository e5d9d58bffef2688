// Reads ARFF, Weka's format: a relation, typed attributes, then one instance a line, dense or
// sparse.
//
//     % a comment
//     @relation iris
//     @attribute 'sepal length' numeric        (also real, integer)
//     @attribute class {setosa, versicolor}    (nominal)
//     @attribute remark string                 (also date, with a format; both are read as text)
//     @data
//     5.1, setosa, 'a remark'
//     {0 5.1, 1 versicolor}                    (sparse: index value; the rest is 0 or the first
//     level)
//
// Keywords and types in any case; names and values in single or double quotes, or bare; \' \" \\ \%
// \n \r \t and \uXXXX inside quotes; ? is a missing value; values are parted by commas or blanks.
// Instance weights and relational attributes are refused.
#pragma once

#include <string_view>

#include "data/limits.h"
#include "data/table.h"

namespace lab {

// Whether the first line that is neither empty nor a comment begins with @relation.
bool is_arff(std::string_view text);

// The table in `text`; nominal attributes are categorical with their declared levels. Errors carry
// `source:line:column`: an undeclared level, something that is not a number, too few or too many
// values, an unclosed quote, a missing section, an unknown keyword or type, a sparse index that
// does not ascend.
Table read_arff(std::string_view text, std::string_view source, const Limits& limits = {});

}  // namespace lab
