// The strict kernels for x86-64 with AVX2 (flags: -mavx2, without -mfma).
#if defined(__x86_64__)

#ifndef __AVX2__
#error "compile this file with -mavx2: see src/compute/sources.cmake"
#endif

#include "compute/cpu/kernels_impl.h"
#include "compute/cpu/tables.h"

namespace lab::cpu {

Kernels strict_avx2() {
  return {Math::strict, Simd::avx2, kTable<double>, kTable<float>};
}

}  // namespace lab::cpu

#endif
