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
    if (i == n) return;
    // The rest is filled up with zeros: a lane that began at +0 is never -0, so adding +0 changes nothing.
    double rest[kLanes];
    for (std::size_t l = 0; l < kLanes; ++l) rest[l] = 0;
    std::size_t j = 0;
    for (; i + j + 4 <= n; j += 4)
      for (std::size_t q = 0; q < 4; ++q) rest[j + q] = term(i + j + q);
    for (; i + j < n; ++j) rest[j] = term(i + j);
    for (std::size_t l = 0; l < kLanes; ++l) value[l] += rest[l];
  }

  [[gnu::always_inline]] inline double total() const {
    double t[kLanes / 2];
    for (std::size_t j = 0; j < kLanes / 2; ++j) t[j] = value[j] + value[j + kLanes / 2];
    for (std::size_t j = 0; j < 4; ++j) t[j] += t[j + 4];
    for (std::size_t j = 0; j < 2; ++j) t[j] += t[j + 2];
    return t[0] + t[1];
  }
};

}  // namespace
}  // namespace lab::cpu
