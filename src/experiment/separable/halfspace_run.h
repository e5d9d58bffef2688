// What does a run of the tester-learner record, and how does it go? First the learner, update by
// update; then the tests, one a step; then Gaussian samples, which say what each statistic would be
// if the data were what they should be; then whole trials over the mass of a contamination.
// A. Gollakota, A. Klivans, K. Stavropoulos and A. Vasilyan, arXiv:2302.14853.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/recording_list.h"
#include "method/separable/tester_learner.h"

namespace lab::separable {

// Who learns beside the learner that is tested, on the same sample.
inline constexpr std::array kHalfspaceBaselines = {
    HalfspaceLearner::backtracking,        HalfspaceLearner::chow,  HalfspaceLearner::logistic,
    HalfspaceLearner::normalized_logistic, HalfspaceLearner::hinge, HalfspaceLearner::perceptron};
inline constexpr std::size_t kMostStarts = 8;

// "ramp, converged", for legends.
std::string label(HalfspaceLearner learner);
// "T1 band mass", for legends and sentences.
std::string label(HalfspaceTest test);

struct HalfspaceRecordings : RecordingList {
  struct Of {
    std::size_t error, angle, edge;
  };
  Of tested;
  std::array<Of, kHalfspaceBaselines.size()> baselines;
  std::size_t loss, gradient_norm;
  std::array<std::size_t, kMostStarts> start_gradient;
  std::size_t alpha, optimum_line, limit_line;
  std::size_t accepted, answer_error, answer_angle, excess, broken, fresh_error, sigma;
  std::size_t optimum, planted;
  struct OfTest {
    std::size_t statistic, passed, points, false_rejections;
  };
  std::array<OfTest, kHalfspaceTests> tests;
  std::size_t points, planted_edge, band_low, band_high;
  std::size_t loss_landscape, error_landscape, gradient_landscape, stationary, on_landscape;
  std::size_t passed_tests, failed_tests, test_names;
  std::size_t accept_rate, broken_rate, accepted_broken_rate, trials;

  HalfspaceRecordings();
};
const HalfspaceRecordings& halfspace_recordings();

// The inequality that an accepted halfspace has to keep: error <= 2 optimum + 0.03.
double error_limit(double optimum);

std::unique_ptr<Run> halfspace_run(const Config& config, const RunContext& context);

std::vector<Claim> halfspace_claims();

}  // namespace lab::separable
