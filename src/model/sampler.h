// Which token comes next, given logits? In this order: a penalty for what is there already, the
// temperature, what is cut off, and one draw.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/random.h"

namespace lab {

struct Sampling {
  // Of every token of the history a positive logit is divided by it and a negative one multiplied:
  // Keskar et al. 2019, section 4.1. Positive; 1: none.
  double repetition_penalty = 1;
  // Logits are divided by it. 0: greedy, the first of the largest logits; no draw.
  double temperature = 1;
  // Only so many of the largest logits stay, the first of equal ones: Fan, Lewis and Dauphin 2018.
  // 0: all.
  std::size_t top_k = 0;
  // Of what is left, the fewest most likely tokens with this probability together: Holtzman et al.
  // 2020. From above 0 to 1; 1: all.
  double top_p = 1;
  // Of what is left, tokens at least so likely as this share of the most likely one: Nguyen et al.
  // 2024. From 0 to 1; 0: all.
  double min_p = 0;
};

class Sampler {
 public:
  Sampler(const Kernels& kernels, std::size_t vocabulary, const Sampling& sampling);

  // Carries out all but the draw: what is cut off becomes -inf. history: tokens from 0 to
  // vocabulary -
  // 1. logits: vocabulary numbers, not NaN nor +inf and not all -inf. Greedy: only the penalty.
  void process(std::span<const int> history, std::span<float> logits);

  // The token of processed logits, with the probabilities of their softmax: two words of the
  // stream.
  int draw(std::span<const float> logits, Stream& stream) const;

 private:
  const Kernels& kernels_;
  Sampling sampling_;
  std::vector<char> seen_;
  std::vector<int> order_;  // tokens that are left, from the largest logit down
  std::vector<float> probabilities_;
};

}  // namespace lab
