#include "method/fusion/markov_source.h"

#include <cassert>

#include "core/numerics.h"

namespace lab::fusion {
namespace {

// rows x vocabulary, each row ~ Dir(concentration).
std::vector<double> dirichlet_rows(std::size_t rows, std::size_t vocabulary, double concentration,
                                   Stream& stream) {
  const std::vector<double> all(vocabulary, concentration);
  std::vector<double> result;
  result.reserve(rows * vocabulary);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::vector<double> row = stream.dirichlet(all);
    result.insert(result.end(), row.begin(), row.end());
  }
  return result;
}

// Counts of what follows each context of order - 1 symbols: vocabulary^(order - 1) x vocabulary.
class Counts {
 public:
  Counts(std::size_t vocabulary, std::size_t order) : vocabulary_(vocabulary), order_(order) {
    std::size_t contexts = 1;
    for (std::size_t i = 1; i < order; ++i) contexts *= vocabulary;
    of_context_.resize(contexts);
    of_gram_.resize(contexts * vocabulary);
  }

  void add(std::span<const int> text) {
    for (std::size_t i = order_ - 1; i < text.size(); ++i) {
      const std::size_t context = context_of(i > 1 ? text[i - 2] : 0, i > 0 ? text[i - 1] : 0);
      of_context_[context] += 1;
      of_gram_[context * vocabulary_ + static_cast<std::size_t>(text[i])] += 1;
    }
  }

  // Of the last two symbols, of which only the last order - 1 count.
  std::size_t context_of(int a, int b) const {
    const auto first = static_cast<std::size_t>(a), last = static_cast<std::size_t>(b);
    return order_ == 1 ? 0 : order_ == 2 ? last : first * vocabulary_ + last;
  }
  double context(std::size_t context) const { return of_context_[context]; }
  double gram(std::size_t context, std::size_t c) const {
    return of_gram_[context * vocabulary_ + c];
  }

 private:
  std::size_t vocabulary_, order_;
  std::vector<double> of_context_, of_gram_;
};

// p(c | a, b) of all: estimate(context, row, c), `row` being where the last two symbols stand.
template <class Estimate>
std::vector<double> table(std::size_t vocabulary, const Counts& counts, Estimate estimate) {
  std::vector<double> result;
  result.reserve(vocabulary * vocabulary * vocabulary);
  for (std::size_t a = 0; a < vocabulary; ++a) {
    for (std::size_t b = 0; b < vocabulary; ++b) {
      const std::size_t context = counts.context_of(static_cast<int>(a), static_cast<int>(b));
      const std::size_t row = (a * vocabulary + b) * vocabulary;
      for (std::size_t c = 0; c < vocabulary; ++c) result.push_back(estimate(context, row, c));
    }
  }
  return result;
}

}  // namespace

MarkovSource general_source(std::size_t vocabulary, Stream& stream) {
  const std::vector<double> by_last = dirichlet_rows(vocabulary, vocabulary, 0.3, stream);
  MarkovSource source = {vocabulary,
                         dirichlet_rows(vocabulary * vocabulary, vocabulary, 0.25, stream)};
  for (std::size_t i = 0; i < source.next.size(); ++i) {
    source.next[i] = 0.5 * source.next[i] + 0.5 * by_last[i % (vocabulary * vocabulary)];
  }
  return source;
}

Domain domain_source(const MarkovSource& general, double fraction, Stream& stream) {
  assert(fraction >= 0 && fraction <= 1);
  const std::size_t vocabulary = general.vocabulary;
  const auto count =
      static_cast<std::size_t>(lab::round_half_away(fraction * static_cast<double>(vocabulary)));
  Domain domain = {general, std::vector<bool>(vocabulary)};
  for (const std::size_t b : stream.choice(vocabulary, count)) domain.changed[b] = true;
  const std::vector<double> by_last = dirichlet_rows(vocabulary, vocabulary, 0.3, stream);
  for (std::size_t i = 0; i < domain.source.next.size(); ++i) {
    const std::size_t in_row = i % (vocabulary * vocabulary);
    if (!domain.changed[in_row / vocabulary]) continue;
    domain.source.next[i] = 0.5 * general.next[i] + 0.5 * by_last[in_row];
  }
  return domain;
}

std::vector<int> draw_text(const MarkovSource& source, std::size_t count, Stream& stream) {
  std::vector<int> text;
  text.reserve(count + 2);
  for (int i = 0; i < 2; ++i) text.push_back(static_cast<int>(stream.below(source.vocabulary)));
  for (std::size_t i = 0; i < count; ++i) {
    const auto a = static_cast<std::size_t>(text[i]), b = static_cast<std::size_t>(text[i + 1]);
    text.push_back(static_cast<int>(stream.categorical(source.row(a, b))));
  }
  return text;
}

std::vector<double> n_gram(std::span<const std::span<const int>> texts, std::size_t vocabulary,
                           std::size_t order, const Smoothing& smoothing) {
  assert(order >= 1 && order <= 3);
  Counts counts(vocabulary, order);
  for (const std::span<const int> text : texts) counts.add(text);
  if (order < 3) {
    const double mass = smoothing.add * static_cast<double>(vocabulary);
    return table(vocabulary, counts, [&](std::size_t context, std::size_t, std::size_t c) {
      return (counts.gram(context, c) + smoothing.add) / (counts.context(context) + mass);
    });
  }
  const std::vector<double> shorter = n_gram(texts, vocabulary, 2, smoothing);
  return table(vocabulary, counts, [&](std::size_t context, std::size_t row, std::size_t c) {
    return (counts.gram(context, c) + smoothing.back_off * shorter[row + c]) /
           (counts.context(context) + smoothing.back_off);
  });
}

std::vector<double> adapted_n_gram(std::span<const int> text, std::size_t vocabulary,
                                   std::size_t order, std::span<const double> prior,
                                   double strength) {
  assert(prior.size() == vocabulary * vocabulary * vocabulary && strength > 0);
  Counts counts(vocabulary, order);
  counts.add(text);
  return table(vocabulary, counts, [&](std::size_t context, std::size_t row, std::size_t c) {
    return (counts.gram(context, c) + strength * prior[row + c]) /
           (counts.context(context) + strength);
  });
}

}  // namespace lab::fusion
