// Many descents of logistic regression at once, on a Backend: what Descent and LimitCycle do one
// after another in float64 on the CPU, in float32 and together (A. Tyurin, arXiv:2412.08424, eq. 3;
// S. Y. Meng et al., arXiv:2406.05033).
//
// Both sweeps work ahead: go_on() begins the next piece of work if none is under way, its answers
// come when the backend is polled, and what is known is known for good. After a failure, and after
// leave(), no work is begun any more and nothing is added to what is known. A sweep belongs to the
// thread that has the backend.
//
// In float32 they agree with the CPU's float64 as far as the problem lets them: counts of updates
// to about a part in a hundred, places of a cycle to about 1e-3 of gamma R. They must differ
//   - where the sign of a margin hangs on its last digit: a large step on a narrow gap may need
//     some updates more or less;
//   - close to the critical step, where a spiral shows only after long what it is;
//   - in disorder, which magnifies every rounding;
//   - where descent begins on an unstable cycle and what would drive it off is less than a
//     rounding: three samples against one, from theta = 0, stay on such a cycle of two from gamma
//     = 70 on, in float64 from gamma = 150 on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "compute/backend.h"
#include "method/separable/limit_cycles.h"
#include "method/separable/signed_samples.h"

namespace lab::separable {

// How many updates each of many descents needs until it is solved.
class SolveSweep {
 public:
  struct Cell {
    std::size_t set;  // which of the sets it learns from
    double gamma;     // its step size
  };
  struct Solved {
    std::uint64_t updates;  // the limit where it is not solved
    bool solved;
  };

  // sets: of equal shape, at least one; only read during the call. The cells are solved in parts,
  // one after another: those before part_ends[0], then those before part_ends[1], ..; the last one
  // is how many cells there are. limit: updates, below 2^24.
  SolveSweep(std::shared_ptr<Backend> backend, std::span<const SignedSamples> sets,
             std::vector<Cell> cells, std::vector<std::size_t> part_ends, std::uint64_t limit);

  void go_on();
  // Nothing until it is known.
  std::optional<Solved> at(std::size_t cell) const;
  // Why nothing more will be known; null: it will.
  const DeviceFailure* failure() const;
  void leave();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// What gradient descent settles in, for many step sizes on one set of samples.
class CycleSweep {
 public:
  struct Cycle {
    std::size_t period;  // as LimitCycle has it
    std::vector<double> positions,
        losses;  // of one period, or of `most` updates where there is none
  };

  // samples, optimum: only read during the call. most: the longest period that is recognised.
  CycleSweep(std::shared_ptr<Backend> backend, const SignedSamples& samples,
             const LogisticOptimum& optimum, std::vector<double> gammas, LimitCycle::Start start,
             std::uint64_t burn_in, std::size_t most);

  void go_on();
  // Null until it is known.
  const Cycle* at(std::size_t column) const;
  const DeviceFailure* failure() const;
  void leave();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace lab::separable
