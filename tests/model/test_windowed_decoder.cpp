#include <doctest/doctest.h>

#include <vector>

#include "compute/reference.h"
#include "model/windowed_decoder.h"

using namespace reference;
using namespace lab;

namespace {

constexpr TransformerShape kShape{
    .vocabulary = 11, .context = 6, .width = 12, .heads = 3, .layers = 2};

Transformer make_model() {
  Transformer model(kShape);
  model.parameters = numbers<float>(model.parameters.size(), 1, 0.5);
  return model;
}

std::vector<int> text_of(std::size_t size) {
  std::vector<int> text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<int>(7 * i % 11));
  return text;
}

std::vector<float> read(WindowedDecoder& decoder, std::span<const int> text) {
  const std::span<const float> logits = decoder.read(text);
  return {logits.begin(), logits.end()};
}

}  // namespace

TEST_CASE("windowed decoder: within the context it is the model, beyond it the model of a window") {
  const Transformer model = make_model();
  const std::vector<int> text = text_of(15);
  WindowedDecoder decoder(kernels(), model);
  std::vector<std::size_t> begins;
  for (std::size_t n = 1; n <= text.size(); ++n) {
    const std::span<const int> now = std::span(text).first(n);
    const std::vector<float> logits = read(decoder, now);
    begins.push_back(decoder.begin());
    const std::size_t length = n - decoder.begin();
    REQUIRE(length <= kShape.context);
    TransformerWorkspace workspace(kShape, {.rows = length, .length = length});
    const MatrixView<float> whole =
        forward(kernels(), model, now.subspan(decoder.begin()), length, workspace);
    for (std::size_t v = 0; v < logits.size(); ++v)
      CHECK(same_bits(logits[v], whole(length - 1, v)));
  }
  // Seven tokens do not fit: the window then begins at the last three.
  CHECK(begins == std::vector<std::size_t>{0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12});
}

TEST_CASE("windowed decoder: restarted it goes on with the same bits") {
  const Transformer model = make_model();
  const std::vector<int> text = text_of(13);
  WindowedDecoder decoder(kernels(), model), other(kernels(), model);
  for (std::size_t n = 1; n <= 11; ++n) decoder.read(std::span(text).first(n));
  other.restart(std::span(text).first(11), decoder.begin());
  for (std::size_t n = 12; n <= text.size(); ++n) {
    const std::vector<float> expected = read(decoder, std::span(text).first(n));
    const std::vector<float> logits = read(other, std::span(text).first(n));
    for (std::size_t v = 0; v < expected.size(); ++v) CHECK(same_bits(logits[v], expected[v]));
    CHECK(other.begin() == decoder.begin());
  }
}
