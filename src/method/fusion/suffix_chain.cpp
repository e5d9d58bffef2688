#include "method/fusion/suffix_chain.h"

#include <algorithm>
#include <cassert>

#include "core/numerics.h"

namespace lab::fusion {

ShortTexts::ShortTexts(Matrix next, std::size_t longest)
    : next_(std::move(next)), longest_(longest), ends_(next_.shape(1) == next_.shape(0)) {
  const std::size_t alphabet = next_.shape(0) - 1;
  assert(alphabet > 0 && longest_ > 0);
  assert(ends_ || next_.shape(1) == alphabet);
  std::vector<double> log_prefix = {0};  // of its symbols alone
  prefixes_.push_back({0, 0, 0});
  for (std::size_t at = 0; at < prefixes_.size(); ++at) {
    const Text prefix = prefixes_[at];
    const std::size_t row = prefix.length == 0 ? 0 : 1 + symbols_[prefix.begin + prefix.length - 1];
    const bool full = prefix.length == longest_;
    if (full || ends_) {
      text_of_.resize(at + 1);
      text_of_[at] = prefix_of_.size();
      prefix_of_.push_back(at);
      log_probability_.push_back(log_prefix[at] + (full ? 0 : lab::log(next_(row, alphabet))));
    }
    if (full) continue;
    prefixes_[at].first_child = prefixes_.size();
    for (std::size_t symbol = 0; symbol < alphabet; ++symbol) {
      const std::size_t begin = symbols_.size();
      symbols_.resize(begin + prefix.length + 1);
      std::copy_n(symbols_.begin() + static_cast<std::ptrdiff_t>(prefix.begin), prefix.length,
                  symbols_.begin() + static_cast<std::ptrdiff_t>(begin));
      symbols_.back() = static_cast<int>(symbol);
      prefixes_.push_back({begin, prefix.length + 1, 0});
      log_prefix.push_back(log_prefix[at] + lab::log(next_(row, symbol)));
    }
    assert(prefixes_.size() <= 200'000);
  }
}

std::span<const int> ShortTexts::symbols(std::size_t text) const {
  const Text& prefix = prefixes_[prefix_of_[text]];
  return std::span(symbols_).subspan(prefix.begin, prefix.length);
}

std::size_t ShortTexts::positions(std::size_t text) const {
  return prefixes_[prefix_of_[text]].length + (ends_ ? 1 : 0);
}

double ShortTexts::redraw_probability(std::size_t from, std::size_t cut, std::size_t to) const {
  const std::span<const int> kept = symbols(from).first(cut);
  const std::span<const int> all = symbols(to);
  if (all.size() < cut || !std::ranges::equal(kept, all.first(cut))) return 0;
  double probability = 1;
  for (std::size_t i = cut; i < all.size(); ++i)
    probability *= next_(i == 0 ? 0 : 1 + static_cast<std::size_t>(all[i - 1]),
                         static_cast<std::size_t>(all[i]));
  if (all.size() < longest_)  // it ends by choice
    probability *=
        next_(all.empty() ? 0 : 1 + static_cast<std::size_t>(all.back()), next_.shape(1) - 1);
  return probability;
}

std::size_t ShortTexts::continued(std::size_t prefix, Stream& stream) const {
  const std::size_t choices = next_.shape(1);
  while (prefixes_[prefix].length < longest_) {
    const Text& at = prefixes_[prefix];
    const std::size_t row =
        at.length == 0 ? 0 : 1 + static_cast<std::size_t>(symbols_[at.begin + at.length - 1]);
    const std::size_t chosen = stream.categorical(std::span<const double>(&next_(row, 0), choices));
    if (ends_ && chosen == choices - 1) break;
    prefix = at.first_child + chosen;
  }
  return text_of_[prefix];
}

std::size_t ShortTexts::redraw(std::size_t from, std::size_t cut, Stream& stream) const {
  std::size_t prefix = 0;
  for (const int symbol : symbols(from).first(cut))
    prefix = prefixes_[prefix].first_child + static_cast<std::size_t>(symbol);
  return continued(prefix, stream);
}

std::size_t ShortTexts::draw(Stream& stream) const {
  return continued(0, stream);
}

std::vector<double> tilted(std::span<const double> log_probability, std::span<const double> reward,
                           double beta) {
  assert(log_probability.size() == reward.size() && beta > 0);
  std::vector<double> logs(log_probability.begin(), log_probability.end());
  for (std::size_t i = 0; i < logs.size(); ++i) logs[i] += reward[i] / beta;
  const double largest = *std::ranges::max_element(logs);
  double sum = 0;
  for (const double value : logs) sum += lab::exp(value - largest);
  const double normaliser = largest + lab::log(sum);
  for (double& value : logs) value -= normaliser;
  return logs;
}

double acceptance(double reward, double proposed_reward, double beta, std::size_t positions,
                  std::size_t proposed_positions) {
  const double log_ratio =
      (proposed_reward - reward) / beta +
      lab::log(static_cast<double>(positions) / static_cast<double>(proposed_positions));
  return log_ratio >= 0 ? 1 : lab::exp(log_ratio);
}

Matrix transition_matrix(const ShortTexts& texts, std::span<const double> reward, double beta,
                         Proposal proposal, LengthTerm term) {
  const std::size_t count = texts.size();
  Matrix matrix = xt::zeros<double>({count, count});
  for (std::size_t from = 0; from < count; ++from) {
    const std::size_t cuts = proposal == Proposal::whole ? 1 : texts.positions(from);
    double leaves = 0;
    for (std::size_t to = 0; to < count; ++to) {
      if (to == from) continue;
      double proposed = 0;
      for (std::size_t cut = 0; cut < cuts; ++cut)
        proposed += texts.redraw_probability(from, cut, to);
      proposed /= static_cast<double>(cuts);
      const bool corrected = term == LengthTerm::with && proposal == Proposal::suffix;
      matrix(from, to) = proposed * acceptance(reward[from], reward[to], beta,
                                               corrected ? texts.positions(from) : 1,
                                               corrected ? texts.positions(to) : 1);
      leaves += matrix(from, to);
    }
    matrix(from, from) = 1 - leaves;
  }
  return matrix;
}

double total_variation(std::span<const double> p, std::span<const double> q) {
  assert(p.size() == q.size());
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += lab::abs(p[i] - q[i]);
  return sum / 2;
}

}  // namespace lab::fusion
