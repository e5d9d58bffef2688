#include "method/separable/tester_learner.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace lab::separable {
namespace {

bool has_many_starts(HalfspaceLearner learner) {
  return learner < HalfspaceLearner::chow;
}

void save_outcomes(ByteWriter& writer,
                   std::span<const std::optional<TestOutcome>, kHalfspaceTests> outcomes) {
  for (const std::optional<TestOutcome>& outcome : outcomes) {
    const TestOutcome o = outcome.value_or(TestOutcome{});
    writer.boolean(outcome.has_value());
    for (const double value : {o.statistic, o.low, o.high}) writer.f64(value);
    writer.u64(o.points);
    writer.boolean(o.passed);
  }
}

void restore_outcomes(ByteReader& reader,
                      std::span<std::optional<TestOutcome>, kHalfspaceTests> outcomes) {
  for (std::optional<TestOutcome>& outcome : outcomes) {
    const bool there = reader.boolean();
    TestOutcome o;
    for (double* value : {&o.statistic, &o.low, &o.high}) *value = reader.f64();
    o.points = static_cast<std::size_t>(reader.u64());
    o.passed = reader.boolean();
    outcome.reset();
    if (there) outcome = o;
  }
}

}  // namespace

TesterLearner::TesterLearner(const TesterLearnerOptions& options, std::size_t count,
                             std::size_t dimension, Math math)
    : options_(options),
      limits_(options.limits),
      tester_(count, dimension, math),
      w_(dimension),
      kept_(dimension) {
  const std::size_t starts =
      has_many_starts(options.descent.learner) ? std::max<std::size_t>(options.starts, 1) : 1;
  starts_.reserve(starts);
  for (std::size_t s = 0; s < starts; ++s) {
    starts_.emplace_back(options.descent, count, dimension, math);
  }
  from_ = Matrix::from_shape({starts, dimension});
}

void TesterLearner::restart(const HalfspaceSample& sample, Stream& random) {
  sample_ = &sample;
  const std::size_t d = sample.dimension();
  for (std::size_t s = 0; s < starts_.size(); ++s) {
    const std::span<double> start(from_.data() + s * d, d);
    if (s == 0) {
      HalfspaceDescent::chow_start(sample, start);
    } else {
      random.fill_normal(start);
    }
  }
  width_ = 0;
  best_.error = 2;
  limits_.sigma = options_.limits.sigma;
  begin_width();
}

void TesterLearner::begin_width() {
  const std::size_t d = sample_->dimension();
  for (std::size_t s = 0; s < starts_.size(); ++s) {
    starts_[s].restart(*sample_, {from_.data() + s * d, d}, limits_.sigma);
  }
  phase_ = Phase::learning;
  updates_ = 0;
  next_test_ = 0;
  accepted_ = false;
  outcomes_.fill(std::nullopt);
  choose();
}

void TesterLearner::choose() {
  const auto better = [&](const HalfspaceDescent& a, const HalfspaceDescent& b) {
    const bool a_rests = a.gradient_norm() <= limits_.alpha;
    const bool b_rests = b.gradient_norm() <= limits_.alpha;
    if (a_rests != b_rests) return a_rests;
    if (!a_rests) return a.gradient_norm() < b.gradient_norm();
    return std::min(a.error(), 1 - a.error()) < std::min(b.error(), 1 - b.error());
  };
  chosen_ = 0;
  for (std::size_t s = 1; s < starts_.size(); ++s) {
    if (better(starts_[s], starts_[chosen_])) chosen_ = s;
  }
  const HalfspaceDescent& start = starts_[chosen_];
  std::ranges::copy(start.w(), w_.begin());
  gradient_norm_ = start.gradient_norm();
  // Both w and -w are stationary: L(-w) = 1 - L(w).
  const bool turned = start.error() > 0.5;
  if (turned) {
    for (double& weight : w_) weight = -weight;
  }
  loss_ = turned ? 1 - start.loss() : start.loss();
  error_ = turned ? 1 - start.error() : start.error();
}

bool TesterLearner::advance(Stream& random) {
  assert(sample_ != nullptr);
  if (phase_ == Phase::done) return false;
  if (phase_ == Phase::learning) {
    ++updates_;
    bool moves = false;
    for (HalfspaceDescent& start : starts_) {
      start.update(random);
      moves = moves || !start.at_rest();
    }
    choose();
    if (!moves || updates_ >= options_.most_updates) {
      phase_ = Phase::testing;
      tester_.look_at(*sample_, w_);
    }
    return true;
  }
  while (next_test_ < kHalfspaceTests && !options_.on[next_test_]) ++next_test_;
  if (next_test_ < kHalfspaceTests) {
    outcomes_[next_test_] =
        tester_.run(static_cast<HalfspaceTest>(next_test_), limits_, gradient_norm_);
    ++next_test_;
  }
  while (next_test_ < kHalfspaceTests && !options_.on[next_test_]) ++next_test_;
  if (next_test_ == kHalfspaceTests) finish_width();
  return phase_ != Phase::done;
}

void TesterLearner::finish_width() {
  accepted_ = true;
  for (std::size_t t = 0; t < kLocalTests; ++t) {
    if (outcomes_[t] && !outcomes_[t]->passed) accepted_ = false;
  }
  if (accepted_ && error_ < best_.error) {
    best_ = {chosen_, limits_.sigma, loss_, gradient_norm_, error_, outcomes_};
    std::ranges::copy(w_, kept_.begin());
  }
  if (++width_ < options_.widths) {
    limits_.sigma /= 2;
    begin_width();
    return;
  }
  phase_ = Phase::done;
  if (best_.error > 1) return;
  accepted_ = true;
  chosen_ = best_.chosen;
  limits_.sigma = best_.sigma;
  loss_ = best_.loss;
  gradient_norm_ = best_.gradient_norm;
  error_ = best_.error;
  outcomes_ = best_.outcomes;
  std::ranges::copy(kept_, w_.begin());
}

void TesterLearner::save(ByteWriter& writer) const {
  for (const HalfspaceDescent& start : starts_) start.save(writer);
  writer.f64s(w_);
  writer.f64s(kept_);
  writer.u8(static_cast<std::uint8_t>(phase_));
  for (const std::uint64_t value :
       {std::uint64_t{chosen_}, std::uint64_t{width_}, std::uint64_t{next_test_}, updates_,
        std::uint64_t{best_.chosen}}) {
    writer.u64(value);
  }
  for (const double value : {limits_.sigma, loss_, gradient_norm_, error_, best_.sigma, best_.loss,
                             best_.gradient_norm, best_.error}) {
    writer.f64(value);
  }
  writer.boolean(accepted_);
  save_outcomes(writer, outcomes_);
  save_outcomes(writer, best_.outcomes);
}

void TesterLearner::restore(ByteReader& reader) {
  for (HalfspaceDescent& start : starts_) start.restore(reader);
  reader.f64s(std::span(w_));
  reader.f64s(std::span(kept_));
  const std::uint8_t phase = reader.u8();
  if (phase > static_cast<std::uint8_t>(Phase::done)) {
    reader.fail("there is no phase " + std::to_string(phase), "a state of this experiment");
  }
  phase_ = static_cast<Phase>(phase);
  for (std::size_t* value : {&chosen_, &width_, &next_test_}) {
    *value = static_cast<std::size_t>(reader.u64());
  }
  if (chosen_ >= starts_.size() || next_test_ > kHalfspaceTests || width_ > options_.widths) {
    reader.fail("it counts more starts, tests or widths than there are",
                "a state of a run with the same settings");
  }
  updates_ = reader.u64();
  best_.chosen = static_cast<std::size_t>(reader.u64());
  for (double* value : {&limits_.sigma, &loss_, &gradient_norm_, &error_, &best_.sigma, &best_.loss,
                        &best_.gradient_norm, &best_.error}) {
    *value = reader.f64();
  }
  accepted_ = reader.boolean();
  restore_outcomes(reader, outcomes_);
  restore_outcomes(reader, best_.outcomes);
  if (phase_ == Phase::testing) tester_.look_at(*sample_, w_);
}

}  // namespace lab::separable
