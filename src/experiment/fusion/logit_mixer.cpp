#include "experiment/fusion/logit_mixer.h"

#include <algorithm>

#include "compute/kernels.h"

namespace lab::fusion {
namespace {

// The mean of the experts' differences from the base, at all contexts.
std::vector<double> mean_delta(const FusionProblem& problem) {
  std::vector<double> delta;
  const auto experts = static_cast<double>(problem.experts);
  for (std::size_t c = 0; c < problem.contexts; ++c) {
    const std::span<const double> base = problem.row(problem.base, c);
    const std::span<const double> all = problem.experts_at(c);
    for (std::size_t i = 0; i < problem.vocabulary; ++i) {
      double sum = 0;
      for (std::size_t t = 0; t < problem.experts; ++t) sum += all[t * problem.vocabulary + i];
      delta.push_back(sum / experts - base[i]);
    }
  }
  return delta;
}

}  // namespace

bool takes_part(Method method, const FusionProblem& problem) {
  switch (method) {
    case Method::expert_2:
    case Method::joint:
      return problem.experts > 1;
    case Method::best_constant:
      return !problem.validation.empty();
    case Method::oracle:
      return !problem.next.empty();
    case Method::fine_tuned:
      return !problem.fine_tuned.empty();
    default:
      return true;
  }
}

LogitMixer::LogitMixer(const FusionProblem& problem, const AlphaGrid& grid,
                       const Objective& objective, const Mix& mix)
    : problem_(problem),
      grid_(grid),
      objective_(objective),
      mix_(mix),
      best_constant_(problem.validation.empty()
                         ? 0
                         : fusion::best_constant(problem.large, mean_delta(problem),
                                                 problem.validation, problem.vocabulary, grid.low(),
                                                 grid.high())),
      step_(problem.vocabulary, problem.experts),
      alpha_(kMethods * problem.experts),
      known_(problem.contexts),
      searched_(problem.contexts * kSearched.size() * problem.experts) {
  // A constant is shared among the experts.
  const auto constant = [&](Method method, double alpha) {
    std::ranges::fill(coefficients(method), alpha / static_cast<double>(problem.experts));
  };
  constant(Method::half, 0.5);
  constant(Method::one, 1);
  constant(Method::three_halves, 1.5);
  constant(Method::best_constant, best_constant_);
}

std::span<double> LogitMixer::coefficients(Method method) {
  return std::span(alpha_).subspan(index(method) * problem_.experts, problem_.experts);
}

std::span<const double> LogitMixer::alpha(Method method) const {
  return std::span(alpha_).subspan(index(method) * problem_.experts, problem_.experts);
}

void LogitMixer::set_alone(Method method, const Choice& choice) {
  const std::span<double> alpha = coefficients(method);
  std::ranges::fill(alpha, 0.0);
  alpha[choice.expert] = choice.alpha;
}

void LogitMixer::visit(std::size_t context, std::size_t token) {
  context_ = context;
  step_.set(problem_.row(problem_.large, context), problem_.row(problem_.base, context),
            problem_.experts_at(context));
  const std::span<double> searched = std::span(searched_).subspan(
      context * kSearched.size() * problem_.experts, kSearched.size() * problem_.experts);
  const auto kept = [&](std::size_t k) {
    return searched.subspan(k * problem_.experts, problem_.experts);
  };
  if (known_[context] == 0) {
    set_alone(Method::dynamic, step_.search(grid_, objective_));
    set_alone(Method::exact, step_.solve(grid_, objective_));
    std::ranges::copy(alpha(Method::dynamic), coefficients(Method::joint).begin());
    if (problem_.experts > 1) {
      step_.search_jointly(grid_, objective_, coefficients(Method::joint));
    }
    for (std::size_t k = 0; k < kSearched.size(); ++k) {
      std::ranges::copy(alpha(kSearched[k]), kept(k).begin());
    }
    known_[context] = 1;
  }
  for (std::size_t k = 0; k < kSearched.size(); ++k) {
    std::ranges::copy(kept(k), coefficients(kSearched[k]).begin());
  }
  if (takes_part(Method::oracle, problem_)) {
    set_alone(Method::oracle, step_.oracle(token, grid_));
  }
  if (mix_.as == Method::mix) {
    std::copy_n(mix_.alpha.begin(), problem_.experts, coefficients(Method::mix).begin());
  } else {
    std::ranges::copy(alpha(mix_.as), coefficients(Method::mix).begin());
  }
}

void LogitMixer::log_probabilities(Method method, std::span<double> into) const {
  if (is_fusion(method)) {
    step_.log_probabilities(alpha(method), into);
  } else if (method == Method::fine_tuned) {
    kernels().log_softmax(problem_.row(problem_.fine_tuned, context_), into);
  } else {
    std::ranges::copy(method == Method::large  ? step_.log_large()
                      : method == Method::base ? step_.log_base()
                                               : step_.log_expert(method == Method::expert ? 0 : 1),
                      into.begin());
  }
}

std::size_t LogitMixer::leading_expert(Method method) const {
  const std::span<const double> all = alpha(method);
  return static_cast<std::size_t>(std::ranges::max_element(all) - all.begin());
}

double LogitMixer::objective(Method method) {
  return step_.objective(alpha(method), objective_);
}

}  // namespace lab::fusion
