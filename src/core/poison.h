// Which functions must not be used where results are made? Those that give other bits on another
// system, or that read a clock. The rooms that make results are compiled with this header before
// everything else, and what it names does not compile there; what to use instead is in the message.
//
// How it works. Inside namespace lab the name std means the namespace lab::std below. It holds the
// poisoned names and, through a using-directive, everything else of ::std; a qualified name finds a
// direct member first. So `std::exp(x)` in our code is the poisoned one, `std::sqrt(x)` the real
// one, and the library's own headers, which are outside namespace lab, never notice. xt and xsimd
// are shadowed in the same way. libm's functions (`::exp(x)`, or std::exp called by somebody's
// template) are in addition declared with an attribute that makes the compiler refuse a call that
// is left after optimisation. What gets past both, as the built-in functions of clang do, is found
// in the object files: tests/poison/symbols.cmake.
//
// Allowed because their results are fixed by their definition: + - x /, sqrt, abs, copysign, floor,
// ceil, trunc, round, rint, nearbyint, fmod, remainder, frexp, ldexp, nextafter; stable_sort,
// stable_partition, accumulate, inner_product, partial_sum, lower_bound, min_element and the like.
#pragma once

#include <version>  // which standard library, which C library

// [SECTION] The namespaces that are shadowed, so that they can be named before their headers are
// read. libc++ keeps its own in an inline namespace: a second std::chrono beside it would make the
// name ambiguous.
#if defined(_LIBCPP_BEGIN_NAMESPACE_STD)
_LIBCPP_BEGIN_NAMESPACE_STD
namespace chrono {}
namespace ranges {}
namespace this_thread {}
_LIBCPP_END_NAMESPACE_STD
#else
namespace std {
namespace chrono {}
namespace ranges {}
namespace this_thread {}
}  // namespace std
#endif
namespace xt {
namespace random {}
namespace linalg {}
}  // namespace xt
namespace xsimd {}

// A function with a body that does not compile once somebody calls it.
#define LAB_POISON(name, text)                                             \
  template <class... Arguments>                                            \
  constexpr auto name(Arguments&&...) {                                    \
    static_assert(sizeof...(Arguments) > 99, #name " is poisoned: " text); \
    return 0;                                                              \
  }
// A class template, or with LAB_POISON_TYPE a class, that does not compile once somebody makes an
// object of it.
#define LAB_POISON_TEMPLATE(name, text)                                    \
  template <class... Arguments>                                            \
  struct name {                                                            \
    static_assert(sizeof...(Arguments) > 99, #name " is poisoned: " text); \
    template <class... Others>                                             \
    constexpr name(Others&&...) {}                                         \
  };
#define LAB_POISON_TYPE(name, text)                                          \
  struct name {                                                              \
    template <class... Arguments>                                            \
    constexpr name(Arguments&&...) {                                         \
      static_assert(sizeof...(Arguments) > 99, #name " is poisoned: " text); \
    }                                                                        \
  };
#define LAB_POISON_CLOCK(name)                                           \
  struct name {                                                          \
    template <class... Arguments>                                        \
    static constexpr auto now(Arguments&&...) {                          \
      static_assert(sizeof...(Arguments) > 99,                           \
                    #name " is poisoned: a result never reads a clock"); \
      return 0;                                                          \
    }                                                                    \
  };

#define LAB_POISON_MATH(text) \
  LAB_POISON(exp, text)       \
  LAB_POISON(exp2, text)      \
  LAB_POISON(expm1, text)     \
  LAB_POISON(log, text)       \
  LAB_POISON(log2, text)      \
  LAB_POISON(log10, text)     \
  LAB_POISON(log1p, text)     \
  LAB_POISON(sin, text)       \
  LAB_POISON(cos, text)       \
  LAB_POISON(tan, text)       \
  LAB_POISON(asin, text)      \
  LAB_POISON(acos, text)      \
  LAB_POISON(atan, text)      \
  LAB_POISON(atan2, text)     \
  LAB_POISON(sinh, text)      \
  LAB_POISON(cosh, text)      \
  LAB_POISON(tanh, text)      \
  LAB_POISON(asinh, text)     \
  LAB_POISON(acosh, text)     \
  LAB_POISON(atanh, text)     \
  LAB_POISON(pow, text)       \
  LAB_POISON(cbrt, text)      \
  LAB_POISON(hypot, text)     \
  LAB_POISON(erf, text)       \
  LAB_POISON(erfc, text)      \
  LAB_POISON(tgamma, text)    \
  LAB_POISON(lgamma, text)    \
  LAB_POISON(fma, text)

#define LAB_POISON_ORDER(stable, text)                             \
  LAB_POISON(sort, stable)                                         \
  LAB_POISON(partial_sort, stable)                                 \
  LAB_POISON(partial_sort_copy, stable)                            \
  LAB_POISON(nth_element, stable)                                  \
  LAB_POISON(make_heap, stable)                                    \
  LAB_POISON(push_heap, stable)                                    \
  LAB_POISON(pop_heap, stable)                                     \
  LAB_POISON(sort_heap, stable)                                    \
  LAB_POISON(partition, text)                                      \
  LAB_POISON(shuffle, "use lab::Stream::shuffle of core/random.h") \
  LAB_POISON(sample, "use lab::Stream::choice of core/random.h")

namespace lab {

namespace std {

using namespace ::std;

LAB_POISON_MATH("it differs between systems, use core/numerics.h")
LAB_POISON(lerp, "it differs between systems, write a + t * (b - a)")
LAB_POISON(arg, "it differs between systems, use core/numerics.h")
LAB_POISON(polar, "it differs between systems, use core/numerics.h")

LAB_POISON_ORDER("the order of equal elements is open, use stable_sort",
                 "the order is open, use stable_partition")
LAB_POISON(random_shuffle, "use lab::Stream::shuffle of core/random.h")
LAB_POISON(reduce, "the order of the sums is open, use accumulate")
LAB_POISON(transform_reduce, "the order of the sums is open, use inner_product")
LAB_POISON(inclusive_scan, "the order of the sums is open, use partial_sum")
LAB_POISON(exclusive_scan, "the order of the sums is open, use partial_sum")
LAB_POISON(transform_inclusive_scan, "the order of the sums is open, use partial_sum")
LAB_POISON(transform_exclusive_scan, "the order of the sums is open, use partial_sum")
LAB_POISON_TEMPLATE(priority_queue, "the order of equal elements is open, use set or stable_sort")

LAB_POISON_TEMPLATE(unordered_map, "its order differs between libraries, use map")
LAB_POISON_TEMPLATE(unordered_multimap, "its order differs between libraries, use multimap")
LAB_POISON_TEMPLATE(unordered_set, "its order differs between libraries, use set")
LAB_POISON_TEMPLATE(unordered_multiset, "its order differs between libraries, use multiset")
LAB_POISON_TEMPLATE(hash, "its values differ between libraries, use core/digest.h")

LAB_POISON(stod, "it depends on the locale, use lab::parse_number of core/json.h")
LAB_POISON(stof, "it depends on the locale, use lab::parse_number of core/json.h")
LAB_POISON(strtod, "it depends on the locale, use lab::parse_number of core/json.h")
LAB_POISON(strtof, "it depends on the locale, use lab::parse_number of core/json.h")
LAB_POISON(atof, "it depends on the locale, use lab::parse_number of core/json.h")

// [SECTION] Random numbers
LAB_POISON(rand, "use lab::Stream of core/random.h")
LAB_POISON(srand, "use lab::Stream of core/random.h")
LAB_POISON(generate_canonical, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(random_device, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(mt19937, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(mt19937_64, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(minstd_rand, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(minstd_rand0, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(ranlux24, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(ranlux48, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(knuth_b, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(default_random_engine, "use lab::Stream of core/random.h")
LAB_POISON_TYPE(bernoulli_distribution, "use lab::Stream::bernoulli of core/random.h")
LAB_POISON_TEMPLATE(uniform_int_distribution, "use lab::Stream::below of core/random.h")
LAB_POISON_TEMPLATE(uniform_real_distribution, "use lab::Stream::uniform of core/random.h")
LAB_POISON_TEMPLATE(normal_distribution, "use lab::Stream::normal of core/random.h")
LAB_POISON_TEMPLATE(lognormal_distribution, "use lab::Stream::normal of core/random.h")
LAB_POISON_TEMPLATE(exponential_distribution, "use lab::Stream::exponential of core/random.h")
LAB_POISON_TEMPLATE(gamma_distribution, "use lab::Stream::gamma of core/random.h")
LAB_POISON_TEMPLATE(discrete_distribution, "use lab::Stream::categorical of core/random.h")
LAB_POISON_TEMPLATE(binomial_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(negative_binomial_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(geometric_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(poisson_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(weibull_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(extreme_value_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(cauchy_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(chi_squared_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(fisher_f_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(student_t_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(piecewise_constant_distribution, "use lab::Stream of core/random.h")
LAB_POISON_TEMPLATE(piecewise_linear_distribution, "use lab::Stream of core/random.h")

// [SECTION] Clocks and threads
LAB_POISON(time, "a result never reads a clock")
LAB_POISON(clock, "a result never reads a clock")

namespace chrono {
using namespace ::std::chrono;
LAB_POISON_CLOCK(system_clock)
LAB_POISON_CLOCK(steady_clock)
LAB_POISON_CLOCK(high_resolution_clock)
}  // namespace chrono

namespace this_thread {
using namespace ::std::this_thread;
LAB_POISON(get_id, "a result never depends on a thread")
}  // namespace this_thread

namespace ranges {
using namespace ::std::ranges;
LAB_POISON_ORDER("the order of equal elements is open, use ranges::stable_sort",
                 "the order is open, use ranges::stable_partition")
}  // namespace ranges

}  // namespace std

// xtensor's elementwise mathematics runs through xsimd or libm, element by element as the alignment
// has it; its sorting through std::sort; its random numbers through the distributions of std.
namespace xt {

using namespace ::xt;

LAB_POISON_MATH("xtensor calls libm, use core/numerics.h or compute/kernels.h")
LAB_POISON(sort, "the order of equal elements is open, use std::stable_sort")
LAB_POISON(argsort, "the order of equal elements is open, use std::stable_sort")
LAB_POISON(partition, "the order is open, use std::stable_sort")
LAB_POISON(argpartition, "the order is open, use std::stable_sort")
LAB_POISON(median, "it sorts unstably, use std::stable_sort")

namespace random {
using namespace ::xt::random;
LAB_POISON(seed, "use lab::Stream of core/random.h")
LAB_POISON(rand, "use lab::Stream of core/random.h")
LAB_POISON(randint, "use lab::Stream of core/random.h")
LAB_POISON(randn, "use lab::Stream of core/random.h")
LAB_POISON(shuffle, "use lab::Stream of core/random.h")
LAB_POISON(permutation, "use lab::Stream of core/random.h")
LAB_POISON(choice, "use lab::Stream of core/random.h")
LAB_POISON(get_default_random_engine, "use lab::Stream of core/random.h")
}  // namespace random

}  // namespace xt

// xsimd's approximations differ between instruction sets, and in a few cases with a lane's
// neighbours.
namespace xsimd {

using namespace ::xsimd;

LAB_POISON_MATH("it differs between instruction sets, use core/numerics.h")
LAB_POISON(sincos, "it differs between instruction sets, use core/numerics.h")
LAB_POISON(reciprocal, "it differs between instruction sets, write 1 / x")
LAB_POISON(rsqrt, "it differs between instruction sets, write 1 / sqrt(x)")

}  // namespace xsimd

}  // namespace lab

#undef LAB_POISON
#undef LAB_POISON_TEMPLATE
#undef LAB_POISON_TYPE
#undef LAB_POISON_CLOCK
#undef LAB_POISON_MATH
#undef LAB_POISON_ORDER

// [SECTION] libm. The attribute counts on the first declaration only, so this must come before
// <math.h>; and both declarations must throw alike.
#if defined(__has_attribute)
#if __has_attribute(error)

#ifdef __GLIBC__
#define LAB_POISON_THROW noexcept
#else
#define LAB_POISON_THROW
#endif
#define LAB_POISON_C(result, name, ...)                                              \
  extern "C" __attribute__((                                                         \
      error(#name " is poisoned: it differs between systems, use core/numerics.h"))) \
  result name(__VA_ARGS__) LAB_POISON_THROW;
#define LAB_POISON_LIBM(name)        \
  LAB_POISON_C(double, name, double) \
  LAB_POISON_C(float, name##f, float)
#define LAB_POISON_LIBM2(name)               \
  LAB_POISON_C(double, name, double, double) \
  LAB_POISON_C(float, name##f, float, float)

LAB_POISON_LIBM(exp)
LAB_POISON_LIBM(exp2)
LAB_POISON_LIBM(expm1)
LAB_POISON_LIBM(log)
LAB_POISON_LIBM(log2)
LAB_POISON_LIBM(log10)
LAB_POISON_LIBM(log1p)
LAB_POISON_LIBM(sin)
LAB_POISON_LIBM(cos)
LAB_POISON_LIBM(tan)
LAB_POISON_LIBM(asin)
LAB_POISON_LIBM(acos)
LAB_POISON_LIBM(atan)
LAB_POISON_LIBM2(atan2)
LAB_POISON_LIBM(sinh)
LAB_POISON_LIBM(cosh)
LAB_POISON_LIBM(tanh)
LAB_POISON_LIBM(asinh)
LAB_POISON_LIBM(acosh)
LAB_POISON_LIBM(atanh)
LAB_POISON_LIBM2(pow)
LAB_POISON_LIBM(cbrt)
LAB_POISON_LIBM2(hypot)
LAB_POISON_LIBM(erf)
LAB_POISON_LIBM(erfc)
LAB_POISON_LIBM(tgamma)
LAB_POISON_LIBM(lgamma)

#undef LAB_POISON_C
#undef LAB_POISON_THROW
#undef LAB_POISON_LIBM
#undef LAB_POISON_LIBM2

#endif
#endif
