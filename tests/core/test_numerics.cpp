#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/numerics.h"

namespace {

using lab::numerics::Bits;
using lab::numerics::from_bits;
using lab::numerics::to_bits;

template <class T, int Columns>
using Row = std::array<Bits<T>, Columns>;

#include "core/vectors/numerics.inc"

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = lab::canonical_nan<double>;
constexpr double kDenormal = std::numeric_limits<double>::denorm_min();

// One function in one type: as a call, and as a loop that the compiler may turn into vector code.
template <class T>
struct Member {
  T (*call)(T);
  void (*loop)(std::span<const T> x, std::span<T> y);
  std::span<const Row<T, 2>> vectors;
  std::uint64_t digest;  // of its results for `arguments`
};

struct Function {
  std::string name;
  double low, high;  // where the function is neither constant nor overflowing
  Member<double> as_double;
  Member<float> as_float;

  template <class T>
  const Member<T>& as() const {
    if constexpr (std::is_same_v<T, double>) {
      return as_double;
    } else {
      return as_float;
    }
  }
};

template <class T, class F>
Member<T> member(F, std::span<const Row<T, 2>> vectors, std::uint64_t digest) {
  return {[](T x) { return F{}(x); },
          [](std::span<const T> x, std::span<T> y) {
            for (std::size_t i = 0; i < x.size(); ++i) y[i] = F{}(x[i]);
          },
          vectors, digest};
}

template <class F>
Function function(const char* name, F f, double low, double high,
                  std::span<const Row<double, 2>> double_vectors,
                  std::span<const Row<float, 2>> float_vectors, std::uint64_t double_digest,
                  std::uint64_t float_digest) {
  return {name, low, high, member<double>(f, double_vectors, double_digest),
          member<float>(f, float_vectors, float_digest)};
}

const std::vector<Function>& functions() {
  // The digests are the same on every compiler, processor and in WebAssembly. A change of one of
  // these functions changes every result computed with it: change a digest only with that in mind.
  static const std::vector<Function> all = {
      function(
          "exp", [](auto x) { return lab::exp(x); }, -40, 40, kExpDouble, kExpFloat,
          0x76a68af95c91c9ed, 0x691db501d7260a27),
      function(
          "expm1", [](auto x) { return lab::expm1(x); }, -8, 8, kExpm1Double, kExpm1Float,
          0x3605ec985cdfbc07, 0x9020240f7a17ee11),
      function(
          "log", [](auto x) { return lab::log(x); }, 0, 10, kLogDouble, kLogFloat,
          0x89261814e84d0713, 0x59100af9fc83af29),
      function(
          "log1p", [](auto x) { return lab::log1p(x); }, -1, 3, kLog1pDouble, kLog1pFloat,
          0x86e4b7a9f5ec372c, 0x4b78e3da76f39343),
      function(
          "softplus", [](auto x) { return lab::softplus(x); }, -40, 40, kSoftplusDouble,
          kSoftplusFloat, 0x1b7424d687d3ea9f, 0x7565db26ebf7ea6e),
      function(
          "sigmoid", [](auto x) { return lab::sigmoid(x); }, -40, 40, kSigmoidDouble, kSigmoidFloat,
          0x528f5506aa2bdaeb, 0x53abd77a0d348f97),
      function(
          "tanh", [](auto x) { return lab::tanh(x); }, -4, 4, kTanhDouble, kTanhFloat,
          0xd273fa3d0b2068b6, 0xad40b5eaa315c6cb),
      function(
          "erf", [](auto x) { return lab::erf(x); }, -5, 5, kErfDouble, kErfFloat,
          0x50224154733b870a, 0x5e9d13910a573ecd),
      function(
          "sin", [](auto x) { return lab::sin(x); }, -100, 100, kSinDouble, kSinFloat,
          0xec04b17cc49bc0a6, 0xe6d3d616bb2767f2),
      function(
          "cos", [](auto x) { return lab::cos(x); }, -100, 100, kCosDouble, kCosFloat,
          0x4f1cd989cc1e0967, 0x7541343527b0b54a),
      function(
          "lgamma", [](auto x) { return lab::lgamma(x); }, -20, 30, kLgammaDouble, kLgammaFloat,
          0x066c6b67f83d3c91, 0xdf8e668a9d8580b4),
  };
  return all;
}

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t next_bits(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

double uniform(std::uint64_t& state, double low, double high) {
  return low + (high - low) * (static_cast<double>(next_bits(state) >> 11) * 0x1p-53);
}

// Random bit patterns, NaN included, and numbers from [low, high], in turn.
template <class T>
std::vector<T> arguments(std::size_t count, double low, double high) {
  std::vector<T> result;
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < count; i += 2) {
    result.push_back(from_bits<T>(static_cast<Bits<T>>(next_bits(state) >> (64 - 8 * sizeof(T)))));
    result.push_back(static_cast<T>(uniform(state, low, high)));
  }
  return result;
}

// FNV-1a, a word at a time.
template <class T>
std::uint64_t fnv(std::span<const T> values) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const T v : values) hash = (hash ^ to_bits(v)) * 0x100000001b3;
  return hash;
}

template <class T>
bool same_bits(T a, T b) {
  return to_bits(a) == to_bits(b);
}

template <class T>
std::string type_name() {
  return sizeof(T) == sizeof(double) ? "double" : "float";
}

// x and the `count` numbers on either side of it, upwards.
template <class T>
std::vector<T> around(T x, int count) {
  for (int i = 0; i < count; ++i) x = std::nextafter(x, -std::numeric_limits<T>::infinity());
  std::vector<T> result;
  for (int i = 0; i <= 2 * count; ++i) {
    result.push_back(x);
    x = std::nextafter(x, std::numeric_limits<T>::infinity());
  }
  return result;
}

}  // namespace

TEST_CASE_TEMPLATE("the functions are within 2 ulp of the reference vectors", T, double, float) {
  std::string summary;
  for (const Function& f : functions()) {
    CAPTURE(f.name);
    std::uint64_t worst = 0;
    for (const auto& [argument, expected] : f.as<T>().vectors) {
      const T x = from_bits<T>(argument), exact = from_bits<T>(expected), y = f.as<T>().call(x);
      const std::uint64_t distance = lab::ulp_distance(y, exact);
      worst = distance > worst ? distance : worst;
      if (distance > 2) FAIL_CHECK(f.name, "(", x, ") = ", y, ", should be ", exact);
      // Zeros have the right sign, and NaN is the canonical one.
      if (exact == 0 || lab::is_nan(exact)) CHECK(to_bits(y) == expected);
    }
    CHECK(f.as<T>().vectors.size() > 300);
    summary += " " + f.name + " " + std::to_string(worst);
  }
  MESSAGE("largest distance from the correctly rounded ", type_name<T>(), ", ulp:", summary);
}

TEST_CASE_TEMPLATE("pow is within 2 ulp of the reference vectors", T, double, float) {
  const auto check = [](const auto& vectors) {
    std::uint64_t worst = 0;
    for (const auto& [a, b, expected] : vectors) {
      const T x = from_bits<T>(a), y = from_bits<T>(b), exact = from_bits<T>(expected);
      const T z = lab::pow(x, y);
      const std::uint64_t distance = lab::ulp_distance(z, exact);
      worst = distance > worst ? distance : worst;
      if (distance > 2) FAIL_CHECK("pow(", x, ", ", y, ") = ", z, ", should be ", exact);
      if (exact == 0 || lab::is_nan(exact)) CHECK(to_bits(z) == expected);
    }
    MESSAGE("largest distance from the correctly rounded ", type_name<T>(), ", ulp: pow ", worst);
  };
  if constexpr (std::is_same_v<T, double>) {
    check(kPowDouble);
  } else {
    check(kPowFloat);
  }
}

TEST_CASE_TEMPLATE("every target computes the same bits, in loops and in single calls", T, double,
                   float) {
  for (const Function& f : functions()) {
    CAPTURE(f.name);
    const std::vector<T> x = arguments<T>(1 << 16, f.low, f.high);
    std::vector<T> in_loop(x.size());
    f.as<T>().loop(x, in_loop);
    std::size_t different = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!same_bits(f.as<T>().call(x[i]), in_loop[i])) ++different;
    }
    CHECK(different == 0);
    CHECK(fnv<T>(in_loop) == f.as<T>().digest);
  }
}

TEST_CASE("a loop gives the same bits at every length and alignment") {
  const std::vector<double> x = arguments<double>(64, -30, 30);
  for (const Function& f : functions()) {
    CAPTURE(f.name);
    for (std::size_t begin = 0; begin < 4; ++begin) {
      for (std::size_t size = 0; size < 20; ++size) {
        const std::span<const double> part(x.data() + begin, size);
        std::vector<double> y(size);
        f.as_double.loop(part, y);
        bool same = true;
        for (std::size_t i = 0; i < size; ++i) {
          same = same && same_bits(y[i], f.as_double.call(part[i]));
        }
        CHECK(same);
      }
    }
  }
}

TEST_CASE_TEMPLATE("pow computes the same bits everywhere", T, double, float) {
  const std::uint64_t expected =
      std::is_same_v<T, double> ? 0xefb0acf8486c7e9c : 0x4995516623661eb6;
  const std::vector<T> any = arguments<T>(1 << 16, -4, 4), near = arguments<T>(1 << 16, 0, 4);
  std::vector<T> z;
  for (std::size_t i = 0; i < any.size(); ++i)
    z.push_back(lab::pow(near[i], any[any.size() - 1 - i]));
  CHECK(fnv<T>(z) == expected);
}

TEST_CASE("rounding to whole numbers agrees with the C library, bit for bit") {
  std::vector<double> x = arguments<double>(20000, -10, 10);
  for (int i = -20; i <= 20; ++i) x.push_back(i * 0.5);
  for (const double large : {0x1p51, 0x1p52, 0x1p53}) {
    for (const double v : around(large, 5)) {
      x.push_back(v);
      x.push_back(-v);
    }
  }
  for (const double v : {0.0, -0.0, 0.49999999999999994, -0.49999999999999994, kInf, -kInf, kNaN,
                         kDenormal, -kDenormal, -0.7, -0.2}) {
    x.push_back(v);
  }
  for (const double v : x) {
    CAPTURE(v);
    CHECK(same_bits(lab::floor(v), lab::canonical(std::floor(v))));
    CHECK(same_bits(lab::ceil(v), lab::canonical(std::ceil(v))));
    CHECK(same_bits(lab::trunc(v), lab::canonical(std::trunc(v))));
    CHECK(same_bits(lab::round_half_even(v), lab::canonical(std::nearbyint(v))));
    CHECK(same_bits(lab::round_half_away(v), lab::canonical(std::round(v))));
    const float u = static_cast<float>(v);
    CHECK(same_bits(lab::floor(u), lab::canonical(std::floor(u))));
    CHECK(same_bits(lab::ceil(u), lab::canonical(std::ceil(u))));
    CHECK(same_bits(lab::trunc(u), lab::canonical(std::trunc(u))));
    CHECK(same_bits(lab::round_half_even(u), lab::canonical(std::nearbyint(u))));
    CHECK(same_bits(lab::round_half_away(u), lab::canonical(std::round(u))));
  }
}

TEST_CASE("bits: NaN, signs and distances") {
  CHECK(to_bits(lab::canonical_nan<double>) == 0x7ff8000000000000);
  CHECK(to_bits(lab::canonical_nan<float>) == 0x7fc00000);
  CHECK(same_bits(lab::canonical(-from_bits<double>(0x7ff0000000000123)), kNaN));
  CHECK(same_bits(lab::canonical(-0.0), -0.0));
  CHECK(lab::is_nan(kNaN));
  CHECK_FALSE(lab::is_nan(kInf));
  CHECK(lab::is_finite(std::numeric_limits<double>::max()));
  CHECK_FALSE(lab::is_finite(-kInf));
  CHECK_FALSE(lab::is_finite(kNaN));
  CHECK(same_bits(lab::abs(-0.0), 0.0));
  CHECK(same_bits(lab::copy_sign(3.0, -0.0), -3.0));
  CHECK(lab::ulp_distance(1.0, 1.0) == 0);
  CHECK(lab::ulp_distance(0.0, -0.0) == 0);
  CHECK(lab::ulp_distance(kDenormal, -kDenormal) == 2);
  CHECK(lab::ulp_distance(1.0f, std::nextafter(1.0f, 2.0f)) == 1);
  CHECK(lab::ulp_distance(std::numeric_limits<double>::max(), kInf) == 1);
  CHECK(lab::ulp_distance(kNaN, -kNaN) == 0);
  CHECK(lab::ulp_distance(kNaN, 1.0) == ~std::uint64_t{0});
}

TEST_CASE_TEMPLATE("special values", T, double, float) {
  constexpr T inf = std::numeric_limits<T>::infinity(), nan = lab::canonical_nan<T>;
  constexpr T least = std::numeric_limits<T>::denorm_min(), most = std::numeric_limits<T>::max();
  // A NaN with a sign and a payload: what comes out must not depend on it.
  const T odd_nan = from_bits<T>(~Bits<T>{0});
  for (const Function& f : functions()) {
    CAPTURE(f.name);
    CHECK(same_bits(f.as<T>().call(nan), nan));
    CHECK(same_bits(f.as<T>().call(odd_nan), nan));
  }
  struct Case {
    T result, expected;
  };
  const Case cases[] = {
      {lab::exp(T(0)), 1},          {lab::exp(-T(0)), 1},
      {lab::exp(inf), inf},         {lab::exp(-inf), 0},
      {lab::exp(most), inf},        {lab::exp(-most), 0},
      {lab::exp(least), 1},         {lab::expm1(T(0)), 0},
      {lab::expm1(-T(0)), -T(0)},   {lab::expm1(least), least},
      {lab::expm1(-least), -least}, {lab::expm1(inf), inf},
      {lab::expm1(-inf), -1},       {lab::expm1(-most), -1},
      {lab::log(T(1)), 0},          {lab::log(T(0)), -inf},
      {lab::log(-T(0)), -inf},      {lab::log(inf), inf},
      {lab::log(T(-1)), nan},       {lab::log(-least), nan},
      {lab::log(-inf), nan},        {lab::log1p(T(0)), 0},
      {lab::log1p(-T(0)), -T(0)},   {lab::log1p(least), least},
      {lab::log1p(-least), -least}, {lab::log1p(T(-1)), -inf},
      {lab::log1p(T(-1.5)), nan},   {lab::log1p(inf), inf},
      {lab::log1p(-inf), nan},      {lab::softplus(-inf), 0},
      {lab::softplus(inf), inf},    {lab::softplus(most), most},
      {lab::softplus(-most), 0},    {lab::softplus(T(1000)), 1000},
      {lab::sigmoid(T(0)), T(0.5)}, {lab::sigmoid(-T(0)), T(0.5)},
      {lab::sigmoid(inf), 1},       {lab::sigmoid(-inf), 0},
      {lab::sigmoid(most), 1},      {lab::sigmoid(-most), 0},
      {lab::tanh(T(0)), 0},         {lab::tanh(-T(0)), -T(0)},
      {lab::tanh(inf), 1},          {lab::tanh(-inf), -1},
      {lab::tanh(least), least},    {lab::tanh(-most), -1},
      {lab::erf(T(0)), 0},          {lab::erf(-T(0)), -T(0)},
      {lab::erf(inf), 1},           {lab::erf(-inf), -1},
      {lab::erf(least), least},     {lab::sin(T(0)), 0},
      {lab::sin(-T(0)), -T(0)},     {lab::sin(inf), nan},
      {lab::sin(-inf), nan},        {lab::sin(least), least},
      {lab::cos(T(0)), 1},          {lab::cos(-T(0)), 1},
      {lab::cos(inf), nan},         {lab::cos(least), 1},
      {lab::lgamma(T(0)), inf},     {lab::lgamma(-T(0)), inf},
      {lab::lgamma(T(1)), 0},       {lab::lgamma(T(2)), 0},
      {lab::lgamma(T(-1)), inf},    {lab::lgamma(T(-171)), inf},
      {lab::lgamma(-most), inf},    {lab::lgamma(inf), inf},
      {lab::lgamma(-inf), inf},
  };
  for (const Case& c : cases) {
    CAPTURE(&c - cases);
    CHECK(same_bits(c.result, c.expected));
  }
}

TEST_CASE_TEMPLATE("special values of pow (C99, annex F.9.4.4)", T, double, float) {
  constexpr T inf = std::numeric_limits<T>::infinity(), nan = lab::canonical_nan<T>;
  constexpr T most = std::numeric_limits<T>::max();
  struct Case {
    T x, y, expected;
  };
  const Case cases[] = {
      {0, -3, inf},       {-T(0), -3, -inf},    {0, -2, inf},
      {-T(0), -2, inf},   {0, T(-0.5), inf},    {-T(0), -inf, inf},
      {0, 3, 0},          {-T(0), 3, -T(0)},    {-T(0), 2, 0},
      {-T(0), T(0.5), 0}, {0, inf, 0},          {-1, inf, 1},
      {-1, -inf, 1},      {1, nan, 1},          {1, inf, 1},
      {nan, 0, 1},        {nan, -T(0), 1},      {-3, 0, 1},
      {inf, 0, 1},        {-8, T(0.5), nan},    {T(0.5), -inf, inf},
      {2, -inf, 0},       {T(-0.5), inf, 0},    {T(-2), inf, inf},
      {-inf, -3, -T(0)},  {-inf, -2, 0},        {-inf, T(-0.5), 0},
      {-inf, 3, -inf},    {-inf, 2, inf},       {-inf, T(0.5), inf},
      {inf, -1, 0},       {inf, T(0.5), inf},   {nan, 1, nan},
      {2, nan, nan},      {nan, nan, nan},      {-2, 3, -8},
      {-2, -1, T(-0.5)},  {10, 2, 100},         {most, 2, inf},
      {-most, 3, -inf},   {most, -2, 0},        {-most, -3, -T(0)},
      {-1, most, 1},      {-2, -most, 0},       {7, 1, 7},
      {T(0.5), most, 0},  {T(0.5), -most, inf}, {4, T(0.5), 2},
  };
  for (const Case& c : cases) {
    CAPTURE(c.x);
    CAPTURE(c.y);
    CHECK(same_bits(lab::pow(c.x, c.y), c.expected));
  }
}

TEST_CASE("values that the lab's losses depend on") {
  CHECK(lab::softplus(-50.0) == doctest::Approx(1.9287498479639178e-22).epsilon(1e-15));
  CHECK(lab::softplus(1000.0) == 1000.0);
  CHECK(lab::softplus(0.0) == doctest::Approx(0.6931471805599453).epsilon(1e-15));
  CHECK(lab::sigmoid(-745.0) > 0.0);
  CHECK(lab::sigmoid(40.0) == 1.0);
  CHECK(lab::log1p(1e-20) == 1e-20);
  CHECK(lab::expm1(1e-20) == 1e-20);
}

TEST_CASE("identities") {
  std::uint64_t state = 7;
  for (int i = 0; i < 20000; ++i) {
    const double x = uniform(state, -30, 30), positive = uniform(state, 1e-3, 1e3);
    CAPTURE(x);
    CAPTURE(positive);
    // An error of half an ulp in log x is one of |log x| / 2 ulp in exp(log x).
    CHECK(std::abs(lab::exp(lab::log(positive)) / positive - 1) < 12 * 0x1p-53);
    CHECK(std::abs(lab::log(lab::exp(x)) - x) < 3 * 0x1p-53 * (1 + std::abs(x)));
    CHECK(std::abs(lab::expm1(lab::log1p(positive)) / positive - 1) < 12 * 0x1p-53);
    CHECK(std::abs(lab::sigmoid(x) + lab::sigmoid(-x) - 1) <= 0x1p-52);
    CHECK(std::abs(lab::softplus(x) - lab::softplus(-x) - x) <= 0x1p-52 * (1 + std::abs(x)));
    CHECK(lab::ulp_distance(lab::tanh(x / 8), 2 * lab::sigmoid(x / 4) - 1) * 0x1p-52 *
              std::abs(lab::tanh(x / 8)) <=
          0x1p-50);
    const double s = lab::sin(x), c = lab::cos(x);
    CHECK(std::abs(s * s + c * c - 1) <= 4 * 0x1p-53);
    CHECK(same_bits(lab::tanh(-x), -lab::tanh(x)));
    CHECK(same_bits(lab::erf(-x), -lab::erf(x)));
    CHECK(same_bits(lab::sin(-x), -lab::sin(x)));
    CHECK(same_bits(lab::cos(-x), lab::cos(x)));
    CHECK(lab::ulp_distance(lab::pow(positive, 0.5), std::sqrt(positive)) <= 1);
    CHECK(lab::ulp_distance(lab::pow(x, 2.0), x * x) <= 1);
    CHECK(lab::ulp_distance(lab::pow(positive, -1.0), 1 / positive) <= 1);
    // lgamma(x + 1) = lgamma(x) + log x
    CHECK(std::abs(lab::lgamma(positive + 1) - lab::lgamma(positive) - lab::log(positive)) <=
          4 * 0x1p-53 * (1 + std::abs(lab::lgamma(positive)) + std::abs(lab::log(positive))));
  }
  for (const float x : arguments<float>(20000, -10, 10)) {
    if (lab::is_nan(x)) continue;
    CAPTURE(x);
    CHECK(same_bits(lab::tanh(-x), -lab::tanh(x)));
    CHECK(same_bits(lab::erf(-x), -lab::erf(x)));
    CHECK(std::abs(lab::sigmoid(x) + lab::sigmoid(-x) - 1) <= 0x1p-23f);
  }
}

TEST_CASE_TEMPLATE("no visible step where the methods change", T, double, float) {
  struct Seam {
    const char* name;
    double at;
  };
  const double half_ln2 = 0.34657359027997264, sqrt_half = 0.7071067811865476;
  std::vector<Seam> seams = {{"log", sqrt_half},
                             {"log", 2 * sqrt_half},
                             {"log", 1.0},
                             {"log1p", -0.29},
                             {"log1p", 0.41},
                             {"log1p", 2 * sqrt_half - 1},
                             {"log1p", sqrt_half - 1},
                             {"tanh", 0.625},
                             {"erf", 0.875},
                             {"softplus", 0.881373587019543},
                             {"softplus", 0.0},
                             {"softplus", -0.881373587019543},
                             {"sigmoid", 0.0},
                             {"tanh", 0.0},
                             {"erf", 0.0},
                             {"expm1", 0.0},
                             {"exp", 0.0},
                             {"sin", 0.7853981633974483},
                             {"sin", -0.7853981633974483}};
  for (int k = -6; k < 6; ++k) {
    const double x = (2 * k + 1) * half_ln2;
    for (const char* name : {"exp", "expm1", "sigmoid", "softplus"}) seams.push_back({name, x});
    seams.push_back({"tanh", x / 2});
  }
  for (const Function& f : functions()) {
    for (const Seam& seam : seams) {
      if (seam.name != f.name) continue;
      CAPTURE(f.name);
      CAPTURE(seam.at);
      // All of these rise at the seam, where a step down of more than an ulp or two would be an
      // error.
      T before = -std::numeric_limits<T>::infinity();
      for (const T x : around(static_cast<T>(seam.at), 100)) {
        const T y = f.as<T>().call(x);
        const bool rises = y >= before || lab::ulp_distance(y, before) <= 1;
        CHECK(rises);
        before = y;
      }
    }
  }
}
