#include "experiment/separable/presto_recordings.h"

#include <utility>

namespace lab::rare {

Recordings::Recordings() {
  for (std::size_t k = 0; k < kMethods; ++k) {
    const std::string who = std::string(kNames[k]) + "/";
    MethodRecordings& r = of[k];
    r = {};
    r.mse =
        series(who + "mse", "",
               "mean squared error of the rare probability against the true one (of a data set: "
               "against what happened); on a path of the fit on its way");
    r.rare_mse =
        value(who + "rare_mse", "", "the same at the end, with the lambda that was chosen");
    r.rare_brier =
        value(who + "rare_brier", "", "mean (rare probability - 1 if the class is rare, else 0)²");
    r.auc = value(who + "auc", "", "how often a rare sample gets more than one that is not");
    r.mean = value(who + "mean", "", "mean rare probability of what is judged");
    r.crossed = value(who + "crossed", "samples",
                      "samples for which some class has a negative probability");
    r.reliability = array(who + "reliability", "",
                          "ten groups of equal size by the estimate: mean estimate, mean truth",
                          ArrayForm::table, {"estimate", "truth"});
    r.sweep = array(who + "sweep", "", "what is swept, and the error at the end", ArrayForm::table,
                    {"setting", "rare MSE"});
    if (kNames[k].starts_with("presto")) {
      r.lambda = series(who + "lambda", "", "weight of the penalty, of the fit to all samples");
      r.objective = series(who + "objective", "nats", "loss and penalty of the fit to all samples");
      r.differences = series(who + "differences", "weights",
                             "psi_jk that are not 0, beyond the first boundary");
      r.chosen_lambda = value(who + "chosen_lambda", "", "lambda by cross-validation");
      r.chosen_index = value(who + "chosen_index", "", "its number on the path, from 1");
      r.violation = value(who + "violation", "",
                          "largest violation of the optimality conditions, of all lambdas");
      r.validation = array(who + "validation", "", "lambda, mean criterion, and one standard error",
                           ArrayForm::table, {"lambda", "mean", "low", "high"});
      r.chosen_mark = array(who + "chosen", "", "the lambda that was chosen, across its band",
                            ArrayForm::table, {"lambda", "criterion"});
    }
    if (k + 1 == kMethods) continue;  // softmax has no boundaries
    for (std::size_t b = 0; b < kMostBoundaries; ++b) {
      r.boundaries[b] =
          array(who + "boundary_" + std::to_string(b + 1), "",
                "a, b, c of the line a x1 + b x2 + c = 0 where P(y > k) is its share in the data",
                ArrayForm::vector);
    }
  }
  for (std::size_t b = 0; b < kMostBoundaries; ++b) {
    const std::string number = std::to_string(b + 1);
    truth[b] =
        array("truth/boundary_" + number, "", "the same of the true weights", ArrayForm::vector);
    psi[b] =
        array("psi_" + number + "/path", "", "psi_j" + number + " over lambda, feature by feature",
              ArrayForm::table, {"lambda", "psi", "feature"});
  }
  samples = value("data/samples", "samples", "n that are learned from");
  features = value("data/features", "features", "p");
  classes = value("data/classes", "classes", "K");
  rare_count = value("data/rare_count", "samples", "of the rare class, among those learned from");
  rare_share = value("data/rare_share", "", "their share");
  true_differences =
      value("data/true_differences", "weights", "weights that truly change at a boundary");
  found = value("presto/found", "weights", "true differences that PRESTO's lambda keeps");
  missed = value("presto/missed", "weights", "true differences that it fuses");
  false_alarms = value("presto/false_alarms", "weights", "differences that it keeps and are none");
  points =
      array("data/points", "", "the samples, where they have two features; 1: of the rare class",
            ArrayForm::points, {"x1", "x2", "rare"});
  estimates =
      array("data/estimates", "", "logarithms of the true rare probability and the estimate",
            ArrayForm::points, {"log10 true", "log10 estimate", "method"});
  diagonal = array("data/diagonal", "", "where both are equal", ArrayForm::vector);
  perfect = array("data/perfect", "", "where estimate and truth are equal", ArrayForm::table,
                  {"estimate", "truth"});
}

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

}  // namespace lab::rare
