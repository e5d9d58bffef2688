// Which data does a tester-learner meet? A planted halfspace sign(<w*, x>) with w* = (1, 0, ..), a
// marginal that is Gaussian or not, and labels that are noisy in one of three ways.
// Setting of arXiv:2302.14853 (Massart and adversarial noise); the pathological marginals are ours.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/random.h"
#include "method/separable/ramp_loss.h"

namespace lab::separable {

enum class Marginal { gaussian, student_t, cube, blobs, cluster };
inline constexpr std::string_view kMarginals[] = {"gaussian", "student_t", "cube", "blobs",
                                                  "cluster"};
enum class LabelNoise { none, massart, band, random };
inline constexpr std::string_view kLabelNoises[] = {"none", "massart", "band", "random"};

struct PlantedHalfspace {
  Marginal marginal = Marginal::gaussian;
  double degrees = 3;  // student_t: coordinates of so many degrees of freedom, > 2, of variance 1
  double mass = 0.2;   // cluster: share of the samples that sit there, all with label +1;
  double across = -0.15;  //   at (across, along, 0, ..) +- 0.05 in every coordinate
  double along = 3;
  LabelNoise noise = LabelNoise::none;
  // massart: a label flips with probability `rate` where x_2 > 0; random: everywhere.
  double rate = 0.3;
  double band = 0.13;  // band: an adversary flips all labels with |<w*, x>| < band

  // Draws all samples anew. sample: d >= 2. Allocates nothing.
  void draw(Stream& stream, HalfspaceSample& sample) const;
};

}  // namespace lab::separable
