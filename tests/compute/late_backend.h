// A backend whose answers come late, as a device's do, and which can fail: the CPU's backend behind
// a queue. It supports descents alone.
#pragma once

#include <cassert>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "compute/backend.h"
#include "compute/cpu_backend.h"

namespace lab {

class LateBackend final : public Backend {
 public:
  // polls: how many each answer takes. answers: how many there are before the device is lost.
  explicit LateBackend(int polls = 3, std::size_t answers = SIZE_MAX)
      : polls_(polls), answers_(answers) {}

  std::string name() const override { return "a late device"; }
  bool supports(Op op) const override { return op == Op::logistic_descent; }

  // As when it is unplugged, or the driver gives up.
  void fail(DeviceFailure failure) {
    if (!failure_) failure_ = std::move(failure);
  }
  void limit_buffers(std::size_t elements) { most_elements_ = elements; }

  void write(const Buffer& buffer, std::span<const float> values) override {
    cpu_->write(inner(buffer), values);
  }
  void write(const Buffer& buffer, std::span<const std::uint32_t> values) override {
    cpu_->write(inner(buffer), values);
  }
  using Backend::read;
  void read(const Buffer& buffer, std::size_t count, ReadDone done) override {
    Answer answer{.polls = polls_, .values = {}, .done = std::move(done)};
    cpu_->read(inner(buffer), count, [&](std::span<const float> values, const DeviceFailure*) {
      answer.values.assign(values.begin(), values.end());
    });
    waiting_.push_back(std::move(answer));
  }
  void poll() override {
    if (waiting_.empty() || --waiting_.front().polls > 0) return;
    const Answer answer = std::move(waiting_.front());
    waiting_.pop_front();
    if (answers_ == 0) fail({DeviceFailure::Reason::lost, "the device was lost: a test took it"});
    if (answers_ > 0) --answers_;
    answer.done(failure_ ? std::span<const float>() : answer.values,
                failure_ ? &*failure_ : nullptr);
  }

  void run(const LogisticDescent& op) override {
    cpu_->run(LogisticDescent{inner(op.features), inner(op.set_of), inner(op.step_sizes),
                              inner(op.theta), inner(op.losses), inner(op.errors),
                              inner(op.solved_at), op.sets, op.samples, op.feature_count, op.runs,
                              op.iterations, op.first_iteration});
  }
  void run(const Gemm&) override { assert(false); }
  void run(const BiasActivation&) override { assert(false); }
  void run(const SoftmaxRows&) override { assert(false); }
  void run(const LogSoftmaxRows&) override { assert(false); }
  void run(const CrossEntropy&) override { assert(false); }
  void run(const RowReduction&) override { assert(false); }
  void run(const LogitFusion&) override { assert(false); }
  void run(const DistanceCovariance&) override { assert(false); }

 private:
  struct Answer {
    int polls;
    std::vector<float> values;
    ReadDone done;
  };

  int allocate(std::size_t size) override {
    if (size > most_elements_) {
      throw Error("a buffer of " + std::to_string(size) + " elements is more than it allows",
                  "a late device", "a smaller one", Error::Kind::machine);
    }
    buffers_.push_back(cpu_->buffer(size));
    return static_cast<int>(buffers_.size() - 1);
  }
  void release(int id) noexcept override { buffers_[static_cast<std::size_t>(id)] = Buffer(); }
  Buffer& inner(const Buffer& buffer) {
    assert(buffer.backend() == this);
    return buffers_[static_cast<std::size_t>(buffer.id())];
  }

  const std::unique_ptr<Backend> cpu_ = cpu_backend();
  std::deque<Buffer> buffers_;
  int polls_;
  std::size_t answers_, most_elements_ = SIZE_MAX;
  std::deque<Answer> waiting_;
  std::optional<DeviceFailure> failure_;
};

}  // namespace lab
