#include "app/bench_mlp.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "app/bench_plain.h"
#include "core/error.h"
#include "core/random.h"
#include "model/losses.h"
#include "model/mlp.h"
#include "model/optimisers.h"

namespace lab {

namespace {

constexpr std::size_t kInputs = 784, kHidden = 128, kClasses = 10, kBatch = 64;
constexpr float kStepSize = 0.05f;

struct Samples {
  std::vector<float> x;     // samples x kInputs
  std::vector<int> labels;  // samples
};

// Each class has a random picture, and each sample is one with noise upon it.
Samples noisy_pictures(std::size_t count) {
  Stream stream(0, "bench/mlp");
  std::vector<float> pictures(kClasses * kInputs);
  stream.fill_uniform(pictures);
  Samples samples{std::vector<float>(count * kInputs), {}};
  stream.fill_normal(samples.x);
  for (std::size_t i = 0; i < count; ++i) {
    const auto label = static_cast<std::size_t>(stream.below(kClasses));
    samples.labels.push_back(static_cast<int>(label));
    for (std::size_t j = 0; j < kInputs; ++j)
      samples.x[i * kInputs + j] += pictures[label * kInputs + j];
  }
  return samples;
}

// Calls step(x, labels, rows) for one batch after another and gives the loss of the last.
template <class Step>
double epoch(const Samples& samples, const Step& step) {
  double loss = 0;
  const std::size_t count = samples.labels.size();
  for (std::size_t first = 0; first < count; first += kBatch)
    loss = step(samples.x.data() + first * kInputs, samples.labels.data() + first,
                std::min(kBatch, count - first));
  return loss;
}

}  // namespace

void bench_mlp(const MeasureTime& measure, std::span<const Kernels* const> tables, bool quick) {
  const Samples samples = noisy_pictures(quick ? 1000 : 10'000);
  Mlp start({.widths = {kInputs, kHidden, kClasses}});
  Stream stream(0, "bench/mlp/init");
  initialize(start, Initialization::he_normal, stream);
  std::vector<float> gradient(start.parameters.size());
  BenchRow row{.name = "mlp",
               .element = "float32",
               .variant = "plain, libm",
               .size = "784-128-10, " + std::to_string(samples.labels.size()) + " by 64"};

  double plain_loss = 0;
  {
    constexpr plain::MlpShape kShape{kInputs, kHidden, kClasses, kBatch};
    std::vector<float> work(kBatch * (2 * kHidden + kClasses));
    std::vector<float> parameters(start.parameters.size());
    measure(row, [&] {
      parameters = start.parameters;
      plain_loss = epoch(samples, [&](const float* x, const int* labels, std::size_t rows) {
        return plain::mlp_step(kShape, x, labels, rows, kStepSize, parameters.data(),
                               gradient.data(), work.data());
      });
    });
  }

  Mlp mlp = start;
  MlpWorkspace workspace(mlp.shape, kBatch);
  Sgd sgd(mlp.parameters.size(), {});
  std::vector<float> losses(kBatch), of_logits(kBatch * kClasses);
  for (const Kernels* k : tables) {
    row.variant = k->name;
    double loss = 0;
    measure(row, [&] {
      mlp.parameters = start.parameters;
      loss = epoch(samples, [&](const float* x, const int* labels, std::size_t rows) {
        const MatrixView<float> batch{x, rows, kInputs};
        const MatrixView<float> logits = forward(*k, mlp, batch, workspace);
        const std::span of_these = std::span(of_logits).first(rows * kClasses);
        const double mean =
            cross_entropy(*k, logits, {labels, rows}, std::span(losses).first(rows), of_these);
        backward(*k, mlp, batch, {of_these.data(), rows, kClasses}, workspace, gradient);
        sgd.step(kStepSize, gradient, mlp.parameters);
        return mean;
      });
    });
    if (!(std::abs(loss - plain_loss) <= 1e-4))
      throw Error("the loss after an epoch is not that of the plain loop", "bench mlp", "",
                  Error::Kind::machine);
  }
}

}  // namespace lab
