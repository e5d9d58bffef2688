#include <doctest/doctest.h>

#include <cstdlib>

#include "core/digest.h"
#include "data/csv.h"
#include "data/sources.h"
#include "data/store.h"
#include "data/transform.h"
#include "helpers.h"

using namespace lab;

namespace {

const DataSource kNothing{.read = [](std::string_view) { return std::nullopt; },
                          .places = "/one, /two"};

DataSource gives(std::string text) {
  return {.read = [text](std::string_view file) -> std::optional<DataFile> {
            const auto bytes = bytes_of(text);
            return DataFile{.bytes = {bytes.begin(), bytes.end()},
                            .where = "/data/" + std::string(file)};
          },
          .places = "/data"};
}

DataSource prepared() {
  return folder_source(data_folders(""));
}

// The data set, or nullopt with a notice: tests must also pass before the data are prepared.
std::optional<Dataset> prepared_data(std::string_view name) {
  const DataDescription* description = find_named_data(name);
  REQUIRE(description);
  if (!prepared().read(description->file)) {
    MESSAGE("skipped: " << std::string(description->file) << " is not prepared (./lab setup)");
    return std::nullopt;
  }
  return load_named_data(*description, prepared());
}

}  // namespace

TEST_CASE("named data: names are found, and are each other's") {
  CHECK(named_data().size() == 5);
  CHECK(find_named_data("wdbc")->rows == 569);
  CHECK(find_named_data("mnist") == nullptr);
  for (const DataDescription& d : named_data()) {
    CHECK(find_named_data(d.name) == &d);
    CHECK(d.sha256.size() == 64);
    CHECK_FALSE(d.licence.empty());
    CHECK_FALSE(d.source.empty());
  }
}

TEST_CASE("named data: a missing or another file says what to do") {
  CHECK(error_of([] { load_named_data(*find_named_data("wdbc"), kNothing); }) ==
        "looked in /one, /two: the file breast_cancer.csv of data set 'wdbc' is not there; "
        "expected the file in "
        "one of these places: ./lab setup prepares it in the last; LOGIT_LAB_DATA names another "
        "folder");
  CHECK(error_of([] { load_named_data(*find_named_data("iris"), gives("1,1,a\n1,0\n")); }) ==
        "/data/iris.csv: the file is not the one that data set 'iris' is made of (its SHA-256 is " +
            sha256_hex("1,1,a\n1,0\n") +
            "); expected SHA-256 f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449: "
            "remove the "
            "file and run ./lab setup; your own data go in by data import");
}

TEST_CASE("named data: the order of the folders") {
  const auto get = [](const char* name) {
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
  const auto put = [](const char* name, const std::optional<std::string>& value) {
    if (value) {
      setenv(name, value->c_str(), 1);
    } else {
      unsetenv(name);
    }
  };
  const auto data = get("LOGIT_LAB_DATA"), cache = get("LOGIT_LAB_CACHE"),
             xdg = get("XDG_CACHE_HOME"), home = get("HOME");
  put("LOGIT_LAB_DATA", "/d");
  put("LOGIT_LAB_CACHE", "/c");
  put("XDG_CACHE_HOME", "/x");
  put("HOME", "/h");
  using Folders = std::vector<std::string>;
  CHECK(data_folders("/bin") == Folders{"/d", "/bin/../share/logit-lab/data", "/c/data"});
  if (const auto tests = get("LAB_TEST_DATA")) {
    const std::string root = *tests + "/../..";  // of the source tree
    CHECK(data_folders(root + "/build/native") ==
          Folders{"/d", root + "/build/native/../share/logit-lab/data", root + "/examples",
                  "/c/data"});
  }
  put("LOGIT_LAB_DATA", std::nullopt);
  put("LOGIT_LAB_CACHE", std::nullopt);
  CHECK(data_folders("") == Folders{"/x/logit-lab/data"});
  put("XDG_CACHE_HOME", "");
  CHECK(data_folders("") == Folders{"/h/.cache/logit-lab/data"});
  put("LOGIT_LAB_DATA", data);
  put("LOGIT_LAB_CACHE", cache);
  put("XDG_CACHE_HOME", xdg);
  put("HOME", home);
}

TEST_CASE("store: unknown names, imported data") {
  DataStore store(kNothing);
  CHECK(error_of([&] { store.get("wdcb"); }) == "there is no data set 'wdcb'; expected 'wdbc'");
  CHECK(error_of([&] { store.get("wdbc"); }).find("./lab setup") != std::string::npos);

  Dataset mine = read_counted_csv("2,1,a,b\n1,0\n2,1\n", "mine.csv");
  store.add(mine);
  const auto first = store.get("mine");
  CHECK(first->features(1, 0) == 2);
  CHECK(store.get("mine") == first);
  mine.features(1, 0) = 3;
  store.add(mine);
  CHECK(store.get("mine")->features(1, 0) == 3);
  CHECK(first->features(1, 0) == 2);

  mine.name = "iris";
  CHECK(error_of([&] { store.add(mine); }) ==
        "import: the name 'iris' is a built-in data set's; expected another name");
  mine.name = "broken";
  mine.labels[0] = 9;
  CHECK_THROWS_AS(store.add(mine), Error);
  const auto list = store.list();
  REQUIRE(list.size() == 6);
  CHECK(list[0].name == "wdbc");
  CHECK_FALSE(list[0].available);
  CHECK(list[5].name == "mine");
  CHECK(list[5].imported);
  CHECK(list[5].available);
  CHECK(list[5].title == "imported from mine.csv");
}

TEST_CASE("store: a file is kept as it is, else read from the disk") {
  DataStore store(kNothing);
  CHECK(error_of([&] { store.kept("a.txt"); }).find("'a.txt' is not here") != std::string::npos);
  store.keep("a.txt", {std::byte{1}});
  store.keep("a.txt", {std::byte{2}, std::byte{3}});
  CHECK(store.kept("a.txt").bytes.size() == 2);
  CHECK(store.kept("a.txt").where == "a.txt");
  const DataStore of_disk(folder_source({}));
  CHECK_THROWS_AS(of_disk.kept("/nowhere/a.txt"), Error);
}

TEST_CASE("wdbc: facts, when it is prepared") {
  const auto wdbc = prepared_data("wdbc");
  if (!wdbc) return;
  CHECK(wdbc->rows() == 569);
  CHECK(wdbc->columns() == 30);
  CHECK(wdbc->class_names == std::vector<std::string>{"malignant", "benign"});
  CHECK(class_counts(*wdbc) == std::vector<std::size_t>{212, 357});
  CHECK(wdbc->feature_names[0] == "mean radius");
  CHECK(wdbc->feature_names[19] == "fractal dimension error");
  CHECK(wdbc->feature_names[29] == "worst fractal dimension");
  CHECK(wdbc->features(0, 0) == 17.99);
  CHECK(wdbc->features(568, 29) == 0.07039);
  CHECK(wdbc->labels[0] == 0);
  CHECK(wdbc->provenance.licence.substr(0, 12) == "BSD-3-Clause");
  CHECK(digest(*wdbc) == "a1b5f2dac9fc8492ccd763021a3b92b4019eea97c7849ac251a305f4394ec4f5");
}

TEST_CASE("digits: facts, when they are prepared") {
  const auto digits = prepared_data("digits");
  if (!digits) return;
  CHECK(digits->rows() == 1797);
  CHECK(digits->columns() == 64);
  CHECK(class_counts(*digits) ==
        std::vector<std::size_t>{178, 182, 177, 183, 181, 182, 181, 179, 174, 180});
  CHECK(digits->feature_names[9] == "pixel 1,1");
  // The pairs of the reference experiment.
  const auto pair = [&](const char* a, const char* b) {
    return select_classes(*digits, std::vector<std::string>{a, b}).rows();
  };
  CHECK(pair("0", "1") == 360);
  CHECK(pair("3", "8") == 357);
  CHECK(pair("4", "9") == 361);
  CHECK(pair("1", "7") == 361);
  CHECK(digest(*digits) == "729e688ba705702dbdfc05d7c3c6c7bc4d53062d567cdd8bac36ee7f3d9e9b52");
}

TEST_CASE("iris, wine, diabetes: facts, when they are prepared") {
  if (const auto iris = prepared_data("iris")) {
    CHECK(class_counts(*iris) == std::vector<std::size_t>{50, 50, 50});
    CHECK(iris->class_names[2] == "virginica");
  }
  if (const auto wine = prepared_data("wine")) {
    CHECK(class_counts(*wine) == std::vector<std::size_t>{59, 71, 48});
    CHECK(wine->columns() == 13);
  }
  if (const auto diabetes = prepared_data("diabetes")) {
    CHECK(diabetes->rows() == 442);
    CHECK(diabetes->columns() == 10);
    CHECK(diabetes->targets(0) == 151);
    CHECK(diabetes->labels.empty());
    CHECK(diabetes->classes() == 0);
  }
}

TEST_CASE("store: a named data set is read once and shared") {
  if (!prepared_data("iris")) return;
  int reads = 0;
  DataSource counting = prepared();
  counting.read = [&reads, read = counting.read](std::string_view file) {
    ++reads;
    return read(file);
  };
  const DataStore store(counting);
  const auto first = store.get("iris");
  CHECK(store.get("iris") == first);
  CHECK(reads == 1);
  CHECK(store.list()[2].available);
}

TEST_CASE("store: a file that was dropped is found by its name, before the disk") {
  const auto bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  DataStore store(DataSource{});  // no disk
  CHECK_THROWS_WITH_AS(store.file("a.csv"), doctest::Contains("dropped on the window"), Error);
  const ImportedFile file = store.add_file("a.csv", bytes("x,y\n1,no\n2,yes\n3,yes\n"));
  CHECK(file.table.rows == 3);
  CHECK(file.sha256.size() == 64);
  const auto first = store.file("a.csv");
  CHECK(first->classes() == 2);
  CHECK(first->provenance.sha256 == file.sha256);
  // What cannot be read changes nothing.
  CHECK_THROWS_WITH_AS(store.add_file("a.csv", bytes("x,y\n1,no\n2\n")),
                       doctest::Contains("a.csv:3"), Error);
  CHECK(store.file("a.csv") == first);
  store.add_file("a.csv", bytes("x,y\n1,no\n2,yes\n"));
  CHECK(store.file("a.csv")->rows() == 2);
  CHECK(first->rows() == 3);
  // With a disk, what was not dropped is looked for there.
  const DataStore on_disk(folder_source({}));
  CHECK_THROWS_WITH_AS(on_disk.file("no/such/file.csv"), doctest::Contains("no/such/file.csv"), Error);
}
