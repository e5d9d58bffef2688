// How does a transformer learn a text? By the mean cross-entropy of the next token over random
// windows of it, AdamW, a clipped gradient and a cosine schedule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/random.h"
#include "model/optimisers.h"
#include "model/transformer.h"

namespace lab {

class ByteReader;
class ByteWriter;

struct LanguageTraining {
  std::size_t batch = 16;   // windows a step, at least 1
  std::size_t length = 64;  // tokens of a window, from 1 to the model's context
  CosineSchedule schedule;  // of the step size
  double largest_norm = 1;  // of the gradient, which is scaled down to it; positive
  double dropout = 0;       // from 0 to below 1
  AdamW::Options adamw{.beta2 = 0.99};
  std::uint64_t seed = 0;  // of the windows and of dropout; below 2^53
};

class LanguageTrainer {
 public:
  // Trains `model` on `tokens`, more than training.length of them and from 0 to vocabulary - 1;
  // both and the kernels must outlive it, and only its steps change the model.
  LanguageTrainer(const Kernels& kernels, Transformer& model, std::span<const int> tokens,
                  const LanguageTraining& training);

  // One update; the mean loss of its windows before it, in nats a token. A loss that is not finite
  // has not changed the model. Does not allocate after the first time.
  double step();

  std::uint64_t steps() const { return adamw_.steps(); }
  double gradient_norm() const { return gradient_norm_; }  // of the last step, before clipping

  // The model's parameters and all else that the next steps depend on, but the tokens and
  // `training`: from there they have the same bits. restore throws lab::Error on bytes of another
  // model, and neither model nor trainer has changed then.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  const Kernels& kernels_;
  Transformer& model_;
  std::span<const int> tokens_;
  LanguageTraining training_;
  AdamW adamw_;
  Stream windows_, dropout_;
  TransformerWorkspace workspace_;
  std::vector<int> batch_, next_;
  std::vector<float> losses_, logit_gradient_, gradient_;
  double gradient_norm_ = 0;
};

// The mean loss of a text's tokens given those before them, in nats a token: windows of `length`
// tokens one behind the other, each of which begins without memory; the rest at the end is left
// out. tokens: more than length. Its exponential is the perplexity.
double mean_loss(const Kernels& kernels, const Transformer& model, std::span<const int> tokens,
                 std::size_t length);

}  // namespace lab
