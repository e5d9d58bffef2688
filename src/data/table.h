// What does a file with named, typed columns hold, and how does it become a Dataset?
//
// The text readers (csv, arff) give a Table: columns as they stand in the file, missing values
// marked. Choosing the target, what to do about missing values and how to turn categories into
// numbers is the person's choice, made once, in `to_dataset`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "data/limits.h"

namespace lab {

enum class ColumnType {
  numeric,
  categorical,  // one of a few levels
  text,         // anything else; never a feature
};
std::string_view name_of(ColumnType type);

struct Column {
  std::string name;
  ColumnType type = ColumnType::numeric;
  std::vector<double> numbers;       // numeric: one a row, NaN where missing
  std::vector<int> codes;            // categorical: index into `levels`, -1 where missing
  std::vector<std::string> levels;   // categorical: as declared, else in order of first appearance
  std::vector<std::string> texts;    // text: one a row, empty where missing
  std::vector<std::size_t> missing;  // rows without a value, ascending
  // Of a column whose type was not declared but found: how many values are numbers although not all
  // are, and the first row whose value is none. A column of mostly numbers is a numeric one with a
  // slip in it.
  std::size_t number_like = 0;
  std::size_t first_other = 0;
};

struct Table {
  std::string name;    // the relation's name, or the file's without folder and extension
  std::string source;  // the file's name, for messages
  std::size_t rows = 0;
  std::vector<Column> columns;
  std::vector<std::size_t> lines;  // per row the line where it begins, from 1; empty if it has none
};

enum class Task {
  automatic,       // a categorical target, or at most 20 different whole numbers: classification
  classification,  // a numeric target gives one class for each different value, in ascending order
  regression,
};
enum class MissingPolicy {
  error,      // refuse, with the count and the first place
  drop_rows,  // leave out every row in which a used column has no value
  impute,  // features: the column's mean, or its most frequent level; a missing target is an error
};
enum class CategoricalPolicy {
  one_hot,  // a 0/1 feature per level, named "column=level"; two levels give one feature, of the
            // second
  drop,     // leave categorical features out
  error,    // refuse
};

struct TableOptions {
  // A column's name, or its number from 1; nothing: the last column.
  std::optional<std::string> target = {};
  bool no_target = false;  // every column is a feature; no labels and no targets
  Task task = Task::automatic;
  MissingPolicy missing = MissingPolicy::error;
  CategoricalPolicy categorical = CategoricalPolicy::one_hot;
  std::vector<std::string> exclude = {};  // columns to leave out, by name or number from 1
  Limits limits = {};                     // of the dataset: rows x features
};

// The file's name without folder and extension: "data/iris.csv.gz" -> "iris".
std::string table_name(std::string_view source);

// The index of the column that `selector` (a name, or a number from 1) means. Error: no such
// column.
std::size_t column_index(const Table& table, std::string_view selector);

// The table as a Dataset, its provenance saying the source and what was done about missing values
// and categories. Errors: a feature column of type text, or of mostly numbers (they say what to
// do), an infinite number, a missing value where the policy refuses it, no row or no feature left.
Dataset to_dataset(const Table& table, const TableOptions& options = {});

// A table of one numeric column per column of `values` (rows x cols, row-major), named x1, x2, ...
Table table_of(MatrixView<double> values, std::string name, std::string source);

}  // namespace lab
