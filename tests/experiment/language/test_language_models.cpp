#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "allocations.h"
#include "core/error.h"
#include "data/byte_pair_files.h"
#include "data/byte_pair_training.h"
#include "data/store.h"
#include "experiment/experiment.h"
#include "experiment/language/held_out.h"
#include "experiment/language/language_run.h"
#include "model/gpt2_files.h"
#include "model/losses.h"

namespace lab {
Experiment language_models();
}

using namespace lab;

namespace {

const Experiment& experiment() {
  static const Experiment kExperiment = language_models();
  return kExperiment;
}

Config config(const Settings& settings) {
  return {experiment().id, experiment().schema, settings};
}

// A model that learns nothing worth saying, quickly.
Settings small(Settings more = {}) {
  Settings settings = {{"width", std::int64_t{16}},       {"heads", std::int64_t{2}},
                       {"layers", std::int64_t{2}},       {"context", std::int64_t{16}},
                       {"most_text", std::int64_t{8000}}, {"updates", std::int64_t{12}},
                       {"batch", std::int64_t{2}},        {"evaluate_every", std::int64_t{4}},
                       {"sample_every", std::int64_t{5}}, {"sample_length", std::int64_t{10}},
                       {"length", std::int64_t{30}}};
  for (auto& [name, value] : more) settings[name] = value;
  return settings;
}

std::unique_ptr<Run> make(const Settings& settings, const DataStore* data = nullptr) {
  return experiment().make(config(settings), {.seed = 3, .data = data});
}

Recorder finished(const Settings& settings, const DataStore* data = nullptr) {
  return run_to_end(experiment(), config(settings), {.seed = 3, .data = data}).recorder;
}

const Array& array(const Recorder& recorder, std::string_view name) {
  return recorder.array(recorder.find(name));
}

std::vector<std::string> labels(const Recorder& recorder, std::string_view name) {
  return labels_of(array(recorder, name));
}

std::string joined(const std::vector<std::string>& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

// A model whose weights are of no use, in the four files of a folder.
void keep_model(DataStore& store, const std::string& folder) {
  const std::string_view text = "the cat sat on the mat and the dog sat on the log";
  const BytePairEncoding encoding =
      train_byte_pairs(std::span(&text, 1), {.tokens = 264, .specials = {std::string(kEndOfText)}});
  Transformer model(
      {.vocabulary = encoding.size(), .context = 8, .width = 8, .heads = 2, .layers = 1});
  Stream stream(1, "model");
  initialize(model, stream);
  const auto bytes = [](const std::string& content) {
    const auto all = std::as_bytes(std::span(content));
    return std::vector<std::byte>(all.begin(), all.end());
  };
  store.keep(folder + "/config.json", bytes(gpt2_config_text(model.shape)));
  store.keep(folder + "/vocab.json", bytes(vocabulary_text(encoding)));
  store.keep(folder + "/merges.txt", bytes(merges_text(encoding)));
  store.keep(folder + "/model.safetensors", write_gpt2_weights(model, StoredType::F16));
}

}  // namespace

TEST_CASE("language models: updates first, then tokens, and all of it is recorded") {
  const Recorder recorder = finished(small());
  CHECK(recorder.step() == 12 + 30);
  CHECK(recorder.buckets(recorder.find("transformer/loss")).size() == 12);
  CHECK(recorder.buckets(recorder.find("text/surprisal")).size() == 30);
  // Before the first update, every fourth one, and of the n-gram the same.
  CHECK(recorder.buckets(recorder.find("held_out/transformer")).size() == 4);
  CHECK(recorder.buckets(recorder.find("held_out/n_gram")).size() == 4);
  // At the start it knows nothing.
  const double uniform = std::log(*recorder.value("model/vocabulary"));
  CHECK(recorder.buckets(recorder.find("held_out/transformer"))[0].last ==
        doctest::Approx(uniform).epsilon(0.02));
  CHECK(labels(recorder, "samples/names") ==
        std::vector<std::string>{"after 0", "after 5", "after 10", "after 12"});
  CHECK(array(recorder, "samples/surprisal").shape == std::vector<std::size_t>{40, 2});
  const std::vector<std::string> tokens = labels(recorder, "text/tokens");
  CHECK(joined(tokens).starts_with("Anna found the red ball in the"));
  CHECK(array(recorder, "text/surprisals").shape[0] == tokens.size() - 1);
  const double perplexity = recorder.buckets(recorder.find("text/perplexity")).back().last;
  double sum = 0;
  const std::vector<double>& surprisals = array(recorder, "text/surprisals").values;
  for (std::size_t i = surprisals.size() - 30; i < surprisals.size(); ++i) sum += surprisals[i];
  CHECK(perplexity == doctest::Approx(std::exp(sum / 30)));
}

TEST_CASE("language models: what is seen at a token fits together") {
  const Recorder recorder = finished(small());
  // The likeliest token, by the last layer's lens, the bars and the parts.
  const std::vector<std::string> names = labels(recorder, "next/names");
  CHECK(labels(recorder, "lens/says").back() == names.front());
  const Array& lens = array(recorder, "lens/probability");
  CHECK(lens.shape == std::vector<std::size_t>{3, labels(recorder, "lens/tokens").size()});
  CHECK(lens.values.back() == doctest::Approx(array(recorder, "next/rows").values[1]));
  CHECK(std::abs(*recorder.value("parts/logit") - *recorder.value("parts/sum")) <= 1e-4);
  double parts = 0;
  const Array& rows = array(recorder, "parts/rows");
  for (std::size_t i = 0; i < rows.shape[0]; ++i) parts += rows.values[4 * i + 1];
  CHECK(parts == doctest::Approx(*recorder.value("parts/sum")));
  const Array& attention = array(recorder, "attention/weights");
  CHECK(attention.shape[0] == 4);
  for (std::size_t h = 0; h < 4; ++h) {
    double sum = 0;
    for (std::size_t i = 0; i < attention.shape[1]; ++i)
      sum += attention.values[h * attention.shape[1] + i];
    CHECK(sum == doctest::Approx(1));  // the window is no longer than what is shown
  }
}

TEST_CASE("language models: the mark on a bar is what the token is drawn from") {
  const auto marks = [](const Settings& more) {
    const Recorder recorder = finished(small(more));
    const Array& rows = array(recorder, "next/rows");
    std::vector<double> after;
    for (std::size_t i = 0; i < rows.shape[0]; ++i) after.push_back(rows.values[5 * i + 4]);
    return after;
  };
  const std::vector<double> greedy = marks({{"temperature", 0.0}});
  CHECK(greedy[0] == 1);
  CHECK(greedy[1] == 0);
  const std::vector<double> two = marks({{"temperature", 1.0}, {"top_k", std::int64_t{2}}});
  CHECK(two[0] + two[1] == doctest::Approx(1));
  CHECK(two[2] == 0);
}

TEST_CASE("language models: saved at any step and restored it goes on with the same bits") {
  for (const std::uint64_t at : {std::uint64_t{4}, std::uint64_t{11}, std::uint64_t{12},
                                 std::uint64_t{13}, std::uint64_t{33}}) {
    const std::unique_ptr<Run> through = make(small()), fresh = make(small());
    Recorder recorder(experiment().recordings), resumed(experiment().recordings);
    const auto drive = [](Run& run, Recorder& into, std::uint64_t from, std::uint64_t to) {
      if (from == 0) {
        into.begin_step(0);
        run.begin(into);
        into.end_step();
      }
      for (std::uint64_t step = from + 1; step <= to; ++step) {
        into.begin_step(step);
        run.step(into);
        into.end_step();
      }
    };
    drive(*through, recorder, 0, at);
    ByteWriter writer;
    through->save(writer);
    drive(*through, recorder, at, 42);
    through->observe(recorder);
    drive(*fresh, resumed, 0, 40);  // anywhere else
    ByteReader reader(writer.view());
    fresh->restore(reader);
    reader.expect_end();
    Recorder rest(experiment().recordings);
    drive(*fresh, rest, at, 42);
    fresh->observe(rest);
    CHECK(labels(rest, "text/tokens") == labels(recorder, "text/tokens"));
    CHECK(array(rest, "text/surprisals").values == array(recorder, "text/surprisals").values);
    CHECK(array(rest, "next/rows").values == array(recorder, "next/rows").values);
    CHECK(array(rest, "samples/surprisal").values == array(recorder, "samples/surprisal").values);
    CHECK(array(rest, "parts/rows").values == array(recorder, "parts/rows").values);
  }
}

TEST_CASE("language models: an update between measurements and a token allocate nothing") {
  const std::unique_ptr<Run> run = make(small({{"updates", std::int64_t{20}},
                                               {"evaluate_every", std::int64_t{100}},
                                               {"sample_every", std::int64_t{100}}}));
  Recorder recorder(experiment().recordings);
  recorder.begin_step(0);
  run->begin(recorder);
  recorder.end_step();
  recorder.reserve(64);
  for (std::uint64_t step = 1; step <= 40; ++step) {
    const std::size_t before = allocations_made();
    recorder.begin_step(step);
    run->step(recorder);
    recorder.end_step();
    if (step > 1 && step != 20) CHECK(allocations_made() == before);  // 20: the prompt is read
  }
}

TEST_CASE("language models: a step size that is too large says so") {
  const Recorder recorder = finished(small({{"step_size", 1.0},
                                            {"warm_up", std::int64_t{0}},
                                            {"largest_norm", 1e6},
                                            {"updates", std::int64_t{400}},
                                            {"weight_decay", 0.0}}));
  // Either the loss stays a number and is bad, or the run has ended with a reason.
  if (recorder.divergence()) {
    CHECK(recorder.divergence()->reason.find("step_size") != std::string::npos);
  } else {
    CHECK(recorder.buckets(recorder.find("transformer/loss")).back().last > 2);
  }
}

TEST_CASE("language models: a prompt of unknown characters is left out, and said so") {
  const std::unique_ptr<Run> run =
      make(small({{"corpus", std::string("sums")}, {"prompt", std::string("Eins+17=")}}));
  Recorder recorder(experiment().recordings);
  recorder.begin_step(0);
  run->begin(recorder);
  recorder.end_step();
  run->observe(recorder);
  CHECK(joined(labels(recorder, "text/tokens")) == "+17=");
  const std::vector<Explanation> explanations = run->explain(recorder);
  REQUIRE_FALSE(explanations.empty());
  CHECK(explanations[0].id == "unknown-characters");
  CHECK(explanations[0].text.starts_with("4 characters"));
}

TEST_CASE("language models: a person's own model and text, and what is wrong with them") {
  DataStore store(folder_source({}));
  keep_model(store, "mine");
  const Settings settings = {{"training", std::string("none")},
                             {"model", std::string("file:mine")},
                             {"prompt", std::string("the cat")},
                             {"length", std::int64_t{20}}};
  const Recorder recorder = finished(settings, &store);
  CHECK(recorder.buckets(recorder.find("transformer/loss")).empty());
  CHECK(joined(labels(recorder, "text/tokens")).starts_with("the cat"));
  CHECK(recorder.value("text/prompt_perplexity"));
  CHECK_FALSE(recorder.value("corpus/learnt"));

  const auto refused = [&](const Settings& wrong) {
    try {
      make(wrong, &store);
    } catch (const Error& error) {
      return error.where();
    }
    return std::string("accepted");
  };
  store.keep("mine/model.safetensors", std::vector<std::byte>(100));
  CHECK(refused(settings).starts_with("mine/model.safetensors"));
  store.keep("mine/config.json", {});
  CHECK(refused(settings).starts_with("mine/config.json"));
  CHECK(refused(small({{"corpus", std::string("file:none.txt")}})) != "accepted");
  CHECK(refused(small({{"heads", std::int64_t{3}}})) == "field width");
  store.keep("short.txt", std::vector<std::byte>(20, std::byte{'a'}));
  CHECK(refused(small({{"corpus", std::string("file:short.txt")}})) == "field corpus");

  keep_model(store, "mine");
  std::string text;
  for (int i = 0; i < 60; ++i) text += "the cat sat on the mat\n";
  const auto all = std::as_bytes(std::span(text));
  store.keep("cats.txt", {all.begin(), all.end()});
  const Recorder further = finished(small({{"training", std::string("further")},
                                           {"model", std::string("file:mine")},
                                           {"corpus", std::string("file:cats.txt")}}),
                                    &store);
  CHECK(further.buckets(further.find("transformer/loss")).size() == 12);
  CHECK(*further.value("model/vocabulary") == *recorder.value("model/vocabulary"));
}

TEST_CASE("language models: the sampling can change in the middle of a run") {
  for (const char* name : {"temperature", "top_k", "top_p", "min_p", "repetition_penalty"})
    CHECK(experiment().schema.field(name).live);
  CHECK_FALSE(experiment().schema.field("width").live);
}

TEST_CASE("language models: what must hold holds on the first seed") {
  std::size_t measured = 0;
  for (const Claim& claim : experiment().claims) {
    if (claim.kind != ClaimKind::identity && claim.kind != ClaimKind::bound) continue;
    CAPTURE(claim.id);
    CHECK(
        holds(measure(experiment(), claim, {.seed = 0}).value, claim.comparison, claim.threshold));
    ++measured;
  }
  CHECK(measured == 3);
}

TEST_CASE("held-out loss: every token once, with at least half a context before it") {
  const TransformerShape shape{.vocabulary = 7, .context = 8, .width = 8, .heads = 2, .layers = 1};
  Transformer model(shape);
  Stream stream(2, "model");
  for (float& x : model.parameters) x = 0.4f * stream.normal_float();
  std::vector<int> text;
  for (int i = 0; i < 30; ++i) text.push_back(static_cast<int>(stream.below(7)));
  const Kernels& k = kernels();
  double expected = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    // Windows begin at 0, 4, 8, ... and what they add is behind their first half.
    const std::size_t begin = i <= 8 ? 0 : (i - 5) / 4 * 4;
    const std::size_t length = i - begin;
    TransformerWorkspace workspace(shape, {.rows = length, .length = length});
    const MatrixView<float> logits =
        forward(k, model, std::span(text).subspan(begin, length), length, workspace);
    const auto row = logits.row(length - 1);
    expected += static_cast<double>(k.logsumexp(row)) -
                static_cast<double>(row[static_cast<std::size_t>(text[i])]);
  }
  language::HeldOutLoss loss(shape, text);
  CHECK(loss(k, model) == doctest::Approx(expected / 29).epsilon(1e-6));
}
