// [SECTION]s: what a run works on, steps, what is seen, state.
#include "experiment/language/language_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "core/digest.h"
#include "core/error.h"
#include "core/numerics.h"
#include "data/byte_pair_training.h"
#include "data/store.h"
#include "data/text.h"
#include "experiment/language/language_recordings.h"
#include "experiment/language/language_texts.h"
#include "experiment/words.h"
#include "model/gpt2_files.h"
#include "model/logit_lens.h"
#include "model/n_gram.h"
#include "model/shipped_models.h"

namespace lab::language {
namespace {

constexpr std::size_t kMostHeldOut = 2048;  // tokens that are measured
constexpr std::size_t kMostSamples = 8;
constexpr std::size_t kShownNext = 12;
constexpr std::size_t kShownParts = 12;
constexpr std::size_t kLensColumns = 16;
constexpr std::size_t kAttentionColumns = 24;
// Multiplications of a look inside: more would hold up whoever is watching.
constexpr double kMostWork = 4e9;
constexpr const char* kDiverged =
    "The numbers of the model are no longer finite: updates this large lead away from where the "
    "gradient was taken. A smaller step_size, or a longer warm_up.";

std::size_t count_of(const Config& config, const char* field) {
  return static_cast<std::size_t>(config.integer(field));
}

bool learns_anything(const Config& config) {
  return config.text("training") != "none";
}
bool is_new(const Config& config) {
  return config.text("training") == "new_model";
}

LanguageModel stored_model(const std::string& name, const RunContext& context) {
  constexpr std::string_view kFile = "file:";
  if (context.data == nullptr)
    throw Error("models cannot be read here", "field model", "a session with a data store");
  if (!name.starts_with(kFile)) return load_language_model(name, *context.data);
  const std::string folder = name.substr(kFile.size()) + "/";
  return read_language_model([&](std::string_view file) {
    return context.data->kept(folder + std::string(file), kWeightLimits);
  });
}

TransformerShape shape_of(const Config& config, std::size_t vocabulary) {
  const TransformerShape shape{.vocabulary = vocabulary,
                               .context = count_of(config, "context"),
                               .width = count_of(config, "width"),
                               .heads = count_of(config, "heads"),
                               .layers = count_of(config, "layers")};
  if (shape.width % shape.heads != 0)
    throw Error("width is " + std::to_string(shape.width), "field width",
                "a multiple of heads, which is " + std::to_string(shape.heads));
  return shape;
}

TextTokens tokens_of(const Config& config, std::string_view text, std::string_view learnt) {
  if (config.text("tokens") == "characters") return CharacterTokens(std::span(&text, 1));
  return train_byte_pairs(std::span(&learnt, 1), {.tokens = count_of(config, "vocabulary")});
}

// The largest numbers first, of equal ones the first.
std::vector<std::size_t> order_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  return order;
}

std::vector<double> softmax(std::span<const float> logits) {
  const double most = static_cast<double>(*std::ranges::max_element(logits));
  std::vector<double> shares(logits.size());
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    shares[i] = lab::exp(static_cast<double>(logits[i]) - most);
    sum += shares[i];
  }
  for (double& share : shares) share /= sum;
  return shares;
}

std::size_t left_of(std::span<const float> processed) {
  return static_cast<std::size_t>(
      std::ranges::count_if(processed, [](float x) { return x > -HUGE_VALF; }));
}

// Rows of bars: the number of the name, and the value as an interval of no length.
void record_bars(Recorder& recorder, std::size_t rows, std::size_t names,
                 const std::vector<double>& values, const std::vector<std::string>& labels) {
  std::vector<double> table;
  for (std::size_t i = 0; i < values.size(); ++i)
    for (const double x : {static_cast<double>(i), values[i], values[i], values[i]})
      table.push_back(x);
  recorder.array(rows, std::array<std::size_t, 2>{values.size(), 4}, table);
  recorder.labels(names, labels);
}

}  // namespace

// --- [SECTION] what a run works on
// --------------------------------------------------------------------------------------------------

Language language_of(const Config& config, const RunContext& context) {
  Digest digest;
  std::string text;
  std::string_view learnt, held_out;
  if (learns_anything(config)) {
    text = language_text(config.text("corpus"), config.text("typed_text"),
                         count_of(config, "most_text"), context.data);
    const auto kept =
        static_cast<std::size_t>(config.real("held_out") * static_cast<double>(text.size()));
    learnt = std::string_view(text).substr(0, text.size() - kept);
    held_out = std::string_view(text).substr(text.size() - kept);
    digest.text(text);
  }
  Language language = [&]() -> Language {
    if (is_new(config)) {
      TextTokens tokens = tokens_of(config, text, learnt);
      Transformer model(shape_of(config, tokens.size()));
      Stream stream(context.seed, "init");
      initialize(model, stream);
      return {std::move(tokens), std::move(model), {}, {}, ""};
    }
    LanguageModel stored = stored_model(config.text("model"), context);
    digest.f32s(stored.transformer.parameters);
    return {std::move(stored.encoding), std::move(stored.transformer), {}, {}, ""};
  }();
  std::size_t unknown = 0;
  language.learnt = language.tokens.encode(learnt, unknown);
  language.held_out = language.tokens.encode(held_out, unknown);
  if (learns_anything(config) && language.learnt.size() <= language.model.shape.context)
    throw Error("the learnt part has " + counted(language.learnt.size(), "token"), "field corpus",
                "more than the context of " + std::to_string(language.model.shape.context));
  if (language.held_out.size() > kMostHeldOut) language.held_out.resize(kMostHeldOut);
  language.digest = digest.hex();
  return language;
}

Sampling sampling_of(const Config& config) {
  return {.repetition_penalty = config.real("repetition_penalty"),
          .temperature = config.real("temperature"),
          .top_k = count_of(config, "top_k"),
          .top_p = config.real("top_p"),
          .min_p = config.real("min_p")};
}

LanguageTraining training_of(const Config& config, std::uint64_t seed) {
  const auto updates = static_cast<std::uint64_t>(config.integer("updates"));
  return {.batch = count_of(config, "batch"),
          .length = 0,
          .schedule = {.highest = config.real("step_size"),
                       .lowest = config.real("step_size") / 10,
                       .warm_up = std::min<std::uint64_t>(
                           static_cast<std::uint64_t>(config.integer("warm_up")), updates),
                       .steps = updates},
          .largest_norm = config.real("largest_norm"),
          .dropout = config.real("dropout"),
          .adamw = {.beta2 = 0.99, .weight_decay = config.real("weight_decay")},
          .seed = seed};
}

LanguageRun::LanguageRun(const Config& config, const RunContext& context)
    : kernels_(lab::kernels(context.math)),
      seed_(context.seed),
      sampling_(sampling_of(config)),
      updates_(learns_anything(config) ? static_cast<std::uint64_t>(config.integer("updates")) : 0),
      length_(static_cast<std::uint64_t>(config.integer("length"))),
      evaluate_every_(static_cast<std::uint64_t>(config.integer("evaluate_every"))),
      sample_every_(static_cast<std::uint64_t>(config.integer("sample_every"))),
      sample_length_(static_cast<std::uint64_t>(config.integer("sample_length"))),
      language_(language_of(config, context)),
      logits_(language_.model.shape.vocabulary),
      processed_(language_.model.shape.vocabulary),
      sampler_(kernels_, language_.model.shape.vocabulary, sampling_),
      draws_(context.seed, "draws") {
  if (learns_anything(config)) {
    LanguageTraining training = training_of(config, seed_);
    training.length = language_.model.shape.context;
    trainer_.emplace(kernels_, language_.model, language_.learnt, training);
    if (language_.held_out.size() >= 2) {
      held_out_loss_.emplace(language_.model.shape, language_.held_out);
      const std::span<const int> learnt = language_.learnt;
      const NGram n_gram(count_of(config, "n_gram_order"), language_.tokens.size(),
                         std::span(&learnt, 1));
      n_gram_loss_ = cross_entropy(n_gram, language_.held_out);
    }
  }
  text_ = language_.tokens.encode(config.text("prompt"), unknown_);
  if (text_.empty()) {
    const std::optional<int> end = language_.tokens.end_of_text();
    if (!end && language_.learnt.empty())
      throw Error("there is no text to go on with", "field prompt", "a text");
    text_.push_back(end ? *end : language_.learnt.front());
  }
  prompt_ = text_.size();
  text_.reserve(prompt_ + length_);
  surprisals_.reserve(prompt_ + length_);
}

// --- [SECTION] steps
// ------------------------------------------------------------------------------------------------

void LanguageRun::begin(Recorder& recorder) {
  const Recordings& r = recordings();
  recorder.value(r.parameters, static_cast<double>(language_.model.parameters.size()));
  recorder.value(r.vocabulary, static_cast<double>(language_.model.shape.vocabulary));
  if (!trainer_) {
    read_prompt(recorder);
    return;
  }
  recorder.value(r.learnt_tokens, static_cast<double>(language_.learnt.size()));
  recorder.value(r.held_out_tokens, static_cast<double>(language_.held_out.size()));
  record_held_out(recorder);
  write_sample();
  if (!learns()) read_prompt(recorder);
}

bool LanguageRun::step(Recorder& recorder) {
  return learns() ? update(recorder) : draw_token(recorder);
}

bool LanguageRun::update(Recorder& recorder) {
  const Recordings& r = recordings();
  const double loss = trainer_->step();
  if (!is_finite(loss)) {
    recorder.diverge(r.loss, kDiverged);
    return false;
  }
  recorder.series(r.loss, loss);
  recorder.series(r.gradient_norm, trainer_->gradient_norm());
  const bool last = ++done_ == updates_;
  if (last || done_ % evaluate_every_ == 0) record_held_out(recorder);
  if (last || done_ % sample_every_ == 0) write_sample();
  if (last) read_prompt(recorder);
  return true;
}

void LanguageRun::record_held_out(Recorder& recorder) {
  if (!held_out_loss_) return;
  const double loss = (*held_out_loss_)(kernels_, language_.model);
  if (is_finite(loss)) recorder.series(recordings().held_out, loss);
  recorder.series(recordings().n_gram, n_gram_loss_);
}

void LanguageRun::write_sample() {
  Stream draws(seed_, "sample/" + std::to_string(done_));
  WindowedDecoder decoder(kernels_, language_.model);
  std::vector<int> text(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(prompt_));
  Sample sample{.update = done_, .tokens = {}, .surprisals = {}};
  std::vector<float> logits(logits_.size());
  for (std::uint64_t i = 0; i < sample_length_; ++i) {
    const std::span<const float> raw = decoder.read(text);
    if (!is_sound(raw)) break;
    std::ranges::copy(raw, logits.begin());
    sampler_.process(text, logits);
    const int token = sampler_.draw(logits, draws);
    text.push_back(token);
    sample.tokens.push_back(token);
    sample.surprisals.push_back(surprisal_of(raw, token));
  }
  if (samples_.size() == kMostSamples) samples_.erase(samples_.begin() + 1);
  samples_.push_back(std::move(sample));
}

void LanguageRun::read_prompt(Recorder& recorder) {
  decoder_.emplace(kernels_, language_.model);
  double sum = 0;
  for (std::size_t n = 1; n <= prompt_; ++n) {
    std::ranges::copy(decoder_->read(std::span(text_).first(n)), logits_.begin());
    if (n == prompt_ || !is_sound(logits_)) break;
    surprisals_.push_back(surprisal_of(logits_, text_[n]));
    sum += surprisals_.back();
  }
  if (prompt_ > 1 && surprisals_.size() == prompt_ - 1)
    recorder.value(recordings().prompt_perplexity,
                   lab::exp(sum / static_cast<double>(prompt_ - 1)));
}

bool LanguageRun::draw_token(Recorder& recorder) {
  if (ended_ || text_.size() - prompt_ >= length_) return false;
  if (!is_sound(logits_)) {
    recorder.diverge(recordings().surprisal, kDiverged);
    return false;
  }
  std::ranges::copy(logits_, processed_.begin());
  sampler_.process(text_, processed_);
  const int token = sampler_.draw(processed_, draws_);
  if (token == language_.tokens.end_of_text() ||
      static_cast<std::size_t>(token) >= language_.tokens.size()) {
    ended_ = true;
    return false;
  }
  surprisals_.push_back(surprisal_of(logits_, token));
  text_.push_back(token);
  const std::size_t drawn = text_.size() - prompt_;
  double sum = 0;
  for (const double x : std::span(surprisals_).last(drawn)) sum += x;
  const double perplexity = lab::exp(sum / static_cast<double>(drawn));
  recorder.series(recordings().surprisal, surprisals_.back());
  recorder.series(recordings().perplexity, perplexity);
  recorder.value(recordings().text_perplexity, perplexity);
  std::ranges::copy(decoder_->read(text_), logits_.begin());
  return drawn < length_;
}

bool LanguageRun::is_sound(std::span<const float> logits) const {
  return is_finite(kernels_.max_abs(logits));
}

double LanguageRun::surprisal_of(std::span<const float> logits, int token) const {
  // Of a token that is as good as certain, rounding may leave a little less than 0.
  return std::max(0.0, static_cast<double>(kernels_.logsumexp(logits)) -
                           static_cast<double>(logits[static_cast<std::size_t>(token)]));
}

// --- [SECTION] what is seen
// ---------------------------------------------------------------------------------------------------

struct LanguageRun::Inside {
  std::span<const int> tokens;  // what the model sees
  TransformerWorkspace workspace;
  MatrixView<float> logits;

  Inside(const Kernels& kernels, const Transformer& model, std::span<const int> seen)
      : tokens(seen),
        workspace(model.shape, {.rows = seen.size(), .length = seen.size()}),
        logits(forward(kernels, model, seen, seen.size(), workspace)) {}

  std::size_t last() const { return tokens.size() - 1; }
};

std::size_t LanguageRun::window_begin() const {
  if (decoder_) return decoder_->begin();
  const std::size_t context = language_.model.shape.context;
  return text_.size() - std::min(text_.size(), context);
}

bool LanguageRun::is_seen_through() const {
  const double rows = static_cast<double>(text_.size() - window_begin());
  return rows * static_cast<double>(language_.model.parameters.size()) <= kMostWork;
}

void LanguageRun::observe(Recorder& recorder) const {
  observe_samples(recorder);
  if (!is_seen_through()) {
    observe_text(recorder);
    if (decoder_ && is_sound(logits_)) observe_next(recorder, logits_);
    return;
  }
  const Inside inside(kernels_, language_.model, std::span(text_).subspan(window_begin()));
  const std::span<const float> logits = inside.logits.row(inside.last());
  // What has diverged is not shown as if it were data.
  if (!is_sound(logits)) return;
  observe_text(recorder);
  observe_next(recorder, logits);
  observe_inside(recorder, inside);
}

void LanguageRun::observe_samples(Recorder& recorder) const {
  const Recordings& r = recordings();
  std::vector<std::string> tokens, names;
  std::vector<double> rows;
  for (std::size_t s = 0; s < samples_.size(); ++s) {
    names.push_back("after " + std::to_string(samples_[s].update));
    for (std::size_t i = 0; i < samples_[s].tokens.size(); ++i) {
      tokens.push_back(language_.tokens.spelled(samples_[s].tokens[i]));
      rows.push_back(samples_[s].surprisals[i]);
      rows.push_back(static_cast<double>(s));
    }
  }
  if (tokens.empty()) return;
  recorder.labels(r.sample_tokens, tokens);
  recorder.labels(r.sample_names, names);
  recorder.array(r.sample_surprisals, std::array<std::size_t, 2>{tokens.size(), 2}, rows);
}

void LanguageRun::observe_text(Recorder& recorder) const {
  const Recordings& r = recordings();
  std::vector<std::string> tokens;
  for (const int token : text_) tokens.push_back(language_.tokens.spelled(token));
  recorder.labels(r.tokens, tokens);
  if (surprisals_.empty()) return;
  recorder.array(r.surprisals, std::array<std::size_t, 1>{surprisals_.size()}, surprisals_);
  std::vector<double> curve, running;
  double sum = 0;
  for (std::size_t i = 0; i < surprisals_.size(); ++i) {
    const auto place = static_cast<double>(i + 2);  // the first token is given
    sum += surprisals_[i];
    curve.insert(curve.end(), {place, surprisals_[i]});
    running.insert(running.end(), {place, sum / static_cast<double>(i + 1)});
  }
  const std::array<std::size_t, 2> shape = {surprisals_.size(), 2};
  recorder.array(r.curve, shape, curve);
  recorder.array(r.running, shape, running);
}

void LanguageRun::observe_next(Recorder& recorder, std::span<const float> logits) const {
  const Recordings& r = recordings();
  std::vector<float> processed(logits.begin(), logits.end());
  Sampler sampler(kernels_, logits.size(), sampling_);
  sampler.process(text_, processed);
  const std::vector<double> before = softmax(logits);
  std::vector<double> after = softmax(processed);
  if (sampling_.temperature == 0) {
    std::ranges::fill(after, 0.0);
    after[kernels_.argmax(std::span<const float>(processed))] = 1;
  }
  const std::vector<std::size_t> order = order_of(before);
  std::vector<double> rows;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(kShownNext, order.size()); ++i) {
    const std::size_t token = order[i];
    for (const double x :
         {static_cast<double>(i), before[token], before[token], before[token], after[token]})
      rows.push_back(x);
    names.push_back(language_.tokens.shown(static_cast<int>(token)));
  }
  recorder.array(r.next, std::array<std::size_t, 2>{names.size(), 5}, rows);
  recorder.labels(r.next_names, names);
}

void LanguageRun::observe_inside(Recorder& recorder, const Inside& inside) const {
  const Recordings& r = recordings();
  const Transformer& model = language_.model;
  const TransformerShape& shape = model.shape;
  const TextTokens& tokens = language_.tokens;
  const auto names_of_last = [&](std::size_t count) {
    std::vector<std::string> names;
    for (const int token : inside.tokens.last(count)) names.push_back(tokens.shown(token));
    return names;
  };

  // The lens: what each layer would say, behind each of the last tokens.
  const std::size_t seen = std::min(kLensColumns, inside.tokens.size());
  std::vector<double> probabilities;
  std::vector<std::string> says, layers;
  std::vector<float> logits(seen * shape.vocabulary);
  for (std::size_t l = 0; l <= shape.layers; ++l) {
    layers.push_back(l == 0 ? "embedding" : "layer " + std::to_string(l));
    const MatrixView<float> all = inside.workspace.residual(l);
    logit_lens(kernels_, model, {all.row(all.rows - seen).data(), seen, all.cols}, logits);
    for (std::size_t i = 0; i < seen; ++i) {
      const auto row =
          std::span<const float>(logits).subspan(i * shape.vocabulary, shape.vocabulary);
      const std::size_t most = kernels_.argmax(row);
      probabilities.push_back(lab::exp(-surprisal_of(row, static_cast<int>(most))));
      says.push_back(tokens.shown(static_cast<int>(most)));
    }
  }
  recorder.array(r.lens, std::array<std::size_t, 2>{shape.layers + 1, seen}, probabilities);
  recorder.labels(r.lens_texts, says);
  recorder.labels(r.lens_rows, layers);
  recorder.labels(r.lens_columns, names_of_last(seen));

  // Where the last token looks.
  const std::size_t looked = std::min(kAttentionColumns, inside.tokens.size());
  std::vector<double> weights;
  std::vector<std::string> heads;
  for (std::size_t l = 0; l < shape.layers; ++l) {
    for (std::size_t h = 0; h < shape.heads; ++h) {
      heads.push_back("layer " + std::to_string(l + 1) + ", head " + std::to_string(h + 1));
      for (const float w : inside.workspace.attention(l, 0, h).row(inside.last()).last(looked))
        weights.push_back(static_cast<double>(w));
    }
  }
  recorder.array(r.attention, std::array<std::size_t, 2>{heads.size(), looked}, weights);
  recorder.labels(r.attention_rows, heads);
  recorder.labels(r.attention_columns, names_of_last(looked));

  // Who says the most likely token.
  const std::span<const float> row = inside.logits.row(inside.last());
  const std::size_t most = kernels_.argmax(row);
  const LogitAttribution parts = attribute_logit(model, inside.workspace, inside.tokens,
                                                 inside.last(), static_cast<int>(most));
  recorder.value(r.logit, static_cast<double>(row[most]));
  recorder.value(r.logit_sum, parts.sum());
  std::vector<double> effects = {parts.token, parts.position, parts.constant};
  std::vector<std::string> names = {"the token's embedding", "the position's embedding",
                                    "bias at the end"};
  for (std::size_t l = 0; l < shape.layers; ++l) {
    for (std::size_t h = 0; h < shape.heads; ++h) {
      effects.push_back(parts.heads[l * shape.heads + h]);
      names.push_back(heads[l * shape.heads + h]);
    }
    double mlp = parts.mlp_biases[l];
    for (std::size_t i = 0; i < shape.hidden(); ++i) mlp += parts.neurons[l * shape.hidden() + i];
    effects.push_back(mlp);
    names.push_back("layer " + std::to_string(l + 1) + ", mlp");
    effects.push_back(parts.attention_biases[l]);
    names.push_back("layer " + std::to_string(l + 1) + ", attention's bias");
  }
  const auto shown_of = [&](const std::vector<double>& of, auto name_of, const char* rest_name) {
    std::vector<double> sizes;
    for (const double x : of) sizes.push_back(std::abs(x));
    const std::vector<std::size_t> order = order_of(sizes);
    std::pair<std::vector<double>, std::vector<std::string>> result;
    double rest = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i >= kShownParts) {
        rest += of[order[i]];
        continue;
      }
      result.first.push_back(of[order[i]]);
      result.second.push_back(name_of(order[i]));
    }
    if (order.size() > kShownParts) {
      result.first.push_back(rest);
      result.second.push_back(rest_name);
    }
    return result;
  };
  const auto [part_values, part_names] = shown_of(
      effects, [&](std::size_t i) { return names[i]; }, "all others");
  record_bars(recorder, r.parts, r.part_names, part_values, part_names);
  const auto [neuron_values, neuron_names] = shown_of(
      parts.neurons,
      [&](std::size_t i) {
        return "layer " + std::to_string(i / shape.hidden() + 1) + ", neuron " +
               std::to_string(i % shape.hidden() + 1);
      },
      "all others");
  record_bars(recorder, r.neurons, r.neuron_names, neuron_values, neuron_names);
}

std::vector<Explanation> LanguageRun::explain(const Recorder& recorder) const {
  std::vector<Explanation> all;
  for (std::optional<Explanation> one :
       {explain_prompt(), explain_learning(recorder), explain_choice()})
    if (one) all.push_back(std::move(*one));
  return all;
}

std::optional<Explanation> LanguageRun::explain_prompt() const {
  if (unknown_ == 0) return std::nullopt;
  return Explanation{
      .id = "unknown-characters",
      .title = "Why is a part of the prompt missing?",
      .text = counted(unknown_, "character") +
              " of the prompt never occurs in the corpus, so there is no token for it, and it was "
              "left out. Byte pairs can spell anything: tokens = byte_pairs."};
}

std::optional<Explanation> LanguageRun::explain_learning(const Recorder& recorder) const {
  const Recordings& r = recordings();
  if (!trainer_ || recorder.buckets(r.loss).empty()) return std::nullopt;
  const double uniform = lab::log(static_cast<double>(language_.model.shape.vocabulary));
  std::string text =
      "Who knows nothing and gives each of " + counted(language_.model.shape.vocabulary, "token") +
      " the same probability loses log " + std::to_string(language_.model.shape.vocabulary) +
      " = " + shown(uniform) + " nats a token. After " + counted(done_, "update") +
      " the last windows cost " + shown(recorder.buckets(r.loss).back().last) + ".";
  if (!recorder.buckets(r.held_out).empty()) {
    const double now = recorder.buckets(r.held_out).back().last;
    text += " On the held-out part it loses " + shown(now) + ", a perplexity of " +
            shown(lab::exp(now)) + "; the Kneser-Ney n-gram, which only counts, " +
            shown(n_gram_loss_) + ".";
    double least = now;
    for (const Bucket& bucket : recorder.buckets(r.held_out)) least = std::min(least, bucket.min);
    if (now > least + 0.05) {
      text += " It was " + shown(least) +
              " before: what it learns by now holds for the learnt part alone. More text, fewer "
              "updates, weight decay or dropout.";
    } else if (now < n_gram_loss_) {
      text += " So it uses more than the few tokens that an n-gram sees.";
    }
  }
  return Explanation{
      .id = "is-it-learning", .title = "Has it learnt anything?", .text = std::move(text)};
}

std::optional<Explanation> LanguageRun::explain_choice() const {
  if (!decoder_ || !is_sound(logits_)) return std::nullopt;
  std::string text =
      "Where several models speak, their logits are fused first; here one does. Then, in this "
      "order, come the repetition penalty of " +
      shown(sampling_.repetition_penalty) + ", the temperature of " + shown(sampling_.temperature) +
      ", and what is cut off. ";
  if (sampling_.temperature == 0) {
    text += "At temperature 0 the largest logit is taken, and nothing is drawn.";
  } else {
    Sampling so_far = {.repetition_penalty = sampling_.repetition_penalty,
                       .temperature = sampling_.temperature};
    const auto left = [&] {
      std::vector<float> processed(logits_);
      Sampler(kernels_, logits_.size(), so_far).process(text_, processed);
      return std::to_string(left_of(processed));
    };
    text += "Of " + left() + " tokens";
    so_far.top_k = sampling_.top_k;
    text += " top-k leaves " + left();
    so_far.top_p = sampling_.top_p;
    text += ", top-p " + left();
    so_far.min_p = sampling_.min_p;
    text += ", min-p " + left() + "; one of these is drawn by its probability.";
  }
  if (surprisals_.size() >= prompt_ && text_.size() > prompt_) {
    text += " The last draw was “" + language_.tokens.shown(text_.back()) +
            "”, to which the model itself gave the probability " +
            shown(lab::exp(-surprisals_.back())) + ".";
  }
  if (!is_seen_through())
    text +=
        " The model is too large to be looked into at every token: lens, attention and parts "
        "are left out.";
  return Explanation{
      .id = "why-this-token", .title = "How is the next token chosen?", .text = std::move(text)};
}

// --- [SECTION] state
// ------------------------------------------------------------------------------------------------

void LanguageRun::save(ByteWriter& writer) const {
  writer.u64(done_);
  if (learns()) {
    trainer_->save(writer);
  } else if (trainer_) {
    language_.model.save(writer);
  }
  writer.u64(samples_.size());
  for (const Sample& sample : samples_) {
    writer.u64(sample.update);
    writer.i32s(sample.tokens);
    writer.f64s(sample.surprisals);
  }
  writer.boolean(decoder_.has_value());
  if (!decoder_) return;
  writer.i32s(text_);
  writer.f64s(surprisals_);
  writer.u64(decoder_->begin());
  draws_.save(writer);
  writer.boolean(ended_);
}

void LanguageRun::restore(ByteReader& reader) {
  done_ = reader.u64();
  if (learns()) {
    trainer_->restore(reader);
  } else if (trainer_) {
    language_.model.restore(reader);
  }
  samples_.clear();
  for (std::size_t count = reader.count(24); count > 0; --count) {
    Sample sample;
    sample.update = reader.u64();
    sample.tokens = reader.i32s();
    sample.surprisals = reader.f64s();
    samples_.push_back(std::move(sample));
  }
  text_.resize(prompt_);
  surprisals_.clear();
  decoder_.reset();
  draws_ = Stream(seed_, "draws");
  ended_ = false;
  if (!reader.boolean()) return;
  text_ = reader.i32s();
  surprisals_ = reader.f64s();
  const auto begin = static_cast<std::size_t>(reader.u64());
  draws_.restore(reader);
  ended_ = reader.boolean();
  decoder_.emplace(kernels_, language_.model);
  decoder_->restart(std::span(text_).first(text_.size() - 1), begin);
  std::ranges::copy(decoder_->read(text_), logits_.begin());
}

}  // namespace lab::language
