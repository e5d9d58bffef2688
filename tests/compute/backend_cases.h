// Each operation of a Backend as cases: built once, and run for correctness against the CPU's
// backend, for the report of what is supported, and for speed; by test_webgpu.cpp natively, and by
// tests/web/webgpu_cases.cpp in a browser.
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compute/backend.h"
#include "compute/cpu_backend.h"
#include "core/random.h"

namespace cases {

struct Input {
  std::vector<std::uint32_t> words;  // the bits of floats, or whole numbers
};

struct Output {
  std::string name;
  std::vector<float> initial;
  // The largest error allowed: the largest difference from the CPU's result over the largest of
  // the CPU's values, in size.
  double bound;
};

struct Case {
  lab::Op op;
  std::string size;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  double work;  // of one run, in 1e9 of `unit`
  std::string unit;
  std::function<void(lab::Backend&, std::vector<lab::Buffer>& in, std::vector<lab::Buffer>& out)>
      run;

  std::string name() const { return std::string(lab::op_name(op)) + " " + size; }
};

// [SECTION] Building

inline std::vector<float> numbers(std::size_t n, std::string_view name, double scale) {
  lab::Stream stream(0, name);
  std::vector<float> x(n);
  for (float& v : x) v = static_cast<float>(stream.uniform(-scale, scale));
  return x;
}
inline Input floats(const std::vector<float>& values) {
  Input input;
  for (const float v : values) input.words.push_back(std::bit_cast<std::uint32_t>(v));
  return input;
}
inline Input below(std::size_t n, std::uint32_t bound) {
  lab::Stream stream(0, "labels");
  Input input;
  for (std::size_t i = 0; i < n; ++i)
    input.words.push_back(static_cast<std::uint32_t>(stream.below(bound)));
  return input;
}
inline Output zeros(std::string name, std::size_t n, double bound) {
  return {std::move(name), std::vector<float>(n), bound};
}

inline std::string times(std::initializer_list<std::size_t> sizes) {
  std::string text;
  for (const std::size_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

// Two neighbours in float32 differ by so much of themselves, at most.
constexpr double kUlp = 0x1p-23;
// Where exponentials and logarithms are taken: WGSL promises 3 + 2 |x| ulp of exp(x), and log to
// 2^-21 near 1.
constexpr double kTranscendental = 64 * kUlp;

inline Case gemm(std::size_t m, std::size_t n, std::size_t k, bool ta, bool tb) {
  return {.op = lab::Op::gemm,
          .size = times({m, n, k}) + (ta ? " A'" : "") + (tb ? " B'" : ""),
          .inputs = {floats(numbers(m * k, "a", 1)), floats(numbers(k * n, "b", 1))},
          .outputs =
              {// k additions, rounded once or (fused) half as often: errors that walk at random.
               zeros("c", m * n, (4 + std::sqrt(static_cast<double>(k))) * kUlp)},
          .work = 2e-9 * static_cast<double>(m * n) * static_cast<double>(k),
          .unit = "GFLOP/s",
          .run = [=](lab::Backend& backend, auto& in, auto& out) {
            backend.run(lab::Gemm{in[0], in[1], out[0], m, n, k, ta, tb});
          }};
}

inline Case bias_activation(std::size_t rows, std::size_t cols, lab::Activation activation,
                            std::string name) {
  return {.op = lab::Op::bias_activation,
          .size = times({rows, cols}) + " " + name,
          .inputs = {floats(numbers(cols, "bias", 3))},
          .outputs = {{"x", numbers(rows * cols, "x", 8), 16 * kUlp}},
          .work = 1e-9 * static_cast<double>(rows * cols),
          .unit = "Gelem/s",
          .run = [=](lab::Backend& backend, auto& in, auto& out) {
            backend.run(lab::BiasActivation{out[0], in[0], rows, cols, activation});
          }};
}

inline Case softmax(std::size_t rows, std::size_t cols, bool logarithm) {
  return {.op = logarithm ? lab::Op::log_softmax_rows : lab::Op::softmax_rows,
          .size = times({rows, cols}),
          .inputs = {floats(numbers(rows * cols, "logits", 30))},
          .outputs = {zeros("y", rows * cols, kTranscendental)},
          .work = 1e-9 * static_cast<double>(rows * cols),
          .unit = "Gelem/s",
          .run = [=](lab::Backend& backend, auto& in, auto& out) {
            if (logarithm) {
              backend.run(lab::LogSoftmaxRows{in[0], out[0], rows, cols});
            } else {
              backend.run(lab::SoftmaxRows{in[0], out[0], rows, cols});
            }
          }};
}

inline Case cross_entropy(std::size_t rows, std::size_t cols) {
  return {.op = lab::Op::cross_entropy,
          .size = times({rows, cols}),
          .inputs = {floats(numbers(rows * cols, "logits", 10)),
                     below(rows, static_cast<std::uint32_t>(cols))},
          .outputs = {zeros("losses", rows, kTranscendental),
                      zeros("gradient", rows * cols, kTranscendental)},
          .work = 1e-9 * static_cast<double>(rows * cols),
          .unit = "Gelem/s",
          .run = [=](lab::Backend& backend, auto& in, auto& out) {
            backend.run(lab::CrossEntropy{in[0], in[1], out[0], out[1], rows, cols});
          }};
}

inline Case row_reduction(std::size_t rows, std::size_t cols, lab::Reduction reduction,
                          std::string name) {
  std::vector<float> x = numbers(rows * cols, "x", 4);
  // A sum without cancellation: of what does not add up to something, no error would be small.
  if (reduction == lab::Reduction::sum)
    for (float& v : x) v += 5;
  return {.op = lab::Op::row_reduction,
          .size = times({rows, cols}) + " " + name,
          .inputs = {floats(x)},
          .outputs = {zeros("y", rows, 16 * kUlp)},
          .work = 1e-9 * static_cast<double>(rows * cols),
          .unit = "Gelem/s",
          .run = [=](lab::Backend& backend, auto& in, auto& out) {
            backend.run(lab::RowReduction{in[0], out[0], rows, cols, reduction});
          }};
}

// Descents from 0 on data that a plane with a small margin separates, but for the third set, where
// a part of the labels is wrong; by step sizes from small to large.
inline Case logistic_descent(std::size_t sets, std::size_t samples, std::size_t d, std::size_t runs,
                             std::size_t iterations) {
  const std::size_t stride = lab::padded(samples);
  std::vector<float> features(sets * d * stride);
  lab::Stream stream(0, "samples");
  for (std::size_t set = 0; set < sets; ++set) {
    for (std::size_t i = 0; i < samples; ++i) {
      double side = 0;
      const auto place = [&](std::size_t j) { return (set * d + j) * stride + i; };
      for (std::size_t j = 0; j < d; ++j) {
        const double value = stream.uniform(-1, 1);
        features[place(j)] = static_cast<float>(value);
        side += (j % 2 == 0 ? 1 : -1) * value;
      }
      const bool wrong = set == 2 && i % 9 == 0;
      const double sign = (side < 0) != wrong ? -1 : 1;
      for (std::size_t j = 0; j < d; ++j) {
        const double away = (wrong ? -0.04 : 0.04) * (j % 2 == 0 ? 1 : -1);
        features[place(j)] = static_cast<float>(sign * features[place(j)] + away);
      }
    }
  }
  std::vector<float> step_sizes(runs);
  Input set_of;
  for (std::size_t run = 0; run < runs; ++run) {
    step_sizes[run] = static_cast<float>(
        0.01 * std::pow(2, 7 * static_cast<double>(run) / static_cast<double>(runs)));
    set_of.words.push_back(static_cast<std::uint32_t>(run % sets));
  }
  return {.op = lab::Op::logistic_descent,
          .size = times({samples, d}) + ", " + std::to_string(runs) + " runs, " +
                  std::to_string(iterations) + " steps",
          .inputs = {floats(features), set_of, floats(step_sizes)},
          .outputs = {{"theta", std::vector<float>(d * runs), kTranscendental},
                      zeros("losses", runs, kTranscendental),
                      // A sample may lie on the plane, and be counted here or there.
                      zeros("errors", runs, 0.2),
                      {"solved_at", std::vector<float>(runs, -1), 0.05}},
          .work = 4e-9 * static_cast<double>(samples * d) *
                  static_cast<double>(runs * (iterations + 1)),
          .unit = "GFLOP/s",
          .run = [=](lab::Backend& backend, auto& in, auto& out) {
            backend.run(lab::LogisticDescent{in[0], in[1], in[2], out[0], out[1], out[2], out[3],
                                             sets, samples, d, runs, iterations});
          }};
}

inline Case logit_fusion(std::size_t experts, std::size_t tokens, std::size_t vocabulary) {
  std::vector<float> weights;
  for (std::size_t e = 0; e < experts; ++e)
    weights.push_back(e % 2 == 0 ? 1.0f : -0.4f + 0.1f * static_cast<float>(e));
  return {
      .op = lab::Op::logit_fusion,
      .size = times({experts, tokens, vocabulary}),
      .inputs = {floats(numbers(experts * tokens * vocabulary, "logits", 8)), floats(weights)},
      .outputs = {zeros("probabilities", tokens * vocabulary, kTranscendental),
                  zeros("terms", tokens * (experts + 1), kTranscendental)},
      .work = 1e-9 * static_cast<double>(experts * tokens * vocabulary),
      .unit = "Gelem/s",
      .run = [=](lab::Backend& backend, auto& in, auto& out) {
        backend.run(lab::LogitFusion{in[0], in[1], out[0], out[1], experts, tokens, vocabulary});
      }};
}

inline Case distance_covariance(std::size_t points, std::size_t p, std::size_t q) {
  return {.op = lab::Op::distance_covariance,
          .size = std::to_string(points) + " points, " + times({p, q}),
          .inputs = {floats(numbers(points * p, "x", 1)), floats(numbers(points * q, "y", 3))},
          .outputs = {zeros("terms", 3 * points, 64 * kUlp)},
          .work = 1e-9 * static_cast<double>(points * points),
          .unit = "Gpair/s",
          .run = [=](lab::Backend& backend, auto& in, auto& out) {
            backend.run(lab::DistanceCovariance{in[0], in[1], out[0], points, p, q});
          }};
}

// Every operation, at sizes around those of workgroups, tiles and parts, and at one of its use.
inline std::vector<Case> all_cases() {
  using enum lab::Activation;
  std::vector<Case> all;
  for (const bool ta : {false, true})
    for (const bool tb : {false, true}) all.push_back(gemm(70, 45, 33, ta, tb));
  all.push_back(gemm(1, 1, 1, false, false));
  all.push_back(gemm(1030, 1025, 9, false, false));
  all.push_back(gemm(256, 256, 256, false, false));
  all.push_back(bias_activation(37, 61, identity, "identity"));
  all.push_back(bias_activation(37, 61, relu, "relu"));
  all.push_back(bias_activation(37, 61, tanh, "tanh"));
  all.push_back(bias_activation(512, 512, sigmoid, "sigmoid"));
  for (const bool logarithm : {false, true}) {
    all.push_back(softmax(3, 1, logarithm));
    all.push_back(softmax(70, 257, logarithm));
    // More rows than one dimension of a dispatch has workgroups.
    if (!logarithm) all.push_back(softmax(66000, 3, logarithm));
    all.push_back(softmax(16, 50257, logarithm));
  }
  all.push_back(cross_entropy(1, 2));
  all.push_back(cross_entropy(100, 300));
  all.push_back(cross_entropy(2000, 10));
  for (const auto& [reduction, name] :
       {std::pair{lab::Reduction::sum, "sum"}, std::pair{lab::Reduction::max, "max"},
        std::pair{lab::Reduction::min, "min"},
        std::pair{lab::Reduction::squared_norm, "squared_norm"}}) {
    all.push_back(row_reduction(5, 13, reduction, name));
    all.push_back(row_reduction(2, 100003, reduction, name));
  }
  all.push_back(row_reduction(3000, 600, lab::Reduction::sum, "sum"));
  all.push_back(logistic_descent(1, 5, 1, 1, 0));
  all.push_back(logistic_descent(3, 41, 7, 200, 60));
  all.push_back(logistic_descent(1, 569, 31, 64, 20));
  all.push_back(logit_fusion(1, 1, 5));
  all.push_back(logit_fusion(2, 7, 300));
  all.push_back(logit_fusion(8, 3, 5000));
  all.push_back(logit_fusion(3, 2, 128256));
  all.push_back(distance_covariance(1, 1, 1));
  all.push_back(distance_covariance(333, 5, 2));
  return all;
}

// [SECTION] Running

struct Result {
  std::optional<lab::DeviceFailure> failure;
  std::vector<std::vector<float>> outputs;
  double seconds = 0;  // of the run and of reading one number, when the program was ready
};

// Buffers of a case on one backend, and what comes back from there.
class CaseRun : public std::enable_shared_from_this<CaseRun> {
 public:
  using Done = std::function<void(const Result&)>;

  // Runs the case and reads all that it writes, then once more for the time if that is wanted. The
  // case outlives the answer.
  static void start(const Case& chosen, lab::Backend& backend, bool timed, Done done) {
    const auto run = std::make_shared<CaseRun>(chosen, backend, timed, std::move(done));
    for (const Input& input : chosen.inputs) {
      run->in_.push_back(backend.buffer(input.words.size()));
      backend.write(run->in_.back(), std::span<const std::uint32_t>(input.words));
    }
    for (const Output& output : chosen.outputs) {
      run->out_.push_back(backend.buffer(output.initial.size()));
      backend.write(run->out_.back(), std::span<const float>(output.initial));
    }
    chosen.run(backend, run->in_, run->out_);
    run->read_on();
  }

  CaseRun(const Case& chosen, lab::Backend& backend, bool timed, Done done)
      : case_(chosen), backend_(backend), timed_(timed), done_(std::move(done)) {}

 private:
  void read_on() {
    const std::size_t next = result_.outputs.size();
    if (next == out_.size()) {
      timed_ ? time() : done_(result_);
      return;
    }
    backend_.read(out_[next], [run = shared_from_this()](std::span<const float> values,
                                                         const lab::DeviceFailure* failure) {
      if (failure != nullptr) {
        run->result_.failure = *failure;
        run->done_(run->result_);
        return;
      }
      run->result_.outputs.emplace_back(values.begin(), values.end());
      run->read_on();
    });
  }

  void time() {
    const auto begin = std::chrono::steady_clock::now();
    case_.run(backend_, in_, out_);
    backend_.read(
        out_[0], 1,
        [run = shared_from_this(), begin](std::span<const float>,
                                          const lab::DeviceFailure* failure) {
          if (failure != nullptr) run->result_.failure = *failure;
          run->result_.seconds =
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
          run->done_(run->result_);
        });
  }

  const Case& case_;
  lab::Backend& backend_;
  bool timed_;
  Done done_;
  std::vector<lab::Buffer> in_, out_;
  Result result_;
};

inline double normalised_error(const std::vector<float>& values,
                               const std::vector<float>& reference) {
  if (values.size() != reference.size()) return INFINITY;
  double difference = 0, largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double distance = std::abs(static_cast<double>(values[i]) - reference[i]);
    if (!(distance <= difference)) difference = distance;  // NaN too
    largest = std::max(largest, std::abs(static_cast<double>(reference[i])));
  }
  return difference == 0 ? 0 : largest > 0 ? difference / largest : INFINITY;
}

// What to say of a case: its errors, each with its bound, and its speed; `right`: all within
// bounds.
struct Verdict {
  bool right = true;
  std::string text;
};
inline Verdict judge(const Case& chosen, const Result& result) {
  if (result.failure) return {false, result.failure->text};
  Result reference;
  CaseRun::start(chosen, *lab::cpu_backend(), false, [&](const Result& r) { reference = r; });
  Verdict verdict;
  char number[64];
  for (std::size_t i = 0; i < chosen.outputs.size(); ++i) {
    const Output& output = chosen.outputs[i];
    const double error = normalised_error(result.outputs[i], reference.outputs[i]);
    if (!(error <= output.bound)) verdict.right = false;
    std::snprintf(number, sizeof number, " %.1e (bound %.1e)%s", error, output.bound,
                  error <= output.bound ? "" : " TOO LARGE");
    verdict.text += (verdict.text.empty() ? "" : ", ") + output.name + number;
  }
  if (result.seconds > 0) {
    std::snprintf(number, sizeof number, "; %.3g ms, %.3g %s", 1e3 * result.seconds,
                  chosen.work / result.seconds, chosen.unit.c_str());
    verdict.text += number;
  }
  return verdict;
}

}  // namespace cases
