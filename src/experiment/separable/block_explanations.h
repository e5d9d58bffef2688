// Why does a block rule do what it does here? Answers in words, from a run's own numbers.
// J. Nutini, I. Laradji and M. Schmidt, arXiv:1712.08859.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiment/run.h"
#include "method/separable/block_descent.h"

namespace lab::separable {

// What one method has come to.
struct BlockProgress {
  std::string label;
  const BlockDescent* descent = nullptr;
  std::span<const double> touches;  // how often each coordinate has been in a block
  double gap = 1;                   // relative: (F - F*) / (F_0 - F*)
  bool arrived = false;             // so close that it rests
  // The update since which the zeros are those of the optimum.
  std::optional<std::uint64_t> identified;
};

// "same-coordinates": where a method spends half of its moves on few coordinates.
std::optional<Explanation> why_the_same_coordinates(const Objective& objective,
                                                    const BlockProgress& progress);

// "promise": what the last step was sure to bring, and what it brought.
std::optional<Explanation> what_the_last_step_brought(const BlockProgress& progress);

// "work": who is ahead per update and who per operation. gap_at: a method's gap when it had done so
// many operations.
struct AtEqualWork {
  std::string label;
  double gap = 1;
};
std::optional<Explanation> who_is_ahead(std::span<const BlockProgress> all, double operations,
                                        std::span<const AtEqualWork> at_equal_work);

// "support": whether the zeros of the optimum have been found, where there is a penalty.
std::optional<Explanation> whether_the_zeros_are_found(std::span<const BlockProgress> all,
                                                       std::size_t nonzeros);

}  // namespace lab::separable
