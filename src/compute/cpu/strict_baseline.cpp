// The strict kernels for what every processor of this target has: SSE2, NEON or WebAssembly's
// SIMD128.
#include "compute/cpu/kernels_impl.h"
#include "compute/cpu/tables.h"

namespace lab::cpu {

Kernels strict_baseline() {
  return {Math::strict, Simd::baseline, kTable<double>, kTable<float>};
}

}  // namespace lab::cpu
