#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "figure/scale.h"

using namespace lab;

TEST_CASE("a scale and its inverse agree, linear and logarithmic, in both directions") {
  for (const bool log : {false, true}) {
    for (const double flip : {0.0, 1.0}) {
      const Scale scale({0.001, 1000}, log, flip ? 300 : 0, flip ? 0 : 300);
      for (const double value : {0.001, 0.5, 1.0, 20.0, 999.0}) {
        CHECK(scale.value(scale.pixel(value)) == doctest::Approx(value).epsilon(1e-9));
      }
    }
  }
  const Scale log({1, 100}, true, 0, 200);
  CHECK(log.pixel(10) == doctest::Approx(100));
  CHECK_FALSE(log.drawable(0));
  CHECK_FALSE(log.drawable(std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("zooming keeps what lies under the pointer, and panning moves everything alike") {
  const Scale scale({10, 1e6}, true, 50, 450);
  const double there = scale.value(130);
  const Range zoomed = scale.zoomed(130, 2);
  CHECK(Scale(zoomed, true, 50, 450).value(130) == doctest::Approx(there));
  CHECK(zoomed.high / zoomed.low < 1e6 / 10);
  const Range panned = scale.panned(40);
  CHECK(Scale(panned, true, 50, 450).pixel(there) == doctest::Approx(170));
  // Without end one gets to numbers that cannot be told apart: then it stays as it is.
  Range range = {1, 2};
  for (int i = 0; i < 300; ++i) range = Scale(range, false, 0, 100).zoomed(50, 2);
  CHECK(range.high > range.low);
}

TEST_CASE("ticks are round, in range, and as many as asked for") {
  for (const auto& [low, high] : std::vector<std::pair<double, double>>{
           {0, 1}, {-3, 7}, {0.1234, 0.1236}, {1e6, 3.7e6}, {-1e-5, 2e-5}, {0, 285069}}) {
    for (const std::size_t most : {2, 4, 7, 11}) {
      const Scale scale({low, high}, false, 0, 500);
      const std::vector<Tick> all = ticks(scale, most);
      CHECK(all.size() <= most);
      CHECK(all.size() >= 1);
      for (const Tick& tick : all) {
        CHECK(tick.value >= low - 1e-9 * (high - low));
        CHECK(tick.value <= high + 1e-9 * (high - low));
        CHECK_FALSE(tick.label.empty());
      }
    }
  }
}

TEST_CASE("ticks of a log scale stand at powers of ten, whose labels do not crowd") {
  for (const auto& [low, high] :
       std::vector<std::pair<double, double>>{{1e-3, 1e3}, {1, 3e5}, {1e-300, 1e12}, {0.5, 20}}) {
    const std::vector<Tick> all = ticks(Scale({low, high}, true, 0, 500), 7);
    std::size_t labels = 0;
    for (const Tick& tick : all) {
      CHECK(tick.value > 0);
      if (!tick.label.empty()) {
        ++labels;
        const double exponent = std::log10(tick.value);
        CHECK(exponent == doctest::Approx(std::round(exponent)));
      }
    }
    CHECK(labels >= 1);
    CHECK(labels <= 7);
  }
  // Less than a decade: round numbers instead.
  CHECK(ticks(Scale({2, 7}, true, 0, 500), 6).size() >= 2);
}

TEST_CASE("a range has room for the numbers, and is never empty") {
  const std::vector<double> some = {3, 1, 2};
  const Range range = range_of(some, false, false);
  CHECK(range.low < 1);
  CHECK(range.high > 3);
  CHECK(range_of(some, false, true).low == 0);
  const std::vector<double> mixed = {0, -1, 1e-3, 10};
  CHECK(range_of(mixed, true, false).low > 1e-4);
  for (const std::vector<double>& odd :
       std::vector<std::vector<double>>{{}, {5}, {0}, {NAN, INFINITY}, {-1, -2}, {1e308, -1e308}}) {
    for (const bool log : {false, true}) {
      const Range r = range_of(odd, log, false);
      CHECK(r.high > r.low);
      if (log) CHECK(r.low > 0);
    }
  }
}

TEST_CASE("numbers read as people write them") {
  CHECK(label_text(0) == "0");
  CHECK(label_text(12) == "12");
  CHECK(label_text(0.5) == "0.5");
  CHECK(label_text(1234.5678) == "1235");
  CHECK(label_text(285069) == "285\u00A0069");
  CHECK(label_text(-3.25) == "−3.25");
  CHECK(label_text(1e12) == "10^12");
  CHECK(label_text(2.5e-7) == "2.5×10^-7");
  CHECK(label_text(9.99996e-5, 4) == "10^-4");
  CHECK(label_text(NAN) == "not a number");
  CHECK(label_text(-INFINITY) == "−∞");
  CHECK(plain_text(-3.25) == "−3.25");
  CHECK(plain_text(1e12) == "1e12");
  CHECK(plain_text(1e-9) == "1e-9");
  CHECK(plain_text(-2.5e-7) == "−2.5e-7");
}
