// How long does a call take? Repeated measurements after a warm-up, on one core or on all at once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/bench.h"

namespace lab {

// What threads that measure the same calls at the same time share. Natively alone.
class BenchTeam;

class BenchMeasure {
 public:
  // team: those that measure beside this one, which has the number `member`; null: none. Rows go to
  // options.row_done and `rows` of member 0 alone. options must outlive this.
  explicit BenchMeasure(const BenchOptions& options, BenchTeam* team = nullptr,
                        unsigned member = 0);

  bool quick() const { return options_.quick; }
  bool compared() const { return options_.compared; }
  bool on_all_cores() const { return team_ != nullptr; }
  DataStore* data() const { return options_.data; }

  // One row each. The first of a name, element and size is the baseline of those that follow it.
  // check: of the results, after the last call (see BenchRow).
  using Call = std::function<void()>;
  using Check = std::function<double()>;
  // work: what one call does, in what row.unit counts (1e9 elements or floating-point operations,
  // 1000 tokens).
  void rate(BenchRow row, double work, const Call& call, const Check& check = {});
  void milliseconds(BenchRow row, const Call& call, const Check& check = {});
  // steps: what one call does.
  void microseconds_a_step(BenchRow row, double steps, const Call& call);
  // What is no time: `row` is complete.
  void note(BenchRow row);

  std::vector<BenchRow> rows;

 private:
  // Seconds that one call takes: the quartiles of many measurements, and the shortest.
  struct Seconds {
    double best, lower, median, upper;
  };
  Seconds measure(const Call& call);
  void finish(BenchRow row, double seconds, const Check& check);

  const BenchOptions& options_;
  BenchTeam* team_;
  unsigned member_;
  std::string baseline_key_, baseline_;
  double baseline_seconds_ = 0;
};

// Calls measure_all(measure) once for each core at the same time, with measures of one team; gives
// the rows. What a row says is then the work of all cores together: rates are sums, and times those
// after which one call more is done. Throws what one of them threw. Natively alone.
std::vector<BenchRow> measure_on_all_cores(const BenchOptions& options,
                                           const std::function<void(BenchMeasure&)>& measure_all);

}  // namespace lab
