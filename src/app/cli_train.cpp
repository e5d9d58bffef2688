// `train`: a small language model on texts of one's own, from the tokens to files that other
// programs of the GPT-2 family read too.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli_files.h"
#include "app/cli_progress.h"
#include "app/cli_request.h"
#include "app/cli_session.h"
#include "app/cli_verbs.h"
#include "core/bytes.h"
#include "core/digest.h"
#include "core/error.h"
#include "core/json.h"
#include "core/names.h"
#include "data/byte_pair_files.h"
#include "data/byte_pair_training.h"
#include "data/corpora.h"
#include "data/files.h"
#include "data/text.h"
#include "experiment/config.h"
#include "experiment/field_list.h"
#include "model/gpt2_files.h"
#include "model/language_trainer.h"

namespace lab {

namespace {

constexpr std::string_view kName = "train";
constexpr std::string_view kCorpus = "corpus:";
constexpr std::string_view kCheckpointMagic = "logit-lab train 1";

constexpr TransformerShape kDefaultShape{
    .vocabulary = 512, .context = 64, .width = 64, .heads = 4, .layers = 2};
constexpr TransformerShape kLargestShape{
    .vocabulary = 65536, .context = 4096, .width = 1024, .heads = 64, .layers = 24};

// The fields; those of the shape have the values of `from`.
Schema training_schema(const TransformerShape& from) {
  FieldList fields;
  const auto size = [&](const char* name, std::size_t TransformerShape::*part, double least,
                        const char* help) {
    fields.integer(name, static_cast<std::int64_t>(from.*part),
                   {least, static_cast<double>(kLargestShape.*part)}, help);
  };
  size("vocabulary", &TransformerShape::vocabulary, 257,
       "tokens: bytes, byte pairs and the end of a text");
  size("context", &TransformerShape::context, 1, "tokens that the model sees at once");
  size("width", &TransformerShape::width, 1, "numbers of a residual stream, a multiple of heads");
  size("heads", &TransformerShape::heads, 1, "attention heads of a layer");
  size("layers", &TransformerShape::layers, 1, "layers of attention and mlp");
  fields.integer("steps", 1000, {1, 1e7}, "updates of the parameters");
  fields.integer("batch", 16, {1, 1024}, "windows of `context` tokens an update");
  fields.real("step_size", 3e-3, {1e-8, 1}, "after the warm-up; falls to a tenth by a cosine");
  fields.integer("warm_up", 50, {0, 1e7}, "updates in which the step size rises; at most steps");
  fields.real("weight_decay", 0.1, {0, 1}, "of AdamW");
  fields.real("largest_norm", 1, {1e-6, 1e6}, "to which the gradient is scaled down");
  fields.real("dropout", 0, {0, 0.9}, "probability that a number of a layer is left out");
  fields.real("held_out", 0.05, {0, 0.5}, "share at the end of each text that is not learnt");
  return Schema(1, std::move(fields.list));
}

// The model of --from.
std::optional<LanguageModel> read_start(const CliContext& context) {
  const auto from = context.arguments.value("from");
  if (!from) return std::nullopt;
  LanguageModel model = language_model(context, *from);
  const auto check = [&](const char* name, std::size_t TransformerShape::*part) {
    const std::size_t value = model.transformer.shape.*part, most = kLargestShape.*part;
    if (value > most)
      throw Error("the model's " + std::string(name) + " is " + std::to_string(value), *from,
                  "at most " + std::to_string(most));
  };
  check("vocabulary", &TransformerShape::vocabulary);
  check("context", &TransformerShape::context);
  check("width", &TransformerShape::width);
  check("number of heads", &TransformerShape::heads);
  check("number of layers", &TransformerShape::layers);
  if (!model.encoding.find(kEndOfText))
    throw Error("the vocabulary has no " + std::string(kEndOfText), *from, "one that has it");
  return model;
}

Config read_config(const Arguments& arguments, const std::optional<LanguageModel>& start) {
  const Schema schema = training_schema(start ? start->transformer.shape : kDefaultShape);
  Config config(std::string(kName), schema, {});
  const Config defaults = config;
  if (const auto file = arguments.value("config"))
    config = Config::from_json(parse_json(as_text(read_file(*file)), *file), kName, schema, *file);
  Settings settings;
  for (const std::string& assignment : arguments.values("set")) {
    const auto [name, value] = split_assignment("set", assignment, "NAME=VALUE");
    settings[name] = schema.parse(name, value, "--set");
  }
  config = config.with(settings);
  for (const char* name : {"vocabulary", "context", "width", "heads", "layers"}) {
    if (start && config.integer(name) != defaults.integer(name))
      throw Error(std::string(name) + " is " + std::to_string(config.integer(name)),
                  "field " + std::string(name),
                  std::to_string(defaults.integer(name)) + " as in the model of --from");
  }
  if (config.integer("width") % config.integer("heads") != 0)
    throw Error("width is " + std::to_string(config.integer("width")), "field width",
                "a multiple of heads, which is " + std::to_string(config.integer("heads")));
  if (config.integer("warm_up") > config.integer("steps"))
    throw Error("warm_up is " + std::to_string(config.integer("warm_up")), "field warm_up",
                "at most steps, which is " + std::to_string(config.integer("steps")));
  return config;
}

// The texts, and which part of each is learnt.
struct Corpus {
  std::vector<std::string> texts;
  std::vector<std::string_view> learnt, held_out;
  std::string digest;
};

// A file, or "corpus:NAME": a text that set-up prepares.
std::string read_text(const CliContext& context, const std::string& source) {
  if (source.starts_with(kCorpus))
    return load_corpus(source.substr(kCorpus.size()), data_store(context));
  return std::string(as_text(read_file(source)));
}

Corpus read_corpus(const CliContext& context, double share) {
  Corpus corpus;
  Digest digest;
  for (const std::string& source : context.arguments.positional()) {
    corpus.texts.push_back(read_text(context, source));
    digest.text(corpus.texts.back());
  }
  for (const std::string_view text : corpus.texts) {
    const auto held_out = static_cast<std::size_t>(share * static_cast<double>(text.size()));
    corpus.learnt.push_back(text.substr(0, text.size() - held_out));
    corpus.held_out.push_back(text.substr(text.size() - held_out));
  }
  corpus.digest = digest.hex();
  return corpus;
}

std::vector<int> encode(const BytePairEncoding& encoding, std::span<const std::string_view> texts) {
  const std::optional<int> end = encoding.find(kEndOfText);
  std::vector<int> tokens;
  for (const std::string_view text : texts) {
    if (text.empty()) continue;
    tokens.push_back(*end);
    const std::vector<int> more = encoding.encode(text);
    tokens.insert(tokens.end(), more.begin(), more.end());
  }
  return tokens;
}

TransformerShape shape_of(const Config& config, std::size_t vocabulary) {
  const auto count = [&](const char* name) {
    return static_cast<std::size_t>(config.integer(name));
  };
  const TransformerShape shape{.vocabulary = vocabulary,
                               .context = count("context"),
                               .width = count("width"),
                               .heads = count("heads"),
                               .layers = count("layers")};
  if (shape.parameters() > kWeightLimits.max_cells)
    throw Error("the model has " + counted(shape.parameters(), "parameter"), "fields",
                "at most " + std::to_string(kWeightLimits.max_cells));
  return shape;
}

LanguageTraining training_of(const Config& config, std::uint64_t seed) {
  return {.batch = static_cast<std::size_t>(config.integer("batch")),
          .length = static_cast<std::size_t>(config.integer("context")),
          .schedule = {.highest = config.real("step_size"),
                       .lowest = config.real("step_size") / 10,
                       .warm_up = static_cast<std::uint64_t>(config.integer("warm_up")),
                       .steps = static_cast<std::uint64_t>(config.integer("steps"))},
          .largest_norm = config.real("largest_norm"),
          .dropout = config.real("dropout"),
          .adamw = {.beta2 = 0.99, .weight_decay = config.real("weight_decay")},
          .seed = seed};
}

// What a run was told, what it has come to, and where it lies.
class TrainingRun {
 public:
  TrainingRun(const CliContext& context, std::filesystem::path folder)
      : context_(context),
        folder_(std::move(folder)),
        start_(read_start(context)),
        config_(read_config(context.arguments, start_)),
        corpus_(read_corpus(context, config_.real("held_out"))),
        seed_(parse_whole(context.arguments.value("seed").value_or("0"), "seed", 0,
                          static_cast<std::uint64_t>(kLargestInteger))),
        encoding_(start_ ? start_->encoding : learn_byte_pairs()),
        tokens_(encode(encoding_, corpus_.learnt)),
        held_out_(encode(encoding_, corpus_.held_out)),
        model_(start_ ? start_->transformer : first_model()),
        trainer_(lab::kernels(), model_, checked(tokens_), training_of(config_, seed_)) {}

  void resume() {
    const std::string file = (folder_ / "checkpoint").string();
    const std::vector<std::byte> bytes = read_file(file, kWeightLimits);
    ByteReader reader(bytes, file);
    if (reader.text() != kCheckpointMagic || reader.text() != identity())
      throw Error("this checkpoint is of other settings, texts or another seed", file,
                  "the ones that it was made with, or no --resume");
    trainer_.restore(reader);
    losses_.restore(reader);
    last_loss_ = reader.f64();
    reader.expect_end();
  }

  void run() {
    const auto steps = static_cast<std::uint64_t>(config_.integer("steps"));
    const std::uint64_t first = trainer_.steps();
    Progress progress(context_.err, context_.shows_progress(), context_.style.columns);
    while (trainer_.steps() < steps) {
      if (context_.interrupted()) {
        write_checkpoint();
        throw Interrupted();
      }
      last_loss_ = trainer_.step();
      if (!std::isfinite(last_loss_))
        throw Error("the loss is no longer finite after " + counted(trainer_.steps(), "step"),
                    "training", "a smaller step_size", Error::Kind::machine);
      losses_.f64(last_loss_);
      const auto done = static_cast<double>(trainer_.steps() - first);
      progress.update(done / static_cast<double>(steps - first),
                      "loss " + short_number(last_loss_, 4));
      if (trainer_.steps() % kStepsBetweenCheckpoints == 0) write_checkpoint();
    }
  }

  // Writes all files and gives what training.json says.
  nlohmann::json write_files() const {
    write_checkpoint();
    const auto write_text = [&](const char* name, const std::string& text) {
      write_file((folder_ / name).string(), std::as_bytes(std::span(text)));
    };
    write_text("vocab.json", vocabulary_text(encoding_));
    write_text("merges.txt", merges_text(encoding_));
    write_text("config.json", gpt2_config_text(model_.shape) + "\n");
    write_file((folder_ / "model.safetensors").string(),
               write_gpt2_weights(model_, StoredType::F16));
    nlohmann::json said = result();
    write_text("training.json", pretty(said) + "\n");
    return said;
  }

 private:
  static constexpr std::uint64_t kStepsBetweenCheckpoints = 500;

  BytePairEncoding learn_byte_pairs() const {
    return train_byte_pairs(corpus_.learnt,
                            {.tokens = static_cast<std::size_t>(config_.integer("vocabulary")),
                             .specials = {std::string(kEndOfText)}});
  }

  Transformer first_model() const {
    Transformer model(shape_of(config_, encoding_.size()));
    Stream stream(seed_, "init");
    initialize(model, stream);
    return model;
  }

  nlohmann::json result() const {
    nlohmann::json texts = nlohmann::json::array();
    for (const std::string& file : context_.arguments.positional())
      texts.push_back(std::filesystem::path(file).filename().string());
    nlohmann::json result = {{"config", config_.json()},
                             {"seed", seed_},
                             {"texts", std::move(texts)},
                             {"texts_digest", corpus_.digest},
                             {"parameters", model_.parameters.size()},
                             {"tokens", tokens_.size()},
                             {"steps", trainer_.steps()},
                             {"loss", last_loss_},
                             {"digest", digest()}};
    if (const auto from = context_.arguments.value("from"))
      result["from"] = (std::filesystem::path(*from) / "").parent_path().filename().string();
    if (held_out_.size() > model_.shape.context)
      result["held_out_loss"] = mean_loss(lab::kernels(), model_, held_out_, model_.shape.context);
    return result;
  }

  std::span<const int> checked(const std::vector<int>& tokens) const {
    const auto context = static_cast<std::size_t>(config_.integer("context"));
    if (tokens.size() <= context)
      throw Error("the texts have " + counted(tokens.size(), "token"), "command line",
                  "more than the context of " + std::to_string(context));
    return tokens;
  }

  // Of all that decides the result.
  std::string identity() const {
    Digest digest;
    digest.text(config_.canonical()).text(corpus_.digest).u64(seed_);
    if (start_) {
      digest.text(vocabulary_text(start_->encoding)).text(merges_text(start_->encoding));
      digest.f32s(start_->transformer.parameters);
    }
    return digest.hex();
  }

  std::string digest() const {
    Digest all;
    all.text(identity()).text(losses_.hex()).f32s(model_.parameters);
    return all.hex();
  }

  void write_checkpoint() const {
    ByteWriter writer;
    writer.text(kCheckpointMagic);
    writer.text(identity());
    trainer_.save(writer);
    losses_.save(writer);
    writer.f64(last_loss_);
    write_file((folder_ / "checkpoint").string(), writer.view());
  }

  const CliContext& context_;
  std::filesystem::path folder_;
  std::optional<LanguageModel> start_;
  Config config_;
  Corpus corpus_;
  std::uint64_t seed_;
  BytePairEncoding encoding_;
  std::vector<int> tokens_, held_out_;
  Transformer model_;
  LanguageTrainer trainer_;
  Digest losses_;
  double last_loss_ = 0;
};

void print_result(const CliContext& context, const nlohmann::json& result,
                  const std::filesystem::path& folder) {
  std::vector<Term> terms = {
      {"parameters", std::to_string(result["parameters"].get<std::uint64_t>())},
      {"tokens", std::to_string(result["tokens"].get<std::uint64_t>())},
      {"steps", std::to_string(result["steps"].get<std::uint64_t>())},
      {"loss", short_number(result["loss"].get<double>()) + " nats a token, of the last batch"}};
  if (result.contains("held_out_loss")) {
    const double loss = result["held_out_loss"].get<double>();
    terms.push_back({"held-out loss", short_number(loss) + " nats a token, perplexity " +
                                          short_number(std::exp(loss))});
  }
  terms.push_back({"digest", result["digest"].get<std::string>()});
  print_terms(context.out, context.style, terms);
  context.out << "\nwrote config.json, vocab.json, merges.txt, model.safetensors and training.json "
                 "into "
              << folder.string() << '\n';
}

}  // namespace

std::string_view training_help() {
  static const std::string kHelp = [] {
    std::string text =
        "Learns byte pairs and then a transformer of GPT-2's architecture from the texts, each of "
        "which ends with a share that is held out. A TEXT is a file, or corpus:NAME for one of "
        "`logit-lab data list`. With --from a model is trained further, with its own tokens and "
        "shape. DIR gets config.json, vocab.json, merges.txt "
        "and "
        "model.safetensors (float16), as GPT-2's are named, and training.json with the losses and "
        "the digest, which is the same on every machine. A checkpoint is kept there, also after "
        "Ctrl-C; --resume goes on from it, with the same bits as without the break.\n\n"
        "The fields of --set and of --config, {\"set\": {NAME: VALUE, ...}}, with their "
        "defaults:\n";
    const Schema schema = training_schema(kDefaultShape);
    for (const Field& field : schema.fields())
      text += "\n  " + field.name + "=" + value_text(field.value) + ": " + field.help;
    return text;
  }();
  return kHelp;
}

int train_command(const CliContext& context) {
  const auto out = context.arguments.value("out");
  if (!out) throw Error("no folder is named", "command line", "--out DIR");
  const std::filesystem::path folder(*out);
  const bool resumes = context.arguments.has("resume");
  if (!resumes && !context.arguments.has("force") && is_file((folder / "checkpoint").string()))
    throw Error("there is a model already", folder.string(),
                "another folder, --resume to go on, or --force to overwrite it");
  TrainingRun run(context, folder);
  make_folder(folder);
  if (resumes) run.resume();
  run.run();
  const nlohmann::json result = run.write_files();
  if (context.json) {
    print_json(context.out, result);
  } else {
    print_result(context, result, folder);
  }
  return exit_status::kDone;
}

}  // namespace lab
