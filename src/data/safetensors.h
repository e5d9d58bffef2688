// How are a network's weights kept in one file? As safetensors: 8 bytes with the length of the
// header (little-endian), the header (JSON: for each tensor its name, element type, shape and
// place), and then the elements of all tensors, little-endian, row-major, one tensor behind the
// other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/limits.h"

namespace lab {

// As the header names them.
enum class StoredType { BOOL, U8, I8, U16, I16, F16, BF16, U32, I32, F32, U64, I64, F64 };
std::size_t size_of(StoredType type);  // bytes
std::string_view name_of(StoredType type);

struct StoredTensor {
  std::string name;
  StoredType type = StoredType::F32;
  std::vector<std::size_t> shape;  // empty: a single number
  std::span<const std::byte> bytes;

  std::size_t size() const { return bytes.size() / size_of(type); }  // elements
};

struct Safetensors {
  std::vector<StoredTensor> tensors;            // in the order of their elements
  std::map<std::string, std::string> metadata;  // the header's "__metadata__"

  // The tensor of this name; nothing when there is none.
  const StoredTensor* find(std::string_view name) const;
};

// What the bytes hold, which must outlive it: elements are not copied. Errors name the file, the
// place in the header or the tensor: a header longer than the file or than 16 MiB, not JSON, with a
// name twice or with other keys than dtype, shape and data_offsets; another element type; a place
// that is not as long as type and shape say, overlaps another's, or lies beyond the end; bytes that
// belong to no tensor; more elements than `limits.max_cells` in one tensor; more than
// `limits.max_bytes`.
Safetensors read_safetensors(std::span<const std::byte> bytes, std::string_view source,
                             const Limits& limits = {});

// The elements of a tensor of F32, F16 or BF16 as float32, into as many numbers (asserted). Error,
// at `where`: another type.
void to_floats(const StoredTensor& tensor, std::string_view where, std::span<float> into);

struct FloatTensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::span<const float> values;  // as many as the shape says (asserted)
};

// A file of these tensors, one behind the other, stored as F32, F16 or BF16 (asserted; rounded as
// half.h says). The header is padded with spaces to whole 8 bytes. Names are different, UTF-8, and
// not
// "__metadata__" (asserted). Equal tensors give equal bytes.
std::vector<std::byte> write_safetensors(std::span<const FloatTensor> tensors, StoredType type,
                                         const std::map<std::string, std::string>& metadata = {});

}  // namespace lab
