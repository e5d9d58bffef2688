#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error.h"
#include "experiment/recorder.h"

using namespace lab;

namespace {

const std::vector<Recording> kRecordings = {
    {"a/x", RecordingKind::series, "", "", ArrayForm::none, {}},
    {"b/x", RecordingKind::series, "", "", ArrayForm::none, {}},
    {"a/result", RecordingKind::value, "", "", ArrayForm::none, {}},
    {"a/theta", RecordingKind::array, "", "", ArrayForm::vector, {}},
};

// A jagged, deterministic signal.
double signal(std::uint64_t step) {
  return static_cast<double>((step * 7919) % 1009);
}

void record(Recorder& recorder, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t step = from; step <= to; ++step) {
    recorder.begin_step(step);
    recorder.series(0, signal(step));
    if (step <= 5000) recorder.series(1, -signal(step));  // stops early
    if (step % 1000 == 0) recorder.value(2, signal(step));
    recorder.end_step();
  }
}

}  // namespace

TEST_CASE("recorder: a short series is kept whole") {
  Recorder recorder(kRecordings);
  record(recorder, 0, 100);
  const std::span<const Bucket> buckets = recorder.buckets(0);
  REQUIRE(buckets.size() == 101);
  for (std::uint64_t step = 0; step <= 100; ++step) {
    CHECK(buckets[step].index == step);
    CHECK(buckets[step].last == signal(step));
    CHECK(buckets[step].min == buckets[step].max);
  }
}

TEST_CASE("recorder: buckets follow each other without gaps, the longer the later") {
  std::uint64_t end = 0;
  for (std::uint64_t index = 0; index < 30 * kBucketsPerOctave; ++index) {
    REQUIRE(bucket_begin(index) == end);
    end = bucket_begin(index + 1);
    REQUIRE(bucket_of(bucket_begin(index)) == index);
    REQUIRE(bucket_of(end - 1) == index);
    REQUIRE((end - bucket_begin(index)) * kBucketsPerOctave <= std::max(end, kBucketsPerOctave));
  }
  CHECK(bucket_of((std::uint64_t{1} << 53) - 1) < 25'000);
}

TEST_CASE("recorder: a long series keeps extremes in bounded memory") {
  Recorder recorder(kRecordings);
  const std::uint64_t last = 100'000;
  record(recorder, 0, last);
  CHECK(recorder.buckets(0).size() == bucket_of(last) + 1);
  CHECK(recorder.buckets(0).size() < kFineSteps + 7 * kBucketsPerOctave);
  for (const Bucket& bucket : recorder.buckets(0)) {
    double least = 1e9, greatest = -1e9, final = 0;
    for (std::uint64_t step = bucket_begin(bucket.index);
         step < bucket_begin(bucket.index + 1) && step <= last; ++step) {
      least = std::min(least, signal(step));
      greatest = std::max(greatest, signal(step));
      final = signal(step);
    }
    REQUIRE(bucket.min == least);
    REQUIRE(bucket.max == greatest);
    REQUIRE(bucket.last == final);
  }
  CHECK(recorder.buckets(1).back().index == bucket_of(5000));
  CHECK(recorder.buckets(1).back().last == -signal(5000));
  CHECK(recorder.value(2) == signal(100'000));
}

TEST_CASE("recorder: rewinding and recording again gives the same digest") {
  for (const std::uint64_t last : {100u, 9'000u, 40'000u}) {
    Recorder whole(kRecordings);
    record(whole, 0, last);
    for (const std::uint64_t at : {0u, 63u, 1023u, 1024u, 1025u, 4095u, 8191u, 8190u}) {
      if (at >= last) continue;
      Recorder recorder(kRecordings);
      record(recorder, 0, at);
      const Recorder::Mark mark = recorder.mark();
      record(recorder, at + 1, last);
      CHECK(recorder.digest() == whole.digest());
      if (!recorder.can_rewind(mark)) {
        CHECK(bucket_of(at) == bucket_of(at + 1));
        continue;
      }
      recorder.rewind(mark);
      CHECK(recorder.step() == at);
      CHECK(recorder.buckets(0).back().last == signal(at));
      record(recorder, at + 1, last);
      CHECK(recorder.digest() == whole.digest());
      REQUIRE(recorder.buckets(0).size() == whole.buckets(0).size());
      for (std::size_t i = 0; i < whole.buckets(0).size(); ++i) {
        REQUIRE(recorder.buckets(0)[i].min == whole.buckets(0)[i].min);
        REQUIRE(recorder.buckets(0)[i].last == whole.buckets(0)[i].last);
      }
    }
  }
}

TEST_CASE("recorder: the digest tells what was recorded, where and when") {
  const auto digest = [](auto&& write) {
    Recorder recorder(kRecordings);
    recorder.begin_step(1);
    write(recorder);
    recorder.end_step();
    return recorder.digest();
  };
  const std::string nothing = digest([](Recorder&) {});
  const std::string on_a = digest([](Recorder& r) { r.series(0, 1); });
  const std::string on_b = digest([](Recorder& r) { r.series(1, 1); });
  const std::string value = digest([](Recorder& r) { r.value(2, 1); });
  const std::string cleared = digest([](Recorder& r) {
    r.value(2, 1);
    r.clear(2);
  });
  const std::string array = digest([](Recorder& r) {
    r.array(3, std::vector<std::size_t>{2}, std::vector<double>{1, 2});
  });
  const std::string column = digest([](Recorder& r) {
    r.array(3, std::vector<std::size_t>{2, 1}, std::vector<double>{1, 2});
  });
  const std::vector<std::string> all = {nothing, on_a, on_b, value, cleared, array, column};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(all[i] != all[j]);
  }
}

TEST_CASE("recorder: a number that is not finite is a divergence, never data") {
  Recorder recorder(kRecordings);
  record(recorder, 0, 10);
  recorder.begin_step(11);
  recorder.series(0, std::numeric_limits<double>::quiet_NaN());
  recorder.series(1, std::numeric_limits<double>::infinity());
  recorder.diverge(0, "because");
  recorder.end_step();
  REQUIRE(recorder.divergence());
  CHECK(recorder.divergence()->recording == "a/x");
  CHECK(recorder.divergence()->step == 11);
  CHECK(recorder.divergence()->reason == "because");
  CHECK(recorder.buckets(0).size() == 11);
  CHECK(std::isfinite(recorder.buckets(0).back().last));
}

TEST_CASE("recorder: an unknown name is answered with the nearest") {
  const Recorder recorder(kRecordings);
  CHECK(recorder.find("a/result") == 2);
  CHECK_THROWS_WITH_AS(recorder.find("a/resutl"), doctest::Contains("'a/result'"), Error);
}

TEST_CASE("recorder: texts travel as numbers and come back") {
  const std::vector<Recording> list = {
      {"names", RecordingKind::array, "", "", ArrayForm::labels, {}}};
  Recorder recorder(list);
  recorder.begin_step(0);
  const std::vector<std::string> texts = {"worst radius", "", "Größe ≤"};
  recorder.labels(0, texts);
  CHECK(labels_of(recorder.array(0)) == texts);
  CHECK(labels_of(Array{}).empty());
  CHECK(labels_of({{1, 3}, {65, -4, 1e9}, 0}) == std::vector<std::string>{"A"});
}
