// Who predicts the rare class best on one problem? PRESTO and its ridge variant walk their paths of
// lambda, on all samples and on every fold of a cross-validation at the same time; the other
// methods are fitted at once. G. Faletto and J. Bien, arXiv:2305.18700.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "experiment/separable/ordinal_data.h"
#include "method/separable/fused_odds.h"
#include "method/separable/ordinal_baselines.h"

namespace lab::rare {

// Their order is that of their colours.
enum class Method { logit, odds, presto, presto_l2, weighted, softmax };
inline constexpr std::size_t kMethods = 6;
inline constexpr std::array<std::string_view, kMethods> kNames = {
    "logit", "odds", "presto", "presto_l2", "weighted", "softmax"};
inline constexpr std::array<std::string_view, kMethods> kLabels = {
    "logit", "proportional odds", "PRESTO", "PRESTO-L2", "weighted logit", "softmax"};
// Those that walk a path.
inline constexpr std::array kPaths = {Method::presto, Method::presto_l2};

// What lambda is chosen by, on the samples that a fold leaves out.
enum class Criterion {
  brier,       // sum over the classes of (probability - 1[it is this one])^2
  log_loss,    // -log of the class's probability, at least 1e-12
  rare_brier,  // the rare class alone
};

struct ContestSettings {
  std::array<bool, kMethods> methods = {};
  bool base_penalised = true;
  std::size_t lambdas = 20;
  double lambda_ratio = 0.01;  // smallest lambda over largest
  std::size_t folds = 5;
  Criterion criterion = Criterion::brier;
  std::size_t lambda_index = 0;  // on the path, from 1; 0: by cross-validation
  double tolerance = 1e-6;
  std::uint64_t most_iterations = 300;  // of one lambda
};

// How good the probabilities of one method are on what is judged.
struct Judgement {
  double mse = 0;           // against the true rare probability; of data sets: as brier
  double brier = 0;         // mean (rare probability - 1[the rare class])^2
  double auc = 0.5;         // of the rare class: only for the record, see the claims
  double mean = 0;          // rare probability
  std::size_t crossed = 0;  // samples with a negative probability of some class
};

// One shrinkage's fits along the path.
struct Path {
  struct Fit {
    separable::FusedOdds odds;
    std::size_t index = 0;  // of the lambda it is at; as many as there are lambdas: done
  };
  std::vector<double> lambdas;
  std::deque<Fit> fits;          // all samples, then each fold
  std::vector<double> psi;       // lambdas x (K - 1) x p, standardised
  std::vector<double> alpha;     // lambdas x (K - 1), in the units of the data
  std::vector<double> beta;      // lambdas x (K - 1) x p
  std::vector<double> scores;    // folds x lambdas: sum of the criterion
  double violation = 0;          // the largest of the optimality conditions, of all lambdas
  std::uint64_t unfinished = 0;  // fits that met most_iterations
  bool done = false;

  std::size_t finished() const { return fits.front().index; }  // lambdas
};

class RareContest {
 public:
  // Errors: no fold has all classes among its training samples; lambda_index beyond the path.
  RareContest(OrdinalProblem problem, const ContestSettings& settings, std::uint64_t seed,
              Math math);

  // Fits what is fitted at once. May allocate; step does not.
  void begin();
  // One iteration of every fit of both paths; false when both are done.
  bool step();

  const OrdinalProblem& problem() const { return problem_; }
  const ContestSettings& settings() const { return settings_; }
  bool takes_part(Method method) const {
    return settings_.methods[static_cast<std::size_t>(method)];
  }
  const Path* path(Method method) const;
  bool done() const { return done_; }
  std::size_t rare_count() const;  // among the samples learned from

  // The lambda of the path that stands for the method: that of cross-validation, or the one asked
  // for; nothing before the path is done.
  std::optional<std::size_t> chosen(Method method) const;
  // Mean criterion over the samples left out, and its standard error over folds, of lambda `index`;
  // nothing before every fold has been there.
  struct Validation {
    double mean, error;
  };
  std::optional<Validation> validation(const Path& path, std::size_t index) const;

  // Rare probabilities of what is judged, m: on a path that of the fit on its way until the path is
  // done.
  std::span<const double> rare(Method method);
  double mse(Method method);
  // All of it; allocates nothing.
  Judgement judge(Method method);
  // The boundaries in the units of the data (softmax has none): where rare() comes from.
  const separable::BoundaryWeights& weights(Method method);

  // The weighted logit without the correction of its intercept: the mean rare probability.
  double uncorrected_mean();
  bool separated() const { return separated_; }  // the logit of the rare boundary

  void save(ByteWriter& writer) const;
  void restore(ByteReader& reader);

 private:
  void finish(Path& path, std::size_t fit);
  double criterion(std::size_t fold);

  OrdinalProblem problem_;
  ContestSettings settings_;
  // All samples, then the training part of each fold that is used.
  std::deque<separable::OrderedSamples> samples_;
  std::vector<std::vector<std::size_t>> left_out_;
  std::array<std::optional<Path>, 2> paths_;
  std::array<separable::BoundaryWeights, kMethods> weights_;
  separable::BoundaryWeights finished_;  // scratch: of the fit that has just converged
  separable::MultinomialLogit softmax_;
  bool separated_ = false, done_ = false;
  // Scratch.
  std::vector<double> rare_, probabilities_, x_;
};

}  // namespace lab::rare
