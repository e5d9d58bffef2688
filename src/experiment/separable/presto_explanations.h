// Why does PRESTO predict the rare class better here, or why not? Answers in words, from a run's
// own numbers. G. Faletto and J. Bien, arXiv:2305.18700.
#pragma once

#include <vector>

#include "experiment/run.h"
#include "experiment/separable/rare_contest.h"

namespace lab::rare {

// `contest` is only read from, but for its scratch.
std::vector<Explanation> explanations(RareContest& contest);

}  // namespace lab::rare
