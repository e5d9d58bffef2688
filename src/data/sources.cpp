#include "data/sources.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/digest.h"
#include "core/error.h"
#include "data/csv.h"
#include "data/files.h"
#include "data/inflate.h"
#include "data/text.h"

namespace lab {
namespace {

constexpr std::string_view kLicence = "BSD-3-Clause, as distributed with scikit-learn";

constexpr std::array<DataDescription, 5> kNamedData = {{
    {.name = "wdbc",
     .title = "Breast Cancer Wisconsin (Diagnostic): cell nuclei of malignant and benign tumours",
     .file = "breast_cancer.csv",
     .rows = 569,
     .features = 30,
     .classes = 2,
     .source = "W. H. Wolberg, W. N. Street and O. L. Mangasarian, 1995; UCI Machine Learning "
               "Repository; the copy in scikit-learn",
     .licence = kLicence,
     .sha256 = "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed"},
    {.name = "digits",
     .title = "Handwritten digits, 8 x 8 pixels of 0 to 16",
     .file = "digits.csv",
     .rows = 1797,
     .features = 64,
     .classes = 10,
     .source = "E. Alpaydin and C. Kaynak, 1998: optical recognition of handwritten digits, test "
               "set; UCI "
               "Machine Learning Repository; the copy in scikit-learn",
     .licence = kLicence,
     .sha256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"},
    {.name = "iris",
     .title = "Iris: sepals and petals of three species",
     .file = "iris.csv",
     .rows = 150,
     .features = 4,
     .classes = 3,
     .source = "R. A. Fisher, 1936; the copy in scikit-learn",
     .licence = kLicence,
     .sha256 = "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449"},
    {.name = "wine",
     .title = "Wine: chemical analysis of wines from three cultivars",
     .file = "wine.csv",
     .rows = 178,
     .features = 13,
     .classes = 3,
     .source = "M. Forina et al., 1991; UCI Machine Learning Repository; the copy in scikit-learn",
     .licence = kLicence,
     .sha256 = "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede"},
    {.name = "diabetes",
     .title = "Diabetes: progression after a year, from age, sex, body mass, pressure and six sera",
     .file = "diabetes.csv",
     .rows = 442,
     .features = 10,
     .classes = 0,
     .source =
         "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, 2004; the copy in scikit-learn, not "
         "scaled",
     .licence = kLicence,
     .sha256 = "59ec6636175514a0947514666173eb93dc31c09ea8ec74d41479c9c267f5dec9"},
}};

std::vector<std::string> wdbc_features() {
  constexpr std::array<std::string_view, 10> kProperties = {
      "radius",      "texture",   "perimeter",      "area",     "smoothness",
      "compactness", "concavity", "concave points", "symmetry", "fractal dimension"};
  std::vector<std::string> names;
  for (const std::string_view property : kProperties)
    names.push_back("mean " + std::string(property));
  for (const std::string_view property : kProperties)
    names.push_back(std::string(property) + " error");
  for (const std::string_view property : kProperties)
    names.push_back("worst " + std::string(property));
  return names;
}

std::vector<std::string> pixel_names() {
  std::vector<std::string> names;
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      names.push_back("pixel " + std::to_string(row) + "," + std::to_string(column));
    }
  }
  return names;
}

std::vector<std::string> feature_names(std::string_view name) {
  if (name == "wdbc") return wdbc_features();
  if (name == "digits") return pixel_names();
  if (name == "iris") {
    return {"sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"};
  }
  if (name == "diabetes") {
    return {"age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"};
  }
  return {"alcohol",         "malic acid",       "ash",        "alcalinity of ash",
          "magnesium",       "total phenols",    "flavanoids", "nonflavanoid phenols",
          "proanthocyanins", "colour intensity", "hue",        "OD280/OD315 of diluted wines",
          "proline"};
}

Dataset parse(const DataDescription& description, std::string_view text, std::string_view where) {
  std::vector<std::string> names = feature_names(description.name);
  const bool digits = description.name == "digits", diabetes = description.name == "diabetes";
  if (!digits && !diabetes) return read_counted_csv(text, where, std::move(names));
  // Without a header; the target is the last column.
  Dataset dataset = to_dataset(
      read_csv(text, where, {.delimiter = digits ? ',' : ' ', .header = CsvHeader::absent}),
      {.task = digits ? Task::classification : Task::regression});
  dataset.feature_names = std::move(names);
  return dataset;
}

std::optional<std::string> environment(const char* variable) {
  const char* value = std::getenv(variable);
  if (!value || !*value) return std::nullopt;
  return value;
}

}  // namespace

std::span<const DataDescription> named_data() {
  return kNamedData;
}

const DataDescription* find_named_data(std::string_view name) {
  const auto found = std::find_if(kNamedData.begin(), kNamedData.end(),
                                  [&](const DataDescription& d) { return d.name == name; });
  return found == kNamedData.end() ? nullptr : &*found;
}

DataSource folder_source(std::vector<std::string> folders) {
  DataSource source;
  source.disk = true;
  for (const std::string& folder : folders) {
    source.places += (source.places.empty() ? "" : ", ") + folder;
  }
  source.read = [folders = std::move(folders)](std::string_view file) -> std::optional<DataFile> {
    for (const std::string& folder : folders) {
      for (const char* extension : {"", ".gz"}) {
        const std::string path = folder + "/" + std::string(file) + extension;
        if (is_file(path)) return DataFile{.bytes = read_file(path), .where = path};
      }
    }
    return std::nullopt;
  };
  return source;
}

std::vector<std::string> data_folders(std::string_view executable_folder) {
  std::vector<std::string> folders;
  if (const auto data = environment("LOGIT_LAB_DATA")) folders.push_back(*data);
  if (!executable_folder.empty()) {
    folders.push_back(std::string(executable_folder) + "/../share/logit-lab/data");
  }
  for (std::size_t end = executable_folder.size(); end != 0 && end != std::string_view::npos;) {
    const std::string examples = std::string(executable_folder.substr(0, end)) + "/examples";
    if (is_file(examples + "/models/LICENCES.md")) {
      folders.push_back(examples);
      break;
    }
    end = executable_folder.substr(0, end).rfind('/');
  }
  if (const auto cache = environment("LOGIT_LAB_CACHE")) {
    folders.push_back(*cache + "/data");
  } else if (const auto caches = environment("XDG_CACHE_HOME")) {
    folders.push_back(*caches + "/logit-lab/data");
  } else if (const auto home = environment("HOME")) {
    folders.push_back(*home + "/.cache/logit-lab/data");
  }
  return folders;
}

DataFile read_data_file(const DataSource& source, std::string_view file, std::string_view what,
                        std::string_view expected) {
  std::optional<DataFile> found = source.read ? source.read(file) : std::nullopt;
  if (!found) {
    throw Error("the file " + std::string(file) + " of " + std::string(what) + " is not there",
                source.places.empty() ? "no data folder is known" : "looked in " + source.places,
                std::string(expected));
  }
  if (is_gzip(found->bytes)) found->bytes = gunzip(found->bytes, found->where);
  return *std::move(found);
}

void check_pinned(const DataFile& file, std::string_view sha256, std::string_view what) {
  const std::string found = sha256_hex(file.bytes);
  if (found == sha256) return;
  throw Error("the file is not the one that " + std::string(what) + " is made of (its SHA-256 is " +
                  found + ")",
              file.where,
              "SHA-256 " + std::string(sha256) +
                  ": remove the file and run ./lab setup; your own data go in by data import");
}

Dataset load_named_data(const DataDescription& description, const DataSource& source) {
  const std::string what = "data set " + quoted(description.name);
  const DataFile found = read_data_file(source, description.file, what);
  check_pinned(found, description.sha256, what);
  Dataset dataset = parse(description, as_text(found.bytes), found.where);
  dataset.name = description.name;
  dataset.provenance = {.source = std::string(description.source),
                        .licence = std::string(description.licence),
                        .sha256 = std::string(description.sha256),
                        .recipe = {}};
  check(dataset);
  return dataset;
}

}  // namespace lab
