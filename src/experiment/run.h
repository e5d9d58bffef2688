// One seed of one config, advancing in natural units (an iteration, an epoch, a token).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compute/backend.h"
#include "compute/kernels.h"
#include "core/bytes.h"
#include "experiment/config.h"
#include "experiment/recorder.h"

namespace lab {

class DataStore;

// An answer to what a person asks at this moment: why did it diverge, why is the loss so high?
struct Explanation {
  std::string id;     // within the experiment
  std::string title;  // the question, or the answer in a line
  std::string text;   // in plain words, with the run's own numbers
};

class Run {
 public:
  virtual ~Run() = default;

  // Records the state before the first step (step 0).
  virtual void begin(Recorder& recorder) = 0;

  // Advances by one unit and records; false when there is nothing left to do. Reads no clock, no thread
  // id and no global generator; does not allocate.
  virtual bool step(Recorder& recorder) = 0;

  // Records what is only worth computing when somebody looks, or at the end: decision fields, parameter
  // vectors, tables. Must not change the state.
  virtual void observe(Recorder& recorder) const = 0;

  // What there is to explain at this step, the most urgent first. `recorder`: what this run has
  // recorded up to here. Not part of any result.
  virtual std::vector<Explanation> explain([[maybe_unused]] const Recorder& recorder) const {
    return {};
  }

  // The whole state; restoring into a run made from the same config and seed continues bit for bit.
  // A fork restores into a run whose `live` fields differ.
  virtual void save(ByteWriter& writer) const = 0;
  virtual void restore(ByteReader& reader) = 0;

  // SHA-256 of the data that the run works on, as it was before the first step; 64 hex digits.
  virtual std::string data_digest() const = 0;

  // The step after which the run ends by itself at the latest.
  virtual std::uint64_t step_limit() const = 0;

  // --- of a run with RunContext::backend -----------------------------------------------------
  // Its steps take what the backend has worked out ahead of them. What was once worked out is kept:
  // a step that is replayed records the same again, also on another run that has taken over the
  // answers.

  // Whether the next step can be made now. If not, what it needs has been begun here: ask again
  // when the backend has been polled. Without a backend it always can.
  virtual bool ready() { return true; }
  // Why no more answers will come, so that `ready` stays false; null: they will.
  virtual const DeviceFailure* device_failure() const { return nullptr; }
  // From here on everything that is not known yet is computed on the CPU.
  virtual void leave_backend() {}
  // Takes over what a run of the same config and seed knows from its backend, and will know.
  // (Experiments that can compute on a backend have no live fields.)
  virtual void take_answers([[maybe_unused]] const Run& from) {}
};

// What a run may use besides its config.
struct RunContext {
  std::uint64_t seed = 0;      // below 2^53
  const DataStore* data = nullptr;
  Math math = Math::strict;
  // Where the experiment can compute on one (Experiment::backend): a device; null: the CPU.
  std::shared_ptr<Backend> backend = nullptr;
  // Set from another thread when the result is not wanted any more: `run_to_end` then throws Stopped.
  const std::atomic<bool>* stop = nullptr;
};

// Not an error: somebody asked for it.
struct Stopped {};

}  // namespace lab
