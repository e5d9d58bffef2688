#include "model/language_trainer.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/bytes.h"
#include "core/numerics.h"
#include "model/losses.h"

namespace lab {

LanguageTrainer::LanguageTrainer(const Kernels& kernels, Transformer& model,
                                 std::span<const int> tokens, const LanguageTraining& training)
    : kernels_(kernels),
      model_(model),
      tokens_(tokens),
      training_(training),
      adamw_(model.parameters.size(), training.adamw),
      windows_(training.seed, "windows"),
      dropout_(training.seed, "dropout"),
      workspace_(model.shape,
                 {.rows = training.batch * training.length, .length = training.length}) {
  assert(training.batch > 0 && tokens.size() > training.length);
  const std::size_t rows = training.batch * training.length;
  batch_.resize(rows);
  next_.resize(rows);
  losses_.resize(rows);
  logit_gradient_.resize(rows * model.shape.vocabulary);
  gradient_.resize(model.parameters.size());
}

double LanguageTrainer::step() {
  const std::size_t length = training_.length;
  for (std::size_t w = 0; w < training_.batch; ++w) {
    const auto begin = static_cast<std::size_t>(windows_.below(tokens_.size() - length));
    const std::span<const int> window = tokens_.subspan(begin, length + 1);
    const auto at = static_cast<std::ptrdiff_t>(w * length);
    std::ranges::copy(window.first(length), batch_.begin() + at);
    std::ranges::copy(window.last(length), next_.begin() + at);
  }
  const MatrixView<float> logits =
      forward(kernels_, model_, batch_, length, workspace_, {training_.dropout, &dropout_});
  const double loss = cross_entropy(kernels_, logits, next_, losses_, logit_gradient_);
  if (!is_finite(loss)) return loss;
  backward(kernels_, model_, batch_, {logit_gradient_.data(), logits.rows, logits.cols}, workspace_,
           gradient_);
  gradient_norm_ = clip_norm(kernels_, training_.largest_norm, gradient_);
  adamw_.step(training_.schedule.at(adamw_.steps()), gradient_, model_.parameters);
  return loss;
}

void LanguageTrainer::save(ByteWriter& writer) const {
  model_.save(writer);
  adamw_.save(writer);
  windows_.save(writer);
  dropout_.save(writer);
  writer.f64(gradient_norm_);
}

void LanguageTrainer::restore(ByteReader& reader) {
  Transformer model(model_.shape);
  AdamW adamw = adamw_;
  Stream windows = windows_, dropout = dropout_;
  model.restore(reader);
  adamw.restore(reader);
  windows.restore(reader);
  dropout.restore(reader);
  const double norm = reader.f64();
  model_.parameters = std::move(model.parameters);
  adamw_ = std::move(adamw);
  windows_ = windows;
  dropout_ = dropout;
  gradient_norm_ = norm;
}

double mean_loss(const Kernels& kernels, const Transformer& model, std::span<const int> tokens,
                 std::size_t length) {
  assert(length > 0 && tokens.size() > length);
  const std::size_t windows = (tokens.size() - 1) / length;
  TransformerWorkspace workspace(model.shape, {.rows = length, .length = length});
  std::vector<float> losses(length), gradient(length * model.shape.vocabulary);
  double sum = 0;
  for (std::size_t w = 0; w < windows; ++w) {
    const std::span<const int> window = tokens.subspan(w * length, length + 1);
    const MatrixView<float> logits =
        forward(kernels, model, window.first(length), length, workspace);
    sum += cross_entropy(kernels, logits, window.last(length), losses, gradient);
  }
  return sum / static_cast<double>(windows);
}

}  // namespace lab
