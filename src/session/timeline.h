// How does one run go back and forth in time? By keyframes and exact replay: now and then the state
// of the run and a mark of its recorder are kept, and any step is reached again from the keyframe
// before it. A run is a function of its config, branches, seed and data, so what is replayed is bit
// for bit what was.
//
// Keyframes: at first after every step; when there are more than kMostKeyframes or they take more
// than their share of memory, every other one is dropped and the interval doubles. So a seek never
// replays more than about 1/512 of the run, if memory allows, and a run of n steps is saved only
// 512 log2(n) times. Keyframes stand at steps s with s + 1 a multiple of the interval, a power of
// two: there the recorder's buckets end too (Recorder::can_rewind).
//
// Going back does not lose what lies ahead: the recordings up to the farthest step are put aside,
// so that going forward again is a jump as well. They are dropped when the run has caught up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "session/resolve.h"

namespace lab {

class Timeline {
 public:
  static constexpr std::size_t kMostKeyframes = 1024;

  // Makes the run and records its beginning; it stands at step 0, whatever the lineage: where the
  // lineage has a branch, the run changes its config in passing. keyframe_bytes: how much the
  // keyframes may take; 0 = none are kept, and every step back is a replay from the beginning.
  // Errors: those of the experiment.
  Timeline(const Resolved& resolved, const RunContext& context, std::size_t keyframe_bytes);

  std::uint64_t step() const { return now_.step; }
  // The step after which the run ends by itself at the latest, as far as its config up to now says.
  std::uint64_t limit() const { return now_.run->step_limit(); }
  bool ended() const { return now_.ended; }
  const Recorder& recorder() const { return now_.recorder; }
  // result_digest of the resolved config and of everything recorded up to here.
  std::string digest() const;

  // Makes room for so many steps, so that they will not allocate (but for keyframes).
  void reserve(std::uint64_t steps) { now_.recorder.reserve(steps); }
  // One step. At the run's end the final observation is recorded. Precondition: not ended, and
  // `ready` has said so.
  void advance();

  // Of a run on a backend; see Run.
  bool ready() { return now_.run->ready(); }
  const DeviceFailure* device_failure() const { return now_.run->device_failure(); }
  // What is not known yet is computed on the CPU, now and in replays.
  void leave_backend();

  // To the nearest step at or before this one from which it can be reached by `advance`; true if
  // that is another step than the present one, and so the recordings were rewound or replaced.
  // Strong guarantee.
  bool go_near(std::uint64_t step);
  // To this step, or to the end of the run if that comes before. Precondition: not on a backend.
  void seek(std::uint64_t step);

  // What the run has to show at this step; not part of its recordings.
  Recorder observe() const;
  // What the run has to say about itself at this step.
  std::vector<Explanation> explain() const { return now_.run->explain(now_.recorder); }

  // A new timeline of the same run that takes the last branch of `resolved` at its step; it stands
  // at or before that step. Precondition: `resolved` without its last branch is this run, up to
  // that step.
  Timeline branch(const Resolved& resolved) const;

  std::size_t keyframes() const { return keyframes_.size(); }
  std::size_t keyframe_bytes() const { return bytes_; }
  void limit_keyframe_bytes(std::size_t bytes);

 private:
  // Which config holds from which step on.
  struct Segment {
    std::uint64_t start;
    Config config;
  };
  // Where the timeline stands, or may come to stand.
  struct Moment {
    std::unique_ptr<Run> run;
    Recorder recorder;
    std::uint64_t step;
    std::size_t segment;  // whose config the run has
    bool ended;
  };
  struct Keyframe {
    std::vector<std::byte> state;
    Recorder::Mark mark;
    bool ended;
    std::size_t bytes;  // what all of this takes in memory
  };

  Timeline(const Timeline& parent, const Resolved& resolved);
  static std::vector<Segment> segments_of(const Resolved& resolved);
  std::size_t segment_at(std::uint64_t step) const;
  // A run of the segment's config that knows what `known` does (null: nothing).
  std::unique_ptr<Run> make(std::size_t segment, const Run* known) const;

  Moment beginning(const Run* known) const;
  Moment at(const Keyframe& keyframe, const Recorder& source, const Run& known) const;
  // From the last keyframe at or before the step to which `source` can be rewound, or else from the
  // beginning; nothing if a run that stands at `from` gets there as fast. known: a run of the same.
  std::optional<Moment> nearest(std::uint64_t step, const Recorder& source, const Run& known,
                                std::optional<std::uint64_t> from) const;
  // After a step whose run said `more`: the config that holds from here on, and whether this is the
  // end.
  void settle(Moment& moment, bool more) const;

  // The recorder that reaches farthest.
  const Recorder& farthest() const { return ahead_ ? *ahead_ : now_.recorder; }
  void keep_keyframe();
  void thin_out();

  const Experiment* experiment_;
  RunContext context_;
  std::string config_digest_;
  std::vector<Segment> segments_;
  std::vector<std::shared_ptr<const Keyframe>> keyframes_;  // by step
  std::uint64_t interval_ = 1;                              // between keyframes, in steps
  std::size_t bytes_ = 0;                                   // what the keyframes take
  std::size_t most_bytes_;
  Moment now_;
  std::optional<Recorder> ahead_;  // put aside while `now_` is before ahead_step_
  std::uint64_t ahead_step_ = 0;
};

}  // namespace lab
