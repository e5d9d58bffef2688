// In which order does a sum add its terms? In 16 lanes, whatever the processor's registers are.
//
// Sixteen doubles fill eight SSE2, four AVX2 or two AVX-512 registers: enough independent additions to
// keep the adders busy on each, and an order that does not depend on which it is.
#pragma once

#include <cstddef>

namespace lab::cpu {
namespace {

constexpr std::size_t kLanes = 16;

struct Lanes {
  double value[kLanes];

  [[gnu::always_inline]] inline void clear() {
    for (std::size_t j = 0; j < kLanes; ++j) value[j] = 0;
  }

  // Adds term(0), term(1), ... term(n - 1), beginning with lane 0.
  template <class Term>
  [[gnu::always_inline]] inline void add(std::size_t n, Term term) {
    std::size_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
      for (std::size_t j = 0; j < kLanes; ++j) value[j] += term(i + j);
    add_rest<0>(i, n, term);
  }

  [[gnu::always_inline]] inline double total() const {
    double t[kLanes / 2];
    for (std::size_t j = 0; j < kLanes / 2; ++j) t[j] = value[j] + value[j + kLanes / 2];
    for (std::size_t j = 0; j < 4; ++j) t[j] += t[j + 4];
    for (std::size_t j = 0; j < 2; ++j) t[j] += t[j + 2];
    return t[0] + t[1];
  }

 private:
  // The terms from i on, fewer than 16, to the lanes from First on: four at a time, at places that the
  // compiler knows, so that the lanes stay in registers. What is missing of four is zeros: a lane that
  // began at +0 is never -0, so adding +0 changes nothing.
  template <std::size_t First, class Term>
  [[gnu::always_inline]] inline void add_rest(std::size_t i, std::size_t n, Term term) {
    if constexpr (First < kLanes) {
      if (i + 4 <= n) {
        for (std::size_t q = 0; q < 4; ++q) value[First + q] += term(i + q);
        add_rest<First + 4>(i + 4, n, term);
      } else if (i < n) {
        value[First] += term(i);
        value[First + 1] += i + 1 < n ? term(i + 1) : 0;
        value[First + 2] += i + 2 < n ? term(i + 2) : 0;
      }
    }
  }
};

}  // namespace
}  // namespace lab::cpu
