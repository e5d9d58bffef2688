#include "data/split.h"

#include <algorithm>

#include "core/error.h"
#include "core/random.h"
#include "data/text.h"

namespace lab {
namespace {

// The rows of each class, in random order.
std::vector<std::vector<std::size_t>> shuffled_classes(const Dataset& dataset, Stream& stream) {
  std::vector<std::vector<std::size_t>> classes(dataset.labels.empty() ? 1 : dataset.classes());
  for (std::size_t i = 0; i < dataset.rows(); ++i) {
    classes[dataset.labels.empty() ? 0 : static_cast<std::size_t>(dataset.labels[i])].push_back(i);
  }
  for (auto& rows : classes) stream.shuffle(rows);
  return classes;
}

// Every row goes to `test` where it is marked, else to `train`: both come out ascending.
Split split_by(const std::vector<bool>& is_test) {
  Split split;
  for (std::size_t i = 0; i < is_test.size(); ++i) {
    (is_test[i] ? split.test : split.train).push_back(i);
  }
  return split;
}

// `total` shared out in proportion to `sizes` by the largest remainder.
std::vector<std::size_t> share_out(std::size_t total, const std::vector<std::size_t>& sizes) {
  std::uint64_t sum = 0;
  for (const std::size_t size : sizes) sum += size;
  std::vector<std::size_t> shares(sizes.size());
  std::vector<std::uint64_t> remainders(sizes.size());
  std::size_t given = 0;
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    // Both factors are numbers of rows, below 2^32: the product fits.
    const std::uint64_t product = static_cast<std::uint64_t>(total) * sizes[c];
    shares[c] = static_cast<std::size_t>(product / sum);
    remainders[c] = product % sum;
    given += shares[c];
  }
  std::vector<std::size_t> order(sizes.size());
  for (std::size_t c = 0; c < order.size(); ++c) order[c] = c;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t k = 0; given < total; ++k, ++given) ++shares[order[k]];
  return shares;
}

}  // namespace

Split stratified_split(const Dataset& dataset, double test_fraction, std::uint64_t seed) {
  const std::size_t n = dataset.rows();
  if (!(test_fraction > 0 && test_fraction < 1)) {
    throw Error("the test fraction is not possible", "split", "a number between 0 and 1");
  }
  const auto total = static_cast<std::size_t>(test_fraction * static_cast<double>(n) + 0.5);
  if (total == 0 || total == n) {
    throw Error("a part of " + counted(n, "row") + " would be empty", "split",
                "more rows, or a test fraction nearer to a half");
  }
  Stream stream(seed, "data/split");
  const auto classes = shuffled_classes(dataset, stream);
  std::vector<std::size_t> sizes;
  for (const auto& rows : classes) sizes.push_back(rows.size());
  const std::vector<std::size_t> shares = share_out(total, sizes);
  std::vector<bool> is_test(n);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    for (std::size_t k = 0; k < shares[c]; ++k) is_test[classes[c][k]] = true;
  }
  return split_by(is_test);
}

std::vector<Split> stratified_folds(const Dataset& dataset, std::size_t folds, std::uint64_t seed,
                                    std::size_t repeat) {
  const std::size_t n = dataset.rows();
  if (folds < 2 || folds > n) {
    throw Error(counted(folds, "fold") + " of " + counted(n, "row"), "folds",
                "2 to " + std::to_string(n));
  }
  Stream stream(seed, repeat == 0 ? "data/folds" : "data/folds/" + std::to_string(repeat));
  // Dealt like cards, one class after the other without starting over.
  std::vector<std::vector<bool>> is_test(folds, std::vector<bool>(n));
  std::size_t next = 0;
  for (const auto& rows : shuffled_classes(dataset, stream)) {
    for (const std::size_t row : rows) is_test[next++ % folds][row] = true;
  }
  std::vector<Split> splits;
  for (const auto& marks : is_test) splits.push_back(split_by(marks));
  return splits;
}

}  // namespace lab
