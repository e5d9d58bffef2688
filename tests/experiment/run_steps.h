// A run of an experiment step by step, as its tests drive it. context: the same for all runs of one
// config.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "experiment/registry.h"

namespace lab {

inline std::unique_ptr<Run> begun(const Config& config, Recorder& recorder,
                                  const RunContext& context = {}) {
  std::unique_ptr<Run> run = find_experiment(config.experiment()).make(config, context);
  recorder.begin_step(0);
  run->begin(recorder);
  recorder.end_step();
  return run;
}

// Up to step `to`, or the end; the step that it came to.
inline std::uint64_t advance(Run& run, Recorder& recorder, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t step = from; step <= to; ++step) {
    recorder.begin_step(step);
    const bool more = run.step(recorder);
    recorder.end_step();
    if (!more) return step;
  }
  return to;
}

// Saved after step `middle` and restored into a new run, it observes the same there and goes on to
// step `end` with the same bits.
inline void check_resumes(const Config& config, std::uint64_t middle, std::uint64_t end,
                          const RunContext& context = {}) {
  const Experiment& experiment = find_experiment(config.experiment());
  Recorder recorder(experiment.recordings);
  const std::unique_ptr<Run> whole = begun(config, recorder, context);
  advance(*whole, recorder, 1, middle);
  const Recorder::Mark mark = recorder.mark();
  ByteWriter writer;
  whole->save(writer);
  whole->observe(recorder);
  const std::string in_between = recorder.digest();
  advance(*whole, recorder, middle + 1, end);
  whole->observe(recorder);
  const std::string digest = recorder.digest();

  recorder.rewind(mark);
  const std::unique_ptr<Run> again = experiment.make(config, context);
  ByteReader reader(writer.view());
  again->restore(reader);
  reader.expect_end();
  again->observe(recorder);
  CHECK(recorder.digest() == in_between);
  advance(*again, recorder, middle + 1, end);
  again->observe(recorder);
  CHECK(recorder.digest() == digest);
}

inline double value(const Recorder& recorder, std::string_view name) {
  const std::optional<double> found = recorder.value(name);
  REQUIRE_MESSAGE(found, name);
  return *found;
}

// Of a series.
inline double last(const Recorder& recorder, std::string_view name) {
  const auto buckets = recorder.buckets(recorder.find(name));
  REQUIRE_MESSAGE(!buckets.empty(), name);
  return buckets.back().last;
}

}  // namespace lab
