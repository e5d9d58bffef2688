#include <doctest/doctest.h>

#include "core/random.h"
#include "session/records.h"
#include "session/timeline.h"
#include "session/walk.h"

namespace lab {
namespace {

// The reader has exactly what the recorder has.
void check_same(const RecordsReader& reader, const Recorder& recorder) {
  CHECK(reader.step() == recorder.step());
  const auto recordings = recorder.recordings();
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    const std::string& name = recordings[i].name;
    CAPTURE(name);
    if (recordings[i].kind == RecordingKind::series) {
      const auto expected = recorder.buckets(i);
      const auto found = reader.series().find(name);
      REQUIRE(found != reader.series().end());
      REQUIRE(found->second.size() == expected.size());
      bool same = true;
      for (std::size_t k = 0; k < expected.size(); ++k) {
        const Bucket& a = found->second[k];
        const Bucket& b = expected[k];
        same = same && a.index == b.index && a.min == b.min && a.max == b.max && a.last == b.last;
      }
      CHECK(same);
    } else if (recordings[i].kind == RecordingKind::value) {
      const auto found = reader.values().find(name);
      REQUIRE((found != reader.values().end()) == recorder.value(i).has_value());
      if (recorder.value(i)) CHECK(found->second == *recorder.value(i));
    } else {
      const auto found = reader.arrays().find(name);
      REQUIRE((found != reader.arrays().end()) == !recorder.array(i).shape.empty());
      if (found == reader.arrays().end()) continue;
      CHECK(found->second.shape == recorder.array(i).shape);
      CHECK(found->second.values == recorder.array(i).values);
      CHECK(found->second.step == recorder.array(i).step);
    }
  }
}

}  // namespace

TEST_CASE("records: the reader follows a run through steps, seeks and changes of resolution") {
  const Resolved resolved =
      resolve(walk::config({{"steps", std::int64_t{20'000}}}), walk::find(), "test");
  Timeline timeline(resolved, {}, std::size_t{1} << 24);
  RecordsWriter writer;
  RecordsReader reader;
  Stream stream(1, "test");
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t before = timeline.step();
    if (stream.below(4) == 0) {
      const std::uint64_t to = stream.below(20'001);
      if (timeline.go_near(to)) writer.rewound(std::min(before, timeline.step()));
      // Sometimes a frame in the middle of the way.
      if (stream.below(2) == 0) reader.read(writer.write(0, timeline.recorder()));
      timeline.seek(to);
    } else {
      const std::uint64_t steps = stream.below(400);
      for (std::uint64_t k = 0; k < steps && !timeline.ended(); ++k) timeline.advance();
    }
    // Over the wire and back.
    const Message message = encode({writer.write(0, timeline.recorder())});
    const auto [unpacked, size] = unpack(pack(message));
    const Event event = decode_event(unpacked.json, unpacked.numbers);
    reader.read(std::get<event::Records>(event.body));
    check_same(reader, timeline.recorder());
  }
}

TEST_CASE("records: only what is new is written") {
  const Resolved resolved = resolve(walk::config({}), walk::find(), "test");
  Timeline timeline(resolved, {}, 0);
  RecordsWriter writer;
  timeline.seek(500);
  CHECK(writer.write(0, timeline.recorder()).series[0].index.size() == 501);
  timeline.seek(600);
  const event::Records more = writer.write(0, timeline.recorder());
  REQUIRE(more.series.size() == 2);
  CHECK(more.series[0].from == 500);
  CHECK(more.series[0].index.size() == 101);
  CHECK(more.arrays.size() == 1);
  const event::Records nothing = writer.write(0, timeline.recorder());
  CHECK(nothing.values.empty());
  CHECK(nothing.arrays.empty());
}

TEST_CASE("records: an observation brings values and arrays, and no series") {
  const Resolved resolved = resolve(walk::config({}), walk::find(), "test");
  Timeline timeline(resolved, {}, 0);
  timeline.seek(40);
  const event::Records shown = observed_records(3, timeline.observe());
  CHECK(shown.run == 3);
  CHECK(shown.step == 40);
  CHECK(shown.observed);
  CHECK(shown.series.empty());
  REQUIRE(shown.values.size() == 1);
  CHECK(shown.values[0].recording == "shown/energy");
  REQUIRE(shown.arrays.size() == 1);
  CHECK(shown.arrays[0].values.size() == 3);
}

TEST_CASE("records: merged, they leave a receiver with the same") {
  const std::vector<Recording> declared = walk::recordings();
  Recorder recorder(declared);
  RecordsWriter writer, other_writer;
  RecordsReader one_by_one, at_once;
  std::optional<event::Records> waiting;
  Stream stream(4, "test");
  std::vector<Recorder::Mark> marks;
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    recorder.reserve(1);
    recorder.begin_step(step);
    recorder.series(walk::kPosition, stream.normal());
    if (step % 7 == 0) recorder.series(walk::kSparse, static_cast<double>(step));
    if (step % 100 == 3) recorder.value(walk::kLeast, static_cast<double>(step));
    if (step % 100 == 50) recorder.clear(walk::kLeast);
    recorder.end_step();
    if (stream.below(50) == 0) {
      const event::Records records = writer.write(0, recorder);
      one_by_one.read(records);
      waiting = waiting ? merged(std::move(*waiting), records) : records;
    }
    if (stream.below(1000) == 0 && waiting) {
      at_once.read(*waiting);
      waiting.reset();
      CHECK(at_once.step() == one_by_one.step());
      CHECK(at_once.values() == one_by_one.values());
      REQUIRE(at_once.series().size() == one_by_one.series().size());
      for (const auto& [name, buckets] : one_by_one.series()) {
        const auto& same = at_once.series().at(name);
        REQUIRE(same.size() == buckets.size());
        for (std::size_t i = 0; i < buckets.size(); ++i) {
          CHECK((same[i].index == buckets[i].index && same[i].min == buckets[i].min &&
                 same[i].max == buckets[i].max && same[i].last == buckets[i].last));
        }
      }
    }
  }
}

TEST_CASE("records: a thinned series has few points, all extremes, and its end") {
  event::Records records;
  event::SeriesPart part{.recording = "a", .from = 0, .index = {}, .min = {}, .max = {}, .last = {}};
  const std::uint64_t last = bucket_of(1'000'000);
  for (std::uint64_t i = 0; i <= last; ++i) {
    const double value = i == 4000 ? 1e6 : static_cast<double>(i % 10);
    part.index.push_back(static_cast<double>(i));
    part.min.push_back(value - 1);
    part.max.push_back(value + 1);
    part.last.push_back(value);
  }
  records.series.push_back(part);
  const event::SeriesPart thin = thinned(records, 16).series[0];
  CHECK(thin.index.size() <= 16 * 21);
  CHECK(thin.index.size() > 16 * 14);
  CHECK(thin.index.front() == 0);
  CHECK(thin.index.back() == static_cast<double>(last));
  CHECK(thin.last.back() == part.last.back());
  CHECK(std::ranges::max(thin.max) == 1e6 + 1);
  CHECK(std::ranges::min(thin.min) == -1);
  CHECK(thin.index[5] == 5);
}

}  // namespace lab
