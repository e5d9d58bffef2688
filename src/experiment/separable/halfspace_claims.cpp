// Does the contract of the tester-learner hold here? Its claims, each measured over seeds.
// A. Gollakota, A. Klivans, K. Stavropoulos and A. Vasilyan, arXiv:2302.14853. The theorem's
// constants say nothing about samples of this size; what can be checked is the contract: Gaussian
// data are accepted, what is accepted has a small error, and bad marginals are rejected or solved.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/random.h"
#include "experiment/separable/halfspace_run.h"
#include "method/separable/planted_halfspace.h"
#include "method/separable/ramp_loss.h"

namespace lab::separable {
namespace {

// The learner of the derived table: four starts, backtracking to a stationary point. Without what
// only a person looks at.
Settings converged(Settings settings) {
  settings.try_emplace("marginal", std::string("gaussian"));
  settings.try_emplace("learner", std::string("backtracking"));
  settings.try_emplace("updates", std::int64_t{300});
  settings.try_emplace("starts", std::int64_t{4});
  settings.try_emplace("baselines", false);
  settings["reference_samples"] = std::int64_t{0};
  settings["sweep_repeats"] = std::int64_t{0};
  settings["landscape"] = false;
  return settings;
}

// The under-optimised learner: from the mean of y x, 60 steps of 0.05.
Settings stopped_early(Settings settings) {
  settings["marginal"] = std::string("cluster");
  settings["learner"] = std::string("fixed_step");
  settings["updates"] = std::int64_t{60};
  settings["starts"] = std::int64_t{1};
  settings["step"] = 0.05;
  return converged(std::move(settings));
}

double value(const Recorder& recorder, std::size_t HalfspaceRecordings::*what) {
  return recorder.value(halfspace_recordings().*what).value_or(1e300);
}

// Of a run with two and one with five features: the share that is accepted.
double accepted_share(ClaimContext& context, const Settings& settings) {
  double accepted = 0;
  for (const std::int64_t d : {2, 5}) {
    Settings with = settings;
    with["dimension"] = d;
    accepted += value(context.run(converged(std::move(with))), &HalfspaceRecordings::accepted);
  }
  return accepted / 2;
}

// The largest relative difference between the gradient and central differences along great circles,
// over 20 random directions and widths.
double gradient_error(ClaimContext& context) {
  constexpr std::size_t kCount = 400;
  constexpr double kStep = 1e-6;
  Stream stream(context.seed(), "gradient");
  double largest = 0;
  for (int k = 0; k < 20; ++k) {
    const auto d = static_cast<std::size_t>(2 + stream.below(5));
    HalfspaceSample sample(kCount, d);
    PlantedHalfspace{.noise = LabelNoise::random, .rate = 0.2}.draw(stream, sample);
    std::vector<double> w(d), v(d), gradient(d), moved(d);
    stream.fill_normal(w);
    normalize(w);
    const double sigma = 0.1 + stream.uniform();
    RampLoss ramp(kCount);
    ramp.gradient(sample, w, sigma, gradient);
    // Along the gradient itself and, relative to it, along a random tangent.
    for (const bool along_gradient : {true, false}) {
      if (along_gradient) {
        v = gradient;
      } else {
        stream.fill_normal(v);
        double along = 0;
        for (std::size_t j = 0; j < d; ++j) along += v[j] * w[j];
        for (std::size_t j = 0; j < d; ++j) v[j] -= along * w[j];
      }
      if (!normalize(v)) continue;
      double slope = 0, norm = 0;
      for (std::size_t j = 0; j < d; ++j) {
        slope += gradient[j] * v[j];
        norm += gradient[j] * gradient[j];
      }
      double difference = 0;
      for (const double side : {1.0, -1.0}) {
        for (std::size_t j = 0; j < d; ++j) moved[j] = w[j] + side * kStep * v[j];
        normalize(moved);
        difference += side * ramp.value(sample, moved, sigma) / (2 * kStep);
      }
      largest = std::max(largest, std::abs(difference - slope) / std::sqrt(norm));
    }
  }
  return largest;
}

// The largest difference from the reference numbers of the ramp, of four samples by hand, and of
// the Gaussian mass of a band.
double reference_error(ClaimContext&) {
  constexpr double kSigma = 0.3;
  constexpr std::array<std::array<double, 2>, 10> kRamp = {{{-0.2, 0},
                                                            {-0.1, 0.125},
                                                            {-0.05, 1.0 / 3},
                                                            {0, 0.5},
                                                            {0.03, 0.6},
                                                            {0.05, 2.0 / 3},
                                                            {0.1, 0.875},
                                                            {0.12, 0.949},
                                                            {0.15, 1},
                                                            {0.2, 1}}};
  constexpr std::array<std::array<double, 2>, 6> kSlope = {{{0, 1 / 0.3},
                                                            {0.05, 1 / 0.3},
                                                            {0.08, 4.4333333333333333},
                                                            {0.1, 4.1666666666666667},
                                                            {0.12, 3.1},
                                                            {0.15, 0}}};
  double largest = 0;
  const auto compare = [&](double measured, double expected) {
    largest = std::max(largest, std::abs(measured - expected));
  };
  for (const auto& [t, l] : kRamp) compare(ramp(t, kSigma), l);
  for (const auto& [t, slope] : kSlope) compare(ramp_slope(t, kSigma), slope);
  HalfspaceSample sample(4, 2);
  constexpr double kRows[4][2] = {{0.1, 0.5}, {-0.05, 0.4}, {0.2, -0.3}, {0.02, -0.8}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 2; ++j) sample.columns(j, i) = kRows[i][j];
    sample.labels[i] = i < 2 ? 1 : -1;
  }
  RampLoss loss(4);
  std::array<double, 2> gradient;
  compare(loss.gradient(sample, std::array{0.8, 0.6}, kSigma, gradient), 0.10833333333333333);
  compare(gradient[0], 0.18);
  compare(gradient[1], -0.24);
  compare(gaussian_band_mass(0.3), 0.2358228444);
  return largest;
}

// --- [SECTION] random scenarios
// ---------------------------------------------------------------------

constexpr int kScenarios = 10;  // for each seed: 200 over 20 seeds

// Any marginal with any noise, in two or five dimensions.
Settings any_scenario(Stream& stream) {
  const auto marginal = kMarginals[stream.below(std::size(kMarginals))];
  const auto noise = kLabelNoises[stream.below(std::size(kLabelNoises))];
  const std::int64_t d = stream.below(2) == 0 ? 2 : 5;
  const double mass = 0.05 + 0.35 * stream.uniform();
  const double across = -0.5 * stream.uniform();
  const double along = 1 + 3 * stream.uniform();
  const double rate = 0.4 * stream.uniform();
  const double band = 0.3 * stream.uniform();
  return {{"marginal", std::string(marginal)},
          {"noise", std::string(noise)},
          {"dimension", d},
          {"mass", mass},
          {"across", across},
          {"along", along},
          {"rate", rate},
          {"flipped_band", band}};
}

// A cluster just across the planted edge, in the plane.
Settings cluster_scenario(Stream& stream) {
  const double mass = 0.1 + 0.4 * stream.uniform();
  const double across = -0.05 - 0.25 * stream.uniform();
  const double along = 2 + 2 * stream.uniform();
  return {{"mass", mass}, {"across", across}, {"along", along}};
}

struct Scenarios {
  double accepted = 0;               // how many
  double broken = 0;                 // how many break the inequality, tests or no tests
  double largest_accepted = -1e300;  // largest excess of those accepted
};

template <class Draw, class With>
Scenarios scenarios(ClaimContext& context, std::string_view stream_name, Draw draw, With with) {
  Stream stream(context.seed(), stream_name);
  Scenarios all;
  for (int k = 0; k < kScenarios; ++k) {
    const Recorder recorder = context.run(with(draw(stream)));
    const double excess = value(recorder, &HalfspaceRecordings::excess);
    all.broken += excess > 0 ? 1 : 0;
    if (value(recorder, &HalfspaceRecordings::accepted) != 1) continue;
    ++all.accepted;
    all.largest_accepted = std::max(all.largest_accepted, excess);
  }
  return all;
}

// Nothing was accepted: nothing is violated.
double largest_excess(const Scenarios& all) {
  return all.accepted > 0 ? all.largest_accepted : -1;
}

// --- [SECTION] claims
// -------------------------------------------------------------------------------

Claim completeness(std::string id, std::string noise, std::string words, std::string ours) {
  return {.id = std::move(id),
          .sentence = "If the marginal is Gaussian, the tester accepts: " + std::move(words) + ".",
          .source =
              "Theorems for Massart and adversarial noise (completeness); sample size and "
              "limits [derived]",
          .paper_value = "accepts with high probability; " + std::move(ours),
          .kind = ClaimKind::trend,
          .metric = "share accepted of one run with 2 and one with 5 features, n = 4000",
          .comparison = Comparison::at_least,
          .threshold = 0.95,
          .seeds = 20,
          .remark = "",
          .measure = [noise = std::move(noise)](ClaimContext& context) {
            return accepted_share(context, {{"noise", noise}});
          }};
}

Claim rejection(std::string id, Settings settings, std::string words) {
  return {.id = std::move(id),
          .sentence = std::move(words),
          .source = "the contract; these marginals are ours [derived]",
          .paper_value = "none; derived: 0 of 20 accepted",
          .kind = ClaimKind::trend,
          .metric = "share accepted of one run with 2 and one with 5 features, n = 4000",
          .comparison = Comparison::at_most,
          .threshold = 0.05,
          .seeds = 20,
          .remark = "",
          .measure = [settings = std::move(settings)](ClaimContext& context) {
            return accepted_share(context, settings);
          }};
}

double early(ClaimContext& context, double mass, std::size_t HalfspaceRecordings::*what) {
  return value(context.run(stopped_early({{"mass", mass}})), what);
}

}  // namespace

std::vector<Claim> halfspace_claims() {
  using enum ClaimKind;
  using enum Comparison;
  const std::string inequality = "error <= 2 optimum + 0.03";
  const std::string kOptimum =
      "optimum: best of all halfspaces with a normal in the plane of the first two features";
  return {
      {.id = "gradient",
       .sentence = "The gradient of the ramp loss on the sphere is that of its formula.",
       .source = "gradient of the surrogate [derived]",
       .paper_value = "exact",
       .kind = bound,
       .metric = "largest difference from central differences over 20 random problems, relative to "
                 "the gradient's norm",
       .comparison = at_most,
       .threshold = 1e-6,
       .seeds = 20,
       .remark = "Mostly 1e-9; the slope has kinks, and a sample within the step of one costs up "
                 "to 1e-6.",
       .measure = gradient_error},
      {.id = "reference-numbers",
       .sentence = "The ramp, its slope, a loss of four samples and the Gaussian mass of a band "
                   "have their reference values.",
       .source = "vectors V1 - V3 [derived]",
       .paper_value = "20 numbers",
       .kind = bound,
       .metric = "largest difference",
       .comparison = at_most,
       .threshold = 1e-10,
       .seeds = 1,
       .remark = "",
       .measure = reference_error},
      completeness("accepts-gaussian", "none", "clean labels", "derived: 20 of 20"),
      completeness("accepts-massart", "massart", "Massart noise, 0.3 on half of the space",
                   "derived: 20 of 20"),
      completeness("accepts-adversarial", "band", "all labels flipped near the planted edge",
                   "derived: 20 of 20"),
      rejection("rejects-heavy-tails", {{"marginal", std::string("student_t")}, {"degrees", 3.0}},
                "Heavy tails (Student's t, 3 degrees of freedom) are rejected."),
      rejection("rejects-cluster", {{"marginal", std::string("cluster")}, {"mass", 0.2}},
                "A tight far cluster with one label, a fifth of the samples, is rejected."),
      rejection("rejects-blobs", {{"marginal", std::string("blobs")}},
                "Two blobs with no mass near the edge are rejected."),
      {.id = "cube-not-always-accepted",
       .sentence = "A cube is no Gaussian and often rejected; the promise is a small error of what "
                   "is accepted, not a verdict on Gaussianity.",
       .source = "the contract [derived]",
       .paper_value = "none; derived: 8 of 20 (d = 2) and 10 of 20 (d = 5) accepted",
       .kind = effect,
       .metric = "share accepted of one run with 2 and one with 5 features, n = 4000",
       .comparison = below,
       .threshold = 0.95,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return accepted_share(context, {{"marginal", std::string("cube")}});
           }},
      {.id = "sound",
       .sentence = "What is accepted has an error near the best possible, whatever the data are.",
       .source = "soundness, with our inequality " + inequality + " [derived]",
       .paper_value = "opt + eps (Massart), O(opt) + eps (adversarial)",
       .kind = bound,
       .metric = "largest error - (2 optimum + 0.03) of the accepted among 10 random scenarios a "
                 "seed; " +
                 kOptimum,
       .comparison = at_most,
       .threshold = 0,
       .seeds = 20,
       .remark = "This says little about the tests: the learner here converges, and the claim "
                 "'converged-is-sound-untested' counts what would be wrong without them.",
       .measure =
           [](ClaimContext& context) {
             return largest_excess(scenarios(context, "scenarios", any_scenario, converged));
           }},
      {.id = "converged-is-sound-untested",
       .sentence = "A learner that converges keeps the inequality on these data without any test: "
                   "the tests prevent nothing here.",
       .source = "audit of our scenarios [derived]",
       .paper_value = "none; derived: 0 of 200",
       .kind = bound,
       .metric = "how many of the same 10 scenarios a seed break the inequality, tested or not",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return scenarios(context, "scenarios", any_scenario, converged).broken;
           }},
      {.id = "early-stop-is-wrong",
       .sentence = "An under-optimised learner (60 steps of 0.05) without a tester breaks the "
                   "inequality on a cluster across the edge.",
       .source = "demonstration [derived]; learner and data were picked as the clearest of four",
       .paper_value = "none; derived: 10 of 10 at mass 0.3 and at 0.4",
       .kind = trend,
       .metric = "share of the runs at mass 0.3 and 0.4 that break it",
       .comparison = at_least,
       .threshold = 0.95,
       .seeds = 20,
       .remark = "38 of the 40 runs break it: too few for an interval above 0.95. The ramp itself "
                 "is not fooled: see 'converged-solves-cluster'. What the tests "
                 "reject is a bad stopping point.",
       .measure =
           [](ClaimContext& context) {
             const double first = early(context, 0.3, &HalfspaceRecordings::broken);
             const double second = early(context, 0.4, &HalfspaceRecordings::broken);
             return (first + second) / 2;
           }},
      {.id = "early-stop-is-rejected",
       .sentence = "The tests reject that stopping point.",
       .source = "demonstration [derived]",
       .paper_value = "none; derived: 0 of 10 accepted",
       .kind = bound,
       .metric = "how many of the runs at mass 0.3 and 0.4 are accepted",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const double first = early(context, 0.3, &HalfspaceRecordings::accepted);
             const double second = early(context, 0.4, &HalfspaceRecordings::accepted);
             return first + second;
           }},
      {.id = "light-cluster-is-harmless",
       .sentence = "With a lighter cluster (mass 0.2) the same learner keeps the inequality.",
       .source = "demonstration [derived]",
       .paper_value = "none; derived: 0.029 against an optimum of 0.024",
       .kind = trend,
       .metric = "share of the runs that break it",
       .comparison = at_most,
       .threshold = 0.05,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) { return early(context, 0.2, &HalfspaceRecordings::broken); }},
      {.id = "converged-solves-cluster",
       .sentence =
           "A converged learner on the same loss solves these data: the ramp is not fooled.",
       .source = "demonstration [derived]",
       .paper_value = "none; derived: 0.026 at mass 0.3",
       .kind = bound,
       .metric = "largest error - (2 optimum + 0.03) at mass 0.2, 0.3 and 0.4",
       .comparison = at_most,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             double largest = -1e300;
             for (const double mass : {0.2, 0.3, 0.4}) {
               const Recorder recorder =
                   context.run(converged({{"marginal", std::string("cluster")}, {"mass", mass}}));
               largest = std::max(largest, value(recorder, &HalfspaceRecordings::excess));
             }
             return largest;
           }},
      {.id = "early-stop-sound-with-tests",
       .sentence = "With the tests even the under-optimised learner is sound: what is accepted "
                   "keeps the inequality.",
       .source = "200 cluster scenarios [derived]",
       .paper_value = "none; derived: 29 of 200 accepted, none of them broken",
       .kind = bound,
       .metric = "largest error - (2 optimum + 0.03) of the accepted among 10 cluster scenarios a "
                 "seed",
       .comparison = at_most,
       .threshold = 0,
       .seeds = 20,
       .remark = "Nearly empty here: -1 says that none of a seed's scenarios was accepted, and so "
                 "it is in "
                 "19 of 20 seeds. What holds is that clusters of mass 0.1 .. 0.5 are rejected.",
       .measure =
           [](ClaimContext& context) {
             return largest_excess(scenarios(context, "clusters", cluster_scenario, stopped_early));
           }},
      {.id = "early-stop-unsound-without-tests",
       .sentence = "Without the tests it is not.",
       .source = "the same 200 scenarios [derived]",
       .paper_value = "none; derived: 70 of 200 broken",
       .kind = effect,
       .metric = "share of the same scenarios that break the inequality",
       .comparison = above,
       .threshold = 0.05,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             return scenarios(context, "clusters", cluster_scenario, stopped_early).broken /
                    kScenarios;
           }},
      {.id = "cluster-needs-t3",
       .sentence = "Without T3 some runs with a far cluster are accepted.",
       .source = "ablation, expected and not measured before [derived]",
       .paper_value = "none",
       .kind = effect,
       .metric = "share accepted without T3 of one run with 2 and one with 5 features, mass 0.2",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark =
           "T1 and T2 reject as well: the cluster lies in the band about the learned edge, which "
           "then holds about 1.7 times the mass that it should, with a second moment of 2.7.",
       .measure =
           [](ClaimContext& context) {
             return accepted_share(
                 context,
                 {{"marginal", std::string("cluster")}, {"mass", 0.2}, {"test_moments", false}});
           }},
      {.id = "blobs-need-t1",
       .sentence = "Without T1 some runs with two blobs are accepted.",
       .source = "ablation, expected and not measured before [derived]",
       .paper_value = "none",
       .kind = effect,
       .metric = "share accepted without T1 of one run with 2 and one with 5 features",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "T2 and T3 reject as well where a band holds fewer than 30 samples, and between "
                 "the blobs it does.",
       .measure =
           [](ClaimContext& context) {
             return accepted_share(context,
                                   {{"marginal", std::string("blobs")}, {"test_band_mass", false}});
           }},
      {.id = "local-tests-see-less",
       .sentence = "An anomaly far from the edge, with the right label, is no reason to reject: "
                   "local tests accept, a test of all moments does not.",
       .source =
           "label-aware against label-oblivious testing (introduction); the cluster at (3, 0, "
           "..) of mass 0.1 is ours",
       .paper_value = "none",
       .kind = effect,
       .metric = "accepted by the local tests minus accepted by the global one, mean of a run with "
                 "2 and one with 5 features",
       .comparison = above,
       .threshold = 0.5,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             double difference = 0;
             for (const std::int64_t d : {2, 5}) {
               const Recorder recorder =
                   context.run(converged({{"marginal", std::string("cluster")},
                                          {"mass", 0.1},
                                          {"across", 3.0},
                                          {"along", 0.0},
                                          {"dimension", d}}));
               const auto global = static_cast<std::size_t>(HalfspaceTest::global_moments);
               difference += value(recorder, &HalfspaceRecordings::accepted);
               difference -=
                   recorder.value(halfspace_recordings().tests[global].passed).value_or(1);
             }
             return difference / 2;
           }},
      {.id = "logistic-is-dragged",
       .sentence = "Far points drag logistic regression, and not the ramp.",
       .source = "convex surrogates against the ramp under the cluster attack [derived], mass 0.3",
       .paper_value = "none",
       .kind = effect,
       .metric = "error of logistic regression minus error of the converged ramp",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Settings data = {{"marginal", std::string("cluster")}, {"mass", 0.3}};
             Settings logistic = data;
             logistic["learner"] = std::string("logistic");
             logistic["updates"] = std::int64_t{1000};
             const double convex =
                 value(context.run(converged(logistic)), &HalfspaceRecordings::answer_error);
             const double ramp =
                 value(context.run(converged(data)), &HalfspaceRecordings::answer_error);
             return convex - ramp;
           }},
      {.id = "massart-angle",
       .sentence = "As the Massart rate approaches 1/2, the learned direction gets worse.",
       .source = "stationary points of the surrogate: angle = O(sigma / (1 - 2 eta))",
       .paper_value = "sigma / (1 - 2 eta)",
       .kind = effect,
       .metric = "angle to w* at eta = 0.45 minus that at eta = 0.1, degrees; 2 features",
       .comparison = above,
       .threshold = 0,
       .seeds = 20,
       .remark = "The direction of the effect alone: at this sample size the angle is mostly "
                 "chance, which grows with the rate as well.",
       .measure =
           [](ClaimContext& context) {
             const auto angle = [&](double rate) {
               return value(
                   context.run(converged({{"noise", std::string("massart")}, {"rate", rate}})),
                   &HalfspaceRecordings::answer_angle);
             };
             const double high = angle(0.45);
             const double low = angle(0.1);
             return high - low;
           }},
  };
}

}  // namespace lab::separable
