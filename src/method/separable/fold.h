// Training and test part of one fold of a cross-validation, scaled without looking at the test part
// - or, to show what that does, with a look at it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/view.h"

namespace lab::separable {

enum class Scaler {
  inside,  // mean and deviation of the training part: what one would know
  leak,    // of all samples, the test part among them
  none,    // features as they are
};

class Fold {
 public:
  // features: n x p; y: n numbers, -1 or 1; both must outlive the fold. most_train, most_test: rows
  // of the largest parts; `prepare` then allocates nothing.
  Fold(MatrixView<double> features, std::span<const double> y, std::size_t most_train,
       std::size_t most_test);

  // fold_of: n numbers; the test part is where it is `fold`. Both parts must have rows.
  void prepare(std::span<const std::uint16_t> fold_of, std::uint16_t fold, Scaler scaler);

  MatrixView<double> train() const { return {train_.data(), y_train_.size(), p_}; }
  MatrixView<double> test() const { return {test_.data(), y_test_.size(), p_}; }
  MatrixView<double> raw_train() const { return {raw_train_.data(), y_train_.size(), p_}; }
  MatrixView<double> raw_test() const { return {raw_test_.data(), y_test_.size(), p_}; }
  std::span<const double> y_train() const { return y_train_; }
  std::span<const double> y_test() const { return y_test_; }
  std::span<const std::uint32_t> test_rows() const { return test_rows_; }  // in the data, ascending
  std::span<const std::uint8_t> in_train() const { return in_train_; }     // n flags

 private:
  MatrixView<double> features_;
  std::span<const double> y_;
  std::size_t p_;
  std::vector<double> raw_train_, raw_test_, train_, test_, y_train_, y_test_;
  std::vector<std::uint32_t> test_rows_;
  std::vector<std::uint8_t> in_train_;
};

// x: rows x p in place -> (x - mean) / deviation with the mean and the population's deviation of
// `like` (rows x p); a feature of one single value there is only shifted by it.
void standardise_like(MatrixView<double> like, std::span<double> x);

}  // namespace lab::separable
