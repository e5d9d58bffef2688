// What do the session and its timeline cost, and how much memory does an experiment take? The
// benchmarks "session", "snapshot" and "memory".
#pragma once

#include <span>

#include "app/bench_measure.h"
#include "experiment/experiment.h"

namespace lab {

// A step of lr-gd-perceptron, of the run alone and through a session with its timeline and records.
void bench_session(BenchMeasure& measure, const FindExperiment& find);

// Of each experiment with its default settings, after at most 100 steps: the state of a run to
// bytes, and back.
void bench_snapshot(BenchMeasure& measure, std::span<const Experiment> experiments);

// Of each experiment with its default settings, through a session for at most 10 000 steps or two
// seconds: the most memory beside what there was before, of the process (Linux), or of what is in
// use when it is looked for every 100 steps (WebAssembly). Nothing elsewhere.
void bench_memory(BenchMeasure& measure, std::span<const Experiment> experiments);

}  // namespace lab
