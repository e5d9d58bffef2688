// The experiment that the session's tests run: a random walk with drift that pulls towards zero. It
// has everything a session must cope with: live fields, random numbers, all kinds of recordings, a
// series with gaps, an end before the limit, divergence, and exceptions.
#pragma once

#include <array>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/random.h"
#include "experiment/experiment.h"
#include "session/session.h"

namespace lab::walk {

enum : std::size_t { kPosition, kSparse, kLeast, kTrace, kField, kEnergy };

inline std::vector<Recording> recordings() {
  constexpr auto kNone = ArrayForm::none;
  constexpr auto kVector = ArrayForm::vector;
  return {{"walk/position", RecordingKind::series, "", "x", kNone, {}},
          {"walk/sparse", RecordingKind::series, "", "x, every seventh step", kNone, {}},
          {"walk/least", RecordingKind::value, "", "least x from step 10 on", kNone, {}},
          {"walk/trace", RecordingKind::array, "", "x and step, every 100th step", kVector, {}},
          {"shown/field", RecordingKind::array, "", "only when observed", kVector, {}},
          {"shown/energy", RecordingKind::value, "", "only when observed", kNone, {}}};
}

class Walk : public Run {
 public:
  Walk(const Config& config, const RunContext& context)
      : pull_(config.real("pull")),
        noise_(config.real("noise")),
        steps_(static_cast<std::uint64_t>(config.integer("steps"))),
        stop_below_(config.real("stop_below")),
        diverge_at_(static_cast<std::uint64_t>(config.integer("diverge_at"))),
        throw_at_(static_cast<std::uint64_t>(config.integer("throw_at"))),
        ballast_(static_cast<std::size_t>(config.integer("ballast")), std::byte{1}),
        seed_(context.seed),
        stream_(context.seed, "walk") {
    if (config.integer("broken_seed") == static_cast<std::int64_t>(seed_)) {
      throw Error("this seed cannot be made", "broken_seed", "another seed");
    }
  }

  void begin(Recorder& recorder) override { record(recorder); }

  bool step(Recorder& recorder) override {
    ++step_;
    if (step_ == throw_at_ && seed_ % 2 == 1) throw std::runtime_error("an odd seed broke");
    const double push = stream_.normal();
    x_ += noise_ * push - pull_ * x_;
    if (step_ == diverge_at_) x_ = std::numeric_limits<double>::infinity();
    if (step_ >= 10 && (step_ == 10 || x_ < least_)) least_ = x_;
    record(recorder);
    if (step_ == diverge_at_) recorder.diverge(kPosition, "it was told to");
    return step_ < steps_ && !(x_ < stop_below_);
  }

  void observe(Recorder& recorder) const override {
    const std::array<std::size_t, 1> shape = {3};
    const std::array<double, 3> field = {pull_, static_cast<double>(step_), least_};
    recorder.array(kField, shape, field);
    recorder.value(kEnergy, static_cast<double>(step_) * pull_);
  }

  void save(ByteWriter& writer) const override {
    writer.u64(step_);
    writer.f64(x_);
    writer.f64(least_);
    stream_.save(writer);
    writer.bytes(ballast_);
  }
  void restore(ByteReader& reader) override {
    step_ = reader.u64();
    x_ = reader.f64();
    least_ = reader.f64();
    stream_.restore(reader);
    ballast_ = reader.bytes();
    reader.expect_end();
  }

  std::string data_digest() const override { return std::string(64, '0'); }
  std::uint64_t step_limit() const override { return steps_; }

 private:
  void record(Recorder& recorder) {
    recorder.series(kPosition, x_);
    if (step_ % 7 == 0) recorder.series(kSparse, x_);
    if (step_ >= 10) recorder.value(kLeast, least_);
    if (step_ % 100 == 0) {
      const std::array<std::size_t, 1> shape = {2};
      const std::array<double, 2> trace = {x_, static_cast<double>(step_)};
      recorder.array(kTrace, shape, trace);
    }
  }

  double pull_, noise_;
  std::uint64_t steps_;
  double stop_below_;
  std::uint64_t diverge_at_, throw_at_;
  std::vector<std::byte> ballast_;
  std::uint64_t seed_;
  Stream stream_;
  std::uint64_t step_ = 0;
  double x_ = 1, least_ = 0;
};

inline Experiment experiment() {
  Experiment walk;
  walk.id = "walk";
  walk.title = "A walk";
  walk.family = "test";
  const auto field = [](std::string name, Value value, double min, double max, bool live) {
    Field field;
    field.name = std::move(name);
    field.type = std::holds_alternative<double>(value) ? FieldType::real : FieldType::integer;
    field.value = std::move(value);
    field.min = min;
    field.max = max;
    field.live = live;
    return field;
  };
  walk.schema = Schema(2, {field("pull", 0.01, 0, 1, true), field("noise", 0.1, 0, 10, true),
                           field("steps", std::int64_t{1000}, 1, 1e9, true),
                           field("stop_below", -1e9, -1e9, 1e9, false),
                           field("diverge_at", std::int64_t{0}, 0, 1e6, false),
                           field("throw_at", std::int64_t{0}, 0, 1e6, false),
                           field("broken_seed", std::int64_t{-1}, -1, 1e6, false),
                           field("ballast", std::int64_t{0}, 0, 1e7, false)});
  walk.recordings = recordings();
  const auto claim = [](std::string id, ClaimKind kind, double threshold, int seeds) {
    return Claim{.id = std::move(id),
                 .sentence = "a walk walks",
                 .source = "[derived]",
                 .paper_value = "",
                 .kind = kind,
                 .metric = "last position",
                 .comparison = Comparison::below,
                 .threshold = threshold,
                 .seeds = seeds,
                 .remark = "",
                 .measure = [](ClaimContext& context) {
                   return *context.run({{"steps", std::int64_t{200}}}).value("walk/least");
                 }};
  };
  walk.claims = {claim("low", ClaimKind::effect, 10, 8), claim("never", ClaimKind::bound, -50, 4),
                 claim("fixed", ClaimKind::identity, 10, 1),
                 claim("breaks", ClaimKind::effect, 0, 6)};
  walk.claims.back().measure = [](ClaimContext& context) -> double {
    if (context.seed() >= 3) throw std::runtime_error("no such seed");
    return static_cast<double>(context.seed());
  };
  walk.make = [](const Config& config, const RunContext& context) {
    return std::make_unique<Walk>(config, context);
  };
  return walk;
}

// A list of this one experiment, which lives for ever.
inline std::span<const Experiment> list() {
  static const std::vector<Experiment> all = {experiment()};
  return all;
}

inline FindExperiment find() {
  return find_in(list());
}

inline SessionOptions options(unsigned workers) {
  SessionOptions options;
  options.workers = workers;
  options.find = find();
  options.batch_steps = 64;
  return options;
}

inline ConfigRequest config(Settings set) {
  return {.experiment = "walk", .schema = {}, .set = std::move(set), .lineage = {}};
}

// All events until the session is idle after the command with this id; gives up after a long
// silence.
inline std::vector<Event> until_idle(Session& session, std::uint64_t id) {
  constexpr double kLongSilence = 60;
  std::vector<Event> events;
  while (auto event = session.wait(kLongSilence)) {
    events.push_back(*event);
    if (std::holds_alternative<event::Idle>(event->body) && event->reply == id) break;
  }
  return events;
}

// Posts the command and returns everything that came of it.
inline std::vector<Event> ask(Session& session, Command command) {
  static std::uint64_t last_id = 0;
  command.id = ++last_id;
  const std::uint64_t id = command.id;
  session.post(std::move(command));
  return until_idle(session, id);
}

template <class Body>
std::vector<Body> all_of(const std::vector<Event>& events) {
  std::vector<Body> found;
  for (const Event& event : events) {
    if (const auto* body = std::get_if<Body>(&event.body)) found.push_back(*body);
  }
  return found;
}

// What run_to_end says of a seed of a config.
inline std::string digest_of(const Settings& set, std::uint64_t seed) {
  const Experiment& walk = list()[0];
  RunContext context;
  context.seed = seed;
  return run_to_end(walk, Config(walk.id, walk.schema, set), context).digest;
}

// Threads to test with: none where there are none.
inline std::vector<unsigned> worker_counts() {
#ifdef __EMSCRIPTEN__
  return {0};
#else
  return {0, 1, 4};
#endif
}

}  // namespace lab::walk
