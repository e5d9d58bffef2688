#include "method/fusion/token_values.h"

#include <cassert>
#include <utility>

#include "compute/kernels.h"
#include "core/numerics.h"

namespace lab::fusion {
namespace {

// The log probability of each prefix of `tokens` tokens.
std::vector<double> prefix_law(const SequenceSpace& space, std::span<const double> log_law,
                               std::size_t tokens) {
  const std::size_t count = space.prefixes(tokens), width = log_law.size() / count;
  std::vector<double> result(count);
  kernels().logsumexp_rows(MatrixView<double>{log_law.data(), count, width}, result);
  return result;
}

}  // namespace

std::size_t SequenceSpace::prefixes(std::size_t tokens) const {
  std::size_t count = 1;
  for (std::size_t t = 0; t < tokens; ++t) count *= vocabulary;
  return count;
}

void align(std::span<const double> log_law, std::span<const double> reward, double beta,
           std::span<double> into) {
  assert(beta > 0 && log_law.size() == reward.size() && log_law.size() == into.size());
  for (std::size_t y = 0; y < log_law.size(); ++y) into[y] = log_law[y] + reward[y] / beta;
  kernels().log_softmax(into, into);
}

TokenValues token_values(const SequenceSpace& space, std::span<const double> log_law,
                         std::span<const double> reward) {
  TokenValues values;
  for (std::size_t t = 1; t <= space.length; ++t) {
    const std::vector<double> log_prefix = prefix_law(space, log_law, t);
    const std::size_t width = log_law.size() / log_prefix.size();
    std::vector<double>& level = values.emplace_back(log_prefix.size());
    for (std::size_t p = 0; p < level.size(); ++p) {
      for (std::size_t y = p * width; y < (p + 1) * width; ++y) {
        level[p] += lab::exp(log_law[y] - log_prefix[p]) * reward[y];
      }
    }
  }
  return values;
}

TokenValues soft_values(const SequenceSpace& space, std::span<const double> log_law,
                        std::span<const double> reward, double beta) {
  std::vector<double> tilted(log_law.size());
  for (std::size_t y = 0; y < tilted.size(); ++y) tilted[y] = log_law[y] + reward[y] / beta;
  TokenValues values;
  for (std::size_t t = 1; t <= space.length; ++t) {
    const std::vector<double> before = prefix_law(space, log_law, t);
    std::vector<double>& level = values.emplace_back(prefix_law(space, tilted, t));
    for (std::size_t p = 0; p < level.size(); ++p) level[p] = beta * (level[p] - before[p]);
  }
  return values;
}

TokenDecoder::TokenDecoder(const SequenceSpace& space, std::span<const double> log_prior)
    : space_(space) {
  std::vector<double> before = {0};
  for (std::size_t t = 1; t <= space.length; ++t) {
    std::vector<double> log_prefix = prefix_law(space, log_prior, t);
    std::vector<double>& level = log_conditional_.emplace_back(log_prefix);
    for (std::size_t p = 0; p < level.size(); ++p) level[p] -= before[p / space.vocabulary];
    log_law_.emplace_back(level.size());
    before = std::move(log_prefix);
  }
}

std::span<const double> TokenDecoder::law(const TokenValues& values, double alpha) {
  assert(alpha > 0 && values.size() == space_.length);
  for (std::size_t t = 0; t < space_.length; ++t) {
    std::vector<double>& level = log_law_[t];
    for (std::size_t p = 0; p < level.size(); ++p) {
      level[p] = log_conditional_[t][p] + values[t][p] / alpha;
    }
    kernels().log_softmax_rows(
        MatrixView<double>{level.data(), level.size() / space_.vocabulary, space_.vocabulary},
        level);
    for (std::size_t p = 0; t > 0 && p < level.size(); ++p) {
      level[p] += log_law_[t - 1][p / space_.vocabulary];
    }
  }
  return log_law_.back();
}

double expected_reward(std::span<const double> log_law, std::span<const double> reward) {
  double sum = 0;
  for (std::size_t y = 0; y < log_law.size(); ++y) sum += lab::exp(log_law[y]) * reward[y];
  return sum;
}

double effective_share(std::span<const double> log_law, std::span<const double> difference,
                       double beta) {
  std::vector<double> once(log_law.size()), twice(log_law.size());
  for (std::size_t y = 0; y < log_law.size(); ++y) {
    once[y] = log_law[y] + difference[y] / beta;
    twice[y] = log_law[y] + 2 * difference[y] / beta;
  }
  return lab::exp(2 * kernels().logsumexp(once) - kernels().logsumexp(twice));
}

}  // namespace lab::fusion
