#include "core/decimal.h"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "core/random.h"

using lab::Decimal;
using lab::fixed_text;
using lab::rounded_decimal;
using lab::shortest_decimal;

namespace {

// What the standard library gives, with an algorithm of its own (Ryu).
Decimal standard_shortest(double value) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), std::abs(value),
                                          std::chars_format::scientific);
  REQUIRE(error == std::errc());
  const std::string all(text.data(), end);
  const std::size_t e = all.find('e');
  std::string digits = all.substr(0, 1) + (e > 2 ? all.substr(2, e - 2) : "");
  return {digits, std::stoi(all.substr(e + 1)) + 1};
}

std::string standard_fixed(double value, int places) {
  std::array<char, 400> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value,
                                          std::chars_format::fixed, places);
  REQUIRE(error == std::errc());
  std::string all(text.data(), end);
  if (places > 0) all.erase(all.find_last_not_of('0') + 1);
  if (all.back() == '.') all.pop_back();
  return all == "-0" ? "0" : all;
}

double random_double(lab::Stream& stream) {
  while (true) {
    const std::uint64_t high = stream.next_u32();
    const double value = std::bit_cast<double>(high << 32 | stream.next_u32());
    if (std::isfinite(value) && value != 0) return value;
  }
}

}  // namespace

TEST_CASE("decimal: the shortest digits of known numbers") {
  CHECK(shortest_decimal(0) == Decimal{"", 0});
  CHECK(shortest_decimal(1) == Decimal{"1", 1});
  CHECK(shortest_decimal(-0.1) == Decimal{"1", 0});
  CHECK(shortest_decimal(123456) == Decimal{"123456", 6});
  CHECK(shortest_decimal(5e-324) == Decimal{"5", -323});
  CHECK(shortest_decimal(9007199254740992.0) == Decimal{"9007199254740992", 16});
  CHECK(shortest_decimal(2e23) == Decimal{"2", 24});
  CHECK(shortest_decimal(9.5367431640625e-7) == Decimal{"95367431640625", -6});  // 2^-20
  CHECK(shortest_decimal(std::numeric_limits<double>::max()) == Decimal{"17976931348623157", 309});
}

TEST_CASE("decimal: the shortest digits are those of the standard library") {
  for (int exponent = -1074; exponent <= 1023; ++exponent) {
    const double power = std::ldexp(1.0, exponent);
    for (const double value : {power, std::nextafter(power, 0.0), std::nextafter(power, INFINITY)}) {
      if (value == 0) continue;
      CAPTURE(value);
      REQUIRE(shortest_decimal(value) == standard_shortest(value));
    }
  }
  lab::Stream stream(0, "decimal");
  for (int i = 0; i < 30000; ++i) {
    const double value = random_double(stream);
    CAPTURE(value);
    REQUIRE(shortest_decimal(value) == standard_shortest(value));
    const double plain = std::round(stream.uniform() * 1e6) / 1000;  // few digits, as people write
    if (plain != 0) REQUIRE(shortest_decimal(plain) == standard_shortest(plain));
  }
}

TEST_CASE("decimal: rounding to places is exact, with halves to even") {
  CHECK(rounded_decimal(0.5, 0) == Decimal{});
  CHECK(rounded_decimal(1.5, 0) == Decimal{"2", 1});
  CHECK(rounded_decimal(2.5, 0) == Decimal{"2", 1});
  CHECK(rounded_decimal(0.125, 2) == Decimal{"12", 0});
  CHECK(rounded_decimal(0.375, 2) == Decimal{"38", 0});
  CHECK(rounded_decimal(99.96, 1) == Decimal{"1", 3});
  CHECK(rounded_decimal(0.0004, 3) == Decimal{});
  CHECK(fixed_text(-0.0004, 3) == "0");
  CHECK(fixed_text(-3.25, 4) == "-3.25");
  CHECK(fixed_text(0.0625, 4) == "0.0625");
  CHECK(fixed_text(1200, 2) == "1200");
  CHECK(fixed_text(0.6, 0) == "1");
  CHECK(fixed_text(1e22, 0) == "10000000000000000000000");
  lab::Stream stream(0, "decimal/places");
  for (int i = 0; i < 20000; ++i) {
    const int places = i % 9;
    const double scale = std::ldexp(1.0, i % 60 - 30);
    const double value = (stream.uniform() - 0.5) * scale;
    CAPTURE(value);
    CAPTURE(places);
    REQUIRE(fixed_text(value, places) == standard_fixed(value, places));
    const double half = std::round(value * 64) / 64;  // with exact halves among them
    REQUIRE(fixed_text(half, places) == standard_fixed(half, places));
  }
}
