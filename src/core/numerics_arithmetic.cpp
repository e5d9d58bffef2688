// Does the processor compute as IEEE 754 says?
#include "core/numerics.h"

namespace lab {

bool arithmetic_is_strict() {
  // volatile: the question is what the processor does now, not what the compiler knows.
  volatile double smallest = std::numeric_limits<double>::denorm_min();
  volatile double smallest_normal = std::numeric_limits<double>::min();
  volatile float smallest_normal_float = std::numeric_limits<float>::min();
  volatile double one = 1.0, half_ulp = 0x1p-53, more = 0x1.8p-53;
  const bool reads_denormals = smallest * 0x1p100 != 0;
  const bool keeps_denormals = smallest_normal * 0.5 != 0 && smallest_normal_float * 0.5f != 0;
  const bool rounds_to_even = one + half_ulp == one && -one - half_ulp == -one;
  const bool rounds_to_nearest = one + more > one && -one - more < -one;
  return reads_denormals && keeps_denormals && rounds_to_even && rounds_to_nearest;
}

}  // namespace lab
