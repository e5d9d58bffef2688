// How do the slower functions of core/numerics.h get more than 53 bits?
//
// A double-double is the unevaluated sum of two doubles, low at most half an ulp of high: about 104
// bits (Dekker 1971, "A floating-point technique for extending the available precision"). Only + -
// x / and bit masks are used, so the bits are the same everywhere; no fused multiply-add.
#pragma once

#include "core/numerics.h"

namespace lab::numerics {

using DoubleDouble = Pair<double>;

// a + b exactly, for |a| >= |b| or a = 0.
inline DoubleDouble quick_two_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

// a + b exactly (Knuth).
inline DoubleDouble two_sum(double a, double b) {
  const double sum = a + b, part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

// a * b exactly, unless the low part is denormal or the product overflows.
inline DoubleDouble two_product(double a, double b) {
  // Each factor is cut into 26 + 27 bits by a mask, which unlike Veltkamp's product cannot
  // overflow.
  const auto cut = [](double x) { return from_bits<double>(to_bits(x) & ~((1ull << 27) - 1)); };
  const double product = a * b;
  const double a_high = cut(a), a_low = a - a_high, b_high = cut(b), b_low = b - b_high;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

inline DoubleDouble negate(DoubleDouble a) {
  return {-a.high, -a.low};
}

inline DoubleDouble add(DoubleDouble a, double b) {
  const DoubleDouble sum = two_sum(a.high, b);
  return quick_two_sum(sum.high, sum.low + a.low);
}

inline DoubleDouble add(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = two_sum(a.high, b.high), low = two_sum(a.low, b.low);
  const DoubleDouble sum = quick_two_sum(high.high, high.low + low.high);
  return quick_two_sum(sum.high, sum.low + low.low);
}

inline DoubleDouble multiply(DoubleDouble a, double b) {
  const DoubleDouble product = two_product(a.high, b);
  return quick_two_sum(product.high, product.low + a.low * b);
}

inline DoubleDouble multiply(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble product = two_product(a.high, b.high);
  return quick_two_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

inline DoubleDouble divide(double a, DoubleDouble b) {
  const double ratio = a / b.high;
  const DoubleDouble back = two_product(ratio, b.high);
  return quick_two_sum(ratio, (((a - back.high) - back.low) - ratio * b.low) / b.high);
}

// The natural logarithm of a finite x > 0, denormals included; relative error below 2^-70.
DoubleDouble log_double_double(double x);

// sin r and cos r for r = high + low with |r| <= pi / 4, to 0.6 ulp.
double sin_reduced(DoubleDouble r);
double cos_reduced(DoubleDouble r);

}  // namespace lab::numerics
