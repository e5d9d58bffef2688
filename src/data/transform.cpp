#include "data/transform.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/error.h"
#include "core/json.h"
#include "core/names.h"
#include "data/text.h"

namespace lab {
namespace {

struct Range {
  double least, greatest;
};

Range range_of(const Matrix& features, std::size_t j) {
  Range range{features(0, j), features(0, j)};
  for (std::size_t i = 1; i < features.shape(0); ++i) {
    range.least = std::min(range.least, features(i, j));
    range.greatest = std::max(range.greatest, features(i, j));
  }
  return range;
}

void add_feature(Scaling& scaling, std::size_t j, double offset, double scale) {
  if (!std::isfinite(offset) || !std::isfinite(scale) || scale <= 0) {
    throw Error("the values of feature " + std::to_string(j + 1) + " cannot be scaled", "scaling",
                "values whose spread is a number between 1e-150 and 1e150");
  }
  scaling.offset.push_back(offset);
  scaling.scale.push_back(scale);
}

// A rounded mean can differ from the one value that all have, and the deviation would then be a
// rounding error to divide by: so constancy is decided by the values themselves.
bool add_if_constant(Scaling& scaling, std::size_t j, const Range& range) {
  if (range.least != range.greatest) return false;
  add_feature(scaling, j, range.least, 1);
  scaling.constant.push_back(j);
  return true;
}

}  // namespace

Scaling fit_standardise(const Matrix& features) {
  assert(features.shape(0) > 0);
  const std::size_t n = features.shape(0);
  Scaling scaling;
  for (std::size_t j = 0; j < features.shape(1); ++j) {
    if (add_if_constant(scaling, j, range_of(features, j))) continue;
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += features(i, j);
    const double mean = sum / static_cast<double>(n);
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double deviation = features(i, j) - mean;
      squares += deviation * deviation;
    }
    add_feature(scaling, j, mean, std::sqrt(squares / static_cast<double>(n)));
  }
  return scaling;
}

Scaling fit_min_max(const Matrix& features) {
  assert(features.shape(0) > 0);
  Scaling scaling;
  for (std::size_t j = 0; j < features.shape(1); ++j) {
    const Range range = range_of(features, j);
    if (add_if_constant(scaling, j, range)) continue;
    add_feature(scaling, j, range.least, range.greatest - range.least);
  }
  return scaling;
}

void apply_scaling(const Scaling& scaling, Matrix& features) {
  assert(scaling.offset.size() == features.shape(1));
  for (std::size_t i = 0; i < features.shape(0); ++i) {
    for (std::size_t j = 0; j < features.shape(1); ++j) {
      features(i, j) = (features(i, j) - scaling.offset[j]) / scaling.scale[j];
    }
  }
}

Dataset scaled(Dataset dataset, const Scaling& scaling, std::string what) {
  apply_scaling(scaling, dataset.features);
  constexpr std::size_t kMaxListed = 5;
  for (std::size_t k = 0; k < scaling.constant.size() && k < kMaxListed; ++k) {
    what += (k == 0 ? ", constant: " : ", ") + quoted(dataset.feature_names[scaling.constant[k]]);
  }
  if (scaling.constant.size() > kMaxListed) {
    what += " and " + std::to_string(scaling.constant.size() - kMaxListed) + " more";
  }
  note(dataset, std::move(what));
  check(dataset);
  return dataset;
}

Dataset standardised(Dataset dataset) {
  const Scaling scaling = fit_standardise(dataset.features);
  return scaled(std::move(dataset), scaling, "standardised");
}

Dataset min_max_scaled(Dataset dataset) {
  const Scaling scaling = fit_min_max(dataset.features);
  return scaled(std::move(dataset), scaling, "scaled to 0..1");
}

Dataset divided_by(Dataset dataset, double divisor) {
  if (divisor == 0 || !std::isfinite(divisor)) {
    throw Error("the features cannot be divided by this", "scaling",
                "a finite number other than 0");
  }
  double* features = dataset.features.data();
  for (std::size_t i = 0; i < dataset.features.size(); ++i) features[i] /= divisor;
  note(dataset, "divided by " + number_text(divisor));
  check(dataset);
  return dataset;
}

Dataset select_rows(const Dataset& dataset, std::span<const std::size_t> rows) {
  Dataset out;
  out.name = dataset.name;
  out.feature_names = dataset.feature_names;
  out.class_names = dataset.class_names;
  out.provenance = dataset.provenance;
  const std::size_t d = dataset.columns();
  out.features = Matrix::from_shape({rows.size(), d});
  if (dataset.targets.size() > 0) out.targets = Vector::from_shape({rows.size()});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    assert(rows[i] < dataset.rows());
    std::copy_n(dataset.features.data() + rows[i] * d, d, out.features.data() + i * d);
    if (!dataset.labels.empty()) out.labels.push_back(dataset.labels[rows[i]]);
    if (dataset.targets.size() > 0) out.targets(i) = dataset.targets(rows[i]);
  }
  return out;
}

Dataset select_classes(const Dataset& dataset, std::span<const std::string> names) {
  std::vector<int> new_label(dataset.classes(), -1);
  std::string listed;
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto found = std::find(dataset.class_names.begin(), dataset.class_names.end(), names[k]);
    const std::string where = "data set " + quoted(dataset.name);
    if (found == dataset.class_names.end()) {
      throw Error("there is no class " + quoted(names[k]), where,
                  expected_name(names[k], dataset.class_names));
    }
    int& label = new_label[static_cast<std::size_t>(found - dataset.class_names.begin())];
    if (label >= 0)
      throw Error("class " + quoted(names[k]) + " is named twice", where, "two classes");
    label = static_cast<int>(k);
    listed += (k > 0 ? ", " : "") + names[k];
  }
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < dataset.labels.size(); ++i) {
    if (new_label[static_cast<std::size_t>(dataset.labels[i])] >= 0) rows.push_back(i);
  }
  Dataset out = select_rows(dataset, rows);
  for (int& label : out.labels) label = new_label[static_cast<std::size_t>(label)];
  out.class_names.assign(names.begin(), names.end());
  note(out, "classes " + listed);
  check(out);
  return out;
}

}  // namespace lab
