#include <doctest/doctest.h>

#include <cmath>

#include "data/dataset.h"
#include "helpers.h"

using namespace lab;

namespace {

Dataset small() {
  Dataset dataset;
  dataset.name = "small";
  dataset.features = {{1, 2}, {3, 4}, {5, 6}};
  dataset.labels = {0, 1, 0};
  dataset.feature_names = {"u", "v"};
  dataset.class_names = {"no", "yes"};
  dataset.provenance.source = "a test";
  return dataset;
}

template <class Change>
std::string check_error(Change change) {
  Dataset dataset = small();
  change(dataset);
  return error_of([&] { check(dataset); });
}

}  // namespace

TEST_CASE("dataset: a good one passes") {
  CHECK_NOTHROW(check(small()));
  CHECK(class_counts(small()) == std::vector<std::size_t>{2, 1});
  Dataset unlabelled = small();
  unlabelled.labels.clear();
  CHECK_NOTHROW(check(unlabelled));
  Dataset regression = unlabelled;
  regression.targets = {0.5, 1, 2};
  CHECK_NOTHROW(check(regression));
  Dataset unused_class = small();
  unused_class.class_names.push_back("maybe");
  CHECK_NOTHROW(check(unused_class));
  CHECK(class_counts(unused_class) == std::vector<std::size_t>{2, 1, 0});
}

TEST_CASE("dataset: each invariant is checked") {
  CHECK(check_error([](Dataset& d) { d.name.clear(); }) ==
        "the data set has no name; expected a name");
  CHECK(check_error([](Dataset& d) { d.provenance.source.clear(); }) ==
        "data set 'small': no source is given; expected where it is from");
  CHECK(check_error([](Dataset& d) {
          d.features = Matrix::from_shape({0, 2});
        }) ==
        "data set 'small': the data has 0 rows and 2 features; expected at least one of each");
  CHECK(check_error([](Dataset& d) { d.feature_names.pop_back(); }) ==
        "data set 'small': 1 feature name; expected 2");
  CHECK(check_error([](Dataset& d) { d.feature_names[1] = "u"; }) ==
        "data set 'small': two features are named 'u'; expected different names");
  CHECK(check_error([](Dataset& d) { d.feature_names[1].clear(); }) ==
        "data set 'small': a feature has no name; expected a name for each");
  CHECK(check_error([](Dataset& d) { d.class_names[1] = "no"; }) ==
        "data set 'small': two classes are named 'no'; expected different names");
  CHECK(check_error([](Dataset& d) { d.features(1, 0) = std::nan(""); }) ==
        "data set 'small': feature 'u' of row 2 is not finite; expected finite numbers");
  CHECK(check_error([](Dataset& d) { d.labels.pop_back(); }) ==
        "data set 'small': 2 labels; expected 3, one a row");
  CHECK(check_error([](Dataset& d) { d.labels[2] = 2; }) ==
        "data set 'small': the label of row 3 is 2; expected 0 to 1, the index of a class name");
  CHECK(check_error([](Dataset& d) { d.labels[0] = -1; }) ==
        "data set 'small': the label of row 1 is -1; expected 0 to 1, the index of a class name");
  CHECK(check_error([](Dataset& d) {
          d.targets = {1, 2, 3};
        }) == "data set 'small': both labels and targets are given; expected one of them");
  CHECK(check_error([](Dataset& d) {
          d.labels.clear();
          d.targets = {1, 2};
        }) == "data set 'small': 2 targets; expected 3, one a row");
  CHECK(check_error([](Dataset& d) {
          d.labels.clear();
          d.targets = {1, 2, INFINITY};
        }) == "data set 'small': the target of row 3 is not finite; expected finite numbers");
}

TEST_CASE("dataset: the digest is of the numbers and their names, not of where they are from") {
  const std::string base = digest(small());
  CHECK(base.size() == 64);
  const auto changed = [](auto change) {
    Dataset dataset = small();
    change(dataset);
    return digest(dataset);
  };
  CHECK(base == changed([](Dataset& d) { d.provenance.source = "elsewhere"; }));
  CHECK(base == changed([](Dataset& d) { d.name = "other"; }));
  CHECK(base != changed([](Dataset& d) { d.features(0, 0) = 1.0000000000000002; }));
  CHECK(base != changed([](Dataset& d) { d.labels[0] = 1; }));
  CHECK(base != changed([](Dataset& d) { d.feature_names[0] = "w"; }));
  CHECK(base != changed([](Dataset& d) { d.class_names[0] = "w"; }));
  CHECK(base != changed([](Dataset& d) { d.features.reshape({2, 3}); }));
  // A name cannot move over to the other list unseen.
  CHECK(base != changed([](Dataset& d) {
          d.class_names = {"yes"};
          d.feature_names.push_back("no");
        }));
}

TEST_CASE("dataset: steps are noted in order") {
  Dataset dataset = small();
  note(dataset, "first");
  note(dataset, "second");
  CHECK(dataset.provenance.recipe == "first; second");
}
