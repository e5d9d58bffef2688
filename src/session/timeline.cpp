#include "session/timeline.h"

#include <algorithm>
#include <cassert>

#include "core/bytes.h"

namespace lab {
namespace {

std::size_t memory_of(const std::vector<std::byte>& state, const Recorder::Mark& mark) {
  std::size_t bytes = sizeof(mark) + state.capacity();
  bytes += mark.values.capacity() * sizeof(mark.values[0]);
  bytes += mark.arrays.capacity() * sizeof(mark.arrays[0]);
  for (const Array& array : mark.arrays) {
    bytes += array.shape.capacity() * sizeof(std::size_t);
    bytes += array.values.capacity() * sizeof(double);
  }
  return bytes;
}

}  // namespace

std::vector<Timeline::Segment> Timeline::segments_of(const Resolved& resolved) {
  std::vector<Segment> segments;
  segments.push_back({0, resolved.config});
  for (const Branch& branch : resolved.lineage) {
    segments.push_back({branch.step, segments.back().config.with(branch.set)});
  }
  return segments;
}

Timeline::Timeline(const Resolved& resolved, const RunContext& context, std::size_t keyframe_bytes)
    : experiment_(resolved.experiment),
      context_(context),
      config_digest_(resolved.digest()),
      segments_(segments_of(resolved)),
      most_bytes_(keyframe_bytes),
      now_(beginning(nullptr)) {
  keep_keyframe();
}

Timeline::Timeline(const Timeline& parent, const Resolved& resolved)
    : experiment_(parent.experiment_),
      context_(parent.context_),
      config_digest_(resolved.digest()),
      segments_(segments_of(resolved)),
      keyframes_(
          parent.keyframes_.begin(),
          std::ranges::upper_bound(parent.keyframes_, resolved.lineage.back().step, {},
                                   [](const auto& keyframe) { return keyframe->mark.step; })),
      interval_(parent.interval_),
      most_bytes_(parent.most_bytes_),
      now_(*nearest(resolved.lineage.back().step, parent.farthest(), *parent.now_.run,
                    std::nullopt)) {
  for (const auto& keyframe : keyframes_) bytes_ += keyframe->bytes;
}

Timeline Timeline::branch(const Resolved& resolved) const {
  assert(!resolved.lineage.empty());
  return {*this, resolved};
}

std::size_t Timeline::segment_at(std::uint64_t step) const {
  std::size_t segment = segments_.size() - 1;
  while (segments_[segment].start > step) --segment;
  return segment;
}

std::unique_ptr<Run> Timeline::make(std::size_t segment, const Run* known) const {
  std::unique_ptr<Run> run = experiment_->make(segments_[segment].config, context_);
  if (known != nullptr) run->take_answers(*known);
  return run;
}

std::string Timeline::digest() const {
  return result_digest(config_digest_, context_.seed, *now_.run, now_.recorder);
}

// --- moving ----------------------------------------------------------------------------------

void Timeline::advance() {
  assert(!now_.ended);
  now_.recorder.begin_step(++now_.step);
  const bool more = now_.run->step(now_.recorder);
  now_.recorder.end_step();
  settle(now_, more);
  keep_keyframe();
  if (now_.ended) now_.run->observe(now_.recorder);
  if (ahead_ && now_.step >= ahead_step_) ahead_.reset();
}

void Timeline::leave_backend() {
  context_.backend.reset();
  now_.run->leave_backend();
}

bool Timeline::go_near(std::uint64_t step) {
  std::optional<Moment> moment = nearest(step, farthest(), *now_.run, now_.step);
  if (!moment) return false;
  if (!ahead_) {
    ahead_ = std::move(now_.recorder);
    ahead_step_ = now_.step;
  }
  now_ = std::move(*moment);
  if (now_.step >= ahead_step_) ahead_.reset();
  return true;
}

void Timeline::seek(std::uint64_t step) {
  go_near(step);
  while (!now_.ended && now_.step < step) advance();
}

Recorder Timeline::observe() const {
  Recorder recorder(experiment_->recordings);
  recorder.begin_step(now_.step);
  now_.run->observe(recorder);
  return recorder;
}

void Timeline::settle(Moment& moment, bool more) const {
  const std::size_t segment = segment_at(moment.step);
  if (segment != moment.segment && !moment.recorder.divergence()) {
    ByteWriter writer;
    moment.run->save(writer);
    std::unique_ptr<Run> run = make(segment, moment.run.get());
    ByteReader reader(writer.view(), "branch");
    run->restore(reader);
    moment.run = std::move(run);
    moment.segment = segment;
    more = true;  // the run that was left may have been at its end; the branch finds out by itself
  }
  moment.ended = !more || moment.recorder.divergence();
}

// --- keyframes -------------------------------------------------------------------------------

Timeline::Moment Timeline::beginning(const Run* known) const {
  Moment moment{.run = make(0, known),
                .recorder = Recorder(experiment_->recordings),
                .step = 0,
                .segment = 0,
                .ended = false};
  moment.recorder.begin_step(0);
  moment.run->begin(moment.recorder);
  moment.recorder.end_step();
  settle(moment, true);
  if (moment.ended) moment.run->observe(moment.recorder);
  return moment;
}

Timeline::Moment Timeline::at(const Keyframe& keyframe, const Recorder& source,
                              const Run& known) const {
  const std::uint64_t step = keyframe.mark.step;
  const std::size_t segment = segment_at(step);
  Moment moment{.run = make(segment, &known),
                .recorder = source,
                .step = step,
                .segment = segment,
                .ended = keyframe.ended};
  moment.recorder.rewind(keyframe.mark);
  ByteReader reader(keyframe.state, "keyframe");
  moment.run->restore(reader);
  const bool begins_branch = segment > 0 && segments_[segment].start == step;
  if (begins_branch) moment.ended = false;  // as in `settle`
  if (moment.ended) moment.run->observe(moment.recorder);
  return moment;
}

std::optional<Timeline::Moment> Timeline::nearest(std::uint64_t step, const Recorder& source,
                                                  const Run& known,
                                                  std::optional<std::uint64_t> from) const {
  const bool can_go_on = from && *from <= step;
  auto keyframe = std::ranges::upper_bound(keyframes_, step, {},
                                           [](const auto& one) { return one->mark.step; });
  while (keyframe != keyframes_.begin()) {
    --keyframe;
    if (can_go_on && (*keyframe)->mark.step <= *from) return std::nullopt;
    if (source.can_rewind((*keyframe)->mark)) return at(**keyframe, source, known);
  }
  if (can_go_on) return std::nullopt;
  return beginning(&known);
}

void Timeline::keep_keyframe() {
  if (now_.recorder.divergence() || most_bytes_ == 0) return;
  if (((now_.step + 1) & (interval_ - 1)) != 0) return;
  const auto place = std::ranges::lower_bound(keyframes_, now_.step, {},
                                              [](const auto& one) { return one->mark.step; });
  if (place != keyframes_.end() && (*place)->mark.step == now_.step) return;
  ByteWriter writer;
  now_.run->save(writer);
  Keyframe keyframe{
      .state = writer.take(), .mark = now_.recorder.mark(), .ended = now_.ended, .bytes = 0};
  keyframe.state.shrink_to_fit();
  keyframe.bytes = memory_of(keyframe.state, keyframe.mark);
  bytes_ += keyframe.bytes;
  keyframes_.insert(place, std::make_shared<const Keyframe>(std::move(keyframe)));
  thin_out();
}

void Timeline::limit_keyframe_bytes(std::size_t bytes) {
  most_bytes_ = bytes;
  thin_out();
}

void Timeline::thin_out() {
  while (keyframes_.size() > kMostKeyframes || bytes_ > most_bytes_) {
    interval_ *= 2;
    std::erase_if(keyframes_, [&](const auto& keyframe) {
      if (((keyframe->mark.step + 1) & (interval_ - 1)) == 0) return false;
      bytes_ -= keyframe->bytes;
      return true;
    });
  }
}

}  // namespace lab
