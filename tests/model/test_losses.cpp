#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "compute/reference.h"
#include "model/losses.h"

using namespace reference;
using lab::MatrixView;

namespace {

struct Loss {
  std::vector<float> losses, gradient;
  double mean = 0;
};

Loss smoothed(const std::vector<float>& logits, const std::vector<int>& labels, double smoothing) {
  const std::size_t rows = labels.size();
  Loss result{std::vector<float>(rows), std::vector<float>(logits.size()), 0};
  result.mean =
      lab::smoothed_cross_entropy(lab::kernels(), {logits.data(), rows, logits.size() / rows},
                                  labels, smoothing, result.losses, result.gradient);
  return result;
}

Loss plain(const std::vector<float>& logits, const std::vector<int>& labels) {
  const std::size_t rows = labels.size();
  Loss result{std::vector<float>(rows), std::vector<float>(logits.size()), 0};
  result.mean = lab::cross_entropy(lab::kernels(), {logits.data(), rows, logits.size() / rows},
                                   labels, result.losses, result.gradient);
  return result;
}

Loss squared(const std::vector<float>& outputs, const std::vector<float>& targets,
             std::size_t rows) {
  const std::size_t cols = outputs.size() / rows;
  Loss result{std::vector<float>(rows), std::vector<float>(outputs.size()), 0};
  result.mean = lab::squared_error(lab::kernels(), {outputs.data(), rows, cols},
                                   {targets.data(), rows, cols}, result.losses, result.gradient);
  return result;
}

// The mean of the same loss in double, by its definition.
double exact(const std::vector<double>& logits, const std::vector<int>& labels, double smoothing) {
  const std::size_t rows = labels.size(), cols = logits.size() / rows;
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    double normaliser = 0;
    for (std::size_t j = 0; j < cols; ++j) normaliser += std::exp(logits[i * cols + j]);
    for (std::size_t j = 0; j < cols; ++j) {
      const double target = (static_cast<std::size_t>(labels[i]) == j ? 1 - smoothing : 0) +
                            smoothing / static_cast<double>(cols);
      sum -= target * (logits[i * cols + j] - std::log(normaliser));
    }
  }
  return sum / static_cast<double>(rows);
}

void check_gradient(const std::vector<float>& gradient, const std::vector<float>& at,
                    const std::function<double(const std::vector<double>&)>& loss) {
  std::vector<double> x(at.begin(), at.end());
  constexpr double h = 1e-5;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double here = x[i];
    x[i] = here + h;
    const double above = loss(x);
    x[i] = here - h;
    const double below = loss(x);
    x[i] = here;
    CHECK(std::abs(gradient[i] - (above - below) / (2 * h)) <= 2e-7);
  }
}

}  // namespace

TEST_CASE("cross-entropy: by hand") {
  // softmax(log 1, log 2, log 5) = (1/8, 1/4, 5/8); equal logits have probability 1/3.
  const std::vector<float> logits = {0, std::log(2.0f), std::log(5.0f), 7, 7, 7};
  const Loss loss = plain(logits, {1, 0});
  CHECK(loss.losses[0] == doctest::Approx(std::log(4.0)));
  CHECK(loss.losses[1] == doctest::Approx(std::log(3.0)));
  CHECK(loss.mean == doctest::Approx(std::log(12.0) / 2));
  const double by_hand[] = {0.0625, -0.375, 0.3125, -1.0 / 3, 1.0 / 6, 1.0 / 6};
  for (std::size_t i = 0; i < 6; ++i) CHECK(loss.gradient[i] == doctest::Approx(by_hand[i]));
}

TEST_CASE("label smoothing: by hand") {
  // Target (0.1, 0.8, 0.1) of smoothing 0.3.
  const std::vector<float> logits = {0, std::log(2.0f), std::log(5.0f)};
  const Loss loss = smoothed(logits, {1}, 0.3);
  CHECK(loss.mean ==
        doctest::Approx(0.1 * std::log(8.0) + 0.8 * std::log(4.0) + 0.1 * std::log(1.6)));
  const double by_hand[] = {0.025, -0.55, 0.525};
  for (std::size_t i = 0; i < 3; ++i) CHECK(loss.gradient[i] == doctest::Approx(by_hand[i]));
  const Loss none = smoothed(logits, {1}, 0), same = plain(logits, {1});
  CHECK(difference(none.gradient, same.gradient) == "");
  CHECK(none.mean == same.mean);
}

TEST_CASE("squared error: by hand, and its gradient") {
  const Loss loss = squared({1, 2, 3, 4}, {0, 4, 3, 7}, 2);
  CHECK(loss.losses == std::vector<float>{2.5f, 4.5f});
  CHECK(loss.mean == 3.5);
  CHECK(loss.gradient == std::vector<float>{0.5f, -1, 0, -1.5f});
}

TEST_CASE("losses: gradients are central differences, and those of logits add up to 0") {
  constexpr std::size_t kRows = 5, kCols = 7;
  const std::vector<float> logits = numbers<float>(kRows * kCols, 3, 4);
  const std::vector<int> labels = {0, 6, 3, 3, 1};
  for (const double smoothing : {0.0, 0.1, 0.5, 1.0}) {
    const Loss loss = smoothed(logits, labels, smoothing);
    CHECK(loss.mean ==
          doctest::Approx(exact({logits.begin(), logits.end()}, labels, smoothing)).epsilon(1e-6));
    check_gradient(loss.gradient, logits,
                   [&](const std::vector<double>& x) { return exact(x, labels, smoothing); });
    for (std::size_t i = 0; i < kRows; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < kCols; ++j) sum += loss.gradient[i * kCols + j];
      CHECK(std::abs(sum) <= 1e-7);
    }
  }
}

TEST_CASE("cross-entropy: the same shift of all logits changes nothing") {
  const std::vector<float> logits = {1, -2, 0.5f, 3, 0.25f, -1};
  std::vector<float> shifted = logits;
  for (float& v : shifted) v += 64;  // exact
  const Loss loss = smoothed(logits, {0, 2}, 0.1), same = smoothed(shifted, {0, 2}, 0.1);
  CHECK(difference(loss.losses, same.losses) == "");
  CHECK(difference(loss.gradient, same.gradient) == "");
}

TEST_CASE("cross-entropy: logits of any size") {
  const Loss large = plain({1e6f, -1e6f, 0, 1e6f, -1e6f, 0}, {1, 0});
  CHECK(large.losses == std::vector<float>{2e6f, 0});
  CHECK(large.gradient == std::vector<float>{0.5f, -0.5f, 0, 0, 0, 0});
  // Where p is 1 - 2e-11, the gradient at the label still says so.
  const Loss sure = plain({25, 0, 0}, {0});
  CHECK(sure.losses[0] == doctest::Approx(2 * std::exp(-25.0)));
  CHECK(sure.gradient[0] == doctest::Approx(-2 * std::exp(-25.0)));
  // A class that cannot be, and one that must.
  const Loss ruled_out = plain({0, -kInf<float>}, {0});
  CHECK(ruled_out.losses[0] == 0);
  CHECK(ruled_out.gradient == std::vector<float>{0, 0});
  CHECK(plain({0, -kInf<float>}, {1}).losses[0] == kInf<float>);
  CHECK(smoothed({0, -kInf<float>}, {0}, 0.1).losses[0] == kInf<float>);
  CHECK(std::isnan(plain({0, kNan<float>}, {0}).mean));
}
