// How does one answer a preference that a model has hardly been trained for? By asking it for the
// directions around that preference, where it is better, and judging by the preference itself.
// R. Mao et al., Robust Preference Alignment via Directional Neighborhood Consensus,
// arXiv:2510.20498: a preference is a unit vector (cos t, sin t) over two attributes of an answer.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/random.h"

namespace lab::fusion {

struct Direction {
  double x, y;  // of length 1
};
Direction direction(double degrees);

// How well the model serves a direction: exactly as trained within `arc` degrees of 0, and the
// worse the farther away.
struct Competence {
  double strength = 3;  // of the preference's effect on the logits; >= 0
  double arc = 20;      // degrees
  double reach = 20;    // degrees outside of the arc in which the effect falls to 1 / e; positive
  double drift = 1;     // standard deviation of what far outside stands in the logits instead; >= 0
  bool uniform = false;  // as well everywhere as within the arc

  // exp(-d / reach), d the degrees outside of the arc: 1 within it.
  double at(double degrees) const;
};

// One prompt: answers with two attributes each, and a model of them that a direction conditions.
class AnswerSet {
 public:
  // Room for 2 or more answers, which draw() fills.
  explicit AnswerSet(std::size_t answers);

  // Another prompt. Attributes are standard normal and then standardised over the answers, so that
  // neither of them outweighs the other; `spread`: standard deviation of the logits that no
  // direction changes. Deterministic in the stream; allocates nothing.
  void draw(double spread, Stream& stream);

  std::size_t size() const { return first_.size(); }
  // v . r of an answer.
  double score(std::size_t answer, const Direction& v) const {
    return v.x * first_[answer] + v.y * second_[answer];
  }
  // softmax(l + c s (cos t a_1 + sin t a_2) + (1 - c) drift n), c = competence.at(t), running sums
  // of it: into[size() - 1] is 1 up to rounding. n is one of two fixed vectors, by the side of the
  // arc.
  void cumulative(double degrees, const Competence& competence, std::span<double> into) const;

 private:
  std::vector<double> base_, first_, second_, above_, below_;
};

// The first answer whose running sum exceeds uniform * sum.
std::size_t pick(std::span<const double> cumulative, double uniform);

}  // namespace lab::fusion
