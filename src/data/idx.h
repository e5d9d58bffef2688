// Reads IDX, the format of MNIST and its kin: two zero bytes, a byte for the element type, a byte
// for the rank, the dimensions as 32-bit big-endian integers, then the elements, big-endian,
// row-major.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "data/array.h"
#include "data/limits.h"

namespace lab {

// Whether the bytes begin like an IDX file.
bool is_idx(std::span<const std::byte> bytes);

// The array in `bytes` (expanded already: see inflate.h for .gz). Types 0x08 u8, 0x09 i8, 0x0B i16,
// 0x0C i32, 0x0D f32, 0x0E f64; rank 1 to 8. Errors: another type, fewer or more bytes than the
// header says.
FileArray read_idx(std::span<const std::byte> bytes, std::string_view source,
                   const Limits& limits = {});

}  // namespace lab
