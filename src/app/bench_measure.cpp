#include "app/bench_measure.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <utility>

#include "core/error.h"

#ifndef __EMSCRIPTEN__
#include <barrier>
#include <thread>
#endif

namespace lab {

namespace {

double seconds_of(const std::function<void()>& call, std::size_t calls) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < calls; ++i) call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

#ifdef __EMSCRIPTEN__

class BenchTeam {
 public:
  unsigned size() const { return 1; }
  void meet() {}
  double together(unsigned, double seconds) { return seconds; }
};

std::vector<BenchRow> measure_on_all_cores(const BenchOptions&,
                                           const std::function<void(BenchMeasure&)>&) {
  throw Error("WebAssembly computes on one core", "bench", "no --all-cores", Error::Kind::machine);
}

#else

class BenchTeam {
 public:
  explicit BenchTeam(unsigned members)
      : barrier_(static_cast<std::ptrdiff_t>(members)), seconds_(members) {}

  unsigned size() const { return static_cast<unsigned>(seconds_.size()); }
  // Thrown by meet() when a member failed: nobody waits for the end of a long benchmark.
  struct Abandoned {};

  // Waits for all.
  void meet() {
    barrier_.arrive_and_wait();
    if (abandoned_) throw Abandoned{};
  }
  // A member that comes no more.
  void leave() { barrier_.arrive_and_drop(); }
  void abandon() { abandoned_ = true; }
  // Each member tells how long a call takes it; after so many seconds all of them together are done
  // with one more.
  double together(unsigned member, double seconds) {
    seconds_[member] = seconds;
    meet();
    double calls_a_second = 0;
    for (const double s : seconds_) calls_a_second += 1 / s;
    meet();
    return 1 / calls_a_second;
  }

 private:
  std::barrier<> barrier_;
  std::atomic<bool> abandoned_ = false;
  std::vector<double> seconds_;
};

std::vector<BenchRow> measure_on_all_cores(const BenchOptions& options,
                                           const std::function<void(BenchMeasure&)>& measure_all) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  BenchTeam team(cores);
  std::vector<std::exception_ptr> failures(cores);
  std::vector<BenchRow> rows;
  const auto work = [&](unsigned member) {
    try {
      BenchMeasure measure(options, &team, member);
      measure_all(measure);
      if (member == 0) rows = std::move(measure.rows);
    } catch (BenchTeam::Abandoned) {
    } catch (...) {
      failures[member] = std::current_exception();
      team.abandon();
    }
    team.leave();
  };
  {
    std::vector<std::jthread> others;
    for (unsigned member = 1; member < cores; ++member) others.emplace_back(work, member);
    work(0);
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  return rows;
}

#endif

BenchMeasure::BenchMeasure(const BenchOptions& options, BenchTeam* team, unsigned member)
    : options_(options), team_(team), member_(member) {}

BenchMeasure::Seconds BenchMeasure::measure(const Call& call) {
  constexpr double kShortest = 1e-3;  // of one measurement: far above the clock's resolution
  const double total = options_.quick ? 0.1 : 0.5;
  if (team_ != nullptr) team_->meet();
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
  Seconds s{times[0], times[n / 4], times[n / 2], times[n - 1 - n / 4]};
  if (team_ != nullptr)
    for (double* const each : {&s.best, &s.lower, &s.median, &s.upper})
      *each = team_->together(member_, *each);
  return s;
}

void BenchMeasure::rate(BenchRow row, double work, const Call& call, const Check& check) {
  const Seconds s = measure(call);
  row.median = work / s.median;
  row.worse_quartile = work / s.upper;
  row.better_quartile = work / s.lower;
  row.best = work / s.best;
  finish(std::move(row), s.median, check);
}

void BenchMeasure::milliseconds(BenchRow row, const Call& call, const Check& check) {
  const Seconds s = measure(call);
  row.unit = "ms";
  row.median = 1e3 * s.median;
  row.worse_quartile = 1e3 * s.upper;
  row.better_quartile = 1e3 * s.lower;
  row.best = 1e3 * s.best;
  finish(std::move(row), s.median, check);
}

void BenchMeasure::microseconds_a_step(BenchRow row, double steps, const Call& call) {
  const Seconds s = measure(call);
  row.unit = "us";
  row.median = 1e6 * s.median / steps;
  row.worse_quartile = 1e6 * s.upper / steps;
  row.better_quartile = 1e6 * s.lower / steps;
  row.best = 1e6 * s.best / steps;
  finish(std::move(row), s.median / steps, {});
}

void BenchMeasure::note(BenchRow row) {
  row.worse_quartile = row.better_quartile = row.best = row.median;
  row.baseline = row.variant;
  finish(std::move(row), 0, {});
}

void BenchMeasure::finish(BenchRow row, double seconds, const Check& check) {
  if (check) row.check = check();
  if (team_ != nullptr) row.cores = team_->size();
  if (member_ != 0) return;
  if (seconds > 0) {
    const std::string key = row.name + ' ' + row.element + ' ' + row.size;
    if (key != baseline_key_) {
      baseline_key_ = key;
      baseline_ = row.variant;
      baseline_seconds_ = seconds;
    }
    row.baseline = baseline_;
    row.ratio = baseline_seconds_ / seconds;
  }
  rows.push_back(std::move(row));
  if (options_.row_done) options_.row_done(rows.back());
}

}  // namespace lab
