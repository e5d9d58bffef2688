// The safetensors reader; what it accepts of float types must come back the same after being
// written.
#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "data/safetensors.h"
#include "fuzz.h"

namespace {

using namespace lab;
using namespace lab::fuzz;

void read(std::span<const std::byte> bytes) {
  expect_result_or_error([&] {
    const Safetensors read = read_safetensors(bytes, "f.safetensors", kLimits);
    std::size_t total = 0;
    std::set<std::string> names;
    std::vector<std::vector<float>> values;
    std::vector<FloatTensor> tensors;
    values.reserve(read.tensors.size());
    for (const StoredTensor& tensor : read.tensors) {
      total += tensor.bytes.size();
      require(names.insert(tensor.name).second && read.find(tensor.name) == &tensor);
      require(tensor.size() * size_of(tensor.type) == tensor.bytes.size());
      require(total <= bytes.size());
      expect_result_or_error([&] {
        values.emplace_back(tensor.size());
        to_floats(tensor, "f.safetensors", values.back());
        tensors.push_back({tensor.name, tensor.shape, values.back()});
      });
    }
    const std::vector<std::byte> written =
        write_safetensors(tensors, StoredType::F32, read.metadata);
    const Safetensors again = read_safetensors(written, "f.safetensors");
    require(again.metadata == read.metadata && again.tensors.size() == tensors.size());
    for (const FloatTensor& tensor : tensors) {
      const StoredTensor* const same = again.find(tensor.name);
      require(same != nullptr && same->shape == tensor.shape);
      require(same->bytes.empty() ||
              std::memcmp(same->bytes.data(), tensor.values.data(), same->bytes.size()) == 0);
    }
  });
}

}  // namespace

// A second round has the right length of the header, up to the first NUL behind it, which no
// mutation of the text gets right by chance.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = bytes_of(data, size);
  read(bytes);
  constexpr std::size_t kLengthSize = 8;
  if (size < kLengthSize) return 0;
  std::vector<std::byte> repaired(bytes.begin(), bytes.end());
  const std::uint64_t header =
      std::min(text_of(data, size).find('\0', kLengthSize), size) - kLengthSize;
  std::memcpy(repaired.data(), &header, sizeof header);
  read(repaired);
  return 0;
}
