#include "experiment/language/language_claims.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/bytes.h"
#include "core/numerics.h"
#include "experiment/experiment.h"
#include "experiment/language/language_recordings.h"
#include "model/language_trainer.h"
#include "model/logit_lens.h"
#include "model/transformer.h"
#include "model/transformer_decoder.h"

namespace lab::language {
namespace {

constexpr TransformerShape kShape{
    .vocabulary = 37, .context = 24, .width = 24, .heads = 3, .layers = 2};

// Numbers of a trained model's size, not the small ones at the start.
Transformer random_model(std::uint64_t seed) {
  Stream stream(seed, "model");
  Transformer model(kShape);
  for (float& x : model.parameters) x = 0.3f * stream.normal_float();
  return model;
}

std::vector<int> random_text(std::uint64_t seed, std::size_t size) {
  Stream stream(seed, "text");
  std::vector<int> text;
  for (std::size_t i = 0; i < size; ++i)
    text.push_back(static_cast<int>(stream.below(kShape.vocabulary)));
  return text;
}

struct Whole {
  Transformer model;
  std::vector<int> text;
  TransformerWorkspace workspace;
  MatrixView<float> logits;

  explicit Whole(const ClaimContext& context)
      : model(random_model(context.seed())),
        text(random_text(context.seed(), kShape.context)),
        workspace(kShape, {.rows = kShape.context, .length = kShape.context}),
        logits(forward(lab::kernels(context.run_context().math), model, text, text.size(),
                       workspace)) {}
};

double logits_that_differ(ClaimContext& context) {
  const Whole whole(context);
  TransformerDecoder decoder(lab::kernels(context.run_context().math), whole.model);
  double differ = 0;
  for (std::size_t row = 0; row < whole.text.size(); ++row) {
    decoder.append(std::span(whole.text).subspan(row, 1));
    const std::span<const float> expected = whole.logits.row(row), logits = decoder.logits();
    for (std::size_t v = 0; v < expected.size(); ++v) differ += logits[v] == expected[v] ? 0 : 1;
  }
  return differ;
}

double worst_sum_of_parts(ClaimContext& context) {
  const Whole whole(context);
  double worst = 0;
  for (std::size_t row = 0; row < whole.text.size(); row += 5) {
    for (int token = 0; token < static_cast<int>(kShape.vocabulary); token += 4) {
      const LogitAttribution parts =
          attribute_logit(whole.model, whole.workspace, whole.text, row, token);
      const auto logit = static_cast<double>(whole.logits(row, static_cast<std::size_t>(token)));
      worst = std::max(worst, std::abs(parts.sum() - logit) / std::max(1.0, std::abs(logit)));
    }
  }
  return worst;
}

double parameters_that_differ(ClaimContext& context) {
  const std::vector<int> text = random_text(context.seed(), 400);
  const Kernels& kernels = lab::kernels(context.run_context().math);
  const LanguageTraining training{.batch = 4,
                                  .length = 16,
                                  .schedule = {.highest = 1e-2, .warm_up = 3, .steps = 12},
                                  .dropout = 0.1,
                                  .seed = context.seed()};
  Transformer through = random_model(context.seed()), broken = through;
  LanguageTrainer trainer(kernels, through, text, training), first(kernels, broken, text, training);
  for (int i = 0; i < 5; ++i) first.step();
  ByteWriter writer;
  first.save(writer);
  Transformer resumed(kShape);
  LanguageTrainer second(kernels, resumed, text, training);
  ByteReader reader(writer.view());
  second.restore(reader);
  for (int i = 0; i < 12; ++i) trainer.step();
  for (int i = 5; i < 12; ++i) second.step();
  double differ = 0;
  for (std::size_t i = 0; i < through.parameters.size(); ++i)
    differ += through.parameters[i] == resumed.parameters[i] ? 0 : 1;
  return differ;
}

double last(const Recorder& recorder, std::size_t series) {
  return recorder.buckets(series).back().last;
}

// On the stories. Nothing is written, and nothing measured but at the end: only the losses count.
Recorder learnt(ClaimContext& context, std::int64_t updates) {
  return context.run({{"corpus", std::string("stories")},
                      {"updates", updates},
                      {"n_gram_order", std::int64_t{14}},
                      {"length", std::int64_t{1}},
                      {"sample_length", std::int64_t{0}},
                      {"evaluate_every", std::int64_t{1'000'000}}});
}

}  // namespace

std::vector<Claim> claims() {
  using enum ClaimKind;
  using enum Comparison;
  return {
      {.id = "cache-is-exact",
       .sentence = "Keys and values that are kept change nothing: token by token the logits are "
                   "those of the whole text at once, bit for bit.",
       .source = "[derived]: attention is causal",
       .paper_value = "",
       .kind = identity,
       .metric = "logits that differ, of 24 tokens of a random model",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure = logits_that_differ},
      {.id = "parts-sum-to-the-logit",
       .sentence = "What embeddings, heads, neurons and biases add to a logit sums to it.",
       .source = "Elhage et al. 2021, \"A mathematical framework for transformer circuits\": the "
                 "residual stream is a sum",
       .paper_value = "",
       .kind = bound,
       .metric = "largest |sum - logit| / max(1, |logit|) over tokens and places",
       .comparison = at_most,
       .threshold = 1e-4,
       .seeds = 20,
       .remark = "The pass is in float32, the parts are summed in float64.",
       .measure = worst_sum_of_parts},
      {.id = "resumes-exactly",
       .sentence = "Training that was saved and taken up again ends with the same bits as without "
                   "the break.",
       .source = "[derived]",
       .paper_value = "",
       .kind = identity,
       .metric = "parameters that differ after 12 updates, with dropout",
       .comparison = equal,
       .threshold = 0,
       .seeds = 20,
       .remark = "",
       .measure = parameters_that_differ},
      {.id = "learns-in-a-minute",
       .sentence =
           "A model of 0.1 million parameters learns the stories visibly within 200 updates, "
           "well below a minute in a page: on text that it has not learnt it loses less than "
           "half of what a uniform guess does.",
       .source = "[derived]: the default settings",
       .paper_value = "",
       .kind = effect,
       .metric = "held-out loss over log of the number of tokens",
       .comparison = below,
       .threshold = 0.5,
       .seeds = 5,
       .remark = "",
       .measure =
           [](ClaimContext& context) {
             const Recorder recorder = learnt(context, 200);
             const Recordings& r = recordings();
             return last(recorder, r.held_out) / lab::log(*recorder.value(r.vocabulary));
           }},
      {.id = "beats-the-n-gram",
       .sentence = "After 700 updates it needs fewer nats a token than the best n-gram with "
                   "Kneser-Ney smoothing, which cannot look back to where a name first stood.",
       .source = "[derived]: the same held-out text of the stories, the default settings; of the "
                 "orders 1 to 16 the n-gram of 14 characters is best there",
       .paper_value = "",
       .kind = effect,
       .metric = "held-out loss of the transformer less that of the n-gram, nats a token",
       .comparison = below,
       .threshold = 0,
       .seeds = 5,
       .remark = "The order of the n-gram was chosen on the held-out text itself, in its favour.",
       .measure =
           [](ClaimContext& context) {
             const Recorder recorder = learnt(context, 700);
             return last(recorder, recordings().held_out) - last(recorder, recordings().n_gram);
           }},
  };
}

}  // namespace lab::language
