#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

#include "compute/late_backend.h"
#include "compute/webgpu/descent_device.h"
#include "compute/webgpu/webgpu_backend.h"

using namespace lab;

TEST_CASE("descent device: the faster one is chosen, and how much faster it is is said") {
  const std::shared_ptr<Backend> device = std::make_shared<LateBackend>();
  const ChosenBackend faster = faster_for_descents(device, 0.5, 2);
  CHECK(faster.backend == device);
  CHECK(faster.reason == "a late device descends 4 times as fast as the CPU here");
  const ChosenBackend slower = faster_for_descents(device, 3, 2);
  CHECK(slower.backend == nullptr);
  CHECK(slower.reason == "the CPU descends 1.5 times as fast as a late device here");
  CHECK(!slower.failure);
}

#ifndef __EMSCRIPTEN__
namespace {

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

TEST_CASE("descent device: an adapter, or the CPU with a line that says why") {
  for (const bool if_faster : {false, true}) {
    std::optional<ChosenBackend> chosen;
    open_for_descents(if_faster, seconds,
                      [&](ChosenBackend answer) { chosen = std::move(answer); });
    while (!chosen) {
      poll_webgpu();
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    std::printf("  %s: %s\n", chosen->backend ? chosen->backend->name().c_str() : "the CPU",
                chosen->reason.c_str());
    CHECK(!chosen->reason.empty());
    if (chosen->failure) {
      CHECK(chosen->failure->reason == DeviceFailure::Reason::absent);
      CHECK(!chosen->backend);
    } else if (!if_faster) {
      CHECK(chosen->backend);
    } else if (!chosen->backend) {
      CHECK((chosen->reason.find("software") != std::string::npos ||
             chosen->reason.find("the CPU descends") == 0));
    }
  }
}
#endif
