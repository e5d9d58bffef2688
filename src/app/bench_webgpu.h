// The benchmark "webgpu": operations of a Backend on the adapter that WebGPU prefers, beside the
// CPU's.
#pragma once

#include <functional>

#include "app/bench.h"

namespace lab {

// One measured row: what it is, the work of one call in 1e9 of its unit, and the call.
using MeasureRate =
    std::function<void(BenchRow row, double work, const std::function<void()>& call)>;

// Each call is one operation and reading one number of what it wrote. On an adapter that is
// software sizes are small, and nothing is measured unless it was asked for by name; where there is
// no adapter that throws lab::Error with the reason.
void bench_webgpu(const MeasureRate& measure, bool quick, bool asked_for);

}  // namespace lab
