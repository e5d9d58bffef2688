#include "experiment/fusion/fusion_problem.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "core/digest.h"
#include "core/error.h"
#include "core/numerics.h"
#include "data/store.h"
#include "data/text.h"
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

FusionProblem of_sources(const Config& config, std::uint64_t seed) {
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
  problem.fine_tuned = logarithms(n_gram(texts, v, count("large_order"), smoothing));
  problem.expert.resize(problem.contexts * domains * v);
  for (std::size_t d = 0; d < domains; ++d) {
    const std::vector<double> expert = logarithms(adapted_n_gram(
        expert_texts[d], v, count("small_order"), base, config.real("prior_strength")));
    for (std::size_t c = 0; c < problem.contexts; ++c) {
      std::ranges::copy(
          std::span(expert).subspan(c * v, v),
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
  return problem;
}

std::vector<int> next_tokens(const Config& config, std::size_t tokens, std::size_t vocabulary) {
  const std::string& text = config.text("next_tokens");
  std::vector<int> next;
  const std::string right = std::to_string(tokens) + " numbers from 0 to " +
                            std::to_string(vocabulary - 1) + " with commas between them";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string_view cell = trim_blanks(std::string_view(text).substr(at, end - at));
    const std::optional<std::size_t> token = parse_count(cell, vocabulary - 1);
    if (!token) {
      throw Error("no token " + quoted(cell) + " at place " + std::to_string(next.size() + 1),
                  "field next_tokens", right);
    }
    next.push_back(static_cast<int>(*token));
    at = end + 1;
  }
  if (!next.empty() && next.size() != tokens) {
    throw Error(std::to_string(next.size()) + " tokens for an array of " + std::to_string(tokens),
                "field next_tokens", right);
  }
  return next;
}

FusionProblem of_file(const Config& config, const RunContext& context) {
  const std::string& name = config.text("data");
  const std::shared_ptr<const NumberArray> array = named_array(name, context.data);
  const auto experts = static_cast<std::size_t>(config.integer("experts"));
  const std::vector<std::size_t>& shape = array->shape;
  if (shape.size() != 3 || shape[1] == 0 || shape[2] < 2 ||
      (shape[0] != 2 + experts && shape[0] != 3 + experts)) {
    std::string text;
    for (const std::size_t size : shape) {
      text += (text.empty() ? "" : " × ") + std::to_string(size);
    }
    throw Error("the array is " + (text.empty() ? "a single number" : text), name,
                "models × tokens × vocabulary with " + std::to_string(2 + experts) + " or " +
                    std::to_string(3 + experts) + " models (experts = " + std::to_string(experts) +
                    "), a token and a vocabulary of 2");
  }
  const std::vector<double>& logits = array->values;
  const auto wrong = std::ranges::find_if(logits, [](double logit) { return !is_finite(logit); });
  if (wrong != logits.end()) {
    throw Error("logit " + std::to_string(wrong - logits.begin() + 1) + " is not finite", name,
                "finite logits; a very negative one, such as -1e4, for what cannot be");
  }
  FusionProblem problem;
  problem.vocabulary = shape[2];
  problem.experts = experts;
  problem.contexts = shape[1];
  const std::size_t size = shape[1] * shape[2];
  const auto model = [&](std::size_t m) {
    const std::span<const double> rows = std::span(logits).subspan(m * size, size);
    return std::vector<double>(rows.begin(), rows.end());
  };
  problem.large = model(0);
  problem.base = model(1);
  for (std::size_t c = 0; c < problem.contexts; ++c) {
    for (std::size_t t = 0; t < experts; ++t) {
      const auto from =
          logits.begin() + static_cast<std::ptrdiff_t>((2 + t) * size + c * problem.vocabulary);
      problem.expert.insert(problem.expert.end(), from,
                            from + static_cast<std::ptrdiff_t>(problem.vocabulary));
    }
    problem.visited.push_back(c);
  }
  if (shape[0] == 3 + experts) problem.fine_tuned = model(2 + experts);
  for (std::size_t i = 0; i < problem.vocabulary; ++i) {
    problem.tokens.push_back("#" + std::to_string(i));
  }
  problem.next = next_tokens(config, problem.contexts, problem.vocabulary);
  problem.differs.resize(problem.contexts);
  problem.domain.resize(problem.contexts);
  return problem;
}

}  // namespace

void add_problem_fields(FieldList& fields) {
  fields.group("source");
  fields.dataset(
      "data", "markov",
      {{"markov", "n-grams of random sources, whose next symbol depends on the last two"}},
      "whose logits; file:PATH for an NPY array models × tokens × vocabulary (large, "
      "base, experts, perhaps the fine-tuned large one)");
  fields.text("next_tokens", "",
              "of a file: the number of the token that came at each place, such as 5,0,17; empty = "
              "what your mix finds most probable");
  fields.real("frac", 0.3, {0, 1},
              "share of the last symbols after which the domain differs from the general text",
              {.step = 0.1});
  fields.integer("experts", 1, {1, 2}, "small experts, each of a domain of its own");
  fields.integer("switch_every", 200, {1, 1e6},
                 "the text is of one domain for so long, then of the next", {.unit = "symbols"});
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
  fields.limit({"frac", "switch_every", "symbols", "vocabulary", "large_order", "small_order",
                "general_symbols", "expert_symbols", "large_domain_symbols", "reference_symbols",
                "validation_symbols", "prior_strength", "back_off"},
               {{"data", {"markov"}}});
  fields.limit({"switch_every"}, {{"experts", {"2"}}});
  fields.limit({"next_tokens"}, {{"data", {"file"}}});
}

FusionProblem fusion_problem(const Config& config, const RunContext& context) {
  FusionProblem problem =
      config.text("data") == "markov" ? of_sources(config, context.seed) : of_file(config, context);
  Digest digest;
  for (const std::vector<double>* rows :
       {&problem.large, &problem.base, &problem.expert, &problem.fine_tuned, &problem.truth,
        &problem.validation}) {
    digest.f64s(*rows);
  }
  digest.u64(problem.next.size());
  for (const int token : problem.next) digest.i64(token);
  problem.digest = digest.hex();
  return problem;
}

}  // namespace lab::fusion
