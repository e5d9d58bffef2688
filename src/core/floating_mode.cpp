#include "core/floating_mode.h"

#include <limits>

#include "core/error.h"

namespace lab {
namespace {

// Volatile, because the compiler computes in its own mode what it can compute itself.
template <class T>
T add(T a, T b) {
  const volatile T x = a;
  const volatile T y = b;
  const volatile T sum = x + y;
  return sum;
}
template <class T>
T multiply(T a, T b) {
  const volatile T x = a;
  const volatile T y = b;
  const volatile T product = x * y;
  return product;
}

template <class T>
bool rounds_to_nearest_even() {
  const T ulp = std::numeric_limits<T>::epsilon();
  const T half = ulp / 2;
  return add<T>(1, half) == 1 && add<T>(-1, -half) == -1 &&  // ties to even, down ...
         add<T>(1 + ulp, half) == 1 + 2 * ulp &&             // ... and up
         add<T>(-1 - ulp, -half) == -1 - 2 * ulp &&          //
         add<T>(1, half * T(1.5)) == 1 + ulp && add<T>(-1, -half * T(1.5)) == -1 - ulp &&
         add<T>(1, half * T(0.5)) == 1 && add<T>(-1, -half * T(0.5)) == -1;
}

template <class T>
bool writes_denormals() {
  const T smallest_normal = std::numeric_limits<T>::min();
  return multiply<T>(smallest_normal, T(0.5)) > 0;
}

template <class T>
bool reads_denormals() {
  // The result is a normal number, so that only the reading is in question.
  const T two_to_mantissa = 1 / std::numeric_limits<T>::epsilon();
  return multiply<T>(std::numeric_limits<T>::denorm_min(), two_to_mantissa) ==
         std::numeric_limits<T>::min();
}

[[noreturn]] void fail(const char* problem, const char* expected) {
  throw Error(problem, "floating-point mode", expected, Error::Kind::machine);
}

}  // namespace

void check_floating_mode() {
  if (!rounds_to_nearest_even<double>() || !rounds_to_nearest_even<float>()) {
    fail("arithmetic does not round to nearest, ties to even",
         "a program that leaves the rounding mode alone");
  }
  if (!writes_denormals<double>() || !writes_denormals<float>() || !reads_denormals<double>() ||
      !reads_denormals<float>()) {
    fail(
        "denormal numbers are flushed to zero (a library built with -ffast-math does this when "
        "loaded)",
        "a program without -ffast-math in any of its parts");
  }
}

}  // namespace lab
