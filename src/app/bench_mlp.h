// The benchmark "mlp": an epoch of training a multilayer perceptron of 784 inputs, 128 hidden units
// (ReLU) and 10 classes on 10 000 generated samples, by stochastic gradient descent in batches of
// 64: forward, cross-entropy, backward, step.
#pragma once

#include <span>

#include "app/bench_measure.h"
#include "compute/kernels.h"

namespace lab {

// tables: those that are measured. Every call starts from the same parameters and sees the same
// batches; the first row is the plain loop's. Throws lab::Error (Kind::machine) when the loss of
// the epoch's last batch is further than 1e-4 from the plain loop's.
void bench_mlp(BenchMeasure& measure, std::span<const Kernels* const> tables);

}  // namespace lab
