// How likely is each next token, by how often it followed the same few tokens before? Interpolated
// n-grams with modified Kneser-Ney smoothing: Chen and Goodman 1999, section 3 and appendix A.
//
// With h the last k - 1 tokens and h' all of h but its first,
//     p_k(w | h) = (c(h w) - D(c(h w))) / sum_v c(h v) + gamma(h) p_(k-1)(w | h'),
// where gamma(h) is what the discounts leave, p_0 = 1 / vocabulary, and p_k = p_(k-1) where h has
// never been seen. c counts occurrences for k = order and below that the different tokens that
// stood before (continuations). D(c) is D1, D2 or D3 for c = 1, 2 or more, from the numbers n_1 ...
// n_4 of k-grams with that count: Y = n_1 / (n_1 + 2 n_2), D_i = i - (i + 1) Y n_(i+1) / n_i. Where
// a count of counts is 0 or a D_i is not from 0 to i, they are 0.5, 1 and 1.5 (as KenLM falls
// back).
//
// Before a sequence begins there are order - 1 marks, which are never predicted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lab {

class NGram {
 public:
  // order: at least 1. vocabulary: at least 1; all tokens of the sequences are from 0 to vocabulary
  // - 1 (asserted).
  NGram(std::size_t order, std::size_t vocabulary, std::span<const std::span<const int>> sequences);

  std::size_t order() const { return levels_.size(); }
  std::size_t vocabulary() const { return vocabulary_; }

  // p(token | history). history: the sequence so far, from its beginning; only its last order - 1
  // tokens count. Positive, but for an unseen token where a level has no discount left.
  double probability(std::span<const int> history, int token) const;

  // The same for each token; into: vocabulary() numbers, whose sum is 1.
  void probabilities(std::span<const int> history, std::span<double> into) const;

  // D1, D2 and D3 of the k-grams, k from 1 to order().
  const std::array<double, 3>& discounts(std::size_t k) const { return levels_[k - 1].discounts; }

 private:
  // All k-grams: those of one context stand together, contexts and tokens in ascending order.
  struct Level {
    std::vector<int> contexts;       // k - 1 tokens each
    std::vector<std::size_t> begin;  // of each context's tokens, and the end of the last one's
    std::vector<double> gamma;       // of each context
    std::vector<int> tokens;
    std::vector<double> shares;  // of each token: the discounted count by the context's sum
    std::array<double, 3> discounts{};
  };
  struct Grams;

  static Level make_level(const Grams& grams, std::size_t k);
  static constexpr std::size_t kUnseen = SIZE_MAX;
  std::size_t find_context(std::span<const int> history, std::size_t k) const;

  std::size_t vocabulary_;
  std::vector<Level> levels_;  // of 1, 2 ... order tokens
};

// The mean of -log p of the tokens of a sequence given what comes before each, in nats. Not empty.
// Infinite where a probability is 0. Its exponential is the perplexity.
double cross_entropy(const NGram& model, std::span<const int> sequence);

}  // namespace lab
