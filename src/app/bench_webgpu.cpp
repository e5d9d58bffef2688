#include "app/bench_webgpu.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "compute/cpu_backend.h"
#include "compute/webgpu/webgpu_backend.h"
#include "core/error.h"
#include "core/random.h"

namespace lab {

#ifdef __EMSCRIPTEN__

void bench_webgpu(const MeasureRate&, bool, bool asked_for) {
  if (asked_for)
    throw Error("WebGPU is a browser's, and this is none", "bench webgpu", "",
                Error::Kind::machine);
}

#else

namespace {

std::unique_ptr<WebGpuBackend> open_backend(std::optional<DeviceFailure>& failure) {
  std::unique_ptr<WebGpuBackend> opened;
  open_webgpu({}, [&](std::unique_ptr<WebGpuBackend> backend, const DeviceFailure* why) {
    opened = std::move(backend);
    if (why != nullptr) failure = *why;
  });
  while (!opened && !failure) poll_webgpu();
  return opened;
}

// Waits until all that the backend was given is done.
void finish(Backend& backend, const Buffer& last) {
  bool done = false;
  std::optional<DeviceFailure> failed;
  backend.read(last, 1, [&](std::span<const float>, const DeviceFailure* failure) {
    if (failure != nullptr) failed = *failure;
    done = true;
  });
  while (!done) {
    backend.poll();
    std::this_thread::yield();
  }
  if (failed) throw failed->error();
}

Buffer numbers(Backend& backend, std::size_t n, double scale) {
  Stream stream(0, "bench/webgpu");
  std::vector<float> x(n);
  for (float& v : x) v = static_cast<float>(stream.uniform(-scale, scale));
  Buffer buffer = backend.buffer(n);
  backend.write(buffer, std::span<const float>(x));
  return buffer;
}

class WebGpuBench {
 public:
  WebGpuBench(const MeasureRate& measure, Backend& gpu, Backend& cpu)
      : measure_(measure), backends_{&cpu, &gpu} {}

  void gemm(std::size_t n) {
    for (Backend* const b : backends_) {
      // One product of such a size takes a processor longer than all else here together.
      if (b == backends_[0] && n > 1024) continue;
      const Buffer left = numbers(*b, n * n, 1), right = numbers(*b, n * n, 1);
      Buffer c = b->buffer(n * n);
      const std::string side = std::to_string(n);
      rate(*b, "gemm " + side + " x " + side + " x " + side, "GFLOP/s",
           2e-9 * static_cast<double>(n) * static_cast<double>(n * n), c, [&] {
             b->run(Gemm{left, right, c, n, n, n});
           });
    }
  }

  void softmax(std::size_t rows, std::size_t cols) {
    for (Backend* const b : backends_) {
      const Buffer x = numbers(*b, rows * cols, 20);
      Buffer y = b->buffer(rows * cols);
      rate(*b, "softmax " + std::to_string(rows) + " x " + std::to_string(cols), "Gelem/s",
           1e-9 * static_cast<double>(rows * cols), y, [&] {
             b->run(SoftmaxRows{x, y, rows, cols});
           });
    }
  }

  void fusion(std::size_t experts, std::size_t tokens, std::size_t vocabulary) {
    for (Backend* const b : backends_) {
      const Buffer logits = numbers(*b, experts * tokens * vocabulary, 10);
      const Buffer weights = numbers(*b, experts, 1);
      Buffer p = b->buffer(tokens * vocabulary), terms = b->buffer(tokens * (experts + 1));
      rate(*b,
           "fusion " + std::to_string(experts) + " x " + std::to_string(tokens) + " x " +
               std::to_string(vocabulary),
           "Gelem/s", 1e-9 * static_cast<double>(experts * tokens * vocabulary), terms, [&] {
             b->run(LogitFusion{logits, weights, p, terms, experts, tokens, vocabulary});
           });
    }
  }

  void descent(std::size_t runs, std::size_t iterations) {
    constexpr std::size_t kSamples = 569, kFeatures = 31;
    for (Backend* const b : backends_) {
      // A processor does the runs one after the other: some of them tell its speed.
      const std::size_t some = b == backends_[0] ? std::min<std::size_t>(runs, 128) : runs;
      const Buffer features = numbers(*b, kFeatures * padded(kSamples), 1),
                   set_of = b->buffer(some);
      Buffer step_sizes = b->buffer(some), theta = b->buffer(kFeatures * some);
      b->write(step_sizes, std::span<const float>(std::vector<float>(some, 1e-3f)));
      Buffer losses = b->buffer(some), errors = b->buffer(some), solved_at = b->buffer(some);
      rate(*b, "descent 569 x 31, " + std::to_string(runs) + " runs", "GFLOP/s",
           4e-9 * static_cast<double>(kSamples * kFeatures) *
               static_cast<double>(some * (iterations + 1)),
           losses, [&] {
             b->run(LogisticDescent{features, set_of, step_sizes, theta, losses, errors, solved_at,
                                    1, kSamples, kFeatures, some, iterations});
           });
    }
  }

 private:
  void rate(Backend& backend, std::string size, std::string unit, double work, const Buffer& last,
            const std::function<void()>& call) {
    measure_({.name = "webgpu",
              .element = "float32",
              .variant = backend.name(),
              .size = std::move(size),
              .unit = std::move(unit)},
             work, [&] {
               call();
               finish(backend, last);
             });
  }

  const MeasureRate& measure_;
  std::array<Backend*, 2> backends_;  // the CPU's first: it is the baseline
};

}  // namespace

void bench_webgpu(const MeasureRate& measure, bool quick, bool asked_for) {
  std::optional<DeviceFailure> failure;
  const std::unique_ptr<WebGpuBackend> gpu = open_backend(failure);
  if (!gpu) {
    if (asked_for) throw failure->error();
    return;
  }
  const bool slow = gpu->adapter().is_software;
  if (slow && !asked_for) return;
  const std::unique_ptr<Backend> cpu = cpu_backend();
  WebGpuBench bench(measure, *gpu, *cpu);
  const std::size_t largest = slow ? 256 : quick ? 2048 : 8192;
  for (std::size_t n = 256; n <= largest; n *= 2) bench.gemm(n);
  bench.softmax(slow ? 10 : 1000, 50257);
  bench.fusion(3, slow ? 1 : 16, 128256);
  bench.descent(slow ? 128 : 16384, slow ? 10 : 100);
}

#endif

}  // namespace lab
