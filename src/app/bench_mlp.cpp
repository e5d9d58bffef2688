#include "app/bench_mlp.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "app/bench_data.h"
#include "app/bench_plain.h"
#include "core/error.h"
#include "model/losses.h"
#include "model/mlp.h"
#include "model/optimisers.h"

namespace lab {

namespace {

constexpr std::size_t kInputs = 784, kHidden = 128, kClasses = 10, kBatch = 64;
constexpr float kStepSize = 0.05f;

// Weights uniform in +-sqrt(6 / inputs), as K. He et al. 2015 have their variance; biases 0.
void initialize(Mlp& mlp) {
  std::uint32_t next = 0;
  for (std::size_t l = 0; l < mlp.shape.layers(); ++l) {
    const std::size_t inputs = mlp.shape.widths[l], outputs = mlp.shape.widths[l + 1];
    const double limit = std::sqrt(6 / static_cast<double>(inputs));
    for (float& weight : std::span(mlp.parameters).subspan(mlp.shape.offset(l), inputs * outputs))
      weight = static_cast<float>(bench_number(BenchStream::weights, next++, -limit, limit));
  }
}

// Calls step(x, labels, rows) for one batch after another and gives the loss of the last.
template <class Step>
double epoch(const BenchPictures& samples, const Step& step) {
  double loss = 0;
  const std::size_t count = samples.labels.size();
  for (std::size_t first = 0; first < count; first += kBatch)
    loss = step(samples.x.data() + first * kInputs, samples.labels.data() + first,
                std::min(kBatch, count - first));
  return loss;
}

}  // namespace

void bench_mlp(BenchMeasure& measure, std::span<const Kernels* const> tables) {
  const BenchPictures samples = bench_pictures(measure.quick() ? 1000 : 10'000, kInputs, kClasses);
  Mlp start({.widths = {kInputs, kHidden, kClasses}});
  initialize(start);
  std::vector<float> gradient(start.parameters.size());
  BenchRow row{.name = "mlp",
               .element = "float32",
               .variant = "plain, libm",
               .size = "784-128-10, " + std::to_string(samples.labels.size()) + " by 64"};

  double plain_loss = 0;
  if (!measure.compared()) {
    constexpr plain::MlpShape kShape{kInputs, kHidden, kClasses, kBatch};
    std::vector<float> work(kBatch * (2 * kHidden + kClasses));
    std::vector<float> parameters(start.parameters.size());
    measure.milliseconds(row, [&] {
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
    const auto train = [&] {
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
    };
    measure.milliseconds(row, train, [&] { return loss; });
    if (!measure.compared() && !(std::abs(loss - plain_loss) <= 1e-4))
      throw Error("the loss after an epoch is not that of the plain loop", "bench mlp", "",
                  Error::Kind::machine);
  }
}

}  // namespace lab
