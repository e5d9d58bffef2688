#include "session/records.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace lab {
namespace {

// Tells one array from another; not for results. Never 0 for an array that was recorded.
std::uint64_t fingerprint(const Array& array) {
  if (array.shape.empty()) return 0;
  std::uint64_t mixed = array.step + 0x9E3779B97F4A7C15u;
  const auto mix = [&](std::uint64_t bits) {
    mixed = std::rotl((mixed ^ bits) * 0xBF58476D1CE4E5B9u, 31);
  };
  for (const std::size_t extent : array.shape) mix(extent);
  for (const double value : array.values) mix(std::bit_cast<std::uint64_t>(value));
  return mixed == 0 ? 1 : mixed;
}

event::ArrayPart array_part(const std::string& name, const Array& array) {
  return {.recording = name, .step = array.step, .shape = array.shape, .values = array.values};
}

}  // namespace

void RecordsWriter::rewound(std::uint64_t step) {
  rewound_ = rewound_ ? std::min(*rewound_, step) : step;
}

event::Records RecordsWriter::write(RunIndex run, const Recorder& recorder) {
  const auto recordings = recorder.recordings();
  sent_.resize(recordings.size());
  event::Records records;
  records.run = run;
  records.step = recorder.step();
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    Sent& sent = sent_[i];
    switch (recordings[i].kind) {
      case RecordingKind::series: {
        const auto buckets = recorder.buckets(i);
        // The last bucket that was sent may still have been open.
        std::uint64_t from = sent.buckets == 0 ? 0 : sent.buckets - 1;
        if (rewound_) {
          const auto changed =
              std::ranges::lower_bound(buckets, bucket_of(*rewound_), {}, &Bucket::index);
          from = std::min<std::uint64_t>(from, changed - buckets.begin());
        }
        from = std::min<std::uint64_t>(from, buckets.size());
        if (from == buckets.size() && from == sent.buckets) break;
        event::SeriesPart part;
        part.recording = recordings[i].name;
        part.from = from;
        for (const Bucket& bucket : buckets.subspan(from)) {
          part.index.push_back(static_cast<double>(bucket.index));
          part.min.push_back(bucket.min);
          part.max.push_back(bucket.max);
          part.last.push_back(bucket.last);
        }
        records.series.push_back(std::move(part));
        sent.buckets = buckets.size();
        break;
      }
      case RecordingKind::value: {
        const std::optional<double> value = recorder.value(i);
        if (value == sent.value) break;
        records.values.push_back({.recording = recordings[i].name, .value = value});
        sent.value = value;
        break;
      }
      case RecordingKind::array: {
        const std::uint64_t now = fingerprint(recorder.array(i));
        if (now == sent.array) break;
        records.arrays.push_back(array_part(recordings[i].name, recorder.array(i)));
        sent.array = now;
        break;
      }
    }
  }
  rewound_.reset();
  return records;
}

event::Records observed_records(RunIndex run, const Recorder& recorder,
                                std::vector<Explanation> explanations) {
  event::Records records;
  records.explanations = std::move(explanations);
  records.run = run;
  records.step = recorder.step();
  records.observed = true;
  const auto recordings = recorder.recordings();
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    if (recordings[i].kind == RecordingKind::value && recorder.value(i)) {
      records.values.push_back({.recording = recordings[i].name, .value = recorder.value(i)});
    }
    if (recordings[i].kind == RecordingKind::array && !recorder.array(i).shape.empty()) {
      records.arrays.push_back(array_part(recordings[i].name, recorder.array(i)));
    }
  }
  return records;
}

event::Records merged(event::Records earlier, event::Records later) {
  assert(earlier.run == later.run && !earlier.observed && !later.observed);
  const auto same = [](const auto& part) {
    return [&](const auto& other) { return other.recording == part.recording; };
  };
  earlier.step = later.step;
  for (event::SeriesPart& part : later.series) {
    const auto before = std::ranges::find_if(earlier.series, same(part));
    if (before == earlier.series.end()) {
      earlier.series.push_back(std::move(part));
    } else if (part.from <= before->from) {
      *before = std::move(part);
    } else {
      const auto append = [&](std::vector<double> event::SeriesPart::*column) {
        std::vector<double>& all = (*before).*column;
        const std::vector<double>& more = part.*column;
        all.resize(std::min<std::size_t>(all.size(), part.from - before->from));
        all.insert(all.end(), more.begin(), more.end());
      };
      append(&event::SeriesPart::index);
      append(&event::SeriesPart::min);
      append(&event::SeriesPart::max);
      append(&event::SeriesPart::last);
    }
  }
  const auto replace = [&](auto& parts, auto& newer) {
    for (auto& part : newer) {
      const auto before = std::ranges::find_if(parts, same(part));
      if (before == parts.end()) {
        parts.push_back(std::move(part));
      } else {
        *before = std::move(part);
      }
    }
  };
  replace(earlier.values, later.values);
  replace(earlier.arrays, later.arrays);
  return earlier;
}

event::Records thinned(event::Records records, std::uint64_t points_per_octave) {
  const auto rounded = [](double value) { return static_cast<double>(static_cast<float>(value)); };
  for (event::SeriesPart& part : records.series) {
    event::SeriesPart thin{
        .recording = part.recording, .from = part.from, .index = {}, .min = {}, .max = {}, .last = {}};
    std::uint64_t cell = 0;  // which part of which octave the last point lies in
    for (std::size_t i = 0; i < part.index.size(); ++i) {
      const std::uint64_t step = bucket_begin(static_cast<std::uint64_t>(part.index[i]) + 1) - 1;
      const std::uint64_t octave = std::bit_width(step + 1) - 1;
      const std::uint64_t first = std::uint64_t{1} << octave;
      const std::uint64_t here =
          octave * points_per_octave + (step + 1 - first) * points_per_octave / first;
      const bool same = !thin.index.empty() && here == cell && i > 0;
      if (same) {
        thin.index.back() = part.index[i];
        thin.min.back() = std::min(thin.min.back(), part.min[i]);
        thin.max.back() = std::max(thin.max.back(), part.max[i]);
        thin.last.back() = part.last[i];
      } else {
        thin.index.push_back(part.index[i]);
        thin.min.push_back(part.min[i]);
        thin.max.push_back(part.max[i]);
        thin.last.push_back(part.last[i]);
      }
      cell = here;
    }
    for (std::vector<double>* column : {&thin.min, &thin.max, &thin.last}) {
      for (double& value : *column) value = rounded(value);
    }
    part = std::move(thin);
  }
  for (event::ArrayPart& part : records.arrays) {
    for (double& value : part.values) value = rounded(value);
  }
  return records;
}

void RecordsReader::read(const event::Records& records) {
  assert(!records.observed);
  step_ = records.step;
  for (const event::SeriesPart& part : records.series) {
    std::vector<Bucket>& buckets = series_[part.recording];
    buckets.resize(std::min<std::size_t>(buckets.size(), part.from));
    for (std::size_t i = 0; i < part.index.size(); ++i) {
      buckets.push_back(
          {static_cast<std::uint64_t>(part.index[i]), part.min[i], part.max[i], part.last[i]});
    }
  }
  for (const event::ValuePart& part : records.values) {
    if (part.value) {
      values_[part.recording] = *part.value;
    } else {
      values_.erase(part.recording);
    }
  }
  for (const event::ArrayPart& part : records.arrays) {
    if (part.shape.empty()) {
      arrays_.erase(part.recording);
    } else {
      arrays_[part.recording] = {.shape = part.shape, .values = part.values, .step = part.step};
    }
  }
}

}  // namespace lab
