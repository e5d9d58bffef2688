// The kernels themselves: one source, compiled once for each instruction set by the .cpp files
// beside this one, each with its own compiler flags. Nothing else may include it.
//
// Everything is in an unnamed namespace, and what comes from other headers is inlined. Otherwise
// the linker would keep one copy of a function that two of these files share, and a processor
// without AVX2 would meet AVX2 code, or the strict tables would get a copy with fused multiply-add.
// src/compute/private_symbols.cmake checks the object files for it.
#pragma once

#include "compute/cpu/elementwise.h"
#include "compute/cpu/gemm.h"
#include "compute/cpu/gemv.h"
#include "compute/cpu/logistic.h"
#include "compute/cpu/reduce.h"
#include "compute/cpu/softmax.h"
#include "compute/kernels.h"

namespace lab::cpu {
namespace {

template <class T>
constexpr KernelTable<T> kTable = {
    .exp = map_exp<T>,
    .log = map_log<T>,
    .tanh = map_tanh<T>,
    .sigmoid = map_sigmoid<T>,
    .softplus = map_softplus<T>,
    .sum = sum<T>,
    .dot = dot<T>,
    .squared_norm = squared_norm<T>,
    .max = max<T>,
    .min = min<T>,
    .max_abs = max_abs<T>,
    .argmax = argmax<T>,
    .axpy = axpy<T>,
    .scale = scale<T>,
    .logsumexp_rows = logsumexp_rows<T>,
    .softmax_rows = softmax_rows<T>,
    .log_softmax_rows = log_softmax_rows<T>,
    .logistic = logistic<T>,
    .normalized_logistic = normalized_logistic<T>,
    .gemv = gemv<T>,
    .gemv_t = gemv_t<T>,
    .gemm = gemm<T>,
};

}  // namespace
}  // namespace lab::cpu
