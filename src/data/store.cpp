#include "data/store.h"

#include <algorithm>
#include <cassert>

#include "core/error.h"
#include "core/names.h"
#include "data/files.h"
#include "data/import.h"
#include "data/npy.h"
#include "data/text.h"

namespace lab {
namespace {

using Entries = std::vector<std::shared_ptr<const Dataset>>;

auto find_entry(const Entries& entries, std::string_view name) {
  return std::find_if(entries.begin(), entries.end(),
                      [&](const auto& entry) { return entry->name == name; });
}

// Error: a person's own file is in no memory, and there is no disk to look on.
void need_disk(const DataSource& source, std::string_view name) {
  if (source.disk) return;
  throw Error("the file " + quoted(name) + " is not here", "", "that file dropped on the window");
}

std::shared_ptr<const NumberArray> numbers_of(std::span<const std::byte> bytes,
                                              std::string_view where) {
  FileArray array = read_npy(bytes, where);
  std::vector<double> values = to_doubles(array, where);
  return std::make_shared<const NumberArray>(
      NumberArray{std::move(array.shape), std::move(values)});
}

}  // namespace

DataStore::DataStore(DataSource source) : source_(std::move(source)) {}

std::shared_ptr<const Dataset> DataStore::get(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = find_entry(loaded_, name); found != loaded_.end()) return *found;
  if (const auto found = find_entry(imported_, name); found != imported_.end()) return *found;
  const DataDescription* description = find_named_data(name);
  if (!description) {
    throw Error("there is no data set " + quoted(name), "", expected_name(name, names()));
  }
  // Read under the lock: two threads that ask for the same file then read it once.
  loaded_.push_back(std::make_shared<const Dataset>(load_named_data(*description, source_)));
  return loaded_.back();
}

void DataStore::add(Dataset dataset) {
  check(dataset);
  if (find_named_data(dataset.name)) {
    throw Error("the name " + quoted(dataset.name) + " is a built-in data set's", "import",
                "another name");
  }
  auto entry = std::make_shared<const Dataset>(std::move(dataset));
  const std::lock_guard lock(mutex_);
  const auto found = find_entry(imported_, entry->name);
  if (found == imported_.end()) {
    imported_.push_back(std::move(entry));
  } else {
    imported_[static_cast<std::size_t>(found - imported_.begin())] = std::move(entry);
  }
}

ImportedFile DataStore::add_file(std::string_view name, std::span<const std::byte> bytes) {
  ImportedFile imported = import_bytes(bytes, name);
  auto entry = std::make_shared<const Dataset>(to_dataset(imported));
  std::shared_ptr<const NumberArray> array;
  if (is_npy(bytes)) array = numbers_of(bytes, name);
  const std::lock_guard lock(mutex_);
  files_.insert_or_assign(std::string(name), std::move(entry));
  if (array && array->shape.size() > 2) {
    arrays_.insert_or_assign(std::string(name), std::move(array));
  } else {
    arrays_.erase(std::string(name));
  }
  return imported;
}

std::shared_ptr<const Dataset> DataStore::file(std::string_view name) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = files_.find(name); found != files_.end()) return found->second;
  }
  need_disk(source_, name);
  return std::make_shared<const Dataset>(to_dataset(import_file(std::string(name))));
}

void DataStore::keep(std::string_view name, std::vector<std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  kept_.insert_or_assign(std::string(name), std::move(bytes));
}

DataFile DataStore::kept(std::string_view name, const Limits& limits) const {
  const std::string path(name);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(name); found != kept_.end())
      return {.bytes = found->second, .where = path};
  }
  need_disk(source_, name);
  return {.bytes = read_file(path, limits), .where = path};
}

DataFile DataStore::read(std::string_view file, std::string_view what,
                         std::string_view expected) const {
  const std::lock_guard lock(mutex_);
  return read_data_file(source_, file, what, expected);
}

std::shared_ptr<const NumberArray> DataStore::array(std::string_view name) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = arrays_.find(name); found != arrays_.end()) return found->second;
    if (files_.contains(name)) {
      throw Error("the file " + quoted(name) + " is no array of three dimensions", "",
                  "an NPY file of one");
    }
  }
  need_disk(source_, name);
  return numbers_of(read_file(std::string(name)), name);
}

std::vector<DataListing> DataStore::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<DataListing> listings;
  for (const DataDescription& d : named_data()) {
    const bool loaded = find_entry(loaded_, d.name) != loaded_.end();
    listings.push_back({.name = std::string(d.name),
                        .title = std::string(d.title),
                        .rows = d.rows,
                        .features = d.features,
                        .classes = d.classes,
                        .source = std::string(d.source),
                        .licence = std::string(d.licence),
                        .imported = false,
                        .available = loaded || (source_.read && source_.read(d.file))});
  }
  for (const auto& entry : imported_) {
    listings.push_back({.name = entry->name,
                        .title = "imported from " + entry->provenance.source,
                        .rows = entry->rows(),
                        .features = entry->columns(),
                        .classes = entry->labels.empty() ? 0 : entry->classes(),
                        .source = entry->provenance.source,
                        .licence = entry->provenance.licence,
                        .imported = true,
                        .available = true});
  }
  return listings;
}

std::vector<std::string> DataStore::names() const {
  std::vector<std::string> names;
  for (const DataDescription& d : named_data()) names.emplace_back(d.name);
  for (const auto& entry : imported_) names.push_back(entry->name);
  return names;
}

namespace {

constexpr std::string_view kFile = "file:";

}  // namespace

std::shared_ptr<const NumberArray> named_array(std::string_view name, const DataStore* store) {
  assert(name.starts_with(kFile));
  const std::string file(name.substr(kFile.size()));
  if (store) return store->array(file);
  return numbers_of(read_file(file), file);
}

Dataset named_data(std::string_view name, const DataStore* store) {
  if (!name.starts_with(kFile)) {
    assert(store != nullptr);
    return *store->get(name);
  }
  const std::string file(name.substr(kFile.size()));
  return store == nullptr ? to_dataset(import_file(file)) : *store->file(file);
}

}  // namespace lab
