#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "compute/reference.h"
#include "model/logit_lens.h"

using namespace reference;
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
