// Paths with cross-validation on one problem: who is chosen, how it is judged, what is kept.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "experiment/separable/rare_contest.h"

using namespace lab;
using namespace lab::rare;

namespace {

RareContest contest(ContestSettings settings, Settings data = {}, std::uint64_t seed = 0) {
  data.try_emplace("samples", std::int64_t{400});
  data.try_emplace("features", std::int64_t{4});
  data.try_emplace("intercepts", "0,1.5,3");
  data.try_emplace("density", 0.3);
  settings.methods.fill(true);
  settings.lambdas = 6;
  settings.folds = 3;
  return {ordinal_problem(Config("presto-rare-events", Schema(1, ordinal_fields()), data),
                          {.seed = seed}),
          settings, seed, Math::strict};
}

void run(RareContest& contest) {
  contest.begin();
  while (contest.step()) {
  }
}

}  // namespace

TEST_CASE("rare contest: the chosen lambda has the least criterion, the larger one of equals") {
  for (const Criterion criterion : {Criterion::brier, Criterion::log_loss, Criterion::rare_brier}) {
    RareContest all = contest({.criterion = criterion});
    CHECK_FALSE(all.chosen(Method::presto));
    run(all);
    for (const Method method : kPaths) {
      const Path& path = *all.path(method);
      CHECK(std::ranges::is_sorted(path.lambdas, std::ranges::greater{}));
      CHECK(path.lambdas.back() ==
            doctest::Approx(0.01 * path.fits.front().odds.lambda_max()).epsilon(1e-12));
      const std::size_t index = *all.chosen(method);
      for (std::size_t l = 0; l < 6; ++l) {
        const double mean = all.validation(path, l)->mean;
        CHECK(all.validation(path, index)->mean <= mean);
        if (l < index) CHECK(all.validation(path, index)->mean < mean);
      }
      CHECK(path.unfinished == 0);
      CHECK(path.violation < 1e-6);
    }
  }
}

TEST_CASE(
    "rare contest: at lambda_max PRESTO says the class shares, and a lambda can be asked for") {
  RareContest first = contest({.lambda_index = 1});
  run(first);
  const auto share = static_cast<double>(first.rare_count()) / 400;
  for (const double rare : first.rare(Method::presto)) {
    CHECK(rare == doctest::Approx(share).epsilon(1e-6));
  }
  CHECK_THROWS_AS(contest({.lambda_index = 7}), Error);
}

TEST_CASE("rare contest: what is judged") {
  RareContest all = contest({});
  run(all);
  for (std::size_t k = 0; k < kMethods; ++k) {
    const auto method = static_cast<Method>(k);
    CAPTURE(kNames[k]);
    const Judgement judgement = all.judge(method);
    double mse = 0;
    const std::span<const double> rare = all.rare(method);
    for (std::size_t i = 0; i < 400; ++i) {
      const double off = rare[i] - all.problem().truth[i];
      mse += off * off / 400;
      CHECK(rare[i] > 0);
      CHECK(rare[i] < 1);
    }
    CHECK(judgement.mse == doctest::Approx(mse).epsilon(1e-12));
    CHECK(judgement.auc > 0.4);
    CHECK(judgement.auc <= 1);
    CHECK(judgement.mean > 0);
    CHECK(judgement.brier > judgement.mse);
  }
  // A logit is right on average; balanced weights would not be.
  const auto share = static_cast<double>(all.rare_count()) / 400;
  CHECK(all.judge(Method::logit).mean == doctest::Approx(share).epsilon(1e-4));
  CHECK(all.uncorrected_mean() > 3 * share);
  // Parallel boundaries never cross.
  CHECK(all.judge(Method::odds).crossed == 0);
}

TEST_CASE("rare contest: data sets are judged by what happened") {
  ContestSettings settings;
  OrdinalProblem problem = ordinal_problem(
      Config("presto-rare-events", Schema(1, ordinal_fields()),
             {{"samples", std::int64_t{300}}, {"intercepts", "0,1.5,3"}, {"density", 0.2}}),
      {.seed = 1});
  problem.truth.clear();
  problem.weights = {};
  settings.methods[static_cast<std::size_t>(Method::logit)] = true;
  RareContest only_logit(std::move(problem), settings, 1, Math::strict);
  only_logit.begin();
  CHECK(only_logit.done());
  const Judgement judgement = only_logit.judge(Method::logit);
  CHECK(judgement.mse == doctest::Approx(judgement.brier).epsilon(1e-12));
}
