// The data sets that experiments can name: the built-in ones and those that a person imported. Each
// is read once and shared from then on.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "data/import.h"
#include "data/sources.h"

namespace lab {

// One line of a listing.
struct DataListing {
  std::string name;
  std::string title;
  std::size_t rows = 0;
  std::size_t features = 0;
  std::size_t classes = 0;  // 0: not a classification
  std::string source;
  std::string licence;
  bool imported = false;
  bool available = false;  // its file can be read
};

// The numbers of an NPY file, whose dimensions a data set does not have.
struct NumberArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;  // row-major
};

// May be used from any number of threads. A data set that somebody holds stays as it is, whatever
// is imported later.
class DataStore {
 public:
  explicit DataStore(DataSource source);

  // The data set of this name, read now if it was not yet. Errors: no such name (with the nearest),
  // and those of load_named_data; a failed attempt is tried again the next time.
  std::shared_ptr<const Dataset> get(std::string_view name) const;

  // Adds a checked data set under its name, in place of an imported one of the same name. Error:
  // the name is a built-in data set's; the data set does not pass `check`.
  void add(Dataset dataset);

  // Reads a person's own file (see import.h) and keeps it under its name for `file`, in place of
  // one of the same name. Errors: those of the readers and of `to_dataset`; nothing has changed
  // then.
  ImportedFile add_file(std::string_view name, std::span<const std::byte> bytes);

  // A person's own file as a data set: the one added under this name, else the file at this path of
  // the disk, read now. Errors: those of the readers; there is neither.
  std::shared_ptr<const Dataset> file(std::string_view name) const;

  // Keeps a person's own file as it is under its name, in place of one of the same name. Files that
  // make one thing together have a folder's name and a slash before their own.
  void keep(std::string_view name, std::vector<std::byte> bytes);

  // A person's own file as it is: the one kept under this name, else the file at this path of the
  // disk, read now. Error: there is neither.
  DataFile kept(std::string_view name, const Limits& limits = {}) const;

  // A file of the source, expanded: see read_data_file, whose errors it has.
  DataFile read(std::string_view file, std::string_view what,
                std::string_view expected = kPreparedFile) const;

  // A person's own NPY file as the array that it holds: the one added under this name (of three
  // dimensions or more), else the file at this path of the disk. Errors: those of read_npy, another
  // format among them; there is neither.
  std::shared_ptr<const NumberArray> array(std::string_view name) const;

  // The built-in ones, then the imported ones by the time of their import.
  std::vector<DataListing> list() const;

 private:
  std::vector<std::string> names() const;

  DataSource source_;
  mutable std::mutex mutex_;
  mutable std::vector<std::shared_ptr<const Dataset>> loaded_;  // built-in, in the order of reading
  std::vector<std::shared_ptr<const Dataset>> imported_;
  std::map<std::string, std::shared_ptr<const Dataset>, std::less<>> files_;  // by the added name
  std::map<std::string, std::vector<std::byte>, std::less<>> kept_;
  std::map<std::string, std::shared_ptr<const NumberArray>, std::less<>> arrays_;  // rank 3 and up
};

// The data set that a field names: "file:NAME" a person's own (see DataStore::file; without a store
// the file at that path), anything else one that the store has, and there must be one. Errors:
// theirs.
Dataset named_data(std::string_view name, const DataStore* store);

// The array that a field names: "file:NAME", see DataStore::array (without a store the file at that
// path). Errors: theirs.
std::shared_ptr<const NumberArray> named_array(std::string_view name, const DataStore* store);

}  // namespace lab
