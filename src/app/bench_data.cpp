#include "app/bench_data.h"

namespace lab {

std::uint32_t bench_bits(BenchStream stream, std::uint32_t i) {
  std::uint32_t h = 0x9E3779B1u * (i + 1) ^ 0x85EBCA77u * static_cast<std::uint32_t>(stream);
  h = 0x7FEB352Du * (h ^ h >> 16);
  h = 0x846CA68Bu * (h ^ h >> 15);
  return h ^ h >> 16;
}

double bench_number(BenchStream stream, std::uint32_t i, double low, double high) {
  return low + (high - low) * (static_cast<double>(bench_bits(stream, i) >> 8) * 0x1p-24);
}

template <class T>
std::vector<T> bench_numbers(BenchStream stream, std::size_t n, double low, double high) {
  std::vector<T> x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = static_cast<T>(bench_number(stream, static_cast<std::uint32_t>(i), low, high));
  return x;
}

template <class T>
std::vector<T> bench_signed_samples(std::size_t n, std::size_t d) {
  const std::vector<double> direction = bench_numbers<double>(BenchStream::direction, d, -1, 1);
  std::vector<double> sample(d);
  std::vector<T> z(n * d);
  for (std::size_t i = 0; i < n; ++i) {
    double side = 0;
    for (std::size_t j = 0; j < d; ++j) {
      sample[j] =
          bench_number(BenchStream::samples, static_cast<std::uint32_t>(i * d + j), -1.7, 1.7);
      side += sample[j] * direction[j];
    }
    for (std::size_t j = 0; j < d; ++j)
      z[i * d + j] = static_cast<T>(side < 0 ? -sample[j] : sample[j]);
  }
  return z;
}

BenchPictures bench_pictures(std::size_t count, std::size_t inputs, std::size_t classes) {
  BenchPictures samples{std::vector<float>(count * inputs), std::vector<int>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t label =
        bench_bits(BenchStream::labels, static_cast<std::uint32_t>(i)) % classes;
    samples.labels[i] = static_cast<int>(label);
    for (std::size_t j = 0; j < inputs; ++j) {
      const auto place = static_cast<std::uint32_t>(i * inputs + j);
      const auto of_picture = static_cast<std::uint32_t>(label * inputs + j);
      samples.x[place] = static_cast<float>(bench_number(BenchStream::pictures, of_picture, 0, 0.3) +
                                            bench_number(BenchStream::noise, place, -1.7, 1.7));
    }
  }
  return samples;
}

template std::vector<float> bench_numbers(BenchStream, std::size_t, double, double);
template std::vector<double> bench_numbers(BenchStream, std::size_t, double, double);
template std::vector<float> bench_signed_samples(std::size_t, std::size_t);
template std::vector<double> bench_signed_samples(std::size_t, std::size_t);

}  // namespace lab
