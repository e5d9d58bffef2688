// Where on an axis does a number lie, which numbers are written beside it, and how?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lab {

struct Range {
  double low = 0, high = 1;

  bool operator==(const Range&) const = default;
};

// The number at that share of the way from low to high, in equal steps of the scale. log: both
// positive.
double value_at(double low, double high, double share, bool log);

// From numbers to pixels, linear or logarithmic. A range is not empty, and positive for a log
// scale.
class Scale {
 public:
  Scale() = default;
  Scale(Range range, bool log, double pixel_low, double pixel_high);

  const Range& range() const { return range_; }
  bool log() const { return log_; }
  double pixel_low() const { return pixel_low_; }
  double pixel_high() const { return pixel_high_; }

  // Far outside the range it is cut off at some thousand pixels beyond. Precondition:
  // drawable(value).
  double pixel(double value) const;
  double value(double pixel) const;
  // Finite, and positive on a log scale.
  bool drawable(double value) const;

  // The range when what lies at `pixel` stays there and everything else comes closer by `factor`.
  Range zoomed(double pixel, double factor) const;
  // The range when everything moves by so many pixels.
  Range panned(double pixels) const;

 private:
  double share(double value) const;  // 0 at low, 1 at high

  Range range_;
  bool log_ = false;
  double pixel_low_ = 0, pixel_high_ = 1;
};

struct Tick {
  double value;
  std::string label;  // empty: a small tick without a number
};

// At most `most` labelled ticks (at least 2 where the range allows), at numbers that are easy to
// read.
std::vector<Tick> ticks(const Scale& scale, std::size_t most);

// A range with room about the numbers in which all of them can be seen. Numbers that a log scale
// cannot show are passed over. from_zero: 0 belongs to it (linear only).
Range range_of(std::span<const double> values, bool log, bool from_zero);

// A number as a person reads it in a figure: 4 significant digits, 12 300, 1.5×10^-7 (see
// draw_text).
std::string label_text(double value, int digits = 4);
// The same where no exponent is raised: 1.5e-7.
std::string plain_text(double value, int digits = 4);

}  // namespace lab
