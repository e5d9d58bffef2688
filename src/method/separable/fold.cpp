#include "method/separable/fold.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lab::separable {

void standardise_like(MatrixView<double> like, std::span<double> x) {
  const std::size_t p = like.cols, rows = x.size() / p;
  const auto n = static_cast<double>(like.rows);
  for (std::size_t j = 0; j < p; ++j) {
    double sum = 0, least = like(0, j), greatest = like(0, j);
    for (std::size_t i = 0; i < like.rows; ++i) {
      sum += like(i, j);
      least = std::min(least, like(i, j));
      greatest = std::max(greatest, like(i, j));
    }
    // Constancy is decided by the values: a rounded mean can differ from the one value that all
    // have.
    const bool constant = least == greatest;
    const double mean = constant ? least : sum / n;
    double squares = 0;
    for (std::size_t i = 0; i < like.rows; ++i) {
      squares += (like(i, j) - mean) * (like(i, j) - mean);
    }
    const double deviation = constant ? 1 : std::sqrt(squares / n);
    for (std::size_t i = 0; i < rows; ++i) x[i * p + j] = (x[i * p + j] - mean) / deviation;
  }
}

Fold::Fold(MatrixView<double> features, std::span<const double> y, std::size_t most_train,
           std::size_t most_test)
    : features_(features), y_(y), p_(features.cols) {
  for (auto* part : {&raw_train_, &train_}) part->reserve(most_train * p_);
  for (auto* part : {&raw_test_, &test_}) part->reserve(most_test * p_);
  y_train_.reserve(most_train);
  y_test_.reserve(most_test);
  test_rows_.reserve(most_test);
  in_train_.resize(features.rows);
}

void Fold::prepare(std::span<const std::uint16_t> fold_of, std::uint16_t fold, Scaler scaler) {
  assert(fold_of.size() == features_.rows);
  for (auto* part : {&raw_train_, &raw_test_, &y_train_, &y_test_}) part->clear();
  test_rows_.clear();
  for (std::size_t i = 0; i < features_.rows; ++i) {
    const bool tested = fold_of[i] == fold;
    in_train_[i] = tested ? 0 : 1;
    std::vector<double>& part = tested ? raw_test_ : raw_train_;
    const std::span<const double> row = features_.row(i);
    part.insert(part.end(), row.begin(), row.end());
    (tested ? y_test_ : y_train_).push_back(y_[i]);
    if (tested) test_rows_.push_back(static_cast<std::uint32_t>(i));
  }
  assert(!y_train_.empty() && !y_test_.empty());
  train_.assign(raw_train_.begin(), raw_train_.end());
  test_.assign(raw_test_.begin(), raw_test_.end());
  if (scaler == Scaler::none) return;
  const MatrixView<double> like = scaler == Scaler::leak ? features_ : raw_train();
  standardise_like(like, train_);
  standardise_like(like, test_);
}

}  // namespace lab::separable
