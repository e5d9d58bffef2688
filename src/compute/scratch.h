// Where do the kernels put packed copies? In one buffer per thread that only grows.
#pragma once

#include <cstddef>

namespace lab {

// At least `bytes` bytes at a multiple of 64, owned by this thread, valid until its next call. The
// contents are what the last user left. Throws std::bad_alloc.
void* scratch(std::size_t bytes);

}  // namespace lab
