// Which ordered classes with a rare last one are learned from? The generators of G. Faletto and
// J. Bien, arXiv:2305.18700, section 4, whose true probabilities are known, and data sets, whose
// are not.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "experiment/config.h"
#include "experiment/run.h"
#include "experiment/schema.h"
#include "method/separable/cumulative_logit.h"

namespace lab {

inline constexpr std::size_t kMostClasses = 6;

// The fields: data, samples, features, intercepts, rarity, density, difference, class_shares,
// class_order, held_out.
std::vector<Field> ordinal_fields();

struct OrdinalProblem {
  std::size_t classes = 0;
  Matrix features;          // n x p: what is learned from
  std::vector<int> labels;  // n: 0 .. classes - 1, each of them there
  // What is judged: of generated data the samples themselves, else those held out.
  Matrix judged_columns;               // p x m
  std::vector<int> judged_labels;      // m
  std::vector<double> truth;           // m: the true rare probability; empty where it is not known
  separable::BoundaryWeights weights;  // of generated data the true ones; else empty
  std::vector<std::string> feature_names;
  std::vector<std::string> class_names;
  std::string digest;  // SHA-256 of its numbers

  std::size_t count() const { return labels.size(); }
  std::size_t dimension() const { return features.shape(1); }
};

// Deterministic in config and seed. Errors: intercepts or shares that cannot be; no draw in which
// every class has samples and no probability is negative; data that cannot be had or are not
// ordered.
OrdinalProblem ordinal_problem(const Config& config, const RunContext& context);

}  // namespace lab
