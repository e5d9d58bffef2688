// How does Logit Lab compute exp, log, tanh and their relatives, with the same bits everywhere?
//
// The functions of libm differ in their last bits between systems, so every transcendental function
// that reaches a result is one of these. They are made of + - x /, bit casts, integer arithmetic on
// bit patterns and select only: each of those is exactly specified by IEEE 754 and C++, so g++,
// clang and Emscripten, SSE2, AVX2, ARM64 and WebAssembly agree on every bit
// (tests/core/test_numerics.cpp holds one digest a function that all of them must reproduce). This
// needs -ffp-contract=off, rounding to nearest and denormals kept; core/floating_mode.h checks the
// last two.
//
// Every function here is within 2 ulp of the exact value for all arguments, denormals included; the
// comments give the largest error seen, in ulp of the exact value.
// Every NaN in gives the one canonical quiet NaN out (`canonical_nan`), and so does every argument
// outside the domain. No function reads or sets errno, or depends on the floating-point flags.
//
// exp, log, log1p, expm1, tanh, sigmoid, softplus and erf are inline and free of branches, so that
//     for (std::size_t i = 0; i < n; ++i) y[i] = lab::exp(x[i]);
// becomes vector code (-O3; g++ needs -fno-trapping-math), with the same bits as one call at a
// time. sin, cos, pow and lgamma branch and are compiled once.
//
// Contents: [BITS] [ROUNDING] [EXPONENTIALS AND LOGARITHMS] [SIGMOID, TANH AND ERF] [OUT OF LINE]
#pragma once

#include <bit>
#include <cfloat>
#include <concepts>
#include <cstdint>
#include <limits>

static_assert(FLT_EVAL_METHOD == 0,
              "lab needs operations rounded to their own type (SSE2, not x87)");
static_assert(std::numeric_limits<double>::is_iec559 && std::numeric_limits<float>::is_iec559);
#ifdef __FAST_MATH__
#error "core/numerics.h cannot keep its promises under -ffast-math"
#endif

namespace lab {

// ---------------------------------------------------------------------------------------------------
// [BITS] What a number is made of.

namespace numerics {

template <class T>
concept Real = std::same_as<T, double> || std::same_as<T, float>;

// The layout of a floating-point type and the constants of its argument reductions.
template <class T>
struct Format;

template <>
struct Format<double> {
  using Bits = std::uint64_t;
  static constexpr int kMantissaBits = 52;
  static constexpr int kBias = 1023;
  // ln 2 in two parts: the first has 11 zero bits at its end, so that k * kLn2Hi is exact for every
  // exponent k (Cody and Waite 1980).
  static constexpr double kLn2Hi = 0x1.62e42fefa3800p-1;
  static constexpr double kLn2Lo = 0x1.ef35793c76730p-45;
  static constexpr double kInverseLn2 = 0x1.71547652b82fep+0;
  // exp is infinite from kExpMax on, 0 from kExpMin down.
  static constexpr double kExpMax = 710.0;
  static constexpr double kExpMin = -746.0;
  // expm1 is -1 and the large branch of tanh 1 from here on.
  static constexpr double kSaturated = 40.0;
  static constexpr Bits kSqrtHalf = 0x3fe6a09e667f3bcd;
};

template <>
struct Format<float> {
  using Bits = std::uint32_t;
  static constexpr int kMantissaBits = 23;
  static constexpr int kBias = 127;
  static constexpr float kLn2Hi = 0x1.62e4p-1f;
  static constexpr float kLn2Lo = 0x1.7f7d1cp-20f;
  static constexpr float kInverseLn2 = 0x1.715476p+0f;
  static constexpr float kExpMax = 89.0f;
  static constexpr float kExpMin = -104.5f;
  static constexpr float kSaturated = 20.0f;
  static constexpr Bits kSqrtHalf = 0x3f3504f3;
};

template <class T>
using Bits = typename Format<T>::Bits;

template <class T>
constexpr Bits<T> to_bits(T x) {
  return std::bit_cast<Bits<T>>(x);
}
template <class T>
constexpr T from_bits(Bits<T> bits) {
  return std::bit_cast<T>(bits);
}

template <class T>
inline constexpr Bits<T> kSignBit = Bits<T>{1} << (8 * sizeof(T) - 1);

template <class T>
inline constexpr T kInfinity = std::numeric_limits<T>::infinity();

// c0 + c1 x + c2 x^2 + ..., by Horner's rule.
template <class T>
constexpr T polynomial(T, T c0) {
  return c0;
}
template <class T, class... Rest>
constexpr T polynomial(T x, T c0, Rest... rest) {
  return c0 + x * polynomial(x, rest...);
}

}  // namespace numerics

// The NaN that all functions of the lab return: quiet, positive, without payload.
template <numerics::Real T>
inline constexpr T canonical_nan = numerics::from_bits<T>(
    ((numerics::Bits<T>{1} << (8 * sizeof(T) - numerics::Format<T>::kMantissaBits)) - 1)
    << (numerics::Format<T>::kMantissaBits - 1));

template <numerics::Real T>
constexpr bool is_nan(T x) {
  return x != x;
}

// Neither infinite nor NaN.
template <numerics::Real T>
constexpr bool is_finite(T x) {
  return x - x == 0;
}

// x itself, or the canonical NaN for any NaN: apply before bits are written or hashed.
template <numerics::Real T>
constexpr T canonical(T x) {
  return x != x ? canonical_nan<T> : x;
}

// |x|; clears the sign, of NaN too.
template <numerics::Real T>
constexpr T abs(T x) {
  return numerics::from_bits<T>(numerics::to_bits(x) & ~numerics::kSignBit<T>);
}

// The magnitude of x with the sign of y.
template <numerics::Real T>
constexpr T copy_sign(T x, T y) {
  return numerics::from_bits<T>((numerics::to_bits(x) & ~numerics::kSignBit<T>) |
                                (numerics::to_bits(y) & numerics::kSignBit<T>));
}

// How many representable numbers lie between a and b (0 when equal, and for +0 and -0; the largest
// integer when exactly one is NaN). Crosses zero as if the numbers were on one line.
template <numerics::Real T>
constexpr std::uint64_t ulp_distance(T a, T b) {
  if (is_nan(a) || is_nan(b)) return is_nan(a) && is_nan(b) ? 0 : ~std::uint64_t{0};
  const auto place = [](T x) {  // 2^63 + the index of x on the line
    const std::uint64_t magnitude = numerics::to_bits(abs(x));
    const std::uint64_t zero = std::uint64_t{1} << 63;
    return x < 0 ? zero - magnitude : zero + magnitude;
  };
  const std::uint64_t p = place(a), q = place(b);
  return p < q ? q - p : p - q;
}

// ---------------------------------------------------------------------------------------------------
// [ROUNDING] To whole numbers; exact, and free of branches. -0 and infinities stay as they are; a
// result of 0 keeps the sign of x.

// To the nearest, ties to even.
template <numerics::Real T>
constexpr T round_half_even(T x) {
  constexpr T kWhole =
      T(1) / std::numeric_limits<T>::epsilon();  // all numbers from here on are whole
  const T magnitude = abs(x);
  const T rounded = (magnitude + kWhole) - kWhole;
  return canonical(magnitude < kWhole ? copy_sign(rounded, x) : x);
}

// To the largest whole number not above x.
template <numerics::Real T>
constexpr T floor(T x) {
  const T rounded = round_half_even(x);
  return rounded > x ? rounded - T(1) : rounded;
}

// To the smallest whole number not below x.
template <numerics::Real T>
constexpr T ceil(T x) {
  const T rounded = round_half_even(x);
  return copy_sign(rounded < x ? rounded + T(1) : rounded, rounded);
}

// Towards 0.
template <numerics::Real T>
constexpr T trunc(T x) {
  return canonical(copy_sign(floor(abs(x)), x));
}

// To the nearest, ties away from 0.
template <numerics::Real T>
constexpr T round_half_away(T x) {
  const T magnitude = abs(x), whole = floor(magnitude);
  return canonical(copy_sign(magnitude - whole < T(0.5) ? whole : whole + T(1), x));
}

// ---------------------------------------------------------------------------------------------------
// [EXPONENTIALS AND LOGARITHMS]

namespace numerics {

// [[gnu::always_inline]]: a call inside a loop would keep the loop from becoming vector code.

template <class T>
[[gnu::always_inline]] inline T clamp(T x, T low, T high) {
  x = x < low ? low : x;
  return x > high ? high : x;  // NaN stays NaN
}

// x = k ln 2 + r + r_low with |r| <= ln 2 / 2; `scale` holds k for scale_by.
template <class T>
struct ExpReduced {
  T r, r_low;
  Bits<T> scale;
};

template <class T>
[[gnu::always_inline]] inline ExpReduced<T> reduce_exp(T x) {
  using F = Format<T>;
  // Adding 1.5 * 2^52 rounds to a whole number and leaves it in the low bits; 2 * bias more makes
  // it positive, as scale_by wants it.
  constexpr T kShift = T(1.5) / std::numeric_limits<T>::epsilon() + T(2 * F::kBias);
  const T shifted = x * F::kInverseLn2 + kShift;
  const T k = shifted - kShift;
  const T high = x - k * F::kLn2Hi, low = k * F::kLn2Lo;
  const T r = high - low;
  return {r, (high - r) - low, to_bits(shifted)};
}

// y * 2^k in two steps, each by a normal power of 2: the result is rounded once, also when
// denormal.
template <class T>
[[gnu::always_inline]] inline T scale_by(T y, Bits<T> scale) {
  constexpr int kShift = Format<T>::kMantissaBits;
  const Bits<T> half = scale >> 1;
  return y * from_bits<T>(half << kShift) * from_bits<T>((scale - half) << kShift);
}

// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2; minimax polynomials (Sollya's fpminimax), split into
// even and odd powers so that the two halves run side by side. Relative error of e^r: 2^-62,
// 2^-31.6.
[[gnu::always_inline]] inline double exp_tail(double r) {
  const double z = r * r;
  return polynomial(z, 0x1p-1, 0x1.5555555555557p-5, 0x1.6c16c16c156a5p-10, 0x1.a01a01ab9885dp-16,
                    0x1.27e4cfaefd041p-22, 0x1.1f86f0def2ce8p-29) +
         r * polynomial(z, 0x1.5555555555557p-3, 0x1.111111111005p-7, 0x1.a01a01ac1e913p-13,
                        0x1.71de01aacddadp-19, 0x1.af4ecf3058f07p-26);
}
[[gnu::always_inline]] inline float exp_tail(float r) {
  const float z = r * r;
  return polynomial(z, 0x1p-1f, 0x1.555502p-5f, 0x1.6d2e08p-10f) +
         r * polynomial(z, 0x1.555556p-3f, 0x1.110fc2p-7f, 0x1.a2d998p-13f);
}

template <class T>
[[gnu::always_inline]] inline T exp_finite(T x) {
  const ExpReduced<T> e = reduce_exp(x);
  return scale_by(T(1) + (e.r + e.r * e.r * exp_tail(e.r)), e.scale);
}

// e^x as high + low, with low below half an ulp of high: about 6 bits more than exp.
template <class T>
struct Pair {
  T high, low;
};

template <class T>
[[gnu::always_inline]] inline Pair<T> exp_pair(T x) {
  const ExpReduced<T> e = reduce_exp(x);
  const T p = e.r + (e.r_low + e.r * e.r * exp_tail(e.r));
  const T high = T(1) + p, low = p - (high - T(1));
  return {scale_by(high, e.scale), scale_by(low, e.scale)};
}

// With s = f / (2 + f): (log(1 + f) - 2 s) / (s^3), a polynomial in z = s^2; relative error of
// log(1 + f) for sqrt(1/2) <= 1 + f <= sqrt(2): 2^-57.6, 2^-33.9.
[[gnu::always_inline]] inline double log_tail(double z) {
  return polynomial(z, 0x1.5555555555558p-1, 0x1.99999999952d9p-2, 0x1.2492492df75c5p-2,
                    0x1.c71c62dc153fcp-3, 0x1.7462b770bf195p-3, 0x1.39fe05ba9c801p-3,
                    0x1.2b5c8428aa81ep-3);
}
[[gnu::always_inline]] inline float log_tail(float z) {
  return polynomial(z, 0x1.555556p-1f, 0x1.99986ep-2f, 0x1.24c14ap-2f, 0x1.ce8112p-3f);
}

// k ln 2 + log(1 + f) + c, for a correction c far below the rest; the arrangement of terms is that
// of fdlibm's e_log.c (Sun Microsystems 1993), which rounds the leading f only once.
template <class T>
[[gnu::always_inline]] inline T log_sum(T k, T f, T c) {
  using F = Format<T>;
  const T half_square = T(0.5) * f * f;
  const T s = f / (T(2) + f);
  const T z = s * s;
  const T small = s * (half_square + z * log_tail(z)) + (k * F::kLn2Lo + c);
  return k * F::kLn2Hi - ((half_square - small) - f);
}

// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for a normal positive x.
template <class T>
struct LogReduced {
  T k, f;
};

template <class T>
[[gnu::always_inline]] inline LogReduced<T> reduce_log(T x, T k_offset) {
  using F = Format<T>;
  constexpr int kShift = F::kMantissaBits;
  constexpr Bits<T> kOne = Bits<T>(F::kBias) << kShift;
  constexpr T kWhole = T(1) / std::numeric_limits<T>::epsilon();
  const Bits<T> bits = to_bits(x) + (kOne - F::kSqrtHalf);
  const T mantissa = from_bits<T>((bits & ((Bits<T>{1} << kShift) - 1)) + F::kSqrtHalf);
  // The exponent becomes a number by way of the low bits of 2^52: SSE2 has no conversion from 64
  // bits.
  const T exponent = from_bits<T>((bits >> kShift) | to_bits(kWhole)) - (kWhole + k_offset);
  return {exponent, mantissa - T(1)};
}

}  // namespace numerics

// e^x. exp(-inf) = 0, overflow gives inf; denormal results are rounded once.
// Method: x = k ln 2 + r (Cody and Waite), polynomial of degree 12 (float: 7), scaling by 2^k.
template <numerics::Real T>
[[gnu::always_inline]] inline T exp(T x) {
  using F = numerics::Format<T>;
  const T y = numerics::exp_finite(numerics::clamp(x, F::kExpMin, F::kExpMax));
  return x != x ? canonical_nan<T> : y;
}

// e^x - 1, without cancellation near 0. expm1(+-0) = +-0, expm1(-inf) = -1, overflow gives inf.
template <numerics::Real T>
[[gnu::always_inline]] inline T expm1(T x) {
  using F = numerics::Format<T>;
  constexpr int kShift = F::kMantissaBits;
  const auto e = numerics::reduce_exp(numerics::clamp(x, -F::kSaturated, F::kExpMax));
  // Half of 2^k (1 + p) - 1 with p = e^r - 1, since 2^k itself may overflow.
  const T half_scale =
      numerics::from_bits<T>((e.scale - numerics::Bits<T>(F::kBias + 1)) << kShift);
  const T base = half_scale - T(0.5), step = half_scale * e.r;
  const T high = base + step, low = step - (high - base);
  const T half = high + (low + half_scale * (e.r_low + e.r * e.r * numerics::exp_tail(e.r)));
  const T y = lab::abs(x) < std::numeric_limits<T>::epsilon() / 4 ? x : half + half;
  return x != x ? canonical_nan<T> : y;
}

// The natural logarithm. log(+-0) = -inf, log(inf) = inf, log(x < 0) = NaN.
// Method: x = 2^k (1 + f), atanh series in f / (2 + f) (fdlibm).
template <numerics::Real T>
[[gnu::always_inline]] inline T log(T x) {
  using F = numerics::Format<T>;
  // Denormals are lifted by 2^54 (float: 2^25) first.
  constexpr T kLift = T(4) / std::numeric_limits<T>::epsilon();
  const bool denormal = x < std::numeric_limits<T>::min();
  const auto [k, f] = numerics::reduce_log(
      denormal ? x * kLift : x, denormal ? T(F::kBias + F::kMantissaBits + 2) : T(F::kBias));
  T y = numerics::log_sum(k, f, T(0));
  y = x == numerics::kInfinity<T> ? x : y;
  y = x == 0 ? -numerics::kInfinity<T> : y;
  return x >= 0 ? y : canonical_nan<T>;
}

// log(1 + x), without cancellation near 0. log1p(+-0) = +-0, log1p(-1) = -inf, log1p(x < -1) = NaN.
// Method: log of u = 1 + x with the rounding error of that sum carried along (Kahan); for x near 0,
// the series of log in x itself.
template <numerics::Real T>
[[gnu::always_inline]] inline T log1p(T x) {
  using F = numerics::Format<T>;
  const T u = T(1) + x, back = u - T(1);
  const T error = (T(1) - (u - back)) + (x - back);
  const bool near = x > T(-0.29) && x < T(0.41);
  const auto [k, f] = numerics::reduce_log(u, T(F::kBias));
  T y = numerics::log_sum(near ? T(0) : k, near ? x : f, near ? T(0) : error / u);
  y = x == 0 || x == numerics::kInfinity<T> ? x : y;
  y = x == -1 ? -numerics::kInfinity<T> : y;
  return x >= -1 ? y : canonical_nan<T>;
}

// log(1 + e^x): the loss of a logit. softplus(-inf) = 0, softplus(inf) = inf; x + e^-x for large x,
// e^x for very negative x, without overflow or cancellation. Method: max(x, 0) + log1p(e^-|x|),
// with e^-|x| in two parts.
template <numerics::Real T>
[[gnu::always_inline]] inline T softplus(T x) {
  using F = numerics::Format<T>;
  const T magnitude = lab::abs(x);
  const auto [e, e_low] = numerics::exp_pair(numerics::clamp(-magnitude, F::kExpMin, T(0)));
  const bool large = e > T(0.41421356);
  const T less = e - T(1), lost = e - (less + T(1));
  // (16 - 8 e) / 17 is 1 / (1 + e) to 6 %: enough for a correction of half an ulp.
  const T c = (large ? e_low + lost : e_low) * (T(16.0 / 17) - T(8.0 / 17) * e);
  const T l = numerics::log_sum(large ? T(1) : T(0), large ? T(0.5) * less : e, c);
  const T y = x > 0 ? x + l : l;
  return x != x ? canonical_nan<T> : y;
}

// ---------------------------------------------------------------------------------------------------
// [SIGMOID, TANH AND ERF]

// 1 / (1 + e^-x). sigmoid(-inf) = 0, sigmoid(inf) = 1; e^x for very negative x, down to denormals.
// Method: e = e^-|x| in two parts, then 1 / (1 + e) or e / (1 + e) with one correction step.
template <numerics::Real T>
[[gnu::always_inline]] inline T sigmoid(T x) {
  using F = numerics::Format<T>;
  const T magnitude = lab::abs(x);
  const auto [e, e_low] = numerics::exp_pair(numerics::clamp(-magnitude, F::kExpMin, T(0)));
  const T sum = T(1) + e, sum_low = (e - (sum - T(1))) + e_low;
  const T top = x < 0 ? e : T(1), top_low = x < 0 ? e_low : T(0);
  const T ratio = top / sum;
  // (16 - 8 e) / 17 is 1 / (1 + e) to 6 %: enough for a correction of an ulp.
  const T y = ratio + (top_low - ratio * sum_low) * (T(16.0 / 17) - T(8.0 / 17) * e);
  return x != x ? canonical_nan<T> : y;
}

namespace numerics {

// tanh(a) = a + a * top / bottom for 0 <= a <= 0.625, z = a^2; relative error 2^-60.5, 2^-27.7.
[[gnu::always_inline]] inline Pair<double> tanh_ratio(double z) {
  return {z * polynomial(z, -0x1.5555555555554p-2, -0x1.4fd1bd04f1b04p-6, -0x1.a184f7ad6bb1cp-13),
          polynomial(z, 1.0, 0x1.d890ed0a86d9bp-2, 0x1.7d8fa6e80f35fp-6, 0x1.b0eea05b88347p-13)};
}
[[gnu::always_inline]] inline Pair<float> tanh_ratio(float z) {
  return {z * polynomial(z, -0x1.555544p-2f, -0x1.941c58p-10f),
          polynomial(z, 1.0f, 0x1.9e52acp-2f)};
}

}  // namespace numerics

// The hyperbolic tangent; odd to the bit. tanh(+-0) = +-0, tanh(+-inf) = +-1.
// Method: a rational minimax approximation up to 0.625, 1 - 2 / (e^2|x| + 1) beyond; both share the
// one division.
template <numerics::Real T>
[[gnu::always_inline]] inline T tanh(T x) {
  using F = numerics::Format<T>;
  const T magnitude = lab::abs(x);
  const bool small = magnitude < T(0.625);
  const T a = magnitude > F::kSaturated ? F::kSaturated : magnitude;
  const T e = numerics::exp_finite(a + a);
  const auto [top, bottom] = numerics::tanh_ratio(a * a);
  const T ratio = (small ? top : T(2)) / (small ? bottom : e + T(1));
  const T y = copy_sign(small ? a + a * ratio : T(1) - ratio, x);
  return x != x ? canonical_nan<T> : y;
}

namespace numerics {

// erf(a) = a + a * top / bottom for 0 <= a < 0.875, z = a^2; relative error 2^-56.9, 2^-26.8.
[[gnu::always_inline]] inline Pair<double> erf_small_ratio(double z) {
  return {polynomial(z, 0x1.06eba8214db68p-3, -0x1.4cb5ae7ab4980p-2, -0x1.d80dd0503bb1fp-6,
                     -0x1.7c08e4fbbdbb1p-8, -0x1.e2f91718a4799p-16),
          polynomial(z, 1.0, 0x1.9881ac4ed4f68p-2, 0x1.0bfa4b5ac0888p-4, 0x1.5121d8a442a6ep-8,
                     0x1.1ed77b513a8ddp-13, -0x1.054d3fa52eba7p-18)};
}
[[gnu::always_inline]] inline Pair<float> erf_small_ratio(float z) {
  return {polynomial(z, 0x1.06eba6p-3f, -0x1.812702p-2f, 0x1.ce2036p-4f, -0x1.b6ea32p-6f,
                     0x1.499f5cp-8f, -0x1.44aba8p-11f),
          1.0f};
}

// e^(a^2) erfc(a) = top / bottom for 0.875 <= a <= 6 (float: 4); error of erf 2^-57.8, 2^-31.2.
[[gnu::always_inline]] inline Pair<double> erf_large_ratio(double a) {
  return {polynomial(a, 0x1.fffffe3fa5485p-1, 0x1.5fa0725c523dep+0, 0x1.db5ef1c2306d6p-1,
                     0x1.71bebfbb3cb88p-2, 0x1.493e7c231a9cap-4, 0x1.1144c744293aep-7),
          polynomial(a, 1.0, 0x1.403eeebf93475p+1, 0x1.6033ac3210b17p+1, 0x1.b75a60cde4f6ep+0,
                     0x1.4b7f92a22dda5p-1, 0x1.23c66ff66c2b6p-3, 0x1.e45c77dfd070ap-7)};
}
[[gnu::always_inline]] inline Pair<float> erf_large_ratio(float a) {
  return {polynomial(a, 0x1.002c9ap+0f, 0x1.7db502p-1f, 0x1.e12c3ep-3f),
          polynomial(a, 1.0f, 0x1.e0ea54p+0f, 0x1.570008p+0f, 0x1.a8e6d2p-2f)};
}

}  // namespace numerics

// The error function 2 / sqrt(pi) * integral of e^-t^2 from 0 to x; odd to the bit. erf(+-0) = +-0,
// erf(+-inf) = +-1. Largest error seen:
// Method: rational minimax approximations; of erf itself up to 0.875, of e^x^2 erfc(x) beyond.
template <numerics::Real T>
[[gnu::always_inline]] inline T erf(T x) {
  constexpr T kOne = sizeof(T) == sizeof(double) ? T(6) : T(4);  // erf rounds to 1 from here on
  const T magnitude = lab::abs(x);
  const bool small = magnitude < T(0.875);
  const T a = magnitude > kOne ? kOne : magnitude;
  const auto [small_top, small_bottom] = numerics::erf_small_ratio(a * a);
  const auto [large_top, large_bottom] = numerics::erf_large_ratio(a);
  const T e = numerics::exp_finite(-(a * a));
  const T ratio = (small ? small_top : large_top) / (small ? small_bottom : large_bottom);
  const T y = copy_sign(small ? a + a * ratio : T(1) - e * ratio, x);
  return x != x ? canonical_nan<T> : y;
}

// ---------------------------------------------------------------------------------------------------
// [OUT OF LINE] These branch, and each is compiled once (numerics_trigonometry.cpp,
// numerics_pow.cpp, numerics_gamma.cpp). The float versions compute in double and round once more.

// Sine and cosine of x radians, for every finite x: the reduction modulo pi/2 is exact enough for
// the largest doubles. sin(+-0) = +-0; NaN for infinite x. sin is odd and cos even to the bit.
double sin(double x);
float sin(float x);
double cos(double x);
float cos(float x);

// x to the power y. Special cases as in C99 annex F: pow(x, 0) = pow(1, y) = 1 even for NaN;
// NaN for finite x < 0 and y not a whole number; pow(0, y < 0) is infinite, negative when x is -0
// and y odd.
double pow(double x, double y);
float pow(float x, float y);

// log|Gamma(x)|. +inf at 0, at the negative integers and for infinite x.
double lgamma(double x);
float lgamma(float x);

}  // namespace lab
