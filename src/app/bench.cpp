#include "app/bench.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/bench_kernels.h"
#include "app/bench_language.h"
#include "app/bench_learning.h"
#include "app/bench_measure.h"
#include "app/bench_mlp.h"
#include "app/bench_session.h"
#include "app/bench_webgpu.h"
#include "compute/kernels.h"
#include "core/error.h"

namespace lab {

namespace {

constexpr std::array<std::string_view, 16> kNames = {
    "fit",  "lr-gd", "exp",   "log",    "softmax", "gemv",     "gemv_t", "gemm",
    "dcov", "mlp",   "train", "decode", "session", "snapshot", "memory", "webgpu"};
constexpr std::array<std::string_view, 4> kCompared = {"lr-gd", "softmax", "gemm", "mlp"};
constexpr std::array<std::string_view, 2> kOfOneCore = {"memory", "webgpu"};

// The tables whose figures are shown: the strict one, and the fast one where it is another.
std::vector<const Kernels*> chosen_tables() {
  std::vector<const Kernels*> tables = {&kernels(Math::strict)};
  if (&kernels(Math::fast) != tables[0]) tables.push_back(&kernels(Math::fast));
  return tables;
}

void run_one(BenchMeasure& measure, std::string_view name, const BenchOptions& options) {
  const std::vector<const Kernels*> tables = chosen_tables();
  if (name == "fit") {
    bench_fit(measure);
  } else if (name == "lr-gd") {
    bench_descent(measure, tables);
  } else if (name == "softmax") {
    bench_softmax(measure, tables);
  } else if (name == "gemv" || name == "gemv_t") {
    bench_gemv(measure, tables, name == "gemv_t");
  } else if (name == "gemm") {
    bench_gemm(measure, tables);
  } else if (name == "dcov") {
    bench_distance_covariance(measure, tables);
  } else if (name == "mlp") {
    bench_mlp(measure, tables);
  } else if (name == "train") {
    bench_training(measure, tables);
  } else if (name == "decode") {
    bench_decoding(measure, tables);
  } else if (name == "session") {
    bench_session(measure, find_in(options.experiments));
  } else if (name == "snapshot") {
    bench_snapshot(measure, options.experiments);
  } else if (name == "memory") {
    bench_memory(measure, options.experiments);
  } else if (name == "webgpu") {
    bench_webgpu(
        [&](BenchRow row, double work, const std::function<void()>& call) {
          measure.rate(std::move(row), work, call);
        },
        options.quick, !options.names.empty());
  } else {
    bench_elementwise(measure, tables, name);
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
  const auto among = [](std::span<const std::string_view> some, std::string_view name) {
    return std::ranges::find(some, name) != some.end();
  };
  const auto measure_all = [&](BenchMeasure& measure) {
    for (const std::string& name : all) {
      if (!options.names.empty() && std::ranges::find(options.names, name) == options.names.end())
        continue;
      if (options.compared && !among(kCompared, name)) continue;
      if (options.all_cores && among(kOfOneCore, name)) continue;
      run_one(measure, name, options);
    }
  };
  if (options.all_cores) return measure_on_all_cores(options, measure_all);
  BenchMeasure measure(options);
  measure_all(measure);
  return std::move(measure.rows);
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
                           {"ratio", row.ratio},
                           {"cores", row.cores}};
    if (row.check) item["check"] = *row.check;
    if (row.budget > 0) {
      item["budget"] = row.budget;
      item["within_budget"] = row.median <= row.budget;
    }
    list.push_back(std::move(item));
  }
  return {{"rows", std::move(list)}};
}

}  // namespace lab
