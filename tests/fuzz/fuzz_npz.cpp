// The NPZ reader; what it accepts must come back the same after being written.
//
// An input is mostly refused by its checksums, which no mutation gets right by chance; so a second
// round puts the right ones into the directory first.
#include <cstring>
#include <vector>

#include "data/inflate.h"
#include "data/npy.h"
#include "fuzz.h"

namespace {

using namespace lab;
using namespace lab::fuzz;

void read(std::span<const std::byte> bytes) {
  expect_result_or_error([&] {
    const std::vector<NamedArray> arrays = read_npz(bytes, "f.npz", kLimits);
    std::size_t total = 0;
    for (const NamedArray& entry : arrays) total += entry.array.bytes.size();
    require(total <= kLimits.max_bytes);
    const std::vector<NamedArray> again = read_npz(write_npz(arrays), "f.npz");
    require(again.size() == arrays.size());
    for (std::size_t k = 0; k < arrays.size(); ++k) {
      require(again[k].name == arrays[k].name && again[k].array.shape == arrays[k].array.shape &&
              again[k].array.bytes == arrays[k].array.bytes);
    }
  });
}

std::uint32_t u32(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint16_t u16(std::span<const std::byte> bytes, std::size_t at) {
  std::uint16_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// Writes the true checksum into each directory entry whose data can be found.
void repair_checksums(std::vector<std::byte>& file) {
  constexpr std::uint32_t kEntrySignature = 0x02014B50;
  constexpr std::size_t kEntrySize = 46, kLocalSize = 30;
  for (std::size_t at = 0; at + kEntrySize <= file.size(); ++at) {
    if (u32(file, at) != kEntrySignature) continue;
    const std::size_t compressed = u32(file, at + 20), size = u32(file, at + 24),
                      local = u32(file, at + 42);
    if (size > kLimits.max_bytes || local + kLocalSize > file.size()) continue;
    const std::size_t begin = local + kLocalSize + u16(file, local + 26) + u16(file, local + 28);
    if (begin > file.size() || compressed > file.size() - begin) continue;
    const auto data = std::span(file).subspan(begin, compressed);
    std::uint32_t crc = 0;
    try {
      crc = u16(file, at + 10) == 0 ? crc32_of(data) : crc32_of(inflate_raw(data, size, "entry"));
    } catch (const Error&) {
      continue;
    }
    std::memcpy(file.data() + at + 16, &crc, sizeof crc);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = bytes_of(data, size);
  read(bytes);
  std::vector<std::byte> repaired(bytes.begin(), bytes.end());
  repair_checksums(repaired);
  read(repaired);
  return 0;
}
