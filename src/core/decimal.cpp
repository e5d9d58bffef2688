#include "core/decimal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace lab {
namespace {

// A natural number as large as any that a double's digits need: 2^1076 or 10^324 times a few bits.
class Natural {
 public:
  explicit Natural(std::uint64_t value = 0) {
    for (; value != 0; value >>= 32) limbs_[size_++] = static_cast<std::uint32_t>(value);
  }

  void multiply(std::uint32_t factor) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      carry += std::uint64_t{limbs_[i]} * factor;
      limbs_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) push(static_cast<std::uint32_t>(carry));
  }

  void multiply_by_power_of_ten(int exponent) {
    for (; exponent >= 9; exponent -= 9) multiply(1'000'000'000);
    for (; exponent > 0; --exponent) multiply(10);
  }

  void shift_left(int bits) {
    for (; bits >= 31; bits -= 31) multiply(std::uint32_t{1} << 31);
    multiply(std::uint32_t{1} << bits);
  }

  // Precondition: other <= *this.
  void subtract(const Natural& other) {
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      borrow += std::int64_t{limbs_[i]} - other.limb(i);
      limbs_[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
    }
    assert(borrow == 0);
    while (size_ > 0 && limbs_[size_ - 1] == 0) --size_;
  }

  Natural plus(const Natural& other) const {
    Natural sum;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < std::max(size_, other.size_); ++i) {
      carry += std::uint64_t{limb(i)} + other.limb(i);
      sum.push(static_cast<std::uint32_t>(carry));
      carry >>= 32;
    }
    if (carry != 0) sum.push(static_cast<std::uint32_t>(carry));
    return sum;
  }

  std::strong_ordering operator<=>(const Natural& other) const {
    if (size_ != other.size_) return size_ <=> other.size_;
    for (std::size_t i = size_; i-- > 0;)
      if (limbs_[i] != other.limbs_[i]) return limbs_[i] <=> other.limbs_[i];
    return std::strong_ordering::equal;
  }

 private:
  std::uint32_t limb(std::size_t i) const { return i < size_ ? limbs_[i] : 0; }
  void push(std::uint32_t limb) {
    assert(size_ < limbs_.size());
    limbs_[size_++] = limb;
  }

  std::array<std::uint32_t, 40> limbs_ = {};
  std::size_t size_ = 0;
};

// |value| = mantissa * 2^exponent.
struct Binary {
  std::uint64_t mantissa;
  int exponent;
};

constexpr std::uint64_t kHidden = std::uint64_t{1} << 52;
constexpr int kLeastExponent = -1074;

Binary binary_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto biased = static_cast<int>(bits >> 52 & 0x7ff);
  const std::uint64_t fraction = bits & (kHidden - 1);
  if (biased == 0) return {fraction, kLeastExponent};
  return {fraction | kHidden, biased + kLeastExponent - 1};
}

// A lower bound of the exponent of its Decimal, at most one too low: 10^(result - 1) <= |value|.
int least_exponent_of(const Binary& binary) {
  const int log2 = binary.exponent + static_cast<int>(std::bit_width(binary.mantissa)) - 1;
  // floor(log2 * log10(2)), right for all that a double has: the shift rounds down.
  return ((log2 * 78913) >> 18) + 1;
}

// floor(numerator / denominator), of which the remainder stays in `numerator`. Precondition: below 10.
int divide(Natural& numerator, const Natural& denominator) {
  int digit = 0;
  for (; numerator >= denominator; ++digit) numerator.subtract(denominator);
  return digit;
}

void add_one(Decimal& decimal) {
  while (!decimal.digits.empty() && decimal.digits.back() == '9') decimal.digits.pop_back();
  if (decimal.digits.empty()) {
    decimal.digits = "1";
    ++decimal.exponent;
  } else {
    ++decimal.digits.back();
  }
}

}  // namespace

Decimal shortest_decimal(double value) {
  assert(std::isfinite(value));
  const Binary binary = binary_of(value);
  if (binary.mantissa == 0) return {};

  // |value| = rest / whole; half-way to its neighbours it is `below` and `above` / whole away. Below a
  // power of two the neighbour is nearer.
  const bool uneven = binary.mantissa == kHidden && binary.exponent > kLeastExponent;
  Natural rest(binary.mantissa), whole(1), below(1), above(1);
  rest.shift_left((uneven ? 2 : 1) + std::max(binary.exponent, 0));
  whole.shift_left((uneven ? 2 : 1) + std::max(-binary.exponent, 0));
  below.shift_left(std::max(binary.exponent, 0));
  above.shift_left((uneven ? 1 : 0) + std::max(binary.exponent, 0));

  // What lies half-way is read as the neighbour whose mantissa is even.
  const bool inclusive = binary.mantissa % 2 == 0;
  const auto reaches = [&](const Natural& sum) { return inclusive ? sum >= whole : sum > whole; };

  Decimal decimal;
  decimal.exponent = least_exponent_of(binary);
  if (decimal.exponent >= 0) {
    whole.multiply_by_power_of_ten(decimal.exponent);
  } else {
    for (Natural* number : {&rest, &below, &above})
      number->multiply_by_power_of_ten(-decimal.exponent);
  }
  if (reaches(rest.plus(above))) {
    ++decimal.exponent;
    whole.multiply(10);
  }

  while (true) {
    for (Natural* number : {&rest, &below, &above}) number->multiply(10);
    const int digit = divide(rest, whole);
    const bool low = inclusive ? rest <= below : rest < below;  // the digits so far read back as value
    const bool high = reaches(rest.plus(above));                // and so they do with the last one more
    decimal.digits += static_cast<char>('0' + digit);
    if (!low && !high) continue;
    const std::strong_ordering nearer = rest.plus(rest) <=> whole;
    const bool up = low && high ? nearer > 0 || (nearer == 0 && digit % 2 == 1) : high;
    if (up) add_one(decimal);
    return decimal;
  }
}

Decimal rounded_decimal(double value, int places) {
  assert(std::isfinite(value) && places >= 0);
  const Binary binary = binary_of(value);
  if (binary.mantissa == 0) return {};
  Natural rest(binary.mantissa), whole(1);
  rest.shift_left(std::max(binary.exponent, 0));
  whole.shift_left(std::max(-binary.exponent, 0));
  Decimal decimal;
  decimal.exponent = least_exponent_of(binary);
  if (decimal.exponent >= 0) {
    whole.multiply_by_power_of_ten(decimal.exponent);
  } else {
    rest.multiply_by_power_of_ten(-decimal.exponent);
  }
  if (rest >= whole) {
    ++decimal.exponent;
    whole.multiply(10);
  }

  const int count = decimal.exponent + places;  // of digits that are kept
  if (count < 0) return {};
  for (int i = 0; i < count; ++i) {
    rest.multiply(10);
    decimal.digits += static_cast<char>('0' + divide(rest, whole));
  }
  const std::strong_ordering half = rest.plus(rest) <=> whole;
  const bool odd = count > 0 && (decimal.digits.back() - '0') % 2 == 1;
  if (half > 0 || (half == 0 && odd)) add_one(decimal);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  if (decimal.digits.empty()) decimal.exponent = 0;
  return decimal;
}

std::string fixed_text(double value, int places) {
  const Decimal decimal = rounded_decimal(value, places);
  if (decimal.digits.empty()) return "0";
  const std::string sign = value < 0 ? "-" : "";
  const std::string& digits = decimal.digits;
  if (decimal.exponent <= 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-decimal.exponent), '0') + digits;
  const auto whole = static_cast<std::size_t>(decimal.exponent);
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0');
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace lab
