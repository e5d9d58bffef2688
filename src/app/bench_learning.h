// The benchmarks of learning: "fit" and "lr-gd" (see bench.h).
#pragma once

#include <span>

#include "app/bench_measure.h"
#include "compute/kernels.h"

namespace lab {

// One fit of each model of simple-linear-wdbc on a training fold.
void bench_fit(BenchMeasure& measure);

// Gradient descent for logistic regression from theta = 0, in float64 and float32. Throws
// lab::Error (Kind::machine) when it does not lower the loss.
void bench_descent(BenchMeasure& measure, std::span<const Kernels* const> tables);

}  // namespace lab
