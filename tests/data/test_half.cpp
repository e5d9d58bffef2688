#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "data/half.h"

using lab::from_bf16;
using lab::from_f16;
using lab::to_bf16;
using lab::to_f16;

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// IEEE 754, table 3.5: of finite bits.
double f16_value(unsigned bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const int mantissa = static_cast<int>(bits & 1023);
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

std::uint16_t bits16(unsigned bits) {
  return static_cast<std::uint16_t>(bits);
}

}  // namespace

TEST_CASE("half: every f16 has its value and comes back; between two the even one is nearest") {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const float value = from_f16(bits16(bits));
    if ((bits & 0x7FFF) > 0x7C00) {
      CHECK(std::isnan(value));
      continue;
    }
    REQUIRE(to_f16(value) == bits);
    if ((bits & 0x7FFF) == 0x7C00) continue;
    REQUIRE(value == f16_value(bits));
    // Half way to the next one away from 0, and to either side of that.
    const double next =
        (bits & 0x7FFF) == 0x7BFF ? std::copysign(65536.0, value) : f16_value(bits + 1);
    const auto middle = static_cast<float>((value + next) / 2);
    REQUIRE(to_f16(middle) == (bits % 2 == 0 ? bits : bits + 1));
    REQUIRE(to_f16(std::nextafter(middle, value)) == bits);
    REQUIRE(to_f16(std::nextafter(middle, static_cast<float>(next))) == bits + 1);
  }
  CHECK(from_f16(0x3C00) == 1);
  CHECK(from_f16(0xFC00) == -kInf);
  CHECK(std::signbit(from_f16(0x8000)));
  CHECK(to_f16(kInf) == 0x7C00);
  CHECK(to_f16(1e30f) == 0x7C00);
  CHECK(to_f16(-70000) == 0xFC00);
  CHECK(to_f16(kNan) == 0x7E00);
  CHECK(to_f16(-kNan) == 0x7E00);
  CHECK(to_f16(-1e-30f) == 0x8000);
}

TEST_CASE("half: bf16 is the upper half of a float, to the nearest") {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const float value = from_bf16(bits16(bits));
    CHECK(std::bit_cast<std::uint32_t>(value) == bits << 16);
    if (!std::isnan(value)) CHECK(to_bf16(value) == bits);
  }
  const auto to = [](std::uint32_t bits) { return to_bf16(std::bit_cast<float>(bits)); };
  CHECK(to(0x3F808000) == 0x3F80);
  CHECK(to(0x3F818000) == 0x3F82);
  CHECK(to(0x3F808001) == 0x3F81);
  CHECK(to(0x7F7FFFFF) == 0x7F80);  // the largest float
  CHECK(to(0xFFFFFFFF) == 0x7FC0);
  CHECK(to(0x7F800001) == 0x7FC0);
  CHECK(to(0x00000001) == 0);
}
