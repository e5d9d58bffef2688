// A register full of numbers. In strict code only + - x /, < > ==, select, abs and loads and stores
// of it are used: xsimd's mathematics, reciprocals, fma, min and max differ between processors.
#pragma once

#include <cstddef>
#include <xsimd/xsimd.hpp>

namespace lab::cpu {
namespace {

template <class T>
using Batch = xsimd::batch<T>;  // as wide as the flags of this very file allow

template <class T>
constexpr std::size_t kWidth = Batch<T>::size;

template <class T>
[[gnu::always_inline]] inline Batch<T> load(const T* x) {
  return Batch<T>::load_unaligned(x);
}

}  // namespace
}  // namespace lab::cpu
