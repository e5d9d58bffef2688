// Which models are compared, and how is one of them fitted on a fold? Plain logistic regression,
// what is said to be more powerful, and the perceptrons that large steps turn it into. Arshad,
// Shahriar and Anjum, arXiv:2306.02449; Tyurin, arXiv:2412.08424 for the last two learners.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "method/separable/classification_tree.h"
#include "method/separable/fold.h"
#include "method/separable/kernel_svm.h"
#include "method/separable/learners.h"
#include "method/separable/linear_svm.h"
#include "method/separable/ridge_logistic.h"
#include "method/separable/signed_samples.h"

namespace lab::separable {

enum class Contender {
  logistic,
  tree,
  linear_svm,
  rbf_svm,
  rbf_svm_raw,  // the same on features as they are
  perceptron,
  normalized_lr_gd,
  majority,  // always the larger class
};
inline constexpr std::size_t kContenders = 8;
inline constexpr std::array<Contender, kContenders> kAllContenders = {
    Contender::logistic,         Contender::tree,        Contender::linear_svm,
    Contender::rbf_svm,          Contender::rbf_svm_raw, Contender::perceptron,
    Contender::normalized_lr_gd, Contender::majority};

std::string_view name(Contender contender);   // "logistic", as in recordings
std::string_view label(Contender contender);  // "logistic regression", for people
// Whether its score is the probability of y = +1; else it is a margin.
bool gives_probability(Contender contender);
// y = +1 is said where the score is above this.
double middle_score(Contender contender);
inline std::size_t index(Contender contender) {
  return static_cast<std::size_t>(contender);
}

struct ContenderSettings {
  double c = 1;  // of logistic regression
  double svm_c = 1;
  double kernel_width = 1;  // gamma in units of default_gamma
  Impurity impurity = Impurity::gini;
  TreeLimits tree;
  std::uint64_t updates = 500;  // of the perceptron and of normalised LR+GD, at the most
  double gamma = 1;             // step size of normalised LR+GD
};

// What came out of one fit on one fold.
struct Fit {
  double test_accuracy = 0, train_accuracy = 0;  // shares
  double iterations = 0;     // Newton steps, epochs, pair updates, updates; nodes of a tree
  double multiply_adds = 0;  // of the fit; of a tree 12 for each threshold tried
  double parameters = 0;     // numbers that must be kept to predict
  bool finished = true;      // the solver reached its tolerance, the perceptron its goal
};

// Fits one contender after the other; all memory is taken at the start.
class Contenders {
 public:
  // x: n x p and y: n numbers -1 or 1, of the whole data, which must outlive this; train_sizes: the
  // one or two sizes that training parts have; which: those that will be fitted.
  Contenders(MatrixView<double> x, std::span<const double> y,
             std::span<const std::size_t> train_sizes, std::span<const Contender> which,
             const ContenderSettings& settings, std::uint64_t seed, Math math);

  // Goes on with the fit of a contender on a fold; true when it is done (`fit` then is what came
  // out, and scores has the score of each test row). Perceptron and normalised LR+GD do at most
  // kUpdatesAtOnce updates in a call, the others all there is. place: a number for this fold, below
  // 2^20.
  static constexpr std::uint64_t kUpdatesAtOnce = 100;
  bool advance(Contender contender, const Fold& fold, std::uint64_t place, Fit& fit,
               std::span<double> scores);

  // The fit that is half done, if one is.
  void save(ByteWriter& writer) const;
  // The fold that was being fitted.
  void restore(ByteReader& reader, const Fold* fold);

 private:
  struct Perceptron {
    SignedSamples samples;
    std::optional<Descent> perceptron, normalized;
  };
  bool advance_descent(Contender contender, const Fold& fold, Fit& fit, std::span<double> scores);
  Descent& descent_of(Contender contender, const Fold& fold);

  ContenderSettings settings_;
  Stream order_;
  std::vector<std::uint8_t> classes_;
  std::vector<std::uint32_t> presorted_;
  MatrixView<double> x_;
  RidgeLogistic logistic_;
  ClassificationTree tree_;
  LinearSvm linear_svm_;
  std::optional<KernelSvm> kernel_svm_;
  std::vector<Perceptron> perceptrons_;  // one for each size of the training part
  std::optional<Contender> half_done_;
};

}  // namespace lab::separable
