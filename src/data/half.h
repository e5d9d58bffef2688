// Which 16 bits stand for a number? IEEE 754 binary16 (f16) and bfloat16 (bf16, the upper half of a
// float32), to and from float32, by integer operations that are the same everywhere.
#pragma once

#include <cstdint>

namespace lab {

// Exact: every f16 and bf16 is a float32. NaN keeps its sign and payload.
float from_f16(std::uint16_t bits);
float from_bf16(std::uint16_t bits);

// To the nearest, ties to even; beyond the largest by half a step or more: infinite. Every NaN
// becomes the one quiet, positive NaN without payload: 0x7e00, 0x7fc0.
std::uint16_t to_f16(float value);
std::uint16_t to_bf16(float value);

}  // namespace lab
