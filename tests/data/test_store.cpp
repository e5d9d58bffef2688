// A person's own arrays, kept with the dimensions that a data set does not have.
#include <doctest/doctest.h>

#include <vector>

#include "core/error.h"
#include "data/npy.h"
#include "data/store.h"

using namespace lab;

namespace {

std::vector<std::byte> counting(std::vector<std::size_t> shape) {
  std::size_t size = 1;
  for (const std::size_t n : shape) size *= n;
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) values.push_back(static_cast<double>(i) + 0.5);
  return write_npy(make_array(values, std::move(shape)));
}

}  // namespace

TEST_CASE("an array of three dimensions is kept as such, and as a data set") {
  DataStore store({});
  store.add_file("a.npy", counting({2, 3, 4}));
  const auto array = store.array("a.npy");
  CHECK(array->shape == std::vector<std::size_t>{2, 3, 4});
  CHECK(array->values[23] == 23.5);
  CHECK(named_array("file:a.npy", &store) == array);
  CHECK(store.file("a.npy")->rows() == 2);
  // Another file of that name takes its place.
  store.add_file("a.npy", counting({6, 4}));
  CHECK_THROWS_WITH_AS(store.array("a.npy"), doctest::Contains("no array of three dimensions"),
                       Error);
  CHECK_THROWS_WITH_AS(store.array("b.npy"), doctest::Contains("is not here"), Error);
}

TEST_CASE("an array with more elements a row than a table may have columns has other rows") {
  DataStore store({});
  const ImportedFile file = store.add_file("wide.npy", counting({2, 300, 300}));
  CHECK(file.table.rows == 600);
  CHECK(file.table.columns.size() == 300);
  CHECK(store.array("wide.npy")->shape == std::vector<std::size_t>{2, 300, 300});
}
