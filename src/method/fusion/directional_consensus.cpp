#include "method/fusion/directional_consensus.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/numerics.h"

namespace lab::fusion {

namespace {

constexpr double kRadians = 3.14159265358979323846 / 180;

void fill_standardised(std::span<double> values, Stream& stream) {
  stream.fill_normal(values);
  const auto count = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (const double value : values) mean += value;
  mean /= count;
  for (const double value : values) square += (value - mean) * (value - mean);
  const double deviation = std::sqrt(square / count);
  for (double& value : values) value = (value - mean) / deviation;
}

}  // namespace

Direction direction(double degrees) {
  return {lab::cos(degrees * kRadians), lab::sin(degrees * kRadians)};
}

double Competence::at(double degrees) const {
  const double outside = lab::abs(degrees) - arc;
  return uniform || outside <= 0 ? 1 : lab::exp(-outside / reach);
}

AnswerSet::AnswerSet(std::size_t answers)
    : base_(answers), first_(answers), second_(answers), above_(answers), below_(answers) {
  assert(answers >= 2);
}

void AnswerSet::draw(double spread, Stream& stream) {
  fill_standardised(first_, stream);
  fill_standardised(second_, stream);
  for (double& value : base_) value = spread * stream.normal();
  stream.fill_normal(std::span(above_));
  stream.fill_normal(std::span(below_));
}

void AnswerSet::cumulative(double degrees, const Competence& competence,
                           std::span<double> into) const {
  assert(into.size() == size());
  const Direction v = direction(degrees);
  const double share = competence.at(degrees);
  const double pull = share * competence.strength, off = (1 - share) * competence.drift;
  const std::vector<double>& noise = degrees >= 0 ? above_ : below_;
  double largest = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    into[i] = base_[i] + pull * score(i, v) + off * noise[i];
    largest = i == 0 ? into[i] : std::max(largest, into[i]);
  }
  double sum = 0;
  for (double& value : into) sum += value = lab::exp(value - largest);
  double running = 0;
  for (double& value : into) {
    running += value / sum;
    value = running;
  }
}

std::size_t pick(std::span<const double> cumulative, double uniform) {
  const double target = uniform * cumulative.back();
  const auto found = std::ranges::upper_bound(cumulative, target);
  return std::min(static_cast<std::size_t>(found - cumulative.begin()), cumulative.size() - 1);
}

}  // namespace lab::fusion
