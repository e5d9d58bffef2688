// The experiment language-models: small transformers and what is in them. Train one, or take one
// that is trained, and go on with a text. Radford et al. 2019; A. Vaswani et al., arXiv:1706.03762.
#include "experiment/experiment.h"
#include "experiment/field_list.h"
#include "experiment/language/language_claims.h"
#include "experiment/language/language_recordings.h"
#include "experiment/language/language_run.h"
#include "experiment/language/language_texts.h"
#include "model/shipped_models.h"

namespace lab {
namespace {

std::vector<Choice> model_choices() {
  std::vector<Choice> choices;
  for (const ShippedModel& model : shipped_models())
    choices.push_back({std::string(model.id), std::string(model.title)});
  return choices;
}

Schema schema() {
  FieldList fields;
  fields.group("model");
  fields.choice("training", "new_model",
                {{"new_model", "a new model learns the corpus, then it goes on with the prompt"},
                 {"none", "the model below goes on with the prompt as it is"},
                 {"further", "the model below learns the corpus first"}},
                "what is done before the prompt");
  fields.dataset("model", std::string(shipped_models().front().id), model_choices(),
                 "a trained model; drop the four files of a small GPT-2 on the window for another",
                 {.files = FileKind::language_model});
  fields.integer("width", 64, {8, 512}, "numbers of a residual stream, a multiple of heads",
                 {.log_scale = true});
  fields.integer("heads", 4, {1, 16}, "attention heads of a layer", {});
  fields.integer("layers", 2, {1, 8}, "layers of attention and mlp", {});
  fields.integer("context", 64, {4, 256}, "tokens that the model sees at once",
                 {.log_scale = true, .unit = "tokens"});
  fields.group("corpus");
  fields.dataset("corpus", "stories", language_texts(),
                 "the text that is learnt; drop a .txt file "
                 "on the window for another",
                 {.files = FileKind::text});
  fields.text("typed_text", "", "learnt with corpus = typed: at least 200 bytes");
  fields.choice("tokens", "characters",
                {{"characters", "every character of the corpus is a token"},
                 {"byte_pairs", "frequent pairs of bytes become tokens (Sennrich et al. 2016)"}},
                "what a token is");
  fields.integer("vocabulary", 400, {256, 4096}, "byte pairs: tokens in all",
                 {.log_scale = true, .unit = "tokens"});
  fields.real("held_out", 0.1, {0, 0.5}, "share at the end of the corpus that is not learnt",
              {.step = 0.01});
  fields.integer("most_text", 200'000, {1000, 4'000'000}, "only so much of the corpus is used",
                 {.log_scale = true, .unit = "bytes", .advanced = true});
  fields.integer("n_gram_order", 8, {1, 16}, "tokens of the n-gram that it is held against",
                 {.advanced = true});
  fields.group("training");
  fields.integer("updates", 600, {1, 1'000'000}, "of the parameters, before the prompt",
                 {.log_scale = true, .unit = "updates"});
  fields.integer("batch", 8, {1, 64}, "windows of `context` tokens an update",
                 {.log_scale = true, .unit = "windows"});
  fields.real("step_size", 5e-3, {1e-6, 1}, "after the warm-up; falls to a tenth by a cosine",
              {.log_scale = true, .live = true});
  fields.integer("warm_up", 20, {0, 100'000}, "updates in which the step size rises",
                 {.unit = "updates", .advanced = true});
  fields.real("weight_decay", 0.1, {0, 1}, "of AdamW", {.advanced = true});
  fields.real("largest_norm", 1, {1e-3, 1e6}, "to which the gradient is scaled down",
              {.log_scale = true, .advanced = true});
  fields.real("dropout", 0, {0, 0.9}, "probability that a number of a layer is left out",
              {.advanced = true});
  fields.integer("evaluate_every", 20, {1, 1'000'000}, "how often the held-out part is measured",
                 {.log_scale = true, .unit = "updates", .advanced = true});
  fields.integer("sample_every", 100, {1, 1'000'000}, "how often it writes a sample meanwhile",
                 {.log_scale = true, .unit = "updates", .advanced = true});
  fields.integer("sample_length", 80, {0, 1000}, "of such a sample",
                 {.unit = "tokens", .advanced = true});
  fields.group("text");
  fields.text("prompt", "Anna found the red ball in the",
              "what the model goes on with; or any text of which you want the perplexity");
  fields.integer("length", 120, {1, 10'000}, "tokens that are drawn",
                 {.log_scale = true, .unit = "tokens"});
  fields.real("temperature", 0.8, {0, 10}, "logits are divided by it; 0: the largest is taken",
              {.step = 0.05, .live = true});
  fields.integer("top_k", 0, {0, 100'000}, "only so many of the largest logits stay; 0: all",
                 {.unit = "tokens", .live = true});
  fields.real("top_p", 1, {0.01, 1}, "then the fewest with this probability together; 1: all",
              {.step = 0.01, .live = true});
  fields.real("min_p", 0, {0, 1}, "then those at least so likely as this share of the likeliest",
              {.step = 0.01, .live = true});
  fields.real("repetition_penalty", 1, {0.5, 5},
              "before all that: logits of what stands there already are lowered by it",
              {.step = 0.05, .live = true});

  const Condition is_new{"training", {"new_model"}};
  const Condition not_new{"training", {"new_model"}, true}, learns{"training", {"none"}, true};
  fields.limit({"model"}, {not_new});
  fields.limit({"width", "heads", "layers", "context", "tokens", "vocabulary"}, {is_new});
  fields.limit({"vocabulary"}, {{"tokens", {"byte_pairs"}}});
  fields.limit({"corpus", "typed_text", "held_out", "most_text", "n_gram_order", "updates", "batch",
                "step_size", "warm_up", "weight_decay", "largest_norm", "dropout", "evaluate_every",
                "sample_every", "sample_length"},
               {learns});
  fields.limit({"typed_text"}, {{"corpus", {"typed"}}});
  return {1, std::move(fields.list)};
}

std::vector<Figure> figures() {
  return {
      {.name = "loss",
       .title = "What it learns",
       .form = Form::lines,
       .x = {.label = "update"},
       .y = {.label = "surprisal", .unit = "nats a token"},
       .sources = {{"transformer/loss", "learnt part, the windows of an update"},
                   {"held_out/transformer", "held-out part"},
                   {"held_out/n_gram", "the same: Kneser-Ney n-gram", {}, true}},
       .caption = "Below the dashed line it knows more than counts of the last few tokens say. "
                  "Where the two lines part, it learns by heart.",
       .absent = "nothing is trained here"},
      {.name = "samples",
       .title = "What it writes meanwhile",
       .form = Form::token_strip,
       .x = {},
       .y = {},
       .sources = {{"samples/surprisal", "samples"}},
       .caption = "Letters, then words, then who has what. The colour is how surprising each token "
                  "was to the model itself.",
       .absent = "nothing is trained here",
       .colour = {.label = "surprisal", .unit = "nats"},
       .names = "samples/tokens",
       .row_names = "samples/names"},
      {.name = "text",
       .title = "The text so far",
       .form = Form::token_strip,
       .x = {},
       .y = {},
       .sources = {{"text/surprisals", "text"}},
       .caption = "The prompt and what was drawn; the colour is how surprising each token was. "
                  "Type any text as the prompt to see where the model stumbles.",
       .colour = {.label = "surprisal", .unit = "nats"},
       .names = "text/tokens"},
      {.name = "next_tokens",
       .title = "The next token",
       .form = Form::bars,
       .x = {.label = "probability"},
       .y = {},
       .sources = {{"next/rows", "probability"}},
       .caption = "The model's own probabilities, and the mark: after penalty, temperature and "
                  "truncation, from which the token is drawn. · is a space, ¶ a line break.",
       .mark_label = "once processed",
       .names = "next/names"},
      {.name = "lens",
       .title = "Logit lens: what each layer would say",
       .form = Form::heat_map,
       .x = {.label = "behind the token"},
       .y = {},
       .sources = {{"lens/probability", "lens"}},
       .caption = "The residual stream behind each layer, read by the model's own head: the "
                  "likeliest next token, and how likely. The bottom row is what the model says.",
       .absent = "left out: the model is too large to look into at every token",
       .colour = {.label = "probability"},
       .names = "lens/tokens",
       .row_names = "lens/layers",
       .cell_names = "lens/says"},
      {.name = "attention",
       .title = "Where the last token looks",
       .form = Form::heat_map,
       .x = {.label = "token that is looked at"},
       .y = {},
       .sources = {{"attention/weights", "attention"}},
       .caption = "Attention of each head from the last token. A head that looks where the same "
                  "name stood before copies what followed it.",
       .absent = "left out: the model is too large to look into at every token",
       .colour = {.label = "attention"},
       .names = "attention/tokens",
       .row_names = "attention/heads"},
      {.name = "perplexity",
       .title = "Surprisal token by token",
       .form = Form::curves,
       .x = {.label = "token"},
       .y = {.label = "surprisal", .unit = "nats"},
       .sources = {{"text/by_token", "of the token"}, {"mean/by_token", "mean so far"}},
       .caption = "The exponential of the mean is the perplexity.",
       .absent = "the prompt has not been read yet"},
      {.name = "parts",
       .title = "Who says the likeliest token",
       .form = Form::bars,
       .x = {.label = "added to its logit"},
       .y = {},
       .sources = {{"parts/rows", "effect"}},
       .caption = "Direct effects: embeddings, heads, mlps and biases add up to the logit of the "
                  "token that stands first among the next tokens.",
       .absent = "left out: the model is too large to look into at every token",
       .names = "parts/names"},
      {.name = "neurons",
       .title = "The neurons that count most",
       .form = Form::bars,
       .x = {.label = "added to its logit"},
       .y = {},
       .sources = {{"neurons/rows", "effect"}},
       .caption = "The same, mlp by mlp in single neurons.",
       .absent = "left out: the model is too large to look into at every token",
       .names = "neurons/names"},
  };
}

}  // namespace

Experiment language_models() {
  return {
      .id = "language-models",
      .title = "Language models small enough for a tab",
      .family = "language",
      .paper = {.title = "Attention Is All You Need; Language Models are Unsupervised Multitask "
                         "Learners (GPT-2)",
                .authors = "A. Vaswani et al. (2017); A. Radford et al.",
                .link = "arXiv:1706.03762",
                .year = 2019},
      .problem =
          "A language model gives every possible next token a probability. Here a transformer of "
          "GPT-2's architecture learns a text before your eyes, or a trained one is taken as it "
          "is; "
          "then it goes on with a prompt, token by token. Each step shows what it would say, what "
          "is made of that before a token is drawn, and which layers, heads and neurons say it.",
      .equation =
          "x ← x + attention(norm(x)),   x ← x + mlp(norm(x)),   logits = norm(x) E^T;   "
          "fuse → penalty → temperature → top-k, top-p, min-p → draw",
      .how_to_fail =
          "step_size = 1 lets the loss leap and stay; a typed text of a few lines is learnt by "
          "heart while the held-out loss rises; temperature = 3 writes noise, temperature = 0 "
          "goes in circles.",
      .schema = schema(),
      .recordings = language::recordings().list,
      .figures = figures(),
      .claims = language::claims(),
      .make = [](const Config& config, const RunContext& context) -> std::unique_ptr<Run> {
        return std::make_unique<language::LanguageRun>(config, context);
      },
  };
}

}  // namespace lab
