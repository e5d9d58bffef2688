// On which numbers does a benchmark work? On a formula's, which every language can write in a line:
// programs that are compared with ours (tests/peers) work on the same ones to the last bit, without
// a file between.
//
//   h = 0x9E3779B1 (i + 1) xor 0x85EBCA77 stream                          (all modulo 2^32)
//   h = 0x7FEB352D (h xor h >> 16), h = 0x846CA68B (h xor h >> 15), h = h xor h >> 16
//   number i of the stream = low + (high - low) floor(h / 2^8) / 2^24                (float64)
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lab {

enum class BenchStream : std::uint32_t {
  samples = 1,
  direction,
  pictures,
  noise,
  labels,
  weights,
  left,   // of a product
  right,  // of a product
  elements,
};

// h of number i.
std::uint32_t bench_bits(BenchStream stream, std::uint32_t i);
// Number i, in [low, high).
double bench_number(BenchStream stream, std::uint32_t i, double low, double high);
// The first n numbers, rounded to T.
template <class T>
std::vector<T> bench_numbers(BenchStream stream, std::size_t n, double low, double high);

// Rows y_i a_i of separable data, n x d: a_i uniform in the cube of +-1.7, y_i the side of a random
// direction.
template <class T>
std::vector<T> bench_signed_samples(std::size_t n, std::size_t d);

// `classes` random pictures of `inputs` numbers from 0 to 0.3, and `count` samples: one of them with
// noise of +-1.7 upon it.
struct BenchPictures {
  std::vector<float> x;     // count x inputs
  std::vector<int> labels;  // count
};
BenchPictures bench_pictures(std::size_t count, std::size_t inputs, std::size_t classes);

}  // namespace lab
