// What does a hidden unit do to its input? Elementwise functions, and their gradients by the chain
// rule.
#pragma once

#include <span>

#include "compute/kernels.h"

namespace lab {

enum class HiddenActivation {
  relu,  // max(0, x); its derivative at 0 is taken as 0
  tanh,
  gelu,  // x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): Hendrycks and Gimpel 2016, section 2;
         // the form of GPT-2
};

// y[i] = f(x[i]). x, y: of one size, in place allowed. NaN stays NaN.
void activate(const Kernels& kernels, HiddenActivation f, std::span<const float> x,
              std::span<float> y);

// gradient[i] = gradient[i] f'(x[i]), where y[i] = f(x[i]) is what `activate` gave: from the
// gradient in y to the gradient in x. All of one size; gradient overlaps neither.
void backpropagate(const Kernels& kernels, HiddenActivation f, std::span<const float> x,
                   std::span<const float> y, std::span<float> gradient);

}  // namespace lab
