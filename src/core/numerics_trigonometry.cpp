// How are sine and cosine computed for every argument, however large?
//
// x = n pi/2 + r. Up to 2^20 the multiple is subtracted in four parts (Cody and Waite); beyond, x
// is multiplied by the 192 bits of 2/pi that matter, in integers (Payne and Hanek 1983, "Radian
// reduction for trigonometric functions"). Either way r keeps more than 60 good bits, even for the
// doubles closest to a multiple of pi/2 (which miss it by 2^-61 or more).
#include "core/numerics.h"
#include "core/numerics_double_double.h"

namespace lab {

namespace numerics {

// Kernels in the manner of fdlibm: the leading terms are exact, the polynomials minimax (Sollya).
// Relative errors 2^-56 and 2^-60.4 before rounding.
double sin_reduced(DoubleDouble r) {
  const double x = r.high, z = x * x;
  const double tail =
      polynomial(z, 0x1.1111111110c83p-7, -0x1.a01a019ea134dp-13, 0x1.71de37b1d3398p-19,
                 -0x1.ae60210e407ffp-26, 0x1.5e11938821a06p-33);
  // r.low enters with its factor cos x = 1 - z / 2.
  return x + (x * z * (-0x1.5555555555555p-3 + z * tail) + r.low * (1.0 - 0.5 * z));
}

double cos_reduced(DoubleDouble r) {
  const double x = r.high, z = x * x;
  const double tail =
      polynomial(z, 0x1.5555555555555p-5, -0x1.6c16c16c168ccp-10, 0x1.a01a019f38b18p-16,
                 -0x1.27e4fa0371482p-22, 0x1.1eeb585601c4dp-29, -0x1.9073d8c03afa7p-37);
  const double half = 0.5 * z, high = 1.0 - half;
  return high + (((1.0 - high) - half) + (z * z * tail - x * r.low));
}

namespace {

struct Angle {
  unsigned quadrant;  // modulo 4
  DoubleDouble rest;  // from -pi/4 to pi/4
};

Angle reduce_moderate(double x) {
  constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
  // pi/2 in three parts of 33 bits, so that their products with n are exact, and the rest.
  constexpr double kPart1 = 0x1.921fb544p+0, kPart2 = 0x1.0b4611a6p-34, kPart3 = 0x1.3198a2ep-69,
                   kPart4 = 0x1.b839a252049c1p-104;
  constexpr double kShift = 0x1.8p52;
  const double shifted = x * kTwoOverPi + kShift;
  const double n = shifted - kShift;
  const DoubleDouble first = two_sum(x - n * kPart1, -(n * kPart2));
  const DoubleDouble second = two_sum(first.high, -(n * kPart3));
  const DoubleDouble rest = quick_two_sum(second.high, (second.low + first.low) - n * kPart4);
  return {static_cast<unsigned>(to_bits(shifted) & 3), rest};
}

struct Product {
  std::uint64_t high, low;
};

// The 128 bits of a * b, from 32-bit halves: there is no portable 128-bit integer.
Product multiply_wide(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t kMask = 0xffffffff;
  const std::uint64_t a0 = a & kMask, a1 = a >> 32, b0 = b & kMask, b1 = b >> 32;
  const std::uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32);
  const std::uint64_t middle = a0 * b1 + (cross & kMask);
  return {a1 * b1 + (cross >> 32) + (middle >> 32), (middle << 32) | (low & kMask)};
}

Angle reduce_huge(double x) {
  // The bits of 2/pi after one word of zeros.
  static constexpr std::uint64_t kTwoOverPi[] = {
      0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
      0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e,
      0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
      0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
      0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab};
  const std::uint64_t bits = to_bits(abs(x));
  const int exponent = static_cast<int>(bits >> 52) - (1023 + 52);
  const std::uint64_t mantissa = (bits & ((1ull << 52) - 1)) | (1ull << 52);
  // |x| = mantissa * 2^exponent with -32 <= exponent <= 971. Bits of 2/pi above weight 2^(1 -
  // exponent) contribute multiples of 4 quadrants: the window starts at that weight.
  const int start = exponent - 2 + 64;
  const auto window = [start](int i) {
    const int word = start / 64 + i, shift = start % 64;
    return shift == 0 ? kTwoOverPi[word]
                      : (kTwoOverPi[word] << shift) | (kTwoOverPi[word + 1] >> (64 - shift));
  };
  // mantissa * window modulo 2^192; its two top bits are the quadrant, the rest a fraction of it.
  const Product low = multiply_wide(mantissa, window(2)),
                middle = multiply_wide(mantissa, window(1));
  const std::uint64_t word1 = middle.low + low.high;
  std::uint64_t top = mantissa * window(0) + middle.high + (word1 < low.high ? 1 : 0);
  std::uint64_t next = word1;
  unsigned quadrant = static_cast<unsigned>(top >> 62);
  top = (top << 2) | (next >> 62);
  next = (next << 2) | (low.low >> 62);
  // A fraction above one half belongs to the next quadrant, from below.
  const bool above = (top >> 63) != 0;
  if (above) {
    ++quadrant;
    top = ~top;
    next = ~next;
  }
  // The fraction is at least 2^-62 or so: shift the leading zeros out, keep 53 + 53 bits.
  const int zeros = top != 0 ? std::countl_zero(top) : 64;
  if (zeros == 64) {
    top = next;
    next = 0;
  } else if (zeros > 0) {
    top = (top << zeros) | (next >> (64 - zeros));
    next <<= zeros;
  }
  const double unit = from_bits<double>(static_cast<std::uint64_t>(1023 - 53 - zeros) << 52);
  const double high = static_cast<double>(top >> 11) * unit;
  const double rest = static_cast<double>(((top & 0x7ff) << 42) | (next >> 22)) * (unit * 0x1p-53);
  constexpr DoubleDouble kHalfPi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
  DoubleDouble angle = multiply(kHalfPi, quick_two_sum(high, rest));
  if (above != (x < 0)) angle = negate(angle);
  return {x < 0 ? 0u - quadrant : quadrant, angle};
}

// sin(x + shift * pi/2) for finite x.
double sin_shifted(double x, unsigned shift) {
  const Angle angle = abs(x) < 0x1p20 ? reduce_moderate(x) : reduce_huge(x);
  const unsigned quadrant = angle.quadrant + shift;
  const double y = quadrant & 1 ? cos_reduced(angle.rest) : sin_reduced(angle.rest);
  return quadrant & 2 ? -y : y;
}

}  // namespace
}  // namespace numerics

double sin(double x) {
  if (!is_finite(x)) return canonical_nan<double>;
  return x == 0 ? x : numerics::sin_shifted(x, 0);
}

double cos(double x) {
  return is_finite(x) ? numerics::sin_shifted(x, 1) : canonical_nan<double>;
}

float sin(float x) {
  return static_cast<float>(lab::sin(static_cast<double>(x)));
}

float cos(float x) {
  return static_cast<float>(lab::cos(static_cast<double>(x)));
}

}  // namespace lab
