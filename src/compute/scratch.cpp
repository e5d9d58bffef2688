#include "compute/scratch.h"

#include <cstdint>
#include <memory>

namespace lab {

void* scratch(std::size_t bytes) {
  constexpr std::size_t kAlignment = 64;  // a cache line
  thread_local std::unique_ptr<std::byte[]> buffer;
  thread_local std::size_t size = 0;
  if (size < bytes + kAlignment) {
    size = 0;
    buffer.reset();
    buffer = std::make_unique_for_overwrite<std::byte[]>(bytes + kAlignment);
    size = bytes + kAlignment;
  }
  const std::size_t over = reinterpret_cast<std::uintptr_t>(buffer.get()) % kAlignment;
  return buffer.get() + (kAlignment - over) % kAlignment;
}

}  // namespace lab
