#include "data/import.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/digest.h"
#include "core/error.h"
#include "data/arff.h"
#include "data/files.h"
#include "data/idx.h"
#include "data/inflate.h"
#include "data/npy.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::array<std::string_view, 5> kFeatureNames = {"X", "x", "features", "data", "x_train"};
constexpr std::array<std::string_view, 5> kTargetNames = {"y", "labels", "target", "targets",
                                                          "y_train"};

// Of more than two dimensions whose rows would be more columns than a table may have: what the last
// dimension holds becomes a row.
FileArray narrowed(const FileArray& array) {
  FileArray result = array;
  const bool wide = array.rank() > 2 && array.size() > array.shape[0] * Limits{}.max_columns;
  if (wide) result.shape = {array.size() / array.shape.back(), array.shape.back()};
  return result;
}

Table table_of_array(const FileArray& array, std::string_view file) {
  const Matrix matrix = to_matrix(narrowed(array), file);
  return table_of(view(matrix), table_name(file), std::string(file));
}

const NamedArray* find_named(std::span<const NamedArray> arrays,
                             std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    for (const NamedArray& array : arrays) {
      if (array.name == name) return &array;
    }
  }
  return nullptr;
}

Table table_of_arrays(std::span<const NamedArray> arrays, std::string_view file) {
  if (arrays.size() == 1) return table_of_array(arrays[0].array, file);
  const NamedArray* features = find_named(arrays, kFeatureNames);
  const NamedArray* target = find_named(arrays, kTargetNames);
  if (!features || !target) {
    std::string listed;
    for (const NamedArray& array : arrays) {
      listed += (listed.empty() ? "" : ", ") + quoted(array.name) + " (" +
                shape_text(array.array.shape) + ")";
    }
    throw Error("which of its arrays are features and target is not clear: " +
                    (listed.empty() ? std::string("it has none") : listed),
                std::string(file), "one array, or features named X and a target named y");
  }
  Table table = table_of_array(features->array, file);
  Table last = table_of_array(target->array, file);
  if (last.columns.size() != 1 || last.rows != table.rows) {
    throw Error("the features have " + counted(table.rows, "row") + ", the target has the shape " +
                    shape_text(target->array.shape),
                std::string(file), "one target for each row");
  }
  last.columns[0].name = target->name;
  table.columns.push_back(std::move(last.columns[0]));
  return table;
}

Table table_of_dataset(const Dataset& dataset, std::string_view file) {
  Table table = table_of(view(dataset.features), dataset.name, std::string(file));
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    table.columns[j].name = dataset.feature_names[j];
  }
  Column target;
  target.name = "class";
  target.type = ColumnType::categorical;
  target.codes = dataset.labels;
  target.levels = dataset.class_names;
  table.columns.push_back(std::move(target));
  return table;
}

FileFormat format_of(std::span<const std::byte> bytes) {
  if (is_npy(bytes)) return FileFormat::npy;
  if (is_zip(bytes)) return FileFormat::npz;
  if (is_idx(bytes)) return FileFormat::idx;
  const std::string_view text = as_text(bytes);
  if (is_arff(text)) return FileFormat::arff;
  return is_counted_csv(text) ? FileFormat::counted_csv : FileFormat::csv;
}

}  // namespace

std::string_view name_of(FileFormat format) {
  switch (format) {
    case FileFormat::csv:
      return "CSV";
    case FileFormat::counted_csv:
      return "CSV with a counting first line";
    case FileFormat::arff:
      return "ARFF";
    case FileFormat::idx:
      return "IDX";
    case FileFormat::npy:
      return "NPY";
    case FileFormat::npz:
      return "NPZ";
  }
  return "";
}

ImportedFile import_bytes(std::span<const std::byte> bytes, std::string_view file,
                          const CsvOptions& options) {
  ImportedFile imported;
  imported.sha256 = sha256_hex(bytes);
  std::vector<std::byte> expanded;
  if (is_gzip(bytes)) {
    imported.compressed = true;
    expanded = gunzip(bytes, file, options.limits);
    bytes = expanded;
  }
  imported.format = format_of(bytes);
  const std::string_view text = as_text(bytes);
  switch (imported.format) {
    case FileFormat::csv:
      imported.table = read_csv(text, file, options);
      break;
    case FileFormat::counted_csv:
      imported.table = table_of_dataset(read_counted_csv(text, file, {}, options.limits), file);
      break;
    case FileFormat::arff:
      imported.table = read_arff(text, file, options.limits);
      break;
    case FileFormat::idx:
      imported.table = table_of_array(read_idx(bytes, file, options.limits), file);
      break;
    case FileFormat::npy:
      imported.table = table_of_array(read_npy(bytes, file, options.limits), file);
      break;
    case FileFormat::npz:
      imported.table = table_of_arrays(read_npz(bytes, file, options.limits), file);
      break;
  }
  return imported;
}

ImportedFile import_file(const std::string& path, const CsvOptions& options) {
  return import_bytes(read_file(path, options.limits), path, options);
}

Dataset to_dataset(const ImportedFile& imported, const TableOptions& options) {
  Dataset dataset = to_dataset(imported.table, options);
  dataset.provenance.sha256 = imported.sha256;
  return dataset;
}

std::vector<ColumnSummary> summarise(const Table& table) {
  std::vector<ColumnSummary> summaries;
  for (const Column& column : table.columns) {
    ColumnSummary summary{.name = column.name,
                          .type = column.type,
                          .missing = column.missing.size(),
                          .levels = column.levels,
                          .counts = std::vector<std::size_t>(column.levels.size())};
    double sum = 0;
    std::size_t count = 0;
    for (const double x : column.numbers) {
      if (x != x) continue;
      summary.least = count == 0 ? x : std::min(summary.least, x);
      summary.greatest = count == 0 ? x : std::max(summary.greatest, x);
      sum += x;
      ++count;
    }
    if (count > 0) summary.mean = sum / static_cast<double>(count);
    for (const int code : column.codes) {
      if (code >= 0) ++summary.counts[static_cast<std::size_t>(code)];
    }
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace lab
