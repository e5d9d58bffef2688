// A person's own file, whatever its format: opened, described, made a data set.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv.h"
#include "data/dataset.h"
#include "data/table.h"

namespace lab {

enum class FileFormat {
  csv,
  counted_csv,  // CSV whose first line counts rows, features and names the classes
  arff,
  idx,
  npy,
  npz,
};
std::string_view name_of(FileFormat format);

struct ImportedFile {
  FileFormat format = FileFormat::csv;
  bool compressed = false;  // it came as gzip
  std::string sha256;       // of the bytes as given
  Table table;
};

// Reads a file from its bytes; any of the formats may be compressed with gzip. The format is told
// by the first bytes; what looks like none of the others is CSV. Arrays of rank above 2 become rows
// of all their further elements or, where those are more than limits.max_columns, of their last
// dimension's. An NPZ file holds one array, or features named X, x, features, data or x_train and a
// target named y, labels, target, targets or y_train, which becomes the last column. `options` are
// for CSV; its limits hold for every format. Errors: those of the readers.
ImportedFile import_bytes(std::span<const std::byte> bytes, std::string_view file,
                          const CsvOptions& options = {});

// The same from the disk.
ImportedFile import_file(const std::string& path, const CsvOptions& options = {});

// The imported table as a data set, named after the file, its SHA-256 in the provenance.
Dataset to_dataset(const ImportedFile& imported, const TableOptions& options = {});

struct ColumnSummary {
  std::string name;
  ColumnType type = ColumnType::numeric;
  std::size_t missing = 0;
  // numeric, over the values that are there (0 if none is):
  double least = 0, greatest = 0, mean = 0;
  // categorical: each level with its count
  std::vector<std::string> levels = {};
  std::vector<std::size_t> counts = {};
};

// What `data import` shows before a target is chosen.
std::vector<ColumnSummary> summarise(const Table& table);

}  // namespace lab
