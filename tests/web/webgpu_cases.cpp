// The cases of tests/compute/backend_cases.h in a browser: a module for a Worker that runs them one
// after the other and says what came out (webgpu.test.mjs).
#include <emscripten.h>

#include <memory>
#include <optional>
#include <string>

#include "compute/backend_cases.h"
#include "compute/webgpu/webgpu_backend.h"

using namespace lab;

namespace {

// JavaScript's side of this: message(kind, name, right, text) of the module.
void say(const char* kind, const std::string& name, bool right, const std::string& text) {
  EM_ASM({ Module.message(UTF8ToString($0), UTF8ToString($1), !!$2, UTF8ToString($3)); }, kind,
         name.c_str(), right ? 1 : 0, text.c_str());
}

struct Session {
  std::vector<cases::Case> all = cases::all_cases();
  std::size_t next = 0;
  std::unique_ptr<WebGpuBackend> backend;
};

Session& session() {
  static Session instance;
  return instance;
}

void open(const GpuOptions& options, std::function<void()> then) {
  open_webgpu(options, [then = std::move(then)](std::unique_ptr<WebGpuBackend> backend,
                                                const DeviceFailure* failure) {
    if (failure != nullptr) {
      say("absent", std::string(reason_name(failure->reason)), true, failure->text);
      return;
    }
    session().backend = std::move(backend);
    then();
  });
}

// What the next read says, as a case by that name: right if it is of that reason.
void expect_failure(const std::string& name, std::optional<DeviceFailure::Reason> reason,
                    std::function<void()> then) {
  const auto buffer = std::make_shared<Buffer>(session().backend->buffer(4));
  session().backend->read(*buffer, [=](std::span<const float>, const DeviceFailure* failure) {
    const bool right =
        reason ? failure != nullptr && failure->reason == *reason : failure == nullptr;
    say("case", name, right, failure == nullptr ? "no failure" : failure->text);
    then();
  });
}

void finish() {
  session().backend.reset();
  say("end", "", true, "");
}

void refuse() {
  open_webgpu({.needed_bytes = 0x1p50},
              [](std::unique_ptr<WebGpuBackend> backend, const DeviceFailure* failure) {
                say("case", "an adapter that cannot do what is needed",
                    !backend && failure->reason == DeviceFailure::Reason::refused,
                    failure == nullptr ? "a device" : failure->text);
                finish();
              });
}

void break_things() {
  using enum DeviceFailure::Reason;
  session().backend->compile("@compute @workgroup_size(1) fn main() { let x: u32 = 1.5; }");
  expect_failure("a broken shader", invalid, [] {
    expect_failure("after a broken shader", std::nullopt, [] {
      session().backend->lose();
      expect_failure("a lost device", lost, [] { expect_failure("the same again", lost, refuse); });
    });
  });
}

void products(GpuOptions::Product product, std::function<void()> then) {
  open({.product = product}, [then] {
    const cases::Case& chosen = session().all[3];
    cases::CaseRun::start(
        chosen, *session().backend, false, [&, then](const cases::Result& result) {
          const cases::Verdict verdict = cases::judge(chosen, result);
          say("case", "the other product, " + chosen.name(), verdict.right, verdict.text);
          then();
        });
  });
}

void go_on() {
  Session& s = session();
  if (s.next == s.all.size()) {
    products(GpuOptions::Product::tiled,
             [] { products(GpuOptions::Product::registers, break_things); });
    return;
  }
  const cases::Case& chosen = s.all[s.next++];
  cases::CaseRun::start(chosen, *s.backend, true, [&](const cases::Result& result) {
    const cases::Verdict verdict = cases::judge(chosen, result);
    say("case", chosen.name(), verdict.right && session().backend->supports(chosen.op),
        verdict.text);
    go_on();
  });
}

}  // namespace

extern "C" {

// Begins; the module's message() is called with "adapter", then "case" for each, then "end"; or
// with "absent" and why.
EMSCRIPTEN_KEEPALIVE void run_cases() {
  find_webgpu_adapters([](const GpuAdapters& found) {
    if (found.all.empty()) {
      say("absent", "absent", true, found.absent);
      return;
    }
    for (const GpuAdapter& adapter : found.all)
      say("adapter", adapter.name, true, choose_device(found).reason);
    open({}, go_on);
  });
}

}  // extern "C"
