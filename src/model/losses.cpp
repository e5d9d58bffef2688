#include "model/losses.h"

#include <cassert>
#include <cstddef>

#include "core/numerics.h"

namespace lab {

namespace {

double mean(const Kernels& kernels, std::span<const float> losses) {
  return kernels.sum(losses) / static_cast<double>(losses.size());
}

}  // namespace

double cross_entropy(const Kernels& kernels, MatrixView<float> logits, std::span<const int> labels,
                     std::span<float> losses, std::span<float> gradient) {
  return smoothed_cross_entropy(kernels, logits, labels, 0, losses, gradient);
}

double smoothed_cross_entropy(const Kernels& kernels, MatrixView<float> logits,
                              std::span<const int> labels, double smoothing,
                              std::span<float> losses, std::span<float> gradient) {
  const std::size_t rows = logits.rows, cols = logits.cols;
  assert(rows > 0 && labels.size() == rows && losses.size() == rows);
  assert(smoothing >= 0 && smoothing <= 1);
  const double share = smoothing / static_cast<double>(cols);  // of the target, for each class
  const auto shift = static_cast<float>(share);
  const auto label_shift = static_cast<float>(smoothing - share);
  kernels.log_softmax_rows(logits, gradient);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::span row = gradient.subspan(i * cols, cols);
    assert(labels[i] >= 0 && static_cast<std::size_t>(labels[i]) < cols);
    float& at_label = row[static_cast<std::size_t>(labels[i])];
    const float log_probability = at_label;
    // 0 times an infinite log-probability is no loss.
    double loss = smoothing < 1 ? -(1 - smoothing) * log_probability : 0;
    if (smoothing > 0) loss -= share * kernels.sum(std::span<const float>(row));
    losses[i] = static_cast<float>(loss);
    kernels.exp(std::span<const float>(row), row);
    for (float& v : row) v -= shift;
    at_label = expm1(log_probability) + label_shift;
  }
  kernels.scale(1 / static_cast<float>(rows), gradient);
  return mean(kernels, losses);
}

double squared_error(const Kernels& kernels, MatrixView<float> outputs, MatrixView<float> targets,
                     std::span<float> losses, std::span<float> gradient) {
  const std::size_t rows = outputs.rows, cols = outputs.cols;
  assert(rows > 0 && targets.rows == rows && targets.cols == cols);
  assert(losses.size() == rows && gradient.size() == rows * cols);
  for (std::size_t i = 0; i < rows * cols; ++i) gradient[i] = outputs.data[i] - targets.data[i];
  for (std::size_t i = 0; i < rows; ++i)
    losses[i] = static_cast<float>(
        0.5 * kernels.squared_norm(std::span<const float>(gradient).subspan(i * cols, cols)));
  kernels.scale(1 / static_cast<float>(rows), gradient);
  return mean(kernels, losses);
}

}  // namespace lab
