// Which decimal digits stand for a double? Exact on every target, and without the large tables that
// std::to_chars brings into a page.
#pragma once

#include <string>

namespace lab {

// 0.d1 d2 d3 ... * 10^exponent, with d1 != 0 and no zero at the end; no digits: 0.
struct Decimal {
  std::string digits;
  int exponent = 0;

  bool operator==(const Decimal&) const = default;
};

// The fewest digits that read back as |value|, and of those with as few the nearest; of two as near the
// even one. Precondition: finite. (Steele and White 1990, in the form of Burger and Dybvig 1996)
Decimal shortest_decimal(double value);

// |value| to so many places after the point (0 or more), rounded from its exact value, halves to even.
// Precondition: finite.
Decimal rounded_decimal(double value, int places);

// The same with sign and point: "-3.25". Without zeros at the end, and never "-0".
std::string fixed_text(double value, int places);

}  // namespace lab
