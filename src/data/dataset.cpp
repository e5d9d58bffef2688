#include "data/dataset.h"

#include <set>
#include <string_view>

#include "core/digest.h"
#include "core/error.h"
#include "data/text.h"

namespace lab {
namespace {

bool is_finite(double x) {
  return x - x == 0;
}

void check_names(const std::vector<std::string>& names, std::string_view what,
                 std::string_view name) {
  std::set<std::string_view> seen;
  for (const std::string& entry : names) {
    if (entry.empty()) {
      throw Error("a " + std::string(what) + " has no name", std::string(name), "a name for each");
    }
    if (!seen.insert(entry).second) {
      throw Error("two " + std::string(what) + (what == "class" ? "es" : "s") + " are named " +
                      quoted(entry),
                  std::string(name), "different names");
    }
  }
}

}  // namespace

void check(const Dataset& dataset) {
  const std::string where = "data set " + quoted(dataset.name);
  const std::size_t n = dataset.rows(), d = dataset.columns();
  if (dataset.name.empty()) throw Error("the data set has no name", "", "a name");
  if (dataset.provenance.source.empty())
    throw Error("no source is given", where, "where it is from");
  if (n == 0 || d == 0) {
    throw Error("the data has " + counted(n, "row") + " and " + counted(d, "feature"), where,
                "at least one of each");
  }
  if (dataset.feature_names.size() != d) {
    throw Error(counted(dataset.feature_names.size(), "feature name"), where, std::to_string(d));
  }
  check_names(dataset.feature_names, "feature", where);
  check_names(dataset.class_names, "class", where);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      if (!is_finite(dataset.features(i, j))) {
        throw Error("feature " + quoted(dataset.feature_names[j]) + " of row " +
                        std::to_string(i + 1) + " is not finite",
                    where, "finite numbers");
      }
    }
  }
  if (!dataset.labels.empty() && dataset.targets.size() > 0) {
    throw Error("both labels and targets are given", where, "one of them");
  }
  if (!dataset.labels.empty() && dataset.labels.size() != n) {
    throw Error(counted(dataset.labels.size(), "label"), where, std::to_string(n) + ", one a row");
  }
  if (dataset.targets.size() != 0 && dataset.targets.size() != n) {
    throw Error(counted(dataset.targets.size(), "target"), where,
                std::to_string(n) + ", one a row");
  }
  for (std::size_t i = 0; i < dataset.labels.size(); ++i) {
    const int label = dataset.labels[i];
    if (label < 0 || static_cast<std::size_t>(label) >= dataset.classes()) {
      throw Error("the label of row " + std::to_string(i + 1) + " is " + std::to_string(label),
                  where,
                  "0 to " + std::to_string(static_cast<std::int64_t>(dataset.classes()) - 1) +
                      ", the index of a class name");
    }
  }
  for (std::size_t i = 0; i < dataset.targets.size(); ++i) {
    if (!is_finite(dataset.targets(i))) {
      throw Error("the target of row " + std::to_string(i + 1) + " is not finite", where,
                  "finite numbers");
    }
  }
}

std::string digest(const Dataset& dataset) {
  Digest digest;
  digest.text("dataset");
  digest.u64(dataset.rows()).u64(dataset.columns());
  for (const std::string& name : dataset.feature_names) digest.text(name);
  digest.u64(dataset.classes());
  for (const std::string& name : dataset.class_names) digest.text(name);
  digest.f64s(span(dataset.features));
  digest.i64s(std::span<const int>(dataset.labels));
  digest.f64s(span(dataset.targets));
  return digest.hex();
}

std::vector<std::size_t> class_counts(const Dataset& dataset) {
  std::vector<std::size_t> counts(dataset.classes());
  for (const int label : dataset.labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

void note(Dataset& dataset, std::string step) {
  std::string& recipe = dataset.provenance.recipe;
  if (!recipe.empty()) recipe += "; ";
  recipe += step;
}

}  // namespace lab
