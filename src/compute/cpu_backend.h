// The Backend on this processor: the strict kernels and plain loops, and so the same bits
// everywhere. It is what other backends are held against.
#pragma once

#include <memory>

#include "compute/backend.h"
#include "compute/kernels.h"

namespace lab {

// Sums and the like are accumulated in double, in the order of compute/kernels.h, and rounded once
// to float. Every operation is supported, and reads are answered at once.
std::unique_ptr<Backend> cpu_backend(const Kernels& kernels = lab::kernels());

}  // namespace lab
