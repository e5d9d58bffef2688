#include "experiment/language/language_recordings.h"

namespace lab::language {

Recordings::Recordings() {
  loss =
      series("transformer/loss", "nats", "mean surprisal of the windows of an update, before it");
  held_out = series("held_out/transformer", "nats", "mean surprisal of the held-out part");
  n_gram = series("held_out/n_gram", "nats", "the same of the Kneser-Ney n-gram");
  gradient_norm = series("transformer/gradient_norm", "", "of an update, before it is clipped");
  surprisal = series("text/surprisal", "nats", "of the token that was drawn: -log p, unprocessed");
  perplexity = series("text/perplexity", "", "exp of the mean surprisal of the drawn tokens");
  parameters = value("model/parameters", "", "numbers that are learnt");
  vocabulary = value("model/vocabulary", "tokens", "that it knows");
  learnt_tokens = value("corpus/learnt", "tokens", "of the part that is learnt");
  held_out_tokens = value("corpus/held_out", "tokens", "of the part that is held out");
  text_perplexity =
      value("text/drawn_perplexity", "", "exp of the mean surprisal of what was drawn");
  prompt_perplexity =
      value("text/prompt_perplexity", "", "exp of the mean surprisal of the prompt's tokens");
  logit = value("parts/logit", "", "logit of the most likely token");
  logit_sum = value("parts/sum", "", "sum of what all parts of the model add to it");
  sample_tokens = array("samples/tokens", "", "texts that it wrote while it learnt, token by token",
                        ArrayForm::labels);
  sample_surprisals =
      array("samples/surprisal", "nats", "of each token, and the number of its text",
            ArrayForm::table, {"surprisal", "text"});
  sample_names = array("samples/names", "", "after how many updates", ArrayForm::labels);
  tokens = array("text/tokens", "", "the prompt and what was drawn", ArrayForm::labels);
  surprisals = array("text/surprisals", "nats", "of all tokens but the first", ArrayForm::vector);
  curve = array("text/by_token", "nats", "surprisal of each token", ArrayForm::points,
                {"token", "surprisal"});
  running = array("mean/by_token", "nats", "its mean up to there", ArrayForm::points,
                  {"token", "mean surprisal"});
  next = array("next/rows", "", "most likely next tokens: probability, and once processed",
               ArrayForm::table, {"token", "probability", "low", "high", "processed"});
  next_names = array("next/names", "", "these tokens", ArrayForm::labels);
  lens = array("lens/probability", "", "of the token that each layer would say", ArrayForm::matrix);
  lens_texts = array("lens/says", "", "that token", ArrayForm::labels);
  lens_rows = array("lens/layers", "", "the layers", ArrayForm::labels);
  lens_columns = array("lens/tokens", "", "the last tokens", ArrayForm::labels);
  attention = array("attention/weights", "", "from the last token to those before it, by head",
                    ArrayForm::matrix);
  attention_rows = array("attention/heads", "", "the heads", ArrayForm::labels);
  attention_columns =
      array("attention/tokens", "", "the tokens that are looked at", ArrayForm::labels);
  parts = array("parts/rows", "", "what parts of the model add to the logit", ArrayForm::table,
                {"part", "effect", "low", "high"});
  part_names = array("parts/names", "", "these parts", ArrayForm::labels);
  neurons = array("neurons/rows", "", "what single neurons add to the logit", ArrayForm::table,
                  {"neuron", "effect", "low", "high"});
  neuron_names = array("neurons/names", "", "these neurons", ArrayForm::labels);
}

const Recordings& recordings() {
  static const Recordings all;
  return all;
}

}  // namespace lab::language
