// How does one sample texts that are tilted towards a reward, without weights of the tilted model?
// By a Markov chain that draws the end of its text anew: QAlign (G. Faria and N. Smith, Sample,
// Don't Search, arXiv:2504.03790), with the suffix proposal of QUEST. Here over texts so short that
// all of them can be listed, so that chain and target are known exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/random.h"
#include "core/tensor.h"

namespace lab::fusion {

// A bigram model of short texts over symbols 0 .. symbols - 1, all of which are listed.
class ShortTexts {
 public:
  // next: (1 + symbols) x choices probabilities, the first row those of the first symbol, row 1 + s
  // those after symbol s; each row sums to 1. With choices = symbols + 1 the last choice ends the
  // text, which a text of `longest` symbols does by itself; with choices = symbols every text has
  // `longest` symbols. The list has at most 10^5 texts (asserted).
  ShortTexts(Matrix next, std::size_t longest);

  std::size_t size() const { return log_probability_.size(); }
  std::span<const int> symbols(std::size_t text) const;
  // How many positions of a text can be drawn anew: its symbols, and where texts differ in length
  // its end.
  std::size_t positions(std::size_t text) const;
  // Natural logarithm of the model's probability of each text.
  std::span<const double> log_probability() const { return log_probability_; }

  // The probability that `to` comes out where the positions of `from` from `cut` on are drawn anew;
  // cut: below positions(from).
  double redraw_probability(std::size_t from, std::size_t cut, std::size_t to) const;
  // Draws them.
  std::size_t redraw(std::size_t from, std::size_t cut, Stream& stream) const;
  // A text of the model.
  std::size_t draw(Stream& stream) const;

 private:
  struct Text {
    std::size_t begin, length;  // in symbols_
    std::size_t first_child;    // the text with symbol 0 added; the others follow
  };

  std::size_t continued(std::size_t prefix, Stream& stream) const;

  Matrix next_;
  std::size_t longest_;
  bool ends_;
  // Prefixes in order of length; each is a text of its own where texts end.
  std::vector<Text> prefixes_;
  std::vector<std::size_t> text_of_, prefix_of_;  // prefix to text and back
  std::vector<int> symbols_;
  std::vector<double> log_probability_;
};

// What a chain proposes: the text from a place on, every place equally likely, or all of it.
enum class Proposal { suffix, whole };

// Whether the acceptance corrects for texts of different length (equation 1 of the sheet; without
// it the chain has another target).
enum class LengthTerm { with, without };

// log p + reward / beta, normalised: the logarithms of the target. beta: positive.
std::vector<double> tilted(std::span<const double> log_probability, std::span<const double> reward,
                           double beta);

// The probability to accept a proposal of so many positions, in [0, 1]: min(1, exp((r' - r) / beta)
// |y| / |y'|).
double acceptance(double reward, double proposed_reward, double beta, std::size_t positions,
                  std::size_t proposed_positions);

// The chain's exact transition matrix, size x size, each row sums to 1.
Matrix transition_matrix(const ShortTexts& texts, std::span<const double> reward, double beta,
                         Proposal proposal, LengthTerm term);

// Half the sum of |p - q|. Same size.
double total_variation(std::span<const double> p, std::span<const double> q);

}  // namespace lab::fusion
