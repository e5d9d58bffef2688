// The benchmarks "train" and "decode": a transformer of the size of the shipped large one, and one
// whose weights no cache of a core holds.
#pragma once

#include <span>

#include "app/bench_measure.h"
#include "compute/kernels.h"

namespace lab {

// Tokens a second that updates of the parameters take in: forward, backward, AdamW.
void bench_training(BenchMeasure& measure, std::span<const Kernels* const> tables);

// Tokens a second that a decoder goes on by, in the second half of its context. The first row is
// what one product of a vector with a matrix (gemv_t) would allow that has as many numbers as a
// token makes the decoder read, weights, keys and values; the ratio of the others to it is the
// share of that bandwidth that decoding has.
void bench_decoding(BenchMeasure& measure, std::span<const Kernels* const> tables);

}  // namespace lab
