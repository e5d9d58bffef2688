#include "model/activations.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

namespace lab {

namespace {

constexpr float kCubic = 0.044715f;
constexpr float kRootTwoOverPi = 0.797884583f;

// GELU in blocks that stay in registers and the first-level cache.
constexpr std::size_t kBlock = 256;

// The tanh of the formula. t: as many as x, which it does not overlap.
void gelu_tanh(const Kernels& kernels, std::span<const float> x, std::span<float> t) {
  for (std::size_t i = 0; i < x.size(); ++i)
    t[i] = kRootTwoOverPi * (x[i] + kCubic * (x[i] * x[i] * x[i]));
  kernels.tanh(std::span<const float>(t), t);
}

// Calls work(x, t) for each block of x: where it begins and its tanh.
template <class Work>
void for_each_gelu_block(const Kernels& kernels, std::span<const float> x, const Work& work) {
  std::array<float, kBlock> t;
  for (std::size_t begin = 0; begin < x.size(); begin += kBlock) {
    const std::size_t size = std::min(kBlock, x.size() - begin);
    gelu_tanh(kernels, x.subspan(begin, size), std::span(t).first(size));
    work(begin, std::span<const float>(t).first(size));
  }
}

}  // namespace

void activate(const Kernels& kernels, HiddenActivation f, std::span<const float> x,
              std::span<float> y) {
  assert(x.size() == y.size());
  switch (f) {
    case HiddenActivation::relu:
      for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] < 0 ? 0 : x[i];
      break;
    case HiddenActivation::tanh:
      kernels.tanh(x, y);
      break;
    case HiddenActivation::gelu:
      for_each_gelu_block(kernels, x, [&](std::size_t begin, std::span<const float> t) {
        for (std::size_t i = 0; i < t.size(); ++i) y[begin + i] = 0.5f * x[begin + i] * (1 + t[i]);
      });
      break;
  }
}

void backpropagate(const Kernels& kernels, HiddenActivation f, std::span<const float> x,
                   std::span<const float> y, std::span<float> gradient) {
  assert(x.size() == gradient.size() && y.size() == gradient.size());
  switch (f) {
    case HiddenActivation::relu:
      for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = x[i] <= 0 ? 0 : gradient[i];
      break;
    case HiddenActivation::tanh:
      for (std::size_t i = 0; i < x.size(); ++i) gradient[i] *= 1 - y[i] * y[i];
      break;
    case HiddenActivation::gelu:
      for_each_gelu_block(kernels, x, [&](std::size_t begin, std::span<const float> t) {
        for (std::size_t i = 0; i < t.size(); ++i) {
          const float v = x[begin + i];
          const float inner = kRootTwoOverPi * (1 + 3 * kCubic * (v * v));
          gradient[begin + i] *= 0.5f * (1 + t[i]) + 0.5f * v * (1 - t[i] * t[i]) * inner;
        }
      });
      break;
  }
}

}  // namespace lab
