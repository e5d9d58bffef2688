#include "model/mlp.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <utility>

#include "core/bytes.h"

namespace lab {

std::size_t MlpShape::offset(std::size_t layer) const {
  assert(layer <= layers());
  std::size_t offset = 0;
  for (std::size_t l = 0; l < layer; ++l) offset += (widths[l] + 1) * widths[l + 1];
  return offset;
}

MatrixView<float> MlpShape::weights(std::span<const float> flat, std::size_t layer) const {
  assert(flat.size() == parameters() && layer < layers());
  return {flat.data() + offset(layer), widths[layer], widths[layer + 1]};
}

std::span<const float> MlpShape::bias(std::span<const float> flat, std::size_t layer) const {
  assert(flat.size() == parameters() && layer < layers());
  const std::size_t units = widths[layer + 1];
  return flat.subspan(offset(layer + 1) - units, units);
}

Mlp::Mlp(MlpShape given) : shape(std::move(given)) {
  assert(shape.widths.size() >= 2 && std::ranges::find(shape.widths, 0u) == shape.widths.end());
  parameters.resize(shape.parameters());
}

void Mlp::save(ByteWriter& writer) const {
  writer.u64s(std::vector<std::uint64_t>(shape.widths.begin(), shape.widths.end()));
  writer.u8(static_cast<std::uint8_t>(shape.activation));
  writer.f32s(parameters);
}

void Mlp::restore(ByteReader& reader) {
  const std::vector<std::uint64_t> widths = reader.u64s();
  const std::uint8_t activation = reader.u8();
  if (!std::ranges::equal(widths, shape.widths) ||
      activation != static_cast<std::uint8_t>(shape.activation))
    reader.fail("the parameters of a network of another shape", "those of this one");
  reader.f32s(std::span(parameters));
}

void initialize(Mlp& mlp, Initialization initialization, Stream& stream) {
  const MlpShape& shape = mlp.shape;
  std::ranges::fill(mlp.parameters, 0.0f);
  for (std::size_t l = 0; l < shape.layers(); ++l) {
    const auto inputs = static_cast<double>(shape.widths[l]);
    const auto outputs = static_cast<double>(shape.widths[l + 1]);
    const std::span weights =
        std::span(mlp.parameters).subspan(shape.offset(l), shape.widths[l] * shape.widths[l + 1]);
    switch (initialization) {
      case Initialization::he_normal: {
        const auto deviation = static_cast<float>(std::sqrt(2 / inputs));
        stream.fill_normal(weights);
        for (float& w : weights) w *= deviation;
        break;
      }
      case Initialization::glorot_uniform: {
        const auto limit = static_cast<float>(std::sqrt(6 / (inputs + outputs)));
        stream.fill_uniform(weights);
        for (float& w : weights) w = limit * (2 * w - 1);
        break;
      }
    }
  }
}

MlpWorkspace::MlpWorkspace(const MlpShape& shape, std::size_t rows) {
  assert(rows > 0);
  layers_.reserve(shape.layers());
  for (std::size_t l = 0; l < shape.layers(); ++l) {
    const std::size_t units = shape.widths[l + 1], size = rows * units;
    const std::size_t hidden = l + 1 < shape.layers() ? size : 0;
    layers_.push_back(
        {units, std::vector<float>(hidden), std::vector<float>(size), std::vector<float>(hidden)});
  }
}

MatrixView<float> MlpWorkspace::output(std::size_t layer) const {
  assert(layer < layers_.size());
  return {layers_[layer].outputs.data(), rows_, layers_[layer].units};
}

MatrixView<float> forward(const Kernels& kernels, const Mlp& mlp, MatrixView<float> x,
                          MlpWorkspace& workspace) {
  const MlpShape& shape = mlp.shape;
  assert(x.cols == shape.inputs() && x.rows > 0 && workspace.layers_.size() == shape.layers());
  assert(x.rows * shape.outputs() <= workspace.layers_.back().outputs.size());
  workspace.rows_ = x.rows;
  MatrixView<float> input = x;
  for (std::size_t l = 0; l < shape.layers(); ++l) {
    MlpWorkspace::Layer& layer = workspace.layers_[l];
    const bool hidden = l + 1 < shape.layers();
    const std::size_t size = x.rows * layer.units;
    const std::span sums = std::span(hidden ? layer.sums : layer.outputs).first(size);
    const std::span<const float> bias = shape.bias(mlp.parameters, l);
    kernels.gemm(input, shape.weights(mlp.parameters, l), sums);
    for (std::size_t i = 0; i < x.rows; ++i)
      kernels.axpy(1, bias, sums.subspan(i * layer.units, layer.units));
    if (hidden) activate(kernels, shape.activation, sums, std::span(layer.outputs).first(size));
    input = workspace.output(l);
  }
  return input;
}

void backward(const Kernels& kernels, const Mlp& mlp, MatrixView<float> x,
              MatrixView<float> output_gradient, MlpWorkspace& workspace,
              std::span<float> gradient) {
  const MlpShape& shape = mlp.shape;
  assert(gradient.size() == shape.parameters() && x.rows == workspace.rows_);
  assert(output_gradient.rows == x.rows && output_gradient.cols == shape.outputs());
  MatrixView<float> above = output_gradient;  // in the sums of layer l
  for (std::size_t l = shape.layers(); l-- > 0;) {
    const MatrixView<float> input = l == 0 ? x : workspace.output(l - 1);
    const std::size_t weights = input.cols * above.cols;
    const std::span part = gradient.subspan(shape.offset(l), weights + above.cols);
    const std::span bias = part.subspan(weights);
    kernels.gemm_tn(input, above, part.first(weights));
    std::ranges::fill(bias, 0.0f);
    for (std::size_t i = 0; i < above.rows; ++i) kernels.axpy(1, above.row(i), bias);
    if (l == 0) break;

    MlpWorkspace::Layer& below = workspace.layers_[l - 1];
    const std::size_t size = x.rows * below.units;
    const std::span passed = std::span(below.gradient).first(size);
    kernels.gemm_nt(above, shape.weights(mlp.parameters, l), passed);
    backpropagate(kernels, shape.activation, std::span(below.sums).first(size),
                  std::span(below.outputs).first(size), passed);
    above = {passed.data(), x.rows, below.units};
  }
}

}  // namespace lab
