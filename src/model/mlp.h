// What does a multilayer perceptron compute, and what is the gradient of that?
//
//     Mlp mlp({.widths = {784, 128, 10}, .activation = HiddenActivation::relu});
//     initialize(mlp, Initialization::he_normal, stream);
//     MlpWorkspace workspace(mlp.shape, 64);
//     const MatrixView<float> logits = forward(k, mlp, batch, workspace);
//     cross_entropy(k, logits, labels, losses, logit_gradient);
//     backward(k, mlp, batch, logit_gradient, workspace, gradient);
//
// Layer l of layers() maps a row x to f(x W_l + b_l), the last one to x W_l + b_l: the logits, or a
// regression's outputs. Numbers are float32; products and sums are in the order of compute's
// kernels, so with a strict table every result has the same bits on every processor.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compute/kernels.h"
#include "core/random.h"
#include "core/view.h"
#include "model/activations.h"

namespace lab {

class ByteReader;
class ByteWriter;

struct MlpShape {
  // Inputs, the units of each hidden layer in turn, outputs: at least two numbers, each at least 1.
  std::vector<std::size_t> widths;
  HiddenActivation activation = HiddenActivation::relu;

  bool operator==(const MlpShape&) const = default;

  std::size_t layers() const { return widths.size() - 1; }
  std::size_t inputs() const { return widths.front(); }
  std::size_t outputs() const { return widths.back(); }

  // A flat vector of parameters, or of their gradient, holds for each layer in turn the weights
  // (inputs of the layer x outputs of the layer, row-major) and then the bias (outputs of the
  // layer).
  std::size_t parameters() const { return offset(layers()); }
  // Where a layer's weights begin in it; of layers(): its size.
  std::size_t offset(std::size_t layer) const;
  // The parts of such a vector.
  MatrixView<float> weights(std::span<const float> flat, std::size_t layer) const;
  std::span<const float> bias(std::span<const float> flat, std::size_t layer) const;
};

struct Mlp {
  MlpShape shape;
  std::vector<float> parameters;  // shape.parameters() numbers

  // All parameters are 0.
  explicit Mlp(MlpShape shape);

  // Shape and parameters. restore: of the same shape; lab::Error on bytes of another one, and
  // nothing has changed then.
  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);
};

enum class Initialization {
  he_normal,       // normal with variance 2 / inputs of the layer: He et al. 2015, eq. 10
  glorot_uniform,  // uniform in +-sqrt(6 / (inputs + outputs)): Glorot and Bengio 2010, eq. 16
};

// Draws the weights, layer by layer in the order of the flat vector, one 32-bit word each; biases
// become 0.
void initialize(Mlp& mlp, Initialization initialization, Stream& stream);

// What forward leaves for backward. Made once for a shape and a largest batch: no step allocates.
class MlpWorkspace {
 public:
  // rows: of the largest batch, at least 1.
  MlpWorkspace(const MlpShape& shape, std::size_t rows);

  // What a layer gave in the last forward, rows of the batch x units of the layer: after the
  // activation of a hidden layer, the logits of the last one. Valid until the next forward.
  MatrixView<float> output(std::size_t layer) const;

 private:
  friend MatrixView<float> forward(const Kernels&, const Mlp&, MatrixView<float>, MlpWorkspace&);
  friend void backward(const Kernels&, const Mlp&, MatrixView<float>, MatrixView<float>,
                       MlpWorkspace&, std::span<float>);

  struct Layer {
    std::size_t units;
    std::vector<float> sums;      // largest batch x units: before the activation; last layer: empty
    std::vector<float> outputs;   // largest batch x units
    std::vector<float> gradient;  // largest batch x units: in the sums; last layer: empty
  };

  std::size_t rows_ = 0;  // of the last forward
  std::vector<Layer> layers_;
};

// The outputs for a batch x (rows x inputs, rows from 1 to the workspace's): rows x outputs. The
// view is the workspace's output of the last layer.
MatrixView<float> forward(const Kernels& kernels, const Mlp& mlp, MatrixView<float> x,
                          MlpWorkspace& workspace);

// The gradient in the parameters, by the chain rule from the gradient in the outputs (rows x
// outputs) at the forward that `workspace` has last seen, with the same x and parameters. gradient:
// shape.parameters() numbers, overwritten. Weights' gradients add over the rows in order, in
// float32. Rumelhart, Hinton and Williams 1986.
void backward(const Kernels& kernels, const Mlp& mlp, MatrixView<float> x,
              MatrixView<float> output_gradient, MlpWorkspace& workspace,
              std::span<float> gradient);

}  // namespace lab
