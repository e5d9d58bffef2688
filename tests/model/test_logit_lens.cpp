#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "compute/reference.h"
#include "model/logit_lens.h"

using namespace reference;
using lab::LogitAttribution;
using lab::MatrixView;
using lab::Transformer;
using lab::TransformerShape;
using lab::TransformerWorkspace;

namespace {

constexpr TransformerShape kShape{
    .vocabulary = 11, .context = 6, .width = 12, .heads = 3, .layers = 2};

}  // namespace

TEST_CASE("logit lens: behind the last layer it is the model") {
  const lab::Kernels& k = lab::kernels();
  Transformer model(kShape);
  model.parameters = numbers<float>(model.parameters.size(), 1, 0.5);
  const std::vector<int> tokens = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  TransformerWorkspace workspace(kShape, {.rows = 10, .length = 5});
  const MatrixView<float> logits = forward(k, model, tokens, 5, workspace);
  std::vector<float> seen(logits.rows * logits.cols);
  logit_lens(k, model, workspace.residual(2), seen);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(same_bits(seen[i], logits.data[i]));
  logit_lens(k, model, workspace.residual(1), seen);
  CHECK(seen[3] != logits.data[3]);
}

TEST_CASE("logit lens: what the heads add is what the attention added") {
  const lab::Kernels& k = lab::kernels();
  Transformer model(kShape);
  model.parameters = numbers<float>(model.parameters.size(), 1, 0.5);
  // The mlp of layer 1 adds nothing.
  std::vector<float> bias;
  for (const TransformerShape::Tensor& tensor : kShape.tensors()) {
    const auto begin = model.parameters.begin() + static_cast<std::ptrdiff_t>(tensor.offset);
    const auto end = begin + static_cast<std::ptrdiff_t>(tensor.size);
    if (tensor.name.starts_with("h.1.mlp.c_proj.")) std::fill(begin, end, 0.0f);
    if (tensor.name == "h.1.attn.c_proj.bias") bias.assign(begin, end);
  }
  const std::vector<int> tokens = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  TransformerWorkspace workspace(kShape, {.rows = 10, .length = 5});
  forward(k, model, tokens, 5, workspace);
  std::vector<float> added(10 * 12);
  std::vector<double> sum(added.size());
  for (std::size_t head = 0; head < 3; ++head) {
    head_contribution(k, model, workspace, 1, head, added);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += added[i];
  }
  const MatrixView<float> before = workspace.residual(1), behind = workspace.residual(2);
  for (std::size_t i = 0; i < sum.size(); ++i)
    CHECK(std::abs(behind.data[i] - before.data[i] - (sum[i] + bias[i % 12])) <= 2e-6);
}

TEST_CASE("logit lens: what all parts add is the logit, head by head and neuron by neuron") {
  const lab::Kernels& k = lab::kernels();
  Transformer model(kShape);
  model.parameters = numbers<float>(model.parameters.size(), 1, 0.5);
  const std::vector<int> tokens = {1, 2, 3, 4, 5};
  TransformerWorkspace workspace(kShape, {.rows = 5, .length = 5});
  const MatrixView<float> logits = forward(k, model, tokens, 5, workspace);
  for (const std::size_t row : {std::size_t{0}, std::size_t{4}}) {
    for (int token = 0; token < 11; ++token) {
      const LogitAttribution parts = attribute_logit(model, workspace, tokens, row, token);
      CHECK(parts.heads.size() == 6);
      CHECK(parts.neurons.size() == 2 * 48);
      CHECK(std::abs(parts.sum() - logits(row, static_cast<std::size_t>(token))) <= 2e-5);
    }
  }
}

TEST_CASE("logit lens: a neuron's effect is what the logit loses with it, the deviation held") {
  const lab::Kernels& k = lab::kernels();
  Transformer model(kShape);
  model.parameters = numbers<float>(model.parameters.size(), 1, 0.5);
  const std::vector<int> tokens = {1, 2, 3, 4, 5};
  constexpr std::size_t kRow = 3, kNeuron = 17, kHead = 2, d = 12;
  constexpr int kToken = 6;
  TransformerWorkspace workspace(kShape, {.rows = 5, .length = 5});
  forward(k, model, tokens, 5, workspace);
  const LogitAttribution parts = attribute_logit(model, workspace, tokens, kRow, kToken);
  const std::vector<float> stream(workspace.residual(2).row(kRow).begin(),
                                  workspace.residual(2).row(kRow).end());
  std::vector<float> added(5 * d);
  head_contribution(k, model, workspace, 1, kHead, added);

  std::span<const float> gain, weights, embedding;
  for (const TransformerShape::Tensor& tensor : kShape.tensors()) {
    const auto part = std::span<const float>(model.parameters).subspan(tensor.offset, tensor.size);
    if (tensor.name == "ln_f.weight") gain = part;
    if (tensor.name == "h.1.mlp.c_proj.weight") weights = part;
    if (tensor.name == "wte.weight") embedding = part;
  }
  double mean = 0, variance = 0;
  for (const float x : stream) mean += x / double(d);
  for (const float x : stream) variance += (x - mean) * (x - mean) / double(d);
  // The logit's share of an addition to the stream, by the definition of the normalisation.
  const auto effect = [&](auto at) {
    double middle = 0, sum = 0;
    for (std::size_t j = 0; j < d; ++j) middle += at(j) / double(d);
    for (std::size_t j = 0; j < d; ++j)
      sum += (at(j) - middle) / std::sqrt(variance + kShape.epsilon) * gain[j] *
             embedding[kToken * d + j];
    return sum;
  };
  const double unit = workspace.hidden(1)(kRow, kNeuron);
  CHECK(parts.neurons[48 + kNeuron] ==
        doctest::Approx(effect([&](std::size_t j) { return unit * weights[kNeuron * d + j]; })));
  CHECK(parts.heads[3 + kHead] ==
        doctest::Approx(effect([&](std::size_t j) { return double(added[kRow * d + j]); })));
}
