// The one door between front ends and experiments: commands in, events out (protocol.h). A session
// holds the runs of many seeds of one config, and their branches; it spreads them over workers,
// keeps a timeline of each (timeline.h), and measures claims.
//
// Nothing that a session computes depends on the number of workers, on batches, on speed or on
// time: the digest of a run is that of `run_to_end`.
//
// Runs may compute on a device (Experiment::backend). It is opened for the first `open` that wants
// it, serves all runs of the session, and belongs to one thread at a time; what it works out ahead
// of a run's steps is waited for without holding up anything else.
//
// Speed is kept here, not in front ends: `speed` limits how far each run may be by now. The clock
// decides only when a step is made, never what it does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include "compute/kernels.h"
#include "experiment/experiment.h"
#include "session/protocol.h"

namespace lab {

class DataStore;

struct SessionOptions {
  // Threads; 0 = none: whoever calls `pump` or `wait` does the work.
  unsigned workers = 0;
  // What the keyframes of all timelines together may take, in bytes.
  std::size_t snapshot_bytes = std::size_t{64} << 20;
  // After so many steps or seconds of one run a worker looks for other work and sends what is new.
  std::uint64_t batch_steps = 256;
  double batch_seconds = 0.016;
  DataStore* data = nullptr;  // must outlive the session; `import` adds to it
  Math math = Math::strict;
  // Which can be opened; what is found outlives the session. Never empty.
  FindExperiment find;
  // Seconds since some moment, asked from any thread; empty = a steady clock.
  std::function<double()> clock = {};
};

class Session {
 public:
  // Error (machine): threads are not to be had.
  explicit Session(SessionOptions options);
  // Gives up what is running, after the step at work. Undelivered events are lost.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // --- from any thread -----------------------------------------------------------------------

  // Commands are obeyed in the order in which they are posted. What is wrong with one comes back as
  // an `error` event, and then it has changed nothing.
  void post(Command command);
  // The same for JSON, which may be anything at all.
  void post(std::string_view json);

  // The next event, if there is one.
  std::optional<Event> poll();
  // The next event, waiting for it up to so many seconds. Without workers the waiting is spent
  // working, and is over when there is nothing to do now.
  std::optional<Event> wait(double seconds);

  // What the keyframes of all runs take now, in bytes.
  std::size_t snapshot_bytes() const;

  // --- without workers -----------------------------------------------------------------------

  // Works in the caller's thread until so many steps are made, so much time is over (looked at
  // between batches), or there is nothing to do now; false in this last case. Making a run and
  // measuring a seed of a claim are one piece each, and count as one step.
  bool pump(std::uint64_t step_budget, double seconds = std::numeric_limits<double>::infinity());
  // There is something to do as soon as a device has answered: pump again soon. In a browser it
  // cannot answer before the caller has gone back to the event loop.
  bool waits_for_device() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lab
