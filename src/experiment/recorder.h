// Where does a run write its results? Into a recorder: named recordings, declared by the
// experiment, that know nothing of how they are drawn.
//
// Memory grows with the logarithm of a run's length only: the first kFineSteps steps of a series
// are kept one by one, and from then on every doubling of the steps is kept in kBucketsPerOctave
// buckets, each with the least, greatest and last value. So the beginning stays as sharp as it was,
// on a logarithmic axis and for going back. The digest covers every value that was ever recorded,
// not only what is kept.
//
// Nothing here allocates while a step runs, if `reserve` was called for it before.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"

namespace lab {

enum class RecordingKind {
  series,  // one number a step
  value,   // one number for the run; may be overwritten, may be absent (e.g. never solved)
  array,   // an array of numbers, the last one written counts
};

// What an array is, so that a figure knows what to do with it. points: one a row, "x, y" or "x, y,
// class". field: numbers on a grid over a rectangle of the plane, the first row at the least y; the
// recording
// "<name>_extent" is its vector x_low, x_high, y_low, y_high. labels: texts, one a row, as UTF-8
// bytes with zeros after them (names that come with the data: numbers travel everywhere, so texts
// do).
enum class ArrayForm { none, vector, matrix, points, field, table, histogram, labels };
std::string_view name(RecordingKind kind);  // "series"
std::string_view name(ArrayForm form);      // "points"

struct Recording {
  std::string name;  // "<who>/<what>", e.g. "lr_gd/loss": what is shared by methods shares an axis
  RecordingKind kind;
  std::string unit;  // empty = dimensionless
  std::string help;  // one line
  ArrayForm form = ArrayForm::none;
  std::vector<std::string> columns;  // points, table: names of the columns
};

inline constexpr std::uint64_t kFineSteps = 1024;  // a power of two
inline constexpr std::uint64_t kBucketsPerOctave = kFineSteps / 2;

// Bucket i covers the steps bucket_begin(i) .. bucket_begin(i + 1) - 1.
std::uint64_t bucket_begin(std::uint64_t index);
std::uint64_t bucket_of(std::uint64_t step);

struct Bucket {
  std::uint64_t index;
  double min, max, last;
};

struct Array {
  std::vector<std::size_t> shape;  // row-major
  std::vector<double> values;
  std::uint64_t step = 0;  // when it was recorded
};

// The texts of an array of form labels; bytes that are none are left out.
std::vector<std::string> labels_of(const Array& array);

// Why a run cannot go on: a recorded number was not finite.
struct Divergence {
  std::string recording;
  std::uint64_t step;
  std::string reason;  // in words, from the run; may be empty
};

class Recorder {
 public:
  // The declarations must outlive the recorder.
  explicit Recorder(std::span<const Recording> recordings);

  // --- for runs
  // ----------------------------------------------------------------------------------- `recording`
  // is the position in the experiment's list and must be of that kind (asserted). A number that is
  // not finite is never stored: it marks the run as diverged.
  void series(std::size_t recording, double value);
  void value(std::size_t recording, double value);
  // Takes a value back that holds no longer.
  void clear(std::size_t recording);
  void array(std::size_t recording, std::span<const std::size_t> shape,
             std::span<const double> values);
  // Texts as an array of form labels.
  void labels(std::size_t recording, std::span<const std::string> texts);
  // The run itself knows better why it cannot go on.
  void diverge(std::size_t recording, std::string reason);

  // --- for whoever drives the run
  // ----------------------------------------------------------------- Everything recorded from here
  // on belongs to this step.
  void begin_step(std::uint64_t step);
  // Closes the step: folds it into the digest.
  void end_step();
  // Makes room for so many more steps, so that they will not allocate.
  void reserve(std::uint64_t steps);

  std::span<const Recording> recordings() const { return recordings_; }
  std::size_t find(std::string_view name) const;  // Error: no such recording
  std::uint64_t step() const { return step_; }
  std::span<const Bucket> buckets(std::size_t recording) const;
  std::optional<double> value(std::size_t recording) const;
  std::optional<double> value(std::string_view name) const { return value(find(name)); }
  const Array& array(std::size_t recording) const;
  const std::optional<Divergence>& divergence() const { return divergence_; }

  // Hex digest over all recordings up to now (series, values and arrays; for the arrays of this
  // very step call Run::observe first).
  std::string digest() const;

  // --- for the timeline
  // --------------------------------------------------------------------------- A small state from
  // which, with the buckets kept since, the recorder can be rewound.
  struct Mark {
    std::uint64_t step = 0;
    Digest digest;
    std::vector<std::optional<double>> values;
    std::vector<Array> arrays;
  };
  Mark mark() const;
  // True if `rewind(mark)` is exact: the marked step is the last of its bucket.
  bool can_rewind(const Mark& mark) const;
  // Forgets what was recorded after the mark. Precondition: can_rewind(mark).
  void rewind(const Mark& mark);

 private:
  std::span<const Recording> recordings_;
  std::vector<std::vector<Bucket>> series_;
  std::vector<std::optional<double>> values_;
  std::vector<Array> arrays_;
  std::optional<Divergence> divergence_;
  std::uint64_t step_ = 0;
  Digest digest_;
  std::vector<double> pending_;      // numbers of the open step, in the order of recording
  std::uint64_t pending_order_ = 0;  // fingerprint of which recordings they belong to
};

}  // namespace lab
