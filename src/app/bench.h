// How fast does this machine compute? The figures of `logit-lab bench`: each kernel that a budget
// stands on, on one core, beside a plain loop of the same run.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli_text.h"
#include "core/json_fwd.h"

namespace lab {

class DataStore;

struct BenchRow {
  std::string name = {};     // one of bench_names()
  std::string element = {};  // "float64" or "float32"
  std::string variant =
      {};                 // a table of kernels ("strict/avx2"), what the plain loop is, or a model
  std::string size = {};  // "256 x 256 x 256"
  std::string unit = {};  // "ms" (less is better), "Gelem/s" or "GFLOP/s" (more is better)
  // Of repeated measurements after a warm-up, in `unit`. On a busy machine `best` is the one to
  // trust.
  double median = 0, worse_quartile = 0, better_quartile = 0, best = 0;
  std::string baseline = {};  // the variant that `ratio` compares with
  double ratio = 1;           // how many times as fast as the baseline, by the medians
  double budget = 0;          // the most that `median` may be, in `unit`; 0: none
};

struct BenchOptions {
  std::vector<std::string> names;   // of bench_names(); empty: all
  bool quick = false;               // a fifth of the time, and no matrix above 256
  const DataStore* data = nullptr;  // where "fit" finds the breast-cancer data
  // Called after each row; may throw to stop.
  std::function<void(const BenchRow&)> row_done;
};

// "fit" (one fit of each model of simple-linear-wdbc on a training fold of the breast-cancer data,
// or of generated data of that size where they are not there), "lr-gd" (1000 iterations of gradient
// descent for logistic regression on 569 x 30), "exp", "log", "softmax", "gemv_t", "gemm", "mlp"
// (see bench_mlp.h), "webgpu" (see bench_webgpu.h).
std::span<const std::string_view> bench_names();

// Runs them, in that order. Throws lab::Error for an unknown name.
std::vector<BenchRow> run_bench(const BenchOptions& options);

// For a terminal: one line a row.
TextTable bench_table(std::span<const BenchRow> rows);

// {"rows": [{"name", "element", "variant", "size", "unit", "median", "worse_quartile",
// "better_quartile", "best", "baseline", "ratio", and where there is one "budget" and
// "within_budget"}]}
nlohmann::json bench_json(std::span<const BenchRow> rows);

}  // namespace lab
