#include <doctest/doctest.h>

#include <algorithm>

#include "data/split.h"
#include "helpers.h"

using namespace lab;

namespace {

// Rows with classes in these proportions, mixed.
Dataset with_classes(std::vector<std::size_t> counts) {
  Dataset dataset;
  dataset.name = "classes";
  dataset.provenance.source = "a test";
  dataset.feature_names = {"x"};
  std::vector<std::size_t> left = counts;
  for (bool any = true; any;) {
    any = false;
    for (std::size_t c = 0; c < counts.size(); ++c) {
      if (left[c] == 0) continue;
      --left[c];
      any = true;
      dataset.labels.push_back(static_cast<int>(c));
    }
  }
  for (std::size_t c = 0; c < counts.size(); ++c) dataset.class_names.push_back(std::to_string(c));
  dataset.features = Matrix::from_shape({dataset.labels.size(), 1});
  std::fill(dataset.features.begin(), dataset.features.end(), 0.0);
  return dataset;
}

std::vector<std::size_t> counts_of(const Dataset& dataset, const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> counts(dataset.classes());
  for (const std::size_t row : rows) ++counts[static_cast<std::size_t>(dataset.labels[row])];
  return counts;
}

void check_is_partition(const Split& split, std::size_t n) {
  CHECK(std::is_sorted(split.train.begin(), split.train.end()));
  CHECK(std::is_sorted(split.test.begin(), split.test.end()));
  std::vector<std::size_t> all = split.train;
  all.insert(all.end(), split.test.begin(), split.test.end());
  std::stable_sort(all.begin(), all.end());
  REQUIRE(all.size() == n);
  for (std::size_t i = 0; i < n; ++i) CHECK(all[i] == i);
}

}  // namespace

TEST_CASE("split: proportions are kept, sizes are exact") {
  const Dataset dataset = with_classes({212, 357});
  const Split split = stratified_split(dataset, 0.2, 1);
  check_is_partition(split, 569);
  CHECK(split.test.size() == 114);                                            // 113.8
  CHECK(counts_of(dataset, split.test) == std::vector<std::size_t>{42, 72});  // 42.47, 71.53
  // 3 rows of 9 from classes of 4, 3, 2: exact shares 1.33, 1, 0.67.
  const Dataset small = with_classes({4, 3, 2});
  CHECK(counts_of(small, stratified_split(small, 1.0 / 3, 5).test) ==
        std::vector<std::size_t>{1, 1, 1});
}

TEST_CASE("split: repeatable, and different for another seed") {
  const Dataset dataset = with_classes({50, 50});
  CHECK(stratified_split(dataset, 0.3, 7).test == stratified_split(dataset, 0.3, 7).test);
  CHECK(stratified_split(dataset, 0.3, 7).test != stratified_split(dataset, 0.3, 8).test);
  CHECK(stratified_split(with_classes({6, 4}), 0.5, 1).test ==
        std::vector<std::size_t>{3, 4, 5, 6, 8});
}

TEST_CASE("split: data without labels, and errors") {
  Dataset regression = with_classes({10});
  regression.labels.clear();
  check_is_partition(stratified_split(regression, 0.25, 1), 10);
  CHECK(stratified_split(regression, 0.25, 1).test.size() == 3);
  CHECK(error_of([&] { stratified_split(regression, 0, 1); }) ==
        "split: the test fraction is not possible; expected a number between 0 and 1");
  CHECK(error_of([&] { stratified_split(regression, 0.01, 1); }) ==
        "split: a part of 10 rows would be empty; expected more rows, or a test fraction nearer to "
        "a half");
}

TEST_CASE("folds: every row is tested once, sizes and classes are even") {
  const Dataset dataset = with_classes({17, 8, 5});
  const std::vector<Split> folds = stratified_folds(dataset, 4, 3);
  REQUIRE(folds.size() == 4);
  std::vector<int> tested(30);
  for (const Split& fold : folds) {
    check_is_partition(fold, 30);
    CHECK((fold.test.size() == 7 || fold.test.size() == 8));
    const auto counts = counts_of(dataset, fold.test);
    CHECK((counts[0] == 4 || counts[0] == 5));
    CHECK(counts[1] == 2);
    CHECK((counts[2] == 1 || counts[2] == 2));
    for (const std::size_t row : fold.test) ++tested[row];
  }
  CHECK(std::count(tested.begin(), tested.end(), 1) == 30);
  CHECK(stratified_folds(dataset, 4, 3)[2].test == folds[2].test);
  CHECK(stratified_folds(dataset, 4, 4)[2].test != folds[2].test);
  CHECK(error_of([&] { stratified_folds(dataset, 1, 3); }) ==
        "folds: 1 fold of 30 rows; expected 2 to 30");
  CHECK(error_of([&] { stratified_folds(dataset, 31, 3); }) ==
        "folds: 31 folds of 30 rows; expected 2 to 30");
}

TEST_CASE("folds of another repeat are dealt anew") {
  Dataset dataset;
  dataset.name = "d";
  dataset.features = Matrix::from_shape({40, 1});
  dataset.features.fill(0);
  for (int i = 0; i < 40; ++i) dataset.labels.push_back(i % 2);
  dataset.class_names = {"a", "b"};
  const auto first = stratified_folds(dataset, 4, 7);
  CHECK(first[0].test == stratified_folds(dataset, 4, 7, 0)[0].test);
  CHECK(first[0].test != stratified_folds(dataset, 4, 7, 1)[0].test);
  CHECK(stratified_folds(dataset, 4, 7, 1)[0].test != stratified_folds(dataset, 4, 7, 2)[0].test);
}
