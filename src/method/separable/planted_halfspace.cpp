#include "method/separable/planted_halfspace.h"

#include <cassert>
#include <cmath>

namespace lab::separable {
namespace {

double coordinate(const PlantedHalfspace& planted, Stream& stream, std::size_t j) {
  constexpr double kBlobSpread = 0.5;  // about +-2 along w*
  switch (planted.marginal) {
    case Marginal::gaussian:
    case Marginal::cluster:
      return stream.normal();
    case Marginal::student_t: {
      const double normal = stream.normal();
      const double chi2 = 2 * stream.gamma(planted.degrees / 2);
      return normal * std::sqrt((planted.degrees - 2) / chi2);
    }
    case Marginal::cube:
      return std::sqrt(3.0) * (2 * stream.uniform() - 1);
    case Marginal::blobs: {
      if (j > 0) return stream.normal();
      const double centre = stream.uniform() < 0.5 ? -2 : 2;
      return centre + kBlobSpread * stream.normal();
    }
  }
  return 0;
}

}  // namespace

void PlantedHalfspace::draw(Stream& stream, HalfspaceSample& sample) const {
  constexpr double kSpread = 0.05;  // of the cluster
  const std::size_t d = sample.dimension();
  assert(d >= 2);
  for (std::size_t i = 0; i < sample.count(); ++i) {
    if (marginal == Marginal::cluster && stream.uniform() < mass) {
      for (std::size_t j = 0; j < d; ++j) {
        const double centre = j == 0 ? across : j == 1 ? along : 0;
        sample.columns(j, i) = centre + kSpread * stream.normal();
      }
      sample.labels[i] = 1;
      continue;
    }
    for (std::size_t j = 0; j < d; ++j) sample.columns(j, i) = coordinate(*this, stream, j);
    const double planted = sample.columns(0, i);
    double label = planted >= 0 ? 1 : -1;
    switch (noise) {
      case LabelNoise::none:
        break;
      case LabelNoise::massart:
        if (const double draw = stream.uniform(); sample.columns(1, i) > 0 && draw < rate)
          label = -label;
        break;
      case LabelNoise::band:
        if (std::abs(planted) < band) label = -label;
        break;
      case LabelNoise::random:
        if (stream.uniform() < rate) label = -label;
        break;
    }
    sample.labels[i] = label;
  }
}

}  // namespace lab::separable
