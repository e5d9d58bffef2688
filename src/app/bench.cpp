#include "app/bench.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "app/bench_mlp.h"
#include "app/bench_plain.h"
#include "app/bench_webgpu.h"
#include "compute/kernels.h"
#include "core/error.h"
#include "core/random.h"
#include "core/tensor.h"
#include "data/generate.h"
#include "data/split.h"
#include "data/store.h"
#include "experiment/separable/contenders.h"

namespace lab {

namespace {

constexpr std::array<std::string_view, 9> kNames = {"fit",    "lr-gd", "exp", "log",   "softmax",
                                                    "gemv_t", "gemm",  "mlp", "webgpu"};
#ifdef __EMSCRIPTEN__
constexpr double kIterationsBudget = 40;  // ms for 1000 iterations on 569 x 30
#else
constexpr double kIterationsBudget = 10;
#endif

// Seconds that one call takes: the quartiles of many measurements, and the shortest.
struct Seconds {
  double best, lower, median, upper;
};

double seconds_of(const std::function<void()>& call, std::size_t calls) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < calls; ++i) call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Seconds measure(const std::function<void()>& call, bool quick) {
  constexpr double kShortest = 1e-3;  // of one measurement: far above the clock's resolution
  const double total = quick ? 0.1 : 0.5;
  // The warm-up also finds how many calls make up a measurement.
  std::size_t calls = 1;
  double taken = seconds_of(call, calls);
  for (double warm = taken; taken < kShortest || warm < total / 5; warm += taken) {
    if (taken < kShortest) calls *= 2;
    taken = seconds_of(call, calls);
  }
  std::vector<double> times;
  for (double sum = 0; sum < total || times.size() < 5; sum += taken) {
    taken = seconds_of(call, calls);
    times.push_back(taken / static_cast<double>(calls));
  }
  std::sort(times.begin(), times.end());
  const std::size_t n = times.size();
  return {times[0], times[n / 4], times[n / 2], times[n - 1 - n / 4]};
}

template <class T>
std::vector<T> numbers(std::size_t n, std::string_view name, double low, double high) {
  Stream stream(0, name);
  std::vector<T> x(n);
  for (T& v : x) v = static_cast<T>(stream.uniform(low, high));
  return x;
}

template <class T>
std::string element_name() {
  return std::is_same_v<T, double> ? "float64" : "float32";
}

// The tables whose figures are shown: the strict one, and the fast one where it is another.
std::vector<const Kernels*> chosen_tables() {
  std::vector<const Kernels*> tables = {&kernels(Math::strict)};
  if (&kernels(Math::fast) != tables[0]) tables.push_back(&kernels(Math::fast));
  return tables;
}

class Bench {
 public:
  explicit Bench(const BenchOptions& options) : options_(options) {}

  // work: what one call does, in units of 1e9 (elements or floating-point operations).
  void rate(BenchRow row, double work, const std::function<void()>& call) {
    const Seconds s = measure(call, options_.quick);
    row.median = work / s.median;
    row.worse_quartile = work / s.upper;
    row.better_quartile = work / s.lower;
    row.best = work / s.best;
    finish(std::move(row), s.median);
  }

  void milliseconds(BenchRow row, const std::function<void()>& call) {
    const Seconds s = measure(call, options_.quick);
    row.unit = "ms";
    row.median = 1e3 * s.median;
    row.worse_quartile = 1e3 * s.upper;
    row.better_quartile = 1e3 * s.lower;
    row.best = 1e3 * s.best;
    finish(std::move(row), s.median);
  }

  void fit();
  void lr_gd();
  template <class T>
  void elementwise(const std::string& name);
  template <class T>
  void softmax();
  template <class T>
  void gemv_t();
  template <class T>
  void gemm();

  std::vector<BenchRow> rows;

 private:
  // The first row of a name, element and size is the baseline of those that follow.
  void finish(BenchRow row, double seconds) {
    const std::string key = row.name + ' ' + row.element + ' ' + row.size;
    if (key != baseline_key_) {
      baseline_key_ = key;
      baseline_ = row.variant;
      baseline_seconds_ = seconds;
    }
    row.baseline = baseline_;
    row.ratio = baseline_seconds_ / seconds;
    rows.push_back(std::move(row));
    if (options_.row_done) options_.row_done(rows.back());
  }

  const BenchOptions& options_;
  std::string baseline_key_, baseline_;
  double baseline_seconds_ = 0;
};

// Separable data of the shape of the Wisconsin breast-cancer set: rows y_i a_i, a_i uniform in a
// cube, y_i by a random direction.
std::vector<double> signed_samples(std::size_t n, std::size_t d) {
  std::vector<double> z = numbers<double>(n * d, "bench/samples", -1.7, 1.7);
  const std::vector<double> direction = numbers<double>(d, "bench/direction", -1, 1);
  for (std::size_t i = 0; i < n; ++i) {
    double side = 0;
    for (std::size_t j = 0; j < d; ++j) side += z[i * d + j] * direction[j];
    if (side < 0)
      for (std::size_t j = 0; j < d; ++j) z[i * d + j] = -z[i * d + j];
  }
  return z;
}

void Bench::lr_gd() {
  constexpr std::size_t n = 569, d = 30;
  constexpr int kIterations = 1000;
  constexpr double kStep = 1;
  const std::vector<double> z = signed_samples(n, d);
  std::vector<double> transposed(n * d);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < d; ++j) transposed[j * n + i] = z[i * d + j];
  const MatrixView<double> samples{z.data(), n, d}, features{transposed.data(), d, n};
  std::vector<double> theta(d), gradient(d), margins(n), weights(n), losses(n);
  const BenchRow row{.name = "lr-gd", .element = "float64", .size = "569x30, 1000 steps"};

  BenchRow plain = row;
  plain.variant = "plain, libm";
  milliseconds(plain, [&] {
    std::fill(theta.begin(), theta.end(), 0.0);
    for (int i = 0; i < kIterations; ++i)
      plain::logistic_regression_step(z.data(), theta.data(), gradient.data(), n, d, kStep);
  });
  for (const Kernels* k : available_kernels()) {
    BenchRow ours = row;
    ours.variant = k->name;
    if (k == &kernels(Math::strict)) ours.budget = kIterationsBudget;
    double loss = 0;
    milliseconds(ours, [&] {
      std::fill(theta.begin(), theta.end(), 0.0);
      for (int i = 0; i < kIterations; ++i) {
        k->gemv_t(features, theta, margins);
        k->logistic(margins, weights, losses);
        loss = k->sum(std::span<const double>(losses)) / n;
        k->gemv_t(samples, weights, gradient);
        k->axpy(kStep / n, gradient, theta);
      }
    });
    if (!(loss < 0.6931))
      throw Error("gradient descent did not lower the loss", "bench lr-gd", "",
                  Error::Kind::machine);
  }
}

// One fit of each model on the same training fold: nine tenths of the data, standardised.
void Bench::fit() {
  using namespace separable;
  Dataset data;
  std::string name = "wdbc";
  try {
    if (options_.data == nullptr) throw Error("no data", "", "");
    data = *options_.data->get("wdbc");
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
    milliseconds(row, [&] {
      while (!contenders.advance(contender, fold, 0, result, scores)) {
      }
    });
    if (!(result.test_accuracy > 0.5)) {
      throw Error("a model learnt nothing", "bench fit", "", Error::Kind::machine);
    }
  }
}

template <class T>
void Bench::elementwise(const std::string& name) {
  constexpr std::size_t n = 4096;
  constexpr double kWork = n * 1e-9;
  const bool is_exp = name == "exp";
  const std::vector<T> x =
      is_exp ? numbers<T>(n, "bench/exp", -20, 20) : numbers<T>(n, "bench/log", 0, 20);
  std::vector<T> y(n);
  BenchRow row{.name = name,
               .element = element_name<T>(),
               .variant = "std::" + name + " loop",
               .size = "4096",
               .unit = "Gelem/s"};
  rate(row, kWork,
       [&] { is_exp ? plain::exp(x.data(), y.data(), n) : plain::log(x.data(), y.data(), n); });
  for (const Kernels* k : chosen_tables()) {
    row.variant = k->name;
    rate(row, kWork,
         [&] { is_exp ? k->exp(std::span<const T>(x), y) : k->log(std::span<const T>(x), y); });
  }
}

template <class T>
void Bench::softmax() {
  struct Shape {
    std::size_t rows, cols;
  };
  for (const auto& [rows, cols] : {Shape{1000, 10}, Shape{64, 1000}}) {
    const double work = static_cast<double>(rows * cols) * 1e-9;
    const std::vector<T> x = numbers<T>(rows * cols, "bench/softmax", -20, 20);
    std::vector<T> y(rows * cols);
    const MatrixView<T> logits{x.data(), rows, cols};
    BenchRow row{.name = "softmax",
                 .element = element_name<T>(),
                 .variant = "plain, std::exp",
                 .size = std::to_string(rows) + " x " + std::to_string(cols),
                 .unit = "Gelem/s"};
    rate(row, work, [&] { plain::softmax_rows(x.data(), y.data(), rows, cols); });
    for (const Kernels* k : chosen_tables()) {
      row.variant = k->name;
      rate(row, work, [&] { k->softmax_rows(logits, y); });
    }
  }
}

template <class T>
void Bench::gemv_t() {
  struct Shape {
    std::size_t rows, cols;
  };
  for (const auto& [rows, cols] : {Shape{30, 569}, Shape{569, 30}, Shape{1000, 1000}}) {
    const double work = 2e-9 * static_cast<double>(rows * cols);
    const std::vector<T> b = numbers<T>(rows * cols, "bench/matrix", -1, 1);
    const std::vector<T> x = numbers<T>(rows, "bench/vector", -1, 1);
    std::vector<T> y(cols);
    const MatrixView<T> matrix{b.data(), rows, cols};
    BenchRow row{.name = "gemv_t",
                 .element = element_name<T>(),
                 .variant = "plain",
                 .size = std::to_string(rows) + " x " + std::to_string(cols),
                 .unit = "GFLOP/s"};
    rate(row, work, [&] { plain::gemv_t(b.data(), x.data(), y.data(), rows, cols); });
    for (const Kernels* k : chosen_tables()) {
      row.variant = k->name;
      rate(row, work, [&] { k->gemv_t(matrix, std::span<const T>(x), y); });
    }
  }
}

template <class T>
void Bench::gemm() {
  for (const std::size_t n : {64, 128, 256, 512, 1024}) {
    if (options_.quick && n > 256) break;
    const double work = 2e-9 * static_cast<double>(n) * static_cast<double>(n * n);
    const std::vector<T> a = numbers<T>(n * n, "bench/a", -1, 1),
                         b = numbers<T>(n * n, "bench/b", -1, 1);
    std::vector<T> c(n * n);
    const MatrixView<T> left{a.data(), n, n}, right{b.data(), n, n};
    const std::string side = std::to_string(n);
    BenchRow row{.name = "gemm",
                 .element = element_name<T>(),
                 .variant = "plain, i-k-j",
                 .size = side + " x " + side + " x " + side,
                 .unit = "GFLOP/s"};
    rate(row, work, [&] { plain::gemm(a.data(), b.data(), c.data(), n); });
    for (const Kernels* k : chosen_tables()) {
      row.variant = k->name;
      rate(row, work, [&] { k->gemm(left, right, c); });
    }
  }
}

void run_one(Bench& bench, std::string_view name, const BenchOptions& options) {
  if (name == "webgpu") {
    bench_webgpu([&](BenchRow row, double work,
                     const std::function<void()>& call) { bench.rate(std::move(row), work, call); },
                 options.quick, !options.names.empty());
  } else if (name == "mlp") {
    bench_mlp([&](BenchRow row,
                  const std::function<void()>& call) { bench.milliseconds(std::move(row), call); },
              chosen_tables(), options.quick);
  } else if (name == "fit") {
    bench.fit();
  } else if (name == "lr-gd") {
    bench.lr_gd();
  } else if (name == "softmax") {
    bench.softmax<double>();
    bench.softmax<float>();
  } else if (name == "gemv_t") {
    bench.gemv_t<double>();
    bench.gemv_t<float>();
  } else if (name == "gemm") {
    bench.gemm<double>();
    bench.gemm<float>();
  } else {
    bench.elementwise<double>(std::string(name));
    bench.elementwise<float>(std::string(name));
  }
}

}  // namespace

std::span<const std::string_view> bench_names() {
  return kNames;
}

std::vector<BenchRow> run_bench(const BenchOptions& options) {
  const std::vector<std::string> all(kNames.begin(), kNames.end());
  for (const std::string& name : options.names)
    if (std::find(all.begin(), all.end(), name) == all.end())
      throw Error("unknown benchmark '" + name + "'", "", listed(all, "or"));
  Bench bench(options);
  for (const std::string& name : all)
    if (options.names.empty() ||
        std::find(options.names.begin(), options.names.end(), name) != options.names.end())
      run_one(bench, name, options);
  return std::move(bench.rows);
}

TextTable bench_table(std::span<const BenchRow> rows) {
  using enum TextTable::Align;
  TextTable table(
      {{"WHAT"}, {"SIZE"}, {"ELEMENT"}, {"HOW"}, {"MEDIAN", right}, {"UNIT"}, {"RATIO", right}});
  for (const BenchRow& row : rows) {
    const auto number = [](double v) { return short_number(v, 3); };
    table.add({row.name, row.size, row.element, row.variant, number(row.median), row.unit,
               row.variant == row.baseline ? "" : number(row.ratio) + "x"});
    if (row.budget > 0)
      table.add_note("Budget: at most " + number(row.budget) + " " + row.unit +
                     (row.median <= row.budget ? ", kept." : ", not kept."));
  }
  return table;
}

nlohmann::json bench_json(std::span<const BenchRow> rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const BenchRow& row : rows) {
    nlohmann::json item = {{"name", row.name},
                           {"element", row.element},
                           {"variant", row.variant},
                           {"size", row.size},
                           {"unit", row.unit},
                           {"median", row.median},
                           {"worse_quartile", row.worse_quartile},
                           {"better_quartile", row.better_quartile},
                           {"best", row.best},
                           {"baseline", row.baseline},
                           {"ratio", row.ratio}};
    if (row.budget > 0) {
      item["budget"] = row.budget;
      item["within_budget"] = row.median <= row.budget;
    }
    list.push_back(std::move(item));
  }
  return {{"rows", std::move(list)}};
}

}  // namespace lab
