// Which models are fused, and on which text? Logits of every model at every context, and the
// contexts that a text visits: of the n-grams of sheet 04's reproduction (arXiv:2406.15480), or of
// anybody's models, from a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiment/config.h"
#include "experiment/field_list.h"
#include "experiment/run.h"

namespace lab::fusion {

// Everything that is logits or probabilities: a row of `vocabulary` numbers for each context.
struct FusionProblem {
  std::size_t vocabulary = 0;
  std::size_t experts = 0;
  std::size_t contexts = 0;
  std::vector<std::string> tokens;   // their names
  std::vector<double> large, base;   // logits
  std::vector<double> expert;        // logits; a context's rows of all experts are neighbours
  std::vector<double> fine_tuned;    // logits of the large model that knows the domain; or empty
  std::vector<double> truth;         // probabilities, first those of domain 0 at all contexts, ..;
                                     // empty where they are not known
  std::vector<bool> differs;         // of each context: the domains disagree there
  std::vector<double> validation;    // counts of what followed each context, to choose a constant;
                                     // or empty
  std::vector<std::size_t> visited;  // held-out text: the context of each token,
  std::vector<int> next;             // and the token; empty where that is not known
  std::vector<int> domain;           // of each token
  std::string digest;                // of all of the above

  std::span<const double> row(const std::vector<double>& rows, std::size_t context) const {
    return std::span(rows).subspan(context * vocabulary, vocabulary);
  }
  std::span<const double> experts_at(std::size_t context) const {
    return std::span(expert).subspan(context * experts * vocabulary, experts * vocabulary);
  }
  std::span<const double> truth_at(std::size_t domain, std::size_t context) const {
    return std::span(truth).subspan((domain * contexts + context) * vocabulary, vocabulary);
  }
  // The context after one more token.
  std::size_t after(std::size_t context, std::size_t token) const {
    return context % vocabulary * vocabulary + token;
  }
};

// The fields that say what the models learn from.
void add_problem_fields(FieldList& fields);

// The models of a config and seed. Of a file: an NPY array models x tokens x vocabulary of finite
// logits, the models in the order large, base, experts, and perhaps the fine-tuned large one.
// Error: it is not such an array; next_tokens does not name one of its tokens for each.
FusionProblem fusion_problem(const Config& config, const RunContext& context);

}  // namespace lab::fusion
