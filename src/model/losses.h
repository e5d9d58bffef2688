// What does a network lose on a batch, and which way do its outputs improve? Each function gives a
// loss for each row, the gradient of their mean in the outputs, and the mean itself.
//
// Outputs are float32, rows x cols, at least one row; losses: rows; gradient: rows x cols, that is
// of the mean: divided by rows. It must not overlap what is read. Losses are in nats; the mean is a
// double sum of the rows' losses. Logits may be as large as they like: all is in log-space, by the
// rules of kernels.h for infinite ones.
#pragma once

#include <span>

#include "compute/kernels.h"
#include "core/view.h"

namespace lab {

// -log p_label with p = softmax(logits). labels: rows, each from 0 to cols - 1. The gradient of a
// row is p - [j = label]; at the label it is expm1(log p), which keeps its digits where p is
// near 1.
double cross_entropy(const Kernels& kernels, MatrixView<float> logits, std::span<const int> labels,
                     std::span<float> losses, std::span<float> gradient);

// The cross-entropy with the target (1 - smoothing) [j = label] + smoothing / cols: Szegedy et al.
// 2016, section 7. smoothing: from 0 to 1; 0 is cross_entropy to the bit.
double smoothed_cross_entropy(const Kernels& kernels, MatrixView<float> logits,
                              std::span<const int> labels, double smoothing,
                              std::span<float> losses, std::span<float> gradient);

// 1/2 sum over j of (output_j - target_j)^2: Bishop 2006, eq. 5.11. targets: rows x cols.
double squared_error(const Kernels& kernels, MatrixView<float> outputs, MatrixView<float> targets,
                     std::span<float> losses, std::span<float> gradient);

}  // namespace lab
