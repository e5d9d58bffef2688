#include "app/bench_language.h"

#include <cstddef>
#include <string>
#include <vector>

#include "app/bench_data.h"
#include "core/random.h"
#include "model/language_trainer.h"
#include "model/transformer.h"
#include "model/transformer_decoder.h"

namespace lab {

namespace {

constexpr TransformerShape kLarge{
    .vocabulary = 512, .context = 128, .width = 96, .heads = 6, .layers = 3};
constexpr TransformerShape kBeyondCaches{
    .vocabulary = 4096, .context = 128, .width = 384, .heads = 6, .layers = 6};

Transformer model_of(const TransformerShape& shape) {
  Transformer model(shape);
  Stream stream(0, "init");
  initialize(model, stream);
  return model;
}

std::vector<int> tokens_of(const TransformerShape& shape, std::size_t count) {
  Stream stream(0, "tokens");
  std::vector<int> tokens(count);
  for (int& token : tokens) token = static_cast<int>(stream.below(shape.vocabulary));
  return tokens;
}

std::string size_text(const TransformerShape& shape) {
  return std::to_string(shape.parameters()) + " parameters";
}

constexpr double kThousand = 1e-3;

}  // namespace

void bench_training(BenchMeasure& measure, std::span<const Kernels* const> tables) {
  constexpr std::size_t kWindows = 8;
  const std::vector<int> tokens = tokens_of(kLarge, 10'000);
  for (const Kernels* k : tables) {
    Transformer model = model_of(kLarge);
    LanguageTrainer trainer(
        *k, model, tokens,
        {.batch = kWindows,
         .length = kLarge.context,
         .schedule = {.highest = 1e-3, .lowest = 1e-4, .warm_up = 0, .steps = 1'000'000}});
    measure.rate({.name = "train",
                  .element = "float32",
                  .variant = k->name,
                  .size = size_text(kLarge),
                  .unit = "ktoken/s"},
                 kThousand * kWindows * kLarge.context, [&] { trainer.step(); });
  }
}

void bench_decoding(BenchMeasure& measure, std::span<const Kernels* const> tables) {
  for (const TransformerShape& shape : {kLarge, kBeyondCaches}) {
    if (measure.quick() && shape.parameters() > kLarge.parameters()) break;
    const std::size_t half = shape.context / 2;
    const std::vector<int> tokens = tokens_of(shape, shape.context);
    const Transformer model = model_of(shape);
    BenchRow row{.name = "decode",
                 .element = "float32",
                 .variant = "gemv_t alone",
                 .size = size_text(shape),
                 .unit = "ktoken/s"};

    // Embeddings are read by the head, positions not; of keys and values those so far.
    const std::size_t read = shape.parameters() - shape.context * shape.width +
                             2 * shape.layers * shape.width * (half + half / 2);
    const std::size_t cols = 4 * shape.width, rows = read / cols;
    const std::vector<float> matrix = bench_numbers<float>(BenchStream::left, rows * cols, -1, 1);
    const std::vector<float> x = bench_numbers<float>(BenchStream::right, rows, -1, 1);
    std::vector<float> y(cols);
    const double ktokens = kThousand * static_cast<double>(shape.context - half);
    measure.rate(row, ktokens, [&] {
      for (std::size_t t = half; t < shape.context; ++t)
        tables[0]->gemv_t({matrix.data(), rows, cols}, x, y);
    });

    for (const Kernels* k : tables) {
      row.variant = k->name;
      TransformerDecoder decoder(*k, model);
      decoder.append(std::span(tokens).first(half));
      measure.rate(row, ktokens, [&] {
        decoder.keep(half);
        for (const int token : std::span(tokens).subspan(half)) {
          decoder.append(std::span(&token, 1));
          decoder.logits();
        }
      });
    }
  }
}

}  // namespace lab
