// The values of a sweep.
#pragma once

#include "core/numerics.h"

namespace lab {

// The number at that share (0 .. 1) of the way from `first` to `last`, in equal steps of the
// logarithm. Both positive.
inline double geometric(double first, double last, double share) {
  return first * exp(share * log(last / first));
}

}  // namespace lab
