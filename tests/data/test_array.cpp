#include <doctest/doctest.h>

#include "data/array.h"
#include "helpers.h"

using namespace lab;

namespace {

FileArray counting(std::vector<std::size_t> shape, std::size_t size) {
  std::vector<double> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<double>(i);
  return make_array(values, std::move(shape));
}

}  // namespace

TEST_CASE("array: as a matrix, the first dimension is the rows") {
  const Matrix matrix = to_matrix(counting({2, 2, 3}, 12), "a");
  CHECK(matrix.shape(0) == 2);
  CHECK(matrix.shape(1) == 6);
  CHECK(matrix(1, 0) == 6);
  CHECK(to_matrix(counting({3}, 3), "a").shape(1) == 1);
  CHECK(error_of([] { to_matrix(counting({}, 1), "a"); }) ==
        "a: the array has the shape a single number; expected at least one row with at least one "
        "element");
  CHECK(error_of([] {
          to_matrix(counting({0, 3}, 0), "a");
        }) ==
        "a: the array has the shape 0 x 3; expected at least one row with at least one element");
}

TEST_CASE("array: integers beyond 2^53 are refused, not rounded") {
  const auto integer = [](ElementType type, std::string_view hex) {
    return FileArray{.type = type, .shape = {1}, .bytes = from_hex(hex)};
  };
  CHECK(to_doubles(integer(ElementType::u64, "0000000000002000"), "a")[0] == 9007199254740992.0);
  CHECK(to_doubles(integer(ElementType::i64, "000000000000e0ff"), "a")[0] == -9007199254740992.0);
  CHECK(error_of([&] { to_doubles(integer(ElementType::u64, "0100000000002000"), "a"); }) ==
        "a: element 0 is an integer beyond 2^53; expected numbers that float64 can hold exactly");
  CHECK(error_of([&] { to_doubles(integer(ElementType::i64, "ffffffffffffdfff"), "a"); }) ==
        "a: element 0 is an integer beyond 2^53; expected numbers that float64 can hold exactly");
}

TEST_CASE("array: a slice of rows") {
  const FileArray part = slice(counting({4, 2}, 8), 1, 2);
  CHECK(part.shape == std::vector<std::size_t>{2, 2});
  CHECK(to_doubles(part, "") == std::vector<double>{2, 3, 4, 5});
  CHECK(slice(counting({4, 2}, 8), 4, 0).size() == 0);
  CHECK(error_of([] {
          slice(counting({4, 2}, 8), 3, 2);
        }) ==
        "entries 3 to 5 of an array of shape 4 x 2; expected a range inside the first dimension");
}

TEST_CASE("array: features and target make a dataset") {
  const std::vector<double> classes = {7, 3, 7};
  const Dataset labelled =
      dataset_from_arrays(counting({3, 2}, 6), make_array(classes, {3}), "n", "n.npz");
  CHECK(labelled.labels == std::vector<int>{1, 0, 1});
  CHECK(labelled.class_names == std::vector<std::string>{"3", "7"});
  CHECK(labelled.features(2, 1) == 5);
  CHECK(labelled.name == "n");
  const std::vector<double> numbers = {0.5, 1, 2};
  const Dataset regression =
      dataset_from_arrays(counting({3, 2}, 6), make_array(numbers, {3}), "n", "n.npz");
  CHECK(regression.labels.empty());
  CHECK(regression.targets(0) == 0.5);
  CHECK(error_of([&] {
          dataset_from_arrays(counting({2, 2}, 4), make_array(numbers, {3}), "n", "n.npz");
        }) ==
        "n.npz: the features have 2 rows, the target has the shape 3; expected one target for each "
        "row");
}
