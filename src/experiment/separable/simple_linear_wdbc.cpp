// Simple linear models against a tree and support vector machines, on the breast-cancer data.
// M. A. Arshad, S. Shahriar and K. Anjum, "The Power of Simplicity: Why Simple Linear Models
// Outperform Complex Machine Learning Techniques - Case of Breast Cancer Diagnosis",
// arXiv:2306.02449.
//
// The description: figures and words. What runs is in simple_linear_run.cpp.

#include <memory>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/separable/simple_linear.h"
#include "experiment/separable/simple_linear_run.h"

namespace lab {
namespace {

using separable::Contender;
using separable::ContenderRecordings;
using separable::kAllContenders;
using separable::simple_linear_recordings;

const std::string& recording(std::size_t index) {
  return simple_linear_recordings().list[index].name;
}

// One recording of every model that has it, the baseline last.
std::vector<Source> sources(std::size_t ContenderRecordings::*what, bool with_majority,
                            std::size_t ContenderRecordings::*mark = nullptr) {
  std::vector<Source> result;
  for (const Contender contender : kAllContenders) {
    if (contender == Contender::majority && !with_majority) continue;
    const ContenderRecordings& r = simple_linear_recordings().of[separable::index(contender)];
    if (r.*what == separable::kNoRecording) continue;
    result.push_back({recording(r.*what), std::string(separable::label(contender)),
                      mark && r.*mark != separable::kNoRecording ? recording(r.*mark) : ""});
  }
  return result;
}

std::vector<Figure> figures() {
  using Of = ContenderRecordings;
  const separable::SimpleLinearRecordings& r = simple_linear_recordings();
  const std::string classes = recording(r.class_names);
  const Axis c = {.label = "C", .unit = "", .log = true};
  const std::vector<Source> by_c = {{recording(r.test_by_c), "test"},
                                    {recording(r.train_by_c), "training"}};
  const auto with_diagonal = [&](std::vector<Source> curves, std::string label) {
    curves.push_back({recording(r.diagonal), std::move(label)});
    return curves;
  };
  const std::string no_sweep = "no fold is done yet, or the sweep is switched off";
  return {
      {.name = "folds",
       .title = "Test accuracy, fold by fold",
       .form = Form::paired,
       .x = {.label = "test accuracy", .unit = "%"},
       .y = {},
       .sources = sources(&Of::folds, false),
       .caption =
           "A dot is a fold, a thin line joins the same fold from model to model, a bar is the "
           "mean. Where the lines cross both ways there is no reliable difference."},
      {.name = "error",
       .title = "Test error beside the paper's",
       .form = Form::bars,
       .x = {.label = "mean test error", .unit = "%", .log = true},
       .y = {},
       .sources = sources(&Of::error, true, &Of::paper_error),
       .caption =
           "With 95 % intervals, corrected for folds that share training samples; of several seeds "
           "they are those "
           "of the shuffles alone, and too narrow. The last bar always says the larger class.",
       .mark_label = "the paper's"},
      {.name = "difference",
       .title = "How far is logistic regression ahead?",
       .form = Form::bars,
       .x = {.label = "lead of logistic regression", .unit = "points"},
       .y = {},
       .sources = sources(&Of::difference, false),
       .caption = "On the same folds, with corrected 95 % intervals (of several seeds: of the "
                  "shuffles alone, too narrow). "
                  "One that holds 0 says: no reliable difference. On raw features the SVM loses: "
                  "that is scaling, not the model.",
       .absent = "logistic regression and another model must have a fold in common"},
      {.name = "running",
       .title = "Mean accuracy so far",
       .form = Form::lines,
       .x = {.label = "fits"},
       .y = {.label = "mean test accuracy", .unit = "%"},
       .sources = sources(&Of::running_accuracy, false),
       .caption = "Some folds are hard for everybody: the models rise and fall together."},
      {.name = "map",
       .title = "Decisions on two features",
       .form = Form::scatter,
       .x = {.label = "first feature"},
       .y = {.label = "second feature"},
       .sources = {{recording(r.map_points), "samples"}, {recording(r.map_field), "score"}},
       .caption =
           "A model fitted to these two features alone (standardised): choose it with map_model. "
           "The colour turns where its decision does.",
       .absent = "switch on `whole`",
       .groups = {"y = −1", "y = +1"},
       .names = recording(r.map_axes),
       .group_names = classes},
      {.name = "tree",
       .title = "The tree on all samples",
       .form = Form::tree,
       .x = {},
       .y = {},
       .sources = {{recording(r.tree_nodes), "decision tree"}},
       .caption =
           "Yes goes left. Wide branches carry many samples; at the bottom single samples are "
           "learnt by heart: limit the depth and compare the test error.",
       .absent = "switch on `whole`",
       .groups = {"y = −1", "y = +1"},
       .names = recording(r.feature_names),
       .group_names = classes},
      {.name = "coefficients",
       .title = "Weights of logistic regression",
       .form = Form::bars,
       .x = {.label = "weight of the standardised feature"},
       .y = {},
       .sources = {{recording(r.coefficients), "weight"}},
       .caption =
           "Whiskers: 95 % bootstrap intervals, at the end of the run. Where they hold 0 not even "
           "the sign is sure, because features say nearly the same.",
       .absent = "switch on `whole`",
       .names = recording(r.feature_names)},
      {.name = "accuracy_by_c",
       .title = "Accuracy over the strength of the penalty",
       .form = Form::curves,
       .x = c,
       .y = {.label = "accuracy", .unit = "%"},
       .sources = by_c,
       .caption =
           "An inverted U: too strong a penalty (left) and too weak a one (right) both cost test "
           "accuracy, while the training accuracy only rises.",
       .absent = no_sweep,
       .handles = {{Handle::Kind::vertical, "c"}}},
      {.name = "loss_by_c",
       .title = "Loss over the strength of the penalty",
       .form = Form::curves,
       .x = c,
       .y = {.label = "mean logistic loss", .unit = "nats", .log = true},
       .sources = {{recording(r.test_loss_by_c), "test"},
                   {recording(r.train_loss_by_c), "training"}},
       .caption =
           "The training loss goes to 0, for the classes can be separated; the test loss turns "
           "long before.",
       .absent = no_sweep,
       .handles = {{Handle::Kind::vertical, "c"}}},
      {.name = "norm_by_c",
       .title = "Size of the weights",
       .form = Form::curves,
       .x = c,
       .y = {.label = "‖w‖", .unit = "", .log = true},
       .sources = {{recording(r.norm_by_c), "logistic regression"}},
       .caption = "It grows without bound: with C = ∞ there is no minimum.",
       .absent = no_sweep,
       .handles = {{Handle::Kind::vertical, "c"}}},
      {.name = "accuracy_by_depth",
       .title = "Trees of every depth",
       .form = Form::curves,
       .x = {.label = "depth"},
       .y = {.label = "accuracy", .unit = "%"},
       .sources = {{recording(r.test_by_depth), "test"}, {recording(r.train_by_depth), "training"}},
       .caption =
           "Training rises to 100 %; the test accuracy has stopped rising after a few questions.",
       .absent = no_sweep,
       .handles = {{Handle::Kind::vertical, "depth"}}},
      {.name = "accuracy_by_features",
       .title = "How many features are needed?",
       .form = Form::curves,
       .x = {.label = "features with the largest weights", .unit = "", .log = true},
       .y = {.label = "accuracy", .unit = "%"},
       .sources = {{recording(r.test_by_features), "test"},
                   {recording(r.train_by_features), "training"}},
       .caption = "Chosen inside each training part, so that the test part has no say.",
       .absent = no_sweep},
      {.name = "roc",
       .title = "Receiver operating characteristic",
       .form = Form::curves,
       .x = {.label = "false alarms, share of the other class"},
       .y = {.label = "found, share of the detected class"},
       .sources = with_diagonal(sources(&Of::roc, false), "chance"),
       .caption =
           "Of the scores of samples that the model had not seen. Zoom into the upper left corner: "
           "that is where the models differ.",
       .absent = "no fold is done yet"},
      {.name = "reliability",
       .title = "Do probabilities mean what they say?",
       .form = Form::curves,
       .x = {.label = "predicted probability of the detected class"},
       .y = {.label = "observed share"},
       .sources = with_diagonal(sources(&Of::reliability, false), "as promised"),
       .caption = "On the diagonal they do. A tree with pure leaves only says 0 or 1. Bands: 95 % "
                  "intervals, wide where few samples are.",
       .absent = "no fold is done yet"},
      {.name = "threshold",
       .title = "What a threshold costs",
       .form = Form::curves,
       .x = {.label = "threshold on the probability of the detected class"},
       .y = {.label = "share"},
       .sources = {{recording(r.recall_by_threshold), "recall"},
                   {recording(r.precision_by_threshold), "precision"},
                   {recording(r.specificity_by_threshold), "specificity"}},
       .caption =
           "Logistic regression, out of fold. Drag the line: a lower threshold misses fewer and "
           "raises more false alarms.",
       .absent = "no fold is done yet, or logistic regression is switched off",
       .handles = {{Handle::Kind::vertical, "threshold"}}},
      {.name = "log_loss",
       .title = "Log loss",
       .form = Form::bars,
       .x = {.label = "out-of-fold log loss", .unit = "nats", .log = true},
       .y = {},
       .sources = sources(&Of::log_loss, true),
       .caption = "A tree that is certain and wrong pays 34.5 nats each time: more than saying the "
                  "majority's share to everybody costs."},
      {.name = "work",
       .title = "Work of one fit",
       .form = Form::bars,
       .x = {.label = "multiply-adds, of the tree 12 for each threshold tried",
             .unit = "",
             .log = true},
       .y = {},
       .sources = sources(&Of::multiply_adds, false),
       .caption =
           "Counted, so the same on every machine; `logit-lab bench fit` measures the time on "
           "yours."},
  };
}

}  // namespace

Experiment simple_linear_wdbc() {
  return {
      .id = "simple-linear-wdbc",
      .title = "Simple linear models against complex ones",
      .family = "separable",
      .paper = {.title =
                    "The Power of Simplicity: Why Simple Linear Models Outperform Complex Machine "
                    "Learning Techniques - Case of Breast Cancer Diagnosis",
                .authors = "Muhammad Arbab Arshad, Sakib Shahriar, Khizar Anjum",
                .link = "arXiv:2306.02449",
                .year = 2023},
      .problem =
          "Tell malignant from benign tumours by 30 measurements of cell nuclei. Is plain logistic "
          "regression as good as a decision tree or a support vector machine, or better? The same "
          "folds "
          "for all of them, features scaled inside each fold, and intervals that know that folds "
          "overlap: the lead over one tree is large; the lead over a well-scaled SVM is none that "
          "could "
          "be relied on. One data set of the 1990s: nothing follows for other data, nor for the "
          "clinic.",
      .equation = "J(w, b) = C ∑ log(1 + exp(−y_i (w · x_i + b))) + ‖w‖² / 2",
      .how_to_fail =
          "Data whose classes no plane divides: set data = circles, xor or moons, and the tree and "
          "the "
          "RBF SVM win by far. Or scaler = none: the RBF SVM loses five points to nothing but "
          "units. Or "
          "c = 10000: the weights grow and the test accuracy falls.",
      .schema = {1, separable::simple_linear_fields()},
      .recordings = simple_linear_recordings().list,
      .figures = figures(),
      .claims = separable::simple_linear_claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<separable::SimpleLinearRun>(config, context);
      },
  };
}

}  // namespace lab
