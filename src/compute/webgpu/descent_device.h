// On what are many descents (LogisticDescent) best computed here: on the adapter that WebGPU
// prefers, or on the CPU? That is measured, not guessed: a short descent on each. A software
// adapter is not even tried: it is a processor that plays another one.
#pragma once

#include "compute/backend.h"

namespace lab {

// Begins to open a device for descents. if_faster: only where it is a graphics processor that is
// faster than the CPU's backend at them; what was measured of an adapter holds for the process.
// The answer comes within poll_webgpu() or, in a browser, by itself; where there is nothing to open
// perhaps before this returns.
void open_for_descents(bool if_faster, Clock clock, BackendChosen done);

// The choice by what was measured: seconds for the same descents on both.
ChosenBackend faster_for_descents(std::shared_ptr<Backend> device, double device_seconds,
                                  double cpu_seconds);

}  // namespace lab
