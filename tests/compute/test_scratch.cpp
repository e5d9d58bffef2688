#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>

#include "compute/scratch.h"

TEST_CASE("The scratch buffer is aligned, writable to its end, and the same until it must grow") {
  void* const first = lab::scratch(1000);
  CHECK(reinterpret_cast<std::uintptr_t>(first) % 64 == 0);
  std::memset(first, 1, 1000);
  CHECK(lab::scratch(10) == first);
  CHECK(lab::scratch(1000) == first);
  void* const larger = lab::scratch(1 << 20);
  CHECK(reinterpret_cast<std::uintptr_t>(larger) % 64 == 0);
  std::memset(larger, 2, 1 << 20);
  CHECK(lab::scratch(1000) == larger);
}
