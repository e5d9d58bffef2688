// Everything that simple-linear-wdbc records, with names, units and one line each.
#include "experiment/separable/simple_linear.h"

namespace lab::separable {

SimpleLinearRecordings::SimpleLinearRecordings() {
  for (const Contender contender : kAllContenders) {
    const std::string who = std::string(name(contender)) + "/";
    ContenderRecordings& r = of[index(contender)];
    r = {};
    r.running_accuracy =
        series(who + "running_accuracy", "%", "mean test accuracy over the folds up to here");
    r.accuracy = value(who + "accuracy", "%", "mean test accuracy over all folds");
    r.deviation = value(who + "accuracy_std", "%",
                        "standard deviation of the folds' accuracies: no standard error");
    r.train_accuracy = value(who + "train_accuracy", "%", "mean accuracy on the training parts");
    if (contender != Contender::majority) {
      r.iterations =
          value(who + "iterations", "",
                "of a fit, on average: Newton steps, epochs, pair updates, updates; nodes of "
                "a tree");
      r.multiply_adds = value(
          who + "multiply_adds", "",
          "of a fit, on average: multiplications with an addition; of a tree 12 operations for "
          "each threshold tried");
      r.parameters = value(who + "parameters", "numbers", "kept to predict, on average");
      r.unfinished = value(who + "unfinished", "fits",
                           "whose solver stopped at its limit; of a perceptron, that left training "
                           "samples wrong");
    }
    if (contender != Contender::majority)
      r.auc = value(who + "auc", "", "area under the ROC curve of the out-of-fold scores");
    if (gives_probability(contender)) {
      r.log_loss = value(who + "log_loss", "nats", "of the out-of-fold probabilities");
      r.brier = value(who + "brier", "", "mean squared error of the out-of-fold probabilities");
    }
    if (contender == Contender::logistic || contender == Contender::tree ||
        contender == Contender::rbf_svm) {
      r.paper_error = value(who + "paper_error", "%",
                            "100 - the mean test score that the paper reports; absent: other data");
    }
    r.folds = array(who + "folds", "%", "test accuracy of each fold", ArrayForm::vector);
    r.error = array(who + "error", "%",
                    "mean test error and its 95 % interval, corrected for folds that share "
                    "training samples (Nadeau and Bengio 2003)",
                    ArrayForm::vector);
    if (contender != Contender::logistic) {
      r.difference =
          array(who + "difference", "points",
                "accuracy of logistic regression minus this one's on the same folds: mean "
                "and corrected 95 % interval",
                ArrayForm::vector);
    }
    if (contender != Contender::majority)
      r.roc = array(who + "roc", "", "false and true positive rate", ArrayForm::table,
                    {"false_positive_rate", "true_positive_rate"});
    if (gives_probability(contender) && contender != Contender::majority) {
      r.reliability = array(who + "reliability", "",
                            "share of the class among samples that are said to have it with this "
                            "probability, with Wilson's interval",
                            ArrayForm::table, {"predicted", "observed", "low", "high"});
    }
  }
  samples = value("data/samples", "samples", "number of samples n");
  features = value("data/features", "features", "number of features p");
  positives = value("data/positives", "samples", "samples with y = +1");
  baseline = value("data/baseline", "%", "accuracy of always saying the larger class");
  feature_names = array("data/feature_names", "", "names of the features", ArrayForm::labels);
  class_names =
      array("data/class_names", "", "names of the classes y = -1 and y = +1", ArrayForm::labels);
  const std::string whole = "logistic/whole_";
  whole_objective = value(whole + "objective", "", "J at its minimum, on all samples");
  whole_bias = value(whole + "bias", "", "b there");
  whole_norm = value(whole + "norm", "", "|w| there");
  whole_accuracy = value(whole + "accuracy", "%", "training accuracy there");
  const std::string at = " at `threshold`, of logistic regression's out-of-fold probabilities";
  recall = value("logistic/recall", "", "share of the detected class that is found" + at);
  precision = value("logistic/precision", "", "share of what is found that is right" + at);
  specificity = value("logistic/specificity", "", "share of the other class left alone" + at);
  f1 = value("logistic/f1", "", "harmonic mean of recall and precision" + at);
  missed = value("logistic/missed", "samples", "of the detected class that are not found" + at);
  false_alarms =
      value("logistic/false_alarms", "samples", "of the other class that are found" + at);
  unsure_signs = value("coefficients/unsure_signs", "features",
                       "whose 95 % bootstrap interval of the weight holds 0");
  greatest_correlation =
      value("data/greatest_correlation", "", "largest absolute correlation of two features");
  coefficients = array("coefficients/whole", "",
                       "weights on all samples, the largest first, with 95 % bootstrap intervals",
                       ArrayForm::table, {"feature", "weight", "low", "high"});
  tree_nodes =
      array("tree/nodes", "", "the tree on all samples; feature -1: a leaf", ArrayForm::table,
            {"feature", "threshold", "left", "right", "class_minus", "class_plus"});
  map_points = array("map/points", "", "all samples in the plane of two features, standardised",
                     ArrayForm::points, {"x", "y", "class"});
  map_axes = array("map/axes", "", "the two features", ArrayForm::labels);
  map_field = array("map/field", "",
                    "score of the model fitted to the two features alone: above 0 is y = +1",
                    ArrayForm::field);
  map_extent = array("map/field_extent", "", "x_low, x_high, y_low, y_high", ArrayForm::vector);
  const std::vector<std::string> interval = {"x", "mean", "low", "high"};
  const auto sweep = [&](std::string name, std::string unit, std::string help) {
    return array(std::move(name), std::move(unit), std::move(help), ArrayForm::table, interval);
  };
  test_by_c = sweep("test/accuracy_by_c", "%", "test accuracy of logistic regression over C");
  train_by_c = sweep("train/accuracy_by_c", "%", "training accuracy over C");
  test_loss_by_c = sweep("test/loss_by_c", "nats", "mean logistic loss of the test part over C");
  train_loss_by_c =
      sweep("train/loss_by_c", "nats", "mean logistic loss of the training part over C");
  norm_by_c = sweep("weights/norm_by_c", "", "|w| over C");
  test_by_depth = sweep("test/accuracy_by_depth", "%", "test accuracy of trees over their depth");
  train_by_depth = sweep("train/accuracy_by_depth", "%", "training accuracy over the depth");
  test_by_features =
      sweep("test/accuracy_by_features", "%",
            "test accuracy of logistic regression on the k features with the largest "
            "weights in the training part");
  train_by_features = sweep("train/accuracy_by_features", "%", "training accuracy of the same");
  diagonal = array("diagonal/line", "", "from (0, 0) to (1, 1)", ArrayForm::table, {"x", "y"});
  const auto threshold = [&](std::string name, std::string help) {
    return array(std::move(name), "", std::move(help), ArrayForm::table, {"threshold", "share"});
  };
  recall_by_threshold = threshold("recall/by_threshold", "recall over the threshold");
  precision_by_threshold = threshold("precision/by_threshold", "precision over the threshold");
  specificity_by_threshold =
      threshold("specificity/by_threshold", "specificity over the threshold");
}

const SimpleLinearRecordings& simple_linear_recordings() {
  static const SimpleLinearRecordings all;
  return all;
}

}  // namespace lab::separable
