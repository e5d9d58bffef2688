#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "compute/backend.h"
#include "compute/cpu_backend.h"
#include "compute/reference.h"

using namespace lab;
using reference::numbers;

namespace {

Buffer with(Backend& backend, const std::vector<float>& values) {
  Buffer buffer = backend.buffer(values.size());
  backend.write(buffer, std::span<const float>(values));
  return buffer;
}
Buffer with(Backend& backend, const std::vector<std::uint32_t>& values) {
  Buffer buffer = backend.buffer(values.size());
  backend.write(buffer, std::span<const std::uint32_t>(values));
  return buffer;
}

std::vector<float> values(Backend& backend, const Buffer& buffer) {
  std::vector<float> read;
  backend.read(buffer, [&](std::span<const float> all, const DeviceFailure* failure) {
    CHECK(failure == nullptr);
    read.assign(all.begin(), all.end());
  });
  return read;
}

bool near(double a, double b, double error = 1e-6) {
  return std::abs(a - b) <= error * (1 + std::abs(b));
}

std::vector<float> transposed(const std::vector<float>& x, std::size_t rows, std::size_t cols) {
  std::vector<float> y(x.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < cols; ++j) y[j * rows + i] = x[i * cols + j];
  return y;
}

double log_sum_exp(std::span<const float> x) {
  double sum = 0;
  for (const float v : x) sum += std::exp(static_cast<double>(v));
  return std::log(sum);
}

double distance(const std::vector<float>& x, std::size_t i, std::size_t j, std::size_t dimensions) {
  double sum = 0;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const double difference = static_cast<double>(x[i * dimensions + d]) - x[j * dimensions + d];
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE(
    "backend: a buffer begins with zeros, keeps what is written, and its place is used again") {
  const auto cpu = cpu_backend();
  CHECK(cpu->name() == "CPU " + kernels().name);
  for (const Op op : kAllOps) CHECK(cpu->supports(op));
  Buffer buffer = cpu->buffer(3);
  CHECK(values(*cpu, buffer) == std::vector<float>{0, 0, 0});
  const std::vector<float> two = {1, 2};
  cpu->write(buffer, std::span<const float>(two));
  CHECK(values(*cpu, buffer) == std::vector<float>{1, 2, 0});
  const int id = buffer.id();
  Buffer moved = std::move(buffer);
  CHECK(moved.id() == id);
  moved = Buffer();
  CHECK(cpu->buffer(1).id() == id);
  CHECK(values(*cpu, cpu->buffer(0)).empty());
}

TEST_CASE("backend: products of matrices that stand upright or transposed are the same") {
  const auto cpu = cpu_backend();
  const std::size_t m = 5, n = 7, k = 11;
  const std::vector<float> a = numbers<float>(m * k, 1), b = numbers<float>(k * n, 2);
  std::vector<float> expected(m * n);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t p = 0; p < k; ++p)
      for (std::size_t j = 0; j < n; ++j) expected[i * n + j] += a[i * k + p] * b[p * n + j];
  for (const bool transpose_a : {false, true}) {
    for (const bool transpose_b : {false, true}) {
      const Buffer left = with(*cpu, transpose_a ? transposed(a, m, k) : a);
      const Buffer right = with(*cpu, transpose_b ? transposed(b, k, n) : b);
      Buffer c = cpu->buffer(m * n);
      cpu->run(Gemm{left, right, c, m, n, k, transpose_a, transpose_b});
      CHECK(values(*cpu, c) == expected);
    }
  }
}

TEST_CASE("backend: a bias is added to every row before the activation") {
  const auto cpu = cpu_backend();
  const std::vector<float> x = {-2, 0, 1, 3, -1, 0.5}, bias = {1, 0, -1};
  const auto result = [&](Activation activation) {
    Buffer buffer = with(*cpu, x);
    cpu->run(BiasActivation{buffer, with(*cpu, bias), 2, 3, activation});
    return values(*cpu, buffer);
  };
  CHECK(result(Activation::identity) == std::vector<float>{-1, 0, 0, 4, -1, -0.5});
  CHECK(result(Activation::relu) == std::vector<float>{0, 0, 0, 4, 0, 0});
  CHECK(near(result(Activation::tanh)[3], std::tanh(4.0)));
  CHECK(near(result(Activation::sigmoid)[0], 1 / (1 + std::exp(1.0))));
}

TEST_CASE("backend: softmax and log-softmax are the kernels' own") {
  const auto cpu = cpu_backend();
  const std::vector<float> x = numbers<float>(12, 3, 10);
  const Buffer logits = with(*cpu, x);
  Buffer y = cpu->buffer(12);
  std::vector<float> expected(12);
  cpu->run(SoftmaxRows{logits, y, 3, 4});
  kernels().softmax_rows(MatrixView<float>{x.data(), 3, 4}, expected);
  CHECK(values(*cpu, y) == expected);
  cpu->run(LogSoftmaxRows{logits, y, 3, 4});
  kernels().log_softmax_rows(MatrixView<float>{x.data(), 3, 4}, expected);
  CHECK(values(*cpu, y) == expected);
}

TEST_CASE("backend: the gradient of the cross-entropy is that of central differences") {
  const auto cpu = cpu_backend();
  const std::size_t rows = 4, cols = 5;
  std::vector<float> x = numbers<float>(rows * cols, 4, 2);
  const Buffer labels = with(*cpu, std::vector<std::uint32_t>{0, 4, 2, 2});
  const auto compute = [&] {
    const Buffer logits = with(*cpu, x);
    Buffer losses = cpu->buffer(rows), gradient = cpu->buffer(rows * cols);
    cpu->run(CrossEntropy{logits, labels, losses, gradient, rows, cols});
    return std::pair{values(*cpu, losses), values(*cpu, gradient)};
  };
  const auto mean = [&] {
    double sum = 0;
    for (const float loss : compute().first) sum += loss;
    return sum / rows;
  };
  const auto [losses, gradient] = compute();
  CHECK(near(losses[1], log_sum_exp(std::span<const float>(x).subspan(5, 5)) - x[9]));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float kept = x[i], h = 0x1p-7f;
    x[i] = kept + h;
    const double up = mean();
    x[i] = kept - h;
    const double down = mean();
    x[i] = kept;
    CHECK(near(gradient[i], (up - down) / (2.0 * h), 2e-5));
  }
}

TEST_CASE("backend: reductions of rows") {
  const auto cpu = cpu_backend();
  const Buffer x = with(*cpu, std::vector<float>{1, -4, 2, 0.5, 0.25, 0});
  Buffer y = cpu->buffer(2);
  const auto result = [&](Reduction reduction) {
    cpu->run(RowReduction{x, y, 2, 3, reduction});
    return values(*cpu, y);
  };
  CHECK(result(Reduction::sum) == std::vector<float>{-1, 0.75});
  CHECK(result(Reduction::max) == std::vector<float>{2, 0.5});
  CHECK(result(Reduction::min) == std::vector<float>{-4, 0});
  CHECK(result(Reduction::squared_norm) == std::vector<float>{21, 0.3125});
}

TEST_CASE("backend: many descents are each its own, and can be carried on in parts") {
  const auto cpu = cpu_backend();
  // Two sets of two features: one on a side of a line, one that is not separable.
  const std::size_t samples = 6, stride = padded(samples), d = 2, runs = 3;
  std::vector<float> features(2 * d * stride);
  const std::vector<float> first = numbers<float>(samples, 5), second = numbers<float>(samples, 6);
  for (std::size_t i = 0; i < samples; ++i) {
    features[i] = 1.2f + first[i];
    features[stride + i] = second[i];
    features[2 * stride + i] = i % 2 == 0 ? 1.0f : -1.0f;
    features[3 * stride + i] = second[i];
  }
  const std::vector<std::uint32_t> sets = {0, 0, 1};
  const std::vector<float> step_sizes = {0.5, 50, 2};
  const std::vector<float> start = {-1, -1, 0.25, 0.5, 0.5, 0};  // features x runs
  const Buffer samples_of_sets = with(*cpu, features), set_of = with(*cpu, sets),
               steps = with(*cpu, step_sizes);

  const auto descend = [&](std::vector<std::size_t> parts) {
    Buffer theta = with(*cpu, start), losses = cpu->buffer(runs), errors = cpu->buffer(runs);
    Buffer solved_at = with(*cpu, std::vector<float>(runs, -1));
    std::size_t done = 0;
    for (const std::size_t part : parts) {
      cpu->run(LogisticDescent{samples_of_sets, set_of, steps, theta, losses, errors, solved_at, 2,
                               samples, d, runs, part, done});
      done += part;
    }
    return std::vector{values(*cpu, theta), values(*cpu, losses), values(*cpu, errors),
                       values(*cpu, solved_at)};
  };
  const auto whole = descend({40});
  CHECK(whole == descend({1, 7, 0, 32}));

  for (std::size_t run = 0; run < runs; ++run) {
    double theta[2] = {start[run], start[runs + run]};
    double solved = -1, wrong = 0, loss = 0;
    for (std::size_t t = 0;; ++t) {
      double gradient[2] = {};
      wrong = loss = 0;
      for (std::size_t i = 0; i < samples; ++i) {
        const double a = features[sets[run] * d * stride + i];
        const double b = features[(sets[run] * d + 1) * stride + i];
        const double margin = a * theta[0] + b * theta[1];
        wrong += margin <= 0;
        loss += std::log1p(std::exp(-margin)) / samples;
        gradient[0] += a / (1 + std::exp(margin));
        gradient[1] += b / (1 + std::exp(margin));
      }
      if (wrong == 0 && solved < 0) solved = static_cast<double>(t);
      if (t == 40) break;
      for (const std::size_t j : {0, 1}) theta[j] += step_sizes[run] / samples * gradient[j];
    }
    CHECK(near(whole[0][run], theta[0], 1e-4));
    CHECK(near(whole[0][runs + run], theta[1], 1e-4));
    CHECK(near(whole[1][run], loss, 1e-5));
    CHECK(whole[2][run] == wrong);
    CHECK(whole[3][run] == solved);
  }
  CHECK(whole[3][0] >= 0);
  CHECK(whole[3][2] == -1);
}

TEST_CASE("backend: fused logits, and what they are away from each expert") {
  const auto cpu = cpu_backend();
  const std::size_t experts = 2, tokens = 3, v = 9;
  const std::vector<float> x = numbers<float>(experts * tokens * v, 7, 3), weights = {1.5, -0.5};
  const Buffer logits = with(*cpu, x), weight = with(*cpu, weights);
  Buffer probabilities = cpu->buffer(tokens * v), terms = cpu->buffer(tokens * (experts + 1));
  cpu->run(LogitFusion{logits, weight, probabilities, terms, experts, tokens, v});
  const std::vector<float> p = values(*cpu, probabilities), found = values(*cpu, terms);
  for (std::size_t token = 0; token < tokens; ++token) {
    std::vector<float> fused(v);
    const float* const one = x.data() + token * v;
    const float* const two = x.data() + (tokens + token) * v;
    for (std::size_t i = 0; i < v; ++i) fused[i] = weights[0] * one[i] + weights[1] * two[i];
    double entropy = 0, divergence[2] = {};
    for (std::size_t i = 0; i < v; ++i) {
      const double log_p = fused[i] - log_sum_exp(fused), q = std::exp(log_p);
      CHECK(near(p[token * v + i], q));
      entropy -= q * log_p;
      divergence[0] += q * (log_p - one[i] + log_sum_exp({one, v}));
      divergence[1] += q * (log_p - two[i] + log_sum_exp({two, v}));
    }
    CHECK(near(found[token * 3], divergence[0], 2e-6));
    CHECK(near(found[token * 3 + 1], divergence[1], 2e-6));
    CHECK(near(found[token * 3 + 2], entropy, 2e-6));
  }
  // With itself alone an expert is where it was.
  const Buffer alone = with(*cpu, std::vector<float>{1, 0});
  cpu->run(LogitFusion{logits, alone, probabilities, terms, experts, tokens, v});
  CHECK(std::abs(values(*cpu, terms)[0]) < 1e-6);
}

TEST_CASE("backend: distance covariance by its other formula, and of what belongs together") {
  const auto cpu = cpu_backend();
  const std::size_t n = 17;
  const std::vector<float> x = numbers<float>(2 * n, 8), y = numbers<float>(n, 9);
  const auto measured = [&](const std::vector<float>& second, std::size_t dimensions) {
    Buffer terms = cpu->buffer(3 * n);
    cpu->run(DistanceCovariance{with(*cpu, x), with(*cpu, second), terms, n, 2, dimensions});
    return distance_correlation(values(*cpu, terms));
  };
  // Szekely, Rizzo and Bakirov 2007, theorem 1: S1 + S2 - 2 S3.
  double products = 0, a_all = 0, b_all = 0, by_rows = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double a_row = 0, b_row = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const double a = distance(x, i, j, 2), b = distance(y, i, j, 1);
      products += a * b;
      a_row += a;
      b_row += b;
    }
    a_all += a_row;
    b_all += b_row;
    by_rows += a_row * b_row;
  }
  const double nn = static_cast<double>(n * n);
  const double expected =
      products / nn + a_all / nn * (b_all / nn) - 2 * by_rows / (nn * static_cast<double>(n));
  CHECK(near(measured(y, 1).covariance_squared, expected));
  CHECK(measured(y, 1).correlation < 0.9);
  CHECK(near(measured(x, 2).correlation, 1));
  std::vector<float> doubled = x;
  for (float& v : doubled) v = 2 * v + 1;
  CHECK(near(measured(doubled, 2).correlation, 1));
  CHECK(measured(std::vector<float>(n, 1), 1).correlation == 0);
}

TEST_CASE("backend: what does not fit is seen before it is run") {
  const auto cpu = cpu_backend(), other = cpu_backend();
  Buffer four = cpu->buffer(4), three = cpu->buffer(3), elsewhere = other->buffer(4);
  CHECK(fits(*cpu, SoftmaxRows{four, three, 1, 3}));
  CHECK(!fits(*cpu, SoftmaxRows{four, three, 1, 4}));
  CHECK(!fits(*cpu, SoftmaxRows{four, four, 1, 4}));
  CHECK(!fits(*cpu, SoftmaxRows{four, elsewhere, 1, 4}));
  CHECK(!fits(*cpu, Gemm{four, four, three, 2, 2, 2}));
  CHECK(fits(*cpu, Gemm{four, four, three, 1, 1, 1}));
  CHECK(!fits(*cpu, RowReduction{four, three, 2, 0, Reduction::sum}));
}

TEST_CASE("backend: a failure has a name, and becomes an error of the machine") {
  const DeviceFailure failure{DeviceFailure::Reason::lost, "the device was unplugged"};
  CHECK(reason_name(failure.reason) == "lost");
  CHECK(failure.error().kind() == Error::Kind::machine);
  CHECK(std::string(failure.error().what()) == "WebGPU: the device was unplugged");
  for (const Op op : kAllOps) CHECK(!op_name(op).empty());
}
