#include "data/half.h"

#include <bit>

#include "core/numerics.h"

namespace lab {
namespace {

constexpr int kDropped = 13;     // mantissa bits that f16 has less
constexpr int kBiasShift = 112;  // 127 - 15
constexpr float kLeastNormal = 0x1p-14f;

// bits / 2^dropped, to the nearest, ties to even.
std::uint32_t rounded(std::uint32_t bits, int dropped) {
  const std::uint32_t odd = bits >> dropped & 1;
  return (bits + ((1u << (dropped - 1)) - 1) + odd) >> dropped;
}

}  // namespace

float from_f16(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  const std::uint32_t magnitude = bits & 0x7FFF;
  if (magnitude < 0x0400) {  // denormal: a multiple of 2^-24
    const float value = static_cast<float>(magnitude) * 0x1p-24f;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
  }
  const std::uint32_t exponent_shift = magnitude < 0x7C00 ? kBiasShift : 2 * kBiasShift;
  return std::bit_cast<float>(sign | ((magnitude << kDropped) + (exponent_shift << 23)));
}

float from_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::uint16_t to_f16(float value) {
  if (is_nan(value)) return 0x7E00;
  const std::uint32_t sign = std::bit_cast<std::uint32_t>(value) >> 16 & 0x8000;
  const float magnitude = lab::abs(value);
  std::uint32_t bits = 0x7C00;
  if (magnitude < kLeastNormal) {
    bits = static_cast<std::uint32_t>(round_half_even(magnitude * 0x1p24f));
  } else if (magnitude < 65520) {
    bits = rounded(std::bit_cast<std::uint32_t>(magnitude) - (std::uint32_t{kBiasShift} << 23),
                   kDropped);
  }
  return static_cast<std::uint16_t>(sign | bits);
}

std::uint16_t to_bf16(float value) {
  if (is_nan(value)) return 0x7FC0;
  return static_cast<std::uint16_t>(rounded(std::bit_cast<std::uint32_t>(value), 16));
}

}  // namespace lab
