#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "allocations.h"
#include "compute/reference.h"
#include "core/bytes.h"
#include "core/digest.h"
#include "core/error.h"
#include "data/store.h"
#include "model/losses.h"
#include "model/mlp.h"
#include "model/optimisers.h"

using namespace reference;
using lab::HiddenActivation;
using lab::Initialization;
using lab::Kernels;
using lab::MatrixView;
using lab::Mlp;
using lab::MlpShape;
using lab::MlpWorkspace;

namespace {

constexpr HiddenActivation kAll[] = {HiddenActivation::relu, HiddenActivation::tanh,
                                     HiddenActivation::gelu};

Mlp random_mlp(MlpShape shape, std::uint64_t seed) {
  Mlp mlp(std::move(shape));
  mlp.parameters = numbers<float>(mlp.parameters.size(), seed, 0.8);
  return mlp;
}

double activation(HiddenActivation f, double x) {
  if (f == HiddenActivation::relu) return x > 0 ? x : 0;
  if (f == HiddenActivation::tanh) return std::tanh(x);
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
}

// The same network, one row at a time in double, written from its formula.
std::vector<double> exact_outputs(const MlpShape& shape, const std::vector<double>& parameters,
                                  const std::vector<float>& x, std::size_t rows) {
  std::vector<double> all;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<double> h(x.begin() + i * shape.inputs(), x.begin() + (i + 1) * shape.inputs());
    const double* p = parameters.data();
    for (std::size_t l = 0; l < shape.layers(); ++l) {
      const std::size_t in = shape.widths[l], out = shape.widths[l + 1];
      std::vector<double> next(p + in * out, p + in * out + out);
      for (std::size_t a = 0; a < in; ++a)
        for (std::size_t b = 0; b < out; ++b) next[b] += h[a] * p[a * out + b];
      if (l + 1 < shape.layers())
        for (double& v : next) v = activation(shape.activation, v);
      h = next;
      p += (in + 1) * out;
    }
    all.insert(all.end(), h.begin(), h.end());
  }
  return all;
}

// What a training step needs, and the step.
struct Trainer {
  const Kernels& kernels;
  Mlp& mlp;
  MlpWorkspace workspace;
  std::vector<float> losses, logit_gradient, gradient;

  Trainer(const Kernels& k, Mlp& trained, std::size_t batch)
      : kernels(k),
        mlp(trained),
        workspace(trained.shape, batch),
        losses(batch),
        logit_gradient(batch * trained.shape.outputs()),
        gradient(trained.parameters.size()) {}

  template <class Optimiser>
  double step(Optimiser& optimiser, double step_size, MatrixView<float> x,
              std::span<const int> labels) {
    const MatrixView<float> logits = forward(kernels, mlp, x, workspace);
    const auto of_logits = std::span(logit_gradient).first(logits.rows * logits.cols);
    const double loss = lab::cross_entropy(kernels, logits, labels,
                                           std::span(losses).first(logits.rows), of_logits);
    backward(kernels, mlp, x, {of_logits.data(), logits.rows, logits.cols}, workspace, gradient);
    optimiser.step(step_size, gradient, mlp.parameters);
    return loss;
  }
};

}  // namespace

TEST_CASE("mlp: outputs and gradient by hand") {
  // Two inputs, two hidden units, one output.
  Mlp mlp({.widths = {2, 2, 1}});
  mlp.parameters = {1, -1, 2, 1, 0.5f, -4, 3, 5, 0.25f};
  REQUIRE(mlp.shape.parameters() == 9);
  CHECK(mlp.shape.weights(mlp.parameters, 0)(1, 0) == 2);
  CHECK(mlp.shape.bias(mlp.parameters, 0)[1] == -4);
  CHECK(mlp.shape.bias(mlp.parameters, 1)[0] == 0.25f);
  const Kernels& k = lab::kernels();
  MlpWorkspace workspace(mlp.shape, 2);
  const std::vector<float> x = {1, 2, -1, 3};
  const MatrixView<float> batch{x.data(), 2, 2};
  // Sums (5.5, -3) and (5.5, 0); hidden (5.5, 0) in both rows.
  const MatrixView<float> y = forward(k, mlp, batch, workspace);
  CHECK(workspace.output(0)(0, 0) == 5.5f);
  CHECK(workspace.output(0)(1, 1) == 0);
  CHECK(y(0, 0) == 16.75f);
  CHECK(y(1, 0) == 16.75f);
  const std::vector<float> above = {1, 10};
  std::vector<float> gradient(9, -1.0f);
  backward(k, mlp, batch, {above.data(), 2, 1}, workspace, gradient);
  CHECK(gradient == std::vector<float>{-27, 0, 96, 0, 33, 0, 60.5f, 0, 11});
}

TEST_CASE("mlp: near the formula in double, and each gradient is a central difference") {
  constexpr std::size_t kRows = 6;
  const Kernels& k = lab::kernels();
  for (const HiddenActivation f : kAll) {
    for (const std::vector<std::size_t>& widths :
         {std::vector<std::size_t>{5, 3}, {5, 7, 3}, {4, 6, 5, 3}, {1, 1, 1, 1, 3}}) {
      const Mlp mlp = random_mlp({widths, f}, 11);
      const MlpShape& shape = mlp.shape;
      const std::vector<float> x = numbers<float>(kRows * shape.inputs(), 12, 2);
      const std::vector<float> targets = numbers<float>(kRows * 3, 13, 2);
      const MatrixView<float> batch{x.data(), kRows, shape.inputs()};
      MlpWorkspace workspace(shape, kRows + 2);
      const MatrixView<float> y = forward(k, mlp, batch, workspace);
      std::vector<double> p(mlp.parameters.begin(), mlp.parameters.end());
      const std::vector<double> exact = exact_outputs(shape, p, x, kRows);
      for (std::size_t i = 0; i < exact.size(); ++i) CHECK(std::abs(y.data[i] - exact[i]) <= 1e-5);

      std::vector<float> losses(kRows), above(kRows * 3), gradient(mlp.parameters.size());
      lab::squared_error(k, y, {targets.data(), kRows, 3}, losses, above);
      backward(k, mlp, batch, {above.data(), kRows, 3}, workspace, gradient);
      const auto loss = [&] {
        const std::vector<double> outputs = exact_outputs(shape, p, x, kRows);
        double sum = 0;
        for (std::size_t i = 0; i < outputs.size(); ++i)
          sum += 0.5 * (outputs[i] - targets[i]) * (outputs[i] - targets[i]);
        return sum / kRows;
      };
      constexpr double h = 1e-6;
      for (std::size_t i = 0; i < p.size(); ++i) {
        const double here = p[i];
        p[i] = here + h;
        const double more = loss();
        p[i] = here - h;
        const double less = loss();
        p[i] = here;
        CHECK(std::abs(gradient[i] - (more - less) / (2 * h)) <= 1e-5);
      }
    }
  }
}

TEST_CASE("mlp: rows of a batch do not see each other") {
  const Kernels& k = lab::kernels();
  const Mlp mlp = random_mlp({{5, 7, 3}, HiddenActivation::gelu}, 1);
  const std::vector<float> x = numbers<float>(20, 2);
  MlpWorkspace workspace(mlp.shape, 4), single(mlp.shape, 1);
  const MatrixView<float> all = forward(k, mlp, {x.data(), 4, 5}, workspace);
  for (std::size_t i = 0; i < 4; ++i) {
    const MatrixView<float> one = forward(k, mlp, {x.data() + 5 * i, 1, 5}, single);
    for (std::size_t j = 0; j < 3; ++j) CHECK(same_bits(all(i, j), one(0, j)));
  }
}

TEST_CASE("mlp: initialisations have their variance and no bias") {
  constexpr std::size_t kIn = 300, kOut = 200;
  for (const Initialization how : {Initialization::he_normal, Initialization::glorot_uniform}) {
    Mlp mlp({.widths = {kIn, kOut, 2}});
    mlp.parameters.assign(mlp.parameters.size(), 9.0f);
    lab::Stream stream(3, "init");
    initialize(mlp, how, stream);
    CHECK(stream.position() == kIn * kOut + kOut * 2);
    for (std::size_t l = 0; l < 2; ++l)
      for (const float b : mlp.shape.bias(mlp.parameters, l)) CHECK(b == 0);
    const auto weights = mlp.shape.weights(mlp.parameters, 0).values();
    double sum = 0, squares = 0, largest = 0;
    for (const float w : weights) {
      sum += w;
      squares += static_cast<double>(w) * w;
      largest = std::max(largest, std::abs(static_cast<double>(w)));
    }
    const bool he = how == Initialization::he_normal;
    const double variance = he ? 2.0 / kIn : 2.0 / (kIn + kOut);
    CHECK(std::abs(sum) / weights.size() <= 4 * std::sqrt(variance / weights.size()));
    CHECK(squares / weights.size() == doctest::Approx(variance).epsilon(0.03));
    if (!he) CHECK(largest <= std::sqrt(6.0 / (kIn + kOut)) * (1 + 1e-6));
    Mlp same(mlp.shape);
    lab::Stream again(3, "init");
    initialize(same, how, again);
    CHECK(same.parameters == mlp.parameters);
  }
}

TEST_CASE("mlp: saved and restored it is the same; another shape is refused") {
  const Mlp mlp = random_mlp({.widths = {3, 4, 2}}, 1);
  lab::ByteWriter writer;
  mlp.save(writer);
  Mlp same(mlp.shape);
  lab::ByteReader reader(writer.view());
  same.restore(reader);
  reader.expect_end();
  CHECK(same.parameters == mlp.parameters);
  // As many parameters in another order, another activation, and half of the bytes.
  for (MlpShape other :
       {MlpShape{{3, 2, 5}, HiddenActivation::relu}, MlpShape{{3, 4, 2}, HiddenActivation::gelu}}) {
    Mlp kept = random_mlp(other, 2);
    const std::vector<float> before = kept.parameters;
    lab::ByteReader wrong(writer.view(), "network");
    CHECK_THROWS_AS(kept.restore(wrong), lab::Error);
    CHECK(kept.parameters == before);
  }
  lab::ByteReader part(writer.view().first(writer.size() - 1));
  Mlp kept = random_mlp(mlp.shape, 2);
  const std::vector<float> before = kept.parameters;
  CHECK_THROWS_AS(kept.restore(part), lab::Error);
  CHECK(kept.parameters == before);
}

TEST_CASE("mlp: a training step does not allocate after the first") {
  Mlp mlp = random_mlp({{20, 30, 10, 5}, HiddenActivation::gelu}, 1);
  Trainer trainer(lab::kernels(), mlp, 16);
  lab::AdamW adamw(mlp.parameters.size(), {});
  const std::vector<float> x = numbers<float>(16 * 20, 2);
  const std::vector<int> labels(16, 3);
  trainer.step(adamw, 1e-3, {x.data(), 16, 20}, labels);
  const std::size_t before = allocations_made();
  for (std::size_t rows : {16, 7, 16, 1})
    trainer.step(adamw, 1e-3, {x.data(), rows, 20}, std::span(labels).first(rows));
  CHECK(allocations_made() == before);
}

TEST_CASE("mlp: training has one digest, on every instruction set, compiler and target") {
  for_each_strict([](const Kernels& k) {
    lab::Digest digest;
    const std::vector<float> x = numbers<float>(40 * 13, 2, 3);
    std::vector<int> labels;
    for (int i = 0; i < 40; ++i) labels.push_back(i * i % 7);
    for (const HiddenActivation f : kAll) {
      Mlp mlp({{13, 31, 17, 7}, f});
      lab::Stream stream(5, "init");
      initialize(
          mlp,
          f == HiddenActivation::relu ? Initialization::he_normal : Initialization::glorot_uniform,
          stream);
      Trainer trainer(k, mlp, 16);
      lab::Sgd sgd(mlp.parameters.size(), {.momentum = 0.9, .nesterov = true});
      lab::AdamW adamw(mlp.parameters.size(), {.weight_decay = 0.01});
      const lab::CosineSchedule schedule{.highest = 0.05, .warm_up = 2, .steps = 6};
      for (std::uint64_t step = 0; step < 6; ++step) {
        for (std::size_t first = 0; first < 40; first += 16) {
          const std::size_t rows = std::min<std::size_t>(16, 40 - first);
          digest.f64(trainer.step(sgd, schedule.at(step), {x.data() + 13 * first, rows, 13},
                                  std::span(labels).subspan(first, rows)));
        }
        const double norm = clip_norm(k, 0.5, trainer.gradient);
        CHECK((std::isfinite(norm) && norm > 0));
        digest.f64(norm);
        adamw.step(schedule.at(step), trainer.gradient, mlp.parameters);
        digest.f32s(mlp.parameters).f32s(trainer.gradient);
      }
    }
    CHECK(digest.hex() == "ab58151068bd7de1901c85a0973d71203c467723d233a6b5bc9b727500335336");
  });
}

TEST_CASE("mlp: learns the digits") {
  const lab::DataStore store(lab::folder_source(lab::data_folders("")));
  const auto digits = store.get("digits");
  const std::size_t rows = digits->rows(), columns = digits->columns();
  std::vector<float> x(rows * columns);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(digits->features.data()[i] / 16);
  Mlp mlp({.widths = {columns, 32, digits->classes()}});
  lab::Stream init(0, "init"), order(0, "batches");
  initialize(mlp, Initialization::he_normal, init);
  constexpr std::size_t kBatch = 32;
  const Kernels& k = lab::kernels();
  Trainer trainer(k, mlp, kBatch);
  lab::Sgd sgd(mlp.parameters.size(), {.momentum = 0.9});
  std::vector<float> batch(kBatch * columns);
  std::vector<int> labels(kBatch);
  for (int epoch = 0; epoch < 5; ++epoch) {
    const std::vector<std::size_t> permutation = order.permutation(rows);
    for (std::size_t first = 0; first + kBatch <= rows; first += kBatch) {
      for (std::size_t i = 0; i < kBatch; ++i) {
        const std::size_t row = permutation[first + i];
        std::copy_n(x.begin() + row * columns, columns, batch.begin() + i * columns);
        labels[i] = digits->labels[row];
      }
      trainer.step(sgd, 0.1, {batch.data(), kBatch, columns}, labels);
    }
  }
  MlpWorkspace whole(mlp.shape, rows);
  const MatrixView<float> logits = forward(k, mlp, {x.data(), rows, columns}, whole);
  std::size_t right = 0;
  for (std::size_t i = 0; i < rows; ++i)
    if (k.argmax(logits.row(i)) == static_cast<std::size_t>(digits->labels[i])) ++right;
  CHECK(static_cast<double>(right) >= 0.95 * static_cast<double>(rows));
}
