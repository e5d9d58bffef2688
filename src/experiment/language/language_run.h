// A run of the experiment language-models: updates of a transformer on a text, if it learns, and
// then tokens that go on with a prompt.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/language/held_out.h"
#include "experiment/language/text_tokens.h"
#include "model/language_trainer.h"
#include "model/sampler.h"
#include "model/transformer.h"
#include "model/windowed_decoder.h"

namespace lab::language {

// What a run works on, made from its config.
struct Language {
  TextTokens tokens;
  Transformer model;
  std::vector<int> learnt, held_out;  // empty where nothing is learnt
  std::string digest;                 // of texts, tokens and parameters as they were
};

Language language_of(const Config& config, const RunContext& context);
Sampling sampling_of(const Config& config);
LanguageTraining training_of(const Config& config, std::uint64_t seed);

class LanguageRun final : public Run {
 public:
  LanguageRun(const Config& config, const RunContext& context);

  void begin(Recorder& recorder) override;
  // An update, or a token. (Where a text is written in between, and when the prompt is read, it
  // allocates.)
  bool step(Recorder& recorder) override;
  void observe(Recorder& recorder) const override;
  std::vector<Explanation> explain(const Recorder& recorder) const override;
  void save(ByteWriter& writer) const override;
  void restore(ByteReader& reader) override;
  std::string data_digest() const override { return language_.digest; }
  std::uint64_t step_limit() const override { return updates_ + length_; }

 private:
  struct Sample {
    std::uint64_t update = 0;
    std::vector<int> tokens;
    std::vector<double> surprisals;  // of the tokens
  };
  // A forward over what the model sees of the text.
  struct Inside;

  bool learns() const { return done_ < updates_; }
  bool update(Recorder& recorder);
  bool draw_token(Recorder& recorder);
  void record_held_out(Recorder& recorder);
  void write_sample();
  void read_prompt(Recorder& recorder);
  bool is_sound(std::span<const float> logits) const;  // finite
  // -log p of a token by logits, in nats.
  double surprisal_of(std::span<const float> logits, int token) const;
  std::size_t window_begin() const;
  void observe_text(Recorder& recorder) const;
  void observe_samples(Recorder& recorder) const;
  void observe_next(Recorder& recorder, std::span<const float> logits) const;
  void observe_inside(Recorder& recorder, const Inside& inside) const;
  bool is_seen_through() const;  // small enough to look inside at every step
  std::optional<Explanation> explain_learning(const Recorder& recorder) const;
  std::optional<Explanation> explain_prompt() const;
  std::optional<Explanation> explain_choice() const;

  const Kernels& kernels_;
  std::uint64_t seed_;
  Sampling sampling_;
  std::uint64_t updates_, length_, evaluate_every_, sample_every_, sample_length_;
  Language language_;
  std::optional<LanguageTrainer> trainer_;
  std::optional<HeldOutLoss> held_out_loss_;
  double n_gram_loss_ = 0;

  std::uint64_t done_ = 0;          // updates
  std::vector<int> text_;           // the prompt, and what was drawn
  std::size_t prompt_ = 0;          // tokens of the prompt
  std::size_t unknown_ = 0;         // characters of the prompt without a token
  std::vector<double> surprisals_;  // of all tokens but the first, once the prompt was read
  std::vector<Sample> samples_;
  bool ended_ = false;  // the text has come to its end
  std::optional<WindowedDecoder> decoder_;
  std::vector<float> logits_, processed_;  // of the token behind the text
  Sampler sampler_;
  Stream draws_;
};

}  // namespace lab::language
