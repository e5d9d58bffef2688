// Written by make_vector.py: the statistics of the tester on a small sample.
#pragma once

namespace lab::separable::test {

inline constexpr double kBandMass = 1.0402387253427585;
inline constexpr double kSpreadInner = 1.6053043603163828;
inline constexpr double kSpreadOuter = 1.6110720282255577;
inline constexpr double kMomentsInner = 0.2558877942116148;
inline constexpr double kMomentsOuter = 0.3335141584399833;
inline constexpr double kWedge = 1.6735750920487946;
inline constexpr double kGlobalMoments = 0.14774199170727095;
inline constexpr double kBestInThePlane = 0.095;

}  // namespace lab::separable::test
