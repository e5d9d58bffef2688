#include "experiment/separable/two_class_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "data/generate.h"
#include "data/inline_points.h"
#include "data/split.h"
#include "data/store.h"
#include "data/text.h"
#include "data/transform.h"
#include "experiment/field_list.h"

namespace lab {
namespace {

// What `auto` means for a set, so that each is as its paper has it.
struct Preparation {
  std::string_view data;
  std::string_view help;
  std::string_view scaling;
  bool bias;
  bool signed_only = false;  // given by its signed samples, all of class +1
};

constexpr std::array kSets = {
    Preparation{"wdbc", "breast cancer: 569 samples, 30 features of cell nuclei", "standardise",
                true},
    Preparation{"digits", "8x8 digits, two of the ten classes", "largest", false},
    Preparation{"iris", "150 flowers, 4 features, two of the three classes", "standardise", true},
    Preparation{"wine", "178 wines, 13 features, two of the three classes", "standardise", true},
    Preparation{"gaussians", "separable through the origin, with a gap of 2 half_gap", "none",
                false},
    Preparation{"imbalanced", "5 samples against all others, in the plane", "none", true},
    Preparation{"overlapping", "two Gaussians that overlap: not separable", "none", true},
    Preparation{"moons", "two interleaving half circles", "none", true},
    Preparation{"circles", "a circle inside another: not separable", "none", true},
    Preparation{"xor", "four clusters, crosswise: not separable", "none", true},
    Preparation{"worst_case", "one sample against n - 1 equal ones", "none", false, true},
    Preparation{"loss_inversion", "two samples on which the loss misleads", "none", false, true},
    Preparation{"four_points", "four samples to follow by hand", "none", false, true},
    Preparation{"ties", "three samples with a margin of exactly 0 on the way", "none", false, true},
    Preparation{"opposed", "1, 1, 1 against -1 on a line: not separable, cycles", "none", false,
                true},
};

// Data of one's own.
constexpr Preparation kOwn = {"file", "", "standardise", true};

// Points drawn in the plane stay where they were drawn.
constexpr Preparation kDrawn = {"points", "", "none", true};

const Preparation& preparation(std::string_view data) {
  if (data.starts_with(kPointsPrefix)) return kDrawn;
  const auto found = std::ranges::find(kSets, data, &Preparation::data);
  return found != kSets.end() ? *found : kOwn;
}

// A set given by its signed samples: all of class +1.
Dataset from_signed(std::string name, std::vector<std::vector<double>> z) {
  Dataset dataset;
  dataset.name = std::move(name);
  dataset.features = Matrix::from_shape({z.size(), z.front().size()});
  for (std::size_t i = 0; i < z.size(); ++i) {
    for (std::size_t j = 0; j < z[i].size(); ++j) dataset.features(i, j) = z[i][j];
  }
  dataset.labels.assign(z.size(), 1);
  for (std::size_t j = 0; j < z.front().size(); ++j) {
    dataset.feature_names.push_back("x" + std::to_string(j + 1));
  }
  dataset.class_names = {"-1", "+1"};
  dataset.provenance = {.source = "generated", .licence = "", .sha256 = "generated", .recipe = ""};
  check(dataset);
  return dataset;
}

// The two classes asked for; by default the first two of the data.
Dataset two_classes(Dataset dataset, const Config& config) {
  std::string positive = config.text("positive_class");
  std::string negative = config.text("negative_class");
  if (dataset.labels.empty() || dataset.classes() < 2) {
    throw Error("'" + dataset.name + "' has no two classes", "field data",
                "data with a column of classes");
  }
  if (dataset.classes() == 2 && positive.empty() && negative.empty()) return dataset;
  const auto other_than = [&](const std::string& taken) {
    return *std::ranges::find_if(dataset.class_names,
                                 [&](const std::string& name) { return name != taken; });
  };
  if (positive.empty()) positive = other_than(negative);
  if (negative.empty()) negative = other_than(positive);
  return select_classes(dataset, std::array{negative, positive});
}

Dataset unprepared(const Config& config, const RunContext& context) {
  const std::string& data = config.text("data");
  const std::uint64_t seed = context.seed;
  const auto samples = static_cast<std::size_t>(config.integer("samples"));
  const auto features = static_cast<std::size_t>(config.integer("features"));
  const double noise = config.real("noise");
  if (data == "gaussians") {
    return separable_gaussians(samples, features, config.real("half_gap"), seed).dataset;
  }
  if (data == "imbalanced") {
    constexpr std::size_t kMinority = 5;
    return imbalanced_gaussians(samples, kMinority, 0.25, seed);
  }
  if (data == "overlapping") return overlapping_gaussians(samples, features, 1, seed);
  if (data == "moons") return moons(samples, noise, seed);
  if (data == "circles") return circles(samples, 0.5, noise, seed);
  if (data == "xor") return xor_clusters(samples, noise, seed);
  if (data == "worst_case") return worst_case(samples);
  if (data == "loss_inversion") return misleading_pair();
  if (data == "four_points") return four_points();
  if (data == "ties") return from_signed(data, {{1, 0}, {-1, 1}, {0, 1}});
  if (data == "opposed") return from_signed(data, {{1}, {1}, {1}, {-1}});
  if (data.starts_with(kPointsPrefix)) {
    return two_classes(from_points_text(data, "field data"), config);
  }
  return two_classes(named_data(data, context.data), config);
}

Dataset with_scaling(Dataset dataset, std::string_view scaling) {
  if (scaling == "standardise") return standardised(std::move(dataset));
  if (scaling == "largest") {
    double largest = 0;
    for (const double value : span(dataset.features)) largest = std::max(largest, std::abs(value));
    return divided_by(std::move(dataset), largest);
  }
  return dataset;
}

}  // namespace

std::vector<Field> two_class_fields() {
  std::vector<Choice> sets;
  for (const Preparation& set : kSets)
    sets.push_back({std::string(set.data), std::string(set.help)});
  FieldList fields;
  fields.group("data");
  fields.dataset(
      "data", "imbalanced", std::move(sets),
      "what to learn from; file:PATH for a CSV, ARFF or NPZ file, points:X1,X2,CLASS;... "
      "for points written out");
  fields.text("positive_class", "",
              "of data with more classes: the one with y = +1; empty = the first");
  fields.text("negative_class", "", "the one with y = -1; empty = the next");
  fields.integer("samples", 500, {4, 20'000}, "how many to generate",
                 {.log_scale = true, .unit = "samples"});
  fields.integer("features", 2, {1, 100}, "of gaussians and overlapping",
                 {.log_scale = true, .unit = "features"});
  fields.real("half_gap", 0.1, {1e-3, 10},
              "gaussians: least distance of a sample from the separating plane",
              {.log_scale = true});
  fields.real("noise", 0.1, {0, 2}, "moons, circles, xor: standard deviation about the shape",
              {.step = 0.01});
  fields.real("fraction", 1.0, {0.05, 1}, "a random part of the data, each class in proportion",
              {.step = 0.05});
  fields.real("label_noise", 0.0, {0, 0.5}, "probability that a label is turned round",
              {.step = 0.01});
  fields.real("jitter", 0.0, {0, 1}, "normal noise on every feature; 1e-9 breaks ties",
              {.advanced = true});
  fields.choice("scaling", "auto",
                {{"auto", "as the data's source has it"},
                 {"none", "as they are"},
                 {"standardise", "mean 0 and standard deviation 1 of each feature"},
                 {"largest", "divided by the largest absolute value of all"}},
                "what is done to the features first", {.advanced = true});
  fields.choice("bias", "auto",
                {{"auto", "as the data's source has it"},
                 {"on", "a feature that is 1 everywhere"},
                 {"off", "the plane goes through the origin"}},
                "whether the plane may miss the origin", {.advanced = true});
  const std::vector<std::string> generated = {"gaussians", "imbalanced", "overlapping", "moons",
                                              "circles",   "xor",        "worst_case"};
  std::vector<std::string> two_already = generated;
  for (const char* hand : {"loss_inversion", "four_points", "ties", "opposed"})
    two_already.push_back(hand);
  fields.limit({"positive_class", "negative_class"}, {{"data", two_already, true}});
  fields.limit({"samples"}, {{"data", generated}});
  fields.limit({"features"}, {{"data", {"gaussians", "overlapping"}}});
  fields.limit({"half_gap"}, {{"data", {"gaussians"}}});
  fields.limit({"noise"}, {{"data", {"moons", "circles", "xor"}}});
  return fields.list;
}

std::vector<Field> two_class_source_fields(std::string data) {
  std::vector<Field> fields = two_class_fields();
  std::erase_if(fields, [](const Field& field) {
    return field.name == "jitter" || field.name == "scaling" || field.name == "bias";
  });
  fields.front().value = std::move(data);
  const auto is_signed = [](std::string_view set) { return preparation(set).signed_only; };
  std::erase_if(fields.front().choices, [&](const Choice& set) { return is_signed(set.name); });
  for (Field& field : fields) {
    for (Condition& condition : field.only_with) std::erase_if(condition.values, is_signed);
  }
  return fields;
}

Dataset two_class_source(const Config& config, const RunContext& context) {
  Dataset dataset = unprepared(config, context);
  if (const double fraction = config.real("fraction"); fraction < 1) {
    dataset = select_rows(dataset, stratified_split(dataset, 1 - fraction, context.seed).train);
  }
  if (const double noise = config.real("label_noise"); noise > 0) {
    dataset = with_label_noise(std::move(dataset), noise, context.seed);
  }
  const std::vector<std::size_t> counts = class_counts(dataset);
  for (std::size_t k = 0; k < 2; ++k) {
    if (counts[k] >= 2) continue;
    throw Error("class '" + dataset.class_names[k] + "' has " + counted(counts[k], "sample"),
                "field data", "at least 2 samples of each class");
  }
  return dataset;
}

TwoClassData two_class_data(const Config& config, const RunContext& context) {
  const Preparation& set = preparation(config.text("data"));
  Dataset dataset = unprepared(config, context);
  if (const double fraction = config.real("fraction"); fraction < 1) {
    dataset = select_rows(dataset, stratified_split(dataset, 1 - fraction, context.seed).train);
  }
  const std::string& scaling = config.text("scaling");
  dataset = with_scaling(std::move(dataset), scaling == "auto" ? set.scaling : scaling);
  if (const double noise = config.real("label_noise"); noise > 0) {
    dataset = with_label_noise(std::move(dataset), noise, context.seed);
  }
  if (const double jitter = config.real("jitter"); jitter > 0) {
    dataset = with_jitter(std::move(dataset), jitter, context.seed);
  }
  const std::string& bias = config.text("bias");
  return {std::move(dataset), bias == "auto" ? set.bias : bias == "on"};
}

}  // namespace lab
