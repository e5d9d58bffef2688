// Every allocation of a test program that links this is counted.
#include <doctest/doctest.h>

#include <cstdlib>
#include <new>
#include <vector>

#include "allocations.h"

namespace {

std::size_t allocations = 0;

}  // namespace

// Out of line, since g++ 12 takes an inlined pair of new and free for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size > 0 ? size : 1);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

std::size_t allocations_made() {
  return allocations;
}

TEST_CASE("allocations are counted") {
  const std::size_t before = allocations_made();
  std::vector<double> numbers(3);
  numbers.resize(300);
  CHECK(allocations_made() >= before + 2);
}
