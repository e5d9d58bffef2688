#include "model/optimisers.h"

#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/bytes.h"
#include "core/numerics.h"

namespace lab {

namespace {

// As many numbers as the optimiser has; any other count is an error.
std::vector<float> read_state(ByteReader& reader, std::size_t size) {
  std::vector<float> values(size);
  reader.f32s(std::span(values));
  return values;
}

}  // namespace

Sgd::Sgd(std::size_t parameters, const Options& options)
    : options_(options), parameters_(parameters), velocity_(options.momentum > 0 ? parameters : 0) {
  assert(options.momentum >= 0 && options.momentum < 1);
}

void Sgd::step(double step_size, std::span<const float> gradient, std::span<float> theta) {
  assert(gradient.size() == parameters_ && theta.size() == parameters_);
  const auto rate = static_cast<float>(step_size);
  const auto momentum = static_cast<float>(options_.momentum);
  const float* const g = gradient.data();
  float* const x = theta.data();
  float* const v = velocity_.data();
  if (velocity_.empty()) {
    for (std::size_t i = 0; i < parameters_; ++i) x[i] -= rate * g[i];
  } else if (options_.nesterov) {
    for (std::size_t i = 0; i < parameters_; ++i) {
      v[i] = momentum * v[i] + g[i];
      x[i] -= rate * (g[i] + momentum * v[i]);
    }
  } else {
    for (std::size_t i = 0; i < parameters_; ++i) {
      v[i] = momentum * v[i] + g[i];
      x[i] -= rate * v[i];
    }
  }
}

void Sgd::save(ByteWriter& writer) const {
  writer.f32s(velocity_);
}

void Sgd::restore(ByteReader& reader) {
  velocity_ = read_state(reader, velocity_.size());
}

AdamW::AdamW(std::size_t parameters, const Options& options)
    : options_(options), first_(parameters), second_(parameters) {
  assert(options.beta1 >= 0 && options.beta1 < 1 && options.beta2 >= 0 && options.beta2 < 1);
  assert(options.epsilon > 0 && options.weight_decay >= 0);
}

void AdamW::step(double step_size, std::span<const float> gradient, std::span<float> theta) {
  assert(gradient.size() == first_.size() && theta.size() == first_.size());
  ++steps_;
  const auto t = static_cast<double>(steps_);
  const auto beta1 = static_cast<float>(options_.beta1);
  const auto beta2 = static_cast<float>(options_.beta2);
  const auto rest1 = static_cast<float>(1 - options_.beta1);
  const auto rest2 = static_cast<float>(1 - options_.beta2);
  const auto kept = static_cast<float>(1 - step_size * options_.weight_decay);
  // Of m and of v before they are used.
  const auto rate = static_cast<float>(step_size / (1 - pow(options_.beta1, t)));
  const auto correction = static_cast<float>(1 / (1 - pow(options_.beta2, t)));
  const auto epsilon = static_cast<float>(options_.epsilon);
  const float* const g = gradient.data();
  float* const x = theta.data();
  float* const m = first_.data();
  float* const v = second_.data();
  for (std::size_t i = 0; i < first_.size(); ++i) {
    m[i] = beta1 * m[i] + rest1 * g[i];
    v[i] = beta2 * v[i] + rest2 * (g[i] * g[i]);
    x[i] = kept * x[i] - rate * m[i] / (std::sqrt(correction * v[i]) + epsilon);
  }
}

void AdamW::save(ByteWriter& writer) const {
  writer.u64(steps_);
  writer.f32s(first_);
  writer.f32s(second_);
}

void AdamW::restore(ByteReader& reader) {
  const std::uint64_t steps = reader.u64();
  std::vector<float> first = read_state(reader, first_.size());
  std::vector<float> second = read_state(reader, second_.size());
  steps_ = steps;
  first_ = std::move(first);
  second_ = std::move(second);
}

double clip_norm(const Kernels& kernels, double largest, std::span<float> gradient) {
  assert(largest > 0);
  const double norm = std::sqrt(kernels.squared_norm(std::span<const float>(gradient)));
  if (norm > largest && is_finite(norm))
    kernels.scale(static_cast<float>(largest / norm), gradient);
  return norm;
}

double CosineSchedule::at(std::uint64_t step) const {
  assert(warm_up <= steps);
  if (step < warm_up)
    return highest * (static_cast<double>(step) + 1) / static_cast<double>(warm_up);
  if (step >= steps) return lowest;
  const double share =
      static_cast<double>(step - warm_up) / static_cast<double>(steps - warm_up);  // 0 to 1
  return lowest + (highest - lowest) / 2 * (1 + cos(std::numbers::pi * share));
}

}  // namespace lab
