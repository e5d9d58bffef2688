// What the fuzz targets share. Each gives a reader arbitrary bytes; it may refuse them with a
// lab::Error that can be printed, or give a result whose invariants hold. Anything else, be it a
// crash, a sanitizer's finding, another exception, or much memory or time, is a defect. Found
// inputs become regression tests beside the reader's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "core/error.h"
#include "data/csv.h"
#include "data/limits.h"
#include "data/table.h"
#include "data/text.h"

namespace lab::fuzz {

// Small, so that whatever gets past the limits shows as a slow or large run.
inline constexpr Limits kLimits{
    .max_bytes = std::size_t{1} << 20, .max_cells = std::size_t{1} << 16, .max_columns = 1024};

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::span<const std::byte> bytes_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Runs `read`; an Error must be of the input's kind and safe to print and to put into JSON.
template <class Read>
void expect_result_or_error(Read read) {
  try {
    read();
  } catch (const Error& error) {
    const std::string_view text = error.what();
    require(error.kind() == Error::Kind::input);
    require(!text.empty() && is_utf8(text));
    for (const char c : text) require((c < 0 || c >= ' ') && c != '\x7F');
  }
}

inline void check_table(const Table& table) {
  require(table.rows > 0 && !table.columns.empty());
  require(table.lines.empty() || table.lines.size() == table.rows);
  for (const Column& column : table.columns) {
    require(!column.name.empty() && is_utf8(column.name));
    const bool numeric = column.type == ColumnType::numeric;
    const bool categorical = column.type == ColumnType::categorical;
    require(column.numbers.size() == (numeric ? table.rows : 0));
    require(column.codes.size() == (categorical ? table.rows : 0));
    require(column.texts.size() == (column.type == ColumnType::text ? table.rows : 0));
    std::size_t missing = 0;
    for (const double x : column.numbers) missing += x != x ? 1 : 0;
    for (const int code : column.codes) {
      require(code < static_cast<int>(column.levels.size()));
      missing += code < 0 ? 1 : 0;
    }
    if (column.type != ColumnType::text) require(column.missing.size() == missing);
    for (std::size_t k = 0; k < column.missing.size(); ++k) {
      require(column.missing[k] < table.rows &&
              (k == 0 || column.missing[k] > column.missing[k - 1]));
    }
  }
}

// Every way from a table to a dataset; to_dataset checks its result itself.
inline void make_datasets(const Table& table) {
  for (const MissingPolicy missing :
       {MissingPolicy::error, MissingPolicy::drop_rows, MissingPolicy::impute}) {
    for (const CategoricalPolicy categorical :
         {CategoricalPolicy::one_hot, CategoricalPolicy::drop}) {
      expect_result_or_error([&] {
        to_dataset(table, {.missing = missing, .categorical = categorical, .limits = kLimits});
      });
    }
  }
}

}  // namespace lab::fuzz
