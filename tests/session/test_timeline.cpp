#include <doctest/doctest.h>

#include "core/random.h"
#include "session/timeline.h"
#include "session/walk.h"

namespace lab {
namespace {

constexpr std::size_t kPlenty = std::size_t{64} << 20;

Resolved resolved(Settings set) {
  return resolve(walk::config(std::move(set)), walk::find(), "test");
}

RunContext seeded(std::uint64_t seed) {
  RunContext context;
  context.seed = seed;
  return context;
}

// Everything that can be told of where a timeline stands.
std::string fingerprint(const Timeline& timeline) {
  Digest digest;
  digest.u64(timeline.step());
  digest.u64(timeline.ended());
  digest.text(timeline.digest());
  const Recorder& recorder = timeline.recorder();
  for (std::size_t i = 0; i < recorder.recordings().size(); ++i) {
    for (const Bucket& bucket : recorder.buckets(i)) {
      digest.u64(bucket.index);
      digest.f64s(std::array{bucket.min, bucket.max, bucket.last});
    }
  }
  return digest.hex();
}

std::vector<double> lasts(const Recorder& recorder, std::size_t recording) {
  std::vector<double> values;
  for (const Bucket& bucket : recorder.buckets(recording)) values.push_back(bucket.last);
  return values;
}

}  // namespace

TEST_CASE("timeline: run to its end it is run_to_end") {
  const Settings set = {{"steps", std::int64_t{777}}};
  Timeline timeline(resolved(set), seeded(5), kPlenty);
  timeline.seek(1'000'000);
  CHECK(timeline.ended());
  CHECK(timeline.step() == 777);
  CHECK(timeline.digest() == walk::digest_of(set, 5));
}

TEST_CASE("timeline: a run that ends by itself before its limit") {
  const Settings set = {{"steps", std::int64_t{100'000}}, {"stop_below", -1.0}};
  Timeline timeline(resolved(set), seeded(1), kPlenty);
  timeline.seek(100'000);
  CHECK(timeline.ended());
  CHECK(timeline.step() < 100'000);
  const std::uint64_t end = timeline.step();
  const std::string before = fingerprint(timeline);
  CHECK(timeline.digest() == walk::digest_of(set, 1));
  timeline.seek(end / 2);
  CHECK_FALSE(timeline.ended());
  timeline.seek(100'000);
  CHECK(timeline.step() == end);
  CHECK(fingerprint(timeline) == before);
}

TEST_CASE("timeline: from anywhere to anywhere, every state is that of the uninterrupted run") {
  // Beyond 4 * 8192 steps, so that the recorder has halved its resolution more than twice.
  constexpr std::uint64_t kSteps = 40'000;
  const Settings set = {{"steps", static_cast<std::int64_t>(kSteps)}};
  const Resolved config = resolved(set);
  Stream stream(7, "test");
  for (const std::size_t memory : {kPlenty, std::size_t{20'000}, std::size_t{0}}) {
    CAPTURE(memory);
    Timeline timeline(config, seeded(3), memory);
    timeline.seek(kSteps);
    const std::string end = fingerprint(timeline);
    CHECK(timeline.keyframe_bytes() <= memory);
    const int seeks = memory == 0 ? 4 : 40;
    for (int i = 0; i < seeks; ++i) {
      const std::uint64_t step = stream.below(kSteps + 1);
      CAPTURE(step);
      timeline.seek(step);
      CHECK(timeline.step() == step);
      Timeline straight(config, seeded(3), 0);
      while (straight.step() < step) straight.advance();
      CHECK(timeline.digest() == straight.digest());
      CHECK(timeline.recorder().value("walk/least") == straight.recorder().value("walk/least"));
      // The last bucket may be wider, but ends in the same number.
      CHECK(lasts(timeline.recorder(), walk::kPosition).back() ==
            lasts(straight.recorder(), walk::kPosition).back());
    }
    timeline.seek(kSteps);
    CHECK(fingerprint(timeline) == end);
    CHECK(timeline.digest() == walk::digest_of(set, 3));
  }
}

TEST_CASE("timeline: going back and forward again jumps") {
  constexpr std::uint64_t kSteps = 30'000;
  Timeline timeline(resolved({{"steps", static_cast<std::int64_t>(kSteps)}}), seeded(0), kPlenty);
  timeline.seek(kSteps);
  timeline.seek(100);
  CHECK(timeline.go_near(29'000));
  CHECK(timeline.step() <= 29'000);
  CHECK(timeline.step() > 29'000 - kSteps / 256);
  // Not when it is as near already.
  timeline.seek(29'000);
  CHECK_FALSE(timeline.go_near(29'001));
  CHECK_FALSE(timeline.go_near(29'000));
}

TEST_CASE("timeline: keyframes stay within their memory, also of a run whose state is large") {
  const std::size_t ballast = 10'000;
  const Settings set = {{"steps", std::int64_t{5000}},
                        {"ballast", static_cast<std::int64_t>(ballast)}};
  Timeline timeline(resolved(set), seeded(0), 20 * ballast);
  for (int i = 0; i < 3000; ++i) {
    timeline.advance();
    REQUIRE(timeline.keyframe_bytes() <= 20 * ballast);
  }
  CHECK(timeline.keyframes() >= 8);
  timeline.limit_keyframe_bytes(5 * ballast);
  CHECK(timeline.keyframe_bytes() <= 5 * ballast);
  CHECK(timeline.keyframes() >= 1);
  timeline.limit_keyframe_bytes(0);
  CHECK(timeline.keyframes() == 0);
  timeline.seek(1234);
  timeline.seek(5000);
  CHECK(timeline.digest() == walk::digest_of(set, 0));
  SUBCASE("not even one fits") {
    Timeline cramped(resolved(set), seeded(0), ballast / 2);
    cramped.seek(5000);
    CHECK(cramped.keyframes() == 0);
    CHECK(cramped.digest() == walk::digest_of(set, 0));
  }
}

TEST_CASE("timeline: the number of keyframes is bounded") {
  Timeline timeline(resolved({{"steps", std::int64_t{50'000}}}), seeded(0), kPlenty);
  timeline.seek(50'000);
  CHECK(timeline.keyframes() <= Timeline::kMostKeyframes);
  CHECK(timeline.keyframes() >= Timeline::kMostKeyframes / 4);
}

TEST_CASE("timeline: divergence ends a run, and going back leaves it") {
  const Settings set = {{"diverge_at", std::int64_t{300}}};
  Timeline timeline(resolved(set), seeded(2), kPlenty);
  timeline.seek(1000);
  CHECK(timeline.ended());
  CHECK(timeline.step() == 300);
  REQUIRE(timeline.recorder().divergence());
  CHECK(timeline.recorder().divergence()->recording == "walk/position");
  CHECK(timeline.recorder().divergence()->reason == "it was told to");
  CHECK(timeline.digest() == walk::digest_of(set, 2));
  const std::string end = fingerprint(timeline);
  timeline.seek(299);
  CHECK_FALSE(timeline.ended());
  CHECK_FALSE(timeline.recorder().divergence());
  timeline.seek(1000);
  CHECK(timeline.step() == 300);
  CHECK(fingerprint(timeline) == end);
}

TEST_CASE("timeline: to observe changes nothing") {
  const Settings set = {{"steps", std::int64_t{50}}};
  Timeline timeline(resolved(set), seeded(2), kPlenty);
  timeline.seek(20);
  const std::string before = fingerprint(timeline);
  const Recorder shown = timeline.observe();
  CHECK(shown.value("shown/energy") == 20 * 0.01);
  CHECK(shown.array(walk::kField).step == 20);
  CHECK(fingerprint(timeline) == before);
  CHECK_FALSE(timeline.recorder().value("shown/energy"));
  timeline.seek(50);
  CHECK(timeline.digest() == walk::digest_of(set, 2));
}

TEST_CASE("timeline: a branch that changes nothing has the recordings of the run it left") {
  const Resolved root = resolved({{"steps", std::int64_t{20'000}}});
  Timeline parent(root, seeded(4), kPlenty);
  parent.seek(20'000);
  const std::string recordings = parent.recorder().digest();
  const std::string end = parent.digest();
  for (const std::uint64_t step : {0, 1, 777, 8191, 8192, 15'000, 19'999}) {
    CAPTURE(step);
    Timeline branch = parent.branch(branched(root, step, {{"noise", 0.1}}, "test"));
    CHECK(branch.step() <= step);
    branch.seek(20'000);
    CHECK(branch.recorder().digest() == recordings);
    CHECK(branch.digest() != end);  // the lineage is part of the result
  }
}

TEST_CASE("timeline: a branch is as if it had been opened with its lineage") {
  const Resolved root = resolved({{"steps", std::int64_t{20'000}}});
  Timeline parent(root, seeded(4), kPlenty);
  parent.seek(20'000);
  const std::string end = fingerprint(parent);
  Stream stream(11, "test");
  for (int i = 0; i < 12; ++i) {
    const std::uint64_t step = i == 0 ? 0 : i == 1 ? 20'000 : stream.below(20'001);
    CAPTURE(step);
    // The parent stands somewhere else, or at the end.
    if (i % 2 == 1) parent.seek(stream.below(20'001));
    const Resolved other =
        branched(root, step, {{"pull", 0.5}, {"steps", std::int64_t{21'000}}}, "test");
    Timeline branch = parent.branch(other);
    branch.seek(step);
    CHECK(branch.step() == step);
    branch.seek(30'000);
    CHECK(branch.step() == 21'000);
    Timeline opened(other, seeded(4), i % 3 == 0 ? 0 : kPlenty);
    opened.seek(30'000);
    CHECK(opened.digest() == branch.digest());
    CHECK(fingerprint(opened) == fingerprint(branch));
    const std::string branch_end = fingerprint(branch);
    // Back beyond the fork and forward again.
    branch.seek(step / 2);
    CHECK(branch.step() == step / 2);
    branch.seek(30'000);
    CHECK(fingerprint(branch) == branch_end);
  }
  parent.seek(20'000);
  CHECK(fingerprint(parent) == end);
}

TEST_CASE("timeline: branches of branches") {
  const Resolved root = resolved({{"steps", std::int64_t{3000}}});
  const Resolved first = branched(root, 1000, {{"pull", 0.2}}, "test");
  const Resolved second = branched(first, 2000, {{"pull", 0.0}, {"noise", 1.0}}, "test");
  const Resolved third = branched(second, 2000, {{"noise", 0.5}}, "test");
  Timeline timeline(root, seeded(0), kPlenty);
  timeline.seek(2500);
  Timeline one = timeline.branch(first);
  one.seek(3000);
  Timeline two = one.branch(second);
  two.seek(3000);
  Timeline three = two.branch(third);
  three.seek(3000);
  Timeline opened(third, seeded(0), kPlenty);
  opened.seek(3000);
  CHECK(three.digest() == opened.digest());
  CHECK(fingerprint(three) == fingerprint(opened));
  CHECK(three.digest() != two.digest());
}

TEST_CASE("timeline: after a failed attempt to move it stands where it stood") {
  int left = 1'000'000;
  Experiment fragile = walk::experiment();
  fragile.make = [&left](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
    if (left-- <= 0) throw Error("no memory", "", "", Error::Kind::machine);
    return std::make_unique<walk::Walk>(config, context);
  };
  const Config config(fragile.id, fragile.schema, {});
  Timeline timeline({&fragile, config, {}}, seeded(0), kPlenty);
  timeline.seek(500);
  const std::string before = fingerprint(timeline);
  left = 0;
  CHECK_THROWS_AS(timeline.seek(100), Error);
  CHECK(fingerprint(timeline) == before);
  left = 10;
  timeline.seek(1000);
  CHECK(timeline.digest() == walk::digest_of({}, 0));
}

}  // namespace lab
