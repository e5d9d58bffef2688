#include "experiment/separable/backend_use.h"

#include <utility>

#include "compute/webgpu/descent_device.h"
#include "compute/webgpu/webgpu_backend.h"

namespace lab {

BackendUse descents_on_webgpu(std::function<std::string(const Config&)> refusal) {
  return {.refusal = std::move(refusal), .open = open_for_descents, .poll = poll_webgpu};
}

}  // namespace lab
