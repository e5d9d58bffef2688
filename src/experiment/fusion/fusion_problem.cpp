#include "experiment/fusion/fusion_problem.h"

#include <algorithm>

#include "core/digest.h"
#include "core/numerics.h"
#include "method/fusion/markov_source.h"

namespace lab::fusion {
namespace {

std::vector<double> logarithms(std::vector<double> probabilities) {
  for (double& p : probabilities) p = lab::log(p);
  return probabilities;
}

std::vector<std::string> letters(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    names.emplace_back(1, static_cast<char>(i < 26 ? 'a' + i : 'A' + (i - 26)));
  }
  return names;
}

std::size_t context_of(int a, int b, std::size_t vocabulary) {
  return static_cast<std::size_t>(a) * vocabulary + static_cast<std::size_t>(b);
}

}  // namespace

void add_problem_fields(FieldList& fields) {
  fields.group("source");
  fields.real("frac", 0.3, {0, 1},
              "share of the last symbols after which the domain differs from the general text",
              {.step = 0.1});
  fields.integer("experts", 1, {1, 2}, "small experts, each of a domain of its own");
  fields.integer("switch_every", 200, {1, 1e6},
                 "the text is of one domain for so long, then of the next", {.unit = "symbols"});
  fields.limit({"switch_every"}, {{"experts", {"2"}}});
  fields.integer("symbols", 6000, {1, 100'000}, "length of the text", {.unit = "symbols"});
  fields.integer("vocabulary", 12, {2, 32}, "different symbols", {.advanced = true});
  fields.group("models");
  fields.integer("large_order", 3, {1, 3}, "the large model is an n-gram of this order");
  fields.integer("small_order", 2, {1, 3}, "small base and experts are n-grams of this order");
  fields.integer("general_symbols", 60'000, {100, 1'000'000},
                 "general text that the large model and the small base learn from",
                 {.log_scale = true, .unit = "symbols"});
  fields.integer("expert_symbols", 4000, {1, 1'000'000}, "text of its domain for a small expert",
                 {.log_scale = true, .unit = "symbols"});
  fields.integer("large_domain_symbols", 0, {0, 1'000'000},
                 "text of the domain that the large model has seen already", {.unit = "symbols"});
  fields.integer("reference_symbols", 60'000, {100, 1'000'000},
                 "text of each domain for the fine-tuned large model",
                 {.log_scale = true, .unit = "symbols", .advanced = true});
  fields.integer("validation_symbols", 2000, {10, 1'000'000},
                 "text of each domain on which the best constant is chosen",
                 {.log_scale = true, .unit = "symbols", .advanced = true});
  fields.real("prior_strength", 20, {1e-3, 1e6},
              "an expert starts from the base as if it had seen so many symbols of a context",
              {.log_scale = true, .unit = "symbols", .advanced = true});
  fields.real("back_off", 2, {1e-3, 1e6},
              "a trigram starts from its bigram as if it had seen so many",
              {.log_scale = true, .unit = "symbols", .advanced = true});
}

FusionProblem fusion_problem(const Config& config, std::uint64_t seed) {
  const auto count = [&](const char* field) {
    return static_cast<std::size_t>(config.integer(field));
  };
  FusionProblem problem;
  const std::size_t v = count("vocabulary"), domains = count("experts");
  problem.vocabulary = v;
  problem.experts = domains;
  problem.contexts = v * v;
  problem.tokens = letters(v);
  const Smoothing smoothing = {.back_off = config.real("back_off")};

  Stream sources(seed, "sources");
  const MarkovSource general = general_source(v, sources);
  std::vector<Domain> domain;
  for (std::size_t d = 0; d < domains; ++d) {
    domain.push_back(domain_source(general, config.real("frac"), sources));
  }

  Stream training(seed, "training");
  const std::vector<int> general_text = draw_text(general, count("general_symbols"), training);
  std::vector<std::vector<int>> expert_texts, reference_texts, seen;
  for (const Domain& d : domain) {
    expert_texts.push_back(draw_text(d.source, count("expert_symbols"), training));
    reference_texts.push_back(draw_text(d.source, count("reference_symbols"), training));
    if (const std::size_t symbols = count("large_domain_symbols"); symbols > 0) {
      seen.push_back(draw_text(d.source, symbols, training));
    }
  }

  std::vector<std::span<const int>> texts = {general_text};
  const std::vector<double> base = n_gram(texts, v, count("small_order"), smoothing);
  problem.base = logarithms(base);
  texts.insert(texts.end(), seen.begin(), seen.end());
  problem.large = logarithms(n_gram(texts, v, count("large_order"), smoothing));
  texts.assign(reference_texts.begin(), reference_texts.end());
  problem.reference = logarithms(n_gram(texts, v, count("large_order"), smoothing));
  problem.expert.resize(problem.contexts * domains * v);
  for (std::size_t d = 0; d < domains; ++d) {
    const std::vector<double> expert = logarithms(adapted_n_gram(
        expert_texts[d], v, count("small_order"), base, config.real("prior_strength")));
    for (std::size_t c = 0; c < problem.contexts; ++c) {
      std::ranges::copy(std::span(expert).subspan(c * v, v),
                        problem.expert.begin() + static_cast<std::ptrdiff_t>((c * domains + d) * v));
    }
    problem.truth.insert(problem.truth.end(), domain[d].source.next.begin(),
                         domain[d].source.next.end());
  }
  problem.differs.resize(problem.contexts);
  for (std::size_t c = 0; domains == 2 && c < problem.contexts; ++c) {
    problem.differs[c] = domain[0].changed[c % v] || domain[1].changed[c % v];
  }

  Stream validation(seed, "validation");
  problem.validation.resize(problem.contexts * v);
  for (const Domain& d : domain) {
    const std::vector<int> text = draw_text(d.source, count("validation_symbols"), validation);
    for (std::size_t i = 2; i < text.size(); ++i) {
      problem.validation[context_of(text[i - 2], text[i - 1], v) * v +
                         static_cast<std::size_t>(text[i])] += 1;
    }
  }

  // The held-out text goes from one domain to the next without a break.
  Stream held_out(seed, "text");
  const std::size_t symbols = count("symbols"), stretch = count("switch_every");
  std::size_t context = held_out.below(problem.contexts);
  for (std::size_t i = 0; i < symbols; ++i) {
    const std::size_t d = i / stretch % domains;
    const std::size_t token = held_out.categorical(problem.truth_at(d, context));
    problem.visited.push_back(context);
    problem.next.push_back(static_cast<int>(token));
    problem.domain.push_back(static_cast<int>(d));
    context = problem.after(context, token);
  }

  Digest digest;
  for (const std::vector<double>* rows : {&problem.large, &problem.base, &problem.expert,
                                          &problem.reference, &problem.truth, &problem.validation}) {
    digest.f64s(*rows);
  }
  for (const int token : problem.next) digest.i64(token);
  problem.digest = digest.hex();
  return problem;
}

}  // namespace lab::fusion
