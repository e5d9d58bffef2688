#include "data/table.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

#include "core/error.h"
#include "core/names.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::size_t kMaxAutomaticClasses = 20;
constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53

bool is_finite(double x) {
  return x - x == 0;
}

bool is_whole(double x) {
  return x >= -kMaxExactInteger && x <= kMaxExactInteger &&
         static_cast<double>(static_cast<std::int64_t>(x)) == x;
}

std::string row_place(const Table& table, std::size_t row) {
  if (row < table.lines.size()) return table.source + ":" + std::to_string(table.lines[row]);
  return table.source + ", row " + std::to_string(row + 1);
}

std::string cell_place(const Table& table, std::size_t row, const Column& column) {
  return row_place(table, row) + ", column " + quoted(column.name);
}

std::string column_place(const Table& table, const Column& column) {
  return table.source + ", column " + quoted(column.name);
}

// The text of a cell of a column that is not numeric.
std::string_view text_of(const Column& column, std::size_t row) {
  if (column.type == ColumnType::text) return column.texts[row];
  return column.levels[static_cast<std::size_t>(column.codes[row])];
}

void check_is_feature(const Table& table, const Column& column) {
  const std::size_t values = table.rows - column.missing.size();
  const std::string remedy = ", or the column excluded";
  if (column.number_like > values / 2) {
    throw Error("the value " + quoted(text_of(column, column.first_other)) +
                    " is not a number, but " + std::to_string(column.number_like) +
                    " of the column's " + counted(values, "value") + " are",
                cell_place(table, column.first_other, column),
                "a number, or a spelling of a missing value (empty, NA, NaN, ?)" + remedy);
  }
  if (column.type == ColumnType::text) {
    throw Error("a text column cannot be a feature", column_place(table, column),
                "numbers or a few categories" + remedy);
  }
  if (values == 0) {
    throw Error("the column has no values", column_place(table, column),
                "at least one value" + remedy);
  }
}

struct MissingCount {
  std::size_t count = 0;
  std::size_t row = 0;  // of the first, in the first column that has one there
  const Column* column = nullptr;

  void add(const Column& other) {
    if (other.missing.empty()) return;
    count += other.missing.size();
    if (!column || other.missing.front() < row) {
      row = other.missing.front();
      column = &other;
    }
  }
};

[[noreturn]] void refuse_missing(const Table& table, const MissingCount& missing,
                                 std::string expected) {
  throw Error("the value is missing" +
                  (missing.count > 1 ? " (the first of " + std::to_string(missing.count) + ")"
                                     : std::string()),
              cell_place(table, missing.row, *missing.column), std::move(expected));
}

// Numeric column -> the mean of its values in `rows`, added in order.
double mean_of(const Column& column, const std::vector<std::size_t>& rows) {
  double sum = 0;
  std::size_t count = 0;
  for (const std::size_t row : rows) {
    const double x = column.numbers[row];
    if (x != x) continue;
    sum += x;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

// Categorical column -> its most frequent level in `rows`; of equals the first.
int mode_of(const Column& column, const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> counts(column.levels.size());
  for (const std::size_t row : rows) {
    if (column.codes[row] >= 0) ++counts[static_cast<std::size_t>(column.codes[row])];
  }
  return static_cast<int>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

class DatasetBuilder {
 public:
  DatasetBuilder(const Table& table, const TableOptions& options)
      : table_(table), options_(options) {}

  Dataset build() {
    choose_columns();
    choose_rows();
    dataset_.name = table_.name;
    dataset_.provenance.source = table_.source;
    fill_features();
    if (target_) fill_target(*target_);
    if (dropped_rows_ > 0) {
      note(dataset_, "dropped " + counted(dropped_rows_, "row") + " with missing values");
    }
    if (imputed_ > 0) {
      note(dataset_, "filled in " + counted(imputed_, "missing value") +
                         " with the column's mean or most frequent level");
    }
    if (one_hot_) note(dataset_, "categories as 0/1 features");
    if (dropped_columns_ > 0) {
      note(dataset_, "left out " + counted(dropped_columns_, "categorical column"));
    }
    check(dataset_);
    return std::move(dataset_);
  }

 private:
  void choose_columns() {
    std::vector<bool> excluded(table_.columns.size());
    for (const std::string& selector : options_.exclude)
      excluded[column_index(table_, selector)] = true;
    if (!options_.no_target) {
      const std::size_t target =
          options_.target ? column_index(table_, *options_.target) : table_.columns.size() - 1;
      if (excluded[target]) {
        throw Error("the target is among the excluded columns",
                    column_place(table_, table_.columns[target]), "a column that is kept");
      }
      target_ = &table_.columns[target];
    }
    for (std::size_t j = 0; j < table_.columns.size(); ++j) {
      const Column& column = table_.columns[j];
      if (excluded[j] || &column == target_) continue;
      if (column.type == ColumnType::categorical && column.number_like == 0) {
        if (options_.categorical == CategoricalPolicy::drop) {
          ++dropped_columns_;
          continue;
        }
        if (options_.categorical == CategoricalPolicy::error) {
          throw Error("the column is categorical", column_place(table_, column),
                      "a numeric column");
        }
      }
      check_is_feature(table_, column);
      features_.push_back(&column);
    }
    if (features_.empty()) {
      throw Error("no feature is left", table_.source, "at least one column beside the target");
    }
  }

  void choose_rows() {
    std::vector<bool> keep(table_.rows, true);
    MissingCount missing;
    for (const Column* column : features_) missing.add(*column);
    if (options_.missing == MissingPolicy::impute) {
      imputed_ = missing.count;
      missing = {};
    }
    if (target_) missing.add(*target_);
    if (missing.count > 0) {
      if (options_.missing == MissingPolicy::error) {
        refuse_missing(table_, missing,
                       "a value, or a policy for missing ones: drop their rows, or impute");
      }
      if (options_.missing == MissingPolicy::impute) {
        refuse_missing(table_, missing,
                       "a value for the target, which cannot be filled in; or drop its rows");
      }
      const auto drop = [&](const Column& column) {
        for (const std::size_t row : column.missing) keep[row] = false;
      };
      for (const Column* column : features_) drop(*column);
      if (target_) drop(*target_);
    }
    for (std::size_t row = 0; row < table_.rows; ++row) {
      if (keep[row]) rows_.push_back(row);
    }
    dropped_rows_ = table_.rows - rows_.size();
    if (rows_.empty()) {
      throw Error("every row has a missing value", table_.source,
                  "a complete row, or columns with many missing values excluded");
    }
  }

  static std::size_t width_of(const Column& column) {
    if (column.type == ColumnType::numeric || column.levels.size() <= 2) return 1;
    return column.levels.size();
  }

  void fill_features() {
    std::size_t width = 0;
    for (const Column* column : features_) width += width_of(*column);
    if (width > options_.limits.max_cells / rows_.size()) {
      throw Error("the data would have " + std::to_string(rows_.size()) + " x " +
                      std::to_string(width) + " values",
                  table_.source, "at most " + std::to_string(options_.limits.max_cells));
    }
    dataset_.features = Matrix::from_shape({rows_.size(), width});
    std::size_t first = 0;
    for (const Column* column : features_) {
      if (column->type == ColumnType::numeric) {
        fill_numbers(*column, first);
      } else {
        fill_levels(*column, first);
      }
      first += width_of(*column);
    }
  }

  void fill_numbers(const Column& column, std::size_t j) {
    dataset_.feature_names.push_back(column.name);
    const double mean = column.missing.empty() ? 0 : mean_of(column, rows_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double x = column.numbers[rows_[i]];
      dataset_.features(i, j) = x == x ? finite(x, rows_[i], column) : mean;
    }
  }

  void fill_levels(const Column& column, std::size_t first) {
    one_hot_ = true;
    const std::size_t width = width_of(column);
    // Two levels: one feature that is 1 for the second; one level: a feature that is always 1.
    const std::size_t base = width == 1 ? column.levels.size() - 1 : 0;
    for (std::size_t k = 0; k < width; ++k) {
      dataset_.feature_names.push_back(column.name + "=" + column.levels[base + k]);
    }
    const int mode = mode_of(column, rows_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const int code = column.codes[rows_[i]] >= 0 ? column.codes[rows_[i]] : mode;
      for (std::size_t k = 0; k < width; ++k) {
        dataset_.features(i, first + k) = static_cast<std::size_t>(code) == base + k ? 1.0 : 0.0;
      }
    }
  }

  double finite(double x, std::size_t row, const Column& column) const {
    if (!is_finite(x)) {
      throw Error("the number is infinite or too large", cell_place(table_, row, column),
                  "a number below 1.8e308 in size");
    }
    return x;
  }

  void fill_target(const Column& target) {
    if (target.type == ColumnType::text) {
      throw Error("a text column cannot be the target", column_place(table_, target),
                  "numbers or a few categories");
    }
    if (target.type == ColumnType::categorical) {
      if (options_.task == Task::regression) {
        throw Error("regression on a categorical target", column_place(table_, target),
                    "a numeric column");
      }
      dataset_.class_names = target.levels;
      for (const std::size_t row : rows_) dataset_.labels.push_back(target.codes[row]);
      return;
    }
    const bool classify = options_.task == Task::classification ||
                          (options_.task == Task::automatic && has_few_whole_numbers(target));
    if (classify) {
      number_classes(target);
    } else {
      dataset_.targets = Vector::from_shape({rows_.size()});
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        dataset_.targets(i) = finite(target.numbers[rows_[i]], rows_[i], target);
      }
    }
  }

  bool has_few_whole_numbers(const Column& target) const {
    std::vector<double> seen;
    for (const std::size_t row : rows_) {
      const double x = target.numbers[row];
      if (!is_whole(x)) return false;
      if (std::find(seen.begin(), seen.end(), x) != seen.end()) continue;
      if (seen.size() == kMaxAutomaticClasses) return false;
      seen.push_back(x);
    }
    return true;
  }

  void number_classes(const Column& target) {
    std::vector<double> values;
    values.reserve(rows_.size());
    for (const std::size_t row : rows_) {
      const double x = target.numbers[row];
      if (!is_whole(x)) {
        throw Error("the class is not a whole number", cell_place(table_, row, target),
                    "whole numbers or categories; or the task regression");
      }
      values.push_back(x);
    }
    std::vector<double> classes = values;
    std::stable_sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
    for (const double x : classes) {
      dataset_.class_names.push_back(std::to_string(static_cast<std::int64_t>(x)));
    }
    for (const double x : values) {
      dataset_.labels.push_back(
          static_cast<int>(std::lower_bound(classes.begin(), classes.end(), x) - classes.begin()));
    }
  }

  const Table& table_;
  const TableOptions& options_;
  std::vector<const Column*> features_;
  const Column* target_ = nullptr;
  std::vector<std::size_t> rows_;
  std::size_t dropped_rows_ = 0, imputed_ = 0, dropped_columns_ = 0;
  bool one_hot_ = false;
  Dataset dataset_;
};

}  // namespace

std::string_view name_of(ColumnType type) {
  switch (type) {
    case ColumnType::numeric:
      return "numeric";
    case ColumnType::categorical:
      return "categorical";
    case ColumnType::text:
      return "text";
  }
  return "";
}

std::string table_name(std::string_view source) {
  const std::size_t folder = source.find_last_of("/\\");
  if (folder != std::string_view::npos) source.remove_prefix(folder + 1);
  const auto drop_extension = [&] {
    const std::size_t dot = source.rfind('.');
    if (dot != std::string_view::npos && dot > 0) source = source.substr(0, dot);
  };
  if (source.size() > 3 && equal_ignoring_case(source.substr(source.size() - 3), ".gz")) {
    drop_extension();
  }
  drop_extension();
  return source.empty() ? "data" : std::string(source);
}

std::size_t column_index(const Table& table, std::string_view selector) {
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    if (table.columns[j].name == selector) return j;
  }
  const auto number = parse_count(selector, table.columns.size());
  if (number && *number > 0) return *number - 1;
  std::vector<std::string> names;
  for (const Column& column : table.columns) {
    const std::string shown = quoted(column.name);
    names.push_back(shown.substr(1, shown.size() - 2));
  }
  throw Error("no column is named " + quoted(selector), table.source,
              expected_name(selector, names) + ", or a number from 1 to " +
                  std::to_string(table.columns.size()));
}

Dataset to_dataset(const Table& table, const TableOptions& options) {
  return DatasetBuilder(table, options).build();
}

Table table_of(MatrixView<double> values, std::string name, std::string source) {
  Table table;
  table.name = std::move(name);
  table.source = std::move(source);
  table.rows = values.rows;
  for (std::size_t j = 0; j < values.cols; ++j) {
    Column column;
    column.name = "x" + std::to_string(j + 1);
    column.numbers.reserve(values.rows);
    for (std::size_t i = 0; i < values.rows; ++i) {
      const double x = values(i, j);
      if (x != x) column.missing.push_back(i);
      column.numbers.push_back(x);
    }
    table.columns.push_back(std::move(column));
  }
  return table;
}

}  // namespace lab
