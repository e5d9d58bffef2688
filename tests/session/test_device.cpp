// Runs on a device: waited for, replayed, failing, refused. The experiment asks its device for
// every step; what the CPU would record is another number, so that it shows where a step came from.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compute/late_backend.h"
#include "session/records.h"
#include "session/results.h"
#include "session/run_file.h"
#include "session/session.h"
#include "session/walk.h"

namespace lab {
namespace {

using walk::all_of;
using walk::ask;
using walk::until_idle;

constexpr double kOfCpu = 0.5;

class Asking final : public Run {
 public:
  Asking(const Config& config, const RunContext& context)
      : steps_(static_cast<std::uint64_t>(config.integer("steps"))), device_(context.backend) {}

  void begin(Recorder&) override {}
  bool step(Recorder& recorder) override {
    ++step_;
    const bool answered = answers_ && step_ <= end_ && step_ <= answers_->known.size();
    recorder.series(0, answered ? static_cast<double>(answers_->known[step_ - 1])
                                : static_cast<double>(step_) + kOfCpu);
    return step_ < steps_;
  }
  void observe(Recorder&) const override {}
  void save(ByteWriter& writer) const override { writer.u64(step_); }
  void restore(ByteReader& reader) override { step_ = reader.u64(); }
  std::string data_digest() const override { return std::string(64, '0'); }
  std::uint64_t step_limit() const override { return steps_; }

  bool ready() override {
    if (device_ && !answers_) answers_ = std::make_shared<Answers>(device_);
    if (!answers_ || step_ >= end_ || step_ < answers_->known.size()) return true;
    if (answers_->failure) return false;
    constexpr std::size_t kAhead = 3;
    while (answers_->asked < answers_->known.size() + kAhead) {
      const std::vector<float> number = {static_cast<float>(++answers_->asked)};
      answers_->device->write(answers_->buffer, std::span<const float>(number));
      answers_->device->read(answers_->buffer, 1,
                             [weak = std::weak_ptr<Answers>(answers_)](
                                 std::span<const float> values, const DeviceFailure* failure) {
                               const auto answers = weak.lock();
                               if (!answers) return;
                               if (failure != nullptr) {
                                 answers->failure = *failure;
                               } else {
                                 answers->known.push_back(values[0]);
                               }
                             });
    }
    return false;
  }
  const DeviceFailure* device_failure() const override {
    return answers_ && answers_->failure ? &*answers_->failure : nullptr;
  }
  void leave_backend() override {
    device_.reset();
    end_ = std::min(end_, step_);
  }
  void take_answers(const Run& from) override {
    const auto& other = static_cast<const Asking&>(from);
    answers_ = other.answers_;
    end_ = other.end_;
  }

 private:
  struct Answers {
    std::shared_ptr<Backend> device;
    Buffer buffer;
    std::size_t asked = 0;
    std::vector<float> known;
    std::optional<DeviceFailure> failure;
    explicit Answers(std::shared_ptr<Backend> on)
        : device(std::move(on)), buffer(device->buffer(1)) {}
  };

  std::uint64_t steps_, step_ = 0;
  std::shared_ptr<Backend> device_;
  std::shared_ptr<Answers> answers_;
  std::uint64_t end_ = UINT64_MAX;
};

// A session whose devices these are, and what becomes of opening one.
struct Bench {
  int polls = 1;                         // for an answer of the next device
  std::size_t answers = SIZE_MAX;        // that it gives
  std::optional<DeviceFailure> refusal;  // why there is none
  int opened = 0;
  std::shared_ptr<LateBackend> device;
  BackendChosen waiting;
  std::vector<Experiment> list;

  Bench() {
    Experiment asking;
    asking.id = "asking";
    asking.title = "Asks a device";
    asking.family = "test";
    Field steps;
    steps.name = "steps";
    steps.type = FieldType::integer;
    steps.value = std::int64_t{40};
    steps.min = 1;
    steps.max = 1000;
    asking.schema = Schema(1, {steps});
    asking.recordings = {{"asked/number", RecordingKind::series, "", "", ArrayForm::none, {}}};
    asking.make = [](const Config& config, const RunContext& context) {
      return std::make_unique<Asking>(config, context);
    };
    asking.backend =
        BackendUse{.refusal = [](const Config& config) -> std::string {
                     return config.integer("steps") == 13 ? "thirteen steps are for the CPU" : "";
                   },
                   .open = [this](bool, Clock, BackendChosen done) { waiting = std::move(done); },
                   .poll = [this] { poll(); }};
    list = {asking, walk::experiment()};
  }

  void poll() {
    if (const BackendChosen done = std::exchange(waiting, {})) {
      ++opened;
      if (refusal) return done({{}, refusal->text, refusal});
      device = std::make_shared<LateBackend>(polls, answers);
      return done({device, "a test has one", {}});
    }
    if (device) device->poll();
  }

  SessionOptions options(unsigned workers) {
    SessionOptions options;
    options.workers = workers;
    options.find = find_in(list);
    return options;
  }
};

Command open(BackendWish wish, Settings set = {}, std::uint32_t seeds = 1,
             OnDeviceFailure on_failure = OnDeviceFailure::go_on, std::string id = "asking") {
  return {command::Open{
      .config = {.experiment = std::move(id), .schema = {}, .set = std::move(set), .lineage = {}},
      .seeds = seeds,
      .backend = wish,
      .on_device_failure = on_failure}};
}

std::vector<double> numbers(const std::vector<Event>& events, RunIndex run = 0) {
  RecordsReader reader;
  for (const event::Records& records : all_of<event::Records>(events)) {
    if (records.run == run) reader.read(records);
  }
  std::vector<double> last;
  for (const auto& bucket : reader.series().at("asked/number")) last.push_back(bucket.last);
  return last;
}

// The numbers of steps 1 .. from the device and after them from the CPU.
std::vector<double> expected(std::size_t of_device, std::size_t steps) {
  std::vector<double> numbers;
  for (std::size_t step = 1; step <= steps; ++step)
    numbers.push_back(static_cast<double>(step) + (step > of_device ? kOfCpu : 0));
  return numbers;
}

}  // namespace

TEST_CASE("device: runs wait for its answers, for any number of workers, and say whose they are") {
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Bench bench;
    Session session(bench.options(workers));
    session.post(open(BackendWish::webgpu, {}, 3));
    const auto events = ask(session, {command::Run{}});
    const auto opened = all_of<event::Opened>(events);
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].device == "a late device");
    CHECK(opened[0].device_reason == "a test has one");
    CHECK(all_of<event::Finished>(events).size() == 3);
    CHECK(all_of<event::DeviceFailed>(events).empty());
    for (RunIndex run = 0; run < 3; ++run) CHECK(numbers(events, run) == expected(40, 40));
    CHECK(bench.opened == 1);
    session.post(open(BackendWish::webgpu));
    CHECK(all_of<event::Finished>(ask(session, {command::Run{}})).size() == 1);
    CHECK(bench.opened == 1);  // it is still there
    session.post(open(BackendWish::cpu));
    CHECK(numbers(ask(session, {command::Run{}})) == expected(0, 40));
  }
}

TEST_CASE("device: what it answered is replayed, not asked for again, also after it has failed") {
  for (const unsigned workers : walk::worker_counts()) {
    for (const std::size_t answers : {std::size_t{SIZE_MAX}, std::size_t{25}}) {
      Bench bench;
      bench.answers = answers;
      SessionOptions options = bench.options(workers);
      options.snapshot_bytes = 0;  // every step back is a replay from the beginning
      Session session(std::move(options));
      session.post(open(BackendWish::webgpu));
      const auto finished = all_of<event::Finished>(ask(session, {command::Run{}}));
      REQUIRE(finished.size() == 1);
      const auto there = all_of<event::Sought>(ask(session, {command::Seek{{}, 20}}));
      REQUIRE(there.size() == 1);
      const auto events = ask(session, {command::Run{}});
      REQUIRE(all_of<event::Finished>(events).size() == 1);
      CHECK(all_of<event::Finished>(events)[0].digest == finished[0].digest);
      const auto again = all_of<event::Sought>(ask(session, {command::Seek{{}, 20}}));
      CHECK(again.at(0).digest == there[0].digest);
    }
  }
}

TEST_CASE(
    "device: when it is lost the rest is computed on the CPU, or the run rests with what it has") {
  for (const unsigned workers : walk::worker_counts()) {
    CAPTURE(workers);
    Bench bench;
    bench.answers = 25;
    Session session(bench.options(workers));
    session.post(open(BackendWish::webgpu));
    auto events = ask(session, {command::Run{}});
    auto failed = all_of<event::DeviceFailed>(events);
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].step == 25);
    CHECK(failed[0].reason == "lost");
    CHECK(failed[0].goes_on);
    CHECK(all_of<event::Finished>(events).size() == 1);
    CHECK(numbers(events) == expected(25, 40));
    Results results;
    RunKeeper keeper;
    for (const Event& event : events) {
      results.take(event);
      keeper.take(event);
    }
    CHECK(results.seeds().at(0).device_failure == failed[0]);
    Environment environment;
    environment.device = "a late device";
    const RunFile file = read_run_file(run_file_text(keeper.file(environment)), "file");
    CHECK(file.environment.device == "a late device");
    CHECK(file.runs.at(0).result.device_failure == failed[0]);

    // The next one opens another device; this time it is to stop.
    session.post(open(BackendWish::webgpu, {}, 1, OnDeviceFailure::stop));
    events = ask(session, {command::Run{}});
    CHECK(bench.opened == 2);
    failed = all_of<event::DeviceFailed>(events);
    REQUIRE(failed.size() == 1);
    CHECK_FALSE(failed[0].goes_on);
    const auto paused = all_of<event::Paused>(events);
    REQUIRE(paused.size() == 1);
    CHECK(paused[0].step == 25);
    CHECK(numbers(events) == expected(25, 25));
    const auto rest = ask(session, {command::Run{}});
    CHECK(all_of<event::Finished>(rest).size() == 1);
    events.insert(events.end(), rest.begin(), rest.end());
    CHECK(numbers(events) == expected(25, 40));
  }
}

TEST_CASE("device: where there is none the runs compute on the CPU, or the open is an error") {
  for (const unsigned workers : walk::worker_counts()) {
    Bench bench;
    bench.refusal = DeviceFailure{DeviceFailure::Reason::refused, "the adapter gives no device"};
    Session session(bench.options(workers));
    session.post(open(BackendWish::webgpu));
    const auto events = ask(session, {command::Run{}});
    const auto opened = all_of<event::Opened>(events);
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].device.empty());
    CHECK(opened[0].device_reason == "the adapter gives no device");
    CHECK(numbers(events) == expected(0, 40));

    session.post(open(BackendWish::webgpu, {}, 1, OnDeviceFailure::stop));
    const auto refused = ask(session, {command::Step{{}, 1}});
    const auto errors = all_of<event::Error>(refused);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].problem == "the adapter gives no device");
    CHECK(errors[0].kind == Error::Kind::machine);
  }
}

TEST_CASE("device: what computes on the CPU alone says so and does it") {
  Bench bench;
  Session session(bench.options(0));
  session.post(open(BackendWish::webgpu, {{"steps", std::int64_t{13}}}));
  auto events = ask(session, {command::Run{}});
  CHECK(all_of<event::Opened>(events).at(0).device_reason == "thirteen steps are for the CPU");
  CHECK(numbers(events) == expected(0, 13));
  session.post(open(BackendWish::automatic, {}, 1, OnDeviceFailure::stop, "walk"));
  events = ask(session, {command::Run{}});
  CHECK(all_of<event::Opened>(events).at(0).device_reason == "walk computes on the CPU alone");
  CHECK(bench.opened == 0);
}

TEST_CASE("device: a pump says that it waits, other runs go on, and what is closed is let go") {
  Bench bench;
  bench.polls = 1'000'000;
  Session session(bench.options(0));
  session.post(open(BackendWish::webgpu));
  session.post({command::Run{}, 1});
  for (int i = 0; i < 10; ++i) session.pump(100);
  CHECK(session.waits_for_device());
  session.post({command::Reproduce{.experiment = "walk", .claims = {"never"}}, 2});
  session.post({command::Close{.runs_only = true}, 3});
  CHECK(all_of<event::Verdict>(until_idle(session, 3)).size() == 1);
  for (int i = 0; i < 10; ++i) session.pump(100);
  CHECK_FALSE(session.waits_for_device());
}

}  // namespace lab
