#include "compute/webgpu/descent_device.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "compute/cpu_backend.h"
#include "compute/webgpu/webgpu_backend.h"
#include "core/decimal.h"

namespace lab {

namespace {

// What is measured: as many runs as a sweep has, of a size that is usual there. The CPU does a few
// of them, one after the other, and so takes kRuns / kRunsOfCpu times as long for all.
constexpr std::size_t kSamples = 128, kFeatures = 8, kIterations = 64;
constexpr std::size_t kRuns = 1024, kRunsOfCpu = 16;

// The descents on one backend. Numbers that no two samples share, and labels that no plane fits:
// how long it takes does not depend on them.
class Descents {
 public:
  Descents(Backend& backend, std::size_t runs)
      : backend_(backend),
        runs_(runs),
        features_(backend.buffer(kFeatures * padded(kSamples))),
        set_of_(backend.buffer(runs)),
        step_sizes_(backend.buffer(runs)),
        theta_(backend.buffer(kFeatures * runs)),
        losses_(backend.buffer(runs)),
        errors_(backend.buffer(runs)),
        solved_at_(backend.buffer(runs)) {
    std::vector<float> features(features_.size());
    for (std::size_t i = 0; i < features.size(); ++i)
      features[i] = static_cast<float>(i * 7919 % 1009) / 504.5f - 1;
    backend.write(features_, std::span<const float>(features));
    backend.write(step_sizes_, std::span<const float>(std::vector<float>(runs, 0.5f)));
  }

  void run(std::size_t iterations, Backend::ReadDone done) {
    backend_.run(LogisticDescent{features_, set_of_, step_sizes_, theta_, losses_, errors_,
                                 solved_at_, 1, kSamples, kFeatures, runs_, iterations});
    backend_.read(losses_, std::move(done));
  }

 private:
  Backend& backend_;
  std::size_t runs_;
  Buffer features_, set_of_, step_sizes_, theta_, losses_, errors_, solved_at_;
};

double seconds_of_cpu(const Clock& clock) {
  const std::unique_ptr<Backend> cpu = cpu_backend();
  Descents descents(*cpu, kRunsOfCpu);
  const double begin = clock();
  descents.run(kIterations, [](std::span<const float>, const DeviceFailure*) {});
  return (clock() - begin) * static_cast<double>(kRuns) / static_cast<double>(kRunsOfCpu);
}

struct Seconds {
  double device, cpu;
};

// By the name of the backend.
class Measured {
 public:
  std::optional<Seconds> find(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = seconds_.find(name);
    if (found == seconds_.end()) return std::nullopt;
    return found->second;
  }
  void keep(const std::string& name, const Seconds& seconds) {
    const std::lock_guard lock(mutex_);
    seconds_.insert_or_assign(name, seconds);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Seconds> seconds_;
};

Measured& measured() {
  static Measured all;
  return all;
}

// A device while it is measured. It lives in the callbacks of its reads.
struct Trial {
  std::shared_ptr<Backend> device;
  Clock clock;
  BackendChosen done;
  Descents descents;
  double begin = 0;

  Trial(std::shared_ptr<Backend> on, Clock time, BackendChosen answer)
      : device(std::move(on)),
        clock(std::move(time)),
        done(std::move(answer)),
        descents(*device, kRuns) {}

  void fail(const DeviceFailure& failure) { done({{}, failure.text, failure}); }
};

void measure(std::shared_ptr<Backend> device, Clock clock, BackendChosen done) {
  const auto trial = std::make_shared<Trial>(std::move(device), std::move(clock), std::move(done));
  // Once for nothing: what is compiled and allocated only once does not count.
  trial->descents.run(1, [trial](std::span<const float>, const DeviceFailure* failure) {
    if (failure != nullptr) return trial->fail(*failure);
    trial->begin = trial->clock();
    trial->descents.run(kIterations, [trial](std::span<const float>, const DeviceFailure* failed) {
      if (failed != nullptr) return trial->fail(*failed);
      const Seconds seconds = {trial->clock() - trial->begin, seconds_of_cpu(trial->clock)};
      measured().keep(trial->device->name(), seconds);
      trial->done(faster_for_descents(trial->device, seconds.device, seconds.cpu));
    });
  });
}

std::string times(double ratio) {
  return fixed_text(ratio, 1) + " times as fast as ";
}

}  // namespace

ChosenBackend faster_for_descents(std::shared_ptr<Backend> device, double device_seconds,
                                  double cpu_seconds) {
  const std::string name = device->name();
  if (device_seconds < cpu_seconds) {
    return {std::move(device),
            name + " descends " + times(cpu_seconds / device_seconds) + "the CPU here",
            {}};
  }
  return {{}, "the CPU descends " + times(device_seconds / cpu_seconds) + name + " here", {}};
}

void open_for_descents(bool if_faster, Clock clock, BackendChosen done) {
  open_webgpu({}, [if_faster, clock = std::move(clock), done = std::move(done)](
                      std::unique_ptr<WebGpuBackend> opened, const DeviceFailure* failure) {
    if (failure != nullptr) return done({{}, failure->text, *failure});
    const GpuAdapter& adapter = opened->adapter();
    if (!if_faster) {
      std::string reason = "it was asked for";
      if (adapter.is_software) reason += "; it is software, slower than this program's own kernels";
      return done({std::move(opened), std::move(reason), {}});
    }
    const DeviceChoice choice = choose_device({{adapter}, ""});
    if (!choice.on_gpu) return done({{}, choice.reason, {}});
    const std::shared_ptr<Backend> device = std::move(opened);
    if (const auto known = measured().find(device->name()))
      return done(faster_for_descents(device, known->device, known->cpu));
    measure(device, clock, done);
  });
}

}  // namespace lab
