#include "app/bench_learning.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "app/bench_data.h"
#include "app/bench_plain.h"
#include "core/error.h"
#include "data/generate.h"
#include "data/split.h"
#include "data/store.h"
#include "experiment/separable/contenders.h"

namespace lab {

namespace {

#ifdef __EMSCRIPTEN__
constexpr double kIterationsBudget = 40;  // ms for 1000 iterations on 569 x 30 in float64
#else
constexpr double kIterationsBudget = 10;
#endif

// theta descends on the samples z (n x d, each times its label), a step at a time.
template <class T>
class Descent {
 public:
  Descent(const Kernels& kernels, const std::vector<T>& z, std::size_t n, std::size_t d)
      : k_(kernels),
        samples_{z.data(), n, d},
        theta_(d),
        gradient_(d),
        margins_(n),
        weights_(n),
        losses_(n) {
    // What stays in the caches is read twice as fast as columns and as rows; of what does not, a
    // few rows at a time are read once.
    constexpr std::size_t kCached = std::size_t{1} << 19, kRows = std::size_t{1} << 17;  // bytes
    if (n * d * sizeof(T) > kCached) {
      rows_ = std::max<std::size_t>(16, kRows / (d * sizeof(T)));
      part_.resize(d);
      return;
    }
    features_.resize(n * d);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < d; ++j) features_[j * n + i] = z[i * d + j];
  }

  void restart() { std::fill(theta_.begin(), theta_.end(), T(0)); }

  void step(double size) {
    const auto [data, n, d] = samples_;
    if (rows_ == 0) {
      k_.gemv_t({features_.data(), d, n}, theta(), margins_);
      weigh(0, n);
      k_.gemv_t(samples_, std::span<const T>(weights_), gradient_);
    } else {
      std::fill(gradient_.begin(), gradient_.end(), T(0));
      for (std::size_t first = 0; first < n; first += rows_) {
        const std::size_t rows = std::min(rows_, n - first);
        const MatrixView<T> some{data + first * d, rows, d};
        k_.gemv(some, theta(), std::span(margins_).subspan(first, rows));
        weigh(first, rows);
        k_.gemv_t(some, std::span<const T>(weights_).subspan(first, rows), part_);
        k_.axpy(1, std::span<const T>(part_), gradient_);
      }
    }
    k_.axpy(static_cast<T>(size / static_cast<double>(n)), std::span<const T>(gradient_), theta_);
  }

  // Mean loss at theta.
  double loss() {
    k_.gemv(samples_, theta(), margins_);
    weigh(0, samples_.rows);
    return k_.sum(std::span<const T>(losses_)) / static_cast<double>(samples_.rows);
  }

 private:
  std::span<const T> theta() const { return theta_; }
  void weigh(std::size_t first, std::size_t count) {
    k_.logistic(std::span<const T>(margins_).subspan(first, count),
                std::span(weights_).subspan(first, count),
                std::span(losses_).subspan(first, count));
  }

  const Kernels& k_;
  MatrixView<T> samples_;
  std::size_t rows_ = 0;  // read at a time; 0: all, and `features_` are the same samples transposed
  std::vector<T> features_, theta_, gradient_, part_, margins_, weights_, losses_;
};

template <class T>
void descend(BenchMeasure& measure, std::span<const Kernels* const> tables, std::size_t n,
             std::size_t d, int iterations) {
  constexpr double kStep = 1;
  const std::vector<T> z = bench_signed_samples<T>(n, d);
  BenchRow row{.name = "lr-gd",
               .element = std::is_same_v<T, double> ? "float64" : "float32",
               .variant = "plain, libm",
               .size = std::to_string(n) + "x" + std::to_string(d) + ", " +
                       std::to_string(iterations) + " steps"};
  if (!measure.compared()) {
    std::vector<T> theta(d), gradient(d);
    measure.milliseconds(row, [&] {
      std::fill(theta.begin(), theta.end(), T(0));
      for (int i = 0; i < iterations; ++i)
        plain::logistic_regression_step(z.data(), theta.data(), gradient.data(), n, d, kStep);
    });
  }
  for (const Kernels* k : tables) {
    row.variant = k->name;
    const bool budgeted = k->math == Math::strict && std::is_same_v<T, double> && n < 1000;
    row.budget = budgeted && !measure.on_all_cores() ? kIterationsBudget : 0;
    Descent<T> descent(*k, z, n, d);
    double loss = 0;
    measure.milliseconds(
        row,
        [&] {
          descent.restart();
          for (int i = 0; i < iterations; ++i) descent.step(kStep);
          loss = descent.loss();
        },
        [&] { return loss; });
    if (!(loss < 0.6931))
      throw Error("gradient descent did not lower the loss", "bench lr-gd", "",
                  Error::Kind::machine);
  }
}

}  // namespace

void bench_descent(BenchMeasure& measure, std::span<const Kernels* const> tables) {
  descend<double>(measure, tables, 569, 30, 1000);
  descend<float>(measure, tables, 569, 30, 1000);
  if (measure.quick()) return;
  descend<double>(measure, tables, 60'000, 784, 10);
  descend<float>(measure, tables, 60'000, 784, 10);
}

void bench_fit(BenchMeasure& measure) {
  using namespace separable;
  Dataset data;
  std::string name = "wdbc";
  try {
    if (measure.data() == nullptr) throw Error("no data", "", "");
    data = *measure.data()->get("wdbc");
  } catch (const Error&) {
    name = "generated";
    data = overlapping_gaussians(569, 30, 1, 0);
  }
  const std::size_t n = data.rows();
  std::vector<double> y;
  for (const int label : data.labels) y.push_back(label == 1 ? 1 : -1);
  std::vector<std::uint16_t> fold_of(n, 0);
  const std::vector<Split> splits = stratified_folds(data, 10, 0);
  for (const std::size_t row : splits[0].test) fold_of[row] = 1;
  const auto tested = static_cast<std::size_t>(std::count(fold_of.begin(), fold_of.end(), 1));
  Fold fold(view(data.features), y, n - tested, tested);
  fold.prepare(fold_of, 1, Scaler::inside);
  const std::array<std::size_t, 1> sizes = {n - tested};
  Contenders contenders(view(data.features), y, sizes, kAllContenders, {}, 0, Math::strict);
  std::vector<double> scores(tested);
  for (const Contender contender : kAllContenders) {
    if (contender == Contender::majority) continue;
    const BenchRow row{
        .name = "fit",
        .element = "float64",
        .variant = std::string(label(contender)),
        .size = std::to_string(n - tested) + "x" + std::to_string(data.columns()) + ", " + name};
    Fit result;
    measure.milliseconds(row, [&] {
      while (!contenders.advance(contender, fold, 0, result, scores)) {
      }
    });
    if (!(result.test_accuracy > 0.5)) {
      throw Error("a model learnt nothing", "bench fit", "", Error::Kind::machine);
    }
  }
}

}  // namespace lab
