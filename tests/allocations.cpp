// Every allocation of a test program that links this is counted. Where there is malloc_usable_size:
// with glibc and Emscripten.
#include "allocations.h"

#include <doctest/doctest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

namespace {

std::atomic<std::size_t> allocations = 0, bytes = 0;

void* allocate(std::size_t size) noexcept {
  void* const memory = std::malloc(size > 0 ? size : 1);
  ++allocations;
  bytes += malloc_usable_size(memory);
  return memory;
}

}  // namespace

// Out of line, since g++ 12 takes an inlined pair of new and free for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* memory = allocate(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  bytes -= malloc_usable_size(memory);
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

std::size_t allocations_made() {
  return allocations;
}

std::size_t bytes_in_use() {
  return bytes;
}

TEST_CASE("allocations are counted") {
  const std::size_t before = allocations_made(), bytes_before = bytes_in_use();
  {
    std::vector<double> numbers(3);
    numbers.resize(300);
    CHECK(allocations_made() >= before + 2);
    CHECK(bytes_in_use() >= bytes_before + 300 * sizeof(double));
  }
  CHECK(bytes_in_use() == bytes_before);
}
