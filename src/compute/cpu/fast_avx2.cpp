// The fast kernels for x86-64 with AVX2 and FMA (flags: -mavx2 -mfma -ffp-contract=fast).
#if defined(__x86_64__)

#if !defined(__AVX2__) || !defined(__FMA__)
#error "compile this file with -mavx2 -mfma: see src/compute/sources.cmake"
#endif

#include "compute/cpu/kernels_impl.h"
#include "compute/cpu/tables.h"

namespace lab::cpu {

Kernels fast_avx2() {
  return {Math::fast, Simd::avx2, kTable<double>, kTable<float>};
}

}  // namespace lab::cpu

#endif
