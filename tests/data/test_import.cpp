#include <doctest/doctest.h>

#include "core/digest.h"
#include "data/import.h"
#include "data/npy.h"
#include "helpers.h"
#include "numpy_files.h"

using namespace lab;

namespace {

ImportedFile import_text(std::string_view text, std::string_view file) {
  return import_bytes(bytes_of(text), file);
}

}  // namespace

TEST_CASE("import: the format is told by the bytes") {
  CHECK(import_text("a,b\n1,2\n", "f.txt").format == FileFormat::csv);
  CHECK(import_text("1,1,a,b\n0.5,1\n", "f.csv").format == FileFormat::counted_csv);
  CHECK(import_text("% c\n@relation r\n@attribute x real\n@data\n1\n", "f").format ==
        FileFormat::arff);
  CHECK(import_bytes(from_hex(numpy_files::kF32BigEndian), "f").format == FileFormat::npy);
  CHECK(import_bytes(from_hex(numpy_files::kDeflated), "f").format == FileFormat::npz);
  CHECK(import_bytes(from_hex("00000803 00000002 00000001 00000003 000102 ff807f"), "f").format ==
        FileFormat::idx);
  const ImportedFile compressed = import_bytes(
      // printf 'x,y\n1,a\n2,b\n' | gzip -n9
      from_hex("1f8b0800000000000203abd0a9e432d449e432d249e2020079a36e5e0c000000"), "f.csv.gz");
  CHECK(compressed.compressed);
  CHECK(compressed.format == FileFormat::csv);
  CHECK(compressed.table.name == "f");
}

TEST_CASE("import: a data set with its provenance") {
  const std::string_view text = "x,y\n1,a\n2,b\n";
  const Dataset dataset = to_dataset(import_text(text, "dir/f.csv"));
  CHECK(dataset.name == "f");
  CHECK(dataset.provenance.source == "dir/f.csv");
  CHECK(dataset.provenance.sha256 == sha256_hex(text));
  CHECK(dataset.labels == std::vector<int>{0, 1});
}

TEST_CASE("import: a counted file keeps its class names") {
  const ImportedFile imported = import_text("2,2,no,yes\n1,2,1\n3,4,0\n", "f.csv");
  CHECK(imported.table.columns.size() == 3);
  const Dataset dataset = to_dataset(imported);
  CHECK(dataset.class_names == std::vector<std::string>{"no", "yes"});
  CHECK(dataset.labels == std::vector<int>{1, 0});
  CHECK(dataset.columns() == 2);
}

TEST_CASE("import: arrays, with and without a target") {
  const Dataset both = to_dataset(import_bytes(from_hex(numpy_files::kDeflated), "f.npz"));
  CHECK(both.rows() == 4);
  CHECK(both.columns() == 3);
  CHECK(both.labels == std::vector<int>{0, 1, 1, 0});
  CHECK(import_bytes(from_hex(numpy_files::kF32BigEndian), "f.npy").table.columns.size() == 3);
  CHECK(import_bytes(from_hex(numpy_files::kFortran3), "f.npy").table.columns.size() == 12);
  CHECK(error_of([] { import_bytes(from_hex(numpy_files::kStored), "f.npz"); }) ==
        "f.npz: which of its arrays are features and target is not clear: 'first' (3), 'second' (1 "
        "x 1); "
        "expected one array, or features named X and a target named y");
  const std::vector<double> four = {1, 2, 3, 4}, two = {1, 2};
  const auto file = write_npz(
      std::vector<NamedArray>{{"X", make_array(four, {4, 1})}, {"y", make_array(two, {2})}});
  CHECK(error_of([&] { import_bytes(file, "f.npz"); }) ==
        "f.npz: the features have 4 rows, the target has the shape 2; expected one target for each "
        "row");
  CHECK(error_of([] { import_bytes(write_npz({}), "f.npz"); }).find("it has none") !=
        std::string::npos);
}

TEST_CASE("import: the summary") {
  const auto columns = summarise(import_text("u,c,t\n1,a,\n?,b,\n4,a,\n", "f.csv").table);
  REQUIRE(columns.size() == 3);
  CHECK(columns[0].name == "u");
  CHECK(columns[0].missing == 1);
  CHECK(columns[0].least == 1);
  CHECK(columns[0].greatest == 4);
  CHECK(columns[0].mean == 2.5);
  CHECK(columns[1].type == ColumnType::categorical);
  CHECK(columns[1].levels == std::vector<std::string>{"a", "b"});
  CHECK(columns[1].counts == std::vector<std::size_t>{2, 1});
  CHECK(columns[2].missing == 3);
  CHECK(columns[2].mean == 0);
}

TEST_CASE("import: errors come through with their place") {
  CHECK(error_of([] { import_text("a,b\n1\n", "f.csv"); }) ==
        "f.csv:2:2: the record has only 1 value; expected 2 values, as in line 1");
  CHECK(error_of([] { import_text("", "f.csv"); }) ==
        "f.csv: the file has no records; expected lines of values");
  CHECK(error_of([] { import_file("/nowhere/f.csv"); }) ==
        "/nowhere/f.csv: there is no such file; expected the path of a file");
}
