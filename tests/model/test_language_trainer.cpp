#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "allocations.h"
#include "core/bytes.h"
#include "core/error.h"
#include "data/character_tokens.h"
#include "model/language_trainer.h"

using lab::LanguageTrainer;
using lab::LanguageTraining;
using lab::Transformer;

namespace {

constexpr std::string_view kText =
    "the cat sat on the mat and the dog sat on the log; a rat ran to the hat that sat on the mat. "
    "the dog and the cat ran to the log, and the rat and the hat sat on the cat that sat on the "
    "mat.";

const lab::CharacterTokens& characters() {
  static const std::string_view kTexts[] = {kText};
  static const lab::CharacterTokens kCharacters(kTexts);
  return kCharacters;
}

Transformer small_model() {
  Transformer model(
      {.vocabulary = characters().size(), .context = 16, .width = 16, .heads = 2, .layers = 1});
  lab::Stream stream(1, "init");
  initialize(model, stream);
  return model;
}

constexpr LanguageTraining kTraining{.batch = 8,
                                     .length = 16,
                                     .schedule = {.highest = 0.01, .warm_up = 5, .steps = 100},
                                     .dropout = 0.05,
                                     .seed = 3};

}  // namespace

TEST_CASE("language trainer: a text is learnt") {
  const std::vector<int> tokens = characters().encode(kText);
  Transformer model = small_model();
  const double before = mean_loss(lab::kernels(), model, tokens, 16);
  CHECK(before ==
        doctest::Approx(std::log(static_cast<double>(characters().size()))).epsilon(0.05));
  LanguageTrainer trainer(lab::kernels(), model, tokens, kTraining);
  for (int i = 0; i < 100; ++i) trainer.step();
  CHECK(trainer.steps() == 100);
  CHECK(trainer.gradient_norm() > 0);
  CHECK(mean_loss(lab::kernels(), model, tokens, 16) < 0.6 * before);
}

TEST_CASE("language trainer: from a checkpoint it goes on with the same bits") {
  const std::vector<int> tokens = characters().encode(kText);
  Transformer model = small_model(), resumed = small_model();
  LanguageTrainer trainer(lab::kernels(), model, tokens, kTraining);
  for (int i = 0; i < 7; ++i) trainer.step();
  lab::ByteWriter writer;
  trainer.save(writer);
  std::vector<double> losses;
  for (int i = 0; i < 5; ++i) losses.push_back(trainer.step());

  LanguageTrainer again(lab::kernels(), resumed, tokens, kTraining);
  again.step();
  lab::ByteReader reader(writer.view());
  again.restore(reader);
  reader.expect_end();
  CHECK(again.steps() == 7);
  for (const double loss : losses) CHECK(again.step() == loss);
  CHECK(resumed.parameters == model.parameters);

  // Cut off anywhere it is refused, and nothing has changed.
  const std::vector<float> parameters = resumed.parameters;
  for (std::size_t size = 0; size < writer.size(); size += 97) {
    lab::ByteReader part(writer.view().first(size), "checkpoint");
    CHECK_THROWS_AS(again.restore(part), lab::Error);
  }
  CHECK(again.steps() == 12);
  CHECK(resumed.parameters == parameters);
}

TEST_CASE(
    "language trainer: a step does not allocate after the first; a broken loss changes nothing") {
  const std::vector<int> tokens = characters().encode(kText);
  Transformer model = small_model();
  LanguageTrainer trainer(lab::kernels(), model, tokens, kTraining);
  trainer.step();
  const std::size_t before = allocations_made();
  trainer.step();
  trainer.step();
  CHECK(allocations_made() == before);
  model.parameters.back() = std::numeric_limits<float>::infinity();
  const std::vector<float> kept = model.parameters;
  CHECK(!std::isfinite(trainer.step()));
  CHECK(model.parameters == kept);
  CHECK(trainer.steps() == 3);
}
