#include <doctest/doctest.h>

#include "compute/reference.h"

using namespace reference;
using lab::Kernels;

namespace {

template <class T>
using In = std::span<const T>;
template <class T>
using Out = std::span<T>;

template <class T>
std::vector<T> margins(std::size_t n, std::uint64_t seed) {
  std::vector<T> m = numbers<T>(n, seed, 50);
  Numbers source(seed + 1);
  for (T& v : m) {
    const double size = source.next();
    v = static_cast<T>(v * (size < -0.5 ? 1e-3 : size < 0 ? 0.05 : size < 0.9 ? 1.0 : 40.0));
  }
  return m;
}

template <class T>
void check_accuracy(const Kernels& k) {
  // sigmoid and softplus of core/numerics.h are within 2 ulp of the exact values.
  const std::vector<T> m = margins<T>(50000, 3);
  std::vector<T> weights(m.size()), losses(m.size());
  k.logistic(In<T>(m), weights, losses);
  std::uint64_t worst_weight = 0, worst_loss = 0;
  for (std::size_t i = 0; i < m.size(); ++i) {
    const std::uint64_t w = lab::ulp_distance(weights[i], lab::sigmoid(-m[i]));
    const std::uint64_t l = lab::ulp_distance(losses[i], lab::softplus(-m[i]));
    worst_weight = w > worst_weight ? w : worst_weight;
    worst_loss = l > worst_loss ? l : worst_loss;
  }
  CHECK(worst_weight <= 3);
  CHECK(worst_loss <= 3);
}

template <class T>
void check_special(const Kernels& k) {
  const std::vector<T> m = {0,
                            T(-0.0),
                            kInf<T>,
                            -kInf<T>,
                            T(1e12),
                            T(-1e12),
                            kNan<T>,
                            std::numeric_limits<T>::max(),
                            std::numeric_limits<T>::lowest()};
  std::vector<T> weights(m.size()), losses(m.size());
  k.logistic(In<T>(m), weights, losses);
  const T log2 = lab::softplus(T(0));
  CHECK(difference(weights, {T(0.5), T(0.5), 0, 1, 0, 1, kNan<T>, 0, 1}) == "");
  CHECK(difference(losses, {log2, log2, 0, kInf<T>, 0, T(1e12), kNan<T>, 0,
                            std::numeric_limits<T>::max()}) == "");
}

template <class T>
void check_sizes_and_places(const Kernels& k) {
  // Every size and place gives the bits of one element at a time.
  for (const std::size_t n : sizes()) {
    const std::vector<T> m = margins<T>(n, n);
    std::vector<T> weights(n), losses(n), one_weights(n), one_losses(n);
    k.logistic(In<T>(m), weights, losses);
    for (std::size_t i = 0; i < n; ++i)
      k.logistic(In<T>(&m[i], 1), Out<T>(&one_weights[i], 1), Out<T>(&one_losses[i], 1));
    CHECK(difference(weights, one_weights) == "");
    CHECK(difference(losses, one_losses) == "");
    std::vector<T> in_place = m;
    k.logistic(In<T>(in_place), in_place, losses);
    CHECK(difference(in_place, weights) == "");
    in_place = m;
    k.logistic(In<T>(in_place), weights, in_place);
    CHECK(difference(in_place, losses) == "");
  }
}

template <class T>
void check_normalized(const Kernels& k) {
  for (const std::size_t n : sizes()) {
    const std::vector<T> m = margins<T>(n, n + 9);
    std::vector<T> logs(n), expected(n), p(n);
    for (std::size_t i = 0; i < n; ++i) logs[i] = -lab::softplus(m[i]);
    k.softmax(In<T>(logs), expected);
    k.normalized_logistic(In<T>(m), p);
    CHECK(difference(p, expected) == "");
  }
  // All error weights underflow here, and their ratios are still right.
  const std::vector<T> far = {T(5000), T(5000), T(5001)};
  std::vector<T> p(3);
  k.normalized_logistic(In<T>(far), p);
  const double e = lab::exp(-1.0), tolerance = 4 * std::numeric_limits<T>::epsilon();
  CHECK(lab::abs(p[0] - 1 / (2 + e)) <= tolerance);
  CHECK(lab::abs(p[1] - 1 / (2 + e)) <= tolerance);
  CHECK(lab::abs(p[2] - e / (2 + e)) <= tolerance);
}

}  // namespace

TEST_CASE("logistic is sigmoid and softplus of the negative margin, to a few ulp") {
  for (const Kernels* k : lab::available_kernels()) {
    INFO(k->name);
    check_accuracy<double>(*k);
    check_accuracy<float>(*k);
    check_special<double>(*k);
    check_special<float>(*k);
  }
}

TEST_CASE("logistic gives the same bits at every size, place and instruction set, and in place") {
  for_each_strict([](const Kernels& k) {
    check_sizes_and_places<double>(k);
    check_sizes_and_places<float>(k);
  });
  const std::vector<double> m = margins<double>(2000, 8);
  std::vector<double> first_weights, first_losses;
  for_each_strict([&](const Kernels& k) {
    std::vector<double> weights(m.size()), losses(m.size());
    k.logistic(In<double>(m), weights, losses);
    if (first_weights.empty()) {
      first_weights = weights;
      first_losses = losses;
    }
    CHECK(difference(weights, first_weights) == "");
    CHECK(difference(losses, first_losses) == "");
  });
}

TEST_CASE("normalized_logistic is the softmax of log weights, also where the weights underflow") {
  for_each_strict([](const Kernels& k) {
    check_normalized<double>(k);
    check_normalized<float>(k);
  });
}
