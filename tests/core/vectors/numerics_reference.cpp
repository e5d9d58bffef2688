// What are the exact values of the functions of core/numerics.h?
//
// Not part of the build; needs GNU MPFR (Debian: libmpfr-dev). From the repository's root:
//   g++ -std=c++20 -O2 -ffp-contract=off -I src tests/core/vectors/numerics_reference.cpp
//       src/core/numerics_*.cpp -lmpfr -lgmp -o numerics_reference
//   ./numerics_reference vectors > tests/core/vectors/numerics.inc   makes the committed vectors
//   again
//   ./numerics_reference sweep 1000000 [function]                    the largest errors, in ulp,
//   over
//       that many arguments a function and type; the figures in core/numerics.h are from 10^7
//   ./numerics_reference floats 1 [function]                         the same over every float (or,
//       with 16, every 16th), with the double functions of the system's libm as reference
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "core/numerics.h"

namespace {

using lab::numerics::Bits;
using lab::numerics::from_bits;
using lab::numerics::to_bits;

constexpr int kPrecision = 320;

// An MPFR number with an owner.
class Real {
 public:
  explicit Real(double x = 0, mpfr_prec_t precision = kPrecision) {
    mpfr_init2(value_, precision);
    mpfr_set_d(value_, x, MPFR_RNDN);
  }
  ~Real() { mpfr_clear(value_); }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;
  operator mpfr_ptr() { return value_; }

 private:
  mpfr_t value_;
};

// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1p-53);
  }
  std::uint64_t below(std::uint64_t n) { return bits() % n; }

 private:
  std::uint64_t state_ = 20261125;
};

void exact_sigmoid(mpfr_ptr y, mpfr_ptr x) {
  Real t;
  mpfr_neg(t, x, MPFR_RNDN);
  mpfr_exp(t, t, MPFR_RNDN);
  mpfr_add_ui(t, t, 1, MPFR_RNDN);
  mpfr_ui_div(y, 1, t, MPFR_RNDN);
}

void exact_softplus(mpfr_ptr y, mpfr_ptr x) {
  Real t;
  mpfr_abs(t, x, MPFR_RNDN);
  mpfr_neg(t, t, MPFR_RNDN);
  mpfr_exp(t, t, MPFR_RNDN);
  mpfr_log1p(y, t, MPFR_RNDN);
  if (mpfr_sgn(x) > 0) mpfr_add(y, y, x, MPFR_RNDN);
}

struct Function {
  const char* name;
  std::function<double(double)> as_double;
  std::function<float(float)> as_float;
  std::function<void(mpfr_ptr, mpfr_ptr)> exact;
  std::function<double(double)> system;  // the reference for sweep_floats
  double low, high;                      // where most of the values of interest lie
  std::vector<double> seams;             // where the method changes, and other delicate places
};

template <class F>
std::function<void(mpfr_ptr, mpfr_ptr)> rounded(F f) {
  return [f](mpfr_ptr y, mpfr_ptr x) { f(y, x, MPFR_RNDN); };
}

std::vector<double> half_multiples(double step, int count) {
  std::vector<double> result;
  for (int i = -count; i <= count; ++i) result.push_back((i + 0.5) * step);
  return result;
}

// The doubles nearest to random multiples of pi/2, and the one nearest of all.
std::vector<double> near_quarter_turns() {
  std::vector<double> result = {6381956970095103.0 * 0x1p797, -0x1.6ac5b262ca1ffp+849};
  Random random;
  Real half_pi(0, 1400), multiple(0, 1400);
  mpfr_const_pi(half_pi, MPFR_RNDN);
  mpfr_div_ui(half_pi, half_pi, 2, MPFR_RNDN);
  for (int exponent = 0; exponent < 1020; exponent += exponent < 64 ? 1 : 7) {
    const double n = std::floor(std::ldexp(random.uniform(1, 2), exponent));
    mpfr_mul_d(multiple, half_pi, n, MPFR_RNDN);
    result.push_back(mpfr_get_d(multiple, MPFR_RNDN));
  }
  return result;
}

// The zeros of lgamma left of -2, two around each negative integer, by bisection.
std::vector<double> lgamma_zeros() {
  std::vector<double> result = {1.0, 2.0};
  for (int n = 2; n <= 24; ++n) {
    for (const double side : {-0.5, 0.5}) {
      if (n == 2 && side > 0) continue;
      double pole = -n, middle = -n + side;
      for (;;) {
        const double x = pole + (middle - pole) / 2;
        if (x == pole || x == middle) break;
        (lab::lgamma(x) > 0 ? pole : middle) = x;
      }
      result.push_back(middle);
      result.push_back(-n + side * 0x1p-20);
      result.push_back(std::nextafter(-n, side > 0 ? 0 : -1e9));
    }
  }
  return result;
}

std::vector<Function> functions() {
  const double ln2 = 0.6931471805599453;
  std::vector<double> exp_seams = half_multiples(ln2, 5);
  for (const double x :
       {709.782712893384, 709.4361393031039, -708.3964185322641, -745.1332191019411,
        -744.4400719213812, 88.72283905206835, -87.33654475055310, -103.2789299019278,
        -103.9720770839918, -50.0, 1000.0, -1000.0}) {
    exp_seams.push_back(x);
  }
  std::vector<double> softplus_seams = exp_seams;
  for (const double x : {0.881373587019543, -0.881373587019543, 36.04365338911715,
                         -37.42994775023705, 16.63553233343869}) {
    softplus_seams.push_back(x);
  }
  return {
      {"exp", [](double x) { return lab::exp(x); }, [](float x) { return lab::exp(x); },
       rounded(mpfr_exp), [](double x) { return std::exp(x); }, -20, 20, exp_seams},
      {"expm1", [](double x) { return lab::expm1(x); }, [](float x) { return lab::expm1(x); },
       rounded(mpfr_expm1), [](double x) { return std::expm1(x); }, -4, 4, exp_seams},
      {"log",
       [](double x) { return lab::log(x); },
       [](float x) { return lab::log(x); },
       rounded(mpfr_log),
       [](double x) { return std::log(x); },
       0.3,
       3,
       {1.0, 0.7071067811865476, 1.414213562373095, 2.0, 0.5, 2.828427124746190}},
      {"log1p",
       [](double x) { return lab::log1p(x); },
       [](float x) { return lab::log1p(x); },
       rounded(mpfr_log1p),
       [](double x) { return std::log1p(x); },
       -0.99,
       3,
       {-0.29, 0.41, -0.2928932188134524, 0.4142135623730951, -1.0, -0.5, 1.0, 1.828427124746190}},
      {"softplus", [](double x) { return lab::softplus(x); },
       [](float x) { return lab::softplus(x); }, exact_softplus,
       [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }, -40,
       40, softplus_seams},
      {"sigmoid", [](double x) { return lab::sigmoid(x); }, [](float x) { return lab::sigmoid(x); },
       exact_sigmoid,
       [](double x) { return x > 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); },
       -40, 40, softplus_seams},
      {"tanh",
       [](double x) { return lab::tanh(x); },
       [](float x) { return lab::tanh(x); },
       rounded(mpfr_tanh),
       [](double x) { return std::tanh(x); },
       -3,
       3,
       {0.625, 0.5493061443340548, 19.06154746539849, 9.010913347279288, 20.0, 40.0, 1.0, 1e-8}},
      {"erf",
       [](double x) { return lab::erf(x); },
       [](float x) { return lab::erf(x); },
       rounded(mpfr_erf),
       [](double x) { return std::erf(x); },
       -4,
       4,
       {0.875, 5.921587195794507, 3.919206, 4.0, 6.0, 1e-8, 1.0, 2.0}},
      {"sin", [](double x) { return lab::sin(x); }, [](float x) { return lab::sin(x); },
       rounded(mpfr_sin), [](double x) { return std::sin(x); }, -10, 10, near_quarter_turns()},
      {"cos", [](double x) { return lab::cos(x); }, [](float x) { return lab::cos(x); },
       rounded(mpfr_cos), [](double x) { return std::cos(x); }, -10, 10, near_quarter_turns()},
      {"lgamma", [](double x) { return lab::lgamma(x); }, [](float x) { return lab::lgamma(x); },
       [](mpfr_ptr y, mpfr_ptr x) {
         int sign;
         mpfr_lgamma(y, &sign, x, MPFR_RNDN);
       },
       nullptr, -20, 20, lgamma_zeros()},
  };
}

template <class T>
T to(mpfr_ptr x) {
  if (mpfr_nan_p(x)) return lab::canonical_nan<T>;
  if constexpr (sizeof(T) == sizeof(double)) {
    return mpfr_get_d(x, MPFR_RNDN);
  } else {
    return mpfr_get_flt(x, MPFR_RNDN);
  }
}

// |y - exact| in units in the last place of exact; huge where one is infinite or NaN and the other
// not.
template <class T>
double error_in_ulp(T y, mpfr_ptr exact) {
  const T nearest = to<T>(exact);
  if (to_bits(nearest) == to_bits(y)) {
    if (!lab::is_finite(y) || mpfr_zero_p(exact)) return 0;
  } else if (!lab::is_finite(y) || !lab::is_finite(nearest)) {
    return 1e30;
  }
  constexpr int kDigits = std::numeric_limits<T>::digits;
  constexpr int kLowest = std::numeric_limits<T>::min_exponent - kDigits;
  const long exponent = mpfr_zero_p(exact) ? kLowest : mpfr_get_exp(exact) - kDigits;
  Real difference;
  mpfr_sub_d(difference, exact, y, MPFR_RNDN);
  mpfr_div_2si(difference, difference, std::max<long>(exponent, kLowest), MPFR_RNDN);
  return std::abs(mpfr_get_d(difference, MPFR_RNDN));
}

// Argument number i of a function: edges of the format and seams with their neighbours first, then
// in turn uniform in [low, high], random exponents from 2^-60 to 2^12, and random bit patterns.
template <class T>
class Arguments {
 public:
  explicit Arguments(const Function& f) : function_(f) {
    using Limits = std::numeric_limits<T>;
    for (const T x : {T(0), Limits::denorm_min(), Limits::min(), Limits::min() / 8, T(1e-30),
                      Limits::epsilon(), Limits::epsilon() / 4, T(0.1), T(0.5), T(1), T(2), T(50),
                      Limits::max(), Limits::infinity()}) {
      add_with_neighbours(x);
      add_with_neighbours(-x);
    }
    first_.push_back(lab::canonical_nan<T>);
    first_.push_back(-lab::canonical_nan<T>);
    for (const double x : f.seams) add_with_neighbours(static_cast<T>(x));
  }

  std::size_t fixed() const { return first_.size(); }

  T operator()(std::size_t i) {
    if (i < first_.size()) return first_[i];
    switch (i % 3) {
      case 0:
        return static_cast<T>(random_.uniform(function_.low, function_.high));
      case 1: {
        const int exponent = static_cast<int>(random_.below(72)) - 60;
        const double sign = random_.below(2) ? 1 : -1;
        return static_cast<T>(std::ldexp(random_.uniform(1, 2), exponent) * sign);
      }
      default:
        return lab::canonical(from_bits<T>(static_cast<Bits<T>>(random_.bits())));
    }
  }

 private:
  void add_with_neighbours(T x) {
    first_.push_back(x);
    if (x - x != 0) return;
    first_.push_back(std::nextafter(x, std::numeric_limits<T>::infinity()));
    first_.push_back(std::nextafter(x, -std::numeric_limits<T>::infinity()));
  }

  const Function& function_;
  Random random_;
  std::vector<T> first_;
};

template <class T>
bool is_ordinary(T x) {
  return lab::is_finite(x) && x != 0;
}

template <class T>
T result(const Function& f, T x) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return f.as_double(x);
  } else {
    return f.as_float(x);
  }
}

// Pairs of arguments for pow: small and huge bases, results near overflow and underflow, bases near
// 1, negative bases with whole exponents.
template <class T>
std::pair<T, T> pow_arguments(Random& random, std::size_t i) {
  const auto any_positive = [&random] {
    return from_bits<T>(static_cast<Bits<T>>(random.bits() >> (65 - 8 * sizeof(T))));
  };
  switch (i % 5) {
    case 0: {
      const T x = static_cast<T>(random.uniform(0, 10));
      return {x, static_cast<T>(random.uniform(-20, 20))};
    }
    case 1: {
      const T x = any_positive();
      return {x, static_cast<T>(random.uniform(-3, 3))};
    }
    case 2: {
      const T x = any_positive();
      const double limit = sizeof(T) == sizeof(double) ? 1074 : 150;
      const double y =
          limit * random.uniform(0.95, 1) / std::abs(std::log2(static_cast<double>(x)));
      return {x, static_cast<T>(random.below(2) ? y : -y)};
    }
    case 3: {
      const T x = static_cast<T>(1 + random.uniform(-1e-3, 1e-3));
      return {x, static_cast<T>(random.uniform(-1e6, 1e6))};
    }
    default: {
      const T x = -static_cast<T>(random.below(100));
      return {x, static_cast<T>(random.below(41)) - 20};
    }
  }
}

template <class T>
void write_row(std::initializer_list<T> values, std::size_t& count) {
  std::string row = "{";
  for (const T v : values) {
    char text[32];
    std::snprintf(text, sizeof text, "%s0x%llx", row.size() > 1 ? "," : "",
                  static_cast<unsigned long long>(to_bits(lab::canonical(v))));
    row += text;
  }
  const std::size_t per_line = 100 / (values.size() * (sizeof(T) * 2 + 3) + 2);
  std::printf("%s},%s", row.c_str(), ++count % per_line == 0 ? "\n" : "");
}

// constexpr Row<double, 2> kExpDouble[] = {
template <class T>
void write_head(std::string name, int columns) {
  const bool wide = sizeof(T) == sizeof(double);
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  std::printf("constexpr Row<%s, %d> k%s%s[] = {\n", wide ? "double" : "float", columns,
              name.c_str(), wide ? "Double" : "Float");
}

template <class T>
void write_function(const Function& f, std::size_t random_count) {
  write_head<T>(f.name, 2);
  Arguments<T> arguments(f);
  std::size_t written = 0;
  Real y;
  for (std::size_t i = 0; i < arguments.fixed() + random_count; ++i) {
    const T x = arguments(i);
    Real exact_x(x);
    f.exact(y, exact_x);
    write_row<T>({x, to<T>(y)}, written);
  }
  std::printf("};\n");
}

template <class T>
void write_pow(std::size_t count) {
  write_head<T>("pow", 3);
  Random random;
  Real z;
  std::size_t written = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [x, y] = pow_arguments<T>(random, i);
    if (!is_ordinary(x)) continue;
    Real exact_x(x), exact_y(y);
    mpfr_pow(z, exact_x, exact_y, MPFR_RNDN);
    write_row<T>({x, y, to<T>(z)}, written);
  }
  std::printf("};\n");
}

void write_vectors() {
  std::printf(
      "// Arguments and correctly rounded results as bit patterns; made by numerics_reference.cpp "
      "with\n"
      "// GNU MPFR at %d bits. clang-format off\n",
      kPrecision);
  for (const Function& f : functions()) {
    write_function<double>(f, 400);
    write_function<float>(f, 300);
  }
  write_pow<double>(600);
  write_pow<float>(400);
}

// The largest error seen, and where.
template <class T>
class Worst {
 public:
  void see(double error, T x, T y = 0) {
    if (!(error > error_)) return;
    error_ = error;
    x_ = x;
    y_ = y;
  }

  void report(const char* name) const {
    std::printf("%-9s %-6s %.4f ulp at %a", name, sizeof(T) == sizeof(double) ? "double" : "float",
                error_, static_cast<double>(x_));
    if (y_ != 0) std::printf(", %a", static_cast<double>(y_));
    std::printf("\n");
    std::fflush(stdout);
  }

 private:
  double error_ = 0;
  T x_ = 0, y_ = 0;
};

template <class T>
void sweep(const Function& f, std::size_t count) {
  Arguments<T> arguments(f);
  Worst<T> worst;
  Real y;
  for (std::size_t i = 0; i < arguments.fixed() + count; ++i) {
    const T x = arguments(i);
    Real exact_x(x);
    f.exact(y, exact_x);
    worst.see(error_in_ulp(result(f, x), y), x);
  }
  worst.report(f.name);
}

template <class T>
void sweep_pow(std::size_t count) {
  Random random;
  Worst<T> worst;
  Real z;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [x, y] = pow_arguments<T>(random, i);
    if (!is_ordinary(x)) continue;
    Real exact_x(x), exact_y(y);
    mpfr_pow(z, exact_x, exact_y, MPFR_RNDN);
    worst.see(error_in_ulp(lab::pow(x, y), z), x, y);
  }
  worst.report("pow");
}

// The errors of the reference, below 1e-8 of a float's ulp, do not matter.
double float_error(float y, double exact) {
  if (lab::is_nan(exact) || lab::is_nan(y)) {
    return lab::is_nan(exact) && to_bits(y) == to_bits(lab::canonical_nan<float>) ? 0 : 1e30;
  }
  if (!lab::is_finite(y) || lab::abs(exact) >= 0x1.ffffffp127) {
    return static_cast<float>(exact) == y ? 0 : 1e30;
  }
  const int exponent = static_cast<int>(to_bits(lab::abs(exact)) >> 52) - 1023;
  const auto per_ulp = static_cast<std::uint64_t>(1023 + 23 - std::max(exponent, -126)) << 52;
  return lab::abs(y - exact) * from_bits<double>(per_ulp);
}

void sweep_floats(const Function& f, std::size_t stride) {
  Worst<float> worst;
  for (std::uint64_t pattern = 0; pattern < std::uint64_t{1} << 32; pattern += stride) {
    const float x = from_bits<float>(static_cast<std::uint32_t>(pattern));
    worst.see(float_error(f.as_float(x), f.system(x)), x);
  }
  worst.report(f.name);
}

}  // namespace

int main(int argc, char** argv) {
  // Exponents as wide as the arguments and results need, and no wider: overflow must be seen.
  mpfr_set_emin(-20000);
  mpfr_set_emax(20000);
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "vectors") {
    write_vectors();
    return 0;
  }
  const std::size_t number = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if ((mode != "sweep" && mode != "floats") || number == 0) {
    std::fprintf(stderr,
                 "usage: numerics_reference vectors | sweep COUNT [NAME] | floats STRIDE [NAME]\n");
    return 2;
  }
  const std::string only = argc > 3 ? argv[3] : "";
  for (const Function& f : functions()) {
    if (!only.empty() && only != f.name) continue;
    if (mode == "floats") {
      if (f.system) sweep_floats(f, number);
      continue;
    }
    sweep<double>(f, number);
    sweep<float>(f, number);
  }
  if (mode == "sweep" && (only.empty() || only == "pow")) {
    sweep_pow<double>(number);
    sweep_pow<float>(number);
  }
  return 0;
}
