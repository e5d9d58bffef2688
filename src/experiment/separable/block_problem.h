// Which problem does block coordinate descent get? Generated data with badly scaled columns, named
// data sets, a set small enough to follow by hand, and label propagation on two graphs. J. Nutini,
// I. Laradji and M. Schmidt, arXiv:1712.08859, experiments, and the generators of the published
// code.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "experiment/config.h"
#include "experiment/run.h"
#include "experiment/schema.h"
#include "method/separable/block_objective.h"
#include "method/separable/block_rules.h"

namespace lab {

// The fields: problem, data, positive_class, samples, features, spread, classes, flips, ridge, l1,
// nodes, labelled, pull.
std::vector<Field> block_problem_fields();

struct BlockProblem {
  separable::Objective objective;
  std::vector<double> start;  // 0 but for the set to follow by hand
  // Of a graph: where its nodes are, and which have a label (0 or 1; else -1).
  std::vector<std::array<double, 2>> positions;
  std::vector<int> known;
  std::size_t side = 0;  // of a lattice; else 0
  std::string digest;    // SHA-256 of its numbers
};

// Deterministic in config and seed. Errors: data that cannot be had, or not for this problem; too
// many coordinates.
BlockProblem block_problem(const Config& config, const RunContext& context);

// The least-squares, logistic and softmax generator: entries N(0, 1) + 1, column j times spread
// N(0, 1), an entry kept with probability min(1, 10 log(n) / n). features x samples.
Matrix badly_scaled_columns(std::size_t features, std::size_t samples, double spread,
                            std::uint64_t seed);

}  // namespace lab
