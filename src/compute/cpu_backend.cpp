#include "compute/cpu_backend.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/numerics.h"

namespace lab {

namespace {

using In = std::span<const float>;
using Out = std::span<float>;

// Distances between points, each with every other: points x points. Coordinate by coordinate along
// the other points, which the compiler makes vector code of.
std::vector<double> distances(const float* x, std::size_t points, std::size_t dimensions) {
  std::vector<double> coordinates(dimensions * points);
  for (std::size_t i = 0; i < points; ++i)
    for (std::size_t k = 0; k < dimensions; ++k)
      coordinates[k * points + i] = static_cast<double>(x[i * dimensions + k]);
  std::vector<double> d(points * points);
  for (std::size_t i = 0; i < points; ++i) {
    double* const row = d.data() + i * points;
    for (std::size_t k = 0; k < dimensions; ++k) {
      const double* const others = coordinates.data() + k * points;
      const double own = others[i];
      for (std::size_t j = 0; j < points; ++j) {
        const double difference = own - others[j];
        row[j] += difference * difference;
      }
    }
    for (std::size_t j = 0; j < points; ++j) row[j] = std::sqrt(row[j]);
  }
  return d;
}

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(const Kernels& kernels) : k_(kernels) {}

  std::string name() const override { return "CPU " + k_.name; }
  bool supports(Op) const override { return true; }

  void write(const Buffer& buffer, In values) override {
    assert(values.size() <= buffer.size());
    std::memcpy(bytes(buffer), values.data(), values.size_bytes());
  }
  void write(const Buffer& buffer, std::span<const std::uint32_t> values) override {
    assert(values.size() <= buffer.size());
    std::memcpy(bytes(buffer), values.data(), values.size_bytes());
  }
  void read(const Buffer& buffer, std::size_t count, ReadDone done) override {
    assert(count <= buffer.size());
    done(in(buffer, count), nullptr);
  }
  void poll() override {}

  void run(const Gemm& op) override;
  void run(const BiasActivation& op) override;
  void run(const SoftmaxRows& op) override {
    assert(fits(*this, op));
    k_.softmax_rows(matrix(op.x, op.rows, op.cols), out(op.y, op.rows * op.cols));
  }
  void run(const LogSoftmaxRows& op) override {
    assert(fits(*this, op));
    k_.log_softmax_rows(matrix(op.x, op.rows, op.cols), out(op.y, op.rows * op.cols));
  }
  void run(const CrossEntropy& op) override;
  void run(const RowReduction& op) override;
  void run(const LogisticDescent& op) override;
  void run(const LogitFusion& op) override;
  void run(const DistanceCovariance& op) override;

 private:
  int allocate(std::size_t size) override {
    // One element more: a place exists where there is nothing.
    auto memory = std::make_unique<std::byte[]>(sizeof(float) * (size + 1));
    const auto free = std::find(memory_.begin(), memory_.end(), nullptr);
    if (free != memory_.end()) {
      *free = std::move(memory);
      return static_cast<int>(free - memory_.begin());
    }
    memory_.push_back(std::move(memory));
    return static_cast<int>(memory_.size() - 1);
  }
  void release(int id) noexcept override { memory_[static_cast<std::size_t>(id)] = nullptr; }

  std::byte* bytes(const Buffer& buffer) const {
    assert(buffer.backend() == this);
    return memory_[static_cast<std::size_t>(buffer.id())].get();
  }
  In in(const Buffer& buffer, std::size_t size) const {
    return {reinterpret_cast<const float*>(bytes(buffer)), size};
  }
  Out out(const Buffer& buffer, std::size_t size) const {
    return {reinterpret_cast<float*>(bytes(buffer)), size};
  }
  std::span<const std::uint32_t> words(const Buffer& buffer, std::size_t size) const {
    return {reinterpret_cast<const std::uint32_t*>(bytes(buffer)), size};
  }
  MatrixView<float> matrix(const Buffer& buffer, std::size_t rows, std::size_t cols) const {
    return {in(buffer, rows * cols).data(), rows, cols};
  }

  const Kernels& k_;
  std::vector<std::unique_ptr<std::byte[]>> memory_;
};

void CpuBackend::run(const Gemm& op) {
  assert(fits(*this, op));
  const auto stands = [this](const Buffer& x, std::size_t rows, std::size_t cols, bool transposed) {
    return transposed ? matrix(x, cols, rows) : matrix(x, rows, cols);
  };
  const MatrixView<float> a = stands(op.a, op.m, op.k, op.transpose_a);
  const MatrixView<float> b = stands(op.b, op.k, op.n, op.transpose_b);
  const Out c = out(op.c, op.m * op.n);
  if (op.transpose_a && op.transpose_b) {
    std::vector<float> upright(op.k * op.n);
    for (std::size_t p = 0; p < op.k; ++p)
      for (std::size_t j = 0; j < op.n; ++j) upright[p * op.n + j] = b(j, p);
    k_.gemm_tn(a, {upright.data(), op.k, op.n}, c);
  } else if (op.transpose_a) {
    k_.gemm_tn(a, b, c);
  } else if (op.transpose_b) {
    k_.gemm_nt(a, b, c);
  } else {
    k_.gemm(a, b, c);
  }
}

void CpuBackend::run(const BiasActivation& op) {
  assert(fits(*this, op));
  const In bias = in(op.bias, op.cols);
  for (std::size_t i = 0; i < op.rows; ++i) {
    const Out row = out(op.x, op.rows * op.cols).subspan(i * op.cols, op.cols);
    k_.axpy(1, bias, row);
    switch (op.activation) {
      case Activation::identity:
        break;
      case Activation::relu:
        for (float& v : row) v = v < 0 ? 0 : v;
        break;
      case Activation::tanh:
        k_.tanh(In(row), row);
        break;
      case Activation::sigmoid:
        k_.sigmoid(In(row), row);
        break;
    }
  }
}

void CpuBackend::run(const CrossEntropy& op) {
  assert(fits(*this, op));
  const Out gradient = out(op.gradient, op.rows * op.cols), losses = out(op.losses, op.rows);
  k_.log_softmax_rows(matrix(op.logits, op.rows, op.cols), gradient);
  const auto labels = words(op.labels, op.rows);
  for (std::size_t i = 0; i < op.rows; ++i) {
    assert(labels[i] < op.cols);
    losses[i] = -gradient[i * op.cols + labels[i]];
  }
  k_.softmax_rows(matrix(op.logits, op.rows, op.cols), gradient);
  for (std::size_t i = 0; i < op.rows; ++i) gradient[i * op.cols + labels[i]] -= 1;
  k_.scale(1 / static_cast<float>(op.rows), gradient);
}

void CpuBackend::run(const RowReduction& op) {
  assert(fits(*this, op));
  const Out y = out(op.y, op.rows);
  for (std::size_t i = 0; i < op.rows; ++i) {
    const In row = in(op.x, op.rows * op.cols).subspan(i * op.cols, op.cols);
    switch (op.reduction) {
      case Reduction::sum:
        y[i] = static_cast<float>(k_.sum(row));
        break;
      case Reduction::max:
        y[i] = k_.max(row);
        break;
      case Reduction::min:
        y[i] = k_.min(row);
        break;
      case Reduction::squared_norm:
        y[i] = static_cast<float>(k_.squared_norm(row));
        break;
    }
  }
}

void CpuBackend::run(const LogisticDescent& op) {
  assert(fits(*this, op));
  const std::size_t stride = padded(op.samples), d = op.feature_count;
  const auto sets = words(op.set_of, op.runs);
  const In step_sizes = in(op.step_sizes, op.runs);
  const Out theta = out(op.theta, d * op.runs);
  std::vector<float> own(d), gradient(d), margins(stride), weights(stride), losses(stride);
  for (std::size_t run = 0; run < op.runs; ++run) {
    assert(sets[run] < op.sets);
    const MatrixView<float> features{
        in(op.features, op.sets * d * stride).data() + sets[run] * d * stride, d, stride};
    float& solved_at = out(op.solved_at, op.runs)[run];
    std::size_t wrong = 0;
    for (std::size_t j = 0; j < d; ++j) own[j] = theta[j * op.runs + run];
    for (std::size_t t = 0;; ++t) {
      k_.gemv_t(features, In(own), margins);
      wrong = static_cast<std::size_t>(
          std::count_if(margins.begin(), margins.begin() + static_cast<std::ptrdiff_t>(op.samples),
                        [](float margin) { return !(margin > 0); }));
      if (wrong == 0 && solved_at < 0) solved_at = static_cast<float>(op.first_iteration + t);
      k_.logistic(In(margins), weights, losses);
      if (t == op.iterations) break;
      // What the padding weighs does not matter: its features are 0.
      k_.gemv(features, In(weights), gradient);
      k_.axpy(step_sizes[run] / static_cast<float>(op.samples), In(gradient), own);
    }
    for (std::size_t j = 0; j < d; ++j) theta[j * op.runs + run] = own[j];
    out(op.losses, op.runs)[run] =
        static_cast<float>(k_.sum(In(losses).first(op.samples)) / static_cast<double>(op.samples));
    out(op.errors, op.runs)[run] = static_cast<float>(wrong);
  }
}

void CpuBackend::run(const LogitFusion& op) {
  assert(fits(*this, op));
  const std::size_t v = op.vocabulary;
  const In weights = in(op.weights, op.experts);
  std::vector<float> fused(v), log_p(v), log_q(v);
  for (std::size_t token = 0; token < op.tokens; ++token) {
    const auto expert = [&](std::size_t e) {
      return in(op.logits, op.experts * op.tokens * v).subspan((e * op.tokens + token) * v, v);
    };
    std::fill(fused.begin(), fused.end(), 0.0f);
    for (std::size_t e = 0; e < op.experts; ++e) k_.axpy(weights[e], expert(e), fused);
    const Out p = out(op.probabilities, op.tokens * v).subspan(token * v, v);
    const Out terms = out(op.terms, op.tokens * (op.experts + 1))
                          .subspan(token * (op.experts + 1), op.experts + 1);
    k_.softmax(In(fused), p);
    k_.log_softmax(In(fused), log_p);
    const double negative_entropy = k_.dot(In(p), In(log_p));
    for (std::size_t e = 0; e < op.experts; ++e) {
      k_.log_softmax(expert(e), log_q);
      terms[e] = static_cast<float>(negative_entropy - k_.dot(In(p), In(log_q)));
    }
    terms[op.experts] = static_cast<float>(-negative_entropy);
  }
}

void CpuBackend::run(const DistanceCovariance& op) {
  assert(fits(*this, op));
  const std::size_t n = op.points;
  const auto centred = [&](const Buffer& points, std::size_t dimensions) {
    std::vector<double> d = distances(in(points, n * dimensions).data(), n, dimensions);
    std::vector<double> means(n);
    for (std::size_t i = 0; i < n; ++i)
      means[i] = k_.sum(std::span<const double>(d).subspan(i * n, n)) / static_cast<double>(n);
    const double mean = k_.sum(std::span<const double>(means)) / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) d[i * n + j] += mean - means[i] - means[j];
    return d;
  };
  const std::vector<double> a = centred(op.x, op.x_dimensions), b = centred(op.y, op.y_dimensions);
  const Out terms = out(op.terms, 3 * n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row_a = std::span<const double>(a).subspan(i * n, n);
    const auto row_b = std::span<const double>(b).subspan(i * n, n);
    terms[3 * i] = static_cast<float>(k_.dot(row_a, row_b));
    terms[3 * i + 1] = static_cast<float>(k_.squared_norm(row_a));
    terms[3 * i + 2] = static_cast<float>(k_.squared_norm(row_b));
  }
}

}  // namespace

std::unique_ptr<Backend> cpu_backend(const Kernels& kernels) {
  return std::make_unique<CpuBackend>(kernels);
}

}  // namespace lab
