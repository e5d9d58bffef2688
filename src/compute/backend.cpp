#include "compute/backend.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace lab {

namespace {

struct Wanted {
  const Buffer& buffer;
  std::size_t size;
};

bool all_fit(const Backend& backend, std::initializer_list<Wanted> read,
             std::initializer_list<Wanted> written) {
  const auto fit = [&](const Wanted& w) {
    return w.buffer.backend() == &backend && w.buffer.size() >= w.size;
  };
  // A buffer that is written is given once.
  const auto alone = [&](const Wanted& w) {
    const auto same = [&](const Wanted& other) { return other.buffer.id() == w.buffer.id(); };
    return std::none_of(read.begin(), read.end(), same) &&
           std::count_if(written.begin(), written.end(), same) == 1;
  };
  return std::all_of(read.begin(), read.end(), fit) &&
         std::all_of(written.begin(), written.end(), fit) &&
         std::all_of(written.begin(), written.end(), alone);
}

}  // namespace

Error DeviceFailure::error() const {
  return Error(text, "WebGPU", "", Error::Kind::machine);
}

std::string_view reason_name(DeviceFailure::Reason reason) {
  using enum DeviceFailure::Reason;
  switch (reason) {
    case absent:
      return "absent";
    case refused:
      return "refused";
    case lost:
      return "lost";
    case out_of_memory:
      return "out of memory";
    case invalid:
      break;
  }
  return "invalid";
}

std::string_view name(BackendWish wish) {
  switch (wish) {
    case BackendWish::cpu:
      return "cpu";
    case BackendWish::webgpu:
      return "webgpu";
    case BackendWish::automatic:
      break;
  }
  return "auto";
}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(backend_, other.backend_);
  std::swap(id_, other.id_);
  std::swap(size_, other.size_);
  return *this;
}

Buffer::~Buffer() {
  if (backend_ != nullptr) backend_->release(id_);
}

std::string_view op_name(Op op) {
  switch (op) {
    case Op::gemm:
      return "gemm";
    case Op::bias_activation:
      return "bias_activation";
    case Op::softmax_rows:
      return "softmax_rows";
    case Op::log_softmax_rows:
      return "log_softmax_rows";
    case Op::cross_entropy:
      return "cross_entropy";
    case Op::row_reduction:
      return "row_reduction";
    case Op::logistic_descent:
      return "logistic_descent";
    case Op::logit_fusion:
      return "logit_fusion";
    case Op::distance_covariance:
      break;
  }
  return "distance_covariance";
}

DistanceCorrelation distance_correlation(std::span<const float> terms) {
  double sums[3] = {};
  for (std::size_t i = 0; i < terms.size(); ++i) sums[i % 3] += static_cast<double>(terms[i]);
  const double points = static_cast<double>(terms.size() / 3);
  for (double& sum : sums) sum = std::max(0.0, sum / (points * points));
  const double product = std::sqrt(sums[1] * sums[2]);
  return {sums[0], sums[1], sums[2], product > 0 ? std::sqrt(std::min(1.0, sums[0] / product)) : 0};
}

bool fits(const Backend& backend, const Gemm& op) {
  return all_fit(backend, {{op.a, op.m * op.k}, {op.b, op.k * op.n}}, {{op.c, op.m * op.n}});
}
bool fits(const Backend& backend, const BiasActivation& op) {
  return all_fit(backend, {{op.bias, op.cols}}, {{op.x, op.rows * op.cols}});
}
bool fits(const Backend& backend, const SoftmaxRows& op) {
  return all_fit(backend, {{op.x, op.rows * op.cols}}, {{op.y, op.rows * op.cols}});
}
bool fits(const Backend& backend, const LogSoftmaxRows& op) {
  return all_fit(backend, {{op.x, op.rows * op.cols}}, {{op.y, op.rows * op.cols}});
}
bool fits(const Backend& backend, const CrossEntropy& op) {
  return op.cols > 0 && all_fit(backend, {{op.logits, op.rows * op.cols}, {op.labels, op.rows}},
                                {{op.losses, op.rows}, {op.gradient, op.rows * op.cols}});
}
bool fits(const Backend& backend, const RowReduction& op) {
  return op.cols > 0 && all_fit(backend, {{op.x, op.rows * op.cols}}, {{op.y, op.rows}});
}
bool fits(const Backend& backend, const LogisticDescent& op) {
  return op.sets > 0 && op.samples > 0 &&
         all_fit(backend,
                 {{op.features, op.sets * op.feature_count * padded(op.samples)},
                  {op.set_of, op.runs},
                  {op.step_sizes, op.runs}},
                 {{op.theta, op.feature_count * op.runs},
                  {op.losses, op.runs},
                  {op.errors, op.runs},
                  {op.solved_at, op.runs}});
}
bool fits(const Backend& backend, const LogitFusion& op) {
  return op.experts > 0 && op.experts <= LogitFusion::kMostExperts && op.vocabulary > 0 &&
         all_fit(backend,
                 {{op.logits, op.experts * op.tokens * op.vocabulary}, {op.weights, op.experts}},
                 {{op.probabilities, op.tokens * op.vocabulary},
                  {op.terms, op.tokens * (op.experts + 1)}});
}
bool fits(const Backend& backend, const DistanceCovariance& op) {
  return all_fit(backend,
                 {{op.x, op.points * op.x_dimensions}, {op.y, op.points * op.y_dimensions}},
                 {{op.terms, op.points * 3}});
}

}  // namespace lab
