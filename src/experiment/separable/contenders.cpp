#include "experiment/separable/contenders.h"

#include <algorithm>
#include <cassert>

#include "core/numerics.h"

namespace lab::separable {
namespace {

// Two impurities of a product and two quotients each, their weighted mean and the comparison.
constexpr double kOperationsPerThreshold = 12;

double share_right(std::span<const double> scores, std::span<const double> y, double middle) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    right += (scores[i] > middle) == (y[i] > 0) ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(y.size());
}

// Of a model with a decision value: the share of training samples that it has right.
template <class Model>
double training_share(const Model& model, MatrixView<double> x, std::span<const double> y) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    right += (model.decision(x.row(i)) > 0) == (y[i] > 0) ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(y.size());
}

bool takes_part(std::span<const Contender> which, Contender contender) {
  return std::ranges::find(which, contender) != which.end();
}

}  // namespace

std::string_view name(Contender contender) {
  switch (contender) {
    case Contender::logistic:
      return "logistic";
    case Contender::tree:
      return "tree";
    case Contender::linear_svm:
      return "linear_svm";
    case Contender::rbf_svm:
      return "rbf_svm";
    case Contender::rbf_svm_raw:
      return "rbf_svm_raw";
    case Contender::perceptron:
      return "perceptron";
    case Contender::normalized_lr_gd:
      return "normalized_lr_gd";
    case Contender::majority:
      return "majority";
  }
  return "";
}

std::string_view label(Contender contender) {
  switch (contender) {
    case Contender::logistic:
      return "logistic regression";
    case Contender::tree:
      return "decision tree";
    case Contender::linear_svm:
      return "linear SVM";
    case Contender::rbf_svm:
      return "RBF SVM";
    case Contender::rbf_svm_raw:
      return "RBF SVM on raw features";
    case Contender::perceptron:
      return "perceptron";
    case Contender::normalized_lr_gd:
      return "normalised LR+GD";
    case Contender::majority:
      return "majority class";
  }
  return "";
}

bool gives_probability(Contender contender) {
  return contender == Contender::logistic || contender == Contender::tree ||
         contender == Contender::majority;
}

double middle_score(Contender contender) {
  return gives_probability(contender) ? 0.5 : 0;
}

Contenders::Contenders(MatrixView<double> x, std::span<const double> y,
                       std::span<const std::size_t> train_sizes, std::span<const Contender> which,
                       const ContenderSettings& settings, std::uint64_t seed, Math math)
    : settings_(settings),
      order_(seed, "linear_svm/order"),
      x_(x),
      logistic_(x.rows, x.cols, math),
      tree_(x.rows, x.cols),
      linear_svm_(x.rows, x.cols, math) {
  for (const double side : y) classes_.push_back(side > 0 ? 1 : 0);
  if (takes_part(which, Contender::tree)) presorted_ = presorted(x);
  if (takes_part(which, Contender::rbf_svm) || takes_part(which, Contender::rbf_svm_raw)) {
    kernel_svm_.emplace(std::ranges::max(train_sizes), x.cols, math);
  }
  const bool perceptron = takes_part(which, Contender::perceptron);
  const bool normalized = takes_part(which, Contender::normalized_lr_gd);
  if (!perceptron && !normalized) return;
  perceptrons_.resize(train_sizes.size());
  for (std::size_t k = 0; k < train_sizes.size(); ++k) {
    Matrix z = Matrix::from_shape({train_sizes[k], x.cols + 1});
    z.fill(1);
    perceptrons_[k].samples = signed_samples(std::move(z));
    if (perceptron) {
      perceptrons_[k].perceptron.emplace(Learner::perceptron, perceptrons_[k].samples,
                                         settings.gamma, math);
    }
    if (normalized) {
      perceptrons_[k].normalized.emplace(Learner::normalized_lr_gd, perceptrons_[k].samples,
                                         settings.gamma, math);
    }
  }
}

bool Contenders::advance(Contender contender, const Fold& fold, std::uint64_t place, Fit& fit,
                         std::span<double> scores) {
  const std::span<const double> y = fold.y_train();
  const auto n = static_cast<double>(y.size()), p = static_cast<double>(x_.cols);
  switch (contender) {
    case Contender::logistic: {
      logistic_.fit(fold.train(), y, settings_.c);
      for (std::size_t i = 0; i < fold.test().rows; ++i) {
        scores[i] = lab::sigmoid(logistic_.decision(fold.test().row(i)));
      }
      fit.iterations = static_cast<double>(logistic_.iterations());
      fit.multiply_adds = logistic_.multiply_adds();
      fit.parameters = p + 1;
      fit.finished = logistic_.converged();
      fit.train_accuracy = training_share(logistic_, fold.train(), y);
      break;
    }
    case Contender::tree: {
      // No scaler can change a tree: on the features as they are, its thresholds can be read.
      tree_.fit(x_, classes_, presorted_, fold.in_train(), settings_.impurity, settings_.tree);
      for (std::size_t i = 0; i < fold.raw_test().rows; ++i) {
        scores[i] = tree_.leaf_of(fold.raw_test().row(i)).share();
      }
      double right = 0;
      for (const TreeNode& node : tree_.nodes()) {
        if (node.leaf()) right += static_cast<double>(std::max(node.counts[0], node.counts[1]));
      }
      fit.train_accuracy = right / n;
      fit.iterations = static_cast<double>(tree_.nodes().size());
      fit.multiply_adds = kOperationsPerThreshold * tree_.thresholds_tried();
      // A question is a feature and a threshold, a leaf an answer.
      fit.parameters = static_cast<double>(3 * tree_.leaves() - 2);
      fit.finished = true;
      break;
    }
    case Contender::linear_svm: {
      order_.seek(place << 32);
      linear_svm_.fit(fold.train(), y, settings_.svm_c, order_);
      for (std::size_t i = 0; i < fold.test().rows; ++i) {
        scores[i] = linear_svm_.decision(fold.test().row(i));
      }
      fit.iterations = static_cast<double>(linear_svm_.epochs());
      fit.multiply_adds = linear_svm_.multiply_adds();
      fit.parameters = p + 1;
      fit.finished = linear_svm_.converged();
      fit.train_accuracy = training_share(linear_svm_, fold.train(), y);
      break;
    }
    case Contender::rbf_svm:
    case Contender::rbf_svm_raw: {
      const bool raw = contender == Contender::rbf_svm_raw;
      const MatrixView<double> train = raw ? fold.raw_train() : fold.train();
      const MatrixView<double> test = raw ? fold.raw_test() : fold.test();
      kernel_svm_->fit(train, y, settings_.svm_c, settings_.kernel_width * default_gamma(train));
      for (std::size_t i = 0; i < test.rows; ++i) scores[i] = kernel_svm_->decision(test.row(i));
      fit.iterations = static_cast<double>(kernel_svm_->iterations());
      fit.multiply_adds = kernel_svm_->multiply_adds();
      fit.parameters = static_cast<double>(kernel_svm_->support_vectors()) * (p + 1) + 1;
      fit.finished = kernel_svm_->converged();
      fit.train_accuracy = 1 - static_cast<double>(kernel_svm_->training_errors()) / n;
      break;
    }
    case Contender::perceptron:
    case Contender::normalized_lr_gd:
      if (!advance_descent(contender, fold, fit, scores)) return false;
      break;
    case Contender::majority: {
      double positive = 0;
      for (const double side : y) positive += side > 0 ? 1 : 0;
      std::fill_n(scores.begin(), fold.test().rows, positive / n);
      fit = {.train_accuracy = std::max(positive, n - positive) / n, .parameters = 1};
      break;
    }
  }
  fit.test_accuracy = share_right(scores, fold.y_test(), middle_score(contender));
  return true;
}

Descent& Contenders::descent_of(Contender contender, const Fold& fold) {
  const auto found = std::ranges::find_if(perceptrons_, [&](const Perceptron& one) {
    return one.samples.count() == fold.train().rows;
  });
  assert(found != perceptrons_.end());
  return contender == Contender::perceptron ? *found->perceptron : *found->normalized;
}

bool Contenders::advance_descent(Contender contender, const Fold& fold, Fit& fit,
                                 std::span<double> scores) {
  Descent& descent = descent_of(contender, fold);
  if (half_done_ != contender) {
    for (Perceptron& one : perceptrons_) {
      if (one.samples.count() == fold.train().rows)
        refill(one.samples, fold.train(), fold.y_train());
    }
    descent.restart();
    half_done_ = contender;
  }
  for (std::uint64_t k = 0; k < kUpdatesAtOnce; ++k) {
    if (descent.solved() || descent.updates() >= settings_.updates || !descent.finite()) break;
    descent.update();
  }
  if (!descent.solved() && descent.finite() && descent.updates() < settings_.updates) return false;
  half_done_.reset();
  const std::size_t p = x_.cols;
  const MatrixView<double> test = fold.test();
  for (std::size_t i = 0; i < test.rows; ++i) {
    double sum = descent.theta()[p];
    for (std::size_t j = 0; j < p; ++j) sum += descent.theta()[j] * test(i, j);
    scores[i] = sum;
  }
  const auto n = static_cast<double>(fold.train().rows), d = static_cast<double>(p + 1);
  const double products = contender == Contender::perceptron ? 1 : 3;  // with the data, an update
  fit.iterations = static_cast<double>(descent.updates());
  fit.multiply_adds = fit.iterations * products * n * d;
  fit.parameters = d;
  fit.finished = descent.solved();
  fit.train_accuracy = 1 - static_cast<double>(descent.errors()) / n;
  return true;
}

void Contenders::save(ByteWriter& writer) const {
  writer.u8(half_done_ ? static_cast<std::uint8_t>(index(*half_done_) + 1) : 0);
  if (!half_done_) return;
  for (const Perceptron& one : perceptrons_) {
    (*half_done_ == Contender::perceptron ? one.perceptron : one.normalized)->save(writer);
  }
}

void Contenders::restore(ByteReader& reader, const Fold* fold) {
  const std::uint8_t which = reader.u8();
  if (which > kContenders) reader.fail("no such model", "a number up to 8");
  half_done_.reset();
  if (which == 0) return;
  half_done_ = static_cast<Contender>(which - 1);
  assert(fold != nullptr);
  for (Perceptron& one : perceptrons_) {
    if (one.samples.count() == fold->train().rows) {
      refill(one.samples, fold->train(), fold->y_train());
    }
    auto& descent = *half_done_ == Contender::perceptron ? one.perceptron : one.normalized;
    if (!descent) reader.fail("a model that is switched off is half done", "one that is on");
    descent->restore(reader);
  }
}

}  // namespace lab::separable
