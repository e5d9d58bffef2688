// Where does array work happen, and which? On a Backend: a device with memory of its own, about ten
// operations, and answers that come later.
//
//     Buffer x = backend.buffer(rows * cols), y = backend.buffer(rows * cols);
//     backend.write(x, logits);
//     backend.run(SoftmaxRows{.x = x, .y = y, .rows = rows, .cols = cols});
//     backend.read(y, [](std::span<const float> p, const DeviceFailure* failure) { ... });
//
// Operations are carried out in the order in which they are given, and each sees what those before
// it wrote; only read() says when they are done and whether all went well. There are two backends:
// the CPU (compute/cpu_backend.h), which is strict and the reference, and WebGPU
// (compute/webgpu/webgpu_backend.h). Elements are float32 (labels and the like uint32), matrices
// row-major. What WebGPU computes is near the CPU's, within the normalised error that
// tests/compute/backend_cases.h states for each operation, never the same bits: nothing of the
// strict path may come from there.
//
// What operations read must be finite on WebGPU (a shader's compiler may assume so); on the CPU the
// rules of compute/kernels.h hold. Sizes that do not fit, buffers of another backend and one buffer
// given twice to an operation that writes it are broken preconditions, and asserted. Like every
// class here a backend belongs to one thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace lab {

// ---------------------------------------------------------------------------------------------------
// [SECTION] Failures

// What went wrong with a device. `text` is one line for a person.
struct DeviceFailure {
  enum class Reason {
    absent,         // no library, no adapter, or none that can be used
    refused,        // the adapter is there, but gives no device with what was asked for
    lost,           // the device is gone: unplugged, reset, or ended by us
    out_of_memory,  // it has no room for a buffer
    invalid,        // it rejects what it was told: a fault of this program or of its driver
  };
  Reason reason;
  std::string text;

  // The same to be thrown: Kind::machine, at "WebGPU".
  Error error() const;
};

// "lost", "out of memory", ...
std::string_view reason_name(DeviceFailure::Reason reason);

// ---------------------------------------------------------------------------------------------------
// [SECTION] Buffers

class Backend;

// Elements of 32 bits in a device's memory, freed when this goes. It must not outlive its backend.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer();

  std::size_t size() const { return size_; }  // elements
  const Backend* backend() const { return backend_; }
  int id() const { return id_; }  // the backend's own name for it

 private:
  friend class Backend;
  Buffer(Backend* backend, int id, std::size_t size) : backend_(backend), id_(id), size_(size) {}

  Backend* backend_ = nullptr;
  int id_ = 0;
  std::size_t size_ = 0;
};

// ---------------------------------------------------------------------------------------------------
// [SECTION] Operations: what each reads and, where it is a `Buffer&`, writes.

enum class Op {
  gemm,
  bias_activation,
  softmax_rows,
  log_softmax_rows,
  cross_entropy,
  row_reduction,
  logistic_descent,
  logit_fusion,
  distance_covariance,
};
inline constexpr std::array kAllOps = {
    Op::gemm,
    Op::bias_activation,
    Op::softmax_rows,
    Op::log_softmax_rows,
    Op::cross_entropy,
    Op::row_reduction,
    Op::logistic_descent,
    Op::logit_fusion,
    Op::distance_covariance,
};
std::string_view op_name(Op op);  // "gemm"

// C = A B, where A or B may stand transposed in memory.
struct Gemm {
  const Buffer& a;  // m x k; transposed: k x m
  const Buffer& b;  // k x n; transposed: n x k
  Buffer& c;        // m x n
  std::size_t m, n, k;
  bool transpose_a = false, transpose_b = false;
};

enum class Activation { identity, relu, tanh, sigmoid };

// x(i, j) becomes f(x(i, j) + bias(j)).
struct BiasActivation {
  Buffer& x;           // rows x cols
  const Buffer& bias;  // cols
  std::size_t rows, cols;
  Activation activation;
};

// y = softmax of each row of x.
struct SoftmaxRows {
  const Buffer& x;  // rows x cols, logits
  Buffer& y;        // rows x cols
  std::size_t rows, cols;
};

// y = log-softmax of each row of x.
struct LogSoftmaxRows {
  const Buffer& x;  // rows x cols, logits
  Buffer& y;        // rows x cols
  std::size_t rows, cols;
};

// losses(i) = logsumexp(row i) - logits(i, labels(i)), and the gradient of their mean:
// gradient(i, j) = (softmax(row i)(j) - [j = labels(i)]) / rows.
struct CrossEntropy {
  const Buffer& logits;  // rows x cols
  const Buffer& labels;  // rows, uint32, each below cols
  Buffer& losses;        // rows
  Buffer& gradient;      // rows x cols
  std::size_t rows, cols;
};

enum class Reduction { sum, max, min, squared_norm };

// y(i) = the sum, the largest, the smallest, or the sum of squares of row i of x.
struct RowReduction {
  const Buffer& x;  // rows x cols, cols > 0
  Buffer& y;        // rows
  std::size_t rows, cols;
  Reduction reduction;
};

// The next multiple of 4.
constexpr std::size_t padded(std::size_t n) {
  return (n + 3) / 4 * 4;
}

// Many runs of gradient descent for logistic regression at once, over data sets (seeds) and step
// sizes (Tyurin 2024, eq. 3): with rows a_i that are multiplied by their labels +-1,
//     theta <- theta + step_size / samples * sum over i of sigmoid(-<a_i, theta>) a_i,
// `iterations` times for each run. Then, at the theta that this ends with: the mean loss
// softplus(-<a_i, theta>) and the number of rows with <a_i, theta> <= 0. `solved_at` becomes the
// first iteration, counted from first_iteration, at whose theta no such row is left; it stays as it
// is where it is not negative already, so that a descent can be carried on in parts: begin with -1.
struct LogisticDescent {
  const Buffer&
      features;  // sets x features x padded(samples): a_ij stands at (set, j, i); the rest 0
  const Buffer& set_of;      // runs, uint32: which set a run learns from, each below `sets`
  const Buffer& step_sizes;  // runs
  Buffer& theta;             // feature_count x runs
  Buffer& losses;            // runs
  Buffer& errors;            // runs, whole numbers
  Buffer& solved_at;         // runs, whole numbers; exact below 2^24
  std::size_t sets, samples, feature_count, runs;
  std::size_t iterations;
  std::size_t first_iteration = 0;
};

// Experts' logits over one vocabulary, fused token by token: f = sum over e of weights(e) x_e,
// probabilities p = softmax(f), and in the same pass over the vocabulary
//     terms(t, e) = KL(p || softmax(x_e)) for each expert e,   terms(t, experts) = entropy of p,
// both in nats.
struct LogitFusion {
  static constexpr std::size_t kMostExperts = 8;

  const Buffer& logits;   // experts x tokens x vocabulary
  const Buffer& weights;  // experts; of any sign
  Buffer& probabilities;  // tokens x vocabulary
  Buffer& terms;          // tokens x (experts + 1)
  std::size_t experts, tokens, vocabulary;
};

// The terms of distance covariance (Szekely, Rizzo and Bakirov 2007, definition 4). With Euclidean
// distances a_ij of the points x and b_ij of the points y, and A, B the same doubly centred (A_ij =
// a_ij - mean of row i - mean of row j + mean of all), the sums over j of
//     terms(i, 0) = A_ij B_ij,   terms(i, 1) = A_ij^2,   terms(i, 2) = B_ij^2.
struct DistanceCovariance {
  const Buffer& x;  // points x x_dimensions
  const Buffer& y;  // points x y_dimensions
  Buffer& terms;    // points x 3
  std::size_t points, x_dimensions, y_dimensions;
};

// What the terms add up to: squares of the sample distance covariance and variances, and the
// correlation, from 0 to 1 (0 where a variance is 0).
struct DistanceCorrelation {
  double covariance_squared, x_variance_squared, y_variance_squared, correlation;
};
// terms: points x 3, as DistanceCovariance leaves them.
DistanceCorrelation distance_correlation(std::span<const float> terms);

// ---------------------------------------------------------------------------------------------------
// [SECTION] Backends

class Backend {
 public:
  // What was read, or nothing and why: everything that went wrong since the read before it. The
  // span is valid during the call alone. It must not throw: it is called from within a driver.
  using ReadDone = std::function<void(std::span<const float> values, const DeviceFailure* failure)>;

  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  // Reads that are still open are never answered.
  virtual ~Backend() = default;

  // "CPU strict/avx2", "WebGPU (NVIDIA H100, Vulkan)": goes into the environment of results.
  virtual std::string name() const = 0;
  virtual bool supports(Op op) const = 0;

  // A buffer of so many elements, all 0. Throws lab::Error (Kind::machine) when it is larger than
  // the device allows; that the device is out of memory is known at the next read().
  Buffer buffer(std::size_t size) { return {this, allocate(size), size}; }
  // The first elements of a buffer. Values may go when this returns.
  virtual void write(const Buffer& buffer, std::span<const float> values) = 0;
  virtual void write(const Buffer& buffer, std::span<const std::uint32_t> values) = 0;
  // The first `count` elements, when all that was given before is done. The answer comes within
  // poll() or, in a browser, by itself; of the CPU's backend before this returns.
  virtual void read(const Buffer& buffer, std::size_t count, ReadDone done) = 0;
  void read(const Buffer& buffer, ReadDone done) { read(buffer, buffer.size(), std::move(done)); }
  // Lets answers come.
  virtual void poll() = 0;

  // After a failure operations are accepted and do nothing of use; read() says so.
  virtual void run(const Gemm& op) = 0;
  virtual void run(const BiasActivation& op) = 0;
  virtual void run(const SoftmaxRows& op) = 0;
  virtual void run(const LogSoftmaxRows& op) = 0;
  virtual void run(const CrossEntropy& op) = 0;
  virtual void run(const RowReduction& op) = 0;
  virtual void run(const LogisticDescent& op) = 0;
  virtual void run(const LogitFusion& op) = 0;
  virtual void run(const DistanceCovariance& op) = 0;

 protected:
  friend class Buffer;
  virtual int allocate(std::size_t size) = 0;
  virtual void release(int id) noexcept = 0;
};

// ---------------------------------------------------------------------------------------------------
// [SECTION] Choosing

// Where somebody wants to compute: on the CPU with its strict kernels, on a device, or on whichever
// of them is faster.
enum class BackendWish { cpu, webgpu, automatic };
inline constexpr std::array kAllBackendWishes = {BackendWish::cpu, BackendWish::webgpu,
                                                 BackendWish::automatic};
std::string_view name(BackendWish wish);  // "cpu", "webgpu", "auto"

// What came of a wish.
struct ChosenBackend {
  std::shared_ptr<Backend> backend = {};  // none: it is the CPU
  std::string reason = {};                // why, as a sentence for a person
  // Where a device would have been taken, and cannot be had.
  std::optional<DeviceFailure> failure = {};
};
using BackendChosen = std::function<void(ChosenBackend)>;
// Seconds since some moment, to measure with; no result depends on them.
using Clock = std::function<double()>;

// ---------------------------------------------------------------------------------------------------

// Whether the sizes fit and all buffers are of this backend: what each run() asserts.
bool fits(const Backend& backend, const Gemm& op);
bool fits(const Backend& backend, const BiasActivation& op);
bool fits(const Backend& backend, const SoftmaxRows& op);
bool fits(const Backend& backend, const LogSoftmaxRows& op);
bool fits(const Backend& backend, const CrossEntropy& op);
bool fits(const Backend& backend, const RowReduction& op);
bool fits(const Backend& backend, const LogisticDescent& op);
bool fits(const Backend& backend, const LogitFusion& op);
bool fits(const Backend& backend, const DistanceCovariance& op);

}  // namespace lab
