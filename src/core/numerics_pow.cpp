// How is x^y = e^(y log x) computed within an ulp?
//
// An error in y log x is a relative error of the result, and |y log x| reaches 745: so the
// logarithm is a double-double with 70 good bits, and its low part joins the exponential's argument
// reduction.
#include "core/numerics.h"
#include "core/numerics_double_double.h"

namespace lab {

namespace numerics {

DoubleDouble log_double_double(double x) {
  using F = Format<double>;
  constexpr double kLift = 0x1p54;
  const bool denormal = x < std::numeric_limits<double>::min();
  const auto [k, f] = reduce_log(denormal ? x * kLift : x, double(F::kBias + (denormal ? 54 : 0)));
  // log(1 + f) = 2 s (1 + z / 3 + z^2 / 5 + ...) with s = f / (2 + f), z = s^2 <= 0.0295; the terms
  // from z^3 / 7 on are minimax (error 2^-77) and need no more than a double.
  const DoubleDouble s = divide(f, two_sum(2.0, f));
  const DoubleDouble z = multiply(s, s);
  const double tail = polynomial(z.high, 0x1.2492492492492p-3, 0x1.c71c71c71caacp-4,
                                 0x1.745d1745699eep-4, 0x1.3b13b190315e4p-4, 0x1.1110ec0a0068cp-4,
                                 0x1.e1f4254fc68b7p-5, 0x1.ac99d8c756abfp-5, 0x1.b638a98b4fc32p-5);
  constexpr DoubleDouble kThird = {0x1.5555555555555p-2, 0x1.5555555555555p-56};
  constexpr DoubleDouble kFifth = {0x1.999999999999ap-3, -0x1.999999999999ap-57};
  const DoubleDouble series =
      add(multiply(add(multiply(add(kFifth, z.high * tail), z), kThird), z), 1.0);
  const DoubleDouble log_mantissa = multiply(series, {2.0 * s.high, 2.0 * s.low});
  const DoubleDouble log_power = add(two_product(k, F::kLn2Lo), k * F::kLn2Hi);
  return add(log_power, log_mantissa);
}

namespace {

bool is_odd(double y) {
  // Every number from 2^53 on is even.
  return abs(y) < 0x1p53 && trunc(y) == y && trunc(0.5 * y) != 0.5 * y;
}

// |x|^y for x and y neither 0 nor infinite nor NaN.
double pow_finite(double magnitude, double y) {
  // Beyond 2^65 the result is 0, 1 or infinite whatever y is exactly.
  const DoubleDouble product = multiply(log_double_double(magnitude), clamp(y, -0x1p65, 0x1p65));
  const double t = clamp(product.high, Format<double>::kExpMin, Format<double>::kExpMax);
  const double t_low = t == product.high ? product.low : 0.0;
  const ExpReduced<double> e = reduce_exp(t);
  const double low = e.r_low + t_low, tail = e.r * e.r * exp_tail(e.r);
  // t_low is large enough for its derivative e^r to matter.
  return scale_by(1.0 + (e.r + (tail + low * (1.0 + (e.r + tail)))), e.scale);
}

float pow_finite(float magnitude, float y) {
  const double t = lab::log(double(magnitude)) * double(y);
  return static_cast<float>(lab::exp(clamp(t, -200.0, 200.0)));
}

// The special cases are those of C99's annex F.
template <class T>
T pow_any(T x, T y) {
  if (x == 1 || y == 0) return 1;
  if (is_nan(x) || is_nan(y)) return canonical_nan<T>;
  const T magnitude = abs(x);
  if (x < 0 && is_finite(x) && is_finite(y) && trunc(y) != y) return canonical_nan<T>;
  T result;
  if (magnitude == 1) {
    result = 1;
  } else if (magnitude == 0 || !is_finite(x) || !is_finite(y)) {
    result = (magnitude > 1) == (y > 0) ? kInfinity<T> : T(0);
  } else {
    result = pow_finite(magnitude, y);
  }
  const bool negative = (to_bits(x) & kSignBit<T>) != 0;
  return negative && is_odd(y) ? -result : result;
}

}  // namespace
}  // namespace numerics

double pow(double x, double y) {
  return numerics::pow_any(x, y);
}

float pow(float x, float y) {
  return numerics::pow_any(x, y);
}

}  // namespace lab
