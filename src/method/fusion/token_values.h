// What is a next token worth? Values of tokens under roll-outs of one policy or another, exactly,
// in a world of all sequences of one length. S. Chakraborty et al., "Transfer Q*: Principled
// Decoding for LLM Alignment", arXiv:2405.20495.
//
// A sequence y of T tokens from a vocabulary of V is the number with these digits, the first token
// the highest; a law over sequences is V^T log probabilities, a prefix of t tokens the V^(T - t)
// sequences that begin with it, which stand together. float64, nats, log-space.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lab::fusion {

struct SequenceSpace {
  std::size_t vocabulary = 2, length = 2;  // V at least 2, T at least 1, V^T at most 2^20

  std::size_t sequences() const { return prefixes(length); }
  // How many different prefixes of so many tokens.
  std::size_t prefixes(std::size_t tokens) const;
};

// log of rho(y) exp(r(y) / beta) / Z: the optimum of E[r] - beta D(. || rho). Eq. of step 1; with
// r - r_BL for r and a law that is aligned to r_BL for rho it is the indirect transfer, eq. (1).
// beta > 0. All of sequences().
void align(std::span<const double> log_law, std::span<const double> reward, double beta,
           std::span<double> into);

// E[r | prefix] under a law, of each prefix of 1, 2, .. T tokens: level t - 1 has prefixes(t)
// numbers. With the law that samples without alignment it is the value of controlled decoding, with
// an aligned one TQ*.
using TokenValues = std::vector<std::vector<double>>;
TokenValues token_values(const SequenceSpace& space, std::span<const double> log_law,
                         std::span<const double> reward);
// beta log E[exp(r / beta) | prefix], by which decoding gives the aligned law exactly.
TokenValues soft_values(const SequenceSpace& space, std::span<const double> log_law,
                        std::span<const double> reward, double beta);

// Decoding token by token with pi(z | s) ~ prior(z | s) exp(value(s, z) / alpha). Allocates when it
// is made only.
class TokenDecoder {
 public:
  // The prior's conditionals are those of this law.
  TokenDecoder(const SequenceSpace& space, std::span<const double> log_prior);

  // The law of whole sequences; alpha > 0. It stays as it is until the next call.
  std::span<const double> law(const TokenValues& values, double alpha);

 private:
  SequenceSpace space_;
  TokenValues log_conditional_;  // of each prefix, given all but its last token
  TokenValues log_law_;          // of each prefix, by decoding
};

double expected_reward(std::span<const double> log_law, std::span<const double> reward);

// (sum of w)^2 / sum of w^2 in expectation under the law, w = exp(difference / beta): from 0 to 1,
// the share of samples that are left after weighting.
double effective_share(std::span<const double> log_law, std::span<const double> difference,
                       double beta);

}  // namespace lab::fusion
