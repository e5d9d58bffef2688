#include "experiment/separable/rare_contest.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "core/error.h"
#include "core/numerics.h"
#include "data/dataset.h"
#include "data/split.h"
#include "method/sweep.h"

namespace lab::rare {
namespace {

using separable::BoundaryWeights;
using separable::FusedOdds;
using separable::OrderedSamples;
using separable::Shrinkage;

// The ridge's path begins where PRESTO's does times this: nothing is ever 0 there, and its
// curvatures, 0.01 to 1, are what lambda is compared with.
constexpr double kRidgeFactor = 10;

std::vector<std::vector<std::size_t>> folds_of(const OrdinalProblem& problem, std::size_t folds,
                                               std::uint64_t seed) {
  Dataset dataset;
  dataset.name = "samples";
  dataset.features = problem.features;
  dataset.labels = problem.labels;
  dataset.feature_names = problem.feature_names;
  dataset.class_names = problem.class_names;
  dataset.provenance.source = "generated";
  std::vector<std::vector<std::size_t>> tests;
  for (Split& split : stratified_folds(dataset, folds, seed))
    tests.push_back(std::move(split.test));
  return tests;
}

}  // namespace

RareContest::RareContest(OrdinalProblem problem, const ContestSettings& settings,
                         std::uint64_t seed, Math math)
    : problem_(std::move(problem)), settings_(settings) {
  const std::size_t n = problem_.count(), p = problem_.dimension();
  const std::size_t boundaries = problem_.classes - 1;
  if (settings_.lambda_index > settings_.lambdas) {
    throw Error("the path has no lambda " + std::to_string(settings_.lambda_index),
                "field lambda_index", "0 to lambdas = " + std::to_string(settings_.lambdas));
  }
  std::vector<std::size_t> all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  samples_.push_back(separable::ordered_samples({problem_.features.data(), n, p}, problem_.labels,
                                                all, problem_.classes));
  if (takes_part(Method::presto) || takes_part(Method::presto_l2)) {
    for (std::vector<std::size_t>& test : folds_of(problem_, settings_.folds, seed)) {
      std::vector<std::size_t> train;
      std::vector<bool> out(n), has(problem_.classes);
      for (const std::size_t row : test) out[row] = true;
      for (std::size_t i = 0; i < n; ++i) {
        if (out[i]) continue;
        train.push_back(i);
        has[static_cast<std::size_t>(problem_.labels[i])] = true;
      }
      // Without one of the classes there is no model to judge.
      if (std::ranges::count(has, false) > 0) continue;
      samples_.push_back(separable::ordered_samples({problem_.features.data(), n, p},
                                                    problem_.labels, train, problem_.classes));
      left_out_.push_back(std::move(test));
    }
    if (left_out_.empty()) {
      throw Error("no fold of the cross-validation has all classes among its training samples",
                  "fields samples and intercepts", "at least 2 samples of every class");
    }
  }
  for (std::size_t k = 0; k < kPaths.size(); ++k) {
    if (!takes_part(kPaths[k])) continue;
    Path& path = paths_[k].emplace();
    const separable::FusedPenalty penalty = {k == 0 ? Shrinkage::absolute : Shrinkage::squared,
                                             settings_.base_penalised};
    for (const OrderedSamples& samples : samples_) {
      path.fits.push_back({FusedOdds(samples, penalty, settings_.tolerance, math)});
    }
    const double first = path.fits.front().odds.lambda_max() * (k == 0 ? 1 : kRidgeFactor);
    const double last = path.fits.front().odds.lambda_max() * settings_.lambda_ratio;
    for (std::size_t l = 0; l < settings_.lambdas; ++l) {
      const double way = settings_.lambdas == 1
                             ? 1
                             : static_cast<double>(l) / static_cast<double>(settings_.lambdas - 1);
      path.lambdas.push_back(geometric(first, last, way));
    }
    path.psi.resize(settings_.lambdas * boundaries * p);
    path.alpha.resize(settings_.lambdas * boundaries);
    path.beta.resize(settings_.lambdas * boundaries * p);
    path.scores.resize(left_out_.size() * settings_.lambdas);
    for (Path::Fit& fit : path.fits) fit.odds.start(path.lambdas.front());
  }
  done_ = !paths_[0] && !paths_[1];
  for (BoundaryWeights& weights : weights_) {
    weights.alpha.resize(boundaries);
    weights.beta.resize(boundaries * p);
  }
  finished_ = weights_.front();
  rare_.resize(problem_.judged_labels.size());
  probabilities_.resize(problem_.classes);
  x_.resize(p);
}

const Path* RareContest::path(Method method) const {
  for (std::size_t k = 0; k < kPaths.size(); ++k) {
    if (kPaths[k] == method && paths_[k]) return &*paths_[k];
  }
  return nullptr;
}

std::size_t RareContest::rare_count() const {
  return samples_.front().begin.back() - samples_.front().begin[problem_.classes - 1];
}

void RareContest::begin() {
  const OrderedSamples& samples = samples_.front();
  const std::size_t p = problem_.dimension(), boundaries = problem_.classes - 1;
  std::vector<double> beta(boundaries * p);
  const auto keep = [&](Method method, std::span<const double> alpha) {
    separable::unstandardised(samples, alpha, beta, weights_[static_cast<std::size_t>(method)]);
  };
  if (takes_part(Method::odds)) {
    const separable::ProportionalOdds odds = separable::proportional_odds(samples);
    for (std::size_t i = 0; i < beta.size(); ++i) beta[i] = odds.beta[i % p];
    keep(Method::odds, odds.alpha);
  }
  for (const Method method : {Method::logit, Method::weighted}) {
    if (!takes_part(method)) continue;
    std::vector<double> alpha(boundaries);
    for (std::size_t k = 0; k < boundaries; ++k) {
      const auto below = static_cast<double>(samples.begin[k + 1]);
      const double above = static_cast<double>(samples.count()) - below;
      const separable::BinaryLogit logit =
          separable::binary_logit(samples, k, method == Method::logit ? 1 : below / above);
      alpha[k] = logit.alpha;
      std::ranges::copy(logit.beta, beta.begin() + static_cast<std::ptrdiff_t>(k * p));
      if (method == Method::logit && k + 1 == boundaries) separated_ = logit.separated;
    }
    keep(method, alpha);
  }
  if (takes_part(Method::softmax)) {
    softmax_ = separable::unstandardised(samples, separable::multinomial_logit(samples));
  }
}

double RareContest::criterion(std::size_t fold) {
  double sum = 0;
  const BoundaryWeights& weights = finished_;
  const std::size_t p = problem_.dimension();
  for (const std::size_t row : left_out_[fold]) {
    separable::class_probabilities(weights, span(problem_.features).subspan(row * p, p),
                                   probabilities_);
    for (double& share : probabilities_) share = std::min(std::max(share, 0.0), 1.0);
    const auto label = static_cast<std::size_t>(problem_.labels[row]);
    if (settings_.criterion == Criterion::log_loss) {
      sum -= lab::log(std::max(probabilities_[label], 1e-12));
      continue;
    }
    const std::size_t from =
        settings_.criterion == Criterion::rare_brier ? probabilities_.size() - 1 : 0;
    for (std::size_t c = from; c < probabilities_.size(); ++c) {
      const double off = probabilities_[c] - (c == label ? 1 : 0);
      sum += off * off;
    }
  }
  return sum;
}

void RareContest::finish(Path& path, std::size_t fit) {
  Path::Fit& at = path.fits[fit];
  BoundaryWeights& weights = finished_;
  at.odds.weights(weights);
  if (fit > 0) {
    path.scores[(fit - 1) * path.lambdas.size() + at.index] = criterion(fit - 1);
  } else {
    const std::span<const double> psi = at.odds.psi();
    const auto place = [&](std::size_t size) {
      return static_cast<std::ptrdiff_t>(at.index * size);
    };
    std::ranges::copy(psi, path.psi.begin() + place(psi.size()));
    std::ranges::copy(weights.alpha, path.alpha.begin() + place(weights.alpha.size()));
    std::ranges::copy(weights.beta, path.beta.begin() + place(weights.beta.size()));
    path.violation = std::max(path.violation, at.odds.violation());
  }
  ++at.index;
  if (at.index < path.lambdas.size()) at.odds.start(path.lambdas[at.index]);
}

bool RareContest::step() {
  done_ = true;
  for (std::optional<Path>& path : paths_) {
    if (!path) continue;
    path->done = true;
    for (std::size_t fit = 0; fit < path->fits.size(); ++fit) {
      Path::Fit& at = path->fits[fit];
      if (at.index == path->lambdas.size()) continue;
      const bool converged = at.odds.iterate();
      if (converged || at.odds.iterations() >= settings_.most_iterations) {
        path->unfinished += converged ? 0 : 1;
        finish(*path, fit);
      }
      path->done = path->done && at.index == path->lambdas.size();
    }
    done_ = done_ && path->done;
  }
  return !done_;
}

std::optional<RareContest::Validation> RareContest::validation(const Path& path,
                                                               std::size_t index) const {
  double sum = 0, count = 0, mean_of_folds = 0;
  const auto of_fold = [&](std::size_t f) {
    return path.scores[f * path.lambdas.size() + index] / static_cast<double>(left_out_[f].size());
  };
  const auto folds = static_cast<double>(left_out_.size());
  for (std::size_t f = 0; f < left_out_.size(); ++f) {
    if (path.fits[f + 1].index <= index) return std::nullopt;
    sum += path.scores[f * path.lambdas.size() + index];
    count += static_cast<double>(left_out_[f].size());
    mean_of_folds += of_fold(f) / folds;
  }
  double squares = 0;
  for (std::size_t f = 0; f < left_out_.size(); ++f) {
    squares += (of_fold(f) - mean_of_folds) * (of_fold(f) - mean_of_folds);
  }
  const double error = folds > 1 ? std::sqrt(squares / (folds - 1) / folds) : 0;
  return Validation{sum / count, error};
}

std::optional<std::size_t> RareContest::chosen(Method method) const {
  const Path* of = path(method);
  if (!of || !of->done) return std::nullopt;
  if (settings_.lambda_index > 0) return settings_.lambda_index - 1;
  // From the largest on: among equals the first.
  std::size_t best = 0;
  double least = HUGE_VAL;
  for (std::size_t l = 0; l < of->lambdas.size(); ++l) {
    const double mean = validation(*of, l)->mean;
    if (mean < least) {
      least = mean;
      best = l;
    }
  }
  return best;
}

const separable::BoundaryWeights& RareContest::weights(Method method) {
  BoundaryWeights& weights = weights_[static_cast<std::size_t>(method)];
  const Path* path = this->path(method);
  if (!path) return weights;
  const std::optional<std::size_t> index = chosen(method);
  if (!index) {
    path->fits.front().odds.weights(weights);
    return weights;
  }
  const std::size_t boundaries = weights.alpha.size(), size = weights.beta.size();
  std::ranges::copy(std::span(path->alpha).subspan(*index * boundaries, boundaries),
                    weights.alpha.begin());
  std::ranges::copy(std::span(path->beta).subspan(*index * size, size), weights.beta.begin());
  return weights;
}

std::span<const double> RareContest::rare(Method method) {
  if (method != Method::softmax) {
    separable::rare_probabilities(weights(method), problem_.judged_columns, rare_);
    return rare_;
  }
  for (std::size_t i = 0; i < rare_.size(); ++i) {
    for (std::size_t j = 0; j < x_.size(); ++j) x_[j] = problem_.judged_columns(j, i);
    separable::class_probabilities(softmax_, x_, probabilities_);
    rare_[i] = probabilities_.back();
  }
  return rare_;
}

double RareContest::mse(Method method) {
  const std::span<const double> estimates = rare(method);
  const int last = static_cast<int>(problem_.classes) - 1;
  double sum = 0;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const double expected = !problem_.truth.empty()             ? problem_.truth[i]
                            : problem_.judged_labels[i] == last ? 1.0
                                                                : 0.0;
    sum += (estimates[i] - expected) * (estimates[i] - expected);
  }
  return sum / static_cast<double>(estimates.size());
}

Judgement RareContest::judge(Method method) {
  Judgement judgement;
  judgement.mse = mse(method);
  const std::size_t m = rare_.size();
  const int last = static_cast<int>(problem_.classes) - 1;
  double pairs = 0, right = 0;
  for (std::size_t i = 0; i < m; ++i) {
    const bool is_rare = problem_.judged_labels[i] == last;
    const double off = rare_[i] - (is_rare ? 1 : 0);
    judgement.brier += off * off / static_cast<double>(m);
    judgement.mean += rare_[i] / static_cast<double>(m);
    if (!is_rare) continue;
    for (std::size_t l = 0; l < m; ++l) {
      if (problem_.judged_labels[l] == last) continue;
      pairs += 1;
      right += rare_[i] > rare_[l] ? 1 : rare_[i] == rare_[l] ? 0.5 : 0;
    }
  }
  if (pairs > 0) judgement.auc = right / pairs;
  if (method == Method::softmax) return judgement;
  const BoundaryWeights& weights = weights_[static_cast<std::size_t>(method)];
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < x_.size(); ++j) x_[j] = problem_.judged_columns(j, i);
    separable::class_probabilities(weights, x_, probabilities_);
    const bool negative = std::ranges::any_of(probabilities_, [](double p) { return p < 0; });
    judgement.crossed += negative ? 1 : 0;
  }
  return judgement;
}

double RareContest::uncorrected_mean() {
  const std::span<const double> corrected = rare(Method::weighted);
  // The correction has divided the odds of the rare class by the weight.
  const auto rare = static_cast<double>(rare_count());
  const double weight = (static_cast<double>(problem_.count()) - rare) / rare;
  double sum = 0;
  for (const double share : corrected) sum += weight * share / (weight * share + 1 - share);
  return sum / static_cast<double>(corrected.size());
}

void RareContest::save(ByteWriter& writer) const {
  writer.boolean(done_);
  writer.boolean(separated_);
  for (const BoundaryWeights& weights : weights_) {
    writer.f64s(weights.alpha);
    writer.f64s(weights.beta);
  }
  if (takes_part(Method::softmax)) {
    writer.f64s(softmax_.alpha);
    writer.f64s(softmax_.beta);
  }
  for (const std::optional<Path>& path : paths_) {
    if (!path) continue;
    for (const std::vector<double>* numbers :
         {&path->psi, &path->alpha, &path->beta, &path->scores}) {
      writer.f64s(*numbers);
    }
    writer.f64(path->violation);
    writer.u64(path->unfinished);
    writer.boolean(path->done);
    for (const Path::Fit& fit : path->fits) {
      writer.u64(fit.index);
      fit.odds.save(writer);
    }
  }
}

void RareContest::restore(ByteReader& reader) {
  done_ = reader.boolean();
  separated_ = reader.boolean();
  for (BoundaryWeights& weights : weights_) {
    reader.f64s(std::span(weights.alpha));
    reader.f64s(std::span(weights.beta));
  }
  if (takes_part(Method::softmax)) {
    softmax_.alpha.resize(problem_.classes);
    softmax_.beta.resize(problem_.classes * problem_.dimension());
    reader.f64s(std::span(softmax_.alpha));
    reader.f64s(std::span(softmax_.beta));
  }
  for (std::optional<Path>& path : paths_) {
    if (!path) continue;
    for (std::vector<double>* numbers : {&path->psi, &path->alpha, &path->beta, &path->scores}) {
      reader.f64s(std::span(*numbers));
    }
    path->violation = reader.f64();
    path->unfinished = reader.u64();
    path->done = reader.boolean();
    for (Path::Fit& fit : path->fits) {
      const std::uint64_t index = reader.u64();
      if (index > path->lambdas.size()) reader.fail("no place on the path", "a lambda of the path");
      fit.index = static_cast<std::size_t>(index);
      fit.odds.restore(reader);
    }
  }
}

}  // namespace lab::rare
