// What has changed in a run's recordings since somebody was last told? The two ends of `records`
// events: RecordsWriter beside the run, RecordsReader wherever the numbers are wanted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/recorder.h"
#include "session/protocol.h"

namespace lab {

// Remembers what it has written. Buckets before the last one never change while a run goes on, so
// only the tail of a series is written; after a change of resolution, all of it.
class RecordsWriter {
 public:
  // The recordings from this step on may be others than before (a seek).
  void rewound(std::uint64_t step);

  // What changed since the last call; empty parts are left out.
  event::Records write(RunIndex run, const Recorder& recorder);

 private:
  struct Sent {
    std::uint64_t buckets = 0;
    std::optional<double> value;
    std::uint64_t array = 0;  // fingerprint; 0 = none
  };

  std::vector<Sent> sent_;  // by recording
  std::optional<std::uint64_t> rewound_;  // the least step since the last write
};

// All values and arrays of a recorder, as an answer to `observe`.
event::Records observed_records(RunIndex run, const Recorder& recorder,
                                std::vector<Explanation> explanations = {});

// Into one: what a receiver of `earlier` and then `later` holds, which are of the same run and both
// not observed.
event::Records merged(event::Records earlier, event::Records later);

// The same with fewer numbers, for a picture: at most so many points of a curve for every doubling
// of the steps, each with the least and greatest of what it stands for; all in single precision.
event::Records thinned(event::Records records, std::uint64_t points_per_octave);

// The recordings of one run, as far as they have arrived.
class RecordsReader {
 public:
  // Takes over what an event of the run brings. Precondition: not an observed one.
  void read(const event::Records& records);

  std::uint64_t step() const { return step_; }
  // In order of names. An array or value that a run has not recorded is absent.
  const std::map<std::string, std::vector<Bucket>, std::less<>>& series() const { return series_; }
  const std::map<std::string, double, std::less<>>& values() const { return values_; }
  const std::map<std::string, Array, std::less<>>& arrays() const { return arrays_; }

 private:
  std::uint64_t step_ = 0;
  std::map<std::string, std::vector<Bucket>, std::less<>> series_;
  std::map<std::string, double, std::less<>> values_;
  std::map<std::string, Array, std::less<>> arrays_;
};

}  // namespace lab
