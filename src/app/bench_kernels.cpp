#include "app/bench_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "app/bench_data.h"
#include "app/bench_plain.h"
#include "compute/cpu_backend.h"
#include "core/error.h"

namespace lab {

namespace {

using Tables = std::span<const Kernels* const>;

struct Shape {
  std::size_t rows, cols;

  std::string text() const { return std::to_string(rows) + " x " + std::to_string(cols); }
  std::size_t size() const { return rows * cols; }
};

template <class T>
std::string element_name() {
  return std::is_same_v<T, double> ? "float64" : "float32";
}

template <class T>
void elementwise(BenchMeasure& measure, Tables tables, const std::string& name) {
  constexpr std::size_t n = 4096;
  constexpr double kWork = n * 1e-9;
  const bool is_exp = name == "exp";
  const std::vector<T> x = bench_numbers<T>(BenchStream::elements, n, is_exp ? -20 : 1e-3, 20);
  std::vector<T> y(n);
  BenchRow row{.name = name,
               .element = element_name<T>(),
               .variant = "std::" + name + " loop",
               .size = "4096",
               .unit = "Gelem/s"};
  measure.rate(row, kWork, [&] {
    is_exp ? plain::exp(x.data(), y.data(), n) : plain::log(x.data(), y.data(), n);
  });
  for (const Kernels* k : tables) {
    row.variant = k->name;
    measure.rate(row, kWork, [&] {
      is_exp ? k->exp(std::span<const T>(x), y) : k->log(std::span<const T>(x), y);
    });
  }
}

template <class T>
void softmax(BenchMeasure& measure, Tables tables, Shape shape) {
  const auto& [rows, cols] = shape;
  const double work = static_cast<double>(shape.size()) * 1e-9;
  const std::vector<T> x = bench_numbers<T>(BenchStream::elements, shape.size(), -20, 20);
  std::vector<T> y(shape.size());
  const MatrixView<T> logits{x.data(), rows, cols};
  BenchRow row{.name = "softmax",
               .element = element_name<T>(),
               .variant = "plain, std::exp",
               .size = shape.text(),
               .unit = "Gelem/s"};
  const auto check = [&y, cols] {
    return static_cast<double>(
        *std::max_element(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(cols)));
  };
  if (!measure.compared())
    measure.rate(
        row, work, [&] { plain::softmax_rows(x.data(), y.data(), rows, cols); }, check);
  for (const Kernels* k : tables) {
    row.variant = k->name;
    measure.rate(
        row, work, [&] { k->softmax_rows(logits, y); }, check);
  }
}

template <class T>
void gemv(BenchMeasure& measure, Tables tables, bool transposed, Shape shape) {
  const auto& [rows, cols] = shape;
  const double work = 2e-9 * static_cast<double>(shape.size());
  const std::vector<T> a = bench_numbers<T>(BenchStream::left, shape.size(), -1, 1);
  const std::vector<T> x = bench_numbers<T>(BenchStream::right, transposed ? rows : cols, -1, 1);
  std::vector<T> y(transposed ? cols : rows);
  const MatrixView<T> matrix{a.data(), rows, cols};
  BenchRow row{.name = transposed ? "gemv_t" : "gemv",
               .element = element_name<T>(),
               .variant = "plain",
               .size = shape.text(),
               .unit = "GFLOP/s"};
  measure.rate(row, work, [&] {
    transposed ? plain::gemv_t(a.data(), x.data(), y.data(), rows, cols)
               : plain::gemv(a.data(), x.data(), y.data(), rows, cols);
  });
  for (const Kernels* k : tables) {
    row.variant = k->name;
    measure.rate(row, work, [&] {
      transposed ? k->gemv_t(matrix, std::span<const T>(x), y)
                 : k->gemv(matrix, std::span<const T>(x), y);
    });
  }
}

template <class T>
void gemm(BenchMeasure& measure, Tables tables, std::size_t n) {
  const double work = 2e-9 * static_cast<double>(n) * static_cast<double>(n * n);
  const std::vector<T> a = bench_numbers<T>(BenchStream::left, n * n, -1, 1),
                       b = bench_numbers<T>(BenchStream::right, n * n, -1, 1);
  std::vector<T> c(n * n);
  const MatrixView<T> left{a.data(), n, n}, right{b.data(), n, n};
  const std::string side = std::to_string(n);
  BenchRow row{.name = "gemm",
               .element = element_name<T>(),
               .variant = "plain, i-k-j",
               .size = side + " x " + side + " x " + side,
               .unit = "GFLOP/s"};
  const auto check = [&c] { return static_cast<double>(c[0]); };
  // The largest by a plain loop takes longer than all else together.
  if (!measure.compared() && n <= 1024)
    measure.rate(
        row, work, [&] { plain::gemm(a.data(), b.data(), c.data(), n); }, check);
  for (const Kernels* k : tables) {
    row.variant = k->name;
    measure.rate(
        row, work, [&] { k->gemm(left, right, c); }, check);
  }
}

}  // namespace

void bench_elementwise(BenchMeasure& measure, Tables tables, std::string_view name) {
  elementwise<double>(measure, tables, std::string(name));
  elementwise<float>(measure, tables, std::string(name));
}

void bench_softmax(BenchMeasure& measure, Tables tables) {
  if (!measure.compared()) {
    for (const Shape shape : {Shape{1000, 10}, Shape{64, 1000}}) {
      softmax<double>(measure, tables, shape);
      softmax<float>(measure, tables, shape);
    }
  }
  if (!measure.quick()) softmax<float>(measure, tables, {1000, 50257});
}

void bench_gemv(BenchMeasure& measure, Tables tables, bool transposed) {
  for (const Shape shape : {Shape{30, 569}, Shape{569, 30}, Shape{1000, 1000}}) {
    gemv<double>(measure, tables, transposed, shape);
    gemv<float>(measure, tables, transposed, shape);
  }
}

void bench_gemm(BenchMeasure& measure, Tables tables) {
  const auto both = [&](std::size_t n) {
    gemm<double>(measure, tables, n);
    gemm<float>(measure, tables, n);
  };
  if (measure.compared()) return both(1024);
  for (std::size_t n = 32; n <= (measure.quick() ? 256 : 2048); n *= 2) both(n);
}

void bench_distance_covariance(BenchMeasure& measure, Tables tables) {
  constexpr std::size_t kPoints = 1000, kOfX = 10, kOfY = 2;
  const std::vector<float> x = bench_numbers<float>(BenchStream::left, kPoints * kOfX, -1, 1);
  std::vector<float> y = bench_numbers<float>(BenchStream::right, kPoints * kOfY, -1, 1);
  for (std::size_t i = 0; i < kPoints; ++i) y[i * kOfY] += x[i * kOfX];
  BenchRow row{.name = "dcov", .element = "float32", .variant = "plain", .size = "1000 points"};
  double plain_covariance = 0;
  measure.milliseconds(row, [&] {
    plain_covariance = plain::distance_covariance_squared(x.data(), kOfX, y.data(), kOfY, kPoints);
  });
  for (const Kernels* k : tables) {
    row.variant = k->name;
    const std::unique_ptr<Backend> cpu = cpu_backend(*k);
    const Buffer of_x = cpu->buffer(x.size()), of_y = cpu->buffer(y.size());
    Buffer terms = cpu->buffer(3 * kPoints);
    cpu->write(of_x, std::span<const float>(x));
    cpu->write(of_y, std::span<const float>(y));
    measure.milliseconds(row, [&] {
      cpu->run(DistanceCovariance{of_x, of_y, terms, kPoints, kOfX, kOfY});
    });
    double covariance = 0;
    cpu->read(terms, [&](std::span<const float> values, const DeviceFailure*) {
      covariance = distance_correlation(values).covariance_squared;
    });
    if (!(std::abs(covariance - plain_covariance) <= 1e-5 * plain_covariance))
      throw Error("the distance covariance is not that of the plain loops", "bench dcov", "",
                  Error::Kind::machine);
  }
}

}  // namespace lab
