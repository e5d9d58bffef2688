#include "experiment/recorder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>

#include "core/error.h"
#include "core/names.h"

namespace lab {
namespace {

// Which recording a number of the open step belongs to is folded into one fingerprint, so that a
// number costs the digest eight bytes and not sixteen.
std::uint64_t fold(std::uint64_t order, std::size_t recording) {
  return (order ^ (recording + 1)) * 0x9E3779B97F4A7C15u;
}

// A step beyond the fine ones lies in an octave [2^k, 2^(k + 1)) of kBucketsPerOctave buckets of
// equal width.
constexpr int kFineBits = std::bit_width(kFineSteps) - 1;

}  // namespace

std::uint64_t bucket_of(std::uint64_t step) {
  if (step < kFineSteps) return step;
  const int octave = std::bit_width(step) - 1 - kFineBits;  // 0 for the first after the fine steps
  const std::uint64_t within = (step >> (octave + 1)) - kBucketsPerOctave;
  return kFineSteps + static_cast<std::uint64_t>(octave) * kBucketsPerOctave + within;
}

std::uint64_t bucket_begin(std::uint64_t index) {
  if (index < kFineSteps) return index;
  const std::uint64_t octave = (index - kFineSteps) / kBucketsPerOctave;
  const std::uint64_t within = (index - kFineSteps) % kBucketsPerOctave;
  return (kBucketsPerOctave + within) << (octave + 1);
}

Recorder::Recorder(std::span<const Recording> recordings)
    : recordings_(recordings),
      series_(recordings.size()),
      values_(recordings.size()),
      arrays_(recordings.size()) {}

void Recorder::series(std::size_t recording, double value) {
  assert(recordings_[recording].kind == RecordingKind::series);
  if (!std::isfinite(value)) {
    diverge(recording, "");
    return;
  }
  pending_.push_back(value);
  pending_order_ = fold(pending_order_, recording);

  std::vector<Bucket>& buckets = series_[recording];
  const std::uint64_t index = bucket_of(step_);
  if (!buckets.empty() && buckets.back().index == index) {
    Bucket& bucket = buckets.back();
    bucket.min = value < bucket.min ? value : bucket.min;
    bucket.max = value > bucket.max ? value : bucket.max;
    bucket.last = value;
  } else {
    buckets.push_back({index, value, value, value});
  }
}

void Recorder::value(std::size_t recording, double value) {
  assert(recordings_[recording].kind == RecordingKind::value);
  if (!std::isfinite(value)) {
    diverge(recording, "");
    return;
  }
  pending_.push_back(value);
  pending_order_ = fold(pending_order_, recording);
  values_[recording] = value;
}

void Recorder::clear(std::size_t recording) {
  assert(recordings_[recording].kind == RecordingKind::value);
  if (!values_[recording]) return;
  pending_order_ = fold(~pending_order_, recording);
  values_[recording].reset();
}

void Recorder::array(std::size_t recording, std::span<const std::size_t> shape,
                     std::span<const double> values) {
  assert(recordings_[recording].kind == RecordingKind::array);
  for (const double value : values) {
    if (!std::isfinite(value)) {
      diverge(recording, "");
      return;
    }
  }
  Array& array = arrays_[recording];
  array.shape.assign(shape.begin(), shape.end());
  array.values.assign(values.begin(), values.end());
  array.step = step_;
}

void Recorder::labels(std::size_t recording, std::span<const std::string> texts) {
  assert(recordings_[recording].form == ArrayForm::labels);
  std::size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  std::vector<double> bytes(texts.size() * longest);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    for (std::size_t k = 0; k < texts[row].size(); ++k) {
      bytes[row * longest + k] = static_cast<double>(static_cast<unsigned char>(texts[row][k]));
    }
  }
  array(recording, std::array<std::size_t, 2>{texts.size(), longest}, bytes);
}

std::vector<std::string> labels_of(const Array& array) {
  std::vector<std::string> texts;
  if (array.shape.size() != 2) return texts;
  for (std::size_t row = 0; row < array.shape[0]; ++row) {
    std::string text;
    for (std::size_t k = 0; k < array.shape[1]; ++k) {
      const double byte = array.values[row * array.shape[1] + k];
      if (byte >= 1 && byte < 256) text += static_cast<char>(static_cast<unsigned char>(byte));
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

void Recorder::diverge(std::size_t recording, std::string reason) {
  if (!divergence_) {
    divergence_ = {recordings_[recording].name, step_, std::move(reason)};
  } else if (divergence_->reason.empty()) {
    divergence_->reason = std::move(reason);
  }
}

void Recorder::begin_step(std::uint64_t step) {
  assert(pending_.empty());
  step_ = step;
  pending_order_ = 0;
}

void Recorder::end_step() {
  digest_.u64(step_).u64(pending_order_).f64s(pending_);
  pending_.clear();
}

void Recorder::reserve(std::uint64_t steps) {
  pending_.reserve(2 * recordings_.size());
  const std::uint64_t more = bucket_of(step_ + steps) - bucket_of(step_) + 1;
  for (std::size_t i = 0; i < recordings_.size(); ++i) {
    if (recordings_[i].kind != RecordingKind::series) continue;
    const std::uint64_t wanted = series_[i].size() + more;
    if (wanted <= series_[i].capacity()) continue;
    // Grown in factors: a caller that reserves a little at a time does not copy all of it every
    // time.
    series_[i].reserve(std::max<std::uint64_t>(wanted, series_[i].capacity() * 3 / 2));
  }
}

std::size_t Recorder::find(std::string_view name) const {
  const auto found = std::ranges::find(recordings_, name, &Recording::name);
  if (found != recordings_.end()) {
    return static_cast<std::size_t>(found - recordings_.begin());
  }
  std::vector<std::string> names;
  for (const Recording& recording : recordings_) names.push_back(recording.name);
  throw Error("there is no recording '" + std::string(name) + "'", "", expected_name(name, names));
}

std::span<const Bucket> Recorder::buckets(std::size_t recording) const {
  return series_[recording];
}

std::optional<double> Recorder::value(std::size_t recording) const {
  return values_[recording];
}

const Array& Recorder::array(std::size_t recording) const {
  return arrays_[recording];
}

std::string Recorder::digest() const {
  Digest digest = digest_;
  for (std::size_t i = 0; i < recordings_.size(); ++i) {
    digest.text(recordings_[i].name);
    digest.u64(values_[i].has_value());
    if (values_[i]) digest.f64(*values_[i]);
    digest.u64(arrays_[i].shape.size());
    for (const std::size_t extent : arrays_[i].shape) digest.u64(extent);
    digest.f64s(arrays_[i].values);
  }
  digest.u64(divergence_.has_value());
  if (divergence_) {
    digest.text(divergence_->recording);
    digest.u64(divergence_->step);
  }
  return digest.hex();
}

Recorder::Mark Recorder::mark() const {
  assert(pending_.empty());
  return {step_, digest_, values_, arrays_};
}

bool Recorder::can_rewind(const Mark& mark) const {
  return bucket_begin(bucket_of(mark.step) + 1) == mark.step + 1;
}

void Recorder::rewind(const Mark& mark) {
  assert(can_rewind(mark));
  const std::uint64_t last = bucket_of(mark.step);
  for (std::vector<Bucket>& buckets : series_) {
    while (!buckets.empty() && buckets.back().index > last) buckets.pop_back();
  }
  step_ = mark.step;
  digest_ = mark.digest;
  values_ = mark.values;
  arrays_ = mark.arrays;
  divergence_.reset();
  pending_.clear();
}

}  // namespace lab
