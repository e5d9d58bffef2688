// What can be set in simple-linear-wdbc.
#include <string>
#include <utility>
#include <vector>

#include "experiment/separable/simple_linear_run.h"
#include "experiment/separable/two_class_data.h"

namespace lab::separable {

std::vector<Field> simple_linear_fields() {
  std::vector<Field> fields = two_class_source_fields("wdbc");
  const auto flag = [&](std::string name, bool value, std::string help, std::string group,
                        bool advanced = false) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::flag,
                      .value = value,
                      .help = std::move(help),
                      .group = std::move(group),
                      .advanced = advanced});
  };
  const auto real = [&](std::string name, double value, double min, double max, std::string help,
                        std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::real,
                      .value = value,
                      .min = min,
                      .max = max,
                      .log_scale = true,
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  const auto integer = [&](std::string name, std::int64_t value, double min, double max,
                           std::string unit, std::string help, std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::integer,
                      .value = value,
                      .min = min,
                      .max = max,
                      .unit = std::move(unit),
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  const auto text = [&](std::string name, std::string help, std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::text,
                      .value = std::string(),
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  const auto choice = [&](std::string name, std::string value, std::vector<Choice> choices,
                          std::string help, std::string group) {
    fields.push_back({.name = std::move(name),
                      .type = FieldType::choice,
                      .value = std::move(value),
                      .choices = std::move(choices),
                      .help = std::move(help),
                      .group = std::move(group)});
  };
  text("only_features", "names or numbers of the features to use, between commas; empty = all",
       "data");
  real("c", 1, 1e-4, 1e6, "logistic regression: weight of the loss against the ridge", "models");
  integer("depth", 0, 0, 30, "", "of the tree at the most; 0 = until its leaves are pure",
          "models");
  choice("criterion", "gini", {{"gini", "2 p (1 - p)"}, {"entropy", "in bits"}},
         "impurity that a split of the tree lowers", "models");
  integer("leaf_samples", 1, 1, 100, "samples", "least size of a leaf of the tree", "models");
  real("svm_c", 1, 1e-3, 1e3, "both SVMs: weight of the hinge losses", "models");
  real("kernel_gamma", 1, 1e-3, 1e3, "RBF kernel: gamma in units of 1 / (p var X)", "models");
  integer("max_updates", 500, 1, 1e6, "updates", "perceptron and normalised LR+GD stop there",
          "models");
  real("gamma", 1, 1e-3, 1e12, "step size of normalised LR+GD", "models");
  for (const Contender contender : kAllContenders) {
    if (contender == Contender::majority) continue;
    flag(std::string(name(contender)), true, std::string(label(contender)) + " takes part",
         "models");
  }
  choice("scaler", "inside",
         {{"inside", "mean 0, deviation 1 by the training part of each fold"},
          {"leak", "by all samples, the test part among them: bad practice"},
          {"none", "features as they are"}},
         "what the features are scaled by", "protocol");
  integer("folds", 10, 2, 50, "folds", "parts of the cross-validation, each class in proportion",
          "protocol");
  integer("repeats", 2, 1, 50, "shuffles", "how often the folds are dealt anew", "protocol");
  flag("c_sweep", true, "logistic regression at eight values of C in every fold", "protocol");
  flag("depth_sweep", true, "trees of depth 1 to 10 in every fold", "protocol");
  flag("feature_sweep", true, "logistic regression on its strongest features in every fold",
       "protocol");
  flag("whole", true, "coefficients, tree and map, fitted to all samples", "all samples");
  integer("bootstraps", 100, 0, 2000, "resamples", "for the whiskers of the coefficients",
          "all samples");
  choice("map_model", "logistic",
         {{"logistic", "logistic regression"},
          {"tree", "decision tree"},
          {"linear_svm", "linear SVM"},
          {"rbf_svm", "RBF SVM"}},
         "whose decisions the map shows", "all samples");
  text("map_x", "feature along the map; empty = worst radius, or the first", "all samples");
  text("map_y", "feature up the map; empty = worst smoothness, or the second", "all samples");
  choice("detect", "minus",
         {{"minus", "the class y = -1 (malignant)"}, {"plus", "the class y = +1 (benign)"}},
         "which class recall, precision, ROC and threshold speak of", "decision");
  fields.push_back({.name = "threshold",
                    .type = FieldType::real,
                    .value = 0.5,
                    .min = 0,
                    .max = 1,
                    .step = 0.01,
                    .help = "probability of the detected class from which it is said",
                    .group = "decision",
                    .live = true});
  return fields;
}

}  // namespace lab::separable
