#include <doctest/doctest.h>

#include <limits>

#include "data/csv.h"
#include "data/table.h"
#include "helpers.h"

using namespace lab;

namespace {

using Names = std::vector<std::string>;
using Labels = std::vector<int>;

Table people() {
  return read_csv(
      "age,city,smoker,remark,class\n"
      "30,Rome,yes,a,sick\n"
      "NA,Oslo,no,b,well\n"
      "50,,no,c,well\n"
      "70,Bern,yes,d,\n"
      "20,Oslo,no,e,well\n",
      "people.csv");
}

TableOptions without_remark(MissingPolicy missing) {
  return {.missing = missing, .exclude = {"remark"}};
}

std::string dataset_error(std::string_view csv, const TableOptions& options = {}) {
  return error_of([&] { to_dataset(read_csv(csv, "f.csv"), options); });
}

}  // namespace

TEST_CASE("table: a name is the file's") {
  CHECK(table_name("data/iris.csv") == "iris");
  CHECK(table_name("C:\\data\\iris.csv.gz") == "iris");
  CHECK(table_name("a.b.csv") == "a.b");
  CHECK(table_name("plain") == "plain");
  CHECK(table_name(".hidden") == ".hidden");
  CHECK(table_name("") == "data");
}

TEST_CASE("table: a column by name or number") {
  CHECK(column_index(people(), "city") == 1);
  CHECK(column_index(people(), "1") == 0);
  CHECK(column_index(people(), "5") == 4);
  CHECK(error_of([] { column_index(people(), "6"); }) ==
        "people.csv: no column is named '6'; expected one of age, city, smoker, remark or class, "
        "or a number "
        "from 1 to 5");
  CHECK(error_of([] { column_index(people(), "smokr"); }) ==
        "people.csv: no column is named 'smokr'; expected 'smoker', or a number from 1 to 5");
}

TEST_CASE("table: missing values are refused with count and place") {
  CHECK(error_of([] { to_dataset(people(), without_remark(MissingPolicy::error)); }) ==
        "people.csv:3, column 'age': the value is missing (the first of 3); expected a value, or a "
        "policy for "
        "missing ones: drop their rows, or impute");
  CHECK(dataset_error("x,y\n1,2\n,3\n") ==
        "f.csv:3, column 'x': the value is missing; expected a value, or a policy for missing "
        "ones: drop "
        "their rows, or impute");
}

TEST_CASE("table: rows with missing values are dropped") {
  const Dataset dataset = to_dataset(people(), without_remark(MissingPolicy::drop_rows));
  CHECK(dataset.rows() == 2);
  CHECK(dataset.feature_names == Names{"age", "city=Rome", "city=Oslo", "city=Bern", "smoker=no"});
  CHECK(dataset.class_names == Names{"sick", "well"});
  CHECK(dataset.labels == Labels{0, 1});
  CHECK(dataset.features(0, 0) == 30);
  CHECK(dataset.features(0, 1) == 1);
  CHECK(dataset.features(0, 4) == 0);
  CHECK(dataset.features(1, 2) == 1);
  CHECK(dataset.features(1, 4) == 1);
  CHECK(dataset.provenance.source == "people.csv");
  CHECK(dataset.provenance.recipe ==
        "dropped 3 rows with missing values; categories as 0/1 features");
}

TEST_CASE("table: missing features are filled in, a missing target is not") {
  CHECK(error_of([] { to_dataset(people(), without_remark(MissingPolicy::impute)); }) ==
        "people.csv:5, column 'class': the value is missing; expected a value for the target, "
        "which cannot be "
        "filled in; or drop its rows");
  TableOptions options = without_remark(MissingPolicy::impute);
  options.target = "smoker";
  options.exclude.push_back("class");
  const Dataset dataset = to_dataset(people(), options);
  CHECK(dataset.features(1, 0) == (30 + 50 + 70 + 20) / 4.0);
  CHECK(dataset.features(2, 2) == 1);  // Oslo, the most frequent city
  CHECK(dataset.class_names == Names{"yes", "no"});
  CHECK(
      dataset.provenance.recipe ==
      "filled in 2 missing values with the column's mean or most frequent level; categories as 0/1 "
      "features");
}

TEST_CASE("table: the kind of target") {
  const Table whole = read_csv("x,y\n1,3\n2,1\n3,3\n", "f.csv");
  CHECK(to_dataset(whole).labels == Labels{1, 0, 1});
  CHECK(to_dataset(whole).class_names == Names{"1", "3"});
  CHECK(to_dataset(whole, {.task = Task::regression}).targets(0) == 3);
  CHECK(to_dataset(whole, {.task = Task::regression}).labels.empty());
  const Table fractions = read_csv("x,y\n1,0.5\n2,1\n", "f.csv");
  CHECK(to_dataset(fractions).targets(0) == 0.5);
  CHECK(error_of([&] { to_dataset(fractions, {.task = Task::classification}); }) ==
        "f.csv:2, column 'y': the class is not a whole number; expected whole numbers or "
        "categories; or the "
        "task regression");
  CHECK(dataset_error("x,y\n1,a\n2,b\n", {.task = Task::regression}) ==
        "f.csv, column 'y': regression on a categorical target; expected a numeric column");
  // 21 different whole numbers are a quantity, 20 are classes.
  std::string many = "x,y\n";
  for (int i = 0; i < 20; ++i) many += "1," + std::to_string(i) + "\n";
  CHECK(to_dataset(read_csv(many, "f.csv")).classes() == 20);
  many += "1,20\n";
  CHECK(to_dataset(read_csv(many, "f.csv")).targets.size() == 21);
  const Dataset none = to_dataset(whole, {.no_target = true});
  CHECK(none.columns() == 2);
  CHECK(none.labels.empty());
}

TEST_CASE("table: what cannot be a feature says so") {
  CHECK(error_of([] { to_dataset(people(), {.categorical = CategoricalPolicy::error}); }) ==
        "people.csv, column 'city': the column is categorical; expected a numeric column");
  CHECK(to_dataset(read_csv("x,c,y\n1,a,0\n2,b,1\n", "f.csv"),
                   {.categorical = CategoricalPolicy::drop})
            .feature_names == Names{"x"});
  CHECK(dataset_error("c,y\na,0\nb,1\n", {.categorical = CategoricalPolicy::drop}) ==
        "f.csv: no feature is left; expected at least one column beside the target");
  // A slip in a column of numbers is not turned into categories in silence.
  CHECK(dataset_error("x,y\n1,0\n2,1\n3.o,1\n4,0\n", {.task = Task::classification}) ==
        "f.csv:4, column 'x': the value '3.o' is not a number, but 3 of the column's 4 values are; "
        "expected a "
        "number, or a spelling of a missing value (empty, NA, NaN, ?), or the column excluded");
  CHECK(dataset_error("x,y\n,0\n,1\n", {.missing = MissingPolicy::impute}) ==
        "f.csv, column 'x': the column has no values; expected at least one value, or the column "
        "excluded");
  CHECK(dataset_error("x,y\n1,\n2,\n", {.missing = MissingPolicy::drop_rows}) ==
        "f.csv: every row has a missing value; expected a complete row, or columns with many "
        "missing values "
        "excluded");
  CHECK(dataset_error("x,y\n1,0\n", {.target = "x", .exclude = {"1"}}) ==
        "f.csv, column 'x': the target is among the excluded columns; expected a column that is "
        "kept");
  const Table text = read_csv("t,y\na,1\nb,2\n", "f.csv", {.max_levels = 1});
  CHECK(error_of([&] { to_dataset(text); }) ==
        "f.csv, column 't': a text column cannot be a feature; expected numbers or a few "
        "categories, or the "
        "column excluded");
  CHECK(error_of([&] { to_dataset(text, {.target = "t"}); }) ==
        "f.csv, column 't': a text column cannot be the target; expected numbers or a few "
        "categories");
}

TEST_CASE("table: one-hot features stay within the limit") {
  CHECK(dataset_error("c,y\na,1\nb,2\nc,3\n", {.limits = {.max_cells = 8}}) ==
        "f.csv: the data would have 3 x 3 values; expected at most 8");
}

TEST_CASE("table: of a matrix") {
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> values = {1, 2, std::numeric_limits<double>::quiet_NaN(), inf};
  const Table table = table_of({values.data(), 2, 2}, "m", "m.npy");
  CHECK(table.columns[0].name == "x1");
  CHECK(table.columns[0].missing == std::vector<std::size_t>{1});
  CHECK(error_of([&] { to_dataset(table, {.no_target = true, .exclude = {"x1"}}); }) ==
        "m.npy, row 2, column 'x2': the number is infinite or too large; expected a number below "
        "1.8e308 in "
        "size");
}
