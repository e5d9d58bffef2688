// The benchmarks of single operations: "exp", "log", "softmax", "gemv", "gemv_t", "gemm" and
// "dcov".
#pragma once

#include <span>
#include <string_view>

#include "app/bench_measure.h"
#include "compute/kernels.h"

namespace lab {

// The function of that name ("exp" or "log") on 4096 numbers.
void bench_elementwise(BenchMeasure& measure, std::span<const Kernels* const> tables,
                       std::string_view name);
// Rows of 10, of 1000, and 1000 rows of a vocabulary of 50257.
void bench_softmax(BenchMeasure& measure, std::span<const Kernels* const> tables);
// y = A x, and with `transposed` y = A^T x.
void bench_gemv(BenchMeasure& measure, std::span<const Kernels* const> tables, bool transposed);
// Square matrices of 32 to 2048 rows.
void bench_gemm(BenchMeasure& measure, std::span<const Kernels* const> tables);
// The terms of distance covariance of 1000 points, in R^10 and in R^2, by the CPU's backend.
void bench_distance_covariance(BenchMeasure& measure, std::span<const Kernels* const> tables);

}  // namespace lab
