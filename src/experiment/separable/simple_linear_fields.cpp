// What can be set in simple-linear-wdbc.
#include <string>
#include <vector>

#include "experiment/field_list.h"
#include "experiment/separable/simple_linear_run.h"
#include "experiment/separable/two_class_data.h"

namespace lab::separable {

std::vector<Field> simple_linear_fields() {
  FieldList fields = two_class_source_fields("wdbc");
  fields.group("data");
  fields.text("only_features", "",
              "names or numbers of the features to use, between commas; empty = all");
  fields.group("models");
  fields.real("c", 1, {1e-4, 1e6}, "logistic regression: weight of the loss against the ridge",
              {.log_scale = true});
  fields.integer("depth", 0, {0, 30}, "of the tree at the most; 0 = until its leaves are pure");
  fields.choice("criterion", "gini", {{"gini", "2 p (1 - p)"}, {"entropy", "in bits"}},
                "impurity that a split of the tree lowers");
  fields.integer("leaf_samples", 1, {1, 100}, "least size of a leaf of the tree",
                 {.unit = "samples"});
  fields.real("svm_c", 1, {1e-3, 1e3}, "both SVMs: weight of the hinge losses",
              {.log_scale = true});
  fields.real("kernel_gamma", 1, {1e-3, 1e3}, "RBF kernel: gamma in units of 1 / (p var X)",
              {.log_scale = true});
  fields.integer("max_updates", 500, {1, 1e6}, "perceptron and normalised LR+GD stop there",
                 {.unit = "updates"});
  fields.real("gamma", 1, {1e-3, 1e12}, "step size of normalised LR+GD", {.log_scale = true});
  for (const Contender contender : kAllContenders) {
    if (contender == Contender::majority) continue;
    fields.flag(std::string(name(contender)), true, std::string(label(contender)) + " takes part");
  }
  fields.group("protocol");
  fields.choice("scaler", "inside",
                {{"inside", "mean 0, deviation 1 by the training part of each fold"},
                 {"leak", "by all samples, the test part among them: bad practice"},
                 {"none", "features as they are"}},
                "what the features are scaled by");
  fields.integer("folds", 10, {2, 50}, "parts of the cross-validation, each class in proportion",
                 {.unit = "folds"});
  fields.integer("repeats", 2, {1, 50}, "how often the folds are dealt anew", {.unit = "shuffles"});
  fields.flag("c_sweep", true, "logistic regression at eight values of C in every fold");
  fields.flag("depth_sweep", true, "trees of depth 1 to 10 in every fold");
  fields.flag("feature_sweep", true, "logistic regression on its strongest features in every fold");
  fields.group("all samples");
  fields.flag("whole", true, "coefficients, tree and map, fitted to all samples");
  fields.integer("bootstraps", 100, {0, 2000}, "for the whiskers of the coefficients",
                 {.unit = "resamples"});
  fields.choice("map_model", "logistic",
                {{"logistic", "logistic regression"},
                 {"tree", "decision tree"},
                 {"linear_svm", "linear SVM"},
                 {"rbf_svm", "RBF SVM"}},
                "whose decisions the map shows");
  fields.text("map_x", "", "feature along the map; empty = worst radius, or the first");
  fields.text("map_y", "", "feature up the map; empty = worst smoothness, or the second");
  fields.group("decision");
  fields.choice("detect", "minus",
                {{"minus", "the class y = -1 (malignant)"}, {"plus", "the class y = +1 (benign)"}},
                "which class recall, precision, ROC and threshold speak of");
  fields.real("threshold", 0.5, {0, 1}, "probability of the detected class from which it is said",
              {.step = 0.01, .live = true});
  fields.limit({"bootstraps", "map_model", "map_x", "map_y"}, {{"whole", {"true"}}});
  return fields.list;
}

}  // namespace lab::separable
