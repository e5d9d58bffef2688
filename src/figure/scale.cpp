#include "figure/scale.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/decimal.h"

namespace lab {
namespace {

constexpr double kFarOutside = 1e4;  // pixels; ImGui and SVG viewers lose precision far beyond

// Groups of three digits before the point, from five digits on.
std::string grouped(std::string text) {
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  if (point - start < 5) return text;
  for (std::size_t i = point; i > start + 3;) {
    i -= 3;
    text.insert(i, "\u00A0");
  }
  return text;
}

int exponent_of(double value) {
  return static_cast<int>(std::floor(std::log10(std::abs(value))));
}

// The proper minus sign, not a hyphen. Exponents keep '-', which draw_text looks for.
std::string with_minus(std::string text) {
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

// The finest of 1, 2 or 5 times a power of ten of which at most `most` multiples lie in the range.
double nice_step(const Range& range, std::size_t most) {
  const double least = (range.high - range.low) / (static_cast<double>(most) + 1);
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  double step = power;
  for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0}) {
    step = factor * power;
    const double multiples =
        std::floor(range.high / step + 1e-9) - std::ceil(range.low / step - 1e-9) + 1;
    if (multiples <= static_cast<double>(most)) break;
  }
  return step;
}

// How many places a number has that is a multiple of the step.
int places_of(double step) {
  return std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
}

std::string tick_label(double value, double step, double greatest) {
  if (value == 0) return "0";
  if (greatest >= 1e7 || greatest < 1e-3) {
    // One power of ten for the whole axis reads better than one for each number.
    const int exponent = exponent_of(greatest);
    const double unit = std::pow(10.0, exponent);
    return with_minus(fixed_text(value / unit, places_of(step / unit)) + "×10^" +
                      std::to_string(exponent));
  }
  return with_minus(grouped(fixed_text(value, places_of(step))));
}

std::vector<Tick> linear_ticks(const Range& range, std::size_t most) {
  const double step = nice_step(range, most);
  const double greatest = std::max(std::abs(range.low), std::abs(range.high));
  std::vector<Tick> ticks;
  const double first = std::ceil(range.low / step - 1e-9);
  const double last = std::floor(range.high / step + 1e-9);
  if (last - first > 100) return ticks;  // the range is too short for its distance from 0
  for (double i = first; i <= last; i += 1) {
    const double value = i * step;
    ticks.push_back({value, tick_label(value, step, greatest)});
  }
  return ticks;
}

std::string decade_label(int exponent) {
  if (exponent == 0) return "1";
  if (exponent == 1) return "10";
  return "10^" + std::to_string(exponent);
}

std::vector<Tick> log_ticks(const Range& range, std::size_t most) {
  const int first = static_cast<int>(std::ceil(std::log10(range.low) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(range.high) + 1e-9));
  // Less than two decades: numbers between them are needed.
  if (last - first < 1) {
    std::vector<Tick> ticks = linear_ticks(range, most);
    std::erase_if(ticks, [](const Tick& tick) { return !(tick.value > 0); });
    return ticks;
  }
  std::vector<Tick> ticks;
  const int count = last - first + 1;
  int stride = 1;
  for (const int s : {1, 2, 3, 5, 10, 20, 25, 50, 100, 200}) {
    stride = s;
    if (static_cast<std::size_t>((count + s - 1) / s) <= most) break;
  }
  const auto floor_div = [](int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); };
  for (int e = first; e <= last; ++e) {
    const bool labelled = floor_div(e, stride) * stride == e;
    if (!labelled && count > 24) continue;  // so many marks are a smear
    ticks.push_back({std::pow(10.0, e), labelled ? decade_label(e) : ""});
  }
  if (stride == 1 && count <= 6) {
    for (int e = first - 1; e <= last; ++e) {
      for (int k = 2; k <= 9; ++k) {
        const double value = k * std::pow(10.0, e);
        if (value >= range.low && value <= range.high) ticks.push_back({value, ""});
      }
    }
  }
  return ticks;
}

}  // namespace

double value_at(double low, double high, double share, bool log) {
  return log ? low * std::pow(high / low, share) : low + (high - low) * share;
}

Scale::Scale(Range range, bool log, double pixel_low, double pixel_high)
    : range_(range), log_(log), pixel_low_(pixel_low), pixel_high_(pixel_high) {
  assert(range.high > range.low && (!log || range.low > 0));
}

double Scale::share(double value) const {
  if (log_) {
    return (std::log10(value) - std::log10(range_.low)) /
           (std::log10(range_.high) - std::log10(range_.low));
  }
  return (value - range_.low) / (range_.high - range_.low);
}

double Scale::pixel(double value) const {
  const double pixel = pixel_low_ + share(value) * (pixel_high_ - pixel_low_);
  const double least = std::min(pixel_low_, pixel_high_) - kFarOutside;
  const double most = std::max(pixel_low_, pixel_high_) + kFarOutside;
  return std::clamp(pixel, least, most);
}

double Scale::value(double pixel) const {
  const double share = (pixel - pixel_low_) / (pixel_high_ - pixel_low_);
  if (log_) {
    const double low = std::log10(range_.low);
    return std::pow(10.0, low + share * (std::log10(range_.high) - low));
  }
  return range_.low + share * (range_.high - range_.low);
}

bool Scale::drawable(double value) const {
  return std::isfinite(value) && (!log_ || value > 0);
}

Range Scale::zoomed(double pixel, double factor) const {
  const double a = pixel + (pixel_low_ - pixel) / factor;
  const double b = pixel + (pixel_high_ - pixel) / factor;
  const Range range = {value(a), value(b)};
  // Beyond this the numbers between the ends can no longer be told apart, or are not finite.
  const double length = range.high - range.low;
  const double size = std::max(std::abs(range.low), std::abs(range.high));
  const bool usable = std::isfinite(length) && length > 1e-12 * size &&
                      (!log_ || range.low > std::numeric_limits<double>::min());
  return usable ? range : range_;
}

Range Scale::panned(double pixels) const {
  const Range range = {value(pixel_low_ - pixels), value(pixel_high_ - pixels)};
  const bool usable = std::isfinite(range.low) && std::isfinite(range.high) &&
                      range.high > range.low &&
                      (!log_ || range.low > std::numeric_limits<double>::min());
  return usable ? range : range_;
}

std::vector<Tick> ticks(const Scale& scale, std::size_t most) {
  std::vector<Tick> ticks =
      scale.log() ? log_ticks(scale.range(), most) : linear_ticks(scale.range(), most);
  std::erase_if(ticks, [&](const Tick& tick) {
    return tick.value < scale.range().low * (1 - 1e-12) - 1e-300 ||
           tick.value > scale.range().high * (1 + 1e-12) + 1e-300;
  });
  return ticks;
}

Range range_of(std::span<const double> values, bool log, bool from_zero) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value) || (log && value <= 0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return log ? Range{0.1, 10} : Range{0, 1};
  if (log) {
    if (high / low < 1.0001) return {low / 2, high * 2};
    const double room = 0.04 * (std::log10(high) - std::log10(low));
    const double least = std::max(std::log10(low) - room, -307.0);
    return {std::pow(10.0, least), std::pow(10.0, std::min(std::log10(high) + room, 308.0))};
  }
  if (from_zero) {
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
  }
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= 1e-9 * size || high == low) {
    const double room = size > 0 ? 0.1 * size : 1;
    return {low - room, high + room};
  }
  const double room = 0.05 * (high - low);
  return {from_zero && low == 0 ? 0 : low - room, from_zero && high == 0 ? 0 : high + room};
}

std::string label_text(double value, int digits) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  if (value == 0) return "0";
  int exponent = exponent_of(value);
  // Whole numbers are shown whole.
  if (value == std::floor(value) && std::abs(value) < 1e7)
    return with_minus(grouped(fixed_text(value, 0)));
  if (exponent >= 7 || exponent < -3) {
    std::string mantissa = fixed_text(value / std::pow(10.0, exponent), digits - 1);
    if (mantissa == "10" || mantissa == "-10") {
      mantissa.pop_back();
      ++exponent;
    }
    const std::string power = "10^" + std::to_string(exponent);
    if (mantissa == "1") return power;
    return with_minus(mantissa) + "×" + power;
  }
  return with_minus(grouped(fixed_text(value, std::max(0, digits - 1 - exponent))));
}

std::string plain_text(double value, int digits) {
  constexpr std::string_view kRaised = "10^", kTimes = "×10^";
  std::string text = label_text(value, digits);
  if (const std::size_t at = text.find(kTimes); at != std::string::npos) {
    text.replace(at, kTimes.size(), "e");
  } else if (text.starts_with(kRaised)) {
    text.replace(0, kRaised.size(), "1e");
  }
  return text;
}

}  // namespace lab
