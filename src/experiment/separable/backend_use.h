// Experiments of many descents, on the adapter that WebGPU prefers
// (compute/webgpu/descent_device.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "experiment/experiment.h"

namespace lab {

// refusal: as in BackendUse.
BackendUse descents_on_webgpu(std::function<std::string(const Config&)> refusal = {});

// What a run knows from a sweep on its device (method/separable/many_descents.h), step by step: the
// part of a Run that is about its backend.
template <class Sweep>
class SweepAnswers {
 public:
  // backend: null on the CPU, where nothing is known.
  explicit SweepAnswers(std::shared_ptr<Backend> backend) : backend_(std::move(backend)) {}

  // Run::ready, before `step`. sweep: makes the sweep on a backend.
  template <class MakeSweep>
  bool ready(std::size_t step, const MakeSweep& sweep) {
    if (backend_ && !sweep_) sweep_ = std::make_shared<Sweep>(sweep(backend_));
    if (!sweep_ || step >= end_) return true;
    sweep_->go_on();  // what comes next begins while this is told
    return static_cast<bool>(at(step));
  }
  // As the sweep's own; also nothing for what the CPU has to compute.
  auto at(std::size_t step) const -> decltype(std::declval<const Sweep&>().at(step)) {
    if (!sweep_ || step >= end_) return {};
    return sweep_->at(step);
  }
  const DeviceFailure* failure() const { return sweep_ ? sweep_->failure() : nullptr; }
  // Run::leave_backend, before `step`.
  void leave(std::size_t step) {
    backend_.reset();
    if (!sweep_) return;
    sweep_->leave();
    end_ = std::min(end_, step);
  }
  // Run::take_answers.
  void take(const SweepAnswers& other) {
    sweep_ = other.sweep_;
    end_ = other.end_;
  }

 private:
  std::shared_ptr<Backend> backend_;
  std::shared_ptr<Sweep> sweep_;
  std::size_t end_ = SIZE_MAX;  // steps from here on are not taken from the sweep
};

}  // namespace lab
