#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "compute/backend_cases.h"
#include "compute/webgpu/webgpu_backend.h"

using namespace lab;

namespace {

struct Opened {
  std::unique_ptr<WebGpuBackend> backend;
  std::optional<DeviceFailure> failure;
};

template <class Start>
void wait_for(Start start) {
  bool done = false;
  start(done);
  while (!done) {
    poll_webgpu();
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

#ifndef __EMSCRIPTEN__
Opened open(const GpuOptions& options) {
  Opened opened;
  wait_for([&](bool& done) {
    open_webgpu(options, [&](std::unique_ptr<WebGpuBackend> backend, const DeviceFailure* failure) {
      opened.backend = std::move(backend);
      if (failure != nullptr) opened.failure = *failure;
      done = true;
    });
  });
  return opened;
}

// A backend, or null where there is no adapter: then the reason is printed.
std::unique_ptr<WebGpuBackend> backend_or_reason(const GpuOptions& options = {}) {
  Opened opened = open(options);
  if (!opened.backend) {
    CHECK(opened.failure->reason == DeviceFailure::Reason::absent);
    std::printf("  skipped: %s\n", opened.failure->text.c_str());
  }
  return std::move(opened.backend);
}

cases::Result result_of(const cases::Case& chosen, Backend& backend, bool timed) {
  cases::Result result;
  wait_for([&](bool& done) {
    cases::CaseRun::start(chosen, backend, timed, [&](const cases::Result& r) {
      result = r;
      done = true;
    });
  });
  return result;
}

// What a read of a new buffer says.
std::optional<DeviceFailure> failure_of_read(Backend& backend) {
  std::optional<DeviceFailure> said;
  const Buffer buffer = backend.buffer(4);
  wait_for([&](bool& done) {
    backend.read(buffer, [&](std::span<const float> values, const DeviceFailure* failure) {
      if (failure != nullptr) said = *failure;
      CHECK(values.size() == (failure == nullptr ? 4 : 0));
      done = true;
    });
  });
  return said;
}

bool one_line(const std::string& text) {
  return !text.empty() && text.find('\n') == std::string::npos;
}

void check_all(const GpuOptions& options, bool products_alone) {
  const auto backend = backend_or_reason(options);
  if (!backend) return;
  std::printf("  %s%s\n", backend->name().c_str(),
              backend->adapter().is_software ? ", software" : "");
  for (const cases::Case& chosen : cases::all_cases()) {
    if (products_alone && chosen.op != Op::gemm) continue;
    INFO(chosen.name());
    CHECK(backend->supports(chosen.op));
    const cases::Verdict verdict = cases::judge(chosen, result_of(chosen, *backend, true));
    std::printf("  %s: %s\n", chosen.name().c_str(), verdict.text.c_str());
    CHECK_MESSAGE(verdict.right, verdict.text);
  }
}
#endif

}  // namespace

TEST_CASE("webgpu: the device is the CPU where there is no other than software, and it says why") {
  GpuAdapter software{.name = "SwiftShader Device", .is_software = true};
  GpuAdapter card{.name = "A card"};
  CHECK(!choose_device({{}, "there is no adapter"}).on_gpu);
  CHECK(choose_device({{}, "there is no adapter"}).reason == "there is no adapter");
  CHECK(!choose_device({{software}, ""}).on_gpu);
  CHECK(choose_device({{software}, ""}).reason.find("SwiftShader Device is software") == 0);
  CHECK(choose_device({{software, card}, ""}).on_gpu);
  CHECK(choose_device({{software, card}, ""}).reason.find("A card") == 0);
}

#ifndef __EMSCRIPTEN__

TEST_CASE("webgpu: every operation agrees with the CPU's within its bound") {
  check_all({}, false);
}

TEST_CASE("webgpu: both ways of multiplying matrices agree with the CPU's") {
  check_all({.product = GpuOptions::Product::tiled}, true);
  check_all({.product = GpuOptions::Product::registers}, true);
}

TEST_CASE("webgpu: adapters are found, each once, or there is a line that says why not") {
  GpuAdapters found;
  find_webgpu_adapters([&](const GpuAdapters& all) { found = all; });
  CHECK(found.all.empty() == !found.absent.empty());
  if (found.all.empty()) {
    CHECK(one_line(found.absent));
    std::printf("  skipped: %s\n", found.absent.c_str());
    return;
  }
  for (const GpuAdapter& adapter : found.all) {
    CHECK(!adapter.name.empty());
    CHECK(adapter.buffer_bytes >= 1u << 27);
    CHECK(adapter.workgroup_threads >= 256);
    CHECK(std::count(found.all.begin(), found.all.end(), adapter) == 1);
  }
}

TEST_CASE("webgpu: what a descent does in one go it does in parts") {
  const auto backend = backend_or_reason();
  if (!backend) return;
  cases::Case whole = cases::logistic_descent(2, 21, 3, 70, 40), parts = whole;
  parts.run = [](Backend& b, std::vector<Buffer>& in, std::vector<Buffer>& out) {
    std::size_t done = 0;
    for (const std::size_t part : {1, 7, 0, 32}) {
      b.run(LogisticDescent{in[0], in[1], in[2], out[0], out[1], out[2], out[3], 2, 21, 3, 70, part,
                            done});
      done += part;
    }
  };
  CHECK(result_of(whole, *backend, false).outputs == result_of(parts, *backend, false).outputs);
}

TEST_CASE("webgpu: an operation sees what was written before it, and not what is written after") {
  const auto backend = backend_or_reason();
  if (!backend) return;
  const std::vector<float> one = {1, 2, 3}, two = {10, 20, 30};
  Buffer x = backend->buffer(3), first = backend->buffer(1), second = backend->buffer(1);
  std::vector<float> read;
  const auto sum = [&](Buffer& y) { backend->run(RowReduction{x, y, 1, 3, Reduction::sum}); };
  backend->write(x, std::span<const float>(one));
  sum(first);
  backend->write(x, std::span<const float>(two));
  sum(second);
  x = Buffer();
  for (const Buffer* buffer : {&first, &second}) {
    wait_for([&](bool& done) {
      backend->read(*buffer, [&](std::span<const float> values, const DeviceFailure* failure) {
        CHECK(failure == nullptr);
        read.insert(read.end(), values.begin(), values.end());
        done = true;
      });
    });
  }
  CHECK(read == std::vector<float>{6, 60});
}

TEST_CASE("webgpu: a device that is lost says so at every read, and computing elsewhere goes on") {
  auto backend = backend_or_reason();
  if (!backend) return;
  const auto other = backend_or_reason();
  CHECK(!failure_of_read(*backend));
  const cases::Case chosen = cases::softmax(3, 5, false);
  cases::Result result;
  wait_for([&](bool& done) {
    cases::CaseRun::start(chosen, *backend, false, [&](const cases::Result& r) {
      result = r;
      done = true;
    });
    backend->lose();  // while the answer is on its way
  });
  if (result.failure) CHECK(result.failure->reason == DeviceFailure::Reason::lost);
  for (int i = 0; i < 2; ++i) {
    const auto failure = failure_of_read(*backend);
    REQUIRE(failure);
    CHECK(failure->reason == DeviceFailure::Reason::lost);
    CHECK(one_line(failure->text));
    CHECK(failure->error().kind() == Error::Kind::machine);
    result = result_of(chosen, *backend, true);  // accepted, and answered
    CHECK(result.failure);
  }
  CHECK(!failure_of_read(*other));
}

TEST_CASE("webgpu: a backend that goes while an answer is on its way gives none") {
  auto backend = backend_or_reason();
  if (!backend) return;
  bool answered = false;
  {
    const Buffer buffer = backend->buffer(4);
    backend->read(buffer, [&](std::span<const float>, const DeviceFailure*) { answered = true; });
  }
  backend.reset();
  CHECK(!failure_of_read(*backend_or_reason()));
  CHECK(!answered);
}

TEST_CASE("webgpu: a shader that is broken is told at the next read, and at no other") {
  const auto backend = backend_or_reason();
  if (!backend) return;
  backend->compile("@compute @workgroup_size(1) fn main() { let x: u32 = 1.5; }");
  const auto failure = failure_of_read(*backend);
  REQUIRE(failure);
  CHECK(failure->reason == DeviceFailure::Reason::invalid);
  CHECK(one_line(failure->text));
  CHECK(failure->text.find("rejects") != std::string::npos);
  CHECK(!failure_of_read(*backend));
}

TEST_CASE("webgpu: an adapter that cannot do what is needed gives no device") {
  if (!backend_or_reason()) return;
  const Opened opened = open({.needed_bytes = 0x1p50});
  CHECK(!opened.backend);
  REQUIRE(opened.failure);
  CHECK(opened.failure->reason == DeviceFailure::Reason::refused);
  CHECK(one_line(opened.failure->text));
}

TEST_CASE("webgpu: what is too large for the device is said before and after") {
  const auto backend = backend_or_reason({.needed_bytes = 0x1p27});
  if (!backend) return;
  CHECK_THROWS_WITH_AS(backend->buffer(std::size_t{1} << 31), doctest::Contains("is more than"),
                       Error);
  CHECK(!failure_of_read(*backend));
}

TEST_CASE("webgpu: a device without memory says so, and goes on when there is some again") {
  const auto backend = backend_or_reason();
  if (!backend) return;
  if (!backend->adapter().is_software) {
    std::printf("  skipped: the memory of a card is not for tests to fill\n");
    return;
  }
  std::optional<DeviceFailure> failure;
  {
    // Nothing is written to them: no memory is used but in the driver's own accounts.
    std::vector<Buffer> many;
    for (int i = 0; i < 16 && !failure; ++i) {
      many.push_back(backend->buffer(backend->adapter().buffer_bytes / 4));
      failure = failure_of_read(*backend);
    }
  }
  REQUIRE(failure);
  CHECK(failure->reason == DeviceFailure::Reason::out_of_memory);
  CHECK(one_line(failure->text));
  CHECK(!failure_of_read(*backend));
}

#endif
