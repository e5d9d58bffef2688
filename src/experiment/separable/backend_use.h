// Experiments of many descents, on the adapter that WebGPU prefers
// (compute/webgpu/descent_device.h).
#pragma once

#include <functional>
#include <string>

#include "experiment/experiment.h"

namespace lab {

// refusal: as in BackendUse.
BackendUse descents_on_webgpu(std::function<std::string(const Config&)> refusal = {});

}  // namespace lab
