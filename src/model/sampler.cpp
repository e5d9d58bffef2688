#include "model/sampler.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "core/numerics.h"

namespace lab {

Sampler::Sampler(const Kernels& kernels, std::size_t vocabulary, const Sampling& sampling)
    : kernels_(kernels),
      sampling_(sampling),
      seen_(vocabulary),
      order_(vocabulary),
      probabilities_(vocabulary) {
  assert(sampling.repetition_penalty > 0 && sampling.temperature >= 0);
  assert(sampling.top_p > 0 && sampling.top_p <= 1);
  assert(sampling.min_p >= 0 && sampling.min_p <= 1);
}

void Sampler::process(std::span<const int> history, std::span<float> logits) {
  assert(logits.size() == seen_.size());
  if (sampling_.repetition_penalty != 1) {
    const auto penalty = static_cast<float>(sampling_.repetition_penalty);
    std::ranges::fill(seen_, char{0});
    for (const int token : history) seen_[static_cast<std::size_t>(token)] = 1;
    for (std::size_t i = 0; i < logits.size(); ++i)
      if (seen_[i] != 0) logits[i] = logits[i] > 0 ? logits[i] / penalty : logits[i] * penalty;
  }
  if (sampling_.temperature == 0) return;
  const auto temperature = static_cast<float>(sampling_.temperature);
  if (temperature != 1)
    for (float& logit : logits) logit /= temperature;
  if (sampling_.top_k == 0 && sampling_.top_p == 1 && sampling_.min_p == 0) return;

  order_.resize(logits.size());
  for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<int>(i);
  const auto logit = [&](int token) -> float& { return logits[static_cast<std::size_t>(token)]; };
  std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) { return logit(a) > logit(b); });
  if (sampling_.top_k > 0) order_.resize(std::min(sampling_.top_k, order_.size()));

  const std::span<float> left = std::span(probabilities_).first(order_.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = logit(order_[i]);
  kernels_.softmax(std::span<const float>(left), left);
  std::size_t kept = 0;
  for (double sum = 0; kept < left.size() && sum < sampling_.top_p; ++kept)
    sum += static_cast<double>(left[kept]);
  const auto least = static_cast<float>(sampling_.min_p * static_cast<double>(left[0]));
  while (kept > 1 && left[kept - 1] < least) --kept;

  for (std::size_t i = 0; i < kept; ++i) probabilities_[i] = logit(order_[i]);
  std::ranges::fill(logits, -std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < kept; ++i) logit(order_[i]) = probabilities_[i];
}

int Sampler::draw(std::span<const float> logits, Stream& stream) const {
  const std::size_t token =
      sampling_.temperature == 0 ? kernels_.argmax(logits) : stream.categorical_logits(logits);
  return static_cast<int>(token);
}

}  // namespace lab
