// Which tables of kernels were compiled into this program? One pair of functions per instruction
// set.
#pragma once

#include "compute/kernels.h"

namespace lab::cpu {

Kernels strict_baseline();
#if defined(__x86_64__)
Kernels strict_avx2();  // needs AVX2
Kernels fast_avx2();    // needs AVX2 and FMA
#endif

}  // namespace lab::cpu
