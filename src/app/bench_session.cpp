#include "app/bench_session.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#if defined(__linux__) || defined(__EMSCRIPTEN__)
#include <malloc.h>
#endif

#include "core/bytes.h"
#include "core/error.h"
#include "data/store.h"
#include "experiment/recorder.h"
#include "session/session.h"

namespace lab {

namespace {

// Makes so many steps, fewer where the run ends by itself.
void advance(Run& run, Recorder& recorder, std::uint64_t steps) {
  recorder.begin_step(0);
  run.begin(recorder);
  recorder.end_step();
  std::uint64_t step = 0;
  for (bool more = true; more && !recorder.divergence() && step < steps;) {
    if (step % 1024 == 0) recorder.reserve(1024);
    recorder.begin_step(++step);
    more = run.step(recorder);
    recorder.end_step();
  }
}

// What a front end does with the events of a session, but for showing them; gives the last step.
std::uint64_t take_events(Session& session) {
  std::uint64_t step = 0;
  while (const std::optional<Event> event = session.poll()) {
    if (const auto* error = std::get_if<event::Error>(&event->body))
      throw Error(error->problem, error->where, error->expected, error->kind);
    std::visit(
        [&](const auto& body) {
          if constexpr (requires { body.step; }) step = body.step;
        },
        event->body);
  }
  return step;
}

ConfigRequest endless_perceptron() {
  return {
      .experiment = "lr-gd-perceptron",
      .schema = {},
      .set = {{"data", std::string("overlapping")}, {"max_iterations", std::int64_t{1'000'000}}},
      .lineage = {}};
}

// The most memory that there was beside what there is now.
#if defined(__linux__)

class MemoryPeak {
 public:
  MemoryPeak() {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;  // the most so far is what there is now
    before_ = status("VmRSS:");
  }
  void look() {}
  double bytes() const { return status("VmHWM:") - before_; }

 private:
  static double status(std::string_view key) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
      if (line.starts_with(key)) return 1024 * std::stod(line.substr(key.size()));
    return 0;
  }
  double before_;
};

#elif defined(__EMSCRIPTEN__)

class MemoryPeak {
 public:
  void look() { most_ = std::max(most_, used()); }
  double bytes() const { return most_ - before_; }

 private:
  static double used() { return static_cast<double>(static_cast<unsigned>(mallinfo().uordblks)); }
  double before_ = used(), most_ = before_;
};

#endif

}  // namespace

void bench_session(BenchMeasure& measure, const FindExperiment& find) {
  constexpr std::uint64_t kSteps = 2000;
  BenchRow row{
      .name = "session", .element = "float64", .variant = "the run alone", .size = "a step"};
  const ConfigRequest request = endless_perceptron();
  const Experiment& experiment = find(request.experiment, "");
  const Config config(experiment.id, experiment.schema, request.set);
  const RunContext context{.seed = 0, .data = measure.data()};
  measure.microseconds_a_step(row, kSteps, [&] {
    const std::unique_ptr<Run> run = experiment.make(config, context);
    Recorder recorder(experiment.recordings);
    advance(*run, recorder, kSteps);
  });
  row.variant = "through a session";
  std::uint64_t step = 0;
  measure.microseconds_a_step(row, kSteps, [&] {
    Session session({.data = measure.data(), .find = find});
    session.post({command::Open{.config = request}});
    session.post({command::Run{.run = {}, .until = kSteps}});
    while (session.pump(kSteps)) {
    }
    step = take_events(session);
  });
  if (step != kSteps)
    throw Error("a session did not make its steps", "bench session", "", Error::Kind::machine);
}

void bench_snapshot(BenchMeasure& measure, std::span<const Experiment> experiments) {
  for (const Experiment& experiment : experiments) {
    const Config config(experiment.id, experiment.schema, {});
    const std::unique_ptr<Run> run = experiment.make(config, {.seed = 0, .data = measure.data()});
    Recorder recorder(experiment.recordings);
    advance(*run, recorder, 100);
    std::vector<std::byte> state;
    const auto save = [&] {
      ByteWriter writer;
      run->save(writer);
      state = writer.take();
    };
    save();
    const std::string bytes = std::to_string(state.size()) + " bytes, ";
    BenchRow row{
        .name = "snapshot", .element = "", .variant = experiment.id, .size = bytes + "save"};
    measure.microseconds_a_step(row, 1, save);
    row.size = bytes + "restore";
    measure.microseconds_a_step(row, 1, [&] {
      ByteReader reader(state);
      run->restore(reader);
    });
  }
}

void bench_memory(BenchMeasure& measure, std::span<const Experiment> experiments) {
#if defined(__linux__) || defined(__EMSCRIPTEN__)
  constexpr std::uint64_t kSteps = 10'000, kSlice = 100;
  const double most_seconds = measure.quick() ? 0.5 : 2;
  for (const Experiment& experiment : experiments) {
    MemoryPeak peak;
    std::uint64_t step = 0;
    {
      Session session({.data = measure.data(), .find = find_in(experiments)});
      ConfigRequest config;
      config.experiment = experiment.id;
      session.post({command::Open{.config = std::move(config)}});
      session.post({command::Run{.run = {}, .until = kSteps}});
      const auto start = std::chrono::steady_clock::now();
      const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      };
      while (session.pump(kSlice, most_seconds) && seconds() < most_seconds) {
        step = std::max(step, take_events(session));
        peak.look();
      }
      step = std::max(step, take_events(session));
      peak.look();
    }
    measure.note({.name = "memory",
                  .element = "",
                  .variant = experiment.id,
                  .size = std::to_string(step) + " steps",
                  .unit = "MB",
                  .median = std::max(0.0, peak.bytes()) / 0x1p20});
  }
#else
  (void)measure, (void)experiments;
#endif
}

}  // namespace lab
