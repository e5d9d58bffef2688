#include "model/n_gram.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/numerics.h"

namespace lab {
namespace {

constexpr int kBeforeBegin = -1;

// The discounts of levels without the counts to estimate them from.
constexpr std::array<double, 3> kFallback = {0.5, 1, 1.5};

std::array<double, 3> estimate_discounts(std::span<const std::uint64_t> counts) {
  std::array<double, 4> n{};  // of grams that occur once, twice ...
  for (const std::uint64_t count : counts)
    if (count <= n.size()) ++n[count - 1];
  if (std::ranges::find(n, 0.0) != n.end()) return kFallback;
  const double y = n[0] / (n[0] + 2 * n[1]);
  std::array<double, 3> discounts;
  for (std::size_t i = 0; i < discounts.size(); ++i) {
    const auto count = static_cast<double>(i + 1);
    discounts[i] = count - (count + 1) * y * n[i + 1] / n[i];
    if (!(discounts[i] >= 0 && discounts[i] <= count)) return kFallback;
  }
  return discounts;
}

}  // namespace

// Different k-grams in ascending order, each by the place where it begins in a text, and their
// counts.
struct NGram::Grams {
  std::span<const int> text;
  std::vector<std::size_t> places;
  std::vector<std::uint64_t> counts;

  std::span<const int> gram(std::size_t place, std::size_t k) const {
    return text.subspan(place, k);
  }

  // Puts the k-grams at `all` in order and counts equal ones.
  static Grams count(std::span<const int> text, std::vector<std::size_t> all, std::size_t k) {
    Grams grams{text, {}, {}};
    std::stable_sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) {
      return std::ranges::lexicographical_compare(grams.gram(a, k), grams.gram(b, k));
    });
    for (const std::size_t place : all) {
      if (!grams.places.empty() &&
          std::ranges::equal(grams.gram(grams.places.back(), k), grams.gram(place, k))) {
        ++grams.counts.back();
      } else {
        grams.places.push_back(place);
        grams.counts.push_back(1);
      }
    }
    return grams;
  }
};

NGram::NGram(std::size_t order, std::size_t vocabulary,
             std::span<const std::span<const int>> sequences)
    : vocabulary_(vocabulary), levels_(order) {
  assert(order >= 1 && vocabulary >= 1);
  std::vector<int> text;
  std::vector<std::size_t> all;
  for (const std::span<const int> sequence : sequences) {
    text.insert(text.end(), order - 1, kBeforeBegin);
    for (const int token : sequence) {
      assert(token >= 0 && static_cast<std::size_t>(token) < vocabulary);
      all.push_back(text.size() - (order - 1));
      text.push_back(token);
    }
  }
  Grams grams = Grams::count(text, std::move(all), order);
  levels_[order - 1] = make_level(grams, order);
  for (std::size_t k = order - 1; k >= 1; --k) {
    // Each different longer gram is one token that stood before its end.
    for (std::size_t& place : grams.places) ++place;
    grams = Grams::count(text, std::move(grams.places), k);
    levels_[k - 1] = make_level(grams, k);
  }
}

NGram::Level NGram::make_level(const Grams& grams, std::size_t k) {
  Level level;
  level.discounts = estimate_discounts(grams.counts);
  const auto discount = [&](std::uint64_t count) {
    return level.discounts[std::min<std::uint64_t>(count, 3) - 1];
  };
  for (std::size_t first = 0; first < grams.places.size();) {
    const std::span<const int> context = grams.gram(grams.places[first], k - 1);
    std::size_t end = first;
    std::uint64_t total = 0;
    double left = 0;
    for (; end < grams.places.size() &&
           std::ranges::equal(grams.gram(grams.places[end], k - 1), context);
         ++end) {
      total += grams.counts[end];
      left += discount(grams.counts[end]);
    }
    level.contexts.insert(level.contexts.end(), context.begin(), context.end());
    level.begin.push_back(first);
    level.gamma.push_back(left / static_cast<double>(total));
    for (std::size_t i = first; i < end; ++i) {
      const std::uint64_t count = grams.counts[i];
      level.tokens.push_back(grams.text[grams.places[i] + k - 1]);
      level.shares.push_back((static_cast<double>(count) - discount(count)) /
                             static_cast<double>(total));
    }
    first = end;
  }
  level.begin.push_back(grams.places.size());
  return level;
}

std::size_t NGram::find_context(std::span<const int> history, std::size_t k) const {
  const Level& level = levels_[k - 1];
  const std::size_t size = k - 1;
  // Token i of the context that is looked for.
  const auto wanted = [&](std::size_t i) {
    return i + history.size() < size ? kBeforeBegin : history[history.size() - size + i];
  };
  std::size_t low = 0, high = level.gamma.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::span<const int> here = std::span(level.contexts).subspan(middle * size, size);
    std::size_t i = 0;
    while (i < size && here[i] == wanted(i)) ++i;
    if (i == size) return middle;
    if (here[i] < wanted(i)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return kUnseen;
}

double NGram::probability(std::span<const int> history, int token) const {
  assert(token >= 0 && static_cast<std::size_t>(token) < vocabulary_);
  double p = 1 / static_cast<double>(vocabulary_);
  for (std::size_t k = 1; k <= order(); ++k) {
    const std::size_t context = find_context(history, k);
    if (context == kUnseen) break;
    const Level& level = levels_[k - 1];
    const auto begin = level.tokens.begin() + static_cast<std::ptrdiff_t>(level.begin[context]);
    const auto end = level.tokens.begin() + static_cast<std::ptrdiff_t>(level.begin[context + 1]);
    const auto at = std::lower_bound(begin, end, token);
    p *= level.gamma[context];
    if (at != end && *at == token)
      p += level.shares[static_cast<std::size_t>(at - level.tokens.begin())];
  }
  return p;
}

void NGram::probabilities(std::span<const int> history, std::span<double> into) const {
  assert(into.size() == vocabulary_);
  std::ranges::fill(into, 1 / static_cast<double>(vocabulary_));
  for (std::size_t k = 1; k <= order(); ++k) {
    const std::size_t context = find_context(history, k);
    if (context == kUnseen) break;
    const Level& level = levels_[k - 1];
    for (double& p : into) p *= level.gamma[context];
    for (std::size_t i = level.begin[context]; i < level.begin[context + 1]; ++i)
      into[static_cast<std::size_t>(level.tokens[i])] += level.shares[i];
  }
}

double cross_entropy(const NGram& model, std::span<const int> sequence) {
  assert(!sequence.empty());
  double sum = 0;
  for (std::size_t i = 0; i < sequence.size(); ++i)
    sum -= log(model.probability(sequence.first(i), sequence[i]));
  return sum / static_cast<double>(sequence.size());
}

}  // namespace lab
