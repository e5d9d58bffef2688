#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "allocations.h"
#include "compute/reference.h"
#include "core/bytes.h"
#include "core/digest.h"
#include "core/error.h"
#include "model/losses.h"
#include "model/optimisers.h"
#include "model/transformer.h"

using namespace reference;
using lab::Kernels;
using lab::MatrixView;
using lab::Transformer;
using lab::TransformerShape;
using lab::TransformerWorkspace;

namespace {

Transformer random_transformer(const TransformerShape& shape, std::uint64_t seed,
                               double scale = 0.6) {
  Transformer model(shape);
  model.parameters = numbers<float>(model.parameters.size(), seed, scale);
  return model;
}

std::vector<int> random_tokens(std::size_t count, std::size_t vocabulary, std::uint64_t seed) {
  lab::Stream stream(seed, "tokens");
  std::vector<int> tokens(count);
  for (int& token : tokens) token = static_cast<int>(stream.below(vocabulary));
  return tokens;
}

// The logits of one sequence in double, one position after the other, written from the formulas.
class Exact {
 public:
  using Row = std::vector<double>;

  Exact(const TransformerShape& shape, const Row& parameters) : shape_(shape) {
    for (const TransformerShape::Tensor& tensor : shape.tensors())
      named_.push_back({tensor.name, parameters.data() + tensor.offset});
  }

  std::vector<Row> logits(std::span<const int> tokens) const {
    const std::size_t d = shape_.width;
    std::vector<Row> x;
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      x.emplace_back(d);
      for (std::size_t j = 0; j < d; ++j)
        x[t][j] = at("wte.weight")[tokens[t] * d + j] + at("wpe.weight")[t * d + j];
    }
    for (std::size_t l = 0; l < shape_.layers; ++l) {
      const std::string name = "h." + std::to_string(l) + ".";
      std::vector<Row> qkv;
      for (const Row& row : x)
        qkv.push_back(map(name + "attn.c_attn", norm(name + "ln_1", row), 3 * d));
      for (std::size_t t = 0; t < x.size(); ++t)
        x[t] = sum(x[t], map(name + "attn.c_proj", attend(qkv, t), d));
      for (Row& row : x) {
        Row hidden = map(name + "mlp.c_fc", norm(name + "ln_2", row), 4 * d);
        for (double& v : hidden)
          v = v / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (v + 0.044715 * v * v * v)));
        row = sum(row, map(name + "mlp.c_proj", hidden, d));
      }
    }
    std::vector<Row> all;
    for (const Row& row : x) {
      const Row normal = norm("ln_f", row);
      Row logits(shape_.vocabulary);
      for (std::size_t v = 0; v < logits.size(); ++v)
        for (std::size_t j = 0; j < d; ++j) logits[v] += normal[j] * at("wte.weight")[v * d + j];
      all.push_back(logits);
    }
    return all;
  }

 private:
  const double* at(const std::string& name) const {
    return std::ranges::find(named_, name, &Named::name)->data;
  }
  static Row sum(Row a, const Row& b) {
    for (std::size_t j = 0; j < a.size(); ++j) a[j] += b[j];
    return a;
  }
  Row norm(const std::string& name, Row row) const {
    double mean = 0, variance = 0;
    for (const double v : row) mean += v / row.size();
    for (const double v : row) variance += (v - mean) * (v - mean) / row.size();
    for (std::size_t j = 0; j < row.size(); ++j)
      row[j] = (row[j] - mean) / std::sqrt(variance + shape_.epsilon) * at(name + ".weight")[j] +
               at(name + ".bias")[j];
    return row;
  }
  Row map(const std::string& name, const Row& x, std::size_t outputs) const {
    const double* const w = at(name + ".weight");
    Row y(at(name + ".bias"), at(name + ".bias") + outputs);
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t j = 0; j < outputs; ++j) y[j] += x[i] * w[i * outputs + j];
    return y;
  }
  Row attend(const std::vector<Row>& qkv, std::size_t t) const {
    const std::size_t d = shape_.width, width = shape_.head_width();
    Row out(d);
    for (std::size_t h = 0; h < d; h += width) {
      Row weights;
      double total = 0;
      for (std::size_t s = 0; s <= t; ++s) {
        double score = 0;
        for (std::size_t j = h; j < h + width; ++j) score += qkv[t][j] * qkv[s][d + j];
        weights.push_back(std::exp(score / std::sqrt(static_cast<double>(width))));
        total += weights.back();
      }
      for (std::size_t s = 0; s <= t; ++s)
        for (std::size_t j = h; j < h + width; ++j)
          out[j] += weights[s] / total * qkv[s][2 * d + j];
    }
    return out;
  }

  struct Named {
    std::string name;
    const double* data;
  };
  TransformerShape shape_;
  std::vector<Named> named_;
};

// What a training step needs, and the step.
struct Trainer {
  const Kernels& kernels;
  Transformer& model;
  TransformerWorkspace workspace;
  std::vector<float> losses, logit_gradient, gradient;

  Trainer(const Kernels& k, Transformer& trained, std::size_t rows, std::size_t length)
      : kernels(k),
        model(trained),
        workspace(trained.shape, {.rows = rows, .length = length}),
        losses(rows),
        logit_gradient(rows * trained.shape.vocabulary),
        gradient(trained.parameters.size()) {}

  double loss(std::span<const int> tokens, std::span<const int> next, std::size_t length,
              const lab::Dropout& dropout = {}) {
    const MatrixView<float> logits = forward(kernels, model, tokens, length, workspace, dropout);
    return lab::cross_entropy(kernels, logits, next, std::span(losses).first(logits.rows),
                              std::span(logit_gradient).first(logits.rows * logits.cols));
  }
  double find_gradient(std::span<const int> tokens, std::span<const int> next, std::size_t length,
                       const lab::Dropout& dropout = {}) {
    const double mean = loss(tokens, next, length, dropout);
    backward(kernels, model, tokens, {logit_gradient.data(), tokens.size(), model.shape.vocabulary},
             workspace, gradient);
    return mean;
  }
};

constexpr TransformerShape kSmall{
    .vocabulary = 11, .context = 6, .width = 8, .heads = 2, .layers = 2};

}  // namespace

TEST_CASE("transformer: tensors lie one behind the other and have the names of checkpoints") {
  std::size_t end = 0;
  std::vector<std::string> names;
  for (const TransformerShape::Tensor& tensor : kSmall.tensors()) {
    CHECK(tensor.offset == end);
    end += tensor.size;
    names.push_back(tensor.name);
  }
  CHECK(end == kSmall.parameters());
  CHECK(names.size() == 2 + 12 * 2 + 2);
  CHECK(names[4] == "h.0.attn.c_attn.weight");
  CHECK(names[25] == "h.1.mlp.c_proj.bias");
  CHECK(kSmall.tensors()[12].shape == std::vector<std::size_t>{32, 8});
  // GPT-2 small: Radford et al. 2019, table 2 (with the published vocabulary).
  const TransformerShape gpt2{
      .vocabulary = 50257, .context = 1024, .width = 768, .heads = 12, .layers = 12};
  CHECK(gpt2.parameters() == 124439808);
}

TEST_CASE("transformer: near the formula in double, and each gradient is a central difference") {
  const Kernels& k = lab::kernels();
  for (const TransformerShape& shape :
       {kSmall, TransformerShape{.vocabulary = 5, .context = 4, .width = 6, .heads = 3},
        TransformerShape{.vocabulary = 3, .context = 2, .width = 3, .heads = 1, .layers = 3}}) {
    const std::size_t length = shape.context - 1, rows = 3 * length;
    Transformer model = random_transformer(shape, 11);
    const std::vector<int> tokens = random_tokens(rows, shape.vocabulary, 1);
    const std::vector<int> next = random_tokens(rows, shape.vocabulary, 2);
    Trainer trainer(k, model, rows + 2, shape.context);
    trainer.find_gradient(tokens, next, length);
    const MatrixView<float> logits = forward(k, model, tokens, length, trainer.workspace);

    std::vector<double> p(model.parameters.begin(), model.parameters.end());
    const auto exact_logits = [&] {
      std::vector<Exact::Row> all;
      for (std::size_t first = 0; first < rows; first += length)
        for (Exact::Row& row : Exact(shape, p).logits(std::span(tokens).subspan(first, length)))
          all.push_back(std::move(row));
      return all;
    };
    const auto loss = [&] {
      double total = 0;
      const std::vector<Exact::Row> all = exact_logits();
      for (std::size_t r = 0; r < rows; ++r) {
        double sum = 0;
        for (const double v : all[r]) sum += std::exp(v);
        total += std::log(sum) - all[r][static_cast<std::size_t>(next[r])];
      }
      return total / static_cast<double>(rows);
    };
    const std::vector<Exact::Row> exact = exact_logits();
    double logit_error = 0;
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t v = 0; v < shape.vocabulary; ++v)
        logit_error = std::max(logit_error, std::abs(logits(r, v) - exact[r][v]));
    CHECK(logit_error <= 5e-6);
    constexpr double h = 1e-5;
    for (const TransformerShape::Tensor& tensor : shape.tensors()) {
      double largest = 0, error = 0;
      for (std::size_t i = tensor.offset; i < tensor.offset + tensor.size; ++i) {
        const double here = p[i];
        p[i] = here + h;
        const double more = loss();
        p[i] = here - h;
        const double less = loss();
        p[i] = here;
        largest = std::max(largest, std::abs((more - less) / (2 * h)));
        error = std::max(error, std::abs(trainer.gradient[i] - (more - less) / (2 * h)));
      }
      CAPTURE(tensor.name);
      CHECK(error <= 2e-6 * std::max(1.0, largest));
      CHECK(largest > 0);
    }
  }
}

TEST_CASE("transformer: sequences do not see each other, nor a position those behind it") {
  const Kernels& k = lab::kernels();
  const Transformer model = random_transformer(kSmall, 3);
  std::vector<int> tokens = random_tokens(18, 11, 4);
  TransformerWorkspace workspace(kSmall, {.rows = 18, .length = 6}), other(kSmall, {18, 6});
  const MatrixView<float> all = forward(k, model, tokens, 6, workspace);
  for (std::size_t s = 0; s < 3; ++s) {
    const MatrixView<float> one = forward(k, model, std::span(tokens).subspan(6 * s, 6), 6, other);
    for (std::size_t i = 0; i < 66; ++i) CHECK(same_bits(all.data[66 * s + i], one.data[i]));
  }
  for (std::size_t length = 1; length < 6; ++length) {
    const MatrixView<float> part =
        forward(k, model, std::span(tokens).first(length), length, other);
    for (std::size_t i = 0; i < 11 * length; ++i) CHECK(same_bits(all.data[i], part.data[i]));
  }
  // What is kept to look at.
  for (std::size_t h = 0; h < 2; ++h) {
    const MatrixView<float> attention = workspace.attention(1, 2, h);
    for (std::size_t i = 0; i < 6; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < 6; ++j) {
        sum += attention(i, j);
        if (j > i) CHECK(attention(i, j) == 0);
      }
      CHECK(sum == doctest::Approx(1));
    }
  }
  CHECK(workspace.residual(0)(7, 3) ==
        model.parameters[static_cast<std::size_t>(tokens[7]) * 8 + 3] +
            model.parameters[11 * 8 + 8 + 3]);
  CHECK(workspace.residual(2).rows == 18);
  CHECK(workspace.hidden(1).cols == 32);
}

TEST_CASE("transformer: dropout keeps the mean, is off by default, and has its own gradient") {
  const Kernels& k = lab::kernels();
  const std::vector<int> tokens = random_tokens(24, 11, 5), next = random_tokens(24, 11, 6);
  Transformer model = random_transformer(kSmall, 7, 0.3);
  Trainer trainer(k, model, 24, 6);
  const auto loss = [&](double probability, std::uint64_t seed) {
    lab::Stream stream(seed, "dropout");
    return trainer.loss(tokens, next, 6, {probability, &stream});
  };
  CHECK(loss(0, 1) == trainer.loss(tokens, next, 6));
  CHECK(loss(0.2, 1) == loss(0.2, 1));
  CHECK(loss(0.2, 1) != loss(0.2, 2));
  CHECK(loss(1e-7, 1) == doctest::Approx(loss(0, 1)).epsilon(1e-5));

  // Along the gradient the loss changes by its squared norm.
  lab::Stream stream(8, "dropout");
  trainer.find_gradient(tokens, next, 6, {0.3, &stream});
  const std::vector<float> gradient = trainer.gradient, here = model.parameters;
  const double squared = k.squared_norm(std::span<const float>(gradient));
  const double h = 0.01 / squared;
  const auto loss_at = [&](double step) {
    for (std::size_t i = 0; i < here.size(); ++i)
      model.parameters[i] = static_cast<float>(here[i] + step * gradient[i]);
    return loss(0.3, 8);
  };
  const double change = (loss_at(h) - loss_at(-h)) / (2 * h);
  CHECK(change == doctest::Approx(squared).epsilon(2e-3));
}

TEST_CASE("transformer: it learns to go on with what it has seen") {
  // The next token is the one before the last: two positions must be looked at.
  const TransformerShape shape{
      .vocabulary = 8, .context = 12, .width = 16, .heads = 2, .layers = 2};
  Transformer model(shape);
  lab::Stream init(1, "init");
  initialize(model, init);
  Trainer trainer(lab::kernels(), model, 16 * 12, 12);
  lab::AdamW adamw(model.parameters.size(), {});
  lab::Stream stream(1, "batches");
  double first = 0, loss = 0;
  for (int step = 0; step < 150; ++step) {
    std::vector<int> tokens, next;
    for (int s = 0; s < 16; ++s) {
      int a = static_cast<int>(stream.below(8)), b = static_cast<int>(stream.below(8));
      for (int i = 0; i < 12; ++i) {
        tokens.push_back(b);
        next.push_back(i == 0 ? b : a);
        std::swap(a, b);
      }
    }
    loss = trainer.find_gradient(tokens, next, 12);
    lab::clip_norm(lab::kernels(), 1, trainer.gradient);
    adamw.step(1e-2, trainer.gradient, model.parameters);
    if (step == 0) first = loss;
  }
  CHECK(first == doctest::Approx(std::log(8.0)).epsilon(0.02));
  CHECK(loss < 0.1);
}

TEST_CASE("transformer: saved and restored it is the same; another shape is refused") {
  const Transformer model = random_transformer(kSmall, 1);
  lab::ByteWriter writer;
  model.save(writer);
  Transformer same(kSmall);
  lab::ByteReader reader(writer.view());
  same.restore(reader);
  reader.expect_end();
  CHECK(same.parameters == model.parameters);
  TransformerShape other = kSmall;
  other.heads = 4;  // as many parameters
  Transformer kept = random_transformer(other, 2);
  const std::vector<float> before = kept.parameters;
  lab::ByteReader wrong(writer.view(), "model");
  CHECK_THROWS_AS(kept.restore(wrong), lab::Error);
  CHECK(kept.parameters == before);
}

TEST_CASE("transformer: a training step does not allocate after the first") {
  Transformer model = random_transformer(kSmall, 1);
  Trainer trainer(lab::kernels(), model, 18, 6);
  lab::AdamW adamw(model.parameters.size(), {});
  const std::vector<int> tokens = random_tokens(18, 11, 1);
  lab::Stream stream(1, "dropout");
  const auto step = [&](std::size_t rows, std::size_t length, double probability) {
    const std::span<const int> batch = std::span(tokens).first(rows);
    trainer.find_gradient(batch, batch, length, {probability, &stream});
    adamw.step(1e-3, trainer.gradient, model.parameters);
  };
  step(18, 6, 0.1);
  const std::size_t before = allocations_made();
  step(18, 6, 0);
  step(18, 3, 0.1);
  step(5, 5, 0.5);
  CHECK(allocations_made() == before);
}

TEST_CASE("transformer: training has one digest, on every instruction set, compiler and target") {
  for_each_strict([](const Kernels& k) {
    const TransformerShape shape{
        .vocabulary = 29, .context = 10, .width = 20, .heads = 5, .layers = 2};
    Transformer model(shape);
    lab::Stream init(5, "init"), dropout(5, "dropout");
    initialize(model, init);
    Trainer trainer(k, model, 40, 10);
    lab::AdamW adamw(model.parameters.size(), {.weight_decay = 0.1});
    const lab::CosineSchedule schedule{.highest = 0.02, .warm_up = 2, .steps = 6};
    lab::Digest digest;
    for (std::uint64_t step = 0; step < 6; ++step) {
      const std::vector<int> tokens = random_tokens(40, 29, step), next = random_tokens(40, 29, 99);
      digest.f64(trainer.find_gradient(tokens, next, step % 2 == 0 ? 10 : 8,
                                       {step < 3 ? 0.0 : 0.1, &dropout}));
      digest.f64(lab::clip_norm(k, 0.5, trainer.gradient));
      digest.f32s(trainer.gradient);
      adamw.step(schedule.at(step), trainer.gradient, model.parameters);
    }
    digest.f32s(model.parameters);
    CHECK(digest.hex() == "8dda6f9f47d43f95d369fc6ab56a14e124971a0bc388dc9989b06e1b5dbe15c7");
  });
}
