// How a session gets its work done. [SECTION]s: state, commands, choosing work, working, events,
// Session.
//
// One mutex guards everything but the timelines. A run's slot is given to one worker at a time
// ("busy"), who alone may touch its timeline, without the mutex; what others need to know of it
// (step, ended) is copied into the slot afterwards. Whoever works, a thread or the caller of
// `pump`, does the same: take a piece of work under the mutex, do it without, report under the
// mutex. The device is given to one worker at a time as well: whoever has it alone may touch runs
// that compute on it, and lets its answers come (`poll_device`).
#include "session/session.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <utility>
#include <variant>
#include <vector>

#include "core/names.h"
#include "data/store.h"
#include "session/own_files.h"
#include "session/records.h"
#include "session/resolve.h"
#include "session/timeline.h"
#include "session/worker_pool.h"

namespace lab {
namespace {

constexpr std::uint64_t kNoGoal = std::numeric_limits<std::uint64_t>::max();
// A run that could not keep its pace makes up for at most so many seconds.
constexpr double kMostCatchUp = 0.25;
constexpr double kLongestSleep = 3600;
// Between two looks at what a device has answered.
constexpr double kDeviceSleep = 0.0005;
// What JSON can count to.
constexpr auto kMostSteps = static_cast<std::uint64_t>(kLargestInteger);

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The exception in flight, as an event; `where` for those that do not know it themselves.
event::Error current_error(const std::string& where) {
  try {
    throw;
  } catch (const Error& error) {
    event::Error event = event::error_of(error);
    if (event.where.empty()) event.where = where;
    return event;
  } catch (const std::bad_alloc&) {
    return {.problem = "out of memory",
            .where = where,
            .expected = "a smaller config or fewer seeds",
            .kind = Error::Kind::machine,
            .run = {}};
  } catch (const std::exception& error) {
    return {.problem = error.what(),
            .where = where,
            .expected = "",
            .kind = Error::Kind::machine,
            .run = {}};
  }
}

std::string seed_text(std::uint64_t seed) {
  return "seed " + std::to_string(seed);
}

void check_part(std::uint32_t part, std::uint32_t parts, const char* where) {
  if (part < parts) return;
  throw Error("there is no part " + std::to_string(part) + " of " + std::to_string(parts), where,
              "a `part` below `parts`");
}

// The elements part, part + parts, .. of a list.
template <class T>
std::vector<T> every(const std::vector<T>& all, std::uint32_t part, std::uint32_t parts) {
  std::vector<T> some;
  for (std::size_t i = part; i < all.size(); i += parts) some.push_back(all[i]);
  return some;
}

// The last number of every series and value.
std::map<std::string, double> last_values(const Recorder& recorder) {
  std::map<std::string, double> values;
  const auto recordings = recorder.recordings();
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    if (recordings[i].kind == RecordingKind::series && !recorder.buckets(i).empty()) {
      values[recordings[i].name] = recorder.buckets(i).back().last;
    }
    if (recordings[i].kind == RecordingKind::value && recorder.value(i)) {
      values[recordings[i].name] = *recorder.value(i);
    }
  }
  return values;
}

}  // namespace

// --- [SECTION] state -------------------------------------------------------------------------

class Session::Impl {
 public:
  explicit Impl(SessionOptions options);
  ~Impl();

  void post(Command command);
  void post(std::string_view json);
  std::optional<Event> poll();
  std::optional<Event> wait(double seconds);
  bool pump(std::uint64_t step_budget, double seconds);
  bool waits_for_device();
  std::size_t snapshot_bytes();

 private:
  using Lock = std::unique_lock<std::mutex>;

  struct Motion {
    enum class Kind { rest, run, step, seek };
    Kind kind = Kind::rest;
    std::uint64_t goal = 0;
    std::uint64_t reply = 0;
  };

  struct Slot;
  // What is asked of one run, in order.
  struct Errand {
    enum class Kind { run, step, seek, pause, observe, fork, trim };
    Kind kind;
    std::uint64_t number = 0;  // run: until; step: count; seek: to
    std::uint64_t reply = 0;
    std::shared_ptr<Slot> child = nullptr;  // fork
  };

  struct SweepPoint {
    std::uint32_t index;
    std::string field;
    Value value;
  };

  // A run of the session, or a point of a sweep.
  struct Slot {
    RunIndex index = 0;
    std::uint64_t seed = 0;
    std::shared_ptr<const Resolved> resolved;
    std::optional<SweepPoint> point;
    std::shared_ptr<Backend> device = nullptr;  // null: it computes on the CPU
    OnDeviceFailure on_device_failure = OnDeviceFailure::go_on;

    // Guarded by the mutex.
    bool alive = true;    // still of interest
    bool failed = false;  // an exception came out of it
    bool made = false;    // has a timeline
    bool busy = false;    // a worker has it
    bool waits = false;   // for an answer of the device
    std::uint64_t step = 0;
    bool ended = false;
    std::optional<std::uint64_t> end;    // the step at which it ended, once that is known
    std::optional<std::uint64_t> limit;  // once it is made
    Motion motion;
    std::deque<Errand> errands;
    std::size_t share = 0;  // of the memory for keyframes
    std::size_t keyframe_bytes = 0;
    unsigned progress_waiting = 0, records_waiting = 0;  // events that nobody has fetched
    double paced_since = 0;                              // at that time ..
    std::uint64_t paced_from = 0;                        // .. it had made so many steps

    // Asks the worker to look up.
    std::atomic<bool> interrupt = false;

    // For the worker who has it.
    std::unique_ptr<Timeline> timeline;
    RecordsWriter records;
    bool blocked = false;        // `waits`, as the worker leaves it
    bool device_failed = false;  // and somebody was told
  };
  using SlotPointer = std::shared_ptr<Slot>;

  // A claim being measured. Guarded by the mutex.
  struct Measuring {
    const Experiment* experiment;
    const Claim* claim;
    std::uint64_t reply;
    // By seed: not there yet, measured, or failed.
    std::vector<std::variant<std::monostate, SeedMeasurement, event::Error>> results;
    std::size_t told = 0;               // seeds whose measurement was told
    std::atomic<bool> dropped = false;  // also stops whoever is measuring
  };

  // A piece of work.
  struct OpenJob {
    command::Open command;
    std::uint64_t reply;
    std::optional<ChosenBackend> chosen = {};  // once the device that it waited for has answered
  };
  struct ImportJob {
    command::Import command;
    std::uint64_t reply;
  };
  struct MakeJob {
    SlotPointer slot;
    std::size_t share;
  };
  struct AdvanceJob {
    SlotPointer slot;
    Motion motion;
    std::uint64_t most;  // steps
    bool progress_due, records_due;
  };
  struct ErrandJob {
    SlotPointer slot;
    Errand errand;
    std::size_t share;
  };
  struct MeasureJob {
    std::shared_ptr<Measuring> measuring;
    std::uint64_t seed;
  };
  using Job = std::variant<OpenJob, ImportJob, MakeJob, AdvanceJob, ErrandJob, MeasureJob>;

  // commands; all under the mutex
  void obey(Command command);
  void obey(const command::Run& command, std::uint64_t reply);
  void obey(const command::Pause& command, std::uint64_t reply);
  void obey(const command::Step& command, std::uint64_t reply);
  void obey(const command::Speed& command, std::uint64_t reply);
  void obey(const command::Seek& command, std::uint64_t reply);
  void obey(const command::Fork& command, std::uint64_t reply);
  void obey(const command::Observe& command, std::uint64_t reply);
  void obey(const command::Reproduce& command, std::uint64_t reply);
  void obey(const command::Sweep& command, std::uint64_t reply);
  void obey(const command::Cancel& command, std::uint64_t reply);
  void obey(const command::Close& command, std::uint64_t reply);
  Slot& slot_of(RunIndex run, std::string_view command);
  std::vector<Slot*> slots_of(std::optional<RunIndex> run, std::string_view command);
  void ask(std::optional<RunIndex> run, std::string_view command, const Errand& errand);
  static void ask(Slot& slot, Errand errand);
  void retire_runs();
  std::uint64_t drop_measurements_and_points();  // returns how many
  void share_memory();

  // choosing; under the mutex
  std::optional<Job> take(std::uint64_t most_steps);
  std::optional<Job> choose(std::uint64_t most_steps);
  static bool is_on_device(const Job& job);
  bool is_open_to(const Slot& slot) const;
  bool device_pending() const;
  std::optional<Job> take_errand(const SlotPointer& slot);
  std::optional<Job> take_step(const SlotPointer& slot, std::uint64_t most_steps);
  std::optional<Job> take_from_runs(std::uint64_t most_steps);
  std::optional<Job> take_from_points(std::uint64_t most_steps);
  std::optional<Job> take_measurement();
  std::uint64_t paced_steps(Slot& slot);
  bool active() const;
  void note_idle();
  double seconds_to_sleep();

  // working; without the mutex. They return how many steps were made.
  std::optional<std::uint64_t> work_once(std::uint64_t most_steps);
  std::uint64_t carry_out(const Job& job);
  bool poll_device();
  std::optional<ChosenBackend> choose_backend(const OpenJob& job, const Resolved& resolved);
  static bool goes_on_without_device(Slot& slot, const Motion& motion, std::vector<Event>& events);
  std::uint64_t work_on(const OpenJob& job);
  std::uint64_t work_on(const ImportJob& job);
  std::uint64_t work_on(const MakeJob& job);
  std::uint64_t work_on(const AdvanceJob& job);
  std::uint64_t work_on(const ErrandJob& job);
  std::uint64_t work_on(const MeasureJob& job);
  static void append_records(Slot& slot, std::vector<Event>& events);
  static void append_progress(Slot& slot, std::vector<Event>& events);
  static void append_arrival(Slot& slot, const Motion& motion, std::vector<Event>& events);
  static Event point_event(const Slot& slot, std::uint64_t reply);
  RunContext context(std::uint64_t seed, std::shared_ptr<Backend> device = nullptr) const;
  void fork(const Slot& parent, const SlotPointer& child, std::size_t share, std::uint64_t reply);
  void give_back(const SlotPointer& slot, std::vector<Event> events, bool rests);
  void fail(const SlotPointer& slot, std::uint64_t reply);
  void work();

  // under the mutex
  static void refresh(Slot& slot);
  void mark_failed(Slot& slot, event::Error error, std::uint64_t reply);
  void tell_measured(Lock& lock, const std::shared_ptr<Measuring>& measuring);
  void push(Event event, SlotPointer slot = nullptr);

  // A device that is being opened, and the `open` that waits for it.
  struct DeviceOpening {
    OpenJob job;
    std::optional<ChosenBackend> answer = {};  // for whoever has the device
  };

  const SessionOptions options_;

  std::mutex mutex_;
  std::condition_variable work_there_, event_there_;
  bool stopping_ = false;
  std::deque<Command> commands_;
  bool opening_ = false;  // an `open` or `import` is at work; later commands wait
  OwnFiles own_files_;    // of the import at work
  bool idle_due_ = false;
  bool device_taken_ = false;  // a worker has the device
  std::shared_ptr<DeviceOpening> device_opening_;
  std::function<void()> poll_;                      // lets its answers come
  std::map<BackendWish, ChosenBackend> devices_;    // those that have not failed
  std::vector<std::unique_ptr<Timeline>> retired_;  // for whoever has the device next
  std::uint64_t last_id_ = 0;
  const Experiment* open_ = nullptr;
  std::vector<SlotPointer> runs_;
  std::deque<SlotPointer> points_;  // not done
  std::deque<MeasureJob> measurements_;
  std::vector<std::shared_ptr<Measuring>> measuring_;  // not judged
  std::size_t in_flight_ = 0;                          // measurements at work
  double speed_ = 0;
  std::size_t next_run_ = 0, next_kind_ = 0;  // whose turn it is
  struct Queued {
    Event event;
    SlotPointer slot;  // whose progress or records it is
  };
  std::deque<Queued> events_;
  std::optional<WorkerPool> pool_;  // last: its threads use all of the above
};

Session::Impl::Impl(SessionOptions options)
    : options_([&] {
        if (!options.clock) options.clock = steady_seconds;
        if (options.batch_steps == 0) options.batch_steps = 1;
        return std::move(options);
      }()) {
  if (options_.workers > 0) pool_.emplace(options_.workers, [this] { work(); });
}

Session::Impl::~Impl() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
    retire_runs();
    drop_measurements_and_points();
  }
  work_there_.notify_all();
  pool_.reset();
}

std::size_t Session::Impl::snapshot_bytes() {
  const Lock lock(mutex_);
  std::size_t bytes = 0;
  for (const SlotPointer& slot : runs_) bytes += slot->keyframe_bytes;
  return bytes;
}

// --- [SECTION] commands ----------------------------------------------------------------------

void Session::Impl::post(Command command) {
  {
    const Lock lock(mutex_);
    commands_.push_back(std::move(command));
  }
  work_there_.notify_one();
}

void Session::Impl::post(std::string_view json) {
  try {
    post(decode_command(json));
  } catch (...) {
    event::Error error = current_error("command");
    const Lock lock(mutex_);
    push({std::move(error)});
  }
}

void Session::Impl::obey(Command command) {
  last_id_ = command.id;
  const bool silent = std::holds_alternative<command::Open>(command.body) ||
                      std::holds_alternative<command::Speed>(command.body) ||
                      std::holds_alternative<command::Close>(command.body);
  if (!silent) idle_due_ = true;
  try {
    std::visit(
        [&](auto& body) {
          using Body = std::decay_t<decltype(body)>;
          if constexpr (!std::is_same_v<Body, command::Open> &&
                        !std::is_same_v<Body, command::Import>) {
            obey(body, command.id);
          }
        },
        command.body);
  } catch (...) {
    push({current_error(std::string(name(command))), command.id});
  }
  // There may be work for everybody now.
  work_there_.notify_all();
}

Session::Impl::Slot& Session::Impl::slot_of(RunIndex run, std::string_view command) {
  if (runs_.empty()) throw Error("nothing is open", std::string(command), "an `open` before");
  if (run >= runs_.size()) {
    throw Error("there is no run " + std::to_string(run), std::string(command) + ".run",
                "a whole number from 0 to " + std::to_string(runs_.size() - 1));
  }
  if (runs_[run]->failed) {
    throw Error("the run has failed and cannot go on", std::string(command) + ".run",
                "another run, or a new `open`");
  }
  return *runs_[run];
}

// The run, or all that have not failed.
std::vector<Session::Impl::Slot*> Session::Impl::slots_of(std::optional<RunIndex> run,
                                                          std::string_view command) {
  if (run || runs_.empty()) return {&slot_of(run.value_or(0), command)};
  std::vector<Slot*> slots;
  for (const SlotPointer& slot : runs_) {
    if (!slot->failed) slots.push_back(slot.get());
  }
  return slots;
}

void Session::Impl::ask(std::optional<RunIndex> run, std::string_view command,
                        const Errand& errand) {
  for (Slot* slot : slots_of(run, command)) ask(*slot, errand);
}

void Session::Impl::ask(Slot& slot, Errand errand) {
  const bool replaces = errand.kind == Errand::Kind::seek && !slot.errands.empty() &&
                        slot.errands.back().kind == Errand::Kind::seek;
  if (replaces) slot.errands.pop_back();
  slot.errands.push_back(std::move(errand));
  slot.interrupt = true;
}

void Session::Impl::obey(const command::Run& command, std::uint64_t reply) {
  ask(command.run, "run",
      {.kind = Errand::Kind::run, .number = command.until.value_or(kNoGoal), .reply = reply});
}

void Session::Impl::obey(const command::Step& command, std::uint64_t reply) {
  ask(command.run, "step", {.kind = Errand::Kind::step, .number = command.count, .reply = reply});
}

void Session::Impl::obey(const command::Seek& command, std::uint64_t reply) {
  ask(command.run, "seek", {.kind = Errand::Kind::seek, .number = command.step, .reply = reply});
}

void Session::Impl::obey(const command::Observe& command, std::uint64_t reply) {
  ask(command.run, "observe", {.kind = Errand::Kind::observe, .number = 0, .reply = reply});
}

void Session::Impl::obey(const command::Pause& command, std::uint64_t reply) {
  for (Slot* slot : slots_of(command.run, "pause")) {
    const std::size_t dropped = std::erase_if(slot->errands, [](const Errand& errand) {
      return errand.kind == Errand::Kind::run || errand.kind == Errand::Kind::step ||
             errand.kind == Errand::Kind::seek || errand.kind == Errand::Kind::pause;
    });
    if (dropped == 0 && slot->motion.kind == Motion::Kind::rest) continue;
    // Ahead of everything else. If the run comes to rest before that by itself, there is nothing to
    // answer, unless another motion was waiting.
    slot->errands.push_front({.kind = Errand::Kind::pause, .number = dropped, .reply = reply});
    slot->interrupt = true;
  }
}

void Session::Impl::obey(const command::Speed& command, std::uint64_t) {
  const double speed = command.steps_per_second;
  if (!(speed >= 0 && speed <= std::numeric_limits<double>::max())) {
    throw Error("this is not a speed", "speed.steps_per_second",
                "a number of at least 0; 0 = as fast as possible");
  }
  speed_ = speed;
  for (const SlotPointer& slot : runs_) {
    slot->paced_since = options_.clock();
    slot->paced_from = slot->step;
  }
}

void Session::Impl::obey(const command::Fork& command, std::uint64_t reply) {
  Slot& parent = slot_of(command.run, "fork");
  const std::uint64_t last = parent.end.value_or(parent.limit.value_or(kNoGoal));
  if (command.step > last) {
    throw Error("the run has no step " + std::to_string(command.step), "fork.step",
                "a whole number from 0 to " + std::to_string(last));
  }
  if (runs_.size() >= kMostRuns) {
    throw Error("there are too many runs", "fork",
                "at most " + std::to_string(kMostRuns) + " runs in a session");
  }
  // What a branch did after this step is not part of the new one.
  Resolved base = *parent.resolved;
  std::erase_if(base.lineage, [&](const Branch& branch) { return branch.step > command.step; });
  auto child = std::make_shared<Slot>();
  child->index = static_cast<RunIndex>(runs_.size());
  child->seed = parent.seed;
  child->device = parent.device;
  child->on_device_failure = parent.on_device_failure;
  child->resolved =
      std::make_shared<const Resolved>(branched(base, command.step, command.set, "fork"));
  child->errands.push_back({.kind = Errand::Kind::seek, .number = command.step, .reply = reply});
  child->busy = true;  // until the parent's worker has made it
  runs_.push_back(child);
  push({event::Forked{.run = child->index,
                      .parent = command.run,
                      .seed = child->seed,
                      .step = command.step,
                      .config = child->resolved->canonical(),
                      .digest = child->resolved->digest()},
        reply});
  ask(parent, {.kind = Errand::Kind::fork, .number = command.step, .reply = reply, .child = child});
  share_memory();
}

void Session::Impl::obey(const command::Reproduce& command, std::uint64_t reply) {
  const Experiment* experiment = open_;
  if (!command.experiment.empty()) {
    experiment = &options_.find(command.experiment, "reproduce.experiment");
  }
  if (experiment == nullptr) {
    throw Error("nothing is open", "reproduce.experiment",
                "an experiment's id, or an `open` before");
  }
  std::vector<const Claim*> claims;
  std::vector<std::string> ids;
  for (const Claim& claim : experiment->claims) ids.push_back(claim.id);
  for (const std::string& id : command.claims) {
    const auto found = std::ranges::find(experiment->claims, id, &Claim::id);
    if (found == experiment->claims.end()) {
      throw Error(experiment->id + " has no claim '" + id.substr(0, 60) + "'", "reproduce.claims",
                  expected_name(id, ids));
    }
    claims.push_back(&*found);
  }
  if (command.claims.empty()) {
    for (const Claim& claim : experiment->claims) claims.push_back(&claim);
  }
  check_part(command.part, command.parts, "reproduce.parts");
  claims = every(claims, command.part, command.parts);
  for (const Claim* claim : claims) {
    const int own = std::max(1, claim->seeds);
    const std::uint32_t seeds =
        own == 1 || command.seeds == 0 ? static_cast<std::uint32_t>(own) : command.seeds;
    auto measuring = std::make_shared<Measuring>();
    measuring->experiment = experiment;
    measuring->claim = claim;
    measuring->reply = reply;
    measuring->results.resize(seeds);
    measuring_.push_back(measuring);
    for (std::uint32_t seed = 0; seed < seeds; ++seed) measurements_.push_back({measuring, seed});
  }
}

void Session::Impl::obey(const command::Sweep& command, std::uint64_t reply) {
  if (!command.config.lineage.empty()) {
    throw Error("a sweep begins at step 0", "sweep.config.lineage", "a config without a lineage");
  }
  const Resolved base = resolve(command.config, options_.find, "sweep.config");
  const Schema& schema = base.experiment->schema;
  schema.field(command.field, "sweep.field");
  if (command.values.empty()) {
    throw Error("there are no values", "sweep.values", "at least one value of the field");
  }
  if (command.seeds == 0) throw Error("there are no seeds", "sweep.seeds", "at least one");
  check_part(command.part, command.parts, "sweep.parts");
  const std::size_t room = kMostRuns - std::min<std::size_t>(kMostRuns, points_.size());
  if (command.values.size() > room || command.values.size() * command.seeds > room) {
    throw Error("there are too many points", "sweep.values",
                "at most " + std::to_string(room) + " values times seeds now");
  }
  std::vector<SlotPointer> points;
  for (std::size_t i = 0; i < command.values.size(); ++i) {
    const std::string where = "sweep.values[" + std::to_string(i) + "]";
    const Value value = checked_value(schema, command.field, command.values[i], where);
    Resolved one = base;
    one.config = base.config.with({{command.field, value}});
    const auto resolved = std::make_shared<const Resolved>(std::move(one));
    for (std::uint32_t seed = 0; seed < command.seeds; ++seed) {
      auto slot = std::make_shared<Slot>();
      slot->seed = command.seed + seed;
      slot->resolved = resolved;
      slot->point = SweepPoint{.index = static_cast<std::uint32_t>(points.size()),
                               .field = command.field,
                               .value = value};
      slot->motion = {Motion::Kind::run, kNoGoal, reply};
      points.push_back(std::move(slot));
    }
  }
  points = every(points, command.part, command.parts);
  points_.insert(points_.end(), points.begin(), points.end());
}

void Session::Impl::obey(const command::Cancel&, std::uint64_t reply) {
  push({event::Cancelled{.left = drop_measurements_and_points()}, reply});
}

void Session::Impl::obey(const command::Close& command, std::uint64_t reply) {
  retire_runs();
  if (!command.runs_only) drop_measurements_and_points();
  push({event::Closed{}, reply});
}

void Session::Impl::retire_runs() {
  for (const SlotPointer& slot : runs_) {
    slot->alive = false;
    slot->interrupt = true;
    // Undelivered events may keep the slot, but not what it computed with.
    if (slot->busy) continue;
    if (slot->device && slot->timeline) retired_.push_back(std::move(slot->timeline));
    slot->timeline.reset();
  }
  runs_.clear();
  open_ = nullptr;
}

std::uint64_t Session::Impl::drop_measurements_and_points() {
  std::uint64_t left = points_.size();
  for (const SlotPointer& slot : points_) {
    slot->alive = false;
    slot->interrupt = true;
  }
  points_.clear();
  for (const auto& measuring : measuring_) {
    measuring->dropped = true;
    left += measuring->results.size() - measuring->told;
  }
  measuring_.clear();
  measurements_.clear();
  return left;
}

// Equal shares for all runs; those that have more give some back.
void Session::Impl::share_memory() {
  const std::size_t share = options_.snapshot_bytes / std::max<std::size_t>(1, runs_.size());
  for (const SlotPointer& slot : runs_) {
    slot->share = share;
    if (!slot->made || slot->failed) continue;
    slot->errands.push_front({.kind = Errand::Kind::trim, .number = 0, .reply = 0});
    slot->interrupt = true;
  }
}

// --- [SECTION] choosing work -----------------------------------------------------------------

std::optional<Session::Impl::Job> Session::Impl::take(std::uint64_t most_steps) {
  std::optional<Job> job = choose(most_steps);
  if (job && is_on_device(*job)) device_taken_ = true;
  return job;
}

bool Session::Impl::is_on_device(const Job& job) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.slot; }) {
          return one.slot->device != nullptr;
        } else if constexpr (requires { one.command.backend; }) {
          return one.command.backend != BackendWish::cpu;
        } else {
          return false;
        }
      },
      job);
}

// Whether a worker may take the run now.
bool Session::Impl::is_open_to(const Slot& slot) const {
  return !slot.busy && !slot.failed && !(slot.device && device_taken_);
}

// Whether there is something to do as soon as the device has answered.
bool Session::Impl::device_pending() const {
  return device_opening_ != nullptr || !retired_.empty() ||
         std::ranges::any_of(runs_, [](const SlotPointer& slot) { return slot->waits; });
}

std::optional<Session::Impl::Job> Session::Impl::choose(std::uint64_t most_steps) {
  if (device_opening_ && !device_taken_ && device_opening_->answer) {
    OpenJob job = std::move(device_opening_->job);
    job.chosen = std::move(device_opening_->answer);
    device_opening_.reset();
    if (!job.chosen->failure) devices_.insert_or_assign(job.command.backend, *job.chosen);
    return job;
  }
  while (!opening_ && !commands_.empty()) {
    const auto* next = std::get_if<command::Open>(&commands_.front().body);
    if (next != nullptr && next->backend != BackendWish::cpu && device_taken_) break;
    Command command = std::move(commands_.front());
    commands_.pop_front();
    if (auto* open = std::get_if<command::Open>(&command.body)) {
      last_id_ = command.id;
      opening_ = true;
      return OpenJob{std::move(*open), command.id};
    }
    if (auto* import = std::get_if<command::Import>(&command.body)) {
      last_id_ = command.id;
      idle_due_ = true;
      opening_ = true;
      return ImportJob{std::move(*import), command.id};
    }
    obey(std::move(command));
  }
  // Runs, points and measurements take turns, so that none of them waits for all of another.
  constexpr std::size_t kKinds = 3;
  for (std::size_t i = 0; i < kKinds; ++i) {
    const std::size_t kind = (next_kind_ + i) % kKinds;
    std::optional<Job> job = kind == 0   ? take_from_runs(most_steps)
                             : kind == 1 ? take_from_points(most_steps)
                                         : take_measurement();
    if (job) {
      next_kind_ = (kind + 1) % kKinds;
      return job;
    }
  }
  return std::nullopt;
}

std::optional<Session::Impl::Job> Session::Impl::take_errand(const SlotPointer& slot) {
  if (!is_open_to(*slot) || !slot->made) return std::nullopt;
  while (!slot->errands.empty()) {
    Errand& errand = slot->errands.front();
    // A step or a seek arrives before what was asked for after it begins.
    const bool interruptible =
        slot->motion.kind == Motion::Kind::rest || slot->motion.kind == Motion::Kind::run;
    switch (errand.kind) {
      case Errand::Kind::run:
      case Errand::Kind::step: {
        if (!interruptible) return std::nullopt;
        const bool runs = errand.kind == Errand::Kind::run;
        const std::uint64_t goal = runs ? errand.number : slot->step + errand.number;
        slot->motion = {runs ? Motion::Kind::run : Motion::Kind::step, goal, errand.reply};
        slot->paced_since = options_.clock();
        slot->paced_from = slot->step;
        slot->errands.pop_front();
        continue;
      }
      case Errand::Kind::pause:
        if (slot->motion.kind == Motion::Kind::rest && errand.number == 0) {
          slot->errands.pop_front();
          continue;
        }
        break;
      case Errand::Kind::observe:
        if (!interruptible) return std::nullopt;
        break;
      case Errand::Kind::seek:
      case Errand::Kind::fork:
      case Errand::Kind::trim:
        break;
    }
    ErrandJob job{slot, std::move(errand), slot->share};
    if (job.errand.child) job.share = job.errand.child->share;
    slot->errands.pop_front();
    slot->busy = true;
    return job;
  }
  return std::nullopt;
}

// To make the run, or to make steps of it.
std::optional<Session::Impl::Job> Session::Impl::take_step(const SlotPointer& slot,
                                                           std::uint64_t most_steps) {
  if (!is_open_to(*slot) || slot->waits) return std::nullopt;
  if (!slot->made) {
    slot->busy = true;
    return MakeJob{slot, slot->share};
  }
  if (slot->motion.kind == Motion::Kind::rest) return std::nullopt;
  std::uint64_t most = std::min(most_steps, options_.batch_steps);
  if (!slot->ended && slot->step < slot->motion.goal) {
    most = std::min(most, paced_steps(*slot));
    if (most == 0) return std::nullopt;
  }
  slot->busy = true;
  slot->interrupt = false;
  return AdvanceJob{.slot = slot,
                    .motion = slot->motion,
                    .most = most,
                    .progress_due = slot->progress_waiting == 0,
                    .records_due = slot->records_waiting == 0};
}

std::optional<Session::Impl::Job> Session::Impl::take_from_runs(std::uint64_t most_steps) {
  // A person may be waiting for an errand.
  for (const SlotPointer& slot : runs_) {
    if (std::optional<Job> job = take_errand(slot)) return job;
  }
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const std::size_t run = (next_run_ + i) % runs_.size();
    if (std::optional<Job> job = take_step(runs_[run], most_steps)) {
      next_run_ = run + 1;
      return job;
    }
  }
  return std::nullopt;
}

// One after the other, so that no more of them are in memory than there are workers.
std::optional<Session::Impl::Job> Session::Impl::take_from_points(std::uint64_t most_steps) {
  for (const SlotPointer& slot : points_) {
    if (std::optional<Job> job = take_step(slot, most_steps)) return job;
  }
  return std::nullopt;
}

std::optional<Session::Impl::Job> Session::Impl::take_measurement() {
  if (measurements_.empty()) return std::nullopt;
  MeasureJob job = std::move(measurements_.front());
  measurements_.pop_front();
  ++in_flight_;
  return job;
}

// How many steps the run may make now to keep its speed.
std::uint64_t Session::Impl::paced_steps(Slot& slot) {
  if (speed_ == 0 || slot.point || slot.motion.kind != Motion::Kind::run) return kNoGoal;
  const double now = options_.clock();
  const auto behind = [&] {
    return (now - slot.paced_since) * speed_ -
           (static_cast<double>(slot.step) - static_cast<double>(slot.paced_from));
  };
  const double catch_up = std::max(kMostCatchUp, 1 / speed_);
  if (behind() > catch_up * speed_) {
    slot.paced_since = now - catch_up;
    slot.paced_from = slot.step;
  }
  constexpr double kMany = 1e15;
  return static_cast<std::uint64_t>(std::clamp(behind(), 0.0, kMany));
}

double Session::Impl::seconds_to_sleep() {
  double seconds = device_pending() ? kDeviceSleep : kLongestSleep;
  if (speed_ == 0) return seconds;
  const double now = options_.clock();
  for (const SlotPointer& slot : runs_) {
    if (slot->busy || slot->motion.kind != Motion::Kind::run) continue;
    const double steps =
        static_cast<double>(slot->step) - static_cast<double>(slot->paced_from) + 1;
    seconds = std::min(seconds, slot->paced_since + steps / speed_ - now);
  }
  return std::max(seconds, 0.0);
}

bool Session::Impl::active() const {
  if (opening_ || in_flight_ > 0) return true;
  if (!commands_.empty() || !points_.empty() || !measurements_.empty()) return true;
  return std::ranges::any_of(runs_, [](const SlotPointer& slot) {
    if (slot->failed) return false;
    return slot->busy || !slot->made || !slot->errands.empty() ||
           slot->motion.kind != Motion::Kind::rest;
  });
}

void Session::Impl::note_idle() {
  if (!idle_due_ || active()) return;
  idle_due_ = false;
  push({event::Idle{}, last_id_});
}

// --- [SECTION] working -----------------------------------------------------------------------

void Session::Impl::work() {
  Lock lock(mutex_);
  while (!stopping_) {
    std::optional<Job> job = take(kNoGoal);
    if (!job && device_pending()) {
      lock.unlock();
      poll_device();
      lock.lock();
      job = take(kNoGoal);  // also of what came meanwhile: it is not told again
    }
    if (job) {
      lock.unlock();
      carry_out(*job);
      lock.lock();
      continue;
    }
    if (stopping_) break;
    note_idle();
    work_there_.wait_for(lock, std::chrono::duration<double>(seconds_to_sleep()));
  }
}

// One piece of work, if there is any, of at most so many steps; returns how many it counts for.
std::optional<std::uint64_t> Session::Impl::work_once(std::uint64_t most_steps) {
  const auto taken = [&] {
    const Lock lock(mutex_);
    std::optional<Job> job = take(most_steps);
    if (!job) note_idle();
    return job;
  };
  std::optional<Job> job = taken();
  if (!job && poll_device()) job = taken();
  if (!job) return std::nullopt;
  return std::max<std::uint64_t>(1, carry_out(*job));
}

std::uint64_t Session::Impl::carry_out(const Job& job) {
  const std::uint64_t steps = std::visit([this](const auto& one) { return work_on(one); }, job);
  if (is_on_device(job)) {
    const Lock lock(mutex_);
    device_taken_ = false;
    work_there_.notify_one();
  }
  return steps;
}

// Lets answers of the device come; true if there is something to do now that there was not before.
bool Session::Impl::poll_device() {
  std::vector<SlotPointer> waiting;
  std::vector<std::unique_ptr<Timeline>> retired;
  {
    const Lock lock(mutex_);
    if (device_taken_ || !device_pending()) return false;
    device_taken_ = true;
    retired = std::exchange(retired_, {});
    for (const SlotPointer& slot : runs_) {
      if (!slot->waits || slot->busy) continue;
      slot->busy = true;
      waiting.push_back(slot);
    }
  }
  retired.clear();
  if (poll_) poll_();
  std::vector<bool> ready;
  for (const SlotPointer& slot : waiting) {
    Timeline& timeline = *slot->timeline;
    try {
      ready.push_back(timeline.ready() || timeline.device_failure() != nullptr);
    } catch (...) {
      ready.push_back(true);  // a worker will meet it
    }
  }
  const Lock lock(mutex_);
  device_taken_ = false;
  bool any = device_opening_ != nullptr && device_opening_->answer.has_value();
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    Slot& slot = *waiting[i];
    slot.busy = false;
    if (!slot.alive) slot.timeline.reset();
    if (ready[i]) slot.waits = false;
    // What was asked of it meanwhile can be done as well.
    any = any || ready[i] || !slot.errands.empty();
  }
  return any;
}

bool Session::Impl::pump(std::uint64_t step_budget, double seconds) {
  const double begin = options_.clock();
  for (std::uint64_t made = 0; made < step_budget;) {
    const std::optional<std::uint64_t> steps = work_once(step_budget - made);
    if (!steps) return false;
    made += *steps;
    if (options_.clock() - begin >= seconds) break;
  }
  return true;
}

bool Session::Impl::waits_for_device() {
  const Lock lock(mutex_);
  return device_pending();
}

RunContext Session::Impl::context(std::uint64_t seed, std::shared_ptr<Backend> device) const {
  RunContext context;
  context.seed = seed;
  context.backend = std::move(device);
  context.data = options_.data;
  context.math = options_.math;
  return context;
}

// Where the runs of an `open` compute; nothing while a device is being opened, after which the job
// comes again.
std::optional<ChosenBackend> Session::Impl::choose_backend(const OpenJob& job,
                                                           const Resolved& resolved) {
  const BackendWish wish = job.command.backend;
  if (wish == BackendWish::cpu) return ChosenBackend{};
  if (job.chosen) {
    const auto& failure = job.chosen->failure;
    if (failure && job.command.on_device_failure == OnDeviceFailure::stop) throw failure->error();
    return job.chosen;
  }
  std::string refusal = backend_refusal(*resolved.experiment, resolved.config);
  if (!refusal.empty()) return ChosenBackend{.reason = std::move(refusal)};
  const BackendUse& use = *resolved.experiment->backend;
  const auto opening = std::make_shared<DeviceOpening>(DeviceOpening{.job = job});
  {
    const Lock lock(mutex_);
    if (const auto known = devices_.find(wish); known != devices_.end()) return known->second;
    poll_ = use.poll;
    device_opening_ = opening;
  }
  use.open(wish == BackendWish::automatic, options_.clock,
           [opening](ChosenBackend chosen) { opening->answer = std::move(chosen); });
  return std::nullopt;
}

std::uint64_t Session::Impl::work_on(const OpenJob& job) {
  const command::Open& command = job.command;
  std::vector<SlotPointer> slots;
  std::vector<Event> events;
  try {
    if (command.seeds == 0 || command.seeds > kMostRuns) {
      throw Error(std::to_string(command.seeds) + " seeds are not allowed", "open.seeds",
                  "a whole number from 1 to " + std::to_string(kMostRuns));
    }
    if (command.seed > static_cast<std::uint64_t>(kLargestInteger) - (command.seeds - 1)) {
      throw Error("the last seed would be 2^53 or more", "open.seed", "seeds below 2^53");
    }
    const auto resolved =
        std::make_shared<const Resolved>(resolve(command.config, options_.find, "open.config"));
    const std::optional<ChosenBackend> chosen = choose_backend(job, *resolved);
    if (!chosen) return 1;
    for (std::uint32_t i = 0; i < command.seeds; ++i) {
      auto slot = std::make_shared<Slot>();
      slot->index = i;
      slot->seed = command.seed + i;
      slot->resolved = resolved;
      slot->share = options_.snapshot_bytes / command.seeds;
      slot->device = chosen->backend;
      slot->on_device_failure = command.on_device_failure;
      if (!resolved->lineage.empty()) {
        slot->errands.push_back({
            .kind = Errand::Kind::seek,
            .number = resolved->lineage.back().step,
            .reply = job.reply,
        });
      }
      slots.push_back(std::move(slot));
    }
    // The first run is made before anything changes: what is wrong with the config and its data
    // shows.
    Slot& first = *slots.front();
    if (command.check) {
      first.timeline =
          std::make_unique<Timeline>(*resolved, context(first.seed, first.device), first.share);
    }
    events.push_back({event::Opened{.experiment = resolved->experiment->id,
                                    .config = resolved->canonical(),
                                    .digest = resolved->digest(),
                                    .seed = command.seed,
                                    .seeds = command.seeds,
                                    .notes = resolved->notes,
                                    .device = chosen->backend ? chosen->backend->name() : "",
                                    .device_reason = chosen->reason},
                      job.reply});
    if (command.check) {
      append_progress(first, events);
      append_records(first, events);
    }
  } catch (...) {
    event::Error error = current_error("open");
    const Lock lock(mutex_);
    device_opening_.reset();
    opening_ = false;
    push({std::move(error), job.reply});
    work_there_.notify_all();
    return 1;
  }
  const Lock lock(mutex_);
  retire_runs();
  open_ = slots.front()->resolved->experiment;
  runs_ = std::move(slots);
  if (command.check) {
    runs_.front()->made = true;
    refresh(*runs_.front());
  }
  for (Event& event : events) push(std::move(event), runs_.front());
  opening_ = false;
  next_run_ = 0;
  work_there_.notify_all();
  return 1;
}

std::uint64_t Session::Impl::work_on(const ImportJob& job) {
  const command::Import& command = job.command;
  Event event{event::Closed{}, job.reply};
  try {
    if (options_.data == nullptr) {
      throw Error("files cannot be kept here", "import", "a session with a data store",
                  Error::Kind::machine);
    }
    event.body = own_files_.take(command.name, command.bytes, *options_.data);
  } catch (...) {
    event.body = current_error("import");
  }
  const Lock lock(mutex_);
  opening_ = false;
  push(std::move(event));
  work_there_.notify_all();
  return 1;
}

std::uint64_t Session::Impl::work_on(const MakeJob& job) {
  Slot& slot = *job.slot;
  std::vector<Event> events;
  try {
    slot.timeline =
        std::make_unique<Timeline>(*slot.resolved, context(slot.seed, slot.device), job.share);
    if (!slot.point) {
      append_progress(slot, events);
      append_records(slot, events);
    }
  } catch (...) {
    fail(job.slot, slot.motion.reply);
    return 1;
  }
  give_back(job.slot, std::move(events), false);
  return 1;
}

std::uint64_t Session::Impl::work_on(const AdvanceJob& job) {
  Slot& slot = *job.slot;
  std::uint64_t made = 0;
  std::vector<Event> events;
  bool arrived = false;
  try {
    Timeline& timeline = *slot.timeline;
    const auto arrives = [&] { return timeline.ended() || timeline.step() >= job.motion.goal; };
    const double begin = options_.clock();
    timeline.reserve(job.most);
    bool stopped = false;
    while (made < job.most && !arrives() && !slot.interrupt.load(std::memory_order_relaxed)) {
      if (slot.device && !timeline.ready()) {
        slot.blocked = timeline.device_failure() == nullptr;
        stopped = !slot.blocked && !goes_on_without_device(slot, job.motion, events);
        if (slot.blocked || stopped) break;
      }
      timeline.advance();
      ++made;
      if (options_.clock() - begin >= options_.batch_seconds) break;
    }
    arrived = arrives() || stopped;
    if (slot.point) {
      if (arrived) events.push_back(point_event(slot, job.motion.reply));
    } else if (arrived) {
      append_arrival(slot, job.motion, events);
    } else {
      if (job.progress_due) append_progress(slot, events);
      if (job.records_due) append_records(slot, events);
    }
  } catch (...) {
    fail(job.slot, job.motion.reply);
    return std::max<std::uint64_t>(1, made);
  }
  if (slot.point && arrived) slot.timeline.reset();
  give_back(job.slot, std::move(events), arrived);
  return made;
}

std::uint64_t Session::Impl::work_on(const ErrandJob& job) {
  Slot& slot = *job.slot;
  const Errand& errand = job.errand;
  std::vector<Event> events;
  bool rests = false;
  try {
    switch (errand.kind) {
      case Errand::Kind::seek: {
        const std::uint64_t before = slot.timeline->step();
        if (slot.timeline->go_near(errand.number)) {
          slot.records.rewound(std::min(before, slot.timeline->step()));
        }
        break;
      }
      case Errand::Kind::pause:
        append_arrival(slot, {Motion::Kind::run, 0, errand.reply}, events);
        rests = true;
        break;
      case Errand::Kind::observe:
        events.push_back({observed_records(slot.index, slot.timeline->observe(),
                                           slot.timeline->explain()),
                          errand.reply});
        break;
      case Errand::Kind::fork:
        fork(slot, errand.child, job.share, errand.reply);
        break;
      case Errand::Kind::trim:
        slot.timeline->limit_keyframe_bytes(job.share);
        break;
      case Errand::Kind::run:
      case Errand::Kind::step:
        break;  // only set a motion, in take_errand
    }
  } catch (...) {
    fail(job.slot, errand.reply);
    return 1;
  }
  if (errand.kind == Errand::Kind::seek) {
    const Lock lock(mutex_);
    slot.motion = {Motion::Kind::seek, errand.number, errand.reply};
  }
  give_back(job.slot, std::move(events), rests);
  return 1;
}

// What goes wrong here is the child's affair.
void Session::Impl::fork(const Slot& parent, const SlotPointer& child, std::size_t share,
                         std::uint64_t reply) {
  try {
    child->timeline = std::make_unique<Timeline>(parent.timeline->branch(*child->resolved));
    child->timeline->limit_keyframe_bytes(share);
    std::vector<Event> events;
    append_records(*child, events);
    give_back(child, std::move(events), false);
  } catch (...) {
    fail(child, reply);
  }
  work_there_.notify_all();
}

std::uint64_t Session::Impl::work_on(const MeasureJob& job) {
  const Measuring& measuring = *job.measuring;
  std::variant<std::monostate, SeedMeasurement, event::Error> result;
  try {
    RunContext stoppable = context(job.seed);
    stoppable.stop = &measuring.dropped;
    result = measure(*measuring.experiment, *measuring.claim, stoppable);
  } catch (const Stopped&) {
    // Dropped: nobody looks at the result.
  } catch (...) {
    result = current_error(measuring.experiment->id + "/" + measuring.claim->id + ", " +
                           seed_text(job.seed));
  }
  Lock lock(mutex_);
  job.measuring->results[job.seed] = std::move(result);
  tell_measured(lock, job.measuring);
  --in_flight_;
  return 1;
}

// Seeds in order, then the verdict; or the first error.
void Session::Impl::tell_measured(Lock& lock, const std::shared_ptr<Measuring>& measuring) {
  auto& results = measuring->results;
  while (!measuring->dropped && measuring->told < results.size()) {
    auto& result = results[measuring->told];
    if (auto* measurement = std::get_if<SeedMeasurement>(&result)) {
      push({event::Measurement{.experiment = measuring->experiment->id,
                               .claim = measuring->claim->id,
                               .measurement = *measurement},
            measuring->reply});
      ++measuring->told;
      if (measuring->told < results.size()) continue;
      std::vector<SeedMeasurement> measurements;
      for (auto& one : results) measurements.push_back(std::get<SeedMeasurement>(one));
      lock.unlock();
      // The bootstrap takes a while.
      ClaimResult judged =
          judge(*measuring->experiment, *measuring->claim, std::move(measurements));
      lock.lock();
      if (measuring->dropped) return;
      push({event::Verdict{.experiment = measuring->experiment->id,
                           .claim = measuring->claim->id,
                           .result = std::move(judged)},
            measuring->reply});
      std::erase(measuring_, measuring);
      return;
    }
    auto* error = std::get_if<event::Error>(&result);
    if (error == nullptr) return;
    push({std::move(*error), measuring->reply});
    measuring->dropped = true;
    std::erase(measuring_, measuring);
    std::erase_if(measurements_, [&](const MeasureJob& job) { return job.measuring == measuring; });
  }
}

void Session::Impl::append_progress(Slot& slot, std::vector<Event>& events) {
  events.push_back({event::Progress{.run = slot.index,
                                    .seed = slot.seed,
                                    .step = slot.timeline->step(),
                                    .limit = std::min(slot.timeline->limit(), kMostSteps)}});
}

void Session::Impl::append_records(Slot& slot, std::vector<Event>& events) {
  event::Records records = slot.records.write(slot.index, slot.timeline->recorder());
  if (records.series.empty() && records.values.empty() && records.arrays.empty()) return;
  events.push_back({std::move(records)});
}

// A run has come to rest: what is still untold, and the answer.
void Session::Impl::append_arrival(Slot& slot, const Motion& motion, std::vector<Event>& events) {
  const Timeline& timeline = *slot.timeline;
  append_progress(slot, events);
  append_records(slot, events);
  const std::string digest = timeline.digest();
  if (timeline.ended()) {
    const auto& divergence = timeline.recorder().divergence();
    if (divergence) {
      events.push_back(
          {event::Diverged{.run = slot.index, .divergence = *divergence}, motion.reply});
    }
    events.push_back({event::Finished{.run = slot.index,
                                      .seed = slot.seed,
                                      .step = timeline.step(),
                                      .values = last_values(timeline.recorder()),
                                      .diverged = divergence.has_value(),
                                      .digest = digest},
                      motion.reply});
  }
  if (motion.kind == Motion::Kind::seek) {
    events.push_back({event::Sought{.run = slot.index, .step = timeline.step(), .digest = digest},
                      motion.reply});
  } else if (!timeline.ended()) {
    events.push_back({event::Paused{.run = slot.index,
                                    .step = timeline.step(),
                                    .digest = digest,
                                    .values = last_values(timeline.recorder())},
                      motion.reply});
  }
}

Event Session::Impl::point_event(const Slot& slot, std::uint64_t reply) {
  const Timeline& timeline = *slot.timeline;
  return {event::Point{.point = slot.point->index,
                       .field = slot.point->field,
                       .value = slot.point->value,
                       .seed = slot.seed,
                       .step = timeline.step(),
                       .values = last_values(timeline.recorder()),
                       .divergence = timeline.recorder().divergence(),
                       .digest = timeline.digest()},
          reply};
}

// The device gives no more answers: whether the run goes on without it.
bool Session::Impl::goes_on_without_device(Slot& slot, const Motion& motion,
                                           std::vector<Event>& events) {
  Timeline& timeline = *slot.timeline;
  const DeviceFailure& failure = *timeline.device_failure();
  // A run that has stopped for it, and is told to go on, does.
  const bool told_before = std::exchange(slot.device_failed, true);
  const bool goes_on = told_before || slot.on_device_failure == OnDeviceFailure::go_on;
  events.push_back({event::DeviceFailed{.run = slot.index,
                                        .step = timeline.step(),
                                        .reason = std::string(reason_name(failure.reason)),
                                        .text = failure.text,
                                        .goes_on = goes_on},
                    motion.reply});
  if (goes_on) timeline.leave_backend();
  return goes_on;
}

// The worker has done what it took the slot for.
void Session::Impl::give_back(const SlotPointer& slot, std::vector<Event> events, bool rests) {
  const Lock lock(mutex_);
  slot->busy = false;
  slot->waits = std::exchange(slot->blocked, false);
  if (slot->device_failed) {
    // Whoever wants one next opens another.
    std::erase_if(devices_,
                  [&](const auto& known) { return known.second.backend == slot->device; });
  }
  if (!slot->alive) {
    slot->timeline.reset();
    return;
  }
  if (rests) slot->motion = {};
  slot->made = true;
  if (slot->timeline) refresh(*slot);
  for (Event& event : events) push(std::move(event), slot);
  if (slot->point && rests) std::erase(points_, slot);
}

// An exception came out of the run; it is the one in flight.
void Session::Impl::fail(const SlotPointer& slot, std::uint64_t reply) {
  event::Error error = current_error(seed_text(slot->seed));
  if (slot->point) {
    error.where = slot->point->field + " = " + value_text(slot->point->value) + ", " +
                  seed_text(slot->seed) + ": " + error.where;
  }
  slot->timeline.reset();
  const Lock lock(mutex_);
  slot->busy = false;
  if (!slot->alive) return;
  if (slot->point) {
    std::erase(points_, slot);
    push({std::move(error), reply});
  } else {
    mark_failed(*slot, std::move(error), reply);
  }
}

void Session::Impl::mark_failed(Slot& slot, event::Error error, std::uint64_t reply) {
  error.run = slot.index;
  slot.failed = true;
  slot.busy = false;
  slot.motion = {};
  slot.keyframe_bytes = 0;
  push({std::move(error), reply});
  for (const Errand& errand : std::exchange(slot.errands, {})) {
    if (!errand.child) continue;
    mark_failed(*errand.child,
                {.problem = "the run it branches from has failed",
                 .where = seed_text(slot.seed),
                 .expected = "",
                 .kind = Error::Kind::machine,
                 .run = {}},
                errand.reply);
  }
}

void Session::Impl::refresh(Slot& slot) {
  const Timeline& timeline = *slot.timeline;
  slot.step = timeline.step();
  slot.ended = timeline.ended();
  if (slot.ended) slot.end = slot.step;
  slot.limit = timeline.limit();
  slot.keyframe_bytes = timeline.keyframe_bytes();
}

// --- [SECTION] events ------------------------------------------------------------------------

void Session::Impl::push(Event event, SlotPointer slot) {
  const bool progress = std::holds_alternative<event::Progress>(event.body);
  const auto* records = std::get_if<event::Records>(&event.body);
  const bool merges = progress || (records != nullptr && !records->observed);
  if (merges) ++(progress ? slot->progress_waiting : slot->records_waiting);
  events_.push_back({std::move(event), merges ? std::move(slot) : nullptr});
  event_there_.notify_all();
}

std::optional<Event> Session::Impl::poll() {
  const Lock lock(mutex_);
  if (events_.empty()) return std::nullopt;
  Queued queued = std::move(events_.front());
  events_.pop_front();
  if (queued.slot) {
    const bool progress = std::holds_alternative<event::Progress>(queued.event.body);
    --(progress ? queued.slot->progress_waiting : queued.slot->records_waiting);
  }
  return std::move(queued.event);
}

std::optional<Event> Session::Impl::wait(double seconds) {
  if (options_.workers > 0) {
    Lock lock(mutex_);
    const double most = std::clamp(seconds, 0.0, kLongestSleep);
    event_there_.wait_for(lock, std::chrono::duration<double>(most),
                          [this] { return !events_.empty(); });
    lock.unlock();
    return poll();
  }
  const double begin = options_.clock();
  while (true) {
    if (std::optional<Event> event = poll()) return event;
    if (options_.clock() - begin >= seconds) return std::nullopt;
    if (work_once(kNoGoal)) continue;
    if (!waits_for_device()) return poll();
    Lock lock(mutex_);
    event_there_.wait_for(lock, std::chrono::duration<double>(kDeviceSleep));
  }
}

// --- [SECTION] Session -----------------------------------------------------------------------

Session::Session(SessionOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Session::~Session() = default;

void Session::post(Command command) {
  impl_->post(std::move(command));
}
void Session::post(std::string_view json) {
  impl_->post(json);
}
std::optional<Event> Session::poll() {
  return impl_->poll();
}
std::optional<Event> Session::wait(double seconds) {
  return impl_->wait(seconds);
}
bool Session::pump(std::uint64_t step_budget, double seconds) {
  return impl_->pump(step_budget, seconds);
}
bool Session::waits_for_device() const {
  return impl_->waits_for_device();
}
std::size_t Session::snapshot_bytes() const {
  return impl_->snapshot_bytes();
}

}  // namespace lab
