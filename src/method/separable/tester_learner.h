// The tester-learner: learn a halfspace, then test the data about its edge, and either answer with
// it or reject. A. Gollakota, A. Klivans, K. Stavropoulos and A. Vasilyan, "An Efficient
// Tester-Learner for Halfspaces", arXiv:2302.14853; a finite version, one small piece of work at a
// time.
//
//   1. descents from several starts: the mean of y x first, then random directions
//   2. of the candidates with a small gradient the one with the least training error; of w and -w
//      (both are stationary) the better one
//   3. the tests of halfspace_tester.h, one after the other; all must pass
//   4. with several widths sigma, sigma / 2, ..: of the accepted candidates the one with the least
//      error (adversarial noise: the right width depends on the unknown optimum)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "method/separable/halfspace_learner.h"
#include "method/separable/halfspace_tester.h"

namespace lab::separable {

struct TesterLearnerOptions {
  DescentOptions descent;
  TestLimits limits;
  std::size_t starts = 4;            // of learners on the ramp; the others have one
  std::uint64_t most_updates = 300;  // of each start
  std::size_t widths = 1;
  std::array<bool, kHalfspaceTests> on = {true, true, true, true, true, true, true, true};
};

class TesterLearner {
 public:
  enum class Phase : std::uint8_t { learning, testing, done };

  TesterLearner(const TesterLearnerOptions& options, std::size_t count, std::size_t dimension,
                Math math = Math::strict);

  // The sample must stay. random: draws the starts.
  void restart(const HalfspaceSample& sample, Stream& random);
  // One update of every start that still moves, or one test; false when there is nothing left to
  // do. Allocates nothing.
  bool advance(Stream& random);

  Phase phase() const { return phase_; }
  std::span<const HalfspaceDescent> starts() const { return starts_; }
  std::uint64_t updates() const { return updates_; }  // at the present width
  double sigma() const { return limits_.sigma; }      // the present width

  // The candidate now; when done, the answer: the accepted one, or the last that was rejected.
  std::span<const double> w() const { return w_; }
  std::size_t chosen() const { return chosen_; }  // the start that it comes from
  double loss() const { return loss_; }
  double gradient_norm() const { return gradient_norm_; }
  double error() const { return error_; }  // on the sample

  // At the width of the answer, or the present one; absent: not run yet, or off.
  const std::optional<TestOutcome>& outcome(HalfspaceTest test) const {
    return outcomes_[static_cast<std::size_t>(test)];
  }
  // All local tests that are on have passed. Precondition: done.
  bool accepted() const { return accepted_; }

  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);  // after restart on the same sample

 private:
  void begin_width();
  void choose();
  void finish_width();

  TesterLearnerOptions options_;
  TestLimits limits_;
  const HalfspaceSample* sample_ = nullptr;
  std::vector<HalfspaceDescent> starts_;
  HalfspaceTester tester_;
  Matrix from_;  // starts x d
  std::vector<double> w_, kept_;
  Phase phase_ = Phase::learning;
  std::size_t chosen_ = 0, width_ = 0, next_test_ = 0;
  std::uint64_t updates_ = 0;
  double loss_ = 0, gradient_norm_ = 0, error_ = 1;
  bool accepted_ = false;
  std::array<std::optional<TestOutcome>, kHalfspaceTests> outcomes_;
  // The best accepted candidate of the widths before.
  struct Kept {
    std::size_t chosen = 0;
    double sigma = 0, loss = 0, gradient_norm = 0, error = 2;
    std::array<std::optional<TestOutcome>, kHalfspaceTests> outcomes;
  } best_;
};

}  // namespace lab::separable
