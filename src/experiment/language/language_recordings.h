// What the experiment language-models records.
#pragma once

#include <cstddef>

#include "experiment/recording_list.h"

namespace lab::language {

struct Recordings : RecordingList {
  std::size_t loss, held_out, n_gram, gradient_norm, surprisal, perplexity;
  std::size_t parameters, vocabulary, learnt_tokens, held_out_tokens;
  std::size_t text_perplexity, prompt_perplexity, logit, logit_sum;
  std::size_t sample_tokens, sample_surprisals, sample_names;
  std::size_t tokens, surprisals, curve, running;
  std::size_t next, next_names;
  std::size_t lens, lens_texts, lens_rows, lens_columns;
  std::size_t attention, attention_rows, attention_columns;
  std::size_t parts, part_names, neurons, neuron_names;

  Recordings();
};

const Recordings& recordings();

}  // namespace lab::language
