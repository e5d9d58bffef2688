// Where do the symbols of the small fusion experiment come from, and what do its models know?
// Random sources whose next symbol depends on the last two, and n-grams smoothed by shorter ones
// (the reproduction of sheet 04; its numbers are the defaults of the experiment).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/random.h"

namespace lab::fusion {

// P(c | a, b), rows (a, b), row-major: vocabulary^2 x vocabulary. Each row sums to 1.
struct MarkovSource {
  std::size_t vocabulary = 0;
  std::vector<double> next;

  std::span<const double> row(std::size_t a, std::size_t b) const {
    return std::span(next).subspan((a * vocabulary + b) * vocabulary, vocabulary);
  }
};

// G[a, b, :] = 0.5 Dir(0.25) + 0.5 G1[b, :] with G1 ~ Dir(0.3).
MarkovSource general_source(std::size_t vocabulary, Stream& stream);

// What has changed in a domain.
struct Domain {
  MarkovSource source;
  std::vector<bool> changed;  // of each last symbol b: its rows differ from the general source's
};
// For round(fraction * vocabulary) last symbols b, drawn at random, the rows become 0.5 G[a, b, :]
// + 0.5 D1[b, :] with D1 ~ Dir(0.3). fraction: from 0 to 1.
Domain domain_source(const MarkovSource& general, double fraction, Stream& stream);

// `count` symbols after two that are uniform: count + 2 in all.
std::vector<int> draw_text(const MarkovSource& source, std::size_t count, Stream& stream);

// How often each symbol follows the last `order` - 1 ones, order from 1 to 3. All tables have the
// shape of a MarkovSource, whatever the order: vocabulary^2 x vocabulary.
struct Smoothing {
  double add = 0.5;       // added to every count of orders 1 and 2; > 0
  double back_off = 2.0;  // pseudo-counts of order 2 in order 3; > 0
};
// order 1: (n_c + add) / (n + add V); order 2: (n_bc + add) / (n_b + add V);
// order 3: (n_abc + back_off p2(c | b)) / (n_ab + back_off).
std::vector<double> n_gram(std::span<const std::span<const int>> texts, std::size_t vocabulary,
                           std::size_t order, const Smoothing& smoothing);
// The same order with another model as its prior: (n + strength prior) / (n_context + strength).
// prior: vocabulary^2 x vocabulary; strength > 0.
std::vector<double> adapted_n_gram(std::span<const int> text, std::size_t vocabulary,
                                   std::size_t order, std::span<const double> prior,
                                   double strength);

}  // namespace lab::fusion
