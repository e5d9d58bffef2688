// How fast does this machine compute? The figures of `logit-lab bench`: each kernel that a budget
// stands on, beside a plain loop of the same run, on one core or on all of them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli_text.h"
#include "core/json_fwd.h"
#include "experiment/experiment.h"

namespace lab {

class DataStore;

struct BenchRow {
  std::string name = {};     // one of bench_names()
  std::string element = {};  // "float64" or "float32"
  // A table of kernels ("strict/avx2"), what the plain loop is, a model, or what was done.
  std::string variant = {};
  std::string size = {};  // "256 x 256 x 256"
  // "ms", "us", "MB" (less is better), "Gelem/s", "GFLOP/s" or "ktoken/s" (more is better).
  std::string unit = {};
  // Of repeated measurements after a warm-up, in `unit`. On a busy machine `best` is the one to
  // trust.
  double median = 0, worse_quartile = 0, better_quartile = 0, best = 0;
  std::string baseline = {};  // the variant that `ratio` compares with
  double ratio = 1;           // how many times as fast as the baseline, by the medians
  double budget = 0;          // the most that `median` may be, in `unit`; 0: none
  unsigned cores = 1;         // that did this at the same time; rates are their sum
  // Of the results, so that programs can be compared: the final loss, the first element of a
  // product, the largest of the first row of a softmax.
  std::optional<double> check = {};
};

struct BenchOptions {
  std::vector<std::string> names;  // of bench_names(); empty: all
  bool quick = false;              // a fifth of the time, and nothing large
  // Only what other programs are measured at too (tests/peers), without the plain loops.
  bool compared = false;
  bool all_cores = false;                        // every core does the same at the same time
  DataStore* data = nullptr;                     // where experiments, and "fit", find their data
  std::span<const Experiment> experiments = {};  // of "session", "snapshot" and "memory"
  // Called after each row; may throw to stop.
  std::function<void(const BenchRow&)> row_done = {};
};

// "fit" (one fit of each model of simple-linear-wdbc on a training fold of the breast-cancer data,
// or of generated data of that size where they are not there), "lr-gd" (gradient descent for
// logistic regression, 1000 iterations on 569 x 30 and 10 on 60 000 x 784), "exp", "log",
// "softmax", "gemv", "gemv_t", "gemm", "dcov" (see bench_kernels.h), "mlp" (bench_mlp.h),
// "train", "decode" (bench_language.h), "session", "snapshot", "memory" (bench_session.h), "webgpu"
// (bench_webgpu.h).
std::span<const std::string_view> bench_names();

// Runs them, in that order. Throws lab::Error for an unknown name. With `compared` of these only
// "lr-gd", "softmax", "gemm" and "mlp"; with `all_cores` not "memory" and "webgpu", and natively
// alone.
std::vector<BenchRow> run_bench(const BenchOptions& options);

// For a terminal: one line a row.
TextTable bench_table(std::span<const BenchRow> rows);

// {"rows": [{"name", "element", "variant", "size", "unit", "median", "worse_quartile",
// "better_quartile", "best", "baseline", "ratio", "cores", and where there is one "check", "budget"
// and "within_budget"}]}
nlohmann::json bench_json(std::span<const BenchRow> rows);

}  // namespace lab
