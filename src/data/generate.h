// Data made to order: each function is deterministic in its arguments, draws from a lab::Stream
// named after it ("data/moons"), and gives a checked Dataset whose provenance says how it was made.
//
// Two-class data stand for y = -1 (class 0) and y = +1 (class 1). No bias feature is appended: that
// is the method's business. `seed` is below 2^53. An argument outside its stated range is an Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/dataset.h"

namespace lab {

// --- Linearly separable --------------------------------------------------------------------------

struct SeparableData {
  Dataset dataset;
  std::vector<double> direction;  // the unit vector w that separates it: y_i a_i^T w >= half_gap
};

// n samples in R^d (Tyurin, arXiv:2412.08424, random separable sets): w is a random unit vector,
// the samples are standard normal, y = sign(a^T w), and a sample with |a^T w| < half_gap is pushed
// by y half_gap w. The margin is therefore at least half_gap. n, d >= 1, half_gap > 0.
SeparableData separable_gaussians(std::size_t n, std::size_t d, double half_gap,
                                  std::uint64_t seed);

// Two Gaussians of very different size in the plane: the first `minority` of n samples have y = -1
// and centre
// (-0.6, 0), the others y = +1 and centre (0.6, 0), all with the given standard deviation; a sample
// with y x_1 < 0.1 is moved along x_1 to y x_1 = 0.1. The reference design: n = 500, minority = 5,
// deviation 0.25. 1 <= minority < n, deviation >= 0.
Dataset imbalanced_gaussians(std::size_t n, std::size_t minority, double deviation,
                             std::uint64_t seed);

// The worst case of the batch perceptron (Tyurin, Theorem 5.1): one sample (0.5, -1) with y = +1
// and n - 1 samples
// (-0.5, -1) with y = -1. Its margin is 1/2 for every n; the batch perceptron needs floor(0.3 n +
// 0.2) + 1 updates, the perceptron 2. n >= 2 (the theorem speaks of n >= 10).
Dataset worst_case(std::size_t n);

// The pair on which the loss misleads (Tyurin, Theorem 4.1): (1, -1) with y = +1, (-1, -4) with y =
// -1.
Dataset misleading_pair();

// Four samples of y = +1: (1, -0.3), (-0.7, 0.9), (0.2, 0.4), (1.3, -1.1), with margin sqrt(2)/10
// in the direction (1, 1)/sqrt(2): small enough to follow by hand.
Dataset four_points();

// --- Not linearly separable ----------------------------------------------------------------------

// Two Gaussians with unit covariance in R^d whose centres are `distance` apart along x_1, n
// samples, the classes in turn. Almost surely not separable for many samples. n >= 2, d >= 1,
// distance >= 0.
Dataset overlapping_gaussians(std::size_t n, std::size_t d, double distance, std::uint64_t seed);

// Two interleaving half circles of radius 1, points at equal angles, plus normal noise of standard
// deviation `noise`. Class 0 is the upper one, about (0, 0); class 1 the lower one, about (1, 0.5).
// n >= 4, noise >= 0.
Dataset moons(std::size_t n, double noise, std::uint64_t seed);

// Two circles about the origin, points at equal angles, plus normal noise: class 0 with radius 1,
// class 1 with radius `factor`. n >= 4, 0 < factor < 1, noise >= 0.
Dataset circles(std::size_t n, double factor, double noise, std::uint64_t seed);

// Four clusters about (-1, -1), (1, 1) (class 0) and (-1, 1), (1, -1) (class 1), in turn, each
// normal with standard deviation `noise`. n >= 4, noise >= 0.
Dataset xor_clusters(std::size_t n, double noise, std::uint64_t seed);

// --- Disturbances --------------------------------------------------------------------------------

// Gives each label, with probability `probability`, another class, each of the others as likely. At
// least two classes, 0 <= probability <= 1.
Dataset with_label_noise(Dataset dataset, double probability, std::uint64_t seed);

// Adds `deviation` times a standard normal number to each feature: breaks ties that the symmetry of
// a data set causes. deviation >= 0.
Dataset with_jitter(Dataset dataset, double deviation, std::uint64_t seed);

}  // namespace lab
