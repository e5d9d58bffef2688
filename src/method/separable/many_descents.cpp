#include "method/separable/many_descents.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

namespace lab::separable {

namespace {

// Updates between two looks at what is solved: so many at first, later as many as were made; at
// most so many, so that nobody waits for what is not wanted any more.
constexpr std::size_t kFirstUpdates = 64, kMostUpdates = std::size_t{1} << 15;
// Updates after the burn-in whose answers are under way together.
constexpr std::size_t kLooks = 32;
// Rest and return are seen less sharply in float32; were it much less, disorder would often be
// taken for a cycle, because it comes near to where it was.
constexpr CycleTolerance kSingleTolerance = {.rest = 1e-6, .same_place = 3e-5};

// A descent's buffers on a backend, for as many runs as come together at the most.
struct Buffers {
  Buffer features, set_of, step_sizes, theta, losses, errors, solved_at;
};

std::vector<float> features_of(std::span<const SignedSamples> sets) {
  const std::size_t samples = sets[0].count(), dimension = sets[0].dimension();
  const std::size_t stride = padded(samples);
  std::vector<float> features(sets.size() * dimension * stride, 0.0f);
  for (std::size_t set = 0; set < sets.size(); ++set) {
    assert(sets[set].count() == samples && sets[set].dimension() == dimension);
    for (std::size_t j = 0; j < dimension; ++j)
      for (std::size_t i = 0; i < samples; ++i)
        features[(set * dimension + j) * stride + i] =
            static_cast<float>(sets[set].transposed(j, i));
  }
  return features;
}

// What both sweeps do on a backend.
class Work {
 public:
  Work(std::shared_ptr<Backend> backend, std::span<const SignedSamples> sets)
      : backend_(std::move(backend)),
        features_(features_of(sets)),
        sets_(sets.size()),
        samples_(sets[0].count()),
        dimension_(sets[0].dimension()) {}

  std::size_t dimension() const { return dimension_; }
  bool idle() const { return backend_ != nullptr && !failure_ && under_way_ == 0; }
  const DeviceFailure* failure() const { return failure_ ? &*failure_ : nullptr; }
  void leave() {
    buffers_.reset();
    backend_.reset();
  }

  // What a backend refuses at once is a failure like one that comes later.
  template <class Action>
  void attempt(Action&& action) {
    try {
      action();
    } catch (const Error& error) {
      fail({DeviceFailure::Reason::out_of_memory, error.what()});
    }
  }

  // So many runs from here on, each from its column of theta (dimension x runs).
  void begin(std::span<const std::uint32_t> set_of, std::span<const float> step_sizes,
             std::span<const float> theta) {
    if (!buffers_) allocate(step_sizes.size());
    assert(step_sizes.size() <= buffers_->step_sizes.size());
    runs_ = step_sizes.size();
    backend_->write(buffers_->set_of, set_of);
    backend_->write(buffers_->step_sizes, step_sizes);
    backend_->write(buffers_->theta, theta);
    unsolved_.assign(runs_, -1.0f);
    backend_->write(buffers_->solved_at, std::span<const float>(unsolved_));
  }

  void descend(std::size_t iterations, std::size_t first_iteration) {
    Buffers& b = *buffers_;
    backend_->run(LogisticDescent{b.features, b.set_of, b.step_sizes, b.theta, b.losses, b.errors,
                                  b.solved_at, sets_, samples_, dimension_, runs_, iterations,
                                  first_iteration});
  }

  // `take(values)` with the answer, unless `owner` has gone by then or the backend fails.
  template <class Owner, class Take>
  void read(Buffer Buffers::*buffer, std::size_t count, const std::shared_ptr<Owner>& owner,
            Take take) {
    ++under_way_;
    backend_->read((*buffers_).*buffer, count,
                   [weak = std::weak_ptr<Owner>(owner), take](std::span<const float> values,
                                                              const DeviceFailure* failure) {
                     const std::shared_ptr<Owner> there = weak.lock();
                     if (!there) return;
                     --there->work.under_way_;
                     if (failure != nullptr) there->work.fail(*failure);
                     if (!there->work.failure_) take(*there, values);
                   });
  }

  std::size_t runs() const { return runs_; }
  // The most runs that will come together, before the first begin().
  void reserve(std::size_t runs) { most_runs_ = runs; }

 private:
  void allocate(std::size_t runs) {
    const std::size_t most = std::max(runs, most_runs_);
    const auto of_runs = [&] { return backend_->buffer(most); };
    buffers_.emplace(Buffers{.features = backend_->buffer(features_.size()),
                             .set_of = of_runs(),
                             .step_sizes = of_runs(),
                             .theta = backend_->buffer(dimension_ * most),
                             .losses = of_runs(),
                             .errors = of_runs(),
                             .solved_at = of_runs()});
    backend_->write(buffers_->features, std::span<const float>(features_));
    features_ = {};
  }

  void fail(DeviceFailure failure) {
    if (!failure_) failure_ = std::move(failure);
  }

  std::shared_ptr<Backend> backend_;
  std::vector<float> features_;  // until they are there
  std::size_t sets_, samples_, dimension_, most_runs_ = 0, runs_ = 0;
  std::optional<Buffers> buffers_;
  std::vector<float> unsolved_;
  std::size_t under_way_ = 0;  // reads
  std::optional<DeviceFailure> failure_;
};

}  // namespace

// --- until solved ----------------------------------------------------------------------------

struct SolveSweep::State {
  Work work;
  std::vector<Cell> cells;
  std::vector<std::size_t> part_ends;
  std::size_t limit;

  std::vector<std::optional<Solved>> known = std::vector<std::optional<Solved>>(cells.size());
  std::size_t part = 0;                           // the next one to begin
  std::vector<std::size_t> active = {};           // cells that descend now
  std::size_t made = 0;                           // updates of each of them
  std::vector<float> solved_at = {}, theta = {};  // theta: dimension x active

  // The active cells from here on, at `theta`.
  void begin() {
    std::vector<std::uint32_t> set_of;
    std::vector<float> step_sizes;
    for (const std::size_t cell : active) {
      set_of.push_back(static_cast<std::uint32_t>(cells[cell].set));
      step_sizes.push_back(static_cast<float>(cells[cell].gamma));
    }
    work.begin(set_of, step_sizes, theta);
  }

  void begin_part() {
    const std::size_t from = part == 0 ? 0 : part_ends[part - 1], to = part_ends[part];
    ++part;
    active.clear();
    for (std::size_t cell = from; cell < to; ++cell) active.push_back(cell);
    theta.assign(work.dimension() * active.size(), 0.0f);
    made = 0;
    begin();
  }

  // What the last piece of work has brought: solved cells are known, the others go on without them.
  void take() {
    std::vector<std::size_t> left, columns;
    for (std::size_t i = 0; i < active.size(); ++i) {
      const std::size_t cell = active[i];
      if (solved_at[i] >= 0) {
        known[cell] = {static_cast<std::uint64_t>(solved_at[i]), true};
      } else if (made == limit) {
        known[cell] = {limit, false};
      } else {
        left.push_back(cell);
        columns.push_back(i);
      }
    }
    if (left.size() == active.size()) return;
    const std::size_t before = active.size();
    std::vector<float> kept;
    for (std::size_t j = 0; j < work.dimension(); ++j)
      for (const std::size_t column : columns) kept.push_back(theta[j * before + column]);
    active = std::move(left);
    theta = std::move(kept);
    if (!active.empty()) begin();
  }

  static void go_on(const std::shared_ptr<State>& state) {
    State& s = *state;
    if (!s.work.idle()) return;
    s.work.attempt([&] {
      if (!s.solved_at.empty()) s.take();
      s.solved_at.clear();
      if (s.active.empty() && s.part == s.part_ends.size()) return;
      if (s.active.empty()) s.begin_part();
      const std::size_t now =
          std::min(std::clamp(s.made, kFirstUpdates, kMostUpdates), s.limit - s.made);
      s.work.descend(now, s.made);
      s.made += now;
      s.work.read(&Buffers::theta, s.work.dimension() * s.work.runs(), state,
                  [](State& there, std::span<const float> values) {
                    there.theta.assign(values.begin(), values.end());
                  });
      s.work.read(&Buffers::solved_at, s.work.runs(), state,
                  [](State& there, std::span<const float> values) {
                    there.solved_at.assign(values.begin(), values.end());
                  });
    });
  }
};

SolveSweep::SolveSweep(std::shared_ptr<Backend> backend, std::span<const SignedSamples> sets,
                       std::vector<Cell> cells, std::vector<std::size_t> part_ends,
                       std::uint64_t limit)
    : state_(std::make_shared<State>(State{.work = Work(std::move(backend), sets),
                                           .cells = std::move(cells),
                                           .part_ends = std::move(part_ends),
                                           .limit = static_cast<std::size_t>(limit)})) {
  assert(!state_->part_ends.empty() && state_->part_ends.back() == state_->cells.size());
  assert(limit > 0 && limit < (1u << 24));
  std::size_t from = 0, most = 0;
  for (const std::size_t to : state_->part_ends) {
    assert(from < to);
    most = std::max(most, to - std::exchange(from, to));
  }
  state_->work.reserve(most);
}

void SolveSweep::go_on() {
  State::go_on(state_);
}

std::optional<SolveSweep::Solved> SolveSweep::at(std::size_t cell) const {
  return state_->known[cell];
}

const DeviceFailure* SolveSweep::failure() const {
  return state_->work.failure();
}

void SolveSweep::leave() {
  state_->work.leave();
}

// --- until settled ---------------------------------------------------------------------------

struct CycleSweep::State {
  Work work;
  std::vector<double> gammas;
  std::vector<double> optimum, sharpest;  // d
  std::size_t burn_in, most;

  std::vector<float> theta = {};  // d x columns; at first where they start
  bool begun = false;
  std::size_t burnt = 0;           // updates of the burn-in
  std::size_t seen = 0;            // updates after the burn-in that were looked at
  std::vector<float> first = {};   // d x columns, after the burn-in
  std::vector<Cycle> cycles = {};  // by column, while they are watched
  std::vector<CycleWatch> watches = {};
  std::vector<bool> settled = {};

  std::size_t columns() const { return gammas.size(); }
  bool known() const { return seen == most + 1; }

  void begin() {
    std::vector<float> step_sizes;
    for (const double gamma : gammas) step_sizes.push_back(static_cast<float>(gamma));
    work.begin(std::vector<std::uint32_t>(columns(), 0), step_sizes, theta);
  }

  // theta after another update, the burn-in's last one first.
  void look() {
    const std::size_t n = columns();
    if (seen == 0) first = theta;
    for (std::size_t c = 0; c < n; ++c) {
      if (seen > 0 && !settled[c]) {
        double distance = 0;
        for (std::size_t j = 0; j < optimum.size(); ++j) {
          const double moved = std::abs(static_cast<double>(theta[j * n + c]) -
                                        static_cast<double>(first[j * n + c]));
          distance = moved > distance ? moved : distance;
        }
        settled[c] = watches[c].returned(distance);
        if (settled[c]) cycles[c].period = cycles[c].positions.size();
      }
      if (seen == most || settled[c]) continue;
      double position = 0;
      for (std::size_t j = 0; j < optimum.size(); ++j)
        position += (static_cast<double>(theta[j * n + c]) - optimum[j]) * sharpest[j];
      cycles[c].positions.push_back(position);
    }
  }

  void take_losses(std::span<const float> values) {
    for (std::size_t c = 0; c < columns(); ++c) {
      if (cycles[c].losses.size() < cycles[c].positions.size())
        cycles[c].losses.push_back(static_cast<double>(values[c]));
    }
    ++seen;
    if (std::ranges::all_of(settled, [](bool is) { return is; })) seen = most + 1;
  }

  static void go_on(const std::shared_ptr<State>& state) {
    State& s = *state;
    if (!s.work.idle() || s.known()) return;
    s.work.attempt([&] {
      if (!std::exchange(s.begun, true)) s.begin();
      if (s.burnt < s.burn_in) {
        const std::size_t now = std::min(kMostUpdates, s.burn_in - s.burnt);
        s.work.descend(now, 0);
        s.burnt += now;
        s.work.read(&Buffers::losses, 1, state, [](State&, std::span<const float>) {});
        if (s.burnt < s.burn_in) return;
      }
      const std::size_t looks = std::min(kLooks, s.most + 1 - s.seen);
      for (std::size_t i = 0; i < looks; ++i) {
        if (s.seen + i > 0) s.work.descend(1, 0);
        s.work.read(&Buffers::theta, s.theta.size(), state,
                    [](State& there, std::span<const float> values) {
                      if (there.known()) return;
                      there.theta.assign(values.begin(), values.end());
                      there.look();
                    });
        s.work.read(&Buffers::losses, s.columns(), state,
                    [](State& there, std::span<const float> values) {
                      if (!there.known()) there.take_losses(values);
                    });
      }
    });
  }
};

CycleSweep::CycleSweep(std::shared_ptr<Backend> backend, const SignedSamples& samples,
                       const LogisticOptimum& optimum, std::vector<double> gammas,
                       LimitCycle::Start start, std::uint64_t burn_in, std::size_t most)
    : state_(std::make_shared<State>(State{.work = Work(std::move(backend), {&samples, 1}),
                                           .gammas = std::move(gammas),
                                           .optimum = optimum.theta,
                                           .sharpest = optimum.sharpest,
                                           .burn_in = static_cast<std::size_t>(burn_in),
                                           .most = most})) {
  State& s = *state_;
  const std::size_t n = s.columns(), d = samples.dimension();
  s.theta.resize(d * n);
  std::vector<double> theta(d);
  for (std::size_t c = 0; c < n; ++c) {
    const double unit = s.gammas[c] * samples.radius;
    LimitCycle::start_at(optimum, start, unit, theta);
    for (std::size_t j = 0; j < d; ++j) s.theta[j * n + c] = static_cast<float>(theta[j]);
    s.watches.emplace_back(unit, kSingleTolerance);
  }
  s.cycles.resize(n);
  s.settled.assign(n, false);
}

void CycleSweep::go_on() {
  State::go_on(state_);
}

const CycleSweep::Cycle* CycleSweep::at(std::size_t column) const {
  return state_->known() ? &state_->cycles[column] : nullptr;
}

const DeviceFailure* CycleSweep::failure() const {
  return state_->work.failure();
}

void CycleSweep::leave() {
  state_->work.leave();
}

}  // namespace lab::separable
