// Seeded, repeatable, stratified parts of a data set: each class is divided in the same proportion.
// Data without labels are divided as one class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/dataset.h"

namespace lab {

// Row indices, each list ascending; together every row once.
struct Split {
  std::vector<std::size_t> train;
  std::vector<std::size_t> test;
};

// The test part gets round(test_fraction n) rows; a class's share of them is its exact share
// rounded down or up, the largest remainders up (of equals the first class). Draws from the stream
// "data/split". Errors: test_fraction not between 0 and 1, a part without rows.
Split stratified_split(const Dataset& dataset, double test_fraction, std::uint64_t seed);

// `folds` splits whose test parts together hold every row once. The sizes of two test parts differ
// by at most 1, and so do their counts of each class. Draws from the stream "data/folds", of later
// repeats "data/folds/1" and so on. Error: folds below 2 or above n.
std::vector<Split> stratified_folds(const Dataset& dataset, std::size_t folds, std::uint64_t seed,
                                    std::size_t repeat = 0);

}  // namespace lab
