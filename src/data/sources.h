// Which data sets have a name, and where are their files?
//
// The files come from a DataSource: on the desktop and the command line a list of folders, in a
// page whatever the page has fetched. Their bytes are pinned by SHA-256, so that a name always
// means the same numbers.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"

namespace lab {

// What is known of a named data set without opening it.
struct DataDescription {
  std::string_view name;   // "wdbc"
  std::string_view title;  // a line for people
  std::string_view file;   // "breast_cancer.csv"
  std::size_t rows = 0;
  std::size_t features = 0;
  std::size_t classes = 0;   // 0: a regression
  std::string_view source;   // who made it, and whose copy this is
  std::string_view licence;  // SPDX identifier, and where it is stated
  std::string_view sha256;   // of the file, expanded if it came compressed
};

// wdbc (class 0 malignant, 1 benign), digits, iris, wine, diabetes (a regression).
std::span<const DataDescription> named_data();

// nullptr: no data set has this name.
const DataDescription* find_named_data(std::string_view name);

struct DataFile {
  std::vector<std::byte> bytes;  // may be compressed with gzip
  std::string where;             // path or URL, for messages
};

struct DataSource {
  // The file of this name; nothing if there is none. Called from any thread, one call at a time.
  std::function<std::optional<DataFile>(std::string_view file)> read;
  std::string places;  // where it looks, for the message that says that a file is missing
  bool disk = false;   // a person's own files can be opened by their paths
};

// Looks in each folder in turn for `file` and `file`.gz.
DataSource folder_source(std::vector<std::string> folders);

// Where prepared data and trained models lie, first to last: $LOGIT_LAB_DATA; unless
// executable_folder is empty: <executable_folder>/../share/logit-lab/data, and the source tree's
// examples; ${LOGIT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/logit-lab}/data.
std::vector<std::string> data_folders(std::string_view executable_folder);

// What is expected where a file of set-up's is not there.
inline constexpr std::string_view kPreparedFile =
    "the file in one of these places: ./lab setup prepares it in the last; LOGIT_LAB_DATA names "
    "another folder";

// A file of a source, expanded. what: what it is of ("data set 'wdbc'"), for messages. Errors: it
// is not there (`expected` says what would be right); it is damaged or too large.
DataFile read_data_file(const DataSource& source, std::string_view file, std::string_view what,
                        std::string_view expected = kPreparedFile);

// Error: the file has another SHA-256.
void check_pinned(const DataFile& file, std::string_view sha256, std::string_view what);

// Reads and checks a named data set. Errors: the file is not there (`./lab setup` prepares it), or
// is not the pinned one.
Dataset load_named_data(const DataDescription& description, const DataSource& source);

}  // namespace lab
